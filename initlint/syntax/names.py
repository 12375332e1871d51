"""What expressions are called."""

from __future__ import annotations

import ast


def last_name(node: ast.AST) -> str:
    """`f` of `f` and of `a.f`; "" of what has no name."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
