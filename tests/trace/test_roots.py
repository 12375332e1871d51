"""What a class or function is run on where its own defaults, or its `forward`, do not say."""

from __future__ import annotations

import pytest

from initlint.syntax.source import Source, from_text
from initlint.trace.program.project import Project
from initlint.trace.roots.tracer import Tracer
from tests.trace.programs import after, drawn, layers

WIDTHS = """
class Heads(nn.Module):
    def __init__(self, classes=8, {default}):
        super().__init__()
        first = max({first}, classes)
        self.rows = nn.ModuleList(nn.Sequential(nn.Linear(8, first), nn.ReLU(), nn.Linear(first, 1)) for _ in range(2))

    def forward(self, xs):
        return [row(x) for row, x in zip(self.rows, xs)]
"""


@pytest.mark.parametrize(
    ("default", "first"),
    [
        ("widths=()", "widths[0]"),
        ("widths=None", "widths[0]"),
        ("*, config=None", "config.width"),
        ("name=''", "int(name[0])"),
    ],
)
def test_what_raises_on_its_own_defaults_is_given_something(default: str, first: str) -> None:
    rows = layers(WIDTHS.format(default=default, first=first))
    assert after(rows["Heads.rows.*.0"]) == ("relu",)
    assert drawn(rows["Heads.rows.*.0"]) == ("default",)


def test_defaults_that_work_are_what_a_class_is_built_with() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, act=None):
        super().__init__()
        self.act = act or nn.GELU()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.act(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("gelu",)


def test_what_raises_whatever_it_is_given_is_not_known() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, act=None):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        raise RuntimeError("not this one")

    def forward(self, x):
        return torch.relu(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) is None
    assert drawn(rows["Net.fc"]) is None


def test_a_forward_that_only_refuses_is_none() -> None:
    rows = layers(
        """
class Tracker(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, *args, **kwargs):
        \"\"\"Frames come one by one.\"\"\"
        raise NotImplementedError("call track")

    def track(self, x):
        return torch.tanh(self.fc(x))
"""
    )
    assert after(rows["Tracker.fc"]) == ("tanh",)


def test_parts_that_no_method_runs_are_run_by_themselves() -> None:
    rows = layers(
        """
class Parts(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
        self.head = nn.Linear(8, 8)

    def classify(self, x):
        return self.head(x).softmax(-1)

    def freeze(self, flag):
        self.encoder.requires_grad_(flag)
"""
    )
    assert after(rows["Parts.encoder.0"]) == ("relu",)
    assert after(rows["Parts.encoder.2"]) is None, "who runs it is not seen"
    assert after(rows["Parts.head"]) == ("softmax",)


def test_keywords_that_a_class_insists_on_are_there() -> None:
    rows = layers(
        """
class Net(nn.Module):
    def __init__(self, width=8, **kwargs):
        super().__init__()
        assert "config" in kwargs, "say with what"
        self.config = kwargs["config"]
        self.fc = nn.Linear(width, self.config.size)

    def forward(self, x):
        return torch.relu(self.fc(x))
"""
    )
    assert after(rows["Net.fc"]) == ("relu",)
    assert drawn(rows["Net.fc"]) == ("default",)


def test_the_device_of_parts_that_are_not_known_is_asked_for() -> None:
    rows = layers(
        """
class Cascade(nn.Module):
    def __init__(self, nets):
        super().__init__()
        self.nets = nn.ModuleList([])
        for net in nets:
            self.nets.append(net)
        device = next(self.nets.parameters()).device
        self.fc = nn.Linear(8, 8).to(device)

    def forward(self, x):
        return torch.relu(self.fc(x))
"""
    )
    assert after(rows["Cascade.fc"]) == ("relu",)
    assert drawn(rows["Cascade.fc"]) == ("default",)


def test_an_object_that_is_an_iterator_gives_what_its_next_gives() -> None:
    rows = layers(
        """
class Widths:
    def __init__(self, *widths):
        self.widths = list(widths)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.widths:
            raise StopIteration
        return self.widths.pop(0)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        (width,) = Widths(16)
        self.fc = nn.Linear(8, width)
        self.act = next(iter([nn.Tanh()]))

    def forward(self, x):
        return self.act(self.fc(x))
"""
    )
    assert rows["Net.fc"].fan_out == 16
    assert after(rows["Net.fc"]) == ("tanh",)


def test_a_forward_that_raises_on_the_defaults_is_run_with_something() -> None:
    rows = layers(
        """
class Cut(nn.Module):
    def __init__(self, width=8, cutoff=None, act=torch.tanh):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.cutoff = cutoff
        self.act = act

    def forward(self, x):
        return self.act(self.fc(x)) * self.cutoff(x)
"""
    )
    assert after(rows["Cut.fc"]) == ("tanh",)
    assert rows["Cut.fc"].fan_in == 8


def test_what_raises_either_way_is_told_as_it_is_by_default() -> None:
    rows = layers(
        """
class Cut(nn.Module):
    def __init__(self, width=8, cutoff=None):
        super().__init__()
        self.fc = nn.Linear(width, width)
        if cutoff is not None:
            nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        raise RuntimeError(self.fc)
"""
    )
    assert drawn(rows["Cut.fc"]) == ("default",)


def test_a_module_is_in_training_while_it_is_made() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        if self.training:
            nn.init.orthogonal_(self.fc.weight)

    def forward(self, x):
        return F.relu(self.fc(x)) if self.training else torch.tanh(self.fc(x))
""")
    assert drawn(rows["Net.fc"]) == ("orthogonal_",)
    assert after(rows["Net.fc"]) == ("relu", "tanh")


def test_a_configuration_whose_defaults_are_refused_holds_something() -> None:
    rows = layers("""
@dataclass
class Config:
    widths: tuple | None = None
    hidden: int = 64


class Net(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        if config.widths is None:
            raise ValueError("no widths")
        self.fc = nn.Linear(config.widths[0], config.hidden)
        self.out = nn.Linear(config.hidden, 10)

    def forward(self, x):
        return self.out(F.relu(self.fc(x)))
""")
    assert after(rows["Net.fc"]) == ("relu",)
    assert rows["Net.out"].fan_in == 64


def test_arguments_of_unknown_number_may_be_as_many_as_are_asked_for() -> None:
    rows = layers("""
import torch.nn as nn
import torch.nn.functional as F
from somewhere import sizes


class Net(nn.Module):
    def __init__(self, a, b, c, act=F.relu):
        super().__init__()
        self.fc, self.act = nn.Linear(a, 4), act

    def forward(self, x):
        return self.act(self.fc(x))


def make():
    return Net(*sizes())
""")
    assert after(rows["Net.fc"]) == ("relu",)
    assert rows["Net.fc"].roots == ("make()",)


def test_what_has_several_names_is_run_once() -> None:
    source = from_text(
        """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)


def make():
    return Net()


class Maker:
    def make(self):
        return Net()


Other = Another = Net
build = make
OtherMaker = Maker
""",
        "net.py",
    )
    assert isinstance(source, Source)
    project = Project([source])
    tracer = Tracer(project)
    scope = project.scope_of(source)
    survey = tracer.survey(scope)
    assert [builder.name for builder in survey.functions] == ["make", "Maker"]
    assert [each.name for each in survey.classes] == ["Net"]
    assert [root.name for root in tracer.entries(scope, {"make", "build", "Maker", "OtherMaker"})] == ["make()", "Maker()"]
