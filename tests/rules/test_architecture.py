"""INI501 to INI508: inits that a certain architecture asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from initlint.model.change import ReplaceExpression, ReplaceInit, SetArgument, WrapStatement
from initlint.model.finding import Severity
from initlint.model.graph import Role
from initlint.model.program import InitCall, Origin
from initlint.model.weights import InitEvent
from initlint.rules.registry import entries
from initlint.signal.distribution import Distribution
from tests.rules.build import HE, XAVIER, ZEROS, Build, init_call, normal, span

FAN_OUT = ("kaiming_normal_", {"a": 0, "mode": "fan_out", "nonlinearity": "relu"})
LECUN = ("kaiming_normal_", {"a": 0, "mode": "fan_in", "nonlinearity": "linear"})


def findings(code, program, claimed=frozenset()):
    return list(entries()[code].run(program, claimed))


def only(code, program):
    (found,) = findings(code, program)
    return found


@pytest.mark.parametrize(
    ("depth", "init", "count"), [(3, HE, 0), (4, HE, 1), (8, LECUN, 0), (8, XAVIER, 0), (8, normal(0.09), 0)]
)
def test_selu(depth, init, count):
    found = findings("INI501", Build().stack(depth, "selu", init, call="loop"))
    assert len(found) == count
    if found:
        assert found[0].fix.changes[0].arguments == ("nonlinearity='linear'",)


def test_default_selu_is_left_to_the_compounded_rule():
    assert findings("INI501", Build().stack(8, "selu")) == []


def sines(factor, init=(), depth=3, **settings):
    b = Build()
    at = b.input()
    for _ in range(depth):
        at = b.fc(at, *init)
        at = b.passing(at, "mul", other=factor) if factor is not None else at
        at = b.act("sin", at, **settings)
    return b.finish(b.fc(at))


def test_siren():
    found = only("INI502", sines(30.0))
    assert "sin(30 · x)" in found.message
    first, second, _ = found.fix.changes
    assert first.statements == ("{init}.uniform_({target}.weight, -1 / {target}.in_features, 1 / {target}.in_features)",)
    assert second.statements == (
        "{init}.uniform_({target}.weight, "
        "-(6 / {target}.in_features) ** 0.5 / 30, (6 / {target}.in_features) ** 0.5 / 30)",
    )
    assert len(findings("INI502", sines(None, w0=30.0))) == 1
    assert findings("INI502", sines(1.0)) == []
    assert findings("INI502", sines(30.0, (XAVIER,))) == []
    assert findings("INI502", sines(30.0, depth=1)) == []


@pytest.mark.parametrize(
    ("rows", "value", "kind", "count"),
    [
        ((0.5, 0.75), 1.0, "LSTM", 1), ((0.25, 0.5), 1.0, "LSTM", 0), ((0.5, 0.75), 0.0, "LSTM", 0),
        ((0.5, 0.75), 1.0, "GRU", 0), (None, 1.0, "LSTM", 0),
    ],
)
def test_lstm_gate_bias(rows, value, kind, count):
    event = InitEvent(
        "fill_", init_call("fill_", {"value": value}, 9, method=True), partial=True, rows=rows,
        part=Distribution("constant", value, 0.0),
    )
    b = Build()
    program = b.finish(b.node(Role.RECURRENT, "lstm", b.input()))
    call = InitCall(event.call, event, "lstm.bias_hh_l0", None, kind, "bias_hh_l0", 1)
    assert len(findings("INI503", replace(program, calls=(call,)))) == count


def deconv(inputs, outputs, kernel, stride, init=HE, norm=False):
    b = Build()
    settings = {"in_channels": inputs, "out_channels": outputs, "kernel_size": kernel, "stride": stride, "groups": 1}
    at = b.layer("ConvTranspose2d", b.input(), (inputs, outputs, kernel, kernel), init, settings=settings)
    return b.finish(b.act("tanh", b.norm(at, "batch_norm") if norm else at))


@pytest.mark.parametrize(
    ("sizes", "init", "norm", "count"),
    [
        ((128, 3, 4, 2), HE, False, 1), ((512, 256, 16, 8), HE, False, 1), ((512, 256, 4, 2), HE, False, 0),
        ((128, 3, 4, 2), FAN_OUT, False, 0), ((128, 64, 8, 4), FAN_OUT, False, 1), ((128, 3, 4, 2), HE, True, 0),
        ((128, 3, 4, 2), normal(0.02), False, 0),
    ],
)
def test_conv_transpose(sizes, init, norm, count):
    assert len(findings("INI504", deconv(*sizes, init, norm))) == count


def test_conv_transpose_message_and_fix():
    found = only("INI504", deconv(128, 3, 4, 2))
    assert "11 times the variance asked for" in found.message
    (change,) = found.fix.changes
    assert isinstance(change, ReplaceInit)
    assert (change.function, change.arguments) == ("normal_", ("std=(2 * 4 / (128 * 16)) ** 0.5",))


def depthwise(init, groups=128, norm=False):
    b = Build()
    at = b.layer("Conv2d", b.input(), (128, 128 // groups, 3, 3), init, groups=groups)
    at = b.norm(at, "batch_norm") if norm else at
    return b.finish(b.fc(b.act("relu", at)))


def test_grouped_fan_out():
    found = only("INI505", depthwise(FAN_OUT))
    assert found.fix.changes == (SetArgument(found.fix.changes[0].call, "mode", "'fan_in'", 2),)
    assert only("INI505", depthwise(XAVIER)).fix.changes[0].function == "kaiming_uniform_"
    assert findings("INI505", depthwise(FAN_OUT, norm=True)) == []
    assert findings("INI505", depthwise(HE)) == []
    assert findings("INI505", depthwise(FAN_OUT, groups=1)) == []


def graph_layer(init, settings=None, origins=()):
    b = Build()
    chosen = {"use": "matmul", "fan_axis": 0, "square": False} | (settings or {})
    out = b.act("relu", b.layer("Parameter", b.input(), (1433, 16), init, settings=chosen))
    program = b.finish(out)
    calls = tuple(replace(call, tensor=span(50, 30), origins=origins) for call in program.calls)
    return replace(program, calls=calls)


def test_parameter_layout():
    found = only("INI506", graph_layer(HE))
    assert "90× too large" in found.message
    assert found.fix.changes == (ReplaceExpression(span(50, 30), "{0}.t()", (span(50, 30),)),)
    assert findings("INI506", graph_layer(XAVIER)) == []
    assert findings("INI506", graph_layer(HE, {"square": True})) == []
    assert findings("INI506", graph_layer(HE, {"fan_axis": 1})) == []
    assert findings("INI506", graph_layer(HE, {"use": "einsum"}))
    assert findings("INI506", graph_layer(HE, {"derived": True})) == []
    assert findings("INI506", graph_layer(HE, {"use": "linear", "fan_axis": 1})) == []
    by_hand = ("uniform_", {"a": -0.25, "b": 0.25})
    assert findings("INI506", graph_layer(by_hand, origins=(Origin("a", axis=1), Origin("b", axis=1))))
    assert findings("INI506", graph_layer(by_hand, origins=(Origin("a", axis=0), Origin("b", axis=0)))) == []
    assert findings("INI506", graph_layer(by_hand)) == []


def experts(shape, init, **settings):
    b = Build()
    chosen = {"use": "bmm", "fan_axis": -2, "batch_axes": 1} | settings
    program = b.finish(b.layer("Parameter", b.input(), shape, init, settings=chosen))
    return replace(program, calls=tuple(replace(call, tensor=span(50, 30)) for call in program.calls))


def test_stacked_parameters():
    found = only("INI507", experts((8, 512, 2048), XAVIER))
    assert "416× too small" in found.message
    assert [type(change) for change in found.fix.changes] == [WrapStatement, ReplaceExpression]
    assert findings("INI507", experts((1, 512, 2048), XAVIER)) == []
    assert findings("INI507", experts((8, 512, 2048), normal(0.02))) == []
    assert findings("INI507", experts((8, 512, 3), XAVIER, use="conv")) == []


def residual(depth, inits, end=None, scale=None, norm=False, after=None):
    """Blocks `h + W2 relu(W1 h)`."""
    b = Build()
    h = b.input()
    for _ in range(depth):
        branch = b.norm(h) if norm else h
        branch = b.act("relu", b.fc(branch, inits, call="first"))
        branch = b.fc(branch, end or inits, call="second" if end else "first")
        branch = b.passing(branch, "mul", other=scale) if scale is not None else branch
        h = b.add(h, branch)
        h = b.act(after, h) if after else h
    return b.finish(b.fc(h))


@pytest.mark.parametrize(
    ("arguments", "severity"),
    [
        ({"depth": 30, "inits": HE}, Severity.ERROR), ({"depth": 5, "inits": HE}, Severity.WARNING),
        ({"depth": 3, "inits": HE}, None), ({"depth": 30, "inits": HE, "end": ZEROS}, None),
        ({"depth": 30, "inits": HE, "scale": 30**-0.5}, None), ({"depth": 30, "inits": HE, "norm": True}, None),
        ({"depth": 30, "inits": LECUN, "after": "relu"}, None),
        ({"depth": 30, "inits": HE, "after": "relu"}, Severity.ERROR),
    ],
)
def test_residual_blocks(arguments, severity):
    found = findings("INI508", residual(**arguments))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


def test_default_residual_blocks_are_the_better_start():
    b = Build()
    h = b.input()
    for _ in range(30):
        h = b.add(h, b.fc(b.act("relu", b.fc(h))))
    assert findings("INI508", b.finish(b.fc(h))) == []


def test_message_and_fix_of_residual_blocks():
    found = only("INI508", residual(30, HE, end=LECUN))
    assert found.message.startswith("30 residual blocks in a row multiply the signal by 1e+09 (×2 a block)")
    assert found.fix is None  # one call initialises thirty layers built at thirty places
