"""INI410: the policy that asks for an explicit init of every hidden layer."""

from __future__ import annotations

from initlint.model.graph import Role
from initlint.rules import missing_init
from tests.rules.build import HE, Build


def findings(program):
    return list(missing_init.check(program))


def test_hidden_layers_left_at_the_default():
    found = findings(Build().stack(2, "relu"))
    assert [finding.layer for finding in found] == ["Net.fc0", "Net.fc1"]
    assert "`fc0` before ReLU" in found[0].message
    assert "kaiming_normal_(weight, nonlinearity='relu')" in found[0].message
    assert found[0].span.line == 5
    assert found[0].related
    assert found[0].fix is not None


def test_a_layer_before_another():
    build = Build()
    hidden = build.fc(build.input())
    found = findings(build.finish(build.fc(hidden)))
    assert [finding.layer for finding in found] == ["Net.fc0"]
    assert "before" not in found[0].message


def test_a_gate_asks_for_no_gain():
    build = Build()
    signal = build.input()
    gate = build.act("sigmoid", build.fc(signal))
    found = findings(build.finish(build.node(Role.PRODUCT, "mul", signal, gate)))
    assert ["kaiming_normal_(weight, nonlinearity='linear')" in finding.message for finding in found] == [True]
    found = findings(Build().stack(2, "sigmoid"))
    assert ["xavier_uniform_(weight, gain=4)" in finding.message for finding in found] == [True, True]


def test_silent_on_an_output_layer_with_its_activation():
    for activation in ("sigmoid", "tanh", "log_softmax"):
        build = Build()
        assert findings(build.finish(build.act(activation, build.fc(build.input())))) == []
    build = Build()
    assert findings(build.finish(build.act("relu", build.fc(build.input())))) != []


def test_off_unless_selected():
    assert not missing_init.RULE.on


def test_silent_on_explicit_inits():
    assert findings(Build().stack(2, "relu", HE)) == []


def test_silent_on_the_output_layer():
    build = Build()
    assert findings(build.finish(build.fc(build.input()))) == []


def test_silent_where_what_follows_is_not_known():
    build = Build()
    assert findings(build.finish(build.fc(build.input()), entry=False)) == []


def test_silent_on_other_weights():
    build = Build()
    assert findings(build.finish(build.act("relu", build.layer("Embedding", build.input(), (9, 4))))) == []
    build = Build()
    assert findings(build.finish(build.act("relu", build.fc(build.input(), trainable=False)))) == []
    build = Build()
    assert findings(build.finish(build.act("relu", build.fc(build.input(), complete=False)))) == []
