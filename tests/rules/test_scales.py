"""INI301 to INI305: scales written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from initlint.model.change import ReplaceExpression
from initlint.model.source import Argument, Call
from initlint.model.weights import InitEvent, Parameter
from initlint.rules.registry import entries
from initlint.signal.initializers import describe
from tests.rules.build import HE, XAVIER, Build, normal, span


def findings(code, program, claimed=frozenset()):
    return list(entries()[code].run(program, claimed))


def only(code, program):
    (found,) = findings(code, program)
    return found


def factory(b, name, shape, use="matmul", scale=1.0, **settings):
    """A parameter made by `torch.<name>(*shape)`, used as `x @ W`."""
    sizes = tuple(Argument(None, size, span(9, 20 + index), literal=True) for index, size in enumerate(shape))
    call = Call(f"torch.{name}", span(9), span(9), sizes, "Net.__init__")
    at = b.layer("Parameter", b.input(), shape, settings={"use": use, "summed": (0,), "fan_axis": 0} | settings)
    layer = b.layers[-1]
    left = describe(name, {}, layer.fan_in, layer.fan_out, shape=shape)
    event = InitEvent(name, call, {}, left)
    parameter = Parameter(layer.path, shape, ((event,),))
    b.layers[-1] = type(layer)(**{field: getattr(layer, field) for field in layer.__slots__} | {"weight": parameter})
    return at


def test_unscaled_randn():
    b = Build()
    found = only("INI301", b.finish(factory(b, "randn", (512, 256))))
    assert "by 512" in found.message
    (change,) = found.fix.changes
    assert change == ReplaceExpression(span(9), "{0} / {math}.sqrt({1})", (span(9), span(9, 20)))


def test_the_draw_of_a_kernel_is_divided_by_all_the_sizes_it_is_summed_over():
    b = Build()
    found = only("INI301", b.finish(factory(b, "randn", (512, 256), summed=(0, 1))))
    assert found.fix.changes[0].template == "{0} / {math}.sqrt({1} * {2})"


def test_a_draw_in_place_is_divided_by_the_number_of_inputs_and_not_by_its_own_arguments():
    b = Build()
    at = factory(b, "randn", (512, 256))
    weight = b.layers[-1].weight
    call = Call("torch.Tensor.normal_", span(9), span(9), (Argument(None, 0, span(9, 20), literal=True),), "Net")
    drawn = replace(weight.finals[0], function="normal_", call=call)
    b.layers[-1] = replace(b.layers[-1], site=span(9), weight=replace(weight, histories=((drawn,),)))
    (change,) = only("INI301", b.finish(at)).fix.changes
    assert change == ReplaceExpression(span(9), "{0} / {math}.sqrt(512)", (span(9),))


def test_a_parameter_drawn_again_behind_its_construction_is_left_to_others():
    b = Build()
    at = factory(b, "randn", (512, 256))
    weight = b.layers[-1].weight
    call = Call("torch.nn.init.normal_", span(30), span(30), (), "Net")
    drawn = replace(weight.finals[0], function="normal_", call=call)
    b.layers[-1] = replace(b.layers[-1], site=span(9), weight=replace(weight, histories=((drawn,),)))
    assert findings("INI301", b.finish(at)) == []


@pytest.mark.parametrize(
    ("shape", "settings"),
    [((16, 16), {}), ((1, 256), {}), ((512, 256), {"derived": True}), ((None, 64), {"use": "einsum"})],
)
def test_randn_that_is_no_unscaled_weight(shape, settings):
    b = Build()
    assert findings("INI301", b.finish(factory(b, "randn", shape, **settings))) == []


def test_randn_scaled_behind_the_product():
    b = Build()
    scaled = b.passing(factory(b, "randn", (512, 256)), "mul", other=0.04)
    assert findings("INI301", b.finish(scaled)) == []


def test_unit_normal():
    found = only("INI302", Build().stack(2, "relu", normal(1.0), call="loop"))
    assert found.message == (
        "a standard deviation of 1 makes `fc0` and `fc1` multiply the variance by 256; use "
        "`kaiming_normal_(weight, nonlinearity='relu')`"
    )
    assert found.fix.changes[0].function == "kaiming_normal_"
    assert findings("INI302", Build().stack(2, "relu", normal(0.4))) == []
    assert findings("INI302", Build().stack(2, "relu", normal(1.0), width=8)) == []
    assert findings("INI302", Build().stack(2, "relu", ("trunc_normal_", {"std": 1.0, "a": -2.0, "b": 2.0})))


def test_unit_normal_under_a_norm_and_in_a_head_counts():
    b = Build()
    under = b.act("relu", b.norm(b.fc(b.input(), normal(1.0))))
    assert len(findings("INI302", b.finish(b.fc(under, normal(1.0))))) == 2


def test_equalised_learning_rates_are_no_unit_normals():
    b = Build()
    x = b.passing(b.input(), "mul", other=0.06)
    before = b.act("leaky_relu", b.fc(x, normal(1.0)))
    behind = b.act("leaky_relu", b.mul(b.fc(before, normal(1.0)), b.parameter()))
    assert findings("INI302", b.finish(b.fc(behind))) == []


def test_positive_only():
    b = Build()
    hidden = b.act("relu", b.fc(b.input(), ("uniform_", {"a": 0.0, "b": 1.0})))
    found = only("INI303", b.finish(b.fc(hidden, ("uniform_", {"a": -0.1, "b": 0.1}))))
    assert "768 times" in found.message
    assert found.fix.changes[0].function == "kaiming_uniform_"
    b = Build()
    assert len(findings("INI303", b.finish(factory(b, "rand", (64, 64))))) == 1
    b = Build()
    assert findings("INI303", b.finish(factory(b, "rand", (64, 64), derived=True))) == []


def language_model(scaled=False, kind="Linear", init=(), summed=(1,)):
    b = Build()
    at = b.layer("Embedding", b.input(), (1000, 128), *init, bias=None)
    at = b.norm(at)
    at = b.passing(at, "mul", other=128**-0.5) if scaled else at
    at = b.layer(kind, at, (1000, 128), bias=None, settings={"summed": summed})
    layer = b.layers[1]
    changes = {"weight": b.layers[0].weight, "path": "fc0.weight", "full_path": "fc0.weight"}
    if kind == "Linear":
        changes = {"weight": b.layers[0].weight}
    b.layers[1] = type(layer)(**{field: getattr(layer, field) for field in layer.__slots__} | changes)
    return b.finish(at)


@pytest.mark.parametrize("kind", ["Linear", "Parameter"])
def test_tied_embedding(kind):
    found = only("INI304", language_model(kind=kind))
    assert "a variance of 128" in found.message
    assert found.fix.changes[0].targets == ("self.fc0",)
    assert findings("INI304", language_model(scaled=True, kind=kind)) == []
    assert findings("INI304", language_model(kind=kind, init=(normal(0.02),))) == []


def test_a_table_of_which_not_the_features_are_summed_over_is_no_head():
    assert findings("INI304", language_model(kind="Parameter", summed=(0,))) == []


@pytest.mark.parametrize(
    ("depth", "std", "count"), [(1, 0.001, 1), (1, 0.008, 0), (2, 0.008, 1), (2, 0.01, 0), (3, 0.001, 1)]
)
def test_vanishing_scales(depth, std, count):
    assert len(findings("INI305", Build().stack(depth, "relu", normal(std), call="loop"))) == count


def test_schemes_are_no_vanishing_scales_and_branches_may_be_small():
    assert findings("INI305", Build().stack(3, "relu", XAVIER)) == []
    assert findings("INI305", Build().stack(3, "relu", HE)) == []
    b = Build()
    x = b.input()
    branch = b.fc(b.act("relu", b.fc(x, normal(0.001))), normal(0.001))
    assert findings("INI305", b.finish(b.add(x, branch))) == []
    b = Build()
    x = b.input()
    gate = b.mul(x, b.act("sigmoid", b.fc(b.act("relu", b.fc(x, normal(0.001))))))
    assert findings("INI305", b.finish(gate)) == []


def test_logits_of_a_random_choice_may_be_wide():
    b = Build()
    program = b.finish(b.act("gumbel_softmax", b.fc(b.input(), normal(1.0))))
    assert findings("INI302", program) == []
