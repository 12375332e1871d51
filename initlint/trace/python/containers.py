"""Lists, tuples, dicts and strings: items, membership and length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import asked_for
from initlint.trace.machine.values import (
    ABSENT,
    MAX_ITEMS,
    AltV,
    ClassV,
    DictV,
    ExternalV,
    InstanceV,
    ListV,
    ParamV,
    Raised,
    RangeV,
    TensorV,
    TurnV,
    UnknownV,
    Value,
    all_constant,
    is_constant,
    is_small,
    options_of,
)
from initlint.trace.program.external import external
from initlint.trace.python.classes import field_names, find_method, kind_of
from initlint.trace.python.enums import plain
from initlint.trace.python.equality import equal
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Method = Callable[["Interpreter", Any, "Args", "Kwargs"], Value]
UNKNOWN_ITEM: Final = UnknownV("item not known")


def dict_key(value: Value) -> Any:
    """A value as a key of a dict; ABSENT where it is not known."""
    if isinstance(value, UnknownV | AltV | ListV | DictV | slice | RangeV) or type(value) is TensorV:
        return ABSENT
    if type(value) is tuple:
        if not is_small(value):
            return ABSENT
        keys = tuple(dict_key(part) for part in value)
        return ABSENT if any(key is ABSENT for key in keys) else keys
    if isinstance(value, ExternalV):
        return ("<external>", value.name)
    if type(value) is InstanceV:
        from initlint.trace.python.library.records import is_by_value

        return ABSENT if is_by_value(value) else value
    return value


def key_in(held: DictV, value: Value) -> Any:
    """The key under which a dict keeps what `value` stands for, or would keep it; ABSENT where it is not known."""
    key = dict_key(value)
    if key is ABSENT or key in held.entries:
        return key
    own = plain(key)
    if own in held.entries:
        return own
    if is_constant(own):
        return next((each for each in held.entries if type(each) is InstanceV and plain(each) == own), key)
    return key


def entry_key(value: Value) -> tuple[Any, bool]:
    """A value as the key of a new entry, and whether a dict with it stays known. What may be one object or another is
    a key that only those find who go through the dict. ABSENT where the entry is lost."""
    key = dict_key(value)
    if key is ABSENT and type(value) is AltV and all(type(option) is InstanceV for option in value.options):
        return value, False
    return key, key is not ABSENT


def key_value(key: Any) -> Value:
    """The value that a dict's key stands for."""
    if type(key) is tuple and len(key) == 2 and key[0] == "<external>":
        return external(key[1])
    return key


def add_lists(left: ListV, right: ListV) -> ListV:
    return ListV(left.items + right.items, left.is_open or right.is_open, left.kind)


def distinct(values: Sequence[Value]) -> list[Value]:
    """The elements of a set made of some values: of those that are certainly equal, the first."""
    if all_constant(values):
        return list(dict.fromkeys(values))
    found: dict[Any, Value] = {}
    for value in values:
        key = set_key(value)
        found.setdefault(("<object>", id(value)) if key is ABSENT else key, value)
    return list(found.values())


def set_key(value: Value) -> Any:
    """What is the same of values that are equal; ABSENT where that is not known."""
    return dict_key(plain(value))


def set_of(values: Sequence[Value], is_open: bool = False) -> ListV:
    return ListV(distinct(values), is_open, "set")


def extend_list(interpreter: Interpreter, receiver: ListV, more: Sequence[Value], complete: bool = True) -> None:
    """Adds elements to a list or set; where not `complete`, more of them than there are. So it is for a list from
    outside a loop whose length is not known."""
    room = max(MAX_ITEMS - len(receiver.items), 0)
    items = [*receiver.items, *more[:room]]
    interpreter.heap.put(receiver.box, "items", distinct(items) if receiver.kind == "set" else items)
    if len(more) > room or not complete or receiver.box.serial < interpreter.loop_start:
        interpreter.heap.put(receiver.box, "open", True)


def without_absent(value: Value) -> Value:
    if type(value) is AltV and ABSENT in value.options:
        rest = tuple(option for option in value.options if option is not ABSENT)
        return rest[0] if len(rest) == 1 else AltV(rest)
    return value


def get_item(interpreter: Interpreter, value: Value, index: Value) -> Value:
    """`value[index]` for Python's own containers."""
    if isinstance(value, tuple | str | range) or type(value) is ListV:
        items = value.items if isinstance(value, ListV) else value
        is_open = isinstance(value, ListV) and value.is_open
        if isinstance(index, slice):
            return _slice(value, items, index, is_open)
        if isinstance(index, int):
            if is_open and (index < 0 or index >= len(items)):
                return interpreter.heap.join([without_absent(item) for item in items]) if items else UNKNOWN_ITEM
            try:
                return without_absent(items[index])
            except IndexError:
                raise Raised("IndexError") from None
        if isinstance(index, UnknownV | TensorV):
            if not len(items):
                return UNKNOWN_ITEM
            if isinstance(items, str | range) or len(items) > 64:
                return UNKNOWN_ITEM
            found = _from_turn(items, index.turn, is_open) if type(index) is TurnV else items
            return interpreter.heap.join([without_absent(item) for item in found])
        return UNKNOWN_ITEM
    if type(value) is DictV:
        key = key_in(value, index)
        if value.holder is not None and (key is ABSENT or key not in value.entries):
            return _entry_of(value.holder)
        if key is ABSENT:
            found = [without_absent(entry) for entry in value.entries.values()][:64]
            if value.is_open or not found:
                found.append(UNKNOWN_ITEM)
            return interpreter.heap.join(found)
        if key in value.entries:
            return without_absent(value.entries[key])
        if value.default is not ABSENT and not value.is_open:
            made = interpreter.call(value.default, [], {}, interpreter.frame)
            interpreter.heap.put(value.entries, key, made)
            return made
        if value.is_open:
            return UNKNOWN_ITEM
        if value.asked:
            return asked_for(interpreter, key)
        raise Raised("KeyError")
    if isinstance(value, UnknownV):
        return value
    if value is None or isinstance(value, int | float | bool):
        raise Raised("TypeError", "not subscriptable")
    return UNKNOWN_ITEM


def _from_turn(items: Sequence[Value], turn: int, is_open: bool) -> Sequence[Value]:
    """What a loop comes by from one of its turns on: all elements from there, of a list that such loops made those that
    were made in the same place."""
    if not 0 <= turn < len(items):
        return items
    return [item for item in items[turn:] if not is_open or _made_at(item) is _made_at(items[turn])]


def _made_at(value: Value) -> Any:
    """The syntax that made a module or parameter; None for anything else."""
    if type(value) is InstanceV:
        born = value.born
    else:
        born = (value.facts or {}).get("born") if type(value) is ParamV else None
    return born and born.node


def _entry_of(holder: InstanceV) -> TensorV:
    """One of the tensors of a module's state; which one is not known."""
    found = TensorV(None)
    found.facts = {"entry of": holder}
    return found


def _slice(value: Value, items: Any, index: slice, is_open: bool) -> Value:
    parts = (index.start, index.stop, index.step)
    if all(part is None or isinstance(part, int) for part in parts):
        if index.step == 0:
            raise Raised("ValueError")
        found = items[index]
        if type(value) is ListV:
            return ListV(list(found), is_open, value.kind)
        return found
    if isinstance(items, str):
        return UnknownV("part of a text")
    return ListV(list(items), True, "tuple" if isinstance(value, tuple) else "list")


def put_item(interpreter: Interpreter, value: Value, index: Value, new: Value) -> None:
    """`value[index] = new` for lists and dicts."""
    heap = interpreter.heap
    if type(value) is DictV:
        key, known = entry_key(index)
        if not known:
            heap.put(value.box, "open", True)
        else:
            key = key_in(value, key)
        if key is not ABSENT:
            put_entry(interpreter, value, key, new)
    elif type(value) is ListV:
        items = list(value.items)
        if isinstance(index, int) and -len(items) <= index < len(items):
            items[index] = new
        elif isinstance(index, slice) and isinstance(new, ListV | tuple):
            try:
                items[index] = new.items if isinstance(new, ListV) else list(new)
            except (ValueError, TypeError):
                heap.put(value.box, "open", True)
            if len(items) > MAX_ITEMS:
                del items[MAX_ITEMS:]
                heap.put(value.box, "open", True)
        elif not isinstance(index, int):
            items = [heap.join([item, new]) for item in items]
        heap.put(value.box, "items", items)


def put_entry(interpreter: Interpreter, held: DictV, key: Any, new: Value) -> None:
    """Writes an entry, and what the dict is another face of: to hold a module there does not make it a part."""
    interpreter.heap.put(held.entries, key, new)
    if not isinstance(key, str):
        return
    if held.owner is not None:
        interpreter.set_attribute(held.owner, key, new, interpreter.frame)
    elif held.fields is not None and not (is_module(held.fields) and isinstance(new, InstanceV | TensorV | AltV)):
        interpreter.heap.put(held.fields.attrs, key, new)


def delete_item(interpreter: Interpreter, value: Value, index: Value) -> None:
    """`del value[index]`."""
    if type(value) is DictV:
        key = key_in(value, index)
        if key is not ABSENT:
            interpreter.heap.remove(value.entries, key)
            if value.owner is not None:
                interpreter.heap.remove(value.owner.attrs, key)
    elif type(value) is ListV and isinstance(index, int | slice):
        items = list(value.items)
        try:
            del items[index]
        except (IndexError, TypeError, ValueError):
            return
        interpreter.heap.put(value.box, "items", items)
    elif isinstance(value, InstanceV):
        from initlint.trace.python.items import delete_instance_item

        delete_instance_item(interpreter, value, index)


def contains(interpreter: Interpreter, container: Value, item: Value) -> bool | None:
    """`item in container`."""
    if type(container) is DictV:
        key = key_in(container, item)
        if key is ABSENT:
            return None if container.entries or container.is_open else False
        if key in container.entries:
            entry = container.entries[key]
            return None if type(entry) is AltV and ABSENT in entry.options else True
        return None if container.is_open else False
    if isinstance(container, str):
        return item in container if isinstance(item, str) else None
    if isinstance(container, range):
        return item in container if isinstance(item, int) else None
    if isinstance(container, tuple) or type(container) is ListV:
        items = container if isinstance(container, tuple) else container.items
        if is_constant(item) and all_constant(items):
            found: bool | None = item in items
        else:
            verdicts = {equal(option, item) for each in items for option in options_of(each)}
            found = True if True in verdicts else None if None in verdicts else False
        return None if found is False and type(container) is ListV and container.is_open else found
    if type(container) is InstanceV:
        from initlint.trace.python.items import container_keys
        from initlint.trace.python.mappings import holds, is_abstract_mapping, mapping_of

        own = find_method(container, "__contains__")
        if own is not None:
            return interpreter.truth(interpreter.call(own, [container, item], {}, interpreter.frame))
        held = mapping_of(container)
        if held is not None:
            return contains(interpreter, held, item)
        if is_abstract_mapping(container.cls) and is_constant(item):
            return holds(interpreter, container, item)
        keys = container_keys(container)
        if keys is not None and isinstance(item, str):
            return True if item in keys else None if container.state.get("open") else False
    return None


def length(value: Value) -> Value:
    """`len(value)`."""
    if isinstance(value, tuple | str | bytes | range):
        return len(value)
    if type(value) is ListV:
        return UnknownV("length not known") if value.is_open or not _is_counted(value) else len(value.items)
    if type(value) is DictV:
        return UnknownV("length not known") if value.is_open else len(value.entries)
    if type(value) is InstanceV:
        from initlint.trace.python.items import container_items
        from initlint.trace.python.mappings import mapping_of

        held = mapping_of(value)
        if held is not None:
            return length(held)
        items = container_items(value)
        if items is not None:
            return length(ListV(items))
        if isinstance(value.cls, ClassV) and kind_of(value.cls) == "namedtuple":
            return len(field_names(value.cls))
    return UnknownV("length not known")


def _is_counted(value: ListV) -> bool:
    """Whether each element is surely there, and in a set no two of them can be equal."""
    if any(type(item) is AltV and ABSENT in item.options for item in value.items):
        return False
    return value.kind != "set" or len(value.items) < 2 or not any(set_key(item) is ABSENT for item in value.items)
