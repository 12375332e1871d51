"""Names that a module has for type checkers alone: `if TYPE_CHECKING: from .layers import *`.

A package that loads its parts when they are first asked for tells type checkers where they come from. What such a
name stands for there is what whoever imports it is given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

Promise = tuple[str, int, str]
"""`from ..module import name`: the module, the dots before it, and the name that it has there."""


def promises(tree: ast.Module) -> dict[str, list[Promise]]:
    """For each name that a module imports for type checkers, where it may come from. Under `*` stands what all is
    imported from."""
    found: dict[str, list[Promise]] = {}
    for statement in _for_checkers(tree):
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                place = (statement.module or "", statement.level, alias.name)
                found.setdefault(alias.asname or alias.name, []).append(place)
    return found


def _for_checkers(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if isinstance(node, ast.If):
            match node.test:
                case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
                    yield from node.body
                case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id="TYPE_CHECKING")):
                    yield from node.orelse
