"""`functools.singledispatch`: functions of which the class of the first argument chooses one."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from initlint.trace.machine.frames import Frame
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    ExternalV,
    FunctionV,
    InstanceV,
    Raised,
    UnknownV,
    Value,
)
from initlint.trace.python.classes import is_subclass
from initlint.trace.python.expressions import Compiler
from initlint.trace.python.instances import instance_of
from initlint.trace.python.library.registry import plain_class

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Registered = list[tuple[Value, Value]]
"""Classes and their functions; the last of a class counts."""


def dispatcher(interpreter: Interpreter, function: Value, subject: int = 0) -> InstanceV:
    """What `@singledispatch` makes of a function; `subject` is the place of the argument that chooses."""
    registered: Registered = []
    cls = plain_class(interpreter, "singledispatch", False)
    made = InstanceV(cls)
    cls.attrs["__call__"] = BuiltinV(
        "__call__", lambda machine, args, kwargs: _call(machine, function, registered, args[1:], kwargs, subject)
    )
    made.attrs["register"] = BuiltinV(
        "register", lambda machine, args, kwargs: _register(machine, registered, args)
    )
    return made


def _register(interpreter: Interpreter, registered: Registered, args: Args) -> Value:
    """`register(cls, function)`, `@register(cls)`, or `@register` above a function that names the class itself."""
    function = args[-1]
    if len(args) == 1 and not isinstance(function, FunctionV):
        return BuiltinV("register", lambda machine, given, named: _keep(registered, args[0], given[0]))
    named = args[0] if len(args) > 1 else _annotated(interpreter, function)
    return _keep(registered, named, function)


def _keep(registered: Registered, cls: Value, function: Value) -> Value:
    registered.append((cls, function))
    return function


def _annotated(interpreter: Interpreter, function: FunctionV) -> Value:
    """The class that the first annotated argument of a function has."""
    arguments = function.code.node.args
    named = [argument.annotation for argument in (*arguments.posonlyargs, *arguments.args)]
    node = next((annotation for annotation in named if annotation is not None), None)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            node = None
    if node is None:
        return UnknownV("no annotation")
    frame = Frame(function.module, None, interpreter.frame, None, function.closure)
    try:
        return Compiler(interpreter, None).expression(node)(frame)
    except Raised:
        return UnknownV("annotation not known")


def _call(
    interpreter: Interpreter, base: Value, registered: Registered, args: Args, kwargs: Kwargs, subject: int
) -> Value:
    frame = interpreter.frame
    before, given, after = args[:subject], args[subject : subject + 1], args[subject + 1 :]
    if given and type(given[0]) is AltV:
        options = [option for option in given[0].options if option is not ABSENT]
        return interpreter.choose([
            partial(_call, interpreter, base, registered, [*before, option, *after], kwargs, subject)
            for option in options
        ])
    chosen = _chosen(interpreter, base, registered, given[0]) if given else None
    if chosen is None:
        return interpreter.recorder.unknown_call("which function is called is not known", args, kwargs, frame)
    return interpreter.call(chosen, args, kwargs, frame)


def _chosen(interpreter: Interpreter, base: Value, registered: Registered, subject: Value) -> Value | None:
    """The function of the class nearest to that of `subject`; None where that is not known."""
    fitting: Registered = []
    for cls, function in registered:
        verdict = instance_of(interpreter, subject, cls) if _is_class(cls) else None
        if verdict is None:
            return None
        if verdict:
            fitting.append((cls, function))
    if len(fitting) < 2:
        return fitting[0][1] if fitting else base
    for cls, function in reversed(fitting):
        if isinstance(cls, ClassV | ExternalV) and all(is_subclass(cls, other) is True for other, _ in fitting):
            return function
    return None


def _is_class(value: Value) -> bool:
    """Whether a value is a class, or several joined by bars; a union spelled with `typing` is not looked into."""
    return isinstance(value, tuple | ClassV | BuiltinV) or (
        isinstance(value, ExternalV) and not value.name.startswith("typing.")
    )
