"""How large plain values may get: Python's own functions run on constants, so what they make must be told before.

Beyond a bound a value is unknown. No model needs numbers or texts of that size, and all that reckons with sizes and
scales (fans, gains, variances) may rely on whole numbers that a float can hold, products of several included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from initlint.trace.machine.values import MAX_ITEMS, UnknownV, Value

MAX_BITS: Final = 128
"""Bits of a whole number."""
MAX_TEXT: Final = 1 << 16
"""Characters of a text that is made, not written."""
MAX_DIGITS: Final = 400
"""Places that a number may be rounded to."""
MAX_SEARCH: Final = 1_000_000
"""Ways in which a regular expression may be tried."""

_FACTORIALS: Final = frozenset({"factorial", "comb", "perm"})
_WIDTH: Final = re.compile(r"\d{5}")
_NESTED_FIELD: Final = re.compile(r"\{[^{}]*\{")
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")
_REPEAT: Final = re.compile(r"[*+{]")

TOO_LARGE: Final = UnknownV("number too large")
TOO_LONG: Final = UnknownV("text too long")


def bounded(value: Value) -> Value:
    """A constant, or what it is beyond the bounds."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return TOO_LARGE
    if isinstance(value, str | bytes) and len(value) > MAX_TEXT:
        return TOO_LONG
    return value


def power_fits(base: Value, exponent: Value) -> bool:
    """Whether `base ** exponent` may be worked out."""
    if not isinstance(base, int) or not isinstance(exponent, int) or exponent <= 0:
        return True
    return base.bit_length() * exponent <= 2 * MAX_BITS


def method_fits(text: str, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> bool:
    """Whether a method of a text makes nothing too long."""
    parts = [*args, *kwargs.values()]
    flat = [part for value in parts for part in (value if isinstance(value, tuple) else (value,))]
    if name == "format" and not _format_fits(text):
        return False
    if any(isinstance(part, int) and part > MAX_TEXT for part in flat) and name != "format":
        return False
    return _times(text, name, flat) <= MAX_TEXT


def percent_fits(text: str | bytes, value: Value) -> bool:
    """Whether `text % value` makes nothing too long."""
    pattern = text if isinstance(text, str) else text.decode("latin-1")
    parts = value if isinstance(value, tuple) else (value,)
    return "*" not in pattern and _WIDTH.search(pattern) is None and _times(pattern, "%", parts) <= MAX_TEXT


def spec_fits(spec: str) -> bool:
    """Whether a format specification asks for a text of a size that a person would read."""
    return _WIDTH.search(spec) is None


def _format_fits(text: str) -> bool:
    return _WIDTH.search(text) is None and _NESTED_FIELD.search(text) is None


def _times(text: str, name: str, parts: Sequence[Value]) -> int:
    """At most so many characters come of it."""
    longest = max((len(part) for part in parts if isinstance(part, str | bytes)), default=0)
    places = {
        "replace": len(text) + 1,
        "join": len(parts),
        "format": text.count("{"),
        "%": text.count("%"),
    }.get(name, 1)
    return len(text) * (len(parts) if name == "join" else 1) + places * longest


def search_fits(args: Sequence[Value]) -> bool:
    """Whether a function of `re` ends soon: the pattern is the first argument, the text the longest of the others."""
    pattern, texts = args[0] if args else None, [each for each in args[1:] if isinstance(each, str)]
    if not isinstance(pattern, str) or not texts:
        return False
    size = max(map(len, texts))
    if len(pattern) > MAX_ITEMS or _REPEATED_GROUP.search(pattern) or _WIDTH.search(pattern):
        return False
    groups, bars = max(1, pattern.count("(")), pattern.count("|") + 1
    if groups > 64:
        return False
    ways = (size + 1) ** (len(_REPEAT.findall(pattern)) + len(texts) - 1) * 2 ** pattern.count("?")
    return bool(ways * bars ** groups <= MAX_SEARCH)


def apply(function: Callable[..., Any], args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """What a function of Python's library makes of plain values."""
    name = getattr(function, "__name__", "")
    whole = [value for value in args if isinstance(value, int)]
    if any(abs(value).bit_length() > MAX_BITS for value in whole):
        return TOO_LARGE
    if name in _FACTORIALS and any(value > MAX_DIGITS for value in whole):
        return TOO_LARGE
    if name == "round" and any(isinstance(value, int) and abs(value) > MAX_DIGITS for value in args[1:]):
        return TOO_LARGE
    if name in ("bytes", "bytearray") and any(value > MAX_TEXT for value in whole):
        return TOO_LONG
    return bounded(function(*args, **kwargs))
