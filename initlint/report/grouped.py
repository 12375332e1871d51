"""Findings under the name of their file."""

from __future__ import annotations

from initlint.report.concise import headline
from initlint.report.document import Diagnostic, Document
from initlint.report.style import Style, plain


def render(document: Document, style: Style) -> str:
    blocks = []
    for filename, diagnostics in document.by_file():
        places = [_place(diagnostic) for diagnostic in diagnostics]
        width = max(map(len, places))
        lines = [f"{style.paint(plain(document.relative(filename)), 'bold')}:"]
        lines += [
            f"  {place:<{width}} {headline(diagnostic, style)}"
            for place, diagnostic in zip(places, diagnostics, strict=True)
        ]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _place(diagnostic: Diagnostic) -> str:
    start = diagnostic.region.start
    cell = "" if start.cell is None else f"cell {start.cell}:"
    return f"{cell}{start.line}:{start.column}"
