"""Views, copies and pieces of tensors: what of a parameter they still are."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from initlint.model.graph import Role
from initlint.trace.machine.values import ParamV, TensorV, UnknownV, Value
from initlint.trace.torch.moves import CASTS, is_new
from initlint.trace.torch.stretch import pieces as stretches
from initlint.trace.vocabulary.spec import Extra, FunctionSpec

if TYPE_CHECKING:
    from initlint.model.weights import InitEvent
    from initlint.trace.machine.frames import Frame
    from initlint.trace.record.recorder import Recorder

VIEWS: Final = frozenset({"view", "index", "cast"})
"""Families of functions whose result shares, or may share, the memory of their input."""
TURNS: Final = frozenset({"t", "T", "mT", "transpose", "swapaxes"})
COPIES: Final = frozenset({"clone", "contiguous", "to", "cpu", "cuda", "type", "float", "half", "double", "copy"})


def parameter_of(value: Value) -> ParamV | None:
    """The parameter that a value is, or is a view, copy or piece of, or was computed from."""
    if isinstance(value, ParamV):
        return value
    return value.source if isinstance(value, TensorV) else None


def carry_source(tensor: Value, result: TensorV, link: str) -> None:
    """Notes of what parameter a result is the `link`: a "view", "copy", "partial" or "derived"."""
    if isinstance(tensor, ParamV):
        result.source, result.link = tensor, link
    elif isinstance(tensor, TensorV) and tensor.source is not None:
        result.source = tensor.source
        result.detached = tensor.detached
        result.link = link if tensor.link == "view" else tensor.link


def view(
    recorder: Recorder, tensor: TensorV, name: str, frame: Frame | None = None, node: ast.AST | None = None
) -> Value:
    """What shares the values of a tensor: `x.T`, `x.data`."""
    if isinstance(tensor, ParamV) and not recorder.running_forward:
        shape = tensor.shape[::-1] if name in ("T", "mT") and tensor.shape and len(tensor.shape) == 2 else tensor.shape
        shared = TensorV(None, shape, None, tensor, "view")
        shared.detached = name == "data"
        if name in TURNS:
            shared.facts = {"turned": True}
        return shared
    if tensor.node is None and not isinstance(tensor, ParamV):
        shape = tensor.shape[::-1] if name == "T" and tensor.shape and len(tensor.shape) == 2 else tensor.shape
        shared = TensorV(None, shape, tensor.history, tensor.source, tensor.link)
        shared.detached = tensor.detached or name == "data"
        shared.facts = dict(tensor.facts or {}) if name == "data" else {}
        note_view(shared, tensor, whole=True)
        return shared
    result = recorder.emit(Role.PASS, name, [recorder.source(tensor, frame)], frame, node)
    carry_source(tensor, result, "view")
    result.detached = result.detached or name == "data"
    return result


def note_view(piece: TensorV, tensor: TensorV, *, whole: bool) -> None:
    """Notes of a constant tensor's view, of all of it or of a part, whose values it shares."""
    if tensor.source is None:
        piece.facts = {**(piece.facts or {}), "view of": (tensor, whole)}


def fill_constant(tensor: TensorV, history: tuple[InitEvent, ...] | None) -> tuple[ParamV | None, str]:
    """A tensor that is no parameter, and what it is a view of, hold something else; None: it is not known what. Where a
    parameter was made of it since: which, and how it is reached ("whole", "partial")."""
    waiting: tuple[TensorV, bool] | None = (tensor, True)
    access = "whole"
    while waiting is not None:
        written, whole = waiting
        access = access if whole else "partial"
        if isinstance(written, ParamV):
            return written, access
        history = history if whole else None
        written.history = history
        waiting = (written.facts or {}).get("view of")
        written.facts = None if waiting is None else {"view of": waiting}
    return None, ""


def detached(parameter: ParamV) -> TensorV:
    """A view of a whole parameter that autograd does not know of."""
    whole = TensorV(None, parameter.shape, None, parameter, "view")
    whole.detached = True
    return whole


def shape_of(tensor: TensorV) -> Value:
    """`tensor.shape`."""
    if tensor.shape is None:
        return UnknownV("shape not known")
    return tuple(UnknownV("size not known") if size is None else size for size in tensor.shape)


def on_constants(
    recorder: Recorder, spec: FunctionSpec, name: str, signals: list[Value], bound: dict[str, Value]
) -> Value:
    """A function of tensors that no signal flows through: views stay views of their parameter."""
    first = signals[0] if signals else None
    source = parameter_of(first)
    if source is not None and isinstance(first, TensorV) and len(signals) == 1:
        link = first.link or "view"
        if spec.name in CASTS:
            if is_new(spec.name, source, bound):
                link = "copy"
            elif isinstance(first, ParamV):
                return first
        elif spec.name == "contiguous" and isinstance(first, ParamV):
            return first
        elif spec.name in ("clone", "copy"):
            link = "copy"
            recorder.note_read(source)
        elif spec.family in VIEWS:
            link = "partial" if spec.family == "index" or spec.result == "tuple" else link
        else:
            link = "derived"
            recorder.note_read(source)
        result = TensorV(None, _reshaped(spec, first, bound), None, source, link)
        result.detached = first.detached or spec.name == "detach"
        if spec.name in TURNS and link == "view":
            result.facts = {"turned": True}
    elif isinstance(first, TensorV) and len(signals) == 1:
        from initlint.trace.torch.factories import passed_history

        result = TensorV(None, _reshaped(spec, first, bound), passed_history(first.history, spec, bound))
        if (spec.family in ("view", "index") or spec.name == "detach") and spec.result != "tuple":
            note_view(result, first, whole=spec.family != "index")
    else:
        for signal in signals:
            read = parameter_of(signal)
            if read is not None:
                recorder.note_read(read)
        result = TensorV(None)
    if spec.result == "tuple":
        return _pieces(spec, bound, result)
    return (result, TensorV(None)) if spec.result == "pair" and spec.pair_when is None else result


def _reshaped(spec: FunctionSpec, tensor: TensorV, bound: dict[str, Value]) -> tuple[Value, ...] | None:
    shape = tensor.shape
    if shape is None:
        return None
    if spec.name in ("t", "transpose", "T") and len(shape) == 2:
        return shape[::-1]
    if spec.name == "unsqueeze":
        dim = bound.get("dim")
        if isinstance(dim, int) and -len(shape) - 1 <= dim <= len(shape):
            position = dim if dim >= 0 else dim + len(shape) + 1
            return (*shape[:position], 1, *shape[position:])
        return None
    if spec.family == "cast" or spec.name in (*COPIES, "detach", "requires_grad_") or spec.role in (
        Role.ACTIVATION,
        Extra.ELEMENTWISE,
    ):
        return shape
    return None


def _pieces(spec: FunctionSpec, bound: dict[str, Value], whole: TensorV) -> Value:
    count = bound.get("chunks", bound.get("sections"))
    if isinstance(count, int) and 0 < count <= 16:
        pieces = tuple(TensorV(None, None, None, whole.source, "partial" if whole.source else "") for _ in range(count))
        for piece, rows in zip(pieces, stretches(count), strict=True):
            piece.detached = whole.detached
            if whole.source is not None and bound.get("dim") in (None, 0):
                piece.facts = {"rows": rows}
        return pieces
    return whole
