"""Calls whose fan is not the number of inputs that really add up: what the rules about them share."""

from __future__ import annotations

from typing import Final

from initlint.model.program import InitCall, Layer, Program
from initlint.model.queries import executions
from initlint.model.scale import settled
from initlint.model.source import Call
from initlint.rules._layers import deciding_call

KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
XAVIER: Final = frozenset({"xavier_uniform_", "xavier_normal_"})


def scheme_call(program: Program, layer: Layer, functions: frozenset[str]) -> tuple[Call, InitCall] | None:
    """The call of one of `functions` that decides the layer's weight, with its execution on it."""
    weight, call = layer.weight, deciding_call(layer)
    if weight is None or call is None or not settled(weight) or weight.finals[0].function not in functions:
        return None
    if any(event.partial for event in weight.finals):
        return None
    for execution in executions(program).get(call.span, ()):
        if execution.layer == layer.index:
            return call, execution
    return None


def no_norm_follows(program: Program, layer: Layer) -> bool:
    """Whether it is known that no normalisation takes the scale out again."""
    following = program.followings[layer.index]
    return following.complete and not any(end.norms for end in following.ends)


def pair(value: object) -> tuple[int, ...] | None:
    """A size given as a number or a tuple of numbers, as a tuple."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return value
    return None


def spread(value: object, axes: int) -> tuple[int, ...] | None:
    """A size over all spatial axes: a single number counts for each of them."""
    sizes = pair(value)
    if sizes is None:
        return None
    return sizes * axes if len(sizes) == 1 else sizes
