"""Decorators, and context managers that are decorators as well."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    BoundV,
    BuiltinV,
    ClassV,
    ExternalV,
    FunctionV,
    InstanceV,
    PartialV,
    Raised,
    UnknownV,
    Value,
)
from initlint.trace.vocabulary.spec import HelperSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Interpreter


def disables_grad(manager: Value) -> bool:
    """`torch.no_grad()` and its kin."""
    spec = getattr(manager, "spec", None)
    return isinstance(spec, HelperSpec) and spec.no_grad


def set_at_once(manager: ExternalV, frame: Frame) -> None:
    """`torch.set_grad_enabled(False)` as a statement: autograd is off from here on, for the callers too."""
    if not disables_grad(manager) or not manager.spec.at_once:
        return
    for inside in frame.chain():
        inside.no_grad = True


DECORATOR_STEPS: Final = 400
"""Steps that a decorator of the project may take: one that goes on, to write documents, gives back what it is given."""


def decorate(interpreter: Interpreter, decorator: Value, value: Value, frame: Frame, syntax: ast.expr) -> Value:
    """`@decorator`: what outside decorators wrap keeps doing what it did."""
    if isinstance(decorator, FunctionV | BoundV | ClassV | PartialV | InstanceV):
        try:
            result = interpreter.within(
                DECORATOR_STEPS, lambda: interpreter.call(decorator, [value], {}, frame, syntax), value
            )
        except Raised:
            return value
        if isinstance(result, FunctionV) and result is not value:
            result.attrs.setdefault("__wrapped__", value)
        return value if isinstance(result, UnknownV) or result is None else result
    if isinstance(decorator, BuiltinV):
        return interpreter.call(decorator, [value], {}, frame, syntax)
    if disables_grad(decorator) and isinstance(value, FunctionV):
        value.no_grad = True
    if isinstance(decorator, ExternalV) and isinstance(decorator.spec, HelperSpec) and decorator.spec.kind == "source":
        result = interpreter.call(decorator, [value], {}, frame, syntax)
        return value if isinstance(result, UnknownV) else result
    if isinstance(value, FunctionV) and getattr(decorator, "spec", None) is None:
        value.is_wrapped = True
    return value
