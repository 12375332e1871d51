"""What torch's own layers draw in `reset_parameters`, so what a layer holds that nobody initialises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from initlint.signal.distribution import Distribution, Shape, Target, target
from initlint.signal.gains import number
from initlint.signal.schemes import SCHEMES

_DIMENSIONS: Final = ("1d", "2d", "3d")

FAN_IN_UNIFORM: Final = frozenset(
    {"Linear", "NonDynamicallyQuantizableLinear", "LazyLinear"}
    | {f"{lazy}Conv{kind}{d}" for lazy in ("", "Lazy") for kind in ("", "Transpose") for d in _DIMENSIONS}
)
"""Layers that draw weight and bias from U(±1/√fan_in): std·√fan_in is 1/√3, not He's √2."""

NORMS: Final = frozenset(
    {"LayerNorm", "GroupNorm", "RMSNorm", "SyncBatchNorm"}
    | {f"{lazy}{kind}Norm{d}" for lazy in ("", "Lazy") for kind in ("Batch", "Instance") for d in _DIMENSIONS}
)
"""Layers that start as the identity after normalisation: weight 1, bias 0."""

RECURRENT: Final = frozenset(("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"))
"""Layers that draw every parameter from U(±1/√hidden_size)."""

EMBEDDINGS: Final = frozenset(("Embedding", "EmbeddingBag"))
"""Tables drawn from N(0, 1), with a row of zeros at padding_idx."""


def default(
    kind: str,
    parameter: str,
    fan_in: int | None = None,
    fan_out: int | None = None,
    *,
    shape: Shape | None = None,
    fan_ratio: float | None = None,
    settings: Mapping[str, object] = MappingProxyType({}),
) -> Distribution | None:
    """What `parameter` of torch's class `kind` holds after construction.

    `parameter` is its name on the module: `weight`, `bias`, `weight_hh_l0`, `in_proj_weight`, `out_proj.bias`.
    Fans and `shape` are its own, but for a bias `fan_in` is its *weight's*. `settings` are the constructor's
    arguments by name, of which `hidden_size`, `in1_features` and `init` matter. None where the class is not known or
    has no such parameter. Source: each class's `reset_parameters` in `torch.nn.modules`.
    """
    tensor = target(fan_in, fan_out, shape, fan_ratio)
    if kind in FAN_IN_UNIFORM:
        return _fan_in_uniform(parameter, tensor)
    if kind in RECURRENT:
        return _symmetric(tensor, _size(settings, "hidden_size"))
    if kind in NORMS and parameter in ("weight", "bias"):
        return _draw("ones_" if parameter == "weight" else "zeros_", tensor)
    if kind in EMBEDDINGS and parameter == "weight":
        return _draw("normal_", tensor)
    if kind == "MultiheadAttention":
        return _attention(parameter, tensor)
    if kind == "Bilinear" and parameter in ("weight", "bias"):
        stacked = shape is not None and len(shape) == 3
        return _symmetric(tensor, tensor.columns if stacked else _size(settings, "in1_features"))
    if kind == "PReLU" and parameter == "weight":
        return _draw("constant_", tensor, val=settings.get("init", 0.25))
    return None


def _draw(function: str, tensor: Target, **arguments: object) -> Distribution:
    return SCHEMES[function](arguments, tensor)


def _size(settings: Mapping[str, object], name: str) -> int | None:
    size = number(settings.get(name))
    return None if size is None else int(size)


def _symmetric(tensor: Target, fan: int | None) -> Distribution:
    """U(±1/√fan)."""
    if fan is None:
        return Distribution("uniform", 0.0, fan_in=tensor.fan_in)
    bound = 1.0 / math.sqrt(fan) if fan > 0 else 0.0
    return _draw("uniform_", tensor, a=-bound, b=bound)


def _fan_in_uniform(parameter: str, tensor: Target) -> Distribution | None:
    """`kaiming_uniform_(a=√5)`, which is U(±1/√fan_in), for both."""
    if parameter == "weight":
        return _draw("kaiming_uniform_", tensor, a=math.sqrt(5.0))
    if parameter == "bias":
        return _symmetric(Target(None, None, None, None), tensor.fan_in)
    return None


def _attention(parameter: str, tensor: Target) -> Distribution | None:
    if parameter == "in_proj_weight" and tensor.ratio is None:  # q, k and v stand on one another
        return _draw("xavier_uniform_", Target(tensor.fan_in, tensor.fan_out, 3.0, tensor.shape))
    if parameter in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
        return _draw("xavier_uniform_", tensor)
    if parameter in ("bias_k", "bias_v"):
        return _draw("xavier_normal_", tensor)
    if parameter in ("in_proj_bias", "out_proj.bias"):
        return _draw("zeros_", tensor)
    return _fan_in_uniform("weight", tensor) if parameter == "out_proj.weight" else None
