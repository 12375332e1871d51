"""The default on a terminal: each finding over its source, with what explains it and what would mend it."""

from __future__ import annotations

from initlint.report.document import Diagnostic, Document, Region
from initlint.report.frame import frame
from initlint.report.style import Style, plain


def render(document: Document, style: Style) -> str:
    return "".join(f"{_finding(document, diagnostic, style)}\n\n" for diagnostic in document.diagnostics)


def _finding(document: Document, diagnostic: Diagnostic, style: Style) -> str:
    code = style.link(style.severity(diagnostic.code, diagnostic.severity), diagnostic.url)
    fixable = f" [{style.paint('*', 'cyan')}]" if diagnostic.repair and diagnostic.repair.applies else ""
    severity = style.severity(diagnostic.severity.value, diagnostic.severity)
    lines = [f"{code}{fixable} {severity}: {style.paint(plain(diagnostic.message), 'bold')}"]
    lines += _place(document, diagnostic.region, "-->", "^", style)
    for note in diagnostic.notes:
        if note.region == diagnostic.region:
            continue                                # the finding's own excerpt shows it
        lines.append(f"{style.paint('note', 'bold')}: {plain(note.message)}")
        lines += _place(document, note.region, ":::", "-", style)
    if diagnostic.repair is not None:
        level = "" if diagnostic.repair.applies else f" ({diagnostic.repair.applicability.value} fix)"
        lines.append(f"{style.paint('help', 'bold', 'cyan')}: {plain(diagnostic.repair.message)}{level}")
    return "\n".join(lines)


def _place(document: Document, region: Region, arrow: str, mark: str, style: Style) -> list[str]:
    source = document.sources.get(region.filename)
    where = plain(document.place(region))
    gutter = len(str(region.end.line)) + 1
    lines = [f"{style.paint(arrow.rjust(gutter + 2), 'blue', 'bold')} {where}"]
    if source is not None and source.text:
        lines += frame(source, region, style, mark=mark, context=2 if mark == "^" else 0)
    return lines
