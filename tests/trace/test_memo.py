"""Calls that only compute are executed once; what has effects, or a state of its own, is executed each time."""

from __future__ import annotations

import textwrap

import pytest

from initlint.syntax.source import from_text
from initlint.trace.machine.interpreter import Interpreter
from initlint.trace.machine.values import FunctionV
from initlint.trace.program.project import Project
from initlint.trace.roots.tracer import Tracer
from tests.trace.programs import after, drawn, layers


@pytest.fixture
def entered(monkeypatch) -> list[str]:
    """The names of the functions that were executed, in order."""
    names: list[str] = []
    run = Interpreter.run

    def counting(self: Interpreter, code, frame):
        if isinstance(frame.function, FunctionV):
            names.append(frame.function.name)
        return run(self, code, frame)

    monkeypatch.setattr(Interpreter, "run", counting)
    return names


COUNTED = """
    calls = []

    def pick(flag):
        calls.append(flag)
        return len(calls)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            widths = [pick(True), pick(True), pick(True)]
            self.fc = nn.Linear(widths[-1], 4)

        def forward(self, x):
            return self.fc(x)
    """


def test_a_call_that_counts_itself_counts() -> None:
    assert layers(COUNTED)["Net.fc"].fan_in == 3


def test_a_call_that_only_computes_is_executed_once(entered: list[str]) -> None:
    rows = layers(
        """
        def twice(n):
            return 2 * n

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(twice(8), twice(8)) for _ in range(6)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x).relu()
                return x
        """
    )
    assert rows["Net.layers.*"].fan_in == 16
    assert entered.count("twice") == 1


def test_each_call_gets_a_list_of_its_own(entered: list[str]) -> None:
    rows = layers(
        """
        def widths(n):
            kept = {"widths": [n, n], "both": None}
            kept["both"] = (kept["widths"], kept["widths"])
            return kept

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                first, second = widths(8), widths(8)
                first["widths"].append(4)
                second["last"] = 2
                self.longer = nn.Linear(len(first["widths"]), 1)
                self.shared = nn.Linear(len(first["both"][0]) + len(first["both"][1]), 1)
                self.own = nn.Linear(len(second["widths"]), 1)
                self.entries = nn.Linear(len(first) + len(widths(8)), 1)

            def forward(self, x):
                return self.entries(self.own(self.shared(self.longer(x))))
        """
    )
    fans = [rows[f"Net.{name}"].fan_in for name in ("longer", "shared", "own", "entries")]
    assert fans == [3, 6, 2, 4]
    assert entered.count("widths") == 1


def test_what_a_call_writes_to_itself_is_no_effect(entered: list[str]) -> None:
    rows = layers(
        """
        import options
        import torch.nn as nn

        def even(n, flag):
            if flag:
                return n
            n = n // 2 * 2
            return n

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(even(8, options.odd), 8) for _ in range(6)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x).relu()
                return x
        """
    )
    assert rows["Net.layers.*"].fan_in == 8
    assert entered.count("even") == 1


def test_a_list_that_was_there_before_is_the_same_in_each_call() -> None:
    rows = layers(
        """
        kept = [8]

        def widths():
            return kept

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                widths().append(4)
                widths().append(4)
                self.fc = nn.Linear(len(widths()), 1)

            def forward(self, x):
                return self.fc(x)
        """
    )
    assert rows["Net.fc"].fan_in == 3


def test_modules_made_by_a_function_are_not_one() -> None:
    rows = layers(
        """
        def linear(n):
            return nn.Linear(n, n)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b = linear(8), linear(8)
                nn.init.zeros_(self.b.weight)

            def forward(self, x):
                return self.b(self.a(x).relu())
        """
    )
    assert (drawn(rows["Net.a"]), drawn(rows["Net.b"])) == (("default",), ("zeros_",))


def test_a_closure_answers_for_what_it_closes_over() -> None:
    rows = layers(
        """
        def repeated(n):
            def parse(x):
                return (x,) * n
            return parse

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(sum(repeated(2)(8)), 4)
                self.b = nn.Linear(sum(repeated(3)(8)), 4)

            def forward(self, x):
                return self.b(self.a(x).relu())
        """
    )
    assert (rows["Net.a"].fan_in, rows["Net.b"].fan_in) == (16, 24)


def test_a_call_that_waits_for_itself_ends() -> None:
    rows = layers(
        """
        def forever(n):
            return forever(n)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(forever(8), 4)

            def forward(self, x):
                return self.a(x).relu()
        """
    )
    assert (rows["Net.a"].fan_in, after(rows["Net.a"])) == (None, ("relu",))


def test_long_loops_over_plain_data_end_and_leave_what_they_made_open() -> None:
    rows = layers(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                total, seen = 0, []
                for i in range(250):
                    total += 1
                    seen.append(i)
                self.known = nn.Linear(8, 8)
                self.counted = nn.Linear(total, 8)

            def forward(self, x):
                return self.counted(self.known(x).relu()).tanh()
        """
    )
    assert (rows["Net.known"].fan_in, rows["Net.counted"].fan_in) == (8, None)
    assert after(rows["Net.counted"]) == ("tanh",)


BEFORE = """
    def rounded(n):
        for _ in range(8):
            n = (n + 7) // 8 * 8
        return n

    def width(n):
        return rounded(n) + rounded(n + 1)

    class Net(nn.Module):
        def __init__(self, n):
            super().__init__()
            import widths
            self.layers = nn.ModuleList([nn.Linear(width(i), widths.wide(i)) for i in range(n)])
            self.last = nn.Linear(widths.counted(), 4)

        def forward(self, x):
            for layer in self.layers:
                x = layer(x).relu()
            return x

    def first():
        return Net(6)

    def second():
        return Net(9)
    """
WIDTHS = """
count = 0

def wide(n):
    return sum([n + i for i in range(9)])

def counted():
    global count
    count += 1
    return count
"""


@pytest.mark.parametrize("most", [60, 150, 240, 330, 420, 10_000])
def test_what_a_root_tells_does_not_depend_on_the_roots_before_it(most: int, monkeypatch) -> None:
    monkeypatch.setattr("initlint.trace.roots.running.EMPTY_STEPS", most)
    monkeypatch.setattr("initlint.trace.roots.running.MAX_STEPS", most)

    def told(*names: str) -> tuple[object, ...]:
        net = from_text("import torch.nn as nn\n" + textwrap.dedent(BEFORE), "net.py")
        project = Project([net, from_text(WIDTHS, "widths.py")])
        tracer = Tracer(project)
        scope = project.scope_of(net)
        tracer.survey(scope)
        *_, last = [tracer.run(root) for name in names for root in tracer.entries(scope, {name})]
        assert last.program is not None
        return last.truncated, last.program.layers, tracer.interpreter.steps

    alone = told("second")
    assert told("first", "second") == alone
    assert told("second", "first", "second", "second") == alone
