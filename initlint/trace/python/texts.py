"""Methods of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.limits import TOO_LONG, method_fits
from initlint.trace.machine.values import DictV, ListV, Raised, UnknownV, Value, is_constant

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Kwargs


TEXT_METHODS: Final = frozenset(
    {
        "lower", "upper", "strip", "lstrip", "rstrip", "split", "rsplit", "startswith", "endswith", "replace",
        "join", "format", "find", "rfind", "index", "count", "title", "capitalize", "isdigit", "isalpha",
        "isnumeric", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "zfill", "swapcase",
        "isupper", "islower", "ljust", "rjust", "center", "encode", "casefold", "isidentifier",
    }
)


def call_on_text(receiver: str, name: str, args: Args, kwargs: Kwargs) -> Value:
    values = [
        tuple(arg.items) if type(arg) is ListV and not arg.is_open
        else tuple(arg.entries) if type(arg) is DictV and not arg.is_open
        else arg for arg in args
    ]

    def known(value: Value) -> bool:
        return all(map(known, value)) if isinstance(value, tuple) else is_constant(value)

    if not all(map(known, values)) or not all(map(known, kwargs.values())):
        return UnknownV("text with unknown parts")
    if not method_fits(receiver, name, values, kwargs):
        return TOO_LONG
    try:
        result = getattr(receiver, name)(*values, **kwargs)
    except (TypeError, ValueError, LookupError, AttributeError) as problem:
        raise Raised(type(problem).__name__) from None
    return ListV(result) if isinstance(result, list) else result
