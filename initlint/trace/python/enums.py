"""Enumerations: their members, and the text or number that a member may be besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    ABSENT,
    ClassV,
    DescriptorV,
    ExternalV,
    FunctionV,
    InstanceV,
    Store,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.classes import find_in_class, kind_of
from initlint.trace.python.iteration import is_plain

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter

AUTO: Final = UnknownV("enum.auto()")
_WRITTEN_AS_VALUE: Final = frozenset({"enum.IntEnum", "enum.StrEnum", "enum.IntFlag"})
_PLAIN: Final = _WRITTEN_AS_VALUE | {"str", "int", "float"}
"""Bases whose members are equal to their values."""
_FLAGS: Final = frozenset({"enum.Flag", "enum.IntFlag"})


def enum_members(cls: ClassV) -> Store:
    """The public names an enum class binds to plain values."""
    return Store(
        {
            name: value
            for name, value in cls.attrs.items()
            if not name.startswith("_") and not isinstance(value, FunctionV | DescriptorV | ClassV)
        }
    )


def members(cls: ClassV) -> list[InstanceV]:
    """The members in order, each once."""
    found = (enum_member(cls, name, value) for name, value in enum_members(cls).items())
    return list({id(member): member for member in found}.values())


def enum_value(interpreter: Interpreter, cls: ClassV, args: Args, frame: Frame) -> Value:
    """`Enum(value)`: the member of that value."""
    if args and isinstance(args[0], InstanceV) and args[0].cls is cls:
        return args[0]
    wanted = plain(args[0]) if args else ABSENT
    if not is_plain(wanted):
        return UnknownV("enum member")
    for member in members(cls):
        if is_plain(member.attrs["value"]) and member.attrs["value"] == wanted:
            return member
    _, missing = find_in_class(cls, "_missing_")
    if isinstance(missing, DescriptorV):
        return interpreter.call(missing.function, [cls, wanted], {}, frame)
    return UnknownV("enum member")


def enum_member(cls: ClassV, name: str, value: Value) -> InstanceV:
    """The one object that stands for a member of an enum."""
    if isinstance(value, InstanceV) and value.cls is cls:
        return value
    known: dict[str, InstanceV] = cls.traits.setdefault("members", {})
    found = known.get(name)
    if found is None:
        alias = next((each for each in known.values() if each.attrs["value"] is value), None)
        if alias is not None and not isinstance(value, UnknownV):
            return alias
        found = known[name] = InstanceV(cls)
        found.attrs["name"] = found.attrs["_name_"] = name
        found.attrs["value"] = found.attrs["_value_"] = value
    return found


def plain(value: Value) -> Value:
    """The text or number that a member of an enumeration of such is to operators, keys and tests; any other value is
    itself."""
    if type(value) is InstanceV and type(value.cls) is ClassV and _derives(value.cls, _PLAIN):
        held = value.attrs.get("value", ABSENT)
        return held if kind_of(value.cls) == "enum" and is_constant(held) else value
    return value


def written(value: Value) -> Value:
    """What a value is when it is made a text: members of some enumerations are written as their values."""
    if type(value) is InstanceV and type(value.cls) is ClassV and _derives(value.cls, _WRITTEN_AS_VALUE):
        return plain(value)
    return value


def _derives(cls: ClassV, names: frozenset[str]) -> bool:
    return any(isinstance(base, ExternalV) and base.name in names for base in cls.mro)


def complete(interpreter: Interpreter, cls: ClassV, frame: Frame) -> None:
    """What Python does with an enumeration once its body has run: it gives values to `auto()`, and makes the members
    by the class's own `__new__` or `__init__`."""
    taken: list[Value] = []
    for name, value in list(enum_members(cls).items()):
        if value is AUTO:
            cls.attrs[name] = _next_value(interpreter, cls, name, taken, frame)
        taken.append(cls.attrs[name])
    _, maker = find_in_class(cls, "__new__")
    _, starter = find_in_class(cls, "__init__")
    if isinstance(maker, FunctionV | DescriptorV):
        for member in members(cls):
            member.attrs["value"] = member.attrs["_value_"] = UnknownV("value of a member that a `__new__` makes")
    elif isinstance(starter, FunctionV):
        for member in members(cls):
            value = member.attrs["value"]
            interpreter.call(starter, [member, *(value if isinstance(value, tuple) else (value,))], {}, frame)


def _next_value(interpreter: Interpreter, cls: ClassV, name: str, taken: list[Value], frame: Frame) -> Value:
    _, own = find_in_class(cls, "_generate_next_value_")
    if isinstance(own, DescriptorV):
        own = own.function
    if isinstance(own, FunctionV):
        return interpreter.call(own, [name, 1, len(taken), tuple(taken)], {}, frame)
    if _derives(cls, frozenset({"enum.StrEnum"})):
        return name.lower()
    numbers = [value for value in taken if isinstance(value, int)]
    if len(numbers) < len(taken):
        return UnknownV("value of enum.auto()")
    if _derives(cls, _FLAGS):
        return 1 << max(numbers, default=0).bit_length()
    return max(numbers, default=0) + 1
