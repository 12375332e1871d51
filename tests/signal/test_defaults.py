"""`default` against freshly constructed modules of torch."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
from torch import nn

from initlint.signal.initializers import default

MODULES = [
    (nn.Linear, {"in_features": 300, "out_features": 500}),
    (nn.Conv1d, {"in_channels": 32, "out_channels": 64, "kernel_size": 5}),
    (nn.Conv2d, {"in_channels": 32, "out_channels": 64, "kernel_size": 3, "groups": 4}),
    (nn.Conv3d, {"in_channels": 8, "out_channels": 64, "kernel_size": 3}),
    (nn.ConvTranspose1d, {"in_channels": 64, "out_channels": 16, "kernel_size": 4}),
    (nn.ConvTranspose2d, {"in_channels": 64, "out_channels": 16, "kernel_size": 4, "stride": 2}),
    (nn.ConvTranspose3d, {"in_channels": 32, "out_channels": 8, "kernel_size": 3}),
    (nn.Bilinear, {"in1_features": 20, "in2_features": 50, "out_features": 200}),
    (nn.Embedding, {"num_embeddings": 500, "embedding_dim": 64}),
    (nn.EmbeddingBag, {"num_embeddings": 500, "embedding_dim": 64}),
    (nn.RNN, {"input_size": 40, "hidden_size": 200}),
    (nn.LSTM, {"input_size": 40, "hidden_size": 200, "num_layers": 2, "bidirectional": True}),
    (nn.LSTM, {"input_size": 40, "hidden_size": 200, "proj_size": 50}),
    (nn.GRU, {"input_size": 40, "hidden_size": 200}),
    (nn.RNNCell, {"input_size": 40, "hidden_size": 200}),
    (nn.LSTMCell, {"input_size": 40, "hidden_size": 200}),
    (nn.GRUCell, {"input_size": 40, "hidden_size": 200}),
    (nn.MultiheadAttention, {"embed_dim": 160, "num_heads": 4}),
    (nn.MultiheadAttention, {"embed_dim": 160, "num_heads": 4, "kdim": 80, "vdim": 40, "add_bias_kv": True}),
    (nn.BatchNorm2d, {"num_features": 30}),
    (nn.InstanceNorm1d, {"num_features": 30, "affine": True}),
    (nn.LayerNorm, {"normalized_shape": 30}),
    (nn.RMSNorm, {"normalized_shape": 30}),
    (nn.GroupNorm, {"num_groups": 3, "num_channels": 30}),
    (nn.PReLU, {"num_parameters": 4}),
    (nn.PReLU, {"init": 0.1}),
]


@pytest.mark.parametrize(("module", "settings"), MODULES)
def test_every_parameter_of_a_new_module(module: type[nn.Module], settings: Mapping[str, object]) -> None:
    torch.manual_seed(0)
    built = module(**settings)
    for name, parameter in built.named_parameters():
        shape: tuple[int, ...] = tuple(parameter.shape)
        own_fan = nn.init._calculate_fan_in_and_fan_out(parameter)[0] if len(shape) > 1 else None
        fan_in = own_fan
        if name == "bias" and isinstance(built.weight, torch.Tensor) and built.weight.dim() > 1:
            fan_in = nn.init._calculate_fan_in_and_fan_out(built.weight)[0]
        found = default(module.__name__, name, fan_in, shape=shape, settings=settings)
        assert found is not None, name
        assert found.mean is not None
        assert found.std is not None
        values = parameter.detach().double()
        error = 5 / math.sqrt(values.numel())
        assert float(values.mean()) == pytest.approx(found.mean, abs=error * found.std + 1e-7)
        assert float(values.std(correction=0)) == pytest.approx(found.std, rel=error, abs=1e-7)
        if found.kind == "uniform":
            assert found.high is not None
            assert float(values.abs().max()) <= found.high + 1e-6
            if values.numel() >= 200:
                assert float(values.max()) > 0.95 * found.high
        if own_fan is not None:
            assert found.gain == pytest.approx(found.std * math.sqrt(own_fan))


def test_torchs_default_is_not_he() -> None:
    """std·√fan_in is 1/√3 whatever the size, six times below He's variance."""
    for kind in ("Linear", "Conv2d", "ConvTranspose2d", "LazyConv3d", "LazyLinear"):
        found = default(kind, "weight")
        assert found is not None
        assert found.s2 == pytest.approx(1 / 3)
        assert found.std is None


def test_scales_without_sizes() -> None:
    attention = default("MultiheadAttention", "in_proj_weight")
    assert attention is not None
    assert attention.s2 == pytest.approx(0.5)
    output = default("MultiheadAttention", "out_proj.weight")
    assert output is not None
    assert output.s2 == pytest.approx(1 / 3)
    recurrent = default("LSTM", "weight_hh_l0")
    assert recurrent is not None
    assert (recurrent.kind, recurrent.mean, recurrent.std) == ("uniform", 0.0, None)
    bias = default("Conv2d", "bias")
    assert bias is not None
    assert (bias.mean, bias.std) == (0.0, None)


def test_what_is_not_known() -> None:
    assert default("Linear", "weight_g") is None
    assert default("TransformerEncoderLayer", "weight") is None
    assert default("MultiheadAttention", "weight") is None
    assert default("Embedding", "bias") is None
    prelu = default("PReLU", "weight", settings={"init": object()})
    assert prelu is not None
    assert prelu.constant is None
