"""Functions that only compute are executed once for the same arguments.

Model code asks the same small questions over and over: which padding, which width, which class a name stands for. A
call is remembered where its arguments are values that cannot change, where it wrote to nothing that was there
before it, built no module, left no trace in the recorder, and returned what cannot change either.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from initlint.trace.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    ListV,
    PartialV,
    TorchClassV,
    UnknownV,
    Value,
)

if TYPE_CHECKING:
    from initlint.trace.code import Code
    from initlint.trace.interpreter import Args, Interpreter, Kwargs

PATIENCE: Final = 60
"""So many calls in a row that had effects, and a function is not tried again."""
MAX_KEY_DEPTH: Final = 5
_PLAIN: Final = frozenset({int, float, str, bool, bytes, type(None), complex, type(Ellipsis)})
_BY_NAME: Final = frozenset({ExternalV, TorchClassV})


Before = tuple[int, int, tuple[int, ...]]
"""How things stood when a call began: place in the journal, token of the mark, progress of the recorder."""


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
        return FunctionV, value.code, value.cls
    if kind is PartialV:
        return PartialV, key_of(value.function, depth + 1), key_of(value.args, depth + 1), _named(value.kwargs, depth)
    if kind is ListV:
        return ListV, value.kind, value.is_open, key_of(tuple(value.items), depth + 1)
    if kind is DictV:
        if value.default is not ABSENT or value.owner is not None or value.holder is not None:
            # a look-up may add an entry, and a write reach a module
            raise NoKeyError
        return DictV, value.is_open, _named(value.entries, depth)
    if kind is UnknownV and value.holder is None:
        return UnknownV, value.reads
    if kind is AltV:
        return AltV, *[key_of(option, depth + 1) for option in value.options]
    raise NoKeyError


def _named(values: dict[str, Value], depth: int) -> tuple[Hashable, ...]:
    return tuple([(name, key_of(value, depth + 1)) for name, value in values.items()])


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
        return not value.closure
    if kind is PartialV:
        return all(map(is_frozen, (value.function, *value.args, *value.kwargs.values())))
    if kind is AltV:
        return all(map(is_frozen, value.options))
    return False


RUNNING: Final = UnknownV("a call that waits for itself")


class Memo:
    """What calls without effects returned. `begin` and `end` (or `give_up`) go around a call that is not known."""

    __slots__ = ("_interpreter", "_known")

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._known: dict[Hashable, Value] = {}

    def key(self, function: FunctionV, args: Args, kwargs: Kwargs) -> Hashable | None:
        """The key of a call; None where it cannot be remembered."""
        code: Code = function.code
        try:
            outer: Hashable = ()
            if function.closure:
                outer = tuple(
                    [(name, key_of(scope[name])) for scope in function.closure for name in code.outer if name in scope]
                )
            return (
                code,
                self._interpreter.heap.epoch,
                tuple([key_of(arg) for arg in args]),
                _named(kwargs, 0) if kwargs else (),
                outer,
            )
        except NoKeyError:
            return None

    def find(self, key: Hashable) -> Value:
        """The result of an earlier call, unknown while that call is still running; ABSENT where there was none."""
        return self._known.get(key, ABSENT)

    def begin(self, key: Hashable) -> Before:
        """A call starts."""
        self._known[key] = RUNNING
        heap, recorder = self._interpreter.heap, self._interpreter.recorder
        return (*heap.watch(), recorder.progress())

    def end(self, key: Hashable, code: Code, before: Before, result: Value) -> None:
        """Keep the result if the call since `before` had no effect; count it against the function if it had."""
        heap, recorder = self._interpreter.heap, self._interpreter.recorder
        position, token, progress = before
        pure = len(heap.journal) == position and recorder.progress() == progress
        heap.release(token)
        if pure and is_frozen(result):
            code.failures = 0
            self._known[key] = result
        else:
            code.failures += 1
            del self._known[key]

    def give_up(self, key: Hashable, code: Code, before: Before) -> None:
        """The call since `before` did not return."""
        self._interpreter.heap.release(before[1])
        code.failures += 1
        del self._known[key]
