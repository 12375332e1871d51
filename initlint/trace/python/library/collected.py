"""`collections`: ordered and default dicts, deques, counters, chains of dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import may_be_absent
from initlint.trace.machine.values import ABSENT, BuiltinV, DictV, ListV, Raised, UnknownV, Value
from initlint.trace.python import methods
from initlint.trace.python.containers import Method, dict_key, key_value
from initlint.trace.python.dicts import DICT_METHODS
from initlint.trace.python.library.registry import elements_of, library, written
from initlint.trace.python.library.sources import CHAIN_MAP, COUNTER

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

written("collections.Counter", COUNTER)
written("collections.ChainMap", CHAIN_MAP)

DEQUE: Final = "deque"
"""The kind of a list that is a deque; `deque(3)` is that of one which holds three at most."""


@library("collections.OrderedDict")
def _ordered(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.builtins import BUILTINS

    return interpreter.call(BUILTINS["dict"], args, kwargs, interpreter.frame)


@library("types.MappingProxyType")
def _mapping_proxy(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return args[0]


@library("collections.defaultdict")
def _defaultdict(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.builtins import BUILTINS

    held = interpreter.call(BUILTINS["dict"], args[1:], kwargs, interpreter.frame)
    if not isinstance(held, DictV):
        return UnknownV("a dict of something unknown")
    return DictV(dict(held.entries), held.is_open, args[0] if args and args[0] is not None else ABSENT)


def _move_to_end(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    key = dict_key(args[0])
    last = interpreter.truth(args[1] if len(args) > 1 else kwargs.get("last", True))
    if key is ABSENT or last is None:
        interpreter.heap.put(receiver.box, "open", True)
        return None
    if key not in receiver.entries:
        if receiver.is_open:
            return None
        raise Raised("KeyError")
    moved = [key] if last else [each for each in receiver.entries if each != key]
    for each in moved:
        entry = receiver.entries[each]
        interpreter.heap.remove(receiver.entries, each)
        interpreter.heap.put(receiver.entries, each, entry)
    return None


def _popitem(interpreter: Interpreter, receiver: DictV, args: Args, kwargs: Kwargs) -> Value:
    last = interpreter.truth(args[0] if args else kwargs.get("last", True))
    keys = list(receiver.entries)
    if receiver.is_open or last is None:
        interpreter.heap.put(receiver.box, "open", True)
        return UnknownV("one of the entries of a dict")
    if not keys:
        raise Raised("KeyError")
    key = keys[-1 if last else 0]
    entry = receiver.entries[key]
    if may_be_absent(entry):
        interpreter.heap.put(receiver.box, "open", True)
        return UnknownV("one of the entries of a dict")
    interpreter.heap.remove(receiver.entries, key)
    return (key_value(key), entry)


DICT_METHODS.update({"move_to_end": _move_to_end, "popitem": _popitem})


@library("collections.deque")
def _deque(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0]) if args else ([], False)
    bound = args[1] if len(args) > 1 else kwargs.get("maxlen")
    if bound is None:
        return ListV(values, is_open, DEQUE)
    made = ListV([], False, f"{DEQUE}({bound})" if isinstance(bound, int) else DEQUE)
    _put(interpreter, made, values, is_open or not isinstance(bound, int))
    return made


def _bound(deque: ListV) -> int | None:
    """How many elements a deque holds at most."""
    _, _, rest = deque.kind.partition("(")
    return int(rest[:-1]) if rest else None


def _put(interpreter: Interpreter, deque: ListV, items: list[Value], is_open: bool, left: bool = False) -> None:
    """Leave a deque with these elements, as many of them as it may hold; those added at the left push out the last."""
    bound = _bound(deque)
    if bound is not None and len(items) > bound and not is_open and not any(map(may_be_absent, items)):
        items = items[:bound] if left else items[len(items) - bound :]
    elif bound is not None and (is_open or len(items) > bound):
        # which of them are still there, and where, is not known
        items, is_open = [UnknownV("element of a full deque")] * min(bound, len(items)), True
    interpreter.heap.put(deque.box, "items", items)
    if is_open != deque.is_open:
        interpreter.heap.put(deque.box, "open", is_open)


def _add(interpreter: Interpreter, deque: ListV, more: list[Value], complete: bool, left: bool = False) -> None:
    items = [*reversed(more), *deque.items] if left else [*deque.items, *more]
    if not complete and left:
        items = [UnknownV("element of a deque")] * len(items)
    in_loop = deque.box.serial < interpreter.loop_start
    _put(interpreter, deque, items, deque.is_open or not complete or in_loop, left)


def _append(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    _add(interpreter, deque, [args[0]], True)
    return None


def _append_left(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    _add(interpreter, deque, [args[0]], True, left=True)
    return None


def _extend(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    _add(interpreter, deque, values, not is_open)
    return None


def _extend_left(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    _add(interpreter, deque, values, not is_open, left=True)
    return None


def _add_in_place(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    _extend(interpreter, deque, args, kwargs)
    return deque


def _rotate(interpreter: Interpreter, deque: ListV, args: Args, kwargs: Kwargs) -> Value:
    steps = args[0] if args else 1
    items = deque.items
    if not isinstance(steps, int) or deque.is_open or any(map(may_be_absent, items)):
        interpreter.heap.put(deque.box, "items", [UnknownV("element of a deque that was turned")] * len(items))
    elif items:
        at = -steps % len(items)
        interpreter.heap.put(deque.box, "items", [*items[at:], *items[:at]])
    return None


_DEQUE: Final[dict[str, Method]] = {
    "append": _append, "appendleft": _append_left, "extend": _extend, "extendleft": _extend_left, "rotate": _rotate,
    "__iadd__": _add_in_place,
}


def _of_deque(deque: ListV, name: str) -> Value:
    """An attribute that deques have otherwise than lists; ABSENT where they have it alike."""
    if name == "maxlen":
        return _bound(deque)
    found = _DEQUE.get(name)
    if found is None:
        return UnknownV(f"deques have no {name}") if name in ("sort", "add", "discard") else ABSENT
    return BuiltinV(name, lambda interpreter, args, kwargs: found(interpreter, deque, args, kwargs))


methods.KINDS[DEQUE] = _of_deque
