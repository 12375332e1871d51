"""Reviewdog's diagnostic format. Its columns count UTF-8 bytes, from 1."""

from __future__ import annotations

import json
from typing import Any, Final

from initlint.model.finding import Severity
from initlint.report.document import NAME, Diagnostic, Document, Region, posix
from initlint.report.style import Style
from initlint.syntax.source import Location

_SEVERITIES: Final = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(document: Document, style: Style) -> str:
    diagnostics = [_diagnostic(document, diagnostic) for diagnostic in document.diagnostics]
    return json.dumps({"diagnostics": diagnostics, "severity": "WARNING", "source": {"name": NAME}}, indent=2) + "\n"


def _diagnostic(document: Document, diagnostic: Diagnostic) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "code": {"url": diagnostic.url, "value": diagnostic.code},
        "location": _location(document, diagnostic.region),
        "message": diagnostic.message,
        "severity": _SEVERITIES[diagnostic.severity],
    }
    repair = diagnostic.repair
    if repair is not None:
        # A suggestion is one stretch of the diagnosed file; several would be taken for alternatives.
        here = [change for change in repair.replacements if change.region.filename == diagnostic.region.filename]
        if len(here) == len(repair.replacements) == 1:
            entry["suggestions"] = [{"range": _range(document, here[0].region), "text": here[0].content}]
    if diagnostic.notes:
        entry["related_locations"] = [
            {"location": _location(document, note.region), "message": note.message} for note in diagnostic.notes
        ]
    return entry


def _location(document: Document, region: Region) -> dict[str, Any]:
    return {"path": posix(document.relative(region.filename)), "range": _range(document, region)}


def _range(document: Document, region: Region) -> dict[str, dict[str, int]]:
    return {
        "start": _position(document, region, region.start, region.row),
        "end": _position(document, region, region.end, region.end_row),
    }


def _position(document: Document, region: Region, location: Location, row: int) -> dict[str, int]:
    source = document.sources.get(region.filename)
    column = location.column
    if source is not None:
        column = len(source.line(row)[: column - 1].encode("utf-8", "surrogatepass")) + 1
    return {"line": location.line, "column": column}
