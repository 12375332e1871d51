"""Which function roots would only show again what another has shown.

Model zoos define hundreds of functions that build one class with other sizes. Where such a function does nothing
but build and return, the facts it could add depend on the kinds of its arguments, not on their sizes.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from initlint.trace.machine.frames import Frame
from initlint.trace.machine.values import (
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    PartialV,
    UnknownV,
    Value,
)
from initlint.trace.python.classes import find_in_class


def only_builds(node: ast.AST) -> bool:
    """Whether a function ends by returning what a call gives it, and does nothing with it in between."""
    if not isinstance(node, ast.FunctionDef) or not node.body or not isinstance(node.body[-1], ast.Return):
        return False
    result = node.body[-1].value
    if isinstance(result, ast.Call):
        return True
    if not isinstance(result, ast.Name) or len(node.body) < 2:
        return False
    before = node.body[-2]
    return (
        isinstance(before, ast.Assign)
        and isinstance(before.value, ast.Call)
        and any(isinstance(target, ast.Name) and target.id == result.id for target in before.targets)
    )


def traits(cls: ClassV, args: Sequence[Value], kwargs: dict[str, Value]) -> set[object]:
    """What is particular about a construction: the kind of each argument, and of each part of it, on its own. An
    argument that is not given shows its default.

    A root is worth running where it shows an argument in a way that no root before it has; not every combination is
    run.
    """
    given: dict[object, Value] = {}
    _, init = find_in_class(cls, "__init__")
    if isinstance(init, FunctionV):
        names = init.code.params[1:]
        if init.defaults:
            given.update(zip(names[-len(init.defaults) :], init.defaults, strict=False))
        given.update(init.kwdefaults)
        given.update(zip(names, args, strict=False))
        args = args[len(names) :]
    given.update(enumerate(args))
    given.update(kwargs)
    found: set[object] = {id(cls)}
    for name, value in given.items():
        _collect(value, (id(cls), name), found, 0)
    return found


def flags(frame: Frame) -> set[object]:
    """The flags that are set in the calls on the way from a root to a construction: they may say what is done
    afterwards. Those of the root itself count where it passes them on."""
    found: set[object] = set()
    for caller in frame.chain():
        if caller.function is not None and caller.parent is not None and caller.parent.function is not None:
            found.update((id(caller.function.code), name) for name, value in caller.vars.items() if value is True)
    return found


def _collect(value: Value, path: tuple[object, ...], found: set[object], depth: int) -> None:
    if depth > 4:
        return
    if isinstance(value, DictV):
        for key, entry in value.entries.items():
            _collect(entry, (*path, str(key)), found, depth + 1)
    elif isinstance(value, tuple | ListV):
        for item in value if isinstance(value, tuple) else value.items:
            _collect(item, (*path, "*"), found, depth + 1)
    elif isinstance(value, InstanceV):
        found.add((*path, id(value.cls)))
        for key, entry in value.attrs.items():
            _collect(entry, (*path, key), found, depth + 1)
    else:
        found.add((*path, kinds(value)))


def kinds(value: Value, depth: int = 0) -> object:
    """A value with its sizes left out: numbers by sign, runs of like elements once."""
    if value is None or isinstance(value, bool | str | bytes):
        return value
    if isinstance(value, int | float):
        return "+" if value > 0 else "-" if value < 0 else "0"
    if depth > 6:
        return "..."
    if isinstance(value, tuple | ListV):
        items = value if isinstance(value, tuple) else value.items
        found: list[object] = []
        for item in items:
            each = kinds(item, depth + 1)
            if each not in found:
                found.append(each)
        return ("list", *found)
    if isinstance(value, DictV):
        return ("dict", *((str(key), kinds(entry, depth + 1)) for key, entry in sorted(value.entries.items(), key=str)))
    if isinstance(value, PartialV):
        return ("partial", kinds(value.function), kinds(value.args, depth + 1), kinds(DictV(value.kwargs), depth + 1))
    if isinstance(value, AltV):
        return ("either", *(kinds(option, depth + 1) for option in value.options))
    if isinstance(value, ExternalV | BuiltinV):
        return value.name
    if isinstance(value, FunctionV):
        return ("function", id(value.code), *(kinds(v, depth + 1) for scope in value.closure for v in _plain(scope)))
    if isinstance(value, ClassV):
        return ("class", id(value))
    if isinstance(value, BoundV):
        return ("bound", kinds(value.function, depth + 1), id(value.receiver))
    if isinstance(value, InstanceV):
        return ("object", id(value.cls), *((name, kinds(v, depth + 1)) for name, v in sorted(value.attrs.items())))
    if isinstance(value, UnknownV):
        return "?"
    return type(value).__name__


def _plain(scope: dict[str, Value]) -> list[Value]:
    return [value for value in scope.values() if isinstance(value, str | bool | ClassV | ExternalV)]
