"""The thresholds, and how many layers it takes to reach them."""

from __future__ import annotations

import pytest

from initlint.signal.activations import Nonlinearity, bind
from initlint.signal.propagation import Step, propagate
from initlint.signal.severity import (
    COLLAPSE,
    EXPLOSION,
    collapse,
    collapse_factor,
    explosion,
    explosion_factor,
    hidden_layers_to,
)

DEFAULT, XAVIER, HE = 1 / 3, 1.0, 2.0


def bound(name: str, **parameters: object) -> Nonlinearity:
    found = bind(name, parameters)
    assert found is not None
    return found


NEEDED = [
    # activation, s2, hidden layers to warning and to error by collapse
    ("relu", DEFAULT, 6, 9), ("relu", XAVIER, 15, 21), ("relu", HE, None, None),
    ("gelu", DEFAULT, 5, 7), ("gelu", XAVIER, 9, 12), ("gelu", HE, 26, 33),
    ("silu", DEFAULT, 5, 7), ("silu", XAVIER, 9, 12), ("silu", HE, 19, 26),
    ("mish", DEFAULT, 5, 8), ("mish", XAVIER, 11, 16), ("mish", HE, 46, 60),
    ("hardswish", DEFAULT, 5, 7), ("hardswish", XAVIER, 8, 12), ("hardswish", HE, 18, 25),
    ("elu", DEFAULT, 8, 12), ("elu", XAVIER, None, None),
    ("selu", DEFAULT, 18, 31),
    ("tanh", DEFAULT, 8, 12), ("tanh", XAVIER, None, None),
    ("softsign", DEFAULT, 7, 11),
    ("sigmoid", DEFAULT, 4, 5), ("sigmoid", XAVIER, 5, 6), ("sigmoid", HE, 5, 7),
    ("softplus", DEFAULT, 5, 7), ("softplus", XAVIER, 9, 13),
    ("relu", 4e-4 * 256, 4, 5), ("relu", 4e-4 * 1024, 7, 10),
]  # fmt: skip


@pytest.mark.parametrize(("name", "s2", "warning", "error"), NEEDED)
def test_layers_needed_to_collapse(name: str, s2: float, warning: int | None, error: int | None) -> None:
    assert hidden_layers_to(1e-4, s2, bound(name), limit=100) == warning
    assert hidden_layers_to(1e-6, s2, bound(name), limit=100) == error


@pytest.mark.parametrize(
    ("name", "s2", "warning", "error"), [("relu", 256.0, 1, 3), ("tanh", HE, 56, None), ("relu", HE, None, None)]
)
def test_layers_needed_to_explode(name: str, s2: float, warning: int | None, error: int | None) -> None:
    assert hidden_layers_to(1e2, s2, bound(name), limit=100) == warning
    assert hidden_layers_to(1e5, s2, bound(name), limit=100) == error


def test_levels() -> None:
    relu = bound("relu")

    def at(s2: float) -> tuple[str | None, str | None]:
        run = propagate([Step(s2, relu)])
        return collapse(run), explosion(run)

    # over one layer the factor is s2, and G is 1
    assert at(0.9e-6) == ("error", None)
    assert at(1.1e-6) == ("warning", None)
    assert at(0.9e-4) == ("warning", None)
    assert at(1.1e-4) == ("info", None)
    assert at(1.1e-2) == (None, None)
    assert at(9.0) == (None, None)
    assert at(11.0) == (None, "info")
    assert at(110.0) == (None, "warning")
    assert at(1.1e5) == (None, "error")
    assert [threshold for threshold, _ in COLLAPSE] == [1e-6, 1e-4, 1e-2]
    assert [threshold for threshold, _ in EXPLOSION] == [1e5, 1e2, 1e1]


def test_a_mean_is_not_a_signal() -> None:
    """Behind sigmoids the total stays at a healthy .08 while nothing of the input is left."""
    run = propagate([Step(DEFAULT, bound("sigmoid"))] * 8)
    assert run.forward > 0.05
    assert collapse(run) == "error"


def test_a_bounded_signal_cannot_show_an_explosion() -> None:
    """N(0, 1) before tanh at width 256: the first pre-activation is 256, harmless by itself; the gradient tells."""
    one, many = (propagate([Step(256.0, bound("tanh"))] * n) for n in (1, 8))
    assert explosion(one) is None
    assert explosion(many) == "error"
    assert explosion_factor(many) == many.backward


def test_shapes_alone_are_not_reported() -> None:
    """He's fan_in on widening layers, fan_out on narrowing ones: one side is balanced, the other telescopes."""
    relu = bound("relu")
    widening = propagate([Step(HE, relu, 4.0)] * 6)
    assert widening.backward > 1e3
    assert explosion(widening) is None
    narrowing = propagate([Step(HE, relu, 1 / 4)] * 6)
    assert narrowing.backward < 1e-2
    assert collapse(narrowing) is None
    fan_out = propagate([Step(HE * 4, relu, 1 / 4)] * 6)
    assert fan_out.forward > 1e3
    assert explosion(fan_out) is None
    unscaled = propagate([Step(256.0, relu, 1 / 4)] * 3)
    assert explosion(unscaled) == "warning"


def test_a_narrowing_run_may_still_collapse() -> None:
    run = propagate([Step(DEFAULT, bound("relu"), 1 / 2)] * 9)
    assert collapse(run) == "error"
    assert collapse_factor(run) == pytest.approx(run.forward)
