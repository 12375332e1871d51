"""What a module holds, at a glance: its imports, definitions and statements, and the names each uses.

One pass over the statements; expressions are never walked. The names that a definition uses are the
identifiers of its text, strings and comments included: too many rather than too few.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from initlint.syntax.source import Source

_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")


class Place(Enum):
    """Where an import stands."""

    MODULE = "module"                  # runs whenever the module is imported
    CONDITIONAL = "conditional"        # under an `if` at module level
    TRY = "try"                        # in a `try` statement at module level
    TYPE_CHECKING = "type checking"    # never runs
    FUNCTION = "function"              # runs with the function
    CLASS = "class"                    # binds an attribute of the class


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name. `import a.b as c` has `module` "a.b" and `name` None; `from ..a import b as c`
    has `module` "a", `level` 2 and `name` "b", "*" for all names; `asname` is "c" or None.
    `scope` is the qualified name of the definition it stands in, "" at module level."""

    module: str
    name: str | None
    asname: str | None
    level: int
    place: Place
    scope: str
    line: int

    @property
    def bound(self) -> str:
        """The name that it binds: of `import a.b`, "a"; of a star import, "*"."""
        if self.asname is not None:
            return self.asname
        return self.module.partition(".")[0] if self.name is None else self.name

    @property
    def target(self) -> str:
        """The dotted name, without leading dots, of what the bound name stands for."""
        if self.name is None:
            return self.module if self.asname is not None else self.bound
        return f"{self.module}.{self.name}" if self.module else self.name


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or function at module level, or right inside such a class.

    `line` is that of its first decorator; `bases` and `decorators` are texts; `names` are the identifiers
    in its text, empty for members, whose class has them.
    """

    name: str
    qualified_name: str
    is_class: bool
    line: int
    end_line: int
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    members: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Any other statement at module level: the names it binds, and the identifiers in its text."""

    line: int
    end_line: int
    binds: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Outline:
    imports: tuple[Import, ...]
    definitions: tuple[Definition, ...]
    statements: tuple[Statement, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """All identifiers that definitions and statements use."""
        found = [definition.names for definition in self.definitions]
        return frozenset[str]().union(*found, *(statement.names for statement in self.statements))

    @cached_property
    def bindings(self) -> Mapping[str, Definition | Statement | Import]:
        """What binds each name of the module; where several do, the last."""
        found: dict[str, Definition | Statement | Import] = {}
        for statement in self.statements:
            found.update(dict.fromkeys(statement.binds, statement))
        for item in self.imports:
            if item.place not in (Place.FUNCTION, Place.CLASS) and item.name != "*":
                found[item.bound] = item
        for definition in self.definitions:
            found[definition.name] = definition
        return found


def outline(source: Source, tree: ast.Module) -> Outline:
    """The outline of a module that `parse` has read."""
    return _Outliner(source).run(tree)


class _Outliner:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.imports: list[Import] = []
        self.definitions: list[Definition] = []
        self.statements: list[Statement] = []

    def run(self, tree: ast.Module) -> Outline:
        self._module(tree.body, Place.MODULE)
        statements = sorted(self.statements, key=lambda statement: statement.line)
        return Outline(tuple(self.imports), tuple(self.definitions), tuple(statements))

    def _module(self, body: Iterable[ast.stmt], place: Place) -> None:
        """Statements at module level, those inside its compound statements included."""
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node, place, "")
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.definitions.append(self._definition(node))
            elif isinstance(node, ast.If):
                self._header(node, node.body)
                checking = _is_type_checking(node.test)
                self._module(node.body, Place.TYPE_CHECKING if checking else _inside(place, Place.CONDITIONAL))
                self._module(node.orelse, place if checking else _inside(place, Place.CONDITIONAL))
            elif blocks := list(_blocks(node)):
                self._header(node, blocks[0])
                for line, body in _clauses(node):
                    end_line = max(line, body[0].lineno - 1)
                    self.statements.append(Statement(line, end_line, (), self._names(line, end_line)))
                inner = Place.TRY if isinstance(node, ast.Try) or type(node).__name__ == "TryStar" else place
                for block in blocks:
                    self._module(block, _inside(place, inner))
            else:
                self._statement(node, node.end_lineno or node.lineno)

    def _header(self, node: ast.stmt, body: Sequence[ast.stmt]) -> None:
        """The part of a compound statement before its body."""
        last = max(node.lineno, body[0].lineno - 1) if body else node.lineno
        self._statement(node, last)

    def _statement(self, node: ast.stmt, end_line: int) -> None:
        binds = tuple(dict.fromkeys(_bound(node)))
        self.statements.append(Statement(node.lineno, end_line, binds, self._names(node.lineno, end_line)))

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, owner: str = "") -> Definition:
        line = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        end_line = node.end_lineno or line
        is_class = isinstance(node, ast.ClassDef)
        names = frozenset[str]()
        members: tuple[Definition, ...] = ()
        if not owner:
            names = self._names(line, end_line)
            if "import" in names:
                self._inner_imports(node.body, node.name, Place.CLASS if is_class else Place.FUNCTION)
            if is_class:
                inner = (item for item in _statements(node.body) if isinstance(item, _DEFINITIONS))
                members = tuple(self._definition(item, node.name) for item in inner)
        return Definition(
            name=node.name,
            qualified_name=f"{owner}.{node.name}" if owner else node.name,
            is_class=is_class,
            line=line,
            end_line=end_line,
            bases=tuple(map(self._text, node.bases)) if isinstance(node, ast.ClassDef) else (),
            decorators=tuple(map(self._text, node.decorator_list)),
            names=names,
            members=members,
        )

    def _inner_imports(self, body: Iterable[ast.stmt], scope: str, place: Place) -> None:
        for node in _statements(body):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node, place, scope)
            elif isinstance(node, ast.ClassDef):
                self._inner_imports(node.body, f"{scope}.{node.name}", Place.CLASS)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._inner_imports(node.body, f"{scope}.{node.name}", Place.FUNCTION)

    def _import(self, node: ast.Import | ast.ImportFrom, place: Place, scope: str) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                found = Import(alias.name, None, alias.asname, 0, place, scope, node.lineno)
            else:
                found = Import(node.module or "", alias.name, alias.asname, node.level, place, scope, node.lineno)
            self.imports.append(found)

    def _names(self, line: int, end_line: int) -> frozenset[str]:
        start = self.source.line_starts[line - 1]
        _, end = self.source.line_extent(end_line)
        return frozenset(_IDENTIFIER.findall(self.source.text, start, end))

    def _text(self, node: ast.expr) -> str:
        """The text of a base or decorator."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"{self._text(node.value)}.{node.attr}"
        start = self.source.offset(node.lineno, node.col_offset)
        end = self.source.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self.source.text[start:end]


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _inside(outer: Place, inner: Place) -> Place:
    """The place of a block inside another: the one that says least about its running stays."""
    return inner if outer is Place.MODULE else outer


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement in order of the text; none for a simple statement."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        block = getattr(node, field, None)
        if block and isinstance(block[0], ast.stmt):
            yield block
        elif block:
            yield from (part.body for part in block)


def _clauses(node: ast.stmt) -> Iterator[tuple[int, list[ast.stmt]]]:
    """First line and body of each `except` and `case` of a statement."""
    for handler in getattr(node, "handlers", ()):
        yield handler.lineno, handler.body
    for case in getattr(node, "cases", ()):
        yield case.pattern.lineno, case.body


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """`body` and all that is inside its compound statements, definitions left closed."""
    for node in body:
        yield node
        if not isinstance(node, _DEFINITIONS):
            for block in _blocks(node):
                yield from _statements(block)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement binds by itself."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        targets = [node.target]
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
    while targets:
        target = targets.pop(0)
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, ast.Starred):
            targets.insert(0, target.value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            targets[:0] = target.elts
