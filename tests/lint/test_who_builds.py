"""A class is judged by who builds it: what may initialise it and was not run, or cannot be told, is given the benefit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from initlint.config.discovery import Configuration
from initlint.files.paths import find
from initlint.lint import lint
from initlint.session import findings_of
from initlint.syntax.source import Source, from_text
from initlint.trace.roots.tracer import Tracer
from tests.trace.programs import drawn, layers

NET = """
import torch.nn as nn


def initialise(model):
    for m in model.modules():
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)


def register(cls):
    REGISTRY[cls.__name__] = cls
    return cls


REGISTRY = {}

DECORATOR
class Net(nn.Module):
    def __init__(self, n=12):
        super().__init__()
        self.body = nn.Sequential(*(part for _ in range(n) for part in (nn.Linear(256, 256), nn.ReLU())))
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.body(x))


"""
NOBODY = NET.replace("DECORATOR\n", "")

RUN = {
    "a method of a plain class": """
class Trainer:
    def __init__(self, config):
        self.config = config

    def setup(self, depth):
        self.model = Net(depth)
        initialise(self.model)
""",
    "two methods, one of which calls the other": """
class Trainer:
    def build(self):
        return Net()

    def fit(self):
        self.model = self.build()
        initialise(self.model)
""",
    "a plain class that a function builds": """
class Trainer:
    def setup(self):
        self.model = Net()
        initialise(self.model)

def main():
    return Trainer()
""",
    "a class method": """
class Trainer:
    @classmethod
    def from_arguments(cls, arguments):
        model = Net(arguments.depth)
        initialise(model)
        return cls(model)
""",
    "a property": """
class Trainer:
    model_ = None

    @property
    def model(self):
        if self.model_ is None:
            self.model_ = Net()
            initialise(self.model_)
        return self.model_
""",
    "an object that is called": """
class Factory:
    def __call__(self, depth):
        model = Net(depth)
        initialise(model)
        return model
""",
    "a method of a base": """
class Base:
    def __init__(self):
        self.model = self.make()
        initialise(self.model)

class Mine(Base):
    def make(self):
        return Net()
""",
    "an attribute of a class": """
class Trainer:
    model_class = Net

    def setup(self):
        self.model = self.model_class()
        initialise(self.model)
""",
    "a field": """
from dataclasses import dataclass, field

@dataclass
class Experiment:
    model: nn.Module = field(default_factory=Net)

    def __post_init__(self):
        initialise(self.model)
""",
    "a table": """
MODELS = {"net": Net}

def build(name):
    model = MODELS[name]()
    initialise(model)
    return model
""",
    "a helper of a method that is never run": """
from elsewhere import Base

def build():
    model = Net()
    initialise(model)
    return model

class Task(Base):
    def prepare(self):
        self.model = build()
""",
}


@pytest.mark.parametrize("code", RUN.values(), ids=RUN)
def test_whoever_builds_a_class_is_run(code: str) -> None:
    rows = layers(NOBODY + code)
    assert drawn(rows["Net.body.*"]) == ("kaiming_normal_",)


def test_a_table_that_a_decorator_fills_is_built_from() -> None:
    rows = layers(NET.replace("DECORATOR", "@register") + """
def build(name, *arguments):
    model = REGISTRY[name](*arguments)
    initialise(model)
    return model
""")
    assert drawn(rows["Net.body.*"]) == ("kaiming_normal_",)


def test_registries_that_one_statement_makes_are_built_from() -> None:
    rows = layers("""
import torch.nn as nn

class Registry:
    def __init__(self):
        self.entries = {}

    def register(self, cls):
        self.entries[cls.__name__] = cls
        return cls

HEADS, NETS = Registry(), Registry()

@NETS.register
class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer = nn.Linear(size, size)

    def forward(self, x):
        return self.layer(x)

def build():
    model = NETS.entries["Net"](8)
    nn.init.orthogonal_(model.layer.weight)
    return model
""")
    assert drawn(rows["Net.layer"]) == ("orthogonal_",)


def test_an_object_is_built_once_where_one_method_calls_the_other() -> None:
    rows = layers(NOBODY + """
class Trainer:
    def build(self):
        self.model = Net()

    def fit(self):
        self.build()
        initialise(self.model)
""")
    assert drawn(rows["Net.body.*"]) == ("kaiming_normal_",)


UNSEEN = {
    "a lambda in a table": 'MAKERS = {"net": lambda n: initialise(Net(n))}',
    "a table": 'MODELS = {"net": Net}',
    "a name that is looked up": """
def build(name):
    model = globals()[name]()
    initialise(model)
    return model
""",
    "a coroutine": """
async def main(depth):
    model = Net(depth)
    initialise(model)
""",
    "a class whose base is not known": """
from elsewhere import Base

class Trainer(Base):
    def setup(self):
        self.model = Net()
        initialise(self.model)
""",
    "a function that raises": """
def build():
    model = Net()
    raise NotImplementedError
""",
}


@pytest.mark.parametrize("code", UNSEEN.values(), ids=UNSEEN)
def test_nothing_is_said_of_defaults_that_others_may_replace(code: str) -> None:
    assert _codes(NOBODY + code) == set()


def test_nothing_is_said_of_defaults_of_what_a_decorator_keeps() -> None:
    assert _codes(NET.replace("DECORATOR", "@register")) == set()


@pytest.mark.parametrize("code", ["", "Other = Net", "def check(model):\n    return isinstance(model, Net)"])
def test_a_class_that_nobody_builds_stands_as_written(code: str) -> None:
    assert _codes(NOBODY + code) == {"INI101"}


def test_a_decorator_that_keeps_nothing_changes_nothing() -> None:
    assert _codes(NET.replace("DECORATOR", "@documented").replace("REGISTRY = {}", "def documented(cls): return cls")) == {
        "INI101"
    }


def test_what_a_class_says_itself_counts_whoever_builds_it() -> None:
    text = NOBODY.replace("self.head = ", "nn.init.normal_(self.body[0].weight, 0.02)\n        self.head = ")
    assert _codes(text + 'MODELS = {"net": Net}') == {"INI006"}


@pytest.mark.parametrize("names", [("a_build.py", "nets.py"), ("nets.py", "z_build.py")])
def test_what_another_file_registers_is_the_same_in_any_order(tmp_path: Path, names: tuple[str, str]) -> None:
    build, nets = sorted(names, key=lambda name: "build" not in name)
    texts = {
        "registry.py": "REGISTRY = {}\n\ndef register(cls):\n    REGISTRY[cls.__name__] = cls\n    return cls\n",
        nets: "from registry import register\n" + NET.replace("def register(cls)", "def other(cls)").replace(
            "DECORATOR", "@register"
        ),
        build: "from registry import REGISTRY\n\ndef build(name):\n    return REGISTRY[name]()\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert _told(find([str(tmp_path)], Configuration({}, isolated=True)).files) == set()


def _codes(text: str) -> set[str]:
    source = from_text(text, "net.py")
    assert isinstance(source, Source)
    return _told([source])


def _told(files: Sequence[Source | str]) -> set[str]:
    report = lint(files, Configuration({}, isolated=True).root)
    return {finding.code for finding in findings_of(report)}


LARGE = NOBODY + """
def main():
    for a, b, c in ((a, b, c) for a in range(9) for b in range(9) for c in range(9)):
        for d, e, f in ((d, e, f) for d in range(9) for e in range(9) for f in range(9)):
            net = Net()
    return net


def other():
    return Net()


if __name__ == "__main__":
"""


@pytest.mark.parametrize(
    ("calls", "again"), [(("main()",), False), (("main()", "other()"), True)], ids=["alone", "beside another"]
)
def test_what_a_script_calls_alone_is_not_tried_again_where_it_was_too_large(
    calls: Sequence[str], again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("initlint.trace.roots.running", "initlint.trace.machine.interpreter"):
        monkeypatch.setattr(f"{module}.EMPTY_STEPS", 500)
        monkeypatch.setattr(f"{module}.MAX_STEPS", 600)
    ran: list[str] = []
    run = Tracer.run
    monkeypatch.setattr(Tracer, "run", lambda tracer, root: ran.append(root.name) or run(tracer, root))
    report = lint([from_text(LARGE + "".join(f"    {call}\n" for call in calls), "train.py")], Configuration(isolated=True).root)
    assert report.notes == ("train.py as a script in train.py: given up (steps)",)
    assert ("main()" in ran) is again
