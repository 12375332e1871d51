"""Functions applied to each element, or along one axis, that bend the signal.

Activations carry the name of torch.nn.functional where it has one, else torch's (`exp`, `sin`, `erf`).
Everything else done to single elements is ELEMENTWISE: powers, logarithms, rounding, absolute values. No
model uses these in the place of an activation, and what follows them is still the consumer of the layer
before them (a hand-written RMS norm squares its input first), so they stand apart from both activations
and passes: the signal goes through, its distribution is no longer known.
"""

from __future__ import annotations

from functools import partial

from initlint.model.graph import Role
from initlint.trace.vocabulary.functions.rows import row
from initlint.trace.vocabulary.spec import Extra, FunctionSpec

_activation = partial(row, Role.ACTIVATION, activation=True)
_elementwise = partial(row, Extra.ELEMENTWISE)

ROWS: tuple[FunctionSpec, ...] = (
    _activation("relu", "FTX", "input, inplace=False", torch="input", tensor="input"),
    _activation("relu6", "F", "input, inplace=False"),
    _activation("silu", "F", "input, inplace=False"),
    _activation("mish", "F", "input, inplace=False"),
    _activation("selu", "FT", "input, inplace=False", torch="input"),
    _activation("hardsigmoid", "F", "input, inplace=False"),
    _activation("hardswish", "F", "input, inplace=False"),
    _activation("tanhshrink", "F", "input"),
    _activation("softsign", "F", "input"),
    _activation("sigmoid", "FTX", "input"),
    _activation("logsigmoid", "F", "input"),
    _activation("tanh", "FTX", "input"),
    _activation("exp", "TX", "input"),
    _activation("sin", "TX", "input"),
    _activation("cos", "TX", "input"),
    _activation("erf", "TXS", "input"),
    _activation("atan", "TX", "input"),
    _activation("gelu", "F", "input, approximate='none'", settings="approximate"),
    _activation("elu", "F", "input, alpha=1.0, inplace=False", settings="alpha"),
    _activation("celu", "FT", "input, alpha=1.0, inplace=False", settings="alpha", torch="input, alpha=1.0"),
    _activation("leaky_relu", "F", "input, negative_slope=0.01, inplace=False", settings="negative_slope"),
    _activation("prelu", "FTX", "input, weight", weight="weight"),
    _activation(
        "rrelu", "FT", "input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False",
        settings="lower upper", torch="input, lower=0.125, upper=0.3333333333333333, training=False, generator=None",
    ),
    _activation("hardtanh", "F", "input, min_val=-1.0, max_val=1.0, inplace=False", settings="min_val max_val"),
    _activation("hardshrink", "FTX", "input, lambd=0.5", settings="lambd"),
    _activation("softshrink", "F", "input, lambd=...", settings="lambd"),
    _activation("softplus", "F", "input, beta=..., threshold=...", settings="beta threshold"),
    _activation(
        "threshold", "FT", "input, threshold, value, inplace=False", settings="threshold value",
        torch="input, threshold, value",
    ),
    _activation(
        "softmax", "FTXS", "input, dim=None, _stacklevel=3, dtype=None", settings="dim",
        torch="input, dim, dtype=None", tensor="input, dim, dtype=None", special="input, dim, *, dtype=None",
    ),
    _activation(
        "log_softmax", "FTXS", "input, dim=None, _stacklevel=3, dtype=None", settings="dim",
        torch="input, dim, dtype=None", tensor="input, dim, dtype=None", special="input, dim, *, dtype=None",
    ),
    _activation("softmin", "F", "input, dim=None, _stacklevel=3, dtype=None", settings="dim"),
    _activation("glu", "F", "input, dim=-1", settings="dim"),
    _activation("gumbel_softmax", "F", "logits, tau=1, hard=False, eps=1e-10, dim=-1", settings="tau hard dim"),
    _elementwise("abs", "TX", "input"),
    _elementwise("square", "TX", "input"),
    _elementwise("sqrt", "TX", "input"),
    _elementwise("rsqrt", "TX", "input"),
    _elementwise("log", "TX", "input"),
    _elementwise("log2", "TX", "input"),
    _elementwise("log10", "TX", "input"),
    _elementwise("log1p", "TXS", "input"),
    _elementwise("exp2", "TXS", "input"),
    _elementwise("expm1", "TXS", "input"),
    _elementwise("sign", "TX", "input"),
    _elementwise("sgn", "TX", "input"),
    _elementwise("reciprocal", "TX", "input"),
    _elementwise("floor", "TX", "input"),
    _elementwise("ceil", "TX", "input"),
    _elementwise("round", "TXS", "input, *, decimals=0", special="input"),
    _elementwise("trunc", "TX", "input"),
    _elementwise("frac", "TX", "input"),
    _elementwise("sinh", "TX", "input"),
    _elementwise("cosh", "TX", "input"),
    _elementwise("tan", "TX", "input"),
    _elementwise("asin", "TX", "input"),
    _elementwise("acos", "TX", "input"),
    _elementwise("asinh", "TX", "input"),
    _elementwise("acosh", "TX", "input"),
    _elementwise("atanh", "TX", "input"),
    _elementwise("erfc", "TXS", "input"),
    _elementwise("erfinv", "TXS", "input"),
    _elementwise("logit", "TXS", "input, eps=None"),
    _elementwise("sinc", "TXS", "input"),
    _elementwise("digamma", "TXS", "input"),
    _elementwise("lgamma", "TX", "input"),
    _elementwise("heaviside", "TX", "input, values"),
    _elementwise("nan_to_num", "TX", "input, nan=None, posinf=None, neginf=None"),
    _elementwise("angle", "TX", "input"),
    _elementwise("deg2rad", "TX", "input"),
    _elementwise("rad2deg", "TX", "input"),
    _elementwise("i0", "TXS", "input"),
    _elementwise("pow", "TX", "input, exponent", signals="input exponent", settings="exponent"),
    _elementwise("float_power", "TX", "input, exponent", signals="input exponent", settings="exponent"),
    _elementwise("fmod", "TX", "input, other", signals="input other"),
    _elementwise("remainder", "TX", "input, other", signals="input other"),
    _elementwise("floor_divide", "TX", "input, other", signals="input other"),
    _elementwise("hypot", "TX", "input, other", signals="input other"),
    _elementwise("atan2", "TX", "input, other", signals="input other"),
    _elementwise("copysign", "TX", "input, other", signals="input other"),
    _elementwise("ldexp", "TX", "input, other", signals="input other"),
    _elementwise("logaddexp", "TX", "input, other", signals="input other"),
    _elementwise("logaddexp2", "TX", "input, other", signals="input other"),
    _elementwise("xlogy", "TXS", "input, other", signals="input other"),
)
