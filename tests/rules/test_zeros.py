"""INI201 to INI205: zeros and constants."""

from __future__ import annotations

import pytest

from initlint.model.finding import Severity
from initlint.model.graph import Role
from initlint.rules.registry import entries
from tests.rules.build import HE, ONES, XAVIER, ZEROS, Build

CONSTANT = ("constant_", {"val": 0.1})
NEGATIVE = ("constant_", {"val": -0.1})


def findings(code, program, claimed=frozenset()):
    return list(entries()[code].run(program, claimed))


def only(code, program):
    (found,) = findings(code, program)
    return found


def zero_before(activation, bias=ZEROS, norm=None, **settings):
    b = Build()
    at = b.fc(b.input(), ZEROS, bias=bias)
    at = b.norm_module(at, norm) if norm else at
    return b.finish(b.fc(b.act(activation, at, **settings)))


@pytest.mark.parametrize(
    ("activation", "bias", "severity"),
    [
        ("relu", ZEROS, Severity.ERROR), ("relu", None, Severity.ERROR), ("relu", NEGATIVE, Severity.ERROR),
        ("relu", "default", Severity.WARNING), ("relu", CONSTANT, None),
        ("relu6", ZEROS, Severity.ERROR), ("softshrink", ZEROS, Severity.ERROR), ("hardshrink", ZEROS, Severity.ERROR),
        ("tanhshrink", ZEROS, Severity.ERROR), ("relu_squared", ZEROS, Severity.ERROR), ("abs", ZEROS, Severity.ERROR),
        ("leaky_relu", ZEROS, None), ("gelu", ZEROS, None), ("silu", ZEROS, None), ("elu", ZEROS, None),
        ("tanh", ZEROS, None), ("sigmoid", ZEROS, None), ("softplus", ZEROS, None), ("prelu", ZEROS, None),
    ],
)
def test_zero_layer(activation, bias, severity):
    found = findings("INI201", zero_before(activation, bias))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


def test_zero_layer_with_settings():
    assert findings("INI201", zero_before("leaky_relu", negative_slope=0.0))
    assert findings("INI201", zero_before("hardtanh", min_val=0.0, max_val=6.0))
    assert not findings("INI201", zero_before("hardtanh"))
    assert not findings("INI201", zero_before("clamp", min=0.0))


@pytest.mark.parametrize(("norm", "bias", "severity"), [
    ("batch_norm", "default", Severity.ERROR), ("layer_norm", ZEROS, Severity.ERROR),
    ("layer_norm", "default", Severity.WARNING),
])
def test_zero_layer_through_a_norm(norm, bias, severity):
    assert only("INI201", zero_before("relu", bias, norm)).severity is severity


def test_a_norm_with_a_bias_of_its_own_wakes_the_units():
    b = Build()
    at = b.norm_module(b.fc(b.input(), ZEROS, bias=ZEROS), bias=CONSTANT)
    assert findings("INI201", b.finish(b.fc(b.act("relu", at)))) == []


def test_zeros_that_are_right():
    b = Build()
    x = b.input()
    branch = b.fc(b.act("relu", b.fc(x, HE)), ZEROS, bias=ZEROS)
    residual = b.act("relu", b.add(x, branch))
    joined = b.act("relu", b.node(Role.CONCAT, "cat", b.fc(residual, ZEROS, bias=ZEROS), residual))
    head = b.fc(joined, ZEROS, bias=ZEROS)
    assert findings("INI201", b.finish(head)) == []


def test_message_and_fix_of_a_zero_layer():
    found = only("INI201", zero_before("relu"))
    assert found.message == (
        "`fc0` is all zeros before ReLU (line 102): its gradient and that of everything below is exactly zero, for "
        "ever; use `kaiming_normal_(weight, nonlinearity='relu')`"
    )
    (change,) = found.fix.changes
    assert (change.function, change.arguments) == ("kaiming_normal_", ("nonlinearity='relu'",))
    assert found.subjects >= {"fc0.weight"}


def test_unknown_is_silent():
    for changes in ({"complete": False}, {"loaded": True}, {"trainable": False}):
        b = Build()
        at = b.act("relu", b.fc(b.input(), ZEROS, bias=ZEROS, **changes))
        assert findings("INI201", b.finish(b.fc(at))) == []
    b = Build()
    hidden = b.fc(b.input(), ZEROS, bias=ZEROS)
    b.node(Role.UNKNOWN, "helper", hidden)
    assert findings("INI201", b.finish(b.act("relu", hidden))) == []


def chain(first, second, activation=None, bias=None):
    b = Build()
    at = b.fc(b.input(), first, bias=bias)
    at = b.act(activation, at) if activation else at
    return b.finish(b.fc(at, second, bias="default"))


@pytest.mark.parametrize(
    ("first", "second", "activation", "bias", "count"),
    [
        (ZEROS, ZEROS, None, None, 1), (ZEROS, ZEROS, "tanh", ZEROS, 1), (ZEROS, ZEROS, "relu", ZEROS, 1),
        (ZEROS, ZEROS, "sigmoid", ZEROS, 0), (ZEROS, ZEROS, "gelu", "default", 0),
        (HE, ZEROS, None, None, 0), (ZEROS, HE, "tanh", None, 0),
    ],
)
def test_two_zero_layers_in_a_row(first, second, activation, bias, count):
    assert len(findings("INI202", chain(first, second, activation, bias))) == count


def test_a_zero_branch_under_a_zero_gate():
    for gate, end, count in ((ZEROS, ZEROS, 1), (ONES, ZEROS, 0), (ZEROS, HE, 0)):
        b = Build()
        x = b.input()
        branch = b.fc(b.act("relu", b.fc(x, HE)), end, bias=ZEROS)
        scaled = b.mul(b.own("alpha", gate), branch)
        assert len(findings("INI202", b.finish(b.fc(b.add(x, scaled))))) == count


def test_one_plus_gamma_is_not_zero():
    b = Build()
    branch = b.fc(b.input(), ZEROS, bias=None)
    shifted = b.passing(b.own("gamma", ZEROS), "add", other=1.0)
    assert findings("INI202", b.finish(b.mul(shifted, branch))) == []


def test_a_zero_norm_scale_behind_a_zero_layer():
    b = Build()
    x = b.input()
    branch = b.norm_module(b.fc(x, ZEROS, bias=None), "batch_norm", ZEROS)
    assert len(findings("INI202", b.finish(b.fc(b.add(x, branch))))) == 1


def test_gated_unit_with_two_zero_parts():
    for gate, value, down, count in ((ZEROS, ZEROS, HE, 1), (ZEROS, HE, ZEROS, 1), (ZEROS, HE, HE, 0)):
        b = Build()
        x = b.input()
        product = b.mul(b.act("silu", b.fc(x, gate, bias=None)), b.fc(x, value, bias=None))
        assert len(findings("INI202", b.finish(b.fc(product, down, bias=None)))) == count


def test_zero_queries_and_keys_are_a_warning():
    b = Build()
    x = b.input()
    q, k, v = (b.fc(x, init, bias=None) for init in (ZEROS, ZEROS, XAVIER))
    found = only("INI202", b.finish(b.fc(b.node(Role.ATTENTION, "scaled_dot_product_attention", q, k, v))))
    assert found.severity is Severity.WARNING
    b = Build()
    x = b.input()
    q, k, v = (b.fc(x, init, bias=None) for init in (XAVIER, XAVIER, ZEROS))
    found = only("INI202", b.finish(b.fc(b.node(Role.ATTENTION, "scaled_dot_product_attention", q, k, v), ZEROS)))
    assert found.severity is Severity.ERROR


def test_a_factor_that_something_else_reads_can_move():
    b = Build()
    a = b.fc(b.input(), ZEROS, bias=None)
    second = b.fc(a, ZEROS, bias=None)
    assert findings("INI202", b.finish(b.add(second, b.fc(a, HE)))) == []


def norm_scale(activation="relu", weight=ZEROS, bias=ZEROS, skip=False):
    b = Build()
    x = b.input()
    at = b.norm_module(b.fc(x), "batch_norm", weight, bias)
    at = b.add(at, x) if skip else at
    return b.finish(b.fc(b.act(activation, at)))


def test_zero_norm_scale():
    found = only("INI203", norm_scale())
    assert found.severity is Severity.ERROR
    assert "the scale of `norm0` is zero right before ReLU" in found.message
    assert found.fix is not None
    assert findings("INI203", norm_scale("gelu")) == []
    assert findings("INI203", norm_scale(bias=CONSTANT)) == []
    assert findings("INI203", norm_scale(weight=ONES)) == []
    assert findings("INI203", norm_scale(skip=True)) == []


def under_norm(norm="layer_norm", init=ZEROS, bias=ZEROS, skip=False, **changes):
    b = Build()
    x = b.input()
    at = b.fc(x, init, bias=bias, **changes)
    at = b.add(at, x) if skip else at
    return b.finish(b.fc(b.act("gelu", b.norm(at, norm))))


def test_zero_under_norm():
    assert only("INI204", under_norm()).severity is Severity.WARNING
    assert findings("INI204", under_norm("batch_norm", bias="default"))
    assert findings("INI204", under_norm("layer_norm", bias="default")) == []
    assert findings("INI204", under_norm(skip=True)) == []
    assert findings("INI204", under_norm(init=HE)) == []
    assert only("INI204", under_norm(reparametrized="weight_norm")).severity is Severity.ERROR


def constants(first, second, bias=ZEROS, norm=False, shape=(32, 32)):
    b = Build()
    at = b.layer("Linear", b.input(), shape, first, bias=bias)
    at = b.norm(at) if norm else at
    return b.finish(b.layer("Linear", b.act("tanh", at), (10, 32), second, bias=ZEROS))


def test_constant_weights():
    assert only("INI205", constants(CONSTANT, CONSTANT)).severity is Severity.ERROR
    assert only("INI205", constants(CONSTANT, CONSTANT, bias="default")).severity is Severity.ERROR
    assert findings("INI205", constants(CONSTANT, XAVIER)) == []
    assert findings("INI205", constants(CONSTANT, CONSTANT, shape=(1, 32))) == []
    assert "gives out zero" in only("INI205", constants(CONSTANT, XAVIER, norm=True)).message
    assert "1024 times" in only("INI205", constants(ONES, XAVIER)).message
    assert findings("INI205", constants(XAVIER, CONSTANT)) == []


def test_a_constant_message_claims_nothing_for_ever_about_one_layer():
    assert "for ever" not in only("INI205", constants(ONES, XAVIER)).message
