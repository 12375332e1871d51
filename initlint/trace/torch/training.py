"""Where training begins, initialisation ends: what becomes of a parameter after a backward pass is no start value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import ParamV

if TYPE_CHECKING:
    from initlint.trace.record.recorder import Recorder

BACKWARD: Final = frozenset({"backward", "manual_backward"})
"""Methods (of tensors, of what trains models) that compute gradients."""

STEPS: Final = frozenset({"rescale", "shift", "transform", "copy"})
"""Kinds of writes in place that a training step is made of: SGD by hand, clipping, averages. A draw or a constant is a
fresh start, after training as before."""


def begin(recorder: Recorder) -> None:
    """Gradients are computed: the parameters made so far have got their start values."""
    if recorder.running_forward:
        return
    put = recorder.interpreter.heap.put
    for instance in recorder.built:
        for value in instance.attrs.values():
            if isinstance(value, ParamV) and not has_begun(value):
                put(value.state, "trained", True)


def has_begun(parameter: ParamV | None) -> bool:
    """Whether a parameter was there, on some path at least, when gradients were computed."""
    return parameter is not None and parameter.state.get("trained") is True
