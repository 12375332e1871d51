"""Writes to parameters: torch.nn.init, in-place fills, assignments."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from initlint.model.source import UNKNOWN, Call
from initlint.model.weights import InitEvent
from initlint.signal.distribution import Distribution, fans
from initlint.signal.gains import calculate_gain, number
from initlint.signal.transforms import bends, transformed
from initlint.syntax.names import last_name
from initlint.trace.events.gains import GainNote
from initlint.trace.events.leaves import note_write, refuses
from initlint.trace.machine.frames import Frame, Place
from initlint.trace.machine.values import (
    InstanceV,
    ParamV,
    TensorV,
    UnknownV,
    Value,
    mark_of,
    options_of,
)
from initlint.trace.torch import training
from initlint.trace.torch.calls import bind_arguments, call_at, plain_arguments, via
from initlint.trace.torch.spreads import distribution_of, fan, known_shape, sized_distribution_of
from initlint.trace.torch.stretch import is_all, rows_of
from initlint.trace.torch.tensors import plain
from initlint.trace.torch.tree import is_module, parameters_below
from initlint.trace.torch.views import fill_constant
from initlint.trace.vocabulary.formula import evaluate
from initlint.trace.vocabulary.own_names import TENSOR_NAMES
from initlint.trace.vocabulary.signatures import parameters_of
from initlint.trace.vocabulary.spec import (
    Fill,
    FillSpec,
    HelperSpec,
    InitializerSpec,
)

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Kwargs
    from initlint.trace.record.recorder import Recorder

MAX_HISTORIES = 6
MAX_EVENTS = 16
FAN_BASED = frozenset(
    {
        "xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_", "sparse_", "eye_",
        "dirac_",
    }
)
"""Functions that refuse tensors of less than two dimensions."""


@dataclass(slots=True)
class RawWrite:
    """An initialising call as executed: what it said, and the parameter it reached."""

    event: InitEvent
    target: ParamV | None
    tensor: Value
    place: Place | None
    refused: bool = False
    copied: bool = False
    recomputed: Call | None = None
    branching: bool = False
    doubtful: bool = False
    several: bool = False


# -- writes -----------------------------------------------------------------------------------


def target_of(value: Value) -> tuple[ParamV | None, str]:
    """The parameter a tensor gives access to, and how: "whole", "partial" or "copy"."""
    if isinstance(value, ParamV):
        return value, "whole"
    if isinstance(value, TensorV) and value.source is not None:
        return value.source, {"view": "whole", "partial": "partial"}.get(value.link, "copy")
    return None, ""


def record(
    recorder: Recorder,
    event: InitEvent,
    tensor: Value,
    frame: Frame,
    refused: bool = False,
    doubtful: bool = False,
    several: bool = False,
) -> None:
    """Apply a write to the parameters it reaches, and keep it; `several` are those that one execution may reach."""
    place = frame.place()
    targets = [option for option in options_of(tensor) if isinstance(option, TensorV)]
    several = several or len(targets) > 1
    reached, doubtful = False, doubtful or frame.doubtful
    for option in targets:
        parameter, access = target_of(option)
        if parameter is None and option.facts is not None and "entry of" in option.facts:
            recorder.escape(option)
        elif parameter is None and not refused:
            parameter, access = _write_constant(option, event)
        if parameter is None:
            continue
        reached = True
        if access == "partial":
            event = _partial(event, option)
        wrapper = parameter.state.get("wrapper")
        original = option.facts is not None and "original" in option.facts
        recomputed = wrapper if isinstance(wrapper, Call) and not original else None
        copied, branching = access == "copy", recorder.interpreter.heap.branching
        recorder.writes.append(
            RawWrite(event, parameter, option, place, refused, copied, recomputed, branching, doubtful, several)
        )
        if refused or copied or recomputed is not None:
            continue
        write(recorder, parameter, event)
    if not reached:
        recorder.writes.append(RawWrite(event, None, tensor, place, refused))


def _differ(targets: Iterable[Value]) -> bool:
    """Whether what is written is one of several tensors that not every initialiser takes alike."""
    return len({target.shape and len(target.shape) for target in targets if isinstance(target, TensorV)}) > 1


def _partial(event: InitEvent, view: TensorV) -> InitEvent:
    """A write to part of a parameter: which rows, where that is known, and what it leaves there."""
    if event.partial:
        return event
    rows = (view.facts or {}).get("rows")
    return replace(event, partial=True, distribution=None, rows=rows, part=event.distribution)


def _write_constant(tensor: TensorV, event: InitEvent) -> tuple[ParamV | None, str]:
    """A tensor that is no parameter remembers how it was filled; the parameter that was made of it, as `target_of`."""
    history = tensor.history or ()
    return fill_constant(tensor, (*history, _after(history, event)))


def write(recorder: Recorder, parameter: ParamV, event: InitEvent, partial: bool = False) -> None:
    """Append an event to every history of a parameter."""
    heap = recorder.interpreter.heap
    if partial and not event.partial:
        event = replace(event, partial=True, distribution=None)
    histories = parameter.state["histories"]
    extended = []
    for history in histories:
        made = _extended(history, event)
        extended.append(made if len(made) <= MAX_EVENTS else _shortened(made))
    if len(extended) > MAX_HISTORIES:
        extended = extended[:MAX_HISTORIES]
        heap.put(parameter.state, "complete", False)
    heap.put(parameter.state, "histories", tuple(extended))
    if not event.partial and not event.rescale:
        if not parameter.state["complete"]:
            heap.put(parameter.state, "complete", True)
        if parameter.state.get("restored"):
            heap.put(parameter.state, "restored", False)


def _extended(history: tuple[InitEvent, ...], event: InitEvent) -> tuple[InitEvent, ...]:
    """A history with one more event. What scales, moves and clamps a truncated normal that is drawn by hand belongs to
    the draw: torch's own function does the same."""
    after = _after(history, event)
    drawn = history[-1] if history else event
    held = after.distribution
    if not event.rescale or held is None or drawn.call is None or drawn.call.short_name != _BY_HAND:
        return (*history, after)
    mean, std = (number(drawn.arguments.get(name)) for name in ("mean", "std"))
    nominal = transformed(event.function, event.arguments, Distribution("normal", mean, std))
    if nominal is not None:
        mean, std = nominal.mean, nominal.std
    known = {"mean": mean, "std": std, "a": held.low, "b": held.high}
    arguments = {name: UNKNOWN if value is None else float(f"{value:.12g}") for name, value in known.items()}
    return (*history[:-1], replace(drawn, arguments=arguments, distribution=held))


_BY_HAND: Final = "erfinv_"
"""What makes a uniform draw that of a truncated normal."""


def _shortened(history: tuple[InitEvent, ...]) -> tuple[InitEvent, ...]:
    """A history without its oldest events; how it began, and what drew the values last, stay."""
    rest = history[-MAX_EVENTS + 2 :]
    drawn = next((event for event in reversed(history) if not event.rescale and not event.partial), history[0])
    known = any(event is drawn for event in (history[0], *rest))
    return (history[0], history[-MAX_EVENTS + 1], *rest) if known else (history[0], drawn, *rest)


def _after(history: tuple[InitEvent, ...], event: InitEvent) -> InitEvent:
    """An operation on what was there before leaves that, changed. A uniform draw sent through the inverse error
    function is how a truncated normal is drawn."""
    if not event.rescale:
        return event
    before = history[-1].distribution if history else None
    after = transformed(event.function, event.arguments, before) if before is not None else None
    if event.function == _BY_HAND and after is not None:
        arguments = _as_truncated(after)
        return replace(event, function="trunc_normal_", arguments=arguments, rescale=False, distribution=after)
    return replace(event, distribution=after)


def _as_truncated(drawn: Distribution) -> dict[str, object]:
    """The arguments of `trunc_normal_` that draw N(0, 1/2) within these bounds."""
    low, high = (UNKNOWN if bound is None else bound for bound in (drawn.low, drawn.high))
    return {"mean": 0.0, "std": 0.5**0.5, "a": low, "b": high}


def next_order(recorder: Recorder) -> int:
    recorder.order += 1
    return recorder.order


def initialize(
    recorder: Recorder, name: str, spec: InitializerSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`torch.nn.init.f(tensor, ...)`, or a function of another package that does the like."""
    frame = _asking(frame, spec)
    bound = bind_arguments(spec.signature, args, kwargs)
    tensor = bound.get(spec.tensor, UnknownV("nothing to initialise"))
    arguments = plain_arguments(bound, spec.tensor)
    function = spec.modern or spec.name
    call = call_at(frame, name)
    if spec.module or spec.deep:
        _initialize_module(recorder, spec, tensor, bound, arguments, call, frame)
        return tensor
    if not isinstance(tensor, TensorV) or tensor.facts is not None:
        from initlint.trace.events.missing import note_initialised

        if note_initialised(recorder, tensor, call, frame):
            return tensor
    options = options_of(tensor)
    doubtful = _differ(options)
    for option in options:
        if option is None or not isinstance(option, TensorV | UnknownV):
            recorder.writes.append(
                RawWrite(event_of(recorder, function, call, arguments, None, frame), None, option, None, True)
            )
            continue
        shape = option.shape if isinstance(option, TensorV) else None
        if spec.fills:
            for fill in spec.fills:
                _fill_with(recorder, option, function, fill, arguments, call, frame)
            continue
        refused = function in FAN_BASED and shape is not None and len(shape) < 2
        distribution = None if refused else sized_distribution_of(function, bound, arguments, shape)
        event = event_of(recorder, function, call, arguments, distribution, frame)
        record(recorder, event, option, frame, refused, doubtful, len(options) > 1)
    return tensor


def _asking(frame: Frame, spec: InitializerSpec) -> Frame:
    """The call that asks for an initialisation: where a function of the program only hands its own arguments on to
    torch's of the same name and signature, the call of that function."""
    while (
        frame.parent is not None
        and frame.function is not None
        and frame.doubtful is frame.parent.doubtful
        and isinstance(frame.parent.site, ast.Call)
        and last_name(frame.parent.site.func) == spec.name == frame.function.name
        and _hands_on(frame, spec.signature)
    ):
        frame = frame.parent
    return frame


def _hands_on(frame: Frame, signature: str) -> bool:
    """Whether the call in progress gets the arguments of the function around it, under the names of `signature`."""
    if not isinstance(frame.site, ast.Call) or frame.function is None:
        return False
    names = [parameter.name for parameter in parameters_of(signature)]
    own = list(frame.function.code.params)
    positional = [argument.id if isinstance(argument, ast.Name) else None for argument in frame.site.args]
    keywords = {(word.arg, word.value.id if isinstance(word.value, ast.Name) else None) for word in frame.site.keywords}
    return (
        bool(positional)
        and own == names[: len(own)]
        and positional == own[: len(positional)]
        and keywords == {(name, name) for name in own[len(positional) :]}
    )


def event_of(
    recorder: Recorder,
    function: str,
    call: Call | None,
    arguments: dict[str, object],
    distribution: Distribution | None,
    frame: Frame,
    rescale: bool = False,
    partial: bool = False,
) -> InitEvent:
    return InitEvent(
        function, call, arguments, distribution, partial, rescale, next_order(recorder), via(frame)
    )


def _fill_with(
    recorder: Recorder,
    tensor: Value,
    function: str,
    fill: Fill,
    arguments: dict[str, object],
    call: Call | None,
    frame: Frame,
) -> None:
    """Write what a row of the vocabulary says, in the terms of torch.nn.init."""
    shape = tensor.shape if isinstance(tensor, TensorV) else None
    names = dict(arguments)
    if shape is not None and len(shape) >= 2:
        fan_in, fan_out = fans(known_shape(shape) or ())
        names["fan_in"] = UNKNOWN if fan_in is None else fan_in
        names["fan_out"] = UNKNOWN if fan_out is None else fan_out
    distribution = distribution_of(fill.function, _settings(fill, names), shape)
    record(recorder, event_of(recorder, function, call, arguments, distribution, frame), tensor, frame)


def _initialize_module(
    recorder: Recorder,
    spec: InitializerSpec,
    module: Value,
    bound: dict[str, Value],
    arguments: dict[str, object],
    call: Call | None,
    frame: Frame,
) -> None:
    """A function that takes a module and fills its weight and bias (or, `deep`, all its parameters)."""
    for option in options_of(module):
        if not isinstance(option, InstanceV) or not is_module(option):
            continue
        if spec.deep:
            targets: list[Value] = list(parameters_below(option))
        else:
            targets = [option.attrs.get("weight")]
        for target in targets:
            for parameter in options_of(target):
                if not isinstance(parameter, ParamV):
                    continue
                if spec.fills:
                    for fill in spec.fills:
                        _fill_with(recorder, parameter, spec.name, fill, arguments, call, frame)
                else:
                    distribution = distribution_of(spec.name, arguments, parameter.shape)
                    event = event_of(recorder, spec.name, call, arguments, distribution, frame)
                    record(recorder, event, parameter, frame)
        bias = option.attrs.get("bias")
        if spec.bias is not None and not spec.deep:
            for parameter in options_of(bias):
                if isinstance(parameter, ParamV):
                    _fill_with(recorder, parameter, spec.name, spec.bias, arguments, call, frame)


def fill(
    recorder: Recorder, target: Value, name: str, spec: FillSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`tensor.normal_(...)`, `tensor.mul_(...)`: a write in place."""
    bound = bind_arguments(spec.signature, [target, *args], kwargs)
    arguments = plain_arguments(bound, "input")
    call = call_at(frame, f"torch.Tensor.{name}")
    if not frame.no_grad:
        note_write(recorder, target, name, call, frame)
    for option in options_of(target):
        if spec.kind in training.STEPS and training.has_begun(target_of(option)[0]):
            continue
        shape = option.shape if isinstance(option, TensorV) else None
        function = name
        rescale = partial = False
        distribution: Distribution | None = None
        if spec.kind in ("rescale", "shift", "transform"):
            rescale = bends(name)
            partial = not rescale
        elif spec.kind == "copy":
            _copy(recorder, option, bound.get("other"), call, frame)
            continue
        elif spec.fill is not None:
            spelled = functools.partial(_settings, spec.fill)
            distribution = sized_distribution_of(spec.fill.function, bound, arguments, shape, spelled)
        else:
            distribution = sized_distribution_of(name, bound, arguments, shape)
        event = event_of(recorder, function, call, arguments, distribution, frame, rescale, partial)
        record(recorder, event, option, frame)
    return target


def _settings(fill: Fill, names: dict[str, object]) -> dict[str, object]:
    """The arguments that a row of the vocabulary gives a function of torch.nn.init."""
    return {key: evaluate(value, names) for key, value in fill.arguments}


def _copy(recorder: Recorder, target: Value, source: Value, call: Call | None, frame: Frame) -> None:
    """`w.copy_(other)`: the values of another tensor."""
    distribution: Distribution | None = None
    histories: list[tuple[InitEvent, ...]] = []
    for option in options_of(source):
        if isinstance(option, TensorV) and option.history:
            histories.append(option.history)
        else:
            parameter, access = target_of(option)
            if parameter is not None:
                recorder.note_read(parameter)
            if parameter is not None and access == "whole":
                histories.extend(parameter.state["histories"])
    if len(histories) == 1 and histories[0]:
        distribution = histories[0][-1].distribution
    event = event_of(recorder, "copy_", call, {}, distribution, frame)
    record(recorder, event, target, frame)


def write_item(
    recorder: Recorder, tensor: TensorV, target: ParamV, index: Value, new: Value, frame: Frame, node: ast.AST
) -> None:
    """`w[index] = value`, `w.data[...] = value`."""
    whole = is_all(index)
    frame.site = node
    if not frame.no_grad:
        note_write(recorder, tensor, "__setitem__", None, frame)
    constant = _constant(new, target)
    event = event_of(recorder, "__setitem__", None, {}, constant, frame)
    if not whole:
        event = replace(event, partial=True, distribution=None, rows=rows_of(tensor, index), part=constant)
    record(recorder, event, tensor, frame)


def _constant(value: Value, target: ParamV) -> Distribution | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return distribution_of("constant_", {"val": value}, target.shape)
    if isinstance(value, TensorV) and value.history:
        return value.history[-1].distribution
    return None


def load(recorder: Recorder, parameters: list[ParamV], function: str, frame: Frame) -> None:
    """Parameters get the values of a checkpoint, as far as it holds them."""
    event = event_of(recorder, "load", call_at(frame, function), {}, None, frame)
    for parameter in parameters:
        if training.has_begun(parameter):
            continue
        again = any(map(_was_loaded, parameter.state["histories"]))
        write(recorder, parameter, event)
        recorder.interpreter.heap.put(parameter.state, "loaded", True)
        if again:
            recorder.interpreter.heap.put(parameter.state, "restored", True)


def _was_loaded(history: tuple[InitEvent, ...]) -> bool:
    """Whether a parameter had the values of a checkpoint, and was then given others."""
    return any(event.function == "load" for event in history) and history[-1].function != "load"


# -- gains and fans ---------------------------------------------------------------------------


def gain(
    recorder: Recorder, name: str, spec: HelperSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`torch.nn.init.calculate_gain(nonlinearity, param)`."""
    bound = bind_arguments(spec.signature, args, kwargs)
    call = call_at(frame, name)
    if call is not None:
        recorder.events.append(GainNote(frame.place(), call, plain_arguments(bound, "")))
    nonlinearity, param = plain(bound.get("nonlinearity")), plain(bound.get("param"))
    if not isinstance(nonlinearity, str) or param is UNKNOWN:
        return UnknownV("gain not known")
    try:
        return calculate_gain(nonlinearity, param)
    except (ValueError, TypeError):
        return UnknownV("torch knows no such gain")


def fans_of(
    recorder: Recorder, name: str, spec: HelperSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`torch.nn.init._calculate_fan_in_and_fan_out(tensor)` and `_calculate_correct_fan(tensor, mode)`."""
    bound = bind_arguments(spec.signature, args, kwargs)
    tensor = bound.get("tensor")
    shape = tensor.shape if isinstance(tensor, TensorV) else None
    found: tuple[Value, Value] = (UnknownV("fan not known"), UnknownV("fan not known"))
    if shape is not None and len(shape) >= 2:
        found = fan(shape, 1), fan(shape, 0)
    if "mode" not in bound:
        return found
    mode = bound["mode"]
    return found[1 if mode == "fan_out" else 0] if isinstance(mode, str) else UnknownV("mode not known")


# -- assignments ------------------------------------------------------------------------------


def require_grad(recorder: Recorder, parameter: ParamV, wanted: Value) -> None:
    """`requires_grad_(wanted)`."""
    heap = recorder.interpreter.heap
    heap.put(parameter.state, "trainable", wanted is not False)
    heap.put(parameter.state, "perhaps_frozen", not isinstance(wanted, bool))


def attribute_set(recorder: Recorder, tensor: TensorV, name: str, new: Value, frame: Frame) -> None:
    """`w.data = tensor`, `w.requires_grad = False`."""
    target, access = target_of(tensor)
    if target is None:
        return
    if name == "requires_grad":
        require_grad(recorder, target, new)
        return
    if name != "data" and name not in TENSOR_NAMES and access == "whole":
        recorder.interpreter.heap.put(target.state, mark_of(name), new)
    if name != "data" or access == "copy" or training.has_begun(target):
        return
    source, how = target_of(new)
    if source is target and how == "whole":
        return
    if isinstance(new, TensorV) and new.history:
        event = new.history[-1]
        _take_over(recorder, event, target)
    elif source is not None and source.state["histories"] and source.state["histories"][0]:
        event = source.state["histories"][0][-1]
    else:
        event = event_of(recorder, "data", None, {}, None, frame)
    write(recorder, target, event, partial=access == "partial")


def _take_over(recorder: Recorder, event: InitEvent, target: ParamV) -> None:
    """What was drawn into a tensor of its own has become a parameter's values."""
    for earlier in reversed(recorder.writes):
        if earlier.event.order < event.order:
            return
        if earlier.event is event and earlier.target is None:
            earlier.target = target


def member_set(
    recorder: Recorder, instance: InstanceV, name: str, new: Value, frame: Frame, node: ast.AST | None
) -> bool:
    """`module.name = value`; whether the name holds the value then."""
    old = instance.attrs.get(name)
    if not isinstance(old, ParamV):
        return True
    if isinstance(new, ParamV):
        if old is not new and node is not None:
            recorder.interpreter.heap.put(instance.state, "tied", frame.span(node))
        return True
    if isinstance(new, TensorV) and isinstance(old.state.get("wrapper"), Call):
        event = new.history[-1] if new.history else event_of(recorder, "data", None, {}, None, frame)
        write(recorder, old, event)
        return False
    return not refuses(recorder, instance, name, new, frame, node)
