"""INI501-508: each example has the number its rule says, and "Use instead" has not."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tests.evidence.examples import built, example, instead, moment


def test_ini501_he_leaves_the_fixed_point_of_selu():
    x = torch.randn(512, 256)
    he, lecun = built(example("INI501"), "SelfNormalizing"), built(instead("INI501"), "SelfNormalizing")
    assert moment(he.body(x)) > 10
    assert moment(lecun.body(x)) == pytest.approx(1, abs=0.4)


def test_ini501_torch_s_own_gain_for_selu_shrinks():
    torch.manual_seed(0)
    x = torch.randn(512, 256)
    for _ in range(30):
        weight = torch.empty(256, 256)
        nn.init.kaiming_normal_(weight, nonlinearity="selu")
        x = F.selu(x @ weight.T)
    assert moment(x) < 0.1


def between_samples(net: nn.Module) -> float:
    """The error between 256 samples of a curve after 300 steps of Adam on them."""

    def points(count: int) -> torch.Tensor:
        along = torch.linspace(-1, 1, count)[:, None]
        return torch.cat([along, -along], dim=1)

    def curve(at: torch.Tensor) -> torch.Tensor:
        return 0.5 * torch.sin(40 * at[:, :1]) + 0.5 * torch.sin(13 * at[:, :1] + 1)

    seen, unseen = points(256), points(1999)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(300):
        optimizer.zero_grad()
        F.mse_loss(net(seen), curve(seen)).backward()
        optimizer.step()
    with torch.no_grad():
        return float(F.mse_loss(net(unseen), curve(unseen)))


def test_ini502_learns_nothing_between_the_samples():
    assert between_samples(built(example("INI502"), "Siren")) > 100 * between_samples(built(instead("INI502"), "Siren"))


def test_ini502_the_default_is_twelve_times_too_wide():
    wide, right = built(example("INI502"), "Siren"), built(instead("INI502"), "Siren")
    assert moment(wide.fc2.weight) / moment(right.fc2.weight) == pytest.approx(12.25**2, rel=0.1)


def kept(net: nn.Module) -> float:
    """The gradient of the last output by the first input over that by the last one, norms over a batch."""
    torch.manual_seed(1)
    x = torch.randn(64, 21, 32, requires_grad=True)
    hidden, _ = net.lstm(x)
    hidden[:, -1].square().sum().backward()
    first, last = x.grad[:, 0].norm(), x.grad[:, -1].norm()
    return float(first / last) ** 2


def test_ini503_only_the_second_quarter_is_the_forget_gate():
    wrong, right = built(example("INI503"), "Tagger"), built(instead("INI503"), "Tagger")
    torch.manual_seed(0)
    plain = type(right).__new__(type(right))
    nn.Module.__init__(plain)
    plain.lstm = nn.LSTM(32, 64, batch_first=True)
    assert kept(wrong) < 10 * kept(plain)
    assert kept(right) > 50 * kept(wrong)


def test_ini504_gets_eleven_times_the_variance():
    z = torch.randn(8, 128, 16, 16)
    wrong, right = built(example("INI504"), "Generator"), built(instead("INI504"), "Generator")
    inner = (slice(None), slice(None), slice(4, -4), slice(4, -4))
    assert moment(wrong.up(z)[inner]) == pytest.approx(21.3, rel=0.15)
    assert moment(right.up(z)[inner]) == pytest.approx(2, rel=0.15)
    assert float((wrong(z).abs() > 0.96).float().mean()) > 0.5


def test_ini505_divides_by_the_groups():
    wrong, right = built(example("INI505"), "Depthwise"), built(instead("INI505"), "Depthwise")
    assert 9 * moment(wrong.dw.weight) == pytest.approx(2 / 128, rel=0.15)
    assert 9 * moment(right.dw.weight) == pytest.approx(2, rel=0.15)


def test_ini506_takes_the_outputs_for_the_inputs():
    x = torch.randn(256, 1433)
    wrong, right = built(example("INI506"), "GraphLayer"), built(instead("INI506"), "GraphLayer")
    assert moment(x @ wrong.weight) == pytest.approx(2 * 1433 / 16, rel=0.1)
    assert moment(x @ right.weight) == pytest.approx(2, rel=0.1)


def test_ini507_divides_by_four_hundred():
    wrong, right = built(example("INI507"), "Experts"), built(instead("INI507"), "Experts")
    assert moment(right.weight) / moment(wrong.weight) == pytest.approx(416, rel=0.02)
    assert moment(right.weight) == pytest.approx(2 / 2560, rel=0.02)


def test_ini508_thirty_blocks_explode():
    x = torch.randn(256, 128)
    wrong, right = built(example("INI508"), "Net"), built(instead("INI508"), "Net")
    assert moment(wrong.blocks(x)) > 1e10
    assert moment(right.blocks(x)) == pytest.approx(1, rel=0.3)


def test_ini508_the_default_is_the_better_start():
    torch.manual_seed(0)
    h = torch.randn(256, 128)
    for _ in range(30):
        h = h + nn.Linear(128, 128)(F.relu(nn.Linear(128, 128)(h)))
    assert moment(h) < 1e2
    assert math.isfinite(moment(h))
