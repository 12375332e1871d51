"""`match` statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import Execute, may_be_absent
from initlint.trace.machine.frames import NORMAL, RAISE, Frame
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    InstanceV,
    ListV,
    Raised,
    UnknownV,
    Value,
    options_of,
)
from initlint.trace.python.attributes import get_attribute, has_attribute
from initlint.trace.python.classes import field_names, find_in_class, kind_of
from initlint.trace.python.conditions import condition
from initlint.trace.python.containers import dict_key
from initlint.trace.python.equality import identical
from initlint.trace.python.instances import instance_of
from initlint.trace.python.iteration import elements
from initlint.trace.python.mappings import mapping_of
from initlint.trace.python.operators import compare
from initlint.trace.python.statements import block

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.python.expressions import Compiler

Captures = dict[str, Value]
Match = tuple[bool | None, Captures]
"""Whether a value matches, None where that is not known, and what the names in the pattern then stand for."""
Matcher = Callable[[Frame, Value], Match]

_NO: Final[Match] = (False, {})
_TAKEN_WHOLE: Final = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)
"""Types whose pattern takes the value itself as its one argument: `case int(number)`."""
_NO_SEQUENCES: Final = frozenset({"set", "iterator"})


def match_statement(compiler: Compiler, node: ast.Match) -> Execute:
    """The first case that surely matches ends the search; cases that may match are all tried, each with those of the
    subject's alternatives that may come to it."""
    interpreter = compiler.interpreter
    subject = compiler.expression(node.subject)
    name = node.subject.id if isinstance(node.subject, ast.Name) and _is_own(compiler, node.subject.id) else None
    cases = [
        (
            _pattern(compiler, case.pattern),
            condition(compiler, case.guard) if case.guard is not None else None,
            block(compiler, case.body),
        )
        for case in node.cases
    ]

    def put(frame: Frame, captures: Captures) -> None:
        for captured, value in captures.items():
            interpreter.heap.put(frame.vars, captured, value)

    def enter(frame: Frame, body: Execute, captures: Captures) -> int:
        put(frame, captures)
        return body(frame)

    def run(frame: Frame) -> int:
        options = [option for option in options_of(subject(frame)) if option is not ABSENT]
        arms: list[Callable[[], int]] = []
        for matches, guard, body in cases:
            found = [(option, *matches(frame, option)) for option in options]
            possible = [(option, captures) for option, verdict, captures in found if verdict is not False]
            if not possible:
                continue
            captures = _joined(interpreter, [captures for _, captures in possible])
            if name is not None and len(options) > 1:
                captures.setdefault(name, interpreter.heap.join([option for option, _ in possible]))
            left = [option for option, verdict, _ in found if not verdict]
            if guard is not None:
                put(frame, captures)
                passes, _ = guard(frame)
                if passes is False:
                    continue
                left = left if passes else options
            arms.append(partial(enter, frame, body, captures))
            options = left
            if not options:
                break
        else:
            arms.append(lambda: NORMAL)
        if len(arms) == 1:
            return arms[0]()
        flow = interpreter.fork(frame, arms)
        if flow == RAISE:
            raise Raised("Exception")
        return flow

    return run


def _is_own(compiler: Compiler, name: str) -> bool:
    return compiler.local is None or name in compiler.local


def _pattern(compiler: Compiler, node: ast.pattern) -> Matcher:
    match node:
        case ast.MatchValue():
            return _value(compiler, node)
        case ast.MatchSingleton(value=value):
            return lambda frame, given: (identical(given, value), {})
        case ast.MatchAs():
            return _named(compiler, node)
        case ast.MatchOr():
            return _one_of(compiler, node)
        case ast.MatchClass():
            return _each(compiler, _class(compiler, node))
        case ast.MatchSequence():
            return _each(compiler, _sequence(compiler, node))
        case ast.MatchMapping():
            return _each(compiler, _mapping(compiler, node))
    raise TypeError(f"{type(node).__name__} is no pattern of its own")


def _each(compiler: Compiler, matches: Matcher) -> Matcher:
    """Takes the alternatives of a part of the subject one by one."""

    def run(frame: Frame, value: Value) -> Match:
        if type(value) is not AltV:
            return matches(frame, value)
        found = [matches(frame, option) for option in value.options if option is not ABSENT]
        return _either(compiler.interpreter, found, all(verdict for verdict, _ in found) or None)

    return run


def _either(interpreter: Interpreter, found: Iterable[Match], verdict: bool | None) -> Match:
    """One of several matches, or none of them: False where none is possible."""
    possible = [captures for each, captures in found if each is not False]
    return (verdict, _joined(interpreter, possible)) if possible else _NO


def _all(found: Sequence[Match]) -> Match:
    """A match that needs all of several."""
    verdicts = [verdict for verdict, _ in found]
    if False in verdicts:
        return _NO
    captures = {name: value for _, each in found for name, value in each.items()}
    return (None if None in verdicts else True), captures


def _joined(interpreter: Interpreter, found: list[Captures]) -> Captures:
    if len(found) == 1:
        return dict(found[0])
    names = dict.fromkeys(name for captures in found for name in captures)
    return {name: interpreter.heap.join([each[name] for each in found if name in each]) for name in names}


def _not_known(node: ast.pattern) -> Match:
    """What is known of a match with something unknown: that its names may stand for anything."""
    names = [
        each.rest if isinstance(each, ast.MatchMapping) else each.name
        for each in ast.walk(node) if isinstance(each, ast.MatchAs | ast.MatchStar | ast.MatchMapping)
    ]
    return None, {name: UnknownV("part of something unknown") for name in names if name is not None}


# -- patterns without parts -----------------------------------------------------------------------


def _value(compiler: Compiler, node: ast.MatchValue) -> Matcher:
    expected = compiler.expression(node.value)
    interpreter = compiler.interpreter

    def matches(frame: Frame, value: Value) -> Match:
        return interpreter.truth(compare(interpreter, ast.Eq, value, expected(frame), frame, node)), {}

    return matches


def _named(compiler: Compiler, node: ast.MatchAs) -> Matcher:
    inner = _pattern(compiler, node.pattern) if node.pattern is not None else None
    name = node.name

    def matches(frame: Frame, value: Value) -> Match:
        verdict, captures = (True, {}) if inner is None else inner(frame, value)
        return verdict, captures if name is None else {**captures, name: value}

    return matches


def _one_of(compiler: Compiler, node: ast.MatchOr) -> Matcher:
    parts = [_pattern(compiler, part) for part in node.patterns]

    def matches(frame: Frame, value: Value) -> Match:
        found: list[Match] = []
        for part in parts:
            found.append(part(frame, value))
            if found[-1][0]:
                break
        return _either(compiler.interpreter, found, found[-1][0] or None)

    return matches


# -- patterns with parts --------------------------------------------------------------------------


def _class(compiler: Compiler, node: ast.MatchClass) -> Matcher:
    interpreter = compiler.interpreter
    expected = compiler.expression(node.cls)
    positional = [_pattern(compiler, part) for part in node.patterns]
    named = [(name, _pattern(compiler, part)) for name, part in zip(node.kwd_attrs, node.kwd_patterns, strict=True)]

    def part(frame: Frame, value: Value, name: str, matches: Matcher) -> Match:
        if has_attribute(interpreter, value, name) is False:
            return _NO
        try:
            return matches(frame, get_attribute(interpreter, value, name, frame, node))
        except Raised:
            return _NO

    def matches(frame: Frame, value: Value) -> Match:
        cls = expected(frame)
        verdict = instance_of(interpreter, value, cls)
        if verdict is False:
            return _NO
        found: list[Match] = [(verdict, {})]
        if isinstance(cls, BuiltinV) and cls.name in _TAKEN_WHOLE:
            found += [each(frame, value) for each in positional]
        else:
            names = _positions(cls) if positional else ()
            if len(names) < len(positional):
                return _not_known(node)
            found += [part(frame, value, name, each) for name, each in zip(names, positional, strict=False)]
        found += [part(frame, value, name, each) for name, each in named]
        return _all(found)

    return matches


def _positions(cls: Value) -> Sequence[str]:
    """The attributes that the arguments of a class pattern stand for, in order, as far as they are known."""
    if not isinstance(cls, ClassV):
        return ()
    _, written = find_in_class(cls, "__match_args__")
    if isinstance(written, tuple):
        return [name for name in written if isinstance(name, str)]
    return field_names(cls) if kind_of(cls) in ("dataclass", "namedtuple") else ()


def _sequence(compiler: Compiler, node: ast.MatchSequence) -> Matcher:
    interpreter = compiler.interpreter
    stars = [index for index, part in enumerate(node.patterns) if isinstance(part, ast.MatchStar)]
    start = stars[0] if stars else len(node.patterns)
    star = node.patterns[start] if stars else None
    first = [_pattern(compiler, part) for part in node.patterns[:start]]
    last = [_pattern(compiler, part) for part in node.patterns[start + 1 :]]

    def matches(frame: Frame, value: Value) -> Match:
        if not _may_be_sequence(value):
            return _NO
        items = _items(interpreter, value, frame)
        if items is None:
            return _not_known(node)
        end = len(items) - len(last)
        if end < start or (star is None and end > start):
            return _NO
        found = [part(frame, item) for part, item in zip(first, items[:start], strict=True)]
        found += [part(frame, item) for part, item in zip(last, items[end:], strict=True)]
        if isinstance(star, ast.MatchStar) and star.name is not None:
            found.append((True, {star.name: ListV(items[start:end])}))
        return _all(found)

    return matches


def _may_be_sequence(value: Value) -> bool:
    if type(value) is ListV:
        return value.kind not in _NO_SEQUENCES
    return isinstance(value, tuple | range | InstanceV | UnknownV)


def _items(interpreter: Interpreter, value: Value, frame: Frame) -> list[Value] | None:
    """The items of a sequence; None where it is not known what it is, or how long."""
    if isinstance(value, UnknownV):
        return None
    if isinstance(value, InstanceV) and not (isinstance(value.cls, ClassV) and kind_of(value.cls) == "namedtuple"):
        return None
    found = elements(interpreter, value, frame)
    optional = any(map(may_be_absent, found.values))
    return found.values if found.complete and not optional else None


def _mapping(compiler: Compiler, node: ast.MatchMapping) -> Matcher:
    keys = [compiler.expression(key) for key in node.keys]
    parts = [_pattern(compiler, part) for part in node.patterns]

    def matches(frame: Frame, value: Value) -> Match:
        held = mapping_of(value) if isinstance(value, InstanceV) else value
        if isinstance(value, UnknownV):
            return _not_known(node)
        if not isinstance(held, DictV):
            return _NO
        wanted = [dict_key(key(frame)) for key in keys]
        entries = [held.entries.get(key, ABSENT) for key in wanted]
        if ABSENT in entries and not held.is_open:
            return _NO
        if held.is_open or any(map(may_be_absent, entries)):
            return _not_known(node)
        found = [part(frame, entry) for part, entry in zip(parts, entries, strict=True)]
        if node.rest is not None:
            rest = {key: entry for key, entry in held.entries.items() if key not in wanted}
            found.append((True, {node.rest: DictV(rest)}))
        return _all(found)

    return matches
