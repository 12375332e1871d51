"""The calls in progress."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from initlint.model.source import Span
from initlint.trace.heap import Writes
from initlint.trace.values import FunctionV, ModuleScope, Store, Value

NORMAL, RETURN, BREAK, CONTINUE, RAISE = range(5)
"""How a statement ends."""


@dataclass(slots=True)
class Exit:
    """A branch that has left the block (by `return`, `break` or `continue`) while another goes on.

    `writes` is what it left, relative to the journal at `position`.
    """

    flow: int
    writes: Writes
    position: int
    token: int


class Frame:
    """One call: its variables, the scopes around it, and the exits still to be joined."""

    __slots__ = ("closure", "depth", "exits", "function", "module", "no_grad", "parent", "site", "vars", "yields")

    def __init__(
        self,
        module: ModuleScope,
        function: FunctionV | None,
        parent: Frame | None,
        variables: Store | None = None,
        closure: tuple[Store, ...] = (),
    ) -> None:
        self.module = module
        self.function = function
        self.parent = parent
        self.vars: Store = Store() if variables is None else variables
        self.closure = closure
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.no_grad: bool = parent is not None and parent.no_grad
        self.site: ast.AST | None = None
        self.exits: list[Exit] = []
        self.yields: list[Value] | None = None

    @property
    def scope(self) -> str:
        return "" if self.function is None else self.function.qualname

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands."""
        return span_of(self.module.file, node)

    def chain(self) -> tuple[Place, ...]:
        """The calls in progress, innermost first: where each stands and in which function."""
        found = []
        frame: Frame | None = self
        while frame is not None:
            if frame.site is not None:
                found.append(Place(frame.module.file, frame.site, frame.scope, frame.function))
            frame = frame.parent
        return tuple(found)


@dataclass(slots=True, frozen=True)
class Place:
    """A call in progress, kept with what it creates."""

    file: str
    node: ast.AST
    scope: str
    function: FunctionV | None = field(repr=False)

    @property
    def span(self) -> Span:
        return span_of(self.file, self.node)


def span_of(file: str, node: ast.AST) -> Span:
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    return Span(
        file, line, column, getattr(node, "end_lineno", None) or line, getattr(node, "end_col_offset", None) or column
    )
