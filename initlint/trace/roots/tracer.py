"""Roots: where the trace begins.

A layer's verdict belongs to whoever builds its model. So functions and scripts that build modules are run
first; classes that nothing was seen to build are then run as their authors wrote them, those that no other
class refers to before those that are parts of others.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping, Sequence

from initlint.model.graph import Role
from initlint.model.survey import SCRIPT, Defined, Detour, Place, Survey
from initlint.syntax.parts import parts
from initlint.trace.machine.code import wrappings
from initlint.trace.machine.values import AltV, BoundV, ClassV, FunctionV, ModuleScope, PartialV, TorchClassV, Value
from initlint.trace.program.definitions import place_of, places_of
from initlint.trace.program.project import Project, is_main_guard
from initlint.trace.python.classes import is_enum
from initlint.trace.roots.exploring import choices
from initlint.trace.roots.running import Root, Runner, Traced
from initlint.trace.roots.standing import named_value, standing
from initlint.trace.roots.usage import uses_models
from initlint.trace.torch.modules import use_machine
from initlint.trace.torch.tree import is_class_of_modules, torch_class


class Tracer:
    """Runs the roots of a project's files, one after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.interpreter = project.interpreter
        self._building: dict[int, bool] = {}
        self._runner = Runner(project)
        self._named: dict[ast.AST, set[str]] = {}
        self._called: dict[ast.AST, tuple[bool, tuple[FunctionV, ...]]] = {}
        self._stackless: set[ast.AST] = set()
        use_machine(self.interpreter)

    # -- which ----------------------------------------------------------------------------------

    def survey(self, scope: ModuleScope) -> Survey:
        """Executes a module, and says what in it may be a root."""
        self.project.execute(scope)
        if scope.tree is None:
            return Survey()
        called: set[Place] = set()
        named: set[Place] = set()
        for node in scope.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            hides = isinstance(node, ast.FunctionDef) or self._may_be_module(scope.names.get(node.name))
            for value in self._referred(node, scope):
                inner = self._builder(value, None)
                if inner is not None and _definition(inner) is not node:
                    called.add(place_of(inner))
                if hides and isinstance(value, ClassV) and value.node is not None:
                    named.add(place_of(value))
        script = self._script(scope, scope.tree)
        started: set[Place] = set()
        if script is not None and isinstance(script.target, list):
            builders = (self._builder(value, None) for value in self._referred(script.target, scope))
            started.update(place_of(builder) for builder in builders if builder is not None)
        functions = list(self._builders(scope))
        return Survey(
            script=script is not None,
            functions=tuple((name, place_of(builder)) for name, builder in functions),
            called=tuple(sorted(called)),
            started=tuple(sorted(started)),
            ready=tuple(sorted({place_of(builder) for _, builder in functions if _is_ready(builder)})),
            classes=tuple(self._defined(cls, scope) for cls in self._classes(scope)),
            offered=tuple(sorted(places_of(self._offered(scope.tree, scope)))),
            named=tuple(sorted(named)),
            closed=uses_models(scope.tree),
            layers=tuple(standing(self.project, scope)),
        )

    def _offered(self, tree: ast.Module, scope: ModuleScope) -> Iterator[ClassV]:
        """The classes of modules that a file gives another name, or keeps in a table, for others to build."""
        others = (node for node in tree.body if isinstance(node, ast.ClassDef))
        bodies = [tree.body, *(node.body for node in others if not is_class_of_modules(scope.names.get(node.name)))]
        bound = [node.value for body in bodies for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
        for value in self._referred([ast.Expr(each) for each in bound if each is not None], scope):
            if is_class_of_modules(value):
                yield value

    def _may_be_module(self, value: Value) -> bool:
        """Whether something is a class whose base is not known: it may be that of a module, which is then never run,
        and may initialise what it builds."""
        return isinstance(value, ClassV) and value.is_open and torch_class(value) is None

    def _builders(self, scope: ModuleScope) -> Iterator[tuple[str, FunctionV | ClassV]]:
        """The functions that build modules, and the classes of plain objects that do."""
        for name, value in list(scope.names.items()):
            builder = self._builder(value, scope)
            if builder is not None:
                yield name, builder

    def _builder(self, value: Value, scope: ModuleScope | None) -> FunctionV | ClassV | None:
        """A function, or a class of plain objects, that builds modules; of one file where `scope` is given."""
        if isinstance(value, ClassV):
            own = scope is None or value.module is scope
            return value if own and self._builds_class(value) else None
        function = self._own_function(value, scope)
        return function if function is not None and self._builds_function(function) else None

    def _classes(self, scope: ModuleScope) -> Iterator[ClassV]:
        """The modules that a file defines."""
        for value in list(scope.names.values()):
            if is_class_of_modules(value) and value.module is scope and value.node is not None:
                yield value

    def _script(self, scope: ModuleScope, tree: ast.Module) -> Root | None:
        """The main part of a file: what it builds when it is run, with what stands under its main guard."""
        guards = [node for node in tree.body if isinstance(node, ast.If) and is_main_guard(node)]
        body = [statement for guard in guards for statement in guard.body]
        if scope.file not in self.project.scripts and not self._builds(body, scope) and not self._stacks(body, scope):
            return None
        return Root(f"{scope.file} as a script", scope, body, guards[0] if guards else tree.body[0])

    def _own_function(self, value: Value, scope: ModuleScope | None) -> FunctionV | None:
        *_, value = wrappings(value, BoundV, PartialV)
        if (
            isinstance(value, FunctionV)
            and (scope is None or value.module is scope)
            and isinstance(value.code.node, ast.FunctionDef)
            and value.cls is None
        ):
            return value
        return None

    def _builds_function(self, function: FunctionV) -> bool:
        return self._builds_once(function.code.node, function.code.node.body, function.module)

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
            function = self._own_function(found, None)
            if function is not None:
                called.append(function)
        return False, tuple(called)

    def _builds_class(self, cls: ClassV) -> bool:
        """Whether a class of plain objects has a constructor of its own, and code that builds modules."""
        if torch_class(cls) is not None or cls.is_open or not isinstance(cls.node, ast.ClassDef) or is_enum(cls):
            return False
        if not isinstance(cls.attrs.get("__init__"), FunctionV):
            return False
        methods = [each for each in cls.node.body if isinstance(each, ast.FunctionDef)]
        return self._builds_once(cls.node, methods, cls.module)

    def _builds_once(self, key: ast.AST, body: Sequence[ast.stmt], scope: ModuleScope) -> bool:
        if id(key) not in self._building:
            self._building[id(key)] = False
            gives_back = isinstance(key, ast.FunctionDef) and _gives_back(key)
            self._building[id(key)] = self._builds(list(body), scope) or (gives_back and self._stacks(body, scope))
        return self._building[id(key)]

    def _builds(self, body: list[ast.stmt], scope: ModuleScope) -> bool:
        """Whether code refers to a class of modules, or to a function or plain class that does."""
        for value in self._referred(body, scope):
            for option in value.options if isinstance(value, AltV) else (value,):
                if is_class_of_modules(option) or self._builder(option, None) is not None:
                    return True
        return False

    def _referred(self, nodes: ast.AST | list[ast.stmt], scope: ModuleScope) -> Iterator[Value]:
        """The module-level values that code names."""
        names: set[str] = set()
        for node in nodes if isinstance(nodes, list) else [nodes]:
            found = self._named.get(node)
            if found is None:
                found = self._named[node] = _names_in(node)
            names |= found
        for name in sorted(names):
            if name in scope.names:
                yield self.project.settle(scope.names[name])

    def _defined(self, cls: ClassV, scope: ModuleScope) -> Defined:
        node = cls.node
        if not isinstance(node, ast.ClassDef):
            return Defined(place_of(cls), cls.qualname)
        body: list[ast.stmt] = [*node.body, *(ast.Expr(each) for each in node.decorator_list)]
        bases: list[ast.stmt] = [ast.Expr(base) for base in node.bases]
        named, derived = (self._other_classes(cls, code, scope) for code in (body, bases))
        return Defined(place_of(cls), cls.qualname, named, derived)

    def _other_classes(self, cls: ClassV, code: list[ast.stmt], scope: ModuleScope) -> tuple[Place, ...]:
        named = (value for value in self._referred(code, scope) if isinstance(value, ClassV) and value is not cls)
        return tuple(sorted(places_of(named)))

    # -- running --------------------------------------------------------------------------------

    def entries(self, scope: ModuleScope, wanted: Container[str]) -> Iterator[Root]:
        """What is wanted of a file's main part (`SCRIPT`) and of what builds modules in it, to be run at once."""
        self._runner.builds_seen = set()
        script = self._script(scope, scope.tree) if scope.tree is not None and SCRIPT in wanted else None
        if script is not None:
            yield script
        for name, builder in self._builders(scope):
            if name in wanted:
                yield Root(f"{name}()", scope, builder, _definition(builder))

    def classes(self, scope: ModuleScope, chosen: Mapping[int, bool]) -> Iterator[tuple[int, Root]]:
        """The classes on the chosen lines of a file, each with its line; the values say which are entries."""
        for cls in self._classes(scope):
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
            roots = [root for _, root in self.classes(scope, {detour.line: detour.entry})]
        else:
            roots = list(self.entries(scope, detour.names))
        for root in roots:
            if root.name == detour.root:
                return self._runner.run(root, found)
        return None


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
    return not asks and _gives_back(code.node)


def _gives_back(function: ast.AST) -> bool:
    return any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(function))
