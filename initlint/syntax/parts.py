"""What a piece of syntax is made of: `ast.iter_child_nodes` for walks over all of a project."""

from __future__ import annotations

import ast
from typing import Final

_PLAIN: Final = frozenset({"ctx", "op", "ops", "id", "attr", "type_comment", "type_ignores"})
"""Fields that hold no code."""


def parts(node: ast.AST) -> list[ast.AST]:
    """The children of a node, in order, without constants, operators and contexts: a table of a million numbers is no
    code."""
    found: list[ast.AST] = []
    for name in node._fields:
        if name in _PLAIN:
            continue
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST) and type(each) is not ast.Constant]
        elif isinstance(value, ast.AST) and type(value) is not ast.Constant:
            found.append(value)
    return found
