"""The Python sources of composite classes against the classes they stand for."""

from __future__ import annotations

import copy
import inspect
import math
import sys
import types
from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from initlint.trace.vocabulary import MODULES
from initlint.trace.vocabulary.packages import find, packages
from initlint.trace.vocabulary.signatures import parameters_of
from initlint.trace.vocabulary.spec import HelperSpec


def compiled(source: str, name: str) -> Any:
    namespace: dict[str, Any] = {"torch": torch, "nn": nn, "F": F, "copy": copy, "math": math}
    exec(source, namespace)
    return namespace[name]


def ours(name: str) -> Any:
    return compiled(MODULES[name].source, name)


def compare(built: Any, real: Any, *inputs: torch.Tensor) -> None:
    """Same sub-modules and parameters under the same names, and the same output from the same weights."""
    assert [(key, type(module).__name__) for key, module in built.named_modules()] == [
        (key, type(module).__name__) for key, module in real.named_modules()
    ]
    assert [(key, p.shape) for key, p in built.named_parameters()] == [
        (key, p.shape) for key, p in real.named_parameters()
    ]
    with torch.no_grad():
        for parameter in real.parameters():     # so that no two norms are alike
            parameter.copy_(torch.rand_like(parameter) - 0.3)
    built.load_state_dict(real.state_dict())
    left, right = built.eval()(*inputs), real.eval()(*inputs)
    for a, b in zip(
        left if isinstance(left, tuple) else (left,), right if isinstance(right, tuple) else (right,), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


LAYER = {"d_model": 8, "nhead": 2, "dim_feedforward": 12}


@pytest.mark.parametrize("settings", [{}, {"norm_first": True, "activation": "gelu"}, {"bias": False}])
def test_encoder_layer(settings: dict[str, Any]) -> None:
    name = "TransformerEncoderLayer"
    compare(ours(name)(**LAYER, **settings), getattr(nn, name)(**LAYER, **settings), torch.randn(5, 3, 8))


@pytest.mark.parametrize("settings", [{}, {"norm_first": True, "activation": "gelu"}, {"bias": False}])
def test_decoder_layer(settings: dict[str, Any]) -> None:
    name = "TransformerDecoderLayer"
    built, real = ours(name)(**LAYER, **settings), getattr(nn, name)(**LAYER, **settings)
    compare(built, real, torch.randn(5, 3, 8), torch.randn(6, 3, 8))


@pytest.mark.parametrize("norm", [False, True])
def test_stacks(norm: bool) -> None:
    layer = nn.TransformerEncoderLayer(**LAYER, batch_first=True)
    last = nn.LayerNorm(8) if norm else None
    # The nested-tensor fast path is torch's choice of kernel, not of arithmetic.
    real = nn.TransformerEncoder(layer, 2, last, enable_nested_tensor=False)
    compare(ours("TransformerEncoder")(layer, 2, last), real, torch.randn(5, 3, 8))
    decoder = nn.TransformerDecoderLayer(**LAYER)
    compare(
        ours("TransformerDecoder")(decoder, 2, last),
        nn.TransformerDecoder(decoder, 2, last),
        torch.randn(5, 3, 8),
        torch.randn(6, 3, 8),
    )


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_transformer() -> None:
    settings = {**LAYER, "num_encoder_layers": 2, "num_decoder_layers": 1}
    torch.manual_seed(0)
    built = ours("Transformer")(**settings)
    torch.manual_seed(0)
    real = nn.Transformer(**settings)
    for (key, a), (_, b) in zip(built.named_parameters(), real.named_parameters(), strict=True):
        assert torch.equal(a, b), key
    compare(built, real, torch.randn(5, 3, 8), torch.randn(4, 3, 8))


def test_adaptive_log_softmax() -> None:
    name = "AdaptiveLogSoftmaxWithLoss"
    given = (16, 50, [10, 30])
    built, real = ours(name)(*given, head_bias=True), getattr(nn, name)(*given, head_bias=True)
    x = torch.randn(7, 16)
    compare(built, real, x, torch.randint(0, 50, (7,)))
    torch.testing.assert_close(built.log_prob(x), real.log_prob(x))


def test_linear_cross_entropy() -> None:
    built = ours("LinearCrossEntropyLoss")(5, 10, bias=True)
    real = nn.LinearCrossEntropyLoss(5, 10, bias=True)
    compare(built, real, torch.randn(7, 5), torch.randint(0, 10, (7,)))


@pytest.mark.parametrize("name", [name for name, spec in MODULES.items() if spec.source])
def test_sources_have_the_signature_of_their_row(name: str) -> None:
    names = list(inspect.signature(ours(name).__init__).parameters)[1:]
    assert names == [p.name for p in parameters_of(MODULES[name].signature)]


# -- packages -----------------------------------------------------------------------------------


def theirs(dotted: str) -> Any:
    spec = packages()[dotted]
    assert hasattr(spec, "source")
    return compiled(spec.source, dotted.rpartition(".")[2])


def test_package_sources_run() -> None:
    sourced = [dotted for dotted, spec in packages().items() if getattr(spec, "source", "")]
    assert len(sourced) > 15
    for dotted in sourced:
        if getattr(packages()[dotted], "kind", "") != "base":
            assert callable(theirs(dotted))


def test_a_pretrained_model_initialises_all_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    generation, initialization = types.ModuleType("generation"), types.ModuleType("initialization")
    monkeypatch.setattr(generation, "GenerationMixin", object, raising=False)
    monkeypatch.setattr(initialization, "own_way", lambda module, config: None, raising=False)
    monkeypatch.setitem(sys.modules, "transformers.generation", generation)
    monkeypatch.setitem(sys.modules, "transformers.initialization", initialization)
    monkeypatch.setitem(sys.modules, "transformers", types.ModuleType("transformers"))
    base: Any = theirs("transformers.PreTrainedModel")
    met: list[str] = []

    class Model(base):  # type: ignore[misc]
        def __init__(self, config: object) -> None:
            super().__init__(config)
            self.table, self.head = nn.Embedding(3, 2), nn.Linear(2, 3)
            self.post_init()

        def _init_weights(self, module: nn.Module) -> None:
            met.append(type(module).__name__)

        def get_input_embeddings(self) -> nn.Module:
            return self.table

        def get_output_embeddings(self) -> nn.Module:
            return self.head

    model = Model(types.SimpleNamespace(tie_word_embeddings=True))
    assert met == ["Embedding", "Linear", "Model"]
    assert model.head.weight is model.table.weight


def test_helpers_on_plain_values() -> None:
    assert theirs("timm.layers.to_2tuple")(3) == (3, 3)
    assert theirs("timm.layers.to_2tuple")([3, 4]) == (3, 4)
    assert [theirs("timm.layers.make_divisible")(v) for v in (10, 33.6, 100)] == [16, 32, 104]
    assert theirs("timm.layers.get_padding")(7, 2) == 3
    assert theirs("timm.layers.get_padding")((3, 5), 1) == [1, 2]
    assert theirs("mmengine.model.bias_init_with_prob")(0.01) == pytest.approx(-4.59512)
    assert theirs("numpy.clip")(5, 0, 3) == 3


def test_named_apply_visits_children_first() -> None:
    seen: list[str] = []
    net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU()))
    theirs("timm.models.named_apply")(lambda module, name: seen.append(name), net)
    assert seen == ["0", "1.0", "1"]


def test_package_blocks() -> None:
    x = torch.randn(2, 6, 8, 8)
    block = theirs("torchvision.ops.Conv2dNormActivation")(6, 4, kernel_size=3, stride=2)
    assert [type(layer).__name__ for layer in block] == ["Conv2d", "BatchNorm2d", "ReLU"]
    assert block[0].bias is None
    assert block(x).shape == (2, 4, 4, 4)
    assert theirs("torchvision.ops.SqueezeExcitation")(6, 3)(x).shape == x.shape
    assert theirs("timm.layers.BatchNormAct2d")(6)(x).min() == 0
    tokens = torch.randn(2, 5, 6)
    assert theirs("timm.layers.Mlp")(6, 12)(tokens).shape == tokens.shape
    assert torch.equal(theirs("timm.layers.LayerScale")(6, 0.5)(tokens), tokens * 0.5)
    layers = theirs("torchvision.ops.MLP")(6, [12, 3])
    assert [type(layer).__name__ for layer in layers] == ["Linear", "ReLU", "Dropout", "Linear", "Dropout"]


def test_what_mmcv_builds_from_configurations() -> None:
    x = torch.randn(2, 4, 8, 8)
    block = theirs("mmcv.cnn.ConvModule")(4, 6, 3, norm_cfg={"type": "BN"}, act_cfg={"type": "LeakyReLU"})
    assert [name for name, _ in block.named_children()] == ["conv", "bn", "activate"]
    assert block.conv.bias is None
    assert block(x).shape == (2, 6, 6, 6)
    assert theirs("mmcv.cnn.ConvModule")(4, 6, 3, act_cfg=None).conv.bias.abs().max() == 0
    parted = theirs("mmcv.cnn.DepthwiseSeparableConvModule")(4, 6, 3, padding=1, dw_act_cfg=None)
    assert [name for name, _ in parted.depthwise_conv.named_children()] == ["conv"]
    assert parted(x).min() == 0
    assert isinstance(theirs("mmcv.cnn.build_conv_layer")(None, 4, 6, 3), nn.Conv2d)
    assert isinstance(theirs("mmcv.cnn.build_conv_layer")({"type": nn.Conv1d}, 4, 6, 3), nn.Conv1d)
    build_norm = theirs("mmcv.cnn.build_norm_layer")
    for kind, name in (("BN", "bn2"), ("GN", "gn2"), ("LN", "ln2"), ("IN", "in2")):
        groups = {"num_groups": 2} if kind == "GN" else {}
        assert build_norm({"type": kind, **groups}, 4, postfix=2)[0] == name
    assert not build_norm({"type": "BN", "requires_grad": False}, 4)[1].weight.requires_grad
    assert isinstance(theirs("mmcv.cnn.build_activation_layer")({"type": "GELU"}), nn.GELU)
    assert theirs("mmcv.cnn.build_dropout")({"type": "DropPath"}, {"drop_prob": 0.2}).drop_prob == 0.2
    tokens = torch.randn(2, 5, 6)
    ffn = theirs("mmcv.cnn.FFN")(6, 12, dropout_layer={"type": "DropPath"}, layer_scale_init_value=0.1).eval()
    assert [name for name, _ in ffn.named_parameters()][:2] == ["layers.0.0.weight", "layers.0.0.bias"]
    torch.testing.assert_close(ffn(tokens), tokens + 0.1 * ffn.layers(tokens))
    assert torch.equal(theirs("mmcv.cnn.Scale")(0.5)(tokens), tokens * 0.5)


def test_packed_sequences_hand_on_what_they_hold() -> None:
    rows = [torch.randn(4, 3), torch.randn(2, 3)]
    packed = nn.utils.rnn.pack_sequence(rows)
    assert theirs("torch.nn.utils.rnn.pad_packed_sequence")(packed)[0] is packed.data
    assert all(row.shape == (3,) for row in theirs("torch.nn.utils.rnn.unpack_sequence")(packed))
    padded = nn.utils.rnn.pad_sequence(rows)
    parted = theirs("torch.nn.utils.rnn.unpad_sequence")(padded, torch.tensor([4, 2]))
    assert [tuple(part.shape) for part in parted] == [(4, 3), (4, 3)]


def test_what_models_of_transformers_return() -> None:
    spec = find("transformers.modeling_outputs.BaseModelOutputWithPooling")
    assert isinstance(spec, HelperSpec)
    made = compiled(spec.source, spec.name)(last_hidden_state=1, pooler_output=None, attentions=2)
    assert (made.last_hidden_state, made["last_hidden_state"], made[0]) == (1, 1, 1)
    assert made.pooler_output is None
    assert made.to_tuple() == (1, 2)
    assert list(made) == ["last_hidden_state", "attentions"]
    chunked = theirs("transformers.pytorch_utils.apply_chunking_to_forward")
    assert chunked(lambda x, y: x + y, 8, 1, 1, 2) == 3
