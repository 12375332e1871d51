"""Functions that only compute are executed once for the same arguments.

Model code asks the same small questions over and over: which padding, which width, which class a name stands for. A
call is remembered where its arguments are values that cannot change, where it wrote to nothing that was there
before it, built no module, left no trace in the recorder, and returned what cannot change either, or lists and dicts of
that which it made itself: each call then gets its own.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ParamV,
    PartialV,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.machine.versions import VersionV

if TYPE_CHECKING:
    from initlint.trace.machine.code import Code
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

PATIENCE: Final = 60
"""So many calls in a row that had effects, and a function is not tried again."""
MAX_KEY_DEPTH: Final = 5
_PLAIN: Final = frozenset({int, float, str, VersionV, bool, bytes, type(None), complex, type(Ellipsis)})
_BY_NAME: Final = frozenset({ExternalV, TorchClassV})
_WITH_STATE: Final = frozenset({InstanceV, TensorV, ParamV})


class NoKeyError(Exception):
    """A value that may change, or that nothing is known about but itself."""


def key_of(value: Value, depth: int = 0) -> Hashable:
    """What is equal for interchangeable values. Raises NoKeyError for values with a state of their own."""
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if depth > MAX_KEY_DEPTH:
        raise NoKeyError
    if kind in _BY_NAME:
        return kind, value.name
    if isinstance(value, ClassV | BuiltinV):
        return value
    if kind is tuple:
        return tuple([key_of(item, depth + 1) for item in value])
    if kind is FunctionV:
        if value.closure:
            raise NoKeyError
        return FunctionV, value.code, value.cls, _defaults(value, depth)
    if kind is PartialV:
        return PartialV, key_of(value.function, depth + 1), key_of(value.args, depth + 1), _named(value.kwargs, depth)
    if kind is ListV:
        return ListV, value.kind, value.is_open, key_of(tuple(value.items), depth + 1)
    if kind is DictV:
        if value.default is not ABSENT or not is_own(value):
            # a look-up may add an entry, and a write reach an object
            raise NoKeyError
        return DictV, value.is_open, _named(value.entries, depth)
    if kind is UnknownV and value.holder is None:
        return UnknownV, value.reads
    if kind is AltV:
        return AltV, *[key_of(option, depth + 1) for option in value.options]
    raise NoKeyError


def _named(values: dict[str, Value], depth: int) -> tuple[Hashable, ...]:
    return tuple([(name, key_of(value, depth + 1)) for name, value in values.items()])


def is_own(value: DictV) -> bool:
    """Whether a dict is one by itself, and not another face of an object."""
    return value.owner is None and value.holder is None and value.fields is None


def _defaults(function: FunctionV, depth: int) -> Hashable:
    """What tells functions of one definition apart: those that a loop makes, say (`lambda x, i=i: ...`)."""
    if not function.defaults and not function.kwdefaults:
        return ()
    return key_of(function.defaults, depth + 1), _named(function.kwdefaults, depth)


def is_frozen(value: Value) -> bool:
    """Whether a value has no state that anyone could change."""
    kind = type(value)
    if kind in _PLAIN or kind in _BY_NAME or kind in (ClassV, BuiltinV):
        return True
    if kind is UnknownV:
        return value.holder is None
    if kind is tuple:
        return all(map(is_frozen, value))
    if kind is FunctionV:
        return not value.closure and all(map(is_frozen, (*value.defaults, *value.kwdefaults.values())))
    if kind is PartialV:
        return all(map(is_frozen, (value.function, *value.args, *value.kwargs.values())))
    if kind is AltV:
        return all(map(is_frozen, value.options))
    return False


def is_new(value: Value, token: int, depth: int = 0) -> bool:
    """Whether a value is frozen, or holds nothing but lists and dicts made since a mark, and what is frozen."""
    kind = type(value)
    if kind is tuple and depth <= MAX_KEY_DEPTH:
        return all(is_new(item, token, depth + 1) for item in value)
    if kind is AltV and depth <= MAX_KEY_DEPTH:
        return all(is_new(option, token, depth + 1) for option in value.options)
    if kind is ListV and depth <= MAX_KEY_DEPTH:
        return value.box.serial > token and all(is_new(item, token, depth + 1) for item in value.items)
    if kind is DictV and depth <= MAX_KEY_DEPTH:
        is_plain = is_own(value) and value.default is ABSENT
        is_made = value.box.serial > token and value.entries.serial > token
        return is_plain and is_made and all(is_new(each, token, depth + 1) for each in value.entries.values())
    return value is ABSENT or is_frozen(value)


def anew(value: Value, made: dict[int, Value]) -> Value:
    """A value that `is_new`, with lists and dicts of its own. `made` has those that were made so far, by the identity
    of what they stand for: what is one object in the value is one in the copy."""
    kind = type(value)
    if kind is tuple:
        return tuple([anew(item, made) for item in value])
    if kind is AltV:
        return AltV(tuple([anew(option, made) for option in value.options]), value.worlds)
    if kind is not ListV and kind is not DictV:
        return value
    known = made.get(id(value))
    if known is not None:
        return known
    if kind is ListV:
        copy: Value = ListV([anew(item, made) for item in value.items], value.is_open, value.kind)
    else:
        entries = {key: anew(entry, made) for key, entry in value.entries.items()}
        copy = DictV(entries, value.is_open)
        copy.asked = value.asked
    made[id(value)] = copy
    return copy


RUNNING: Final = UnknownV("a call that waits for itself")


class _Known:
    """A call that is under way or has returned `result`, of which each call gets its own where it can `change`: the
    `steps` it took by itself, and the remembered `calls` that it made."""

    __slots__ = ("calls", "change", "result", "steps")

    def __init__(self) -> None:
        self.result: Value = RUNNING
        self.change = False
        self.steps = 0
        self.calls: dict[_Known, None] = {}


class _Watch:
    """How things stood when a call began: the calls that it is kept among, place in the journal, token of the mark,
    progress of the recorder, steps; and the steps that remembered calls inside it have taken."""

    __slots__ = ("call", "calls", "inner", "position", "progress", "start", "token")

    def __init__(
        self, calls: dict[Hashable, _Known], call: _Known, position: int, token: int, progress: tuple[int, ...],
        start: int,
    ) -> None:
        self.calls = calls
        self.call = call
        self.position = position
        self.token = token
        self.progress = progress
        self.start = start
        self.inner = 0


class Tally:
    """What a root, or the body of a module, has called so far: the known calls that have counted, those that are known
    to it alone since it wrote to what was there before, the functions that it entered, their calls that were not worth
    remembering, and what is under way."""

    __slots__ = ("counted", "entered", "failures", "known", "watches")

    def __init__(self) -> None:
        self.entered: set[Code] = set()
        self.known: dict[Hashable, _Known] = {}
        self.counted: set[_Known] = set()
        self.failures: dict[Code, int] = {}
        self.watches: list[_Watch] = []


class Memo:
    """What calls without effects returned. `begin` and `end` (or `give_up`) go around a call that is not known.

    A root is given up after so many steps, and that must not depend on the roots before it: the first time that a root
    makes a known call, it counts as if it were executed. `tally` is that of the root in progress, `entered` are the
    functions that the bodies of modules entered.
    """

    __slots__ = ("_interpreter", "_known", "entered", "tally")

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._known: dict[Hashable, _Known] = {}
        self.entered: set[Code] = set()
        self.tally = Tally()

    def is_entered(self, code: Code) -> bool:
        """Whether the root in progress, or a module, has called a function."""
        return code in self.tally.entered or code in self.entered

    def is_tried(self, code: Code) -> bool:
        """Whether calls of a function may be worth remembering."""
        return self.tally.failures.get(code, 0) < PATIENCE or code.active > 0

    def key(self, function: FunctionV, args: Args, kwargs: Kwargs) -> Hashable | None:
        """The key of a call; None where it cannot be remembered."""
        code: Code = function.code
        if args and type(args[0]) in _WITH_STATE:       # most calls
            return None
        try:
            outer: Hashable = ()
            if function.closure:
                outer = tuple(
                    [(name, key_of(scope[name])) for scope in function.closure for name in code.outer if name in scope]
                )
            return (
                code,
                _defaults(function, 0),
                self._interpreter.heap.epoch,
                tuple([key_of(arg) for arg in args]),
                _named(kwargs, 0) if kwargs else (),
                outer,
            )
        except NoKeyError:
            return None

    def find(self, key: Hashable) -> Value:
        """The result of an earlier call, unknown while that call is still running; ABSENT where there was none."""
        known = self._calls().get(key)
        if known is None:
            return ABSENT
        if known.result is not RUNNING:
            steps = self._count(known)
            self._is_part(known, steps)
            self._interpreter.tick(steps)
        return anew(known.result, {}) if known.change else known.result

    def _calls(self) -> dict[Hashable, _Known]:
        return self.tally.known if self._interpreter.heap.epoch else self._known

    def _count(self, known: _Known) -> int:
        """The steps that a call would take if it were executed now."""
        if known in self.tally.counted:
            return 0
        self.tally.counted.add(known)
        return known.steps + sum(map(self._count, known.calls))

    def _is_part(self, known: _Known, steps: int) -> None:
        """A remembered call has taken so many steps of the one that it is part of."""
        if self.tally.watches:
            outer = self.tally.watches[-1]
            outer.inner += steps
            outer.call.calls[known] = None

    def begin(self, key: Hashable) -> None:
        """A call starts."""
        interpreter, calls = self._interpreter, self._calls()
        call = calls[key] = _Known()
        progress = interpreter.recorder.progress()
        self.tally.watches.append(_Watch(calls, call, *interpreter.heap.watch(), progress, interpreter.steps))

    def end(self, key: Hashable, code: Code, result: Value) -> None:
        """Keep the result if the call had no effect; count it against the function if it had."""
        watch = self._over()
        heap, recorder = self._interpreter.heap, self._interpreter.recorder
        own = all(target.serial > watch.token for target, _, _ in heap.journal[watch.position :])
        pure = own and recorder.progress() == watch.progress
        heap.release(watch.token)
        if pure and is_new(result, watch.token):
            self.tally.failures.pop(code, None)
            self.tally.counted.add(watch.call)
            watch.call.change = not is_frozen(result)
            watch.call.result = anew(result, {})
            self._is_part(watch.call, watch.call.steps + watch.inner)
        else:
            self._failed(key, code, watch)

    def give_up(self, key: Hashable, code: Code) -> None:
        """The call that began last did not return."""
        watch = self._over()
        self._interpreter.heap.release(watch.token)
        self._failed(key, code, watch)

    def _over(self) -> _Watch:
        watch = self.tally.watches.pop()
        watch.call.steps = self._interpreter.steps - watch.start - watch.inner
        return watch

    def _failed(self, key: Hashable, code: Code, watch: _Watch) -> None:
        """What a call did that is not remembered is done by the one that made it."""
        self.tally.failures[code] = self.tally.failures.get(code, 0) + 1
        watch.calls.pop(key, None)
        if self.tally.watches:
            outer = self.tally.watches[-1]
            outer.inner += watch.inner
            outer.call.calls |= watch.call.calls
