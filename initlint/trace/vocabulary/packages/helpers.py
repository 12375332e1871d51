"""What wraps, decorates, calls or builds: torch's own and that of well-known packages; numpy on plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from initlint.trace.vocabulary.packages import sources
from initlint.trace.vocabulary.spec import (
    ONES,
    XAVIER_UNIFORM,
    ZEROS,
    Fill,
    HelperSpec,
    ProtocolSpec,
    ProtocolStep,
)

# Names to modules: the dotted class, and the arguments it is built with.
Choices = Mapping[str, tuple[str, tuple[tuple[str, object], ...]]]


def _choices(prefix: str, names: Mapping[str, str]) -> Choices:
    return {name: (f"{prefix}.{kind}", ()) for name, kind in names.items()}


_TANH = (("approximate", "tanh"),)

ACT2FN: Choices = {
    **_choices("transformers.activations", {
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
    **_choices("torch.nn", {
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

_TIMM_ACTIVATIONS: Choices = {
    **_choices("torch.nn", {
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
    **_choices("timm.layers", {
        "gelu": "GELU",
        "gelu_tanh": "GELUTanh",
        "quick_gelu": "QuickGELU",
        "sigmoid": "Sigmoid",
        "tanh": "Tanh",
    }),
}


def _context(name: str, signature: str = "*args, **kwargs", *, no_grad: bool = False) -> HelperSpec:
    return HelperSpec(name, "context", signature, no_grad=no_grad)


def _identity(name: str, signature: str, returns: str) -> HelperSpec:
    return HelperSpec(name, "identity", signature, returns=returns)


def _reparametrize(name: str, signature: str) -> HelperSpec:
    return HelperSpec(name, "reparametrize", signature, returns="module")


def _pure(name: str, implementation: str, signature: str = "*args") -> HelperSpec:
    return HelperSpec(name, "pure", signature, implementation=implementation)


def _source(name: str, signature: str, source: str) -> HelperSpec:
    return HelperSpec(name, "source", signature, source=source)


_CHECKPOINT = HelperSpec(
    "checkpoint", "call",
    "function, *args, use_reentrant=None, context_fn=None, determinism_check='default', debug=False, early_stop=True, "
    "**kwargs",
    calls="function",
)

_TORCH: Mapping[str, HelperSpec] = {
    "torch.nn.Parameter": HelperSpec("Parameter", "parameter", "data=None, requires_grad=True", returns="data"),
    "torch.nn.UninitializedParameter": HelperSpec(
        "UninitializedParameter", "parameter", "requires_grad=True, device=None, dtype=None"),
    "torch.nn.Buffer": HelperSpec("Buffer", "buffer", "data=None, *, persistent=True", returns="data"),
    "torch.nn.init.calculate_gain": HelperSpec("calculate_gain", "gain", "nonlinearity, param=None"),
    "torch.nn.init._calculate_fan_in_and_fan_out": HelperSpec("_calculate_fan_in_and_fan_out", "fans", "tensor"),
    "torch.nn.init._calculate_correct_fan": HelperSpec("_calculate_correct_fan", "fans", "tensor, mode"),
    "torch.nn.init._no_grad_normal_": HelperSpec(
        "_no_grad_normal_", "call", "tensor, mean, std, generator=None", calls="torch.nn.init.normal_"),
    "torch.nn.init._no_grad_uniform_": HelperSpec(
        "_no_grad_uniform_", "call", "tensor, a, b, generator=None", calls="torch.nn.init.uniform_"),
    "torch.nn.init._no_grad_trunc_normal_": HelperSpec(
        "_no_grad_trunc_normal_", "call", "tensor, mean, std, a, b, generator=None",
        calls="torch.nn.init.trunc_normal_"),
    "torch.no_grad": _context("no_grad", "", no_grad=True),
    "torch.inference_mode": _context("inference_mode", "mode=True", no_grad=True),
    "torch.enable_grad": _context("enable_grad", ""),
    "torch.set_grad_enabled": _context("set_grad_enabled", "mode", no_grad=True),
    "torch.autocast": _context("autocast", "device_type, dtype=None, enabled=True, cache_enabled=None"),
    "torch.amp.autocast": _context("autocast", "device_type, dtype=None, enabled=True, cache_enabled=None"),
    "torch.cuda.amp.autocast": _context("autocast", "enabled=True, dtype=None, cache_enabled=True"),
    "torch.cuda.amp.custom_fwd": _identity("custom_fwd", "fwd=None, *, cast_inputs=None", "fwd"),
    "torch.cuda.amp.custom_bwd": _identity("custom_bwd", "bwd", "bwd"),
    "torch.random.fork_rng": _context("fork_rng"),
    "torch.autograd.profiler.record_function": _context("record_function", "name, args=None"),
    "torch.profiler.record_function": _context("record_function", "name, args=None"),
    "torch.jit.script": _identity(
        "script", "obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None", "obj"),
    "torch.jit.script_method": _identity("script_method", "fn", "fn"),
    "torch.jit.ignore": _identity("ignore", "drop=False, **kwargs", "drop"),
    "torch.jit.export": _identity("export", "fn", "fn"),
    "torch.jit.unused": _identity("unused", "fn", "fn"),
    "torch.jit.interface": _identity("interface", "obj", "obj"),
    "torch.jit.is_scripting": HelperSpec("is_scripting", "value", value=False),
    "torch.jit.is_tracing": HelperSpec("is_tracing", "value", value=False),
    "torch.compile": _identity(
        "compile",
        "model=None, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False",
        "model"),
    "torch.compiler.disable": _identity("disable", "fn=None, recursive=True, *, reason=None", "fn"),
    "torch.compiler.is_compiling": HelperSpec("is_compiling", "value", value=False),
    "torch.compiler.is_exporting": HelperSpec("is_exporting", "value", value=False),
    "torch.fx.wrap": _identity("wrap", "fn_or_name", "fn_or_name"),
    "torch.utils.checkpoint.checkpoint": _CHECKPOINT,
    "torch.utils.checkpoint.checkpoint_sequential": HelperSpec(
        "checkpoint_sequential", "chain", "functions, segments, input, use_reentrant=None, **kwargs",
        calls="functions"),
    "torch.nn.utils.weight_norm": _reparametrize("weight_norm", "module, name='weight', dim=0"),
    "torch.nn.utils.spectral_norm": _reparametrize(
        "spectral_norm", "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None"),
    "torch.nn.utils.parametrizations.weight_norm": _reparametrize("weight_norm", "module, name='weight', dim=0"),
    "torch.nn.utils.parametrizations.spectral_norm": _reparametrize(
        "spectral_norm", "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None"),
    "torch.nn.utils.parametrizations.orthogonal": _reparametrize(
        "orthogonal", "module, name='weight', orthogonal_map=None, *, use_trivialization=True"),
    "torch.nn.utils.parametrize.register_parametrization": _reparametrize(
        "register_parametrization", "module, tensor_name, parametrization, *, unsafe=False"),
    "torch.nn.utils.skip_init": HelperSpec("skip_init", "build", "module_cls, *args, **kwargs", calls="module_cls"),
    "torch.nn.utils.clip_grad_norm_": HelperSpec(
        "clip_grad_norm_", "value",
        "parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None"),
    "torch.nn.utils.rnn.pack_padded_sequence": _identity(
        "pack_padded_sequence", "input, lengths, batch_first=False, enforce_sorted=True", "input"),
}

_TIMM: Mapping[str, HelperSpec] = {
    **{f"timm.layers.to_{n}tuple": _source(f"to_{n}tuple", "x", sources.to_tuple(n)) for n in (1, 2, 3, 4)},
    "timm.layers.make_divisible": _source(
        "make_divisible", "v, divisor=8, min_value=None, round_limit=0.9", sources.MAKE_DIVISIBLE),
    "timm.layers.get_padding": _source(
        "get_padding", "kernel_size, stride=1, dilation=1, **_", sources.GET_PADDING),
    "timm.layers.get_act_layer": HelperSpec(
        "get_act_layer", "activations", "name='relu'", calls="name", returns="class", value=_TIMM_ACTIVATIONS),
    "timm.layers.create_act_layer": HelperSpec(
        "create_act_layer", "activations", "name, inplace=None, **kwargs", calls="name", returns="module",
        value=_TIMM_ACTIVATIONS),
    "timm.layers.use_fused_attn": HelperSpec("use_fused_attn", "value", "experimental=False", value=True),
    "timm.layers.is_exportable": HelperSpec("is_exportable", "value", value=False),
    "timm.layers.is_scriptable": HelperSpec("is_scriptable", "value", value=False),
    "timm.models.named_apply": _source(
        "named_apply", "fn, module, name='', depth_first=True, include_root=False", sources.NAMED_APPLY),
    "timm.models.checkpoint_seq": HelperSpec(
        "checkpoint_seq", "chain", "functions, x, every=1, flatten=False, skip_last=False, use_reentrant=None",
        calls="functions"),
    "timm.models.register_model": _identity("register_model", "fn", "fn"),
    "timm.create_model": HelperSpec("create_model", "modules", "model_name, pretrained=False, **kwargs"),
}

_OPENMMLAB: Mapping[str, HelperSpec] = {
    "mmengine.model.bias_init_with_prob": _source(
        "bias_init_with_prob", "prior_prob", sources.BIAS_INIT_WITH_PROB),
}

_TRANSFORMERS: Mapping[str, HelperSpec] = {
    "transformers.activations.ACT2FN": HelperSpec("ACT2FN", "activations", returns="module", value=ACT2FN),
    "transformers.activations.get_activation": HelperSpec(
        "get_activation", "activations", "activation_string", calls="activation_string", returns="module",
        value=ACT2FN),
}

_RANGE = (("mean", 0.0), ("std", "initializer_range"))
_PRETRAINED = ProtocolSpec(
    "PreTrainedModel", "_init_weights", "post_init",
    (
        ProtocolStep(
            ("Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d"),
            (("weight", Fill("normal_", _RANGE)), ("bias", ZEROS)),
        ),
        ProtocolStep(("LSTM",), (("weight*", XAVIER_UNIFORM), ("bias*", Fill("constant_", (("val", 0.0),))))),
        ProtocolStep(("Embedding",), (("weight", Fill("normal_", _RANGE)),), padding_row=True),
        ProtocolStep(
            ("GroupNorm", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d"),
            (("weight", ONES), ("bias", ZEROS)),
            named=("LayerNorm", "RMSNorm"),
        ),
    ),
)

_NUMPY_PURE: Mapping[str, str] = {
    "sqrt": "math.sqrt",
    "exp": "math.exp",
    "log": "math.log",
    "log2": "math.log2",
    "log10": "math.log10",
    "floor": "math.floor",
    "ceil": "math.ceil",
    "sin": "math.sin",
    "cos": "math.cos",
    "tanh": "math.tanh",
    "prod": "math.prod",
    "product": "math.prod",
    "power": "builtins.pow",
    "abs": "builtins.abs",
    "absolute": "builtins.abs",
    "round": "builtins.round",
    "sum": "builtins.sum",
    "maximum": "builtins.max",
    "minimum": "builtins.min",
    "max": "builtins.max",
    "min": "builtins.min",
    "float32": "builtins.float",
    "float64": "builtins.float",
    "int32": "builtins.int",
    "int64": "builtins.int",
}

_NUMPY: Mapping[str, HelperSpec] = {
    **{f"numpy.{name}": _pure(name, implementation) for name, implementation in _NUMPY_PURE.items()},
    "numpy.linspace": _source("linspace", "start, stop, num=50", sources.LINSPACE),
    "numpy.cumsum": _source("cumsum", "a", sources.CUMSUM),
    "numpy.clip": _source("clip", "a, a_min, a_max", sources.CLIP),
    "numpy.array": _identity("array", "object, dtype=None", "object"),
    "numpy.asarray": _identity("asarray", "a, dtype=None", "a"),
    "numpy.pi": HelperSpec("pi", "value", value=math.pi),
    "numpy.e": HelperSpec("e", "value", value=math.e),
    "numpy.inf": HelperSpec("inf", "value", value=math.inf),
    "numpy.nan": HelperSpec("nan", "value", value=math.nan),
    "torch.pi": HelperSpec("pi", "value", value=math.pi),
    "torch.e": HelperSpec("e", "value", value=math.e),
    "torch.inf": HelperSpec("inf", "value", value=math.inf),
    "torch.nan": HelperSpec("nan", "value", value=math.nan),
}

HELPERS: Mapping[str, HelperSpec | ProtocolSpec] = {
    **_TORCH,
    **_TIMM,
    **_OPENMMLAB,
    **_TRANSFORMERS,
    "transformers.modeling_utils.PreTrainedModel": _PRETRAINED,
    "transformers.PreTrainedModel": _PRETRAINED,
    **_NUMPY,
}
