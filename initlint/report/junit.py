"""JUnit's XML: each file a suite, each finding a failed test."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from initlint.report.document import NAME, Diagnostic, Document
from initlint.report.style import Style, plain


def render(document: Document, style: Style) -> str:
    count = len(document.diagnostics)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{NAME}" tests="{max(count, 1)}" failures="{count}" errors="0">',
    ]
    for filename, diagnostics in document.by_file():
        path = _quoted(document.relative(filename))
        number = len(diagnostics)
        lines.append(
            f'  <testsuite name={path} tests="{number}" failures="{number}" errors="0" skipped="0" time="0">'
        )
        for diagnostic in diagnostics:
            lines += _case(document, diagnostic, path)
        lines.append("  </testsuite>")
    if not count:
        lines += [
            f'  <testsuite name="{NAME}" tests="1" failures="0" errors="0" skipped="0" time="0">',
            f'    <testcase name="no findings" classname="{NAME}" time="0"/>',
            "  </testsuite>",
        ]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(document: Document, diagnostic: Diagnostic, path: str) -> list[str]:
    start = diagnostic.region.start
    cell = "" if start.cell is None else f"{start.cell}:"
    name = _quoted(f"{diagnostic.code}:{cell}{start.line}:{start.column}")
    text = f"{document.place(diagnostic.region)}: {diagnostic.code} {diagnostic.message}"
    return [
        f'    <testcase name={name} classname={path} file={path} line="{start.line}" time="0">',
        f"      <failure type={_quoted(diagnostic.code)} message={_quoted(diagnostic.message)}>{_text(text)}</failure>",
        "    </testcase>",
    ]


def _text(text: str) -> str:
    """XML cannot spell control characters at all."""
    return escape(_allowed(text))


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    return plain(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
