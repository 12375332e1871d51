"""What one root leaves: the layers it built, the init calls it made, and its signal graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from initlint.model.events import Event
from initlint.model.graph import Graph
from initlint.model.source import Call, Span
from initlint.model.weights import InitEvent, Parameter
from initlint.signal.since import NEWEST, Version

if TYPE_CHECKING:
    from initlint.model.follow import Following
    from initlint.model.runs import Run

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Layer:
    """One weighted module of the model that a root built.

    `kind` is torch's class name (`Conv2d`, also for subclasses and for functional use of a
    parameter, where it is `Parameter`). `owner` is the qualified name of the innermost class
    of the project that holds it, `owner_file` that class's file, `path` the attribute path inside
    the owner, `full_path` from the root. `site` is the constructor call a finding points at, inside the owner's
    file; `call` the call of torch's own class. `settings` holds constructor arguments by name
    (`in_features`, `kernel_size`, `groups`, ...), UNKNOWN where not known.
    `fan_in` and `fan_out` are torch's (what `nn.init` computes); `true_fan_in` counts the
    inputs that really add up to one output (they differ for transposed and grouped
    convolutions and for `x @ W` parameters). `tied` covers what made another module's parameter the weight of this
    layer, None where that is its own; of a `Parameter` it is where that is used.
    """

    index: int
    kind: str
    owner: str
    owner_file: str
    path: str
    full_path: str
    site: Span
    call: Call | None
    settings: Mapping[str, object]
    weight: Parameter | None
    bias: Parameter | None
    bias_absent: bool | None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    fan_in: int | None = None
    fan_out: int | None = None
    true_fan_in: int | None = None
    fan_ratio: float | None = None       # fan_out / fan_in where it is known even though the sizes are not
    tied: Span | None = None

    @property
    def called(self) -> str:
        """What messages call it: its path in its class, that class where it is the layer itself."""
        return self.path or self.owner or self.kind


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an argument's value came from.

    `argument` is torch's name of the argument. `axis` is the axis of the written tensor whose size the value was
    computed from, None where it was from none; `gain` is true where the value is the result of
    `torch.nn.init.calculate_gain` itself. `names` are the local names, parameters and attributes it was bound to on
    its way, in order. `span` covers the expression that read the size (`w.size(0)`), `tensor` the tensor in it (`w`),
    `index` the axis in it where it is spelled there. `literal` is true where it is a number that the source spells,
    handed on as it is.
    """

    argument: str
    axis: int | None = None
    gain: bool = False
    names: tuple[str, ...] = ()
    span: Span | None = None
    tensor: Span | None = None
    index: Span | None = None
    literal: bool = False


@dataclass(frozen=True, slots=True)
class InitCall:
    """One execution of an initialising call, whatever it reached, those that torch refuses among them.

    `target` is the dotted path of the parameter written (from the root), None where it is not
    known; `layer` the index of its layer. `module_kind` is the class of the module that owns
    the target and `parameter` the target's name on it; `rank` the target's rank where known.
    `tensor` covers the expression that denotes what is written (`m.weight.data`), `owner` the one that
    denotes its module (`m`), None where it is not written out. `block` covers the header of the innermost
    arm (`if`, `else`, loop, `with`, `def` …) whose body holds the call: two calls of one block follow
    one another. `guarded` is true inside a `try` that catches what the call may raise. `recomputed` is the
    call (`weight_norm(conv)`) whose wrapper computes the tensor anew before it is next used, so that the write is
    lost. `copy_of` is the parameter of which the tensor is a fresh copy that nothing reads
    afterwards. `turned` is true where the tensor is the parameter's transpose. `read` is true where what the write
    left was read before the next whole write to the same target. `several` is true where the execution reached one
    of several parameters.
    """

    call: Call
    event: InitEvent
    target: str | None = None
    layer: int | None = None
    module_kind: str | None = None
    parameter: str | None = None
    rank: int | None = None
    tensor: Span | None = None
    owner: Span | None = None
    block: Span | None = None
    guarded: bool = False
    origins: tuple[Origin, ...] = ()
    recomputed: Call | None = None
    copy_of: str | None = None
    read: bool = False
    several: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """Any module of the tree: `path` from the root, its class, and where it was built.

    `whole` is true where `modules()` of it is known to reach no other module than those of the tree.
    """

    path: str
    kind: str                     # torch's class name for torch modules, else the project's class
    torch: bool
    site: Span | None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    whole: bool = False

    def path_of(self, parameter: str) -> str:
        """The dotted path from the root of one of its parameters."""
        return f"{self.path}.{parameter}" if self.path else parameter


@dataclass(frozen=True)
class Program:
    """The facts of one root.

    `root` names it for people ("ResNet", "main() at train.py:12"); `entry` is false for a class that other code refers
    to but was never seen to build, so that what follows its output is not known, `alone` of one that such code may
    initialise. `by_default` is true of a class that was built with its own defaults: whoever builds it may choose
    other sizes. `for_others` is true of a function that does nothing but build: those that build the like in other
    sizes were not run. `torch` is the version of torch that the code is for.
    """

    root: str
    span: Span
    entry: bool = True
    layers: tuple[Layer, ...] = ()
    modules: tuple[Module, ...] = ()
    calls: tuple[InitCall, ...] = ()
    events: tuple[Event, ...] = ()
    graph: Graph = field(default_factory=Graph)
    truncated: str | None = None          # the bound that was hit, if one was
    alone: bool = True
    by_default: bool = False
    for_others: bool = False
    torch: Version = NEWEST

    def events_of(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind, in order."""
        return (event for event in self.events if isinstance(event, kind))

    @cached_property
    def followings(self) -> tuple[Following, ...]:
        """What follows each layer, by its index."""
        from initlint.model.follow import follow

        return follow(self)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The longest runs of un-normalised hidden layers, in order of execution."""
        from initlint.model.runs import runs

        return runs(self)

    @cached_property
    def branch_layers(self) -> frozenset[int]:
        """The layers inside the branches of sums, by index."""
        from initlint.model.residual import branch_layers

        return branch_layers(self)

    @cached_property
    def executions(self) -> Mapping[Span, tuple[InitCall, ...]]:
        """The executions of each initialising call, by the place of the call, in order of first execution."""
        found: dict[Span, list[InitCall]] = {}
        for execution in self.calls:
            found.setdefault(execution.call.span, []).append(execution)
        return {span: tuple(group) for span, group in found.items()}

    @cached_property
    def module_at(self) -> Mapping[str, Module]:
        return {module.path: module for module in self.modules}

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters of all modules, by their dotted paths from the root."""
        return {
            module.path_of(name): parameter
            for module in self.modules
            for name, parameter in module.parameters.items()
        }


def left_open(program: Program) -> Program:
    """The facts of a root whose parameters others may initialise that it leaves at their defaults."""
    opened: dict[int, Parameter] = {}

    def each(parameter: Parameter | None) -> Parameter | None:
        if parameter is None or any(event.explicit for history in parameter.histories for event in history):
            return parameter
        return opened.setdefault(id(parameter), replace(parameter, complete=False))

    def every(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
        return {name: each(parameter) or parameter for name, parameter in parameters.items()}

    layers = tuple(
        replace(layer, weight=each(layer.weight), bias=each(layer.bias), parameters=every(layer.parameters))
        for layer in program.layers
    )
    modules = tuple(replace(module, parameters=every(module.parameters)) for module in program.modules)
    return replace(program, layers=layers, modules=modules)
