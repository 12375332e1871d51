"""One finding a cause."""

from __future__ import annotations

from initlint.rules.precedence import judge, rank
from initlint.rules.registry import entries
from tests.rules.build import XAVIER, ZEROS, Build, init_call, normal

OUTSIDE = {"INI010", "INI409", "INI900", "INI901", "INI902"}
ON = [entry for entry in entries().values() if entry.rule.on]


def codes(program, chosen=None):
    return [finding.code for finding in judge(program, chosen or ON)]


def test_every_code_has_its_place():
    assert {code for code in entries() if rank(code) is None} == OUTSIDE


def test_the_order_that_was_promised():
    order = [
        "INI006", "INI402", "INI407", "INI202", "INI201", "INI203", "INI204", "INI205", "INI508", "INI302", "INI105",
        "INI101", "INI103", "INI104",
    ]
    assert [rank(code) for code in order] == sorted(rank(code) for code in order)
    assert rank("INI008") < rank("INI506")
    assert rank("INI507") < rank("INI103")
    assert rank("INI101") < rank("INI102") < rank("INI103")


def test_a_wide_scale_is_told_once():
    """INI302 names the call; INI102 would name the run that comes of it."""
    program = Build().stack(4, "relu", normal(1.0), call="loop")
    assert codes(program) == ["INI302"]
    assert codes(program, [entries()["INI102"]]) == ["INI102"]


def test_a_zero_layer_under_a_norm_is_one_thing_before_relu_and_another_before_gelu():
    for activation, code in (("relu", "INI201"), ("gelu", "INI204")):
        b = Build()
        at = b.act(activation, b.norm_module(b.fc(b.input(), ZEROS, bias=ZEROS)))
        assert codes(b.finish(b.fc(at))) == [code]


def test_a_collapsing_run_covers_the_mismatch_in_it():
    program = Build().stack(16, "relu", XAVIER, call="loop")
    assert codes(program) == ["INI101"]
    assert codes(program, [entries()["INI103"]]) == ["INI103"]


def test_a_run_is_judged_without_the_layers_that_have_a_finding():
    b = Build()
    at = b.input()
    for index in range(6):
        at = b.act("relu", b.fc(at, *([normal(1.0)] if index == 3 else [])))
    assert codes(b.finish(b.fc(at))) == ["INI302"]


def test_what_stands_outside_silences_nothing():
    b = Build()
    at = b.act("relu", b.fc(b.input(), XAVIER))
    program = b.finish(b.fc(at))
    deprecated = init_call("xavier_uniform", {}, 50)
    call = program.calls[0]
    renamed = type(call)(**{name: getattr(call, name) for name in call.__slots__} | {"call": deprecated})
    program = type(program)(program.root, program.span, True, program.layers, calls=(renamed,), graph=program.graph)
    assert set(codes(program)) == {"INI010", "INI103"}


def test_findings_are_sorted_by_place():
    b = Build()
    x = b.input()
    late = b.act("relu", b.fc(x, ZEROS, bias=ZEROS))
    program = b.finish(b.fc(late), b.fc(b.act("relu", b.fc(x, normal(1.0)))))
    found = judge(program, ON)
    assert [finding.span for finding in found] == sorted(finding.span for finding in found)
    assert {finding.code for finding in found} == {"INI201", "INI302"}
