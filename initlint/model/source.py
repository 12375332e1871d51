"""Places in source text, and calls as they are written there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


class Unknown:
    """A value the trace could not determine. Rules that need it stay silent."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; compare with `is UNKNOWN`")

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file, in the convention of `ast`.

    `line` counts from 1; `column` counts UTF-8 bytes from 0. `syntax` turns it into
    character positions for reports and into offsets for edits, only where one is needed.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def contains(self, other: Span) -> bool:
        """Whether the other stretch lies inside this one."""
        starts = (self.line, self.column) <= (other.line, other.column)
        return self.file == other.file and starts and (
            (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call.

    `name` is the keyword as written, None for a positional argument, "*" or "**" for an
    unpacked one. `value` is a plain Python constant where it is known, else UNKNOWN.
    `literal` is true where the source spells the value at this very place.
    """

    name: str | None
    value: object
    span: Span
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call as written: what a message points at and a fix changes.

    `function` is the canonical dotted name whatever the import spelling
    (`torch.nn.init.kaiming_normal_`, `torch.Tensor.normal_`, `torch.nn.Linear`).
    `function_span` covers the callee expression, `scope` is the qualified name of the
    function or class body the call stands in ("" at module level). `partial` is the call of `functools.partial` that
    made what is called, with the function in place of its first argument.
    """

    function: str
    span: Span
    function_span: Span
    arguments: tuple[Argument, ...]
    scope: str = ""
    partial: Call | None = None

    @property
    def spelled(self) -> Call:
        """The call that spells the function and all its arguments but the first."""
        return self if self.partial is None or len(self.arguments) > 1 else self.partial

    @property
    def short_name(self) -> str:
        return self.function.rsplit(".", 1)[-1]

    def argument(self, name: str, position: int | None = None) -> Argument | None:
        """The argument passed as keyword `name` or, failing that, at `position`."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        positional = list(self.positional())
        if position is not None and position < len(positional):
            return positional[position]
        return None

    def positional(self) -> Iterator[Argument]:
        """Positional arguments up to the first unpacked one, whose width is not known."""
        for argument in self.arguments:
            if argument.name == "*":
                return
            if argument.name is None:
                yield argument
