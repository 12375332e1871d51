"""INI101 to INI107: what compounds over a run of layers."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from initlint.model.change import InitializeLayers, RemoveArgument, ReplaceInit, SetArgument
from initlint.model.finding import Severity
from initlint.model.graph import Role
from initlint.model.program import Origin
from initlint.rules.registry import entries
from tests.rules.build import HE, XAVIER, Build, normal


def findings(code, program, claimed=frozenset()):
    return list(entries()[code].run(program, claimed))


def only(code, program):
    (found,) = findings(code, program)
    return found


@pytest.mark.parametrize(
    ("depth", "activation", "severity"),
    [
        (5, "relu", None), (6, "relu", Severity.WARNING), (8, "relu", Severity.WARNING), (9, "relu", Severity.ERROR),
        (4, "gelu", None), (5, "gelu", Severity.WARNING), (7, "gelu", Severity.ERROR),
        (7, "tanh", None), (8, "tanh", Severity.WARNING), (12, "tanh", Severity.ERROR),
    ],
)
def test_default_stacks_collapse_at_the_known_depths(depth, activation, severity):
    found = findings("INI101", Build().stack(depth, activation))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


def test_message_of_a_default_stack():
    found = only("INI101", Build().stack(10, "relu"))
    assert found.message == (
        "10 ReLU layers in a row (`fc0` to `fc9`), left at torch's default, keep 3e-08 of the signal (×0.17 a layer); "
        "use `kaiming_normal_(weight, nonlinearity='relu')`, or add normalisation"
    )
    assert found.span.line == 5
    assert found.layer == "Net.fc0"
    assert found.subjects == {f"fc{index}.weight" for index in range(10)}


def test_a_default_stack_is_mended_by_one_loop():
    (change,) = only("INI101", Build().stack(10, "relu")).fix.changes
    assert isinstance(change, InitializeLayers)
    assert change.kinds == ("Linear",)
    assert change.targets[:2] == ("self.fc0", "self.fc1")
    assert change.statements == ("{init}.kaiming_normal_({target}.weight, nonlinearity='relu')",)


def test_an_explicit_stack_is_mended_at_its_call():
    found = only("INI101", Build().stack(16, "relu", XAVIER, call="loop"))
    (change,) = found.fix.changes
    assert change == ReplaceInit(change.call, "kaiming_uniform_", ("nonlinearity='relu'",))
    assert found.span == change.call.span
    assert "initialised by `xavier_uniform_`" in found.message


def test_a_call_that_reaches_another_activation_is_left_alone():
    b = Build()
    at = b.input()
    for _ in range(16):
        at = b.act("relu", b.fc(at, XAVIER, call="loop"))
    gate = b.act("tanh", b.fc(at, XAVIER, call="loop"))
    found = only("INI101", b.finish(b.fc(gate)))
    assert found.fix is None


def test_the_right_scale_is_not_to_blame_for_depth():
    found = only("INI101", Build().stack(40, "gelu", HE))
    assert "no initialisation holds that deep" in found.message
    assert found.fix is None


def test_sigmoids_are_judged_by_their_gradient():
    assert "of the gradient" in only("INI101", Build().stack(6, "sigmoid", XAVIER)).message
    assert findings("INI101", Build().stack(4, "sigmoid", ("xavier_uniform_", {"gain": 4.0}))) == []


@pytest.mark.parametrize("crossing", ["norm", "residual", "gate", "unknown"])
def test_what_follows_the_run_decides(crossing):
    b = Build()
    at = first = b.input()
    for _ in range(10):
        at = b.act("relu", b.fc(at))
    last = b.fc(at)
    outs = {"norm": lambda: b.norm(last), "residual": lambda: b.add(last, first), "gate": lambda: b.mul(last, first)}
    program = b.finish(outs[crossing]() if crossing in outs else last, entry=crossing != "unknown")
    assert findings("INI101", program) == []


def test_layers_with_a_finding_of_their_own_do_not_count():
    program = Build().stack(6, "relu")
    assert findings("INI101", program)
    assert findings("INI101", program, frozenset({"fc2.weight"})) == []


def test_one_finding_where_runs_fork():
    b = Build()
    trunk = b.input()
    for _ in range(7):
        trunk = b.act("relu", b.fc(trunk))
    heads = [b.fc(b.act("relu", b.fc(trunk))) for _ in range(2)]
    assert len(findings("INI101", b.finish(*heads))) == 1


@pytest.mark.parametrize(
    ("depth", "std", "severity"),
    [
        (1, 1.0, None), (2, 1.0, Severity.WARNING), (3, 1.0, Severity.ERROR), (10, 0.15, Severity.WARNING),
        (10, 0.08, None),
    ],
)
def test_explosions(depth, std, severity):
    found = findings("INI102", Build().stack(depth, "relu", normal(std)))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


def test_message_of_an_explosion():
    found = only("INI102", Build().stack(3, "relu", normal(1.0), call="loop"))
    assert found.message == (
        "3 ReLU layers in a row (`fc0` to `fc2`), initialised by `normal_`, multiply the signal by 4e+06 (×128 a "
        "layer); use `kaiming_normal_(weight, nonlinearity='relu')`"
    )


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "gelu", "silu", "mish", "elu", "hardswish"])
@pytest.mark.parametrize(
    "init",
    [XAVIER, ("orthogonal_", {"gain": 1}), ("kaiming_normal_", {"a": 0, "mode": "fan_in", "nonlinearity": "linear"})],
)
def test_schemes_for_others_before_rectifiers(activation, init):
    found = findings("INI103", Build().stack(1, activation, init))
    assert [finding.severity for finding in found] == [Severity.NOTE]


@pytest.mark.parametrize(("activation", "count"), [("relu", 1), ("gelu", 0)])
def test_a_gain_that_happens_to_fit_is_silent(activation, count):
    """tanh's 25/9 is 18 % from GELU's 2.35, and 39 % from ReLU's 2."""
    init = ("kaiming_uniform_", {"a": 0, "mode": "fan_in", "nonlinearity": "tanh"})
    assert len(findings("INI103", Build().stack(1, activation, init))) == count


def test_message_of_a_mismatch():
    found = only("INI103", Build().stack(3, "relu", XAVIER, call="loop"))
    assert found.message == (
        "`xavier_uniform_` before ReLU (line 102) keeps 0.5 of the signal a layer (0.12 over 3 in a row) at `fc0`, "
        "`fc1` and `fc2`; use `kaiming_uniform_(weight, nonlinearity='relu')`"
    )
    (change,) = found.fix.changes
    assert (change.function, change.arguments) == ("kaiming_uniform_", ("nonlinearity='relu'",))


def test_a_deep_mismatch_is_a_warning():
    assert only("INI103", Build().stack(8, "relu", XAVIER, call="loop")).severity is Severity.WARNING


def test_a_literal_gain_is_the_authors_choice_and_a_computed_one_of_another_family_is_not():
    program = Build().stack(1, "relu", ("xavier_uniform_", {"gain": 5 / 3}))
    assert findings("INI103", program) == []
    computed = tuple(replace(one, origins=(Origin("gain", gain=True),)) for one in program.calls)
    assert len(findings("INI103", replace(program, calls=computed))) == 1
    right = Build().stack(1, "relu", ("xavier_uniform_", {"gain": math.sqrt(2)}))
    computed = tuple(replace(one, origins=(Origin("gain", gain=True),)) for one in right.calls)
    assert findings("INI103", replace(right, calls=computed)) == []


@pytest.mark.parametrize(
    ("activation", "init"),
    [("tanh", HE), ("tanh", XAVIER), ("sigmoid", XAVIER), ("selu", XAVIER), ("relu", HE),
     ("relu", ("kaiming_uniform_", {"a": math.sqrt(5), "mode": "fan_in", "nonlinearity": "leaky_relu"})),
     ("relu", ("kaiming_uniform_", {"a": 1, "mode": "fan_in", "nonlinearity": "leaky_relu"}))],
)
def test_no_mismatch(activation, init):
    assert findings("INI103", Build().stack(2, activation, init)) == []


def test_dims_that_make_it_right_are_silent():
    b = Build()
    wide = b.act("relu", b.layer("Linear", b.input(), (64, 512), XAVIER))
    assert findings("INI103", b.finish(b.fc(wide))) == []


@pytest.mark.parametrize(
    "close",
    [
        lambda b, x, out: b.add(x, out),
        lambda b, x, out: b.mul(x, b.act("sigmoid", out)),
        lambda b, x, out: b.node(Role.ATTENTION, "scaled_dot_product_attention", out, x, x),
        lambda b, x, out: b.norm(out),
    ],
    ids=["residual", "gate", "attention", "norm"],
)
def test_no_mismatch_in_branches_gates_and_attention_and_before_norms(close):
    b = Build()
    x = b.input()
    out = b.fc(b.act("relu", b.fc(x, XAVIER)))
    assert findings("INI103", b.finish(close(b, x, out))) == []


def test_no_mismatch_right_behind_a_norm_or_under_one():
    b = Build()
    behind = b.act("relu", b.fc(b.norm(b.input()), XAVIER))
    under = b.act("relu", b.norm(b.fc(behind, XAVIER)))
    assert findings("INI103", b.finish(b.fc(under))) == []


def test_orthogonal_stays_orthogonal():
    found = only("INI103", Build().stack(2, "relu", ("orthogonal_", {"gain": 1}), call="loop"))
    (change,) = found.fix.changes
    assert isinstance(change, SetArgument)
    assert (change.name, change.value) == ("gain", "2**0.5")


def test_ignored_slope_before_relu_and_before_leaky_relu():
    ignored = ("kaiming_normal_", {"a": 0.2, "mode": "fan_in", "nonlinearity": "relu"})
    found = only("INI104", Build().stack(1, "relu", ignored))
    assert isinstance(found.fix.changes[0], RemoveArgument)
    b = Build()
    program = b.finish(b.fc(b.act("leaky_relu", b.fc(b.input(), ignored), negative_slope=0.2)))
    assert only("INI104", program).fix.changes[0] == SetArgument(
        program.calls[0].call, "nonlinearity", "'leaky_relu'", 3
    )
    for quiet in ({"a": 0, "nonlinearity": "relu"}, {"a": 0.2, "nonlinearity": "leaky_relu"}):
        assert findings("INI104", Build().stack(1, "relu", ("kaiming_normal_", quiet))) == []


@pytest.mark.parametrize(
    ("depth", "init", "count"),
    [(2, XAVIER, 0), (3, XAVIER, 1), (5, HE, 1), (3, ("xavier_uniform_", {"gain": 4.0}), 0)],
)
def test_sigmoid_stacks(depth, init, count):
    found = findings("INI105", Build().stack(depth, "sigmoid", init, call="loop"))
    assert len(found) == count
    if found:
        (change,) = found[0].fix.changes
        assert change.arguments == ("gain=4",)


def test_leaky_slope_missing():
    def leaky(slope, **arguments):
        b = Build()
        init = ("kaiming_normal_", {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"} | arguments)
        return b.finish(b.fc(b.act("leaky_relu", b.fc(b.input(), init), negative_slope=slope)))

    found = only("INI106", leaky(0.2, nonlinearity="relu"))
    assert found.fix.changes[0].value == "0.2"
    assert len(found.fix.changes) == 2
    assert findings("INI106", leaky(0.1)) == []
    assert findings("INI106", leaky(0.2, a=0.2)) == []


def test_per_layer_gain():
    found = findings("INI107", Build().stack(2, "relu"))
    assert [finding.layer for finding in found] == ["Net.fc0", "Net.fc1"]
    assert "0.33/fan_in" in found[0].message
    assert findings("INI107", Build().stack(2, "relu", XAVIER)) == []
    assert findings("INI107", Build().stack(2, "tanh", HE)) == []


def test_per_layer_gain_leaves_the_last_layer_alone():
    """A head before a ReLU, as image classifiers made of convolutions alone have it."""
    build = Build()
    signal = build.act("relu", build.fc(build.input()))
    found = findings("INI107", build.finish(build.act("relu", build.fc(signal))))
    assert [finding.layer for finding in found] == ["Net.fc0"]


@pytest.mark.parametrize(("std", "rewritten"), [(0.04, True), (0.01, False)])
def test_a_call_that_made_a_head_small_on_purpose_is_not_rewritten(std, rewritten):
    """Torch's default has a variance of 1 / (3 * 256), a standard deviation of 0.036."""
    build = Build()
    draw = ("normal_", {"mean": 0.0, "std": std})
    signal = build.input()
    for _ in range(4):
        signal = build.act("relu", build.fc(signal, draw, call="shared"))
    found = findings("INI107", build.finish(build.fc(signal, draw, call="shared")))
    kinds = {type(change).__name__ for finding in found if finding.fix for change in finding.fix.changes}
    assert ("ReplaceInit" in kinds) is rewritten


def test_a_call_that_also_reaches_what_is_no_head_is_not_rewritten():
    """Without an activation, but in front of another layer."""
    for head in (True, False):
        build = Build()
        signal = build.input()
        for _ in range(4):
            signal = build.act("relu", build.fc(signal, XAVIER, call="shared"))
        last = build.fc(signal, XAVIER, call="shared")
        found = findings("INI103", build.finish(last if head else build.fc(last)))
        kinds = {type(change).__name__ for finding in found if finding.fix for change in finding.fix.changes}
        assert ("ReplaceInit" in kinds) is head
