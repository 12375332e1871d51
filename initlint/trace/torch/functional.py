"""Layers that are functions: `F.linear(x, weight)`, `x @ weight`, and how their parameter enters."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from initlint.model.graph import Role
from initlint.trace.machine.values import ParamV, TensorV, Value, options_of
from initlint.trace.torch.views import TURNS, parameter_of
from initlint.trace.vocabulary.spec import FunctionSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.record.recorder import Recorder


def weighted(
    recorder: Recorder,
    name: str,
    signals: list[Value],
    operand: Value,
    settings: dict[str, Any],
    frame: Frame,
    node: ast.AST | None,
) -> Value:
    """A contraction of a signal with a parameter: `x @ self.weight`, an einsum."""
    weight = parameter_of(operand)
    others = [value for value in signals if value is not operand]
    inputs = [recorder.source(value, frame) for value in others]
    first = signals[0] is operand
    derived = isinstance(operand, TensorV) and operand.link == "derived"
    return recorder.emit(
        Role.LAYER,
        name,
        inputs,
        frame,
        node,
        settings={
            **settings, "weight_first": first, "derived": derived, "operand": _position(signals, operand),
            "turned": _is_turned(recorder, operand),
        },
        weight=weight,
    )


def layer(
    recorder: Recorder,
    spec: FunctionSpec,
    name: str,
    signals: list[Value],
    weight: Value,
    bound: dict[str, Value],
    settings: dict[str, Any],
    frame: Frame,
    node: ast.AST | None,
) -> Value:
    """`F.linear(x, weight)`, `F.conv2d(x, weight)` ...: the weight is a parameter, or computed from one."""
    parameter = parameter_of(weight)
    inputs = [recorder.source(value, frame) for value in signals]
    if parameter is None:
        parameter = _behind(recorder, weight)
    derived = isinstance(weight, TensorV) and weight.link not in ("", "view") and weight is not parameter
    if parameter is None and weight is not None:
        inputs.append(recorder.source(weight, frame))
    settings = {
        **settings, "derived": derived or (parameter is not None and parameter_of(weight) is None),
        "turned": _is_turned(recorder, weight),
    }
    return recorder.emit(Role.LAYER, name, inputs, frame, node, settings=settings, weight=parameter)


def _position(signals: list[Value], operand: Value) -> int:
    return next(index for index, value in enumerate(signals) if value is operand)


def _is_turned(recorder: Recorder, operand: Value) -> bool | None:
    """Whether a parameter enters transposed, or matrices of a stack as they are; None where its axes are others."""
    if isinstance(operand, ParamV):
        return False
    node = recorder.nodes[operand.node] if isinstance(operand, TensorV) and operand.node is not None else None
    if node is None or not node.inputs or recorder.nodes[node.inputs[0]].role is not Role.PARAMETER:
        return None
    if node.name in TURNS:
        return True
    return False if node.settings.get("picks") else None


def _behind(recorder: Recorder, weight: Value) -> ParamV | None:
    """The one parameter a computed weight was computed from."""
    for option in options_of(weight):
        if not isinstance(option, TensorV) or option.node is None:
            continue
        found: dict[int, ParamV] = {}
        stack = [option.node]
        seen: set[int] = set()
        while stack and len(seen) < 64:
            index = stack.pop()
            if index in seen:
                continue
            seen.add(index)
            raw = recorder.nodes[index]
            for parameter in raw.params:
                if parameter.shape is None or len(parameter.shape) >= 2:
                    found[id(parameter)] = parameter
            if raw.role not in (Role.LAYER, Role.INPUT):
                stack.extend(raw.inputs)
        if len(found) == 1:
            return next(iter(found.values()))
    return None
