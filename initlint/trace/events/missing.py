"""Parameters that a module does not have, where an initialising call asks for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from initlint.model.events import Absence, MissingParameter
from initlint.model.source import Call
from initlint.trace.events.scene import Scene, kind_of
from initlint.trace.machine.code import Evaluate
from initlint.trace.machine.frames import Frame, Place, span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import (
    ClassV,
    InstanceV,
    MissingV,
    ParamV,
    Raised,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.python.expressions import Compiler
from initlint.trace.record.blocks import is_guarded, is_uncertain
from initlint.trace.record.written import is_plain, parameter_read, tensor_expression
from initlint.trace.torch.calls import call_at
from initlint.trace.torch.registries import lacks_weight
from initlint.trace.torch.tensors import plain
from initlint.trace.vocabulary.initializers import FILLS
from initlint.trace.vocabulary.spec import ModuleSpec

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.record.recorder import Recorder

_NAMES: Final = frozenset({"weight", "bias"})
"""What initialising code asks modules for."""


@dataclass(frozen=True, slots=True)
class MissingNote:
    """An initialising call of a parameter that `owner` lacks."""

    call: Call
    place: Place
    owner: InstanceV
    name: str
    absence: Absence
    branching: bool

    def told(self, scene: Scene) -> Iterator[MissingParameter]:
        path = scene.paths.get(id(self.owner))
        if path is None:
            return
        is_method = self.call.function.startswith("torch.Tensor.")
        read = parameter_read(tensor_expression(self.place.node, is_method), self.name)
        yield MissingParameter(
            self.call,
            path,
            kind_of(self.owner),
            self.name,
            self.absence,
            {key: plain(value) for key, value in self.owner.settings.items()},
            scene.site(self.owner),
            None if read is None else span_of(self.place.file, read),
            None if read is None else span_of(self.place.file, read.value),
            is_guarded(self.place, scene.trees, scene.guarded)
            or is_uncertain(self.place, self.branching, read, scene.trees),
        )


def absent(instance: InstanceV, name: str) -> Value:
    """What reading an attribute gives that an object is not known to have."""
    cls = instance.cls
    is_plain_layer = type(cls) is TorchClassV and isinstance(cls.spec, ModuleSpec) and not _is_changed(instance)
    if is_plain_layer and (name in _NAMES or lacks_weight(instance, name)):
        return MissingV(instance, name, Absence.ABSENT)
    is_open = isinstance(cls, ClassV) and cls.is_open
    return UnknownV(f"{instance!r} has no known {name}", holder=instance if is_open else None)


def _is_changed(instance: InstanceV) -> bool:
    """Whether the attributes of a module may be others than its class makes."""
    return bool(instance.state.get("opaque") or instance.state.get("exposed")) or any(
        name.startswith("*") for name in instance.attrs
    )


def of_none(interpreter: Interpreter, name: str, frame: Frame, node: ast.AST | None) -> Value:
    """What reading an attribute of None gives: the parameter that is None, where the expression names one."""
    if isinstance(node, ast.Attribute):
        found = _none_parameter(interpreter, node.value, frame)
        if found is not None:
            return MissingV(found[0], found[1], Absence.NONE)
    return UnknownV(f"None has no {name}")


def _none_parameter(
    interpreter: Interpreter, expression: ast.AST | None, frame: Frame
) -> tuple[InstanceV, str] | None:
    """The module and the name of its parameter that an expression denotes, where that is None."""
    if not isinstance(expression, ast.Attribute) or not is_plain(expression.value):
        return None
    try:
        owner = _compiled(interpreter, expression.value, frame)(frame)
    except Raised:
        return None
    if isinstance(owner, InstanceV) and owner.attrs.get(expression.attr, owner) is None:
        return owner, expression.attr
    return None


def _compiled(interpreter: Interpreter, expression: ast.expr, frame: Frame) -> Evaluate:
    local = frame.function.code.locals if frame.function is not None else None
    return _compile(interpreter, expression, None if local is None else frozenset(local), Compiler)


@kept(1024)
def _compile(
    interpreter: Interpreter, expression: ast.expr, local: frozenset[str] | None, compiler: type
) -> Evaluate:
    made: Evaluate = compiler(interpreter, None if local is None else set(local)).expression(expression)
    return made


def _note(
    recorder: Recorder, call: Call, frame: Frame, place: Place, owner: InstanceV, name: str, absence: Absence
) -> None:
    if frame.doubtful:
        return
    branching = recorder.interpreter.heap.branching
    recorder.events.append(MissingNote(call, place, owner, name, absence, branching))


def note_initialised(recorder: Recorder, tensor: Value, call: Call | None, frame: Frame) -> bool:
    """Note a call of an initialiser on something that is no tensor; whether it is surely none."""
    place = frame.place()
    if call is None or place is None:
        return False
    if type(tensor) is MissingV:
        _note(recorder, call, frame, place, tensor.owner, tensor.name, tensor.absence)
        return True
    if tensor is None:
        found = _none_parameter(recorder.interpreter, tensor_expression(place.node, False), frame)
        if found is not None:
            _note(recorder, call, frame, place, found[0], found[1], Absence.NONE)
        return True
    if isinstance(tensor, ParamV) and tensor.facts is not None and tensor.facts.get("lazy"):
        owner = next((each for each in recorder.built if any(v is tensor for v in each.attrs.values())), None)
        if owner is not None:
            name = next(key for key, value in owner.attrs.items() if value is tensor)
            _note(recorder, call, frame, place, owner, name, Absence.LAZY)
        return True
    return False


def note_called(recorder: Recorder, function: MissingV, frame: Frame) -> None:
    """Note a method that would write in place, called on a parameter that is not there."""
    place = frame.place()
    syntax = frame.site.func if isinstance(frame.site, ast.Call) else None
    if place is None or not isinstance(syntax, ast.Attribute) or syntax.attr not in FILLS:
        return
    call = call_at(frame, f"torch.Tensor.{syntax.attr}")
    if call is not None:
        _note(recorder, call, frame, place, function.owner, function.name, function.absence)
