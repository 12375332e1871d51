"""Copies of tensors that nothing reads: made for the call that fills them, or under a name that is only filled."""

from __future__ import annotations

import ast
from typing import Final

from initlint.syntax.names import last_name
from initlint.trace.machine.kept import kept
from initlint.trace.record.written import tensor_expression
from initlint.trace.torch.moves import CASTS
from initlint.trace.vocabulary.initializers import FILLS, INITIALIZERS

_COPYING: Final = CASTS | {"clone", "deepcopy", "tensor"}


def is_copy_for_one(expression: ast.expr | None, around: ast.AST | None) -> bool:
    """Whether the expression of a tensor makes a copy, or is a name in `around`, a function or module, for one that is
    filled and no more. Whether the copy is one is for the trace to say."""
    root = _root(expression)
    if isinstance(root, ast.Call):
        return True
    return isinstance(root, ast.Name) and around is not None and root.id in _filled(around)


def _root(expression: ast.expr | None) -> ast.expr | None:
    """The call that copies, else the name, that an expression of a tensor begins with."""
    while isinstance(expression, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(expression, ast.Call):
            if last_name(expression.func) in _COPYING:
                return expression
            expression = expression.func
        else:
            expression = expression.value
    return expression


@kept(1024)
def _filled(tree: ast.AST) -> frozenset[str]:
    """The names that are bound once, to a copy, and of which no use is made but to fill it."""
    nodes = list(ast.walk(tree))
    bound: dict[str, int] = {}
    copies: set[str] = set()
    filling: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound[node.id] = bound.get(node.id, 0) + 1
        elif isinstance(node, ast.Assign) and isinstance(_root(node.value), ast.Call):
            copies.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = last_name(node.value.func)
            if name in FILLS:
                filling.add(id(_root(tensor_expression(node.value, True))))
            if name in INITIALIZERS:
                filling.add(id(_root(tensor_expression(node.value, False))))
    read = {
        node.id for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in filling
    }
    return frozenset(name for name in copies if bound.get(name) == 1 and name not in read)
