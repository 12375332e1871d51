"""Signal graphs written down by hand for the tests of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

from initlint.model.graph import Graph, Node, Role
from initlint.model.program import Layer, Program
from initlint.model.source import Span


@dataclass
class Sketch:
    """A graph under construction. Every method adds one node and returns its index."""

    nodes: list[Node] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)

    def node(self, role: Role, name: str, *inputs: int, layer: int | None = None, **parameters: object) -> int:
        line = len(self.nodes) + 100
        self.nodes.append(Node(role, name, inputs, Span("net.py", line, 8, line, 20), layer, "", parameters))
        return len(self.nodes) - 1

    def input(self) -> int:
        return self.node(Role.INPUT, "x")

    def parameter(self) -> int:
        return self.node(Role.PARAMETER, "parameter")

    def linear(self, source: int, again: int | None = None) -> int:
        """A new layer applied to `source`, or the layer of index `again` once more."""
        index = len(self.layers) if again is None else again
        if again is None:
            path = f"fc{index}"
            self.layers.append(
                Layer(index, "Linear", "Net", "net.py", path, path, Span("net.py", index + 5, 8, index + 5, 40), None,
                      {}, None, None, None)
            )
        return self.node(Role.LAYER, "linear", source, layer=index)

    def act(self, name: str, source: int, **parameters: object) -> int:
        return self.node(Role.ACTIVATION, name, source, **parameters)

    def norm(self, source: int, name: str = "layer_norm") -> int:
        return self.node(Role.NORM, name, source)

    def passing(self, source: int, name: str = "dropout", **parameters: object) -> int:
        return self.node(Role.PASS, name, source, **parameters)

    def add(self, *sources: int) -> int:
        return self.node(Role.SUM, "add", *sources)

    def mul(self, *sources: int) -> int:
        return self.node(Role.PRODUCT, "mul", *sources)

    def program(self, *outputs: int, entry: bool = True, truncated: str | None = None) -> Program:
        graph = Graph(tuple(self.nodes), outputs)
        return Program("Net", Span("net.py", 1, 0, 50, 0), entry, tuple(self.layers), graph=graph, truncated=truncated)
