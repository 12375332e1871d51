"""Initialising calls as facts: what they write, where they stand, and where their arguments came from."""

from __future__ import annotations

import pytest

from tests.trace.facts import line, module, program


def call_of(found, function):
    return next(call for call in found.calls if call.event.function == function)


def test_the_expressions_of_tensor_and_module():
    call = call_of(module("self.fc = nn.Linear(n, n)\nnn.init.zeros_(self.fc.weight.data)"), "zeros_")
    assert (call.target, call.module_kind, call.parameter) == ("fc.weight", "Linear", "weight")
    assert (line(call.tensor), call.tensor.end_column - call.tensor.column) == (5, len("self.fc.weight.data"))
    assert call.owner.end_column - call.owner.column == len("self.fc")


def test_calls_of_one_block():
    body = """
    self.fc = nn.Linear(n, n)
    nn.init.zeros_(self.fc.weight)
    if flag:
        nn.init.ones_(self.fc.weight)
        nn.init.normal_(self.fc.weight)
    else:
        nn.init.eye_(self.fc.weight)
    """
    found = module(body)
    blocks = {name: call_of(found, name).block for name in ("zeros_", "ones_", "normal_", "eye_")}
    assert blocks["ones_"] == blocks["normal_"]
    assert len(set(blocks.values())) == 3


@pytest.mark.parametrize(
    ("wrapper", "lost"),
    [
        ("nn.utils.weight_norm", True),
        ("nn.utils.parametrizations.weight_norm", True),
        ("nn.utils.parametrizations.spectral_norm", True),
        ("nn.utils.spectral_norm", False),
    ],
)
def test_writes_that_a_wrapper_undoes(wrapper, lost):
    found = module(f"self.fc = {wrapper}(nn.Linear(n, n))\nnn.init.zeros_(self.fc.weight)")
    call = call_of(found, "zeros_")
    assert (call.recomputed is not None) is lost
    assert (found.layers[0].weight.finals[-1].function == "default") is lost


@pytest.mark.parametrize("undone", ["nn.utils.remove_weight_norm(self.fc)", "flag(self.fc)"])
def test_a_wrapper_that_may_be_gone_undoes_nothing(undone):
    body = f"self.fc = nn.utils.weight_norm(nn.Linear(n, n))\n{undone}\nnn.init.zeros_(self.fc.weight)"
    assert call_of(module(body), "zeros_").recomputed is None


@pytest.mark.parametrize(
    ("statement", "copy"),
    [
        ("nn.init.zeros_(self.fc.weight.clone())", True),
        ("self.fc.weight.data.double().zero_()", True),
        ("w = nn.init.zeros_(self.fc.weight.clone())", False),
        ("nn.init.zeros_(self.fc.weight.to(flag))", False),
        ("nn.init.zeros_(self.fc.weight.t())", False),
        ("nn.init.zeros_(self.fc.weight.chunk(2)[0])", False),
    ],
)
def test_copies_that_nothing_reads(statement, copy):
    found = module(f"self.fc = nn.Linear(n, n)\n{statement}")
    (call,) = [call for call in found.calls if call.event.function in ("zeros_", "zero_")]
    assert (call.copy_of == "fc.weight") is copy
    if copy:
        assert call.target is None
        assert found.layers[0].weight.finals[-1].function == "default"


def test_a_fill_that_is_read_before_the_next():
    body = """
    self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)
    nn.init.eye_(self.a.weight)
    self.b.weight.data.copy_(self.a.weight)
    nn.init.normal_(self.a.weight)
    nn.init.zeros_(self.a.bias)
    nn.init.ones_(self.a.bias)
    """
    found = module(body)
    assert call_of(found, "eye_").read
    assert not call_of(found, "zeros_").read


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("[n:2 * n]", (0.25, 0.5)),
        ("[2 * n:3 * n]", (0.5, 0.75)),
        ("[-n:]", (0.75, 1.0)),
        (".chunk(4)[2]", (0.5, 0.75)),
        ("[flag:]", None),
    ],
)
def test_rows_of_partial_writes(index, rows):
    call = call_of(module(f"self.rnn = nn.LSTM(n, n)\nself.rnn.bias_ih_l0.data{index}.fill_(1.0)"), "fill_")
    assert call.event.partial
    assert call.event.rows == rows
    assert call.event.part.constant == 1.0


def test_rows_that_are_multiples_of_an_unknown_size():
    text = """
    class Net(nn.Module):
        def __init__(self, d, h):
            super().__init__()
            self.rnn = nn.LSTM(d, h)
            self.rnn.bias_hh_l0.data[2 * h:3 * h] = 1.0
    """
    (call,) = program(text).calls
    assert call.event.rows == (0.5, 0.75)


ORIGIN = """
def bound(layer, gain=1.0):
    {read}
    return gain / math.sqrt(n)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)
        b = bound(self.fc)
        nn.init.uniform_(self.fc.weight, -b, b)
"""


@pytest.mark.parametrize(
    ("read", "axis"),
    [
        ("n = layer.weight.size(0)", 0),
        ("n = layer.weight.data.size()[0]", 0),
        ("n = layer.weight.shape[-1]", 1),
        ("n = len(layer.weight)", 0),
        ("outputs, n = layer.weight.shape", 1),
        ("n = layer.in_features", None),
        ("n = layer.bias.size(0)", None),
    ],
)
def test_sizes_that_arguments_were_computed_from(read, axis):
    (call,) = program(ORIGIN.format(read=read)).calls
    axes = {origin.axis for origin in call.origins if origin.axis is not None}
    assert axes == ({axis} - {None})
    assert all(origin.names[0] == "b" for origin in call.origins)


@pytest.mark.parametrize(
    ("argument", "gain"),
    [
        ("nn.init.calculate_gain('tanh')", True),
        ("g", True),
        ("g * 2", False),
        ("n", False),
    ],
)
def test_gains(argument, gain):
    body = f"self.fc = nn.Linear(n, n)\ng = nn.init.calculate_gain('tanh')\nnn.init.xavier_normal_(self.fc.weight, {argument})"
    assert any(origin.gain for origin in call_of(module(body), "xavier_normal_").origins) is gain


@pytest.mark.parametrize(
    ("shape", "forward", "expected"),
    [
        ("4, 8", "return x @ self.w", ("matmul", 0, 0, False)),
        ("8, 4", "return x @ self.w.t()", ("matmul", 1, 0, False)),
        ("8, 8", "return torch.mm(x, self.w)", ("matmul", 0, 0, True)),
        ("8, 4", "return F.linear(x, self.w)", ("linear", 1, 0, False)),
        ("2, 4, 8", "return torch.bmm(x, self.w)", ("bmm", 1, 1, None)),
        ("2, 4, 8", "return torch.einsum('bi,eio->beo', x, self.w)", ("einsum", 1, 1, None)),
        ("2, 4, 8", "return torch.einsum('ebi,eio->ebo', x, self.w)", ("einsum", 1, 1, None)),
    ],
)
def test_how_parameters_enter_contractions(shape, forward, expected):
    found = module(f"self.w = nn.Parameter(torch.randn({shape}))", forward)
    (layer,) = [layer for layer in found.layers if layer.kind == "Parameter"]
    names = ("use", "fan_axis", "batch_axes", "square")
    assert tuple(layer.settings[name] for name in names) == expected


def test_training_does_not_count_as_a_second_use():
    text = """
    net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 1))
    for _ in range(50):
        net(torch.randn(8, 4)).mean().backward()
    """
    found = program(text)
    assert [following.applied for following in found.followings] == [1, 1]
