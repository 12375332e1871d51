"""The schemes: what each initialising function of torch, and of the libraries around it, draws.

A scheme takes the arguments by torch's parameter names (missing ones are torch's defaults, values of another kind
are not known) and what is known of the tensor. It raises ValueError where torch would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from initlint.signal.distribution import Distribution, Kind, Target, rescaled, shifted
from initlint.signal.gains import calculate_gain, number

Arguments = Mapping[str, object]
Scheme = Callable[[Arguments, Target], Distribution]


def _number(arguments: Arguments, name: str, default: float) -> float | None:
    given = arguments.get(name, default)
    if isinstance(given, str):
        raise ValueError(f"{name} is a number")
    return number(given)


def _normal(arguments: Arguments, tensor: Target) -> Distribution:
    mean, std = _number(arguments, "mean", 0.0), _number(arguments, "std", 1.0)
    if std is not None and std < 0:
        raise ValueError("normal expects std >= 0")
    return tensor.spread("normal", mean, std)


def _standard_normal(arguments: Arguments, tensor: Target) -> Distribution:
    return tensor.spread("normal", 0.0, 1.0)


def _between(tensor: Target, low: float | None, high: float | None) -> Distribution:
    if low is None or high is None:
        return Distribution("uniform", low=low, high=high, fan_in=tensor.fan_in)
    if low > high:
        raise ValueError("uniform expects low <= high")
    return tensor.spread("uniform", 0.5 * (low + high), (high - low) / math.sqrt(12.0), low=low, high=high)


def _uniform(arguments: Arguments, tensor: Target) -> Distribution:
    """`nn.init.uniform_` calls its bounds a and b, `Tensor.uniform_` from and to."""
    low = _number(arguments, "a" if "a" in arguments else "from", 0.0)
    high = _number(arguments, "b" if "b" in arguments else "to", 1.0)
    return _between(tensor, low, high)


def _standard_uniform(arguments: Arguments, tensor: Target) -> Distribution:
    return _between(tensor, 0.0, 1.0)


def truncated_moments(mean: float, std: float, low: float, high: float) -> tuple[float, float]:
    """(mean, std) of N(mean, std²) conditioned on [low, high], bounds absolute.

    Raises ValueError where std is not positive, the bounds are empty, or nothing of the density lies within them.
    """
    if std <= 0 or low >= high:
        raise ValueError("truncated normal needs std > 0 and low < high")
    alpha, beta = (low - mean) / std, (high - mean) / std
    if beta - alpha < 1e-3:  # the density is flat; the formula below would lose its digits
        return 0.5 * (low + high), (high - low) / math.sqrt(12.0)
    # by the tails on the side where both are small, so that nothing cancels
    nearer, farther = (alpha, beta) if alpha > 0 else (-beta, -alpha)
    mass = 0.5 * (math.erfc(nearer / math.sqrt(2.0)) - math.erfc(farther / math.sqrt(2.0)))
    if mass < 1e-12:
        raise ValueError("the bounds leave nothing of the density")

    def density(x: float) -> float:
        return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)

    def moment(x: float) -> float:
        return x * density(x) if math.isfinite(x) else 0.0

    shift = (density(alpha) - density(beta)) / mass
    variance = 1.0 + (moment(alpha) - moment(beta)) / mass - shift * shift
    return mean + std * shift, std * math.sqrt(max(variance, 0.0))


def _trunc_normal(arguments: Arguments, tensor: Target) -> Distribution:
    """Bounds are absolute, not in units of std: std=0.02 with ±2 is not truncated at all."""
    mean, std = _number(arguments, "mean", 0.0), _number(arguments, "std", 1.0)
    low, high = _number(arguments, "a", -2.0), _number(arguments, "b", 2.0)
    if mean is None or std is None or low is None or high is None:
        symmetric = mean == 0.0 and low is not None and high is not None and low == -high
        return Distribution("truncated_normal", 0.0 if symmetric else None, low=low, high=high, fan_in=tensor.fan_in)
    return tensor.spread("truncated_normal", *truncated_moments(mean, std, low, high), low=low, high=high)


def _trunc_normal_tf(arguments: Arguments, tensor: Target) -> Distribution:
    """Bounds in units of std, as in TensorFlow and JAX. Source: timm.layers.weight_init."""
    mean, std = _number(arguments, "mean", 0.0), _number(arguments, "std", 1.0)
    unit = {name: arguments[name] for name in ("a", "b") if name in arguments}
    return shifted(rescaled(_trunc_normal(unit, tensor), std), mean)


def _fill(tensor: Target, value: float | None) -> Distribution:
    return tensor.spread("constant", value, 0.0, low=value, high=value)


def _constant(arguments: Arguments, tensor: Target) -> Distribution:
    for name in ("val", "value", "fill_value"):
        if name in arguments:
            given = arguments[name]
            return _fill(tensor, float(given) if isinstance(given, bool) else number(given))
    raise ValueError("a constant needs a value")


def _zeros(arguments: Arguments, tensor: Target) -> Distribution:
    return _fill(tensor, 0.0)


def _ones(arguments: Arguments, tensor: Target) -> Distribution:
    return _fill(tensor, 1.0)


def _xavier(kind: Kind) -> Scheme:
    """std = gain·√(2 / (fan_in + fan_out)). Source: Glorot & Bengio 2010; `torch.nn.init.xavier_uniform_`."""

    def scheme(arguments: Arguments, tensor: Target) -> Distribution:
        gain = _number(arguments, "gain", 1.0)
        return tensor.scaled(kind, None if gain is None else _on_fan(tensor, abs(gain), "fan_avg"))

    return scheme


def _kaiming(kind: Kind) -> Scheme:
    """std = gain / √fan, of the side `mode` names. Source: He et al. 2015; `torch.nn.init.kaiming_uniform_`."""

    def scheme(arguments: Arguments, tensor: Target) -> Distribution:
        nonlinearity, slope = arguments.get("nonlinearity", "leaky_relu"), arguments.get("a", 0.0)
        gain = None
        if isinstance(nonlinearity, str):
            hidden = slope is not None and not isinstance(slope, (int, float, str))
            gain = None if hidden and nonlinearity == "leaky_relu" else calculate_gain(nonlinearity, slope)
        mode = arguments.get("mode", "fan_in")
        if not isinstance(mode, str):
            return tensor.scaled(kind, None)
        if mode.lower() not in ("fan_in", "fan_out"):
            raise ValueError(f"Mode {mode} not supported")
        return tensor.scaled(kind, None if gain is None else _on_fan(tensor, gain, mode.lower()))

    return scheme


def _on_fan(tensor: Target, gain: float, mode: str) -> float | None:
    """std·√fan_in where std = gain / √fan and `mode` names the fan."""
    if mode == "fan_in":
        return gain
    if tensor.ratio is None:
        return None
    return gain / math.sqrt(tensor.ratio if mode == "fan_out" else 0.5 * (1.0 + tensor.ratio))


def _variance_scaling(arguments: Arguments, tensor: Target) -> Distribution:
    """Variance scale / fan, whatever the distribution. Source: `timm.layers.variance_scaling_`."""
    distribution, mode = arguments.get("distribution", "normal"), arguments.get("mode", "fan_in")
    kinds: Mapping[str, Kind] = {"normal": "normal", "uniform": "uniform", "truncated_normal": "truncated_normal"}
    if isinstance(distribution, str) and distribution not in kinds:
        raise ValueError(f"invalid distribution {distribution}")
    if isinstance(mode, str) and mode not in ("fan_in", "fan_out", "fan_avg"):
        raise ValueError(f"Mode {mode} not supported")
    scale = _number(arguments, "scale", 1.0)
    gain = None if not isinstance(mode, str) or scale is None else _on_fan(tensor, math.sqrt(scale), mode)
    return tensor.scaled(kinds[distribution] if isinstance(distribution, str) else "normal", gain)


def _orthogonal(arguments: Arguments, tensor: Target) -> Distribution:
    """gain times a (semi-)orthogonal matrix of shape (size(0), rest): E[w²] = gain² / max(rows, columns).

    Source: Saxe et al. 2013; `torch.nn.init.orthogonal_`.
    """
    gain, aspect = _number(arguments, "gain", 1.0), tensor.rows_to_columns
    if aspect is None and tensor.ratio is not None and tensor.ratio <= 1.0:
        aspect = tensor.ratio  # a kernel only makes the matrix wider
    scale = None if gain is None or aspect is None else abs(gain) * math.sqrt(min(1.0, 1.0 / aspect))
    return tensor.scaled("orthogonal", scale)


def _identity_like(kind: Kind, tensor: Target, ones: int | None, s2: float | None) -> Distribution:
    """`ones` entries of 1, the rest 0."""
    mean = std = gain = None
    if ones is not None and tensor.rows and tensor.fan_in:
        mean = ones / (tensor.rows * tensor.fan_in)
        std = math.sqrt(mean - mean * mean)
        gain = std * math.sqrt(tensor.fan_in)
        s2 = tensor.fan_in * mean
    return Distribution(kind, mean, std, 0.0, 1.0, gain, s2, tensor.fan_in)


def _eye(arguments: Arguments, tensor: Target) -> Distribution:
    aspect = tensor.rows_to_columns
    ones = min(tensor.rows, tensor.fan_in) if tensor.rows is not None and tensor.fan_in is not None else None
    return _identity_like("eye", tensor, ones, None if aspect is None else min(1.0, 1.0 / aspect))


def _dirac(arguments: Arguments, tensor: Target) -> Distribution:
    groups = arguments.get("groups", 1)
    ones = None
    if isinstance(groups, int) and tensor.rows is not None and tensor.columns is not None:
        if tensor.rows % groups:
            raise ValueError("dim 0 must be divisible by groups")
        ones = groups * min(tensor.rows // groups, tensor.columns)
    return _identity_like("dirac", tensor, ones, None)


def _sparse(arguments: Arguments, tensor: Target) -> Distribution:
    """Normal entries, of which ceil(sparsity·rows) in each column are 0 (Martens 2010, `torch.nn.init.sparse_`)."""
    sparsity, std = number(arguments.get("sparsity")), _number(arguments, "std", 0.01)
    if sparsity is None or std is None or not tensor.rows:
        return Distribution("sparse", 0.0, fan_in=tensor.fan_in)
    kept = 1.0 - math.ceil(sparsity * tensor.rows) / tensor.rows
    return tensor.spread("sparse", 0.0, std * math.sqrt(max(kept, 0.0)))


def _bernoulli(arguments: Arguments, tensor: Target) -> Distribution:
    p = _number(arguments, "p", 0.5)
    std = None if p is None else math.sqrt(p * (1.0 - p))
    return tensor.spread("bernoulli", p, std, low=0.0, high=1.0)


def _exponential(arguments: Arguments, tensor: Target) -> Distribution:
    rate = _number(arguments, "lambd", 1.0)
    scale = None if rate is None else 1.0 / rate
    return tensor.spread("exponential", scale, scale, low=0.0, high=None)


def _log_normal(arguments: Arguments, tensor: Target) -> Distribution:
    mean, std = _number(arguments, "mean", 1.0), _number(arguments, "std", 2.0)
    if mean is None or std is None:
        return Distribution("log_normal", low=0.0, fan_in=tensor.fan_in)
    centre = math.exp(mean + 0.5 * std * std)
    return tensor.spread("log_normal", centre, centre * math.sqrt(math.expm1(std * std)), low=0.0, high=None)


def _geometric(arguments: Arguments, tensor: Target) -> Distribution:
    p = number(arguments.get("p"))
    if p is None:
        return Distribution("geometric", low=1.0, fan_in=tensor.fan_in)
    return tensor.spread("geometric", 1.0 / p, math.sqrt(1.0 - p) / p, low=1.0, high=None)


def _cauchy(arguments: Arguments, tensor: Target) -> Distribution:
    """Has neither mean nor variance."""
    return Distribution("cauchy", fan_in=tensor.fan_in)


def _integers(arguments: Arguments, tensor: Target) -> Distribution:
    """`torch.randint(low, high)`: high is left out."""
    low, high = _number(arguments, "low", 0.0), number(arguments.get("high"))
    if low is None or high is None:
        return Distribution("integers", low=low, fan_in=tensor.fan_in)
    if low >= high:
        raise ValueError("random_ expects from < to")
    count = high - low
    return tensor.spread("integers", low + 0.5 * (count - 1), math.sqrt((count**2 - 1) / 12.0), low=low, high=high - 1)


def _opaque(kind: Kind) -> Scheme:
    return lambda arguments, tensor: Distribution(kind, fan_in=tensor.fan_in)


SCHEMES: Final[Mapping[str, Scheme]] = {
    "normal_": _normal,
    "normal": _normal,
    "randn": _standard_normal,
    "uniform_": _uniform,
    "rand": _standard_uniform,
    "trunc_normal_": _trunc_normal,
    "trunc_normal_tf_": _trunc_normal_tf,
    "constant_": _constant,
    "fill_": _constant,
    "full": _constant,
    "zeros_": _zeros,
    "zero_": _zeros,
    "zeros": _zeros,
    "ones_": _ones,
    "ones": _ones,
    "xavier_uniform_": _xavier("uniform"),
    "xavier_normal_": _xavier("normal"),
    "kaiming_uniform_": _kaiming("uniform"),
    "kaiming_normal_": _kaiming("normal"),
    "variance_scaling_": _variance_scaling,
    "orthogonal_": _orthogonal,
    "eye_": _eye,
    "eye": _eye,
    "dirac_": _dirac,
    "sparse_": _sparse,
    "bernoulli_": _bernoulli,
    "exponential_": _exponential,
    "log_normal_": _log_normal,
    "geometric_": _geometric,
    "cauchy_": _cauchy,
    "randint": _integers,
    "random_": _opaque("integers"),
    "randperm": _opaque("structured"),
    "arange": _opaque("structured"),
    "linspace": _opaque("structured"),
    "logspace": _opaque("structured"),
    "tensor": _opaque("structured"),
    "empty": _opaque("empty"),
}
