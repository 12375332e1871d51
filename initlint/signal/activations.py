"""The one table of activations: what each does to a signal, and what torch.nn.init call goes before it.

`ACTIVATIONS` is keyed by the name in `torch.nn.functional` (`torch` or `torch.special` where it has none
there). A row says what holds for every setting; `Activation.bind` fixes the settings of one use and
gives a `Nonlinearity`, which the rest of `signal` computes with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from initlint.signal import functions as f
from initlint.signal.gains import TORCH_GAINS, calculate_gain, number

Value = float | bool | str | None
Family = Literal["linear", "relu", "selu", "tanh", "sigmoid", "softplus", "sine", "other"]
"""Kin that share a recommended init: a scheme made for one family is a mismatch before another."""

Moments = tuple[float, float]
"""E f(√q z)² and E f'(√q z)² for z ~ N(0, 1)."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A call of `torch.nn.init` on a weight: its short name, and keyword arguments as source text."""

    function: str
    arguments: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The arguments as they are written: `("nonlinearity='relu'",)`."""
        return tuple(f"{name}={text}" for name, text in self.arguments)

    def call(self, target: str = "w") -> str:
        """The call as it is written: `kaiming_normal_(w, nonlinearity='relu')`."""
        return f"{self.function}({', '.join((target, *self.texts))})"


_HE: Final = Recommendation("kaiming_normal_", (("nonlinearity", "'relu'"),))
_LECUN: Final = Recommendation("kaiming_normal_", (("nonlinearity", "'linear'"),))
_GLOROT: Final = Recommendation("xavier_uniform_")
_WIDE_GLOROT: Final = Recommendation("xavier_uniform_", (("gain", "4"),))

_ADVICE: Final[Mapping[str, tuple[Recommendation, tuple[float, float]]]] = {
    # family: the call to recommend (He et al. 2015, Klambauer et al. 2017, Glorot & Bengio 2010; gain 4 undoes
    # sigmoid'(0) = 1/4), and the band of fan_in·E[w²] in which ten un-normalised layers train about as fast as
    # with the best scale
    "linear": (_LECUN, (0.8, 1.25)),
    "relu": (_HE, (1.0, 2.5)),
    "selu": (_LECUN, (0.75, 1.25)),
    "tanh": (_GLOROT, (0.75, 3.0)),
    "sigmoid": (_WIDE_GLOROT, (13.0, 22.0)),
    "softplus": (_HE, (2.0, 3.0)),
}


@dataclass(frozen=True, slots=True)
class Activation:
    """One row of the table.

    `defaults` are torch's settings that change the function, with their default values (those of the module
    class where it differs from the functional form). `function` and `derivative` take a float and these
    settings as keywords; both are None where the operation is not elementwise (`softmax`). `breaks` lists the
    inputs where the function or its slope is not smooth. `moments`, where there is a closed form, gives
    E f² and E f'² at a second moment q. `slope` is the negative slope of a leaky rectifier.
    """

    name: str
    display: str
    family: Family | Callable[..., Family]
    function: Callable[..., float] | None = None
    derivative: Callable[..., float] | None = None
    defaults: Mapping[str, Value] = field(default_factory=dict)
    breaks: Callable[..., tuple[float, ...]] | None = None
    moments: Callable[..., Moments] | None = None
    slope: Callable[..., float] | None = None

    @property
    def elementwise(self) -> bool:
        return self.function is not None

    def bind(self, parameters: Mapping[str, object] = MappingProxyType({})) -> Nonlinearity | None:
        """This activation with the settings of one use; missing ones are torch's defaults, foreign ones
        (`inplace`) are left aside. None where a setting is not known or one that torch refuses."""
        settings: list[tuple[str, Value]] = []
        for name, default in self.defaults.items():
            given = parameters.get(name, default)
            value = number(given)
            if given is None or isinstance(given, (bool, str)):
                if not isinstance(given, type(default)) and default is not None:
                    return None
                settings.append((name, given))
            elif value is None or math.isnan(value) or isinstance(default, (bool, str)):
                return None
            else:
                settings.append((name, value))
        bound = Nonlinearity(self.name, tuple(settings))
        if self.elementwise:
            try:
                bound.value(1.0)
                bound.derivative(-1.0)
            except (ZeroDivisionError, OverflowError):
                return None
        return bound


@dataclass(frozen=True, slots=True)
class Nonlinearity:
    """An activation with its settings fixed: a row's name and a value for each of its `defaults`. Hashable."""

    name: str
    settings: tuple[tuple[str, Value], ...] = ()

    @property
    def activation(self) -> Activation:
        return ACTIVATIONS[self.name]

    @property
    def parameters(self) -> dict[str, Value]:
        return dict(self.settings)

    @property
    def elementwise(self) -> bool:
        return self.activation.elementwise

    def value(self, x: float) -> float:
        """f(x). Raises ValueError where the operation is not elementwise."""
        return self._elementwise(self.activation.function)(x, **self.parameters)

    def derivative(self, x: float) -> float:
        """f'(x), at a kink what torch's autograd gives. Raises ValueError where the operation is not elementwise."""
        return self._elementwise(self.activation.derivative)(x, **self.parameters)

    def _elementwise(self, function: Callable[..., float] | None) -> Callable[..., float]:
        if function is None:
            raise ValueError(f"{self.name} is not elementwise")
        return function

    @property
    def breaks(self) -> tuple[float, ...]:
        """Inputs where f or f' is not smooth."""
        breaks = self.activation.breaks
        return () if breaks is None else breaks(**self.parameters)

    @property
    def family(self) -> Family:
        family = self.activation.family
        return family if isinstance(family, str) else family(**self.parameters)

    @property
    def value_at_zero(self) -> float:
        return self.value(0.0)

    @property
    def dead_at_zero(self) -> bool:
        """Whether the derivative at exactly 0 is exactly 0: a layer of zeros before it never learns."""
        return self.elementwise and self.derivative(0.0) == 0.0

    @property
    def saturating(self) -> bool:
        """Bounded on both sides: on the way up the gradient tells the damage, the signal cannot."""
        return self.elementwise and abs(self.value(1e6)) < 1e3 and abs(self.value(-1e6)) < 1e3

    @property
    def use_gradient(self) -> bool:
        """f(0) ≠ 0: the mean of the output hides that nothing of the input is left, only the gradient shows it."""
        return self.elementwise and self.value_at_zero != 0.0

    @property
    def slope(self) -> float | None:
        """The negative slope, for leaky rectifiers."""
        slope = self.activation.slope
        return None if slope is None else slope(**self.parameters)

    @property
    def torch_gain(self) -> float | None:
        """`calculate_gain` with the slope this use has, None where torch has no gain and raises."""
        name = "linear" if self.name == "identity" else self.name
        return calculate_gain(name, self.slope) if name in TORCH_GAINS else None

    @property
    def recommendation(self) -> Recommendation | None:
        """The one call to put before it, None where no init alone makes a stack of it trainable."""
        slope = self.slope
        if slope is not None and self.family == "relu" and abs(slope) >= 0.05:  # below, He is the same to 0.3 %
            return Recommendation("kaiming_normal_", (("a", _slope_text(slope)),))
        if self.family == "sine" and self.parameters.get("w0") == 1.0:  # critical at 1, as tanh is
            return _GLOROT
        advice = _ADVICE.get(self.family)
        return None if advice is None else advice[0]

    @property
    def band(self) -> tuple[float, float] | None:
        """The range of fan_in·E[w²] that needs no remark on ten un-normalised layers, None where no init helps."""
        advice = _ADVICE.get(self.family)
        return None if advice is None else advice[1]

    @property
    def display(self) -> str:
        """The name for messages, with settings that are not the default: `ReLU`, `LeakyReLU(0.2)`, `clamp(min=0)`."""
        row = self.activation
        changed = [
            (name, value)
            for name, value in self.settings
            if value != row.defaults[name] and isinstance(value, float)
        ]
        if len(row.defaults) == 1:
            texts = [f"{value:g}" for _, value in changed]
        else:
            texts = [f"{name}={value:g}" for name, value in changed]
        return f"{row.display}({', '.join(texts)})" if texts else row.display


def _slope_text(slope: float) -> str:
    """Source text of a slope: RReLU's mean slope as the fraction it is."""
    return "11 / 48" if slope == 11 / 48 else f"{slope:.6g}"


def _homogeneous(negative: float) -> Callable[..., Moments]:
    """Moments of x ↦ x for x > 0, `negative`·x below: scale-free (He et al. 2015, eq. 10)."""
    half = 0.5 * (1.0 + negative * negative)
    return lambda q: (half * q, half)


def _leaky_moments(q: float, *, negative_slope: float) -> Moments:
    return _homogeneous(negative_slope)(q)


def _prelu_moments(q: float, *, init: float) -> Moments:
    return _homogeneous(init)(q)


def _rrelu_moments(q: float, *, lower: float, upper: float, training: bool) -> Moments:
    """In training the slope is drawn from U(lower, upper) (Xu et al. 2015), in evaluation it is the mean."""
    square = (lower * lower + lower * upper + upper * upper) / 3 if training else (0.5 * (lower + upper)) ** 2
    half = 0.5 * (1.0 + square)
    return half * q, half


def _sin_moments(q: float, *, w0: float) -> Moments:
    """From E cos(2 w0 √q z) = exp(-2 w0² q) (Sitzmann et al. 2020)."""
    decay = -2.0 * w0 * w0 * q
    return -0.5 * math.expm1(decay), 0.5 * w0 * w0 * (1.0 + math.exp(decay))


def _exp_moments(q: float) -> Moments:
    """The moment generating function of a normal variable."""
    moment = math.exp(2.0 * q) if q < 350.0 else math.inf
    return moment, moment


def _bounded_family(low: float | None, high: float | None) -> Family:
    """A clamp is what it leaves through: a rectifier from 0 up, a hard tanh around 0."""
    if low is None and high is None:
        return "linear"
    if low == 0.0 and (high is None or high > 0.0):
        return "relu"
    return "tanh" if low is not None and high is not None and low < 0.0 < high else "other"


def _symmetric(bound: float) -> tuple[float, ...]:
    return (-abs(bound), abs(bound))


def _at_zero(**_: Value) -> tuple[float, ...]:
    return (0.0,)


_ROWS: Final = (
    Activation("identity", "Identity", "linear", f.identity, f.d_identity, moments=_homogeneous(1.0)),
    Activation("relu", "ReLU", "relu", f.relu, f.d_relu, breaks=_at_zero, moments=_homogeneous(0.0)),
    Activation("relu6", "ReLU6", "relu", f.relu6, f.d_relu6, breaks=lambda: (0.0, 6.0)),
    Activation(
        "leaky_relu", "LeakyReLU", "relu", f.leaky_relu, f.d_leaky_relu, {"negative_slope": 0.01}, _at_zero,
        _leaky_moments, slope=lambda negative_slope: negative_slope,
    ),
    Activation(
        "prelu", "PReLU", "relu", f.prelu, f.d_prelu, {"init": 0.25}, _at_zero, _prelu_moments,
        slope=lambda init: init,
    ),
    Activation(
        "rrelu", "RReLU", "relu", f.rrelu, f.d_rrelu, {"lower": 1 / 8, "upper": 1 / 3, "training": True}, _at_zero,
        _rrelu_moments, slope=lambda lower, upper, training: 0.5 * (lower + upper),
    ),
    Activation("elu", "ELU", "relu", f.elu, f.d_elu, {"alpha": 1.0}, _at_zero),
    Activation(
        "celu", "CELU", "relu", f.celu, f.d_celu, {"alpha": 1.0},
        lambda alpha: (0.0, -2.0 * alpha, -6.0 * alpha, -20.0 * alpha),
    ),
    Activation("selu", "SELU", "selu", f.selu, f.d_selu, breaks=_at_zero),
    Activation("gelu", "GELU", "relu", f.gelu, f.d_gelu, {"approximate": "none"}),
    Activation("quick_gelu", "QuickGELU", "relu", f.quick_gelu, f.d_quick_gelu),
    Activation("silu", "SiLU", "relu", f.silu, f.d_silu),
    Activation("mish", "Mish", "relu", f.mish, f.d_mish),
    Activation("hardswish", "Hardswish", "relu", f.hardswish, f.d_hardswish, breaks=lambda: _symmetric(3.0)),
    Activation(
        "hardtanh", "Hardtanh", lambda min_val, max_val: _bounded_family(min_val, max_val), f.hardtanh, f.d_hardtanh,
        {"min_val": -1.0, "max_val": 1.0}, lambda min_val, max_val: (min_val, max_val),
    ),
    Activation(
        "clamp", "clamp", lambda min, max: _bounded_family(min, max), f.clamp, f.d_clamp, {"min": None, "max": None},
        lambda min, max: tuple(bound for bound in (min, max) if bound is not None),
    ),
    Activation(
        "maximum", "maximum", lambda other: "relu" if other == 0.0 else "other", f.maximum, f.d_maximum,
        {"other": 0.0}, lambda other: (other,),
    ),
    Activation(
        "softplus", "Softplus", "softplus", f.softplus, f.d_softplus, {"beta": 1.0, "threshold": 20.0},
        lambda beta, threshold: (*_symmetric(2.0 / beta), *_symmetric(6.0 / beta), *_symmetric(20.0 / beta)),
    ),
    Activation("logsigmoid", "LogSigmoid", "softplus", f.logsigmoid, f.d_logsigmoid),
    Activation("softsign", "Softsign", "tanh", f.softsign, f.d_softsign, breaks=_at_zero),
    Activation("tanh", "Tanh", "tanh", f.tanh, f.d_tanh),
    Activation("sigmoid", "Sigmoid", "sigmoid", f.sigmoid, f.d_sigmoid),
    Activation("hardsigmoid", "Hardsigmoid", "sigmoid", f.hardsigmoid, f.d_hardsigmoid, breaks=lambda: _symmetric(3.0)),
    Activation("tanhshrink", "Tanhshrink", "other", f.tanhshrink, f.d_tanhshrink),
    Activation(
        "softshrink", "Softshrink", "other", f.softshrink, f.d_shrink, {"lambd": 0.5},
        lambda lambd: _symmetric(lambd),
    ),
    Activation(
        "hardshrink", "Hardshrink", "other", f.hardshrink, f.d_shrink, {"lambd": 0.5},
        lambda lambd: _symmetric(lambd),
    ),
    Activation(
        "threshold", "Threshold", "other", f.threshold, f.d_threshold, {"threshold": 0.1, "value": 20.0},
        lambda threshold, value: (threshold,),
    ),
    Activation("sin", "sin", "sine", f.sin, f.d_sin, {"w0": 1.0}, moments=_sin_moments),
    Activation("exp", "exp", "other", f.exp, f.exp, moments=_exp_moments),
    Activation("abs", "abs", "other", f.absolute, f.d_absolute, breaks=_at_zero, moments=_homogeneous(-1.0)),
    Activation("square", "square", "other", f.square, f.d_square, moments=lambda q: (3.0 * q * q, 4.0 * q)),
    Activation(
        "relu_squared", "squared ReLU", "other", f.relu_squared, f.d_relu_squared, breaks=_at_zero,
        moments=lambda q: (1.5 * q * q, 2.0 * q),
    ),
    Activation("softmax", "Softmax", "other"),
    Activation("log_softmax", "LogSoftmax", "other"),
    Activation("softmin", "Softmin", "other"),
    Activation("gumbel_softmax", "gumbel_softmax", "other"),
    Activation("glu", "GLU", "other"),
)

ACTIVATIONS: Final[Mapping[str, Activation]] = MappingProxyType(
    {row.name: row for row in _ROWS} | {"linear": _ROWS[0]}
)
"""Rows by the functional name; `linear` is torch's other word for `identity`."""


def bind(name: str, parameters: Mapping[str, object] = MappingProxyType({})) -> Nonlinearity | None:
    """The activation `name` with these settings, None where there is no such row or a setting is not known."""
    row = ACTIVATIONS.get(name)
    return None if row is None else row.bind(parameters)
