"""Excerpts of source with the place of a finding marked under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from initlint.report.document import Region
from initlint.report.style import Style, shown, width_of
from initlint.syntax.source import Source

CONTEXT: Final = 2          # lines above and below
LONGEST: Final = 8          # lines of a span that are drawn before the middle is left out
_LEAST_WIDTH: Final = 24    # of the text, on the narrowest terminal
_MORE: Final = "…"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the excerpt. `number` is the one printed; the mark covers characters `start` to `end`, from 0."""

    number: int
    text: str
    start: int = 0
    end: int = 0


def frame(source: Source, region: Region, style: Style, *, mark: str = "^", context: int = CONTEXT) -> list[str]:
    """The lines of `region` with line numbers, a mark below the characters it covers, and `context` lines around."""
    lines = _lines(source, region, context)
    gutter = max(len(str(line.number)) for line in lines if line is not None)
    room = max(style.width - gutter - 4, _LEAST_WIDTH) if style.width else 0
    rule = style.paint(" " * (gutter + 1) + "|", "blue", "bold")
    drawn = [rule]
    for line in lines:
        if line is None:
            drawn.append(style.paint("...", "blue", "bold"))
            continue
        text, marks = _fitted(line, room, mark)
        number = style.paint(f"{line.number:>{gutter}} |", "blue", "bold")
        drawn.append(f"{number} {text}".rstrip())
        if marks:
            drawn.append(f"{rule} {marks[0]}{style.paint(marks[1], 'red', 'bold')}")
    drawn.append(rule)
    return drawn


def _lines(source: Source, region: Region, context: int) -> Sequence[_Line | None]:
    """The lines to draw, None where some are left out."""
    shift = region.start.line - region.row      # a cell counts its own lines
    first, last = region.row, region.end_row
    if last > first and region.end.column == 1:
        last -= 1                               # the region ends with the newline before
    top = max(first - context, 1 - shift)
    bottom = min(last + context, _last_line(source, region))
    drawn: list[_Line | None] = []
    for row in range(top, bottom + 1):
        if last - first >= LONGEST and first + LONGEST // 2 <= row <= last - LONGEST // 2:
            if drawn[-1] is not None:
                drawn.append(None)
            continue
        text = source.line(row)
        start = end = 0
        if first <= row <= last:
            start = region.start.column - 1 if row == first else len(text) - len(text.lstrip())
            end = region.end.column - 1 if row == region.end_row else len(text.rstrip())
            if row == first:
                end = max(end, start + 1)       # a place without width is still a place
        drawn.append(_Line(row + shift, text, start, end))
    while drawn and drawn[0] is not None and not drawn[0].text.strip() and drawn[0].number < region.start.line:
        drawn.pop(0)
    while drawn and drawn[-1] is not None and not drawn[-1].text.strip() and drawn[-1].number > last + shift:
        drawn.pop()
    return drawn


def _last_line(source: Source, region: Region) -> int:
    """The last line that may be shown: of a notebook, the last of the cell."""
    if source.notebook is not None:
        cell = source.notebook.cell_at(source.line_starts[region.row - 1])
        if cell is not None:
            return source.line_at(max(cell.start, cell.end - 1))
    return len(source.line_starts) - (source.text.endswith(("\n", "\r")) or not source.text)


def _fitted(line: _Line, room: int, mark: str) -> tuple[str, tuple[str, str] | None]:
    """The text as drawn, and the blanks and marks below it. A text wider than `room` columns (0: no limit)
    loses what is far from the mark."""
    text = line.text
    edges = [0, *accumulate(width_of(character) for character in text)]      # the column at which each starts
    first, last = 0, len(text)
    if room and edges[-1] > room:
        focus = min(line.start, len(text))
        while first < focus and edges[min(max(line.end, focus), len(text))] - edges[first] > room - 2:
            if edges[focus] - edges[first] <= room // 4:
                break
            first += 1
        while edges[last] - edges[first] > room - 2:
            last -= 1
    head, tail = _MORE if first else "", _MORE if last < len(text) else ""
    drawn = head + "".join(map(shown, text[first:last])) + tail
    if line.end <= line.start:
        return drawn, None
    start, end = min(max(line.start, first), last), min(max(line.end, first), last)
    blanks = len(head) + edges[start] - edges[first]
    return drawn, (" " * blanks, mark * max(edges[end] - edges[start], 1))
