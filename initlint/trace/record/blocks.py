"""Where in its function an expression stands: its statement, the arm that holds it, and what would catch it.

The trace keeps the calls in progress (`frames.Place`), and nothing of the statements around them. What few facts
need that are worked out here afterwards, by descending to the position of the expression.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from initlint.model.source import Span
from initlint.syntax.names import last_name
from initlint.trace.machine.frames import Place, span_of
from initlint.trace.machine.kept import kept

Tree = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
TreeOf = Callable[[str], ast.Module | None]
"""The module of a file, None where it has none (code of the vocabulary)."""

_CAUGHT: Final = frozenset(
    {"Exception", "BaseException", "AttributeError", "TypeError", "ValueError", "RuntimeError", "NotImplementedError"}
)
"""What initialising calls raise, and the classes above."""

_FORGIVING: Final = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
"""Context managers of contextlib, pytest and unittest that an exception does not leave."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One block of a statement: its body, the `else` of an `if`, a handler. `starts` are the places at which its
    statements begin, in order."""

    holder: ast.AST
    field: str
    statements: tuple[ast.stmt, ...]
    starts: tuple[tuple[int, int], ...]

    def statement_with(self, node: ast.AST) -> ast.stmt | None:
        """The statement that holds a node."""
        start, end = _extent(node)
        index = bisect_right(self.starts, start) - 1
        if index < 0 or end > _extent(self.statements[index])[1]:
            return None
        return self.statements[index]


@kept(4096)
def arms_around(tree: Tree, node: ast.AST) -> tuple[tuple[Arm, ast.stmt], ...]:
    """The arms that hold `node` and in each the statement that does, outermost first; () where it is not below."""
    if isinstance(tree, ast.Lambda):
        return ()
    found: list[tuple[Arm, ast.stmt]] = []
    place: ast.AST | None = tree
    while place is not None:
        step = _step(place, node)
        if step is None:
            break
        found.append(step)
        place = step[1] if step[1] is not node else None
    return tuple(found)


def _step(holder: ast.AST, node: ast.AST) -> tuple[Arm, ast.stmt] | None:
    for arm in _arms(holder):
        statement = arm.statement_with(node)
        if statement is not None:
            return arm, statement
    return None


@kept(4096)
def _arms(holder: ast.AST) -> tuple[Arm, ...]:
    found = []
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(holder, field, None)
        if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
            found.append(_arm(holder, field, statements))
    for field in ("handlers", "cases"):
        found.extend(_arm(inner, "body", inner.body) for inner in getattr(holder, field, ()))
    return tuple(found)


def _arm(holder: ast.AST, field: str, statements: list[ast.stmt]) -> Arm:
    return Arm(holder, field, tuple(statements), tuple(map(_start, statements)))


def _start(statement: ast.stmt) -> tuple[int, int]:
    """Where a statement begins; decorators stand before a definition's own text."""
    return min(_extent(each)[0] for each in (statement, *getattr(statement, "decorator_list", ())))


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    """Line and column of a node's first character, and behind its last."""
    span = span_of("", node)
    return (span.line, span.column), (span.end_line, span.end_column)


def tree_of(place: Place, modules: TreeOf) -> Tree | None:
    """The function, else the module, whose text holds a place."""
    if place.function is not None:
        found: Tree = place.function.code.node
        return found
    return modules(place.file)


def statement_of(place: Place, modules: TreeOf) -> ast.stmt | None:
    """The innermost statement that holds the call at a place."""
    around = _around(place, modules)
    return around[-1][1] if around else None


def loops_around(place: Place, modules: TreeOf) -> list[ast.For | ast.AsyncFor]:
    """The `for` loops in whose bodies a place stands, outermost first."""
    return [
        arm.holder for arm, _ in _around(place, modules)
        if isinstance(arm.holder, ast.For | ast.AsyncFor) and arm.field == "body"
    ]


def block_of(place: Place, modules: TreeOf) -> Span | None:
    """The header of the innermost arm whose body holds the call at a place."""
    around = _around(place, modules)
    if not around:
        return None
    arm = around[-1][0]
    first = arm.statements[0]
    start = span_of(place.file, arm.holder)
    line, column = start.line, start.column
    if arm.field != "body":
        before: list[ast.stmt] = getattr(arm.holder, "body", [])
        after = span_of(place.file, before[-1]) if before else start
        line, column = after.end_line, after.end_column
    return Span(place.file, line, column, first.lineno, first.col_offset)


def is_guarded(place: Place | None, modules: TreeOf, known: dict[int, bool]) -> bool:
    """Whether the call at a place, or one of those that led to it, is inside a `try` that catches what it may raise.
    What is `known` of places, by identity, is added to."""
    if place is None:
        return False
    found = known.get(id(place))
    if found is None:
        found = known[id(place)] = _is_caught(place, modules) or is_guarded(place.outer, modules, known)
    return found


def is_uncertain(place: Place | None, branching: bool, read: ast.Attribute | None, modules: TreeOf) -> bool:
    """Whether a test that is not known decides if the call at a place reaches the very module that `read` reads from.
    `branching` is whether the call was one of several ways the root may go."""
    return branching and place is not None and read is not None and is_conditional_on(place, read.value, modules)


def is_conditional_on(place: Place, expression: ast.expr, modules: TreeOf) -> bool:
    """Whether a test about `expression` decides, in the function of a place, if the place is reached."""
    wanted = _mention_of(expression)
    for arm, statement in _around(place, modules):
        holder = arm.holder
        if isinstance(holder, ast.If | ast.While) and wanted.search(_text(holder.test)):
            return True
        for before in arm.statements:
            if before is statement:
                break
            if (
                isinstance(before, ast.If)
                and isinstance(before.body[-1], _LEAVES)
                and wanted.search(_text(before.test))
            ):
                return True
    return False


@kept(4096)
def _mention_of(expression: ast.expr) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(ast.unparse(expression))}(?!\w)")


@kept(4096)
def _text(expression: ast.expr) -> str:
    return ast.unparse(expression)


_LEAVES: Final = (ast.Continue, ast.Return, ast.Break, ast.Raise)


def _is_caught(place: Place, modules: TreeOf) -> bool:
    for arm, _ in _around(place, modules):
        holder = arm.holder
        if isinstance(holder, ast.Try) and arm.field == "body" and any(map(_catches, holder.handlers)):
            return True
        if is_forgiving(holder):
            return True
    return False


def is_forgiving(node: ast.AST) -> bool:
    """Whether a statement is a `with` that takes an exception for what was wanted, or for nothing."""
    return isinstance(node, ast.With | ast.AsyncWith) and any(
        isinstance(item.context_expr, ast.Call) and last_name(item.context_expr.func) in _FORGIVING
        for item in node.items
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {last_name(part) for part in parts}
    return bool(names & _CAUGHT)


def _around(place: Place, modules: TreeOf) -> tuple[tuple[Arm, ast.stmt], ...]:
    tree = tree_of(place, modules)
    return () if tree is None else arms_around(tree, place.node)
