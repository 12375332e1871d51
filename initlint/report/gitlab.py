"""GitLab's code quality report."""

from __future__ import annotations

import json
from typing import Final

from initlint.model.finding import Severity
from initlint.report.document import Document, Region, posix
from initlint.report.style import Style

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(document: Document, style: Style) -> str:
    entries = [
        {
            "check_name": diagnostic.code,
            "description": f"{diagnostic.code}: {diagnostic.message}",
            "severity": _SEVERITIES[diagnostic.severity],
            "fingerprint": diagnostic.fingerprint,
            "location": {
                "path": posix(document.relative(diagnostic.region.filename)),
                "positions": _positions(diagnostic.region),
            },
        }
        for diagnostic in document.diagnostics
    ]
    return json.dumps(entries, indent=2) + "\n"


def _positions(region: Region) -> dict[str, dict[str, int]]:
    """Of a notebook, whose lines are not the file's, the top of the file."""
    if region.start.cell is not None:
        return {"begin": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1}}
    return {
        "begin": {"line": region.start.line, "column": region.start.column},
        "end": {"line": region.end.line, "column": region.end.column},
    }
