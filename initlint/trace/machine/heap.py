"""The journal: every write of a trace, so that branches can be undone and their ends joined.

A location is a key of a dict (a frame's variables, an object's attributes, a list's box). While any
branch is open each write leaves its old value here. Writes outside branches cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import is_
from typing import Any

from initlint.trace.machine.values import (
    ABSENT,
    MAX_WAYS,
    AltV,
    InstanceV,
    ListV,
    State,
    Store,
    TensorV,
    UnknownV,
    Value,
    alternatives,
    is_small,
    newest_serial,
    options_of,
    same,
)

Location = tuple[int, Any]
Writes = dict[Location, tuple[Store, Any, Value]]


class Heap:
    """Records, undoes and joins writes. `merge_tensors` makes the graph node that joins signals.

    Stores younger than the innermost open branch are not recorded: only that branch can reach them.
    """

    def __init__(self, merge_tensors: Callable[[list[TensorV]], TensorV]) -> None:
        self.journal: list[tuple[Store, Any, Value]] = []
        self.marks: list[int] = []
        self.watches: set[int] = set()
        self.newest_mark = 0
        self.root_mark = 0
        self.epoch = 0
        self.merge_tensors = merge_tensors

    def put(self, target: Store, key: Any, value: Value) -> None:
        if target.serial <= self.newest_mark:
            self.journal.append((target, key, target.get(key, ABSENT)))
            if target.serial <= self.root_mark:
                self.epoch += 1
        target[key] = value

    def remove(self, target: Store, key: Any) -> None:
        if key in target:
            if target.serial <= self.newest_mark:
                self.journal.append((target, key, target[key]))
            del target[key]

    @property
    def branching(self) -> bool:
        """Whether what is executed now is one of several ways the root may go."""
        return any(mark != self.root_mark and mark not in self.watches for mark in self.marks)

    def watch(self) -> tuple[int, int]:
        """As `mark`, for what is sure to be executed: to see what it writes."""
        position, token = self.mark()
        self.watches.add(token)
        return position, token

    def mark(self) -> tuple[int, int]:
        """Open a branch point: (position in the journal, token for `release`)."""
        token = newest_serial()
        self.marks.append(token)
        self.newest_mark = token
        return len(self.journal), token

    def release(self, token: int) -> None:
        self.marks.remove(token)
        self.watches.discard(token)
        self._go_on()

    def forget_since(self, marks: list[int]) -> None:
        """Back to the branch points that were open before, all that was written since kept."""
        self.marks[:] = marks
        self.watches.intersection_update(marks)
        self._go_on()

    def _go_on(self) -> None:
        """Go on under the branch points that are open now."""
        self.newest_mark = max(self.marks, default=0)
        if not self.marks:
            self.journal.clear()

    def writes_since(self, position: int) -> Writes:
        """Every location written since `position`, with its present value."""
        found: Writes = {}
        for target, key, _ in self.journal[position:]:
            found[id(target), key] = (target, key, target.get(key, ABSENT))
        return found

    def writes_between(self, start: int, position: int) -> Writes:
        """Every location written between two positions, with its value at the second."""
        later: dict[Location, Value] = {}
        for target, key, old in self.journal[position:]:
            later.setdefault((id(target), key), old)
        found: Writes = {}
        for target, key, _ in self.journal[start:position]:
            location = (id(target), key)
            value = later[location] if location in later else target.get(key, ABSENT)
            found[location] = (target, key, value)
        return found

    def undo(self, position: int) -> None:
        journal = self.journal
        while len(journal) > position:
            target, key, old = journal.pop()
            if old is ABSENT:
                target.pop(key, None)
            else:
                target[key] = old

    def apply(self, writes: Writes) -> None:
        for target, key, value in writes.values():
            if value is ABSENT:
                self.remove(target, key)
            else:
                self.put(target, key, value)

    def merge(
        self, branches: list[Writes], worlds: Sequence[Collection[range]] | None = None, arms: Sequence[range] = ()
    ) -> None:
        """Leave each location with the join of what the branches left there. With `worlds`, what was created at the
        serial numbers of one exists only where the program goes by that branch, which then has the say alone. `arms`
        are those of what each branch created."""
        if len(branches) == 1:
            self.apply(branches[0])
            return
        locations: dict[Location, tuple[Store, Any]] = {}
        for writes in branches:
            for location, (target, key, _) in writes.items():
                locations[location] = (target, key)
        for location, (target, key) in locations.items():
            base = target.get(key, ABSENT)
            values = [writes[location][2] if location in writes else base for writes in branches]
            alone = next((at for at, found in enumerate(worlds or ()) if any(target.serial in w for w in found)), None)
            joined = told_apart(self.join_at(target, key, values), values, arms) if alone is None else values[alone]
            if joined is ABSENT:
                self.remove(target, key)
            elif joined is not base:
                self.put(target, key, joined)

    def join_at(self, target: Store, key: Any, values: list[Value]) -> Value:
        """One value that stands for all of `values`, at a key of a store."""
        if type(target) is not State or all(same(values[0], value) for value in values[1:]):
            return self.join(values)
        if key == "histories":
            known = _distinct([history for value in values if value is not ABSENT for history in value])
            known = known[: MAX_WAYS + 1]       # one too many says that there were more
            started = [history for history in known if not _is_loaded(history)]
            return tuple(started or known)
        if key == "items":      # the keys of a container of modules: those that some branches lack are optional
            lists = all(type(value) is list for value in values)
            names = (name for value in values if value is not ABSENT for name in value)
            return self.join_items(values) if lists else tuple(dict.fromkeys(names))
        if key == "complete":
            return all(value is not False for value in values)
        if key == "trainable":
            return any(value is not False for value in values)
        if key == "loaded":
            return all(value is True for value in values)
        if key in ("trained", "restored"):
            return any(value is True for value in values)
        return self.join(values)

    def join(self, values: list[Value]) -> Value:
        """One value that stands for all of `values`."""
        first = values[0]
        if all(same(first, value) for value in values[1:]):
            return first
        flat = [option for value in values for option in options_of(value)]
        tensors = [option for option in flat if type(option) is TensorV]
        if len(tensors) > 1:
            rest = [option for option in flat if type(option) is not TensorV]
            distinct = list({id(tensor): tensor for tensor in tensors}.values())
            merged = distinct[0] if len(distinct) == 1 else self.merge_tensors(distinct)
            return alternatives([merged, *rest])
        if all(type(value) is tuple and is_small(value) for value in values) and len(set(map(len, values))) == 1:
            return tuple(self.join(list(column)) for column in zip(*values, strict=True))
        if (
            all(type(value) is ListV for value in values)
            and len({len(value.items) for value in values}) == 1
            and all(isinstance(item, TensorV | UnknownV) for value in values for item in value.items)
        ):
            joined = [self.join(list(column)) for column in zip(*(value.items for value in values), strict=True)]
            return ListV(joined, any(value.is_open for value in values))
        return alternatives(values)

    def join_items(self, lists: list[list[Value]]) -> list[Value]:
        """Join the contents of one list: elements only some branches have become optional."""
        longest = max(map(len, lists))
        joined = _common_start(lists)
        for index in range(len(joined), longest):
            joined.append(self.join([items[index] if index < len(items) else ABSENT for items in lists]))
        return joined


def told_apart(joined: Value, values: Sequence[Value], arms: Sequence[range]) -> Value:
    """The join of what the arms of a branch left, with those of its options that exist only where they are the one."""
    if type(joined) is AltV and arms and not any(joined is value for value in values):
        found: dict[int, range] = {}
        for value, arm in zip(values, arms, strict=True):
            if type(value) is InstanceV and value.attrs.serial in arm:
                found[value.attrs.serial] = arm
            elif type(value) is AltV:
                found.update((serial, world) for serial, world in value.worlds.items() if world.start in arm)
        joined.worlds = found
    return joined


def _distinct(histories: list[Value]) -> list[Value]:
    """Histories without those that are there before. Most differ in the orders of their events, which compare fast."""
    alike: dict[tuple[int, ...], list[Value]] = {}
    found = []
    for history in histories:
        known = alike.setdefault(tuple([event.order for event in history]), [])
        if history not in known:
            known.append(history)
            found.append(history)
    return found


def _is_loaded(history: Value) -> bool:
    """Whether a parameter's values come from a checkpoint. Where that is one of several ways a program may go, another
    starts from what it initialises, and that start is judged."""
    return bool(history) and history[-1].function == "load"


def _common_start(lists: list[list[Value]]) -> list[Value]:
    """The elements that all lists begin with: where each only grew, all of the shortest."""
    shortest = min(lists, key=len)
    return list(shortest) if all(all(map(is_, shortest, each)) for each in lists) else []
