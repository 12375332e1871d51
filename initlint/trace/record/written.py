"""What a call says it writes to: the expression of the tensor, and in it that of the module."""

from __future__ import annotations

import ast
from typing import Final

_TENSOR_KEYWORDS: Final = frozenset({"tensor", "input", "w", "weight"})


def tensor_expression(call: ast.AST, is_method: bool) -> ast.expr | None:
    """The expression of the tensor that an initialising call writes: its receiver, else its first argument."""
    if not isinstance(call, ast.Call):
        return None
    if is_method:
        return call.func.value if isinstance(call.func, ast.Attribute) else None
    if call.args:
        return None if isinstance(call.args[0], ast.Starred) else call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg in _TENSOR_KEYWORDS), None)


def parameter_read(expression: ast.AST | None, name: str) -> ast.Attribute | None:
    """The part of a tensor's expression that reads the attribute `name`: `m.weight` of `m.weight.data[0].t()`."""
    while expression is not None:
        if isinstance(expression, ast.Attribute):
            if expression.attr == name:
                return expression
            expression = expression.value
        elif isinstance(expression, ast.Call):
            expression = expression.func
        elif isinstance(expression, ast.Subscript):
            expression = expression.value
        else:
            return None
    return None


def is_plain(expression: ast.AST) -> bool:
    """Whether evaluating an expression again has no effects: names, attributes and constant items."""
    if isinstance(expression, ast.Name | ast.Constant):
        return True
    if isinstance(expression, ast.Attribute):
        return is_plain(expression.value)
    if isinstance(expression, ast.UnaryOp):
        return is_plain(expression.operand)
    return isinstance(expression, ast.Subscript) and is_plain(expression.value) and is_plain(expression.slice)
