"""Elementwise products: activations written out by hand, gates, gated units and scaling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from initlint.model.graph import Graph, Node, Role
from initlint.signal.gains import number

BOUNDED: Final = frozenset({"sigmoid", "hardsigmoid", "softmax", "softmin", "gumbel_softmax", "tanh", "hardtanh"})
"""Activations whose output scales another signal without replacing it: `x * sigmoid(g)` is still x."""

SOFTMAX: Final = frozenset({"softmax", "softmin", "gumbel_softmax"})
"""Activations whose output adds up to one."""

_POINTWISE: Final = frozenset(
    {"mul", "div", "true_divide", "add", "sub", "rsub", "neg", "pow", "square", "to", "type_as", "float", "clamp"}
)
_REDUCTIONS: Final = frozenset({
    "mean", "var", "std", "norm", "vector_norm", "sum", "amax", "amin", "max", "min", "logsumexp", "median", "nanmean",
})  # fmt: skip
_RECIPROCALS: Final = frozenset({"rsqrt", "reciprocal", "pow", "div", "true_divide"})
_DIVISIONS: Final = frozenset({"div", "true_divide"})
_ROOTS: Final = frozenset({"sqrt", "rsqrt", "reciprocal", "clamp", "detach", "unsqueeze", "expand", "abs"})
_TURNING: Final = frozenset({"add", "sub", "rsub", "neg", "pow", "square", "clamp"})
_QUICK_GELU_SLOPE: Final = 1.702
_BY_GATE: Final = {
    "sigmoid": "silu",
    "hardsigmoid": "hardswish",
    "relu6": "hardswish",
    "tanh": "gelu",
    "erf": "gelu",
    "softplus": "mish",
}


@dataclass(frozen=True, slots=True)
class Fusion:
    """A product that is an activation of the node `source`. `inside` are the nodes
    that make its gate. `name` is None where its shape is learned: it is then one of a family."""

    source: int
    name: str | None
    inside: frozenset[int]


def fusions(graph: Graph) -> Mapping[int, Fusion]:
    """The products that spell out an activation, by node: `x * sigmoid(x)`, `x * relu6(x + 3) / 6`, `r * r`..."""
    found: dict[int, Fusion] = {}
    for index, node in enumerate(graph.nodes):
        if node.role is Role.PRODUCT and len(node.inputs) == 2:
            left, right = node.inputs
            spelled = _gated_by_itself(graph, left, right) or _gated_by_itself(graph, right, left)
            if spelled is not None:
                found[index] = spelled
    return found


def multiplier(node: Node) -> float | None:
    """The number that a node multiplies its input by, None where that is not known, zero, or not all that it does."""
    factor = number(node.parameters.get("other"))
    if not factor:
        return None
    if node.name in _DIVISIONS:
        return 1.0 / factor
    return float(factor) if node.name == "mul" else None


def squares(graph: Graph, index: int) -> bool:
    """Whether a node is its input squared (`x ** 2`, `x.square()`, `x * x`)."""
    node = graph.nodes[index]
    if node.role is Role.PRODUCT:
        return len(node.inputs) == 2 and node.inputs[0] == node.inputs[1]
    return node.name == "square" or (node.name == "pow" and node.parameters.get("exponent") == 2)


def is_averaged(graph: Graph, index: int) -> bool:
    """Whether nothing but its mean or the like is read of a node."""
    readers = graph.consumers[index]
    return bool(readers) and all(graph.nodes[reader].name in _REDUCTIONS for reader in readers)


def is_statistic(graph: Graph, index: int) -> bool:
    """Whether a node is made of means, deviations and the like alone: numbers about a signal, not the signal."""
    node = graph.nodes[index]
    if node.name in _REDUCTIONS:
        return True
    if not (_is_pointwise(node) or node.role in (Role.SUM, Role.PRODUCT) or node.name in _ROOTS):
        return False
    signals = graph.signals(index)
    return bool(signals) and all(is_statistic(graph, source) for source in signals)


def divides(graph: Graph, product: int, statistic: int) -> bool:
    """Whether a product divides by a statistic: by name, or because its reciprocal was taken."""
    if graph.nodes[product].name in _DIVISIONS:
        return graph.nodes[product].inputs[0] != statistic
    while graph.nodes[statistic].role is Role.PASS and graph.nodes[statistic].inputs:
        if graph.nodes[statistic].name in _RECIPROCALS:
            return True
        statistic = graph.nodes[statistic].inputs[0]
    return graph.nodes[statistic].name in _DIVISIONS


def is_bounded_gate(graph: Graph, index: int) -> bool:
    """Whether the last activation that made a node is a bounded one."""
    while graph.nodes[index].role in (Role.PASS, Role.NORM) and graph.nodes[index].inputs:
        index = graph.nodes[index].inputs[0]
    node = graph.nodes[index]
    if node.role is Role.EITHER:
        return all(is_bounded_gate(graph, source) for source in node.inputs)
    return node.role is Role.ACTIVATION and node.name in BOUNDED


def is_mixture(graph: Graph, index: int) -> bool:
    """Whether a node is made by a softmax: numbers that add up to one, by which others are averaged."""
    while graph.nodes[index].role is Role.PASS and graph.nodes[index].inputs:
        index = graph.nodes[index].inputs[0]
    return graph.nodes[index].role is Role.ACTIVATION and graph.nodes[index].name in SOFTMAX


def _gated_by_itself(graph: Graph, value: int, gate: int) -> Fusion | None:
    """The value times an activation of the same value, pointwise operations aside."""
    inside: set[int] = set()
    while _is_pointwise(graph.nodes[gate]):
        inside.add(gate)
        gate = graph.nodes[gate].inputs[0]
    activation = graph.nodes[gate]
    if activation.role is not Role.ACTIVATION or activation.name not in _BY_GATE or not activation.inputs:
        return None
    inside.add(gate)
    inner = activation.inputs[0]
    name: str | None = _BY_GATE[activation.name]
    below = graph.nodes[inner]
    if activation.name == "tanh" and below.role is Role.ACTIVATION and below.name == "softplus":
        inside.add(inner)
        inner, name = below.inputs[0], "mish"
    source = value
    while (cone := _cone(graph, inner, source)) is None and _is_pointwise(graph.nodes[source]):
        source = graph.nodes[source].inputs[0]
    if cone is None:
        return None
    if name == "silu":
        name = _sigmoid_unit(graph, inner, inside | cone)
    if any(graph.nodes[each].role is Role.PRODUCT and _is_learned(graph, each) for each in cone):
        name = None
    return Fusion(source, name, frozenset(inside | cone))


def _sigmoid_unit(graph: Graph, inner: int, gate: set[int]) -> str | None:
    """What a value times a sigmoid of itself is called: nothing where either is shifted or turned around
    (`x * (1 - sigmoid(x))`)."""
    if any(graph.nodes[each].role is Role.SUM or graph.nodes[each].name in _TURNING for each in gate):
        return None
    return "quick_gelu" if graph.nodes[inner].parameters.get("other") == _QUICK_GELU_SLOPE else "silu"


def _is_learned(graph: Graph, product: int) -> bool:
    """Whether a product scales by something made of parameters: `x * beta`."""
    pending = [source for source in graph.nodes[product].inputs if graph.static[source]]
    while pending:
        node = graph.nodes[pending.pop()]
        if node.role is Role.PARAMETER:
            return True
        pending.extend(node.inputs)
    return False


def _is_pointwise(node: Node) -> bool:
    return node.role is Role.PASS and node.name in _POINTWISE and bool(node.inputs)


def _cone(graph: Graph, index: int, source: int) -> set[int] | None:
    """The nodes from `index` down to `source`, itself left out, where only pointwise operations lie between;
    None where something else does."""
    if index == source:
        return set()
    node = graph.nodes[index]
    if index < source or not (_is_pointwise(node) or node.role in (Role.SUM, Role.PRODUCT)):
        return None
    signals = graph.signals(index)
    found = {index}
    for feeding in signals:
        below = _cone(graph, feeding, source)
        if below is None:
            return None
        found |= below
    return found if signals else None
