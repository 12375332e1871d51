"""Initialisers that are spelled out: draws that are bent, shifted, scaled, clamped."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from tests.trace.programs import drawn, gain, layers

BY_HAND = """
def {name}(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    def norm_cdf(x):
        return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0

    with torch.no_grad():
        l = norm_cdf((a - mean) / std)
        u = norm_cdf((b - mean) / std)
        tensor.uniform_(2 * l - 1, 2 * u - 1)
        tensor.erfinv_()
        tensor.mul_(std * math.sqrt(2.0))
        tensor.add_(mean)
        tensor.clamp_(min=a, max=b)
        return tensor


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(100, 10)
        {name}(self.fc.weight, std={std}, a={a}, b={b})
"""


@pytest.mark.parametrize(("std", "a", "b"), [(0.02, -2.0, 2.0), (0.02, -0.04, 0.04), (1.0, -1.0, 1.0), (1.0, -2.0, 2.0)])
def test_a_truncated_normal_by_hand_is_torchs(std: float, a: float, b: float) -> None:
    row = layers(BY_HAND.format(name="fill", std=std, a=a, b=b))["Net.fc"]
    weight = torch.nn.init.trunc_normal_(torch.empty(400, 400), std=std, a=a, b=b)
    assert drawn(row) == ("trunc_normal_",)
    assert row.inits[0].args == pytest.approx({"mean": 0.0, "std": std, "a": a, "b": b})
    assert gain(row) == pytest.approx(float(weight.std()) * 10, rel=0.03)


WRITES = {
    "self.fc.weight.data.normal_(0, 0.1).mul_(2)": ("normal_", 2.0),
    "self.fc.weight.data.uniform_(-1, 1).div_(2)": ("uniform_", 5 / math.sqrt(3)),
    "self.fc.weight.data.normal_(0, 0.1).clamp_(-1, 1)": ("normal_", 1.0),
    "self.fc.weight.data.normal_(0, 0.1).clamp_(-0.1, 0.1)": ("normal_", None),
    "nn.init.normal_(self.fc.weight, std=0.1)\n        self.fc.weight.data[:5] = 0": ("normal_", None),
    "nn.init.normal_(self.fc.weight, std=0.1)\n        self.fc.weight.data.sub_(0.5)": ("normal_", 1.0),
}


@pytest.mark.parametrize("write", WRITES)
def test_what_is_done_to_a_draw(write: str) -> None:
    function, scale = WRITES[write]
    row = layers(
        f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(100, 10)
        {write}
"""
    )["Net.fc"]
    assert drawn(row) == (function,)
    assert gain(row) == (None if scale is None else round(scale, 3))


def test_sizes_are_read_back_as_torch_keeps_them() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 16, 3, bias=False)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                n = m.kernel_size[0] * m.kernel_size[1] * m.out_channels
                m.weight.data.normal_(0, math.sqrt(2.0 / n))
"""
    )["Net.conv"]
    assert drawn(row) == ("normal_",)
    assert gain(row) == round(math.sqrt(2.0 / (9 * 16)) * math.sqrt(8 * 9), 3)


def test_a_constructor_that_raises_leaves_nothing_known() -> None:
    row = layers(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(100, 10)
        raise NotImplementedError
"""
    )["Net.fc"]
    assert drawn(row) is None


IN_TERMS_OF_A_SIZE = {
    "uniform by size(1)": ("nn.Linear(n, 8)", "s = 1. / math.sqrt(w.size(1))\n        w.data.uniform_(-s, s)"),
    "normal by a power": ("nn.Linear(n, 8)", "nn.init.normal_(w, std=n ** -0.5)"),
    "normal by the attribute": ("nn.Linear(n, 8)", "nn.init.normal_(w, 0.0, math.sqrt(2 / self.fc.in_features))"),
    "He by hand": (
        "nn.Conv2d(n, 2 * n, 3)",
        "k = self.fc.kernel_size[0] * self.fc.kernel_size[1] * self.fc.out_channels\n"
        "        w.data.normal_(0, math.sqrt(2. / k))",
    ),
    "Xavier by hand": ("nn.Linear(n, n)", "s = math.sqrt(6 / (n + n))\n        nn.init.uniform_(w, -s, s)"),
    "numpy": ("nn.Linear(n // 4, 8)", "s = np.sqrt(6 / (n // 4)) / 30\n        nn.init.uniform_(w, -s, s)"),
    "a product of roots": ("nn.Linear(4 * n, 8)", "nn.init.normal_(w, 0, 3 / (math.sqrt(n) * 2))"),
    "one side": ("nn.Linear(n, 8)", "nn.init.uniform_(w, 0, n ** -0.5)"),
    "numel of a row": ("nn.Conv2d(n, 8, 3)", "nn.init.normal_(w, std=math.sqrt(2 / w[0].numel()))"),
    "prod of a shape": ("nn.Conv2d(n, 8, 3)", "nn.init.normal_(w, std=math.prod(w.shape[1:]) ** -0.5)"),
    "operator.pow": ("nn.Linear(n, 8)", "nn.init.normal_(w, std=operator.pow(float(n), -0.5) * 2)"),
}


@pytest.mark.parametrize("way", IN_TERMS_OF_A_SIZE)
def test_a_draw_in_terms_of_a_size_that_is_not_known_has_a_known_gain(way: str) -> None:
    layer, drawing = IN_TERMS_OF_A_SIZE[way]
    text = f"""
import math
from typing import Any
import operator
import numpy as np
import torch.nn as nn

class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = {layer}
        w = self.fc.weight
        {drawing}

    def forward(self, x):
        return self.fc(x)
"""
    scope: dict[str, Any] = {}
    exec(text, scope)
    torch.manual_seed(0)
    weight = scope["Net"](256).fc.weight.detach()
    measured = float(weight.std()) * (weight[0].numel() ** 0.5)
    row = layers(text)["Net.fc"]
    assert row.fan_in is None
    assert gain(row) == pytest.approx(measured, rel=0.05)


@pytest.mark.parametrize(
    "drawing",
    [
        "nn.init.normal_(w, std=m ** -0.5)",
        "nn.init.normal_(w, std=1 / n)",
        "nn.init.normal_(w, mean=0.1, std=n ** -0.5)",
        "nn.init.trunc_normal_(w, std=n ** -0.5)",
        "nn.init.normal_(w, std=(n + m) ** -0.5)",
        "nn.init.normal_(w, std=(n + 1) ** -0.5)",
    ],
)
def test_what_does_not_go_down_with_the_root_of_the_fan_has_no_gain(drawing: str) -> None:
    row = layers(f"""
class Net(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.fc = nn.Linear(n, 8)
        w = self.fc.weight
        {drawing}

    def forward(self, x):
        return self.fc(x)
""")["Net.fc"]
    assert drawn(row) in (("normal_",), ("trunc_normal_",))
    assert gain(row) is None


@pytest.mark.parametrize("size", ["int(sys.argv[1])", "parse().width", "other + 3"])
def test_a_size_that_nothing_is_known_of_is_a_size_all_the_same(size: str) -> None:
    row = layers(f"""
import math
import sys
import torch.nn as nn
from somewhere import other, parse

class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n)
        nn.init.normal_(self.fc.weight, std=math.sqrt(2 / self.fc.in_features))

    def forward(self, x):
        return self.fc(x)

net = Net({size})
""")["Net.fc"]
    assert gain(row) == 1.414


def test_a_symbol_for_the_groups_is_no_square_layer() -> None:
    text = """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Conv1d(n, n, 7, groups=n)
        self.b = nn.Conv1d(n, n, 1)
        nn.init.xavier_normal_(self.a.weight)

    def forward(self, x):
        return self.b(self.a(x).relu())
"""
    assert layers(text)["Net.a"].verdicts == ()
    assert layers(text.replace(", groups=n", ""))["Net.a"].verdicts == ("INI103",)
