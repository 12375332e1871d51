"""What is known where a root had to be given up: what it calls is then run by itself."""

from __future__ import annotations

import pytest

from initlint.config import Configuration
from initlint.config.settings import Settings
from initlint.lint import lint
from initlint.model.survey import Others
from initlint.syntax.source import Source, from_text
from initlint.trace.program.project import Project
from initlint.trace.roots.tracer import Tracer
from tests.trace.programs import after, drawn, layers

ZOO = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, act=F.relu):
        super().__init__()
        self.act = act
        self.fc = nn.Linear(8, 8)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        return self.out(self.act(self.fc(x)))


def small(**kwargs):
    net = Net(**kwargs)
    return net


def smooth():
    return Net(F.gelu)
"""
ENDS = {
    "raises": "raise RuntimeError('not the size that was asked for')",
    "asserts": "assert net.fc.weight.dim() == 1",
    "takes too long": "n = 'x' * 60; nets = [[[make() for _ in n] for _ in n] for _ in n]",
}


def script(*lines: str) -> str:
    body = "\n".join(f"        {line}" for line in lines)
    return f"{ZOO}\n\ndef check():\n    for make in [small, smooth]:\n{body}\n\n\nif __name__ == '__main__':\n    check()\n"


@pytest.mark.parametrize("end", ENDS)
def test_what_a_script_calls_is_run_by_itself(end: str) -> None:
    rows = layers(script("net = make()", "net(torch.randn(2, 8))", ENDS[end]))
    assert after(rows["Net.fc"]) == ("gelu", "relu")
    assert drawn(rows["Net.fc"]) == ("default",)
    assert rows["Net.fc"].roots == ("small()", "smooth()")


def test_what_a_script_told_beyond_that_still_counts() -> None:
    rows = layers(script("net = make()", "nn.init.xavier_uniform_(net.fc.weight)", ENDS["raises"]))
    assert after(rows["Net.fc"]) is None
    assert drawn(rows["Net.fc"]) is None
    assert drawn(rows["Net.out"]) == ("default",)


def test_what_asks_for_arguments_is_not_run_by_itself() -> None:
    rows = layers(
        script("net = make()", "head(net)", ENDS["raises"])
        + """

class Head(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.fc, self.act = nn.Linear(8, 8), act

    def forward(self, x):
        return self.act(self.fc(x))


def head(net, act=F.relu):
    return Head(act)
"""
    )
    assert rows["Net.fc"].roots == ("small()", "smooth()")
    assert rows["Head.fc"].roots == ("net.py as a script",)


def test_a_script_that_comes_to_its_end_stands_for_what_it_calls() -> None:
    rows = layers(script("net = make()", "net(torch.randn(2, 8))", "assert tuple(net.fc(torch.ones(8)).size()) == (8,)"))
    assert after(rows["Net.fc"]) == ("gelu", "relu")
    assert rows["Net.fc"].roots == ("net.py as a script",)


def test_what_is_given_up_is_said_once() -> None:
    source = from_text(script("net = make()", ENDS["raises"]), "net.py")
    assert isinstance(source, Source)
    assert lint([source], Settings()).notes == ("net.py as a script in net.py: given up (RuntimeError raised)",)


def test_what_a_script_starts_that_comes_to_nothing_is_run_by_itself() -> None:
    rows = layers(
        ZOO
        + """

def main(options):
    net = Net(F.silu)
    net(options.input)


if __name__ == "__main__":
    raise SystemExit("not here")
    main(None)
"""
    )
    assert after(rows["Net.fc"]) == ("gelu", "relu", "silu")


LATE = """
import torch
import torch.nn as nn


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.empty(4, 8))

    def forward(self, x):
        return x + self.table


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.positions = Positions()
        {between}
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, Positions):
            {fill}

    def forward(self, x):
        return self.positions(x)
"""


@pytest.mark.parametrize("between", ["pass", "n = 'x' * 60; nets = [[[nn.Linear(2, 2) for _ in n] for _ in n] for _ in n]"])
@pytest.mark.parametrize("fill", ["nn.init.normal_(module.table)", "pass"])
def test_what_was_not_reached_may_fill_what_is_empty(between: str, fill: str) -> None:
    source = from_text(LATE.format(between=between, fill=fill), "net.py")
    assert isinstance(source, Source)
    report = lint([source], Configuration({"select": ["ALL"]}, isolated=True).root)
    assert bool(report.notes) == (between != "pass")
    codes = {finding.code for file in report.files for finding in file.findings}
    assert codes == ({"INI403"} if (between, fill) == ("pass", "pass") else set())


ENDLESS = "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}((x, {i}))\n\n\n" for i in range(40)) + "f40 = len\n"
"""Functions that call the next one twice."""


def test_a_class_is_there_whatever_its_base_does_with_it() -> None:
    base = "\n\nclass Base:\n    def __init_subclass__(cls):\n        cls.size = f0(cls)\n"
    rows = layers(f"{ENDLESS}{base}{ZOO.replace('(nn.Module)', '(Base, nn.Module)')}")
    assert after(rows["Net.fc"]) == ("gelu", "relu")


def test_statements_after_one_without_end_are_executed() -> None:
    rows = layers(f"{ENDLESS}\n\nf0(1)\n{ZOO}\n\nf0(2)\nf0(3)\nlarge = smooth\n\n\ndef other():\n    return large()\n")
    assert after(rows["Net.fc"]) == ("gelu", "relu")
    assert "other()" in rows["Net.fc"].roots


def test_a_model_that_is_too_large_is_run_in_outline() -> None:
    """Of its long loops, the first and the last turns."""
    rows = layers("""
class Block(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = nn.Tanh() if last else nn.ReLU()

    def forward(self, x):
        return self.act(self.fc(x))


class Net(nn.Module):
    def __init__(self, groups=60, blocks=60):
        super().__init__()
        self.body = nn.Sequential(*[
            nn.Sequential(*[Block(j == blocks - 1) for j in range(blocks)], nn.Linear(8, 8)) for _ in range(groups)
        ])
        self.head = nn.Linear(8, 8)
        nn.init.zeros_(self.head.weight)

    def forward(self, x):
        return self.head(self.body(x))
""")
    assert after(rows["Block.fc"]) == ("relu", "tanh")
    assert drawn(rows["Block.fc"]) == ("default",)
    assert after(rows["Net.head"]) == ("none",)
    assert drawn(rows["Net.head"]) == ("zeros_",)


@pytest.mark.parametrize(
    ("first", "reached"), [("pass", False), ("self.a = nn.ReLU()", False), ("self.a = nn.Linear(8, 8)", True)]
)
def test_what_has_built_no_weight_is_given_up_sooner(first: str, reached: bool) -> None:
    net = f"""
class Late(nn.Module):
    def __init__(self):
        super().__init__()
        {first}
        f26(1)
        self.fc = nn.Linear(8, 8)
        self.act = nn.Tanh()

    def forward(self, x):
        return self.act(self.fc(x))
"""
    source = from_text(f"import torch.nn as nn\n{ENDLESS}\n{net}", "net.py")
    assert isinstance(source, Source)
    fc = next(row for row in lint([source], Settings()).layers if row.path == "fc")
    assert after(fc) == (("tanh",) if reached else None)


@pytest.mark.parametrize(("part", "most"), [("nn.ReLU()", 5_000), ("nn.Linear(8, 8)", 60_000)])
def test_a_forward_without_weights_is_given_up_sooner(part: str, most: int) -> None:
    source = from_text(
        f"""
import torch.nn as nn
{ENDLESS}

class Long(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = {part}

    def forward(self, x):
        f0(1)
        return self.part(x)
""",
        "net.py",
    )
    assert isinstance(source, Source)
    project = Project([source])
    tracer = Tracer(project)
    scope = project.scope_of(source)
    tracer.survey(scope)
    line = source.text[: source.text.index("class")].count("\n") + 1
    ((_, root),) = tracer.classes(scope, {line: Others.NONE})
    tracer.run(root)
    assert most // 2 < tracer.interpreter.steps < most


def test_what_raises_while_it_is_built_is_run_by_itself() -> None:
    """Its only builder spreads arguments that nobody has given."""
    rows = layers(
        """
import torch.nn as nn

class Net(nn.Module):
    def __init__(self, *, features: int):
        super().__init__()
        self.fc = nn.Linear(features, 8)

    def forward(self, x):
        return self.fc(x).relu()

class Pair(nn.Module):
    def __init__(self, **kwargs):
        super().__init__()
        self.net = Net(**{key: value for key, value in kwargs.items() if key.startswith("net_")})

    def forward(self, x):
        return self.net(x)
"""
    )
    assert [activation.name for activation in rows["Net.fc"].activations] == ["relu"]
