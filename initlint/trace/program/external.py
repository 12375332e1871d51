"""What lies outside the project: torch, Python's library and known packages, by dotted name."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    ABSENT,
    ClassV,
    ExternalV,
    FunctionV,
    PartialV,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.functions import FUNCTIONS
from initlint.trace.vocabulary.initializers import INITIALIZERS
from initlint.trace.vocabulary.modules import MODULES
from initlint.trace.vocabulary.spec import (
    PREFIXES,
    HelperSpec,
    ModuleSpec,
)

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

PURE_MODULES: Final = frozenset({"math", "operator", "string", "keyword"})
"""Modules of the standard library whose constants and functions on plain values are simply used."""


@cache
def external(name: str) -> Value:
    """The value of a dotted name outside the project."""
    from initlint.trace.python.library import LIBRARY

    if name in LIBRARY:
        return LIBRARY[name]
    module, _, member = name.rpartition(".")
    if module in PURE_MODULES:
        found = getattr(importlib.import_module(module), member, ABSENT)
        if isinstance(found, int | float | str):
            return found
    spec = lookup(name)
    if isinstance(spec, ModuleSpec):
        return TorchClassV(canonical(name, spec), spec)
    if isinstance(spec, HelperSpec) and spec.kind == "value":
        return spec.value
    return ExternalV(name, spec)


def canonical(name: str, spec: ModuleSpec) -> str:
    """`torch.nn.modules.linear.Linear` is `torch.nn.Linear`."""
    return f"torch.nn.{spec.name}" if name.startswith("torch.nn.") else name


def external_attribute(value: ExternalV, name: str) -> Value:
    """`value.name`."""
    if isinstance(value, TorchClassV):
        from initlint.trace.python.classes import find_in_class

        _, found = find_in_class(value, name)
        if found is not ABSENT:
            return found
        if name in ("__name__", "__qualname__"):
            return value.spec.name
        spec = lookup(f"{value.name}.{name}")
        return UnknownV(f"{value.name} has no known {name}") if spec is None else external(f"{value.name}.{name}")
    if name == "__name__":
        return value.name.rpartition(".")[2]
    return external(f"{value.name}.{name}")


def external_has(value: ExternalV, name: str) -> bool | None:
    """`hasattr(value, name)`: what the vocabulary lists is there."""
    found = external_attribute(value, name)
    if isinstance(found, UnknownV) or (isinstance(found, ExternalV) and found.spec is None):
        return None
    return True


@cache
def is_known_package(top: str) -> bool:
    """Packages that are read from tables, never from source."""
    return top in ("torch", "numpy") or top in sys.stdlib_module_names


def star_names(module: str) -> list[str] | None:
    """What `from module import *` binds, for the modules the vocabulary covers whole."""
    if module in ("torch.nn", "torch.nn.modules"):
        return [*MODULES, "Parameter", "functional", "init", "utils"]
    if module == "torch.nn.init":
        return list(INITIALIZERS)
    if module in PURE_MODULES:
        return [name for name in dir(importlib.import_module(module)) if not name.startswith("_")]
    return None


@cache
def public_names(module: str) -> tuple[str, ...]:
    """Names that a module of torch surely has; it may have more."""
    known = star_names(module) or []
    surfaces = {surface for surface, prefix in PREFIXES.items() if prefix == module}
    return tuple(sorted({*known, *(name for name, spec in FUNCTIONS.items() if spec.surfaces & surfaces)}))


def is_module_class(value: Value) -> bool:
    """Whether this is a class of modules outside the project."""
    return isinstance(value, TorchClassV) or (
        isinstance(value, ExternalV) and value.name in MODULE_BASES
    )


LIGHTNING: Final = frozenset(
    {
        "pytorch_lightning.LightningModule",
        "pytorch_lightning.core.LightningModule",
        "pytorch_lightning.core.lightning.LightningModule",
        "lightning.LightningModule",
        "lightning.pytorch.LightningModule",
    }
)
"""The class of modules that a trainer calls hooks of."""
MODULE_BASES: Final = LIGHTNING | {"torch.jit.ScriptModule", "huggingface_hub.PyTorchModelHubMixin"}
"""Classes of modules whose constructors add no layers and initialise nothing."""
PLAIN_BASES: Final = frozenset(
    {"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple", "typing.TypedDict", "enum.Enum",
     "enum.IntEnum", "enum.StrEnum", "enum.Flag", "builtins.object", "collections.OrderedDict", "collections.UserDict",
     "dict", "list", "tuple", "set", "str", "int", "float", "type", "Exception", "torch.autograd.Function",
     "torch.utils.data.Dataset", "types.SimpleNamespace", "unittest.TestCase", "unittest.IsolatedAsyncioTestCase"}
)


def is_plain_base(value: ExternalV) -> bool:
    """A base class outside the project of which all that matters is known."""
    return (
        isinstance(value, TorchClassV)
        or value.name in MODULE_BASES
        or value.name in PLAIN_BASES
        or value.name.startswith(("typing.", "abc.", "enum.", "collections.abc."))
    )


def external_subclass(cls: ExternalV, base: Value) -> bool | None:
    """Whether a class outside the project derives from another."""
    if not isinstance(cls, TorchClassV):
        return None
    return _torch_subclass(cls, base) if isinstance(base, ExternalV) else False


@cache
def _torch_subclass(cls: TorchClassV, base: ExternalV) -> bool | None:
    name = base.name
    seen = cls.spec
    while seen is not None:
        if name in (f"torch.nn.{seen.name}", f"torch.nn.modules.{seen.name}"):
            return True
        if not seen.base:
            break
        parent = lookup(f"torch.nn.{seen.base}")
        seen = parent if isinstance(parent, ModuleSpec) else None
    if isinstance(base, TorchClassV) or name.startswith("torch."):
        family = _FAMILIES.get(name.rpartition(".")[2])
        return cls.spec.family == family if family and name.rpartition(".")[2].startswith("_") else False
    return None


_FAMILIES: Final = {"_BatchNorm": "batch_norm", "_InstanceNorm": "instance_norm", "_ConvNd": "conv"}


def activation_module(
    interpreter: Interpreter, spec: HelperSpec, name: Value, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`ACT2FN[name]`, `create_act_layer(name)`: an instance of the module that the name stands for."""
    table = spec.value
    dotted = table.get(name) if isinstance(name, str) and hasattr(table, "get") else None
    if dotted is not None:
        return interpreter.call(external(dotted), [], {}, frame)
    if isinstance(name, ClassV | ExternalV | FunctionV | PartialV):
        return interpreter.call(name, [], {}, frame)
    return UnknownV(f"activation {name!r} is not known")
