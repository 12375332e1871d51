"""The small language of shapes and conditions: Python expressions over a constructor's arguments.

Names, numbers, strings, tuples, arithmetic, comparisons, `and`/`or`/`not`, `x if c else y`. Whatever
depends on a value that is not known is UNKNOWN; `and` and `or` know what they can (`False and UNKNOWN` is False).
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from initlint.model.source import UNKNOWN
from initlint.trace.vocabulary.spec import Fill, ModuleSpec, ParameterSpec

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.Is: operator.is_,
    ast.In: lambda left, right: left in right,
}


def evaluate(formula: float | str, names: Mapping[str, object]) -> object:
    """The value of `formula`, UNKNOWN where it needs a name that is absent or UNKNOWN."""
    if not isinstance(formula, str):
        return formula
    try:
        return _value(_parsed(formula), names)
    except (TypeError, ValueError, ArithmeticError):
        return UNKNOWN


@cache
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def _value(node: ast.expr, names: Mapping[str, object]) -> object:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names.get(node.id, UNKNOWN)
        case ast.Tuple():
            items = tuple(_value(item, names) for item in node.elts)
            return UNKNOWN if UNKNOWN in items else items
        case ast.BoolOp():
            return _junction(node, names)
        case ast.UnaryOp():
            operand = _value(node.operand, names)
            if operand is UNKNOWN:
                return UNKNOWN
            return -_number(operand) if isinstance(node.op, ast.USub) else not operand
        case ast.IfExp():
            test = _value(node.test, names)
            if test is UNKNOWN:
                return UNKNOWN
            return _value(node.body if test else node.orelse, names)
        case ast.BinOp():
            left, right = _value(node.left, names), _value(node.right, names)
            if left is UNKNOWN or right is UNKNOWN:
                return UNKNOWN
            return _BINARY[type(node.op)](_number(left), _number(right))
        case ast.Compare():
            left, right = _value(node.left, names), _value(node.comparators[0], names)
            if left is UNKNOWN or right is UNKNOWN:
                return UNKNOWN
            return _COMPARE[type(node.ops[0])](left, right)
    raise ValueError(f"{ast.unparse(node)} is outside the language of formulas")


def _junction(node: ast.BoolOp, names: Mapping[str, object]) -> object:
    """`and` is settled by a false operand, `or` by a true one, whatever else is unknown."""
    settles = isinstance(node.op, ast.Or)
    unknown = False
    value: object = UNKNOWN
    for operand in node.values:
        value = _value(operand, names)
        if value is UNKNOWN:
            unknown = True
        elif bool(value) is settles:
            return UNKNOWN if unknown and settles and not isinstance(value, bool) else value
    return UNKNOWN if unknown else value


def _number(value: object) -> int | float:
    if isinstance(value, (int, float)):
        return value
    raise TypeError(f"{value!r} is not a number")


@dataclass(frozen=True, slots=True)
class BuiltParameter:
    """A parameter that a constructor call makes. `shape` has None for unknown sizes and is None where the
    rank is unknown; `present` is None where it is not known whether the parameter exists."""

    name: str
    shape: tuple[int | None, ...] | None
    default: Fill
    present: bool | None


def built_parameters(spec: ModuleSpec, arguments: Mapping[str, object]) -> tuple[BuiltParameter, ...]:
    """What a module of `spec` built with `arguments` (by name, defaults filled in) has for parameters.

    Where the number of layers or directions of a recurrent module is not known, only those that are
    there in any case are listed: the first layer, forward.
    """
    found = []
    for names in _repetitions(arguments) if any(row.repeat for row in spec.parameters) else ({},):
        known = {**arguments, **names}
        for row in spec.parameters:
            found.append(
                BuiltParameter(
                    row.name.format(**names),
                    _shape(row, spec.axes, known),
                    row.default,
                    _present(row.when, known),
                )
            )
    return tuple(found)


def _repetitions(arguments: Mapping[str, object]) -> Iterator[dict[str, object]]:
    layers = arguments.get("num_layers")
    both = arguments.get("bidirectional")
    directions = ("", "_reverse") if both is not UNKNOWN and both else ("",)
    for layer in range(layers if isinstance(layers, int) else 1):
        for direction in directions:
            yield {"layer": layer, "direction": direction}


def _present(when: str | None, names: Mapping[str, object]) -> bool | None:
    if when is None:
        return True
    value = evaluate(when, names)
    return None if value is UNKNOWN else bool(value)


def _shape(row: ParameterSpec, axes: int, names: Mapping[str, object]) -> tuple[int | None, ...] | None:
    sizes: list[int | None] = []
    for entry in row.shape:
        if not entry.startswith("*"):
            value = evaluate(entry, names)
            sizes.append(value if isinstance(value, int) else None)
            continue
        value = evaluate(entry[1:], names)
        if isinstance(value, (tuple, list)):
            sizes += [size if isinstance(size, int) else None for size in value]
        elif isinstance(value, int):
            sizes += [value] * (axes or 1)
        elif axes:
            sizes += [None] * axes
        else:
            return None
    return tuple(sizes)
