"""`isinstance`: which of Python's types and of its abstract classes a value is of."""

from __future__ import annotations

import builtins
import collections.abc
import enum
import functools
import numbers
import types
import typing
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ParamV,
    PartialV,
    RangeV,
    SymbolV,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.classes import find_in_class, is_subclass, kind_of
from initlint.trace.python.enums import plain
from initlint.trace.python.mappings import MAPPINGS, is_mapping

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,), "float": (float,), "str": (str,), "bool": (bool,), "bytes": (bytes,), "complex": (complex,),
}


PYTHON_TYPES: Final = frozenset({*_TYPES, "list", "tuple", "set", "frozenset", "dict", "type"})
"""Types of Python that values are told apart by."""


def instance_of(interpreter: Interpreter, value: Value, cls: Value) -> bool | None:
    """`isinstance(value, cls)`, None where it is not known."""
    if type(value) is InstanceV and type(cls) in (ClassV, TorchClassV):
        return is_subclass(value.cls, cls)
    if isinstance(cls, tuple | ListV):
        parts = cls if isinstance(cls, tuple) else cls.items
        verdicts = [instance_of(interpreter, value, part) for part in parts]
        return True if True in verdicts else None if None in verdicts else False
    if type(cls) is AltV:
        verdicts = [instance_of(interpreter, value, option) for option in cls.options]
        return verdicts[0] if len(set(verdicts)) == 1 else None
    if isinstance(value, UnknownV):
        if isinstance(value, SymbolV) and value.is_argument:
            return None
        if isinstance(value, SymbolV) and isinstance(cls, BuiltinV):
            return cls.name == "int" if cls.name in ("int", "list", "tuple", "str", "dict") else None
        if isinstance(value, SymbolV) and isinstance(cls, ClassV | ExternalV):
            return False
        return None
    if isinstance(cls, UnknownV):
        return None
    if isinstance(cls, BuiltinV):
        return _builtin_instance(value, cls.name)
    if isinstance(cls, ExternalV):
        abstract = _abstract(cls.name)
        if abstract is not None and not (isinstance(value, InstanceV) and is_subclass(value.cls, cls)):
            return _abstract_instance(value, abstract)
    if isinstance(value, InstanceV):
        if isinstance(cls, ExternalV) and cls.name in ("torch.Tensor", "torch.nn.Parameter", "torch.FloatTensor"):
            return False
        return is_subclass(value.cls, cls)
    if isinstance(value, ParamV):
        if isinstance(cls, ExternalV):
            return cls.name in ("torch.Tensor", "torch.nn.Parameter", "torch.nn.parameter.Parameter")
        return False
    if isinstance(value, TensorV):
        if isinstance(cls, ExternalV):
            if cls.name == "torch.Tensor":
                return True
            return False if cls.name.startswith("torch.") else None
        return False if isinstance(cls, ClassV) and not cls.is_open else None
    if isinstance(cls, ClassV | ExternalV):
        if isinstance(cls, ExternalV) and cls.name == "numpy.ndarray":
            return type(value) is ListV and value.kind == "array"
        if isinstance(cls, ExternalV) and not cls.name.startswith(("torch.", "numpy.", "collections.", "functools.")):
            return None if not is_constant(value) else False
        if isinstance(cls, ExternalV) and cls.name == "functools.partial":
            return isinstance(value, PartialV)
        if isinstance(cls, ExternalV) and cls.name == "collections.OrderedDict" and isinstance(value, DictV):
            return None
        return False
    return None


_HOMES: Final[dict[str, Any]] = {
    "collections.abc": collections.abc, "enum": enum, "numbers": numbers, "types": types, "typing": typing,
}
"""Modules whose classes say what a value can do, or which of the interpreter's own types it is of."""

_CALLABLE: Final[Any] = collections.abc.Callable
_LISTS: Final = {"list": list, "tuple": tuple, "set": set}


def _abstract(name: str) -> type | None:
    """The class of that name that a plain value can be held against."""
    home, _, own = name.rpartition(".")
    found = getattr(_HOMES.get(home), own, None)
    found = getattr(found, "__origin__", found)
    return found if isinstance(found, type) else None


def python_type(value: Value) -> type | None:
    """The type a value has when the program runs; None where it may be one or another."""
    if is_constant(value) or isinstance(value, tuple | slice | range):
        return type(value)
    if type(value) is ListV:
        return _LISTS.get(value.kind)
    if isinstance(value, ClassV):
        return None if value.is_open else enum.EnumMeta if kind_of(value) == "enum" else type
    if isinstance(value, ExternalV):
        return type if type(value) is TorchClassV else None if value.spec is None else types.FunctionType
    if isinstance(value, BuiltinV):
        return type(getattr(builtins, value.name, len))
    for kind, found in _KINDS:
        if isinstance(value, kind):
            return found
    return None


_KINDS: Final[tuple[tuple[Any, type], ...]] = (
    (DictV, dict), (FunctionV, types.FunctionType), (BoundV, types.MethodType), (PartialV, functools.partial),
    (RangeV, range),
)


def _abstract_instance(value: Value, abstract: type) -> bool | None:
    own = python_type(value)
    if own is not None:
        return issubclass(own, abstract)
    if isinstance(value, ExternalV) and abstract is _CALLABLE:
        return True
    if not isinstance(value, InstanceV) or not isinstance(value.cls, ClassV) or value.cls.is_open:
        return None
    if abstract is collections.abc.Hashable:
        return True if find_in_class(value.cls, "__eq__")[1] is ABSENT else None
    if not hasattr(abstract, "__abstractmethods__") or (issubclass(dict, abstract) and not issubclass(list, abstract)):
        return False
    hooks = ("__call__",) if abstract is _CALLABLE else ("__getitem__", "__len__", "__iter__")
    return None if any(find_in_class(value.cls, name)[1] is not ABSENT for name in hooks) else False


def _derived_instance(value: InstanceV, name: str) -> bool | None:
    """Whether an object is of one of Python's types, which its class may derive from."""
    if not isinstance(value.cls, ClassV):
        return name == "object"
    if is_constant(plain(value)):
        return _builtin_instance(plain(value), name)
    if name == "tuple" and kind_of(value.cls) == "namedtuple":
        return True
    if name == "dict" and is_mapping(value.cls):
        return any(isinstance(base, ExternalV) and base.name != "collections.UserDict" and base.name in MAPPINGS
                   for base in value.cls.mro)
    if name == "object" or any(isinstance(base, ExternalV) and base.name == name for base in value.cls.mro):
        return True
    return None if name == "type" else False


def _builtin_instance(value: Value, name: str) -> bool | None:
    if isinstance(value, InstanceV):
        return _derived_instance(value, name)
    if name in _TYPES:
        return is_constant(value) and isinstance(value, _TYPES[name])
    if name == "list":
        return type(value) is ListV and value.kind == "list"
    if name == "tuple":
        return isinstance(value, tuple) or (type(value) is ListV and value.kind == "tuple")
    if name == "functools.partial":
        return isinstance(value, PartialV)
    if name in ("set", "frozenset"):
        return type(value) is ListV and value.kind == "set"
    if name == "dict":
        return isinstance(value, DictV)
    if name == "type":
        own = python_type(value)
        return None if own is None and isinstance(value, ExternalV | ClassV) else own in (type, enum.EnumMeta)
    if name == "object":
        return True
    if name == "range":
        return isinstance(value, range | RangeV)
    if name == "slice":
        return isinstance(value, slice)
    return None
