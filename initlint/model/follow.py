"""What follows each layer: where its output goes, and through what, before something else takes the signal.

The walk starts at every node that applies the layer and ends at the first activation, layer,
contraction, attention, loss or output on each path. It passes reshapes, pooling, dropout, normalisation,
scaling by numbers and parameters, gates that are bounded (`x * sigmoid(..)`), concatenation and sums. A sum
with something that was computed *from* the very signal is a skip: there the walk stops, because
the branch took the signal first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from initlint.model.graph import Graph, Node, Role
from initlint.model.products import fused_activation, is_bounded_gate, is_static
from initlint.model.program import Layer, Program
from initlint.model.source import Span


class End(Enum):
    """What took the signal."""

    ACTIVATION = "activation"
    LAYER = "layer"              # another weight, a recurrent cell, an embedding
    CONTRACTION = "contraction"  # a product of two signals: matmul, attention, a gated unit
    OUTPUT = "output"            # the root returned it, or a loss read it
    UNUSED = "unused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reached:
    """One end of the signal of a layer.

    `name` and `parameters` are those of the activation, "none" and empty elsewhere; `node` is the node
    that took the signal, None for outputs. `norms` lists the normalisations crossed, in order.
    `residual`: it entered a sum with another signal. `gated`: it was multiplied by another signal.
    `joined`: it was concatenated with another signal. `altered` names operations crossed
    that change its scale or shape of distribution (`mul`, `pow`), in order.
    """

    end: End
    name: str = "none"
    node: int | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    norms: tuple[str, ...] = ()
    residual: bool = False
    gated: bool = False
    joined: bool = False
    altered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Following:
    """All ends of a layer's signal over all its applications.

    `skipped`: a skip connection carries the signal past what took it first. `before` lists the
    normalisations its input went through since the last layer or activation.
    """

    ends: tuple[Reached, ...]
    applied: int
    skipped: bool = False
    before: tuple[str, ...] = ()

    @cached_property
    def activations(self) -> tuple[Reached, ...]:
        return tuple(reached for reached in self.ends if reached.end is End.ACTIVATION)

    @property
    def complete(self) -> bool:
        """Whether everything that follows is known."""
        return self.applied > 0 and all(reached.end is not End.UNKNOWN for reached in self.ends)

    @property
    def names(self) -> tuple[str, ...]:
        """Sorted names of the activations; "none" alone where no path meets one, () where nothing is known."""
        found = sorted({reached.name for reached in self.activations})
        if found:
            return tuple(found)
        return ("none",) if self.complete else ()

    @property
    def sole(self) -> Reached | None:
        """The one activation that takes all of the signal, None where there are several ends or it is not known."""
        if self.complete and len(self.ends) == 1 and self.ends[0].end is End.ACTIVATION:
            return self.ends[0]
        return None

    @property
    def norms(self) -> tuple[str, ...]:
        """Normalisations crossed on the way to the activations (to any end where there is none)."""
        chosen = self.activations or self.ends
        return tuple(dict.fromkeys(name for reached in chosen for name in reached.norms))

    @property
    def residual(self) -> bool:
        return any(reached.residual for reached in self.activations or self.ends)

    @property
    def gated(self) -> bool:
        return any(reached.gated for reached in self.ends)


def follow(program: Program, layer: Layer) -> Following:
    """What follows `layer`. Where its forward was never traced, nothing is known: `applied` is 0."""
    graph = program.graph
    starts = graph.applications.get(layer.index, ())
    walk = _Walk(program)
    for start in starts:
        walk.run(start)
    ends = walk.ends if starts else {Reached(End.UNKNOWN): None}
    return Following(tuple(sorted(ends, key=_order)), len(starts), walk.skipped, _norms_before(graph, starts))


def end_span(program: Program, reached: Reached) -> Span | None:
    """The place of the operation that took the signal."""
    return None if reached.node is None else program.graph.nodes[reached.node].span


def _order(reached: Reached) -> tuple[str, int, str]:
    return reached.name, -1 if reached.node is None else reached.node, repr(reached)


class _Walk:
    """One layer's walk: the ends found so far, and whether a skip carries the signal on."""

    def __init__(self, program: Program) -> None:
        self.graph: Graph = program.graph
        self.entry = program.entry
        self.truncated = program.truncated is not None
        self.ends: dict[Reached, None] = {}
        self.skipped = False

    def run(self, start: int) -> None:
        carriers = self._carriers(start)
        pending = [(start, Reached(End.UNKNOWN))]
        seen = set(pending_key(start, pending[0][1]))
        while pending:
            index, state = pending.pop()
            for following in self._steps(index, state, carriers):
                key = pending_key(*following)
                if not key <= seen:
                    seen |= key
                    pending.append(following)

    def _carriers(self, start: int) -> frozenset[int]:
        """Nodes that carry the raw signal of `start`, through anything that does not take it."""
        found = {start}
        pending = [start]
        while pending:
            index = pending.pop()
            for reader in self.graph.consumers[index]:
                node = self.graph.nodes[reader]
                if reader in found or node.role not in _CARRIES:
                    continue
                if node.role is Role.SUM and self._is_skip(node, frozenset(found), start):
                    continue
                found.add(reader)
                pending.append(reader)
        return frozenset(found)

    def _is_skip(self, node: Node, carriers: frozenset[int], start: int) -> bool:
        """Whether a sum adds to the signal something that was computed from it."""
        return any(source not in carriers and self._descends(source, carriers, start) for source in node.inputs)

    def _descends(self, index: int, carriers: frozenset[int], start: int) -> bool:
        pending, seen = [index], {index}
        while pending:
            for source in self.graph.nodes[pending.pop()].inputs:
                if source in carriers:
                    return True
                if source > start and source not in seen:
                    seen.add(source)
                    pending.append(source)
        return False

    def _steps(self, index: int, state: Reached, carriers: frozenset[int]) -> list[tuple[int, Reached]]:
        """Records the ends met at the readers of `index`; returns the nodes to go on from."""
        readers = self.graph.consumers[index]
        onward: list[tuple[int, Reached]] = []
        if index in self.graph.outputs:
            self._end(state, End.OUTPUT if self.entry else End.UNKNOWN)
        elif not readers:
            self._end(state, End.UNKNOWN if self.truncated else End.UNUSED)
        fused = {reader: fusion for reader in readers if (fusion := fused_activation(self.graph, index, reader))}
        absorbed = {inner for fusion in fused.values() for inner in fusion.absorbs}
        for reader in readers:
            if reader in fused:
                fusion = fused[reader]
                self._end(state, End.ACTIVATION, fusion.name, reader, fusion.parameters)
            elif reader not in absorbed:
                onward += self._read(index, reader, state, carriers)
        return onward

    def _read(self, index: int, reader: int, state: Reached, carriers: frozenset[int]) -> list[tuple[int, Reached]]:
        node = self.graph.nodes[reader]
        role = node.role
        if role is Role.ACTIVATION:
            self._end(state, End.ACTIVATION, node.name, reader, node.parameters)
        elif role in _TAKES_AS_LAYER:
            self._end(state, End.LAYER, node=reader)
        elif role in _CONTRACTS:
            self._end(state, End.CONTRACTION, node=reader)
        elif role is Role.LOSS:
            self._end(state, End.OUTPUT, node=reader)
        elif role is Role.PRODUCT:
            return self._multiply(index, reader, state)
        elif role is Role.SUM:
            return self._add(index, reader, state, carriers)
        elif role in _CARRIES:
            return [(reader, _cross(node, reader, state))]
        else:
            self._end(state, End.UNKNOWN, node=reader)
        return []

    def _multiply(self, index: int, reader: int, state: Reached) -> list[tuple[int, Reached]]:
        others = [source for source in self.graph.nodes[reader].inputs if source != index]
        if all(is_static(self.graph, other) for other in others):
            return [(reader, _with(state, altered=(*state.altered, reader)))] if others else self._square(reader, state)
        if all(is_static(self.graph, other) or is_bounded_gate(self.graph, other) for other in others):
            return [(reader, _with(state, gated=True))]
        self._end(_with(state, gated=True), End.CONTRACTION, node=reader)
        return []

    def _square(self, reader: int, state: Reached) -> list[tuple[int, Reached]]:
        self._end(state, End.ACTIVATION, "square", reader)
        return []

    def _add(
        self, index: int, reader: int, state: Reached, carriers: frozenset[int]
    ) -> list[tuple[int, Reached]]:
        node = self.graph.nodes[reader]
        if reader not in carriers:
            self.skipped = True
            return []
        others = [source for source in node.inputs if source != index]
        joined = any(not is_static(self.graph, other) for other in others)
        return [(reader, _with(state, residual=True) if joined else state)]

    def _end(
        self,
        state: Reached,
        end: End,
        name: str = "none",
        node: int | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        self.ends[
            _with(state, end=end, name=name, node=node, parameters=_Frozen(parameters or {}))
        ] = None
