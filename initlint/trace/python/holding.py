"""What tables and registries keep."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from initlint.trace.machine.values import BoundV, ClassV, FunctionV, InstanceV, Value, parts_of
from initlint.trace.torch.tree import torch_class

_DEEPEST: Final = 3
"""How far into what holds other things is looked."""
_MOST_KEPT: Final = 64
"""Entries of one table that are looked at."""


def held(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value, and what is kept in it where it is a table, a partial call or a plain object."""
    yield value
    if depth < _DEEPEST:
        for each, _ in zip(_inside(value), range(_MOST_KEPT), strict=False):
            yield from held(each, depth + 1)


def keeps(function: Value, cls: ClassV) -> bool:
    """Whether a class is kept by what a function works on: the object it is a method of, what it closes over, and the
    tables of its module that it names."""
    if isinstance(function, BoundV):
        return _holds(function.receiver, cls) or keeps(function.function, cls)
    if not isinstance(function, FunctionV):
        return _holds(function, cls)
    named = {each.id for each in ast.walk(function.code.node) if isinstance(each, ast.Name)}
    scopes = (*function.closure, function.module.names)
    return any(_holds(scope[name], cls) for scope in scopes for name in named if name in scope)


def _holds(value: Value, cls: ClassV) -> bool:
    return not isinstance(value, ClassV) and any(each is cls for each in held(value))


def _inside(value: Value) -> Iterable[Value]:
    if isinstance(value, InstanceV) and torch_class(value.cls) is None:
        return list(value.attrs.values())
    return parts_of(value)
