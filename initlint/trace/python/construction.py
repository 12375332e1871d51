"""What runs when an object is made, beside its `__init__`: metaclasses, `__new__`, and the hooks that Lightning calls
before it trains a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ClassV, DescriptorV, ExternalV, FunctionV, InstanceV, Raised, Value
from initlint.trace.program.external import LIGHTNING
from initlint.trace.python.classes import find_in_class
from initlint.trace.record.handed import fills

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Interpreter

_HOOKS: Final = (("configure_model", ()), ("setup", ("fit",)), ("on_fit_start", ()), ("on_train_start", ()))
"""Methods of a LightningModule that its trainer calls before the first step, in order, with what it gives them."""
_HOOK_STEPS: Final = 4_000
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
    owner, maker = find_in_class(cls, "__new__")
    if isinstance(maker, DescriptorV):
        maker = maker.function
    if isinstance(owner, ClassV) and fills(maker):
        return True
    return any(isinstance(base, ClassV) and base.traits.get("remade") for base in cls.mro)


def _hooks(cls: ClassV) -> tuple[tuple[FunctionV, tuple[Value, ...]], ...]:
    if not any(isinstance(base, ExternalV) and base.name in LIGHTNING for base in cls.mro):
        return ()
    found = [(find_in_class(cls, name)[1], arguments) for name, arguments in _HOOKS]
    return tuple((function, arguments) for function, arguments in found if isinstance(function, FunctionV))
