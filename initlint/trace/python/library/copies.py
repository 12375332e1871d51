"""`copy`: deep and shallow copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.events.clones import note_clone
from initlint.trace.machine.values import AltV, DictV, InstanceV, ListV, ParamV, TensorV, Value, options_of
from initlint.trace.python.library.registry import library
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("copy.deepcopy")
def _deep(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    seen: dict[int, Value] = {}
    made = clone(interpreter, args[0], seen)
    if isinstance(made, InstanceV) and isinstance(args[0], InstanceV):
        note_clone(interpreter.recorder, args[0], made, interpreter.frame)
        built = interpreter.recorder.built
        built.extend([seen[id(module)] for module in list(built) if id(module) in seen])
    return made


@library("copy.copy")
def _shallow(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if any(isinstance(option, InstanceV) for option in options_of(args[0])[1:]):
        return _deep(interpreter, args, {})
    return interpreter.each(args[0], lambda option: _shallow_copy(interpreter, option))


def _shallow_copy(interpreter: Interpreter, value: Value) -> Value:
    """A copy that holds the same. One of a module, which shares its parameters, counts as a deep one."""
    kind = type(value)
    if kind is ListV:
        return ListV(list(value.items), value.is_open, value.kind)
    if kind is DictV and value.owner is None and value.holder is None:
        made = DictV(dict(value.entries), value.is_open, value.default)
        made.asked = value.asked
        return made
    if kind is InstanceV and not is_module(value) and not value.state:
        copied = InstanceV(value.cls)
        copied.attrs.update(value.attrs)
        return copied
    return value if kind is tuple else _deep(interpreter, [value], {})


def clone(interpreter: Interpreter, value: Value, seen: dict[int, Value]) -> Value:
    """A deep copy of a value: modules and parameters anew, with the same past."""
    if id(value) in seen:
        return seen[id(value)]
    kind = type(value)
    if kind is InstanceV:
        interpreter.tick(1 + len(value.attrs) // 8)
        made = InstanceV(value.cls)
        seen[id(value)] = made
        made.born = value.born
        made.settings = dict(value.settings)
        made.state.update(value.state)
        made.state["copy"] = value
        for name, attribute in value.attrs.items():
            made.attrs[name] = clone(interpreter, attribute, seen)
        if "defaults" in made.state:
            spec, own = made.state["defaults"]
            made.state["defaults"] = (spec, [(name, clone(interpreter, each, seen)) for name, each in own])
        return made
    if kind is ParamV:
        copied = ParamV(value.shape)
        seen[id(value)] = copied
        copied.facts = value.facts
        copied.state.update(value.state)
        return copied
    if kind is TensorV and value.source is not None:
        taken = seen[id(value)] = TensorV(None, value.shape, None, value.source, "copy")
        return taken
    if kind is ListV:
        listed = seen[id(value)] = ListV([], value.is_open, value.kind)
        listed.box["items"] = [clone(interpreter, item, seen) for item in value.items]
        return listed
    if kind is DictV:
        mapping = seen[id(value)] = DictV({}, value.is_open, value.default)
        mapping.entries.update({key: clone(interpreter, entry, seen) for key, entry in value.entries.items()})
        return mapping
    if kind is tuple:
        seen[id(value)] = tuple([clone(interpreter, item, seen) for item in value])
        return seen[id(value)]
    if kind is AltV:
        seen[id(value)] = AltV(tuple([clone(interpreter, option, seen) for option in value.options]))
        return seen[id(value)]
    return value
