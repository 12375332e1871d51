"""Tests of `if`, `while` and conditional expressions, and what each side learns from them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from initlint.trace.machine.code import Evaluate
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.values import ABSENT, AltV, InstanceV, Store, TensorV, Value, options_of
from initlint.trace.python.builtins import is_pure_test
from initlint.trace.python.operators import compare
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.python.expressions import Compiler

Narrow = Callable[[bool], list[range]]
"""Takes the side; the serial numbers of what does not exist where the test comes out so."""
Condition = Callable[[Frame], tuple[bool | None, Narrow]]


def condition(compiler: Compiler, node: ast.expr) -> Condition:
    """Evaluates to (known truth or None, narrow): `narrow(side)` restricts the alternatives of the
    names and attributes tested to those for which the test comes out as `side`."""
    interpreter = compiler.interpreter
    value = compiler.expression(node)
    tests = _tests(compiler, node)

    def evaluate(frame: Frame) -> tuple[bool | None, Narrow]:
        known = interpreter.truth(value(frame))
        if known is not None or not tests:
            return known, _nothing

        def narrow(side: bool) -> list[range]:
            return [gone for restrict in tests for gone in restrict(frame, side)]

        return known, narrow

    return evaluate


def about_object(compiler: Compiler, node: ast.expr) -> Callable[[Frame], bool]:
    """Whether a test asks something about a module or a tensor: `isinstance(m, ...)`, `hasattr(m, ...)`, `p.dim()`."""

    @cache
    def subjects() -> list[Evaluate]:       # most tests are known, and nobody asks
        calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
        return [compiler.expression(each) for call in calls for each in _subjects(call) if _is_path(each)]

    return lambda frame: any(_is_object(option) for subject in subjects() for option in options_of(subject(frame)))


def _subjects(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    if isinstance(call.func, ast.Attribute):
        yield call.func.value


def _is_path(node: ast.expr) -> bool:
    """`name`, `name.attribute` and so on, which can be evaluated once more without effect."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_object(value: Value) -> bool:
    return isinstance(value, TensorV) or (isinstance(value, InstanceV) and is_module(value))


def _nothing(side: bool) -> list[range]:
    """A test whose outcome is known teaches nothing."""
    return []


Restrict = Callable[[Frame, bool], list[range]]


def _tests(compiler: Compiler, node: ast.expr) -> list[Restrict]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [_inverted(test) for test in _tests(compiler, node.operand)]
    if isinstance(node, ast.BoolOp):
        side = isinstance(node.op, ast.And)
        return [_only(test, side) for value in node.values for test in _tests(compiler, value)]
    interpreter = compiler.interpreter
    if isinstance(node, ast.Name | ast.Attribute):
        return _on(compiler, node, lambda frame, option: interpreter.truth(option))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        operator = type(node.ops[0])
        other = compiler.expression(node.comparators[0])
        return _on(
            compiler,
            node.left,
            lambda frame, option: interpreter.truth(compare(interpreter, operator, option, other(frame), frame, node)),
        )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args and not node.keywords:
        function = compiler.expression(node.func)
        rest = [compiler.expression(arg) for arg in node.args[1:] if not isinstance(arg, ast.Starred)]

        def holds(frame: Frame, option: Value) -> bool | None:
            callee = function(frame)
            if not is_pure_test(callee):
                return None
            return interpreter.truth(interpreter.call(callee, [option, *(arg(frame) for arg in rest)], {}, frame))

        return _on(compiler, node.args[0], holds)
    return []


def _inverted(test: Restrict) -> Restrict:
    return lambda frame, side: test(frame, not side)


def _only(test: Restrict, when: bool) -> Restrict:
    return lambda frame, side: test(frame, side) if side is when else []


def _on(compiler: Compiler, node: ast.expr, holds: Callable[[Frame, Value], bool | None]) -> list[Restrict]:
    """Restrict the variable or attribute `node` to the alternatives for which `holds`."""
    interpreter = compiler.interpreter

    def restrict(store: Store, key: str, frame: Frame, side: bool) -> list[range]:
        value = store.get(key, ABSENT)
        if type(value) is not AltV:
            return []
        kept = keep(interpreter.heap.join, value, lambda option: holds(frame, option), side)
        interpreter.heap.put(store, key, kept)
        left = {option.attrs.serial for option in options_of(kept) if type(option) is InstanceV}
        return [world for serial, world in value.worlds.items() if serial not in left]

    if isinstance(node, ast.Name):
        name = node.id
        if compiler.local is not None and name not in compiler.local:
            return []

        return [lambda frame, side: restrict(frame.vars, name, frame, side)]
    if isinstance(node, ast.Attribute):
        owner = compiler.expression(node.value)
        attr = node.attr

        def restrict_attribute(frame: Frame, side: bool) -> list[range]:
            receiver = owner(frame)
            return restrict(receiver.attrs, attr, frame, side) if isinstance(receiver, InstanceV) else []

        return [restrict_attribute]
    return []


def keep(
    join: Callable[[list[Value]], Value], value: AltV, holds: Callable[[Value], bool | None], side: bool
) -> Value:
    """The alternatives for which the test may come out as `side`."""
    kept = [option for option in value.options if option is not ABSENT and holds(option) in (None, side)]
    return join(kept) if kept else value
