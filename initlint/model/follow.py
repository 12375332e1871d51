"""What follows each layer: where its output goes, and through what, before something else takes the signal.

The walk starts at every node that applies the layer and ends at the first activation, layer,
contraction, loss or output on each path. It passes reshapes, pooling, dropout, normalisation, scaling by
numbers and parameters, bounded gates (`x * sigmoid(..)`), concatenation and sums. A sum with
something that was computed *from* the very signal is a skip connection: there the walk stops, because the
branch took the signal first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from heapq import heappop, heappush
from typing import Final

from initlint.model.graph import Graph, Node, Role
from initlint.model.products import divides, fusions, is_averaged, is_bounded_gate, is_statistic, squares
from initlint.model.program import Layer, Program
from initlint.model.source import Span


class End(Enum):
    """What took the signal."""

    ACTIVATION = "activation"
    LAYER = "layer"              # another weight, a recurrent cell, an embedding
    CONTRACTION = "contraction"  # a product with another signal: matmul, attention, a gated unit
    OUTPUT = "output"            # the root returned it, or a loss read it
    UNUSED = "unused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reached:
    """One end of a layer's signal.

    `name` is that of the activation, "none" elsewhere; `node` took the signal (for an output: was
    returned). `norms` lists the normalisations crossed, in order. `residual`: it entered a sum with another
    signal. `gated`: it was multiplied by another signal. `joined`: it was concatenated with another.
    `altered` lists the nodes crossed that scale it or reshape its distribution (`mul`, `pow`).
    """

    end: End
    name: str = "none"
    node: int | None = None
    norms: tuple[str, ...] = ()
    residual: bool = False
    gated: bool = False
    joined: bool = False
    altered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Following:
    """All ends of a layer's signal over its `applied` applications.

    `skipped`: a skip connection carries the signal past what took it first. `before` lists the
    normalisations its input went through since the last layer, activation or sum.
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
        """Whether everything that follows is known. A result that nothing reads is more likely one that was lost."""
        unknown = (End.UNKNOWN, End.UNUSED)
        return self.applied > 0 and all(reached.end not in unknown for reached in self.ends)

    @property
    def names(self) -> tuple[str, ...]:
        """Sorted names of the activations; "none" alone where no path meets one, () where nothing is known."""
        found = sorted({reached.name for reached in self.activations})
        if found:
            return tuple(found)
        return ("none",) if self.complete else ()

    @property
    def sole(self) -> Reached | None:
        """The activation that takes all of the signal; None where ends differ or are not known."""
        if not self.complete or not self.ends or len({(reached.end, reached.name) for reached in self.ends}) > 1:
            return None
        return self.ends[0] if self.ends[0].end is End.ACTIVATION else None

    @property
    def norms(self) -> tuple[str, ...]:
        """Normalisations crossed on the way to the activations (to any end where there is none)."""
        return tuple(dict.fromkeys(name for reached in self.activations or self.ends for name in reached.norms))

    @property
    def residual(self) -> bool:
        return any(reached.residual for reached in self.activations or self.ends)

    @property
    def gated(self) -> bool:
        return any(reached.gated for reached in self.ends)

    @property
    def plain(self) -> bool:
        """Whether nothing but the layer itself sets the scale of what its activation sees."""
        return not self.skipped and not any(
            reached.norms or reached.residual or reached.gated or reached.joined for reached in self.ends
        )


def follow(program: Program) -> tuple[Following, ...]:
    """What follows each layer of the program, by its index. Where no forward applied a layer, nothing is known
    and `applied` is 0."""
    walk = _Walk(program)
    return tuple(walk.follow(layer) for layer in program.layers)


def follow_node(program: Program, index: int) -> Following:
    """What follows one node of the graph: a normalisation, say. `before` is empty."""
    return _Walk(program).follow_nodes((index,))


def end_span(program: Program, reached: Reached) -> Span | None:
    """The place of the operation that took the signal."""
    return None if reached.node is None else program.graph.nodes[reached.node].span


def end_settings(program: Program, reached: Reached) -> Mapping[str, object]:
    """The settings of the activation that took the signal (`negative_slope`)."""
    if reached.node is None or program.graph.nodes[reached.node].role is not Role.ACTIVATION:
        return {}
    return program.graph.nodes[reached.node].parameters


def norms_before(graph: Graph, starts: Iterable[int]) -> tuple[str, ...]:
    """The normalisations that the inputs of nodes went through since the last thing that is no reshape."""
    found: dict[str, None] = {}
    for start in starts:
        index = start
        while graph.nodes[index].inputs:
            index = graph.nodes[index].inputs[0]
            node = graph.nodes[index]
            if node.role is Role.NORM:
                found[node.name] = None
            elif node.role not in (Role.PASS, Role.EITHER):
                break
    return tuple(found)


_CARRIES: Final = frozenset({Role.PASS, Role.EITHER})
_TAKES: Final = {
    Role.LAYER: End.LAYER,
    Role.RECURRENT: End.LAYER,
    Role.EMBEDDING: End.LAYER,
    Role.MATMUL: End.CONTRACTION,
    Role.ATTENTION: End.CONTRACTION,
    Role.LOSS: End.OUTPUT,
}
ALTERING: Final = frozenset({
    "mul", "div", "true_divide", "pow", "square", "sqrt", "rsqrt", "abs", "reciprocal", "clamp", "log", "log1p", "exp2",
    "expm1", "sign", "erf", "erfinv", "renorm", "norm", "std", "var", "logsumexp", "sum", "prod", "cumsum", "cos",
})  # fmt: skip
"""Operations that leave another scale or another distribution."""

SHIFTS: Final = frozenset({"add", "sub", "rsub"})
"""Operations that add a number, where they pass a signal on."""
_GUARD: Final = 1e-3
_EXTREMES: Final = frozenset({"maximum", "minimum", "fmax", "fmin"})
_POOLS: Final = frozenset({"mean", "avg_pool1d", "avg_pool2d", "avg_pool3d", "adaptive_avg_pool1d",
                           "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool2d", "amax", "max"})
_MOST_STATES: Final = 64


def shifts(node: Node) -> bool:
    """Whether a number is added that is more than a guard against a division by zero."""
    other = node.parameters.get("other")
    return node.name in SHIFTS and (not isinstance(other, int | float) or abs(other) > _GUARD)


def _each(states: Iterable[Reached], change: Callable[[Reached], Reached]) -> dict[Reached, None]:
    return dict.fromkeys(map(change, states))


class _Walk:
    """The walks over one graph. Nodes are visited in order of execution, so that at each it is known which of its
    inputs carry the signal."""

    def __init__(self, program: Program) -> None:
        self.graph: Graph = program.graph
        self.entry = program.entry
        self.truncated = program.truncated is not None
        self.fusions = fusions(program.graph)
        self.hidden: dict[int, set[int]] = {}
        for spelled in self.fusions.values():
            self.hidden.setdefault(spelled.source, set()).update(spelled.inside)
        self.ends: dict[Reached, None] = {}
        self.skipped = False

    def follow(self, layer: Layer) -> Following:
        starts = self.graph.applications.get(layer.index, ())
        return replace(self.follow_nodes(starts), before=norms_before(self.graph, starts))

    def follow_nodes(self, starts: tuple[int, ...]) -> Following:
        self.ends, self.skipped = {}, False
        for start in starts:
            self._run(start)
        found = list(self.ends) if starts else [Reached(End.UNKNOWN)]
        met = [reached for reached in found if reached.end is not End.UNUSED] or found
        met.sort(key=lambda reached: (reached.name, -1 if reached.node is None else reached.node))
        return Following(tuple(met), len(starts), self.skipped)

    def _run(self, start: int) -> None:
        arriving: dict[int, dict[int, dict[Reached, None]]] = {}
        waiting: list[int] = []
        carriers: set[int] = set()
        hidden: set[int] = set()

        def leave(index: int, states: dict[Reached, None]) -> None:
            carriers.add(index)
            hidden.update(self.hidden.get(index, ()))
            if index in self.graph.outputs:
                self._end(states, End.OUTPUT if self.entry else End.UNKNOWN, index)
            elif not self.graph.consumers[index]:
                self._end(states, End.UNKNOWN if self.truncated else End.UNUSED, index)
            for reader in self.graph.consumers[index]:
                if reader in hidden:
                    continue
                if reader not in arriving:
                    arriving[reader] = {}
                    heappush(waiting, reader)
                arriving[reader][index] = states

        leave(start, {Reached(End.UNKNOWN): None})
        while waiting:
            index = heappop(waiting)
            states = self._cross(index, arriving.pop(index), carriers)
            if len(states) > _MOST_STATES:
                self._end({Reached(End.UNKNOWN): None}, End.UNKNOWN, index)
            elif states:
                leave(index, states)

    def _cross(
        self, index: int, arrived: Mapping[int, Mapping[Reached, None]], carriers: set[int]
    ) -> dict[Reached, None]:
        """The states in which the signal leaves a node it arrived at; empty where it ended."""
        node = self.graph.nodes[index]
        states = dict.fromkeys(state for found in arrived.values() for state in found)
        if node.role in _TAKES:
            self._end(states, _TAKES[node.role], index)
        elif node.role is Role.ACTIVATION:
            self._activate(index, states)
        elif node.role is Role.NORM:
            return _each(states, lambda state: replace(state, norms=(*state.norms, node.name)))
        elif node.role is Role.PRODUCT:
            return self._multiply(index, arrived, states, carriers)
        elif node.role is Role.SUM:
            return self._add(index, arrived, states, carriers)
        elif node.role is Role.CONCAT:
            others = [source for source in self.graph.signals(index) if source not in arrived]
            return _each(states, lambda state: replace(state, joined=True)) if others or len(arrived) > 1 else states
        elif node.role in _CARRIES and not self._is_threshold(index, arrived):
            return self._pass(index, states)
        else:
            self._end(states, End.UNKNOWN, index)
        return {}

    def _is_threshold(self, index: int, arrived: Mapping[int, object]) -> bool:
        """Whether a node takes the larger or smaller of the signal and something that is none: a rectifier of a
        kind that has no name."""
        node = self.graph.nodes[index]
        others = [source for source in node.inputs if source not in arrived]
        return node.name in _EXTREMES and bool(others) and all(self.graph.static[source] for source in others)

    def _pass(self, index: int, states: dict[Reached, None]) -> dict[Reached, None]:
        node = self.graph.nodes[index]
        if node.name not in ALTERING and not shifts(node):
            return states
        return _each(states, lambda state: replace(state, altered=(*state.altered, index)))

    def _activate(self, index: int, states: dict[Reached, None]) -> None:
        node = self.graph.nodes[index]
        readers = self.graph.consumers[index]
        squared = node.name == "relu" and readers and all(squares(self.graph, reader) for reader in readers)
        self._end(states, End.ACTIVATION, index, "relu_squared" if squared else node.name)

    def _multiply(
        self,
        index: int,
        arrived: Mapping[int, Mapping[Reached, None]],
        states: dict[Reached, None],
        carriers: set[int],
    ) -> dict[Reached, None]:
        spelled = self.fusions.get(index)
        if spelled is not None and spelled.source in carriers:
            before = _each(
                states, lambda state: replace(state, altered=tuple(at for at in state.altered if at <= spelled.source))
            )
            if spelled.name is None:
                self._end(before, End.UNKNOWN, index)
            else:
                self._end(before, End.ACTIVATION, index, spelled.name)
            return {}
        if squares(self.graph, index):
            if is_averaged(self.graph, index):
                return _each(states, lambda state: replace(state, altered=(*state.altered, index)))
            self._end(states, End.ACTIVATION, index, "square")
            return {}
        signals = [source for source in self.graph.signals(index) if source not in arrived]
        plain, statistics = self._parted(arrived)
        if not signals and len(plain) == 1 and statistics:
            kept = dict.fromkeys(arrived[plain[0]])
            if all(divides(self.graph, index, source) for source in statistics):
                return _each(kept, lambda state: replace(state, norms=(*state.norms, "normalize")))
            return _each(kept, lambda state: replace(state, altered=(*state.altered, index)))
        if len(arrived) == 1 and not signals:
            return _each(states, lambda state: replace(state, altered=(*state.altered, index)))
        states = _each(states, lambda state: replace(state, gated=True))
        scaling = len(arrived) == 1 and all(
            is_bounded_gate(self.graph, source) and not self._sibling(source, carriers) for source in signals
        )
        if scaling:
            return states
        self._end(states, End.CONTRACTION, index)
        return {}

    def _parted(self, arrived: Mapping[int, Mapping[Reached, None]]) -> tuple[list[int], list[int]]:
        """The inputs that carry the signal itself, and those that carry statistics of it beside it."""
        if len(arrived) < 2:
            return list(arrived), []
        statistics = [source for source in arrived if is_statistic(self.graph, source)]
        return [source for source in arrived if source not in statistics], statistics

    def _sibling(self, index: int, carriers: set[int]) -> bool:
        """Whether a gate is computed from the layer's own output by activations alone: the other half of a
        gated linear unit."""
        pending = [index]
        while pending:
            current = pending.pop()
            if current in carriers:
                return True
            node = self.graph.nodes[current]
            if node.role in (Role.PASS, Role.ACTIVATION, Role.SUM):
                if node.name in _POOLS:
                    continue
                pending.extend(node.inputs)
        return False

    def _add(
        self,
        index: int,
        arrived: Mapping[int, Mapping[Reached, None]],
        states: dict[Reached, None],
        carriers: set[int],
    ) -> dict[Reached, None]:
        signals = [source for source in self.graph.signals(index) if source not in arrived]
        beside = self._other_parts(arrived)
        if any(self._descends(source, carriers, beside) for source in signals):
            self.skipped = True
            return {}
        plain, statistics = self._parted(arrived)
        if statistics and plain:
            states = dict.fromkeys(state for source in plain for state in arrived[source])
        if signals or len(plain) > 1:
            return _each(states, lambda state: replace(state, residual=True))
        return states

    def _other_parts(self, arrived: Iterable[int]) -> set[int]:
        """The parts of a signal that was cut up beside those that arrived: the log-variance, where the mean did."""
        own = {part for source in arrived if (part := self._part(source)) is not None}
        wholes = {source for part in own for source in self.graph.nodes[part].inputs}
        beside = {reader for whole in wholes for reader in self.graph.consumers[whole]}
        return {reader for reader in beside if self.graph.nodes[reader].name == "getitem"} - own

    def _part(self, index: int) -> int | None:
        """The node that cut out what reached a node by way of views alone."""
        node = self.graph.nodes[index]
        while node.role is Role.PASS and node.name != "getitem" and len(node.inputs) == 1:
            index = node.inputs[0]
            node = self.graph.nodes[index]
        return index if node.role is Role.PASS and node.name == "getitem" else None

    def _descends(self, index: int, carriers: set[int], others: set[int]) -> bool:
        """Whether a node was computed from the signal, otherwise than by way of `others`."""
        first = min(carriers)
        pending, seen = [index], {index}
        while pending:
            for source in self.graph.nodes[pending.pop()].inputs:
                if source in carriers:
                    if self._part(source) in others:
                        continue
                    return True
                if source > first and source not in seen:
                    seen.add(source)
                    pending.append(source)
        return False

    def _end(self, states: Iterable[Reached], end: End, node: int, name: str = "none") -> None:
        for state in states:
            self.ends[replace(state, end=end, name=name, node=node)] = None
