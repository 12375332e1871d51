"""The initialising calls of a finished root, as facts."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from initlint.model.program import InitCall, Origin
from initlint.model.source import Call, Span
from initlint.trace.events.scene import Scene, kind_of
from initlint.trace.machine.frames import Place, span_of
from initlint.trace.record.blocks import block_of, is_guarded, is_uncertain, statement_of
from initlint.trace.record.copies import is_copy_for_one
from initlint.trace.record.origins import origins_of
from initlint.trace.record.written import parameter_read, tensor_expression

if TYPE_CHECKING:
    from initlint.trace.torch.init import RawWrite

_WEIGHTS: Final = ("weight", "in_proj_weight")


def init_calls(
    scene: Scene, writes: list[RawWrite], layers: Mapping[int, int], bare: Container[int]
) -> Iterator[InitCall]:
    """Every initialising call that was surely executed on what it wrote, in order. `layers` gives the layer of each
    weight by identity; the layers in `bare` are parameters used as weights in their own right, whatever their names."""
    following = _following(writes)
    for index, write in enumerate(writes):
        written = None if write.doubtful else _with_call(write)
        if written is not None:
            write = written
            layer = layers.get(id(write.target)) if write.target is not None else None
            yield _init_call(scene, write, layer, layer in bare, _is_read(scene, write, following.get(index)))


def _with_call(write: RawWrite) -> RawWrite | None:
    """A write with the call that made it; assignments to known rows count as calls of `__setitem__`."""
    event, place = write.event, write.place
    if event.call is not None:
        return write
    if event.rows is None or place is None:
        return None
    call = Call("torch.Tensor.__setitem__", place.span, place.span, (), place.scope)
    return replace(write, event=replace(event, call=call))


def _following(writes: list[RawWrite]) -> dict[int, int]:
    """For each write the order of the next one to the same parameter, by index."""
    found: dict[int, int] = {}
    last: dict[int, int] = {}
    for index, write in enumerate(writes):
        if write.target is not None and not write.refused and not write.copied:
            before = last.get(id(write.target))
            if before is not None:
                found[before] = write.event.order
            last[id(write.target)] = index
    return found


def _is_read(scene: Scene, write: RawWrite, until: int | None) -> bool:
    reads = scene.recorder.reads.get(id(write.target), ())
    return any(write.event.order <= order < until for order in reads) if until is not None else False


def _init_call(scene: Scene, write: RawWrite, layer: int | None, bare: bool, read: bool) -> InitCall:
    target, place, call = write.target, write.place, write.event.call
    assert call is not None
    path = holder = name = None
    if target is not None and id(target) in scene.parameters:
        path, holder, name = scene.parameters[id(target)]
    shape = getattr(write.tensor, "shape", None)
    tensor = owner = own = None
    if place is not None:
        expression = tensor_expression(place.node, call.function.startswith("torch.Tensor."))
        own = parameter_read(expression, name or "")
        tensor = None if expression is None else span_of(place.file, expression)
        owner = None if own is None else span_of(place.file, own.value)
    return InitCall(
        call,
        write.event,
        None if write.copied else path,
        layer if not write.copied and (bare or name in _WEIGHTS) else None,
        kind_of(holder) if holder is not None else None,
        name,
        len(shape) if shape is not None else None,
        tensor=tensor,
        owner=owner,
        block=_block(scene, place),
        guarded=is_guarded(place, scene.trees, scene.guarded)
        or is_uncertain(place, write.branching, own, scene.trees),
        origins=_origins(scene, write, None if shape is None else len(shape)),
        recomputed=write.recomputed,
        copy_of=path if write.copied and _is_dropped(scene, place, call.function) else None,
        read=read,
        several=write.several,
        turned=bool((getattr(write.tensor, "facts", None) or {}).get("turned")),
    )


_SCALED: Final = frozenset(
    {
        "uniform_", "normal_", "trunc_normal_", "xavier_uniform_", "xavier_normal_", "kaiming_uniform_",
        "kaiming_normal_", "orthogonal_",
    }
)
"""Functions whose scale is an argument."""


def _origins(scene: Scene, write: RawWrite, rank: int | None) -> tuple[Origin, ...]:
    """The origins of a call's arguments; the same for executions that came the same way."""
    call, place = write.event.call, write.place
    if call is None or place is None or write.event.function not in _SCALED:
        return ()
    if all(argument.literal for argument in call.arguments[_first(call) :]):
        return ()
    key = (rank, *(id(each.node) for each in place.chain()))
    found = scene.origins.get(key)
    if found is None:
        found = scene.origins[key] = origins_of(call, place, rank, scene.trees, scene.function)
    return found


def _first(call: Call) -> int:
    """The index of the first argument after the tensor."""
    return 0 if call.function.startswith("torch.Tensor.") else 1


def _block(scene: Scene, place: Place | None) -> Span | None:
    return None if place is None else block_of(place, scene.trees)


def _is_dropped(scene: Scene, place: Place | None, function: str) -> bool:
    """Whether a tensor is made to be written, and nothing takes what the call returns."""
    if place is None:
        return False
    expression = tensor_expression(place.node, function.startswith("torch.Tensor."))
    statement = statement_of(place, scene.trees)
    if not isinstance(statement, ast.Expr) or statement.value is not place.node:
        return False
    return is_copy_for_one(expression, scene.trees(place.file) if place.function is None else place.function.code.node)

