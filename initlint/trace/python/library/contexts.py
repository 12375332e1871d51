"""`contextlib`: managers of `with` statements."""

from __future__ import annotations

from initlint.trace.machine.values import ExternalV, InstanceV, Value
from initlint.trace.python.library.registry import LIBRARY, told, written
from initlint.trace.python.library.sources import CLOSING, EXIT_STACK, NULL_CONTEXT, SUPPRESS

written("contextlib.nullcontext", NULL_CONTEXT)
written("contextlib.closing", CLOSING)
written("contextlib.suppress", SUPPRESS)
written("contextlib.ExitStack", EXIT_STACK)


def swallowed(manager: Value) -> frozenset[str]:
    """The names of the exceptions that end a `with` statement under this manager quietly."""
    if not isinstance(manager, InstanceV) or manager.cls is not told(LIBRARY["contextlib.suppress"]):
        return frozenset()
    given = manager.attrs.get("exceptions", ())
    return frozenset(each.name.rpartition(".")[2] for each in given if isinstance(each, ExternalV))
