"""Findings as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from lsprotocol import types as lsp

from initlint.model.finding import Finding, Severity
from initlint.model.source import Span
from initlint.report.diagnose import region_of
from initlint.report.document import NAME, rule_url
from initlint.server.documents import Document, uri_of
from initlint.syntax.source import Source, read

_SEVERITIES: Final = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_TAGS: Final = {
    "deprecated-init-alias": lsp.DiagnosticTag.Deprecated,
    "init-discarded": lsp.DiagnosticTag.Unnecessary,
    "unused-suppression": lsp.DiagnosticTag.Unnecessary,
    "unknown-suppression": lsp.DiagnosticTag.Unnecessary,
}
"""Rules whose findings are about code that editors strike out or fade."""


def by_part(
    document: Document, findings: Iterable[Finding], documents: Mapping[str, Document]
) -> dict[str, list[lsp.Diagnostic]]:
    """The diagnostics for each text document of `document`, by URI, in order. `documents` are those that related
    places may lie in."""
    found: dict[str, list[lsp.Diagnostic]] = {part.uri: [] for part in document.parts}
    for finding in findings:
        place = document.span(finding.span)
        if place is not None:
            found[place[0].uri].append(diagnostic(finding, place[1], documents))
    return found


def diagnostic(finding: Finding, where: lsp.Range, documents: Mapping[str, Document]) -> lsp.Diagnostic:
    locations = ((location_of(related.span, documents), related.message) for related in finding.related)
    tag = _TAGS.get(finding.name)
    return lsp.Diagnostic(
        range=where,
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        source=NAME,
        code=finding.code,
        code_description=lsp.CodeDescription(href=rule_url(finding.name)),
        tags=None if tag is None else [tag],
        related_information=[
            lsp.DiagnosticRelatedInformation(location, message)
            for location, message in locations
            if location is not None
        ]
        or None,
    )


def location_of(span: Span, documents: Mapping[str, Document]) -> lsp.Location | None:
    """Where the client finds a place of an open document, or of a file on disk."""
    document = documents.get(span.file)
    if document is not None:
        place = document.span(span)
        return None if place is None else lsp.Location(place[0].uri, place[1])
    source = read(span.file)
    if not isinstance(source, Source):
        return None
    return lsp.Location(uri_of(span.file), file_range(span, source))


def file_range(span: Span, source: Source | None) -> lsp.Range:
    """The range of a place in a file that the client has not opened: its units matter on lines that are not ASCII
    alone, and clients that open it see the line at least."""
    region = region_of(span, source)
    return lsp.Range(
        lsp.Position(region.row - 1, region.start.column - 1), lsp.Position(region.end_row - 1, region.end.column - 1)
    )
