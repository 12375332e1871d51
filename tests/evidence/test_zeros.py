"""INI201-205: each example is dead or symmetric after fifty steps, and "Use instead" is not."""

from __future__ import annotations

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tests.evidence.examples import built, example, instead


def train(net: nn.Module, x: torch.Tensor, steps: int = 50, rate: float = 0.1) -> list[float]:
    """The losses of SGD on a fixed task of ten classes."""
    torch.manual_seed(1)
    label = torch.randint(10, (len(x),))
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def test_ini201_zero_before_relu_never_moves():
    x = torch.randn(64, 32)
    dead, alive = built(example("INI201"), "Net"), built(instead("INI201"), "Net")
    train(dead, x)
    assert not dead.fc1.weight.any()
    assert not dead.fc1.weight.grad.any()
    assert not dead.fc1.bias.grad.any()
    train(alive, x)
    assert alive.fc1.weight.grad.any()


def test_ini201_the_default_bias_wakes_about_half():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 10))
    nn.init.zeros_(net[0].weight)
    train(net, torch.randn(64, 32))
    assert 0.3 < float((net[0].weight != 0).any(1).float().mean()) < 0.7


@pytest.mark.parametrize("activation", [nn.GELU(), nn.SiLU(), nn.Tanh(), nn.LeakyReLU(), nn.ELU()])
def test_ini201_zeros_are_no_harm_where_there_is_a_slope(activation):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(32, 64), activation, nn.Linear(64, 10))
    nn.init.zeros_(net[0].weight)
    nn.init.zeros_(net[0].bias)
    train(net, torch.randn(64, 32))
    assert (net[0].weight != 0).any(1).all()


def test_ini202_both_zero_factors_stay():
    torch.manual_seed(0)
    x, target = torch.randn(64, 64), torch.randn(64, 64)
    for names, moves in ((example("INI202"), False), (instead("INI202"), True)):
        net = built(names, "LoRALinear")
        optimizer = torch.optim.SGD([net.down.weight, net.up.weight], lr=0.1)
        for _ in range(50):
            optimizer.zero_grad()
            F.mse_loss(net(x), target).backward()
            optimizer.step()
        assert bool(net.up.weight.any()) is moves
        assert bool(net.up.weight.grad.any()) is moves


def test_ini203_a_zero_scale_before_relu_stays():
    torch.manual_seed(0)
    x = torch.randn(16, 3, 8, 8)
    dead, alive = built(example("INI203"), "Net"), built(instead("INI203"), "Net")
    train(dead, x)
    assert not dead.bn.weight.any()
    assert not dead.conv.weight.grad.any()
    train(alive, x)
    assert alive.conv.weight.grad.any()


def test_ini203_the_skip_keeps_it_alive():
    bn = nn.BatchNorm2d(4)
    nn.init.zeros_(bn.weight)
    torch.manual_seed(0)
    x = torch.randn(8, 4, 5, 5)
    F.relu(x + bn(x.flip(1))).square().sum().backward()
    assert bn.weight.grad.any()


def test_ini204_the_first_gradient_is_a_hundred_times_too_large():
    x = torch.randn(64, 32)
    norms = []
    for names in (example("INI204"), instead("INI204")):
        net = built(names, "Net")
        train(net, x, steps=1, rate=0.0)
        norms.append(float(net.fc1.weight.grad.norm()))
    assert norms[0] > 100 * norms[1]


def test_ini204_weight_norm_of_zeros_is_nan():
    layer = nn.Linear(4, 4)
    nn.init.zeros_(layer.weight)
    layer = nn.utils.parametrizations.weight_norm(layer)
    assert layer(torch.randn(2, 4)).isnan().all()


def test_ini205_the_units_stay_equal():
    torch.manual_seed(0)
    x = torch.randn(64, 32)
    for names, distinct in ((example("INI205"), 1), (instead("INI205"), 32)):
        net = built(names, "Net")
        train(net, x)
        assert len(torch.unique((net.fc1.weight * 1e4).round(), dim=0)) == distinct


def test_ini205_one_constant_layer_heals():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 10))
    nn.init.constant_(net[0].weight, 0.1)
    nn.init.zeros_(net[0].bias)
    train(net, torch.randn(64, 32))
    assert len(torch.unique((net[0].weight * 1e6).round(), dim=0)) == 32
