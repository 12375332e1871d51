"""`left is right` and `left == right`: true, false, or not known."""

from __future__ import annotations

from initlint.trace.machine.values import (
    ABSENT,
    MAX_ITEMS,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ModuleScope,
    PartialV,
    SymbolV,
    TensorV,
    UnknownV,
    Value,
    all_constant,
    is_constant,
    same,
)
from initlint.trace.python.enums import plain

_OBJECTS = (FunctionV, ClassV, InstanceV, ListV, DictV, TensorV, PartialV, BuiltinV, ExternalV, ModuleScope, tuple)


def identical(left: Value, right: Value) -> bool | None:
    """`left is right`."""
    if left is right and not isinstance(left, UnknownV):
        return True
    if isinstance(left, UnknownV) or isinstance(right, UnknownV):
        if any(isinstance(side, SymbolV) and not side.is_argument for side in (left, right)):
            return False if left is None or right is None else None
        return None
    if left is None or right is None:
        return False
    if is_constant(left) and is_constant(right):
        return type(left) is type(right) and bool(left == right)
    if isinstance(left, ExternalV) and isinstance(right, ExternalV):
        return bool(left.name == right.name)
    if isinstance(left, _OBJECTS) or isinstance(right, _OBJECTS):
        return same(left, right)
    return None


def equal(left: Value, right: Value) -> bool | None:
    """`left == right`."""
    left, right = plain(left), plain(right)
    if isinstance(left, SymbolV) and isinstance(right, SymbolV):
        return bool(left.factor == right.factor) if left.base is right.base else None
    if isinstance(left, UnknownV) or isinstance(right, UnknownV):
        return None
    if is_constant(left) and is_constant(right):
        return bool(left == right)
    if isinstance(left, ListV) and isinstance(right, ListV) and left.kind != right.kind:
        return None
    if isinstance(left, ListV) and isinstance(right, ListV) and left.kind == "set":
        return _equal_sets(left, right)
    if isinstance(left, tuple | ListV) and isinstance(right, tuple | ListV):
        return _equal_sequences(left, right)
    if isinstance(left, DictV) and isinstance(right, DictV):
        return _equal_dicts(left, right)
    if type(left) is InstanceV or type(right) is InstanceV:
        from initlint.trace.python.library.records import equal_records

        return equal_records(left, right)
    return identical(left, right)


def _equal_sets(left: ListV, right: ListV) -> bool | None:
    if left.is_open or right.is_open or not all_constant(left.items) or not all_constant(right.items):
        return True if left is right else None
    return set(left.items) == set(right.items)


def _equal_dicts(left: DictV, right: DictV) -> bool | None:
    """`left == right` entry by entry, where these are plain; not known where one may have others."""
    if left is right:
        return True
    if left.is_open or right.is_open:
        return None
    verdicts: set[bool | None] = {left.entries.keys() == right.entries.keys() or None}
    for key in left.entries.keys() & right.entries.keys():
        own, other = left.entries[key], right.entries[key]
        verdicts.add(own == other if is_constant(own) and is_constant(other) else True if own is other else None)
    if False in verdicts or (left.entries.keys() ^ right.entries.keys() and _are_sure(left) and _are_sure(right)):
        return False
    return None if None in verdicts else True


def _are_sure(held: DictV) -> bool:
    """Whether all keys are plain, and all entries are there."""
    return all_constant(list(held.entries)) and not any(
        type(entry) is AltV and ABSENT in entry.options for entry in held.entries.values()
    )


def _equal_sequences(left: Value, right: Value) -> bool | None:
    """`left == right` element by element; not known where they hold too much, or themselves."""
    waiting = [(left, right)]
    left_to_compare = MAX_ITEMS
    verdict: bool | None = True
    while waiting:
        left, right = waiting.pop()
        if left is right:
            continue
        if any(isinstance(each, ListV) and each.is_open for each in (left, right)):
            verdict = None      # a tuple of unknown length is one of these as well
            continue
        if type(left) is not type(right):
            return False
        a, b = (left.items, right.items) if isinstance(left, ListV) else (left, right)
        if len(a) != len(b):
            return False
        left_to_compare -= len(a)
        if left_to_compare < 0:
            return None
        for x, y in zip(a, b, strict=True):
            if isinstance(x, tuple | ListV) and isinstance(y, tuple | ListV):
                waiting.append((x, y))
                continue
            same_element = equal(x, y)
            if same_element is False:
                return False
            if same_element is None:
                verdict = None
    return verdict
