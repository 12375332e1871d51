"""What expressions are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def last_name(node: ast.AST) -> str:
    """`f` of `f` and of `a.f`; "" of what has no name."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def attributes_of(name: str, node: ast.AST) -> Iterator[str]:
    """The attributes of what is called `name` that are read or set in `node`, as often as they are."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == name:
            yield each.attr
