"""`re` and `json` on plain texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import may_be_absent
from initlint.trace.machine.limits import MAX_TEXT, search_fits
from initlint.trace.machine.values import (
    ABSENT,
    BuiltinV,
    DictV,
    InstanceV,
    ListV,
    Raised,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.library.registry import LIBRARY, library, plain_class

if TYPE_CHECKING:
    import re

    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_SEARCHES: Final = ("split", "sub", "subn", "findall", "finditer", "match", "search", "fullmatch")
_FLAGS: Final = {"IGNORECASE": 2, "MULTILINE": 8, "DOTALL": 16, "VERBOSE": 64, "ASCII": 256}
_OF_A_MATCH: Final = ("group", "groups", "start", "end", "span", "groupdict")


def _search(interpreter: Interpreter, name: str, args: Args, kwargs: Kwargs) -> Value:
    """A function of `re` on plain text: the pattern comes first."""
    import re

    plain = (*args, *kwargs.values())
    if not all(isinstance(each, str | int) for each in plain) or not search_fits(args):
        return UnknownV("search in something unknown")
    try:
        result = getattr(re, name)(*args, **kwargs)
        if name == "finditer":
            return ListV([_match(interpreter, found) for found in result], False, "iterator")
    except (re.error, TypeError, ValueError, OverflowError, RecursionError):
        raise Raised("error") from None
    if isinstance(result, re.Match):
        return _match(interpreter, result)
    return ListV(result) if isinstance(result, list) else result


def _searching(name: str) -> None:
    LIBRARY[f"re.{name}"] = BuiltinV(
        f"re.{name}", lambda interpreter, args, kwargs: _search(interpreter, name, args, kwargs))


for _name in _SEARCHES:
    _searching(_name)
for _name, _flag in _FLAGS.items():
    LIBRARY[f"re.{_name}"] = LIBRARY[f"re.{'X' if _name == 'VERBOSE' else _name[0]}"] = _flag


@library("re.escape")
def _escape(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    import re

    return re.escape(args[0]) if isinstance(args[0], str) else UnknownV("text not known")


@library("re.compile")
def _compile(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """A pattern: its methods search like the functions of the module, with its flags."""
    pattern = args[0] if args else kwargs.get("pattern")
    flags = args[1] if len(args) > 1 else kwargs.get("flags", 0)
    if not isinstance(pattern, str) or not isinstance(flags, int):
        return UnknownV("a pattern that is not known")
    made = InstanceV(plain_class(interpreter, "Pattern", True, "re.Pattern"))
    made.attrs.update({"pattern": pattern, "flags": flags})

    def method(name: str) -> BuiltinV:
        def run(machine: Interpreter, given: Args, named: Kwargs) -> Value:
            # where a search begins and ends is told by other arguments than the functions have
            if len(given) > (2 if name in ("sub", "subn") else 1):
                return UnknownV("search in a part of a text")
            return _search(machine, name, [pattern, *given], {**named, "flags": flags})

        return BuiltinV(name, run)

    made.attrs.update({name: method(name) for name in _SEARCHES})
    return made


def _match(interpreter: Interpreter, found: re.Match[str]) -> Value:
    """A match object, by what is asked of it."""
    cls = plain_class(interpreter, "Match", True, "re.Match")
    cls.attrs["__getitem__"] = BuiltinV("__getitem__", lambda _, args, kwargs: _answer(found.group, args[1:], {}))
    made = InstanceV(cls)
    for name in _OF_A_MATCH:
        method = getattr(found, name)
        made.attrs[name] = BuiltinV(name, lambda _, args, kwargs, method=method: _answer(method, args, kwargs))
    made.attrs.update({"string": found.string, "lastindex": found.lastindex, "lastgroup": found.lastgroup})
    return made


def _answer(method: Callable[..., object], args: Args, kwargs: Kwargs) -> Value:
    if not all(map(is_constant, args)):
        return UnknownV("a group that is not known")
    try:
        result = method(*args, **kwargs)
    except (IndexError, TypeError):
        raise Raised("IndexError") from None
    return DictV(result) if isinstance(result, dict) else result


@library("json.loads")
def _loads(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    import json

    if kwargs or not isinstance(args[0], str) or len(args[0]) > MAX_TEXT:
        return UnknownV("a text that is not known")
    try:
        return _told(json.loads(args[0]))
    except (ValueError, RecursionError):
        raise Raised("ValueError") from None


def _told(value: Any) -> Value:
    """What a text of JSON stands for."""
    if isinstance(value, list):
        return ListV([_told(each) for each in value])
    if isinstance(value, dict):
        return DictV({key: _told(each) for key, each in value.items()})
    return value


@library("json.dumps")
def _dumps(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    import json

    found = plain(args[0])
    if found is ABSENT or not all(map(is_constant, kwargs.values())):
        return UnknownV("text of something unknown")
    try:
        return json.dumps(found, **kwargs)
    except (TypeError, ValueError):
        raise Raised("TypeError") from None


def plain(value: Value, depth: int = 0) -> Any:
    """A value of constants, lists, tuples and dicts as Python has it; ABSENT where it is not known whole."""
    if is_constant(value):
        return value
    parts: list[Value]
    if depth > 8:
        return ABSENT
    if isinstance(value, tuple) or (type(value) is ListV and value.kind == "list" and not value.is_open):
        parts = [plain(each, depth + 1) for each in (value if isinstance(value, tuple) else value.items)]
        return ABSENT if any(part is ABSENT for part in parts) else parts
    if type(value) is DictV and not value.is_open and not any(map(may_be_absent, value.entries.values())):
        entries = {key: plain(each, depth + 1) for key, each in value.entries.items()}
        return entries if all(map(is_constant, entries)) and ABSENT not in entries.values() else ABSENT
    return ABSENT
