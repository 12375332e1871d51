"""What an initialising call leaves in a tensor: `describe` for explicit calls, `default` for a layer's own.

Arguments are plain values by torch's parameter names; anything that is not the kind of value torch
takes counts as not known. A fan is torch's own (`torch.nn.init._calculate_fan_in_and_fan_out`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from initlint.signal.defaults import default
from initlint.signal.distribution import Distribution, Kind, Shape, fans, rescaled, shifted, target
from initlint.signal.schemes import SCHEMES

__all__ = ["DEPRECATED", "Distribution", "Kind", "default", "describe", "fans", "rescaled", "shifted"]

DEPRECATED: Final[Mapping[str, str]] = {
    "uniform": "uniform_",
    "normal": "normal_",
    "constant": "constant_",
    "eye": "eye_",
    "dirac": "dirac_",
    "xavier_uniform": "xavier_uniform_",
    "xavier_normal": "xavier_normal_",
    "kaiming_uniform": "kaiming_uniform_",
    "kaiming_normal": "kaiming_normal_",
    "orthogonal": "orthogonal_",
    "sparse": "sparse_",
}
"""The deprecated names of `torch.nn.init` and what they stand for."""

_FACTORIES: Final[Mapping[str, str]] = {
    "randn_like": "randn",
    "rand_like": "rand",
    "randint_like": "randint",
    "zeros_like": "zeros",
    "new_zeros": "zeros",
    "ones_like": "ones",
    "new_ones": "ones",
    "full_like": "full",
    "new_full": "full",
    "empty_like": "empty",
    "new_empty": "empty",
    "empty_strided": "empty",
    "range": "arange",
}

_HELPERS: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    # timm.layers.weight_init
    "lecun_normal_": ("variance_scaling_", {"mode": "fan_in", "distribution": "truncated_normal"}),
    # fvcore.nn.weight_init, after Caffe2's fillers: its XavierFill divides by fan_in alone
    "c2_xavier_fill": ("kaiming_uniform_", {"a": 1.0}),
    "c2_msra_fill": ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "relu"}),
    # mmengine.model.weight_init
    "caffe2_xavier_init": ("kaiming_uniform_", {"a": 1.0}),
    "constant_init": ("constant_", {}),
    "kaiming_init": (
        "kaiming_{distribution}_",
        {"mode": "fan_out", "nonlinearity": "relu", "distribution": "normal"},
    ),
    "normal_init": ("normal_", {}),
    "trunc_normal_init": ("trunc_normal_", {}),
    "uniform_init": ("uniform_", {}),
    "xavier_init": ("xavier_{distribution}_", {"distribution": "normal"}),
}

_RANKS: Final[Mapping[str, tuple[int, float]]] = {
    # least and greatest number of dimensions
    "xavier_uniform_": (2, math.inf),
    "xavier_normal_": (2, math.inf),
    "kaiming_uniform_": (2, math.inf),
    "kaiming_normal_": (2, math.inf),
    "variance_scaling_": (2, math.inf),
    "orthogonal_": (2, math.inf),
    "eye_": (2, 2),
    "sparse_": (2, 2),
    "dirac_": (3, 5),
}


def describe(
    function: str,
    arguments: Mapping[str, object],
    fan_in: int | None = None,
    fan_out: int | None = None,
    *,
    shape: Shape | None = None,
    fan_ratio: float | None = None,
) -> Distribution | None:
    """What `function(tensor, **arguments)` leaves in a tensor.

    `function` is a short name: of `torch.nn.init`, of an in-place fill (`normal_`, `zero_`), of a factory (`randn`,
    `full`), or of an init function of timm, fvcore or mmengine, for which it describes what the *weight* gets.
    `arguments` are by name, the tensor left out; missing ones take the function's defaults. The fans and `fan_ratio`
    (fan_out / fan_in) are torch's, and taken from `shape`, whose sizes may be None, where they are not given.
    None where nothing is known of the function, and where it would raise.
    """
    name = DEPRECATED.get(function, _FACTORIES.get(function, function))
    if name in _HELPERS:
        template, settings = _HELPERS[name]
        arguments = {**settings, **arguments}
        name = template.format(distribution=arguments.get("distribution"))
    scheme = SCHEMES.get(name)
    if scheme is None:
        return None
    fewest, most = _RANKS.get(name, (0, math.inf))
    if shape is not None and not fewest <= len(shape) <= most:
        return None
    try:
        found = scheme(arguments, target(fan_in, fan_out, shape, fan_ratio))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if found is not None and found.random and found.std == 0.0 and found.mean is not None:
        return replace(found, kind="constant", low=found.mean, high=found.mean)     # a draw without spread
    return found
