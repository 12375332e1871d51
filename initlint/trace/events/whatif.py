"""What code would do to a model if it ran once more: run on the finished model, and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.values import Exhausted, Raised

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.torch.init import RawWrite

_MOST_STEPS: Final = 4_000
"""Statements and calls that one such run may execute."""


def writes_of(interpreter: Interpreter, action: Callable[[], object]) -> list[RawWrite] | None:
    """The writes an action would make, None where it would not come to its end."""
    recorder, heap = interpreter.recorder, interpreter.heap
    saved = interpreter.steps, interpreter.limit, interpreter.frame
    position, token = heap.mark()
    before = recorder.pause()
    recorder.order = before["order"]
    interpreter.steps, interpreter.limit = 0, _MOST_STEPS
    try:
        action()
        made: list[RawWrite] | None = list(recorder.writes)
    except (Exhausted, Raised, RecursionError):
        made = None
    finally:
        recorder.resume(before)
        heap.undo(position)
        heap.release(token)
        interpreter.steps, interpreter.limit, interpreter.frame = saved
    return made
