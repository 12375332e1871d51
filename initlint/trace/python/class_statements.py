"""Class statements: the body in a namespace of its own, then what keywords, bases and decorators do with the class."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable
from functools import partial
from typing import Final

from initlint.trace.machine.code import Evaluate, Execute
from initlint.trace.machine.frames import NORMAL, Frame
from initlint.trace.machine.interpreter import Interpreter
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    DescriptorV,
    DictV,
    FunctionV,
    InstanceV,
    Raised,
    Value,
)
from initlint.trace.python.classes import find_in_class, find_method, is_enum, metaclass_of, set_bases
from initlint.trace.python.construction import MADE
from initlint.trace.python.decorators import decorate
from initlint.trace.python.enums import complete
from initlint.trace.python.expressions import Compiler
from initlint.trace.python.holding import keeps
from initlint.trace.python.statements import statement

_CLASS_STEPS: Final = 200
"""For what is done to each class that derives from another: it registers the class, or sets a few names on it."""


def define_class(compiler: Compiler, node: ast.ClassDef) -> Execute:
    """Executes a class statement: its body in a namespace of its own, then its decorators."""
    interpreter = compiler.interpreter
    bases = [compiler.expression(base) for base in node.bases if not isinstance(base, ast.Starred)]
    decorators = [(compiler.expression(decorator), decorator) for decorator in node.decorator_list]
    inner = Compiler(interpreter, None)
    body = [statement(inner, each) for each in node.body]
    annotated = [
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
    is_function = compiler.local is not None
    finish = _class_keywords(compiler, node)

    def run(frame: Frame) -> int:
        outer = frame.vars.get("__qualname__") if not is_function else None
        scope = frame.scope
        qualname = f"{outer}.{node.name}" if isinstance(outer, str) else f"{scope}.{node.name}" if scope else node.name
        found = [base(frame) for base in bases]
        made = ClassV(node.name, qualname, frame.module, tuple(found), node)
        namespace = made.attrs
        namespace["__qualname__"] = qualname
        closure = (frame.vars, *frame.closure) if is_function or isinstance(outer, str) else frame.closure
        inside = Frame(frame.module, None, frame, namespace, closure)
        for step in body:
            if step(inside):
                break
        set_bases(interpreter, made)
        made.traits["fields"] = annotated
        for value in list(namespace.values()):
            _own(value, made)
        if is_enum(made):
            with contextlib.suppress(Raised):
                interpreter.within(_CLASS_STEPS, partial(complete, interpreter, made, inside), None)
        finish(made, frame)
        result: Value = made
        for expression, syntax in reversed(decorators):
            decorator = expression(frame)
            result = decorate(interpreter, decorator, result, frame, syntax)
            if keeps(decorator, made):
                made.traits["kept"] = True
        interpreter.heap.put(frame.vars, node.name, result)
        return NORMAL

    return run


def _own(value: Value, cls: ClassV) -> None:
    """Tell the functions of a class body where they belong, for `super()`."""
    if isinstance(value, FunctionV) and value.cls is None:
        value.cls = cls
    elif isinstance(value, DescriptorV):
        _own(value.function, cls)
    elif isinstance(value, AltV):
        for option in value.options:
            _own(option, cls)


def _tell_names(interpreter: Interpreter, cls: ClassV, frame: Frame) -> None:
    """Tell the descriptors of a class body their names."""
    for name, value in list(cls.attrs.items()):
        hook = find_method(value, "__set_name__") if type(value) is InstanceV else None
        if hook is not None:
            with contextlib.suppress(Raised):
                interpreter.within(_CLASS_STEPS, partial(interpreter.call, hook, [value, cls, name], {}, frame), None)


def _make(interpreter: Interpreter, cls: ClassV, given: dict[str, Value], frame: Frame) -> None:
    """What the metaclass does with a class: its `__new__`, for which the class is there already, and its `__init__`."""
    maker = metaclass_of(cls)
    if maker is None:
        return
    namespace = DictV(dict(cls.attrs))
    namespace.box[MADE] = cls
    for name, receiver in (("__new__", maker), ("__init__", cls)):
        function = find_in_class(maker, name)[1]
        if isinstance(function, DescriptorV):
            function = function.function
        if isinstance(function, FunctionV):
            call = partial(interpreter.call, function, [receiver, cls.name, cls.bases, namespace], given, frame)
            with contextlib.suppress(Raised):
                interpreter.within(_CLASS_STEPS, call, None)


def _class_keywords(compiler: Compiler, node: ast.ClassDef) -> Callable[[ClassV, Frame], None]:
    """What the keywords of a class statement, and the classes it derives from, do with the class once it is made."""
    interpreter = compiler.interpreter
    keywords: list[tuple[str, Evaluate]] = [
        (keyword.arg, compiler.expression(keyword.value)) for keyword in node.keywords if keyword.arg is not None
    ]

    def run(made: ClassV, frame: Frame) -> None:
        given = {name: value(frame) for name, value in keywords}
        maker = given.pop("metaclass", None)
        if isinstance(maker, ClassV):
            made.traits["metaclass"] = maker
            if find_in_class(maker, "__call__")[1] is not ABSENT:
                made.traits["remade"] = True
        _tell_names(interpreter, made, frame)
        _make(interpreter, made, given, frame)
        for base in made.mro[1:]:
            hook = base.attrs.get("__init_subclass__", ABSENT) if isinstance(base, ClassV) else ABSENT
            if hook is not ABSENT:
                function = hook.function if isinstance(hook, DescriptorV) else hook
                with contextlib.suppress(Raised):
                    interpreter.within(_CLASS_STEPS, partial(interpreter.call, function, [made], given, frame), None)
                return

    return run
