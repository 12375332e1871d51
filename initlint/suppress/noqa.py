"""Silences findings by comments, so that a rule can be adopted today and old code mended later."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.model.finding import Finding
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source
from initlint.syntax.suppressions import Scope, Suppression, suppressions


def noqa_edits(source: Source, findings: Iterable[Finding], reason: str = "") -> tuple[Edit, ...]:
    """The edits that put a `# noqa` with the code of each finding on its line.

    Codes join a list that is there already; a new comment ends in `reason`. All findings must lie in `source`.
    """
    present = suppressions(source)
    wanted: dict[int, set[str]] = {}
    for finding in findings:
        wanted.setdefault(present.noqa_row(finding.span.line), set()).add(finding.code)
    lists = {item.line: item for item in present.items if _is_list(item)}
    return tuple(_edit(source, row, sorted(codes), lists.get(row), reason) for row, codes in sorted(wanted.items()))


def _is_list(item: Suppression) -> bool:
    return item.scope is Scope.LINE and item.shared and bool(item.selectors)


def _edit(source: Source, row: int, codes: list[str], there: Suppression | None, reason: str) -> Edit:
    if there is not None:
        end = there.selectors[-1].end
        return Edit(end, end, "".join(f", {code}" for code in codes))
    _, end = source.line_extent(row)
    start = end - len(source.line(row)) + len(source.line(row).rstrip())
    return Edit(start, end, f"  # noqa: {', '.join(codes)}" + (f" {reason}" if reason else ""))
