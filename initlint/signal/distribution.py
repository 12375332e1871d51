"""The distribution of a tensor's entries, and the scale of the layer it belongs to.

Sizes are often not known where code is only read, but scales are: He's initialisation has
std·√fan_in = √2 whatever the fan. So a `Distribution` carries, beside mean and std, two numbers that may be
known when std is not: `gain` = std·√fan_in and `s2` = fan_in·E[w²]. A fan is torch's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal[
    "normal", "uniform", "truncated_normal", "constant", "orthogonal", "eye", "dirac", "sparse",
    "bernoulli", "exponential", "cauchy", "log_normal", "geometric", "integers", "structured", "empty",
]  # fmt: skip
Shape = Sequence[int | None]

_SQRT_3: Final = math.sqrt(3.0)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The entries of a tensor after it was written.

    `low` and `high` bound the values where they are bounded. `gain` is std·√fan_in, `s2` is fan_in·E[w²], the mean
    included. Every number is None where it is not known.
    """

    kind: Kind
    mean: float | None = None
    std: float | None = None
    low: float | None = None
    high: float | None = None
    gain: float | None = None
    s2: float | None = None
    fan_in: int | None = None

    @property
    def constant(self) -> float | None:
        """The one value every entry has, where that is known."""
        return self.mean if self.kind == "constant" else None

    @property
    def is_zero(self) -> bool:
        return self.constant == 0.0

    @property
    def random(self) -> bool:
        """Whether units get different values, so that symmetry is broken."""
        return self.kind not in ("constant", "empty", "structured", "eye", "dirac")

    @property
    def nonnegative(self) -> bool:
        """A draw that has no negative value, so that its mean outweighs its spread in a sum over many inputs."""
        return self.kind != "constant" and self.low is not None and self.low >= 0.0

    @property
    def of_any_size(self) -> Distribution:
        """The same without what hangs on the size, where the values go down with the root of the fan."""
        mean, low = (0.0 if value == 0.0 else None for value in (self.mean, self.low))
        return replace(self, mean=mean, std=None, low=low, high=None, fan_in=None)

    @property
    def second_moment(self) -> float | None:
        """E[w²] of one entry."""
        return None if self.std is None or self.mean is None else self.std**2 + self.mean**2


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of the tensor written to. `ratio` is fan_out / fan_in."""

    fan_in: int | None
    fan_out: int | None
    ratio: float | None
    shape: Shape | None

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def rows(self) -> int | None:
        """size(0)."""
        return self.shape[0] if self.shape else None

    @property
    def columns(self) -> int | None:
        """size(1)."""
        return self.shape[1] if self.shape is not None and len(self.shape) > 1 else None

    @property
    def rows_to_columns(self) -> float | None:
        """size(0) over everything else, the aspect ratio of the flattened matrix."""
        if self.rows is not None and self.fan_in:
            return self.rows / self.fan_in
        return self.ratio if self.rank == 2 else None

    def spread(self, kind: Kind, mean: float | None, std: float | None, **bounds: float | None) -> Distribution:
        """A distribution of known mean and std, with the scales that follow."""
        gain = None
        if std == 0.0:
            gain = 0.0
        elif std is not None and self.fan_in is not None:
            gain = std * math.sqrt(self.fan_in)
        s2 = _second_moment_gain(mean, std, gain, self.fan_in)
        return Distribution(kind, mean, std, gain=gain, s2=s2, fan_in=self.fan_in, **bounds)

    def scaled(self, kind: Kind, gain: float | None) -> Distribution:
        """A distribution of mean 0 given by std·√fan_in."""
        std = None if gain is None or not self.fan_in else gain / math.sqrt(self.fan_in)
        bound = None if std is None else _SQRT_3 * std
        low, high = (None, None) if kind != "uniform" or bound is None else (-bound, bound)
        return Distribution(kind, 0.0, std, low, high, gain, None if gain is None else gain * gain, self.fan_in)


def fans(shape: Shape) -> tuple[int | None, int | None]:
    """(fan_in, fan_out) of a weight of this shape, None where a size that counts is None.

    size(1) and size(0) times the product of the remaining sizes, whatever the layer: so for a transposed
    convolution they are swapped, for a grouped one fan_out counts all groups. Raises ValueError below two dimensions.
    Source: `torch.nn.init._calculate_fan_in_and_fan_out`.
    """
    if len(shape) < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    receptive = [size for size in shape[2:] if size is not None]
    if len(receptive) != len(shape) - 2:
        return None, None
    field = math.prod(receptive)
    fan_out, fan_in = shape[0], shape[1]
    return None if fan_in is None else fan_in * field, None if fan_out is None else fan_out * field


def target(fan_in: int | None, fan_out: int | None, shape: Shape | None, fan_ratio: float | None) -> Target:
    """All that follows from what is given: the fans from the shape, their ratio from either."""
    if shape is not None and len(shape) >= 2:
        by_shape = fans(shape)
        fan_in = by_shape[0] if fan_in is None else fan_in
        fan_out = by_shape[1] if fan_out is None else fan_out
        if fan_ratio is None and shape[0] is not None and shape[1]:
            fan_ratio = shape[0] / shape[1]
    if fan_ratio is None and fan_in and fan_out is not None:
        fan_ratio = fan_out / fan_in
    if fan_ratio is not None and fan_in is None and fan_out is not None and fan_ratio > 0:
        fan_in = round(fan_out / fan_ratio)
    return Target(fan_in, fan_out, fan_ratio, shape)


def rescaled(distribution: Distribution, factor: float | None) -> Distribution:
    """The entries times `factor` (`mul_`, `div_` with its inverse); None stands for a factor that is not known."""
    if distribution.is_zero or factor == 1.0:
        return distribution
    if factor is None:
        mean = 0.0 if distribution.mean == 0.0 else None
        return Distribution(distribution.kind, mean, fan_in=distribution.fan_in)
    if factor == 0.0:
        return Distribution("constant", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, distribution.fan_in)

    def times(value: float | None, by: float) -> float | None:
        return None if value is None else value * by

    low, high = times(distribution.low, factor), times(distribution.high, factor)
    return replace(
        distribution,
        mean=times(distribution.mean, factor),
        std=times(distribution.std, abs(factor)),
        low=low if factor > 0 else high,
        high=high if factor > 0 else low,
        gain=times(distribution.gain, abs(factor)),
        s2=times(distribution.s2, factor * factor),
    )


def shifted(distribution: Distribution, offset: float | None) -> Distribution:
    """The entries plus `offset` (`add_`, `sub_` with its negative); None stands for an offset that is not known."""
    if offset == 0.0:
        return distribution

    def plus(value: float | None) -> float | None:
        return None if value is None or offset is None else value + offset

    mean = plus(distribution.mean)
    return replace(
        distribution,
        kind="structured" if distribution.kind in ("eye", "dirac") else distribution.kind,
        mean=mean,
        low=plus(distribution.low),
        high=plus(distribution.high),
        s2=_second_moment_gain(mean, distribution.std, distribution.gain, distribution.fan_in),
    )


def _second_moment_gain(
    mean: float | None, std: float | None, gain: float | None, fan_in: int | None
) -> float | None:
    """fan_in·E[w²] by whatever is known."""
    if mean == 0.0 and gain is not None:
        return gain * gain
    if mean is None or std is None or fan_in is None:
        return None
    return fan_in * (std * std + mean * mean)
