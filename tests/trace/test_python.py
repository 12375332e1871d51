"""Python that model code is built of: imports, keywords, classes, small tensors of numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.programs import after, drawn, layers, project


def test_tables_of_activations_are_filled_when_modules_are_imported(tmp_path: Path) -> None:
    rows = project(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/acts.py": "import torch\nfrom torch import nn\nclass Swish(nn.Module):\n    def forward(self, x):\n        return x * torch.sigmoid(x)\n",
            "pkg/table.py": """
                from torch import nn
                import torch.nn.functional as F
                from .acts import *
                from .acts import Swish as Own

                HAS_SILU = "silu" in dir(F)
                ACTS = dict(relu=nn.ReLU, own=Own, silu=nn.SiLU if HAS_SILU else Swish)

                def get(name):
                    return ACTS[name]()
                """,
            "pkg/net.py": """
                from torch import nn
                from .table import get

                class Net(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.a, self.b, self.c, self.d = (nn.Linear(8, 8) for _ in range(4))
                        self.act, self.own, self.silu = get("relu"), get("own"), get("silu")

                    def forward(self, x):
                        x = self.silu(self.c(self.own(self.b(self.act(self.a(x))))))
                        return self.d(x)
                """,
        },
    )
    assert [after(rows[f"Net.{name}"]) for name in "abcd"] == [("relu",), ("silu",), ("silu",), ("none",)]


def test_keywords_that_only_some_paths_pass() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, act=nn.ReLU):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = act()

    def forward(self, x):
        return self.act(self.fc(x))


def build(flag, **kwargs):
    if flag:
        kwargs.setdefault("act", nn.Tanh)
    if flag:
        kwargs.setdefault("size", 3)
    return Net(**kwargs)
"""
    )
    assert after(rows["Net.fc"]) == ("relu", "tanh")


DECORATED = """
def register(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if args:
            kwargs["act"] = args[0]
        return function(**kwargs)
    return wrapper


class Net(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = act

    def forward(self, x):
        return self.act(self.fc(x))


@register
def net(*, act=None):
    return Net(act or nn.GELU())
"""


def test_functions_under_decorators_are_roots() -> None:
    row = layers(DECORATED)["Net.fc"]
    assert row.roots == ("net()",)
    assert after(row) == ("gelu",)


CONFIGS = {
    "fields": """
@dataclass
class Config:
    act: str = "relu"
    width: int = 8
""",
    "inherited": """
@dataclass
class Base:
    act: str
    width: int

class Config(Base):
    def __init__(self):
        super().__init__("relu", 8)
""",
    "factory": """
@dataclass
class Config:
    width: int = 8
    names: list = field(default_factory=lambda: ["relu"])

    def __post_init__(self):
        self.act = self.names[0]
""",
    "enum": """
import enum

class Act(enum.Enum):
    FIRST = ("relu", 1)
    OTHER = ("tanh", 2)
    DEFAULT = FIRST

class Config:
    act = Act.DEFAULT.value[0]
    width = 8
""",
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configurations(name: str) -> None:
    row = layers(
        "import enum, math, functools\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
        "from dataclasses import dataclass, field\n"
        + CONFIGS[name]
        + """
class Net(nn.Module):
    def __init__(self, config=None):
        super().__init__()
        config = config or Config()
        self.fc = nn.Linear(config.width, 4 * config.width)
        self.act = getattr(F, config.act)

    def forward(self, x):
        return self.act(self.fc(x))
"""
    )["Net.fc"]
    assert after(row) == ("relu",)
    assert (row.fan_in, row.fan_out) == (8, 32)


def test_schedules_computed_with_tensors() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self, depths=(2, 3), rate=0.1):
        super().__init__()
        rates = [x.tolist() for x in torch.linspace(0, rate, sum(depths)).split(depths)]
        widths, counts = torch.unique(torch.tensor([8, 16, 16]), return_counts=True)
        assert len(rates[1]) == 3 and counts.tolist() == [1, 2]
        assert torch.tensor(depths).cumsum(0).tolist() == [2, 5]
        self.fc = nn.Linear(widths.tolist()[0], widths.tolist()[1])
        self.drop = nn.Dropout(rates[0][0]) if rates[0][0] > 0.0 else nn.ReLU()

    def forward(self, x):
        return self.drop(self.fc(x))
"""
    )["Net.fc"]
    assert (row.fan_in, row.fan_out) == (8, 16)
    assert after(row) == ("relu",)


def test_autograd_functions_do_what_their_forward_does() -> None:
    rows = layers(
        """
class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        return grad


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        if x.is_quantized:
            return x.int_repr()
        return Swish.apply(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("silu",)
    assert drawn(rows["Net.fc"]) == ("default",)


ANNOTATIONS = ("Config", '"Config"', "Config | None", "Optional[Config]")


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_a_root_is_given_the_configuration_its_annotation_names(annotation: str) -> None:
    row = layers(
        f"""
from __future__ import annotations
from dataclasses import dataclass
from typing import Optional
from torch import nn
import torch.nn.functional as F

@dataclass
class Config:
    width: int = 8
    act: str = "gelu"

class Net(nn.Module):
    def __init__(self, config: {annotation}):
        super().__init__()
        self.fc = nn.Linear(config.width, 2 * config.width)
        self.act = getattr(F, config.act)

    def forward(self, x):
        return self.act(self.fc(x))
"""
    )["Net.fc"]
    assert after(row) == ("gelu",)
    assert (row.fan_in, row.fan_out) == (8, 16)


def test_keywords_of_a_root_are_what_is_required_and_nothing_else() -> None:
    row = layers(
        """
class Base(nn.Module):
    def __init__(self, dim, act=nn.ReLU, **kwargs):
        super().__init__()
        self.fc = nn.Linear(dim, kwargs.pop("out"), bias=kwargs.get("bias", False))
        self.act = act()

    def forward(self, x):
        return self.act(self.fc(x))


class Net(Base):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
"""
    )["Net.fc"]
    assert row.roots == ("Net",)
    assert after(row) == ("relu",)
    assert row.bias == "none"


def test_a_class_outside_the_project_hides_the_constructors_after_it() -> None:
    row = layers(
        """
from torch import nn
from elsewhere import Backbone

class Mixin:
    def __init__(self):
        raise ValueError

class Net(Backbone, Mixin, nn.Module):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(self.conv(x)).relu()
"""
    )["Net.fc"]
    assert after(row) == ("relu",)


def test_pieces_of_a_signal_are_alike_however_many_there_are() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(8, 24)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        q, k, v = (t.transpose(0, 1) for t in self.qkv(x).chunk(3, dim=-1))
        return self.out((q @ k.transpose(-2, -1)).softmax(-1) @ v)
"""
    )["Net.qkv"]
    assert after(row) == ("none",)


def test_who_builds_a_part_may_initialise_it() -> None:
    row = layers(
        """
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)


class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList()

    def grow(self):
        self.parts.append(Part())
"""
    )["Part.fc"]
    assert drawn(row) is None


def test_classes_that_derive_from_dict_hold_entries() -> None:
    rows = layers(
        """
class Registry(dict):
    def __setitem__(self, key, value):
        super().__setitem__(str(key), value)

    def get(self, key):
        return super().get(str(key)) or {}

class Table(dict):
    pass

REGISTRY = Registry()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        REGISTRY[self.__class__] = {"act": nn.Tanh}
        table = Table({"width": 8})
        table["act"] = nn.GELU
        self.a, self.b = nn.Linear(table["width"], len(table)), nn.Linear(2, 8)
        self.act, self.other = REGISTRY.get(type(self))["act"](), table.get("act")()
        if len(REGISTRY.get("unknown")) > 0 or "bias" in table or not table:
            self.act = nn.ReLU()

    def forward(self, x):
        return self.other(self.b(self.act(self.a(x))))
"""
    )
    assert after(rows["Net.a"]) == ("tanh",)
    assert after(rows["Net.b"]) == ("gelu",)
    assert (rows["Net.a"].fan_in, rows["Net.a"].fan_out) == (8, 2)


def test_outputs_are_dataclasses_and_mappings_at_once() -> None:
    """Their entries are the fields that are set, by name and by position."""
    rows = layers(
        """
from collections import OrderedDict
from dataclasses import dataclass
from torch import nn

class Output(OrderedDict):
    def __getitem__(self, key):
        return dict(self.items())[key] if isinstance(key, str) else self.to_tuple()[key]

    def to_tuple(self):
        return tuple(self[key] for key in self.keys())

@dataclass
class Pair(Output):
    last: object = None
    pooled: object = None
    extra: object = None

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)

    def inner(self, x):
        return Pair(last=self.a(x), extra=self.b(x))

    def forward(self, x):
        found = self.inner(x)
        return found[0].relu() + found["last"].tanh() + found.to_tuple()[1].sigmoid() + found.extra.sin()
"""
    )
    assert after(rows["Net.a"]) == ("relu", "tanh")
    assert after(rows["Net.b"]) == ("sigmoid", "sin")


def test_properties_have_setters() -> None:
    rows = layers(
        """
class Config:
    def __init__(self):
        self.width = 4

    @property
    def width(self):
        return self._width

    @width.setter
    def width(self, value):
        self._width = 2 * value

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(Config().width, getattr(Config(), "width"))

    def forward(self, x):
        return self.fc(x)
"""
    )
    assert (rows["Net.fc"].fan_in, rows["Net.fc"].fan_out) == (8, 8)


def test_registries_of_modules_find_the_module_of_a_function(tmp_path: Path) -> None:
    rows = project(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/registry.py": """
                import sys

                def register(fn):
                    module = sys.modules[fn.__module__]
                    if hasattr(module, "names"):
                        module.names.append(fn.__name__)
                    else:
                        module.names = [fn.__name__]
                    return fn
                """,
            "pkg/net.py": """
                from torch import nn
                from .registry import register

                class Net(nn.Module):
                    def __init__(self, name):
                        super().__init__()
                        self.fc = nn.Linear(8, 8)
                        self.act = nn.ReLU() if name in names and len(names) == 2 else nn.Tanh()

                    def forward(self, x):
                        return self.act(self.fc(x))

                @register
                def first():
                    return Net("first")

                @register
                def second():
                    return Net("second")
                """,
        },
    )
    assert after(rows["Net.fc"]) == ("relu",)


def test_a_decorator_that_never_ends_gives_back_what_it_was_given() -> None:
    rows = layers(
        """
def documented(cls):
    lines = []
    for word in range(250):
        for letter in range(250):
            lines.append(str(word) + str(letter))
    cls.__doc__ = "".join(lines)
    return cls

@documented
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return torch.tanh(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("tanh",)


def test_what_is_set_on_a_parameter_is_read_back() -> None:
    rows = layers(
        """
def zeros(weight):
    if not getattr(weight, "_done", False):
        nn.init.zeros_(weight)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)
        self.b.weight._done = True
        zeros(self.a.weight)
        zeros(self.b.weight)

    def forward(self, x):
        return self.b(self.a(x))
"""
    )
    assert (drawn(rows["Net.a"]), drawn(rows["Net.b"])) == (("zeros_",), ("default",))


def test_what_is_set_on_classes_of_torch_is_found_there() -> None:
    rows = layers(
        """
def tenth(self):
    nn.init.constant_(self.weight, 0.1)

nn.Linear.reset_parameters = tenth

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Conv1d(8, 8, 1)
        if not hasattr(nn.Module, "visit"):
            def visit(module, function):
                for child in module.children():
                    visit(child, function)
                function(module)

            setattr(nn.Module, "visit", visit)
        self.visit(self.start)

    def start(self, module):
        if isinstance(module, nn.Conv1d):
            nn.init.zeros_(module.weight)

    def forward(self, x):
        return self.b(self.a(x))
"""
    )
    assert (drawn(rows["Net.a"]), drawn(rows["Net.b"])) == (("constant_",), ("zeros_",))


def test_devices_go_by_their_names() -> None:
    rows = layers(
        """
def place():
    here, usual = torch.tensor([]).device, torch.get_default_device()
    return None if here == usual else here

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        if place() != torch.device("meta"):
            nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
"""
    )
    assert drawn(rows["Net.fc"]) == ("zeros_",)


def test_a_base_that_is_not_known_behind_nn_module_is_no_layer() -> None:
    rows = layers(
        """
from torch import nn
from somewhere import Mixin

class Behind(nn.Module, Mixin):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        if isinstance(self, nn.LSTM):
            nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return self.fc(x)

class Before(Mixin, nn.Module):
    def __init__(self):
        super().__init__()
        self.own = nn.Linear(8, 8)
        if isinstance(self, nn.LSTM):
            nn.init.zeros_(self.own.weight)

    def forward(self, x):
        return self.own(x)
"""
    )
    assert (drawn(rows["Behind.fc"]), drawn(rows["Before.own"])) == (("default",), ("default", "zeros_"))


def test_classes_joined_by_a_bar_are_either() -> None:
    rows = layers(
        """
class Wide(nn.Linear):
    pass

class Deep(nn.Linear):
    pass

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = Wide(8, 8), nn.Linear(8, 8), nn.Conv2d(8, 8, 1)
        self.apply(self._init)

    def _init(self, m):
        if isinstance(m, Wide | Deep | nn.Conv2d):
            nn.init.ones_(m.weight)
        else:
            if isinstance(m, nn.Linear):
                nn.init.eye_(m.weight)

    def forward(self, x):
        return self.a(x)
"""
    )
    assert [drawn(rows[f"Net.{name}"]) for name in "abc"] == [("ones_",), ("eye_",), ("ones_",)]


@pytest.mark.parametrize("found", [
    'importlib.import_module("pkg.acts")', 'importlib.import_module(".acts", __package__)',
    'importlib.import_module(".acts", package="pkg")', 'importlib.import_module("..acts", "pkg.deeper")',
    '__import__("pkg.acts", fromlist=["Own"])', 'importlib.import_module(f"{__package__}.acts")',
])  # fmt: skip
def test_modules_imported_by_name(tmp_path: Path, found: str) -> None:
    rows = project(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/acts.py": "from torch import nn\nclass Own(nn.SiLU):\n    pass\n",
            "pkg/net.py": f"""
                import importlib
                from torch import nn

                class Net(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.fc = nn.Linear(8, 8)
                        self.act = getattr({found}, "Own")()

                    def forward(self, x):
                        return self.act(self.fc(x))
                """,
        },
    )
    assert after(rows["Net.fc"]) == ("silu",)


def test_functions_that_wrap_themselves_end() -> None:
    rows = layers(
        """
import functools
import inspect
import torch.nn as nn


def make(size=3):
    return nn.Linear(size, 2)


def other(size=4):
    return nn.Linear(size, 2)


make.__wrapped__ = make
other.__wrapped__ = functools.partial(other)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.out = make(), other()
        self.n = nn.Linear(len(inspect.signature(make).parameters), 2)

    def forward(self, x=None):
        return self.fc(x)


Net.forward.__wrapped__ = Net.forward
"""
    )
    assert [rows[f"Net.{name}"].fan_in for name in ("fc", "out", "n")] == [3, 4, 1]


def test_what_a_class_itself_says_is_read_where_it_is_derived() -> None:
    rows = layers(
        """
from dataclasses import dataclass

class Spec:
    def __init__(self, kind):
        self.kind = kind

class Base:
    parts = {}
    own = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if (parts := cls.__dict__.get("parts")) is not None:
            cls.parts = {name: Spec(kind) for name, kind in parts.items()}
        cls.own = "__init__" in cls.__dict__

    def __init__(self):
        for name, spec in self.parts.items():
            setattr(self, name, spec.kind())

class Text(Base):
    width = 32
    act = nn.GELU

class Whole(Base):
    parts = {"text": Text}

class Own(Whole):
    def __init__(self):
        super().__init__()

@dataclass
class Written:
    size: int = 3

class Net(nn.Module):
    def __init__(self, config: Whole):
        super().__init__()
        self.fc = nn.Linear(config.text.width, 8)
        self.act = config.text.act()
        self.head = nn.Linear(8, 2 if Own.own and not Whole.own and "__init__" in Written.__dict__ else 3)

    def forward(self, x):
        return self.head(self.act(self.fc(x)))
"""
    )
    assert (rows["Net.fc"].fan_in, after(rows["Net.fc"])) == (32, ("gelu",))
    assert rows["Net.head"].fan_out == 2


@pytest.mark.parametrize(
    ("growing", "index"),
    [
        ("found = [str(each) for each in given]", 5),
        ("found = []\n        for each in given:\n            found.append('relu')", 5),
        ("found = ['gelu']\n        for each in given:\n            found += ['gelu', 'relu']", 9),
        ("found = ['gelu'] + given", 1),
        ("found = ['gelu', *given]", 3),
    ],
)
def test_lists_of_unknown_length_go_on(growing: str, index: int) -> None:
    rows = layers(
        f"""
class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        given = config.read()
        {growing}
        self.fc = nn.Linear(8, 8)
        self.act = nn.Tanh() if found[{index}] else nn.ReLU()
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.act(self.fc(x)))
"""
    )
    assert "tanh" in after(rows["Net.fc"])
    assert after(rows["Net.head"]) == ("none",)


def test_a_list_made_in_a_turn_of_a_loop_is_as_long_as_it_is() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        for each in config.read():
            acts = []
            for act in (nn.ReLU, nn.Tanh):
                acts.append(act)
        self.fc = nn.Linear(8, 8)
        self.act = acts[-1]()
        self.head = nn.Linear(8, len(acts))

    def forward(self, x):
        return self.head(self.act(self.fc(x)))
"""
    )
    assert after(rows["Net.fc"]) == ("tanh",)
    assert rows["Net.head"].fan_out == 2


def test_a_function_that_is_handed_nothing_but_unknowns_does_not_call_itself_without_end() -> None:
    rows = layers(
        """
def fill(module, done):
    for child in module.children():
        fill(child, done)
    for child in module.others():
        fill(child, done)
    for weight in module.parameters():
        nn.init.zeros_(weight)

class Net(nn.Module):
    def __init__(self, extra):
        super().__init__()
        fill(extra, False)
        self.fc = nn.Linear(8, 8)
        nn.init.orthogonal_(self.fc.weight)

    def forward(self, x):
        return torch.relu(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("relu",)
    assert drawn(rows["Net.fc"]) == ("orthogonal_",)


def test_an_argument_is_what_the_class_says_of_the_attribute_by_its_name() -> None:
    row = layers(
        """
from dataclasses import dataclass
from elsewhere import between

@between(0, 9)
def within(value):
    return value

@dataclass
class Config:
    width: int = 8
    act: str = "gelu"
    rate: float = within(default=0.5)

class Base(nn.Module):
    config: Config

    def __init__(self, config):
        super().__init__()
        self.config = config

class Net(Base):
    def __init__(self, config):
        super().__init__(config)
        self.fc = nn.Linear(config.width, 2 * config.width)
        self.act = getattr(nn.functional, config.act)
        self.head = nn.Linear(16, 4 if config.rate else 2)

    def forward(self, x):
        return self.head(self.act(self.fc(x)))
"""
    )
    assert after(row["Net.fc"]) == ("gelu",)
    assert (row["Net.fc"].fan_in, row["Net.head"].fan_out) == (8, None)


def test_operators_of_the_program_are_called_by_their_names() -> None:
    rows = layers(
        """
@torch.library.custom_op("mine::act", mutates_args=())
def act(x: torch.Tensor) -> torch.Tensor:
    return torch.relu(x)

def product(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    return torch.matmul(x, w)

torch.library.custom_op("mine::product", product, mutates_args=(), schema="(Tensor x, Tensor w) -> Tensor")

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        self.w = nn.Parameter(torch.ones(8, 8))

    def forward(self, x):
        x = act(self.b(torch.ops.mine.act(self.a(x))))
        return torch.ops.mine.product(torch.ops.mine.other(self.c(x)), self.w) + torch.ops.mine.product(x, self.w)
"""
    )
    assert [after(rows[f"Net.{name}"]) for name in "abc"] == [("relu",), ("relu",), None]


def test_a_function_that_calls_itself_so_often_as_its_argument_says_does() -> None:
    rows = layers(
        """
class Hourglass(nn.Module):
    def __init__(self, depth, width, extra=None):
        super().__init__()
        self.fc = nn.Linear(width, width)
        if extra:
            self.inner = Hourglass(depth - 1, width) if depth > 1 else nn.Linear(width, width)
        else:
            self.inner = Hourglass(depth - 1, width, extra) if depth > 1 else nn.Linear(width, 1)

    def forward(self, x):
        return self.inner(torch.relu(self.fc(x)))

def build():
    return Hourglass(5, 8)
"""
    )
    assert after(rows["Hourglass.fc"]) == ("relu",)
    assert rows["Hourglass.inner"].fan_out == 1


def test_a_walk_over_something_unknown_is_cut_short_and_the_rest_is_told() -> None:
    rows = layers(
        """
def walk(data, shape, leaves, depth=0):
    if isinstance(data, (list, tuple)):
        if depth == len(shape):
            shape.append(len(data))
        for value in data:
            walk(value, shape, leaves, depth + 1)
    else:
        leaves.append(data)

class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.size = size

    def forward(self, x):
        shape, leaves = [], []
        for i in range(4):
            walk([[0, 0], [self.size, 0], [x.shape[i], self.size]], shape, leaves)
        return torch.relu(self.fc(x)), leaves
"""
    )
    assert after(rows["Net.fc"]) == ("relu",)


def test_a_loop_that_may_end_at_every_turn_gives_all_that_it_may() -> None:
    rows = layers(
        """
def activation(name, known):
    while True:
        if name in known:
            return nn.ReLU
        name, dot, _ = name.rpartition(".")
        if not dot:
            return nn.Tanh

class Net(nn.Module):
    def __init__(self, name, known):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = activation(name, known)()

    def forward(self, x):
        return self.act(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("relu", "tanh")


def test_the_type_of_a_tensor_and_of_a_tuple_is_known() -> None:
    rows = layers(
        """
def first(tree):
    if type(tree) is dict:
        return first(next(iter(tree.values())))
    if type(tree) is tuple or type(tree) is list:
        return first(tree[0])
    if type(tree) is torch.Tensor:
        return tree
    raise ValueError("not supported")

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)
        self.kind = type((1, 2)).__name__
        self.act = nn.ReLU() if type(self.a.weight) is nn.Parameter else nn.Tanh()
        self.other = nn.Tanh() if type(self.a.weight) is torch.Tensor or self.kind != "tuple" else nn.Sigmoid()

    def forward(self, x):
        x = self.act(self.a(first((x, [x]))))
        return self.other(self.b(first({"x": x, "y": [x]})))
"""
    )
    assert (after(rows["Net.a"]), after(rows["Net.b"])) == (("relu",), ("sigmoid",))


@pytest.mark.parametrize("name", ["", " as entered"])
def test_context_managers_are_entered_with_and_without_a_name(name: str) -> None:
    rows = layers(f"""
class Guard:
    running = None

    def __enter__(self):
        self.running = 1

    def __exit__(self, *problem):
        if self.running is None:
            raise RuntimeError("not running")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        with Guard(){name}:
            self.fc = nn.Linear(8, 8)
        nn.init.ones_(self.fc.weight)
""")
    assert drawn(rows["Net.fc"]) == ("ones_",)


def test_classes_are_told_from_functions() -> None:
    rows = layers("""
import inspect, torch
from torch import nn

def marked(thing):
    if inspect.isclass(thing):
        return thing
    return None

@marked
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return torch.tanh(self.fc(x))
""")
    assert after(rows["Net.fc"]) == ("tanh",)


def test_tests_that_build_a_model_leave_it_as_it_is() -> None:
    rows = layers("""
import unittest, torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return torch.tanh(self.fc(x))


class TestNet(unittest.TestCase):
    def test_shape(self):
        self.assertEqual(Net()(torch.rand(2, 8)).shape, (2, 8))
""")
    assert rows["Net.fc"].activation_complete
    assert rows["Net.fc"].init_complete


def test_modules_under_names_that_are_not_known_have_numbers() -> None:
    rows = layers("""
class Net(nn.Sequential):
    def __init__(self, sizes):
        super().__init__()
        for index, size in enumerate(sizes):
            self.add_module(f"{index}", nn.Linear(8, 8))
""")
    assert set(rows) == {"Net.*"}
