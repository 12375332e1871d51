"""What runs when an object is made, beside its `__init__`: metaclasses, `__new__`, and the hooks that Lightning calls
before it trains a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    ABSENT,
    ClassV,
    DescriptorV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    Raised,
    UnknownV,
    Value,
)
from initlint.trace.program.external import LIGHTNING
from initlint.trace.python.classes import find_in_class, kind_of
from initlint.trace.python.generated import generate, generating_class
from initlint.trace.record.handed import fills

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_HOOKS: Final = (("configure_model", ()), ("setup", ("fit",)), ("on_fit_start", ()), ("on_train_start", ()))
"""Methods of a LightningModule that its trainer calls before the first step, in order, with what it gives them."""
_HOOK_STEPS: Final = 4_000


def make(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """`object.__new__(cls)`; of a metaclass, the class whose body has run; of a named tuple, with its fields."""
    if len(args) == 4 and isinstance(args[3], DictV) and isinstance(args[3].box.get(MADE), ClassV):
        made: ClassV = args[3].box[MADE]
        for name, value in args[3].entries.items():
            if made.attrs.get(name, ABSENT) is not value:
                interpreter.heap.put(made.attrs, name, value)
        return made
    cls = args[0] if args else None
    if not isinstance(cls, ClassV) or kind_of(cls) not in ("plain", "dataclass", "namedtuple"):
        return UnknownV("object made by its class")
    instance = InstanceV(cls)
    generated = generating_class(cls) if kind_of(cls) == "namedtuple" else None
    if generated is not None:
        generate(interpreter, instance, generated, args[1:], kwargs, interpreter.frame)
    return instance


MADE: Final = "class"
"""Where the namespace that a metaclass is given keeps the class."""


def maker_of(cls: ClassV) -> Value | None:
    """The `__new__` that makes the objects of a class, where the program defines one."""
    owner, found = find_in_class(cls, "__new__")
    if isinstance(found, DescriptorV):
        found = found.function
    return found if isinstance(owner, ClassV) and isinstance(found, FunctionV) else None


def finish(interpreter: Interpreter, instance: InstanceV, cls: ClassV, frame: Frame) -> None:
    """What happens to a module after its `__init__`."""
    found = cls.traits.get("finished")
    if found is None:
        found = cls.traits["finished"] = (_is_remade(cls), _hooks(cls))
    remade, hooks = found
    for function, arguments in hooks:
        call = [instance, *arguments][: len(function.code.params)]
        try:
            interpreter.within(_HOOK_STEPS, lambda: interpreter.call(function, call, {}, frame), None)  # noqa: B023
        except Raised:
            continue
    if remade:
        interpreter.recorder.escape(instance)


def _is_remade(cls: ClassV) -> bool:
    """Whether a metaclass, or a `__new__` that initialises, may write to instances after their `__init__`."""
    maker = maker_of(cls)
    if maker is not None and fills(maker):
        return True
    return any(isinstance(base, ClassV) and base.traits.get("remade") for base in cls.mro)


def _hooks(cls: ClassV) -> tuple[tuple[FunctionV, tuple[Value, ...]], ...]:
    if not any(isinstance(base, ExternalV) and base.name in LIGHTNING for base in cls.mro):
        return ()
    found = [(find_in_class(cls, name)[1], arguments) for name, arguments in _HOOKS]
    return tuple((function, arguments) for function, arguments in found if isinstance(function, FunctionV))
