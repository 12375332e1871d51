"""Imports that fixes leave without use."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import Final

from initlint.fix.document import Document
from initlint.fix.nodes import Unreadable
from initlint.fix.statements import StatementChanges
from initlint.syntax.edits import Edit, OverlapError, ordered
from initlint.syntax.source import Source

_PACKAGES: Final = ("torch", "math")
"""What fixes take out of use. Nobody imports these for what the import itself does."""


def without_freed_imports(before: Source, after: Source) -> tuple[Source, tuple[Edit, ...]] | None:
    """`after` without the top-level imports whose names `before` uses and `after` no longer mentions, and the
    edits of it; None where there are none. A package's `__init__.py` imports for others and is left alone."""
    if os.path.basename(after.path) == "__init__.py":
        return None
    try:
        document = Document(after)
        edits = ordered(_edits(document, before.text))
        return (after.edited(edits), edits) if edits else None
    except (Unreadable, OverlapError, ValueError):
        return None


def _edits(document: Document, before: str) -> Iterator[Edit]:
    source = document.source
    statements = StatementChanges(document)
    for node in document.tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or _package(node) not in _PACKAGES:
            continue
        start = source.offset(node.lineno, node.col_offset)
        end = source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        written = source.text[start:end]
        if "noqa" in source.line(source.line_at(end)):
            continue
        freed = [alias for alias in node.names if _freed(_bound(alias), written, before, document.text)]
        if len(freed) == len(node.names):
            statements.delete(document.place_of(start, end))
        else:
            yield from (_without(source, node.names, alias) for alias in freed)
    yield from statements.edits()


def _package(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.ImportFrom):
        return "" if node.level else (node.module or "").split(".")[0]
    return node.names[0].name.split(".")[0]


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _freed(name: str, written: str, before: str, after: str) -> bool:
    """Whether a name was in use and now stands in its import alone."""
    return name != "*" and _mentions(name, after) == _mentions(name, written) < _mentions(name, before)


def _mentions(name: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _without(source: Source, aliases: list[ast.alias], alias: ast.alias) -> Edit:
    """Takes one of several names out of an import, with a comma."""
    index = aliases.index(alias)
    if index + 1 < len(aliases):
        following = aliases[index + 1]
        return Edit(
            source.offset(alias.lineno, alias.col_offset), source.offset(following.lineno, following.col_offset), ""
        )
    previous = aliases[index - 1]
    return Edit(
        source.offset(previous.end_lineno or 0, previous.end_col_offset or 0),
        source.offset(alias.end_lineno or 0, alias.end_col_offset or 0),
        "",
    )
