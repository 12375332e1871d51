"""Changes to whole statements: removed, wrapped, moved, and others put beside them.

All that one fix does to statements is gathered first, by statement: what happens to one decides how its
neighbours on the line, or the block they leave empty, must be written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import libcst as cst

from initlint.fix.document import Document
from initlint.fix.nodes import Unreadable
from initlint.fix.places import SEMICOLON, Block, Line, Place, Statement, leading_blanks, line_end, line_start
from initlint.syntax.edits import Edit

_NEWLINE: Final = re.compile(r"\r\n?|\n")
_TEMPLATE_UNIT: Final = "    "
_LINES: Final = (cst.SimpleStatementLine, cst.BaseCompoundStatement)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to insert, without the indentation of the place they go to; those whose index is in
    `verbatim` get none, for they start inside a string or inside brackets."""

    lines: tuple[str, ...]
    verbatim: frozenset[int] = frozenset()

    def indented(self, indent: str) -> Iterator[str]:
        for index, line in enumerate(self.lines):
            yield line if index in self.verbatim or not line.strip() else indent + line


def template_lines(lines: Iterable[str], unit: str) -> Lines:
    """Lines of a template, written with four blanks a level, with `unit` a level."""
    found = []
    for line in lines:
        depth = (len(line) - len(line.lstrip(" "))) // len(_TEMPLATE_UNIT)
        found.append(unit * depth + line[depth * len(_TEMPLATE_UNIT):])
    return Lines(tuple(found))


@dataclass(slots=True)
class _Plan:
    """What happens to one statement. `lead` is where the comments that go away with it start."""

    place: Place
    removed: bool = False
    lead: int | None = None
    header: str | None = None
    before: list[Lines] = field(default_factory=list)
    after: list[Lines] = field(default_factory=list)

    @property
    def vanishes(self) -> bool:
        return self.removed and not self.before and not self.after


class StatementChanges:
    """Gathers the changes of statements of one document, and writes them as edits."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._source = document.source
        self._text = document.text
        self._plans: dict[Statement, _Plan] = {}

    def delete(self, place: Place) -> None:
        self._plan(place).removed = True

    def insert_after(self, place: Place, lines: Lines) -> None:
        self._plan(place).after.append(lines)

    def wrap(self, place: Place, header: str) -> None:
        plan = self._plan(place)
        if plan.header is not None:
            raise Unreadable("two headers for one statement")
        plan.header = header

    def move(self, place: Place, anchor: Place, after: bool) -> None:
        """Move one statement beside another. Raises Unreadable where one holds the other."""
        if place.start < anchor.end and anchor.start < place.end:
            raise Unreadable("a statement cannot move beside itself")
        plan = self._plan(place)
        plan.removed = True
        if place.alone:
            plan.lead = self._comments_above(place)
        lines = self._moved(place, plan.lead)
        if after:
            self._plan(anchor).after.append(lines)
        else:
            self._plan(anchor).before.append(lines)

    def edits(self) -> Iterator[Edit]:
        """The edits that make the changes. They may touch, and do not overlap; of two that add lines at one place, for
        statements that end together, that of the inner statement comes first."""
        emptied = set(self._emptied())
        shared: dict[Line, Place] = {}
        for plan in sorted(self._plans.values(), key=lambda plan: -plan.place.start):
            if plan.place.alone:
                yield from self._alone(plan, plan.place.line in emptied)
            else:
                shared.setdefault(plan.place.line, plan.place)
        for line, place in shared.items():
            yield from self._shared(place, line in emptied)

    def _plan(self, place: Place) -> _Plan:
        return self._plans.setdefault(place.statement, _Plan(place))

    def _vanishes(self, line: Line) -> bool:
        statements = (line,) if isinstance(line, cst.BaseCompoundStatement) else line.body
        return all(statement in self._plans and self._plans[statement].vanishes for statement in statements)

    def _emptied(self) -> Iterator[Line]:
        """The first lines of blocks (and suites) of which nothing is left."""
        for plan in self._plans.values():
            block: Block | None = plan.place.block
            if block is None:
                if self._vanishes(plan.place.line):
                    yield plan.place.line
            elif isinstance(block, cst.IndentedBlock):
                lines = [line for line in block.body if isinstance(line, _LINES)]
                if all(map(self._vanishes, lines)):
                    yield lines[0]

    # a statement with its line for itself

    def _alone(self, plan: _Plan, emptied: bool) -> Iterator[Edit]:
        place, indent = plan.place, plan.place.indent
        if plan.vanishes:
            if emptied and plan.lead is not None:       # the comments around it go along
                yield Edit(plan.lead, line_end(self._source, place.end), "pass")
            elif emptied:
                yield Edit(place.start, place.end, "pass")
            else:
                yield self._without_lines(place.start if plan.lead is None else plan.lead, place.end)
            return
        if plan.removed:
            content = self._joined(plan.before + plan.after, indent)
            first = line_start(self._source, place.start if plan.lead is None else plan.lead)
            yield Edit(first, line_end(self._source, place.end), content)
            return
        if plan.before:
            first = line_start(self._source, self._comments_above(place))
            yield Edit(first, first, self._joined(plan.before, indent) + self._source.newline)
        if plan.header is not None:
            yield Edit(place.start, place.start, plan.header + self._source.newline + indent + place.unit)
            yield from (Edit(start, start, place.unit) for start in self._movable_lines(place))
        if plan.after:
            end = self._end_of_lines(place)
            yield Edit(end, end, self._source.newline + self._joined(plan.after, indent))

    def _without_lines(self, start: int, end: int) -> Edit:
        """Removes whole lines, and one of two blank lines that would meet, or those that the text would start with."""
        first = line_start(self._source, start)
        floor, limit = self._document.bounds(start)
        number, last = self._source.line_at(first), self._source.line_at(end)
        if first > floor and all(not self._source.line(beside).strip(" \t") for beside in (number - 1, last + 1)):
            first = self._source.line_extent(number - 1)[0]
        while first == floor and last < len(self._source.line_starts) and not self._source.line(last + 1).strip(" \t"):
            if self._source.line_extent(last + 1)[1] >= limit:
                break
            last += 1
        stop = self._source.line_extent(last)[1]
        if stop < limit:
            return Edit(first, self._source.line_starts[last], "")
        if first > floor:       # the last line has no newline: the one before it goes instead
            first = self._source.line_extent(self._source.line_at(first) - 1)[1]
        return Edit(first, stop, "")

    def _comments_above(self, place: Place) -> int:
        """Where the comment lines right above a statement start, or the statement itself."""
        first = place.start
        number = self._source.line_at(place.start)
        floor = self._document.bounds(place.start)[0]
        while number > 1:
            number -= 1
            start, end = self._source.line_extent(number)
            line = self._text[start:end]
            if start < floor or leading_blanks(line) != place.indent or not line.lstrip().startswith("#"):
                break
            first = start + len(place.indent)
        return first

    def _end_of_lines(self, place: Place) -> int:
        """The end of a statement's last line; comments indented below a compound one belong to it."""
        number = self._source.line_at(place.end)
        end = self._source.line_extent(number)[1]
        if not isinstance(place.statement, cst.BaseCompoundStatement):
            return end
        limit = self._document.bounds(place.end)[1]
        while number < len(self._source.line_starts):
            number += 1
            line = self._source.line(number)
            if self._source.line_extent(number)[1] > limit:
                break
            if line.strip():
                deeper = len(leading_blanks(line)) > len(place.indent)
                if not (deeper and line.lstrip().startswith("#")):
                    break
                end = self._source.line_extent(number)[1]
        return end

    def _movable_lines(self, place: Place, start: int | None = None) -> list[int]:
        """The starts of the lines after the first that are not blank and do not start inside a string."""
        strings = _Strings()
        place.statement.visit(strings)
        inside = [(place.piece.start(node), place.piece.end(node)) for node in strings.found]
        begins = place.start if start is None else start
        first, last = self._source.line_at(begins), self._source.line_at(place.end)
        return [
            offset
            for offset in self._source.line_starts[first:last]
            if not any(opening < offset < closing for opening, closing in inside)
            and self._text[offset:line_end(self._source, offset)].strip()
        ]

    def _moved(self, place: Place, lead: int | None) -> Lines:
        """The lines of a statement that goes elsewhere, with its comments."""
        if not place.alone:
            start, end = place.start, place.end
        else:
            start, end = place.start if lead is None else lead, line_end(self._source, place.end)
        movable = set(self._movable_lines(place, start))
        lines, verbatim, offset = [], set(), start
        for index, line in enumerate(_NEWLINE.split(self._text[start:end])):
            if index and offset in movable and line.startswith(place.indent):
                lines.append(line[len(place.indent):])
            else:
                lines.append(line)
                if index:
                    verbatim.add(index)
            newline = _NEWLINE.match(self._text, offset + len(line))
            offset += len(line) + (len(newline.group()) if newline else 0)
        return Lines(tuple(lines), frozenset(verbatim))

    def _joined(self, groups: Sequence[Lines], indent: str) -> str:
        return self._source.newline.join(line for group in groups for line in group.indented(indent))

    # statements that share a line, or follow a colon

    def _shared(self, place: Place, emptied: bool) -> Iterator[Edit]:
        statements = place.neighbours
        piece, line = place.piece, place.line
        first, last = piece.start(statements[0]), piece.end(statements[-1])
        semicolon = SEMICOLON.match(self._text, last)
        last = semicolon.end() if semicolon else last
        if self._vanishes(line):
            yield Edit(first, last, "pass") if emptied else self._without_lines(first, last)
            return
        plans = [self._plans.get(statement) for statement in statements]
        spread = any(plan is not None and not _fits_on_a_line(plan) for plan in plans)
        indent = place.indent + place.unit if spread and place.block is None else place.indent
        separator = self._source.newline + indent if spread else "; "
        if indent != place.indent:
            first -= len(self._text[:first]) - len(self._text[:first].rstrip(" \t"))
        gap: list[str] = []         # what goes between the statement before and the next one that stays
        touched, cursor, kept, hole = spread, first, False, -1
        for statement, plan in zip(statements, plans, strict=True):
            if plan is not None:
                gap += self._spelled(plan.before, indent)
                touched = touched or bool(plan.before)
            if plan is not None and plan.removed:
                touched, hole = True, piece.start(statement) if hole < 0 else hole
            else:
                lead = "" if plan is None or plan.header is None else self._headed(plan.header, indent, place.unit)
                if hole >= 0 and not (spread or gap or lead):
                    yield Edit(hole, piece.start(statement), "")
                elif touched or lead:
                    opening = separator if kept or indent != place.indent else ""
                    yield Edit(cursor, piece.start(statement), opening + separator.join([*gap, lead]))
                gap, touched, kept, cursor, hole = [], spread, True, piece.end(statement), -1
            if plan is not None:
                gap += self._spelled(plan.after, indent)
                touched = touched or bool(plan.after)
        if gap or touched:
            opening = separator if gap and (kept or indent != place.indent) else ""
            yield Edit(cursor, last, opening + separator.join(gap))

    def _spelled(self, groups: Sequence[Lines], indent: str) -> Iterator[str]:
        for group in groups:
            yield self._joined([group], indent).removeprefix(indent)

    def _headed(self, header: str, indent: str, unit: str) -> str:
        return header + self._source.newline + indent + unit


class _Strings(cst.CSTVisitor):
    """Collects the strings of a statement."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, (cst.SimpleString, cst.FormattedString, cst.TemplatedString)):
            self.found.append(node)
            return False
        return True


def _fits_on_a_line(plan: _Plan) -> bool:
    """Whether a change leaves small statements only, so that semicolons can part them."""
    return plan.header is None and all(
        len(group.lines) == 1 and _is_small(group.lines[0]) for group in (*plan.before, *plan.after)
    )


def _is_small(text: str) -> bool:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return False
    return "#" not in text and not any(hasattr(statement, "body") or hasattr(statement, "cases") for statement in body)


