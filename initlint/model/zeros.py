"""What is exactly zero when training starts, and which products of two such factors can never move.

For z = u·v, ∂u is proportional to v and ∂v to u: where both are zero, both stay. The same holds for two linear
maps in a row when the activation between them maps 0 to 0, for a scale before a norm's weight, for queries and keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from initlint.model.follow import SHIFTS, End, Reached
from initlint.model.graph import Node, Role
from initlint.model.program import Layer, Program
from initlint.model.queries import weight_subject
from initlint.model.scale import settled
from initlint.model.source import Span
from initlint.model.weights import InitEvent, Parameter
from initlint.signal.activations import bind


class BiasState(Enum):
    """What a bias adds to a signal that is zero."""

    NOTHING = "nothing"      # absent, or filled with zeros
    POSITIVE = "positive"    # a positive constant
    NEGATIVE = "negative"
    DRAWN = "drawn"          # random values of both signs, torch's default among them
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Factor:
    """A parameter that is zero when training starts: its path, its owner's name, the write that zeroed it, and where
    its owner is built."""

    path: str
    event: InitEvent
    site: Span | None
    layer: Layer | None = None


class Pair(Enum):
    """How two zero factors meet."""

    CHAIN = "chain"          # one linear map after the other
    PRODUCT = "product"      # multiplied element by element, or contracted
    ATTENTION = "attention"  # queries and keys: only the attention pattern is stuck


@dataclass(frozen=True, slots=True)
class DeadProduct:
    """Two zero factors of one product; `span` covers the operation that joins them."""

    kind: Pair
    first: Factor
    second: Factor
    span: Span | None


def is_zero(parameter: Parameter | None) -> bool:
    """Whether a trained parameter is certainly filled with zeros when training starts."""
    return (
        parameter is not None
        and settled(parameter)
        and all(event.distribution is not None and event.distribution.is_zero for event in parameter.finals)
    )


def bias_state(parameter: Parameter | None, absent: bool | None) -> BiasState:
    """What a bias holds when training starts."""
    if absent:
        return BiasState.NOTHING
    if parameter is None or not parameter.finals or not parameter.complete or parameter.loaded:
        return BiasState.UNKNOWN
    states = {_state(event) for event in parameter.finals}
    return states.pop() if len(states) == 1 else BiasState.UNKNOWN


def _state(event: InitEvent) -> BiasState:
    distribution = event.distribution
    if distribution is None:
        return BiasState.UNKNOWN
    value = distribution.constant
    if value is not None:
        return BiasState.NOTHING if value == 0.0 else BiasState.POSITIVE if value > 0.0 else BiasState.NEGATIVE
    symmetric = distribution.random and distribution.mean == 0.0
    return BiasState.DRAWN if symmetric else BiasState.UNKNOWN


_CUTS: Final = frozenset({"chunk", "split", "tensor_split", "unbind"})
"""Operations that cut a signal into parts, which are then taken one by one."""

_Sources = frozenset[str]
_MOVES_ZERO: Final = frozenset({"exp2", "cos", "log", "logsumexp", "reciprocal", "rsqrt", "masked_fill", "index_fill"})


def activation_beyond_products(program: Program, layer: Layer) -> Reached | None:
    """The activation that takes what a zero layer without a bias gives, where that is multiplied by matrices on its
    way, as by the adjacency of a graph: zeros stay zeros. None where none does, or something else takes it, too."""
    graph, nodes = program.graph, program.graph.applications.get(layer.index, ())
    if len(nodes) != 1 or bias_state(layer.bias, layer.bias_absent) is not BiasState.NOTHING:
        return None
    index, crossed = nodes[0], False
    while len(graph.consumers[index]) == 1 and index not in graph.outputs:
        index = graph.consumers[index][0]
        node = graph.nodes[index]
        if node.role is Role.ACTIVATION and crossed:
            return Reached(End.ACTIVATION, node.name, index)
        if node.role is Role.MATMUL:
            crossed = True
        elif node.role is not Role.PASS or node.name in _MOVES_ZERO or node.name in SHIFTS:
            return None
    return None


def dead_products(program: Program) -> Iterator[DeadProduct]:
    """The products of two zero factors that nothing else reads or feeds, in order of execution."""
    walk = _Zeros(program)
    for index, node in enumerate(program.graph.nodes):
        found = walk.visit(index)
        if found is not None:
            kind, first, second = found
            yield DeadProduct(kind, walk.factors[first], walk.factors[second], node.span)


class _Zeros:
    """Walks the graph in order. `zero[i]` holds the zero parameters that make node i exactly zero."""

    def __init__(self, program: Program) -> None:
        self.program, self.graph = program, program.graph
        self.zero: dict[int, _Sources] = {}
        self.factors: dict[str, Factor] = {}

    def visit(self, index: int) -> tuple[Pair, str, str] | None:
        """Works out whether a node is zero; returns the pair of factors it joins where it joins two."""
        node = self.graph.nodes[index]
        if node.role in (Role.LAYER, Role.EMBEDDING):
            return self._layer(index)
        if node.role is Role.NORM:
            return self._norm(index)
        if node.role in (Role.PRODUCT, Role.MATMUL):
            return self._product(index)
        if node.role is Role.ATTENTION:
            return self._attention(index)
        sources = [self.zero.get(source) for source in node.inputs]
        if node.role is Role.PARAMETER:
            self._parameter(index)
        elif node.role is Role.ACTIVATION:
            if sources and sources[0] and _keeps_zero(node):
                self.zero[index] = self._past(node, sources[0])
        elif node.role in (Role.PASS, Role.EITHER, Role.SUM, Role.CONCAT) and sources and all(sources):
            moved = node.name in _MOVES_ZERO or (node.name in SHIFTS and node.role is Role.PASS)
            if not moved:
                self.zero[index] = frozenset(path for found in sources if found for path in found)
        return None

    def _past(self, activation: Node, zeros: _Sources) -> _Sources:
        """The zeros that may be one of two behind an activation. Before one that is dead at zero a zero scale is fatal
        alone, whatever follows: a layer is as well, but two in a row are one mistake."""
        nonlinearity = bind(activation.name, activation.parameters)
        if nonlinearity is None or not nonlinearity.dead_at_zero:
            return zeros
        return frozenset(path for path in zeros if self.factors[path].layer is not None)

    def _layer(self, index: int) -> tuple[Pair, str, str] | None:
        node = self.graph.nodes[index]
        layer = None if node.layer is None else self.program.layers[node.layer]
        fed = self._alone(node.inputs[0]) if node.inputs else None
        if layer is None:
            return None
        applied_once = len(self.graph.applications.get(layer.index, ())) == 1
        quiet = bias_state(layer.bias, layer.bias_absent) is BiasState.NOTHING
        if is_zero(layer.weight) and layer.weight is not None:
            path = weight_subject(layer)
            self.factors[path] = Factor(path, layer.weight.finals[0], layer.site, layer)
            if quiet and applied_once:
                self.zero[index] = frozenset({path})
            if fed and applied_once:
                return Pair.CHAIN, min(fed), path
        elif quiet and node.inputs and self.zero.get(node.inputs[0]):
            self.zero[index] = self.zero[node.inputs[0]]
        return None

    def _norm(self, index: int) -> tuple[Pair, str, str] | None:
        node = self.graph.nodes[index]
        module = self.program.module_at.get(node.module) if node.module else None
        if module is None:
            return None
        weight, bias = module.parameters.get("weight"), module.parameters.get("bias")
        silent = bias is None or is_zero(bias)
        fed = self._alone(node.inputs[0]) if node.inputs else None
        if is_zero(weight) and weight is not None:
            path = f"{module.path}.weight"
            self.factors[path] = Factor(path, weight.finals[0], module.site)
            if silent:
                self.zero[index] = frozenset({path})
            if fed:
                return Pair.PRODUCT, min(fed), path
        elif silent and node.inputs and self.zero.get(node.inputs[0]):
            self.zero[index] = self.zero[node.inputs[0]]
        return None

    def _parameter(self, index: int) -> None:
        names = self.graph.nodes[index].parameter_names
        parameter = self.program.parameters.get(names[0]) if len(names) == 1 else None
        if is_zero(parameter) and parameter is not None:
            self.factors[names[0]] = Factor(names[0], parameter.finals[0], parameter.span)
            self.zero[index] = frozenset(names)

    def _product(self, index: int) -> tuple[Pair, str, str] | None:
        node = self.graph.nodes[index]
        known = [found for source in node.inputs if (found := self.zero.get(source))]
        if not known:
            return None
        self.zero[index] = frozenset(path for found in known for path in found)
        alone = [found for source in dict.fromkeys(node.inputs) if (found := self._alone(source))]
        if len(alone) == 2 and not alone[0] & alone[1]:
            return Pair.PRODUCT, min(alone[0]), min(alone[1])
        return None

    def _attention(self, index: int) -> tuple[Pair, str, str] | None:
        inputs = self.graph.nodes[index].inputs
        if len(inputs) < 3:
            return None
        values = self.zero.get(inputs[2])
        if values:
            self.zero[index] = values
        queries, keys = self._alone(inputs[0]), self._alone(inputs[1])
        if queries and keys and not queries & keys:
            return Pair.ATTENTION, min(queries), min(keys)
        return None

    def _alone(self, index: int) -> _Sources | None:
        """The zero factors of a node, where nothing but its one reader could send them a gradient."""
        found = self.zero.get(index)
        return found if found and self._unshared(index) else None

    def _unshared(self, index: int) -> bool:
        pending = [index]
        while pending:
            current = pending.pop()
            node = self.graph.nodes[current]
            if current in self.graph.outputs or (len(self.graph.consumers[current]) > 1 and not self._is_cut(current)):
                return False
            if node.role is Role.PARAMETER and self._reads(node.parameter_names) > 1:
                return False
            pending.extend(source for source in node.inputs if self.zero.get(source))
        return True

    def _is_cut(self, index: int) -> bool:
        """Whether a node cuts a signal up, and each of its parts goes its own way: the weights that make one part have
        no gradient from the others."""
        node, readers = self.graph.nodes[index], self.graph.consumers[index]
        return node.name in _CUTS and all(self.graph.nodes[reader].name == "getitem" for reader in readers)

    def _reads(self, names: tuple[str, ...]) -> int:
        return sum(node.role is Role.PARAMETER and node.parameter_names == names for node in self.graph.nodes)


def _keeps_zero(activation: Node) -> bool:
    nonlinearity = bind(activation.name, activation.parameters)
    return nonlinearity is not None and nonlinearity.elementwise and nonlinearity.value_at_zero == 0.0
