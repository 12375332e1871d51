"""LibCST trees of pieces of a file, with the offset of every node in the file.

LibCST's own position providers need its metadata machinery and a parse of the whole file. A piece
writes itself back exactly, so counting characters while it does gives the place of each node.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import libcst as cst
from libcst._nodes.internal import CodegenState

_CARRIAGE_RETURN: Final = re.compile(r"\r(?!\n)")


class Unreadable(Exception):
    """LibCST cannot read a piece of text, or would not write it back as it was."""


class _Recorder(CodegenState):
    """Counts characters while a tree writes itself, and notes where each node starts and ends."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.position = 0
        self.extents: dict[cst.CSTNode, tuple[int, int]] = {}
        self.outer: dict[cst.CSTNode, tuple[int, int]] = {}
        self._starts: list[int] = []

    def add_indent_tokens(self) -> None:
        super().add_indent_tokens()
        self.position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        super().add_token(value)
        self.position += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(self.position)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        self.outer[node] = (start, self.position)
        self.extents.setdefault(node, (start, self.position))

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        start = self.position
        yield
        end = self.position
        self.extents[node] = (
            start if start_node is None else self.extents[start_node][0],
            end if end_node is None else self.extents[end_node][1],
        )


class Piece:
    """The tree of `text`, which stands at offset `base` of its file.

    LibCST moves form feeds about: the tree is that of the text without them, and they are counted back in. It
    loses the last of newlines that are a carriage return alone: they are read as line feeds.
    """

    def __init__(self, text: str, base: int) -> None:
        bare = _CARRIAGE_RETURN.sub("\n", text.replace("\f", ""))
        try:
            self.module = cst.parse_module(bare)
            recorder = _Recorder(self.module)
            self.module._codegen(recorder)
        except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError) as error:
            raise Unreadable(str(error)) from error
        if "".join(recorder.tokens) != bare:
            raise Unreadable("LibCST does not write the text back as it was")
        self._base = base
        self._extents = recorder.extents
        self._outer = recorder.outer
        feeds = (offset for offset, character in enumerate(text) if character == "\f") if bare != text else ()
        self._feeds = [offset - index for index, offset in enumerate(feeds)]

    def start(self, node: cst.CSTNode) -> int:
        """The offset in the file of a node's first character, its own parentheses and comments aside."""
        return self._first(self._extents[node][0])

    def end(self, node: cst.CSTNode) -> int:
        """The offset in the file of the character after a node's last."""
        return self._last(self._extents[node][1])

    def outer(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets of all that belongs to a node, parentheses and comments included."""
        start, end = self._outer[node]
        return self._first(start), self._last(end)

    def _first(self, offset: int) -> int:
        return self._base + offset + bisect_right(self._feeds, offset)

    def _last(self, offset: int) -> int:
        return self._base + offset + bisect_left(self._feeds, offset)


def expression_piece(text: str, base: int) -> tuple[Piece, cst.BaseExpression]:
    """The tree of an expression that stands at `base`. Raises Unreadable where `text` is not one."""
    # In parentheses its lines may break and be indented as they like.
    piece = Piece(f"({text})", base - 1)
    match piece.module.body:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.BaseExpression() as value)])]:
            return piece, value
    raise Unreadable("not one expression")
