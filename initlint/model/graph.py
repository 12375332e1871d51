"""The signal graph a symbolic `forward` leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from initlint.model.source import Span


class Role(Enum):
    """What a node does to the signal that flows through it."""

    INPUT = "input"              # an argument of the root's forward
    PARAMETER = "parameter"      # a parameter used directly
    CONSTANT = "constant"        # buffers, factories, numbers
    LAYER = "layer"              # Linear, Conv, ... : a weight applied to inputs[0]
    ACTIVATION = "activation"
    NORM = "norm"
    PASS = "pass"                # reshapes, dropout, indexing, casts, pooling, scalar scaling
    SUM = "sum"                  # of two or more signals: a residual sum, or a join of branches
    PRODUCT = "product"          # elementwise, of two signals: gates
    MATMUL = "matmul"            # signal by signal contractions
    ATTENTION = "attention"
    CONCAT = "concat"
    EITHER = "either"            # one of the inputs, which one is not known
    RECURRENT = "recurrent"      # LSTM, GRU, RNN and their cells
    EMBEDDING = "embedding"
    LOSS = "loss"
    UNKNOWN = "unknown"          # a call the trace could not see through


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `inputs` are indices of earlier nodes; `name` is the canonical torch
    name (`relu`, `batch_norm`, `view`); `parameters` holds its known settings
    (`negative_slope`); `layer` is the index of the layer it applies, `module` the dotted path
    of the module that performed it, "" for a functional call. `parameter_names` lists the
    parameters (dotted path from the root) it reads."""

    role: Role
    name: str
    inputs: tuple[int, ...] = ()
    span: Span | None = None
    layer: int | None = None
    module: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    parameter_names: tuple[str, ...] = ()
    call_path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes in order of execution, and the indices that the root returned."""

    nodes: tuple[Node, ...] = ()
    outputs: tuple[int, ...] = ()

    @cached_property
    def consumers(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the nodes that read it, in order."""
        readers: list[list[int]] = [[] for _ in self.nodes]
        for index, node in enumerate(self.nodes):
            for source in dict.fromkeys(node.inputs):
                readers[source].append(index)
        return tuple(tuple(found) for found in readers)

    @cached_property
    def static(self) -> tuple[bool, ...]:
        """For each node, whether it is made of parameters and constants alone, whatever the input."""
        found: list[bool] = []
        for node in self.nodes:
            if node.role in (Role.PARAMETER, Role.CONSTANT):
                found.append(True)
            else:
                known = node.role not in (Role.INPUT, Role.UNKNOWN)
                found.append(known and bool(node.inputs) and all(found[source] for source in node.inputs))
        return tuple(found)

    def signals(self, index: int) -> tuple[int, ...]:
        """The inputs of a node that depend on the root's input."""
        return tuple(source for source in self.nodes[index].inputs if not self.static[source])

    @cached_property
    def applications(self) -> Mapping[int, tuple[int, ...]]:
        """For each layer index, the nodes that apply it (several where it is shared)."""
        found: dict[int, list[int]] = {}
        for index, node in enumerate(self.nodes):
            if node.layer is not None:
                found.setdefault(node.layer, []).append(index)
        return {layer: tuple(where) for layer, where in found.items()}
