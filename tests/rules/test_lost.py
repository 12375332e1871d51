"""INI401-409: initialisation that is lost, missed or never run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from initlint.model.change import DeleteStatement, InsertAfter, MoveStatement, RenameFunction, ReplaceExpression
from initlint.model.events import Cloned, Condition, Pass, UnusedDefinition, Walk
from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.graph import Graph, Node, Role
from initlint.model.program import Program
from initlint.model.source import Span
from initlint.model.weights import InitEvent, Parameter
from initlint.rules import (
    cloned_layers,
    init_clobbers_pretrained,
    init_discarded,
    init_lost_reparametrized,
    init_misses_children,
    padding_row_overwritten,
    uncalled_init,
    uninitialized_parameter,
    unmatched_init_filter,
)
from initlint.signal.initializers import describe
from tests.rules.facts import FILE, call, execution, layer, module, place, program

BLOCK = Span(FILE, 4, 4, 4, 20)


def only(rule, facts: Program) -> Finding:
    found = list(rule.check(facts))
    assert len(found) == 1, found
    assert found[0].code == rule.RULE.code
    return found[0]


def silent(rule, facts: Program) -> bool:
    return list(rule.check(facts)) == []


def write(function: str, order: int, line: str = "", **changes) -> InitEvent:
    return InitEvent(function, call(line, order) if line else None, {}, describe(function, {}), order=order, **changes)


class TestInitLostReparametrized:
    source = "nn.init.normal_(self.conv.weight, 0, 0.01)"
    wrap = call("utils.weight_norm(self.conv)", 8)

    def lost(self, source=source, wrap=wrap, **changes):
        return execution(source, "conv.weight", layer=0, kind="Conv1d", recomputed=wrap, **changes)

    def test_no_effect(self):
        finding = only(init_lost_reparametrized, program(self.lost(), layers=(layer(0, "conv", "Conv1d"),)))
        assert "no effect" in finding.message
        assert "`weight_g` and `weight_v`" in finding.message
        assert finding.related[0].span == self.wrap.span

    def test_moved_before_the_wrapping(self):
        lost = self.lost()
        finding = only(init_lost_reparametrized, program(lost, layers=(layer(0, "conv", "Conv1d"),)))
        assert finding.fix is not None
        assert finding.fix.changes == (MoveStatement(lost.call.span, self.wrap.span, after=False),)

    def test_not_moved_before_the_layer_is_built(self):
        inside = layer(0, "conv", "Conv1d", line=8)
        inside = replace(inside, site=Span(FILE, 8, 20, 8, 26))
        assert only(init_lost_reparametrized, program(self.lost(), layers=(inside,))).fix is None

    def test_not_moved_out_of_another_function(self):
        facts = program(self.lost(scope="Net.init_weights"), layers=(layer(0, "conv", "Conv1d"),))
        assert only(init_lost_reparametrized, facts).fix is None

    def test_assigned_where_the_parametrization_takes_it(self):
        wrap = call("parametrizations.weight_norm(nn.Conv1d(4, 4, 3))", 8)
        lost = self.lost(wrap=wrap, owner=place(self.source, "self.conv"))
        finding = only(init_lost_reparametrized, program(lost, layers=(layer(0, "conv", "Conv1d"),)))
        assert finding.fix is not None
        change = finding.fix.changes[0]
        assert isinstance(change, ReplaceExpression)
        assert change.template == "{0}.weight = {init}.normal_({torch}.empty_like({0}.weight), {1}, {2})"

    def test_no_fix_where_it_also_reaches_plain_layers(self):
        plain = execution(self.source, "out.weight", layer=1)
        layers = (layer(0, "conv", "Conv1d"), layer(1, "out"))
        finding = only(init_lost_reparametrized, program(self.lost(), plain, layers=layers))
        assert finding.fix is None
        assert "out" not in finding.message

    def test_silent_before_wrapping(self):
        assert silent(init_lost_reparametrized, program(execution(self.source, "conv.weight")))


class TestInitMissesChildren:
    def facts(self, event, *, normed=False):
        nodes = [Node(Role.INPUT, "x"), Node(Role.LAYER, "linear", (0,), layer=1)]
        nodes.append(Node(Role.NORM if normed else Role.ACTIVATION, "layer_norm" if normed else "relu", (1,)))
        nodes.append(Node(Role.ACTIVATION, "relu", (2,)))
        layers = (layer(0, "fc1"), layer(1, "fc2", line=12))
        return program(events=(event,), layers=layers, graph=Graph(tuple(nodes), (3,)))

    def missing(self, **changes):
        facts = {"call": call("self.apply(init)", 11), "walk": Walk.APPLY, "root": "", "function": "init"}
        return Pass(**{**facts, "missed": ("fc2.weight", "fc2.bias"), **changes})

    def test_built_later(self):
        event = self.missing()
        finding = only(init_misses_children, self.facts(event))
        assert "`apply(init)` runs before `fc2` is built" in finding.message
        assert finding.span.line == 12
        assert finding.severity is Severity.WARNING
        assert finding.related[0].span == event.call.span
        assert finding.fix is not None
        assert finding.fix.changes == (MoveStatement(event.call.span, finding.span, after=True),)

    def test_a_subclass_adds_layers(self):
        event = self.missing(call=call("self.apply(init)", 11, scope="Base.__init__"))
        assert only(init_misses_children, self.facts(event)).fix is None

    def test_children_do_not_go_deep(self):
        event = self.missing(call=call("self.named_children()", 13), walk=Walk.CHILDREN)
        finding = only(init_misses_children, self.facts(event))
        assert "does not go deep enough" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (RenameFunction(event.call, "named_modules"),)

    def test_a_note_where_a_norm_follows(self):
        assert only(init_misses_children, self.facts(self.missing(), normed=True)).severity is Severity.NOTE

    @pytest.mark.parametrize("missed", [(), ("fc2.bias",), ("norm.weight",)])
    def test_silent(self, missed):
        assert silent(init_misses_children, self.facts(self.missing(missed=missed)))


class TestUninitializedParameter:
    span = Span(FILE, 7, 20, 7, 60)

    def facts(self, *events, shape=(4, 4), kind="Net", torch=False, **changes):
        parameter = Parameter("weight", shape, (events,), span=self.span, **changes)
        return program(modules=(module("", kind, torch=torch, weight=parameter),))

    def test_memory_as_it_was(self):
        finding = only(uninitialized_parameter, self.facts(write("empty", 1)))
        assert "`weight`" in finding.message
        assert finding.span == self.span
        assert finding.layer == "Net.weight"
        assert finding.fix is not None
        assert finding.fix.changes == (InsertAfter(self.span, ("{init}.xavier_uniform_(self.weight)",)),)

    def test_a_vector_gets_zeros(self):
        finding = only(uninitialized_parameter, self.facts(write("empty", 1), shape=(4,)))
        assert finding.fix is not None
        assert finding.fix.changes == (InsertAfter(self.span, ("{init}.zeros_(self.weight)",)),)

    @pytest.mark.parametrize(("shape", "torch"), [((8, 4, 4), False), (None, False), ((4, 4), True)])
    def test_no_fix(self, shape, torch):
        assert only(uninitialized_parameter, self.facts(write("empty", 1), shape=shape, torch=torch)).fix is None

    @pytest.mark.parametrize(
        "events",
        [
            (write("empty", 1), write("xavier_uniform_", 2)),
            (write("empty", 1), write("zero_", 2, partial=True)),
            (write("randn", 1),),
            (write("empty", 1), write("copy_", 2)),
            (),
        ],
    )
    def test_silent_where_filled(self, events):
        assert silent(uninitialized_parameter, self.facts(*events))

    @pytest.mark.parametrize("changes", [{"complete": False}, {"loaded": True}, {"reparametrized": "weight_norm"}])
    def test_silent_where_not_known(self, changes):
        assert silent(uninitialized_parameter, self.facts(write("empty", 1), **changes))

    def test_silent_where_one_way_fills_it(self):
        histories = ((write("empty", 1),), (write("empty", 1), write("zeros_", 2)))
        parameter = Parameter("weight", (4, 4), histories, span=self.span)
        assert silent(uninitialized_parameter, program(modules=(module("", "Net", torch=False, weight=parameter),)))

    def test_leaves_it_to_the_init_nobody_calls(self):
        facts = replace(
            self.facts(write("empty", 1)), events=(UnusedDefinition("Net.init", self.span, parameters=("weight",)),)
        )
        assert silent(uninitialized_parameter, facts)


class TestInitDiscarded:
    def pair(self, first="nn.init.zeros_(self.fc.bias)", second="nn.init.constant_(self.fc.bias, 0.1)", **changes):
        return (
            execution(first, "fc.bias", line=10, rank=1, block=BLOCK, **changes),
            execution(second, "fc.bias", line=11, rank=1, block=BLOCK),
        )

    def test_overwritten(self):
        first, second = self.pair()
        finding = only(init_discarded, program(first, second))
        assert finding.span == first.call.span
        assert "`constant_` on line 11 overwrites `fc.bias`" in finding.message
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.SAFE
        assert finding.fix.changes == (DeleteStatement(first.call.span),)

    def test_a_random_fill_moves_the_random_stream(self):
        finding = only(init_discarded, program(*self.pair("self.fc.bias.data.normal_(0, 0.1)")))
        assert finding.fix is not None
        assert finding.fix.applicability is Applicability.UNSAFE

    def test_a_copy(self):
        filled = execution("nn.init.normal_(self.fc.weight.clone())", None, copy_of="fc.weight")
        finding = only(init_discarded, program(filled))
        assert "`fc.weight` stays as before" in finding.message
        assert finding.fix is None

    @pytest.mark.parametrize(
        "changes",
        [{"read": True}, {"block": None}, {"block": Span(FILE, 6, 4, 6, 9)}, {"target": "fc.weight"}, {"target": None}],
    )
    def test_silent(self, changes):
        first, second = self.pair()
        assert silent(init_discarded, program(replace(first, **changes), second))

    @pytest.mark.parametrize("changes", [{"partial": True}, {"rescale": True}, {"via": (BLOCK,)}])
    def test_silent_on_other_writes(self, changes):
        first, second = self.pair()
        assert silent(init_discarded, program(first, replace(second, event=replace(second.event, **changes))))

    def test_silent_where_the_first_reaches_more(self):
        first, second = self.pair()
        assert silent(init_discarded, program(first, replace(first, target="out.bias"), second))

    def test_silent_the_other_way_round(self):
        first, second = self.pair()
        assert silent(init_discarded, program(second, first))


class TestInitClobbersPretrained:
    load = "self.backbone.load_state_dict(state)"

    def facts(self, *, history=None, root="", scope="Net.__init__", other=("load",)):
        default, loaded = write("default", 0), write("load", 1, self.load)
        drawn = write("xavier_uniform_", 2, "nn.init.xavier_uniform_(m.weight)")
        modules = (
            module("backbone.fc", "Linear", weight=Parameter("weight", (4, 4), (history or (default, loaded, drawn),))),
            module("backbone.stem", "Conv2d", weight=Parameter("weight", (4, 4, 3, 3), ((loaded,),))),
            module("head", "Linear", weight=Parameter("weight", (4, 4), ((default, drawn),))),
        )
        written = ("backbone.fc.weight", "head.weight")
        walk = Pass(call("self.apply(init)", 12, scope), Walk.APPLY, root, written=written)
        return program(modules=modules, events=(walk,))

    def test_loaded_then_drawn(self):
        finding = only(init_clobbers_pretrained, self.facts())
        assert "1 parameter of `backbone.fc` that `load_state_dict` just loaded" in finding.message
        assert finding.span.line == 12
        assert finding.related[0].span.line == 1
        assert finding.fix is not None
        assert finding.fix.changes == (MoveStatement(call(self.load, 1).span, finding.span, after=True),)

    def test_not_moved_out_of_another_function(self):
        assert only(init_clobbers_pretrained, self.facts(scope="Net.init_weights")).fix is None

    def test_silent_where_loaded_again(self):
        again = (write("load", 1), write("xavier_uniform_", 2), write("load", 3))
        assert silent(init_clobbers_pretrained, self.facts(history=again))

    def test_silent_where_a_part_is_started_afresh(self):
        assert silent(init_clobbers_pretrained, self.facts(root="backbone.fc"))

    def test_silent_without_a_load(self):
        assert silent(init_clobbers_pretrained, self.facts(history=(write("default", 0), write("xavier_uniform_", 2))))


class TestUncalledInit:
    def facts(self, **changes):
        facts = {"calls": (call("nn.init.zeros_(self.fc.bias)"),), "parameters": ("fc.bias",)}
        return program(events=(UnusedDefinition("Net.init_weights", BLOCK, **{**facts, **changes}),))

    def test_nothing_calls_it(self):
        finding = only(uncalled_init, self.facts())
        assert "nothing calls `init_weights`" in finding.message
        assert "`fc.bias`" in finding.message
        assert finding.span == BLOCK

    def test_named_without_parentheses(self):
        mention = Span(FILE, 9, 8, 9, 25)
        finding = only(uncalled_init, self.facts(mention=mention))
        assert "parentheses" in finding.message
        assert finding.span == mention
        assert finding.related[0].span == BLOCK

    def test_a_plain_function(self):
        assert "initialise weights" in only(uncalled_init, self.facts(parameters=())).message

    def test_silent_where_it_initialises_nothing(self):
        assert silent(uncalled_init, self.facts(calls=()))

    def test_only_where_the_model_is_used(self):
        assert uncalled_init.RULE.closed_world


class TestUnmatchedInitFilter:
    test = Condition(Span(FILE, 9, 15, 9, 40), classes=("Conv2d",), considered=3)

    convolutions = (layer(0, "conv1", "Conv1d"), layer(1, "conv2", "Conv1d"))

    def facts(self, layers=convolutions, **changes):
        facts = {
            "call": call("self.modules()", 8), "walk": Walk.MODULES, "root": "", "visited": ("", "conv1", "conv2"),
            "conditions": (self.test,),
        }
        return program(events=(Pass(**{**facts, **changes}),), layers=layers)

    def test_no_such_class(self):
        finding = only(unmatched_init_filter, self.facts())
        assert finding.message == "`Net` holds no `Conv2d` but 2 Conv1d: nothing is initialised"
        assert finding.span == self.test.span

    def test_a_pass_over_one_layer(self):
        message = only(unmatched_init_filter, self.facts(root="conv1", visited=("",))).message
        assert message == "`conv1` is no `Conv2d` but `Conv1d`: nothing is initialised"

    def test_a_name_that_is_only_a_suffix(self):
        condition = Condition(self.test.span, names=("c_proj.weight",), considered=2)
        finding = only(
            unmatched_init_filter,
            self.facts(conditions=(condition,), visited=("h.0.c_proj.weight", "h.0.c_proj.bias"), walk=Walk.PARAMETERS),
        )
        assert "`h.0.c_proj.weight`" in finding.message
        assert "endswith" in finding.message

    def test_a_name_that_is_nowhere(self):
        condition = Condition(self.test.span, names=("w_proj",), considered=2)
        finding = only(unmatched_init_filter, self.facts(conditions=(condition,), visited=("fc.weight", "fc.bias")))
        assert "none of the 2 names met here is `w_proj`" in finding.message
        assert "endswith" not in finding.message

    @pytest.mark.parametrize(
        "changes",
        [
            {"written": ("conv1.weight",)},
            {"missed": ("conv1.weight",)},
            {"complete": False},
            {"conditions": ()},
            {"conditions": (test, Condition(BLOCK, classes=("Linear",), considered=3, taken=1))},
            {"conditions": (Condition(BLOCK, considered=3),)},
            {"visited": ()},
            {"layers": ()},
        ],
    )
    def test_silent(self, changes):
        assert silent(unmatched_init_filter, self.facts(**changes))

    def test_silent_past_a_bound(self):
        assert silent(unmatched_init_filter, replace(self.facts(), truncated="steps"))


class TestPaddingRowOverwritten:
    source = "nn.init.normal_(self.embed.weight, std=0.02)"

    def facts(self, *later, settings=None, kind="Embedding", extra=(), source=source, **changes):
        filled = execution(source, "embed.weight", layer=0, kind=kind, **changes)
        history = (write("default", 0), filled.event, *later)
        table = layer(0, "embed", kind, history=history, settings=settings or {"padding_idx": 3})
        return program(filled, *extra, layers=(table, layer(1, "fc")))

    def test_zeroed_again(self):
        facts = self.facts()
        finding = only(padding_row_overwritten, facts)
        assert "padding row 3 of `embed`" in finding.message
        assert finding.fix is not None
        assert finding.fix.changes == (
            InsertAfter(facts.calls[0].call.span, ("{init}.zeros_({0}[3])",), (facts.calls[0].tensor,)),
        )

    def test_a_guard_where_other_layers_are_reached(self):
        source = "nn.init.normal_(m.weight, std=0.02)"
        other = execution(source, "fc.weight", layer=1)
        finding = only(
            padding_row_overwritten, self.facts(source=source, owner=place(source, "m"), extra=(other,))
        )
        assert "fc" not in finding.message
        assert finding.fix is not None
        assert finding.fix.changes[0].lines[0] == 'if getattr({0}, "padding_idx", None) is not None:'

    @pytest.mark.parametrize("settings", [{"padding_idx": None}, {"num_embeddings": 9}])
    def test_silent_without_padding(self, settings):
        assert silent(padding_row_overwritten, self.facts(settings=settings))

    def test_silent_where_the_row_is_zeroed(self):
        assert silent(padding_row_overwritten, self.facts(write("zero_", 20, partial=True)))

    @pytest.mark.parametrize("source", ["nn.init.zeros_(self.embed.weight)", "self.embed.weight.data.copy_(table)"])
    def test_silent_on_other_writes(self, source):
        assert silent(padding_row_overwritten, self.facts(source=source))

    def test_silent_on_other_layers(self):
        assert silent(padding_row_overwritten, self.facts(kind="Linear"))


class TestClonedLayers:
    def facts(self, *orders, copies=("a", "b"), shape=(4, 4), **changes):
        modules = tuple(
            module(f"{path}.fc", "Linear", weight=Parameter("weight", shape, ((write("default", order),),), **changes))
            for path, order in zip(("a", "b"), orders, strict=True)
        )
        return program(modules=modules, events=(Cloned(call("copy.deepcopy(block)"), copies, order=5),))

    def test_still_alike(self):
        assert "`a` and `b`" in only(cloned_layers, self.facts(1, 1)).message

    def test_off_unless_selected(self):
        assert not cloned_layers.RULE.on

    @pytest.mark.parametrize("orders", [(1, 9), (9, 9)])
    def test_silent_where_drawn_again(self, orders):
        assert silent(cloned_layers, self.facts(*orders))

    @pytest.mark.parametrize(
        "changes", [{"trainable": False}, {"loaded": True}, {"complete": False}, {"shape": (4,)}, {"copies": ("a",)}]
    )
    def test_silent(self, changes):
        assert silent(cloned_layers, self.facts(1, 1, **changes))
