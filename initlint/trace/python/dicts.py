"""Methods of dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import asked_for
from initlint.trace.machine.values import ABSENT, AltV, DictV, ListV, Raised, Value
from initlint.trace.python.containers import (
    UNKNOWN_ITEM,
    Method,
    key_in,
    key_value,
    put_entry,
    put_item,
    without_absent,
)
from initlint.trace.python.iteration import elements

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def from_keys(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = elements(interpreter, args[0], interpreter.frame)
    made = DictV({}, not found.complete)
    for value in found.values:
        put_item(interpreter, made, value, args[1] if len(args) > 1 else None)
    return made


def _get(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    default = args[1] if len(args) > 1 else kwargs.get("default")
    key = key_in(receiver, args[0])
    if key is ABSENT:
        entries = [without_absent(entry) for entry in receiver.entries.values()]
        return interpreter.heap.join([*entries, default, *([UNKNOWN_ITEM] if receiver.is_open else [])])
    if key in receiver.entries:
        entry = receiver.entries[key]
        if type(entry) is AltV and ABSENT in entry.options:
            return interpreter.heap.join([without_absent(entry), default])
        return entry
    return interpreter.heap.join([default, UNKNOWN_ITEM]) if receiver.is_open else default


def _pop_key(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    key = key_in(receiver, args[0])
    if key is not ABSENT and key not in receiver.entries and len(args) < 2 and not receiver.is_open:
        if receiver.asked:
            return asked_for(interpreter, key)
        raise Raised("KeyError")
    found = _get(interpreter, receiver, args, kwargs)
    if key is not ABSENT:
        interpreter.heap.remove(receiver.entries, key)
    return found


def _setdefault(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    key = key_in(receiver, args[0])
    found = _get(interpreter, receiver, args, kwargs)
    if key is not ABSENT:
        put_entry(interpreter, receiver, key, found)
    return found


def _update(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> None:
    for arg in args:
        if isinstance(arg, DictV):
            for key, entry in arg.entries.items():
                if type(entry) is AltV and ABSENT in entry.options and key in receiver.entries:
                    entry = interpreter.heap.join([without_absent(entry), receiver.entries[key]])
                put_entry(interpreter, receiver, key_in(receiver, key_value(key)), entry)
            if arg.is_open:
                interpreter.heap.put(receiver.box, "open", True)
        elif type(arg) is ListV and not arg.is_open and all(type(i) is tuple and len(i) == 2 for i in arg.items):
            for name, entry in arg.items:
                put_item(interpreter, receiver, name, entry)
        else:
            interpreter.heap.put(receiver.box, "open", True)
    for key, entry in kwargs.items():
        put_entry(interpreter, receiver, key, entry)


def _keys(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    keys = [_maybe(interpreter, entry, key_value(key)) for key, entry in receiver.entries.items()]
    return ListV(keys, receiver.is_open, "set")


def _values(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(receiver.entries.values()), receiver.is_open)


def _items(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    pairs: list[Value] = [
        _maybe(interpreter, entry, (key_value(key), without_absent(entry))) for key, entry in receiver.entries.items()
    ]
    return ListV(pairs, receiver.is_open)


def _maybe(interpreter: Interpreter, entry: Value, value: Value) -> Value:
    """`value`, optional where the entry is."""
    if type(entry) is AltV and ABSENT in entry.options:
        return AltV((value, ABSENT))
    return value


def _clear(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> None:
    for key in list(receiver.entries):
        interpreter.heap.remove(receiver.entries, key)


def _copy_dict(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    made = DictV(dict(receiver.entries), receiver.is_open, receiver.default)
    made.asked = receiver.asked
    return made


DICT_METHODS: Final[dict[str, Method]] = {
    "get": _get,
    "pop": _pop_key,
    "setdefault": _setdefault,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "copy": _copy_dict,
    "clear": _clear,
}
