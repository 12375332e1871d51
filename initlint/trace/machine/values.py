"""The values of abstract execution.

Python's own constants stand for themselves (`int`, `str`, `None`, `tuple`, ...); everything
else is one of the classes here. `UnknownV` is a value that could be anything; `AltV` is one of a
few known ones. Mutable state lives in plain dicts (`attrs`, `box`, `vars`), so that one journal
can undo and join writes to all of it (`heap`).
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from initlint.model.events import Absence
    from initlint.model.weights import InitEvent, Parameter
    from initlint.trace.machine.frames import Place

_OF_MODULES: Final = itertools.count(1)
_OF_ROOTS: Final = itertools.count(1 << 29)
_serials = _OF_ROOTS


MAX_ITEMS: Final = 4096
"""Elements of a sequence that is made, and parts of a nest of sequences that is walked through."""
MAX_WAYS: Final = 24
"""Ways in which a parameter may have been written that are kept apart."""


class Store(dict[Any, Any]):
    """A dict that holds mutable state. `serial` grows with creation, which tells the journal that
    a store is younger than a branch, hence reachable from that branch alone."""

    __slots__ = ("serial",)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.serial = next(_serials)


class State(Store):
    """What the trace keeps of a list, a module or a parameter: its keys are the trace's own, not names of a program."""

    __slots__ = ()


def newest_serial() -> int:
    return next(_serials)


@contextmanager
def before_roots() -> Iterator[None]:
    """What is created inside is older than all that roots create, whenever that is: a module's body is executed when
    it is first needed, and a root must not tell something else where that was before it."""
    global _serials
    outside, _serials = _serials, _OF_MODULES
    try:
        yield
    finally:
        _serials = outside


Value: TypeAlias = Any
"""Any abstract value: a Python constant, a tuple of values, or an instance of a class below."""


class Raised(Exception):
    """The program being traced raises here; the path ends. `kind` is the name of the exception's class, `bases` are
    those of the classes that it derives from in the program."""

    def __init__(self, kind: str, message: str = "", bases: tuple[str, ...] = ()) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.bases = bases


class Exhausted(Exception):
    """A bound of the trace was hit; the root is given up."""


OUT_OF_STEPS: Final = "steps"
TOO_MANY: Final = "modules"
TOO_LARGE: Final = frozenset({OUT_OF_STEPS, TOO_MANY})
"""Bounds that roots hit which are large, and may be regular."""


class _Absent:
    """No value: an attribute that only some paths set, an element that only some paths append."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


NO_WORLDS: Final[Mapping[int, range]] = {}


class UnknownV:
    """A value the trace cannot tell, with the reason.

    `reads`: calling it, or what it has, writes to no module before training (a result of `readers.only_reads`).
    `holder`: the object it was read from, which it may write to where it is a method.
    """

    __slots__ = ("holder", "reads", "reason")

    def __init__(self, reason: str, reads: bool = False, holder: InstanceV | None = None) -> None:
        self.reason = reason
        self.reads = reads
        self.holder = holder

    def __repr__(self) -> str:
        return f"<unknown: {self.reason}>"


class MissingV(UnknownV):
    """What reading a parameter gives that its module does not have: Python raises where it is used.

    `absence` says why (`model.events.Absence`).
    """

    __slots__ = ("absence", "name", "owner")

    def __init__(self, owner: InstanceV, name: str, absence: Absence) -> None:
        super().__init__(f"{owner!r} has no {name}")
        self.owner = owner
        self.name = name
        self.absence = absence


class SymbolV(UnknownV):
    """An unknown number known to be `factor` times another unknown number.

    A layer `Linear(dim, 4 * dim)` has an unknown size but a known ratio of fans.
    """

    __slots__ = ("base", "factor")

    def __init__(self, base: object, factor: Fraction, reason: str) -> None:
        super().__init__(reason)
        self.base = self if base is None else base
        self.factor = factor

    @property
    def is_argument(self) -> bool:
        """Still the bare argument of a root, which may turn out not to be a number at all."""
        return self.base is self

    def scaled(self, factor: Fraction) -> SymbolV:
        return SymbolV(self.base, self.factor * factor, self.reason)


class PowerV(UnknownV):
    """An unknown number known to be `factor` times a power of another, that of a `SymbolV`: `dim**-0.5`."""

    __slots__ = ("base", "exponent", "factor")

    def __init__(self, base: object, factor: float, exponent: Fraction, reason: str) -> None:
        super().__init__(reason)
        self.base = base
        self.factor = factor
        self.exponent = exponent


class TurnV(UnknownV):
    """The index of a loop whose end is not known, in one of its turns: it stands for that and for all that follow."""

    __slots__ = ("turn",)

    def __init__(self, turn: int) -> None:
        super().__init__("index of unknown range")
        self.turn = turn


class AltV:
    """One of a few values; which one depends on something unknown. `worlds` holds, for options that are objects which
    arms of a branch created, by their serial numbers those of all that exists only where they are the one."""

    __slots__ = ("options", "worlds")

    def __init__(self, options: tuple[Value, ...], worlds: Mapping[int, range] = NO_WORLDS) -> None:
        self.options = options
        self.worlds = worlds

    def __repr__(self) -> str:
        return "Alt(" + ", ".join(map(repr, self.options)) + ")"


class ListV:
    """A list, set or deque. `box["items"]` is replaced, never mutated; `box["open"]` says more
    elements of unknown number and kind may follow."""

    __slots__ = ("box", "kind")

    def __init__(self, items: list[Value], is_open: bool = False, kind: str = "list") -> None:
        if len(items) > MAX_ITEMS:
            items, is_open = items[:MAX_ITEMS], True
        self.box = State({"items": items, "open": is_open})
        self.kind = kind

    @property
    def items(self) -> list[Value]:
        found: list[Value] = self.box["items"]
        return found

    @property
    def is_open(self) -> bool:
        found: bool = self.box["open"]
        return found

    def __repr__(self) -> str:
        return f"List({self.items!r}{', ...' if self.is_open else ''})"


class DictV:
    """A dict with known keys; `box["open"]` says there may be others. `asked` is true of the keywords of a root: what
    is asked of them without a default is there, anything else is not. `owner` is the module whose attributes the
    entries are (`module._modules`), `holder` the one whose parameters they are views of (`module.state_dict()`),
    `fields` the object that keeps its attributes in it (`vars(self)`)."""

    __slots__ = ("asked", "box", "default", "entries", "fields", "holder", "owner")

    def __init__(self, entries: dict[Any, Value], is_open: bool = False, default: Value = ABSENT) -> None:
        self.entries = Store(entries)
        self.box = State({"open": is_open})
        self.default = default
        self.asked = False
        self.owner: InstanceV | None = None
        self.holder: InstanceV | None = None
        self.fields: InstanceV | None = None

    @property
    def is_open(self) -> bool:
        found: bool = self.box["open"]
        return found

    def __repr__(self) -> str:
        return f"Dict({self.entries!r}{', ...' if self.is_open else ''})"


class FunctionV:
    """A function of the program: its definition, defaults and the scopes it closes over. `is_wrapped`: it stands under
    a decorator that nothing is known of, which may take other arguments than it does."""

    __slots__ = (
        "attrs", "closure", "cls", "code", "defaults", "is_wrapped", "kwdefaults", "module", "name", "no_grad",
        "qualname",
    )  # fmt: skip

    def __init__(
        self,
        code: Any,
        name: str,
        qualname: str,
        module: ModuleScope,
        closure: tuple[Store, ...],
        defaults: tuple[Value, ...],
        kwdefaults: dict[str, Value],
    ) -> None:
        self.code = code
        self.name = name
        self.qualname = qualname
        self.module = module
        self.closure = closure
        self.defaults = defaults
        self.kwdefaults = kwdefaults
        self.cls: ClassV | None = None
        self.attrs = Store()
        self.no_grad = False
        self.is_wrapped = False

    def __repr__(self) -> str:
        return f"<function {self.qualname}>"


class BoundV:
    """A function bound to its first argument."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Value, receiver: Value) -> None:
        self.function = function
        self.receiver = receiver

    def __repr__(self) -> str:
        return f"<bound {self.function!r}>"


class DescriptorV:
    """staticmethod, classmethod, property, cached_property around a function. `setter` is a property's, ABSENT where
    it has none."""

    __slots__ = ("function", "kind", "setter")

    def __init__(self, kind: str, function: Value, setter: Value = ABSENT) -> None:
        self.kind = kind
        self.function = function
        self.setter = setter


class PartialV:
    """`functools.partial(function, *args, **kwargs)`, called at `place`."""

    __slots__ = ("args", "function", "kwargs", "place")

    def __init__(
        self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value], place: Place | None = None
    ) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.place = place


class ContextV:
    """A call of a generator under `contextlib.contextmanager`: what it does waits for the `with` statement."""

    __slots__ = ("args", "function", "kwargs")

    def __init__(self, function: FunctionV, args: list[Value], kwargs: dict[str, Value]) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs


def first_yielded(made: Value) -> Value:
    """What the generator of a manager hands to the `with` statement."""
    return made.items[0] if type(made) is ListV and made.items else UnknownV("what a manager gives")


class BuiltinV:
    """A function the trace implements in Python: `fn(interpreter, args, kwargs)`."""

    __slots__ = ("fn", "name")

    def __init__(self, name: str, fn: Callable[..., Value]) -> None:
        self.name = name
        self.fn = fn

    def __repr__(self) -> str:
        return f"<builtin {self.name}>"


class ExternalV:
    """Something of a package outside the project, by its canonical dotted name."""

    __slots__ = ("name", "spec")

    def __init__(self, name: str, spec: Any = None) -> None:
        self.name = name
        self.spec = spec

    def __repr__(self) -> str:
        return f"<{self.name}>"


class TorchClassV(ExternalV):
    """A module class of torch's vocabulary (`torch.nn.Linear`, `torch.nn.Module`, ...)."""

    __slots__ = ()


class ClassV:
    """A class of the program."""

    __slots__ = ("attrs", "bases", "is_open", "module", "mro", "name", "node", "qualname", "traits")

    def __init__(
        self, name: str, qualname: str, module: ModuleScope, bases: tuple[Value, ...], node: ast.ClassDef | None
    ) -> None:
        self.name = name
        self.qualname = qualname
        self.module = module
        self.bases = bases
        self.node = node
        self.attrs = Store()
        self.mro: tuple[Value, ...] = ()
        self.is_open = False
        self.traits: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<class {self.qualname}>"


class InstanceV:
    """An object. For modules `attrs` also holds children, parameters and (under str keys "0",
    "1", ...) the elements of containers, in order of registration."""

    __slots__ = ("attrs", "born", "cls", "settings", "state")

    def __init__(self, cls: ClassV | ExternalV) -> None:
        self.cls = cls
        self.attrs = Store()
        self.settings: dict[str, Value] = {}
        self.state = State()
        self.born: Any = None

    def __repr__(self) -> str:
        return f"<{getattr(self.cls, 'name', '?')} object>"


class TensorV:
    """A symbolic tensor.

    `node` is its node in the signal graph (None for a constant that has none yet), `shape` a tuple of
    ints, SymbolV or None, or None where not even the rank is known; `history` is how a constant tensor
    was filled, which becomes the history of a parameter made from it. `source` is the parameter that a
    view or copy was taken from, with `link` "view" or "copy"; `detached` is true where autograd does not know of
    the view (`.data`, `.detach()`).
    """

    __slots__ = ("detached", "facts", "history", "link", "node", "shape", "source")

    def __init__(
        self,
        node: int | None = None,
        shape: tuple[Value, ...] | None = None,
        history: tuple[InitEvent, ...] | None = None,
        source: ParamV | None = None,
        link: str = "",
    ) -> None:
        self.node = node
        self.shape = shape
        self.history = history
        self.source = source
        self.link = link
        self.detached = False
        self.facts: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<tensor {self.node}>"


class ParamV(TensorV):
    """A parameter. `made` is its fact once the root is over; `state` holds, journaled: `histories` (one tuple of
    events for each way it may have been written), `complete`, `trainable`, `reparametrized`, `loaded`."""

    __slots__ = ("made", "state")

    def __init__(self, shape: tuple[Value, ...] | None) -> None:
        super().__init__(None, shape)
        self.made: Parameter | None = None
        self.state = State({"histories": ((),), "complete": True, "trainable": True})

    @property
    def is_complete(self) -> bool:
        """Whether all that was ever written is among the histories."""
        return bool(self.state["complete"]) and len(self.state["histories"]) <= MAX_WAYS

    def __repr__(self) -> str:
        return "<parameter>"


def mark_of(name: str) -> str:
    """Where a parameter's state keeps an attribute that tensors do not have of themselves and somebody set."""
    return f".{name}"


class RangeV:
    """`range(...)` whose bounds are not all known."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Value, stop: Value, step: Value) -> None:
        self.start = start
        self.stop = stop
        self.step = step


class SuperV:
    """`super()`: attribute look-up starts after `cls` in the receiver's class."""

    __slots__ = ("cls", "receiver")

    def __init__(self, cls: ClassV, receiver: Value) -> None:
        self.cls = cls
        self.receiver = receiver


class ModuleScope:
    """A module of the project: its names, and where it stands."""

    __slots__ = ("file", "name", "names", "open_names", "package", "status", "tree")

    def __init__(self, name: str, file: str, package: str) -> None:
        self.name = name
        self.file = file
        self.package = package
        with before_roots():
            self.names = Store()
        self.tree: ast.Module | None = None
        self.status = "new"
        self.open_names = False

    def __repr__(self) -> str:
        return f"<module {self.name}>"


CONSTANTS = (int, float, str, bytes, bool, complex, type(None), type(Ellipsis))
_CONSTANT_TYPES: Final = frozenset(CONSTANTS)


def is_constant(value: Value) -> bool:
    """A Python constant that stands for itself."""
    return isinstance(value, CONSTANTS)


def all_constant(values: Sequence[Value]) -> bool:
    """Whether each of many values is a constant."""
    return _CONSTANT_TYPES.issuperset(map(type, values))


def options_of(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value; a plain value is its own only one."""
    return value.options if type(value) is AltV else (value,)


def parts_of(value: Value) -> Iterable[Value]:
    """What is in a value: the alternatives, entries or items, and the function of a partial call."""
    if isinstance(value, AltV):
        return value.options
    if isinstance(value, DictV):
        return list(value.entries.values())
    if isinstance(value, ListV):
        return value.items
    if isinstance(value, PartialV):
        return (value.function,)
    return value if isinstance(value, tuple) else ()


MAX_ALTERNATIVES: Final = 8


def _same(left: Value, right: Value) -> bool:
    if left is right:
        return True
    kind = type(left)
    if kind is not type(right):
        return False
    if kind in (int, float, str, bytes, bool):
        return bool(left == right)
    if kind is tuple:
        return _same_tuples(left, right)
    if kind is SymbolV:
        return bool(left.base is right.base and left.factor == right.factor)
    if kind is PowerV:
        return bool(left.base is right.base and left.factor == right.factor and left.exponent == right.exponent)
    if kind is BoundV:
        return left.receiver is right.receiver and _same(left.function, right.function)
    if kind is FunctionV:
        return _same_functions(left, right)
    if kind in (ExternalV, TorchClassV):
        return bool(left.name == right.name)
    return kind is UnknownV and left.holder is right.holder and bool(left.reads == right.reads)


def _same_functions(left: FunctionV, right: FunctionV) -> bool:
    return (
        left.code is right.code
        and left.closure == () == right.closure
        and left.cls is right.cls
        and _same_tuples(left.defaults, right.defaults)
        and left.kwdefaults.keys() == right.kwdefaults.keys()
        and all(_same(default, right.kwdefaults[name]) for name, default in left.kwdefaults.items())
    )


def _same_tuples(left: tuple[Value, ...], right: tuple[Value, ...]) -> bool:
    """As `same`; not certain where they hold too much."""
    waiting = [(left, right)]
    remaining = MAX_ITEMS
    while waiting:
        left, right = waiting.pop()
        remaining -= len(left)
        if len(left) != len(right) or remaining < 0:
            return False
        for x, y in zip(left, right, strict=True):
            if type(x) is tuple and type(y) is tuple:
                if x is not y:
                    waiting.append((x, y))
            elif not _same(x, y):
                return False
    return True


def is_small(value: Value) -> bool:
    """Whether a nest of tuples, lists and dicts holds few enough parts, each counted as often as it is there, to be
    walked through."""
    waiting = [value]
    remaining = MAX_ITEMS
    while waiting:
        value = waiting.pop()
        if type(value) is ListV:
            parts: Sequence[Value] = value.items
        elif type(value) is DictV:
            parts = list(value.entries.values())
        elif type(value) is tuple:
            parts = value
        else:
            continue
        remaining -= len(parts)
        if remaining < 0:
            return False
        waiting.extend(parts)
    return True


def same(left: Value, right: Value) -> bool:
    """Whether two values are certainly interchangeable."""
    return _same(left, right)


def alternatives(values: list[Value]) -> Value:
    """One of `values`: flattened, without repetition; unknown when there are too many."""
    flat: list[Value] = []
    for value in values:
        for option in options_of(value):
            if not any(_same(option, seen) for seen in flat):
                flat.append(option)
    if len(flat) == 1:
        return flat[0]
    if len(flat) > MAX_ALTERNATIVES:
        numbers = all(isinstance(option, int | float) for option in flat)
        return UnknownV("number with many values" if numbers else "too many alternatives")
    return AltV(tuple(flat))
