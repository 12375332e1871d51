"""Init functions of well-known packages, in the terms of torch.nn.init."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.trace.vocabulary.initializers import INITIALIZERS as TORCH
from initlint.trace.vocabulary.spec import ONES, ZEROS, Fill, InitializerSpec

# A standard normal cut at two deviations has this standard deviation.
_TRUNCATED = 0.87962566103423978

_BIAS = Fill("constant_", (("val", "bias"),))
_WITHIN = (("mean", "mean"), ("std", "std"), ("a", "a"), ("b", "b"))
_NORMAL = Fill("normal_", (("mean", "mean"), ("std", "std")))
_TRUNC = Fill("trunc_normal_", _WITHIN)
_TRUNC_TF = Fill(
    "trunc_normal_", (("mean", "mean"), ("std", "std"), ("a", "mean + a * std"), ("b", "mean + b * std"))
)

_VARIANCE = "scale / (fan_in if mode == 'fan_in' else fan_out if mode == 'fan_out' else (fan_in + fan_out) / 2)"


def _truncated(std: str) -> tuple[tuple[str, float | str], ...]:
    return (("mean", 0.0), ("std", std), ("a", f"-2 * ({std})"), ("b", f"2 * ({std})"))


_VARIANCE_SCALING = (
    Fill("normal_", (("mean", 0.0), ("std", f"({_VARIANCE}) ** 0.5")), "distribution == 'normal'"),
    Fill("uniform_", (("a", f"-((3 * {_VARIANCE}) ** 0.5)"), ("b", f"(3 * {_VARIANCE}) ** 0.5")),
         "distribution == 'uniform'"),
    Fill("trunc_normal_", _truncated(f"({_VARIANCE}) ** 0.5 / {_TRUNCATED}"), "distribution == 'truncated_normal'"),
)
_LECUN = Fill("trunc_normal_", _truncated(f"fan_in ** -0.5 / {_TRUNCATED}"))
_KAIMING = (("a", "a"), ("mode", "mode"), ("nonlinearity", "nonlinearity"))


def _on_module(
    name: str, signature: str, distribution: str, *fills: Fill, bias: Fill = _BIAS
) -> InitializerSpec:
    return InitializerSpec(name, signature, distribution, "module", fills=fills, module=True, bias=bias)


_TIMM = (
    InitializerSpec("trunc_normal_", "tensor, mean=0.0, std=1.0, a=-2.0, b=2.0", "truncated_normal", fills=(_TRUNC,)),
    InitializerSpec("trunc_normal_tf_", "tensor, mean=0.0, std=1.0, a=-2.0, b=2.0", "truncated_normal",
                    fills=(_TRUNC_TF,)),
    InitializerSpec("variance_scaling_", "tensor, scale=1.0, mode='fan_in', distribution='normal'", "normal",
                    fills=_VARIANCE_SCALING),
    InitializerSpec("lecun_normal_", "tensor", "truncated_normal", fills=(_LECUN,)),
)

_FVCORE = (
    _on_module("c2_xavier_fill", "module", "uniform",
               Fill("kaiming_uniform_", (("a", 1), ("mode", "'fan_in'"), ("nonlinearity", "'leaky_relu'"))),
               bias=ZEROS),
    _on_module("c2_msra_fill", "module", "normal",
               Fill("kaiming_normal_", (("a", 0), ("mode", "'fan_out'"), ("nonlinearity", "'relu'"))), bias=ZEROS),
)

_MMENGINE = (
    _on_module("constant_init", "module, val, bias=0", "constant", Fill("constant_", (("val", "val"),))),
    _on_module("xavier_init", "module, gain=1, bias=0, distribution='normal'", "normal",
               Fill("xavier_normal_", (("gain", "gain"),), "distribution == 'normal'"),
               Fill("xavier_uniform_", (("gain", "gain"),), "distribution == 'uniform'")),
    _on_module("normal_init", "module, mean=0, std=1, bias=0", "normal",
               _NORMAL),
    _on_module("trunc_normal_init", "module, mean=0, std=1, a=-2, b=2, bias=0", "truncated_normal", _TRUNC),
    _on_module("uniform_init", "module, a=0, b=1, bias=0", "uniform", Fill("uniform_", (("a", "a"), ("b", "b")))),
    _on_module("kaiming_init", "module, a=0, mode='fan_out', nonlinearity='relu', bias=0, distribution='normal'",
               "normal",
               Fill("kaiming_normal_", _KAIMING, "distribution == 'normal'"),
               Fill("kaiming_uniform_", _KAIMING, "distribution == 'uniform'")),
    _on_module("caffe2_xavier_init", "module, bias=0", "uniform",
               Fill("kaiming_uniform_", (("a", 1), ("mode", "'fan_in'"), ("nonlinearity", "'leaky_relu'")))),
    InitializerSpec("trunc_normal_", "tensor, mean=0.0, std=1.0, a=-2.0, b=2.0", "truncated_normal", fills=(_TRUNC,)),
)

_GLOROT = "(6 / (rows + columns)) ** 0.5"
_PYG_KAIMING = "(6 / ((1 + a ** 2) * fan)) ** 0.5"
_GEOMETRIC = (
    InitializerSpec("uniform", "size, value", "uniform", "value", deep=True,
                    fills=(Fill("uniform_", (("a", "-(size ** -0.5)"), ("b", "size ** -0.5"))),)),
    InitializerSpec("kaiming_uniform", "value, fan, a", "uniform", "value", deep=True,
                    fills=(Fill("uniform_", (("a", f"-({_PYG_KAIMING})"), ("b", _PYG_KAIMING))),)),
    InitializerSpec("glorot", "value", "uniform", "value", deep=True,
                    fills=(Fill("uniform_", (("a", f"-({_GLOROT})"), ("b", _GLOROT))),)),
    InitializerSpec("glorot_orthogonal", "tensor, scale", "orthogonal"),
    InitializerSpec("constant", "value, fill_value", "constant", "value", deep=True,
                    fills=(Fill("constant_", (("val", "fill_value"),)),)),
    InitializerSpec("zeros", "value", "constant", "value", deep=True, fills=(ZEROS,)),
    InitializerSpec("ones", "tensor", "constant", deep=True, fills=(ONES,)),
    InitializerSpec("normal", "value, mean, std", "normal", "value", deep=True,
                    fills=(_NORMAL,)),
)

# The guards of transformers leave alone what was loaded, and otherwise do what torch does.
_TRANSFORMERS = (
    *(spec for name, spec in TORCH.items() if name.endswith("_")),
    InitializerSpec("copy_", "tensor, other", "copy"),
    InitializerSpec("lecun_normal_", "tensor", "truncated_normal",
                    fills=(Fill("trunc_normal_", (("mean", 0.0), ("std", f"fan_in ** -0.5 / {_TRUNCATED}"),
                                                  ("a", -2.0), ("b", 2.0))),)),
    InitializerSpec("default_flax_embed_init_", "tensor", "normal",
                    fills=(Fill("normal_", (("mean", 0.0), ("std", "fan_in ** -0.5"))),)),
)

# What torch.nn.init itself is made of; older code borrows them.
_TORCH = (
    InitializerSpec("_no_grad_uniform_", "tensor, a, b, generator=None", "uniform",
                    fills=(Fill("uniform_", (("a", "a"), ("b", "b"))),)),
    InitializerSpec("_no_grad_normal_", "tensor, mean, std, generator=None", "normal", fills=(_NORMAL,)),
    InitializerSpec("_no_grad_trunc_normal_", "tensor, mean, std, a, b, generator=None", "truncated_normal",
                    fills=(_TRUNC,)),
    InitializerSpec("_no_grad_fill_", "tensor, val", "constant", fills=(Fill("constant_", (("val", "val"),)),)),
    InitializerSpec("_no_grad_zero_", "tensor", "constant", fills=(ZEROS,)),
)

_HOMES = {
    "torch.nn.init": _TORCH,
    "timm.layers": _TIMM,
    "fvcore.nn.weight_init": _FVCORE,
    "mmengine.model": _MMENGINE,
    "torch_geometric.nn.inits": _GEOMETRIC,
    "transformers.initialization": _TRANSFORMERS,
}

INITIALIZERS: Mapping[str, InitializerSpec] = {
    f"{home}.{spec.name}": spec for home, specs in _HOMES.items() for spec in specs
}
