"""The module table against really built modules of the installed torch."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from initlint.model.graph import Role
from initlint.model.source import UNKNOWN
from initlint.trace.vocabulary import FUNCTIONS, INITIALIZERS, MODULES
from initlint.trace.vocabulary.formula import BuiltParameter, built_parameters, evaluate
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, Reference, SignatureParameter, bind, parameters_of
from initlint.trace.vocabulary.spec import Extra, Fill, ModuleSpec

# Every class with parameters, in enough settings to see each of them come and go.
BUILT: list[tuple[str, dict[str, Any]]] = [
    ("Linear", {"in_features": 300, "out_features": 200}),
    ("Linear", {"in_features": 3, "out_features": 2, "bias": False}),
    ("NonDynamicallyQuantizableLinear", {"in_features": 300, "out_features": 200}),
    ("Bilinear", {"in1_features": 90, "in2_features": 40, "out_features": 30}),
    ("Bilinear", {"in1_features": 9, "in2_features": 4, "out_features": 3, "bias": False}),
    ("Conv1d", {"in_channels": 64, "out_channels": 128, "kernel_size": 5}),
    ("Conv2d", {"in_channels": 32, "out_channels": 64, "kernel_size": (3, 5), "groups": 4}),
    ("Conv2d", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "bias": False}),
    ("Conv3d", {"in_channels": 16, "out_channels": 32, "kernel_size": 3}),
    ("ConvTranspose1d", {"in_channels": 64, "out_channels": 32, "kernel_size": 5}),
    ("ConvTranspose2d", {"in_channels": 32, "out_channels": 48, "kernel_size": 3, "groups": 2}),
    ("ConvTranspose2d", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "bias": False}),
    ("ConvTranspose3d", {"in_channels": 16, "out_channels": 32, "kernel_size": (2, 3, 4)}),
    ("PReLU", {}),
    ("PReLU", {"num_parameters": 7, "init": 0.1}),
    *[
        (f"{kind}Norm{axes}d", settings)
        for kind in ("Batch", "Instance")
        for axes in (1, 2, 3)
        for settings in (
            {"num_features": 6},
            {"num_features": 6, "affine": False},
            {"num_features": 6, "affine": True, "bias": False},
            {"num_features": 6, "affine": True, "bias": True},
        )
    ],
    ("SyncBatchNorm", {"num_features": 6}),
    ("SyncBatchNorm", {"num_features": 6, "affine": False}),
    ("GroupNorm", {"num_groups": 2, "num_channels": 6}),
    ("GroupNorm", {"num_groups": 2, "num_channels": 6, "affine": False}),
    ("GroupNorm", {"num_groups": 2, "num_channels": 6, "bias": False}),
    ("LayerNorm", {"normalized_shape": 6}),
    ("LayerNorm", {"normalized_shape": (4, 6)}),
    ("LayerNorm", {"normalized_shape": 6, "bias": False}),
    ("LayerNorm", {"normalized_shape": 6, "elementwise_affine": False}),
    ("RMSNorm", {"normalized_shape": (4, 6)}),
    ("RMSNorm", {"normalized_shape": 6, "elementwise_affine": False}),
    ("Embedding", {"num_embeddings": 300, "embedding_dim": 100}),
    ("EmbeddingBag", {"num_embeddings": 300, "embedding_dim": 100}),
    *[
        (kind, settings)
        for kind in ("RNN", "LSTM", "GRU")
        for settings in (
            {"input_size": 30, "hidden_size": 50},
            {"input_size": 3, "hidden_size": 5, "bias": False},
            {"input_size": 3, "hidden_size": 5, "num_layers": 2, "bidirectional": True},
        )
    ],
    ("LSTM", {"input_size": 3, "hidden_size": 5, "num_layers": 2, "bidirectional": True, "proj_size": 2}),
    *[("RNNBase", {"mode": mode, "input_size": 3, "hidden_size": 5}) for mode in ("LSTM", "GRU", "RNN_TANH")],
    *[
        (kind, {"input_size": 30, "hidden_size": 50, "bias": bias})
        for kind in ("RNNCell", "LSTMCell", "GRUCell")
        for bias in (True, False)
    ],
    ("RNNCellBase", {"input_size": 3, "hidden_size": 5, "bias": True, "num_chunks": 2}),
    ("MultiheadAttention", {"embed_dim": 120, "num_heads": 4}),
    ("MultiheadAttention", {"embed_dim": 12, "num_heads": 4, "bias": False}),
    ("MultiheadAttention", {"embed_dim": 12, "num_heads": 4, "kdim": 12, "vdim": 12}),
    ("MultiheadAttention", {"embed_dim": 120, "num_heads": 4, "kdim": 80, "add_bias_kv": True}),
]

COMPOSITES = {name for name, spec in MODULES.items() if spec.role is Extra.COMPOSITE}


def cls(name: str) -> Any:
    return getattr(nn, name, None) or getattr(nn.modules.linear, name)


def arguments(spec: ModuleSpec, settings: Mapping[str, object]) -> dict[str, Any]:
    bound = bind(spec.signature, (), settings)
    assert bound is not None
    return bound


def own_parameters(module: nn.Module, spec: ModuleSpec) -> dict[str, nn.Parameter]:
    inside = {row.name for row in spec.submodules}
    return {name: p for name, p in module.named_parameters() if name.split(".")[0] not in inside}


def name_of(case: tuple[str, dict[str, Any]]) -> str:
    return f"{case[0]}-{case[1]}"


# -- signatures -------------------------------------------------------------------------------


def signature_of(name: str) -> list[SignatureParameter]:
    """torch's constructor; a class without one of its own takes nothing."""
    constructor = cls(name).__init__
    if constructor is nn.Module.__init__:
        return []
    if name in ("LSTM", "GRU", "RNN"):          # their own is (*args, **kwargs) over overloads
        base = [p for p in signature_of("RNNBase") if p.name != "mode"]
        if name != "LSTM":
            base = [p for p in base if p.name != "proj_size"]
        if name == "RNN":
            base.insert(3, SignatureParameter("nonlinearity", "tanh", Kind.POSITIONAL))
        return base
    found = []
    for p in list(inspect.signature(constructor).parameters.values())[1:]:
        kind = {
            p.VAR_POSITIONAL: Kind.ARGUMENTS,
            p.VAR_KEYWORD: Kind.KEYWORDS,
            p.KEYWORD_ONLY: Kind.KEYWORD,
        }.get(p.kind, Kind.POSITIONAL)
        default = REQUIRED if p.default is p.empty else p.default
        if kind is Kind.ARGUMENTS:
            default = ()
        elif kind is Kind.KEYWORDS:
            default = {}
        elif default is F.relu:
            default = Reference("F.relu")
        found.append(SignatureParameter(p.name, default, kind))
    return found


@pytest.mark.parametrize("name", MODULES)
def test_constructor_signature(name: str) -> None:
    assert list(parameters_of(MODULES[name].signature)) == signature_of(name)


# -- parameters -------------------------------------------------------------------------------


def test_every_weighted_class_is_built() -> None:
    weighted = {name for name, spec in MODULES.items() if spec.parameters and not spec.lazy}
    assert weighted == {name for name, _ in BUILT}


@pytest.mark.parametrize("case", BUILT, ids=name_of)
def test_parameters_have_the_shapes_of_built_ones(case: tuple[str, dict[str, Any]]) -> None:
    name, settings = case
    spec = MODULES[name]
    module = cls(name)(**settings)
    expected = {key: tuple(value.shape) for key, value in own_parameters(module, spec).items()}
    built = built_parameters(spec, arguments(spec, settings))
    assert {row.name: row.shape for row in built if row.present} == expected
    assert all(getattr(module, row.name, None) is None for row in built if not row.present)
    buffers = {key for key, _ in module.named_buffers()}
    assert buffers <= set(spec.buffers)


def test_modules_without_parameters_have_none() -> None:
    makers: dict[str, tuple[object, ...]] = {
        "Softmax2d": (), "Dropout": (), "Flatten": (), "Upsample": (2,), "PixelShuffle": (2,), "ReLU": (), "GLU": (),
        "LocalResponseNorm": (2,), "CrossMapLRN2d": (2,), "CosineSimilarity": (), "AvgPool2d": (2,), "ZeroPad2d": (1,),
        "CrossEntropyLoss": (), "Identity": (), "Fold": ((2, 2), 2), "Sequential": (), "ModuleList": (),
    }
    for name, given in makers.items():
        assert MODULES[name].parameters == ()
        assert list(cls(name)(*given).parameters()) == []


def test_lazy_modules_become_their_base() -> None:
    lazies = [spec for spec in MODULES.values() if spec.lazy]
    assert len(lazies) == 13
    for spec in lazies:
        twin = MODULES[spec.name.removeprefix("Lazy")]
        assert (spec.role, spec.parameters, spec.function) == (twin.role, twin.parameters, twin.function)
        assert cls(spec.name).cls_to_become is cls(twin.name)


def test_per_axis_arguments_are_spread() -> None:
    for name, spec in MODULES.items():
        if spec.per_axis and not spec.lazy:
            module = cls(name)(2, 2, 3)
            for argument in spec.per_axis:
                assert len(getattr(module, argument)) == spec.axes, (name, argument)


def test_attention_builds_its_output_layer() -> None:
    spec = MODULES["MultiheadAttention"]
    module = nn.MultiheadAttention(12, 4)
    (row,) = spec.submodules
    inner = MODULES[row.kind]
    assert type(getattr(module, row.name)).__name__ == row.kind
    names = {"embed_dim": 12, "bias": True}
    settings = {key: evaluate(text, names) for key, text in row.arguments}
    shapes = {p.name: p.shape for p in built_parameters(inner, arguments(inner, settings))}
    assert shapes == {key: tuple(p.shape) for key, p in module.out_proj.named_parameters()}
    assert [key for key, fill in row.fills if fill.function == "zeros_"] == ["bias"]
    assert torch.all(module.out_proj.bias == 0)


# -- fills ------------------------------------------------------------------------------------


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    return nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def filled(fill: Fill, shape: tuple[int, ...], names: Mapping[str, object]) -> torch.Tensor:
    """A tensor of `shape` that torch.nn.init itself filled as `fill` says."""
    known = {key: evaluate(value, names) for key, value in fill.arguments}
    assert UNKNOWN not in known.values()
    tensor = torch.empty(shape)
    getattr(nn.init, fill.function)(tensor, **known)
    return tensor


def weight_shape(built: tuple[BuiltParameter, ...]) -> tuple[int, ...]:
    first = built[0].shape
    assert first is not None
    return tuple(size or 0 for size in first)


@pytest.mark.parametrize("case", BUILT, ids=name_of)
def test_default_fills_measure_the_same(case: tuple[str, dict[str, Any]]) -> None:
    name, settings = case
    spec = MODULES[name]
    given = arguments(spec, settings)
    torch.manual_seed(0)
    module = cls(name)(**settings)
    built = built_parameters(spec, given)
    shape = weight_shape(built)
    names = dict(given)
    if len(shape) > 1:
        names["fan_in"], names["fan_out"] = fans(shape)
    for row in built:
        if not row.present or row.shape is None:
            continue
        assert row.default.function in INITIALIZERS
        size = tuple(size or 0 for size in row.shape)
        real = getattr(module, row.name).detach()
        ours = filled(row.default, size, names)
        if row.default.function in ("ones_", "zeros_", "constant_"):
            assert torch.equal(real, ours), row.name
            continue
        # The largest absolute value tells a bounded draw's scale, the standard deviation everyone's.
        tolerance = 6 / math.sqrt(2 * real.numel())
        assert abs(float(real.std() / ours.std()) - 1) < tolerance + 0.02, row.name
        assert abs(float(real.mean())) < 6 * float(ours.std()) / math.sqrt(real.numel()) + 1e-3, row.name
        if row.default.function in ("uniform_", "kaiming_uniform_", "xavier_uniform_") and real.numel() > 1000:
            assert abs(float(real.abs().max() / ours.abs().max()) - 1) < 0.02, row.name


def test_a_padding_row_is_zero() -> None:
    assert "padding_idx" in MODULES["Embedding"].settings
    assert torch.all(nn.Embedding(4, 3, padding_idx=2).weight[2] == 0)


# -- activations and passes ---------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, spec in MODULES.items() if spec.role is Role.ACTIVATION])
def test_activation_modules_apply_the_function_of_their_name(name: str) -> None:
    spec = MODULES[name]
    assert spec.activation == spec.function
    assert spec.activation is not None
    function = getattr(F, spec.activation)
    given: dict[str, Any] = {"Threshold": {"threshold": 0.1, "value": 20.0}}.get(name, {})
    if "dim" in {p.name for p in parameters_of(spec.signature)}:
        given = {"dim": 2}
    bound = arguments(spec, given)
    settings = {key: bound[key] for key in spec.settings} | dict(spec.fixed)
    module = cls(name)(**given).eval()
    if name == "PReLU":
        settings = {"weight": torch.full((1,), float(settings["init"]))}
    x = torch.randn(2, 3, 4, 6)
    assert torch.equal(module(x), function(x, **settings))
    assert set(settings) <= {p.name for p in parameters_of(FUNCTIONS[spec.activation].signature)}


def test_roles_agree_with_the_functions_applied() -> None:
    for name, spec in MODULES.items():
        if spec.function:
            assert FUNCTIONS[spec.function].role is spec.role, name
            if spec.role is Role.PASS:
                assert FUNCTIONS[spec.function].family == spec.family, name


def test_settings_are_constructor_arguments() -> None:
    for name, spec in MODULES.items():
        known = {p.name for p in parameters_of(spec.signature)}
        assert set(spec.settings) <= known, name
        assert set(spec.per_axis) <= known, name


def test_composites_are_the_only_ones_with_source() -> None:
    assert {name for name, spec in MODULES.items() if spec.source} == COMPOSITES
