"""Modules and functions on signals of well-known packages."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.model.graph import Role
from initlint.trace.vocabulary.packages import sources
from initlint.trace.vocabulary.spec import (
    ONES,
    ZEROS,
    Extra,
    Fill,
    FunctionSpec,
    ModuleSpec,
    ParameterSpec,
)

_HERE: frozenset[str] = frozenset()


def _module(name: str, role: Role, signature: str, *, function: str = "", family: str = "") -> ModuleSpec:
    return ModuleSpec(name, role, signature, function=function, family=family)


def _activation(
    name: str, activation: str, signature: str = "", fixed: tuple[tuple[str, object], ...] = (), base: str = "Module"
) -> ModuleSpec:
    return ModuleSpec(
        name, Role.ACTIVATION, signature, activation=activation, function=activation, fixed=fixed, base=base
    )


def _norm(
    name: str, function: str, signature: str, size: str, affine: str = "", bias: bool = True, base: str = "Module"
) -> ModuleSpec:
    """A norm over `size`; it has parameters where `affine` (an argument, or nothing: always) holds."""
    when = affine or None
    weight = ParameterSpec("weight", (size,), ONES, when)
    parameters = (weight, ParameterSpec("bias", (size,), ZEROS, when)) if bias else (weight,)
    return ModuleSpec(
        name, Role.NORM, signature, parameters=parameters, function=function, settings=("eps",), base=base
    )


def _function(
    name: str,
    role: Role,
    signature: str,
    signals: str = "",
    *,
    canonical: str = "",
    activation: bool = False,
    family: str = "",
    result: str = "tensor",
) -> FunctionSpec:
    carried = tuple(signals.split()) or (signature.split(",", 1)[0],)
    spelled = canonical or name
    return FunctionSpec(
        spelled, role, _HERE, carried, signature, activation=spelled if activation else None, result=result,
        family=family,
    )


def _acts(name: str, activation: str) -> tuple[str, FunctionSpec]:
    row = _function(name, Role.ACTIVATION, "x, inplace=False", canonical=activation, activation=True)
    return name, row


_NUMBERED = "num_channels, eps=1e-06, affine=True, **kwargs"
_CHANNELS = "channels, eps=1e-06, affine=True, device=None, dtype=None"

_TIMM: tuple[ModuleSpec, ...] = (
    _module("DropPath", Role.PASS, "drop_prob=0.0, scale_by_keep=True", function="drop_path", family="dropout"),
    _module("DropBlock2d", Role.PASS,
            "drop_prob=0.1, block_size=7, gamma_scale=1.0, with_noise=False, inplace=False, couple_channels=True, "
            "scale_by_keep=True, **kwargs",
            function="drop_block_2d", family="dropout"),
    _activation("Swish", "silu", "inplace=False"),
    _activation("Mish", "mish", "inplace=False"),
    _activation("Sigmoid", "sigmoid", "inplace=False"),
    _activation("Tanh", "tanh", "inplace=False"),
    _activation("HardSwish", "hardswish", "inplace=False"),
    _activation("HardSigmoid", "hardsigmoid", "inplace=False"),
    _activation("GELU", "gelu", "inplace=False", (("approximate", "none"),)),
    _activation("GELUTanh", "gelu", "inplace=False", (("approximate", "tanh"),)),
    _activation("QuickGELU", "quick_gelu", "inplace=False"),
    _norm("LayerNorm", "layer_norm", _NUMBERED, "*num_channels", "affine", base="LayerNorm"),
    _norm("LayerNorm2d", "layer_norm", _NUMBERED, "*num_channels", "affine", base="LayerNorm"),
    _norm("LayerNormFp32", "layer_norm", _NUMBERED, "*num_channels", "affine", base="LayerNorm"),
    _norm("LayerNorm2dFp32", "layer_norm", _NUMBERED, "*num_channels", "affine", base="LayerNorm"),
    _norm("GroupNorm", "group_norm", "num_channels, num_groups=32, eps=1e-05, affine=True, **kwargs", "num_channels",
          "affine", base="GroupNorm"),
    _norm("GroupNorm1", "group_norm", "num_channels, *, eps=1e-05, affine=True, **kwargs", "num_channels", "affine",
          base="GroupNorm"),
    _norm("RmsNorm", "rms_norm", _CHANNELS, "*channels", "affine", bias=False),
    _norm("RmsNorm2d", "rms_norm", _CHANNELS, "*channels", "affine", bias=False),
    _norm("RmsNormFp32", "rms_norm", _CHANNELS, "*channels", "affine", bias=False),
    _norm("RmsNorm2dFp32", "rms_norm", _CHANNELS, "*channels", "affine", bias=False),
    ModuleSpec("Mlp", Extra.COMPOSITE,
               "in_features, hidden_features=None, out_features=None, act_layer=nn.GELU, norm_layer=None, bias=True, "
               "drop=0.0, use_conv=False, device=None, dtype=None",
               source=sources.MLP),
    ModuleSpec("LayerScale", Extra.COMPOSITE, "dim, init_values=1e-05, inplace=False, device=None, dtype=None",
               source=sources.LAYER_SCALE),
    ModuleSpec("LayerScale2d", Extra.COMPOSITE, "dim, init_values=1e-05, inplace=False, device=None, dtype=None",
               source=sources.LAYER_SCALE_2D),
    ModuleSpec("BatchNormAct2d", Extra.COMPOSITE,
               "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, apply_act=True, "
               "act_layer=nn.ReLU, act_kwargs=None, inplace=True, drop_layer=None, device=None, dtype=None",
               source=sources.BATCH_NORM_ACT, base="BatchNorm2d"),
)

_TIMM_FUNCTIONS: Mapping[str, FunctionSpec] = {
    "drop_path": _function("drop_path", Role.PASS, "x, drop_prob=0.0, training=False, scale_by_keep=True",
                           family="dropout"),
    **dict(
        (
            _acts("swish", "silu"),
            _acts("mish", "mish"),
            _acts("hard_swish", "hardswish"),
            _acts("hard_sigmoid", "hardsigmoid"),
            _acts("gelu", "gelu"),
            _acts("sigmoid", "sigmoid"),
            _acts("tanh", "tanh"),
            _acts("quick_gelu", "quick_gelu"),
        )
    ),
}

_NORM_ACTIVATION = (
    "in_channels, out_channels, kernel_size=3, stride=1, padding=None, groups=1, norm_layer=nn.BatchNorm{axes}d, "
    "activation_layer=nn.ReLU, dilation=1, inplace=True, bias=None"
)
_TORCHVISION: tuple[ModuleSpec, ...] = (
    ModuleSpec("FrozenBatchNorm2d", Role.NORM, "num_features, eps=1e-05", function="batch_norm",
               settings=("eps",), buffers=("weight", "bias", "running_mean", "running_var")),
    _module("StochasticDepth", Role.PASS, "p, mode", function="stochastic_depth", family="dropout"),
    _module("DropBlock2d", Role.PASS, "p, block_size, inplace=False, eps=1e-06", function="drop_block2d",
            family="dropout"),
    _module("DropBlock3d", Role.PASS, "p, block_size, inplace=False, eps=1e-06", function="drop_block3d",
            family="dropout"),
    _module("Permute", Role.PASS, "dims", function="permute", family="view"),
    _module("RoIAlign", Role.PASS, "output_size, spatial_scale, sampling_ratio, aligned=False", function="roi_align",
            family="pool"),
    _module("RoIPool", Role.PASS, "output_size, spatial_scale", function="roi_pool", family="pool"),
    _module("PSRoIAlign", Role.PASS, "output_size, spatial_scale, sampling_ratio", function="ps_roi_align",
            family="pool"),
    _module("PSRoIPool", Role.PASS, "output_size, spatial_scale", function="ps_roi_pool", family="pool"),
    _module("MultiScaleRoIAlign", Role.PASS,
            "featmap_names, output_size, sampling_ratio, *, canonical_scale=224, canonical_level=4",
            function="roi_align", family="pool"),
    ModuleSpec("Conv2dNormActivation", Extra.COMPOSITE, _NORM_ACTIVATION.format(axes=2),
               source=sources.CONV2D_NORM_ACTIVATION, base="Sequential"),
    ModuleSpec("Conv3dNormActivation", Extra.COMPOSITE, _NORM_ACTIVATION.format(axes=3),
               source=sources.CONV3D_NORM_ACTIVATION, base="Sequential"),
    ModuleSpec("SqueezeExcitation", Extra.COMPOSITE,
               "input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid",
               source=sources.SQUEEZE_EXCITATION),
    ModuleSpec("MLP", Extra.COMPOSITE,
               "in_channels, hidden_channels, norm_layer=None, activation_layer=nn.ReLU, inplace=None, bias=True, "
               "dropout=0.0",
               source=sources.TORCHVISION_MLP, base="Sequential"),
)

_TORCHVISION_FUNCTIONS: Mapping[str, FunctionSpec] = {
    spec.name: spec
    for spec in (
        _function("stochastic_depth", Role.PASS, "input, p, mode, training=True", family="dropout"),
        _function("drop_block2d", Role.PASS, "input, p, block_size, inplace=False, eps=1e-06, training=True",
                  family="dropout"),
        _function("drop_block3d", Role.PASS, "input, p, block_size, inplace=False, eps=1e-06, training=True",
                  family="dropout"),
        _function("roi_align", Role.PASS,
                  "input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False", family="pool"),
        _function("roi_pool", Role.PASS, "input, boxes, output_size, spatial_scale=1.0", family="pool"),
        _function("ps_roi_align", Role.PASS, "input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1",
                  family="pool"),
        _function("ps_roi_pool", Role.PASS, "input, boxes, output_size, spatial_scale=1.0", family="pool"),
        _function("sigmoid_focal_loss", Role.LOSS, "inputs, targets, alpha=0.25, gamma=2, reduction='none'",
                  "inputs targets"),
        _function("generalized_box_iou_loss", Role.LOSS, "boxes1, boxes2, reduction='none', eps=1e-07",
                  "boxes1 boxes2"),
        _function("complete_box_iou_loss", Role.LOSS, "boxes1, boxes2, reduction='none', eps=1e-07", "boxes1 boxes2"),
        _function("distance_box_iou_loss", Role.LOSS, "boxes1, boxes2, reduction='none', eps=1e-07", "boxes1 boxes2"),
    )
}

_EINOPS: Mapping[str, FunctionSpec | ModuleSpec] = {
    "rearrange": _function("rearrange", Role.PASS, "tensor, pattern, **axes_lengths", "tensor *tensor", family="view"),
    "repeat": _function("repeat", Role.PASS, "tensor, pattern, **axes_lengths", "tensor *tensor", family="view"),
    "reduce": _function("reduce", Role.PASS, "tensor, pattern, reduction, **axes_lengths", "tensor *tensor",
                        family="reduce"),
    "einsum": _function("einsum", Role.MATMUL, "*tensors_and_pattern", "*tensors_and_pattern"),
    "pack": _function("pack", Role.CONCAT, "tensors, pattern", "*tensors", result="packed"),
    "unpack": _function("unpack", Role.PASS, "tensor, packed_shapes, pattern", family="split", result="tuple"),
    "layers.torch.Rearrange": _module("Rearrange", Role.PASS, "pattern, **axes_lengths", function="rearrange",
                                      family="view"),
    "layers.torch.Reduce": _module("Reduce", Role.PASS, "pattern, reduction, **axes_lengths", function="reduce",
                                   family="reduce"),
}

_EINX: Mapping[str, FunctionSpec] = {
    f"einx.{name}": _function(name, role, "pattern, *tensors, **axes", "*tensors", canonical=canonical, family=family)
    for name, role, canonical, family in (
        ("add", Role.SUM, "add", ""),
        ("subtract", Role.SUM, "sub", ""),
        ("multiply", Role.PRODUCT, "mul", ""),
        ("dot", Role.MATMUL, "einsum", ""),
        ("rearrange", Role.PASS, "rearrange", "view"),
        ("sum", Role.PASS, "sum", "reduce"),
        ("mean", Role.PASS, "mean", "reduce"),
        ("get_at", Role.PASS, "gather", "index"),
        ("softmax", Role.ACTIVATION, "softmax", ""),
    )
}

_ATTENTION: Mapping[str, FunctionSpec] = {
    "xformers.ops.memory_efficient_attention": _function(
        "memory_efficient_attention", Role.ATTENTION,
        "query, key, value, attn_bias=None, p=0.0, scale=None, *, op=None", "query key value",
        canonical="scaled_dot_product_attention"),
    "flash_attn.flash_attn_func": _function(
        "flash_attn_func", Role.ATTENTION,
        "q, k, v, dropout_p=0.0, softmax_scale=None, causal=False, **kwargs", "q k v",
        canonical="scaled_dot_product_attention"),
    "flash_attn.flash_attn_qkvpacked_func": _function(
        "flash_attn_qkvpacked_func", Role.ATTENTION, "qkv, dropout_p=0.0, softmax_scale=None, causal=False, **kwargs",
        canonical="scaled_dot_product_attention"),
    "flash_attn.flash_attn_kvpacked_func": _function(
        "flash_attn_kvpacked_func", Role.ATTENTION, "q, kv, dropout_p=0.0, softmax_scale=None, causal=False, **kwargs",
        "q kv", canonical="scaled_dot_product_attention"),
}

_SCATTER = "src, index, dim=-1, out=None, dim_size=None"
_SEGMENTS: Mapping[str, FunctionSpec] = {
    name: _function(name, Role.PASS, _SCATTER, family="reduce")
    for name in ("scatter_add", "scatter_sum", "scatter_mean", "scatter_mul")
}
_SEGMENT_PAIRS: Mapping[str, FunctionSpec] = {
    name: _function(name, Role.PASS, _SCATTER, family="reduce", result="pair")
    for name in ("scatter_max", "scatter_min")
}
_POOLS: Mapping[str, FunctionSpec] = {
    name: _function(name, Role.PASS, "x, batch, size=None", family="reduce")
    for name in ("global_add_pool", "global_mean_pool", "global_max_pool")
}

_FUSED = "normalized_shape, eps=1e-05, elementwise_affine=True, memory_efficient=False"
_APEX: tuple[ModuleSpec, ...] = (
    _norm("FusedLayerNorm", "layer_norm", _FUSED, "*normalized_shape", "elementwise_affine"),
    _norm("MixedFusedLayerNorm", "layer_norm", "normalized_shape, eps=1e-05, **kwargs", "*normalized_shape"),
    _norm("FusedRMSNorm", "rms_norm", _FUSED, "*normalized_shape", "elementwise_affine", bias=False),
    _norm("MixedFusedRMSNorm", "rms_norm", "normalized_shape, eps=1e-05, **kwargs", "*normalized_shape", bias=False),
)

_TRANSFORMERS: tuple[ModuleSpec, ...] = (
    _activation("GELUActivation", "gelu", "use_gelu_python=False", (("approximate", "none"),)),
    _activation("NewGELUActivation", "gelu", "", (("approximate", "tanh"),)),
    _activation("GELUTanh", "gelu", "use_gelu_tanh_python=False", (("approximate", "tanh"),)),
    _activation("FastGELUActivation", "gelu", "", (("approximate", "tanh"),)),
    _activation("AccurateGELUActivation", "gelu", "", (("approximate", "tanh"),)),
    _activation("QuickGELUActivation", "quick_gelu"),
    _activation("SiLUActivation", "silu"),
    _activation("MishActivation", "mish"),
    _activation("ReLUSquaredActivation", "relu_squared"),
    ModuleSpec("LinearActivation", Role.PASS, family="view"),
)

_CONV1D = ModuleSpec(
    "Conv1D", Role.LAYER, "nf, nx",
    parameters=(
        ParameterSpec("weight", ("nx", "nf"), Fill("normal_", (("mean", 0.0), ("std", 0.02)))),
        ParameterSpec("bias", ("nf",), ZEROS),
    ),
    function="addmm",
)

LAYERS: Mapping[str, ModuleSpec | FunctionSpec] = {
    **{f"timm.layers.{spec.name}": spec for spec in _TIMM},
    **{f"timm.layers.{name}": function for name, function in _TIMM_FUNCTIONS.items()},
    **{f"torchvision.ops.{spec.name}": spec for spec in _TORCHVISION},
    **{f"torchvision.ops.{name}": function for name, function in _TORCHVISION_FUNCTIONS.items()},
    **{f"einops.{name}": spec for name, spec in _EINOPS.items()},
    **_EINX,
    **_ATTENTION,
    **{f"torch_scatter.{name}": function for name, function in {**_SEGMENTS, **_SEGMENT_PAIRS}.items()},
    **{f"torch_geometric.nn.{name}": function for name, function in _POOLS.items()},
    **{f"apex.normalization.{spec.name}": spec for spec in _APEX},
    **{f"transformers.activations.{spec.name}": spec for spec in _TRANSFORMERS},
    "transformers.pytorch_utils.Conv1D": _CONV1D,
    "transformers.modeling_utils.Conv1D": _CONV1D,
}
