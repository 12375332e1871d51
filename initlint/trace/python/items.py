"""What objects hold: the items of containers of modules, of mappings and of named tuples, and iteration over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    ABSENT,
    ClassV,
    DescriptorV,
    InstanceV,
    ListV,
    Raised,
    UnknownV,
    Value,
    options_of,
)
from initlint.trace.program.external import activation_module
from initlint.trace.python.classes import field_names, find_in_class, find_method, kind_of, meta_method
from initlint.trace.python.containers import delete_item, get_item
from initlint.trace.python.enums import members
from initlint.trace.python.iteration import TEMPLATE_COUNT, Elements, elements, is_plain
from initlint.trace.python.mappings import has_fields, is_mapping, item, mapping_of, put
from initlint.trace.torch.modules import add_item, nameless, rebuild, shown_key
from initlint.trace.torch.tree import MAPPINGS, container_kind
from initlint.trace.vocabulary.spec import HelperSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.python.iteration import Elements


MOST_ASKED: Final = 64
"""So often an iterator of the program that gives plain values is asked for the next."""


def container_keys(instance: InstanceV) -> list[str] | None:
    """The keys of a ModuleList, Sequential, ModuleDict ... in order; None for other objects."""
    if container_kind(instance) is None:
        return None
    return [name for name in instance.attrs if name in instance.state.get("items", ())]


def container_items(instance: InstanceV) -> list[Value] | None:
    """What a ModuleList or Sequential holds (a ModuleDict: its keys); None for other objects."""
    kind = container_kind(instance)
    if kind is None:
        return None
    keys = container_keys(instance) or []
    if kind in MAPPINGS:
        return list(map(shown_key, keys))
    return [instance.attrs[key] for key in keys]


def iterate_instance(interpreter: Interpreter, instance: InstanceV, frame: Frame) -> Elements:
    """`iter(instance)`."""
    own = find_method(instance, "__iter__")
    if own is not None:
        given = interpreter.call(own, [instance], {}, frame)
        is_iterator = instance in options_of(given)
        return _steps(interpreter, instance, frame) if is_iterator else elements(interpreter, given, frame)
    held = mapping_of(instance)
    if held is not None:
        return elements(interpreter, held, frame)
    items = container_items(instance)
    if items is not None:
        return Elements(items, not instance.state.get("open", False))
    if isinstance(instance.cls, ClassV) and kind_of(instance.cls) == "namedtuple":
        return Elements([instance.attrs[name] for name in field_names(instance.cls) if name in instance.attrs])
    return Elements([UnknownV("element of an object")] * 2, False)


def iterate_class(interpreter: Interpreter, cls: ClassV, frame: Frame) -> Elements:
    """`iter(cls)`: the members of an enumeration, or what its metaclass gives."""
    own = meta_method(cls, "__iter__")
    if own is not None:
        return elements(interpreter, interpreter.call(own, [cls], {}, frame), frame)
    if kind_of(cls) == "enum":
        return Elements(list(members(cls)))
    return Elements([UnknownV("element of a class")] * TEMPLATE_COUNT, False)


def _steps(interpreter: Interpreter, instance: InstanceV, frame: Frame) -> Elements:
    """What an object gives that is an iterator itself."""
    step = find_method(instance, "__next__")
    if step is None:
        return Elements([UnknownV("element of an object")] * TEMPLATE_COUNT, False)
    found: list[Value] = []
    try:
        while len(found) < TEMPLATE_COUNT or (len(found) < MOST_ASKED and is_plain(found[-1])):
            found.append(interpreter.call(step, [instance], {}, frame))
    except Raised as raised:
        if raised.kind != "StopIteration":
            raise
        return Elements(found)
    return Elements(found[:TEMPLATE_COUNT], False)


def instance_item(interpreter: Interpreter, instance: InstanceV, index: Value, frame: Frame) -> Value:
    """`instance[index]`."""
    if is_mapping(instance.cls) and has_fields(instance.cls):
        return item(interpreter, instance, index)
    own = find_method(instance, "__getitem__")
    if own is not None:
        return interpreter.call(own, [instance, index], {}, frame)
    held = item(interpreter, instance, index)
    if held is not ABSENT:
        return held
    keys = container_keys(instance)
    if keys is not None:
        if isinstance(index, str):
            if index in instance.attrs:
                return instance.attrs[index]
            if not instance.state.get("open"):
                raise Raised("KeyError")
        values = [instance.attrs[key] for key in keys]
        if isinstance(index, slice):
            found = get_item(interpreter, ListV(values), index)
            return rebuild(interpreter, instance, found.items, frame)
        is_open = bool(instance.state.get("open", False))
        if container_kind(instance) in MAPPINGS:
            return interpreter.heap.join(values) if values else UnknownV("item not known")
        return get_item(interpreter, ListV(values, is_open), index)
    cls = instance.cls
    if isinstance(cls, ClassV) and kind_of(cls) == "namedtuple" and isinstance(index, int):
        names = field_names(cls)
        if -len(names) <= index < len(names):
            return instance.attrs.get(names[index], UnknownV("field"))
    return UnknownV("item of an object")


def set_instance_item(interpreter: Interpreter, instance: InstanceV, index: Value, new: Value, frame: Frame) -> None:
    """`instance[index] = new`."""
    own = find_method(instance, "__setitem__")
    if own is not None:
        interpreter.call(own, [instance, index, new], {}, frame)
        return
    if put(interpreter, instance, index, new):
        return
    keys = container_keys(instance)
    if keys is None:
        return
    if isinstance(index, UnknownV) and container_kind(instance) in MAPPINGS:
        add_item(interpreter, instance, nameless(instance), new)
        interpreter.heap.put(instance.state, "open", True)
    elif isinstance(index, str):
        add_item(interpreter, instance, index, new)
    elif isinstance(index, int) and -len(keys) <= index < len(keys):
        interpreter.heap.put(instance.attrs, keys[index], new)


def delete_instance_item(interpreter: Interpreter, instance: InstanceV, index: Value) -> None:
    """`del instance[index]`."""
    own = find_method(instance, "__delitem__")
    if own is not None:
        interpreter.call(own, [instance, index], {}, interpreter.frame)
        return
    held = mapping_of(instance)
    if held is not None:
        delete_item(interpreter, held, index)
        return
    keys = container_keys(instance)
    if keys is None:
        return
    if isinstance(index, str):
        interpreter.heap.remove(instance.attrs, index)
    elif isinstance(index, int | slice):
        doomed = keys[index] if isinstance(index, slice) else keys[index : index + 1 or None]
        for key in doomed:
            interpreter.heap.remove(instance.attrs, key)


def class_item(interpreter: Interpreter, value: Value, index: Value, frame: Frame) -> Value:
    """`Class[item]`: an enum member, a table, or a type expression."""
    if isinstance(value, ClassV):
        if isinstance(index, str) and index in value.attrs and kind_of(value) == "enum":
            return interpreter.attribute(value, index, frame)
        own = meta_method(value, "__getitem__")
        if own is not None:
            return interpreter.call(own, [value, index], {}, frame)
        owner, told = find_in_class(value, "__class_getitem__")
        if isinstance(told, DescriptorV):
            told = told.function
        return interpreter.call(told, [value, index], {}, frame) if isinstance(owner, ClassV) else value
    spec = value.spec
    if isinstance(spec, HelperSpec) and spec.kind == "activations":
        return interpreter.each(index, lambda name: activation_module(interpreter, spec, name, [], {}, frame))
    if value.name.startswith(("typing.", "collections.", "collections.abc.")):
        return value
    if value.name == "sys.modules" and isinstance(index, str):
        return interpreter.project.module_called(index, frame)
    return UnknownV(f"item of {value.name}")
