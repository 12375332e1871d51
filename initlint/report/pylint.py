"""One line a finding as pylint prints it: `path:line: [CODE] message`."""

from __future__ import annotations

from initlint.report.document import Document
from initlint.report.style import Style, plain


def render(document: Document, style: Style) -> str:
    return "".join(
        f"{plain(document.relative(diagnostic.region.filename))}:{diagnostic.region.start.line}: "
        f"[{diagnostic.code}] {plain(diagnostic.message)}\n"
        for diagnostic in document.diagnostics
    )
