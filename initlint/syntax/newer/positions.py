"""Where the nodes of a LibCST tree stand, in the terms of `ast`."""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_right
from typing import Any, Final, TypeVar, cast

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper

Located = ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias | ast.excepthandler | ast.pattern
_NodeT = TypeVar("_NodeT", bound=Located)

_NEWLINE: Final = re.compile(rb"\r\n?|\n")


class Positions:
    """A LibCST tree with the offsets, in UTF-8 bytes, at which its nodes start and end.

    LibCST's span of an expression leaves out the parentheses around it, as `ast` does, except that
    `ast` counts those of tuples and generator expressions in.
    """

    def __init__(self, text: str) -> None:
        self.newer = False          # whether something was met that the running Python cannot read
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self.tree = wrapper.module
        if self.tree.code != text:
            raise ValueError("LibCST does not keep this text, so its positions are not to be trusted")
        self.data = text.encode("utf-8")
        self._spans = cast("dict[cst.CSTNode, CodeSpan]", wrapper.resolve(ByteSpanPositionProvider))
        self._lines = [0, *(match.end() for match in _NEWLINE.finditer(self.data))]

    def requires(self, major: int, minor: int) -> None:
        """Notes that what was just met needs Python `major.minor`."""
        if sys.version_info < (major, minor):
            self.newer = True

    def start(self, node: cst.CSTNode) -> int:
        """Where a node starts, the parentheses around it left out."""
        return self._spans[node].start

    def end(self, node: cst.CSTNode) -> int:
        span = self._spans[node]
        return span.start + span.length

    def outer_start(self, node: Any) -> int:
        """Where a node starts with the parentheses around it, or with those that make it a tuple."""
        return self.start(node.lpar[0]) if getattr(node, "lpar", ()) else self.tuple_start(node)

    def outer_end(self, node: Any) -> int:
        return self.end(node.rpar[-1]) if getattr(node, "rpar", ()) else self.tuple_end(node)

    def tuple_start(self, node: Any) -> int:
        """Where a tuple or generator expression starts for `ast`: at its own, innermost parenthesis."""
        return self.start(node.lpar[-1]) if getattr(node, "lpar", ()) else self.start(node)

    def tuple_end(self, node: Any) -> int:
        if getattr(node, "rpar", ()):
            return self.end(node.rpar[0])
        elements = getattr(node, "elements", None) if isinstance(node, cst.Tuple) else None
        return self.comma_end(elements[-1]) if elements else self.end(node)

    def comma_end(self, element: Any) -> int:
        """Where an element ends, its comma included if it has one."""
        comma = element.comma
        if isinstance(comma, cst.Comma):
            return self.token_end(comma)
        return self.outer_end(element.value)

    def token_end(self, node: cst.Comma | cst.Colon | cst.Semicolon) -> int:
        """Where a mark of one character ends, the whitespace after it left out."""
        return self.end(node.whitespace_before) + 1

    def at(self, node: _NodeT, start: int, end: int) -> _NodeT:
        """`node` placed between two byte offsets."""
        node.lineno, node.col_offset = self.point(start)
        node.end_lineno, node.end_col_offset = self.point(end)
        return node

    def like(self, node: _NodeT, place: cst.CSTNode) -> _NodeT:
        """`node` placed where a LibCST node stands."""
        return self.at(node, self.start(place), self.end(place))

    def point(self, offset: int) -> tuple[int, int]:
        """Line and column, as `ast` counts them, of a byte offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1]
