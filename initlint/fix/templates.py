"""Templates of new code: placeholders become source text, in parentheses where its neighbours would tear it apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

import libcst as cst

from initlint.fix.document import Document
from initlint.fix.names import MODULES
from initlint.fix.nodes import Unreadable, expression_piece
from initlint.model.source import Span
from initlint.syntax.edits import Edit

_PLACEHOLDER: Final = re.compile(rf"\{{(?:(?P<part>\d+)|(?P<module>{'|'.join(MODULES)}))\}}")
_ATTRIBUTE: Final = re.compile(r"\.(\w+)")
_OPENS: Final = re.compile(r"(?:^|[(\[{,:;]|(?<![=!<>])=|\b(?:return|yield|assert|if|elif|while)\b)\s*$")
_CLOSES: Final = re.compile(r"\s*(?:$|[)\]},:;#\r\n])")
_ATOMS: Final = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString,
    cst.FormattedString, cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp, cst.Ellipsis,
)

Segment = str | Span


class Filled:
    """A template at one place of a file: its text, and the imports it asks for.

    Raises Unreadable where the place can name no such module.
    """

    def __init__(self, document: Document, template: str, parts: Sequence[Span], offset: int) -> None:
        self._document = document
        self._parts = parts
        self.imports: list[Edit] = []
        self.segments = tuple(self._segments(template, offset))

    @property
    def text(self) -> str:
        """The new code, parts copied."""
        source = self._document.source
        return "".join(
            segment if isinstance(segment, str) else source.segment(segment) for segment in self.segments
        )

    def edits(self, start: int, end: int) -> Iterator[Edit]:
        """Puts the template in place of the expression from `start` to `end`.

        Parts that stand there in the template's order stay untouched, so that other edits may reach into them.
        """
        opening, closing = ("(", ")") if self._falls_apart(start, end) else ("", "")
        source = self._document.source
        pending, cursor = opening, start
        for segment in self.segments:
            if isinstance(segment, str):
                pending += segment
                continue
            first, last = source.offsets(segment)
            if cursor <= first and last <= end:
                yield from self._changed(cursor, first, pending)
                pending, cursor = "", last
            else:
                pending += source.segment(segment)
        yield from self._changed(cursor, end, pending + closing)

    def _changed(self, start: int, end: int, content: str) -> Iterator[Edit]:
        if self._document.text[start:end] != content:
            yield Edit(start, end, content)

    def _segments(self, template: str, offset: int) -> Iterator[Segment]:
        cursor = 0
        for match in _PLACEHOLDER.finditer(template):
            yield self._document.requoted(template[cursor:match.start()])
            cursor = match.end()
            if match["module"]:
                attribute = _ATTRIBUTE.match(template, cursor)
                name = attribute[1] if attribute else ""
                cursor = attribute.end() if attribute else cursor
                spelling = self._document.names.spell(MODULES[match["module"]], name, offset)
                self.imports += spelling.edits
                yield spelling.text
                continue
            index = int(match["part"])
            if index >= len(self._parts):
                raise Unreadable(f"the template names a part {index} that is not given")
            part = self._parts[index]
            apart = not (_OPENS.search(template[:match.start()]) and _CLOSES.match(template[cursor:]))
            if self._needs_parentheses(part, apart):
                yield "("
                yield part
                yield ")"
            else:
                yield part
        yield self._document.requoted(template[cursor:])

    def _needs_parentheses(self, part: Span, apart: bool) -> bool:
        try:
            _, node = self._document.expression(part)
        except Unreadable:
            return False        # `*rest` or a slice: never between operators
        return not _stands_alone(self._document.source.segment(part)) or (apart and not is_atom(node))

    def _falls_apart(self, start: int, end: int) -> bool:
        """Whether the operators around the place would take the new expression to pieces."""
        text = self._document.text
        try:
            starts = self._document.place_of(start, end).start == start or _OPENS.search(_line_before(text, start))
            if starts and _CLOSES.match(text, end):
                return False
            _, node = expression_piece(self.text, 0)
        except Unreadable:
            return False
        return not is_atom(node)


def is_atom(node: cst.BaseExpression) -> bool:
    """Whether no operator can tear the expression apart."""
    return isinstance(node, _ATOMS) or (isinstance(node, cst.Tuple) and len(node.lpar) > 0)


def _stands_alone(text: str) -> bool:
    """Whether an expression needs no brackets around it to hold its lines together."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _line_before(text: str, offset: int) -> str:
    """The line of the last character before an offset that is not blank, up to it; "#" where a comment stands there."""
    stop = len(text[:offset].rstrip())
    start = max(text.rfind("\n", 0, stop), text.rfind("\r", 0, stop)) + 1
    line = text[start:stop]
    return "#" if "#" in line else line
