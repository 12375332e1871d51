"""Methods of Python's own types, bound or as the type itself has them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ABSENT, AltV, BuiltinV, DictV, InstanceV, ListV, Raised, UnknownV, Value
from initlint.trace.python.containers import contains, delete_item, get_item, put_item
from initlint.trace.python.dicts import DICT_METHODS, from_keys
from initlint.trace.python.lists import LIST_METHODS, TUPLE_METHODS
from initlint.trace.python.sets import SET_METHODS
from initlint.trace.python.texts import TEXT_METHODS, call_on_text

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


_OF_LISTS: Final = {**SET_METHODS, **LIST_METHODS}
KINDS: Final[dict[str, Callable[[ListV, str], Value]]] = {}
"""What lists of the library's own kinds have under a name; ABSENT where they are as other lists."""


def method(receiver: Value, name: str) -> Value:
    """A method of a list, dict, tuple or string as a callable; ABSENT where there is none."""
    if type(receiver) is ListV:
        own = KINDS.get(receiver.kind.partition("(")[0])
        found = ABSENT if own is None else own(receiver, name)
        if found is not ABSENT:
            return found
        table = _OF_LISTS
    elif type(receiver) is DictV:
        table = DICT_METHODS
    elif isinstance(receiver, str):
        if name in TEXT_METHODS:
            return BuiltinV(f"str.{name}", lambda interpreter, args, kwargs: call_on_text(receiver, name, args, kwargs))
        return ABSENT
    elif isinstance(receiver, tuple):
        table = TUPLE_METHODS
    elif isinstance(receiver, int | float):
        if name in ("is_integer", "bit_length"):
            return BuiltinV(name, lambda interpreter, args, kwargs: getattr(receiver, name)())
        return ABSENT
    else:
        return ABSENT
    listed = table.get(name)
    if listed is None:
        return ABSENT
    return BuiltinV(name, lambda interpreter, args, kwargs: listed(interpreter, receiver, args, kwargs))


def type_method(kind: str, name: str) -> Value:
    """A method as the type itself has it, which is given its receiver: `str.lower`, `dict.get`."""
    if kind == "dict" and name == "fromkeys":
        return BuiltinV("dict.fromkeys", from_keys)
    if kind not in _METHODS or (name not in _METHODS[kind] and name not in _BY_ITEM):
        return UnknownV(f"attribute {name} of a builtin")

    def call(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args:
            raise Raised("TypeError")
        receiver: Value = args[0]
        if type(receiver) is AltV:
            return interpreter.each(receiver, lambda option: call(interpreter, [option, *args[1:]], kwargs))
        found = _own_method(receiver, name)
        if found is ABSENT:
            return UnknownV(f"{kind}.{name} of something else")
        return interpreter.call(found, args[1:], kwargs, interpreter.frame)

    return BuiltinV(f"{kind}.{name}", call)


def _own_method(receiver: Value, name: str) -> Value:
    if isinstance(receiver, InstanceV):
        from initlint.trace.python.mappings import inherited

        return inherited(receiver, name)
    if name in _BY_ITEM:
        act = _BY_ITEM[name]
        return BuiltinV(name, lambda interpreter, args, kwargs: act(interpreter, receiver, *args))
    return method(receiver, name)


_METHODS: Final[dict[str, Collection[str]]] = {
    "list": _OF_LISTS, "set": _OF_LISTS, "tuple": TUPLE_METHODS, "dict": DICT_METHODS, "str": TEXT_METHODS,
}
_BY_ITEM: Final[dict[str, Callable[..., Value]]] = {
    "__getitem__": get_item, "__setitem__": put_item, "__delitem__": delete_item, "__contains__": contains,
}
"""Operators on items as methods, which only a type's own name or `super()` is asked for."""
