"""Findings to print: an easy one, and one whose file, text and message are out to break the format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from initlint.config import Settings
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.source import Span
from initlint.report.diagnose import document_of
from initlint.report.document import Document
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source, from_bytes, from_text

ROOT = "/project"
PATH = f"{ROOT}/models/net.py"
TEXT = """\
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)  # é 漢 😀
        s = "é漢😀"; nn.init.xavier_uniform(self.fc.weight)
"""
MESSAGE = "`xavier_uniform` is deprecated"

HOSTILE_PATH = f"{ROOT}/a,b:c;d]%\n<&\"'>\x1b[31m\u202e.py"
HOSTILE_MESSAGE = "::error::x%0A\r\n##vso[task.complete]; ]]> <b>&\"'\x1b[2J\x00\ud800"

NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
   "source": ["import torch.nn as nn\\n", "nn.init.xavier_uniform(w)"]}
 ],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 5
}
"""


def source(text: str, path: str) -> Source:
    found = from_text(text, path)
    assert isinstance(found, Source)
    return found


def span_of(piece: str, where: Source, *, last: str | None = None) -> Span:
    """The span of the first `piece` of a source, up to the end of the first `last` after it."""
    start = where.text.index(piece)
    end = start + len(piece) if last is None else where.text.index(last, start) + len(last)
    return where.span(start, end)


def rename_of(where: Source) -> Mapping[str, Sequence[Edit]]:
    end = where.text.index("xavier_uniform(") + len("xavier_uniform")
    return {where.path: [Edit(end, end, "_")]}


def finding(
    where: Source,
    *,
    message: str = MESSAGE,
    severity: Severity = Severity.WARNING,
    related: tuple[Related, ...] = (),
    fix: Fix | None = None,
    last: str = ")",
) -> Finding:
    span = span_of("nn.init.xavier_uniform", where, last=last)
    return Finding("INI010", "deprecated-init-alias", severity, message, span, related, fix, "Net.fc")


SAFE = Fix("Use `xavier_uniform_`", Applicability.SAFE, ())
UNSAFE = Fix("Use `kaiming_uniform_`", Applicability.UNSAFE, ())


def document(findings: Iterable[Finding], sources: Iterable[Source], **settings: object) -> Document:
    by_path = {item.path: item for item in sources}
    edits = {path: edit for item in by_path.values() for path, edit in rename_of(item).items()}
    found = list(findings)

    def render(of: Finding) -> Mapping[str, Sequence[Edit]]:
        return {of.span.file: edits[of.span.file]}

    return document_of(found, by_path, Settings(root=ROOT, **settings), render, cwd=ROOT)


def easy(**settings: object) -> Document:
    """One warning with a related place and a safe fix."""
    net = source(TEXT, PATH)
    related = (Related(span_of("nn.Linear(4, 4)", net), "the layer is built here"),)
    return document([finding(net, related=related, fix=SAFE)], [net], **settings)


def hostile() -> Document:
    """An error with a safe and one with an unsafe fix, in a file and with a message that try to break out."""
    net = source("\x1b[31m = 1\n" + TEXT, HOSTILE_PATH)
    related = (Related(span_of("nn.Linear(4, 4)", net), HOSTILE_MESSAGE),)
    first = finding(net, message=HOSTILE_MESSAGE, severity=Severity.ERROR, related=related, fix=SAFE)
    second = finding(net, message=HOSTILE_MESSAGE, severity=Severity.NOTE, fix=UNSAFE)
    return document([first, second], [net])


def notebook() -> Document:
    book = from_bytes(NOTEBOOK.encode(), f"{ROOT}/book.ipynb")
    assert isinstance(book, Source)
    return document([finding(book, fix=SAFE)], [book])
