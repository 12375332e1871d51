"""Facts that are stated, and facts that are left open because the code does not settle them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.programs import after, drawn, gain, layers, project

GATES = {
    "x * torch.sigmoid(x)": ("silu",),
    "x * torch.sigmoid(1.5 * x)": ("silu",),
    "x * torch.sigmoid(1.702 * x)": ("quick_gelu",),
    "x * torch.sigmoid(8 * (x - 1))": None,
    "x * (1 - torch.sigmoid(x))": None,
    "x * torch.sigmoid(self.slope * x)": None,
    "x * (x * self.slope.view(1, -1)).sigmoid() / x.std()": None,
    "torch.maximum(x, self.slope)": None,
    "torch.maximum(x, self.slope.reshape(1, -1))": None,
    "torch.maximum(x, x.neg())": ("none",),
}


@pytest.mark.parametrize("gate", GATES)
def test_activations_of_a_learned_shape_have_no_name(gate: str) -> None:
    rows = layers(
        f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)
        self.slope = nn.Parameter(torch.ones(8))

    def forward(self, x):
        x = self.a(x)
        return self.b({gate})
"""
    )
    assert after(rows["Net.a"]) == GATES[gate]


def test_modules_among_the_attributes_of_a_sequence_are_its_elements() -> None:
    rows = layers(
        """
class Block(nn.Sequential):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(8)
        self.conv = nn.Conv2d(8, 8, 3)
        self.add_module("act", nn.GELU())
        self.size = 3

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(nn.Conv2d(3, 8, 3), Block(), nn.Conv2d(8, 8, 3))

    def forward(self, x):
        return self.blocks(x)
"""
    )
    assert after(rows["Block.conv"]) == ("gelu",)


def test_modules_that_are_put_into_a_copy_belong_to_it() -> None:
    rows = layers(
        """
from copy import deepcopy
import torch.nn as nn

class Old(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x)

class New(Old):
    def __init__(self):
        super().__init__()
        self.own = nn.Linear(8, 8)

    def forward(self, x):
        return self.own(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Old()

    def forward(self, x):
        return self.block(x).relu()

def build():
    old = Net()
    new = deepcopy(old)
    for name, module in old.named_modules():
        if isinstance(module, Old):
            setattr(new, name, New())
    return new
"""
    )
    assert after(rows["New.own"]) == ("relu",)


@pytest.mark.parametrize(("arguments", "std", "known"), [("", 0.02, True), ("n=100", 0.02, False), ("n=100", 0.1234567, True)])
def test_a_gain_that_hangs_on_a_default_is_none(arguments: str, std: float, known: bool) -> None:
    """A constant deviation has another gain in each width, and the width is for others to choose."""
    row = layers(
        f"""
class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
        self.fc = nn.Linear({"n" if arguments else 100}, 10)
        nn.init.normal_(self.fc.weight, std={std})

    def forward(self, x):
        return self.fc(x)
"""
    )["Net.fc"]
    assert drawn(row) == ("normal_",)
    assert (gain(row) is not None) == known


def test_a_gain_that_does_not_hang_on_a_default_is_known() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, n=100):
        super().__init__()
        self.a, self.b = nn.Linear(n, n), nn.Linear(n, 10)
        for fc in (self.a, self.b):
            nn.init.normal_(fc.weight, std=math.sqrt(2.0 / fc.weight.shape[1]))

    def forward(self, x):
        return self.b(self.a(x))
"""
    )
    assert gain(rows["Net.a"]) in (1.414, None)


def test_parts_that_were_drawn_anew_are_draws_too() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_uniform_(self.fc.weight)
        nn.init.normal_(self.fc.weight[4:], std=1e-6)

    def forward(self, x):
        return self.fc(x)
"""
    )["Net.fc"]
    assert drawn(row) == ("normal_", "xavier_uniform_")
    assert gain(row) is None


def test_a_weight_of_which_something_was_set_somewhere_is_not_known() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_uniform_(self.fc.weight)
        for at in range(20):
            self.fc.weight.data[at % 8, 2] = -1
        self.fc.weight.data *= 3

    def forward(self, x):
        return self.fc(x)
"""
    )["Net.fc"]
    assert {init.function for init in row.inits} == {"xavier_uniform_"}
    assert not row.init_complete


def test_functions_that_set_a_flag_on_the_way_are_run(tmp_path: Path) -> None:
    """They build what others build, but may do more with it."""
    rows = project(
        tmp_path,
        {
            "zoo.py": """
                from torch import nn

                class Net(nn.Module):
                    def __init__(self, width=8):
                        super().__init__()
                        self.fc = nn.Linear(width, width)

                    def forward(self, x):
                        return self.fc(x)

                def _build(width, zeroed=False):
                    model = Net(width)
                    if zeroed:
                        nn.init.orthogonal_(model.fc.weight)
                    return model

                def small(**kwargs):
                    return _build(16, **kwargs)

                def large(**kwargs):
                    return _build(32, **dict(zeroed=True, **kwargs))
                """,
        },
    )
    assert drawn(rows["Net.fc"]) == ("default", "orthogonal_")


def test_layers_that_no_root_builds_are_listed_with_nothing_known() -> None:
    rows = layers(
        """
def make(width):
    return nn.Linear(width, width)

class Net(nn.Module):
    def __init__(self, width=8, kind=nn.Linear):
        super().__init__()
        self.fc = nn.Linear(width, width)
        if kind is nn.Bilinear:
            self.head = nn.Linear(width, 2)
            self.tail = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), kind(8, 8), make(8))

    def forward(self, x):
        return self.fc(x)
"""
    )
    assert sorted(rows) == ["Net.fc", "Net.head", "Net.tail.*"]
    assert rows["Net.fc"].roots == ("Net",)
    assert after(rows["Net.fc"]) == ("none",)
    for name, kind in (("Net.head", "Linear"), ("Net.tail.*", "Conv2d")):
        assert rows[name].kind == kind
        assert rows[name].roots == ()
        assert after(rows[name]) is None
        assert drawn(rows[name]) is None
        assert rows[name].fan_in is None


def test_an_index_that_is_read_off_takes_the_signal_where_nothing_else_does() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = (nn.Linear(8, 8) for _ in range(3))

    def forward(self, x):
        logits = self.b(x)
        lost = self.c(x)
        return self.a(x).argmax(dim=1), logits.softmax(-1), torch.argmax(logits, -1)
"""
    )
    assert [after(rows[f"Net.{name}"]) for name in "abc"] == [("none",), ("softmax",), None]


OFFERED = """
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x).relu()


class Derived(Base):
    pass


{how}
"""


@pytest.mark.parametrize(("how", "owners"), [
    ("", {"Derived"}),
    ("Other = Base", {"Base", "Derived"}),
    ("MODELS = {'base': Base, 'derived': Derived}", {"Base", "Derived"}),
    ("class Trainer:\n    kinds = {'base': Base}", {"Base", "Derived"}),
    ("def check(model):\n    return isinstance(model, Base)", {"Derived"}),
])  # fmt: skip
def test_a_base_that_is_offered_is_a_model_of_its_own(how: str, owners: set[str]) -> None:
    rows = layers(OFFERED.format(how=how))
    assert {name.removesuffix(".fc") for name in rows} == owners
    assert {after(row) for row in rows.values()} == {("relu",)}


@pytest.mark.parametrize("forward", [
    "def forward(self, ids=None, mask=None, embeds=None):",
    "@passing\n    def forward(self, ids=None, mask=None, embeds=None):",
    "def forward(self, ids=None, *, mask=None, embeds=None, **kwargs):",
    "@passing\n    def forward(self, ids, mask=None, embeds=None):",
])  # fmt: skip
def test_a_forward_whose_arguments_all_have_defaults_is_given_the_first(forward: str) -> None:
    rows = layers(
        f"""
import functools
import torch.nn as nn


def passing(function):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function(self, *args, **kwargs)
    return wrapper


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    {forward}
        if ids is not None and embeds is not None:
            raise ValueError("one of them")
        elif ids is None and embeds is None:
            raise ValueError("one of them")
        if mask is not None:
            return self.fc(ids).tanh()
        return self.fc(ids).relu()
"""
    )
    assert after(rows["Net.fc"]) == ("relu",)


def test_what_a_function_says_of_its_parameters() -> None:
    rows = layers(
        """
import inspect
import torch.nn as nn

TABLE = {"relu": nn.ReLU, "tanh": nn.Tanh}


def make(relu, *rest, key=None):
    inner = 1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(make.__code__.co_argcount, 8)
        names = make.__code__.co_varnames
        self.act = TABLE[names[names.index("relu")]]()
        self.other = nn.Linear(8, len("|".join(TABLE)))
        self.last = nn.Linear(len("|".join(TABLE)), 8)
        shown = inspect.signature(make).parameters
        self.shown = nn.Linear(len(shown), 8)
        self.bound = nn.Linear(len(inspect.signature(self.forward).parameters), 8)
        self.cls = nn.Linear(inspect.signature(Other).parameters["size"].default, 8)

    def forward(self, x):
        return self.last(self.act(self.fc(x)))


class Other:
    def __init__(self, flag, size=5):
        pass
"""
    )
    assert (after(rows["Net.fc"]), rows["Net.fc"].fan_in, rows["Net.last"].fan_in) == (("relu",), 1, 9)
    assert [rows[f"Net.{name}"].fan_in for name in ("shown", "bound", "cls")] == [3, 1, 5]


def test_a_module_of_the_project_stands_before_no_layer_that_is_not_known() -> None:
    rows = layers(
        """
import torch.nn as nn
from elsewhere import Mixin


class Base(nn.Module):
    def fill(self, m):
        if isinstance(m, nn.LSTM):
            for weight in m.parameters():
                nn.init.xavier_uniform_(weight)
        elif isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, std=0.02)


class Net(Base, Mixin):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.apply(self.fill)

    def forward(self, x):
        return self.fc(x)
"""
    )
    assert drawn(rows["Net.fc"]) == ("normal_",)


SIZES = """
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)
        nn.init.normal_(self.fc.weight, std=0.02)
        self.out = nn.Linear(width, 10)
        nn.init.normal_(self.out.weight, std=width**-0.5)

    def forward(self, x):
        return self.out(F.relu(self.fc(x)))
"""
SMALL = """
def small():
    return Net(96)
"""


def test_a_gain_is_that_of_what_was_seen_though_others_may_draw_anew() -> None:
    net = """
class Net(nn.Module):
    def __init__(self, features: int):
        super().__init__()
        self.fc = nn.Linear(features, 10)

    def forward(self, x):
        return self.fc(x)
"""
    row = layers(net + "def get(name):\n    return globals()[name]\n")["Net.fc"]
    assert not row.init_complete
    assert gain(row) == 0.577
    row = layers(net + "net = Net(8)\nunknown(net)\n")["Net.fc"]
    assert not row.init_complete
    assert gain(row) is None


def test_a_gain_of_a_written_std_takes_more_than_one_function_that_only_chooses_a_size() -> None:
    # Functions alike but for sizes are not all run: what one of them makes of a std that does not follow the fan
    # says nothing about the others.
    rows = layers(SIZES + SMALL)
    assert (gain(rows["Net.fc"]), gain(rows["Net.out"])) == (None, 1.0)
    assert drawn(rows["Net.fc"]) == ("normal_",)
    used = layers(SIZES + SMALL + "net = small()")
    assert gain(used["Net.fc"]) == round(0.02 * 96**0.5, 3)


@pytest.mark.parametrize("read", ["os.environ.get('ACT', 'gelu')", "os.getenv('ACT', default='gelu')"])
def test_a_variable_of_the_surroundings_has_the_default_that_is_written(read: str) -> None:
    net = """
    import os
    import torch.nn as nn
    import torch.nn.functional as F

    ACT = {read}

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(8, 8)

        def forward(self, x):
            return getattr(F, ACT)(self.fc(x)).sum()
    """
    assert after(layers(net.replace("{read}", read))["Net.fc"]) == ("gelu",)
    assert after(layers(net.replace("{read}", "os.getenv('ACT')"))["Net.fc"]) is None


def test_a_forward_that_refuses_a_part_of_its_arguments_is_given_all_or_one() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.time, self.out = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x, t=None, scale=1.0):
        x = self.fc(x)
        if t is None:
            raise ValueError("the step is missing")
        return self.out(F.silu(x + self.time(t) * scale))

class Either(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.out = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x, tokens=None):
        x = F.relu(self.fc(x))
        if tokens is not None:
            raise ValueError("one of both")
        x = self.out(x)
        raise RuntimeError("not here")

class One(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.out = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x, chunks=None, positions=None):
        assert chunks is None
        if positions is None:
            raise ValueError("positions are missing")
        return self.out(F.gelu(self.fc(x) + positions))
"""
    )
    assert after(rows["Net.fc"]) == after(rows["Net.time"]) == ("silu",)
    assert after(rows["One.fc"]) == ("gelu",)
    assert after(rows["Either.fc"]) == ("relu",)


@pytest.mark.parametrize("asks", ["def loss(self, x, classes):", "def loss(self, x, *, classes):"])
def test_keywords_that_a_forward_hands_on_are_inputs(asks: str) -> None:
    rows = layers(
        f"""
class Diffusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.label = nn.Linear(4, 8)
        self.fc = nn.Linear(8, 8)

    {asks}
        return F.gelu(self.fc(x)) + torch.sigmoid(self.label(classes))

    def forward(self, x, *args, **kwargs):
        return self.loss(x, *args, **kwargs)
"""
    )
    assert after(rows["Diffusion.fc"]) == ("gelu",)
    assert after(rows["Diffusion.label"]) == ("sigmoid",)


BLOCK = """
class Block(nn.Module):
    def __init__(self, act=nn.Tanh):
        super().__init__()
        self.fc, self.act = nn.Linear(8, 8), act()

    def forward(self, x):
        return self.act(self.fc(x))


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(nn.ReLU)

    def forward(self, x):
        {forward}


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(nn.GELU)

    def forward(self, x):
        return self.block(x)
"""


def test_what_a_model_builds_and_is_not_seen_to_run_keeps_open_what_follows() -> None:
    assert after(layers(BLOCK.format(forward="return self.block(x)"))["Block.fc"]) == ("gelu", "relu")
    assert after(layers(BLOCK.format(forward="return unheard_of(self, x)"))["Block.fc"]) is None


CHOICE = """
class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x).relu()


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x).relu()


class Rich(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.inner = nn.Linear(8, 8), Inner()

    def forward(self, x):
        return self.inner(self.fc(x).relu())


class Net(nn.Module):
    def __init__(self, kind{default}):
        super().__init__()
        self.body = Rich() if kind == "rich" else Plain()
        for p in self.parameters():
            nn.init.orthogonal_(p)

    def forward(self, x):
        return self.body(x)


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.beside = Rich(), Plain()

    def forward(self, x):
        return self.beside(self.body(x))
"""


def test_a_part_that_no_root_chose_may_be_initialised_where_it_is_chosen() -> None:
    rows = layers(CHOICE.format(default="='plain'"))
    assert drawn(rows["Plain.fc"]) == ("default", "orthogonal_")
    assert drawn(rows["Rich.fc"]) is drawn(rows["Inner.fc"]) is None
    rows = layers(CHOICE.format(default=""))
    assert drawn(rows["Rich.fc"]) == ("default", "orthogonal_")
    assert drawn(rows["Plain.fc"]) == ("default", "orthogonal_")


def test_only_the_numbers_in_which_paths_differ_are_left_open() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1d = nn.ModuleList([nn.Conv1d(4, 4, 3) for _ in range(3)])
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4)) for _ in range(2)])

    def forward(self, x):
        for layer in (*self.conv1d, *self.blocks):
            x = layer(x)
        return x
""")
    assert {name for name in rows if name.startswith("Net.")} == {"Net.conv1d.*", "Net.blocks.*.0", "Net.blocks.*.2"}


def test_a_signal_times_itself_is_a_norm_where_its_mean_alone_is_read() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        x = self.a(x)
        return self.b(x * torch.rsqrt(torch.mean(x * x, dim=-1, keepdim=True) + 1e-6)) + (self.b(x) * self.b(x))
""")
    assert after(rows["Net.a"]) == ("none",)
    assert rows["Net.a"].norm == ("normalize",)


def test_recurrent_layers_have_biases() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.LSTM(8, 8), nn.GRU(8, 8, bias=False)
""")
    assert rows["Net.a"].bias != "none"
    assert rows["Net.b"].bias == "none"


def test_an_embedding_whose_weight_is_used_as_a_matrix_is_one_layer() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(16, 4)

    def forward(self, x):
        return self.table((x @ self.table.weight.t()).argmax(-1))
""")
    assert set(rows) == {"Net.table"}


def test_a_layer_without_inputs_has_a_row() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(0, 4, bias=False)

    def forward(self, x):
        return self.fc(x).relu()
""")
    assert after(rows["Net.fc"]) == ("relu",)


@pytest.mark.parametrize("body", ["pass", "def extra(self): ..."])
def test_what_a_class_builds_is_built_by_those_that_derive_from_it(body: str) -> None:
    rows = layers(f"""
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return torch.relu(self.fc(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        return self.part(x)


class Small(Net):
    {body}
""")
    assert rows["Part.fc"].init_complete
