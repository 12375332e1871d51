"""INI401-410: each example's initialisation is lost, and takes effect as the rule proposes."""

from __future__ import annotations

import warnings

import pytest
import torch
import torch.nn as nn

from tests.evidence.examples import built, example, instead, moment

HE = 2.0
DEFAULT = 1 / 3


def test_ini401_the_same_output_bit_for_bit():
    x = torch.randn(2, 64, 16)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        bad, good = built(example("INI401"), "TemporalBlock"), built(instead("INI401"), "TemporalBlock")
        torch.manual_seed(0)
        untouched = nn.utils.weight_norm(nn.Conv1d(64, 64, 3, padding=1))
    assert torch.equal(bad(x), untouched(x).relu())
    assert moment(good(x)) < moment(bad(x)) / 10
    assert moment(good.conv.weight) == pytest.approx(1e-4, rel=0.1)


@pytest.mark.parametrize("wrap", [nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm])
def test_ini401_an_assigned_weight_reaches_the_parametrization(wrap):
    x = torch.randn(2, 8, 16)
    conv = wrap(nn.Conv1d(8, 8, 3)).eval()
    before = conv(x)
    nn.init.normal_(conv.weight, 0, 5.0)
    assert torch.equal(conv(x), before)
    conv.weight = nn.init.normal_(torch.empty_like(conv.weight), 0, 5.0)
    assert not torch.allclose(conv(x), before)


def test_ini402_half_the_model_keeps_the_default():
    bad, good = built(example("INI402"), "Encoder"), built(instead("INI402"), "Encoder")
    assert moment(bad.fc1.weight) * 784 == pytest.approx(HE, rel=0.05)
    assert moment(bad.fc2.weight) * 256 == pytest.approx(DEFAULT, rel=0.05)
    assert bad.fc2.bias.any()
    assert moment(good.fc2.weight) * 256 == pytest.approx(HE, rel=0.05)
    assert not good.fc2.bias.any()


def test_ini403_it_holds_what_was_in_memory():
    torch.use_deterministic_algorithms(True)
    try:
        bad, good = example("INI403")["scorer"], instead("INI403")["scorer"]
    finally:
        torch.use_deterministic_algorithms(False)
    assert bad.weight.isnan().all()
    assert good.weight.isfinite().all()
    assert moment(good.weight) * 256 == pytest.approx(1, rel=0.05)


def test_ini404_deleting_the_dead_call_changes_nothing():
    bad, good = built(example("INI404"), "Net"), built(instead("INI404"), "Net")
    assert all(torch.equal(value, good.state_dict()[name]) for name, value in bad.state_dict().items())
    assert bad.fc1.bias.eq(0.1).all()


@pytest.mark.parametrize("copy", [torch.Tensor.clone, torch.Tensor.double])
def test_ini404_a_copy_leaves_the_parameter(copy):
    weight = nn.Parameter(torch.zeros(3, 3))
    nn.init.normal_(copy(weight.detach()))
    assert not weight.any()


def test_ini405_the_loaded_weights_are_gone(monkeypatch):
    monkeypatch.setattr(torch, "load", lambda path: {"weight": torch.eye(64), "bias": torch.zeros(64)})
    bad, good = built(example("INI405"), "Classifier"), built(instead("INI405"), "Classifier")
    assert not torch.equal(bad.backbone.weight, torch.eye(64))
    assert torch.equal(good.backbone.weight, torch.eye(64))


def test_ini406_the_default_stays():
    xavier, default = (6 / (784 + 256)) ** 0.5, 784**-0.5
    bad, good = built(example("INI406"), "Net"), built(instead("INI406"), "Net")
    assert bad.fc1.weight.abs().max().item() == pytest.approx(default, rel=0.01)
    assert bad.fc1.bias.any()
    assert good.fc1.weight.abs().max().item() == pytest.approx(xavier, rel=0.01)
    assert not good.fc1.bias.any()


def test_ini407_nothing_is_initialised():
    bad, good = built(example("INI407"), "TemporalNet"), built(instead("INI407"), "TemporalNet")
    torch.manual_seed(0)
    untouched = nn.Conv1d(16, 64, 3)
    assert torch.equal(bad.conv1.weight, untouched.weight)
    assert moment(good.conv2.weight) * 64 * 3 == pytest.approx(HE, rel=0.05)


def test_ini408_padding_is_noise_for_good():
    for source, zero in ((example, False), (instead, True)):
        tagger = built(source("INI408"), "Tagger")
        row = tagger.embed.weight[0].detach().clone()
        assert (not row.any()) is zero
        optimizer = torch.optim.SGD(tagger.parameters(), lr=1.0)
        for _ in range(5):
            optimizer.zero_grad()
            tagger(torch.tensor([[0, 0, 5], [0, 7, 9]])).pow(2).mean().backward()
            optimizer.step()
        assert torch.equal(tagger.embed.weight[0].detach(), row)


def test_ini409_layers_start_equal():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        bad, good = built(example("INI409"), "Encoder"), built(instead("INI409"), "Encoder")
    first, last = bad.layers.layers[0], bad.layers.layers[5]
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), last.parameters(), strict=True))
    first, last = good.layers.layers[0], good.layers.layers[5]
    assert not any(
        torch.equal(a, b) for a, b in zip(first.parameters(), last.parameters(), strict=True) if a.dim() > 1
    )


def test_ini410_the_default_is_six_times_below_he():
    bad, good = built(example("INI410"), "Net"), built(instead("INI410"), "Net")
    assert moment(bad.fc1.weight) * 784 == pytest.approx(DEFAULT, rel=0.05)
    assert moment(good.fc1.weight) * 784 == pytest.approx(HE, rel=0.05)
