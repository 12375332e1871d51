"""Programs traced from source text."""

from __future__ import annotations

from textwrap import dedent

from initlint.model.program import Program
from initlint.model.survey import SCRIPT
from initlint.syntax.source import from_text
from initlint.trace.program.project import Project
from initlint.trace.roots.tracer import Tracer

HEADER = "import copy\nimport math\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
LINES = HEADER.count("\n")
"""Lines above the text a test writes."""


def program(text: str) -> Program:
    """The facts of the one script, function or class that a file consists of; its first line is line 1."""
    source = from_text(HEADER + dedent(text).strip("\n") + "\n", "net.py")
    project = Project([source])
    tracer = Tracer(project)
    scope = project.scope_of(source)
    found = tracer.survey(scope)
    roots = list(tracer.entries(scope, {SCRIPT, *(name for name, _ in found.functions)}))
    lines = {each.place[1] for each in found.classes}
    roots += [] if roots else [root for _, root in tracer.classes(scope, dict.fromkeys(lines, True))]
    made = [tracer.run(root).program for root in roots[-1:]]
    assert made
    assert made[0] is not None
    return made[0]


def module(body: str, forward: str = "return x") -> Program:
    """The facts of a class whose `__init__` consists of these statements, the first of them on line 4."""
    statements = dedent(body).strip("\n").replace("\n", "\n        ")
    text = (
        "class Net(nn.Module):\n"
        "    def __init__(self, flag, n=8):\n"
        "        super().__init__()\n"
        f"        {statements}\n"
        "    def forward(self, x):\n"
        f"        {forward}\n"
    )
    return program(text)


def line(span: object) -> int:
    """The line of a span, counted from the first line a test wrote."""
    return span.line - LINES  # type: ignore[attr-defined]
