"""Methods of lists, deques and tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ListV, Raised, UnknownV, Value
from initlint.trace.python.containers import UNKNOWN_ITEM, Method, extend_list, without_absent
from initlint.trace.python.equality import equal
from initlint.trace.python.iteration import elements

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def _append(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    extend_list(interpreter, receiver, args[:1])


def _extend(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    found = elements(interpreter, args[0], interpreter.frame) if args else None
    if found is not None:
        extend_list(interpreter, receiver, found.values, found.complete)


def _insert(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    if len(args) < 2:
        raise Raised("TypeError")
    items = list(receiver.items)
    if isinstance(args[0], int):
        items.insert(args[0], args[1])
    else:
        items.append(args[1])
    interpreter.heap.put(receiver.box, "items", items)


def _pop(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    index = args[0] if args else -1
    if not receiver.items:
        if receiver.is_open:
            return UNKNOWN_ITEM
        raise Raised("IndexError")
    if not isinstance(index, int) or not -len(receiver.items) <= index < len(receiver.items):
        return interpreter.heap.join([without_absent(item) for item in receiver.items])
    items = list(receiver.items)
    found = items.pop(index)
    interpreter.heap.put(receiver.box, "items", items)
    return without_absent(found)


def _reverse(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    interpreter.heap.put(receiver.box, "items", receiver.items[::-1])


def _index(interpreter: Interpreter, receiver: Value, args: Args, kwargs: Kwargs) -> Value:
    items = receiver if isinstance(receiver, tuple) else receiver.items
    for position, item in enumerate(items):
        verdict = equal(item, args[0])
        if verdict:
            return position
        if verdict is None:
            return UnknownV("position not known")
    if type(receiver) is ListV and receiver.is_open:
        return UnknownV("position not known")
    raise Raised("ValueError")


def _count(interpreter: Interpreter, receiver: Value, args: Args, kwargs: Kwargs) -> Value:
    items = receiver if isinstance(receiver, tuple) else receiver.items
    verdicts = [equal(item, args[0]) for item in items]
    return UnknownV("count not known") if None in verdicts else verdicts.count(True)


def _sort(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    from initlint.trace.python.builtins import ordered

    interpreter.heap.put(receiver.box, "items", ordered(interpreter, receiver.items, kwargs))


def _clear(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    interpreter.heap.put(receiver.box, "items", [])


def _remove(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    items = list(receiver.items)
    for position, item in enumerate(items):
        if equal(item, args[0]):
            del items[position]
            break
    interpreter.heap.put(receiver.box, "items", items)


def _copy_list(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(receiver.items), receiver.is_open, receiver.kind)


LIST_METHODS: Final[dict[str, Method]] = {
    "append": _append,
    "appendleft": lambda i, r, a, k: _insert(i, r, [0, *a], k),
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "popleft": lambda i, r, a, k: _pop(i, r, [0], k),
    "reverse": _reverse,
    "index": _index,
    "count": _count,
    "sort": _sort,
    "clear": _clear,
    "remove": _remove,
    "copy": _copy_list,
}
TUPLE_METHODS: Final[dict[str, Method]] = {"index": _index, "count": _count}
