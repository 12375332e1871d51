"""What a trace tells of beside layers and writes: parameters that are not there, writes that raise, tensors computed
from parameters, walks, copies, and definitions that nothing runs."""

from __future__ import annotations

import pytest

from initlint.model.events import (
    Absence,
    Cloned,
    LeafWrite,
    LostParameter,
    MissingParameter,
    Pass,
    TensorAssigned,
    UnusedDefinition,
    Walk,
)
from tests.trace.facts import line, module, program


def events(found, kind):
    return list(found.events_of(kind))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.fc = nn.Linear(n, n, bias=False)\nnn.init.zeros_(self.fc.bias)", ("fc", "bias", Absence.NONE)),
        ("self.fc = nn.Linear(n, n, bias=False)\nself.fc.bias.data.zero_()", ("fc", "bias", Absence.NONE)),
        ("self.rnn = nn.GRU(n, n)\nnn.init.ones_(self.rnn.weight)", ("rnn", "weight", Absence.ABSENT)),
        ("self.act = nn.ReLU()\nself.act.bias.data.fill_(0)", ("act", "bias", Absence.ABSENT)),
        ("self.fc = nn.LazyLinear(n)\nnn.init.normal_(self.fc.weight)", ("fc", "weight", Absence.LAZY)),
    ],
)
def test_parameters_that_are_not_there(body, expected):
    (event,) = events(module(body), MissingParameter)
    assert (event.module, event.name, event.absence) == expected
    assert line(event.call.span) == 5
    assert line(event.target) == 5
    assert not event.guarded


@pytest.mark.parametrize(
    "body",
    [
        "self.fc = nn.Linear(n, n, bias=flag)\nnn.init.zeros_(self.fc.bias)",
        "self.fc = nn.Linear(n, n, bias=False)\nif self.fc.bias is not None:\n    nn.init.zeros_(self.fc.bias)",
        "self.act = nn.ReLU()\nif hasattr(self.act, 'weight'):\n    nn.init.ones_(self.act.weight)",
        "self.fc = nn.LazyLinear(n)\nself.fc(torch.zeros(1, n))\nnn.init.normal_(self.fc.weight)",
        "self.norm = nn.utils.weight_norm(nn.Linear(n, n))\nnn.init.ones_(self.norm.weight_g)",
    ],
)
def test_parameters_that_are_or_may_be_there(body):
    assert events(module(body), MissingParameter) == []


def test_a_missing_parameter_inside_a_try_is_guarded():
    body = "self.act = nn.ReLU()\ntry:\n    nn.init.ones_(self.act.weight)\nexcept AttributeError:\n    pass"
    (event,) = events(module(body), MissingParameter)
    assert event.guarded


@pytest.mark.parametrize(
    ("statement", "function", "view"),
    [
        ("self.fc.weight.normal_()", "normal_", False),
        ("self.fc.weight[0].zero_()", "zero_", True),
        ("self.fc.weight.t().fill_(1)", "fill_", True),
        ("self.fc.bias[:2] = 1.0", "__setitem__", False),
        ("self.fc.weight *= 0.1", "__imul__", False),
        ("for p in self.parameters(): p.uniform_(-1, 1)", "uniform_", False),
    ],
)
def test_writes_to_leaves_that_autograd_watches(statement, function, view):
    found = events(module(f"self.fc = nn.Linear(n, n)\n{statement}"), LeafWrite)
    assert found
    assert all((event.function, event.view, line(event.span)) == (function, view, 5) for event in found)


@pytest.mark.parametrize(
    "statement",
    [
        "self.fc.weight.data.normal_()",
        "self.fc.weight.detach()[0].zero_()",
        "self.fc.weight[0].data.zero_()",
        "with torch.no_grad(): self.fc.weight.normal_()",
        "self.fc.weight.requires_grad_(False).zero_()",
        "self.fc.requires_grad_(flag); self.fc.weight.zero_()",
        "self.fc.weight.clone().zero_()",
        "nn.init.zeros_(self.fc.weight)",
    ],
)
def test_writes_that_autograd_does_not_see(statement):
    assert events(module(f"self.fc = nn.Linear(n, n)\n{statement}"), LeafWrite) == []


def test_a_tensor_in_the_place_of_a_parameter():
    found = module("self.fc = nn.Linear(n, n)\nself.fc.weight = torch.randn(n, n) * 0.1")
    (event,) = events(found, TensorAssigned)
    assert (event.module, event.name, line(event.span)) == ("fc", "weight", 5)
    assert found.layers[0].weight is not None


@pytest.mark.parametrize(
    "statement",
    [
        "self.fc.weight = nn.Parameter(torch.randn(n, n))",
        "self.fc.weight = flag",
        "del self.fc.weight; self.fc.weight = torch.randn(n, n)",
        "del self.fc._parameters['weight']; self.fc.weight = torch.randn(n, n)",
        "self.other = torch.randn(n, n)",
    ],
)
def test_what_may_be_assigned(statement):
    assert events(module(f"self.fc = nn.Linear(n, n)\n{statement}"), TensorAssigned) == []


@pytest.mark.parametrize(
    ("expression", "operations"),
    [
        ("nn.Parameter(torch.ones(n)) * 2", ("mul",)),
        ("-nn.Parameter(torch.ones(n))", ("neg",)),
        ("nn.Parameter(torch.ones(n)).view(2, 4).clone()", ("view", "clone")),
        ("nn.Parameter(torch.ones(n)).cuda()", ("cuda",)),
        ("nn.Parameter(torch.ones(n)).half()", ("half",)),
    ],
)
def test_tensors_computed_from_parameters(expression, operations):
    (event,) = events(module(f"self.w = {expression}"), LostParameter)
    assert (event.name, event.operations, line(event.expression)) == ("w", operations, 4)


@pytest.mark.parametrize(
    "statement",
    [
        "self.w = nn.Parameter(torch.ones(n)).to(flag)",
        "self.w = nn.Parameter(torch.ones(n)).float()",
        "self.w = nn.Parameter(nn.Parameter(torch.ones(n)) * 2)",
        "self.v = nn.Parameter(torch.ones(n)); self.w = self.v * 2",
        "self.register_buffer('w', nn.Parameter(torch.ones(n)) * 2)",
    ],
)
def test_parameters_that_are_kept(statement):
    assert events(module(statement), LostParameter) == []


APPLY = """
def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        {first}
        self.b = nn.Linear(4, 4)
        {last}

    def forward(self, x):
        return self.b(self.a(x))


net = Net()
"""


def test_a_pass_that_comes_too_early():
    (event,) = events(program(APPLY.format(first="self.apply(init)", last="pass")), Pass)
    assert (event.walk, event.root, event.function) == (Walk.APPLY, "", "init")
    assert (event.visited, event.written, event.missed) == (("a", ""), ("a.weight",), ("b.weight",))


@pytest.mark.parametrize(
    "last",
    ["self.apply(init)", "self.b.apply(init)", "nn.init.zeros_(self.b.weight)", "self.b.requires_grad_(False)"],
)
def test_what_a_later_call_initialises_is_not_missed(last):
    found = events(program(APPLY.format(first="self.apply(init)", last=last)), Pass)
    assert all(event.missed == () for event in found)


def test_layers_added_from_outside_are_not_missed():
    text = APPLY.format(first="pass", last="self.apply(init)") + "net.c = nn.Linear(4, 4)\n"
    (event,) = events(program(text), Pass)
    assert event.missed == ()


def test_a_loop_over_children_that_does_not_go_deep_enough():
    body = """
    self.net = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    for m in self.children():
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight)
    """
    (event,) = events(module(body), Pass)
    assert (event.walk, event.written, event.missed) == (Walk.CHILDREN, (), ("net.0.weight",))


@pytest.mark.parametrize(
    ("test", "classes", "names"),
    [
        ("isinstance(m, (nn.Conv1d, nn.Conv2d))", ("Conv1d", "Conv2d"), ()),
        ("type(m) == nn.Conv2d", ("Conv2d",), ()),
        ("m.__class__.__name__.find('conv') != -1", ("conv",), ()),
        ("name == 'net.weight'", (), ("net.weight",)),
        ("name.startswith('body')", (), ("body",)),
    ],
)
def test_conditions_that_select_nothing(test, classes, names):
    body = f"""
    self.net = nn.Linear(4, 4)
    for name, m in self.named_modules():
        if {test}:
            nn.init.normal_(m.weight)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    """
    (event,) = events(module(body), Pass)
    (condition,) = event.conditions
    assert (condition.classes, condition.names, condition.considered, condition.taken) == (classes, names, 2, 0)
    assert line(condition.span) == 6
    assert event.complete


def test_a_condition_that_is_not_known_leaves_the_pass_incomplete():
    body = """
    self.net = nn.Linear(4, 4)
    for m in self.modules():
        if isinstance(m, nn.Conv2d) and flag or flag:
            flag(m)
            nn.init.zeros_(m.missing)
    """
    assert all(not event.complete or event.written for event in events(module(body), Pass))


def test_a_pass_over_loaded_weights():
    text = APPLY.format(first="self.a.load_state_dict(torch.load('a.pt'))", last="self.apply(init)")
    found = program(text)
    (event,) = events(found, Pass)
    assert event.written == ("a.weight", "b.weight")
    assert [each.function for each in found.layers[0].weight.histories[0]] == ["default", "load", "normal_"]


def test_copies():
    body = "first = nn.Linear(n, n)\nself.layers = nn.ModuleList([copy.deepcopy(first) for _ in range(3)])"
    (event,) = events(module(body), Cloned)
    assert event.copies == ("layers.0", "layers.1", "layers.2")
    (event,) = events(module("self.net = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 2)"), Cloned)
    assert event.copies == ("net.layers.0", "net.layers.1")
    assert (event.call.function, line(event.call.span)) == ("torch.nn.TransformerEncoder", 4)


UNUSED = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        {mention}

    def setup_weights(self):
        nn.init.normal_(self.fc.weight)

    def clip(self):
        self.fc.weight.data.clamp_(-1, 1)

    def forward(self, x):
        return self.fc(x)
"""


def test_a_method_that_nothing_calls():
    (event,) = events(program(UNUSED.format(mention="pass")), UnusedDefinition)
    assert (event.name, event.parameters, event.mention, line(event.span)) == (
        "Net.setup_weights", ("fc.weight",), None, 7,
    )
    assert [call.short_name for call in event.calls] == ["normal_"]


def test_a_method_that_is_named_and_not_called():
    (event,) = events(program(UNUSED.format(mention="self.setup_weights")), UnusedDefinition)
    assert line(event.mention) == 5


@pytest.mark.parametrize("mention", ["self.setup_weights()", "f = self.setup_weights", "getattr(self, 'setup_weights')"])
def test_methods_that_something_may_call(mention):
    assert events(program(UNUSED.format(mention=mention)), UnusedDefinition) == []
