"""Elementwise nonlinearities and their derivatives on floats.

Definitions and parameter names are those of `torch.nn.functional`. At a kink a derivative takes the
value torch's autograd gives it, so `derivative(0.0)` is 0 exactly where a weight filled with zeros is
dead for ever.
"""

from __future__ import annotations

import math
from typing import Final

SELU_ALPHA: Final = 1.6732632423543772848170429916717
SELU_SCALE: Final = 1.0507009873554804934193349852946
_SQRT_2: Final = math.sqrt(2.0)
_SQRT_2_PI: Final = math.sqrt(2.0 / math.pi)
_INV_SQRT_2PI: Final = 1.0 / math.sqrt(2.0 * math.pi)
_CUBIC: Final = 0.044715  # Hendrycks & Gimpel 2016, the tanh form of GELU
_EXP_LIMIT: Final = 709.0  # beyond it `math.exp` overflows


def _exp(x: float) -> float:
    return math.exp(min(x, _EXP_LIMIT))


def _sech2(x: float) -> float:
    """1 - tanh², without the cancellation."""
    decay = math.exp(-2.0 * abs(x))
    return 4.0 * decay / (1.0 + decay) ** 2


def identity(x: float) -> float:
    return x


def d_identity(x: float) -> float:
    return 1.0


def relu(x: float) -> float:
    return max(x, 0.0)


def d_relu(x: float) -> float:
    return 1.0 if x > 0 else 0.0


def leaky_relu(x: float, *, negative_slope: float) -> float:
    return x if x > 0 else negative_slope * x


def d_leaky_relu(x: float, *, negative_slope: float) -> float:
    return 1.0 if x > 0 else negative_slope


def prelu(x: float, *, init: float) -> float:
    return x if x > 0 else init * x


def d_prelu(x: float, *, init: float) -> float:
    return 1.0 if x > 0 else init


def rrelu(x: float, *, lower: float, upper: float, training: bool) -> float:
    """The mean over the random slope, which is what evaluation mode computes."""
    return x if x > 0 else 0.5 * (lower + upper) * x


def d_rrelu(x: float, *, lower: float, upper: float, training: bool) -> float:
    return 1.0 if x > 0 else 0.5 * (lower + upper)


def clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


def relu6(x: float) -> float:
    return clip(x, 0.0, 6.0)


def d_relu6(x: float) -> float:
    return 1.0 if 0.0 < x < 6.0 else 0.0


def hardtanh(x: float, *, min_val: float, max_val: float) -> float:
    return clip(x, min_val, max_val)


def d_hardtanh(x: float, *, min_val: float, max_val: float) -> float:
    return 1.0 if min_val < x < max_val else 0.0


def clamp(x: float, *, min: float | None, max: float | None) -> float:
    return clip(x, -math.inf if min is None else min, math.inf if max is None else max)


def d_clamp(x: float, *, min: float | None, max: float | None) -> float:
    """1 at a bound itself, where `hardtanh` has 0: torch masks with <= here."""
    return 1.0 if (min is None or x >= min) and (max is None or x <= max) else 0.0


def maximum(x: float, *, other: float) -> float:
    return max(x, other)


def d_maximum(x: float, *, other: float) -> float:
    """Half the gradient at a tie."""
    return 0.5 if x == other else 1.0 if x > other else 0.0


def elu(x: float, *, alpha: float) -> float:
    return x if x > 0 else alpha * math.expm1(x)


def d_elu(x: float, *, alpha: float) -> float:
    return 1.0 if x > 0 else alpha * math.exp(x)


def celu(x: float, *, alpha: float) -> float:
    return x if x > 0 else alpha * math.expm1(x / alpha)


def d_celu(x: float, *, alpha: float) -> float:
    return 1.0 if x > 0 else math.exp(x / alpha)


def selu(x: float) -> float:
    return SELU_SCALE * elu(x, alpha=SELU_ALPHA)


def d_selu(x: float) -> float:
    return SELU_SCALE * d_elu(x, alpha=SELU_ALPHA)


def gelu(x: float, *, approximate: str) -> float:
    if approximate == "tanh":
        return 0.5 * x * (1.0 + math.tanh(_SQRT_2_PI * (x + _CUBIC * x * x * x)))
    return 0.5 * x * math.erfc(-x / _SQRT_2)


def d_gelu(x: float, *, approximate: str) -> float:
    if approximate == "tanh":
        inner = _SQRT_2_PI * (x + _CUBIC * x * x * x)
        slope = _SQRT_2_PI * (1.0 + 3.0 * _CUBIC * x * x)
        return 0.5 * (1.0 + math.tanh(inner)) + 0.5 * x * _sech2(inner) * slope
    return 0.5 * math.erfc(-x / _SQRT_2) + x * _INV_SQRT_2PI * math.exp(-0.5 * x * x)


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + _exp(-x))


def d_sigmoid(x: float) -> float:
    return 0.25 * _sech2(0.5 * x)


def quick_gelu(x: float) -> float:
    return x * sigmoid(1.702 * x)


def d_quick_gelu(x: float) -> float:
    return sigmoid(1.702 * x) + 1.702 * x * d_sigmoid(1.702 * x)


def silu(x: float) -> float:
    return x * sigmoid(x)


def d_silu(x: float) -> float:
    return sigmoid(x) + x * d_sigmoid(x)


def mish(x: float) -> float:
    return x * math.tanh(softplus(x, beta=1.0, threshold=math.inf))


def d_mish(x: float) -> float:
    inner = softplus(x, beta=1.0, threshold=math.inf)
    return math.tanh(inner) + x * _sech2(inner) * sigmoid(x)


def hardswish(x: float) -> float:
    return x * clip(x + 3.0, 0.0, 6.0) / 6.0


def d_hardswish(x: float) -> float:
    return 0.0 if x <= -3.0 else 1.0 if x >= 3.0 else x / 3.0 + 0.5


def softplus(x: float, *, beta: float, threshold: float) -> float:
    scaled = beta * x
    if scaled > threshold:
        return x
    return (max(scaled, 0.0) + math.log1p(math.exp(-abs(scaled)))) / beta


def d_softplus(x: float, *, beta: float, threshold: float) -> float:
    return 1.0 if beta * x > threshold else sigmoid(beta * x)


def logsigmoid(x: float) -> float:
    return -softplus(-x, beta=1.0, threshold=math.inf)


def d_logsigmoid(x: float) -> float:
    return sigmoid(-x)


def softsign(x: float) -> float:
    return x / (1.0 + abs(x))


def d_softsign(x: float) -> float:
    return (1.0 + abs(x)) ** -2


def tanh(x: float) -> float:
    return math.tanh(x)


def d_tanh(x: float) -> float:
    return _sech2(x)


def hardsigmoid(x: float) -> float:
    return clip(x + 3.0, 0.0, 6.0) / 6.0


def d_hardsigmoid(x: float) -> float:
    return 1.0 / 6.0 if -3.0 < x < 3.0 else 0.0


def tanhshrink(x: float) -> float:
    # below 1e-3 the difference would lose its digits; the series is exact to 1e-13 there
    return x**3 / 3.0 - 2.0 * x**5 / 15.0 if abs(x) < 1e-3 else x - math.tanh(x)


def d_tanhshrink(x: float) -> float:
    return math.tanh(x) ** 2


def softshrink(x: float, *, lambd: float) -> float:
    return x - lambd if x > lambd else x + lambd if x < -lambd else 0.0


def hardshrink(x: float, *, lambd: float) -> float:
    return 0.0 if -lambd <= x <= lambd else x


def d_shrink(x: float, *, lambd: float) -> float:
    """Of both shrinkages."""
    return 0.0 if -lambd <= x <= lambd else 1.0


def threshold(x: float, *, threshold: float, value: float) -> float:
    return x if x > threshold else value


def d_threshold(x: float, *, threshold: float, value: float) -> float:
    return 1.0 if x > threshold else 0.0


def sin(x: float, *, w0: float) -> float:
    return math.sin(w0 * x)


def d_sin(x: float, *, w0: float) -> float:
    return w0 * math.cos(w0 * x)


def exp(x: float) -> float:
    return _exp(x)


def absolute(x: float) -> float:
    return abs(x)


def d_absolute(x: float) -> float:
    return math.copysign(1.0, x) if x != 0 else 0.0


def square(x: float) -> float:
    return x * x


def d_square(x: float) -> float:
    return 2.0 * x


def relu_squared(x: float) -> float:
    return relu(x) * relu(x)


def d_relu_squared(x: float) -> float:
    return 2.0 * relu(x)
