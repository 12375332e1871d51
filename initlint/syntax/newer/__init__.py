"""Syntax that the running Python's `ast` cannot read, as the `ast` nodes of the running Python.

LibCST reads the text; this package says the same with nodes of `ast`, with the positions that a Python
which knows the syntax would give them. What the running `ast` has no node for becomes the nearest
thing that does no harm to whoever reads the tree:

- a type alias assigns its value to its name; type parameters and their defaults are dropped
- `except*` becomes `except`
- template strings become f-strings
- lazy imports become imports
- unpacking in a comprehension keeps its `Starred` element; `{**a for a in b}` becomes a set of such
"""

from __future__ import annotations

import ast

import libcst as cst

from initlint.syntax.depth import is_shallow
from initlint.syntax.newer.statements import Statements
from initlint.syntax.source import Source


def parse_newer(source: Source) -> ast.Module | None:
    """The tree of a source that needs a newer grammar than the running one; None where it needs none,
    or where LibCST cannot read it either."""
    if not is_shallow(source.text):
        return None
    try:
        converter = Statements(source.text)
        tree = converter.module()
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError, ValueError, SyntaxError):
        return None
    # LibCST takes a few things that no Python does: those are not newer, but wrong.
    return tree if converter.newer else None
