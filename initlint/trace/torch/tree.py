"""The tree of modules: what is a module, and what stands below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeGuard

from initlint.trace.machine.values import (
    AltV,
    ClassV,
    FunctionV,
    InstanceV,
    ParamV,
    SymbolV,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.program.external import is_module_class
from initlint.trace.python.classes import find_in_class, mro_of
from initlint.trace.vocabulary.spec import ModuleSpec

SEQUENCES: Final = frozenset({"Sequential", "ModuleList", "ParameterList"})
MAPPINGS: Final = frozenset({"ModuleDict", "ParameterDict"})
VOCABULARY_FILE: Final = "<vocabulary>"
"""Stands for the file of code that comes from the vocabulary rather than from the project."""


def torch_class(cls: Value) -> TorchClassV | None:
    """The most derived class of torch's vocabulary among an object's classes."""
    if isinstance(cls, ClassV):
        if "torch" not in cls.traits:
            cls.traits["torch"] = next((each for each in mro_of(cls) if isinstance(each, TorchClassV)), None)
        found: TorchClassV | None = cls.traits["torch"]
        return found
    return cls if isinstance(cls, TorchClassV) else None


def is_class_of_modules(value: Value) -> TypeGuard[ClassV]:
    """Whether something is a class of modules: by its bases, or, where one is not known, by its `forward`."""
    return isinstance(value, ClassV) and (torch_class(value) is not None or _looks_like_module(value))


def _looks_like_module(cls: ClassV) -> bool:
    """Whether a class with a base that is not known has a constructor and a `forward` of the program's."""
    return cls.is_open and all(isinstance(find_in_class(cls, name)[1], FunctionV) for name in ("__init__", "forward"))


def is_module(value: Value) -> bool:
    """Whether an object is a module, or may be one by a base class that is not known."""
    if type(value) is not InstanceV:
        return False
    cls = value.cls
    if type(cls) is ClassV:
        known = cls.traits.get("is_module")
        if known is None:
            known = cls.is_open or any(is_module_class(each) for each in mro_of(cls))
            cls.traits["is_module"] = known
        return bool(known)
    return type(cls) is TorchClassV


def container_kind(instance: InstanceV) -> str | None:
    """"Sequential", "ModuleList", "ModuleDict" ... for containers and what derives from them."""
    cls = torch_class(instance.cls)
    if cls is None or not isinstance(cls.spec, ModuleSpec):
        return None
    name = cls.spec.name
    return name if name in SEQUENCES or name in MAPPINGS else None


def members(instance: InstanceV) -> Iterator[tuple[str, Value]]:
    """(name, option) for every alternative of every attribute."""
    for name, value in instance.attrs.items():
        if type(value) is AltV:
            for option in value.options:
                yield name, option
        else:
            yield name, value


def children(instance: InstanceV) -> Iterator[tuple[str, InstanceV]]:
    """The sub-modules of a module, in order of registration."""
    for name, value in list(instance.attrs.items()):
        kind = type(value)
        if kind is InstanceV:
            if is_module(value):
                yield name, value
        elif kind is AltV:
            for option in value.options:
                if type(option) is InstanceV and is_module(option):
                    yield name, option


def hides_modules(module: InstanceV) -> bool:
    """Whether an attribute of a module is not known, and so may be a module."""
    return any(_may_be_a_module(option) for _, option in members(module))


def _may_be_a_module(value: Value) -> bool:
    return value.is_argument if isinstance(value, SymbolV) else isinstance(value, UnknownV)


def walk(instance: InstanceV, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, InstanceV]]:
    """`named_modules()`."""
    seen = set() if seen is None else seen
    if id(instance) in seen:
        return
    seen.add(id(instance))
    yield prefix, instance
    for name, child in children(instance):
        yield from walk(child, f"{prefix}.{name}" if prefix else name, seen)


def named_parameters_below(instance: InstanceV, recurse: bool = True) -> Iterator[tuple[str, ParamV]]:
    """`named_parameters()`."""
    seen: set[int] = set()
    for prefix, module in walk(instance) if recurse else [("", instance)]:
        for name, value in members(module):
            if isinstance(value, ParamV) and id(value) not in seen:
                seen.add(id(value))
                yield f"{prefix}.{name}" if prefix else name, value


def parameters_below(instance: InstanceV) -> list[ParamV]:
    """`parameters()`: as those with names, at a third of the cost."""
    found: dict[int, ParamV] = {}
    seen: set[int] = set()
    waiting = [instance]
    while waiting:
        module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        below = []
        for value in module.attrs.values():
            for option in value.options if type(value) is AltV else (value,):
                if type(option) is InstanceV:
                    if is_module(option):
                        below.append(option)
                elif isinstance(option, ParamV):
                    found[id(option)] = option
        waiting += reversed(below)
    return list(found.values())
