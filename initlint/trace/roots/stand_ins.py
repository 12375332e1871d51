"""The methods that apply the layers of a class that has no `forward`, or one that only refuses: `get_value` and `act`
of an agent, `encode` and `decode`, `training_step`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import Final

from initlint.syntax.names import attributes_of, last_name
from initlint.trace.events.probes import initialises
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import ClassV, FunctionV, InstanceV
from initlint.trace.python.classes import mro_of
from initlint.trace.torch.tree import children

_OTHER_WORK: Final = frozenset({
    "backward", "manual_backward", "step", "zero_grad", "load_state_dict", "append", "extend", "insert", "add_module",
    "register_module", "register_parameter", "register_buffer", "setattr", "update", "pop",
})  # fmt: skip
"""Calls of methods that train, load or rebuild."""


def stand_ins(module: InstanceV, parts: Collection[str] | None = None) -> list[FunctionV]:
    """The public methods of a module that between them use all the submodules that any of them uses, or all of some
    `parts`, those that use most first: each layer is applied where it is used together with most others. None of them
    initialises, trains or puts another submodule in the place of one. None at all where a base that is not known may
    have the `forward`."""
    if not isinstance(module.cls, ClassV) or module.cls.is_open:
        return []
    inner = {name for name, _ in children(module)}
    held = inner if parts is None else inner & set(parts)
    reached: dict[str, frozenset[str]] = {}
    methods = dict(_methods(module))
    for name, function in methods.items():
        if not name.startswith("_") and not _does_more(function):
            called: set[str] = set()
            used = _used(name, methods, called)
            if not any(_set(methods[each].code.node) & inner for each in called):
                reached[name] = frozenset(used & held)
    chosen: list[FunctionV] = []
    covered: set[str] = set()
    for name in sorted(reached, key=lambda name: -len(reached[name])):
        if reached[name] - covered:
            covered |= reached[name]
            chosen.append(methods[name])
    return chosen


def only_raises(forward: FunctionV) -> bool:
    """Whether a method is there to say that it is not to be called."""
    node = forward.code.node
    body = node.body if isinstance(node, ast.FunctionDef) else []
    return bool(body) and isinstance(body[-1], ast.Raise) and all(
        isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in body[:-1]
    )


def _methods(module: InstanceV) -> Iterator[tuple[str, FunctionV]]:
    """The methods of the project's classes of a module, those of derived classes first."""
    seen: set[str] = set()
    for cls in mro_of(module.cls):
        if isinstance(cls, ClassV) and not cls.traits.get("vocabulary"):
            for name, value in cls.attrs.items():
                if name not in seen and isinstance(value, FunctionV) and isinstance(value.code.node, ast.FunctionDef):
                    yield name, value
                seen.add(name)


def _does_more(function: FunctionV) -> bool:
    """Whether a method takes no input, or is not there to compute from it alone."""
    code = function.code
    takes = len(code.params) - len(function.defaults) > 1 or code.vararg is not None
    return not takes or initialises(code.node, function.module) or bool(_OTHER_WORK & mentioned(code.node)[1])


def _used(name: str, methods: dict[str, FunctionV], seen: set[str]) -> set[str]:
    """The attributes of the module that a method reads, by way of other methods too."""
    seen.add(name)
    found = set(mentioned(methods[name].code.node)[0])
    for other in sorted(found & methods.keys() - seen):
        found |= _used(other, methods, seen)
    return found


@kept(4096)
def _set(node: ast.AST) -> frozenset[str]:
    """The attributes that a method sets, of whatever object."""
    return frozenset(
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    )


@kept(4096)
def mentioned(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes of its first argument that a method reads, and the names of what it calls."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    own = node.args.args[0].arg if node.args.args else ""
    calls = (last_name(each.func) for each in ast.walk(node) if isinstance(each, ast.Call))
    return frozenset(attributes_of(own, node)), frozenset(calls)
