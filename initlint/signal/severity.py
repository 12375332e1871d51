"""When a factor hurts: the thresholds, stated once.

Below 1e-6 or above 1e5 training does not start; below 1e-4 or above 1e2 it is slowed by a multiple; below 1e-2 or above
10 the difference can be measured; in between it cannot. (Plain SGD on un-normalised stacks of 3 to 30 layers.)
"""

from __future__ import annotations

from typing import Final, Literal

from initlint.signal.activations import Nonlinearity
from initlint.signal.propagation import Propagation, Step, propagate

Level = Literal["error", "warning", "info"]

COLLAPSE: Final[tuple[tuple[float, Level], ...]] = ((1e-6, "error"), (1e-4, "warning"), (1e-2, "info"))
EXPLOSION: Final[tuple[tuple[float, Level], ...]] = ((1e5, "error"), (1e2, "warning"), (1e1, "info"))

COLLAPSE_LAYERS: Final = 4
"""A shorter run trains whatever its factor says of the default scales."""
EXPLOSION_LAYERS: Final = 2


def collapse_factor(run: Propagation) -> float:
    """The smaller of C and G; G alone where an activation has f(0) ≠ 0 and its mean would pass for a signal.

    A gradient that only shrinks because the layers get narrower is no loss: G counts with or without the fan ratios,
    whichever is more.
    """
    backward = max(run.backward, run.backward_square)
    hidden = any(activation.use_gradient for activation in run.activations)
    return backward if hidden else min(run.forward, backward)


def explosion_factor(run: Propagation) -> float:
    """The larger of C and G; G alone where an activation is bounded or has f(0) ≠ 0.

    Growth that is only due to the shapes of the layers (He's fan_in on widening ones, fan_out on narrowing ones)
    telescopes to the ratio of the widths at both ends, so both count with or without the fan ratios, whichever is less.
    """
    backward = min(run.backward, run.backward_square)
    if any(activation.use_gradient or activation.saturating for activation in run.activations):
        return backward
    return max(min(run.forward, run.forward * run.ratio), backward)


def collapse(run: Propagation) -> Level | None:
    """How much a run suffers from a vanishing signal or gradient, None where it does not."""
    factor = collapse_factor(run)
    return next((level for threshold, level in COLLAPSE if factor < threshold), None)


def explosion(run: Propagation) -> Level | None:
    """How much a run suffers from an exploding signal or gradient, None where it does not."""
    factor = explosion_factor(run)
    return next((level for threshold, level in EXPLOSION if factor > threshold), None)


def hidden_layers_to(factor: float, s2: float, activation: Nonlinearity, limit: int = 200) -> int | None:
    """How many equal square layers it takes until a run collapses below `factor` < 1, or explodes above `factor` > 1.

    None where `limit` layers do not reach it.
    """
    for length in range(1, limit + 1):
        run = propagate([Step(s2, activation)] * length)
        if collapse_factor(run) < factor if factor < 1.0 else explosion_factor(run) > factor:
            return length
    return None
