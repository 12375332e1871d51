"""Rows of numbers: small constant tensors whose entries are known.

Schedules are computed with tensors and read back as numbers: `[x.item() for x in torch.linspace(0, rate, depth)]`,
`torch.unique(torch.tensor(widths), return_counts=True)`. A row holds one value for each entry, which need not be
known; a tensor without axes holds a single one.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ListV, ParamV, TensorV, UnknownV, Value

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Kwargs

MOST: Final = 1024
"""Entries a row may have."""

_UNKNOWN: Final = UnknownV("entry not known")


def row_of(tensor: Value) -> tuple[Value, ...] | None:
    """The entries of a one-dimensional tensor, None where they are not known."""
    found = tensor.facts.get("row") if isinstance(tensor, TensorV) and tensor.facts else None
    return found if isinstance(found, tuple) else None


def number_of(tensor: Value) -> Value:
    """The one entry of a tensor without axes; an unknown where it is none."""
    facts = tensor.facts if isinstance(tensor, TensorV) else None
    return _UNKNOWN if facts is None else facts.get("number", _UNKNOWN)


def with_row(tensor: TensorV, entries: tuple[Value, ...]) -> TensorV:
    """A tensor made to hold these entries."""
    if len(entries) <= MOST:
        tensor.shape = (len(entries),)
        tensor.facts = {**(tensor.facts or {}), "row": entries}
    return tensor


def of_number(value: Value) -> TensorV:
    """A tensor without axes."""
    made = TensorV(None, ())
    made.facts = {"number": value}
    return made


def of_row(entries: tuple[Value, ...]) -> TensorV:
    return with_row(TensorV(None), entries)


def made_by(factory: str, bound: Mapping[str, Value]) -> tuple[Value, ...] | None:
    """The entries that a factory makes: `linspace`, `arange`, `tensor`."""
    if factory in ("tensor", "as_tensor", "asarray"):
        data = bound.get("data", bound.get("obj"))
        if isinstance(data, ListV) and not data.is_open:
            data = tuple(data.items)
        return data if isinstance(data, tuple) and all(map(_is_entry, data)) else None
    start, end = bound.get("start"), bound.get("end")
    if factory == "linspace":
        steps = bound.get("steps")
        if not isinstance(steps, int) or not 0 <= steps <= MOST:
            return None
        if not isinstance(start, int | float) or not isinstance(end, int | float):
            return (_UNKNOWN,) * steps
        return tuple(float(start + (end - start) * i / max(steps - 1, 1)) for i in range(steps))
    if factory == "arange":
        start, end = (0, start) if end is None else (start, end)
        step = bound.get("step", 1)
        if isinstance(start, int) and isinstance(end, int) and isinstance(step, int) and step:
            return tuple(range(start, end, step)) if abs(end - start) <= MOST * abs(step) else None
    return None


def _is_entry(value: Value) -> bool:
    return isinstance(value, int | float | UnknownV)


def method(tensor: TensorV, name: str, args: Args, kwargs: Kwargs) -> Value | None:
    """`tensor.name(*args, **kwargs)` where the entries answer it, else None."""
    if name in ("item", "tolist", "__int__", "__float__") and tensor.facts and "number" in tensor.facts:
        return tensor.facts["number"]
    entries = row_of(tensor)
    if entries is None:
        return None
    if name in _SAME:
        return tensor
    if name in _EACH and not args and not kwargs:
        return of_row(tuple(_applied(_EACH[name], entry) for entry in entries))
    known = _METHODS.get(name)
    return None if known is None else known(entries, list(args), kwargs)


_SAME: Final = frozenset({"cpu", "cuda", "to", "numpy", "detach", "clone", "contiguous"})
_EACH: Final[Mapping[str, Callable[[float], float]]] = {
    "float": float, "double": float, "long": int, "int": int, "round": round, "floor": math.floor, "ceil": math.ceil,
    "log": math.log, "log2": math.log2, "exp": math.exp, "sqrt": math.sqrt, "square": lambda x: x * x, "abs": abs,
    "neg": lambda x: -x, "sin": math.sin, "cos": math.cos,
}  # fmt: skip
"""What is done to each entry alone."""


def _applied(function: Callable[[float], float], entry: Value) -> Value:
    if not isinstance(entry, int | float):
        return _UNKNOWN
    try:
        return function(entry)
    except (ValueError, OverflowError):
        return _UNKNOWN


def _are_numbers(entries: tuple[Value, ...]) -> bool:
    return all(isinstance(entry, int | float) for entry in entries)


def _tolist(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value:
    return ListV(list(entries))


def _item(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value | None:
    return entries[0] if len(entries) == 1 else None


def _split(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value | None:
    sizes = args[0] if args else kwargs.get("split_size", kwargs.get("split_size_or_sections"))
    if isinstance(sizes, int) and sizes > 0:
        sizes = tuple(min(sizes, len(entries) - at) for at in range(0, len(entries), sizes))
    elif isinstance(sizes, ListV) and not sizes.is_open:
        sizes = tuple(sizes.items)
    if not isinstance(sizes, tuple) or not all(isinstance(size, int) for size in sizes) or sum(sizes) != len(entries):
        return None
    parts, at = [], 0
    for size in sizes:
        parts.append(of_row(entries[at : at + size]))
        at += size
    return tuple(parts)


def _unique(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value | None:
    if not _are_numbers(entries):
        return None
    values = sorted(set(entries))
    found = of_row(tuple(values))
    inverse = of_row(tuple(values.index(entry) for entry in entries))
    counts = of_row(tuple(entries.count(value) for value in values))
    parts = [found]
    if kwargs.get("return_inverse"):
        parts.append(inverse)
    if kwargs.get("return_counts"):
        parts.append(counts)
    return parts[0] if len(parts) == 1 else tuple(parts)


def _reduced(function: Callable[..., float]) -> Callable[[tuple[Value, ...], list[Value], Kwargs], Value | None]:
    def reduce(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value | None:
        if args or kwargs or not entries or not _are_numbers(entries):
            return None
        return of_number(function(entries))

    return reduce


def _flipped(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value:
    return of_row(entries[::-1])


def _running_sum(entries: tuple[Value, ...], args: list[Value], kwargs: Kwargs) -> Value | None:
    if not _are_numbers(entries):
        return None
    return of_row(tuple(accumulate(entries)))


_METHODS: Final[Mapping[str, Callable[[tuple[Value, ...], list[Value], Kwargs], Value | None]]] = {
    "tolist": _tolist,
    "item": _item,
    "split": _split,
    "unique": _unique,
    "sum": _reduced(sum),
    "max": _reduced(max),
    "min": _reduced(min),
    "flip": _flipped,
    "cumsum": _running_sum,
}


def item(tensor: TensorV, index: Value) -> TensorV | None:
    """`tensor[index]` for an integer or a slice."""
    entries = row_of(tensor)
    if entries is None:
        return None
    if isinstance(index, int) and -len(entries) <= index < len(entries):
        return of_number(entries[index])
    if isinstance(index, slice) and all(part is None or isinstance(part, int) for part in _parts(index)):
        return of_row(entries[index])
    return None


def _parts(index: slice) -> tuple[Value, ...]:
    return index.start, index.stop, index.step


def function(name: str, args: Args, kwargs: Kwargs) -> Value | None:
    """`torch.name(*args, **kwargs)` where the entries of a row answer it."""
    if name in ("pow", "float_power") and len(args) == 2 and not kwargs:
        return arithmetic(ast.Pow, args[0], args[1]) if any(isinstance(arg, TensorV) for arg in args) else None
    if args and isinstance(args[0], TensorV) and args[0].facts and args[0].node is None:
        return method(args[0], name, args[1:], kwargs)
    return None


def arithmetic(operator: type[ast.operator], left: Value, right: Value) -> TensorV | None:
    """`left <operator> right` where one is a row or a tensor without axes, the other a number."""
    from initlint.trace.python.operators import arithmetic as plain

    tensor, first = (left, True) if isinstance(left, TensorV) else (right, False)
    number = right if first else left
    if isinstance(tensor, ParamV) or tensor.node is not None or not isinstance(number, int | float):
        return None

    def apply(entry: Value) -> Value:
        if not isinstance(entry, int | float):
            return _UNKNOWN
        return plain(operator, entry, number) if first else plain(operator, number, entry)

    entries = row_of(tensor)
    if entries is not None:
        return of_row(tuple(map(apply, entries)))
    if tensor.facts and "number" in tensor.facts:
        return of_number(apply(tensor.facts["number"]))
    return None
