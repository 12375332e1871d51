"""INI101-107: each example loses what its rule says, and "Use instead" does not."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tests.evidence.examples import built, example, instead, moment


def spread(signal: torch.Tensor) -> float:
    """The variance over the batch: what is left of the input, without means and biases."""
    return float(signal.detach().double().var(0).mean())


def hidden(net: nn.Module, x: torch.Tensor, module: str) -> torch.Tensor:
    """What goes into `module` when `net` runs on `x`."""
    seen: list[torch.Tensor] = []
    handle = net.get_submodule(module).register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(x)
    handle.remove()
    return seen[-1]


def trained(net: nn.Module, features: int, classes: int, steps: int = 120, rate: float = 0.05) -> float:
    """The last loss of `steps` of SGD on clusters of points."""
    torch.manual_seed(1)
    centres = 3 * torch.randn(classes, features) / math.sqrt(features) * math.sqrt(10)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    loss = torch.zeros(())
    for _ in range(steps):
        label = torch.randint(classes, (128,))
        loss = F.cross_entropy(net(centres[label] + 0.3 * torch.randn(128, features)), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return float(loss.detach())


def test_ini101_ten_default_layers_keep_nothing():
    x = torch.randn(512, 256)
    default, right = built(example("INI101"), "Net"), built(instead("INI101"), "Net")
    assert spread(hidden(default, x, "head")) < 1e-7
    assert 0.05 < spread(hidden(right, x, "head")) < 5


def test_ini101_plain_sgd_makes_no_progress():
    assert trained(built(example("INI101"), "Net"), 256, 10) > 0.99 * math.log(10)
    assert trained(built(instead("INI101"), "Net"), 256, 10) < 0.5


def test_ini102_ten_layers_multiply_by_thousands():
    x = torch.randn(512, 256)
    wide, right = built(example("INI102"), "Net"), built(instead("INI102"), "Net")
    assert 5e3 < moment(hidden(wide, x, "head")) < 5e5
    assert moment(hidden(right, x, "head")) < 10


def test_ini103_xavier_before_relu_keeps_half():
    x = torch.randn(2048, 256)
    xavier, he = built(example("INI103"), "Encoder"), built(instead("INI103"), "Encoder")
    assert moment(hidden(xavier, x, "fc2")) == pytest.approx(0.5, rel=0.1)
    assert moment(hidden(he, x, "fc2")) == pytest.approx(1.0, rel=0.1)


def test_ini104_the_slope_changes_no_number():
    ignored = built(example("INI104"), "Discriminator").hidden.weight
    torch.manual_seed(0)
    plain = nn.Linear(784, 256)
    nn.Linear(256, 1)
    nn.init.kaiming_normal_(plain.weight, nonlinearity="relu")
    assert torch.equal(ignored, plain.weight)
    heeded = built(instead("INI104"), "Discriminator").hidden.weight
    assert 784 * moment(ignored) == pytest.approx(2.0, rel=0.01)
    assert 784 * moment(heeded) == pytest.approx(2 / 1.04, rel=0.01)


def gradient_kept(net: nn.Module) -> float:
    """The mean square of the gradient of the first pre-activations over that of the last."""
    seen: dict[str, torch.Tensor] = {}

    def keep(name):
        def hook(_, __, out):
            out.retain_grad()
            seen[name] = out
        return hook

    for name in ("fc1", "fc3"):
        net.get_submodule(name).register_forward_hook(keep(name))
    net(torch.randn(512, 64)).sin().sum().backward()
    return moment(seen["fc1"].grad) / moment(seen["fc3"].grad)


def test_ini105_sigmoids_pass_back_a_twentieth_a_layer():
    assert 0.5 * 0.0448**2 < gradient_kept(built(example("INI105"), "Net")) < 2 * 0.0448**2
    assert gradient_kept(built(instead("INI105"), "Net")) > 0.05


def test_ini106_costs_four_percent_a_layer():
    x = torch.randn(8192, 128)
    for names, factor in ((example("INI106"), 1.04), (instead("INI106"), 1.0)):
        outs = [moment(F.leaky_relu(built(names, "Critic", seed).fc.weight @ x.T, 0.2)) for seed in range(8)]
        assert sum(outs) / len(outs) == pytest.approx(factor, rel=0.015)


def test_ini107_the_default_is_a_sixth_of_he():
    assert 256 * moment(built(example("INI107"), "Net").fc.weight) == pytest.approx(1 / 3, rel=0.02)
    assert 256 * moment(built(instead("INI107"), "Net").fc.weight) == pytest.approx(2.0, rel=0.02)
