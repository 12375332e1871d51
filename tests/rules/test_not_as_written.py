"""INI006-010: calls that run and do not do what is written."""

from __future__ import annotations

import math

import pytest

from initlint.model.change import (
    NameArgument,
    RemoveArgument,
    RenameFunction,
    ReplaceExpression,
    SetArgument,
    WidenCall,
)
from initlint.model.events import LostParameter
from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.graph import Graph, Node, Role
from initlint.model.program import Origin, Program
from initlint.rules import (
    deprecated_init_alias,
    gain_as_slope,
    parameter_expression,
    std_passed_as_mean,
    wrong_fan_axis,
)
from tests.rules.facts import call, execution, layer, place, program


def only(module, facts: Program) -> Finding:
    found = list(module.check(facts))
    assert len(found) == 1, found
    assert found[0].code == module.RULE.code
    return found[0]


def silent(module, facts: Program) -> bool:
    return list(module.check(facts)) == []


class TestStdPassedAsMean:
    def test_the_variance_that_comes_of_it(self):
        written = execution("nn.init.normal_(self.qkv.weight, 0.02)", "qkv.weight", layer=0)
        finding = only(std_passed_as_mean, program(written, layers=(layer(0, "qkv", fan_in=768),)))
        assert "N(0.02, 1)" in finding.message
        assert "`qkv` by 768" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.UNSAFE
        assert finding.fix.changes == (NameArgument(written.call, 1, "std"),)

    @pytest.mark.parametrize(
        ("source", "position"),
        [("m.weight.data.normal_(0.01)", 0), ("nn.init.trunc_normal_(self.pos, 0.02)", 1)],
    )
    def test_spellings(self, source, position):
        finding = only(std_passed_as_mean, program(execution(source, "x.weight")))
        assert finding.fix is not None
        assert finding.fix.changes[0].position == position

    def test_a_negative_number_has_no_fix(self):
        assert only(std_passed_as_mean, program(execution("nn.init.normal_(self.w, -0.02)", "w"))).fix is None

    @pytest.mark.parametrize(
        ("source", "rank"),
        [
            ("nn.init.normal_(self.fc.weight, std=0.02)", 2),
            ("nn.init.normal_(self.fc.weight, 0.0, 0.02)", 2),
            ("nn.init.normal_(self.fc.weight, mean=0.02)", 2),
            ("nn.init.normal_(self.bn.weight, 0.02)", 1),
            ("nn.init.normal_(self.fc.weight, 1.0)", 2),
            ("nn.init.normal_(self.fc.weight, 0)", 2),
            ("nn.init.normal_(self.fc.weight, mean)", 2),
            ("nn.init.normal_(self.fc.weight)", 2),
            ("nn.init.constant_(self.fc.weight, 0.02)", 2),
        ],
    )
    def test_silent(self, source, rank):
        assert silent(std_passed_as_mean, program(execution(source, "fc.weight", rank=rank)))

    def test_a_rank_that_is_not_known(self):
        source = "nn.init.normal_(m.weight, 0.02)"
        assert only(std_passed_as_mean, program(execution(source, "m.weight", rank=None))).fix is not None
        assert silent(std_passed_as_mean, program(execution(source.replace("weight", "bias"), "m.bias", rank=None)))


class TestParameterExpression:
    source = "nn.Parameter(torch.randn(4, 4)) * 0.02"

    def lost(self, **changes):
        built = call("nn.Parameter(torch.randn(4, 4))")
        facts = {
            "call": built, "expression": place(self.source, self.source), "operations": ("mul",), "module": "block",
            "owner": "Block", "name": "position",
        }
        return LostParameter(**{**facts, **changes})

    def test_arithmetic(self):
        event = self.lost()
        finding = only(parameter_expression, program(events=(event,)))
        assert "`* …`" in finding.message
        assert "`block.position`" in finding.message
        assert "optimizer" in finding.message
        assert finding.layer == "Block.position"
        assert finding.fix is not None
        assert finding.fix.changes == (WidenCall(event.call, event.expression),)

    def test_methods_and_frozen(self):
        event = self.lost(operations=("half", "clone"), trainable=False, module="")
        finding = only(parameter_expression, program(events=(event,)))
        assert "`.clone()`" in finding.message
        assert "`position`" in finding.message
        assert "optimizer" not in finding.message

    def test_no_fix_where_the_expression_is_elsewhere(self):
        event = self.lost()
        assert only(parameter_expression, program(events=(self.lost(expression=event.call.span),))).fix is None


class TestWrongFanAxis:
    source = "nn.init.uniform_(self.fc1.weight, -bound, bound)"

    def written(self, *origins, kind="Linear", index=0, **changes):
        return execution(self.source, "fc1.weight", layer=index, kind=kind, origins=origins, **changes)

    def read(self, axis=0, names=("fan_in",), argument="a"):
        line = "fan_in = layer.weight.size(0)"
        return Origin(
            argument, axis, names=names, span=place(line, "layer.weight.size(0)", 3),
            tensor=place(line, "layer.weight", 3), index=place(line, "0", 3),
        )

    def test_how_far_off_it_is(self):
        hidden = layer(0, "fc1", fan_in=33, shape=(400, 33))
        finding = only(wrong_fan_axis, program(self.written(self.read()), layers=(hidden,)))
        assert "400 outputs, its fan_in is 33" in finding.message
        assert "12× too small" in finding.message
        assert "shallow" in finding.message
        assert finding.severity is Severity.ERROR
        assert finding.fix is not None
        assert finding.fix.changes == (ReplaceExpression(self.read().index, "1"),)

    def test_sizes_not_known(self):
        finding = only(wrong_fan_axis, program(self.written(self.read()), layers=(layer(0, "fc1"),)))
        assert "`size(1)`" in finding.message
        assert "too" not in finding.message

    def test_a_kernel_asks_torch(self):
        conv = layer(0, "fc1", "Conv2d", fan_in=27, shape=(64, 3, 3, 3))
        finding = only(wrong_fan_axis, program(self.written(self.read(), kind="Conv2d"), layers=(conv,)))
        assert "2.4× too small" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (
            ReplaceExpression(self.read().span, "{init}._calculate_fan_in_and_fan_out({0})[0]", (self.read().tensor,)),
        )

    @pytest.mark.parametrize(
        "origins",
        [
            (),
            ((1, ("fan_in",)),),
            ((0, ("fan_out",)),),
            ((0, ("n",)), (1, ("m",))),
            ((0, ("n_out", "n")),),
        ],
    )
    def test_silent_on_other_reads(self, origins):
        reads = tuple(self.read(axis, names) for axis, names in origins)
        assert silent(wrong_fan_axis, program(self.written(*reads), layers=(layer(0, "fc1", fan_in=3, shape=(4, 3)),)))

    @pytest.mark.parametrize("kind", ["ConvTranspose2d", "Parameter", "Embedding"])
    def test_silent_where_the_first_axis_is_no_output(self, kind):
        facts = program(self.written(self.read(), kind=kind), layers=(layer(0, "fc1", kind, fan_in=3, shape=(4, 3)),))
        assert silent(wrong_fan_axis, facts)

    def test_silent_on_a_square(self):
        facts = program(self.written(self.read()), layers=(layer(0, "fc1", fan_in=8, shape=(8, 8)),))
        assert silent(wrong_fan_axis, facts)

    def test_silent_on_an_output_layer(self):
        nodes = (Node(Role.INPUT, "x"), Node(Role.LAYER, "linear", (0,), layer=0))
        head = layer(0, "fc1", fan_in=33, shape=(400, 33))
        assert silent(wrong_fan_axis, program(self.written(self.read()), layers=(head,), graph=Graph(nodes, (1,))))


class TestGainAsSlope:
    @pytest.mark.parametrize(
        ("value", "owner", "gain"),
        [("math.sqrt(2)", "relu", "0.82"), ("1.414", "relu", "0.82"), ("5 / 3", "tanh", "0.73")],
    )
    def test_gains_by_value(self, value, owner, gain):
        written = execution(f"nn.init.kaiming_normal_(self.fc.weight, a={value})", "fc.weight")
        finding = only(gain_as_slope, program(written))
        assert f"a gain of {gain}" in finding.message
        assert f"nonlinearity={owner!r}" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (
            RemoveArgument(written.call, "a", 1),
            SetArgument(written.call, "nonlinearity", repr(owner), 3),
        )

    def test_the_slope_a_gain_came_from(self):
        source = "nn.init.kaiming_normal_(self.fc.weight, a=math.sqrt(2 / 1.04))"
        finding = only(gain_as_slope, program(execution(source, "fc.weight", origins=(Origin("a", gain=True),))))
        assert "write `a=0.2`" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes[0].value == "0.2"

    @pytest.mark.parametrize("origin", [Origin("a", gain=True), Origin("a", names=("w_init_gain",))])
    def test_gains_by_origin(self, origin):
        written = execution("nn.init.kaiming_uniform_(self.fc.weight, 0.75)", "fc.weight", origins=(origin,))
        finding = only(gain_as_slope, program(written))
        assert finding.fix is None
        assert "xavier" in finding.message

    @pytest.mark.parametrize(
        "source",
        [
            "nn.init.kaiming_uniform_(self.fc.weight, a=math.sqrt(5))",
            "nn.init.kaiming_uniform_(self.fc.weight, a=0)",
            "nn.init.kaiming_uniform_(self.fc.weight, a=1)",
            "nn.init.kaiming_uniform_(self.fc.weight, a=0.2)",
            "nn.init.kaiming_uniform_(self.fc.weight, a=0.75)",
            "nn.init.kaiming_uniform_(self.fc.weight, a=math.sqrt(3))",
            "nn.init.kaiming_uniform_(self.fc.weight, a=slope)",
            "nn.init.kaiming_uniform_(self.fc.weight, a=math.sqrt(2), nonlinearity='relu')",
            "nn.init.xavier_uniform_(self.fc.weight, gain=math.sqrt(2))",
        ],
    )
    def test_silent(self, source):
        assert silent(gain_as_slope, program(execution(source, "fc.weight")))

    def test_silent_on_a_gain_of_one(self):
        origin = Origin("a", gain=True)
        written = execution("nn.init.kaiming_normal_(self.fc.weight, a=1.0)", "fc.weight", origins=(origin,))
        assert silent(gain_as_slope, program(written))

    def test_one_of_several_values_is_told_and_not_mended(self):
        group = [execution("nn.init.kaiming_normal_(m.weight, a=s)", "fc.weight") for _ in range(2)]
        events = [type(one.event)(one.event.function, one.call, {**one.event.arguments, "a": value})
                  for one, value in zip(group, (0.2, math.sqrt(2)), strict=True)]
        mixed = [type(one)(one.call, event, one.target) for one, event in zip(group, events, strict=True)]
        finding = only(gain_as_slope, program(*mixed))
        assert "1.41" in finding.message
        assert finding.fix is None


class TestDeprecatedInitAlias:
    @pytest.mark.parametrize("name", ["xavier_uniform", "kaiming_normal", "normal", "constant", "orthogonal"])
    def test_the_old_name(self, name):
        written = execution(f"nn.init.{name}(self.fc.weight, 1)", "fc.weight")
        finding = only(deprecated_init_alias, program(written))
        assert finding.severity is Severity.NOTE
        assert not finding.subjects
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.SAFE
        assert finding.fix.changes == (RenameFunction(written.call, f"{name}_"),)

    @pytest.mark.parametrize("source", ["nn.init.xavier_uniform_(self.fc.weight)", "torch.normal(self.fc.weight, 1)"])
    def test_silent(self, source):
        assert silent(deprecated_init_alias, program(execution(source, "fc.weight")))
