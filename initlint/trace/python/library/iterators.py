"""`itertools`. What it makes are lists of the kind "iterator"; those without end hold their first elements, then one
that is not known, and are open."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import may_be_absent
from initlint.trace.machine.values import ABSENT, MAX_ITEMS, ListV, Raised, UnknownV, Value
from initlint.trace.python.equality import equal
from initlint.trace.python.library.registry import elements_of, every_element, library

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

MOST_COPIES: Final = 16
"""Copies that are made of one iterator."""
FIRST: Final = 64
"""Elements that are told of an iterator without end."""
MOST_ROWS: Final = 256
"""Combinations that are told of several iterables."""
_LATER: Final = UnknownV("a later element of an iterator without end")


def iterator(values: list[Value], is_open: bool = False) -> ListV:
    """What a function of `itertools` gives."""
    return ListV(values, is_open, "iterator")


def endless(first: Iterable[Value]) -> ListV:
    """An iterator without end; what follows its first elements is not known."""
    return iterator([*itertools.islice(first, FIRST), _LATER], True)


def use_up(interpreter: Interpreter, value: Value, count: int | None = None) -> None:
    """So many elements of an iterator, or all of them, have been taken."""
    if type(value) is ListV and value.kind == "iterator":
        interpreter.heap.put(value.box, "items", [] if count is None else value.items[count:])


def _taken(interpreter: Interpreter, value: Value) -> tuple[list[Value], bool]:
    """The elements of an iterable, of which an iterator has none any more."""
    found = elements_of(interpreter, value)
    use_up(interpreter, value)
    return found


@library("itertools.chain")
def _chain(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_taken(interpreter, arg) for arg in args]
    return iterator([value for values, _ in found for value in values], any(is_open for _, is_open in found))


@library("itertools.chain.from_iterable")
def _from_iterable(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    outer, is_open = _taken(interpreter, args[0])
    inner = _chain(interpreter, outer, {})
    return iterator(inner.items, is_open or inner.is_open)


@library("itertools.repeat")
def _repeat(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    times = args[1] if len(args) > 1 else kwargs.get("times", ABSENT)
    if isinstance(times, int):
        return iterator([args[0]] * min(times, MAX_ITEMS), times > MAX_ITEMS)
    return iterator([args[0]] * 2, True)


@library("itertools.count")
def _count(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    start = args[0] if args else kwargs.get("start", 0)
    step = args[1] if len(args) > 1 else kwargs.get("step", 1)
    if not isinstance(start, int | float) or not isinstance(step, int | float):
        return endless([UnknownV("a number counted from something unknown")])
    return endless(itertools.count(start, step))


@library("itertools.cycle")
def _cycle(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[0])
    if is_open or any(map(may_be_absent, values)) or len(values) > FIRST:
        return iterator([interpreter.heap.join([v for v in values if not may_be_absent(v)] or [_LATER]), _LATER], True)
    return endless(itertools.cycle(values)) if values else iterator([])


@library("itertools.product")
def _product(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_taken(interpreter, arg) for arg in args]
    repeat = kwargs.get("repeat", 1)
    if not isinstance(repeat, int) or repeat > 4:
        return UnknownV("product repeated too often")
    found *= repeat
    return _rows(itertools.product(*(values for values, _ in found)), any(is_open for _, is_open in found))


def _rows(rows: Iterable[Value], is_open: bool = False) -> Value:
    """The first of many rows, which are open where there are more."""
    kept = list(itertools.islice(rows, MOST_ROWS + 1))
    return iterator(kept[:MOST_ROWS], is_open or len(kept) > MOST_ROWS)


def _choosing(name: str, choose: Callable[[Sequence[Value], int], Iterable[Value]]) -> None:
    @library(f"itertools.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        values = every_element(interpreter, args[0])
        count = args[1] if len(args) > 1 else kwargs.get("r")
        if values is None or not isinstance(count, int | None):
            return UnknownV(f"{name} of something unknown")
        use_up(interpreter, args[0])
        return _rows(choose(values, len(values) if count is None else count))


_choosing("combinations", itertools.combinations)
_choosing("combinations_with_replacement", itertools.combinations_with_replacement)
_choosing("permutations", itertools.permutations)


@library("itertools.accumulate")
def _accumulate(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[0])
    function = args[1] if len(args) > 1 else kwargs.get("func")
    initial = kwargs.get("initial")
    if any(map(may_be_absent, values)):
        return UnknownV("running totals of something unknown")
    if initial is not None:
        values = [initial, *values]
    if function is None and not all(isinstance(value, int | float) for value in values):
        return iterator([UnknownV("running total")] * len(values), is_open)
    totals: list[Value] = []
    for value in values:
        if not totals:
            totals.append(value)
        elif function is None:
            totals.append(totals[-1] + value)
        else:
            totals.append(interpreter.call(function, [totals[-1], value], {}, interpreter.frame))
    return iterator(totals, is_open)


@library("itertools.islice")
def _islice(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    if not all(isinstance(arg, int) or arg is None for arg in args[1:]):
        use_up(interpreter, args[0])
        return iterator(values, True)
    part = slice(*args[1:])
    if any(isinstance(each, int) and each < 0 for each in (part.start, part.stop)):
        raise Raised("ValueError")
    # an element that may not be there leaves open which are the first
    known = next((index for index, value in enumerate(values) if may_be_absent(value)), len(values))
    use_up(interpreter, args[0], part.stop)
    if part.stop is not None and part.stop <= known:
        return iterator(values[part])
    if is_open and part.stop is not None and values and values[-1] is _LATER:
        return iterator((values + [_LATER] * (min(part.stop, MAX_ITEMS) - len(values)))[part], part.stop > MAX_ITEMS)
    return iterator(values[part], is_open)


@library("itertools.pairwise")
def _pairwise(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[0])
    return iterator([(left, right) for left, right in itertools.pairwise(values)], is_open)


@library("itertools.batched")
def _batched(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values = every_element(interpreter, args[0])
    size = args[1] if len(args) > 1 else kwargs.get("n")
    if values is None or not isinstance(size, int) or size < 1:
        return UnknownV("batches of something unknown")
    use_up(interpreter, args[0])
    return iterator([tuple(values[start : start + size]) for start in range(0, len(values), size)])


@library("itertools.zip_longest")
def _zip_longest(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_taken(interpreter, arg) for arg in args]
    if any(is_open for _, is_open in found):
        return UnknownV("columns of unknown length")
    return iterator(list(itertools.zip_longest(*(values for values, _ in found), fillvalue=kwargs.get("fillvalue"))))


@library("itertools.starmap")
def _starmap(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    frame = interpreter.frame
    rows, is_open = _taken(interpreter, args[1])
    results: list[Value] = []
    for row in rows:
        given, more = elements_of(interpreter, row)
        results.append(UnknownV("arguments not known") if more else interpreter.call(args[0], given, {}, frame))
    return iterator(results, is_open)


@library("itertools.tee")
def _tee(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[0])
    count = args[1] if len(args) > 1 else kwargs.get("n", 2)
    if not isinstance(count, int) or not 0 <= count <= MOST_COPIES:
        return UnknownV("copies of an iterator")
    return tuple([iterator(list(values), is_open) for _ in range(count)])


def _verdict(interpreter: Interpreter, function: Value, value: Value) -> bool | None:
    """Whether a condition holds for an element that is surely there."""
    if may_be_absent(value):
        return None
    given = value if function is None else interpreter.call(function, [value], {}, interpreter.frame)
    return interpreter.truth(given)


def _begins_with(interpreter: Interpreter, function: Value, values: Sequence[Value]) -> int | None:
    """How many of some values come before the first that a condition does not hold for; None where it is not known."""
    for index, value in enumerate(values):
        verdict = _verdict(interpreter, function, value)
        if verdict is not True:
            return None if verdict is None else index
    return len(values)


def _any_of(interpreter: Interpreter, values: Sequence[Value], is_open: bool) -> Value:
    """Some of the values."""
    return iterator([interpreter.heap.join([value, ABSENT]) for value in values], is_open)


@library("itertools.takewhile")
def _takewhile(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[1])
    count = _begins_with(interpreter, args[0], values)
    if count is None:
        return _any_of(interpreter, values, is_open)
    return iterator(values[:count], is_open and count == len(values))


@library("itertools.dropwhile")
def _dropwhile(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[1])
    count = _begins_with(interpreter, args[0], values)
    return _any_of(interpreter, values, is_open) if count is None else iterator(values[count:], is_open)


@library("itertools.filterfalse")
def _filterfalse(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[1])
    return _kept(interpreter, values, [_verdict(interpreter, args[0], value) for value in values], False, is_open)


@library("itertools.compress")
def _compress(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _taken(interpreter, args[0])
    selectors, more = _taken(interpreter, args[1])
    verdicts = [_verdict(interpreter, None, selector) for selector in selectors]
    return _kept(interpreter, values, verdicts, True, is_open and more)


def _kept(
    interpreter: Interpreter, values: Sequence[Value], verdicts: Sequence[bool | None], wanted: bool, is_open: bool
) -> Value:
    """The values with the wanted verdict, and perhaps those of which it is not known."""
    kept = [
        value if verdict is wanted else interpreter.heap.join([value, ABSENT])
        for value, verdict in zip(values, verdicts, strict=False) if verdict in (wanted, None)
    ]
    return iterator(kept, is_open)


@library("itertools.groupby")
def _groupby(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values = every_element(interpreter, args[0])
    function = args[1] if len(args) > 1 else kwargs.get("key")
    if values is None:
        return UnknownV("groups of something unknown")
    use_up(interpreter, args[0])
    groups: list[tuple[Value, list[Value]]] = []
    for value in values:
        key = value if function is None else interpreter.call(function, [value], {}, interpreter.frame)
        verdict = equal(groups[-1][0], key) if groups else False
        if verdict is None:
            return UnknownV("groups of something unknown")
        if not verdict:
            groups.append((key, []))
        groups[-1][1].append(value)
    return iterator([(key, iterator(group)) for key, group in groups])
