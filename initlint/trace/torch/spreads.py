"""What draws leave in a tensor whose shape may be known in part: sizes may be multiples of an unknown number."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from initlint.signal.distribution import Distribution, fans
from initlint.signal.initializers import describe
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import PowerV, SymbolV, UnknownV, Value

_ROOT: Final = Fraction(-1, 2)
"""The exponent of what goes down with the root of a size."""


def known_shape(shape: tuple[Value, ...] | None) -> tuple[int | None, ...] | None:
    """A shape with None for the sizes that are not plain numbers."""
    if shape is None:
        return None
    return tuple(size if isinstance(size, int) and not isinstance(size, bool) else None for size in shape)


def fan_ratio(shape: tuple[Value, ...] | None) -> float | None:
    """fan_out / fan_in = size(0) / size(1), known for multiples of one unknown size too."""
    if shape is None or len(shape) < 2:
        return None
    rows, columns = shape[0], shape[1]
    if isinstance(rows, SymbolV) and isinstance(columns, SymbolV) and rows.base is columns.base:
        return float(rows.factor / columns.factor)
    if isinstance(rows, int) and isinstance(columns, int) and columns:
        return rows / columns
    return None


def distribution_of(
    function: str, arguments: dict[str, object], shape: tuple[Value, ...] | None
) -> Distribution | None:
    """What a write leaves; None where it is not known, or torch refuses."""
    plain = tuple(sorted((key, value) for key, value in arguments.items() if _hashable(value) and key != "generator"))
    if len(plain) != len([key for key in arguments if key != "generator"]):
        plain = tuple((key, value) for key, value in plain)
    return _described(function, plain, known_shape(shape), fan_ratio(shape))


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def sized_distribution_of(
    function: str, bound: dict[str, Value], arguments: dict[str, object], shape: tuple[Value, ...] | None,
    spelled: Callable[[dict[str, object]], dict[str, object]] = dict,
) -> Distribution | None:
    """The same where numbers among the arguments may hang on a size that is not known. `arguments` are those that are
    `bound` as plain values, `spelled` puts them in the terms of torch.nn.init."""
    unit = _for_one_input(bound, shape)
    if unit is None:
        return distribution_of(function, spelled(arguments), shape)
    found = distribution_of(function, spelled({**arguments, **unit}), (None, 1))
    return None if found is None else found.of_any_size


def _for_one_input(bound: dict[str, Value], shape: tuple[Value, ...] | None) -> dict[str, object] | None:
    """The arguments that are given in terms of a fan_in which is not known, for one of 1: None where there are none, or
    where not all that the draw hangs on goes down with the root of the fan."""
    powers = {name: value for name, value in bound.items() if isinstance(value, PowerV)}
    if not powers or shape is None or len(shape) < 2:
        return None
    fan_in = fan(shape, 1)
    if not isinstance(fan_in, SymbolV) or any(isinstance(value, int | float) and value for value in bound.values()):
        return None
    if not all(value.base is fan_in.base and value.exponent == _ROOT for value in powers.values()):
        return None
    return {name: value.factor * math.sqrt(fan_in.factor) for name, value in powers.items()}


@kept(8192)
def _described(
    function: str,
    arguments: tuple[tuple[str, object], ...],
    shape: tuple[int | None, ...] | None,
    ratio: float | None,
) -> Distribution | None:
    fan_in, fan_out = fans(shape) if shape is not None and len(shape) >= 2 else (None, None)
    try:
        return describe(function, dict(arguments), fan_in, fan_out, shape=shape, fan_ratio=ratio)
    except (ValueError, ArithmeticError, TypeError):
        return None


def fan(shape: tuple[Value, ...], which: int) -> Value:
    """The size that `which` has times the sizes of the kernel."""
    area: Value = 1
    for size in shape[2:]:
        area = area * size if isinstance(area, int) and isinstance(size, int) else UnknownV("fan not known")
    return _times(shape[which], area)


def _times(size: Value, area: Value) -> Value:
    if isinstance(area, int) and isinstance(size, int):
        return size * area
    if isinstance(area, int) and isinstance(size, SymbolV):
        return size.scaled(Fraction(area))
    return UnknownV("fan not known")
