"""JSON in the shape of ruff's: a list of objects."""

from __future__ import annotations

import json
from typing import Any

from initlint.report.document import Diagnostic, Document
from initlint.report.style import Style
from initlint.syntax.source import Location


def render(document: Document, style: Style) -> str:
    return json.dumps([entry(diagnostic) for diagnostic in document.diagnostics], indent=2) + "\n"


def entry(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding. Rows and columns count from 1, columns in characters, the end is exclusive."""
    repair = diagnostic.repair
    return {
        "cell": diagnostic.region.start.cell,
        "code": diagnostic.code,
        "end_location": _location(diagnostic.region.end),
        "filename": diagnostic.region.filename,
        "fix": repair
        and {
            "applicability": repair.applicability.value,
            "edits": [
                {
                    "content": replacement.content,
                    "end_location": _location(replacement.region.end),
                    "location": _location(replacement.region.start),
                }
                | ({} if replacement.region.filename == diagnostic.region.filename
                   else {"filename": replacement.region.filename})
                for replacement in repair.replacements
            ],
            "message": repair.message,
        },
        "location": _location(diagnostic.region.start),
        "message": diagnostic.message,
        "name": diagnostic.name,
        "noqa_row": diagnostic.noqa_row,
        "severity": diagnostic.severity.value,
        "url": diagnostic.url,
    }


def _location(location: Location) -> dict[str, int]:
    return {"row": location.line, "column": location.column}
