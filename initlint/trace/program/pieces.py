"""A module in pieces: its statements, each with what it binds, what it names and what it does when the module runs.

This tells which parts of a file code in it can come by. In doubt a piece names too much and does too much.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from initlint.files.index import digest_of
from initlint.syntax.source import Source
from initlint.trace.events.unused import initialises, names_in
from initlint.trace.machine.code import local_names
from initlint.trace.machine.values import ClassV, ExternalV, FunctionV, ModuleScope, Value, is_constant
from initlint.trace.program.project import ImportRef, is_main_guard

_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")
_BINDERS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_STILL: Final = (
    ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Lambda, ast.expr_context,
)
"""Expressions whose evaluation only reads names."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement at module level, or several that share a line.

    `names` are the identifiers in its text, strings and comments included. When the module runs, it reads attributes
    of what the names in `reads` stand for, and calls, or hands to what it calls, what those in `works_with` do;
    `acts` is true where it does anything beyond binding its names. `runs` is true of what is neither a definition nor
    an import, `guarded` of what stands under the main guard. `used` and `initialisers` are what tells of functions
    that nothing calls (`events.unused`).
    """

    digest: str
    binds: frozenset[str]
    names: frozenset[str]
    reads: frozenset[str]
    works_with: frozenset[str]
    acts: bool
    runs: bool
    guarded: bool
    used: frozenset[str]
    initialisers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece, and the lines it stands on."""

    piece: Piece
    first: int
    last: int


def cut(source: Source, tree: ast.Module, known: dict[str, Piece]) -> tuple[Placed, ...]:
    """The pieces of a module in order. `known` keeps them by their text, from one version of a file to the next."""
    found = []
    starts = source.line_starts
    for first, last, nodes in _grouped(tree.body):
        text = source.text[starts[first - 1] : starts[last] if last < len(starts) else len(source.text)]
        piece = known.get(text)
        if piece is None:
            piece = known[text] = _piece(text, nodes)
        found.append(Placed(piece, first, last))
    return tuple(found)


def _grouped(body: Sequence[ast.stmt]) -> Iterator[tuple[int, int, list[ast.stmt]]]:
    """Statements with their first and last line, those that share one together."""
    group: list[ast.stmt] = []
    first = last = 0
    for node in body:
        decorators = getattr(node, "decorator_list", None) or [node]
        start, end = min(node.lineno, decorators[0].lineno), node.end_lineno or node.lineno
        if group and start > last:
            yield first, last, group
            group = []
        first = start if not group else first
        last = end if not group else max(last, end)
        group.append(node)
    if group:
        yield first, last, group


def _piece(text: str, nodes: list[ast.stmt]) -> Piece:
    functions = [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.FunctionDef)]
    deeds = [_Deeds(node) for node in nodes]
    return Piece(
        digest_of(text),
        frozenset(local_names(nodes)[0]),
        _identifiers(text, nodes),
        frozenset[str]().union(*(each.reads for each in deeds)),
        frozenset[str]().union(*(each.works_with for each in deeds)),
        any(each.acts for each in deeds),
        any(not isinstance(node, _BINDERS) for node in nodes),
        len(nodes) == 1 and is_main_guard(nodes[0]),
        frozenset(names_in(nodes, "").used),
        frozenset(node.name for node in functions if initialises(node)),
    )


def _identifiers(text: str, nodes: list[ast.stmt]) -> frozenset[str]:
    found = set(_IDENTIFIER.findall(text if text.isascii() else unicodedata.normalize("NFKC", text)))
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):      # written in several parts, say
                found.update(_IDENTIFIER.findall(each.value))
    return frozenset(found)


class _Deeds:
    """What a statement at module level does when it runs."""

    def __init__(self, node: ast.stmt) -> None:
        self.reads: set[str] = set()
        self.works_with: set[str] = set()
        self.acts = False
        self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._decorated(node.decorator_list)
                self._expressions((*node.args.defaults, *filter(None, node.args.kw_defaults)))
            case ast.ClassDef():
                self._decorated(node.decorator_list)
                self._expressions((*node.bases, *(keyword.value for keyword in node.keywords)))
                for inner in node.body:
                    self._statement(inner)
            case ast.Assign(targets=targets, value=value) if all(isinstance(each, ast.Name) for each in targets):
                self._expressions([value])
            case ast.AnnAssign(target=ast.Name(), value=value):
                self._expressions([value] if value is not None else ())
            case ast.Import() | ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.ImportFrom(module=module, names=names):
                self.acts |= module == "__future__" or any(alias.name == "*" for alias in names)
            case _:
                self.acts |= not is_main_guard(node)

    def _decorated(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            self.works_with.update(each.id for each in ast.walk(decorator) if isinstance(each, ast.Name))

    def _expressions(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            inner = node
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name) and inner is not node:
                self.reads.add(inner.id)
            elif isinstance(node, ast.Lambda):
                self._expressions((*node.args.defaults, *filter(None, node.args.kw_defaults)))
            elif isinstance(node, _STILL):
                self._expressions(each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
            else:
                self.works_with.update(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
                self.acts |= any(isinstance(each, ast.NamedExpr) for each in ast.walk(node))


def is_apart(value: Value) -> bool:
    """Whether code that works with a value can do nothing to the project's own: None stands for no value here."""
    return value is None or is_constant(value) or isinstance(value, ExternalV)


def is_readable(value: Value) -> bool:
    """Whether reading an attribute of a value runs nothing of the project's own beyond the import of a module."""
    return is_apart(value) or isinstance(value, ModuleScope | ImportRef | ClassV | FunctionV)
