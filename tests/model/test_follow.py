"""What follows a layer, on graphs written down by hand."""

import pytest

from initlint.model.follow import End, end_settings, end_span
from initlint.model.graph import Role
from tests.model.graphs import Sketch


def first(sketch, *outputs, **options):
    return sketch.program(*outputs, **options).followings[0]


def test_straight_line():
    s = Sketch()
    relu = s.act("relu", s.passing(s.linear(s.input())))
    head = s.linear(relu)
    program = s.program(head)
    hidden, last = program.followings
    assert hidden.names == ("relu",)
    assert hidden.complete
    assert hidden.plain
    assert hidden.sole is not None
    assert hidden.sole.node == relu
    assert end_span(program, hidden.sole).line == 100 + relu
    assert last.names == ("none",)
    assert last.ends[0].end is End.OUTPUT
    assert last.sole is None


def test_settings_of_the_activation():
    s = Sketch()
    s.act("leaky_relu", s.linear(s.input()), negative_slope=0.2)
    program = s.program(2)
    assert end_settings(program, program.followings[0].sole) == {"negative_slope": 0.2}


def test_output_of_a_class_nobody_builds_is_unknown():
    s = Sketch()
    out = s.linear(s.input())
    assert first(s, out, entry=False).names == ()
    assert not first(s, out, entry=False).complete
    assert first(s, out).names == ("none",)


def test_never_applied_and_never_read_are_unknown():
    s = Sketch()
    s.linear(s.input())
    assert first(s).ends[0].end is End.UNUSED
    assert first(s).names == () != first(s, 1).names
    s.nodes.clear()
    assert first(s).applied == 0
    assert not first(s).complete


def test_a_piece_that_nothing_reads_does_not_count_beside_others():
    s = Sketch()
    fc = s.linear(s.input())
    s.passing(fc, "chunk")
    s.act("relu", s.passing(fc, "chunk"))
    assert first(s, len(s.nodes) - 1).names == ("relu",)
    assert first(s, len(s.nodes) - 1).complete


def test_normalisation_written_out_by_hand():
    s = Sketch()
    fc = s.linear(s.input())
    centred = s.node(Role.SUM, "sub", fc, s.passing(fc, "mean"))
    deviation = s.passing(s.passing(s.passing(fc, "var"), "add", other=1e-5), "sqrt")
    s.act("gelu", s.mul(s.node(Role.PRODUCT, "div", centred, deviation), s.parameter()))
    found = first(s, len(s.nodes) - 1)
    assert found.names == ("gelu",)
    assert found.norms == ("normalize",)
    assert not found.residual


def test_rms_norm_written_out_by_hand():
    s = Sketch()
    fc = s.linear(s.input())
    squared = s.passing(s.passing(fc, "pow", exponent=2), "mean")
    s.act("silu", s.mul(fc, s.passing(s.passing(squared, "add", other=1e-6), "rsqrt")))
    found = first(s, len(s.nodes) - 1)
    assert (found.names, found.norms) == (("silu",), ("normalize",))


def test_unknown_call_keeps_what_is_known():
    s = Sketch()
    fc = s.linear(s.input())
    s.act("relu", fc)
    s.node(Role.UNKNOWN, "helper", fc)
    assert first(s).names == ("relu",)
    assert not first(s).complete
    assert first(s).sole is None


def test_norms_crossed_and_before():
    s = Sketch()
    fc = s.linear(s.passing(s.norm(s.input(), "group_norm"), "view"))
    s.act("gelu", s.norm(fc, "batch_norm"))
    found = first(s, 4)
    assert found.norms == ("batch_norm",)
    assert found.before == ("group_norm",)
    assert not found.plain


def test_residual_sum_then_activation():
    s = Sketch()
    x = s.input()
    relu = s.act("relu", s.linear(x))
    s.act("relu", s.add(s.linear(relu), x))
    hidden, end = s.program(6).followings
    assert not hidden.residual
    assert end.residual
    assert end.names == ("relu",)


def test_adding_a_parameter_is_no_residual():
    s = Sketch()
    s.act("relu", s.add(s.linear(s.input()), s.parameter()))
    assert first(s, 4).plain
    assert first(s, 4).names == ("relu",)


def test_skip_stops_at_the_first_consumer():
    s = Sketch()
    stem = s.passing(s.linear(s.input()))
    branch = s.linear(s.norm(stem))
    s.act("tanh", s.add(stem, branch))
    program = s.program(len(s.nodes) - 1)
    assert program.followings[0].names == ("none",)
    assert program.followings[0].skipped
    assert program.followings[0].ends[0].end is End.LAYER
    assert program.followings[1].names == ("tanh",)
    assert program.followings[1].residual


@pytest.mark.parametrize("whole", ["chunk", "unbind"])
def test_a_sum_with_what_another_part_became_is_no_skip(whole):
    """Mean and log-variance of one layer: `mean + log_variance.mul(0.5).exp()`."""
    s = Sketch()
    both = s.passing(s.linear(s.input()), whole)
    mean, log_variance = s.passing(both, "getitem"), s.passing(both, "getitem")
    s.linear(s.add(mean, s.act("exp", s.passing(log_variance, "mul"))))
    found = s.program(len(s.nodes) - 1).followings[0]
    assert {reached.name for reached in found.ends} == {"exp", "none"}
    assert not found.skipped


def test_a_part_that_skips_what_it_became_itself_stops_at_the_first_consumer():
    s = Sketch()
    part = s.passing(s.passing(s.linear(s.input()), "chunk"), "getitem")
    s.linear(s.add(s.passing(part, "reshape"), s.act("relu", part)))
    found = s.program(len(s.nodes) - 1).followings[0]
    assert found.names == ("relu",)
    assert found.skipped


def test_sum_of_two_paths_of_one_signal_goes_on():
    s = Sketch()
    fc = s.linear(s.input())
    s.act("relu", s.add(fc, s.passing(fc, "max_pool2d")))
    found = first(s, 4)
    assert found.names == ("relu",)
    assert found.residual
    assert not found.skipped


def test_squeeze_excite():
    s = Sketch()
    main = s.linear(s.input())
    squeeze = s.act("relu", s.linear(s.passing(main, "mean")))
    gate = s.act("sigmoid", s.linear(squeeze))
    s.act("silu", s.mul(main, gate))
    conv, reduce, expand = s.program(len(s.nodes) - 1).followings
    assert conv.names == ("silu",)
    assert conv.gated
    assert reduce.names == ("relu",)
    assert expand.names == ("sigmoid",)


def test_gated_units_end_the_value_path():
    for order in (0, 1):
        s = Sketch()
        x = s.input()
        value, gate = s.linear(x), s.act("silu", s.linear(x))
        s.mul(*((value, gate) if order else (gate, value)))
        values, gates = s.program(len(s.nodes) - 1).followings
        assert values.names == ("none",)
        assert values.ends[0].end is End.CONTRACTION
        assert gates.names == ("silu",)


def test_chunked_sigmoid_glu():
    s = Sketch()
    fc = s.linear(s.input())
    value, gate = s.passing(fc, "chunk"), s.passing(fc, "chunk")
    s.linear(s.mul(value, s.act("sigmoid", gate)))
    found = first(s, len(s.nodes) - 1)
    assert found.names == ("sigmoid",)
    assert {reached.end for reached in found.ends} == {End.ACTIVATION, End.CONTRACTION}
    assert found.sole is None


def test_activations_written_out_by_hand():
    def swish(s, x):
        return s.mul(x, s.act("sigmoid", x))

    def quick_gelu(s, x):
        return s.mul(s.act("sigmoid", s.passing(x, "mul", other=1.702)), x)

    def mish(s, x):
        return s.mul(x, s.act("tanh", s.act("softplus", x)))

    def hardswish(s, x):
        return s.passing(s.mul(x, s.act("relu6", s.passing(x, "add", other=3))), "div", other=6)

    def gelu(s, x):
        cube = s.passing(s.passing(x, "pow", exponent=3), "mul", other=0.044715)
        inner = s.passing(s.add(x, cube), "mul", other=0.797)
        return s.mul(s.passing(x, "mul", other=0.5), s.passing(s.act("tanh", inner), "add", other=1))

    def relu_squared(s, x):
        return s.passing(s.act("relu", x), "pow", exponent=2)

    def relu_by_itself(s, x):
        relu = s.act("relu", x)
        return s.mul(relu, relu)

    cases = {swish: "silu", quick_gelu: "quick_gelu", mish: "mish", hardswish: "hardswish", gelu: "gelu",
             relu_squared: "relu_squared", relu_by_itself: "relu_squared"}
    for write, name in cases.items():
        s = Sketch()
        s.linear(write(s, s.linear(s.input())))
        found = first(s, len(s.nodes) - 1)
        assert found.names == (name,)
        assert found.sole is not None, name


def test_sigmoid_of_something_else_is_no_swish():
    s = Sketch()
    x = s.input()
    a, b = s.linear(x), s.linear(x)
    s.linear(s.mul(a, s.act("sigmoid", b)))
    left, right = s.program(len(s.nodes) - 1).followings[:2]
    assert left.names == ("none",)
    assert left.gated
    assert right.names == ("sigmoid",)


def test_scaling_is_crossed_and_told():
    s = Sketch()
    scaled = s.mul(s.linear(s.input()), s.parameter())
    s.act("relu", s.passing(scaled, "mul", other=0.5))
    found = first(s, len(s.nodes) - 1)
    assert found.names == ("relu",)
    assert len(found.sole.altered) == 2
    assert not found.gated


def test_contractions_losses_and_cells():
    for role, end in ((Role.MATMUL, End.CONTRACTION), (Role.ATTENTION, End.CONTRACTION), (Role.RECURRENT, End.LAYER),
                      (Role.LOSS, End.OUTPUT), (Role.EMBEDDING, End.LAYER)):
        s = Sketch()
        x = s.input()
        s.node(role, "op", s.linear(x), x)
        found = first(s, len(s.nodes) - 1, entry=False)
        assert found.names == ("none",)
        assert found.ends[0].end is end


def test_either_and_concat():
    s = Sketch()
    x = s.input()
    fc = s.linear(x)
    either = s.node(Role.EITHER, "either", s.norm(fc, "batch_norm"), fc)
    s.act("relu", s.node(Role.CONCAT, "cat", either, x))
    found = first(s, len(s.nodes) - 1)
    assert found.names == ("relu",)
    assert all(reached.joined for reached in found.ends)
    assert {reached.norms for reached in found.ends} == {(), ("batch_norm",)}


def test_shared_layer_joins_its_applications():
    s = Sketch()
    once = s.act("relu", s.linear(s.input()))
    s.act("tanh", s.linear(once, again=0))
    found = first(s, len(s.nodes) - 1)
    assert found.names == ("relu", "tanh")
    assert found.applied == 2
    assert found.sole is None


def test_a_wide_fan_of_states_is_given_up():
    s = Sketch()
    at = s.linear(s.input())
    for number in range(12):
        at = s.node(Role.EITHER, "either", s.norm(at, f"norm{number}"), at)
    s.act("relu", at)
    assert not first(s, len(s.nodes) - 1).complete
