"""Syntax that the running Python's `ast` cannot read."""

from __future__ import annotations

import ast

from initlint.syntax.source import Source


def parse_newer(source: Source) -> ast.Module | None:
    """The tree of a source in a newer grammar than the running one, None where there is none."""
    return None
