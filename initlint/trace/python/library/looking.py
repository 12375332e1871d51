"""`inspect`, `importlib` and `types`: functions, classes and modules that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from initlint.trace.machine.code import wrappings
from initlint.trace.machine.values import (
    AltV,
    BoundV,
    ClassV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    UnknownV,
    Value,
)
from initlint.trace.program.external import is_module_class
from initlint.trace.python.classes import find_in_class
from initlint.trace.python.library.registry import library, plain_class

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("importlib.import_module")
def _import_module(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    package = args[1] if len(args) > 1 else kwargs.get("package")
    if isinstance(name, str) and name.startswith(".") and isinstance(package, str):
        above = package.split(".")
        level = len(name) - len(name.lstrip("."))
        name = ".".join([*above[: len(above) - level + 1], name[level:]]).strip(".")
    if not isinstance(name, str) or not name or name.startswith("."):
        return UnknownV("a module whose name is not known")
    return interpreter.project.module_called(name, interpreter.frame)


@library("types.SimpleNamespace", "argparse.Namespace")
def _namespace(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    made = InstanceV(plain_class(interpreter, "SimpleNamespace", "**" in kwargs))
    made.attrs.update({name: value for name, value in kwargs.items() if not name.startswith("**")})
    return made


def code_object(interpreter: Interpreter, function: FunctionV) -> InstanceV:
    """`function.__code__`: what it says of the parameters. Whatever else it has is unknown."""
    code = function.code
    names = (*code.params, *code.kwonly, *filter(None, (code.vararg, code.kwarg)))
    made = InstanceV(plain_class(interpreter, "code", True))
    made.attrs.update({
        "co_argcount": len(code.params), "co_kwonlyargcount": len(code.kwonly), "co_name": function.name,
        "co_varnames": (*names, *sorted(code.locals.difference(names))),
    })
    return made


@library("inspect.isclass")
def _is_class(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    given = args[0] if args else kwargs.get("object")
    if isinstance(given, UnknownV | AltV | ExternalV) and not is_module_class(given):
        return UnknownV("class or not")
    return isinstance(given, ClassV | ExternalV)


@library("inspect.signature")
def _signature(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """The parameters of a function of the program by name, with their defaults; what a receiver fills is left out."""
    found, filled = args[0] if args else kwargs.get("callable"), 0
    if isinstance(found, ClassV):
        found, filled = find_in_class(found, "__init__")[1], 1
    chain = list(wrappings(found, BoundV))
    filled, found = filled + sum(isinstance(each, BoundV) for each in chain), chain[-1]
    if not isinstance(found, FunctionV):
        return UnknownV("signature of something unknown")
    code = found.code
    defaults = dict(zip(code.params[len(code.params) - len(found.defaults) :], found.defaults, strict=True))
    names = (*code.params[filled:], code.vararg, *code.kwonly, code.kwarg)
    parameters: dict[Any, Value] = {}
    for name in filter(None, names):
        made = parameters[name] = InstanceV(plain_class(interpreter, "Parameter", True))
        made.attrs["name"] = name
        if name in defaults or name in found.kwdefaults:
            made.attrs["default"] = defaults.get(name, found.kwdefaults.get(name))
    signature = InstanceV(plain_class(interpreter, "Signature", True))
    signature.attrs["parameters"] = DictV(parameters)
    return signature
