"""What lies outside the project: torch, Python's library and known packages, by dotted name."""

from __future__ import annotations

import ast
import importlib
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from initlint.model.graph import Role
from initlint.trace.machine import limits
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    DescriptorV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    PartialV,
    Raised,
    TorchClassV,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.python.iteration import elements
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.distributions import LOGITS
from initlint.trace.vocabulary.functions import FUNCTIONS
from initlint.trace.vocabulary.initializers import INITIALIZERS
from initlint.trace.vocabulary.modules import MODULES
from initlint.trace.vocabulary.packages.readers import only_reads
from initlint.trace.vocabulary.signatures import Kind, parameters_of
from initlint.trace.vocabulary.spec import (
    PREFIXES,
    FactorySpec,
    FillSpec,
    FunctionSpec,
    HelperSpec,
    InitializerSpec,
    ModuleSpec,
)

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs
    from initlint.trace.record.recorder import Recorder

PURE_MODULES: Final = frozenset({"math", "operator", "string", "keyword"})
"""Modules of the standard library whose constants and functions on plain values are simply used."""


@cache
def external(name: str) -> Value:
    """The value of a dotted name outside the project."""
    from initlint.trace.python.stdlib import STDLIB

    if name in STDLIB:
        return STDLIB[name]
    module, _, member = name.rpartition(".")
    if module in PURE_MODULES:
        found = getattr(importlib.import_module(module), member, ABSENT)
        if isinstance(found, int | float | str):
            return found
    spec = lookup(name)
    if isinstance(spec, ModuleSpec):
        return TorchClassV(canonical(name, spec), spec)
    if isinstance(spec, HelperSpec) and spec.kind == "value":
        return spec.value
    return ExternalV(name, spec)


def canonical(name: str, spec: ModuleSpec) -> str:
    """`torch.nn.modules.linear.Linear` is `torch.nn.Linear`."""
    return f"torch.nn.{spec.name}" if name.startswith("torch.nn.") else name


def external_attribute(value: ExternalV, name: str) -> Value:
    """`value.name`."""
    if isinstance(value, TorchClassV):
        from initlint.trace.python.classes import find_in_class

        _, found = find_in_class(value, name)
        if found is not ABSENT:
            return found
        if name in ("__name__", "__qualname__"):
            return value.spec.name
        spec = lookup(f"{value.name}.{name}")
        return UnknownV(f"{value.name} has no known {name}") if spec is None else external(f"{value.name}.{name}")
    if name == "__name__":
        return value.name.rpartition(".")[2]
    return external(f"{value.name}.{name}")


def external_has(value: ExternalV, name: str) -> bool | None:
    """`hasattr(value, name)`: what the vocabulary lists is there."""
    found = external_attribute(value, name)
    if isinstance(found, UnknownV) or (isinstance(found, ExternalV) and found.spec is None):
        return None
    return True


@cache
def is_known_package(top: str) -> bool:
    """Packages that are read from tables, never from source."""
    return top in ("torch", "numpy") or top in sys.stdlib_module_names


def star_names(module: str) -> list[str] | None:
    """What `from module import *` binds, for the modules the vocabulary covers whole."""
    if module in ("torch.nn", "torch.nn.modules"):
        return [*MODULES, "Parameter", "functional", "init", "utils"]
    if module == "torch.nn.init":
        return list(INITIALIZERS)
    if module in PURE_MODULES:
        return [name for name in dir(importlib.import_module(module)) if not name.startswith("_")]
    return None


@cache
def public_names(module: str) -> tuple[str, ...]:
    """Names that a module of torch surely has; it may have more."""
    known = star_names(module) or []
    surfaces = {surface for surface, prefix in PREFIXES.items() if prefix == module}
    return tuple(sorted({*known, *(name for name, spec in FUNCTIONS.items() if spec.surfaces & surfaces)}))


# -- classes ----------------------------------------------------------------------------------


def is_module_class(value: Value) -> bool:
    """Whether this is a class of modules outside the project."""
    return isinstance(value, TorchClassV) or (
        isinstance(value, ExternalV) and value.name in MODULE_BASES
    )


LIGHTNING: Final = frozenset(
    {
        "pytorch_lightning.LightningModule",
        "pytorch_lightning.core.LightningModule",
        "pytorch_lightning.core.lightning.LightningModule",
        "lightning.LightningModule",
        "lightning.pytorch.LightningModule",
    }
)
"""The class of modules that a trainer calls hooks of."""
MODULE_BASES: Final = LIGHTNING | {"torch.jit.ScriptModule", "huggingface_hub.PyTorchModelHubMixin"}
"""Classes of modules whose constructors add no layers and initialise nothing."""
PLAIN_BASES: Final = frozenset(
    {"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple", "typing.TypedDict", "enum.Enum",
     "enum.IntEnum", "enum.StrEnum", "enum.Flag", "builtins.object", "collections.OrderedDict", "collections.UserDict",
     "dict", "list", "tuple", "set", "str", "int", "float", "Exception", "torch.autograd.Function",
     "torch.utils.data.Dataset", "types.SimpleNamespace"}
)


def is_plain_base(value: ExternalV) -> bool:
    """A base class outside the project of which all that matters is known."""
    return (
        isinstance(value, TorchClassV)
        or value.name in MODULE_BASES
        or value.name in PLAIN_BASES
        or value.name.startswith(("typing.", "abc.", "enum.", "collections.abc."))
    )


def external_subclass(cls: ExternalV, base: Value) -> bool | None:
    """Whether a class outside the project derives from another."""
    if not isinstance(cls, TorchClassV):
        return None
    return _torch_subclass(cls, base) if isinstance(base, ExternalV) else False


@cache
def _torch_subclass(cls: TorchClassV, base: ExternalV) -> bool | None:
    name = base.name
    seen = cls.spec
    while seen is not None:
        if name in (f"torch.nn.{seen.name}", f"torch.nn.modules.{seen.name}"):
            return True
        if not seen.base:
            break
        parent = lookup(f"torch.nn.{seen.base}")
        seen = parent if isinstance(parent, ModuleSpec) else None
    if isinstance(base, TorchClassV) or name.startswith("torch."):
        family = _FAMILIES.get(name.rpartition(".")[2])
        return cls.spec.family == family if family and name.rpartition(".")[2].startswith("_") else False
    return None


_FAMILIES: Final = {"_BatchNorm": "batch_norm", "_InstanceNorm": "instance_norm", "_ConvNd": "conv"}


def class_item(interpreter: Interpreter, value: Value, index: Value, frame: Frame) -> Value:
    """`Class[item]`: an enum member, a table, or a type expression."""
    from initlint.trace.python.classes import kind_of

    if isinstance(value, ClassV):
        if isinstance(index, str) and index in value.attrs and kind_of(value) == "enum":
            from initlint.trace.python.attributes import class_attribute

            return class_attribute(interpreter, value, index)
        return value
    spec = value.spec
    if isinstance(spec, HelperSpec) and spec.kind == "activations":
        return interpreter.each(index, lambda name: _activation_module(interpreter, spec, name, [], {}, frame))
    if value.name.startswith(("typing.", "collections.", "collections.abc.")):
        return value
    if value.name == "sys.modules" and isinstance(index, str):
        return interpreter.project.module_called(index, frame)
    return UnknownV(f"item of {value.name}")


# -- calls ------------------------------------------------------------------------------------


def call_external(interpreter: Interpreter, function: ExternalV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """Call something outside the project."""
    recorder = interpreter.recorder
    spec = function.spec
    if "out" in kwargs and not recorder.running_forward and not isinstance(function, TorchClassV):
        recorder.escape(kwargs["out"])
    if isinstance(function, TorchClassV):
        from initlint.trace.torch.modules import construct

        return construct(interpreter, function, args, kwargs, frame)
    if isinstance(spec, FunctionSpec):
        return recorder.function(function.name, spec, args, kwargs, frame)
    if isinstance(spec, InitializerSpec):
        return recorder.initialize(function.name, spec, args, kwargs, frame)
    if isinstance(spec, FactorySpec):
        return recorder.factory(function.name, spec, args, kwargs, frame)
    if isinstance(spec, FillSpec):
        return recorder.fill(args[0], function.name.rpartition(".")[2], spec, args[1:], kwargs, frame)
    if isinstance(spec, HelperSpec):
        return call_helper(interpreter, function, spec, args, kwargs, frame)
    if function.name in ("torch.nn.Parameter", "torch.nn.parameter.Parameter"):
        return recorder.parameter(args, kwargs, frame)
    module, _, member = function.name.rpartition(".")
    if module in PURE_MODULES:
        return pure(getattr(importlib.import_module(module), member, None), args, kwargs)
    if function.name.startswith("torch.distributions."):
        return distribution(recorder, function.name, args, kwargs, frame)
    if only_reads(function.name):
        return recorder.unknown_call(f"result of {function.name}", args, kwargs, frame, reads=True)
    from initlint.trace.torch.pretrained import pretrained

    model = pretrained(interpreter, function.name, args, kwargs, frame)
    if model is not None:
        return model
    return recorder.unknown_call(f"{function.name} is outside the project", args, kwargs, frame)


def distribution(recorder: Recorder, name: str, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`torch.distributions.Normal(mean, std)`: signals end in it as they do in a loss, logits as they are or as the
    probabilities that some of its methods work out."""
    signals = [tensor for value in (*args, *kwargs.values()) for tensor in recorder.tensors_in(value)]
    inputs = dict.fromkeys(recorder.source(tensor, frame) for tensor in signals if recorder.is_signal(tensor))
    spec = LOGITS.get(name.rpartition(".")[2])
    logits = None if spec is None else kwargs.get("logits", args[spec.position] if len(args) > spec.position else None)
    if spec is not None and recorder.is_signal(logits):
        made = recorder.emit(Role.ACTIVATION, spec.activation, [recorder.source(logits, frame)], frame)
        inputs[recorder.source(made, frame)] = None
    return recorder.emit(Role.LOSS, name, inputs, frame) if inputs else UnknownV(f"result of {name}", reads=True)


def pure(function: object, args: Args, kwargs: Kwargs) -> Value:
    """A function of the standard library on plain values."""
    plain = [tuple(arg.items) if isinstance(arg, ListV) and not arg.is_open else arg for arg in args]

    def known(value: Value) -> bool:
        return all(map(known, value)) if isinstance(value, tuple) else is_constant(value)

    if not callable(function) or not all(map(known, plain)) or not all(map(known, kwargs.values())):
        return UnknownV("arithmetic on something unknown")
    from initlint.trace.python.operators import arithmetic, operator_of

    operator = operator_of(function)
    try:
        if operator is not None and len(plain) == 2 and not kwargs:
            return arithmetic(operator, *plain)
        result = limits.apply(function, plain, kwargs)
    except (ArithmeticError, TypeError, ValueError, AttributeError) as problem:
        raise Raised(type(problem).__name__) from None
    if isinstance(result, list):
        return ListV(result)
    return result if is_constant(result) or isinstance(result, tuple) else UnknownV("result not known")


def call_helper(
    interpreter: Interpreter, function: ExternalV, spec: HelperSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """Wrappers, decorators and plain functions of known packages."""
    from initlint.trace.torch.modules import reparametrize

    bound = _named(spec, args, kwargs)
    match spec.kind:
        case "answer":
            return spec.value
        case "identity":
            if spec.returns is not None and spec.returns in bound:
                return bound[spec.returns]
            return args[0] if args else BuiltinV("identity", _first)
        case "context":
            return _context(function, spec, args, bound)
        case "reparametrize":
            return reparametrize(interpreter, function.name, args, kwargs, frame)
        case "call" | "chain":
            callee = bound.get(spec.calls or "function", ABSENT)
            if callee is ABSENT:
                return UnknownV(f"{function.name} without a function")
            return _call_inner(interpreter, spec, callee, args, kwargs, frame)
        case "build":
            return interpreter.call(args[0], list(args[1:]), kwargs, frame) if args else UnknownV("nothing to build")
        case "pure":
            implementation = resolve(spec.implementation)
            if isinstance(implementation, BuiltinV):
                return interpreter.call(implementation, args, kwargs, frame)
            return pure(implementation, args, kwargs)
        case "parameter":
            return interpreter.recorder.parameter(args, kwargs, frame)
        case "buffer":
            return args[0] if args else UnknownV("buffer")
        case "gain" | "fans":
            from initlint.trace.torch import init as torch_init

            measure = torch_init.gain if spec.kind == "gain" else torch_init.fans_of
            return measure(interpreter.recorder, function.name, spec, args, kwargs, frame)
        case "source":
            from initlint.trace.torch.modules import defined

            return interpreter.call(defined(spec.name, spec.source), args, kwargs, frame)
        case "activations":
            names = bound.get(spec.calls or "", args[0] if args else None)
            return interpreter.each(
                names, lambda name: _activation_module(interpreter, spec, name, args, kwargs, frame)
            )
        case _:
            from initlint.trace.torch.pretrained import pretrained

            model = pretrained(interpreter, function.name, args, kwargs, frame)
            if model is not None:
                return model
            return interpreter.recorder.unknown_call(f"{function.name} is not followed", args, kwargs, frame)


def _first(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return args[0] if args else None


def _context(function: ExternalV, spec: HelperSpec, args: Args, bound: dict[str, Value]) -> Value:
    """A context manager, or the function it decorates."""
    if spec.at_once and bound.get("mode") is True:
        spec = spec._replace(no_grad=False)
    if args and isinstance(args[0], FunctionV):
        args[0].no_grad = args[0].no_grad or spec.no_grad
        return args[0]
    return ExternalV(function.name, spec)


def _activation_module(
    interpreter: Interpreter, spec: HelperSpec, name: Value, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`ACT2FN[name]`, `create_act_layer(name)`: an instance of the module that the name stands for."""
    table = spec.value
    dotted = table.get(name) if isinstance(name, str) and hasattr(table, "get") else None
    if dotted is not None:
        return interpreter.call(external(dotted), [], {}, frame)
    if isinstance(name, ClassV | ExternalV | FunctionV | PartialV):
        return interpreter.call(name, [], {}, frame)
    return UnknownV(f"activation {name!r} is not known")


def _named(spec: HelperSpec, args: Args, kwargs: Kwargs) -> dict[str, Value]:
    names = [p.name for p in parameters_of(spec.signature) if p.kind is Kind.POSITIONAL] if spec.signature else []
    return {**dict(zip(names, args, strict=False)), **kwargs}


def _call_inner(
    interpreter: Interpreter, spec: HelperSpec, callee: Value, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`checkpoint(function, *args)`: call the first argument on the others it takes."""
    own = {p.name for p in parameters_of(spec.signature) if p.kind is Kind.KEYWORD} if spec.signature else set()
    named = {p.name for p in parameters_of(spec.signature) if p.kind is Kind.POSITIONAL} if spec.signature else set()
    rest = [arg for arg in args if arg is not callee]
    passed = {name: value for name, value in kwargs.items() if name not in own and name not in named}
    if any(p.kind is Kind.ARGUMENTS for p in parameters_of(spec.signature)) if spec.signature else True:
        return interpreter.call(callee, rest, passed, frame)
    bound = _named(spec, args, kwargs)
    value = bound.get("input", rest[-1] if rest else None)
    layers = elements(interpreter, callee, frame).values
    for layer in layers:
        if not isinstance(layer, AltV) or ABSENT not in layer.options:
            value = interpreter.call(layer, [value], {}, frame)
    return value


@cache
def resolve(name: str | None) -> Value:
    """An implementation named by the vocabulary: a builtin of the trace, else Python's own."""
    from initlint.trace.python.builtins import BUILTINS

    if name is None:
        return None
    module, _, member = name.rpartition(".")
    if module in ("", "builtins") and member in BUILTINS:
        return BUILTINS[member]
    return getattr(importlib.import_module(module or "builtins"), member, None)


# -- decorators and context managers ----------------------------------------------------------


def disables_grad(manager: Value) -> bool:
    """`torch.no_grad()` and its kin."""
    spec = getattr(manager, "spec", None)
    return isinstance(spec, HelperSpec) and spec.no_grad


def set_at_once(manager: ExternalV, frame: Frame) -> None:
    """`torch.set_grad_enabled(False)` as a statement: autograd is off from here on, for the callers too."""
    if not disables_grad(manager) or not manager.spec.at_once:
        return
    for inside in frame.chain():
        inside.no_grad = True


DECORATOR_STEPS: Final = 400
"""Steps that a decorator of the project may take: one that goes on, to write documents, gives back what it is given."""


def decorate(interpreter: Interpreter, decorator: Value, value: Value, frame: Frame, syntax: ast.expr) -> Value:
    """`@decorator`: what outside decorators wrap keeps doing what it did."""
    if isinstance(decorator, FunctionV | BoundV | ClassV | PartialV | InstanceV):
        try:
            result = interpreter.within(
                DECORATOR_STEPS, lambda: interpreter.call(decorator, [value], {}, frame, syntax), value
            )
        except Raised:
            return value
        if isinstance(result, FunctionV) and result is not value:
            result.attrs.setdefault("__wrapped__", value)
        return value if isinstance(result, UnknownV) or result is None else result
    if isinstance(decorator, BuiltinV):
        return interpreter.call(decorator, [value], {}, frame, syntax)
    if disables_grad(decorator) and isinstance(value, FunctionV):
        value.no_grad = True
    if isinstance(decorator, ExternalV) and isinstance(decorator.spec, HelperSpec) and decorator.spec.kind == "source":
        result = interpreter.call(decorator, [value], {}, frame, syntax)
        return value if isinstance(result, UnknownV) else result
    if isinstance(value, FunctionV) and getattr(decorator, "spec", None) is None:
        value.is_wrapped = True
    return value


__all__ = ["DescriptorV", "Role", "call_external", "decorate", "disables_grad", "external"]
