"""Which method of a class builds its layers, and in which statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from initlint.fix.names import Function, receiver_of
from initlint.fix.nodes import Unreadable

SELF: Final = re.compile(r"^self\b")
"""What the targets of a change start with, whatever a method calls its object."""
_BRANCHES: Final = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)


def builder_of(methods: Mapping[str, Function], targets: Iterable[str]) -> Function:
    """The method behind which the layers `targets` are there: the constructor, or one that others call, as Lightning
    calls `configure_model`. Raises Unreadable where there is none, or several."""
    targets = list(targets)
    constructor = methods.get("__init__")
    if constructor is not None and any(assignment(constructor, target) for target in targets):
        return constructor
    called = set() if constructor is None else _called(constructor, methods)
    builders = [
        method for name, method in methods.items()
        if name not in called and any(assignment(method, target) for target in targets)
    ]
    if len(builders) == 1 and all(assignment(builders[0], target) for target in targets):
        return builders[0]
    if builders:
        raise Unreadable("several methods build the layers")
    if constructor is None:
        raise Unreadable("the class has no constructor of its own")
    return constructor


def _called(constructor: Function, methods: Mapping[str, Function]) -> set[str]:
    """The names of a constructor and of the methods that it may call."""
    found: set[str] = set()
    waiting = [constructor.name]
    while waiting:
        name = waiting.pop()
        if name in found or name not in methods:
            continue
        found.add(name)
        receiver = receiver_of(methods[name])
        waiting += [
            node.attr for node in ast.walk(methods[name])
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == receiver
        ]
    return found


def assignment(method: Function, target: str) -> ast.stmt | None:
    """The statement of a method that builds the layer `target`, None where it is built elsewhere: `self.layer = None`
    builds nothing."""
    root = ast.parse(SELF.sub(receiver_of(method) or "self", target), mode="eval").body
    while isinstance(root, (ast.Subscript, ast.Attribute)) and not (
        isinstance(root, ast.Attribute) and isinstance(root.value, ast.Name)
    ):
        root = root.value
    spelled = ast.unparse(root)
    for node in statements_of(method.body):
        targets: Sequence[ast.expr] = ()
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_nothing(node.value):
            continue
        if isinstance(node, ast.Assign):
            targets = [part for whole in node.targets for part in getattr(whole, "elts", [whole])]
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            targets = [node.target]
        if any(ast.unparse(part) == spelled for part in targets):
            return node
    return None


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def built_one_by_one(made: ast.stmt | None) -> bool:
    """Whether what a statement builds is spelled out in it."""
    return made is not None and not any(
        isinstance(node, (ast.Starred, ast.comprehension, ast.For, ast.While)) for node in ast.walk(made)
    )


def branch_of(function: Function, made: ast.stmt) -> list[ast.stmt] | None:
    """The body of the innermost branch that `made` stands in, None where it always runs."""
    found = None
    body: list[ast.stmt] = function.body
    while made not in body:
        for statement in body:
            inner = next((inner for inner in _bodies(statement) if made in statements_of(inner)), None)
            if inner is not None:
                found = inner if isinstance(statement, _BRANCHES) else found
                body = inner
                break
    return found


def statements_of(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements below, those of nested functions and classes left out."""
    for statement in body:
        yield statement
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for inner in _bodies(statement):
                yield from statements_of(inner)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(statement, name, None)
        if inner:
            yield inner
    for arm in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield arm.body
