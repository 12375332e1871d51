"""Tensors that are made: by torch's factories, by arithmetic on such, and parameters of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from initlint.model.source import Call
from initlint.model.weights import InitEvent
from initlint.signal.distribution import Distribution, rescaled
from initlint.signal.transforms import transformed
from initlint.trace.machine.values import AltV, ListV, ParamV, SymbolV, TensorV, UnknownV, Value, options_of
from initlint.trace.torch import rows
from initlint.trace.torch.calls import bind_arguments, call_at, plain_arguments, via
from initlint.trace.torch.init import event_of, next_order, target_of
from initlint.trace.torch.spreads import distribution_of
from initlint.trace.vocabulary.formula import evaluate
from initlint.trace.vocabulary.spec import FactorySpec, FunctionSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Kwargs
    from initlint.trace.record.recorder import Recorder

_COPYING: Final = "tensor"
"""The factory that copies the tensor it is given; `as_tensor` and `from_numpy` share its memory."""


def factory(
    recorder: Recorder, name: str, spec: FactorySpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    """`torch.randn(...)`: a tensor that no signal flows through yet."""
    bound = bind_arguments(spec.signature, args, kwargs)
    shape = _factory_shape(spec, bound, args)
    arguments = plain_arguments(bound, "input")
    call = call_at(frame, name)
    kind = spec.kind
    if kind == "sizes or data":
        if len(args) == 1 and _may_be_data(args[0]):
            return TensorV(None, None, (event_of(recorder, name, call, arguments, None, frame),))
        are_sizes = all(isinstance(a, int | UnknownV) and not isinstance(a, bool) for a in args)
        kind = "empty" if args and are_sizes else "data"
    distribution: Distribution | None = None
    entries = rows.made_by(spec.name, bound)
    if kind == "empty":
        event = InitEvent(spec.name, call, arguments, Distribution("empty"), order=next_order(recorder), via=via(frame))
        return TensorV(None, shape, (event,))
    if kind == "data":
        made = _data(recorder, spec, bound, args, call, arguments, frame)
        return made if entries is None else rows.with_row(made, entries)
    if spec.fill is not None:
        settings = {key: evaluate(value, arguments) for key, value in spec.fill.arguments}
        distribution = distribution_of(spec.fill.function, settings, shape)
    event = event_of(recorder, spec.name, call, arguments, distribution, frame)
    result = TensorV(None, shape, (event,))
    return result if entries is None else rows.with_row(result, entries)


def _may_be_data(value: Value) -> bool:
    """Whether the one argument of `torch.Tensor` may be numbers to copy as well as a size."""
    return type(value) is UnknownV and "shape" not in value.reason


def _data(
    recorder: Recorder,
    spec: FactorySpec,
    bound: dict[str, Value],
    args: Args,
    call: Call | None,
    arguments: dict[str, object],
    frame: Frame,
) -> Value:
    """`torch.tensor(data)`."""
    data = next((bound[key] for key in ("data", "obj", "s", "ndarray") if key in bound), args[0] if args else None)
    if isinstance(data, TensorV):
        source, access = target_of(data)
        if spec.name != _COPYING or source is None or data.node is not None:
            return data
        if access != "copy":
            recorder.note_read(source)
        return TensorV(None, data.shape, None, source, "copy")
    number = isinstance(data, int | float) and not isinstance(data, bool)
    shape: tuple[Value, ...] | None = () if number else None
    if isinstance(data, ListV | tuple):
        items = data.items if isinstance(data, ListV) else data
        shape = (len(items),) if all(isinstance(item, int | float) for item in items) else None
    distribution = distribution_of("constant_", {"val": data}, ()) if number else Distribution("structured")
    return TensorV(None, shape, (event_of(recorder, spec.name, call, arguments, distribution, frame),))


def _factory_shape(spec: FactorySpec, bound: dict[str, Value], args: Args) -> tuple[Value, ...] | None:
    if spec.like is not None:
        like = bound.get(spec.like)
        return like.shape if isinstance(like, TensorV) else None
    if spec.name == "eye":
        rows = bound.get("n")
        return (rows, rows if bound.get("m") is None else bound.get("m"))
    size = bound.get(spec.size) if spec.size is not None else None
    if spec.kind == "sizes or data":
        size = tuple(args) if args and all(isinstance(a, int | UnknownV) for a in args) else None
    if size is None:
        return None
    if (
        isinstance(size, tuple)
        and len(size) == 1
        and isinstance(size[0], tuple | ListV | UnknownV)
        and (not isinstance(size[0], UnknownV) or (not isinstance(size[0], SymbolV) and "shape" in size[0].reason))
    ):
        size = size[0]
    if isinstance(size, int):
        return (size,)
    if isinstance(size, ListV):
        return None if size.is_open else tuple(size.items)
    return size if isinstance(size, tuple) else None


def rescaled_history(
    history: tuple[InitEvent, ...] | None, operation: str, number: Value, tensor_first: bool
) -> tuple[InitEvent, ...] | None:
    """The history of `tensor <operation> number`."""
    if not history:
        return history
    last = history[-1]
    before, given = last.distribution, {"other": number}
    known = isinstance(number, int | float) and not isinstance(number, bool)
    if before is None or (operation == "div" and known and not (tensor_first and number)):
        after = None
    elif operation == "sub" and not tensor_first:
        after = transformed("add_", given, rescaled(before, -1.0))
    else:
        after = transformed(f"{operation}_", given, before)
    return (*history[:-1], replace(last, distribution=after))


def passed_history(
    history: tuple[InitEvent, ...] | None, spec: FunctionSpec, bound: dict[str, Value]
) -> tuple[InitEvent, ...] | None:
    """The history of a function of a constant tensor."""
    if not history:
        return history
    if spec.name in ("mul", "div", "add", "sub"):
        return rescaled_history(history, spec.name, bound.get("other"), True)
    if spec.family in ("view", "cast", "index") or spec.name in ("clone", "detach", "contiguous", "repeat", "expand"):
        return history
    return (*history[:-1], replace(history[-1], distribution=None))


def _unknown_data(recorder: Recorder, frame: Frame) -> InitEvent:
    """What fills a parameter made of a tensor whose values are not known."""
    return event_of(recorder, "data", call_at(frame, "torch.nn.Parameter"), {}, None, frame)


def parameter(recorder: Recorder, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`nn.Parameter(data, requires_grad=True)`."""
    data = args[0] if args else kwargs.get("data")
    trainable = args[1] if len(args) > 1 else kwargs.get("requires_grad", True)
    if type(data) is AltV:
        choices = [parameter(recorder, [option, *args[1:]], kwargs, frame) for option in options_of(data)]
        return recorder.interpreter.heap.join(choices)
    made = ParamV(data.shape if isinstance(data, TensorV) else None)
    made.facts = {"born": frame.place(), "call": call_at(frame, "torch.nn.Parameter")}
    if isinstance(data, TensorV):
        source, access = target_of(data)
        if source is None and not (data.facts or {}).get("view of"):
            data.facts = {**(data.facts or {}), "view of": (made, True)}        # they share their memory
        if data.history:
            made.state["histories"] = (data.history,)
        elif source is not None and access == "whole":
            made.state["histories"] = source.state["histories"]
            made.shape = source.shape if data.shape is None else data.shape
        else:
            made.state["histories"] = ((_unknown_data(recorder, frame),),)
    else:
        made.state["histories"] = ((_unknown_data(recorder, frame),),)
        made.state["complete"] = data is not None and not isinstance(data, UnknownV)
    made.state["trainable"] = trainable is not False
    made.state["perhaps_frozen"] = not isinstance(trainable, bool)
    return made
