"""JSON, one object a line, in the shape of `json`."""

from __future__ import annotations

import json

from initlint.report.document import Document
from initlint.report.json import entry
from initlint.report.style import Style


def render(document: Document, style: Style) -> str:
    return "".join(json.dumps(entry(diagnostic)) + "\n" for diagnostic in document.diagnostics)
