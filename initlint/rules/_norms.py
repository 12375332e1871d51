"""Normalisation right behind a layer."""

from __future__ import annotations

from typing import Final

from initlint.model.follow import shifts
from initlint.model.graph import Node, Role
from initlint.model.program import Layer, Program
from initlint.model.zeros import is_zero

CENTRING: Final = frozenset({"batch_norm", "instance_norm"})
"""Norms that take a layer's bias out again."""

GROUPED: Final = frozenset({"layer_norm", "group_norm"})
"""Norms over the features of one sample: a sample whose features are all equal comes out as zero."""

_TRANSPARENT: Final = frozenset({Role.PASS, Role.EITHER})


def norms_reading(program: Program, layer: Layer) -> tuple[Node, ...]:
    """The norms that read the layer's output through reshapes; () where something else reads it too, or something may
    be added to it that is not known."""
    graph = program.graph
    pending = list(graph.applications.get(layer.index, ()))
    found: dict[int, Node] = {}
    while pending:
        index = pending.pop()
        if index in graph.outputs:
            return ()
        for reader in graph.consumers[index]:
            node = graph.nodes[reader]
            if node.role is Role.NORM:
                found[reader] = node
            elif node.role in _TRANSPARENT and not shifts(node):
                pending.append(reader)
            else:
                return ()
    return tuple(found.values())


def norms_shift(program: Program, layer: Layer) -> bool:
    """Whether a norm behind the layer may add a bias of its own."""
    graph = program.graph
    pending = list(graph.applications.get(layer.index, ()))
    while pending:
        for reader in graph.consumers[pending.pop()]:
            node = graph.nodes[reader]
            if node.role is Role.NORM:
                module = program.module_at.get(node.module) if node.module else None
                bias = None if module is None else module.parameters.get("bias")
                if (node.module and module is None) or (bias is not None and not is_zero(bias)):
                    return True
            if node.role is Role.NORM or node.role in _TRANSPARENT:
                pending.append(reader)
    return False
