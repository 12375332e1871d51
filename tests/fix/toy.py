"""A linter of a few lines, whose findings come with fixes of every temper."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from initlint.fix.apply import Outcome, fix_source
from initlint.model.change import Change, DeleteStatement, InitializeLayers, RenameFunction, ReplaceInit
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.source import Call, Span
from initlint.syntax.source import Source, from_text
from tests.fix.marks import call_at

HEAD = "import torch.nn as nn\n"
Judge = Callable[[ast.Call, Call], tuple[str, tuple[Change, ...], frozenset[str]] | None]


def judge(node: ast.Call, call: Call) -> tuple[str, tuple[Change, ...], frozenset[str]] | None:
    """Code, changes and subjects for calls with a telling name."""
    subject = frozenset({ast.unparse(node.args[0])} if node.args else ())
    match call.short_name:
        case "xavier_normal":
            return "T010", (RenameFunction(call, "xavier_normal_"),), frozenset()
        case "drop":
            return "T011", (DeleteStatement(call.span),), frozenset()
        case "worsen":
            return "T012", (RenameFunction(call, "worse"),), subject
        case "worse":
            return "T013", (), frozenset()
        case "stubborn":
            return "T014", (ReplaceInit(call, "stubborn", ("1",)),), frozenset()
        case "ping":
            return "T015", (RenameFunction(call, "pong"),), subject
        case "pong":
            return "T016", (RenameFunction(call, "ping"),), subject
        case "mask":
            return "T017", (RenameFunction(call, "masked"),), subject
        case "masked":
            return "T018", (RenameFunction(call, "clean"),), subject
        case "layer":
            init = InitializeLayers(call.span, (f"self.{ast.unparse(node.args[0])}",), ("{init}.ones_({target}.weight)",))
            return "T019", (init,), frozenset()
        case "root":
            return "T020", (ReplaceInit(call, "zeros_"),), frozenset()
    return None


def silences(code: str, other: str) -> bool:
    return code < other


def lint(source: Source) -> list[Finding]:
    return sorted(_findings(source), key=lambda finding: (finding.span, finding.code))


def _findings(source: Source) -> Iterator[Finding]:
    tree = ast.parse(source.text)
    initialised = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    looped = {ast.unparse(part) for node in ast.walk(tree) if isinstance(node, ast.For)
              for part in getattr(node.iter, "elts", [])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            span = Span(source.path, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
            judged = judge(node, call_at(source, span))
            if judged is None:
                continue
            code, changes, subjects = judged
            if code == "T019":
                name = f"self.{ast.unparse(node.args[0])}"
                if f"{name}.weight" in initialised or name in looped:
                    continue
            fix = Fix("mend", Applicability.SAFE, changes) if changes else None
            yield Finding(code, "toy", Severity.NOTE, f"{code} says no", span, fix=fix, subjects=subjects)


def run(text: str, path: str = "net.py", allowed: Callable[[Finding], bool] = lambda finding: True) -> Outcome:
    source = from_text(text, path)
    assert isinstance(source, Source)
    return fix_source(source, lint(source), lint, allowed, silences=silences)
