"""Whether the forward pass scales what a layer takes or gives."""

from __future__ import annotations

from typing import Final

from initlint.model.follow import ALTERING
from initlint.model.graph import Role
from initlint.model.products import divides, is_bounded_gate, is_statistic, multiplier
from initlint.model.program import Layer, Program
from initlint.model.scale import is_derived, settled
from initlint.model.weights import Parameter

_SUMS: Final = frozenset({"sum", "cumsum"})
"""What makes a signal larger, which no weight is meant to make up for."""
_ONE: Final = 10.0
"""A variance that is between one of this and this may be meant to be one."""


def is_scaled(program: Program, layer: Layer) -> bool:
    """Whether the forward pass scales what goes into the layer or comes out of it, as equalised learning rates do. A
    gate that can only make its input smaller is no such scale, nor is a norm written out by hand."""
    if is_derived(program, layer) or any(end.altered for end in program.followings[layer.index].ends):
        return True
    graph = program.graph
    return any(
        _is_altered(program, source) and not _is_raw_data(program, layer, source)
        for start in graph.applications.get(layer.index, ())
        for source in graph.nodes[start].inputs[:1]
    )


def _is_altered(program: Program, index: int) -> bool:
    """Whether a node is a scaled signal."""
    graph = program.graph
    node = graph.nodes[index]
    if node.name not in ALTERING - _SUMS or node.role not in (Role.PASS, Role.PRODUCT):
        return False
    if any(is_bounded_gate(graph, factor) for factor in node.inputs):
        return node.role is Role.PASS
    signals = graph.signals(index)
    if any(is_statistic(graph, source) and divides(graph, index, source) for source in signals):
        return False
    if node.role is Role.PRODUCT and len(signals) == 1 and _is_one(program, set(node.inputs) - set(signals)):
        return _is_altered(program, signals[0])
    return True


def _is_raw_data(program: Program, layer: Layer, index: int) -> bool:
    """Whether a node is an input of the model times a known number that does not stand for the scale of the weight:
    pixels divided by 255."""
    graph = program.graph
    node = graph.nodes[index]
    factor = multiplier(node)
    if len(node.inputs) != 1 or graph.nodes[node.inputs[0]].role is not Role.INPUT:
        return False
    if factor is None or not layer.true_fan_in or layer.weight is None:
        return False
    spreads = [event.distribution.std for event in layer.weight.finals if event.distribution is not None]
    return bool(spreads) and not any(
        std is None or 1 / _ONE < factor**2 * std**2 * layer.true_fan_in < _ONE for std in spreads
    )


def _is_one(program: Program, factors: set[int]) -> bool:
    """Whether factors are parameters that start at one: the weights of a norm."""
    for factor in factors:
        node = program.graph.nodes[factor]
        if node.role is not Role.PARAMETER or not node.parameter_names:
            return False
        if not all(_starts_at_one(program.parameters.get(name)) for name in node.parameter_names):
            return False
    return True


def _starts_at_one(parameter: Parameter | None) -> bool:
    return parameter is not None and settled(parameter) and all(
        event.distribution is not None and event.distribution.constant == 1.0 for event in parameter.finals
    )
