"""What of torch wraps, decorates, calls or builds; numpy on plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from initlint.model.graph import Role
from initlint.trace.vocabulary.packages import sources
from initlint.trace.vocabulary.spec import FunctionSpec, HelperSpec


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


DEFAULT_DEVICE = "cpu"
"""Where tensors are made that are not told where. A device stands for itself by its name."""

_CHECKPOINT = HelperSpec(
    "checkpoint", "call",
    "function, *args, use_reentrant=None, context_fn=None, determinism_check='default', debug=False, early_stop=True, "
    "**kwargs",
    calls="function",
)

_TORCH: Mapping[str, HelperSpec] = {
    "torch.nn.init.calculate_gain": HelperSpec("calculate_gain", "gain", "nonlinearity, param=None"),
    "torch.nn.init._calculate_fan_in_and_fan_out": HelperSpec("_calculate_fan_in_and_fan_out", "fans", "tensor"),
    "torch.nn.init._calculate_correct_fan": HelperSpec("_calculate_correct_fan", "fans", "tensor, mode"),
    "torch.no_grad": _context("no_grad", "", no_grad=True),
    "torch.inference_mode": _context("inference_mode", "mode=True", no_grad=True),
    "torch.enable_grad": _context("enable_grad", ""),
    "torch.set_grad_enabled": HelperSpec("set_grad_enabled", "context", "mode", no_grad=True, at_once=True),
    "torch.autograd.set_grad_enabled": HelperSpec("set_grad_enabled", "context", "mode", no_grad=True, at_once=True),
    "torch.autocast": _context("autocast", "device_type, dtype=None, enabled=True, cache_enabled=None"),
    "torch.amp.autocast": _context("autocast", "device_type, dtype=None, enabled=True, cache_enabled=None"),
    "torch.cuda.amp.autocast": _context("autocast", "enabled=True, dtype=None, cache_enabled=True"),
    "torch.cuda.amp.custom_fwd": _identity("custom_fwd", "fwd=None, *, cast_inputs=None", "fwd"),
    "torch.cuda.amp.custom_bwd": _identity("custom_bwd", "bwd", "bwd"),
    "torch.device": _identity("device", "type, index=None", "type"),
    "torch.get_default_device": HelperSpec("get_default_device", "answer", value=DEFAULT_DEVICE),
    "torch.random.fork_rng": _context("fork_rng"),
    "torch.autograd.profiler.record_function": _context("record_function", "name, args=None"),
    "torch.profiler.record_function": _context("record_function", "name, args=None"),
    "torch.jit.script": _identity(
        "script", "obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None", "obj"),
    "torch.jit.trace": _identity("trace", "func, example_inputs=None, *args, **kwargs", "func"),
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm": _identity(
        "convert_sync_batchnorm", "module, process_group=None", "module"),
    "torch.jit.annotate": _identity("annotate", "the_type, the_value", "the_value"),
    "torch.jit.script_method": _identity("script_method", "fn", "fn"),
    "torch.jit.ignore": _identity("ignore", "drop=False, **kwargs", "drop"),
    "torch.jit.export": _identity("export", "fn", "fn"),
    "torch.jit.unused": _identity("unused", "fn", "fn"),
    "torch.jit.interface": _identity("interface", "obj", "obj"),
    "torch.jit.is_scripting": HelperSpec("is_scripting", "answer", value=False),
    "torch.jit.is_tracing": HelperSpec("is_tracing", "answer", value=False),
    "torch.compile": _identity(
        "compile",
        "model=None, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False",
        "model"),
    "torch.compiler.disable": _identity("disable", "fn=None, recursive=True, *, reason=None", "fn"),
    "torch.compiler.is_compiling": HelperSpec("is_compiling", "answer", value=False),
    "torch.compiler.is_exporting": HelperSpec("is_exporting", "answer", value=False),
    "torch.vmap": _identity("vmap", "func, in_dims=0, out_dims=0, randomness='error', *, chunk_size=None", "func"),
    "torch.func.vmap": _identity("vmap", "func, in_dims=0, out_dims=0, randomness='error', *, chunk_size=None", "func"),
    "torch.fx.wrap": _identity("wrap", "fn_or_name", "fn_or_name"),
    "torch.utils.checkpoint.checkpoint": _CHECKPOINT,
    "torch.utils.checkpoint.checkpoint_sequential": HelperSpec(
        "checkpoint_sequential", "call", "functions, segments, input, use_reentrant=None, **kwargs",
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
    "torch.nn.utils.rnn.pack_padded_sequence": _identity(
        "pack_padded_sequence", "input, lengths, batch_first=False, enforce_sorted=True", "input"),
    "torch.nn.utils.rnn.pad_packed_sequence": _source(
        "pad_packed_sequence", "sequence, batch_first=False, padding_value=0.0, total_length=None",
        sources.PAD_PACKED_SEQUENCE),
    "torch.nn.utils.rnn.unpack_sequence": _source("unpack_sequence", "packed_sequences", sources.UNPACK_SEQUENCE),
    "torch.nn.utils.rnn.unpad_sequence": _source(
        "unpad_sequence", "padded_sequences, lengths, batch_first=False", sources.UNPAD_SEQUENCE),
}

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
    "numpy.clip": _source("clip", "a, a_min, a_max", sources.CLIP),
    "numpy.pi": HelperSpec("pi", "value", value=math.pi),
    "numpy.e": HelperSpec("e", "value", value=math.e),
    "numpy.inf": HelperSpec("inf", "value", value=math.inf),
    "numpy.nan": HelperSpec("nan", "value", value=math.nan),
    "torch.pi": HelperSpec("pi", "value", value=math.pi),
    "torch.e": HelperSpec("e", "value", value=math.e),
    "torch.inf": HelperSpec("inf", "value", value=math.inf),
    "torch.nan": HelperSpec("nan", "value", value=math.nan),
}

_QUANTIZED: Mapping[str, HelperSpec] = {
    **{
        f"{home}.FloatFunctional": _source("FloatFunctional", "", sources.FLOAT_FUNCTIONAL)
        for home in ("torch.nn.quantized", "torch.ao.nn.quantized")
    },
    **{
        f"{home}.{name}": _source(name, "qconfig=None", sources.QUANT_STUB.replace("{name}", name))
        for home in ("torch.ao.quantization", "torch.quantization")
        for name in ("QuantStub", "DeQuantStub")
    },
}

_SIGNALS: Mapping[str, FunctionSpec] = {
    "torch.nn.attention.flex_attention.flex_attention": FunctionSpec(
        "scaled_dot_product_attention", Role.ATTENTION, frozenset(), ("query", "key", "value"),
        "query, key, value, score_mod=None, block_mask=None, scale=None, enable_gqa=False, return_lse=False, "
        "kernel_options=None"),
    "torch.nn.utils.rnn.pad_sequence": FunctionSpec(
        "pad_sequence", Role.CONCAT, frozenset(), ("*sequences",),
        "sequences, batch_first=False, padding_value=0.0, padding_side='right'"),
    "torch.nn.utils.rnn.pack_sequence": FunctionSpec(
        "pack_sequence", Role.CONCAT, frozenset(), ("*sequences",), "sequences, enforce_sorted=True"),
    **{
        f"torch.nested.{name}": FunctionSpec(
            "nested_tensor", Role.CONCAT, frozenset(), ("*tensors",),
            "tensors, *, dtype=None, device=None, layout=None")
        for name in ("nested_tensor", "as_nested_tensor")
    },
}
"""Functions on signals that are found in modules of their own."""

HELPERS: Mapping[str, HelperSpec | FunctionSpec] = {**_TORCH, **_NUMPY, **_QUANTIZED, **_SIGNALS}
