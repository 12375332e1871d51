"""Masks of signals: choices by sign that spell out an activation, `torch.where(x > 0, x, 0)`,
`torch.where(x < 0, 0.1 * x, x)`, and tests for NaN and infinity, which what a model is run on does not hold."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from initlint.model.graph import Role
from initlint.trace.machine.values import TensorV, Value

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.record.recorder import Recorder

_ABOVE: Final = (ast.Gt, ast.GtE)
_BELOW: Final = (ast.Lt, ast.LtE)

_FINITE: Final = {"isfinite": True, "isnan": False, "isinf": False, "isneginf": False, "isposinf": False}
_NAMED: Final = {"gt": ast.Gt, "ge": ast.GtE, "lt": ast.Lt, "le": ast.LtE}
_WHOLE: Final = frozenset({"any", "all", "item"})


def mask(name: str, tensor: Value, other: Value = None) -> TensorV | None:
    """What a test of a tensor's entries gives: by sign, or where they all come out alike; None for other tests."""
    if not isinstance(tensor, TensorV):
        return None
    if name in _NAMED:
        return comparison(_NAMED[name], tensor, other)
    verdict = _FINITE.get(name)
    if name in _WHOLE and tensor.facts is not None:
        verdict = tensor.facts.get("truth")
    if verdict is None:
        return None
    made = TensorV(None)
    made.facts = {"truth": verdict}
    return made


def comparison(operator: type, left: Value, right: Value) -> TensorV:
    """`left <operator> right` on tensors. Of one with zero it is kept which signal is asked for its sign."""
    found = TensorV(None)
    for signal, bound, above, below in ((left, right, _ABOVE, _BELOW), (right, left, _BELOW, _ABOVE)):
        if isinstance(signal, TensorV) and signal.node is not None and _is_zero(bound):
            if operator in above:
                found.facts = {"sign": (signal.node, True)}
            elif operator in below:
                found.facts = {"sign": (signal.node, False)}
    return found


def spelled(
    recorder: Recorder, signs: Value, chosen: Value, otherwise: Value, frame: Frame, node: ast.AST | None
) -> Value | None:
    """`where(signs, chosen, otherwise)` as the activation it spells out; None where it is none."""
    if not isinstance(signs, TensorV) or signs.facts is None or "sign" not in signs.facts:
        return None
    asked, is_above = signs.facts["sign"]
    above, below = (chosen, otherwise) if is_above else (otherwise, chosen)
    if not isinstance(above, TensorV) or above.node != asked:
        return None
    slope = _slope(recorder, below, asked)
    if slope is None:
        return None
    name, settings = ("leaky_relu", {"negative_slope": slope}) if slope else ("relu", {})
    result = recorder.emit(Role.ACTIVATION, name, [asked], frame, node, settings=settings)
    result.shape = above.shape
    return result


def _slope(recorder: Recorder, value: Value, asked: int) -> float | None:
    """What a negative signal is multiplied by."""
    if _is_zero(value):
        return 0.0
    if not isinstance(value, TensorV) or value.node is None:
        return None
    node = recorder.nodes[value.node]
    factor = node.settings.get("other")
    if node.name != "mul" or node.inputs != (asked,) or not isinstance(factor, int | float):
        return None
    return float(factor)


def _is_zero(value: Value) -> bool:
    if isinstance(value, TensorV):
        last = value.history[-1].distribution if value.node is None and value.history else None
        return last is not None and last.is_zero
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
