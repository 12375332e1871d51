"""Which findings went, stayed and came when a source changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from initlint.model.finding import Finding
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source


@dataclass(slots=True)
class Difference:
    """`lasting` are fixed findings that are still there, `came` those that were not there before, `touched` those of
    them that stand on lines that were edited. `now` gives findings of before, by identity, as they are found now."""

    lasting: list[Finding] = field(default_factory=list)
    came: list[Finding] = field(default_factory=list)
    touched: list[Finding] = field(default_factory=list)
    now: dict[int, Finding] = field(default_factory=dict)


def compare(
    before: Source,
    found_before: Sequence[Finding],
    after: Source,
    found_after: Sequence[Finding],
    fixed: Iterable[Finding],
    edits: Sequence[Edit],
) -> Difference:
    """What became of the findings under `edits`, of which those in `fixed` should be gone.

    A finding is the same as one before where its code and its place agree, the place carried through the
    edits; failing that, its code, layer and message.
    """
    change = Difference()
    claimed = {id(finding) for finding in fixed}
    left = list(found_after)
    others = [finding for finding in found_before if id(finding) not in claimed]
    targets = [finding for finding in found_before if id(finding) in claimed]
    moves = _Moves(before, edits)
    unmatched = []
    for group in (others, targets):
        for finding in group:
            low, high = moves.range(finding)
            match = next(
                (new for new in left if new.code == finding.code and low <= _offset(after, new) <= high), None
            )
            if match is None:
                unmatched.append(finding)
            else:
                left.remove(match)
                _note(change, finding, match, claimed)
    for finding in unmatched:
        key = key_of(finding)
        match = next((new for new in left if key_of(new) == key), None)
        if match is not None:
            left.remove(match)
            _note(change, finding, match, claimed)
    change.came = left
    lines = moves.edited_lines(after)
    change.touched = [finding for finding in left if finding.span.line in lines]
    return change


def new_in(source: Source | None, before: Sequence[Finding], now: Sequence[Finding]) -> list[Finding]:
    """The findings that a text which stayed as it was did not have before. `source` is None where nothing was found in
    it then, or it cannot be read."""
    if source is None:
        return [finding for finding in now if finding not in before]
    return compare(source, before, source, now, (), ()).came


def _note(change: Difference, finding: Finding, match: Finding, claimed: set[int]) -> None:
    change.now[id(finding)] = match
    if id(finding) in claimed:
        change.lasting.append(finding)


def key_of(finding: Finding) -> tuple[str, str, str]:
    """What a finding says, wherever it stands."""
    return finding.code, finding.layer, finding.message


def _offset(source: Source, finding: Finding) -> int:
    return source.offset(finding.span.line, finding.span.column)


class _Moves:
    """Carries places of one text into the text after edits."""

    def __init__(self, source: Source, edits: Sequence[Edit]) -> None:
        self._source = source
        self._edits = sorted(edits)

    def range(self, finding: Finding) -> tuple[int, int]:
        """Where the start of a finding can be now: in front of what was inserted there, or behind it."""
        offset = _offset(self._source, finding)
        shift = 0
        for edit in self._edits:
            if edit.start > offset:
                break
            grown = len(edit.content) - (edit.end - edit.start)
            if edit.start == edit.end == offset:
                return offset + shift, offset + shift + grown
            if edit.end > offset:
                return edit.start + shift, edit.start + shift + len(edit.content)
            shift += grown
        return offset + shift, offset + shift

    def edited_lines(self, after: Source) -> set[int]:
        """The lines of the new text that edits reached."""
        lines: set[int] = set()
        shift = 0
        for edit in self._edits:
            start = edit.start + shift
            lines.update(range(after.line_at(start), after.line_at(start + len(edit.content)) + 1))
            shift += len(edit.content) - (edit.end - edit.start)
        return lines
