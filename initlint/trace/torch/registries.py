"""What modules keep under names of their own: `_modules`, `_parameters`, the lists of a recurrent layer's weights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from initlint.model.graph import Role
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    DictV,
    InstanceV,
    ListV,
    ParamV,
    PartialV,
    Value,
    options_of,
)
from initlint.trace.torch.tree import is_module, torch_class

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter

_SUFFIX: Final = re.compile(r"(?:weight|bias)_[a-z]{2}(_l\d+(?:_reverse)?)")


def kept_by_module(interpreter: Interpreter, instance: InstanceV, name: str) -> Value:
    """An attribute that nn.Module, or a recurrent layer of torch's, gives its instances; ABSENT for others."""
    found = _KEPT.get(name)
    if found is None or not is_module(instance):
        return ABSENT
    return found(interpreter, instance)


def is_kept(instance: InstanceV, name: str) -> bool:
    """Whether a module has an attribute of that name from nn.Module, or from torch's recurrent layers."""
    return is_module(instance) and name in _KEPT and (name not in _RECURRENT or _groups(instance) is not None)


def lacks_weight(instance: InstanceV, name: str) -> bool:
    """Whether a recurrent layer surely has no parameter of that name, which others of its class have."""
    settings = instance.settings
    known = all(isinstance(settings.get(switch), bool) for switch in ("bias", "bidirectional"))
    if not known or name in instance.attrs or _SUFFIX.fullmatch(name) is None:
        return False
    return _groups(instance) is not None


def _modules(interpreter: Interpreter, instance: InstanceV) -> Value:
    return _registry(instance, lambda value: isinstance(value, InstanceV) and is_module(value))


def _parameters(interpreter: Interpreter, instance: InstanceV) -> Value:
    instance.state["exposed"] = True
    return _registry(instance, lambda value: isinstance(value, ParamV))


def _registry(instance: InstanceV, belongs: Callable[[Value], bool]) -> DictV:
    """The entries of one kind, by name. What is put in becomes an attribute."""
    entries: dict[str, Value] = {}
    for name, value in instance.attrs.items():
        kept = [option for option in options_of(value) if belongs(option)]
        if kept:
            optional = len(kept) < len(options_of(value))
            options = (*kept, ABSENT) if optional else tuple(kept)
            entries[name] = options[0] if len(options) == 1 else AltV(options)
    is_open = isinstance(instance.cls, ClassV) and instance.cls.is_open
    made = DictV(entries, is_open or bool(instance.state.get("opaque")))
    made.owner = instance
    return made


def _getter(interpreter: Interpreter, instance: InstanceV) -> Value:
    from initlint.trace.python.builtins import BUILTINS

    return PartialV(BUILTINS["getattr"], (instance,), {})


def _all_weights(interpreter: Interpreter, instance: InstanceV) -> Value:
    groups = _groups(instance)
    return ABSENT if groups is None else ListV([ListV([instance.attrs[name] for name in names]) for names in groups])


def _all_names(interpreter: Interpreter, instance: InstanceV) -> Value:
    groups = _groups(instance)
    return ABSENT if groups is None else ListV([ListV(list(names)) for names in groups])


def _groups(instance: InstanceV) -> list[list[str]] | None:
    """The names of a recurrent layer's parameters, a list for each layer and direction; None for other modules, and
    where it is not known how many there are."""
    cls = torch_class(instance.cls)
    if cls is None or cls.spec.role is not Role.RECURRENT or not isinstance(instance.settings.get("num_layers"), int):
        return None
    groups: dict[str, list[str]] = {}
    for name, value in instance.attrs.items():
        found = _SUFFIX.fullmatch(name)
        if found is not None and isinstance(value, ParamV):
            groups.setdefault(found[1], []).append(name)
    return list(groups.values())


def _flat_names(interpreter: Interpreter, instance: InstanceV) -> Value:
    groups = _groups(instance)
    return ABSENT if groups is None else ListV([name for names in groups for name in names])


def _flat_weights(interpreter: Interpreter, instance: InstanceV) -> Value:
    groups = _groups(instance)
    return ABSENT if groups is None else ListV([instance.attrs[name] for names in groups for name in names])


_RECURRENT: Final = frozenset({"all_weights", "_all_weights", "_flat_weights_names", "_flat_weights"})
_KEPT: Final[dict[str, Callable[[Interpreter, InstanceV], Value]]] = {
    "_modules": _modules, "_parameters": _parameters, "__getattr__": _getter,
    "all_weights": _all_weights, "_all_weights": _all_names,
    "_flat_weights_names": _flat_names, "_flat_weights": _flat_weights,
}
