"""What calling something outside the project does: torch, Python's library, helpers of known packages."""

from __future__ import annotations

import ast
import importlib
import math
from functools import cache
from typing import TYPE_CHECKING

from initlint.model.graph import Role
from initlint.trace.machine import limits
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ExternalV,
    FunctionV,
    ListV,
    PowerV,
    Raised,
    SymbolV,
    TorchClassV,
    UnknownV,
    Value,
    is_constant,
)
from initlint.trace.program.external import PURE_MODULES, activation_module
from initlint.trace.python.builtins import BUILTINS
from initlint.trace.python.iteration import elements
from initlint.trace.python.library.arrays import applied
from initlint.trace.python.operators import arithmetic, operator_of
from initlint.trace.python.symbols import Symbolic, product, symbolic
from initlint.trace.torch import init as torch_init
from initlint.trace.torch.modules import construct, defined, reparametrize
from initlint.trace.torch.pretrained import pretrained
from initlint.trace.vocabulary.distributions import LOGITS
from initlint.trace.vocabulary.packages.readers import only_reads
from initlint.trace.vocabulary.signatures import Kind, parameters_of
from initlint.trace.vocabulary.spec import FactorySpec, FillSpec, FunctionSpec, HelperSpec, InitializerSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs
    from initlint.trace.record.recorder import Recorder


def call_external(interpreter: Interpreter, function: ExternalV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """Call something outside the project."""
    recorder = interpreter.recorder
    spec = function.spec
    if "out" in kwargs and not recorder.running_forward and not isinstance(function, TorchClassV):
        recorder.escape(kwargs["out"])
    if isinstance(function, TorchClassV):
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
    operator = operator_of(function)
    if not kwargs:
        found = _symbolic(function, operator, plain)
        if found is not ABSENT:
            return found

    def known(value: Value) -> bool:
        return all(map(known, value)) if isinstance(value, tuple) else is_constant(value)

    if not callable(function) or not all(map(known, plain)) or not all(map(known, kwargs.values())):
        return UnknownV("arithmetic on something unknown")
    try:
        if operator is not None and len(plain) == 2 and not kwargs:
            return arithmetic(operator, *plain)
        result = limits.apply(function, plain, kwargs)
    except (ArithmeticError, TypeError, ValueError, AttributeError) as problem:
        raise Raised(type(problem).__name__) from None
    if isinstance(result, list):
        return ListV(result)
    return result if is_constant(result) or isinstance(result, tuple) else UnknownV("result not known")


def _symbolic(function: object, operator: type | None, args: Args) -> Value:
    """What a function gives for multiples and powers of an unknown number, ABSENT where there are none."""
    match args:
        case [tuple(sizes)] if function is math.prod and any(isinstance(size, Symbolic) for size in sizes):
            return product(sizes)
        case [SymbolV() | PowerV() as number] if function is math.sqrt:
            return symbolic(ast.Pow, number, 0.5)
        case [left, right] if operator is not None and (isinstance(left, Symbolic) or isinstance(right, Symbolic)):
            return symbolic(operator, left, right)
    return ABSENT


def call_helper(
    interpreter: Interpreter, function: ExternalV, spec: HelperSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """Wrappers, decorators and plain functions of known packages."""
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
            if function.name.startswith("numpy."):
                found = applied(interpreter, spec.name, implementation, args, kwargs)
                if found is not ABSENT:
                    return found
            if isinstance(implementation, BuiltinV):
                return interpreter.call(implementation, args, kwargs, frame)
            return pure(implementation, args, kwargs)
        case "parameter":
            return interpreter.recorder.parameter(args, kwargs, frame)
        case "buffer":
            return args[0] if args else UnknownV("buffer")
        case "gain" | "fans":
            measure = torch_init.gain if spec.kind == "gain" else torch_init.fans_of
            return measure(interpreter.recorder, function.name, spec, args, kwargs, frame)
        case "source":
            return interpreter.call(defined(spec.name, spec.source), args, kwargs, frame)
        case "activations":
            names = bound.get(spec.calls or "", args[0] if args else None)
            return interpreter.each(
                names, lambda name: activation_module(interpreter, spec, name, args, kwargs, frame)
            )
        case _:
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
    if name is None:
        return None
    module, _, member = name.rpartition(".")
    if module in ("", "builtins") and member in BUILTINS:
        return BUILTINS[member]
    return getattr(importlib.import_module(module or "builtins"), member, None)
