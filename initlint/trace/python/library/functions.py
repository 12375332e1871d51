"""`functools` and `operator`: functions made of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import (
    BoundV,
    BuiltinV,
    ClassV,
    DescriptorV,
    FunctionV,
    InstanceV,
    PartialV,
    Raised,
    UnknownV,
    Value,
)
from initlint.trace.python.library.registry import every_element, library, written
from initlint.trace.python.library.sources import DISPATCHING_METHOD, PARTIAL_METHOD
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

CACHED: Final = "cached property"
"""The kind of a descriptor."""

written("functools.partialmethod", PARTIAL_METHOD)


@library("functools.partial")
def _partial(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if type(args[0]) is PartialV:
        inner = args[0]
        args, kwargs = [inner.function, *inner.args, *args[1:]], {**inner.kwargs, **kwargs}
    return PartialV(args[0], tuple(args[1:]), dict(kwargs), interpreter.frame.place())


@library("functools.wraps", "functools.update_wrapper")
def _wraps(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) > 1:
        return _mark_wrapper(args[0], args[1])
    inner = args[0] if args else kwargs.get("wrapped")
    return BuiltinV("identity", lambda machine, given, named: _mark_wrapper(given[0], inner) if given else None)


def _mark_wrapper(wrapper: Value, wrapped: Value) -> Value:
    """A wrapper passes for the function it wraps."""
    if isinstance(wrapper, FunctionV) and isinstance(wrapped, FunctionV) and wrapper is not wrapped:
        wrapper.attrs["__wrapped__"] = wrapped
        wrapper.attrs["__name__"] = wrapped.attrs.get("__name__", wrapped.name)
    return wrapper


@library("functools.lru_cache", "functools.cache", "functools.total_ordering",
         "abc.abstractmethod", "typing.overload", "typing.final", "typing.no_type_check",
         "typing.runtime_checkable", "typing_extensions.override", "typing.override")
def _identity(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], FunctionV | ClassV | BoundV | DescriptorV):
        return args[0]
    return BuiltinV("identity", lambda machine, given, named: given[0] if given else None)


@library("functools.cached_property")
def _cached(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return DescriptorV(CACHED, args[0])


def kept_result(interpreter: Interpreter, function: Value, instance: InstanceV) -> Value:
    """What a cached property gives: plain objects hold it from then on. Modules do not, where it would count as a part
    of them."""
    result = interpreter.call(function, [instance], {}, interpreter.frame)
    if isinstance(function, FunctionV) and not is_module(instance):
        interpreter.heap.put(instance.attrs, function.name, result)
    return result


@library("functools.singledispatch")
def _singledispatch(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.dispatch import dispatcher

    return dispatcher(interpreter, args[0])


@library("functools.singledispatchmethod")
def _singledispatchmethod(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.dispatch import dispatcher
    from initlint.trace.torch.modules import defined

    if not isinstance(args[0], FunctionV):
        return UnknownV("a method chosen by the class of its argument")
    method = defined("dispatching", DISPATCHING_METHOD)
    return interpreter.call(method, [dispatcher(interpreter, args[0], 1)], {}, interpreter.frame)


@library("functools.reduce")
def _reduce(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values = every_element(interpreter, args[1])
    if values is None:
        return UnknownV("reduce of unknown length")
    values = [*args[2:3], *values]
    if not values:
        raise Raised("TypeError")
    frame = interpreter.frame
    total = values[0]
    for value in values[1:]:
        total = interpreter.call(args[0], [total, value], {}, frame)
    return total


@library("operator.attrgetter")
def _attrgetter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    names = list(args)

    def one(machine: Interpreter, value: Value, name: Value) -> Value:
        if not isinstance(name, str):
            return UnknownV("attribute name not known")
        for part in name.split("."):
            value = machine.attribute(value, part, machine.frame)
        return value

    def get(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        found = [one(machine, given[0], name) for name in names]
        return found[0] if len(found) == 1 else tuple(found)

    return BuiltinV("attrgetter", get)


@library("operator.itemgetter")
def _itemgetter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    keys = list(args)

    def get(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        found = [item(machine, given[0], key) for key in keys]
        return found[0] if len(found) == 1 else tuple(found)

    return BuiltinV("itemgetter", get)


def item(interpreter: Interpreter, value: Value, key: Value) -> Value:
    """`value[key]`, of objects too."""
    import ast

    from initlint.trace.python.operators import subscript

    frame = interpreter.frame
    return subscript(interpreter, value, key, frame, frame.site or ast.Pass())


@library("operator.methodcaller")
def _methodcaller(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name, given, named = args[0], list(args[1:]), dict(kwargs)
    if not isinstance(name, str):
        return UnknownV("a method whose name is not known")
    return BuiltinV("methodcaller", lambda machine, values, _: machine.call(
        machine.attribute(values[0], name, machine.frame), given, named, machine.frame))


@library("types.MethodType")
def _method(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return BoundV(args[0], args[1]) if len(args) > 1 else UnknownV("method of nothing")
