"""Roots: where the trace begins.

A layer's verdict belongs to whoever builds its model. So functions and scripts that build modules are run
first; classes that nothing was seen to build are then run as their authors wrote them, those that no other
class refers to before those that are parts of others.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from initlint.model.survey import SCRIPT, Builder, Defined, Detour, Others, Place, Survey
from initlint.trace.machine.values import ClassV, FunctionV, ModuleScope
from initlint.trace.program.definitions import place_of, places_of
from initlint.trace.program.project import Project
from initlint.trace.roots.exploring import choices
from initlint.trace.roots.running import Root, Runner, Traced
from initlint.trace.roots.search import Search, gives_back_something
from initlint.trace.roots.standing import standing
from initlint.trace.roots.usage import uses_models
from initlint.trace.torch.modules import use_machine
from initlint.trace.torch.tree import is_class_of_modules, torch_class

_KEEPING: Final = (ast.Lambda, ast.Dict, ast.List, ast.Tuple, ast.Set)
"""What keeps the classes that it names until somebody builds one."""


class Tracer:
    """Runs the roots of a project's files, one after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.interpreter = project.interpreter
        self._search = Search(project)
        self._runner = Runner(project)
        use_machine(self.interpreter)

    # -- which ----------------------------------------------------------------------------------

    def survey(self, scope: ModuleScope) -> Survey:
        """Executes a module, and says what in it may be a root."""
        self.project.execute(scope)
        if scope.tree is None:
            return Survey()
        called: set[Place] = set()
        for node in scope.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                called |= self._called(node, scope, node)
        script = self._script(scope, scope.tree)
        started: set[Place] = set()
        if script is not None and isinstance(script.target, list):
            started = self._called(script.target, scope)
        functions = list(self._search.builders(scope))
        return Survey(
            script=script is not None,
            functions=tuple(self._builder(name, builder, scope) for name, builder in functions),
            called=tuple(sorted(called)),
            started=tuple(sorted(started)),
            ready=tuple(sorted({place_of(builder) for _, builder in functions if _is_ready(builder)})),
            classes=tuple(self._defined(cls, scope) for cls in self._search.classes(scope)),
            offered=tuple(sorted(places_of(self._offered(scope.tree, scope)))),
            named=tuple(sorted(self._named(scope.tree, scope))),
            kept=tuple(sorted(self._kept(scope.tree, scope))),
            closed=uses_models(scope.tree),
            layers=tuple(standing(self.project, scope)),
        )

    def _builder(self, name: str, builder: FunctionV | ClassV, scope: ModuleScope) -> Builder:
        node = _definition(builder)
        uses = self._called(node, scope, node) | self._reachable([node], scope)
        return Builder(name, place_of(builder), tuple(sorted(uses)), isinstance(builder, ClassV))

    def _called(self, code: ast.AST | Sequence[ast.AST], scope: ModuleScope, own: ast.AST | None = None) -> set[Place]:
        """The functions and plain classes that build modules which some code names, but for its `own` definition."""
        builders = (self._search.builder(value, None) for value in self._search.referred(code, scope))
        return {place_of(each) for each in builders if each is not None and _definition(each) is not own}

    def _reachable(self, code: Sequence[ast.AST], scope: ModuleScope) -> frozenset[Place]:
        """The classes of modules that some code may build."""
        return places_of(each for each in self._search.within_reach(code, scope) if is_class_of_modules(each))

    def _named(self, tree: ast.Module, scope: ModuleScope) -> set[Place]:
        """The classes of modules that the functions of a file name, and its classes that may be modules by a base that
        is not known: those are never run, and may initialise what they build."""
        found: set[Place] = set()
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) or self._may_be_module(node, scope):
                found |= places_of(each for each in self._search.referred(node, scope) if isinstance(each, ClassV))
        return found

    def _kept(self, tree: ast.Module, scope: ModuleScope) -> set[Place]:
        """The classes of modules that other code of a file could build, and those that a decorator or a table keeps for
        others to build."""
        found = set(places_of(cls for cls in self._search.classes(scope) if cls.traits.get("kept")))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or self._is_plain(node, scope):
                found |= self._reachable([node], scope)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                found |= self._reachable([each for each in ast.walk(node) if isinstance(each, _KEEPING)], scope)
        return found

    def _is_plain(self, node: ast.stmt, scope: ModuleScope) -> bool:
        """Whether a statement defines a class that is none of modules for all that is known."""
        value = scope.names.get(node.name) if isinstance(node, ast.ClassDef) else None
        return isinstance(value, ClassV) and torch_class(value) is None

    def _may_be_module(self, node: ast.stmt, scope: ModuleScope) -> bool:
        value = scope.names.get(node.name) if isinstance(node, ast.ClassDef) else None
        return isinstance(value, ClassV) and value.is_open and torch_class(value) is None

    def _offered(self, tree: ast.Module, scope: ModuleScope) -> Iterator[ClassV]:
        """The classes of modules that a file gives another name, or keeps in a table, for others to build."""
        others = (node for node in tree.body if isinstance(node, ast.ClassDef))
        bodies = [tree.body, *(node.body for node in others if not is_class_of_modules(scope.names.get(node.name)))]
        bound = [node.value for body in bodies for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
        for value in self._search.referred([each for each in bound if each is not None], scope):
            if is_class_of_modules(value):
                yield value

    def _script(self, scope: ModuleScope, tree: ast.Module) -> Root | None:
        """The main part of a file: what it builds when it is run, with what stands under its main guard."""
        found = self._search.script(scope, tree)
        return None if found is None else Root(f"{scope.file} as a script", scope, *found)

    def _defined(self, cls: ClassV, scope: ModuleScope) -> Defined:
        node = cls.node
        if not isinstance(node, ast.ClassDef):
            return Defined(place_of(cls), cls.qualname)
        body: list[ast.stmt] = [*node.body, *(ast.Expr(each) for each in node.decorator_list)]
        bases: list[ast.stmt] = [ast.Expr(base) for base in node.bases]
        named, derived = (self._other_classes(cls, code, scope) for code in (body, bases))
        return Defined(place_of(cls), cls.qualname, named, derived)

    def _other_classes(self, cls: ClassV, code: list[ast.stmt], scope: ModuleScope) -> tuple[Place, ...]:
        named = (value for value in self._search.referred(code, scope) if isinstance(value, ClassV))
        return tuple(sorted(places_of(each for each in named if each is not cls)))

    # -- running --------------------------------------------------------------------------------

    def entries(self, scope: ModuleScope, wanted: Container[str]) -> Iterator[Root]:
        """What is wanted of a file's main part (`SCRIPT`) and of what builds modules in it, to be run at once."""
        self._runner.builds_seen = set()
        script = self._script(scope, scope.tree) if scope.tree is not None and SCRIPT in wanted else None
        if script is not None:
            yield script
        for name, builder in self._search.builders(scope):
            if name in wanted:
                methods = self._search.methods(builder) if isinstance(builder, ClassV) else ()
                yield Root(f"{name}()", scope, builder, _definition(builder), methods=methods)

    def classes(self, scope: ModuleScope, chosen: Mapping[int, Others]) -> Iterator[tuple[int, Root]]:
        """The classes on the chosen lines of a file, each with its line; the values say what others do with them."""
        for cls in self._search.classes(scope):
            _, line = place_of(cls)
            if line in chosen and cls.node is not None:
                yield line, Root(cls.qualname, scope, cls, cls.node, chosen[line])

    def run(self, root: Root) -> Traced:
        """Builds what the root builds, and runs what it built."""
        return self._runner.run(root)

    def explore(self, scope: ModuleScope, detour: Detour) -> Traced | None:
        """Runs a root of a file on the ways of a detour; None where no argument chooses them."""
        found = choices(self.project, dict(detour.ways))
        if detour.ways and not found:
            return None
        if detour.line:
            others = Others.NONE if detour.entry else Others.USE
            roots = [root for _, root in self.classes(scope, {detour.line: others})]
        else:
            roots = list(self.entries(scope, detour.names))
        for root in roots:
            if root.name == detour.root:
                return self._runner.run(root, found)
        return None


def _definition(builder: ClassV | FunctionV) -> ast.AST:
    """The statement that defines a function or class of the project."""
    node: ast.AST = builder.code.node if isinstance(builder, FunctionV) else builder.node or ast.Pass()
    return node


def _is_ready(builder: ClassV | FunctionV) -> bool:
    """Whether a function can be called with nothing, and gives something back."""
    if not isinstance(builder, FunctionV):
        return False
    code = builder.code
    asks = len(code.params) > len(builder.defaults) or not builder.kwdefaults.keys() >= set(code.kwonly)
    return not asks and gives_back_something(code.node)

