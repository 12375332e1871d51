"""Calls as facts keep them, and their arguments by torch's names."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from initlint.model.source import UNKNOWN, Argument, Call
from initlint.trace.machine.frames import Frame, span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import PartialV, Value
from initlint.trace.torch.tensors import plain
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, parameters_of

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Kwargs


def call_at(frame: Frame, function: str) -> Call | None:
    """The call in progress as written."""
    node = frame.site
    if not isinstance(node, ast.Call):
        return None
    found = written_call(frame.module.file, node, function, frame.scope)
    partial = None if frame.partial is None else _partial_call(frame.partial, function)
    return found if partial is None else replace(found, partial=partial)


def _partial_call(partial: PartialV, function: str) -> Call | None:
    """The call of `functools.partial` as written, where it gives a function nothing but keywords."""
    place = partial.place
    if place is None or not isinstance(place.node, ast.Call) or isinstance(partial.function, PartialV):
        return None
    written = written_call(place.file, place.node, function, place.scope)
    given = written.arguments
    if not given or given[0].name is not None or any(each.name in (None, "*", "**") for each in given[1:]):
        return None
    return replace(written, function_span=given[0].span)


@kept(65536)
def written_call(file: str, node: ast.Call, function: str, scope: str) -> Call:
    """A call expression as facts keep it."""
    arguments = []
    for argument in node.args:
        star = isinstance(argument, ast.Starred)
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        value, literal = _literal(inner)
        arguments.append(Argument("*" if star else None, value, span_of(file, argument), literal))
    for keyword in node.keywords:
        value, literal = _literal(keyword.value)
        arguments.append(Argument(keyword.arg or "**", value, span_of(file, keyword.value), literal))
    return Call(function, span_of(file, node), span_of(file, node.func), tuple(arguments), scope)


def _literal(node: ast.expr) -> tuple[object, bool]:
    if isinstance(node, ast.Constant):
        return node.value, True
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
        and isinstance(node.operand.value, int | float)
    ):
        return -node.operand.value, True
    return UNKNOWN, False


def bind_arguments(signature: str, args: Args, kwargs: Kwargs) -> dict[str, Value]:
    """Arguments by torch's names, defaults filled in; missing required ones are left out."""
    bound: dict[str, Value] = {}
    positional = list(args)
    for parameter in parameters_of(signature):
        if parameter.kind is Kind.ARGUMENTS:
            bound[parameter.name] = tuple(positional) if positional else kwargs.get(parameter.name, ())
            positional = []
        elif parameter.kind is Kind.POSITIONAL and positional:
            bound[parameter.name] = positional.pop(0)
        elif parameter.name in kwargs:
            bound[parameter.name] = kwargs[parameter.name]
        elif parameter.default is not REQUIRED and parameter.kind is not Kind.KEYWORDS:
            bound[parameter.name] = parameter.default
    return bound


def plain_arguments(bound: dict[str, Value], leave_out: str) -> dict[str, object]:
    return {key: plain(value) for key, value in bound.items() if key not in (leave_out, "generator")}


def via(frame: Frame) -> tuple[Any, ...]:
    """The calls through which the trace came to the one in progress, outermost first."""
    place = frame.caller
    return () if place is None else place.spans
