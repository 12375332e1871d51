"""Variance through a run of layers: how much of a unit signal, and of its gradient, is left at the other end.

A run is a chain z_l = W_l f_{l-1}(z_{l-1}) of layers without normalisation, skip or product, the output head left out.
With s2 = fan_in·E[w²] the second moment q of the pre-activations follows the map q' = s2·V(q) (Poole et al. 2016), and
a gradient on its way back is multiplied by χ = s2·(fan_out / fan_in)·D(q) (Schoenholz et al. 2017). Biases are left
out: they add to q but carry nothing of the input. The theory is of wide layers with independent zero-mean weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from initlint.signal.activations import Nonlinearity
from initlint.signal.moments import forward_moment, gradient_moment, moments

_LARGEST: Final = 1e120
_SMALLEST: Final = 1e-120


@dataclass(frozen=True, slots=True)
class Step:
    """A layer of a run: s2 = fan_in·E[w²], the activation its output goes through, and fan_out / fan_in where known."""

    s2: float
    activation: Nonlinearity
    fan_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Propagation:
    """What a run does to a unit signal.

    `forward` is C, the last pre-activation's second moment when the input's is 1; `backward` is G, the factor on a
    gradient between the last and the first pre-activation (and on to the run's input where an activation stands
    there). `backward_square` is G with every fan_out / fan_in left out, `ratio` the product of these over all
    layers. `moments` are the second moments after each layer, `activations` those that follow the layers.
    Values other than 0 are held within 1e±120.
    """

    forward: float
    backward: float
    backward_square: float
    ratio: float
    moments: tuple[float, ...]
    activations: tuple[Nonlinearity, ...]

    @property
    def length(self) -> int:
        return len(self.moments)

    @property
    def factor(self) -> float:
        """The geometric mean of the forward factors of a layer."""
        return self.forward ** (1.0 / self.length) if self.length else 1.0


def _held(value: float) -> float:
    return value if value == 0.0 else min(max(value, _SMALLEST), _LARGEST)


def layer_factor(s2: float, activation: Nonlinearity, q: float = 1.0) -> float:
    """F = s2·V(q)/q: what an activation at second moment q and the layer after it do to the signal."""
    return s2 * forward_moment(activation, q) / q


def gradient_factor(s2: float, activation: Nonlinearity, q: float = 1.0, fan_ratio: float = 1.0) -> float:
    """χ = s2·(fan_out / fan_in)·D(q): what the same pair does to the gradient."""
    return s2 * fan_ratio * gradient_moment(activation, q)


def propagate(steps: Sequence[Step], previous: Nonlinearity | None = None) -> Propagation:
    """C and G of a run, by the exact map from unit second moment on.

    `previous` is the activation that the run's input goes through first, where there is one: the run
    behind a normalisation and its ReLU. Without it the first layer reads unit inputs. A fan ratio that is
    not known counts as 1. Raises ValueError for an activation that is not elementwise and for a negative or NaN s2.
    """
    q, backward, square, ratio = 1.0, 1.0, 1.0, 1.0
    seen = []
    before = previous
    for step in steps:
        if not step.s2 >= 0.0:
            raise ValueError(f"fan_in·E[w²] cannot be {step.s2}")
        own_ratio = 1.0 if step.fan_ratio is None else step.fan_ratio
        if before is None:
            q = _held(step.s2 * q)
        else:
            forward, slope = moments(before, q)
            q = _held(step.s2 * forward)
            square = _held(square * step.s2 * slope)
            backward = _held(backward * step.s2 * slope * own_ratio)
        ratio = _held(ratio * own_ratio)
        seen.append(q)
        before = step.activation
    return Propagation(q, backward, square, ratio, tuple(seen), tuple(step.activation for step in steps))
