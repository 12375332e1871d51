"""Moments, gains and critical variances against the literature's numbers and dense numerical integration."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from initlint.signal.activations import ACTIVATIONS, Nonlinearity, bind
from initlint.signal.moments import (
    _quadrature,
    critical_variance,
    forward_moment,
    gain,
    gradient_factor_at_gain,
    gradient_gain,
    gradient_moment,
    moments,
    stability,
)

ELEMENTWISE = sorted(row.name for row in ACTIVATIONS.values() if row.elementwise)


def bound(name: str, **parameters: object) -> Nonlinearity:
    found = bind(name, parameters)
    assert found is not None
    return found


def half_digit(text: str) -> float:
    """Half a unit of the last digit printed."""
    mantissa, _, exponent = text.partition("e")
    return 0.501 * 10.0 ** (-len(mantissa.partition(".")[2]) + int(exponent or 0))


GAINS = [
    # activation, settings, E f², g_f, g_f², g_b, χ, dq'/dq at the gain
    ("identity", {}, "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "1.000"),
    ("relu", {}, "0.5000", "1.4142", "2.0000", "1.4142", "1.0000", "1.000"),
    ("relu6", {}, "0.5000", "1.4142", "2.0000", "1.4142", "1.0000", "1.000"),
    ("leaky_relu", {"negative_slope": 0.01}, "0.5000", "1.4141", "1.9998", "1.4141", "1", "1"),
    ("leaky_relu", {"negative_slope": 0.1}, "0.5050", "1.4072", "1.980", "1.4072", "1", "1"),
    ("leaky_relu", {"negative_slope": 0.2}, "0.5200", "1.3868", "1.923", "1.3868", "1", "1"),
    ("leaky_relu", {"negative_slope": 0.3}, "0.5450", "1.3546", "1.835", "1.3546", "1", "1"),
    ("prelu", {}, "0.5312", "1.3720", "1.8824", "1.3720", "1", "1"),
    ("rrelu", {"training": True}, "0.5281", "1.3761", "1.894", "1.3761", "1", "1"),
    ("rrelu", {"training": False}, "0.5263", "1.3785", "1.900", "1.3785", "1", "1"),
    ("elu", {}, "0.6449", "1.2452", "1.5505", "1.2234", "1.0359", "0.891"),
    ("celu", {}, "0.6449", "1.2452", "1.5505", "1.2234", "1.0359", "0.891"),
    ("selu", {}, "1.0000", "1.0000", "1.0000", "0.9660", "1.0716", "0.783"),
    ("gelu", {}, "0.4252", "1.5335", "2.3517", "1.4811", "1.0720", "1.144"),
    ("gelu", {"approximate": "tanh"}, "0.4252", "1.5336", "2.3519", "1.4812", "1.0720", "1.144"),
    ("quick_gelu", {}, "0.4220", "1.5395", "2.3699", "1.4915", "1.0654", "1.136"),
    ("silu", {}, "0.3558", "1.6765", "2.8108", "1.6233", "1.0666", "1.173"),
    ("mish", {}, "0.4523", "1.4868", "2.2107", "1.4448", "1.0591", "1.076"),
    ("hardswish", {}, "0.3316", "1.7367", "3.0160", "1.6701", "1.0813", "1.224"),
    ("hardtanh", {}, "0.5161", "1.3920", "1.9378", "1.2103", "1.3229", "0.385"),
    ("softplus", {}, "0.9212", "1.0419", "1.0855", "1.8462", "0.3185", "0.492"),
    ("softsign", {}, "0.1830", "2.3375", "5.4641", "2.0958", "1.2440", "0.477"),
    ("tanh", {}, "0.3943", "1.5925", "2.5362", "1.4674", "1.1778", "0.461"),
    ("sigmoid", {}, "0.2934", "1.8462", "3.4086", "4.7226", "0.1528", "0.106"),
    ("hardsigmoid", {}, "0.2776", "1.8978", "3.6018", "6.0081", "0.0998", "0.097"),
    ("logsigmoid", {}, "0.9212", "1.0419", "1.0855", "1.8462", "0.3185", "0.492"),
    ("tanhshrink", {}, "0.1829", "2.3384", "5.468", "1.9881", "1.3834", "1.826"),
    ("softshrink", {}, "0.4193", "1.5444", "2.3850", "1.2730", "1.4718", "1.472"),
    ("hardshrink", {}, "0.9691", "1.0158", "1.0318", "1.2730", "0.637", None),
    ("threshold", {}, "216.4", "0.0680", "0.0046", "1.474", "0.002", None),
    ("relu_squared", {}, "1.5000", "0.8165", "0.6667", "0.7071", "1.3333", "2.000"),
    ("sin", {}, "0.4323", "1.5209", "2.313", "1.327", "1.313", "0.31"),
    ("sin", {"w0": 30.0}, "0.5000", "1.4142", "2.000", "0.0471", "900", "0"),
    ("exp", {}, "7.389", "0.3679", "0.1353", "0.3679", "1", "2"),
]


@pytest.mark.parametrize(("name", "parameters", "square", "g_f", "g_f2", "g_b", "chi", "slope"), GAINS)
def test_gain_table(
    name: str, parameters: dict[str, object], square: str, g_f: str, g_f2: str, g_b: str, chi: str, slope: str | None
) -> None:
    activation = bound(name, **parameters)
    for computed, printed in (
        (forward_moment(activation), square),
        (gain(activation), g_f),
        (gain(activation) ** 2, g_f2),
        (gradient_gain(activation), g_b),
        (gradient_factor_at_gain(activation), chi),
        *(() if slope is None else ((stability(activation), slope),)),
    ):
        assert computed == pytest.approx(float(printed), abs=half_digit(printed))


def test_the_gain_table_has_every_activation_of_torch() -> None:
    assert set(ELEMENTWISE) - {row[0] for row in GAINS} == {"clamp", "maximum", "abs", "square"}


@pytest.mark.parametrize("q", [1e-8, 0.03, 1.0, 40.0, 1e4])
@pytest.mark.parametrize("name", sorted({*ELEMENTWISE} - {"rrelu", "exp"}))
def test_moments_against_dense_integration(name: str, q: float) -> None:
    """A fine trapezoid resolves kinks and scales by brute force. (RReLU is random, exp has no tail to cut.)"""
    activation = bound(name)
    z = torch.linspace(-8, 8, 6_000, dtype=torch.float64)
    density = torch.exp(-0.5 * z * z)
    density /= density.sum()
    x = (math.sqrt(q) * z).tolist()
    value = torch.tensor([activation.value(p) for p in x], dtype=torch.float64)
    slope = torch.tensor([activation.derivative(p) for p in x], dtype=torch.float64)
    forward, backward = moments(activation, q)
    assert forward == pytest.approx(float((density * value * value).sum()), rel=3e-3)
    # a jump of the derivative falls between two nodes and is worth up to half a node of the density
    assert backward == pytest.approx(float((density * slope * slope).sum()), rel=3e-3, abs=1e-3)


@pytest.mark.parametrize("q", [1e-6, 0.1, 1.0, 30.0, 1e6])
def test_gelu_against_its_closed_form(q: float) -> None:
    """Tsuchida, Pearce, van der Heide, Roosta & Gallagher 2021, the kernel of GELU on the diagonal."""
    expected = q / 4 + q / (2 * math.pi) * (math.asin(q / (1 + q)) + 2 * q / ((1 + q) * math.sqrt(1 + 2 * q)))
    assert forward_moment(bound("gelu"), q) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("q", [0.01, 1.0, 50.0])
def test_hardtanh_against_its_closed_form(q: float) -> None:
    edge = 1 / math.sqrt(q)
    inside, density = math.erf(edge / math.sqrt(2)), math.exp(-0.5 * edge * edge) / math.sqrt(2 * math.pi)
    assert gradient_moment(bound("hardtanh"), q) == pytest.approx(inside, rel=1e-12)
    assert forward_moment(bound("hardtanh"), q) == pytest.approx(
        q * (inside - 2 * edge * density) + 1 - inside, rel=1e-12
    )


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("relu", {}), ("leaky_relu", {"negative_slope": 0.3}), ("sin", {"w0": 2.0}), ("square", {}), ("relu_squared", {})],
)
@pytest.mark.parametrize("q", [1e-10, 0.2, 1.0, 7.0])
def test_closed_forms_against_quadrature(name: str, parameters: dict[str, object], q: float) -> None:
    activation = bound(name, **parameters)
    assert moments(activation, q) == pytest.approx(_quadrature(activation, q), rel=1e-10)


@given(
    slope=st.floats(-2, 2),
    q=st.floats(1e-12, 1e12),
    factor=st.floats(1e-6, 1e6),
)
def test_positively_homogeneous_functions_are_scale_free(slope: float, q: float, factor: float) -> None:
    activation = bound("leaky_relu", negative_slope=slope)
    assert forward_moment(activation, q * factor) == pytest.approx(factor * forward_moment(activation, q))
    assert gradient_moment(activation, q) == gradient_moment(activation, 1.0)
    assert stability(activation) == pytest.approx(1.0)


@given(name=st.sampled_from(ELEMENTWISE), exponent=st.floats(-200, 60))
def test_moments_are_finite_and_not_negative(name: str, exponent: float) -> None:
    forward, backward = moments(bound(name), 10.0**exponent)
    assert min(forward, backward) >= 0
    assert math.isfinite(forward + backward) or name == "exp"


@given(name=st.sampled_from(["tanh", "relu", "gelu", "silu", "selu", "softsign", "hardtanh"]), q=st.floats(1e-3, 1e3))
def test_moments_grow_with_the_signal(name: str, q: float) -> None:
    activation = bound(name)
    assert forward_moment(activation, 1.1 * q) > forward_moment(activation, q)


def test_at_zero() -> None:
    assert moments(bound("relu"), 0.0) == (0.0, 0.0)
    assert moments(bound("sigmoid"), 0.0) == (0.25, 0.0625)
    with pytest.raises(ValueError, match="cannot be"):
        moments(bound("relu"), -1.0)
    with pytest.raises(ValueError, match="cannot be"):
        moments(bound("relu"), math.nan)
    with pytest.raises(ValueError, match="not elementwise"):
        moments(bound("softmax"), 1.0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gelu", 1.98306), ("silu", 1.98801), ("mish", 2.01352), ("hardswish", 1.97329), ("relu", 2.0), ("tanh", 1.0),
        ("identity", 1.0), ("sin", 1.0), ("prelu", 2 / (1 + 0.25**2)),
    ],
)  # fmt: skip
def test_critical_weight_variance(name: str, expected: float) -> None:
    assert critical_variance(bound(name)) == pytest.approx(expected, abs=1e-5)


def test_no_critical_variance() -> None:
    for name in ("sigmoid", "softplus", "tanhshrink", "relu_squared"):
        assert critical_variance(bound(name)) is None
