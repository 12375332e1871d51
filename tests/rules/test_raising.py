"""INI001-005: calls that raise while the model is built."""

from __future__ import annotations

import inspect

import pytest

from initlint.model.change import (
    DeleteStatement,
    InsertAfter,
    NameArgument,
    RemoveArgument,
    ReplaceExpression,
    ReplaceInit,
    SetArgument,
    WrapStatement,
)
from initlint.model.events import Absence, GainCall, LeafWrite, MissingParameter, TensorAssigned
from initlint.model.finding import Applicability, Finding
from initlint.model.program import Program
from initlint.rules import (
    bad_init_argument,
    fan_init_rank,
    init_missing_parameter,
    inplace_leaf_init,
    unknown_nonlinearity,
)
from tests.rules.facts import call, event, execution, place, program


def only(module, facts: Program) -> Finding:
    found = list(module.check(facts))
    assert len(found) == 1, found
    assert found[0].code == module.RULE.code
    return found[0]


def silent(module, facts: Program) -> bool:
    return list(module.check(facts)) == []


class TestFanInitRank:
    def test_a_bias_becomes_zeros(self):
        written = execution("nn.init.xavier_uniform_(self.fc.bias)", "fc.bias", rank=1)
        finding = only(fan_init_rank, program(written))
        assert "`fc.bias` is 1-D" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.SAFE
        assert finding.fix.changes == (ReplaceInit(written.call, "zeros_"),)

    def test_a_norm_scale_becomes_ones(self):
        written = execution("nn.init.kaiming_normal_(m.weight)", "bn.weight", rank=1, kind="BatchNorm2d")
        finding = only(fan_init_rank, program(written))
        assert finding.fix is not None
        assert finding.fix.changes == (ReplaceInit(written.call, "ones_"),)

    def test_a_vector_of_no_known_use_has_no_fix(self):
        written = execution("nn.init.xavier_uniform_(self.query)", "query", rank=1, kind="Net")
        assert only(fan_init_rank, program(written)).fix is None

    def test_among_matrices_a_guard(self):
        source = "nn.init.xavier_uniform_(p)"
        reached = (("fc.weight", 2), ("fc.bias", 1), ("n.weight", 1))
        group = [execution(source, name, rank=rank) for name, rank in reached]
        finding = only(fan_init_rank, program(*group))
        assert "`fc.bias` and `n.weight` are 1-D" in finding.message
        assert "fc.weight" not in finding.subjects
        assert finding.fix is not None
        assert finding.fix.changes == (WrapStatement(group[0].call.span, "if {0}.dim() > 1:", (group[0].tensor,)),)

    @pytest.mark.parametrize(
        ("source", "rank", "replacement"),
        [
            ("nn.init.eye_(self.conv.weight)", 4, "dirac_"),
            ("nn.init.dirac_(self.fc.weight)", 2, "eye_"),
            ("nn.init.sparse_(self.conv.weight, 0.1)", 4, None),
        ],
    )
    def test_matrices_and_kernels(self, source, rank, replacement):
        finding = only(fan_init_rank, program(execution(source, "x.weight", rank=rank)))
        assert (finding.fix is None) == (replacement is None)
        if finding.fix is not None:
            assert finding.fix.changes[0].function == replacement

    @pytest.mark.parametrize(
        "written",
        [
            execution("nn.init.xavier_uniform_(self.fc.weight)", "fc.weight", rank=2),
            execution("nn.init.xavier_uniform_(self.x)", "x", rank=None),
            execution("nn.init.normal_(self.fc.bias)", "fc.bias", rank=1),
            execution("nn.init.xavier_uniform_(self.fc.bias)", "fc.bias", rank=1, guarded=True),
            execution("nn.init.dirac_(self.conv.weight)", "conv.weight", rank=3),
            execution("nn.init.kaiming_uniform_(self.w)", "w", rank=6),
        ],
    )
    def test_silent(self, written):
        assert silent(fan_init_rank, program(written))


class TestUnknownNonlinearity:
    @pytest.mark.parametrize(
        ("name", "relative"),
        [("gelu", "relu"), ("SiLU", "relu"), ("swish", "relu"), ("ReLU", "relu"), ("LeakyReLU", "leaky_relu"),
         ("identity", "linear"), ("relu6", "relu"), ("Tanh", "tanh"), ("hard_swish", "relu")],
    )
    def test_relatives(self, name, relative):
        written = execution(f"nn.init.kaiming_normal_(self.fc.weight, nonlinearity={name!r})", "fc.weight")
        finding = only(unknown_nonlinearity, program(written))
        assert f"nonlinearity={relative!r}" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (SetArgument(written.call, "nonlinearity", repr(relative), 3),)

    def test_the_number_that_excuses_relu(self):
        written = execution("nn.init.kaiming_normal_(self.fc.weight, nonlinearity='gelu')", "fc.weight")
        assert "1.98/fan_in" in only(unknown_nonlinearity, program(written)).message

    def test_prelu_passes_its_slope(self):
        written = execution("nn.init.kaiming_normal_(self.fc.weight, nonlinearity='prelu')", "fc.weight")
        finding = only(unknown_nonlinearity, program(written))
        assert finding.fix is not None
        assert finding.fix.changes == (
            SetArgument(written.call, "a", "0.25", 1),
            RemoveArgument(written.call, "nonlinearity", 3),
        )

    def test_a_gain_looked_up(self):
        written = call("nn.init.calculate_gain('gelu')")
        facts = program(events=(GainCall(written, event(written).arguments),))
        finding = only(unknown_nonlinearity, facts)
        assert "calculate_gain('relu')" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (SetArgument(written, "nonlinearity", "'relu'", 0),)

    def test_no_relative_no_fix(self):
        written = execution("nn.init.kaiming_normal_(self.fc.weight, nonlinearity='sin')", "fc.weight")
        finding = only(unknown_nonlinearity, program(written))
        assert finding.fix is None
        assert "leaky_relu" in finding.message

    def test_a_value_from_elsewhere_has_no_fix(self):
        written = execution("nn.init.kaiming_normal_(self.fc.weight, nonlinearity='ge' 'lu')", "fc.weight")
        given = written.call.arguments[1]
        moved = call("nn.init.kaiming_normal_(self.fc.weight, nonlinearity=act)")
        assert given.value == "gelu"
        elsewhere = type(written)(moved, written.event, "fc.weight")
        assert only(unknown_nonlinearity, program(elsewhere)).fix is None

    @pytest.mark.parametrize("name", ["relu", "leaky_relu", "selu", "conv2d", "sigmoid"])
    def test_silent_on_torch_names(self, name):
        written = execution(f"nn.init.kaiming_normal_(self.fc.weight, nonlinearity={name!r})", "fc.weight")
        assert silent(unknown_nonlinearity, program(written))

    def test_silent_where_unknown(self):
        written = execution("nn.init.kaiming_normal_(self.fc.weight, nonlinearity=act)", "fc.weight")
        assert silent(unknown_nonlinearity, program(written))


class TestBadInitArgument:
    def test_signatures_are_those_of_torch(self):
        init = pytest.importorskip("torch").nn.init
        for name, names in bad_init_argument._SIGNATURES.items():
            parameters = inspect.signature(getattr(init, name)).parameters
            assert tuple(parameters)[1:] == names
            required = [key for key, value in parameters.items() if value.default is inspect.Parameter.empty][1:]
            assert required == ([bad_init_argument._REQUIRED[name]] if name in bad_init_argument._REQUIRED else [])

    @pytest.mark.parametrize(
        ("source", "torch", "error"),
        [
            ("nn.init.normal_(self.c.weight, generator=g)", (2, 1), "TypeError"),
            ("nn.init.normal_(self.c.weight, generator=g)", (2, 2), None),
            ("nn.init.trunc_normal_(self.c.weight, generator=g)", (2, 1), None),
            ("nn.init.trunc_normal_(self.c.weight)", (1, 5), "AttributeError"),
            ("nn.init.normal_(self.c.weight, std=0.1)", (1, 2), None),
        ],
    )
    def test_what_the_version_does_not_have_yet(self, source, torch, error):
        facts = program(execution(source, "c.weight", rank=4), torch=torch)
        if error is None:
            assert silent(bad_init_argument, facts)
        else:
            assert f"with {torch[0]}.{torch[1]} it raises {error}" in only(bad_init_argument, facts).message

    def test_the_mode_in_the_slot_of_the_slope(self):
        written = execution("nn.init.kaiming_normal_(self.c.weight, 'fan_out')", "c.weight", rank=4)
        finding = only(bad_init_argument, program(written))
        assert "raises ValueError" in finding.message
        assert "mode='fan_out'" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.SAFE
        assert finding.fix.changes == (NameArgument(written.call, 1, "mode"),)

    def test_ignored_beside_relu(self):
        source = "nn.init.kaiming_normal_(self.c.weight, 'fan_out', nonlinearity='relu')"
        written = execution(source, "c.weight", rank=4)
        finding = only(bad_init_argument, program(written))
        assert "ignore" in finding.message
        assert "raises" not in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.UNSAFE

    def test_both_strings_by_position(self):
        written = execution("nn.init.kaiming_normal_(self.c.weight, 'fan_out', 'relu')", "c.weight", rank=4)
        finding = only(bad_init_argument, program(written))
        assert finding.fix is not None
        assert finding.fix.changes == (
            NameArgument(written.call, 1, "mode"),
            NameArgument(written.call, 2, "nonlinearity"),
        )

    def test_a_string_given_as_a(self):
        written = execution("nn.init.kaiming_normal_(self.c.weight, a='relu')", "c.weight", rank=4)
        finding = only(bad_init_argument, program(written))
        assert finding.fix is not None
        assert finding.fix.changes == (SetArgument(written.call, "nonlinearity", "'relu'", replaces="a"),)

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("nn.init.kaiming_normal_(self.fc.weight, mode='fan_avg')", "fan_in"),
            ("nn.init.kaiming_uniform_(self.fc.weight, a=True)", "True there raises ValueError"),
            ("nn.init.xavier_uniform_(self.fc.weight, 'relu')", "calculate_gain('relu')"),
            ("nn.init.orthogonal_(self.fc.weight, gain=None)", "TypeError"),
            ("nn.init.constant_(self.fc.weight)", "`constant_` needs `val`"),
            ("nn.init.xavier_uniform_(self.fc.weight, nonlinearity='relu')", "has no `nonlinearity`"),
            ("nn.init.kaiming_normal_(self.fc.weight, gain=1.4)", "has no `gain`"),
            ("nn.init.normal_(self.fc.weight, 0.0, -0.02)", "-0.02"),
            ("nn.init.uniform_(self.fc.weight, 0.1, -0.1)", "0.1 to -0.1"),
            ("nn.init.xavier_normal_(self.fc.weight, gain=-1.0)", "negative spread"),
        ],
    )
    def test_what_raises(self, source, said):
        assert said in only(bad_init_argument, program(execution(source, "fc.weight"))).message

    @pytest.mark.parametrize("mode", ["fanin", "fan-in", "Fan_In "])
    def test_a_mode_misspelled(self, mode):
        written = execution(f"nn.init.kaiming_normal_(self.fc.weight, mode={mode!r})", "fc.weight")
        finding = only(bad_init_argument, program(written))
        assert finding.fix is not None
        assert finding.fix.changes == (SetArgument(written.call, "mode", "'fan_in'", 2),)

    def test_a_gain_by_name(self):
        written = execution("nn.init.xavier_uniform_(self.fc.weight, 'tanh')", "fc.weight")
        finding = only(bad_init_argument, program(written))
        span = written.call.arguments[1].span
        assert finding.fix is not None
        assert finding.fix.changes == (ReplaceExpression(span, "{init}.calculate_gain({0})", (span,)),)

    @pytest.mark.parametrize(
        "source",
        [
            "nn.init.kaiming_normal_(self.fc.weight, mode='FAN_OUT')",
            "nn.init.kaiming_normal_(self.fc.weight, 0.2, 'fan_in', 'leaky_relu')",
            "nn.init.kaiming_normal_(self.fc.weight, a=slope, mode=mode)",
            "nn.init.constant_(self.fc.weight, val=0.5)",
            "nn.init.constant_(self.fc.weight, *values)",
            "nn.init.orthogonal_(self.fc.weight, gain=-1.0)",
            "nn.init.normal_(tensor=self.fc.weight, std=0.02)",
            "self.fc.weight.normal_(0.0, 0.02, generator=g)",
        ],
    )
    def test_silent(self, source):
        assert silent(bad_init_argument, program(execution(source, "fc.weight")))


def missing(source="nn.init.zeros_(self.conv.bias)", **changes):
    tensor = source[source.index("(") + 1:-1].split(",")[0]
    facts = {
        "call": call(source), "module": "conv", "kind": "Conv2d", "name": "bias", "absence": Absence.NONE,
        "settings": {"bias": False}, "site": place(source, tensor), "target": place(source, tensor),
        "owner": place(source, tensor.rsplit(".", 1)[0]),
    }
    return MissingParameter(**{**facts, **changes})


class TestInitMissingParameter:
    def test_a_bias_switched_off(self):
        gone = missing()
        finding = only(init_missing_parameter, program(events=(gone,)))
        assert finding.message.startswith("the `bias` of `conv`, built with bias=False, is None")
        assert finding.layer == "Net.conv"
        assert "AttributeError" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.SAFE
        assert finding.fix.changes == (DeleteStatement(gone.call.span),)

    def test_where_only_some_lack_it_a_guard(self):
        source = "nn.init.zeros_(m.bias)"
        gone = missing(source)
        finding = only(init_missing_parameter, program(execution(source, "fc.bias", rank=1), events=(gone,)))
        assert finding.fix is not None
        assert finding.fix.changes == (WrapStatement(gone.call.span, "if {0} is not None:", (gone.target,)),)

    def test_recurrent_weights_have_other_names(self):
        source = "nn.init.xavier_uniform_(self.rnn.weight, gain=0.5)"
        gone = missing(source, module="rnn", kind="LSTM", name="weight", absence=Absence.ABSENT, settings={})
        finding = only(init_missing_parameter, program(events=(gone,)))
        assert "`weight_ih_l0`" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.UNSAFE
        loop, deletion = finding.fix.changes
        assert isinstance(loop, InsertAfter)
        assert loop.lines[-1] == "        {init}.xavier_uniform_(parameter, gain={1})"
        assert deletion == DeleteStatement(gone.call.span)

    def test_lazy(self):
        changes = {"kind": "LazyLinear", "name": "weight", "absence": Absence.LAZY, "settings": {}}
        gone = missing("nn.init.zeros_(self.fc.weight)", **changes)
        finding = only(init_missing_parameter, program(events=(gone,)))
        assert "before the first forward" in finding.message
        assert "ValueError" in finding.message
        assert finding.fix is None

    def test_one_finding_a_call(self):
        source = "nn.init.zeros_(m.bias)"
        finding = only(init_missing_parameter, program(events=tuple(missing(source, module=name) for name in "abcd")))
        assert "`a`, `b` and 2 more" in finding.message

    def test_silent_in_a_try(self):
        assert silent(init_missing_parameter, program(events=(missing(guarded=True),)))


class TestInplaceLeafInit:
    def leaf(self, source="self.fc.weight.normal_(0, 0.01)", **changes):
        written = call(source)
        target = place(source, source.rsplit(".", 1)[0] if "0.01" not in source else "self.fc.weight")
        facts = {
            "span": written.span, "call": written, "function": written.short_name, "module": "fc", "kind": "Linear",
            "name": "weight", "target": target,
        }
        return LeafWrite(**{**facts, **changes})

    def test_a_fill_becomes_the_function(self):
        write = self.leaf()
        finding = only(inplace_leaf_init, program(events=(write,)))
        assert "RuntimeError; use `nn.init.normal_`" in finding.message
        assert finding.fix is not None
        change = finding.fix.changes[0]
        assert change == ReplaceExpression(
            write.span, "{init}.normal_({0}, {1}, {2})", (write.target, *(a.span for a in write.call.arguments))
        )

    @pytest.mark.parametrize(
        ("source", "template"),
        [
            ("self.fc.weight.zero_()", "{init}.zeros_({0})"),
            ("self.fc.weight.fill_(value=0.5)", "{init}.constant_({0}, val={1})"),
            ("self.fc.weight.uniform_(to=0.5)", "{init}.uniform_({0}, b={1})"),
        ],
    )
    def test_names_of_torch_init(self, source, template):
        finding = only(inplace_leaf_init, program(events=(self.leaf(source, target=place(source, "self.fc.weight")),)))
        assert finding.fix is not None
        assert finding.fix.changes[0].template == template

    def test_other_writes_go_under_no_grad(self):
        write = self.leaf(call=None, function="__imul__", view=False)
        finding = only(inplace_leaf_init, program(events=(write,)))
        assert "`*=`" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (WrapStatement(write.span, "with {torch}.no_grad():"),)

    def test_an_assigned_tensor_is_wrapped(self):
        span = place("self.fc.weight = torch.zeros(3, 3)", "self.fc.weight")
        value = place("self.fc.weight = torch.zeros(3, 3)", "torch.zeros(3, 3)")
        finding = only(inplace_leaf_init, program(events=(TensorAssigned(span, value, "fc", "Linear", "weight"),)))
        assert "TypeError" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (ReplaceExpression(value, "{nn}.Parameter({0})", (value,)),)

    def test_one_finding_a_statement(self):
        assert len(list(inplace_leaf_init.check(program(events=(self.leaf(), self.leaf(module="fc2")))))) == 1

    def test_silent_in_a_try(self):
        assert silent(inplace_leaf_init, program(events=(self.leaf(guarded=True),)))
