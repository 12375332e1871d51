"""INI301-305: each example starts with the scale its rule says, and "Use instead" with a sane one."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from tests.evidence.examples import built, example, instead, moment


def test_ini301_multiplies_by_the_number_of_inputs():
    x = torch.randn(512, 512)
    assert moment(x @ built(example("INI301"), "Mixer").weight) == pytest.approx(512, rel=0.05)
    assert moment(x @ built(instead("INI301"), "Mixer").weight) == pytest.approx(1, rel=0.05)


def test_ini302_multiplies_by_fan_in():
    x = torch.randn(512, 512)
    assert moment(built(example("INI302"), "Net").fc1(x)) == pytest.approx(512, rel=0.05)
    assert moment(built(instead("INI302"), "Net").fc1(x)) == pytest.approx(2, rel=0.05)


def test_ini302_a_head_starts_far_from_chance():
    torch.manual_seed(0)
    h, label = torch.randn(256, 512), torch.randint(1000, (256,))
    wide, small = torch.randn(1000, 512), torch.randn(1000, 512) / math.sqrt(512)
    assert float(F.cross_entropy(h @ wide.T, label)) > 40
    assert float(F.cross_entropy(h @ small.T, label)) < 8


def share_of_first_direction(weight: torch.Tensor) -> float:
    values = torch.linalg.svdvals(weight.detach().double()).square()
    return float(values[0] / values.sum())


def test_ini303_one_direction_takes_all():
    positive, centred = built(example("INI303"), "Net"), built(instead("INI303"), "Net")
    weight = positive.fc1.weight.detach().double()
    assert 256 * float(weight.mean()) ** 2 / float(weight.var()) == pytest.approx(768, rel=0.05)
    assert share_of_first_direction(positive.fc1.weight) > 0.7
    assert share_of_first_direction(centred.fc1.weight) < 0.05


def test_ini304_the_first_loss_is_five_times_chance():
    tokens, label = torch.randint(1000, (64,)), torch.randint(1000, (64,))
    tied, small = built(example("INI304"), "LanguageModel"), built(instead("INI304"), "LanguageModel")
    assert tied.head.weight is tied.embed.weight
    assert float(F.cross_entropy(tied(tokens), label)) > 5 * math.log(1000)
    assert float(F.cross_entropy(small(tokens), label)) == pytest.approx(math.log(1000), rel=0.05)
    assert moment(tied(tokens)) == pytest.approx(128, rel=0.3)


def test_ini305_keeps_a_ten_thousandth():
    x = torch.randn(512, 256)
    assert moment(F.relu(F.linear(x, built(example("INI305"), "Net").fc1.weight))) == pytest.approx(1.28e-4, rel=0.1)
    assert moment(F.relu(F.linear(x, built(instead("INI305"), "Net").fc1.weight))) == pytest.approx(1, rel=0.1)
