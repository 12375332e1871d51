"""What a root leaves behind while it runs: the signal graph, the writes to parameters, the calls that made them."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from initlint.model.graph import Role
from initlint.trace.machine.frames import Frame, Place
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    DictV,
    FunctionV,
    InstanceV,
    ListV,
    ParamV,
    PartialV,
    TensorV,
    UnknownV,
    Value,
    options_of,
    parts_of,
)
from initlint.trace.record.handed import note_handed
from initlint.trace.torch import choices, training
from initlint.trace.torch import factories as torch_factories
from initlint.trace.torch import init as torch_init
from initlint.trace.torch import tensors as torch_tensors
from initlint.trace.torch.tree import is_module, parameters_below, walk

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs
    from initlint.trace.vocabulary.spec import FactorySpec, FillSpec, FunctionSpec, InitializerSpec


AT_ONCE: Final = 16
"""So many parameters that escape count as one step."""


class RawNode:
    """A node of the graph while it is being drawn: modules and parameters are still objects."""

    __slots__ = ("inputs", "name", "owner", "params", "place", "role", "settings", "weight")

    def __init__(
        self,
        role: Role,
        name: str,
        inputs: tuple[int, ...],
        place: Place | None,
        owner: InstanceV | None,
        settings: dict[str, Any],
        weight: ParamV | None,
        params: tuple[ParamV, ...],
    ) -> None:
        self.role = role
        self.name = name
        self.inputs = inputs
        self.place = place
        self.owner = owner
        self.settings = settings
        self.weight = weight
        self.params = params


class Recorder:
    """Draws the graph of the root in progress and keeps its writes."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.reset()

    def reset(self) -> None:
        """Forget everything: a new root begins."""
        self.nodes: list[RawNode] = []
        self.writes: list[Any] = []
        self.events: list[Any] = []
        self.order = 0
        self.reads: dict[int, list[int]] = {}
        self.running_forward = False
        self.tried: dict[int, Value] = {}  # what models gave that were called outside the forward pass
        self.built: list[InstanceV] = []
        self.given_away: list[InstanceV] = []   # modules that code was given which is not followed
        self._parameter_nodes: dict[int, int] = {}
        self._constant_nodes: dict[int, int] = {}
        self._kept: list[Any] = []

    def progress(self) -> tuple[int, ...]:
        """How much has been kept so far."""
        return len(self.nodes), len(self.writes), len(self.events), len(self.built), self.order

    @property
    def has_weights(self) -> bool:
        """Whether anything that was built so far has a parameter."""
        return any(map(parameters_below, self.built))

    def begin_forward(self, tops: Iterable[InstanceV]) -> None:
        """From here on the models run on symbols. What their own layers did before, when the code that built them
        tried them out or trained them, was the same and does not count again."""
        self.running_forward = True
        whole = [top for top in tops if any(module is not top for _, module in walk(top))]
        own = {id(module) for top in whole for _, module in walk(top)}
        own.update(id(parameter) for top in whole for parameter in parameters_below(top))
        for node in self.nodes:
            if id(node.owner) in own or id(node.weight) in own or any(id(each) in own for each in node.params):
                node.role, node.owner, node.weight, node.inputs, node.params = Role.CONSTANT, None, None, (), ()
        self._parameter_nodes = {key: index for key, index in self._parameter_nodes.items() if key not in own}

    def pause(self) -> dict[str, Any]:
        """Set the present root aside while a module's own body runs."""
        saved = dict(self.__dict__)
        self.reset()
        return saved

    def resume(self, saved: dict[str, Any]) -> None:
        self.__dict__.update(saved)

    def overlook(self, since: int, applied: Container[int]) -> None:
        """Nodes `since` some number say nothing of the modules and parameters that were `applied` before, by identity:
        each is a layer of which nothing is known."""
        for node in self.nodes[since:]:
            if id(node.owner) in applied or id(node.weight) in applied:
                node.owner, node.weight, node.params = None, None, ()

    # -- nodes ----------------------------------------------------------------------------------

    def emit(
        self,
        role: Role,
        name: str,
        inputs: Iterable[int],
        frame: Frame | None = None,
        node: ast.AST | None = None,
        *,
        owner: InstanceV | None = None,
        settings: dict[str, Any] | None = None,
        weight: ParamV | None = None,
        params: tuple[ParamV, ...] = (),
        shape: tuple[Value, ...] | None = None,
    ) -> TensorV:
        """Add a node; the tensor that carries its output."""
        self.interpreter.tick()
        place = None
        if frame is not None:
            syntax = node or frame.site
            if syntax is not None:
                elsewhere = node is not None
                place = (
                    Place(frame.module.file, syntax, frame.scope, frame.function, None) if elsewhere else frame.place()
                )
        self.nodes.append(RawNode(role, name, tuple(inputs), place, owner, settings or {}, weight, params))
        return TensorV(len(self.nodes) - 1, shape)

    def source(self, value: Value, frame: Frame | None = None) -> int:
        """The node that carries a value into an operation."""
        if isinstance(value, ParamV):
            found = self._parameter_nodes.get(id(value))
            if found is None:
                self._kept.append(value)
                tensor = self.emit(Role.PARAMETER, "parameter", (), frame, params=(value,))
                found = self._parameter_nodes[id(value)] = int(tensor.node or 0)
            return found
        if isinstance(value, TensorV):
            if value.node is not None:
                return value.node
            if value.source is not None:
                return self.source(value.source, frame)
            found = self._constant_nodes.get(id(value))
            if found is None:
                self._kept.append(value)
                tensor = self.emit(Role.CONSTANT, "constant", (), frame)
                found = self._constant_nodes[id(value)] = int(tensor.node or 0)
            return found
        if type(value) is AltV:
            inputs = [self.source(option, frame) for option in options_of(value) if option is not None]
            return int(self.emit(Role.EITHER, "either", dict.fromkeys(inputs), frame).node or 0)
        if isinstance(value, UnknownV):
            return int(self.emit(Role.UNKNOWN, value.reason, (), frame).node or 0)
        return int(self.emit(Role.CONSTANT, "constant", (), frame).node or 0)

    def either(self, tensors: list[TensorV]) -> TensorV:
        """One of several tensors."""
        plain = [tensor for tensor in tensors if tensor.node is None and not isinstance(tensor, ParamV)]
        if len(plain) == len(tensors):
            shapes = {tensor.shape for tensor in tensors}
            return TensorV(None, shapes.pop() if len(shapes) == 1 else None)
        inputs = dict.fromkeys(self.source(tensor) for tensor in tensors)
        if len(inputs) == 1:
            return tensors[0]
        return self.emit(Role.EITHER, "either", inputs)

    def note_read(self, parameter: ParamV) -> None:
        """What a parameter holds now was read, outside the forward pass."""
        if not self.running_forward:
            self.reads.setdefault(id(parameter), []).append(self.order)

    def is_signal(self, value: Value) -> bool:
        """Whether a value carries a signal of the graph (constants and bare parameters do not)."""
        if type(value) is AltV:
            return any(self.is_signal(option) for option in value.options)
        return isinstance(value, TensorV) and value.node is not None

    def tensors_in(self, value: Value, depth: int = 0) -> list[Value]:
        """Every tensor inside a value: in tuples, lists, dicts and bound arguments."""
        if isinstance(value, TensorV):
            return [value]
        kind = type(value)
        if depth > 4:
            return []
        if kind is AltV:
            return [value] if any(isinstance(o, TensorV) for o in value.options) else []
        if kind is tuple:
            parts: Iterable[Value] = value
        elif kind is ListV:
            parts = value.items
        elif kind is DictV:
            parts = value.entries.values()
        elif kind is PartialV:
            parts = (*value.args, *value.kwargs.values())
        else:
            return []
        return [found for part in parts for found in self.tensors_in(part, depth + 1)]

    # -- calls that cannot be followed ----------------------------------------------------------

    def unknown_call(self, reason: str, args: Args, kwargs: Kwargs, frame: Frame, reads: bool = False) -> Value:
        """A call the trace cannot see through: signals that go in may come out changed, modules that go in
        may come out initialised otherwise, unless it surely only `reads` them."""
        values = [*args, *kwargs.values()]
        self.given_away += [each for value in values for each in _held(value) if is_module(each)]
        if not self.running_forward:
            for value in values:
                if isinstance(value, FunctionV | BoundV | PartialV):
                    note_handed(self, value)
                if not reads:
                    self.interpreter.tick(self.escape(value) // AT_ONCE)
        signals = [t for value in values for t in self.tensors_in(value) if self.is_signal(t)]
        if signals:
            inputs = dict.fromkeys(self.source(tensor, frame) for tensor in signals)
            return self.emit(Role.UNKNOWN, reason, inputs, frame)
        wrapped = [value for value in values if isinstance(value, InstanceV) and is_module(value)] if reads else []
        return UnknownV(reason, reads, wrapped[0] if len(wrapped) == 1 else None)

    def escape(self, value: Value, depth: int = 0) -> int:
        """Whatever a value reaches may have been written to by code that is not followed. The number of parameters
        among that."""
        if depth > 3:
            return 0
        if isinstance(value, TensorV):
            target = value if isinstance(value, ParamV) else value.source
            if target is not None:
                self._escaped(target)
                return 1
            if value.facts is not None and "entry of" in value.facts:
                return self.escape(value.facts["entry of"], depth + 1)
            return 0
        if type(value) is BoundV:
            return self.escape(value.receiver, depth + 1)
        if type(value) is not InstanceV:
            return sum(self.escape(part, depth + 1) for part in parts_of(value) if part is not ABSENT)
        if not is_module(value):
            return sum(self.escape(part, depth + 1) for part in list(value.attrs.values()))
        reached = parameters_below(value)
        for parameter in reached:
            self._escaped(parameter)
        return len(reached)

    def _escaped(self, parameter: ParamV) -> None:
        """A parameter that code which is not followed may have written to, or unwrapped."""
        if training.has_begun(parameter):
            return
        if parameter.state["complete"] is not False:
            self.interpreter.heap.put(parameter.state, "complete", False)
        if parameter.state.get("wrapper") is not None:
            self.interpreter.heap.put(parameter.state, "wrapper", UnknownV("wrapper may be gone"))

    def opaque_base(self, instance: InstanceV, args: Args, kwargs: Kwargs, frame: Frame) -> None:
        """`super().__init__(...)` of a base class outside the project: it may have built anything."""
        self.interpreter.heap.put(instance.state, "opaque", True)

    # -- what torch does: see torch_tensors, torch_init and torch_factories --------------------------

    def part(self, tensor: TensorV, frame: Frame) -> Value:
        return torch_tensors.part(self, tensor, frame)

    def operator(
        self, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST, inplace: bool = False
    ) -> Value:
        return torch_tensors.operator(self, operator, left, right, frame, node, inplace)

    def scaled(self, value: TensorV, name: str, frame: Frame, node: ast.AST) -> Value:
        return torch_tensors.unary(self, value, name, frame, node)

    def comparison(self, operator: type, left: Value, right: Value) -> Value:
        return choices.comparison(operator, left, right)

    def indexed(self, tensor: TensorV, index: Value, frame: Frame, node: ast.AST) -> Value:
        return torch_tensors.indexed(self, tensor, index, frame, node)

    def assign_item(self, tensor: TensorV, index: Value, new: Value, frame: Frame, node: ast.AST) -> None:
        torch_tensors.assign_item(self, tensor, index, new, frame, node)

    def tensor_attribute(self, tensor: TensorV, name: str, frame: Frame, node: ast.AST | None) -> Value:
        return torch_tensors.attribute(self, tensor, name, frame, node)

    def tensor_attribute_set(self, tensor: TensorV, name: str, new: Value, frame: Frame) -> None:
        torch_init.attribute_set(self, tensor, name, new, frame)

    def attribute_set(
        self, instance: InstanceV, name: str, new: Value, frame: Frame, node: ast.AST | None
    ) -> bool:
        """What `instance.name = new` does beside binding the name; False where the name keeps what it holds."""
        return torch_init.member_set(self, instance, name, new, frame, node)

    def function(self, name: str, spec: FunctionSpec, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        return torch_tensors.function(self, name, spec, args, kwargs, frame)

    def activation(self, name: str, args: Args, settings: dict[str, Any], frame: Frame) -> Value:
        return self.emit(Role.ACTIVATION, name, [self.source(arg, frame) for arg in args[:1]], frame, settings=settings)

    def initialize(self, name: str, spec: InitializerSpec, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        return torch_init.initialize(self, name, spec, args, kwargs, frame)

    def factory(self, name: str, spec: FactorySpec, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        return torch_factories.factory(self, name, spec, args, kwargs, frame)

    def fill(self, target: Value, name: str, spec: FillSpec, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        return torch_init.fill(self, target, name, spec, args, kwargs, frame)

    def parameter(self, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        return torch_factories.parameter(self, args, kwargs, frame)


def _held(value: Value) -> Iterator[InstanceV]:
    """The objects that a value is, holds directly, or is a method of."""
    for option in options_of(value):
        parts = option.items if type(option) is ListV else option if type(option) is tuple else (option,)
        for part in parts:
            held = part.receiver if type(part) is BoundV else part
            if type(held) is InstanceV:
                yield held
