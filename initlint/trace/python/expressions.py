"""Expressions as closures: each takes a frame and gives a value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import REQUIRED, UNPACKED, Code, Evaluate
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.limits import MAX_TEXT, TOO_LONG, bounded
from initlint.trace.machine.values import (
    ABSENT,
    MAX_ITEMS,
    AltV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    ListV,
    Raised,
    Store,
    SuperV,
    UnknownV,
    Value,
    is_constant,
    options_of,
)
from initlint.trace.python.classes import find_in_class
from initlint.trace.python.containers import distinct, entry_key
from initlint.trace.python.iteration import comprehension, elements
from initlint.trace.python.operators import binary, compare, negate, subscript, to_text

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter


class Compiler:
    """Compiles the expressions of one scope. `local` holds the names bound in it, None at module level
    and in class bodies, where every name is looked up in `frame.vars` first."""

    __slots__ = ("interpreter", "local")

    def __init__(self, interpreter: Interpreter, local: set[str] | None) -> None:
        self.interpreter = interpreter
        self.local = local

    def expression(self, node: ast.expr) -> Evaluate:
        return _EXPRESSIONS[type(node)](self, node)

    def optional(self, node: ast.expr | None) -> Evaluate:
        return (lambda frame: None) if node is None else self.expression(node)


def _constant(compiler: Compiler, node: ast.Constant) -> Evaluate:
    value = bounded(node.value) if type(node.value) is int else node.value
    return lambda frame: value


def _name(compiler: Compiler, node: ast.Name) -> Evaluate:
    name = node.id
    look_up = compiler.interpreter.project.look_up
    if compiler.local is None:
        return lambda frame: look_up(frame, name, frame.vars)
    if name in compiler.local:

        def load_local(frame: Frame) -> Value:
            value = frame.vars.get(name, ABSENT)
            if value is ABSENT:
                return look_up(frame, name)
            if type(value) is AltV and ABSENT in value.options:
                rest = tuple(option for option in value.options if option is not ABSENT)
                return rest[0] if len(rest) == 1 else AltV(rest)
            return value

        return load_local
    return lambda frame: look_up(frame, name)


def _attribute(compiler: Compiler, node: ast.Attribute) -> Evaluate:
    value = compiler.expression(node.value)
    name = node.attr
    interpreter = compiler.interpreter
    attribute = interpreter.attribute
    outside: dict[ExternalV, Value] = {}

    def read(frame: Frame) -> Value:
        receiver = value(frame)
        if type(receiver) is not ExternalV or interpreter.patched:
            return attribute(receiver, name, frame, node)
        found = outside.get(receiver, ABSENT)
        if found is ABSENT:
            found = outside[receiver] = attribute(receiver, name, frame, node)
        return found

    return read


def _arguments(compiler: Compiler, node: ast.Call) -> Callable[[Frame], tuple[list[Value], dict[str, Value]]]:
    """Evaluates a call's arguments; those under a star as they are."""
    interpreter = compiler.interpreter
    positional = [compiler.expression(arg.value if isinstance(arg, ast.Starred) else arg) for arg in node.args]
    keywords = [(keyword.arg, compiler.expression(keyword.value)) for keyword in node.keywords]

    def evaluate(frame: Frame) -> tuple[list[Value], dict[str, Value]]:
        args = [value(frame) for value in positional]
        kwargs: dict[str, Value] = {}
        for name, value in keywords:
            if name is not None:
                kwargs[name] = value(frame)
                continue
            kwargs.update(_keywords(interpreter, value(frame)))
        return args, kwargs

    if not keywords:
        return lambda frame: ([value(frame) for value in positional], {})
    return evaluate


def _keywords(interpreter: Interpreter, mapping: Value) -> dict[str, Value]:
    """The keywords that `**mapping` passes; those that only may be there have ABSENT among their alternatives."""
    if type(mapping) is DictV and not mapping.is_open and not mapping.asked:
        return {name: value for name, value in mapping.entries.items() if isinstance(name, str)}
    found = [option for option in options_of(mapping) if isinstance(option, DictV)]
    names = dict.fromkeys(key for option in found for key in option.entries if isinstance(key, str))
    kwargs = {
        name: interpreter.heap.join([option.entries.get(name, ABSENT) for option in found]) for name in names
    }
    if not found or len(found) < len(options_of(mapping)) or any(option.is_open for option in found):
        kwargs[UNPACKED] = UnknownV("keywords not known")
    elif any(option.asked for option in found):
        kwargs[REQUIRED] = UnknownV("keywords of a root")
    return kwargs


def _call(compiler: Compiler, node: ast.Call) -> Evaluate:
    interpreter = compiler.interpreter
    function = compiler.expression(node.func)
    arguments = _arguments(compiler, node)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:

        def call_super(frame: Frame) -> Value:
            inside = frame
            if inside.function is None or inside.function.cls is None or not inside.function.code.params:
                return UnknownV("super() outside a method")
            first = inside.function.code.params[0]
            receiver = inside.vars[first] if first in inside.vars else interpreter.project.look_up(inside, first)
            return SuperV(inside.function.cls, receiver)

        return call_super

    def call(frame: Frame) -> Value:
        callee = function(frame)
        args, kwargs = arguments(frame)
        return interpreter.call(callee, args, kwargs, frame, node)

    starred = [isinstance(arg, ast.Starred) for arg in node.args]

    def call_unpacked(frame: Frame) -> Value:
        callee = function(frame)
        given, kwargs = arguments(frame)
        for at, star in enumerate(starred):
            if star and _differ_in_length(given[at]):
                ways = ([*given[:at], each, *given[at + 1 :]] for each in given[at].options)
                return interpreter.choose([partial(spread, callee, way, kwargs, frame) for way in ways])
        return spread(callee, given, kwargs, frame)

    def spread(callee: Value, given: list[Value], kwargs: dict[str, Value], frame: Frame) -> Value:
        args: list[Value] = []
        for value, star in zip(given, starred, strict=True):
            if not star:
                args.append(value)
                continue
            found = elements(interpreter, value, frame)
            args += found.values
            if not found.complete and _binds_by_name(callee):       # there may be more of them
                kwargs = {REQUIRED: UnknownV("arguments not known"), **kwargs}
        return interpreter.call(callee, args, kwargs, frame, node)

    return call_unpacked if any(starred) else call


def _binds_by_name(callee: Value) -> bool:
    """Whether a call binds the parameters of a function of the program."""
    if type(callee) is ClassV:
        callee = find_in_class(callee, "__init__")[1]
    return type(callee) is FunctionV


def _differ_in_length(value: Value) -> bool:
    """Whether a value is one of a few sequences of which an element here is none there."""
    if type(value) is not AltV or not all(type(each) in (ListV, tuple) for each in value.options):
        return False
    return len({len(each.items) if type(each) is ListV else len(each) for each in value.options}) > 1


def _binary(compiler: Compiler, node: ast.BinOp) -> Evaluate:
    left, right = compiler.expression(node.left), compiler.expression(node.right)
    operator = type(node.op)
    interpreter = compiler.interpreter
    return lambda frame: binary(interpreter, operator, left(frame), right(frame), frame, node)


def _unary(compiler: Compiler, node: ast.UnaryOp) -> Evaluate:
    value = compiler.expression(node.operand)
    operator = type(node.op)
    interpreter = compiler.interpreter
    if operator is ast.Not:

        def invert(frame: Frame) -> Value:
            known = interpreter.truth(value(frame))
            return UnknownV("not of something unknown") if known is None else not known

        return invert
    return lambda frame: negate(interpreter, operator, value(frame), frame, node)


def _bool(compiler: Compiler, node: ast.BoolOp) -> Evaluate:
    values = [compiler.expression(value) for value in node.values]
    interpreter = compiler.interpreter
    is_or = isinstance(node.op, ast.Or)

    def decide(frame: Frame, index: int = 0) -> Value:
        value = values[index](frame)
        if index == len(values) - 1:
            return value
        known = interpreter.truth(value)
        if known is None:
            if type(value) is AltV:
                kept = [option for option in value.options if interpreter.truth(option) in (None, is_or)]
                here = interpreter.heap.join(kept) if kept else ABSENT
            elif is_or:
                here = value
            else:
                here = value if not _is_flag(node.values[index]) else False
            return interpreter.choose([lambda: here, lambda: decide(frame, index + 1)])
        return value if known is is_or else decide(frame, index + 1)

    return decide


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _compare(compiler: Compiler, node: ast.Compare) -> Evaluate:
    interpreter = compiler.interpreter
    first = compiler.expression(node.left)
    rest = [(type(op), compiler.expression(value)) for op, value in zip(node.ops, node.comparators, strict=True)]
    if len(rest) == 1:
        operator, second = rest[0]
        return lambda frame: compare(interpreter, operator, first(frame), second(frame), frame, node)

    def chain(frame: Frame) -> Value:
        left = first(frame)
        result: Value = True
        for operator, value in rest:
            right = value(frame)
            verdict = compare(interpreter, operator, left, right, frame, node)
            known = interpreter.truth(verdict)
            if known is False:
                return False
            if known is None:
                result = verdict
            left = right
        return result

    return chain


def _conditional(compiler: Compiler, node: ast.IfExp) -> Evaluate:
    from initlint.trace.python.conditions import condition

    interpreter = compiler.interpreter
    test = condition(compiler, node.test)
    body, orelse = compiler.expression(node.body), compiler.expression(node.orelse)

    def choose(frame: Frame) -> Value:
        known, narrow = test(frame)
        if known is True:
            return body(frame)
        if known is False:
            return orelse(frame)

        def when(side: bool, value: Evaluate) -> Callable[[], Value]:
            def evaluate() -> Value:
                narrow(side)
                return value(frame)

            return evaluate

        return interpreter.choose([when(True, body), when(False, orelse)])

    return choose


def _sequence(kind: str) -> Callable[[Compiler, ast.List | ast.Set], Evaluate]:
    def build(compiler: Compiler, node: ast.List | ast.Set) -> Evaluate:
        items = _elements(compiler, node.elts)

        def make(frame: Frame) -> Value:
            values, is_open = items(frame)
            return ListV(distinct(values) if kind == "set" else values, is_open, kind)

        return make

    return build


def _tuple(compiler: Compiler, node: ast.Tuple) -> Evaluate:
    items = _elements(compiler, node.elts)

    def make(frame: Frame) -> Value:
        values, is_open = items(frame)
        return ListV(values, True, "tuple") if is_open else tuple(values)

    return make


def _elements(compiler: Compiler, nodes: list[ast.expr]) -> Callable[[Frame], tuple[list[Value], bool]]:
    interpreter = compiler.interpreter
    is_long = len(nodes) > MAX_ITEMS
    nodes = nodes[:MAX_ITEMS]
    if not any(isinstance(node, ast.Starred) for node in nodes):
        plain = [compiler.expression(node) for node in nodes]
        return lambda frame: ([value(frame) for value in plain], is_long)
    parts = [
        (isinstance(node, ast.Starred), compiler.expression(node.value if isinstance(node, ast.Starred) else node))
        for node in nodes
    ]

    def build(frame: Frame) -> tuple[list[Value], bool]:
        values: list[Value] = []
        is_open = is_long
        for star, value in parts:
            if star:
                found = elements(interpreter, value(frame), frame)
                values.extend(found.values)
                is_open = is_open or not found.complete
            else:
                values.append(value(frame))
        return values[:MAX_ITEMS], is_open or len(values) > MAX_ITEMS

    return build


def _dict(compiler: Compiler, node: ast.Dict) -> Evaluate:
    pairs = [
        (None if key is None else compiler.expression(key), compiler.expression(value))
        for key, value in zip(node.keys, node.values, strict=True)
    ]

    def make(frame: Frame) -> Value:
        entries: dict[object, Value] = {}
        is_open = False
        for key, value in pairs:
            if key is None:
                mapping = value(frame)
                if isinstance(mapping, DictV):
                    entries.update(mapping.entries)
                    is_open = is_open or mapping.is_open
                else:
                    is_open = True
                continue
            name, known = entry_key(key(frame))
            entry = value(frame)
            is_open = is_open or not known
            if name is not ABSENT:
                entries[name] = entry
        return DictV(entries, is_open)

    return make


def _subscript(compiler: Compiler, node: ast.Subscript) -> Evaluate:
    interpreter = compiler.interpreter
    value, index = compiler.expression(node.value), compiler.expression(node.slice)
    return lambda frame: subscript(interpreter, value(frame), index(frame), frame, node)


def _slice(compiler: Compiler, node: ast.Slice) -> Evaluate:
    lower, upper, step = compiler.optional(node.lower), compiler.optional(node.upper), compiler.optional(node.step)
    return lambda frame: slice(lower(frame), upper(frame), step(frame))


def _joined(compiler: Compiler, node: ast.JoinedStr) -> Evaluate:
    parts = [compiler.expression(value) for value in node.values]

    def join(frame: Frame) -> Value:
        texts = [part(frame) for part in parts]
        if all(isinstance(text, str) for text in texts):
            return "".join(texts) if sum(map(len, texts)) <= MAX_TEXT else TOO_LONG
        return UnknownV("text with unknown parts")

    return join


def _formatted(compiler: Compiler, node: ast.FormattedValue) -> Evaluate:
    value = _converted(compiler.expression(node.value), node.conversion)
    interpreter = compiler.interpreter
    if node.format_spec is not None:
        spec = compiler.expression(node.format_spec)
        return lambda frame: to_text(interpreter, value(frame), spec(frame))
    return lambda frame: to_text(interpreter, value(frame), "")


def _converted(value: Evaluate, conversion: int) -> Evaluate:
    """`{value!r}` and its kin."""
    if conversion not in _CONVERSIONS:
        return value
    convert = _CONVERSIONS[conversion]

    def text(frame: Frame) -> Value:
        found = value(frame)
        return convert(found) if is_constant(found) else UnknownV("text of something unknown")

    return text


_CONVERSIONS: Final[dict[int, Callable[[object], str]]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def _lambda(compiler: Compiler, node: ast.Lambda) -> Evaluate:
    code_of: dict[str, Code] = {}
    defaults = [compiler.expression(default) for default in node.args.defaults]
    kwdefaults = [
        (arg.arg, compiler.expression(default))
        for arg, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    ]
    is_function = compiler.local is not None

    def make(frame: Frame) -> Value:
        file = frame.module.file
        code = code_of.get(file)
        if code is None:
            code = code_of[file] = Code(node, file)
        closure: tuple[Store, ...] = (frame.vars, *frame.closure) if is_function else frame.closure
        scope = frame.scope
        return FunctionV(
            code,
            "<lambda>",
            f"{scope}.<lambda>" if scope else "<lambda>",
            frame.module,
            closure,
            tuple(default(frame) for default in defaults),
            {name: default(frame) for name, default in kwdefaults},
        )

    return make


def _named(compiler: Compiler, node: ast.NamedExpr) -> Evaluate:
    value = compiler.expression(node.value)
    name = node.target.id
    heap = compiler.interpreter.heap

    def bind(frame: Frame) -> Value:
        result = value(frame)
        heap.put(frame.vars, name, result)
        return result

    return bind


def _comprehension(kind: str) -> Callable[[Compiler, ast.ListComp | ast.SetComp | ast.GeneratorExp], Evaluate]:
    def build(compiler: Compiler, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Evaluate:
        inner = _comprehension_scope(compiler, node.generators)
        loop = comprehension(inner, node.generators, inner.expression(node.elt))

        def make(frame: Frame) -> Value:
            values, is_open = loop(_comprehension_frame(frame, compiler))
            return ListV(distinct(values) if kind == "set" else values, is_open, kind)

        return make

    return build


def _dict_comprehension(compiler: Compiler, node: ast.DictComp) -> Evaluate:
    inner = _comprehension_scope(compiler, node.generators)
    key, value = inner.expression(node.key), inner.expression(node.value)
    loop = comprehension(inner, node.generators, lambda frame: (key(frame), value(frame)))

    def make(frame: Frame) -> Value:
        pairs, is_open = loop(_comprehension_frame(frame, compiler))
        entries: dict[object, Value] = {}
        for pair in pairs:
            if type(pair) is not tuple:
                is_open = True
                continue
            name, known = entry_key(pair[0])
            is_open = is_open or not known
            if name is not ABSENT:
                entries[name] = pair[1]
        return DictV(entries, is_open)

    return make


def _comprehension_scope(compiler: Compiler, generators: list[ast.comprehension]) -> Compiler:
    names = {
        name.id for generator in generators for name in ast.walk(generator.target) if isinstance(name, ast.Name)
    }
    return Compiler(compiler.interpreter, names)


def _comprehension_frame(frame: Frame, compiler: Compiler) -> Frame:
    """A comprehension is a scope of its own inside the frame's; only its targets are its own."""
    inner = Frame(frame.module, frame.function, frame.parent, None, (frame.vars, *frame.closure))
    inner.depth = frame.depth
    inner.caller = frame.caller
    inner.site = frame.site
    inner.no_grad = frame.no_grad
    inner.doubtful = frame.doubtful
    return inner


def _starred(compiler: Compiler, node: ast.Starred) -> Evaluate:
    return compiler.expression(node.value)


def _yield(compiler: Compiler, node: ast.Yield) -> Evaluate:
    value = compiler.optional(node.value)

    def give(frame: Frame) -> Value:
        if frame.yields is not None:
            given = value(frame)
            frame.yields.append(given)
            if frame.within is not None:
                frame.within(given)
        return UnknownV("value sent to a generator")

    return give


def _yield_from(compiler: Compiler, node: ast.YieldFrom) -> Evaluate:
    value = compiler.expression(node.value)
    interpreter = compiler.interpreter

    def give(frame: Frame) -> Value:
        if frame.yields is not None:
            frame.yields.extend(elements(interpreter, value(frame), frame).values)
        return None

    return give


def _await(compiler: Compiler, node: ast.Await) -> Evaluate:
    return compiler.expression(node.value)


def _opaque(compiler: Compiler, node: ast.expr) -> Evaluate:
    reason = f"{type(node).__name__} is not followed"
    return lambda frame: UnknownV(reason)


class _Table(dict[type, Callable[[Compiler, Any], Evaluate]]):
    """By the type of a node, the function that compiles nodes of that type."""

    def __missing__(self, key: type) -> Callable[[Compiler, Any], Evaluate]:
        return _opaque


_EXPRESSIONS: Final = _Table(
    {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.BoolOp: _bool,
        ast.Compare: _compare,
        ast.IfExp: _conditional,
        ast.List: _sequence("list"),
        ast.Set: _sequence("set"),
        ast.Tuple: _tuple,
        ast.Dict: _dict,
        ast.Subscript: _subscript,
        ast.Slice: _slice,
        ast.JoinedStr: _joined,
        ast.FormattedValue: _formatted,
        ast.Lambda: _lambda,
        ast.NamedExpr: _named,
        ast.ListComp: _comprehension("list"),
        ast.SetComp: _comprehension("set"),
        ast.GeneratorExp: _comprehension("list"),
        ast.DictComp: _dict_comprehension,
        ast.Starred: _starred,
        ast.Yield: _yield,
        ast.YieldFrom: _yield_from,
        ast.Await: _await,
    }
)

__all__ = ["Compiler", "Raised"]
