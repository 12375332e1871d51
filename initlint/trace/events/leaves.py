"""Writes in place to parameters while autograd watches, and tensors given to the names of parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from initlint.model.events import LeafWrite, TensorAssigned
from initlint.model.source import Call
from initlint.trace.events.scene import Scene, kind_of
from initlint.trace.machine.frames import Frame, Place, span_of
from initlint.trace.machine.values import InstanceV, ParamV, TensorV, Value, options_of
from initlint.trace.record.blocks import is_guarded, statement_of
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.record.recorder import Recorder

_OPERATORS: Final = {ast.Add: "__iadd__", ast.Sub: "__isub__", ast.Mult: "__imul__", ast.Div: "__itruediv__"}


@dataclass(frozen=True, slots=True)
class LeafNote:
    """A write in place to `parameter`, or to a view of it, with grad mode on."""

    place: Place
    call: Call | None
    function: str
    parameter: ParamV
    view: bool

    def told(self, scene: Scene) -> Iterator[LeafWrite]:
        found = scene.place_of(self.parameter)
        target = _target(self.place.node)
        if found is None or target is None:
            return
        path, kind, name = found
        file = self.place.file
        yield LeafWrite(
            self.place.span, self.call, self.function, path, kind, name, span_of(file, target), self.view,
            is_guarded(self.place, scene.trees, scene.guarded),
        )


def _target(node: ast.AST) -> ast.expr | None:
    """The expression of the tensor that is written."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value
    if isinstance(node, ast.AugAssign):
        return node.target
    return node if isinstance(node, ast.expr) else None


def note_write(recorder: Recorder, tensor: Value, function: str, call: Call | None, frame: Frame) -> None:
    """Note a write in place that autograd refuses."""
    if frame.no_grad or recorder.running_forward:
        return
    place = frame.place()
    if place is None or (call is None and isinstance(place.node, ast.Call)):
        return
    if isinstance(place.node, ast.AugAssign):
        function = _OPERATORS.get(type(place.node.op), function)
    for option in options_of(tensor):
        parameter = _watched(option)
        if parameter is not None:
            recorder.events.append(LeafNote(place, call, function, parameter, option is not parameter))


def _watched(tensor: Value) -> ParamV | None:
    """The parameter that requires grad of which a tensor is, or is a view that autograd knows of."""
    if not isinstance(tensor, TensorV) or tensor.detached:
        return None
    if isinstance(tensor, ParamV):
        parameter = tensor
    elif tensor.source is not None and tensor.link in ("view", "partial"):
        parameter = tensor.source
    else:
        return None
    state = parameter.state
    surely = state["trainable"] is True and not state.get("perhaps_frozen") and not state.get("wrapper")
    return parameter if surely else None


@dataclass(frozen=True, slots=True)
class AssignedNote:
    """`owner.name = <tensor>` where the name holds a parameter."""

    place: Place
    owner: InstanceV
    name: str
    call: Call | None

    def told(self, scene: Scene) -> Iterator[TensorAssigned]:
        path = scene.paths.get(id(self.owner))
        statement = statement_of(self.place, scene.trees)
        value = getattr(statement, "value", None)
        if path is None or not isinstance(value, ast.expr) or not isinstance(statement, ast.Assign | ast.AnnAssign):
            return
        span = span_of(self.place.file, value)
        yield TensorAssigned(
            self.place.span, span, path, kind_of(self.owner), self.name,
            self.call if self.call is not None and self.call.span == span else None,
            is_guarded(self.place, scene.trees, scene.guarded),
        )


def refuses(recorder: Recorder, owner: InstanceV, name: str, new: Value, frame: Frame, node: ast.AST | None) -> bool:
    """Whether torch refuses to put a value in the place of a parameter, which then stays: noted where it does."""
    old = owner.attrs.get(name)
    if not isinstance(old, ParamV) or isinstance(new, ParamV) or not isinstance(new, TensorV):
        return False
    if not is_module(owner) or owner.state.get("exposed") or old.state.get("wrapper"):
        return False
    if recorder.running_forward:
        return False
    if isinstance(node, ast.Attribute):
        place = Place(frame.module.file, node, frame.scope, frame.function, frame.caller)
        call = new.history[-1].call if new.history else None
        recorder.events.append(AssignedNote(place, owner, name, call))
    return True
