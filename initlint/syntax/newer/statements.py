"""Statements of LibCST as statements of `ast`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import libcst as cst

from initlint.syntax.newer.expressions import BINARY, dotted, identifier, set_context
from initlint.syntax.newer.patterns import Patterns


class Statements(Patterns):
    """Turns a whole module into its `ast`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # Where a statement ends with the semicolon after it: there ends, for `ast`, the block it closes.
        self._tails: dict[ast.stmt, tuple[int, int]] = {}
        self._statements: Mapping[str, Callable[[Any], ast.stmt]] = {
            "AnnAssign": self._ann_assign, "Assert": self._assert, "Assign": self._assign,
            "AugAssign": self._aug_assign, "Break": lambda node: ast.Break(), "ClassDef": self._class,
            "Continue": lambda node: ast.Continue(), "Del": self._del, "Expr": self._expr, "For": self._for,
            "FunctionDef": self._function, "Global": self._global, "If": self._if_statement,
            "Import": self._import, "ImportFrom": self._import_from, "LazyImport": self._lazy_import,
            "LazyImportFrom": self._lazy_import_from, "Match": self._match, "Nonlocal": self._nonlocal,
            "Pass": lambda node: ast.Pass(), "Raise": self._raise, "Return": self._return, "Try": self._try,
            "TryStar": self._try_star, "TypeAlias": self._type_alias, "While": self._while, "With": self._with,
        }

    def module(self) -> ast.Module:
        return ast.Module(body=self._body(self.tree.body), type_ignores=[])

    def statement(self, node: cst.BaseSmallStatement | cst.BaseCompoundStatement) -> ast.stmt:
        found = self._statements[type(node).__name__](node)
        self.like(found, node)
        if isinstance(node, cst.BaseCompoundStatement):
            self._close(found, _last(found))
        return found

    def _close(self, node: ast.stmt | ast.excepthandler, last: ast.stmt | ast.excepthandler) -> None:
        """Ends a compound statement or handler where the `last` statement in it ends."""
        tail = self._tails.get(last) if isinstance(last, ast.stmt) else None
        node.end_lineno, node.end_col_offset = tail or (last.end_lineno, last.end_col_offset)

    def _body(self, nodes: Iterable[cst.CSTNode]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                found += self._body(node.body)
                continue
            assert isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement))
            found.append(self.statement(node))
            semicolon = getattr(node, "semicolon", None)
            if isinstance(semicolon, cst.Semicolon):
                self._tails[found[-1]] = self.point(self.token_end(semicolon))
        return found

    def _suite(self, node: cst.BaseSuite) -> list[ast.stmt]:
        return self._body(node.body)

    def _else(self, node: cst.Else | cst.Finally | None) -> list[ast.stmt]:
        return [] if node is None else self._suite(node.body)

    # definitions

    def _function(self, node: cst.FunctionDef) -> ast.stmt:
        kind = ast.FunctionDef if node.asynchronous is None else ast.AsyncFunctionDef
        found = kind(
            name=identifier(node.name.value),
            args=self.parameters(node.params),
            body=self._suite(node.body),
            decorator_list=self._decorators(node),
            returns=None if node.returns is None else self.expression(node.returns.annotation),
        )
        self._type_parameters(found, node.type_parameters)
        return found

    def _class(self, node: cst.ClassDef) -> ast.stmt:
        bases, keywords = self.arguments([*node.bases, *node.keywords])
        name, body = identifier(node.name.value), self._suite(node.body)
        found = ast.ClassDef(name, bases, keywords, body, self._decorators(node))
        self._type_parameters(found, node.type_parameters)
        return found

    def _decorators(self, node: cst.FunctionDef | cst.ClassDef) -> list[ast.expr]:
        return [self.expression(decorator.decorator) for decorator in node.decorators]

    def _type_parameters(self, found: ast.stmt, node: cst.TypeParameters | None) -> None:
        """Type parameters have no value: they are dropped, an empty list where `ast` wants one."""
        if node is not None:
            self.requires(3, 12)
            if any(param.default is not None for param in node.params):
                self.requires(3, 13)
        if "type_params" in found._fields:
            setattr(found, "type_params", [])  # noqa: B010 - the field is newer than the oldest Python served

    def _type_alias(self, node: Any) -> ast.stmt:
        self.requires(3, 12)
        return ast.Assign([self.store(node.name)], self.expression(node.value))

    # small statements

    def _expr(self, node: cst.Expr) -> ast.stmt:
        return ast.Expr(self.expression(node.value))

    def _assign(self, node: cst.Assign) -> ast.stmt:
        return ast.Assign([self.store(target.target) for target in node.targets], self.expression(node.value))

    def _ann_assign(self, node: cst.AnnAssign) -> ast.stmt:
        simple = int(isinstance(node.target, cst.Name) and not node.target.lpar)
        annotation = self.expression(node.annotation.annotation)
        return ast.AnnAssign(_target(self.store(node.target)), annotation, self.optional(node.value), simple)

    def _aug_assign(self, node: cst.AugAssign) -> ast.stmt:
        operator = BINARY[type(node.operator).__name__.removesuffix("Assign")]()
        return ast.AugAssign(_target(self.store(node.target)), operator, self.expression(node.value))

    def _del(self, node: cst.Del) -> ast.stmt:
        target = set_context(self.expression(node.target), ast.Del())
        bare = isinstance(target, ast.Tuple) and not node.target.lpar
        return ast.Delete(target.elts if bare and isinstance(target, ast.Tuple) else [target])

    def _return(self, node: cst.Return) -> ast.stmt:
        return ast.Return(self.optional(node.value))

    def _raise(self, node: cst.Raise) -> ast.stmt:
        return ast.Raise(self.optional(node.exc), None if node.cause is None else self.expression(node.cause.item))

    def _assert(self, node: cst.Assert) -> ast.stmt:
        return ast.Assert(self.expression(node.test), self.optional(node.msg))

    def _global(self, node: cst.Global) -> ast.stmt:
        return ast.Global([identifier(item.name.value) for item in node.names])

    def _nonlocal(self, node: cst.Nonlocal) -> ast.stmt:
        return ast.Nonlocal([identifier(item.name.value) for item in node.names])

    def _import(self, node: cst.Import) -> ast.stmt:
        return ast.Import(self._aliases(node.names))

    def _import_from(self, node: cst.ImportFrom) -> ast.stmt:
        module = None if node.module is None else dotted(node.module)
        if isinstance(node.names, cst.ImportStar):
            names = [self.like(ast.alias("*", None), node.names)]
        else:
            names = self._aliases(node.names)
        return ast.ImportFrom(module, names, len(node.relative))

    def _lazy_import(self, node: Any) -> ast.stmt:
        self.requires(3, 15)
        return self._import(node)

    def _lazy_import_from(self, node: Any) -> ast.stmt:
        self.requires(3, 15)
        return self._import_from(node)

    def _aliases(self, nodes: Sequence[cst.ImportAlias]) -> list[ast.alias]:
        found = []
        for node in nodes:
            name = None if node.asname is None else node.asname.name
            end = self.end(node.name) if name is None else self.end(name)
            asname = identifier(name.value) if isinstance(name, cst.Name) else None
            found.append(self.at(ast.alias(dotted(node.name), asname), self.start(node.name), end))
        return found

    # compound statements

    def _if_statement(self, node: cst.If) -> ast.stmt:
        test, body = self.expression(node.test), self._suite(node.body)
        orelse = [self.statement(node.orelse)] if isinstance(node.orelse, cst.If) else self._else(node.orelse)
        return ast.If(test, body, orelse)

    def _while(self, node: cst.While) -> ast.stmt:
        return ast.While(self.expression(node.test), self._suite(node.body), self._else(node.orelse))

    def _for(self, node: cst.For) -> ast.stmt:
        kind = ast.For if node.asynchronous is None else ast.AsyncFor
        target, iterable = self.store(node.target), self.expression(node.iter)
        return kind(target, iterable, self._suite(node.body), self._else(node.orelse))

    def _with(self, node: cst.With) -> ast.stmt:
        kind = ast.With if node.asynchronous is None else ast.AsyncWith
        items = []
        for item in node.items:
            target = None if item.asname is None else self.store(item.asname.name)
            items.append(ast.withitem(self.expression(item.item), target))
        return kind(items, self._suite(node.body))

    def _try(self, node: cst.Try) -> ast.stmt:
        handlers = [self._handler(handler) for handler in node.handlers]
        return ast.Try(self._suite(node.body), handlers, self._else(node.orelse), self._else(node.finalbody))

    def _try_star(self, node: cst.TryStar) -> ast.stmt:
        self.requires(3, 11)
        handlers = [self._handler(handler) for handler in node.handlers]
        body, orelse, finalbody = self._suite(node.body), self._else(node.orelse), self._else(node.finalbody)
        if sys.version_info >= (3, 11):
            return ast.TryStar(body, handlers, orelse, finalbody)
        return ast.Try(body, handlers, orelse, finalbody)

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> ast.ExceptHandler:
        if isinstance(node.type, cst.Tuple) and not node.type.lpar:
            self.requires(3, 14)
        name = None if node.name is None else node.name.name
        body = self._suite(node.body)
        text = identifier(name.value) if isinstance(name, cst.Name) else None
        found = self.like(ast.ExceptHandler(self.optional(node.type), text, body), node)
        self._close(found, body[-1])
        return found

    def _match(self, node: cst.Match) -> ast.stmt:
        cases = []
        for case in node.cases:
            guard = self.optional(case.guard)
            cases.append(ast.match_case(self.pattern(case.pattern), guard, self._suite(case.body)))
        return ast.Match(self.expression(node.subject), cases)


def _target(node: ast.expr) -> ast.Name | ast.Attribute | ast.Subscript:
    assert isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
    return node


def _last(node: ast.stmt) -> ast.stmt | ast.excepthandler:
    """The last statement or handler inside a compound statement: where it ends for `ast`."""
    for field in ("finalbody", "orelse", "handlers", "cases", "body"):
        inner = getattr(node, field, None)
        if inner:
            last: ast.stmt | ast.excepthandler | ast.match_case = inner[-1]
            return last.body[-1] if isinstance(last, ast.match_case) else last
    return node
