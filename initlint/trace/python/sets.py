"""Methods of sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.values import ABSENT, ListV, UnknownV, Value
from initlint.trace.python.containers import Method, contains, set_key, set_of
from initlint.trace.python.iteration import elements
from initlint.trace.python.lists import LIST_METHODS

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def _add(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    if contains(interpreter, receiver, args[0]) is not True:
        LIST_METHODS["append"](interpreter, receiver, args, kwargs)


def _union(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    made = ListV(list(receiver.items), receiver.is_open, receiver.kind)
    for arg in args:
        LIST_METHODS["extend"](interpreter, made, [arg], {})
    return made


def _keys(values: Iterable[Value]) -> set[Any] | None:
    """What is the same of equal elements; None where that is not known of all, or one may not be there."""
    found = set(map(set_key, values))
    return None if ABSENT in found else found


def _of_each(interpreter: Interpreter, values: Args) -> list[set[Any]] | None:
    """The keys of the elements of several iterables; None where not all are known."""
    found = [elements(interpreter, value, interpreter.frame) for value in values]
    keys = [_keys(each.values) if each.complete else None for each in found]
    known = [each for each in keys if each is not None]
    return known if len(known) == len(keys) else None


def _kept(interpreter: Interpreter, receiver: ListV, others: Args, shared: bool) -> Value:
    """The elements of a set that all others hold, or that none of them does."""
    held = _of_each(interpreter, others)
    if held is None or receiver.is_open or _keys(receiver.items) is None:
        return _UNKNOWN
    return set_of([item for item in receiver.items if all((set_key(item) in keys) is shared for keys in held)])


def _either_of(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    found = elements(interpreter, args[0], interpreter.frame)
    other = set_of(found.values, not found.complete)
    sides = [_kept(interpreter, receiver, [other], False), _kept(interpreter, other, [receiver], False)]
    return _UNKNOWN if _UNKNOWN in sides else set_of([item for side in sides for item in side.items])


def _compared(holds: Callable[[set[Any], set[Any]], bool]) -> Method:
    """A method that says how a set stands to another."""

    def compare(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
        held = _of_each(interpreter, [receiver, *args[:1]])
        return _UNKNOWN if held is None else holds(held[0], held[-1])

    return compare


_UNKNOWN: Final = UnknownV("elements of a set not known")
SET_METHODS: Final[dict[str, Method]] = {
    "add": _add,
    "discard": LIST_METHODS["remove"],
    "update": LIST_METHODS["extend"],
    "union": _union,
    "intersection": lambda i, r, a, k: _kept(i, r, a, True),
    "difference": lambda i, r, a, k: _kept(i, r, a, False),
    "symmetric_difference": _either_of,
    "issubset": _compared(set.issubset),
    "issuperset": _compared(set.issuperset),
    "isdisjoint": _compared(set.isdisjoint),
}
