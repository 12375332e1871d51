"""Functions of well-known packages that work on plain values, modules or names."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.trace.vocabulary.packages import sources
from initlint.trace.vocabulary.spec import HelperSpec


def _within(prefix: str, names: Mapping[str, str]) -> dict[str, str]:
    return {name: f"{prefix}.{kind}" for name, kind in names.items()}


def _source(name: str, signature: str, source: str) -> HelperSpec:
    return HelperSpec(name, "source", signature, source=source)


ACT2FN: Mapping[str, str] = {
    **_within("transformers.activations", {
        "gelu": "GELUActivation",
        "gelu_python": "GELUActivation",
        "gelu_new": "NewGELUActivation",
        "gelu_fast": "FastGELUActivation",
        "gelu_accurate": "AccurateGELUActivation",
        "gelu_pytorch_tanh": "GELUTanh",
        "gelu_python_tanh": "GELUTanh",
        "quick_gelu": "QuickGELUActivation",
        "silu": "SiLUActivation",
        "mish": "MishActivation",
        "relu2": "ReLUSquaredActivation",
        "linear": "LinearActivation",
    }),
    **_within("torch.nn", {
        "hardswish": "Hardswish",
        "leaky_relu": "LeakyReLU",
        "prelu": "PReLU",
        "relu": "ReLU",
        "relu6": "ReLU6",
        "sigmoid": "Sigmoid",
        "swish": "SiLU",
        "tanh": "Tanh",
    }),
}
"""transformers.activations.ACT2FN; the few it has beyond these are activations without a name elsewhere."""

_TIMM_ACTIVATIONS: Mapping[str, str] = {
    **_within("torch.nn", {
        "silu": "SiLU",
        "swish": "SiLU",
        "mish": "Mish",
        "relu": "ReLU",
        "relu6": "ReLU6",
        "leaky_relu": "LeakyReLU",
        "elu": "ELU",
        "prelu": "PReLU",
        "celu": "CELU",
        "selu": "SELU",
        "hard_sigmoid": "Hardsigmoid",
        "hardsigmoid": "Hardsigmoid",
        "hard_swish": "Hardswish",
        "hardswish": "Hardswish",
        "identity": "Identity",
    }),
    **_within("timm.layers", {
        "gelu": "GELU",
        "gelu_tanh": "GELUTanh",
        "quick_gelu": "QuickGELU",
        "sigmoid": "Sigmoid",
        "tanh": "Tanh",
    }),
}

_TIMM: Mapping[str, HelperSpec] = {
    **{f"timm.layers.to_{n}tuple": _source(f"to_{n}tuple", "x", sources.to_tuple(n)) for n in (1, 2, 3, 4)},
    "timm.layers.make_divisible": _source(
        "make_divisible", "v, divisor=8, min_value=None, round_limit=0.9", sources.MAKE_DIVISIBLE),
    "timm.layers.get_padding": _source("get_padding", "kernel_size, stride=1, dilation=1, **_", sources.GET_PADDING),
    "timm.layers.get_act_layer": HelperSpec(
        "get_act_layer", "choose", "name='relu'", calls="name", returns="class", value=_TIMM_ACTIVATIONS),
    "timm.layers.create_act_layer": HelperSpec(
        "create_act_layer", "choose", "name, inplace=None, **kwargs", calls="name", returns="module",
        value=_TIMM_ACTIVATIONS),
    "timm.layers.use_fused_attn": HelperSpec("use_fused_attn", "answer", "experimental=False", value=True),
    "timm.layers.is_exportable": HelperSpec("is_exportable", "answer", value=False),
    "timm.layers.is_scriptable": HelperSpec("is_scriptable", "answer", value=False),
    "timm.models.named_apply": _source(
        "named_apply", "fn, module, name='', depth_first=True, include_root=False", sources.NAMED_APPLY),
    "timm.models.checkpoint_seq": HelperSpec(
        "checkpoint_seq", "call", "functions, x, every=1, flatten=False, skip_last=False, use_reentrant=None",
        calls="functions"),
    "timm.models.register_model": HelperSpec("register_model", "identity", "fn", returns="fn"),
    "timm.create_model": HelperSpec("create_model", "modules", "model_name, pretrained=False, **kwargs"),
}

_OPENMMLAB: Mapping[str, HelperSpec] = {
    "mmengine.model.bias_init_with_prob": _source("bias_init_with_prob", "prior_prob", sources.BIAS_INIT_WITH_PROB),
}

_TRANSFORMERS: Mapping[str, HelperSpec] = {
    "transformers.activations.ACT2FN": HelperSpec("ACT2FN", "table", returns="module", value=ACT2FN),
    "transformers.activations.get_activation": HelperSpec(
        "get_activation", "choose", "activation_string", calls="activation_string", returns="module",
        value=ACT2FN),
    **{
        f"transformers.{home}.apply_chunking_to_forward": _source(
            "apply_chunking_to_forward", "forward_fn, chunk_size, chunk_dim, *input_tensors", sources.APPLY_CHUNKING)
        for home in ("modeling_utils", "pytorch_utils")
    },
}

MODEL_OUTPUT: HelperSpec = _source("ModelOutput", "**fields", sources.MODEL_OUTPUT)
"""Whatever transformers.modeling_outputs defines."""

_PRETRAINED = HelperSpec("PreTrainedModel", "base", source=sources.PRETRAINED_MODEL)

_EINOPS_UTILS: Mapping[str, HelperSpec] = {
    "torch_einops_utils.nn.Sequential": _source("Sequential", "*modules", sources.PRESENT_IN_SEQUENCE),
    "torch_einops_utils.nn.Identity": _source("Identity", "", sources.FIRST_ARGUMENT),
    "torch_einops_utils.nn.Lambda": _source("Lambda", "fn", sources.CALLS),
}

HELPERS: Mapping[str, HelperSpec] = {
    **_TIMM,
    **_EINOPS_UTILS,
    **_OPENMMLAB,
    **_TRANSFORMERS,
    "transformers.modeling_utils.PreTrainedModel": _PRETRAINED,
    "transformers.PreTrainedModel": _PRETRAINED,
}
