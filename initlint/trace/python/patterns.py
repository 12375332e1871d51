"""`match` statements."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from initlint.trace.machine.code import Execute
from initlint.trace.machine.frames import NORMAL, RAISE, Frame
from initlint.trace.machine.values import AltV, ListV, Raised, UnknownV, Value, options_of
from initlint.trace.python.conditions import condition
from initlint.trace.python.equality import equal
from initlint.trace.python.instances import instance_of
from initlint.trace.python.statements import block

if TYPE_CHECKING:
    from initlint.trace.python.expressions import Compiler

Matcher = Callable[[Frame, Value], bool | None]


def match_statement(compiler: Compiler, node: ast.Match) -> Execute:
    """The first case that surely matches ends the search; cases that may match are all tried."""
    interpreter = compiler.interpreter
    subject = compiler.expression(node.subject)
    cases = [
        (
            _pattern(compiler, case.pattern),
            condition(compiler, case.guard) if case.guard is not None else None,
            block(compiler, case.body),
        )
        for case in node.cases
    ]

    def run(frame: Frame) -> int:
        value = subject(frame)
        arms: list[Callable[[], int]] = []
        for matches, guard, body in cases:
            verdict = matches(frame, value)
            if verdict is not False and guard is not None:
                known, _ = guard(frame)
                verdict = known if verdict else (False if known is False else None)
            if verdict is False:
                continue
            arms.append(lambda body=body: body(frame))  # type: ignore[misc]
            if verdict is True:
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


def _pattern(compiler: Compiler, node: ast.pattern) -> Matcher:
    interpreter = compiler.interpreter
    if isinstance(node, ast.MatchValue | ast.MatchSingleton):
        expected = (
            compiler.expression(node.value) if isinstance(node, ast.MatchValue) else lambda frame, v=node.value: v
        )

        def is_value(frame: Frame, value: Value) -> bool | None:
            wanted = expected(frame)
            verdicts = {equal(option, wanted) for option in options_of(value)}
            return verdicts.pop() if len(verdicts) == 1 else None

        return is_value
    if isinstance(node, ast.MatchAs):
        inner = _pattern(compiler, node.pattern) if node.pattern is not None else None
        name = node.name

        def bind(frame: Frame, value: Value) -> bool | None:
            verdict = True if inner is None else inner(frame, value)
            if verdict is not False and name is not None:
                interpreter.heap.put(frame.vars, name, value)
            return verdict

        return bind
    if isinstance(node, ast.MatchOr):
        parts = [_pattern(compiler, part) for part in node.patterns]

        def either(frame: Frame, value: Value) -> bool | None:
            verdicts = [part(frame, value) for part in parts]
            return True if True in verdicts else None if None in verdicts else False

        return either
    if isinstance(node, ast.MatchClass):
        cls = compiler.expression(node.cls)
        plain = not node.patterns and not node.kwd_patterns

        def is_instance(frame: Frame, value: Value) -> bool | None:
            verdicts = {instance_of(interpreter, option, cls(frame)) for option in options_of(value)}
            verdict = verdicts.pop() if len(verdicts) == 1 else None
            return verdict if plain or verdict is False else None

        return is_instance
    if isinstance(node, ast.MatchSequence):
        members = [_pattern(compiler, part) for part in node.patterns if not isinstance(part, ast.MatchStar)]
        star = len(members) != len(node.patterns)

        def is_sequence(frame: Frame, value: Value) -> bool | None:
            if type(value) is AltV or isinstance(value, UnknownV):
                for member in members:
                    member(frame, UnknownV("matched element"))
                return None
            items = list(value) if isinstance(value, tuple) else value.items if type(value) is ListV else None
            if items is None:
                return False
            if len(items) < len(members) or (not star and len(items) != len(members)):
                return False
            verdicts = [member(frame, item) for member, item in zip(members, items, strict=False)]
            return False if False in verdicts else None if None in verdicts or star else True

        return is_sequence

    def maybe(frame: Frame, value: Value) -> bool | None:
        for name in ast.walk(node):
            if isinstance(name, ast.MatchAs | ast.MatchStar) and name.name:
                interpreter.heap.put(frame.vars, name.name, UnknownV("matched"))
        return None

    return maybe
