"""What two signals that meet have to do with each other: a skip past layers, a gate, halves of one thing, or strangers.

A sum is a residual sum where its other signal took a way around the layers of the first: then it carries on what those
lose. `mu + eps * std`, `value + advantage - advantage.mean()` and the scores of two towers are no such thing: whatever
their layers lost before is lost.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from initlint.model.graph import Graph, Role

WALKED: Final = frozenset({Role.PASS, Role.ACTIVATION, Role.EITHER})
JOINING: Final = frozenset({Role.SUM, Role.PRODUCT, Role.MATMUL})


class Kin(Enum):
    """What another signal at a join is to the one that comes from a node."""

    OWN = "own"            # computed from that node alone
    AROUND = "around"      # computed from what that node was computed from, or not known
    STRANGER = "stranger"  # computed from other inputs of the model


def kin(graph: Graph, other: int, node: int) -> Kin:
    """What the signal at `other` is to the one that comes from `node`."""
    past = _ancestors(graph, other, node)
    roots = {index for index in past if not graph.nodes[index].inputs and index != node}
    if node in past and not roots:
        return Kin.OWN
    if any(graph.nodes[index].role is Role.UNKNOWN for index in past):
        return Kin.AROUND
    return Kin.AROUND if node in past or past & _ancestors(graph, node, None) else Kin.STRANGER


def _ancestors(graph: Graph, start: int, stop: int | None) -> set[int]:
    """A node and all that it was computed from; what static signals came from and what lies behind `stop` left out."""
    found: set[int] = set()
    pending = [start]
    while pending:
        index = pending.pop()
        if index in found or graph.static[index]:
            continue
        found.add(index)
        if index != stop:
            pending.extend(graph.nodes[index].inputs)
    return found


def halves(graph: Graph, join: int) -> bool:
    """Whether all signals that meet at a sum were made by layers that read one and the same node."""
    sources: set[int] = set()
    pending = [join]
    seen: set[int] = set()
    while pending:
        index = pending.pop()
        if index in seen or graph.static[index]:
            continue
        seen.add(index)
        node = graph.nodes[index]
        if node.role is Role.LAYER:
            sources.add(behind(graph, node.inputs[0]))
        elif node.role in WALKED or node.role in (Role.SUM, Role.PRODUCT):
            pending.extend(node.inputs)
        else:
            return False
    return len(sources) == 1


def behind(graph: Graph, index: int) -> int:
    """The node that made a signal which only reshapes changed since."""
    while graph.nodes[index].role is Role.PASS and len(graph.nodes[index].inputs) == 1:
        index = graph.nodes[index].inputs[0]
    return index


_MOST_SIDES: Final = 16


def side_by_side(graph: Graph, nodes: tuple[int, ...]) -> bool:
    """Whether none of several nodes reads what came from another; not certain for very many."""
    if len(nodes) > _MOST_SIDES:
        return False
    return all(not (_ancestors(graph, node, None) & set(nodes) - {node}) for node in nodes)
