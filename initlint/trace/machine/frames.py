"""The calls in progress."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from initlint.model.source import Span
from initlint.trace.machine.heap import Writes
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import FunctionV, ModuleScope, PartialV, Store, Value

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
    """One call: its variables, the scopes around it, and the exits still to be joined. `doubtful` is true where a test
    of what some module or tensor is, whose outcome is not known, decides whether what is executed now is reached, or
    where it is one of several functions that may have been called. `site` is the call in progress, `partial` what it
    calls where that is a function with some arguments given. `within` is what is done where it yields: the body of a
    `with` statement."""

    __slots__ = (
        "_place",
        "caller",
        "closure",
        "depth",
        "doubtful",
        "exits",
        "function",
        "idle",
        "module",
        "no_grad",
        "parent",
        "partial",
        "site",
        "vars",
        "within",
        "yields",
    )

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
        self.doubtful: bool = parent is not None and parent.doubtful
        self.site: ast.AST | None = None
        self.partial: PartialV | None = None
        self.caller: Place | None = None if parent is None else parent.place()
        self._place: Place | None = None
        self.exits: list[Exit] = []
        self.idle = 0
        self.yields: list[Value] | None = None
        self.within: Callable[[Value], None] | None = None

    def chain(self) -> Iterator[Frame]:
        """This call and those around it, innermost first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    @property
    def scope(self) -> str:
        return "" if self.function is None else self.function.qualname

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands."""
        return span_of(self.module.file, node)

    def place(self) -> Place | None:
        """The call in progress, linked to those around it."""
        site = self.site
        if site is None:
            return self.caller
        found = self._place
        if found is None or found.node is not site:
            found = self._place = Place(self.module.file, site, self.scope, self.function, self.caller)
        return found


class Place:
    """A call in progress, linked to the call that led to it. Kept with what it creates."""

    __slots__ = ("_spans", "file", "function", "node", "outer", "scope")

    def __init__(
        self, file: str, node: ast.AST, scope: str, function: FunctionV | None, outer: Place | None
    ) -> None:
        self.file = file
        self.node = node
        self.scope = scope
        self.function = function
        self.outer = outer
        self._spans: tuple[Span, ...] | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """The calls on the way here, outermost first."""
        if self._spans is None:
            self._spans = (*(self.outer.spans if self.outer is not None else ()), self.span)
        return self._spans

    @property
    def span(self) -> Span:
        return span_of(self.file, self.node)

    def chain(self) -> Iterator[Place]:
        """This call and those around it, innermost first."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.outer


@kept(32_768)
def span_of(file: str, node: ast.AST) -> Span:
    """Where a node of a file stands."""
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    return Span(
        file, line, column, getattr(node, "end_lineno", None) or line, getattr(node, "end_col_offset", None) or column
    )
