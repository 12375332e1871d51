"""`typing`: what says of types and changes no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import UnknownV, Value
from initlint.trace.python.library.registry import LIBRARY, library

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


@library("typing.cast")
def _cast(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return args[1] if len(args) > 1 else kwargs.get("val")


@library("typing.NewType", "typing.TypeVar", "typing.ParamSpec")
def _typing(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("type expression")


LIBRARY["typing.TYPE_CHECKING"] = False
