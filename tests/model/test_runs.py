"""Runs of layers, and the scale of their weights."""

import math

import pytest

from initlint.model.runs import Edge, propagation
from initlint.signal.severity import collapse_factor
from tests.rules.build import HE, XAVIER, ZEROS, Build, normal


def only_run(program):
    assert len(program.runs) == 1
    return program.runs[0]


def test_default_stack_is_one_run_without_its_head():
    run = only_run(Build().stack(8, "relu"))
    assert len(run.members) == 8
    assert run.plain
    assert (run.start, run.tail) == (Edge.INPUT, Edge.OUTPUT)
    (stretch,) = run.stretches()
    assert collapse_factor(propagation(stretch)) == pytest.approx((1 / 3) ** 8 / 2**7)


def test_a_norm_ends_a_run_and_a_norm_between_forbids_membership():
    b = Build()
    one = b.act("relu", b.fc(b.input()))
    two = b.act("relu", b.norm(b.fc(one)))
    three = b.act("relu", b.fc(b.norm(two)))
    program = b.finish(b.fc(three))
    assert [len(run.members) for run in program.runs] == [1, 1]
    assert [run.tail for run in program.runs] == [Edge.NORM, Edge.OUTPUT]
    assert program.runs[1].start is Edge.NORM


def layers_and_tails(program):
    return [([member.layer.index for member in run.members], run.tail) for run in program.runs]


def test_a_residual_branch_is_told_by_its_tail_and_what_the_trunk_loses_is_lost_on_both_ways():
    b = Build()
    h = b.act("relu", b.fc(b.input()))
    branch = b.fc(b.act("relu", b.fc(h)))
    program = b.finish(b.fc(b.act("relu", b.add(h, branch))))
    assert layers_and_tails(program) == [([0], Edge.LAYER), ([1], Edge.RESIDUAL)]


def test_a_norm_behind_a_sum_restores_what_the_trunk_has_lost():
    b = Build()
    h = b.act("relu", b.fc(b.input()))
    branch = b.fc(b.act("relu", b.fc(h)))
    program = b.finish(b.fc(b.norm(b.add(h, branch))))
    assert [run.tail for run in program.runs] == [Edge.NORM, Edge.NORM]


def test_layers_before_both_ways_to_a_sum_are_a_run_of_their_own():
    b = Build()
    trunk = b.act("relu", b.fc(b.act("relu", b.fc(b.input()))))
    around = b.fc(trunk)
    branch = b.fc(b.act("relu", b.fc(trunk)))
    program = b.finish(b.add(around, branch))
    assert layers_and_tails(program) == [([0, 1, 3], Edge.RESIDUAL), ([0, 1], Edge.OUTPUT)]


def test_the_way_around_begins_before_the_first_layer():
    b = Build()
    at = b.act("relu", b.norm(b.input()))
    branch = b.fc(b.act("relu", b.fc(b.act("relu", b.fc(at)))))
    program = b.finish(b.fc(b.act("relu", b.add(at, branch))))
    assert [run.tail for run in program.runs] == [Edge.RESIDUAL]


@pytest.mark.parametrize(("width", "tail"), [(1, Edge.OUTPUT), (256, Edge.RESIDUAL)])
def test_a_single_number_that_is_added_to_all_features_is_another_head(width, tail):
    b = Build()
    at = b.input()
    value = b.layer("Linear", at, (width, 256))
    advantage = b.layer("Linear", b.act("relu", b.fc(at)), (256, 256))
    (run,) = b.finish(b.add(value, advantage)).runs
    assert run.tail is tail


def test_gates_and_contractions():
    b = Build()
    main = b.fc(b.input())
    squeeze = b.act("relu", b.fc(b.passing(main, "mean")))
    gate = b.act("sigmoid", b.fc(squeeze))
    program = b.finish(b.fc(b.mul(main, gate)))
    (run,) = program.runs
    assert [member.nonlinearity.name for member in run.members] == ["relu", "sigmoid"]
    assert run.tail is Edge.GATE


def test_output_activations_are_heads():
    for activation, members in (("sigmoid", 0), ("tanh", 0), ("softplus", 0), ("relu", 1), ("softmax", 0)):
        b = Build()
        program = b.finish(b.act(activation, b.fc(b.input())))
        assert sum(len(run.members) for run in program.runs) == members, activation


def test_a_fork_makes_two_runs_with_a_common_trunk():
    b = Build()
    trunk = b.act("tanh", b.fc(b.input()))
    left, right = b.act("tanh", b.fc(trunk)), b.act("tanh", b.fc(trunk))
    program = b.finish(b.fc(left), b.fc(right))
    assert [[member.layer.index for member in run.members] for run in program.runs] == [[0, 1], [0, 2]]


def test_unknown_weights_cut_a_run_into_stretches_and_claimed_layers_drop_out():
    b = Build()
    at = b.input()
    for index in range(6):
        at = b.act("relu", b.fc(at, complete=index != 2))
    run = only_run(b.finish(b.fc(at)))
    assert [len(piece) for piece in run.stretches()] == [2, 3]
    assert [len(piece) for piece in run.stretches(frozenset({"fc0.weight"}))] == [1, 3]


def test_unknown_what_follows():
    b = Build()
    h = b.act("relu", b.fc(b.input()))
    out = b.fc(h)
    assert b.finish(out, entry=False).runs[0].tail is Edge.UNKNOWN
    assert b.finish(out).runs[0].tail is Edge.OUTPUT


@pytest.mark.parametrize(
    ("inits", "s2"),
    [
        ((), 1 / 3),
        ((HE,), 2.0),
        ((XAVIER,), 1.0),
        ((normal(0.02),), 256 * 0.0004),
        ((("xavier_normal_", {"gain": 5 / 3}),), 25 / 9),
        ((("orthogonal_", {"gain": math.sqrt(2)}),), 2.0),
        ((("kaiming_normal_", {"a": 0, "mode": "fan_out", "nonlinearity": "relu"}),), 2.0),
    ],
)
def test_scale_in_a_run(inits, s2):
    (run,) = Build().stack(1, "relu", *inits).runs
    assert run.members[0].scale.in_run == pytest.approx(s2)


def test_schemes_that_depend_on_the_shape_count_as_square_in_a_run_and_exactly_alone():
    b = Build()
    head = b.act("relu", b.layer("Linear", b.input(), (64, 512), XAVIER))
    scale = b.finish(b.fc(head)).runs[0].members[0].scale
    assert scale.in_run == pytest.approx(1.0)
    assert scale.s2 == pytest.approx(2 * 512 / 576)


def test_unknown_sizes():
    (run,) = Build().stack(1, "relu", XAVIER, width=None).runs
    assert run.members[0].scale.in_run == pytest.approx(1.0)
    assert run.members[0].scale.s2 is None
    (run,) = Build().stack(1, "relu", normal(0.02), width=None).runs
    assert run.members[0].scale is None


@pytest.mark.parametrize(
    "changes",
    [{"complete": False}, {"loaded": True}, {"trainable": False}, {"reparametrized": "spectral_norm"}],
)
def test_no_scale_where_training_does_not_start_from_it(changes):
    (run,) = Build().stack(1, "relu", HE, **changes).runs
    assert run.members[0].scale is None


def test_zeros_have_no_scale():
    (run,) = Build().stack(1, "tanh", ZEROS).runs
    assert run.members[0].scale is None
    assert list(run.stretches()) == []


def test_transposed_convolutions_count_their_real_fan():
    b = Build()
    deconv = b.act("relu", b.layer("ConvTranspose2d", b.input(), (128, 64, 4, 4), HE))
    member = b.finish(b.fc(deconv)).runs[0].members[0]
    assert member.scale.s2 == pytest.approx(2.0 * 128 / 64)
