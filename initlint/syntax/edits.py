"""Text edits: what a fix does to a file, as data.

Offsets count characters of the decoded text with its original newlines. An edit that starts where
it ends inserts. Edits are applied together: their offsets all refer to the text before any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


class OverlapError(ValueError):
    """Two edits want the same characters."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the characters from `start` up to `end` by `content`."""

    start: int
    end: int
    content: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"an edit from {self.start} to {self.end}")

    def overlaps(self, other: Edit) -> bool:
        """Whether the two cannot be applied together.

        Edits that only touch can, an insertion at the start of a replaced stretch included. Of two
        insertions at one place neither comes first, and one inside a replaced stretch would be lost.
        """
        if self == other:
            return False
        first, second = (self, other) if self < other else (other, self)
        if first.start == second.start:
            return first.end > first.start or second.end == second.start
        return second.start < first.end


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """`edits` in order of the text, each once. Raises OverlapError."""
    found = tuple(sorted(set(edits)))
    for before, after in pairwise(found):
        if before.overlaps(after):
            raise OverlapError(f"edits overlap at {after.start}")
    return found


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` after `edits`. Raises OverlapError, and ValueError past the end of the text."""
    pieces: list[str] = []
    position = 0
    for edit in ordered(edits):
        if edit.end > len(text):
            raise ValueError(f"an edit up to {edit.end} in a text of {len(text)} characters")
        pieces += (text[position:edit.start], edit.content)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)
