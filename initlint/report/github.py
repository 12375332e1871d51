"""Workflow commands that GitHub shows as annotations beside the code."""

from __future__ import annotations

from typing import Final

from initlint.model.finding import Severity
from initlint.report.document import NAME, Diagnostic, Document
from initlint.report.style import Style, plain

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(document: Document, style: Style) -> str:
    return "".join(f"{_command(document, diagnostic)}\n" for diagnostic in document.diagnostics)


def _command(document: Document, diagnostic: Diagnostic) -> str:
    region = diagnostic.region
    properties = {"title": f"{NAME} ({diagnostic.code})", "file": region.filename, **_lines(diagnostic)}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = f"{plain(document.place(region))}: {diagnostic.code} {diagnostic.message}"
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_data(message)}"


def _lines(diagnostic: Diagnostic) -> dict[str, int]:
    """GitHub takes columns within one line only; the lines of a notebook's cells are not those of its file."""
    region = diagnostic.region
    if region.start.cell is not None:
        return {"line": 1}
    lines = {"line": region.start.line, "endLine": region.end.line}
    if region.start.line != region.end.line:
        return lines
    return {"line": region.start.line, "col": region.start.column, "endLine": region.end.line,
            "endColumn": region.end.column}


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return plain(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
