"""INI001-010: each example raises, or does not do what is written, by the number its rule tells."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tests.evidence.examples import built, example, instead, moment


def test_ini001_a_vector_has_no_fans():
    with pytest.raises(ValueError, match="Fan in and fan out"):
        built(example("INI001"), "Net")
    net = built(instead("INI001"), "Net")
    assert not net.fc.bias.any()


@pytest.mark.parametrize(
    ("function", "rank"),
    [("xavier_normal_", 1), ("kaiming_uniform_", 0), ("orthogonal_", 1), ("eye_", 1), ("eye_", 4), ("dirac_", 2)],
)
def test_ini001_the_ranks_torch_refuses(function, rank):
    with pytest.raises(ValueError, match=r"dimension|2 or more|tensor"):
        getattr(nn.init, function)(torch.empty((3,) * rank))


def test_ini002_no_gain_for_gelu():
    with pytest.raises(ValueError, match="Unsupported nonlinearity gelu"):
        built(example("INI002"), "Mlp")
    mlp = built(instead("INI002"), "Mlp")
    assert moment(mlp.fc1.weight) * 256 == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(
    ("activation", "variance"), [(F.gelu, 1.98), (F.silu, 1.99), (F.mish, 2.01), (F.hardswish, 1.97)]
)
def test_ini002_relu_is_within_two_percent(activation, variance):
    """The critical weight variance: where a change of the signal's size and one of its direction both keep their size
    from layer to layer (Roberts, Yaida, Hanin 2021)."""
    z = torch.linspace(-10, 10, 4001, dtype=torch.float64)
    w = torch.softmax(-z.pow(2) / 2, 0)

    def moments(size: float) -> tuple[float, float]:
        x = (z * math.sqrt(size)).requires_grad_(True)
        out = activation(x)
        (slope,) = torch.autograd.grad(out.sum(), x)
        parallel = (w * 2 * out * slope * z).sum() / (2 * math.sqrt(size))      # dE[f²]/dsize
        return float((w * slope**2).sum()), float(parallel.detach())

    low, high = 1.0, 50.0
    sign = moments(low)[0] > moments(low)[1]
    for _ in range(50):
        middle = (low + high) / 2
        turn, stretch = moments(middle)
        low, high = (middle, high) if (turn > stretch) is sign else (low, middle)
    assert 1 / moments(low)[0] == pytest.approx(variance, abs=0.01)


def test_ini003_the_mode_is_no_slope():
    with pytest.raises(ValueError, match="negative_slope fan_out not a valid number"):
        built(example("INI003"), "Stem")
    stem = built(instead("INI003"), "Stem")
    assert moment(stem.conv.weight) * 64 * 49 == pytest.approx(2, rel=0.05)


def test_ini003_beside_relu_the_string_is_dropped():
    mistaken, plain = torch.empty(64, 3, 7, 7), torch.empty(64, 3, 7, 7)
    torch.manual_seed(0)
    nn.init.kaiming_normal_(mistaken, "fan_out", nonlinearity="relu")
    torch.manual_seed(0)
    nn.init.kaiming_normal_(plain, mode="fan_in", nonlinearity="relu")
    assert torch.equal(mistaken, plain)


def test_ini004_there_is_no_bias():
    with pytest.raises(AttributeError, match="NoneType"):
        built(example("INI004"), "ConvBlock")
    built(instead("INI004"), "ConvBlock")


@pytest.mark.parametrize(
    ("layer", "name", "error"),
    [
        (nn.BatchNorm2d(4, affine=False), "weight", AttributeError),
        (nn.InstanceNorm2d(4), "weight", AttributeError),
        (nn.LSTM(4, 4), "weight", AttributeError),
        (nn.Embedding(4, 4), "bias", AttributeError),
        (nn.LazyLinear(4), "weight", ValueError),
    ],
)
def test_ini004_others_that_lack_it(layer, name, error):
    with pytest.raises(error):
        nn.init.zeros_(getattr(layer, name))


def test_ini005_autograd_watches():
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        built(example("INI005"), "Classifier")
    net = built(instead("INI005"), "Classifier")
    assert net.fc.weight.std().item() == pytest.approx(0.01, rel=0.05)
    with pytest.raises(TypeError, match="cannot assign"):
        net.fc.weight = torch.zeros(10, 784)


def test_ini006_the_deviation_is_one():
    x = torch.randn(64, 768)
    bad, good = built(example("INI006"), "Attention"), built(instead("INI006"), "Attention")
    assert bad.qkv.weight.mean().item() == pytest.approx(0.02, rel=0.1)
    assert bad.qkv.weight.std().item() == pytest.approx(1, rel=0.01)
    assert moment(bad.qkv(x)) == pytest.approx(768, rel=0.1)
    assert moment(good.qkv(x)) == pytest.approx(0.31, rel=0.1)


def test_ini006_a_small_gpt_starts_far_off():
    def loss(**spread: float) -> float:
        torch.manual_seed(0)
        block = nn.TransformerEncoderLayer(128, 4, 512, dropout=0, batch_first=True, norm_first=True)
        body = nn.TransformerEncoder(block, 2, enable_nested_tensor=False)
        table, norm, head = nn.Embedding(1000, 128), nn.LayerNorm(128), nn.Linear(128, 1000, bias=False)
        for module in (table, head, *body.modules()):
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, **spread)
        tokens = torch.randint(0, 1000, (8, 32))
        with torch.no_grad():
            logits = head(norm(body(table(tokens))))
        return F.cross_entropy(logits.flatten(0, 1), torch.randint(0, 1000, (256,))).item()

    assert loss(mean=0.02) == pytest.approx(37, rel=0.15)
    assert loss(std=0.02) == pytest.approx(math.log(1000), rel=0.03)


def test_ini007_the_optimizer_never_sees_it():
    bad, good = built(example("INI007"), "PatchEmbedding"), built(instead("INI007"), "PatchEmbedding")
    assert sorted(bad.state_dict()) == ["proj.bias", "proj.weight"]
    assert "position" in good.state_dict()
    for model, moves in ((bad, False), (good, True)):
        before = model.position.detach().clone()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model(torch.randn(2, 16, 48)).pow(2).mean().backward()
        optimizer.step()
        assert (not torch.equal(before, model.position.detach())) is moves


def test_ini008_twelve_times_less():
    x = torch.randn(4096, 33)
    found = {}
    for source in (example, instead):
        actor = built(source("INI008"), "Actor")
        found[source] = moment(x @ actor.fc1.weight.T)
    assert found[example] == pytest.approx(0.028, rel=0.1)
    assert found[instead] == pytest.approx(1 / 3, rel=0.1)


def test_ini009_a_third_of_the_variance():
    bad, good = built(example("INI009"), "Generator"), built(instead("INI009"), "Generator")
    assert moment(bad.fc1.weight) * 128 == pytest.approx(0.82**2, rel=0.05)
    assert moment(good.fc1.weight) * 128 == pytest.approx(1.41**2, rel=0.05)


def test_ini010_the_same_numbers_with_a_warning():
    with pytest.warns(FutureWarning, match="deprecated"):
        bad = built(example("INI010"), "Net")
    good = built(instead("INI010"), "Net")
    assert torch.equal(bad.fc.weight, good.fc.weight)
