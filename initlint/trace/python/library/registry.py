"""The one table of what the trace knows of Python's library, by dotted name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import may_be_absent
from initlint.trace.machine.values import BuiltinV, ClassV, ExternalV, Value
from initlint.trace.python.iteration import elements
from initlint.trace.vocabulary.spec import HelperSpec

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Function = Callable[["Interpreter", "Args", "Kwargs"], Value]
LIBRARY: Final[dict[str, Value]] = {}


class WrittenV(ExternalV):
    """A class or function of the library that Python source in `sources` tells; whoever asks for it gets what that
    source defines."""

    __slots__ = ()


def library(*names: str) -> Callable[[Function], Function]:
    """Registers what the trace does for a function of Python's library."""

    def register(function: Function) -> Function:
        for name in names:
            LIBRARY[name] = BuiltinV(name, function)
        return function

    return register


def written(dotted: str, source: str) -> None:
    """Registers a class or function that source tells."""
    LIBRARY[dotted] = WrittenV(dotted, HelperSpec(dotted.rpartition(".")[2], "source", source=source))


def elements_of(interpreter: Interpreter, value: Value) -> tuple[list[Value], bool]:
    """The elements of an iterable as far as they are known, and whether more may follow."""
    found = elements(interpreter, value, interpreter.frame)
    return found.values, not found.complete


def every_element(interpreter: Interpreter, value: Value) -> list[Value] | None:
    """The elements of an iterable; None where it is not known how many there are."""
    values, is_open = elements_of(interpreter, value)
    return None if is_open or any(map(may_be_absent, values)) else values


def plain_class(interpreter: Interpreter, name: str, is_open: bool, external: str = "") -> ClassV:
    """A class of objects of the library's own; `is_open` where they have more than is told of them, `external` its
    dotted name where programs ask whether something is of it."""
    made = ClassV(name, name, interpreter.frame.module, (), None)
    made.mro = (made, ExternalV(external)) if external else (made,)
    made.is_open = is_open
    made.traits.update(kind="plain", is_module=False)
    return made


def told(value: Value) -> Value:
    """What stands for something of the library: where source tells it, what that source defines."""
    if type(value) is not WrittenV:
        return value
    from initlint.trace.torch.modules import defined

    return defined(value.spec.name, value.spec.source)
