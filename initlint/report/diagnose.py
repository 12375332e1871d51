"""From findings to a document: positions in characters, fixes as text edits, fingerprints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from initlint.config.settings import Settings
from initlint.model.finding import Applicability, Finding
from initlint.model.source import Span
from initlint.report.document import Diagnostic, Document, Note, Region, Repair, Replacement
from initlint.suppress.baseline import Known, Scopes, known
from initlint.syntax.edits import Edit
from initlint.syntax.source import Location, Source
from initlint.syntax.suppressions import Suppressions

RenderFix = Callable[[Finding], Mapping[str, Sequence[Edit]]]
"""Gives a finding's fix as edits by file, nothing where it cannot be written."""


def document_of(
    findings: Iterable[Finding],
    sources: Mapping[str, Source],
    settings: Settings,
    render_fix: RenderFix,
    *,
    cwd: str,
) -> Document:
    """`findings` as the formats print them, in order. `sources` holds the files they lie in, by path."""
    scope_of = Scopes(sources)
    seen: Counter[Known] = Counter()
    comments: dict[str, Suppressions] = {}
    diagnostics = []
    for finding in findings:
        key = known(finding, scope_of(finding.span), settings.root)
        fingerprint = sha256(f"{key}\0{seen[key]}".encode(errors="surrogateescape")).hexdigest()[:32]
        seen[key] += 1
        source = sources.get(finding.span.file)
        diagnostics.append(
            Diagnostic(
                code=finding.code,
                name=finding.name,
                severity=finding.severity,
                message=finding.message,
                region=region_of(finding.span, source),
                noqa_row=None if source is None else _noqa_row(finding.span, source, comments),
                repair=_repair(finding, sources, settings, render_fix),
                notes=tuple(
                    Note(region_of(related.span, sources.get(related.span.file)), related.message)
                    for related in finding.related
                ),
                layer=finding.layer,
                fingerprint=fingerprint,
            )
        )
    return Document(tuple(diagnostics), sources, cwd)


def _noqa_row(span: Span, source: Source, comments: dict[str, Suppressions]) -> int:
    """The row, of a notebook counted in its cell, on which a `# noqa` would silence a finding at `span`."""
    if span.file not in comments:
        comments[span.file] = Suppressions(source)
    row = comments[span.file].noqa_row(span.line)
    return source.location(source.line_extent(row)[0]).line


def region_of(span: Span, source: Source | None) -> Region:
    """The region of a span; of a file whose text is not at hand, as if all its characters were ASCII."""
    if source is None:
        start = Location(span.line, span.column + 1)
        return Region(span.file, start, Location(span.end_line, span.end_column + 1), span.line, span.end_line)
    return _region(*source.offsets(span), source, span.file)


def _region(start: int, end: int, source: Source, filename: str) -> Region:
    return Region(filename, source.location(start), source.location(end), source.line_at(start), source.line_at(end))


def _repair(
    finding: Finding, sources: Mapping[str, Source], settings: Settings, render_fix: RenderFix
) -> Repair | None:
    fix = finding.fix
    if fix is None:
        return None
    own = settings.for_file(finding.span.file)
    applicability = own.applicability(finding.code, fix.applicability)
    if applicability is None:
        return None
    edits = render_fix(finding)
    if not edits:
        return None
    replacements = tuple(
        Replacement(_region(edit.start, edit.end, sources[file], file), edit.content)
        for file, changes in sorted(edits.items())
        for edit in sorted(changes)
    )
    applies = applicability is Applicability.SAFE or own.unsafe_fixes is True
    return Repair(fix.message, applicability, replacements, applies)
