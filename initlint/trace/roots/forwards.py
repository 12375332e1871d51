"""Running models on symbols, as those do who call them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from initlint.model.graph import Role
from initlint.trace.machine.code import REQUIRED as ASKED
from initlint.trace.machine.code import wrappings
from initlint.trace.machine.values import (
    AltV,
    BoundV,
    ClassV,
    DescriptorV,
    FunctionV,
    InstanceV,
    ListV,
    Raised,
    TensorV,
    UnknownV,
    Value,
)
from initlint.trace.python.classes import find_in_class
from initlint.trace.python.mappings import mapping_of
from initlint.trace.roots.given import defaults_of
from initlint.trace.roots.stand_ins import only_raises, stand_ins
from initlint.trace.torch.tree import children, is_module, parameters_below, torch_class, walk

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Interpreter

BESIDE_STEPS: Final = 4_000
"""Statements and calls that what stands beside a forward may take each, and the forward of what has no parameters."""
MAX_OPTIONAL: Final = 8
"""Arguments that a forward is given one by one, where it refuses to run with none and with all of them."""

_UNCALLED: Final = frozenset({"ModuleList", "ModuleDict"})
"""Modules that nobody calls: others call their parts, one by one for all that is known."""


def tried(interpreter: Interpreter, top: InstanceV, site: Frame) -> list[int]:
    """Run a module. Where that has no parameters, all that it can tell is of what its forward builds: what is not
    reached soon is given up, and what was built by then may be filled in ways that were not seen."""
    if parameters_below(top):
        return _tried(interpreter, top, site)
    built = interpreter.recorder.built
    before = len(built)
    given_up: list[int] = []
    outputs: list[int] = interpreter.within(BESIDE_STEPS, partial(_tried, interpreter, top, site), given_up)
    if outputs is given_up:
        for module in built[before:]:
            interpreter.recorder.escape(module)
    return outputs


def _tried(interpreter: Interpreter, top: InstanceV, site: Frame) -> list[int]:
    """Run a module; where it refuses what has to be given alone, with all that it may be given, or one of that."""
    try:
        return forward(interpreter, top, site)
    except Raised:
        _, own = find_in_class(top.cls, "forward")
        functions = [each for each in wrappings(own) if isinstance(each, FunctionV)]
        optional = _optional(functions[-1]) if functions else ()
        if not optional:
            raise
        single = [(name,) for name in optional[:MAX_OPTIONAL]] if len(optional) > 1 else []
        for given in (optional, *single, ()):
            interpreter.recorder.begin_forward([top])
            interpreter.steps = 0
            try:
                return forward(interpreter, top, site, given)
            except Raised:
                continue
        raise


def forward(interpreter: Interpreter, top: InstanceV, site: Frame, given: Sequence[str] = ()) -> list[int]:
    """Run a module on symbolic inputs, some `given` that are none without among them; the nodes it returns."""
    outputs: list[int] = []
    owner, own = find_in_class(top.cls, "forward")
    called = find_in_class(top.cls, "__call__")[1]
    if isinstance(called, FunctionV) and called.code.params[1:]:     # else it hands on whatever it is given
        own = called
    if isinstance(own, DescriptorV):
        own = own.function
    if isinstance(own, FunctionV) and not only_raises(own):
        returned = _run(interpreter, top, own, site, given)
        if not given:
            returned += _with_options(interpreter, top, own, site)
        return returned + _beside(interpreter, top, site)
    torch_own = torch_class(top.cls)
    if torch_own is not None and torch_own.spec.name in _UNCALLED:
        outputs = []
        for _, part in children(top):
            with suppress(Raised):
                outputs += forward(interpreter, part, site)
        return outputs
    if torch_own is not None and torch_own.spec.name != "Module" and not isinstance(owner, ClassV):
        return _returned(interpreter, top, [interpreter.recorder.emit(Role.INPUT, "input", ())], {}, site)
    outputs = []
    for method in stand_ins(top):
        with suppress(Raised):
            outputs.extend(_run(interpreter, BoundV(method, top), method, site))
    for _, part in _idle(interpreter, top):
        with suppress(Raised):      # others run it: what they make of its result is not seen
            forward(interpreter, part, site)
    return outputs


def _with_options(interpreter: Interpreter, top: InstanceV, own: FunctionV, site: Frame) -> list[int]:
    """What a module returns that is given what it may be given as well, where that has to do with parts of it which
    were not applied without. What became of the others is known from the run without."""
    *_, function = (each for each in wrappings(own) if isinstance(each, FunctionV))
    optional = _optional(function)
    if not optional or not _waiting(interpreter, top):
        return []
    recorder = interpreter.recorder
    before = len(recorder.nodes)
    applied = _applied(interpreter)
    outputs: list[int] = []
    with suppress(Raised):
        outputs = interpreter.within(BESIDE_STEPS, partial(_run, interpreter, top, own, site, optional), [])
    recorder.overlook(before, applied)
    return outputs


def _beside(interpreter: Interpreter, top: InstanceV, site: Frame) -> list[int]:
    """What the methods beside a `forward` return that apply what it leaves out; what is left then is run by itself."""
    outputs: list[int] = []
    waiting = {name for name, _ in _waiting(interpreter, top)}
    for method in stand_ins(top, waiting) if waiting else ():
        with suppress(Raised):
            run = partial(_run, interpreter, BoundV(method, top), method, site)
            outputs += interpreter.within(BESIDE_STEPS, run, [])
    for _, part in _waiting(interpreter, top):
        _, own = find_in_class(part.cls, "forward")
        if isinstance(own, FunctionV) and not only_raises(own):
            with suppress(Raised):
                interpreter.within(BESIDE_STEPS, partial(forward, interpreter, part, site), [])
    return outputs


def _applied(interpreter: Interpreter) -> set[int]:
    """The modules and the parameters that computed something so far, by identity."""
    return {
        id(each)
        for node in interpreter.recorder.nodes
        for each in (node.owner, node.weight, *node.params)
        if each is not None
    }


def _idle(interpreter: Interpreter, top: InstanceV) -> list[tuple[str, InstanceV]]:
    """The parts of a module that have weights and of which nothing was applied so far."""
    applied = _applied(interpreter)
    idle = []
    for name, part in children(top):
        if not any(id(each) in applied for _, each in walk(part)):
            weights = parameters_below(part)
            if weights and not any(id(each) in applied for each in weights):
                idle.append((name, part))
    return idle


def _waiting(interpreter: Interpreter, top: InstanceV) -> list[tuple[str, InstanceV]]:
    """The idle parts of a module but for those that code was given which may apply them in ways of its own."""
    given: set[int] = set()
    for module in interpreter.recorder.given_away:
        for _ in walk(module, seen=given):      # which fills `given`
            pass
    return [(name, part) for name, part in _idle(interpreter, top) if id(part) not in given]


def _run(
    interpreter: Interpreter, callee: Value, function: FunctionV, site: Frame, given: Sequence[str] = ()
) -> list[int]:
    """Call a module, or a method of it, on a symbol for each argument that has no default, where all have one for
    the first that is None without, and for those that are to be `given`."""
    *_, function = (each for each in wrappings(function) if isinstance(each, FunctionV))
    recorder, code = interpreter.recorder, function.code
    params = code.params[1:]
    required = params[: len(code.params) - len(function.defaults) - 1]
    if params and not required and function.defaults[-len(params)] is None:
        required = params[:1]
    args: list[Value] = [recorder.emit(Role.INPUT, name, ()) for name in required]
    if code.vararg is not None and not required:
        args.extend(recorder.emit(Role.INPUT, code.vararg, ()) for _ in range(2))
    kwargs: dict[str, Value] = {
        name: recorder.emit(Role.INPUT, name, ()) for name in code.kwonly if name not in function.kwdefaults
    }
    kwargs |= {name: recorder.emit(Role.INPUT, name, ()) for name in given if name not in required}
    if code.kwarg is not None:
        kwargs[ASKED] = UnknownV("keywords of a root")
    return _returned(interpreter, callee, args, kwargs, site)


def _returned(
    interpreter: Interpreter, callee: Value, args: list[Value], kwargs: dict[str, Value], site: Frame
) -> list[int]:
    result = interpreter.call(callee, args, kwargs, site)
    return [interpreter.recorder.source(tensor) for tensor in _tensors(result)]


def _optional(function: FunctionV) -> tuple[str, ...]:
    """The positional parameters of a function that are None where they are not given."""
    return tuple(name for name, default in defaults_of(function) if default is None and name in function.code.params)


def _tensors(value: Value, depth: int = 0) -> list[Value]:
    """Every tensor that a returned value holds."""
    if depth > 6:
        return []
    if isinstance(value, TensorV):
        return [value] if value.node is not None else []
    kind = type(value)
    if kind is AltV:
        held = value.options
    elif kind is tuple:
        held = value
    elif kind is ListV:
        held = value.items
    elif kind is InstanceV and not is_module(value):
        entries = mapping_of(value)
        held = (*value.attrs.values(), *(entries.entries.values() if entries is not None else ()))
    elif hasattr(value, "entries"):
        held = tuple(value.entries.values())
    else:
        return []
    return [found for each in held for found in _tensors(each, depth + 1)]
