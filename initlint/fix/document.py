"""A file as fixes see it: its statements and expressions, looked up by span, read as late as possible."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from initlint.fix.names import Names
from initlint.fix.nodes import Piece, Unreadable, expression_piece
from initlint.fix.places import Place, place_in
from initlint.model.source import Span
from initlint.syntax.parse import parse
from initlint.syntax.source import Source

_QUOTED = re.compile(r"""(?<![\w"'\\])(["'])(?:(?!\1)[^\\\n"'])*\1(?!["'])""")


class Document:
    """One source, with what was read of it so far.

    `tree` is its `ast` tree where the caller has it already. Statements are looked up in the LibCST tree of the
    top-level statement around them, expressions in a tree of their own.
    """

    def __init__(self, source: Source, tree: ast.Module | None = None) -> None:
        self.source = source
        self.text = source.text
        self._tree = tree
        self._pieces: dict[tuple[int, int], Piece] = {}

    @cached_property
    def tree(self) -> ast.Module:
        """The `ast` tree. Raises Unreadable."""
        tree = parse(self.source) if self._tree is None else self._tree
        if isinstance(tree, ast.Module):
            return tree
        raise Unreadable(tree.message)

    def expression(self, span: Span) -> tuple[Piece, cst.BaseExpression]:
        """The tree of the expression at `span`. Raises Unreadable."""
        start, end = self.source.offsets(span)
        return expression_piece(self.text[start:end], start)

    def place(self, span: Span) -> Place:
        """The innermost statement that holds `span`. Raises Unreadable."""
        return self.place_of(*self.source.offsets(span))

    def place_of(self, start: int, end: int) -> Place:
        """The innermost statement that holds the characters from `start` to `end`. Raises Unreadable."""
        found = place_in(self.piece_at(start), self.source, start, end)
        if found is None:
            raise Unreadable("no statement there")
        return found

    def piece_at(self, offset: int) -> Piece:
        """The tree of the top-level statement at `offset`, with what shares its lines. Raises Unreadable."""
        index = bisect_right(self.statement_starts, offset) - 1
        extent = self._extents[index] if index >= 0 else (0, len(self.text))
        try:
            return self._piece(extent)
        except Unreadable:
            return self._piece((0, len(self.text)))

    def _piece(self, extent: tuple[int, int]) -> Piece:
        found = self._pieces.get(extent)
        if found is None:
            found = self._pieces[extent] = Piece(self.text[extent[0]:extent[1]], extent[0])
        return found

    @cached_property
    def _extents(self) -> list[tuple[int, int]]:
        """The whole lines of the top-level statements; statements that share a line are together."""
        lines: list[tuple[int, int]] = []
        for statement in self.tree.body:
            decorators = getattr(statement, "decorator_list", ())
            first = min((statement.lineno, *(decorator.lineno for decorator in decorators)))
            last = statement.end_lineno or first
            if lines and first <= lines[-1][1]:
                lines[-1] = (lines[-1][0], max(last, lines[-1][1]))
            else:
                lines.append((first, last))
        starts = (*self.source.line_starts, len(self.text))
        return [(starts[first - 1], starts[last]) for first, last in lines]

    @cached_property
    def statement_starts(self) -> list[int]:
        """The offsets at which the lines of each top-level statement start. Raises Unreadable."""
        return [start for start, _ in self._extents]

    @cached_property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        """All classes, inner ones after those around them. Raises Unreadable."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def classes_named(self, name: str) -> tuple[ast.ClassDef, ...]:
        """The classes of a qualified name (`Outer.Inner`, `build.Net` inside a function). Raises Unreadable."""
        return tuple(node for qualified, node in _qualified(self.tree, "") if qualified == name)

    @cached_property
    def names(self) -> Names:
        """How the file spells torch's names. Raises Unreadable."""
        return Names(self.source, self.tree)

    def bounds(self, offset: int) -> tuple[int, int]:
        """Where the lines around an offset may be joined and parted: the file, or the cell of a notebook."""
        cell = self.source.notebook.cell_at(offset) if self.source.notebook is not None else None
        return (0, len(self.text)) if cell is None else (cell.start, cell.end)

    @cached_property
    def quote(self) -> str:
        """The quote that the file writes short strings in."""
        counts = {'"': 0, "'": 0}
        for match in _QUOTED.finditer(self.text):
            counts[match[1]] += 1
        return "'" if counts["'"] > counts['"'] else '"'

    def requoted(self, text: str, quote: str = "") -> str:
        """`text` with its plain string literals in the quotes of the file (or in `quote`)."""
        mark = quote or self.quote
        return _QUOTED.sub(lambda match: mark + match[0][1:-1] + mark, text)


def _qualified(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """The classes below a node, with their names in the form that layers know their owners by."""
    for child in ast.iter_child_nodes(node):
        inner = scope
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = f"{scope}.{child.name}" if scope else child.name
        if isinstance(child, ast.ClassDef):
            yield inner, child
        if not isinstance(child, ast.expr):
            yield from _qualified(child, inner)
