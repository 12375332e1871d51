"""The import statements of a file, and names added to them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

from initlint.fix.places import line_end, line_start
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source

_Import = ast.Import | ast.ImportFrom


class Imports:
    """The imports of one source that stand at its top level, each on lines of its own."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self._source = source
        self._tree = tree
        self._statements = [node for node in tree.body if isinstance(node, _Import) and self._alone(node)]

    def extended(self, package: str, name: str, beside: str = "") -> tuple[Edit, ...]:
        """Adds `name` to `from package import …` (of several, to the one that imports `beside`); nothing
        where there is no such import."""
        lists = [
            node
            for node in self._statements
            if isinstance(node, ast.ImportFrom) and node.module == package and not node.level
            and all(alias.name != "*" for alias in node.names)
        ]
        if not lists or not package:
            return ()
        chosen = next((node for node in lists if any(alias.name == beside for alias in node.names)), lists[-1])
        return (self._listed(chosen.names, name),)

    def added(self, package: str, name: str) -> tuple[Edit, ...]:
        """Adds `from package import name`, or `import name` without a package, as a line of its own."""
        line = f"from {package} import {name}" if package else f"import {name}"
        newline = self._source.newline
        topmost = (package or name).split(".")[0]
        related = [node for node in self._statements if _topmost(node) == topmost]
        if related and package:
            return (self._after(related[-1], newline + line),)
        if related:
            return (self._before(related[0], line + newline),)
        ordinary = [node for node in self._statements if _topmost(node) != "__future__"]
        if not ordinary:
            return (self._at_top(line),)
        if topmost in sys.stdlib_module_names:
            return (self._among_standard(ordinary, line, name),)
        return (self._after(ordinary[-1], newline + line),)

    def _among_standard(self, ordinary: Sequence[_Import], line: str, name: str) -> Edit:
        newline = self._source.newline
        group = list(self._first_group(ordinary))
        if _topmost(group[0]) not in sys.stdlib_module_names:
            return self._before(group[0], line + newline * 2)
        for node in group:
            if isinstance(node, ast.ImportFrom) or node.names[0].name > name:
                return self._before(node, line + newline)
        return self._after(group[-1], newline + line)

    def _first_group(self, ordinary: Sequence[_Import]) -> Iterator[_Import]:
        """The imports up to the first blank line."""
        yield ordinary[0]
        for before, node in pairwise(ordinary):
            if node.lineno != (before.end_lineno or before.lineno) + 1:
                return
            yield node

    def _at_top(self, line: str) -> Edit:
        """A first import: below the docstring and `from __future__`, above all other code."""
        newline = self._source.newline
        above = None
        for node in self._tree.body:
            documents = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not documents and _topmost(node) != "__future__":
                break
            above = node
        if above is not None:
            end = line_end(self._source, self._offset_after(above))
            return Edit(end, end, newline * 2 + line)
        if not self._tree.body:
            end = len(self._source.text)
            return Edit(end, end, line + newline)
        first = self._tree.body[0]
        decorators = getattr(first, "decorator_list", ())
        start = self._source.line_starts[min((first.lineno, *(node.lineno for node in decorators))) - 1]
        return Edit(start, start, line + newline * 2)

    def _before(self, node: ast.stmt, text: str) -> Edit:
        start = self._source.line_starts[node.lineno - 1]
        return Edit(start, start, text)

    def _after(self, node: ast.stmt, text: str) -> Edit:
        end = line_end(self._source, self._offset_after(node))
        return Edit(end, end, text)

    def _offset_after(self, node: ast.stmt) -> int:
        return self._source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def _listed(self, aliases: Sequence[ast.alias], name: str) -> Edit:
        """`name` among names that are imported together: in order where they are in order, else last."""
        names = [alias.name for alias in aliases]
        index = len(names)
        if names == sorted(names):
            index = next((place for place, other in enumerate(names) if other > name), index)
        neighbour = aliases[min(index, len(names) - 1)]
        start = self._source.offset(neighbour.lineno, neighbour.col_offset)
        lead = self._source.text[line_start(self._source, start):start]
        apart = self._source.newline + lead if len(names) > 1 and not lead.strip() else " "
        if index < len(names):
            return Edit(start, start, f"{name},{apart}")
        end = self._source.offset(neighbour.end_lineno or 0, neighbour.end_col_offset or 0)
        return Edit(end, end, f",{apart}{name}")

    def _alone(self, node: ast.stmt) -> bool:
        start = self._source.offset(node.lineno, node.col_offset)
        end = self._offset_after(node)
        before = self._source.text[line_start(self._source, start):start]
        after = self._source.text[end:line_end(self._source, end)].strip()
        return not before.strip() and (not after or after.startswith("#"))


def _topmost(node: ast.stmt) -> str:
    """The top package an import names, "" where `node` is not one or it is relative."""
    if isinstance(node, ast.ImportFrom):
        return "" if node.level else (node.module or "").split(".")[0]
    return node.names[0].name.split(".")[0] if isinstance(node, ast.Import) else ""
