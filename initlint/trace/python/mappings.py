"""Objects of classes that derive from `dict`: what they hold under keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ABSENT, BuiltinV, ClassV, DictV, ExternalV, InstanceV, ListV, Raised, Value
from initlint.trace.python.classes import field_names, find_in_class, find_method, mro_of
from initlint.trace.python.containers import contains, get_item, key_value, put_item
from initlint.trace.python.methods import method

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

MAPPINGS: Final = frozenset({"dict", "builtins.dict", "collections.OrderedDict", "collections.UserDict"})


def is_mapping(cls: Value) -> bool:
    """Whether a class of the program derives from `dict`."""
    if type(cls) is not ClassV:
        return False
    known = cls.traits.get("mapping")
    if known is None:
        known = any(isinstance(base, ExternalV) and base.name in MAPPINGS for base in cls.mro)
        cls.traits["mapping"] = known
    return bool(known)


def has_fields(cls: Value) -> bool:
    """Whether a mapping is a dataclass too: its entries are then its fields that are not None."""
    return any(isinstance(owner, ClassV) and owner.traits.get("dataclass") for owner in mro_of(cls))


def mapping_of(instance: InstanceV) -> DictV | None:
    """What a mapping holds; None for other objects."""
    if not is_mapping(instance.cls):
        return None
    if isinstance(instance.cls, ClassV) and has_fields(instance.cls):
        fields = {name: instance.attrs.get(name) for name in field_names(instance.cls)}
        return DictV({name: value for name, value in fields.items() if value is not None})
    found: DictV | None = instance.state.get("mapping")
    return found


def item(interpreter: Interpreter, instance: InstanceV, index: Value) -> Value:
    """`dict.__getitem__`; a dataclass counts its fields too. ABSENT for what is no mapping."""
    held = mapping_of(instance)
    if held is None:
        return ABSENT
    missing = find_method(instance, "__missing__")
    if missing is not None and contains(interpreter, held, index) is False:
        return interpreter.call(missing, [instance, index], {}, interpreter.frame)
    if isinstance(index, int | slice) and has_fields(instance.cls):
        return get_item(interpreter, tuple(held.entries.values()), index)
    return get_item(interpreter, held, index)


def put(interpreter: Interpreter, instance: InstanceV, index: Value, new: Value) -> bool:
    """`dict.__setitem__`; False for what is no mapping."""
    held = mapping_of(instance)
    if held is None:
        return False
    if not has_fields(instance.cls):
        put_item(interpreter, held, index, new)
    elif isinstance(index, str):
        interpreter.heap.put(instance.attrs, index, new)
    return True


def inherited(instance: InstanceV, name: str) -> Value:
    """A method that a mapping has from `dict`; ABSENT where there is none."""
    held = mapping_of(instance)
    if held is None:
        return _derived(instance, name)
    if name == "data" and _keeps_data(instance.cls):
        return held
    if name in _OWN:
        return BuiltinV(name, lambda machine, args, kwargs: _OWN[name](machine, instance, args, kwargs))
    return method(held, name)


def _init(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    held = mapping_of(instance)
    if held is None or has_fields(instance.cls):
        return None
    if _keeps_data(instance.cls) and find_in_class(instance.cls, "__setitem__")[1] is not ABSENT:
        return _fill(interpreter, instance, held, args, kwargs)
    return interpreter.call(method(held, "update"), args, kwargs, interpreter.frame)


def _keeps_data(cls: Value) -> bool:
    """Whether a class derives from `UserDict`, which holds a dict instead of being one."""
    return any(isinstance(base, ExternalV) and base.name == "collections.UserDict" for base in mro_of(cls))


def _fill(interpreter: Interpreter, instance: InstanceV, held: DictV, args: Args, kwargs: Kwargs) -> Value:
    """`UserDict.__init__` on an object whose class sets its items itself."""
    given = DictV({})
    interpreter.call(method(given, "update"), args, kwargs, interpreter.frame)
    for key, value in given.entries.items():
        setter = interpreter.attribute(instance, "__setitem__", interpreter.frame)
        interpreter.call(setter, [key_value(key), value], {}, interpreter.frame)
    if given.is_open:
        interpreter.heap.put(held.box, "open", True)
    return None


def _get(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    return item(interpreter, instance, args[0])


def _set(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    put(interpreter, instance, args[0], args[1])
    return None


def _derived(instance: InstanceV, name: str) -> Value:
    """A method that a mapping of its own kind has from `collections.abc`; ABSENT where there is none."""
    if name not in _DERIVED or not is_abstract_mapping(instance.cls):
        return ABSENT
    return BuiltinV(name, lambda machine, args, kwargs: _DERIVED[name](machine, instance, args, kwargs))


def is_abstract_mapping(cls: Value) -> bool:
    """Whether a class gets the methods of a mapping from its own `__getitem__` and `__iter__`."""
    return any(isinstance(base, ExternalV) and base.name in _ABSTRACT for base in mro_of(cls))


def holds(interpreter: Interpreter, instance: InstanceV, key: Value) -> bool:
    """`key in instance` for a mapping of its own kind."""
    missing = _look_up(interpreter, instance, [key, ABSENT], {})
    return missing is not ABSENT


def _look_up(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.items import instance_item

    try:
        return instance_item(interpreter, instance, args[0], interpreter.frame)
    except Raised as raised:
        if raised.kind != "KeyError":
            raise
        return args[1] if len(args) > 1 else kwargs.get("default")


def _keys(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.items import iterate_instance

    found = iterate_instance(interpreter, instance, interpreter.frame)
    return ListV(found.values, not found.complete)


_ABSTRACT: Final = frozenset(
    {"collections.abc.Mapping", "collections.abc.MutableMapping", "typing.Mapping", "typing.MutableMapping"}
)
_DERIVED: Final = {"get": _look_up, "keys": _keys}
_OWN: Final = {"__init__": _init, "__getitem__": _get, "__setitem__": _set}
