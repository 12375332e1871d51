"""What classes have without writing it: the constructors of dataclasses and named tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import (
    BuiltinV,
    ClassV,
    ExternalV,
    InstanceV,
    Value,
)
from initlint.trace.python.classes import find_method
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


