"""Logging commands of Azure Pipelines."""

from __future__ import annotations

from typing import Final

from initlint.model.finding import Severity
from initlint.report.document import Diagnostic, Document
from initlint.report.style import Style, plain

_TYPES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "warning"}


def render(document: Document, style: Style) -> str:
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in document.diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    region = diagnostic.region
    line, column = (1, 1) if region.start.cell is not None else (region.start.line, region.start.column)
    properties = {
        "type": _TYPES[diagnostic.severity],
        "sourcepath": region.filename,
        "linenumber": line,
        "columnnumber": column,
        "code": diagnostic.code,
    }
    written = "".join(f"{name}={_property(str(value))};" for name, value in properties.items())
    return f"##vso[task.logissue {written}]{_data(diagnostic.message)}"


def _data(text: str) -> str:
    return plain(text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
