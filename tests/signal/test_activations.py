"""The table of activations against torch: values, derivatives at kinks, gains, and what they are called."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from initlint.signal.activations import ACTIVATIONS, Nonlinearity, bind
from initlint.signal.gains import TORCH_GAINS, calculate_gain

TORCH = {
    "identity": lambda x: x * 1,
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky_relu": F.leaky_relu,
    "prelu": lambda x, init=0.25: F.prelu(x, torch.tensor([init], dtype=x.dtype)),
    "rrelu": lambda x, lower=1 / 8, upper=1 / 3, training=True: F.rrelu(x, lower, upper, training=False),
    "elu": F.elu,
    "celu": F.celu,
    "selu": F.selu,
    "gelu": F.gelu,
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "silu": F.silu,
    "mish": F.mish,
    "hardswish": F.hardswish,
    "hardtanh": F.hardtanh,
    "clamp": lambda x, min=None, max=None: torch.clamp(x, -math.inf if min is None else min, max),
    "maximum": lambda x, other=0.0: torch.maximum(x, torch.full_like(x, other)),
    "softplus": F.softplus,
    "logsigmoid": F.logsigmoid,
    "softsign": F.softsign,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hardsigmoid": F.hardsigmoid,
    "tanhshrink": F.tanhshrink,
    "softshrink": F.softshrink,
    "hardshrink": F.hardshrink,
    "threshold": lambda x, threshold=0.1, value=20.0: F.threshold(x, threshold, value),
    "sin": lambda x, w0=1.0: torch.sin(w0 * x),
    "exp": torch.exp,
    "abs": torch.abs,
    "square": torch.square,
    "relu_squared": lambda x: F.relu(x) ** 2,
}
SETTINGS = [
    *((name, {}) for name in TORCH),
    ("leaky_relu", {"negative_slope": 0.2}),
    ("leaky_relu", {"negative_slope": 0.0}),
    ("prelu", {"init": 0.0}),
    ("rrelu", {"lower": 0.0, "upper": 0.0}),
    ("elu", {"alpha": 0.5}),
    ("elu", {"alpha": 0.0}),
    ("celu", {"alpha": 2.0}),
    ("gelu", {"approximate": "tanh"}),
    ("hardtanh", {"min_val": 0.0, "max_val": 6.0}),
    ("clamp", {"min": 0.0}),
    ("clamp", {"min": -2.0, "max": 0.5}),
    ("clamp", {"max": 0.0}),
    ("softplus", {"beta": 2.0, "threshold": 5.0}),
    ("softshrink", {"lambd": 0.0}),
    ("hardshrink", {"lambd": 1.5}),
    ("threshold", {"threshold": -1.0, "value": 0.0}),
    ("threshold", {"threshold": 0.0, "value": 0.0}),
    ("sin", {"w0": 30.0}),
]


def bound(name: str, **parameters: object) -> Nonlinearity:
    found = bind(name, parameters)
    assert found is not None
    return found


def test_every_elementwise_row_is_compared_with_torch() -> None:
    assert {row.name for row in ACTIVATIONS.values() if row.elementwise} == set(TORCH)
    for name, row in ACTIVATIONS.items():
        assert name == row.name or name == "linear"


@pytest.mark.parametrize(("name", "parameters"), SETTINGS)
def test_function_and_derivative_are_those_of_torch(name: str, parameters: dict[str, object]) -> None:
    activation = bound(name, **parameters)
    points = sorted({*(-25.0, -7.3, -1.5, -1e-4, 0.0, 1e-4, 0.3, 2.2, 8.0, 25.0), *activation.breaks})
    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    y = TORCH[name](x, **parameters)
    (slope,) = torch.autograd.grad(y.sum(), x)
    # torch keeps some constants (the sixth of hardsigmoid) in single precision
    assert [activation.value(p) for p in points] == pytest.approx(y.tolist(), rel=1e-7, abs=1e-15)
    assert [activation.derivative(p) for p in points] == pytest.approx(slope.tolist(), rel=1e-7, abs=1e-15)
    zero = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    (at_zero,) = torch.autograd.grad(TORCH[name](zero, **parameters).sum(), zero)
    assert activation.dead_at_zero == (float(at_zero) == 0.0)


def test_dead_at_exactly_zero() -> None:
    dead = {name for name in TORCH if bound(name).dead_at_zero}
    assert dead == {
        "relu", "relu6", "threshold", "softshrink", "hardshrink", "tanhshrink", "relu_squared", "abs", "square",
    }  # fmt: skip
    assert bound("hardtanh", min_val=0, max_val=6).dead_at_zero
    assert bound("leaky_relu", negative_slope=0).dead_at_zero
    assert bound("prelu", init=0.0).dead_at_zero
    assert not bound("clamp", min=0).dead_at_zero
    assert bound("maximum").derivative(0.0) == 0.5
    assert not bound("softmax").dead_at_zero


def test_far_out_nothing_overflows() -> None:
    for name in TORCH:
        activation = bound(name)
        for x in (-1e70, 1e70):
            assert not math.isnan(activation.value(x))
            assert not math.isnan(activation.derivative(x))


def test_calculate_gain_is_torchs() -> None:
    for name in TORCH_GAINS:
        assert calculate_gain(name) == nn.init.calculate_gain(name)
        assert calculate_gain(name, 0.3) == nn.init.calculate_gain(name, 0.3)
        assert calculate_gain(name, 0) == nn.init.calculate_gain(name, 0)
    assert calculate_gain("relu", "fan_out") == nn.init.calculate_gain("relu", "fan_out")


@pytest.mark.parametrize(
    ("name", "param"), [("gelu", None), ("ReLU", None), ("prelu", 0.25), ("leaky_relu", "0.2"), ("leaky_relu", True)]
)
def test_calculate_gain_raises_where_torch_does(name: str, param: object) -> None:
    with pytest.raises(ValueError, match=r".") as theirs:
        nn.init.calculate_gain(name, param)
    with pytest.raises(ValueError, match=r".") as ours:
        calculate_gain(name, param)
    assert str(ours.value) == str(theirs.value)


def test_torch_gain_of_a_row() -> None:
    for name in TORCH:
        torch_name = "linear" if name == "identity" else name
        try:
            expected = nn.init.calculate_gain(torch_name)
        except ValueError:
            expected = None
        assert bound(name).torch_gain == expected
    assert bound("leaky_relu", negative_slope=0.2).torch_gain == nn.init.calculate_gain("leaky_relu", 0.2)


def test_families() -> None:
    families: dict[str, set[str]] = {}
    for name in TORCH:
        families.setdefault(bound(name).family, set()).add(name)
    assert families["relu"] == {
        "relu", "relu6", "leaky_relu", "prelu", "rrelu", "elu", "celu", "gelu", "quick_gelu", "silu", "mish",
        "hardswish", "maximum",
    }  # fmt: skip
    assert families["tanh"] == {"tanh", "softsign", "hardtanh"}
    assert families["sigmoid"] == {"sigmoid", "hardsigmoid"}
    assert families["selu"] == {"selu"}
    assert bound("hardtanh", min_val=0.0, max_val=6.0).family == "relu"
    assert bound("clamp", min=0.0).family == "relu"
    assert bound("clamp", min=-1, max=1).family == "tanh"
    assert bound("clamp", max=3.0).family == "other"
    assert bound("maximum", other=1.0).family == "other"


def test_where_the_gradient_must_be_judged() -> None:
    assert {name for name in TORCH if bound(name).use_gradient} == {
        "sigmoid", "hardsigmoid", "softplus", "logsigmoid", "exp", "threshold",
    }  # fmt: skip
    assert {name for name in TORCH if bound(name).saturating} == {
        "tanh", "softsign", "hardtanh", "sigmoid", "hardsigmoid", "sin", "relu6",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(TORCH))
def test_the_recommended_call_runs_and_lands_in_the_quiet_band(name: str) -> None:
    activation = bound(name)
    advice, band = activation.recommendation, activation.band
    if advice is None:
        assert band is None
        return
    torch.manual_seed(0)
    w = torch.empty(600, 600)
    eval(f"init.{advice.call()}", {"init": nn.init, "w": w})
    if band is not None:
        assert band[0] * 0.98 <= 600 * float(w.pow(2).mean()) <= band[1] * 1.02


def test_recommended_calls() -> None:
    def call(name: str, **parameters: object) -> str | None:
        advice = bound(name, **parameters).recommendation
        return None if advice is None else advice.call()

    for name in ("relu", "gelu", "silu", "mish", "hardswish", "elu", "softplus", "leaky_relu"):
        assert call(name) == "kaiming_normal_(w, nonlinearity='relu')"
    assert call("leaky_relu", negative_slope=0.2) == "kaiming_normal_(w, a=0.2)"
    assert call("prelu") == "kaiming_normal_(w, a=0.25)"
    assert call("rrelu") == "kaiming_normal_(w, a=11 / 48)"
    assert call("selu") == call("identity") == "kaiming_normal_(w, nonlinearity='linear')"
    assert call("tanh") == call("sin") == "xavier_uniform_(w)"
    assert call("sigmoid") == "xavier_uniform_(w, gain=4)"
    for name in ("tanhshrink", "softshrink", "hardshrink", "threshold", "relu_squared", "exp", "softmax", "glu"):
        assert call(name) is None
    assert call("sin", w0=30.0) is None


def test_display() -> None:
    assert bound("relu").display == "ReLU"
    assert bound("leaky_relu").display == "LeakyReLU"
    assert bound("leaky_relu", negative_slope=0.2, inplace=True).display == "LeakyReLU(0.2)"
    assert bound("gelu", approximate="tanh").display == "GELU"
    assert bound("clamp", min=0).display == "clamp(min=0)"
    assert bound("linear").display == "Identity"


def test_an_unknown_setting_gives_nothing() -> None:
    unknown = object()
    assert bind("leaky_relu", {"negative_slope": unknown}) is None
    assert bind("leaky_relu", {"negative_slope": "0.2"}) is None
    assert bind("leaky_relu", {"negative_slope": math.nan}) is None
    assert bind("gelu", {"approximate": unknown}) is None
    assert bind("gelu", {"approximate": 1.0}) is None
    assert bind("clamp", {"min": unknown}) is None
    assert bind("celu", {"alpha": 0.0}) is None
    assert bind("nonsense") is None
    assert bind("relu", {"inplace": unknown}) == bind("relu")
    assert bound("leaky_relu", negative_slope=1) == bound("leaky_relu", negative_slope=1.0)


def test_what_is_not_elementwise_has_no_values() -> None:
    softmax = bound("softmax")
    assert not softmax.elementwise
    with pytest.raises(ValueError, match="not elementwise"):
        softmax.value(0.0)
    with pytest.raises(ValueError, match="not elementwise"):
        softmax.derivative(0.0)
