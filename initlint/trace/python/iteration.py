"""Iteration: what a loop runs over, loops of statements, and comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import Evaluate, Execute
from initlint.trace.machine.frames import BREAK, CONTINUE, NORMAL, Frame
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    DictV,
    InstanceV,
    ListV,
    Raised,
    RangeV,
    SymbolV,
    TensorV,
    TurnV,
    UnknownV,
    Value,
    is_constant,
    newest_serial,
    options_of,
    same,
)
from initlint.trace.torch.rows import of_number, row_of

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.python.expressions import Compiler


@dataclass(slots=True)
class Elements:
    """What an iterable gives. Not `complete`: more of the same kind may follow, and where there are no
    `values` at all, `template` is what one would be."""

    values: list[Value]
    complete: bool = True


TEMPLATE_COUNT = 2
"""How often a loop of unknown length is run: enough for each pass to see the one before and after."""


def elements(interpreter: Interpreter, value: Value, frame: Frame) -> Elements:
    """The elements of an iterable, as far as they are known."""
    kind = type(value)
    if kind is tuple:
        return Elements(list(value))
    if kind is ListV:
        return Elements(list(value.items), not value.is_open)
    if kind is range:
        if len(value) > interpreter.unrolled:
            return Elements([*value[:TEMPLATE_COUNT], value[-1]], False)
        return Elements(list(value))
    if kind is str:
        return Elements(list(value[:256]))
    if kind is DictV:
        return Elements(list(value.entries), not value.is_open)
    if kind is RangeV:
        return _unknown_range(value)
    if kind is AltV:
        return _joined_elements(interpreter, _elements_of_each(interpreter, options_of(value), frame))
    if isinstance(value, TensorV):
        entries = row_of(value)
        if entries is not None:
            return Elements([of_number(entry) for entry in entries])
        return Elements([interpreter.recorder.part(value, frame) for _ in range(TEMPLATE_COUNT)], False)
    if kind is InstanceV:
        from initlint.trace.python.items import iterate_instance

        return iterate_instance(interpreter, value, frame)
    if kind is ClassV:
        from initlint.trace.python.items import iterate_class

        return iterate_class(interpreter, value, frame)
    if value is None or is_constant(value):
        raise Raised("TypeError", "not iterable")
    if isinstance(value, UnknownV):
        return Elements([value] * TEMPLATE_COUNT, False)
    return Elements([UnknownV("element of something unknown")] * TEMPLATE_COUNT, False)


def _unknown_range(value: RangeV) -> Elements:
    start = value.start
    if isinstance(start, int) and isinstance(value.step, int):
        turns = [TurnV(start + turn * value.step) for turn in range(1, TEMPLATE_COUNT)]
        return Elements([start, *turns], False)
    return Elements([UnknownV("index of unknown range")] * TEMPLATE_COUNT, False)


def _elements_of_each(interpreter: Interpreter, options: Iterable[Value], frame: Frame) -> list[Elements]:
    """The elements of those of several values that have any; raises where none does."""
    found: list[Elements] = []
    problem: Raised | None = None
    for option in options:
        try:
            found.append(elements(interpreter, option, frame))
        except Raised as raised:
            problem = raised
    if not found:
        raise problem or Raised("TypeError", "not iterable")
    return found


def _joined_elements(interpreter: Interpreter, found: list[Elements]) -> Elements:
    longest = max(len(each.values) for each in found)
    values: list[Value] = []
    for index in range(longest):
        values.append(
            interpreter.heap.join(
                [each.values[index] if index < len(each.values) else ABSENT for each in found]
            )
        )
    return Elements(values, all(each.complete for each in found))


MAX_IDLE: Final = 192
"""So many turns of loops over plain data in one call, with no module built and no signal or weight met."""


def loop(
    compiler: Compiler, target: Callable[[Frame, Value], None], iterable: Evaluate, body: Execute, orelse: Execute,
    names: dict[str, bool],
) -> Execute:
    """`for target in iterable: body` with `else: orelse`. `names` are those that target and body mention, and
    whether they bind them."""
    interpreter = compiler.interpreter
    recorder = interpreter.recorder

    def run(frame: Frame) -> int:
        found = elements(interpreter, iterable(frame), frame)
        if found.complete:
            return turns(frame, found.values)
        outer, interpreter.loop_start = interpreter.loop_start, newest_serial()
        try:
            return turns(frame, found.values, True)
        finally:
            interpreter.loop_start = outer

    def turns(frame: Frame, values: list[Value], is_open: bool = False) -> int:
        waiting = len(frame.exits)
        flow = NORMAL
        early: dict[str, Value] = {}
        for value in values:
            interpreter.tick()
            before = recorder.progress() if is_plain(value) else None
            flow = once(frame, value)
            if flow != NORMAL:
                break
            if is_open and not early:
                early = {name: frame.vars.get(name, ABSENT) for name, bound in names.items() if bound}
            frame.idle = 0 if before is None or recorder.progress() != before else frame.idle + 1
            if frame.idle > MAX_IDLE:
                leave(frame)
                break
        forget_changing(frame, early)
        if flow == NORMAL:
            flow = orelse(frame)
        if flow == BREAK:
            flow = NORMAL
        return interpreter.settle(frame, (BREAK,), waiting, flow)

    def forget_changing(frame: Frame, early: dict[str, Value]) -> None:
        """What differs from one turn to the next is not known after a loop of unknown length. `early` is what stood
        after the first turn."""
        for name, old in early.items():
            new = frame.vars.get(name, ABSENT)
            if new is not old and (is_constant(new) or isinstance(new, SymbolV)) and not same(new, old):
                interpreter.heap.put(frame.vars, name, UnknownV("differs from turn to turn"))

    def once(frame: Frame, value: Value) -> int:
        waiting, doubtful = len(frame.exits), frame.doubtful
        if type(value) is AltV and ABSENT in value.options:
            present = interpreter.heap.join([option for option in value.options if option is not ABSENT])
            flow = interpreter.fork(frame, [partial(step, frame, present), lambda: NORMAL])
        else:
            flow = step(frame, value)
        frame.doubtful = doubtful
        if flow == CONTINUE:
            flow = NORMAL
        return interpreter.settle(frame, (CONTINUE,), waiting, flow)

    def step(frame: Frame, value: Value) -> int:
        target(frame, value)
        return body(frame)

    def leave(frame: Frame) -> None:
        """The rest of a loop that only computes is not run: what it works on is not known."""
        heap = interpreter.heap
        for name, bound in names.items():
            value = frame.vars.get(name, ABSENT)
            if isinstance(value, ListV | DictV):
                heap.put(value.box, "open", True)
            elif bound:
                heap.put(frame.vars, name, UnknownV("loop too long"))

    return run


def is_plain(value: Value) -> bool:
    """A constant, or a tuple of such."""
    return is_constant(value) or (type(value) is tuple and all(map(is_plain, value)))


def comprehension(
    compiler: Compiler, generators: list[ast.comprehension], result: Evaluate
) -> Callable[[Frame], tuple[list[Value], bool]]:
    """The values a comprehension collects; elements that an unknown condition may leave out are optional."""
    from initlint.trace.python.conditions import condition
    from initlint.trace.python.statements import assignment

    interpreter = compiler.interpreter
    compiled = [
        (
            assignment(compiler, generator.target),
            compiler.expression(generator.iter),
            [condition(compiler, test) for test in generator.ifs],
        )
        for generator in generators
    ]

    def collect(frame: Frame, depth: int, out: list[Value]) -> bool:
        if depth == len(compiled):
            out.append(result(frame))
            return False
        target, iterable, tests = compiled[depth]
        found = elements(interpreter, iterable(frame), frame)
        is_open = not found.complete
        for value in found.values:
            interpreter.tick()
            optional = False
            if type(value) is AltV and ABSENT in value.options:
                optional = True
                value = interpreter.heap.join([option for option in value.options if option is not ABSENT])
            target(frame, value)
            kept: bool | None = True
            for test in tests:
                known, narrow = test(frame)
                if known is False:
                    kept = False
                    break
                if known is None:
                    kept = None
                    narrow(True)
            if kept is False:
                continue
            before = len(out)
            is_open = collect(frame, depth + 1, out) or is_open
            if kept is None or optional:
                out[before:] = [interpreter.heap.join([item, ABSENT]) for item in out[before:]]
        return is_open

    def run(frame: Frame) -> tuple[list[Value], bool]:
        values: list[Value] = []
        is_open = collect(frame, 0, values)
        return values, is_open

    return run
