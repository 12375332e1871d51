"""`enum`: what stands for the next value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import Value
from initlint.trace.python.enums import AUTO
from initlint.trace.python.library.registry import library

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("enum.auto")
def _auto(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return AUTO
