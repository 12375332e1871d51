"""What roots told is taken from the lint before where nothing they could come by has changed, and only there."""

from __future__ import annotations

import ast
import gc
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.config import Configuration
from initlint.lint import Report, lint
from initlint.memory.in_process import Memory
from initlint.memory.recall import Recall
from initlint.syntax.source import Source

SETTINGS = Configuration({"extend_select": ("ALL",)}, isolated=True, cwd="/project").root
OTHER = (
    "import torch.nn as nn\n\n\ndef head(m):\n    nn.init.xavier_normal_(m.weight)\n\n\n"
    "def tail(m):\n    nn.init.normal_(m.weight, std=0.7)\n",
    "import torch.nn as nn\n\n\ndef head(m):\n    nn.init.zeros_(m.weight)\n\n\ntail = nn.init.orthogonal\n",
    "import torch.nn as nn\n\n\ndef head(m):\n    m.reset()\n\n\ndef tail(m):\n    pass\n",
)
TRAIN = (
    "",
    "import torch\nfrom model import Net0\n\nmodel = Net0()\nmodel(torch.rand(3)).sum().backward()\n",
    "from model import *\n\n\ndef build():\n    net = Net1()\n    net.reset()\n    return net\n",
)
NET = """
class Net{n}({base}):
    def __init__(self, width=WIDTH, act={act}):
        super().__init__()
        self.fc1 = nn.Linear(8, width)
        self.fc2 = nn.Linear(width, {out})
        self.act = act()
        {init}

    def reset(self):
        nn.init.uniform_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""


def net(number: int) -> tuple[str, ...]:
    """The ways one class may be written, the last not at all."""
    inits = (
        "helper(self.fc1)", "nn.init.xavier_normal(self.fc1.weight)", "tail(self.fc2)",
        "nn.init.zeros_(self.fc1.weight); nn.init.zeros_(self.fc1.weight)", "self.reset", "self.reset()",
    )
    return (
        *(
            NET.format(n=number, base=base, act=act, out=10 + number, init=inits[(number + index) % len(inits)])
            for index, (base, act) in enumerate(
                [("Base", "ACT"), ("nn.Module", "nn.ReLU"), ("Base", "nn.Tanh"), ("nn.Module", "ACT")]
            )
        ),
        "",
    )


SLOTS: Sequence[tuple[str, ...]] = (
    ("import torch.nn as nn\nfrom other import head as tail", "import torch.nn as nn\nfrom other import tail"),
    ("WIDTH = 16", "WIDTH = 32", "WIDTH = int(64)"),
    ("ACT = nn.ReLU", "ACT = nn.GELU", "ACT = {'a': nn.Tanh}['a']"),
    (
        "def helper(m):\n    nn.init.kaiming_normal_(m.weight, a=0.2)",
        "def helper(m):\n    nn.init.kaiming_uniform_(m.weight)",
        "def helper(m):\n    inner(m)\n\n\ndef inner(m):\n    nn.init.ones_(m.weight)",
        "def helper(m):\n    globals()['tail'](m)",
    ),
    (
        "class Base(nn.Module):\n    pass",
        "class Base(nn.Module):\n    def forward(self, x):\n        return x",
        "class Base(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.first = nn.Linear(4, 4)",
        "MODELS = []\n\n\ndef register(cls):\n    MODELS.append(cls)\n    return cls\n\n\n"
        "@register\nclass Base(nn.Module):\n    pass",
    ),
    net(0),
    net(1),
    net(2),
    ("def net_a():\n    return Net0()", "def net_a():\n    return Net0(act=nn.Tanh)", ""),
    ("def net_b():\n    return Net0()", "def net_b():\n    return Net1(4)", ""),
    ("def unused(net):\n    net.reset()", "", "Net0.reset = helper", "Net0.extra = Net1()", "helper = tail"),
    (
        "", "if __name__ == '__main__':\n    Net2()(1)", "built = Net1()", "net = Net0()\nnet.backward()",
        "class Net1(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(2, 3)",
    ),
)
GAPS = ("\n", "\n\n\n", "\n# a comment on xavier\n", "\n\n\ndef between(x):\n    return x\n\n")

edits = st.lists(
    st.tuples(st.integers(0, len(SLOTS) - 1), st.integers(0, 4), st.integers(0, len(GAPS) - 1)), min_size=1, max_size=4
)


class Program:
    """Three files of which any definition can be written in several ways."""

    def __init__(self) -> None:
        self.chosen = [0] * len(SLOTS)
        self.gaps = [0] * len(SLOTS)
        self.other = self.train = 0

    def sources(self) -> list[Source]:
        text = "".join(
            slot[way % len(slot)] + "\n" + GAPS[gap]
            for slot, way, gap in zip(SLOTS, self.chosen, self.gaps, strict=True)
        )
        texts = {"model": text, "other": OTHER[self.other], "train": TRAIN[self.train]}
        return [Source(f"/project/{name}.py", each) for name, each in texts.items()]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2), st.lists(st.tuples(edits, st.integers(0, 2)), min_size=2, max_size=4))
def test_what_is_recalled_is_what_a_fresh_run_finds(train: int, steps: list[tuple[list[tuple[int, int, int]], int]]) -> None:
    program, memory = Program(), Memory(Recall())
    program.train = train
    for changes, other in [([], 0), *steps]:
        for slot, way, gap in changes:
            program.chosen[slot], program.gaps[slot] = way, gap
        program.other = other
        sources = program.sources()
        assert lint(sources, SETTINGS, cache=memory) == lint(sources, SETTINGS)


# -- what is traced again -------------------------------------------------------------------------


CLASS = """

class Net{n}(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear({width}, 8)
        {init}(self.fc.weight)

    def forward(self, x):
        return self.fc(x).relu()
"""


def many(*, head: str = "import torch.nn as nn\n\n\ndef own(weight):\n    nn.init.ones_(weight)\n", width: int = 8) -> str:
    """Nine classes, of which the fifth has a width of its own and the last two use a helper."""
    return head + "".join(
        CLASS.format(n=n, width=width if n == 4 else 8, init="own" if n > 6 else "nn.init.xavier_normal")
        for n in range(9)
    )


def again(memory: Memory, traced: list[str], text: str) -> list[str]:
    """What is traced for a text; the report is that of a fresh run."""
    source = Source("/project/m.py", text)
    traced.clear()
    report = lint([source], SETTINGS, cache=memory)
    found = sorted(traced)
    assert report == lint([source], SETTINGS)
    assert report.files[0].findings
    return found


ALL = [f"Net{n}" for n in range(9)]
LINE = "import torch.nn as nn\n\n\ndef own(weight):\n    nn.init.{}(weight)\n"


def test_only_the_definition_that_changed_is_traced_again(traced: list[str]) -> None:
    memory = Memory(Recall())
    assert again(memory, traced, many()) == ALL
    assert again(memory, traced, many()) == []
    assert again(memory, traced, many(width=16)) == ["Net4"]
    assert again(memory, traced, many(width=8)) == []                      # undone


def test_lines_between_definitions_move_what_was_told(traced: list[str]) -> None:
    memory = Memory(Recall())
    again(memory, traced, many())
    assert again(memory, traced, "# a comment\n\n" + many()) == []
    assert again(memory, traced, many().replace("class Net5", "def new():\n    pass\n\n\nclass Net5")) == []
    assert again(memory, traced, many() + "\n\nTHE_END = 1\n") == []


def test_whoever_uses_a_helper_is_traced_again(traced: list[str]) -> None:
    memory = Memory(Recall())
    again(memory, traced, many(head=LINE.format("ones_")))
    assert again(memory, traced, many(head=LINE.format("zeros_"))) == ["Net7", "Net8"]


def test_a_name_that_takes_the_place_of_another_counts(traced: list[str]) -> None:
    memory = Memory(Recall())
    again(memory, traced, many())
    assert again(memory, traced, many() + "\n\ndef own(weight):\n    nn.init.zeros_(weight)\n") == ["Net7", "Net8"]


@pytest.mark.parametrize(
    "statement", ["Net3.forward = None", "setattr(Net3, 'a', 1)", "for net in (Net1, Net3):\n    net.a = 1", "Net3()"]
)
def test_statements_that_do_something_count_for_all(traced: list[str], statement: str) -> None:
    memory = Memory(Recall())
    again(memory, traced, many())
    assert set(ALL) <= {*again(memory, traced, f"{many()}\n\n{statement}\n"), "Net3", "Net1"}


def test_what_a_file_imports_counts_as_a_whole(traced: list[str]) -> None:
    memory, head = Memory(Recall()), "import torch.nn as nn\nfrom helpers import own\n"
    model = Source("/project/m.py", many(head=head))
    for function, expected in (("ones_", ALL), ("zeros_", ALL), ("zeros_", [])):
        traced.clear()
        helper = Source("/project/helpers.py", f"import torch.nn as nn\n\n\ndef own(w):\n    nn.init.{function}(w)\n")
        report = lint([model, helper], SETTINGS, cache=memory)
        assert sorted(set(traced) & set(ALL)) == expected
        assert report == lint([model, helper], SETTINGS)


def test_a_class_that_another_names_from_now_on_is_no_entry(traced: list[str]) -> None:
    memory = Memory(Recall())
    again(memory, traced, many())
    assert again(memory, traced, many() + "\n\nclass Other(nn.Module):\n    kind = Net4\n") == ["Net4", "Other"]


def test_a_file_that_trains_its_models_is_judged_anew(traced: list[str]) -> None:
    memory = Memory(Recall())
    again(memory, traced, many())
    assert again(memory, traced, many() + "\n\ndef train(loss):\n    loss.backward()\n") == ALL


def test_functions_that_build_the_like_are_traced_together(traced: list[str]) -> None:
    memory, tail = Memory(Recall()), "\n\ndef first():\n    return Net4()\n\n\ndef second():\n    return Net4()\n"
    assert {"first()", "second()"} <= set(again(memory, traced, many() + tail))
    assert again(memory, traced, many() + tail) == []
    assert again(memory, traced, many() + tail.replace("first", "other")) == ["other()", "second()"]


def test_a_file_is_looked_through_again_only_with_what_it_imports(surveyed: list[str]) -> None:
    memory, program = Memory(Recall()), Program()
    program.train = 1
    for change, expected in (
        (lambda: None, ["model", "other", "train"]),
        (lambda: setattr(program, "train", 2), ["train"]),
        (lambda: program.chosen.__setitem__(1, 1), ["model", "train"]),
        (lambda: setattr(program, "other", 1), ["model", "other", "train"]),
    ):
        change()
        surveyed.clear()
        report = lint(program.sources(), SETTINGS, cache=memory)
        assert surveyed == expected
        assert report == lint(program.sources(), SETTINGS)


def test_names_that_code_works_out_keep_nothing(traced: list[str]) -> None:
    memory = Memory(Recall())
    head = "import torch.nn as nn\n\n\ndef own(weight):\n    globals()['se' + 'cret'](weight)\n"
    tail = "\n\ndef secret(weight):\n    nn.init.{}(weight)\n"
    again(memory, traced, many(head=head) + tail.format("ones_"))
    again(memory, traced, many(head=head) + tail.format("zeros_"))         # equal to a fresh run


def test_an_initialiser_that_nothing_calls_any_more_is_found(traced: list[str]) -> None:
    memory = Memory(Recall())
    head = "import torch.nn as nn\n\n\ndef own(weight):\n    nn.init.ones_(weight)\n"
    trains = "\n\nnn.Sequential(Net1()).train().backward()\n"
    calls = "\n\ndef user(net):\n    spare(net)\n"
    spare = "\n\ndef spare(net):\n    nn.init.ones_(net.fc.weight)\n"
    again(memory, traced, many(head=head) + spare + calls + trains)
    again(memory, traced, many(head=head) + spare + trains)


def report_of(memory: Memory, text: str) -> Report:
    return lint([Source("/project/m.py", text)], SETTINGS, cache=memory)


def test_what_has_not_been_asked_for_in_a_while_is_forgotten(traced: list[str]) -> None:
    memory = Memory(Recall())
    report_of(memory, many())
    for width in range(16, 24):
        report_of(memory, many(width=width))
    traced.clear()
    report_of(memory, many(width=16))
    assert traced == ["Net4"]


def test_nothing_is_left_of_the_syntax_of_a_program() -> None:
    def trees() -> int:
        gc.collect()
        return sum(isinstance(each, ast.Module) for each in gc.get_objects())

    memory = Memory(Recall())
    report_of(memory, many())
    before = trees()
    for width in range(16, 20):
        report_of(memory, many(width=width))
    assert trees() == before
