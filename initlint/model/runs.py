"""Runs: hidden layers in a row, each with its activation, and nothing between them that sets the scale anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from initlint.model.follow import ALTERING, End, Following, Reached, end_settings
from initlint.model.graph import Graph, Role
from initlint.model.joins import JOINING, WALKED, Kin, behind, halves, kin, side_by_side
from initlint.model.program import Layer, Program
from initlint.model.queries import weight_subject
from initlint.model.scale import Scale, fan_ratio, weight_scale
from initlint.signal.activations import Nonlinearity, bind
from initlint.signal.propagation import Propagation, Step, propagate

_WEIGHTED: Final = ("Linear", "Conv", "Parameter")
"""Kinds of layers that form runs, by the beginning of their names."""

_MOST_RUNS: Final = 256


class Edge(Enum):
    """What a run begins after, or ends at."""

    INPUT = "input"
    OUTPUT = "output"            # the root's output, or the output head before it
    LAYER = "layer"              # a layer or activation that is in no run
    NORM = "norm"
    RESIDUAL = "residual"        # a sum with another signal
    GATE = "gate"                # a product with another signal
    CONTRACTION = "contraction"  # attention, matmul
    CONCAT = "concat"
    FORK = "fork"                # several at once
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Member:
    """One layer of a run: what follows it, and the scale of its weight where that is known."""

    layer: Layer
    following: Following
    reached: Reached
    nonlinearity: Nonlinearity
    scale: Scale | None

    @property
    def node(self) -> int:
        """The node that holds its activated output."""
        assert self.reached.node is not None
        return self.reached.node

    @property
    def subject(self) -> str:
        return weight_subject(self.layer)

    @property
    def step(self) -> Step | None:
        """The layer for `signal.propagation`, None where its scale is not known."""
        s2 = None if self.scale is None else self.scale.in_run
        return None if s2 is None else Step(s2, self.nonlinearity, fan_ratio(self.layer))


@dataclass(frozen=True)
class Run:
    """Layers in order of execution. Everything is known but, perhaps, some weights."""

    members: tuple[Member, ...]
    start: Edge
    tail: Edge

    @cached_property
    def plain(self) -> bool:
        """Whether it stands in a feed-forward stack: nothing but inputs, layers and outputs before and behind it."""
        return self.start in _OPEN and self.tail in _OPEN

    def stretches(self, without: frozenset[str] = frozenset()) -> Iterator[tuple[Member, ...]]:
        """The longest pieces whose scales are all known. Layers whose subjects are in `without` do not count."""
        piece: list[Member] = []
        for member in self.members:
            if member.subject in without:
                continue
            if member.step is None:
                if piece:
                    yield tuple(piece)
                piece = []
            else:
                piece.append(member)
        if piece:
            yield tuple(piece)


_OPEN: Final = frozenset({Edge.INPUT, Edge.OUTPUT, Edge.LAYER})


def member_of(program: Program, layer: Layer) -> Member | None:
    """A layer as a member of a run; None where a norm, a sum, a gate or something unknown lies between it and its
    activation, where the activation is none that acts on each element, where it reads its own output, and for output
    heads. Of a layer that several signals go through (towers that share their weights) the first counts."""
    following = program.followings[layer.index]
    reached = following.sole
    if not layer.kind.startswith(_WEIGHTED) or reached is None or not following.plain:
        return None
    if len(following.ends) != following.applied or any(end.altered for end in following.ends):
        return None
    if following.applied > 1 and not side_by_side(program.graph, program.graph.applications[layer.index]):
        return None
    nonlinearity = bind(reached.name, end_settings(program, reached))
    if nonlinearity is None or not nonlinearity.elementwise:
        return None
    member = Member(layer, following, reached, nonlinearity, weight_scale(program, layer))
    return None if is_head(program.graph, nonlinearity, member.node) else member


def propagation(members: Iterable[Member]) -> Propagation:
    """What a stretch of members whose scales are known does to a unit signal."""
    return propagate([member.step for member in members if member.step is not None])


def runs(program: Program) -> tuple[Run, ...]:
    """The longest runs, in order of execution. Where one forks, each branch is a run with the common part in front."""
    return _Chains(program).runs()


def is_head(graph: Graph, nonlinearity: Nonlinearity, node: int) -> bool:
    """Whether the activation at a node makes an output of the model: nothing but the end follows, and it is one that
    output heads have (`sigmoid`, `tanh`, `softplus`)."""
    if nonlinearity.family in ("relu", "selu", "linear", "sine"):
        return False
    return is_read_by_none(graph, node)


def is_read_by_none(graph: Graph, node: int) -> bool:
    """Whether nothing but the end follows a node: it is shifted, scaled by a number or put beside others at most."""
    pending, seen = [node], {node}
    while pending:
        readers, roles = _readers(graph, pending.pop())
        for reader, role in zip(readers, roles, strict=True):
            scaled = role is Role.PASS or (role is Role.PRODUCT and len(graph.signals(reader)) == 1)
            if role in _END_ROLES or reader in seen:
                continue
            if not scaled and role not in (Role.CONCAT, Role.SUM):
                return False
            seen.add(reader)
            pending.append(reader)
    return True


def is_gate(graph: Graph, node: int) -> bool:
    """Whether what comes out of a node does nothing but multiply other signals."""
    return set(_readers(graph, node)[1]) == {Role.PRODUCT}


def _fronts(run: Run) -> list[tuple[int, ...]]:
    """The layers that a run begins with: one, two, all of them."""
    layers = tuple(member.layer.index for member in run.members)
    return [layers[:count] for count in range(1, len(layers) + 1)]


_END_ROLES: Final = frozenset({Role.LOSS})


def _readers(graph: Graph, node: int) -> tuple[list[int], list[Role]]:
    """The nodes that read a signal through reshapes and the like, and their roles. Measures of it that nothing makes
    use of, `x.std()` in a test, are left out."""
    found: list[int] = []
    pending = [node]
    seen = {node}
    while pending:
        for reader in graph.consumers[pending.pop()]:
            if reader in seen:
                continue
            seen.add(reader)
            if graph.nodes[reader].role is Role.PASS and graph.nodes[reader].name not in ALTERING:
                pending.append(reader)
            elif not _is_unused(graph, reader):
                found.append(reader)
    found.sort()
    return found, [graph.nodes[reader].role for reader in found]


def _is_unused(graph: Graph, node: int) -> bool:
    """Whether what a node makes of a signal is neither returned nor read on."""
    return graph.nodes[node].role is Role.PASS and not graph.consumers[node] and node not in graph.outputs


class _Chains:
    """The members of a program, linked to those they feed."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.graph = program.graph
        found = (member_of(program, layer) for layer in program.layers)
        self.members = {member.layer.index: member for member in found if member is not None}
        self.next: dict[int, list[int]] = {}
        self.fed: set[int] = set()
        for index, member in self.members.items():
            successors = self._successors(member)
            self.next[index] = successors
            self.fed.update(successors)

    def _successors(self, member: Member) -> list[int]:
        """The members that read the activated output; none where something else than layers reads it too."""
        readers, roles = _readers(self.graph, member.node)
        if any(role not in (Role.LAYER, Role.LOSS) for role in roles):
            return []
        layers = [self.graph.nodes[reader].layer for reader in readers]
        return [layer for layer in layers if layer is not None and layer in self.members]

    def runs(self) -> tuple[Run, ...]:
        found: list[Run] = []
        for first in sorted(self.members.keys() - self.fed, key=self._order):
            pending: list[tuple[int, ...]] = [(first,)]
            while pending and len(found) < _MOST_RUNS:
                path = pending.pop()
                onward = [layer for layer in self.next[path[-1]] if layer not in path]
                if onward:
                    pending.extend((*path, layer) for layer in reversed(onward))
                else:
                    found.append(self._run(path))
        return (*found, *self._common(found))

    def _order(self, layer: int) -> int:
        return self.graph.applications[layer][0]

    def _run(self, path: tuple[int, ...]) -> Run:
        members = tuple(self.members[layer] for layer in path)
        return Run(members, self._start(members[0]), self._tail(members[-1], members[-1].node))

    def _common(self, found: Sequence[Run]) -> Iterator[Run]:
        """Where a run ends at a sum with what took a way around its last layers alone: the layers before that way
        begins, as far as no other run that is not restored has them in front. Both ways carry what those have lost."""
        residual = [run for run in found if run.tail is Edge.RESIDUAL]
        if not residual:
            return
        known = {front for run in found if run.tail not in _RESTORED for front in _fronts(run)}
        for run in residual:
            for count in range(len(run.members) - 1, 0, -1):
                tail = self._tail(run.members[-1], run.members[count - 1].node)
                if tail not in _RESTORED:
                    front = Run(run.members[:count], run.start, tail)
                    if _fronts(front)[-1] not in known:
                        known.update(_fronts(front))
                        yield front
                    break

    def _start(self, member: Member) -> Edge:
        if member.following.before:
            return Edge.NORM
        index = self.graph.applications[member.layer.index][0]
        edges: set[Edge] = set()
        pending = list(self.graph.nodes[index].inputs[:1])
        seen: set[int] = set()
        while pending:
            index = pending.pop()
            if index not in seen:
                seen.add(index)
                onward = self._through(index)
                pending.extend(onward)
                if not onward:
                    edges.add(self._origin(index))
        return edges.pop() if len(edges) == 1 else Edge.UNKNOWN

    def _through(self, index: int) -> tuple[int, ...]:
        """The inputs that a node hands on as they are, but for noise."""
        node = self.graph.nodes[index]
        if node.role is Role.PASS:
            return node.inputs[:1]
        if node.role is Role.EITHER:
            return node.inputs
        signals = self.graph.signals(index)
        return signals if node.role in (Role.SUM, Role.PRODUCT) and len(signals) == 1 else ()

    def _origin(self, index: int) -> Edge:
        """What made a signal. Layers side by side whose outputs are added, `mu + eps * std`, are like one layer."""
        role = self.graph.nodes[index].role
        if role is Role.SUM and halves(self.graph, index):
            return Edge.LAYER
        return _EDGES.get(role, Edge.UNKNOWN)

    def _tail(self, member: Member, node: int) -> Edge:
        """What a run ends at behind a member, for what is lost up to `node`."""
        readers, roles = _readers(self.graph, member.node)
        edges = {self._edge(reader, role, node) for reader, role in zip(readers, roles, strict=True)}
        if not edges:
            returned = member.node in self._returned()
            return Edge.OUTPUT if self.program.entry or not returned else Edge.UNKNOWN
        for edge in _WORST_FIRST:
            if edge in edges:
                return edge
        return Edge.FORK

    def _beyond(self, head: int, node: int) -> Edge:
        """What becomes of the output of a head that reads the run's output at `node`, past joins with signals that know
        nothing else of what the run was given."""
        edges: set[Edge] = set()
        pending = [head]
        seen = {head}
        while pending:
            index = pending.pop()
            readers = [reader for reader in self.graph.consumers[index] if reader not in seen]
            seen.update(readers)
            if not self.graph.consumers[index]:
                edges.add(Edge.OUTPUT)
            for reader in readers:
                role = self.graph.nodes[reader].role
                met = self._met(reader, index, node) if role in JOINING else None
                if met is None and (role in WALKED or role in JOINING):
                    pending.append(reader)
                else:
                    edges.add(met or _EDGES.get(role, Edge.UNKNOWN))
        return next((edge for edge in _WORST_FIRST if edge in edges), Edge.UNKNOWN)

    def _met(self, join: int, arriving: int, node: int) -> Edge | None:
        """What a signal meets at a join: a way around the run, or the other half of a gate; None for what leaves it as
        it is."""
        role = self.graph.nodes[join].role
        found = {
            kin(self.graph, source, node) for source in self.graph.signals(join)
            if source != arriving and not self._is_broadcast(source, arriving)
        }
        if Kin.AROUND in found or (Kin.OWN in found and role is not Role.SUM):
            return _EDGES[role]
        return None

    def _is_broadcast(self, one: int, other: int) -> bool:
        """Whether one of two signals is a single number that a layer makes, and is added to all features of another
        layer: heads of one model (`value + advantage`), and no way around."""
        widths = {self._width(one), self._width(other)}
        return len(widths) == 2 and 1 in widths and None not in widths

    def _width(self, index: int) -> int | None:
        """The features of a signal that a layer makes."""
        layer = self.graph.nodes[behind(self.graph, index)].layer
        weight = None if layer is None else self.program.layers[layer].weight
        return weight.shape[0] if weight is not None and weight.shape else None

    def _returned(self) -> frozenset[int]:
        """Nodes that reach an output through reshapes alone."""
        found = set(self.graph.outputs)
        pending = list(found)
        while pending:
            node = self.graph.nodes[pending.pop()]
            if node.role is Role.PASS:
                fresh = [source for source in node.inputs if source not in found]
                found.update(fresh)
                pending.extend(fresh)
        return frozenset(found)

    def _edge(self, reader: int, role: Role, node: int) -> Edge:
        """What `reader`, of the output at `node`, is to the run."""
        layer = self.graph.nodes[reader].layer
        if role is Role.ACTIVATION and is_gate(self.graph, reader):
            return Edge.GATE
        if role is Role.SUM and all(
            kin(self.graph, source, node) is Kin.OWN for source in self.graph.signals(reader)
        ):
            return self._beyond(reader, node)
        if role is not Role.LAYER or layer is None:
            return _EDGES.get(role, Edge.UNKNOWN)
        if layer in self.members:
            return Edge.LAYER
        following = self.program.followings[layer]
        if not following.complete:
            return Edge.UNKNOWN
        if any(reached.norms for reached in following.ends):
            return Edge.NORM
        contracted = any(reached.end is End.CONTRACTION for reached in following.ends)
        if following.skipped or following.residual or following.gated or contracted:
            return self._beyond(reader, node)
        if any(reached.joined for reached in following.ends):
            return Edge.CONCAT
        return Edge.OUTPUT if all(reached.end is End.OUTPUT for reached in following.ends) else Edge.LAYER


_EDGES: Final = {
    Role.INPUT: Edge.INPUT,
    Role.CONSTANT: Edge.INPUT,
    Role.PARAMETER: Edge.INPUT,
    Role.LAYER: Edge.LAYER,
    Role.ACTIVATION: Edge.LAYER,
    Role.RECURRENT: Edge.LAYER,
    Role.EMBEDDING: Edge.LAYER,
    Role.LOSS: Edge.OUTPUT,
    Role.NORM: Edge.NORM,
    Role.SUM: Edge.RESIDUAL,
    Role.PRODUCT: Edge.GATE,
    Role.MATMUL: Edge.CONTRACTION,
    Role.ATTENTION: Edge.CONTRACTION,
    Role.CONCAT: Edge.CONCAT,
}
_RESTORED: Final = frozenset({Edge.UNKNOWN, Edge.RESIDUAL, Edge.NORM, Edge.GATE, Edge.CONTRACTION})
"""Ends at which what a run has lost comes back, or at which that is not known."""
_WORST_FIRST: Final = (
    Edge.UNKNOWN, Edge.RESIDUAL, Edge.NORM, Edge.GATE, Edge.CONTRACTION, Edge.CONCAT, Edge.LAYER, Edge.OUTPUT,
)
