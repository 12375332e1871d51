"""Statements and where they stand: in a block, on a line shared by semicolons, after a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import libcst as cst

from initlint.fix.nodes import Piece
from initlint.syntax.source import Source

Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement
Line = cst.SimpleStatementLine | cst.SimpleStatementSuite | cst.BaseCompoundStatement
Block = cst.IndentedBlock | cst.Module

SEMICOLON: Final = re.compile(r"[ \t\f]*;")
_BLANKS: Final = " \t\f"
_ARMS: Final = (cst.If, cst.Else, cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)


@dataclass(frozen=True, slots=True)
class Place:
    """One statement.

    `line` is the node that holds it: a line of small statements, the suite after a colon (`if x: a; b`), or
    itself where it is a compound statement. `block` is the body `line` stands in, None for a suite.
    `indent` is the indentation of the line, `unit` one more level of it. `start` and `end` are offsets.
    """

    piece: Piece
    statement: Statement
    line: Line
    block: Block | None
    indent: str
    unit: str
    start: int
    end: int

    @property
    def neighbours(self) -> Sequence[Statement]:
        """The statements of its line, itself among them."""
        return (self.line,) if isinstance(self.line, cst.BaseCompoundStatement) else self.line.body

    @property
    def alone(self) -> bool:
        """Whether it has its line (or lines) for itself."""
        return self.block is not None and len(self.neighbours) == 1


def place_in(piece: Piece, source: Source, start: int, end: int) -> Place | None:
    """The innermost statement of `piece` that holds the characters from `start` to `end`."""
    return _Search(piece, source, start, end).block(piece.module)


@dataclass(frozen=True, slots=True)
class _Search:
    piece: Piece
    source: Source
    start: int
    end: int

    def block(self, block: Block) -> Place | None:
        for line in block.body:
            if self._holds(line) and isinstance(line, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                first = extent(self.piece, line)[0]
                indent = leading_blanks(self.source.text[line_start(self.source, first):first])
                return self._line(line, block, indent)
        return None

    def _line(self, line: Line, block: Block | None, indent: str) -> Place | None:
        if not isinstance(line, cst.BaseCompoundStatement):
            for small in line.body:
                if self._holds(small):
                    return self._place(small, line, block, indent)
            return None
        for suite in suites(line):
            found = (
                self.block(suite) if isinstance(suite, cst.IndentedBlock) else self._line(suite, None, indent)
            )
            if found is not None:
                return found
        return self._place(line, line, block, indent)

    def _place(self, statement: Statement, line: Line, block: Block | None, indent: str) -> Place:
        start, end = extent(self.piece, statement)
        return Place(self.piece, statement, line, block, indent, self.piece.module.default_indent, start, end)

    def _holds(self, node: cst.CSTNode) -> bool:
        first, last = extent(self.piece, node)
        if isinstance(node, cst.BaseCompoundStatement):     # `ast` counts the semicolon of its last line in
            semicolon = SEMICOLON.match(self.source.text, last)
            last = semicolon.end() if semicolon else last
        return first <= self.start and self.end <= last


def extent(piece: Piece, node: cst.CSTNode) -> tuple[int, int]:
    """The offsets of a statement's first character, decorators included, and of the one after its last."""
    first = node.decorators[0] if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and node.decorators else node
    return piece.start(first), piece.end(node)


def suites(node: cst.CSTNode) -> Iterator[cst.IndentedBlock | cst.SimpleStatementSuite]:
    """The bodies of a compound statement, those of its `else`, `except` and `case` arms included."""
    for child in node.children:
        if isinstance(child, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            yield child
        elif isinstance(child, _ARMS):
            yield from suites(child)


def line_start(source: Source, offset: int) -> int:
    """The offset at which the line that holds `offset` starts."""
    return source.line_starts[source.line_at(offset) - 1]


def line_end(source: Source, offset: int) -> int:
    """The offset of the newline (or end of text) of the line that holds `offset`."""
    return source.line_extent(source.line_at(offset))[1]


def leading_blanks(text: str) -> str:
    """The blanks that `text` starts with."""
    return text[:len(text) - len(text.lstrip(_BLANKS))]
