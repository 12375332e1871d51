"""Objects of the program: how they are made and called, and whether they are true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    DictV,
    InstanceV,
    ListV,
    PowerV,
    RangeV,
    SymbolV,
    TensorV,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.classes import find_in_class, find_method, kind_of
from initlint.trace.python.construction import finish, maker_of
from initlint.trace.python.containers import length
from initlint.trace.python.enums import enum_value, plain
from initlint.trace.python.generated import generate, generating_class
from initlint.trace.python.items import container_items
from initlint.trace.python.library.arrays import is_array
from initlint.trace.python.mappings import inherited, is_mapping, mapping_of
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def truth(interpreter: Interpreter, value: Value) -> bool | None:
    """`bool(value)`, None where it is not known."""
    if value is True or value is False:
        return bool(value)
    if value is None:
        return False
    if is_constant(value):
        return bool(value)
    kind = type(value)
    if kind is AltV:
        verdicts = {truth(interpreter, option) for option in value.options if option is not ABSENT}
        return verdicts.pop() if len(verdicts) == 1 else None
    if kind is SymbolV:
        return None if value.is_argument else True
    if kind is UnknownV or kind is RangeV or kind is PowerV:
        return None
    if kind is tuple or kind is range:
        return bool(value)
    if is_array(value):
        return None
    if kind in (ListV, DictV):
        size = length(value)
        if isinstance(size, int):
            return size > 0
        return True if (kind is ListV and any(type(i) is not AltV for i in value.items)) else None
    if isinstance(value, TensorV):
        return None if value.facts is None else value.facts.get("truth")
    if kind is InstanceV:
        held = mapping_of(value)
        if held is not None:
            return truth(interpreter, held)
        items = container_items(value)
        if items is not None:
            return bool(items)
        if is_constant(plain(value)):
            return bool(plain(value))
        for name in ("__bool__", "__len__"):
            found = find_method(value, name)
            if found is not None:
                return truth(interpreter, interpreter.call(found, [value], {}, interpreter.frame))
        return True
    return True


def instantiate(interpreter: Interpreter, cls: ClassV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`cls(*args, **kwargs)`."""
    interpreter.tick()
    special = kind_of(cls)
    if special == "enum":
        return enum_value(interpreter, cls, args, frame)
    maker = maker_of(cls) if special in ("plain", "dataclass", "namedtuple") else None
    if maker is None:
        instance = InstanceV(cls)
    else:
        made = interpreter.call(maker, [cls, *args], kwargs, frame)
        if not isinstance(made, InstanceV) or made.cls is not cls or special == "namedtuple":
            return made
        instance = made
    if is_mapping(cls) and "mapping" not in instance.state:
        instance.state["mapping"] = DictV({})
    if special in ("module", "dataclass-module"):
        interpreter.announce(cls, args, kwargs, frame)
        instance.born = frame.place()
        interpreter.recorder.built.append(instance)
    _initialise(interpreter, instance, cls, args, kwargs, frame)
    if special in ("module", "dataclass-module"):
        finish(interpreter, instance, cls, frame)
    return instance


def _initialise(
    interpreter: Interpreter, instance: InstanceV, cls: ClassV, args: Args, kwargs: Kwargs, frame: Frame
) -> None:
    """`cls.__init__`, written or generated, on an object."""
    generated = generating_class(cls)
    if generated is not None:
        generate(interpreter, instance, generated, args, kwargs, frame)
        return
    _, init = find_in_class(cls, "__init__")
    if init is not ABSENT:
        interpreter.call(init, [instance, *args], kwargs, frame)
    elif is_mapping(cls):
        interpreter.call(inherited(instance, "__init__"), args, kwargs, frame)
    elif cls.is_open:
        interpreter.recorder.opaque_base(instance, args, kwargs, frame)


def call_instance(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`instance(*args, **kwargs)`: a module's forward, or `__call__`."""
    own = find_method(instance, "__call__")
    if own is not None:
        return interpreter.call(own, [instance, *args], kwargs, frame)
    replaced = instance.attrs.get("forward", ABSENT)
    if replaced is not ABSENT:
        return interpreter.call(replaced, args, kwargs, frame)
    _, forward = find_in_class(instance.cls, "forward")
    recorder = interpreter.recorder
    if forward is not ABSENT and is_module(instance):
        if recorder.running_forward or type(instance.cls) is not ClassV:
            return interpreter.call(forward, [instance, *args], kwargs, frame)
        known = recorder.tried.get(id(instance), ABSENT)
        if known is ABSENT:
            known = recorder.tried[id(instance)] = interpreter.call(forward, [instance, *args], kwargs, frame)
        return known
    return recorder.unknown_call(f"call of {instance!r}", [instance, *args], kwargs, frame)
