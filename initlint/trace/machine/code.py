"""Functions as code: what is local to them, how arguments are bound, and their compiled bodies."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from initlint.model.graph import Role
from initlint.syntax.parts import parts
from initlint.trace.machine.frames import NORMAL, RETURN, Frame
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    DictV,
    FunctionV,
    InstanceV,
    ListV,
    PartialV,
    Raised,
    Store,
    SymbolV,
    UnknownV,
    Value,
    is_constant,
)

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Execute = Callable[[Frame], int]
Evaluate = Callable[[Frame], Value]

UNPACKED = "**"
"""Key under which a call passes keywords of unknown names on."""
REQUIRED = "**required"
"""Key under which a root passes on that what is required is given, and nothing else."""


def wrappings(value: Value, *kinds: type[BoundV] | type[PartialV]) -> Iterator[Value]:
    """A value and what it wraps, outermost first: what decorators say of functions (`__wrapped__`), and the functions
    of values of `kinds` (bound, partial). A circle ends where it closes."""
    seen: set[int] = set()
    while id(value) not in seen:
        seen.add(id(value))
        yield value
        if type(value) is FunctionV:
            value = value.attrs.get("__wrapped__", value)
        elif isinstance(value, kinds):
            value = value.function


class Code:
    """The syntax of one function, compiled when it is first entered."""

    __slots__ = (
        "_body",
        "_named",
        "_outer",
        "active",
        "built",
        "file",
        "gropes",
        "is_generator",
        "is_plain",
        "kwarg",
        "kwonly",
        "node",
        "params",
        "vararg",
    )

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, file: str) -> None:
        self.node = node
        self.file = file
        arguments = node.args
        self.params = tuple(arg.arg for arg in (*arguments.posonlyargs, *arguments.args))
        self.kwonly = tuple(arg.arg for arg in arguments.kwonlyargs)
        self._named = frozenset((*self.params[len(arguments.posonlyargs) :], *self.kwonly))
        self.vararg = arguments.vararg.arg if arguments.vararg else None
        self.kwarg = arguments.kwarg.arg if arguments.kwarg else None
        self.is_plain = not (self.kwonly or self.vararg or self.kwarg)
        self.is_generator = False
        self._body: Execute | None = None
        self._outer: tuple[str, ...] | None = None
        self.active = 0     # calls of it in progress
        self.gropes = 0     # calls inside these of which part of what they are given is unknown
        self.built = 0      # modules that had been built when the outermost of them began

    @property
    def locals(self) -> set[str]:
        """The names bound in the function."""
        return self._local_names()[0]

    def _local_names(self) -> tuple[set[str], bool]:
        node = self.node
        names, is_generator = local_names([ast.Expr(node.body)] if isinstance(node, ast.Lambda) else node.body)
        names.update(self.params, self.kwonly, filter(None, (self.vararg, self.kwarg)))
        return names, is_generator

    @property
    def outer(self) -> tuple[str, ...]:
        """The names that the function takes from outside."""
        if self._outer is None:
            body = self.node.body if isinstance(self.node.body, list) else [self.node.body]
            names = {inner.id for each in body for inner in ast.walk(each) if isinstance(inner, ast.Name)}
            self._outer = tuple(sorted(names - self.locals))
        return self._outer

    def body(self, interpreter: Interpreter) -> Execute:
        if self._body is None:
            from initlint.trace.python.expressions import Compiler

            names, self.is_generator = self._local_names()
            compiler = Compiler(interpreter, names)
            if isinstance(self.node, ast.Lambda):
                value = compiler.expression(self.node.body)

                def give(frame: Frame) -> int:
                    interpreter.heap.put(frame.vars, "<return>", value(frame))
                    return RETURN

                self._body = give
            else:
                from initlint.trace.python.statements import block

                self._body = block(compiler, self.node.body)
        return self._body

    def bind(self, interpreter: Interpreter, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame) -> None:
        """Fill the frame's variables from the arguments, as Python would."""
        variables = frame.vars
        params = self.params
        count = len(params)
        given = len(args)
        for name, value in zip(params, args, strict=False):
            variables[name] = value
        if given == count and not kwargs and self.is_plain:
            return
        if self.vararg is not None:
            variables[self.vararg] = tuple(args[count:])
        elif given > count:
            raise Raised("TypeError", f"{function.name}() takes {count} arguments")
        rest: dict[str, Value] = {}
        optional: dict[str, Value] = {}
        is_open = False
        asked: Value | None = None
        for name, value in kwargs.items():
            if name in self._named:
                if may_be_absent(value):
                    optional[name] = present(interpreter, value)
                    continue
                if name in variables:
                    raise Raised("TypeError", f"{function.name}() got {name} twice")
                variables[name] = value
            elif name == REQUIRED:
                asked = value
            elif name == UNPACKED:
                is_open = True
            elif self.kwarg is not None:
                rest[name] = value
            elif not may_be_absent(value):
                raise Raised("TypeError", f"{function.name}() got an unexpected argument {name}")
        if self.kwarg is not None:
            variables[self.kwarg] = DictV(rest, is_open)
            variables[self.kwarg].asked = asked is not None
        defaults = function.defaults
        first_default = count - len(defaults)
        for index in range(min(given, count), count):
            name = params[index]
            if name not in variables:
                default = defaults[index - first_default] if index >= first_default else None
                if index < first_default:
                    if name in optional:
                        default = optional[name]
                    elif is_open:
                        default = UnknownV("argument not known")
                    elif asked is not None:
                        default = asked_for(interpreter, name)
                    else:
                        raise Raised("TypeError", f"{function.name}() misses {name}")
                elif name in optional:
                    default = interpreter.heap.join([default, optional[name]])
                elif is_open:
                    default = interpreter.heap.join([default, UnknownV("argument not known")])
                variables[name] = default
        for name in self.kwonly:
            if name not in variables:
                if name in function.kwdefaults:
                    given_instead = optional.get(name, UnknownV("argument not known") if is_open else ABSENT)
                    default = function.kwdefaults[name]
                    variables[name] = (
                        default if given_instead is ABSENT else interpreter.heap.join([default, given_instead])
                    )
                elif name in optional:
                    variables[name] = optional[name]
                elif is_open:
                    variables[name] = UnknownV("argument not known")
                elif asked is not None:
                    variables[name] = asked_for(interpreter, name)
                else:
                    raise Raised("TypeError", f"{function.name}() misses {name}")


def asked_for(interpreter: Interpreter, name: object) -> Value:
    """What a root is given under a name that its code asks its keywords for: an input while models run."""
    recorder = interpreter.recorder
    return recorder.emit(Role.INPUT, str(name), ()) if recorder.running_forward else argument(name)


def argument(name: object) -> SymbolV:
    """An argument of a root of which nothing but its name is known."""
    return SymbolV(None, Fraction(1), f"argument {name}")


def open_up(interpreter: Interpreter, names: Collection[str], variables: Store) -> None:
    """Forget what a call was given for some of its arguments, where it was given a constant."""
    heap = interpreter.heap
    for name in names:
        own, _, attribute = name.partition(".")
        value = variables.get(own)
        if attribute:
            if isinstance(value, InstanceV) and is_constant(value.attrs.get(attribute, ...)):
                heap.put(value.attrs, attribute, argument(attribute))
        elif is_constant(value):
            heap.put(variables, own, argument(own))


def may_be_absent(value: Value) -> bool:
    """Whether a value is one that only some paths give: a keyword, an element or an entry that may not be there."""
    return type(value) is AltV and ABSENT in value.options


def present(interpreter: Interpreter, value: Value) -> Value:
    """The alternatives of a keyword that are values."""
    return interpreter.heap.join([option for option in value.options if option is not ABSENT])


def certain(interpreter: Interpreter, kwargs: Kwargs) -> Kwargs:
    """Keywords as they are where they are passed at all."""
    if not kwargs or not any(map(may_be_absent, kwargs.values())):
        return kwargs
    return {key: present(interpreter, value) if may_be_absent(value) else value for key, value in kwargs.items()}


def local_names(body: list[ast.stmt]) -> tuple[set[str], bool]:
    """Names bound in a function's own body (not in functions inside it), and whether it yields."""
    bound: set[str] = set()
    outside: set[str] = set()
    yields = False
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                bound.add(node.id)  # type: ignore[attr-defined]
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
            stack.extend(node.decorator_list)
            continue
        if kind is ast.Lambda:
            continue
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            stack.append(node.generators[0].iter)
            bound.update(
                inner.target.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.NamedExpr)
            )
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
            continue
        if isinstance(node, ast.Global | ast.Nonlocal):
            outside.update(node.names)
            continue
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
        elif isinstance(node, ast.Yield | ast.YieldFrom):
            yields = True
        stack += parts(node)
    return bound - outside, yields


__all__ = ["NORMAL", "Code", "Evaluate", "Execute", "ListV", "SymbolV", "local_names"]
