"""What classes have without writing it: the constructors of dataclasses and named tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.code import REQUIRED, UNPACKED, may_be_absent, present
from initlint.trace.machine.values import (
    ABSENT,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    InstanceV,
    UnknownV,
    Value,
)
from initlint.trace.python.classes import field_names, find_in_class, find_method

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


def generating_class(cls: ClassV) -> ClassV | None:
    """The class whose decorator, or base, wrote the `__init__` that instances of `cls` get."""
    for owner in cls.mro:
        if isinstance(owner, ClassV):
            if "__init__" in owner.attrs:
                return None
            if owner.traits.get("dataclass") or any(
                isinstance(base, ExternalV) and base.name == "typing.NamedTuple" for base in owner.bases
            ):
                return owner
    return None


def has_generated_init(owner: Value) -> bool:
    """Whether a class itself was given an `__init__` by the decorator it stands under."""
    return isinstance(owner, ClassV) and "__init__" not in owner.attrs and bool(owner.traits.get("dataclass"))


def generate(
    interpreter: Interpreter, instance: InstanceV, owner: ClassV, args: Args, kwargs: Kwargs, frame: Frame
) -> None:
    """The `__init__` that `owner` was given, run on an object."""
    _fill_fields(interpreter, instance, owner, args, kwargs, frame)
    post = find_method(instance, "__post_init__")
    if post is not None:
        interpreter.call(post, [instance], {}, frame)


def generated_method(receiver: InstanceV, owner: ClassV) -> BuiltinV:
    """`super().__init__` where that was generated."""
    return BuiltinV(
        "__init__", lambda machine, args, kwargs: generate(machine, receiver, owner, args, kwargs, machine.frame)
    )


def _fill_fields(
    interpreter: Interpreter, instance: InstanceV, cls: ClassV, args: Args, kwargs: Kwargs, frame: Frame
) -> None:
    """The `__init__` that a dataclass or named tuple generates."""
    names = field_names(cls)
    for name, value in zip(names, args, strict=False):
        instance.attrs[name] = value
    for name, value in kwargs.items():
        if name not in (UNPACKED, REQUIRED) and (name in names or not may_be_absent(value)):
            instance.attrs[name] = value
    for name in names:
        given = instance.attrs.get(name, ABSENT)
        if given is not ABSENT and not may_be_absent(given):
            continue
        default = _field_default(interpreter, cls, name, frame)
        if UNPACKED in kwargs:
            default = interpreter.heap.join([default, UnknownV(f"field {name} may have been given")])
        if given is not ABSENT:
            default = interpreter.heap.join([present(interpreter, given), default])
        instance.attrs[name] = default


def _field_default(interpreter: Interpreter, cls: ClassV, name: str, frame: Frame) -> Value:
    """What a field of a dataclass holds where nothing is passed for it."""
    _, default = find_in_class(cls, name)
    if default is ABSENT:
        return UnknownV(f"field {name} has no known value")
    if not isinstance(default, DictV) or "<field>" not in default.entries:
        return default
    factory = default.entries.get("default_factory", ABSENT)
    if factory is not ABSENT:
        return interpreter.call(factory, [], {}, frame)
    return default.entries.get("default", UnknownV(f"field {name}"))
