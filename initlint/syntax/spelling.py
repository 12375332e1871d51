"""How a file spells torch's modules and functions, and which import to add where it has none.

`torch.nn.init` may be `nn.init`, `init`, `I`, `torch.nn.init` or a handful of bare functions, depending on
the file's imports; a name that is something else where the new text will stand does not count.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from initlint.syntax.edits import Edit
from initlint.syntax.source import Source

_LOADED_WHOLE: Final = frozenset({"torch"})
"""Packages whose modules are attributes once the package is imported."""

# What people write, per module: the import, and the name by which it makes the module known.
_CUSTOMARY: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "torch.nn": (("from torch import nn", "nn"), ("import torch", "torch.nn")),
    "torch.nn.init": (("from torch import nn", "nn.init"), ("import torch", "torch.nn.init")),
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """An expression, and the edits without which the file does not know it."""

    text: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Binding:
    """A name, dotted after `import a.b`, that stands for a module or a member of one."""

    name: str
    target: str


class Speller:
    """Spells names for one file."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self._imported = [node for node in _unconditional(tree.body) if isinstance(node, (ast.Import, ast.ImportFrom))]
        self._used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._used.update(_names_bound(tree.body, deep=True))

    def module(self, module: str, line: int) -> Spelling:
        """How to write `module` ("torch.nn.init", "math") on a line."""
        found = self._known(module, line)
        return Spelling(found) if found is not None else self._with_import(module)

    def function(self, module: str, name: str, line: int) -> Spelling:
        """How to write the function `name` of `module` on a line: bare where the file imports it or
        its likes bare, else as an attribute."""
        bare = self._known(f"{module}.{name}", line, whole=True)
        if bare is not None:
            return Spelling(bare)
        found = self._known(module, line)
        if found is not None:
            return Spelling(f"{found}.{name}")
        for node in self._imported:
            if isinstance(node, ast.ImportFrom) and not node.level and node.module == module and name not in self._used:
                last = node.names[-1]
                if last.name != "*" and last.end_lineno is not None and last.end_col_offset is not None:
                    end = self.source.offset(last.end_lineno, last.end_col_offset)
                    return Spelling(name, (Edit(end, end, f", {name}"),))
        owner = self._with_import(module)
        return Spelling(f"{owner.text}.{name}", owner.edits)

    def _known(self, target: str, line: int, whole: bool = False) -> str | None:
        """The shortest expression for `target` that the file knows on `line`."""
        hidden: set[str] = set()
        found: list[tuple[int, str]] = []
        for depth, scope in enumerate(_scopes(self.tree, line)):
            imports = [n for n in _unconditional(scope.body) if isinstance(n, (ast.Import, ast.ImportFrom))]
            bound = {*_names_bound(scope.body, imports=False), *_parameters(scope)}
            for node in imports:
                if depth == 0 and node.lineno >= line:      # outer imports have run before the function does
                    continue
                for binding in _bindings(node):
                    first = binding.name.partition(".")[0]
                    if first in hidden or first in bound:
                        continue
                    text = _spelled(binding, target, whole)
                    if text is not None:
                        found.append((text.count("."), text))
            hidden |= bound | {binding.name.partition(".")[0] for node in imports for binding in _bindings(node)}
        return min(found)[1] if found else None

    def _with_import(self, module: str) -> Spelling:
        """`module` by the customary import whose name is still free in the file."""
        alias = module.replace(".", "_")
        plain = (f"import {module}", module)
        candidates = (*_CUSTOMARY.get(module, (plain,)), (f"import {module} as {alias}", alias))
        for statement, text in candidates:
            if text.partition(".")[0] not in self._used:
                return Spelling(text, (self._insertion(statement),))
        number = 2
        while f"{alias}_{number}" in self._used:
            number += 1
        name = f"{alias}_{number}"
        return Spelling(name, (self._insertion(f"import {module} as {name}"),))

    def _insertion(self, statement: str) -> Edit:
        """The edit that adds an import: beside its likes, in the order of import sorters."""
        newline = self.source.newline
        wanted = ast.parse(statement).body[0]
        assert isinstance(wanted, (ast.Import, ast.ImportFrom))
        imports = [node for node in self._leading() if not _is_future(node)]
        likes = [node for node in imports if _group(node) == _group(wanted)]
        before = [node for node in likes if _order(node) <= _order(wanted)]
        if before:
            return self._after(before[-1], newline + statement)
        if likes:
            return self._before(likes[0], statement + newline)
        earlier = [node for node in imports if _group(node) < _group(wanted)]
        if earlier:
            return self._after(earlier[-1], newline + newline + statement)
        if imports:
            return self._before(imports[0], statement + newline + newline)
        head = self._head()
        if head is not None:
            return self._after(head, newline + newline + statement)
        if self.tree.body:
            return self._before(self.tree.body[0], statement + newline + newline)
        end = len(self.source.text)
        return Edit(end, end, statement + newline)

    def _leading(self) -> list[ast.Import | ast.ImportFrom]:
        """The imports at the top of the file: up to the first class or function."""
        found: list[ast.Import | ast.ImportFrom] = []
        for node in self.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                break
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.append(node)
        return found

    def _head(self) -> ast.stmt | None:
        """The docstring or the last `from __future__` import, after which imports may stand."""
        head: ast.stmt | None = None
        for index, node in enumerate(self.tree.body):
            docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) \
                and isinstance(node.value.value, str)
            if not docstring and not (isinstance(node, ast.ImportFrom) and _is_future(node)):
                break
            head = node
        return head

    def _after(self, node: ast.stmt, content: str) -> Edit:
        _, end = self.source.line_extent(node.end_lineno or node.lineno)
        return Edit(end, end, content)

    def _before(self, node: ast.stmt, content: str) -> Edit:
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        start = self.source.line_starts[(decorators[0].lineno if decorators else node.lineno) - 1]
        return Edit(start, start, content)


def _scopes(tree: ast.Module, line: int) -> list[ast.Module | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions that hold a line, innermost first, and the module. Class bodies do not count:
    methods do not see their names."""
    found: list[ast.Module | ast.FunctionDef | ast.AsyncFunctionDef] = [tree]
    body: list[ast.stmt] = tree.body
    while True:
        for node in _inner(body):
            if isinstance(node, _DEFINITIONS) and node.lineno <= line <= (node.end_lineno or node.lineno):
                if not isinstance(node, ast.ClassDef):
                    found.insert(0, node)
                body = node.body
                break
        else:
            return found


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _inner(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """`body` and what is inside its compound statements, definitions left closed."""
    for node in body:
        yield node
        if not isinstance(node, _DEFINITIONS):
            for field in ("body", "handlers", "orelse", "finalbody", "cases"):
                for part in getattr(node, field, ()):
                    yield from _inner([part] if isinstance(part, ast.stmt) else part.body)


def _unconditional(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run whenever `body` runs: those under `if` and in handlers left out."""
    for node in body:
        yield node
        if isinstance(node, (ast.Try, ast.With)):
            yield from _unconditional(node.body)


def _names_bound(body: Iterable[ast.stmt], imports: bool = True, deep: bool = False) -> Iterator[str]:
    """The names that statements bind, definitions by their name only unless `deep`."""
    for node in _inner(body):
        if isinstance(node, _DEFINITIONS):
            yield node.name
            if deep:
                if not isinstance(node, ast.ClassDef):
                    yield from _parameters(node)
                yield from _names_bound(node.body, imports, deep)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if imports:
                yield from (binding.name.partition(".")[0] for binding in _bindings(node))
        else:
            for field, value in ast.iter_fields(node):
                if field not in ("body", "orelse", "finalbody", "handlers", "cases"):
                    yield from _stored(value)
            for handler in getattr(node, "handlers", ()):
                if handler.name:
                    yield handler.name


def _stored(value: object) -> Iterator[str]:
    """The names that an expression, or a list of them, stores to."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, ast.AST):
            for node in ast.walk(item):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _parameters(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if not isinstance(node, ast.Module):
        rest = [item for item in (node.args.vararg, node.args.kwarg) if item is not None]
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, *rest):
            yield argument.arg


def _bindings(node: ast.Import | ast.ImportFrom) -> Iterator[_Binding]:
    """What an import makes known: of `import a.b`, the name "a.b" itself."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield _Binding(alias.asname or alias.name, alias.name)
        elif alias.name != "*":
            target = f"{node.module}.{alias.name}" if not node.level and node.module else "." + alias.name
            yield _Binding(alias.asname or alias.name, target)


def _spelled(binding: _Binding, target: str, whole: bool) -> str | None:
    """`target` in terms of one imported name, None where that does not lead there."""
    if binding.target == target:
        return binding.name
    if whole:
        return None
    package = target.partition(".")[0]
    if package in _LOADED_WHOLE:
        if target.startswith(binding.target + "."):
            return binding.name + target.removeprefix(binding.target)
        if binding.name == binding.target and binding.name.partition(".")[0] == package:
            return target           # import torch.utils.data makes torch known, and so all of it
    return None


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _group(node: ast.Import | ast.ImportFrom) -> int:
    """Standard library, third party, the project itself."""
    if isinstance(node, ast.ImportFrom) and node.level:
        return 2
    return int(_module_of(node).partition(".")[0] not in sys.stdlib_module_names)


def _order(node: ast.Import | ast.ImportFrom) -> tuple[bool, str]:
    return isinstance(node, ast.ImportFrom), _module_of(node)


def _module_of(node: ast.Import | ast.ImportFrom) -> str:
    return (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
