"""torch's own gain factors: `torch.nn.init.calculate_gain`, answer for answer."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Final

TORCH_GAINS: Final = MappingProxyType(
    {
        "linear": 1.0,
        "conv1d": 1.0,
        "conv2d": 1.0,
        "conv3d": 1.0,
        "conv_transpose1d": 1.0,
        "conv_transpose2d": 1.0,
        "conv_transpose3d": 1.0,
        "sigmoid": 1.0,
        "tanh": 5.0 / 3,
        "relu": math.sqrt(2.0),
        "leaky_relu": math.sqrt(2.0 / (1 + 0.01**2)),
        "selu": 3.0 / 4,
    }
)
"""Every name `calculate_gain` accepts, with the gain it gives when no parameter is passed."""


def number(value: object) -> float | None:
    """`value` as a float where it is a real number (a bool is none), else None."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return None
    return None


def calculate_gain(nonlinearity: str, param: object = None) -> float:
    """The gain torch recommends for `nonlinearity`.

    `param` is looked at for `leaky_relu` alone, where it is the negative slope; every other name
    ignores it, whatever it is. Raises ValueError where torch does: for a name without a gain, and for
    a slope that is not a number. Source: `torch.nn.init.calculate_gain`.
    """
    if nonlinearity not in TORCH_GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    if nonlinearity != "leaky_relu" or param is None:
        return TORCH_GAINS[nonlinearity]
    slope = number(param)
    if slope is None:
        raise ValueError(f"negative_slope {param} not a valid number")
    return math.sqrt(2.0 / (1 + slope * slope))
