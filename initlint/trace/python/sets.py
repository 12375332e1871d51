"""Methods of sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ABSENT, AltV, ListV, UnknownV, Value
from initlint.trace.python.containers import Method, contains, set_of
from initlint.trace.python.iteration import Elements, elements
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


def _kept(interpreter: Interpreter, receiver: ListV, others: Args, shared: bool) -> Value:
    """The elements of a set that all others hold, or that none of them does."""
    held = [set_of(found.values, not found.complete) for found in _each_of(interpreter, others)]
    kept: list[Value] = []
    for item in receiver.items:
        verdicts = {contains(interpreter, each, item) for each in held}
        if None in verdicts or (type(item) is AltV and ABSENT in item.options):
            return UnknownV("elements of a set not known")
        if (False not in verdicts) if shared else (True not in verdicts):
            kept.append(item)
    return ListV(kept, receiver.is_open, "set")


def _each_of(interpreter: Interpreter, values: Args) -> list[Elements]:
    return [elements(interpreter, value, interpreter.frame) for value in values]


def _either_of(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (found,) = _each_of(interpreter, args[:1])
    other = set_of(found.values, not found.complete)
    sides = [_kept(interpreter, receiver, [other], False), _kept(interpreter, other, [receiver], False)]
    if not all(type(side) is ListV for side in sides):
        return UnknownV("elements of a set not known")
    return set_of([*sides[0].items, *sides[1].items], any(side.is_open for side in sides))


def _is_within(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    held = ListV(other.values, not other.complete)
    return _for_all(receiver, [contains(interpreter, held, item) for item in receiver.items])


def _is_around(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    found = [contains(interpreter, receiver, item) for item in other.values]
    return _for_all(ListV(other.values, not other.complete), found)


def _is_apart(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    held = ListV(other.values, not other.complete)
    found = [contains(interpreter, held, item) for item in receiver.items]
    return _for_all(receiver, [None if each is None else not each for each in found])


def _for_all(of: ListV, verdicts: Sequence[bool | None]) -> Value:
    """Whether something holds of all elements of a list."""
    if False in verdicts:
        return False
    return UnknownV("elements of a set not known") if None in verdicts or of.is_open else True


SET_METHODS: Final[dict[str, Method]] = {
    "add": _add,
    "discard": LIST_METHODS["remove"],
    "update": LIST_METHODS["extend"],
    "union": _union,
    "intersection": lambda i, r, a, k: _kept(i, r, a, True),
    "difference": lambda i, r, a, k: _kept(i, r, a, False),
    "symmetric_difference": _either_of,
    "issubset": _is_within,
    "issuperset": _is_around,
    "isdisjoint": _is_apart,
}
