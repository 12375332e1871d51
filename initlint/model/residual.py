"""Residual chains: blocks `h + f(h)` in a row, without normalisation, and what they do to a unit signal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final

from initlint.model.follow import ALTERING
from initlint.model.graph import Role
from initlint.model.products import multiplier
from initlint.model.program import Layer, Program
from initlint.model.scale import weight_scale
from initlint.model.zeros import is_zero
from initlint.signal.activations import Nonlinearity, bind
from initlint.signal.moments import forward_moment

_HELD: Final = 1e120
_SUMS: Final = frozenset({"add", "iadd", "sub", "rsub"})


@dataclass(frozen=True, slots=True)
class Block:
    """One sum of a stream and a branch. `steps` are the branch's operations in order: a layer with its s2, an
    activation, or a number that scales."""

    total: int
    entry: int
    steps: tuple[tuple[Layer, float] | Nonlinearity | float, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(step[0] for step in self.steps if isinstance(step, tuple))

    def branch(self, q: float) -> float:
        """The second moment of the branch's output when the stream's is `q`."""
        for step in self.steps:
            if isinstance(step, tuple):
                q *= step[1]
            elif isinstance(step, Nonlinearity):
                q = forward_moment(step, q)
            else:
                q *= step * step
            q = min(q, _HELD)
        return q


@dataclass(frozen=True, slots=True)
class Chain:
    """Blocks in a row; `growth` is what becomes of a unit second moment."""

    blocks: tuple[Block, ...]
    growth: float


def residual_chains(program: Program) -> Iterator[Chain]:
    """The longest chains of blocks whose branches are plain and wholly known."""
    search = _Search(program)
    blocks = [block for index in range(len(program.graph.nodes)) if (block := search.block(index)) is not None]
    by_total = {block.total: block for block in blocks}
    followed: dict[int, Block] = {}
    for block in blocks:
        before = search.source_sum(block.entry)
        if before in by_total:
            followed[before] = block
    starts = [block for block in blocks if search.source_sum(block.entry) not in by_total]
    for start in starts:
        chain = [start]
        while chain[-1].total in followed:
            chain.append(followed[chain[-1].total])
        yield Chain(tuple(chain), _growth(search, chain))


def _growth(search: _Search, chain: list[Block]) -> float:
    q = 1.0
    for block in chain:
        for step in search.between(block.entry) if block is not chain[0] else ():
            q = q * step * step if isinstance(step, float) else forward_moment(step, q)
        q = min(q + block.branch(q), _HELD)
    return q


def branch_layers(program: Program) -> frozenset[int]:
    """The layers whose output is added to something computed from what they were given: those between a sum and the
    last point that its terms have in common, whatever else stands there."""
    nodes = program.graph.nodes
    above: list[int] = []               # of each node, itself and all that it is computed from, as a set of bits
    between = 0
    for index, node in enumerate(nodes):
        above.append(reduce(or_, (above[source] for source in node.inputs), 1 << index))
        terms = [above[source] for source in program.graph.signals(index)]
        if node.role is Role.SUM and node.name in _SUMS and len(terms) > 1:
            common = reduce(and_, terms)
            if common:
                between |= reduce(or_, terms) & ~common
    return frozenset(
        node.layer for index, node in enumerate(nodes) if node.layer is not None and between >> index & 1
    )


class _Search:
    """Looks for blocks in one graph."""

    def __init__(self, program: Program) -> None:
        self.program, self.graph = program, program.graph

    def block(self, index: int) -> Block | None:
        node = self.graph.nodes[index]
        signals = self.graph.signals(index)
        if node.role is not Role.SUM or node.name not in _SUMS or len(signals) != 2:
            return None
        for stream, branch in (signals, signals[::-1]):
            entry = self._root(stream)
            steps = self._branch(branch, entry)
            if steps and any(isinstance(step, tuple) for step in steps):
                return Block(index, entry, steps)
        return None

    def source_sum(self, entry: int) -> int:
        """The node behind the activations and known factors that the stream goes through before a block."""
        while self._hands_on(entry):
            entry = self.graph.nodes[entry].inputs[0]
        return entry

    def between(self, entry: int) -> list[Nonlinearity | float]:
        """The activations and factors that the stream goes through before a block, in order."""
        found: list[Nonlinearity | float] = []
        while self._hands_on(entry):
            step = self._factor(entry) if self._scaling(entry) else self._nonlinearity(entry)
            if step is not None:
                found.append(step)
            entry = self.graph.nodes[entry].inputs[0]
        return found[::-1]

    def _hands_on(self, index: int) -> bool:
        node = self.graph.nodes[index]
        if node.role not in (Role.ACTIVATION, Role.PASS) or not node.inputs:
            return False
        return not self._scaling(index) or self._factor(index) is not None

    def _root(self, index: int) -> int:
        while self.graph.nodes[index].role is Role.PASS and not self._scaling(index):
            index = self.graph.nodes[index].inputs[0]
        return index

    def _branch(self, index: int, entry: int) -> tuple[tuple[Layer, float] | Nonlinearity | float, ...] | None:
        """The steps from the stream to the end of the branch, None where something else lies on the way."""
        steps: list[tuple[Layer, float] | Nonlinearity | float] = []
        while index != entry:
            node = self.graph.nodes[index]
            if index < entry or len(node.inputs) != 1 or len(self.graph.consumers[index]) != 1:
                return None
            if node.role is Role.PASS:
                if self._scaling(index):
                    factor = self._factor(index)
                    if factor is None:
                        return None
                    steps.append(factor)
            elif node.role is Role.ACTIVATION and (nonlinearity := self._nonlinearity(index)) is not None:
                steps.append(nonlinearity)
            elif node.role is Role.LAYER and node.layer is not None and (known := self._scale(node.layer)) is not None:
                steps.append((self.program.layers[node.layer], known))
            else:
                return None
            index = node.inputs[0]
        return tuple(reversed(steps))

    def _scaling(self, index: int) -> bool:
        return self.graph.nodes[index].name in ALTERING

    def _factor(self, index: int) -> float | None:
        return multiplier(self.graph.nodes[index])

    def _nonlinearity(self, index: int) -> Nonlinearity | None:
        node = self.graph.nodes[index]
        nonlinearity = bind(node.name, node.parameters) if node.role is Role.ACTIVATION else None
        return nonlinearity if nonlinearity is not None and nonlinearity.elementwise else None

    def _scale(self, index: int) -> float | None:
        layer = self.program.layers[index]
        if is_zero(layer.weight):
            return 0.0
        scale = weight_scale(self.program, layer)
        return None if scale is None else scale.in_run
