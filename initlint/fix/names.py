"""How a place in a file spells torch's names, and the import to add where it cannot yet.

What counts is the binding: a name that is imported and rebound in the file, or hidden by a parameter or
local variable at the place in question, spells nothing.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from initlint.fix.imports import Imports
from initlint.fix.nodes import Unreadable
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source

MODULES: Final = {"init": "torch.nn.init", "nn": "torch.nn", "torch": "torch", "math": "math"}
"""The placeholders of templates that stand for modules."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as a place can write it, with the edits that import it."""

    text: str
    edits: tuple[Edit, ...] = ()


def receiver_of(function: Function) -> str:
    """The name a method knows its object by, "" where it is none of the plain kind."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(node, ast.Name) and node.id in ("staticmethod", "classmethod", "property")
                 for node in function.decorator_list)
    return "" if static or not arguments else arguments[0].arg


class Names:
    """The spellings of one source."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self._source = source
        self._tree = tree
        self._imports = Imports(source, tree)
        self._bound: dict[_Scope, Counter[str]] = {}
        self._imported: dict[_Scope, list[tuple[str, str, int]]] = {}

    def spell(self, module: str, attribute: str, offset: int) -> Spelling:
        """`module.attribute` (the module itself where `attribute` is "") at an offset.

        A name that is imported by itself comes first, then the module as the file writes it most,
        then the shortest way. Raises Unreadable where no import would help.
        """
        visible = self._visible(offset)
        if attribute:
            full = f"{module}.{attribute}"
            for name, dotted in visible:
                if dotted == full:
                    return Spelling(name)
        known = [name + module[len(dotted):] for name, dotted in visible if f"{module}.".startswith(f"{dotted}.")]
        if known:
            spelled = max(known, key=lambda text: (self._uses(text), -text.count("."), text))
            if attribute and not self._uses(spelled) and self.is_free(attribute, offset):
                edits = self._imports.extended(module, attribute)
                if edits:       # the file imports what it needs of the module by name
                    return Spelling(attribute, edits)
            return Spelling(f"{spelled}.{attribute}" if attribute else spelled)
        return self._added(module, attribute, offset)

    def spell_beside(self, module: str, attribute: str, neighbour: str, offset: int) -> Spelling:
        """`module.attribute` where `neighbour`, another attribute of it, is written as a bare name: a bare
        name too, imported beside it where it is not yet."""
        full = f"{module}.{attribute}"
        for name, dotted in self._visible(offset):
            if dotted == full:
                return Spelling(name)
        if self.is_free(attribute, offset):
            edits = self._imports.extended(module, attribute, beside=neighbour)
            if edits:
                return Spelling(attribute, edits)
        return self.spell(module, attribute, offset)

    def _added(self, module: str, attribute: str, offset: int) -> Spelling:
        """The spelling that an added import makes possible."""
        if attribute and self.is_free(attribute, offset):
            edits = self._imports.extended(module, attribute)
            if edits:
                return Spelling(attribute, edits)
        parts = module.split(".")
        for kept in range(len(parts) - 1, -1, -1):
            name = parts[kept]
            if not self.is_free(name, offset):
                continue
            package = ".".join(parts[:kept])
            edits = self._imports.extended(package, name) or self._imports.added(package, name)
            return Spelling(".".join([name, *parts[kept + 1:], *([attribute] if attribute else [])]), edits)
        raise Unreadable(f"no name is free for {module}")

    def stands_for(self, node: ast.expr, offset: int) -> str:
        """The dotted name of what is imported that an expression (`nn.Module`) means at an offset, "" where it means
        nothing of the kind."""
        match node:
            case ast.Attribute(value=value, attr=attribute):
                holder = self.stands_for(value, offset)
                return holder and f"{holder}.{attribute}"
            case ast.Name(id=name):
                return dict(self._visible(offset)).get(name, "")
        return ""

    def is_free(self, name: str, offset: int) -> bool:
        """Whether no scope around an offset binds `name` yet."""
        return not hasattr(builtins, name) and all(name not in self._bindings(scope) for scope in self._scopes(offset))

    def is_mentioned(self, name: str, offset: int) -> bool:
        """Whether the innermost scope around an offset, or one inside it, reads or binds `name`: to bind it anew
        would change what it means there."""
        return any(
            (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.arg) and node.arg == name)
            for node in ast.walk(self._scopes(offset)[-1])
        )

    def _uses(self, text: str) -> int:
        return len(re.findall(rf"(?<![\w.]){re.escape(text)}\.\w", self._source.text))

    # scopes

    def _visible(self, offset: int) -> list[tuple[str, str]]:
        """The imported names that can be read at an offset with what they stand for, outermost scope first."""
        found: dict[str, str] = {}
        scopes = self._scopes(offset)
        inside = any(not isinstance(scope, (ast.Module, ast.ClassDef)) for scope in scopes)
        for scope in scopes:
            bound = self._bindings(scope)
            for name in bound:
                found.pop(name, None)
            last = scope is scopes[-1]
            for name, dotted, start in self._imported[scope]:
                before = start <= offset or (not last and (inside or not isinstance(scope, ast.Module)))
                if bound[name] == self._times_imported(scope, name, dotted) and before:
                    found[name] = dotted
        return list(found.items())

    def _times_imported(self, scope: _Scope, name: str, dotted: str) -> int:
        return sum(1 for other, target, _ in self._imported[scope] if (other, target) == (name, dotted))

    def _scopes(self, offset: int) -> Sequence[_Scope]:
        """The scopes whose names can be read at an offset, from the module inwards. A class counts only
        for what stands in its body directly."""
        chain: list[_Scope] = [self._tree]
        point = self._source.point(offset)
        node: ast.AST = self._tree
        while True:
            inner = next((child for child in _parts(node) if _holds(child, point)), None)
            if inner is None:
                break
            node = inner
            if isinstance(node, _SCOPES):
                chain.append(node)
        return [scope for scope in chain if not isinstance(scope, ast.ClassDef) or scope is chain[-1]]

    def innermost(self, offset: int) -> ast.AST:
        """The node around an offset whose names are its own: a function, a class, a comprehension, or the module."""
        point = self._source.point(offset)
        node: ast.AST = self._tree
        found = node
        while (inner := next((child for child in _parts(node) if _holds(child, point)), None)) is not None:
            node = inner
            if isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
                found = node
        return found

    def _bindings(self, scope: _Scope) -> Counter[str]:
        """How often each name is bound in a scope; what it imports is noted on the way."""
        if scope in self._bound:
            return self._bound[scope]
        bound: Counter[str] = Counter()
        imported: list[tuple[str, str, int]] = []
        for node in _own(scope):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    bound[name] += 1
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    bound[name] += 1
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    bound[name] += 1
                case ast.MatchMapping(rest=str(name)):
                    bound[name] += 1
                case ast.Import() | ast.ImportFrom():
                    start = self._source.offset(node.lineno, node.col_offset)
                    for name, dotted in _bound_by(node):
                        bound[name] += 1
                        imported.append((name, dotted, start))
        self._bound[scope], self._imported[scope] = bound, imported
        return bound


def _bound_by(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names an import binds, with what they stand for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif alias.name != "*":
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"


def _own(scope: _Scope) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the scopes in it, whose names alone belong to it."""
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        yield from ast.walk(scope.args)
    body: list[ast.AST] = [scope.body] if isinstance(scope, ast.Lambda) else list(scope.body)
    while body:
        node = body.pop()
        yield node
        if isinstance(node, ast.If) and _is_for_checkers(node.test):
            body += node.orelse
        elif not isinstance(node, _SCOPES):
            body += ast.iter_child_nodes(node)


def _is_for_checkers(test: ast.expr) -> bool:
    """`if TYPE_CHECKING:`: what is imported there is not there when the code runs."""
    return ast.unparse(test).rsplit(".", 1)[-1] == "TYPE_CHECKING"


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly below that have a place in the text."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "end_lineno"):
            yield child
        else:
            yield from _parts(child)


def _holds(node: ast.AST, point: tuple[int, int]) -> bool:
    first = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    last = (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))
    return first <= point < last
