"""Second moments of a nonlinearity under a Gaussian signal, and the gains that follow from them.

With z ~ N(0, 1) and a pre-activation of second moment q:

    V(q) = E f(√q z)²      what the activation passes on (`forward_moment`)
    D(q) = E f'(√q z)²     what it lets back through (`gradient_moment`)

(Poole et al. 2016, Schoenholz et al. 2017.) Closed forms where the table has one, else Gauss-Legendre
panels broken at every kink and at the scales of both the density and the function: twelve digits.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Final

from initlint.signal.activations import Moments, Nonlinearity

_ORDER: Final = 16
_PANELS: Final = (-9.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 5.0, 9.0)  # of the density; 2e-19 lies outside
_SCALES: Final = (-20.0, -6.0, -2.0, 2.0, 6.0, 20.0)  # of smooth functions, which bend between |x| ~ 1 and ~ 20
_TINY: Final = 1e-300


@lru_cache(maxsize=1)
def _legendre() -> tuple[tuple[float, float], ...]:
    """Nodes and weights of Gauss-Legendre on [-1, 1], by Newton's method on the three-term recurrence."""
    rule = []
    for k in range(_ORDER):
        x = math.cos(math.pi * (k + 0.75) / (_ORDER + 0.5))
        for _ in range(100):
            below, here = 1.0, x
            for n in range(2, _ORDER + 1):
                below, here = here, ((2 * n - 1) * x * here - (n - 1) * below) / n
            slope = _ORDER * (x * here - below) / (x * x - 1.0)
            step = here / slope
            x -= step
            if abs(step) < 1e-15:
                break
        rule.append((x, 2.0 / ((1.0 - x * x) * slope * slope)))
    return tuple(rule)


def _quadrature(nonlinearity: Nonlinearity, q: float) -> Moments:
    scale = math.sqrt(q)
    first, last = _PANELS[0], _PANELS[-1]
    inner = {x / scale for x in (*_SCALES, *nonlinearity.breaks)}
    edges = sorted({*_PANELS, *(z for z in inner if first < z < last)})
    function, derivative, parameters = (
        nonlinearity.activation.function,
        nonlinearity.activation.derivative,
        nonlinearity.parameters,
    )
    if function is None or derivative is None:
        raise ValueError(f"{nonlinearity.name} is not elementwise")
    forward = backward = 0.0
    for low, high in pairwise(edges):
        centre, half = 0.5 * (low + high), 0.5 * (high - low)
        for node, weight in _legendre():
            z = centre + half * node
            density = half * weight * math.exp(-0.5 * z * z)
            x = scale * z
            value = function(x, **parameters)
            slope = derivative(x, **parameters)
            forward += density * value * value
            backward += density * slope * slope
    norm = math.sqrt(2.0 * math.pi)
    return forward / norm, backward / norm


@lru_cache(maxsize=4096)
def moments(nonlinearity: Nonlinearity, q: float = 1.0) -> Moments:
    """(E f², E f'²) at pre-activation second moment `q` ≥ 0.

    At q = 0 they are f(0)² and f'(0)², with torch's derivative at a kink. Raises ValueError for a negative
    q and for an operation that is not elementwise (`softmax`).
    """
    if not q >= 0.0:
        raise ValueError(f"a second moment cannot be {q}")
    if q < _TINY:
        return nonlinearity.value(0.0) ** 2, nonlinearity.derivative(0.0) ** 2
    closed = nonlinearity.activation.moments
    return _quadrature(nonlinearity, q) if closed is None else closed(q, **nonlinearity.parameters)


def forward_moment(nonlinearity: Nonlinearity, q: float = 1.0) -> float:
    """V(q) = E f(√q z)²."""
    return moments(nonlinearity, q)[0]


def gradient_moment(nonlinearity: Nonlinearity, q: float = 1.0) -> float:
    """D(q) = E f'(√q z)²."""
    return moments(nonlinearity, q)[1]


def gain(nonlinearity: Nonlinearity) -> float:
    """g_f = 1/√E f²: std·√fan_in = g_f keeps a unit second moment on the way forward (He et al. 2015)."""
    return 1.0 / math.sqrt(forward_moment(nonlinearity))


def gradient_gain(nonlinearity: Nonlinearity) -> float:
    """g_b = 1/√E f'²: the gain that keeps the gradient's second moment at q = 1."""
    return 1.0 / math.sqrt(gradient_moment(nonlinearity))


def gradient_factor_at_gain(nonlinearity: Nonlinearity) -> float:
    """χ = g_f²·E f'²: what one layer multiplies the gradient with when the signal is kept (Schoenholz et al. 2017)."""
    forward, backward = moments(nonlinearity)
    return backward / forward


def stability(nonlinearity: Nonlinearity) -> float:
    """dq'/dq at q = 1 when s2 = g_f²: below 1 the signal returns to unit variance, above 1 it runs away.

    By a central difference of V, so that jumps of f count too.
    """
    return _relative_slope(nonlinearity, 1.0)


def _relative_slope(nonlinearity: Nonlinearity, q: float) -> float:
    """q·V'(q)/V(q)."""
    step = 1e-4
    rise = forward_moment(nonlinearity, q * (1 + step)) - forward_moment(nonlinearity, q * (1 - step))
    return rise / (2 * step * forward_moment(nonlinearity, q))


def critical_variance(nonlinearity: Nonlinearity) -> float | None:
    """The weight variance times fan_in at which signal and gradient both neither grow nor shrink.

    Where V'(q*) = D(q*) for some q*, it is 1/D(q*); where the two part from q = 0 on, the signal is critical there,
    at 1/D(0+). None for functions with f(0) ≠ 0, which have no critical point without a bias.
    Source: Roberts, Yaida & Hanin 2021, The Principles of Deep Learning Theory, chapter 5.
    """
    if nonlinearity.use_gradient:
        return None

    def difference(q: float) -> float:
        forward, backward = moments(nonlinearity, q)
        return _relative_slope(nonlinearity, q) * forward / (q * backward) - 1.0

    grid = [10.0 ** (exponent / 4) for exponent in range(-8, 9)]
    for low, high in pairwise(grid):
        below, above = difference(low), difference(high)
        if min(abs(below), abs(above)) > 1e-6 and below * above < 0:
            for _ in range(40):
                middle = math.sqrt(low * high)
                if difference(middle) * below > 0:
                    low = middle
                else:
                    high = middle
            return 1.0 / gradient_moment(nonlinearity, math.sqrt(low * high))
    at_origin = gradient_moment(nonlinearity, 1e-8)
    return 1.0 / at_origin if at_origin > 1e-6 else None
