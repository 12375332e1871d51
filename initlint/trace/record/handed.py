"""Functions that initialise and are handed to code which is not followed, to be called from there: callbacks, hooks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from initlint.trace.events.probes import initialises
from initlint.trace.machine.values import ABSENT, BoundV, FunctionV, InstanceV, ParamV, PartialV, Value, options_of
from initlint.trace.torch.tree import is_module

if TYPE_CHECKING:
    from initlint.trace.record.recorder import Recorder


def note_handed(recorder: Recorder, value: Value) -> bool:
    """What a function can reach, if it initialises, may be written to from now on; whether it is such a function."""
    noted = [_note(recorder, option) for option in options_of(value)]
    return any(noted)


def fills(function: Value) -> bool:
    """Whether there is an initialising call in a function of the program, or in those of its file that it calls."""
    if not isinstance(function, FunctionV):
        return False
    node = function.code.node
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    return any(initialises(each, function.module) for each in body)


def _note(recorder: Recorder, value: Value) -> bool:
    if isinstance(value, PartialV):
        found = note_handed(recorder, value.function)
        if found:
            for argument in (*value.args, *value.kwargs.values()):
                recorder.escape(argument)
        return found
    if isinstance(value, BoundV):
        if not fills(value.function):
            return False
        recorder.escape(value.receiver)
        return _note(recorder, value.function)
    if not fills(value):
        return False
    for scope in (*value.closure, value.module.names):
        for name in value.code.outer:
            found_value = scope.get(name, ABSENT)
            if any(_is_written(option) for option in options_of(found_value)):
                recorder.escape(found_value)
    return True


def _is_written(value: Value) -> bool:
    return isinstance(value, ParamV) or (isinstance(value, InstanceV) and is_module(value))


