"""`contextlib`: managers of `with` statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import BuiltinV, ContextV, ExternalV, FunctionV, InstanceV, Value
from initlint.trace.python.library.registry import LIBRARY, library, told, written
from initlint.trace.python.library.sources import CLOSING, EXIT_STACK, NULL_CONTEXT, SUPPRESS

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

written("contextlib.nullcontext", NULL_CONTEXT)
written("contextlib.closing", CLOSING)
written("contextlib.suppress", SUPPRESS)
written("contextlib.ExitStack", EXIT_STACK)


@library("contextlib.contextmanager", "contextlib.asynccontextmanager")
def _manager(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    function = args[0] if args else kwargs.get("func")
    if not isinstance(function, FunctionV):
        return function
    return BuiltinV(function.name, lambda machine, given, named: ContextV(function, list(given), dict(named)))


def swallowed(manager: Value) -> frozenset[str]:
    """The names of the exceptions that end a `with` statement under this manager quietly."""
    if not isinstance(manager, InstanceV) or manager.cls is not told(LIBRARY["contextlib.suppress"]):
        return frozenset()
    given = manager.attrs.get("exceptions", ())
    return frozenset(each.name.rpartition(".")[2] for each in given if isinstance(each, ExternalV))
