"""Facts about a file, after lines came or went between its definitions: the same facts, further up or down."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

from initlint.model.finding import Finding, Related
from initlint.model.report import InitRow
from initlint.model.source import Span

T = TypeVar("T")

_LINE: Final = re.compile(r"(?<=\bline )\d+")
"""How messages name a line, always one of the file that the finding is in."""
_PLAIN: Final = frozenset({str, int, float, bool, bytes, type(None)})


class Mover:
    """Gives each line of `file` that a fact names the number that `line_of` has for it; other files stay as they are.

    `line_of` raises for a line that it knows nothing of, and so does `moved`.
    """

    def __init__(self, file: str, line_of: Callable[[int], int]) -> None:
        self._file: Final = file
        self._line_of: Final = line_of
        self._spans: dict[Span, Span] = {}

    def moved(self, value: T) -> T:
        """`value` with its lines moved: any facts that the model has."""
        found: T = self._moved(value)
        return found

    def line(self, file: str, line: int) -> int:
        return self._line_of(line) if file == self._file else line

    def _moved(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN or isinstance(value, Enum):
            return value
        if kind is Span:
            return self._span(value)
        if kind is tuple or kind is frozenset:
            return kind(map(self._moved, value)) if value else value
        if isinstance(value, Mapping):
            return {key: self._moved(each) for key, each in value.items()} if value else value
        if not is_dataclass(kind):
            return value
        new = {name: self._moved(getattr(value, name)) for name in _names(kind)}
        if isinstance(value, InitRow) and value.file is not None and value.line is not None:
            new["line"] = self.line(value.file, value.line)
        elif isinstance(value, Finding):
            new |= self._told(value, new)
        return replace(value, **new)

    def _span(self, span: Span) -> Span:
        if span.file != self._file:
            return span
        found = self._spans.get(span)
        if found is None:
            line, end_line = self._line_of(span.line), self._line_of(span.end_line)
            found = self._spans[span] = Span(span.file, line, span.column, end_line, span.end_column)
        return found

    def _told(self, finding: Finding, new: Mapping[str, Any]) -> dict[str, Any]:
        """What a finding says in words: its messages, and the calls among its subjects."""
        found: dict[str, Any] = {"subjects": frozenset(map(self.subject, finding.subjects))}
        if finding.span.file == self._file:
            found["message"] = self._text(finding.message)
            found["related"] = tuple(
                Related(related.span, self._text(related.message)) for related in new["related"]
            )
        return found

    def _text(self, message: str) -> str:
        return _LINE.sub(lambda match: str(self._line_of(int(match.group()))), message)

    def subject(self, subject: str) -> str:
        """What `call_subject` made of a place; anything else stays."""
        file, _, place = subject.partition(f"{self._file}:")
        line, _, column = place.partition(":")
        if file or not (line.isdigit() and column.isdigit()):
            return subject
        return f"{self._file}:{self._line_of(int(line))}:{column}"


@cache
def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))
