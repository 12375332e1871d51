"""Which code of a file builds modules: functions, classes of plain objects and their methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from initlint.model.graph import Role
from initlint.model.reach import reach
from initlint.syntax.parts import parts
from initlint.trace.machine.code import wrappings
from initlint.trace.machine.values import (
    AltV,
    BoundV,
    ClassV,
    FunctionV,
    ModuleScope,
    PartialV,
    TorchClassV,
    Value,
)
from initlint.trace.program.project import Project, is_main_guard
from initlint.trace.python.classes import is_enum
from initlint.trace.python.holding import held
from initlint.trace.roots.stand_ins import mentioned
from initlint.trace.roots.standing import named_value
from initlint.trace.torch.tree import is_class_of_modules, torch_class

_Method = ast.FunctionDef | ast.AsyncFunctionDef

_ANY_NAME: Final = frozenset({"globals", "eval"})
"""Functions of Python's by which code gets at whatever its file names."""


class Search:
    """Looks for what builds modules in the files of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._building: dict[int, bool] = {}
        self._named: dict[ast.AST, set[str]] = {}
        self._called: dict[ast.AST, tuple[bool, tuple[FunctionV, ...]]] = {}
        self._stackless: set[ast.AST] = set()
        self._tables: dict[str, dict[str, list[ast.AST]]] = {}

    def builders(self, scope: ModuleScope) -> Iterator[tuple[str, FunctionV | ClassV]]:
        """The functions of a file that build modules, and the classes of plain objects that do, each under the first of
        its names."""
        found: set[FunctionV | ClassV] = set()
        for name, value in list(scope.names.items()):
            builder = self.builder(value, scope)
            if builder is not None and builder not in found:
                found.add(builder)
                yield name, builder

    def builder(self, value: Value, scope: ModuleScope | None) -> FunctionV | ClassV | None:
        """A function, or a class of plain objects, that builds modules; of one file where `scope` is given."""
        if isinstance(value, ClassV):
            own = scope is None or value.module is scope
            return value if own and self._builds_class(value) else None
        function = _own_function(value, scope)
        return function if function is not None and self._builds_function(function) else None

    def classes(self, scope: ModuleScope) -> Iterator[ClassV]:
        """The modules that a file defines, each once, whatever names it has."""
        for value in dict.fromkeys(filter(is_class_of_modules, list(scope.names.values()))):
            if value.module is scope and value.node is not None:
                yield value

    def script(self, scope: ModuleScope, tree: ast.Module) -> tuple[list[ast.stmt], ast.stmt] | None:
        """The main part of a file and where it stands, if it builds modules: what is under its main guard."""
        guards = [node for node in tree.body if isinstance(node, ast.If) and is_main_guard(node)]
        body = [statement for guard in guards for statement in guard.body]
        if scope.file not in self.project.scripts and not self._builds(body, scope) and not self._stacks(body, scope):
            return None
        return body, guards[0] if guards else tree.body[0]

    def methods(self, cls: ClassV) -> tuple[str, ...]:
        """The methods of a class of plain objects that build modules, or call one that does, those that lead to most
        others first."""
        if not isinstance(cls.node, ast.ClassDef):
            return ()
        own = {node.name: node for node in cls.node.body if isinstance(node, _Method) and node.name not in _BEFOREHAND}
        kept = {
            name for name, values in _assigned(cls.node.body).items()
            if self._builds(values, cls.module) or any(map(self._may_build, held(cls.attrs.get(name))))
        }
        used = {name: mentioned(node)[0] for name, node in own.items()}
        building = {
            name for name, node in own.items() if used[name] & kept or self._builds_once(node, [node], cls.module)
        }
        reached = {name: reach([name], lambda each: used[each] & used.keys()) for name in own}
        leading = [name for name in own if reached[name] & building]
        return tuple(sorted(leading, key=lambda name: -len(reached[name])))

    def referred(self, code: ast.AST | Sequence[ast.AST], scope: ModuleScope) -> Iterator[Value]:
        """The module-level values that code names, all of them where it looks names up that it works out."""
        for name in self._names(code, scope):
            yield self.project.settle(scope.names[name])

    def within_reach(self, code: ast.AST | Sequence[ast.AST], scope: ModuleScope) -> Iterator[Value]:
        """The module-level values that code names, and what the tables and registries among them keep, as far as the
        file itself put it there: what other files add is not known before all of them ran."""
        tables = self._tables_of(scope)
        for name in self._names(code, scope):
            value = self.project.settle(scope.names[name])
            yield from value.options if isinstance(value, AltV) else (value,)
            if name in tables:
                yield from self.referred(tables[name], scope)
                yield from (each for each in held(value) if isinstance(each, ClassV) and each.module is scope)

    def _names(self, code: ast.AST | Sequence[ast.AST], scope: ModuleScope) -> list[str]:
        names: set[str] = set()
        for node in code if isinstance(code, Sequence) else [code]:
            found = self._named.get(node)
            if found is None:
                found = self._named[node] = _names_in(node)
            names |= found
        return sorted(scope.names if names & _ANY_NAME else names & scope.names.keys())

    def _tables_of(self, scope: ModuleScope) -> dict[str, list[ast.AST]]:
        """What a file assigns to names, by name."""
        if scope.file not in self._tables:
            self._tables[scope.file] = _assigned(scope.tree.body if scope.tree is not None else [])
        return self._tables[scope.file]

    def _builds_function(self, function: FunctionV) -> bool:
        return self._builds_once(function.code.node, function.code.node.body, function.module)

    def _builds_class(self, cls: ClassV) -> bool:
        """Whether a class of plain objects has code that builds modules."""
        if torch_class(cls) is not None or cls.is_open or not isinstance(cls.node, ast.ClassDef) or is_enum(cls):
            return False
        return self._builds_once(cls.node, cls.node.body, cls.module)

    def _builds_once(self, key: ast.AST, body: Sequence[ast.stmt], scope: ModuleScope) -> bool:
        if id(key) not in self._building:
            self._building[id(key)] = False
            gives_back = isinstance(key, ast.FunctionDef) and gives_back_something(key)
            self._building[id(key)] = self._builds(body, scope) or (gives_back and self._stacks(body, scope))
        return self._building[id(key)]

    def _builds(self, body: Sequence[ast.AST], scope: ModuleScope) -> bool:
        """Whether code refers to a class of modules, to a function or plain class that builds them, or to what keeps
        either."""
        return any(map(self._may_build, self.within_reach(body, scope)))

    def _may_build(self, value: Value) -> bool:
        return is_class_of_modules(value) or self.builder(value, None) is not None

    def _stacks(self, body: Sequence[ast.stmt], scope: ModuleScope) -> bool:
        """Whether code puts layers of torch's together, in functions that it calls or here."""
        seen: set[ast.AST] = set()
        waiting = [self._calls(body, scope)]
        while waiting:
            builds, called = waiting.pop()
            if builds:
                return True
            for function in called:
                node = function.code.node
                if node not in seen and node not in self._stackless:
                    seen.add(node)
                    if node not in self._called:
                        self._called[node] = self._calls(node.body, function.module)
                    waiting.append(self._called[node])
        self._stackless |= seen         # all that can be reached from here was looked at
        return False

    def _calls(self, body: Sequence[ast.stmt], scope: ModuleScope) -> tuple[bool, tuple[FunctionV, ...]]:
        """Whether code builds a layer of torch's, and the functions that it calls."""
        called = []
        for node in (inner for statement in body for inner in ast.walk(statement) if isinstance(inner, ast.Call)):
            found = named_value(self.project, scope, node.func)
            if type(found) is TorchClassV and found.spec.parameters and found.spec.role is Role.LAYER:
                return True, ()
            function = _own_function(found, None)
            if function is not None:
                called.append(function)
        return False, tuple(called)


def gives_back_something(function: ast.AST) -> bool:
    """Whether a function returns more than None."""
    return any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(function))


_BEFOREHAND: Final = frozenset({"__init__", "__new__", "__init_subclass__", "__class_getitem__"})
"""Methods that were run when there is an object."""


def _own_function(value: Value, scope: ModuleScope | None) -> FunctionV | None:
    *_, value = wrappings(value, BoundV, PartialV)
    if (
        isinstance(value, FunctionV)
        and (scope is None or value.module is scope)
        and isinstance(value.code.node, ast.FunctionDef)
        and value.cls is None
    ):
        return value
    return None


def _assigned(body: Sequence[ast.stmt]) -> dict[str, list[ast.AST]]:
    """What statements assign to names, by name."""
    found: dict[str, list[ast.AST]] = {}
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for each in ast.walk(target):
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                        found.setdefault(each.id, []).append(node.value)
    return found


def _names_in(node: ast.AST) -> set[str]:
    """The names that code uses; of a function, its body. What is named to say or to ask of what class something is
    does not count: nobody builds anything with that."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(node.body) if isinstance(node, ast.FunctionDef) else [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Name):
            found.add(each.id)
            continue
        only_named = _only_named(each)
        waiting += [part for part in parts(each) if part not in only_named] if only_named else parts(each)
    return found


def _only_named(node: ast.AST) -> list[ast.expr]:
    """The parts of some code that are annotations, or classes that something is held against."""
    if isinstance(node, ast.Call):
        asks = isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "issubclass")
        return node.args[1:] if asks else []
    annotation = None
    if isinstance(node, ast.arg | ast.AnnAssign):
        annotation = node.annotation
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        annotation = node.returns
    return [] if annotation is None else [annotation]
