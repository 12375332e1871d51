"""What classes have without writing it: the constructors of dataclasses and named tuples, the members of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import (
    BuiltinV,
    ClassV,
    ExternalV,
    InstanceV,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.classes import enum_members, find_method
from initlint.trace.python.library.records import fill

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
    handed = fill(interpreter, instance, owner, args, kwargs, frame)
    post = find_method(instance, "__post_init__")
    if post is not None:
        interpreter.call(post, [instance, *handed], {}, frame)


def generated_method(receiver: InstanceV, owner: ClassV) -> BuiltinV:
    """`super().__init__` where that was generated."""
    return BuiltinV(
        "__init__", lambda machine, args, kwargs: generate(machine, receiver, owner, args, kwargs, machine.frame)
    )


def enum_value(cls: ClassV, args: Args) -> Value:
    """`Enum(value)`: the member of that value."""
    for name, value in enum_members(cls).items():
        if args and is_constant(args[0]) and value == args[0]:
            return enum_member(cls, name, value)
    return UnknownV("enum member")


def enum_member(cls: ClassV, name: str, value: Value) -> Value:
    """The one object that stands for a member of an enum."""
    if isinstance(value, InstanceV) and value.cls is cls:
        return value
    members: dict[str, InstanceV] = cls.traits.setdefault("members", {})
    found = members.get(name)
    if found is None:
        alias = next((known for known in members.values() if known.attrs["value"] is value), None)
        if alias is not None and not isinstance(value, UnknownV):
            return alias
        found = members[name] = InstanceV(cls)
        found.attrs["name"] = found.attrs["_name_"] = name
        found.attrs["value"] = found.attrs["_value_"] = value
    return found
