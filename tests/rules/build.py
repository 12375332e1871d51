"""Programs written down by hand: layers with their inits, and the graph that joins them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from initlint.model.graph import Node, Role
from initlint.model.program import InitCall, Layer, Module, Program
from initlint.model.source import UNKNOWN, Argument, Call, Span
from initlint.model.weights import InitEvent, Parameter
from initlint.signal.defaults import default
from initlint.signal.initializers import describe
from tests.model.graphs import Sketch

FILE = "net.py"
Init = tuple[str, Mapping[str, object]]
_DEFAULTS: Mapping[str, object] = {"gain": 1.0, "a": 0, "mode": "fan_in", "mean": 0.0}
ZEROS: Init = ("zeros_", {})
ONES: Init = ("ones_", {})
HE: Init = ("kaiming_normal_", {"a": 0, "mode": "fan_in", "nonlinearity": "relu"})
XAVIER: Init = ("xavier_uniform_", {"gain": 1.0})


def normal(std: float, mean: float = 0.0) -> Init:
    return "normal_", {"mean": mean, "std": std}


def span(line: int, column: int = 8) -> Span:
    return Span(FILE, line, column, line, column + 30)


def init_call(function: str, arguments: Mapping[str, object], line: int, method: bool = False) -> Call:
    """A call as it would be written: the tensor first, then what is not torch's default as keywords."""
    given = [] if method else [Argument(None, UNKNOWN, span(line, 30))]
    written = {name: value for name, value in arguments.items() if _DEFAULTS.get(name, UNKNOWN) != value}
    given += [Argument(name, value, span(line, 40), literal=True) for name, value in written.items()]
    prefix = "torch.Tensor." if method else "torch.nn.init."
    return Call(f"{prefix}{function}", span(line), span(line), tuple(given), "Net.__init__")


@dataclass
class Build(Sketch):
    """A model under construction. Layers are built at line 5 + index, initialised from line 50 on, nodes stand at
    100 + index."""

    calls: list[InitCall] = field(default_factory=list)
    shared: dict[str, Call] = field(default_factory=dict)
    modules: list[Module] = field(default_factory=list)

    def layer(
        self,
        kind: str,
        source: int | tuple[int, ...],
        shape: tuple[int | None, ...],
        *inits: Init,
        bias: Init | str | None = "default",
        call: str | None = None,
        groups: int = 1,
        settings: Mapping[str, object] | None = None,
        **changes: object,
    ) -> int:
        """A layer with a weight of `shape`, written by `inits` in turn, applied to `source`.

        `bias` is "default", None for none, or an init. Inits that name the same `call` share one call, as in a loop.
        `changes` replace fields of its weight.
        """
        index = len(self.layers)
        path = f"fc{index}"
        fan_in, fan_out = _fan(shape, 1), _fan(shape, 0)
        true_fan_in = {"ConvTranspose2d": _fan((shape[0],) * 2 + shape[2:], 0), "Parameter": shape[0]}.get(kind, fan_in)
        history = [InitEvent("default", None, {}, default(kind, "weight", fan_in, fan_out, shape=shape))]
        if kind == "Parameter":
            history = []
        for function, arguments in inits:
            event = self._event(function, arguments, fan_in, fan_out, shape, call)
            history.append(event)
            self.calls.append(InitCall(event.call, event, f"{path}.weight", index, kind, "weight", len(shape)))
        weight = Parameter("weight", shape, (tuple(history),), **changes)
        self.layers.append(
            Layer(
                index, kind, "Net", FILE, path, path, span(5 + index), None, settings or {"groups": groups}, weight,
                self._bias(bias, fan_in, path, index), bias is None, fan_in=fan_in, fan_out=fan_out,
                true_fan_in=true_fan_in,
            )
        )
        sources = source if isinstance(source, tuple) else (source,)
        return self.node(Role.LAYER, kind.lower(), *sources, layer=index)

    def norm_module(self, source: int, name: str = "layer_norm", weight: Init = ONES, bias: Init | None = ZEROS) -> int:
        """A normalisation with parameters of its own."""
        path = f"norm{len(self.modules)}"
        parameters = {"weight": self._written(weight, f"{path}.weight", "LayerNorm")}
        if bias is not None:
            parameters["bias"] = self._written(bias, f"{path}.bias", "LayerNorm")
        self.modules.append(Module(path, "LayerNorm", True, span(30 + len(self.modules)), parameters))
        self.nodes.append(Node(Role.NORM, name, (source,), span(100 + len(self.nodes)), module=path))
        return len(self.nodes) - 1

    def own(self, name: str, init: Init) -> int:
        """A parameter of the model itself, read by the graph."""
        parameters = {name: self._written(init, name, "Net")}
        self.modules.append(Module("", "Net", False, span(1), parameters))
        self.nodes.append(Node(Role.PARAMETER, "parameter", parameter_names=(name,)))
        return len(self.nodes) - 1

    def _written(self, init: Init, target: str, kind: str) -> Parameter:
        event = self._event(init[0], init[1], None, None, (256,), None)
        self.calls.append(InitCall(event.call, event, target, None, kind, target.rsplit(".", 1)[-1], 1))
        return Parameter(target.rsplit(".", 1)[-1], (256,), ((event,),))

    def fc(self, source: int, *inits: Init, width: int | None = 256, **options: object) -> int:
        return self.layer("Linear", source, (width, width), *inits, **options)

    def _bias(self, bias: Init | str | None, fan_in: int | None, path: str, index: int) -> Parameter | None:
        if bias is None:
            return None
        history = [InitEvent("default", None, {}, default("Linear", "bias", fan_in))]
        if not isinstance(bias, str):
            event = self._event(bias[0], bias[1], None, None, (256,), None)
            history.append(event)
            self.calls.append(InitCall(event.call, event, f"{path}.bias", index, "Linear", "bias", 1))
        return Parameter("bias", (256,), (tuple(history),))

    def _event(
        self,
        function: str,
        arguments: Mapping[str, object],
        fan_in: int | None,
        fan_out: int | None,
        shape: tuple[int | None, ...],
        call: str | None,
    ) -> InitEvent:
        line = 50 + len(self.calls)
        written = init_call(function, arguments, line)
        if call is not None:
            written = self.shared.setdefault(call, written)
        left = describe(function, arguments, fan_in, fan_out, shape=shape)
        return InitEvent(function, written, arguments, left, order=line)

    def stack(self, depth: int, activation: str, *inits: Init, width: int | None = 256, **options: object) -> Program:
        """`depth` hidden layers with an activation each, and a head."""
        at = self.input()
        for _ in range(depth):
            at = self.act(activation, self.fc(at, *inits, width=width, **options))
        return self.finish(self.fc(at, width=width))

    def finish(self, *outputs: int, entry: bool = True) -> Program:
        program = self.program(*outputs, entry=entry)
        root = [] if any(not module.path for module in self.modules) else [Module("", "Net", False, span(1), whole=True)]
        return Program(
            program.root, program.span, entry, program.layers, (*root, *self.modules), tuple(self.calls),
            graph=program.graph,
        )


def _fan(shape: tuple[int | None, ...], axis: int) -> int | None:
    sizes = (shape[axis], *shape[2:])
    return None if any(size is None for size in sizes) else math.prod(size for size in sizes if size is not None)
