"""What an in-place operation on a filled tensor leaves: `mul_`, `add_`, `erfinv_`, `clamp_` and their kin.

Initialisers are often spelled out: draw, then bend and scale. The truncated normal of torch itself is a uniform
draw sent through the inverse error function (`torch.nn.init._no_grad_trunc_normal_`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Final

from initlint.signal.distribution import Distribution, rescaled, shifted
from initlint.signal.gains import number
from initlint.signal.schemes import truncated_moments

Arguments = Mapping[str, object]

_FAR: Final = 4.0
"""Deviations from the mean beyond which a normal draw leaves nothing worth counting."""


def transformed(function: str, arguments: Arguments, before: Distribution) -> Distribution | None:
    """The distribution after `tensor.function(**arguments)`, None where nothing can be said of it.

    `function` is a tensor method with its trailing underscore, `arguments` are by torch's names.
    """
    known = _TRANSFORMS.get(function)
    return None if known is None else known(arguments, before)


def bends(function: str) -> bool:
    """Whether an operation acts on every entry alike, so that what it leaves may be known."""
    return function in _TRANSFORMS


def _times(arguments: Arguments, before: Distribution) -> Distribution:
    return rescaled(before, number(arguments.get("other")))


def _over(arguments: Arguments, before: Distribution) -> Distribution:
    divisor = number(arguments.get("other"))
    return rescaled(before, 1.0 / divisor if divisor else None)


def _negated(arguments: Arguments, before: Distribution) -> Distribution:
    return rescaled(before, -1.0)


def _plus(arguments: Arguments, before: Distribution) -> Distribution | None:
    return _offset(arguments, before, 1.0)


def _minus(arguments: Arguments, before: Distribution) -> Distribution | None:
    return _offset(arguments, before, -1.0)


def _offset(arguments: Arguments, before: Distribution, sign: float) -> Distribution | None:
    """Adding another tensor leaves nothing known; adding a number moves the mean."""
    offset, factor = number(arguments.get("other")), number(arguments.get("alpha", 1))
    if offset is None or factor is None:
        return None
    return shifted(before, sign * factor * offset)


def _inverse_error(arguments: Arguments, before: Distribution) -> Distribution | None:
    """A uniform draw from [l, u] within [-1, 1] becomes N(0, 1/2) cut to [erfinv(l), erfinv(u)]."""
    if before.kind != "uniform":
        return None
    low, high, std = before.low, before.high, math.sqrt(0.5)
    if low is None or high is None or not -1.0 <= low < high <= 1.0:
        return Distribution("truncated_normal", fan_in=before.fan_in)
    ends = _erfinv(low), _erfinv(high)
    try:
        mean, std = truncated_moments(0.0, std, *ends)
    except ValueError:
        return Distribution("truncated_normal", fan_in=before.fan_in)
    gain = None if before.fan_in is None else std * math.sqrt(before.fan_in)
    s2 = None if before.fan_in is None else before.fan_in * (std * std + mean * mean)
    return Distribution("truncated_normal", mean, std, *ends, gain, s2, before.fan_in)


def _erfinv(value: float) -> float:
    if abs(value) >= 1.0:
        return math.copysign(math.inf, value)
    return NormalDist().inv_cdf(0.5 * (value + 1.0)) * math.sqrt(0.5)


def _clamped(arguments: Arguments, before: Distribution) -> Distribution | None:
    """Bounds that cut nothing away change nothing."""
    least = -math.inf if arguments.get("min") is None else number(arguments.get("min"))
    most = math.inf if arguments.get("max") is None else number(arguments.get("max"))
    if least is None or most is None:
        return None
    low, high = before.low, before.high
    if before.mean is not None and before.std is not None and before.kind in ("normal", "truncated_normal"):
        reach = _FAR * before.std
        low = before.mean - reach if low is None else max(low, before.mean - reach)
        high = before.mean + reach if high is None else min(high, before.mean + reach)
    slack = 1e-9 + 1e-6 * (before.std or 0.0)
    if low is None or high is None or low < least - slack or high > most + slack:
        return None
    return replace(before, low=_tighter(before.low, least, max), high=_tighter(before.high, most, min))


def _tighter(bound: float | None, limit: float, choose: Callable[[float, float], float]) -> float | None:
    if math.isinf(limit):
        return bound
    return limit if bound is None else choose(bound, limit)


_TRANSFORMS: Final[Mapping[str, Callable[[Arguments, Distribution], Distribution | None]]] = {
    "mul_": _times,
    "multiply_": _times,
    "div_": _over,
    "divide_": _over,
    "true_divide_": _over,
    "neg_": _negated,
    "negative_": _negated,
    "add_": _plus,
    "sub_": _minus,
    "subtract_": _minus,
    "erfinv_": _inverse_error,
    "clamp_": _clamped,
    "clip_": _clamped,
    "clamp_min_": _clamped,
    "clamp_max_": _clamped,
}
