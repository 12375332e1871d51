"""Lists, tuples, dicts and strings: items, membership and methods."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import asked_for
from initlint.trace.machine.limits import TOO_LONG, method_fits
from initlint.trace.machine.values import (
    ABSENT,
    MAX_ITEMS,
    AltV,
    BuiltinV,
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
from initlint.trace.python.classes import find_method
from initlint.trace.python.enums import plain
from initlint.trace.python.equality import equal
from initlint.trace.python.iteration import Elements, elements
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

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
    found: list[Value] = []
    for value in values:
        if not any(value is each or equal(value, each) for each in found):
            found.append(value)
    return found


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


def _present(value: Value) -> Value:
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
                return interpreter.heap.join([_present(item) for item in items]) if items else UNKNOWN_ITEM
            try:
                return _present(items[index])
            except IndexError:
                raise Raised("IndexError") from None
        if isinstance(index, UnknownV | TensorV):
            if not len(items):
                return UNKNOWN_ITEM
            if isinstance(items, str | range) or len(items) > 64:
                return UNKNOWN_ITEM
            found = _from_turn(items, index.turn, is_open) if type(index) is TurnV else items
            return interpreter.heap.join([_present(item) for item in found])
        return UNKNOWN_ITEM
    if type(value) is DictV:
        key = key_in(value, index)
        if value.holder is not None and (key is ABSENT or key not in value.entries):
            return _entry_of(value.holder)
        if key is ABSENT:
            found = [_present(entry) for entry in value.entries.values()][:64]
            if value.is_open or not found:
                found.append(UNKNOWN_ITEM)
            return interpreter.heap.join(found)
        if key in value.entries:
            return _present(value.entries[key])
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
            _put_entry(interpreter, value, key, new)
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


def _put_entry(interpreter: Interpreter, held: DictV, key: Any, new: Value) -> None:
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
    return UnknownV("length not known")


def _is_counted(value: ListV) -> bool:
    """Whether each element is surely there, and in a set no two of them can be equal."""
    if any(type(item) is AltV and ABSENT in item.options for item in value.items):
        return False
    return value.kind != "set" or len(value.items) < 2 or not any(map(_may_equal, value.items))


def _may_equal(value: Value) -> bool:
    return isinstance(value, UnknownV) or type(value) in (AltV, tuple)


Method = Callable[["Interpreter", Any, "Args", "Kwargs"], Value]
KINDS: Final[dict[str, Callable[[ListV, str], Value]]] = {}
"""What lists of the library's own kinds have under a name; ABSENT where they are as other lists."""


def method(receiver: Value, name: str) -> Value:
    """A method of a list, dict, tuple or string as a callable; ABSENT where there is none."""
    if type(receiver) is ListV:
        own = KINDS.get(receiver.kind.partition("(")[0])
        found = ABSENT if own is None else own(receiver, name)
        if found is not ABSENT:
            return found
        table = _LIST
    elif type(receiver) is DictV:
        table = DICT_METHODS
    elif isinstance(receiver, str):
        if name in _TEXT:
            return BuiltinV(f"str.{name}", lambda interpreter, args, kwargs: _text(receiver, name, args, kwargs))
        return ABSENT
    elif isinstance(receiver, tuple):
        table = _TUPLE
    elif isinstance(receiver, int | float):
        if name in ("is_integer", "bit_length"):
            return BuiltinV(name, lambda interpreter, args, kwargs: getattr(receiver, name)())
        return ABSENT
    else:
        return ABSENT
    listed = table.get(name)
    if listed is None:
        return ABSENT
    return BuiltinV(name, lambda interpreter, args, kwargs: listed(interpreter, receiver, args, kwargs))


def type_method(kind: str, name: str) -> Value:
    """A method as the type itself has it, which is given its receiver: `str.lower`, `dict.get`."""
    if kind == "dict" and name == "fromkeys":
        return BuiltinV("dict.fromkeys", _from_keys)
    if kind not in _METHODS or (name not in _METHODS[kind] and name not in _BY_ITEM):
        return UnknownV(f"attribute {name} of a builtin")

    def call(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args:
            raise Raised("TypeError")
        receiver: Value = args[0]
        if type(receiver) is AltV:
            return interpreter.each(receiver, lambda option: call(interpreter, [option, *args[1:]], kwargs))
        found = _own_method(receiver, name)
        if found is ABSENT:
            return UnknownV(f"{kind}.{name} of something else")
        return interpreter.call(found, args[1:], kwargs, interpreter.frame)

    return BuiltinV(f"{kind}.{name}", call)


def _own_method(receiver: Value, name: str) -> Value:
    if isinstance(receiver, InstanceV):
        from initlint.trace.python.mappings import inherited

        return inherited(receiver, name)
    if name in _BY_ITEM:
        act = _BY_ITEM[name]
        return BuiltinV(name, lambda interpreter, args, kwargs: act(interpreter, receiver, *args))
    return method(receiver, name)


def _from_keys(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = elements(interpreter, args[0], interpreter.frame)
    made = DictV({}, not found.complete)
    for value in found.values:
        put_item(interpreter, made, value, args[1] if len(args) > 1 else None)
    return made


_TEXT = frozenset(
    {
        "lower", "upper", "strip", "lstrip", "rstrip", "split", "rsplit", "startswith", "endswith", "replace",
        "join", "format", "find", "rfind", "index", "count", "title", "capitalize", "isdigit", "isalpha",
        "isnumeric", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "zfill", "swapcase",
        "isupper", "islower", "ljust", "rjust", "center", "encode", "casefold", "isidentifier",
    }
)


def _text(receiver: str, name: str, args: Args, kwargs: Kwargs) -> Value:
    values = [
        tuple(arg.items) if type(arg) is ListV and not arg.is_open
        else tuple(arg.entries) if type(arg) is DictV and not arg.is_open
        else arg for arg in args
    ]

    def known(value: Value) -> bool:
        return all(map(known, value)) if isinstance(value, tuple) else is_constant(value)

    if not all(map(known, values)) or not all(map(known, kwargs.values())):
        return UnknownV("text with unknown parts")
    if not method_fits(receiver, name, values, kwargs):
        return TOO_LONG
    try:
        result = getattr(receiver, name)(*values, **kwargs)
    except (TypeError, ValueError, LookupError, AttributeError) as problem:
        raise Raised(type(problem).__name__) from None
    return ListV(result) if isinstance(result, list) else result


def _append(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    extend_list(interpreter, receiver, args[:1])


def _extend(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    found = elements(interpreter, args[0], interpreter.frame) if args else None
    if found is not None:
        extend_list(interpreter, receiver, found.values, found.complete)


def _insert(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    if len(args) < 2:
        raise Raised("TypeError")
    items = list(receiver.items)
    if isinstance(args[0], int):
        items.insert(args[0], args[1])
    else:
        items.append(args[1])
    interpreter.heap.put(receiver.box, "items", items)


def _pop(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    index = args[0] if args else -1
    if not receiver.items:
        if receiver.is_open:
            return UNKNOWN_ITEM
        raise Raised("IndexError")
    if not isinstance(index, int) or not -len(receiver.items) <= index < len(receiver.items):
        return interpreter.heap.join([_present(item) for item in receiver.items])
    items = list(receiver.items)
    found = items.pop(index)
    interpreter.heap.put(receiver.box, "items", items)
    return _present(found)


def _reverse(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    interpreter.heap.put(receiver.box, "items", receiver.items[::-1])


def _index(interpreter: Interpreter, receiver: Value, args: Args, kwargs: Kwargs) -> Value:
    items = receiver if isinstance(receiver, tuple) else receiver.items
    for position, item in enumerate(items):
        verdict = equal(item, args[0])
        if verdict:
            return position
        if verdict is None:
            return UnknownV("position not known")
    if type(receiver) is ListV and receiver.is_open:
        return UnknownV("position not known")
    raise Raised("ValueError")


def _count(interpreter: Interpreter, receiver: Value, args: Args, kwargs: Kwargs) -> Value:
    items = receiver if isinstance(receiver, tuple) else receiver.items
    verdicts = [equal(item, args[0]) for item in items]
    return UnknownV("count not known") if None in verdicts else verdicts.count(True)


def _sort(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    from initlint.trace.python.builtins import ordered

    interpreter.heap.put(receiver.box, "items", ordered(interpreter, receiver.items, kwargs))


def _clear(interpreter: Interpreter, receiver: Value, args: Args, kwargs: Kwargs) -> None:
    if type(receiver) is DictV:
        for key in list(receiver.entries):
            interpreter.heap.remove(receiver.entries, key)
    else:
        interpreter.heap.put(receiver.box, "items", [])


def _remove(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    items = list(receiver.items)
    for position, item in enumerate(items):
        if equal(item, args[0]):
            del items[position]
            break
    interpreter.heap.put(receiver.box, "items", items)


def _add(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> None:
    if contains(interpreter, receiver, args[0]) is not True:
        _append(interpreter, receiver, args, kwargs)


def _union(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    made = ListV(list(receiver.items), receiver.is_open, receiver.kind)
    for arg in args:
        _extend(interpreter, made, [arg], {})
    return made


def _kept(interpreter: Interpreter, receiver: ListV, others: Args, shared: bool) -> Value:
    """The elements of a set that all others hold, or that none of them does."""
    held = [set_of(found.values, not found.complete) for found in _each_of(interpreter, others)]
    kept: list[Value] = []
    for item in receiver.items:
        verdicts = {contains(interpreter, each, item) for each in held}
        if None in verdicts or (type(item) is AltV and ABSENT in item.options):
            return UnknownV("elements of a set not known")
        if (False not in verdicts) if shared else (True not in verdicts):
            kept.append(item)
    return ListV(kept, receiver.is_open, "set")


def _each_of(interpreter: Interpreter, values: Args) -> list[Elements]:
    return [elements(interpreter, value, interpreter.frame) for value in values]


def _either_of(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (found,) = _each_of(interpreter, args[:1])
    other = set_of(found.values, not found.complete)
    sides = [_kept(interpreter, receiver, [other], False), _kept(interpreter, other, [receiver], False)]
    if not all(type(side) is ListV for side in sides):
        return UnknownV("elements of a set not known")
    return set_of([*sides[0].items, *sides[1].items], any(side.is_open for side in sides))


def _is_within(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    held = ListV(other.values, not other.complete)
    return _for_all(receiver, [contains(interpreter, held, item) for item in receiver.items])


def _is_around(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    found = [contains(interpreter, receiver, item) for item in other.values]
    return _for_all(ListV(other.values, not other.complete), found)


def _is_apart(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    (other,) = _each_of(interpreter, args[:1])
    held = ListV(other.values, not other.complete)
    found = [contains(interpreter, held, item) for item in receiver.items]
    return _for_all(receiver, [None if each is None else not each for each in found])


def _for_all(of: ListV, verdicts: Sequence[bool | None]) -> Value:
    """Whether something holds of all elements of a list."""
    if False in verdicts:
        return False
    return UnknownV("elements of a set not known") if None in verdicts or of.is_open else True


def _copy_list(interpreter: Interpreter, receiver: ListV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(receiver.items), receiver.is_open, receiver.kind)


def _get(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    default = args[1] if len(args) > 1 else kwargs.get("default")
    key = key_in(receiver, args[0])
    if key is ABSENT:
        entries = [_present(entry) for entry in receiver.entries.values()]
        return interpreter.heap.join([*entries, default, *([UNKNOWN_ITEM] if receiver.is_open else [])])
    if key in receiver.entries:
        entry = receiver.entries[key]
        if type(entry) is AltV and ABSENT in entry.options:
            return interpreter.heap.join([_present(entry), default])
        return entry
    return interpreter.heap.join([default, UNKNOWN_ITEM]) if receiver.is_open else default


def _pop_key(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    key = key_in(receiver, args[0])
    if key is not ABSENT and key not in receiver.entries and len(args) < 2 and not receiver.is_open:
        if receiver.asked:
            return asked_for(interpreter, key)
        raise Raised("KeyError")
    found = _get(interpreter, receiver, args, kwargs)
    if key is not ABSENT:
        interpreter.heap.remove(receiver.entries, key)
    return found


def _setdefault(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    key = key_in(receiver, args[0])
    found = _get(interpreter, receiver, args, kwargs)
    if key is not ABSENT:
        _put_entry(interpreter, receiver, key, found)
    return found


def _update(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> None:
    for arg in args:
        if isinstance(arg, DictV):
            for key, entry in arg.entries.items():
                if type(entry) is AltV and ABSENT in entry.options and key in receiver.entries:
                    entry = interpreter.heap.join([_present(entry), receiver.entries[key]])
                _put_entry(interpreter, receiver, key_in(receiver, key_value(key)), entry)
            if arg.is_open:
                interpreter.heap.put(receiver.box, "open", True)
        elif type(arg) is ListV and not arg.is_open and all(type(i) is tuple and len(i) == 2 for i in arg.items):
            for name, entry in arg.items:
                put_item(interpreter, receiver, name, entry)
        else:
            interpreter.heap.put(receiver.box, "open", True)
    for key, entry in kwargs.items():
        _put_entry(interpreter, receiver, key, entry)


def _keys(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    keys = [_maybe(interpreter, entry, key_value(key)) for key, entry in receiver.entries.items()]
    return ListV(keys, receiver.is_open, "set")


def _pop_last(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    if not receiver.entries:
        if receiver.is_open:
            return (UnknownV("key not known"), UNKNOWN_ITEM)
        raise Raised("KeyError")
    from_end = args[0] if args else kwargs.get("last", True)
    keys = list(receiver.entries)
    key = keys[-1 if from_end is True else 0]
    entry = receiver.entries[key]
    if receiver.is_open or not isinstance(from_end, bool) or (type(entry) is AltV and ABSENT in entry.options):
        interpreter.heap.put(receiver.box, "open", True)
        return (UnknownV("key not known"), UNKNOWN_ITEM)
    interpreter.heap.remove(receiver.entries, key)
    return (key_value(key), entry)


def _values(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(receiver.entries.values()), receiver.is_open)


def _items(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    return ListV(
        [_maybe(interpreter, entry, (key_value(key), _present(entry))) for key, entry in receiver.entries.items()],
        receiver.is_open,
    )


def _maybe(interpreter: Interpreter, entry: Value, value: Value) -> Value:
    """`value`, optional where the entry is."""
    if type(entry) is AltV and ABSENT in entry.options:
        return AltV((value, ABSENT))
    return value


def _copy_dict(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    made = DictV(dict(receiver.entries), receiver.is_open, receiver.default)
    made.asked = receiver.asked
    return made


_LIST: Final[dict[str, Method]] = {
    "append": _append,
    "appendleft": lambda i, r, a, k: _insert(i, r, [0, *a], k),
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "popleft": lambda i, r, a, k: _pop(i, r, [0], k),
    "reverse": _reverse,
    "index": _index,
    "count": _count,
    "sort": _sort,
    "clear": _clear,
    "remove": _remove,
    "discard": _remove,
    "add": _add,
    "update": _extend,
    "union": _union,
    "intersection": lambda i, r, a, k: _kept(i, r, a, True),
    "difference": lambda i, r, a, k: _kept(i, r, a, False),
    "symmetric_difference": _either_of,
    "issubset": _is_within,
    "issuperset": _is_around,
    "isdisjoint": _is_apart,
    "copy": _copy_list,
}
_TUPLE: Final[dict[str, Method]] = {"index": _index, "count": _count}
DICT_METHODS: Final[dict[str, Method]] = {
    "get": _get,
    "pop": _pop_key,
    "popitem": _pop_last,
    "setdefault": _setdefault,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "copy": _copy_dict,
    "clear": _clear,
}
_METHODS: Final[dict[str, Collection[str]]] = {
    "list": _LIST, "set": _LIST, "tuple": _TUPLE, "dict": DICT_METHODS, "str": _TEXT,
}
_BY_ITEM: Final[dict[str, Callable[..., Value]]] = {
    "__getitem__": get_item, "__setitem__": put_item, "__delitem__": delete_item, "__contains__": contains,
}
"""Operators on items as methods, which only a type's own name or `super()` is asked for."""
