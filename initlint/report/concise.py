"""One line a finding: `path:line:column: CODE [*] message`."""

from __future__ import annotations

from initlint.report.document import Diagnostic, Document
from initlint.report.style import Style, plain


def render(document: Document, style: Style) -> str:
    return "".join(f"{_line(document, diagnostic, style)}\n" for diagnostic in document.diagnostics)


def _line(document: Document, diagnostic: Diagnostic, style: Style) -> str:
    place = plain(document.place(diagnostic.region))
    return f"{style.paint(place, 'bold')}: {headline(diagnostic, style)}"


def headline(diagnostic: Diagnostic, style: Style) -> str:
    """`CODE [*] message`; the mark says that this run's flags let the finding be fixed."""
    code = style.link(style.severity(diagnostic.code, diagnostic.severity), diagnostic.url)
    fixable = f" [{style.paint('*', 'cyan')}]" if diagnostic.repair and diagnostic.repair.applies else ""
    return f"{code}{fixable} {plain(diagnostic.message)}"
