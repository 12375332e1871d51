"""Roots: where the trace begins.

A layer's verdict belongs to whoever builds its model. So functions and scripts that build modules are run
first; classes that nothing was seen to build are then run as their authors wrote them, those that no other
class refers to before those that are parts of others.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeGuard

from initlint.model.graph import Role
from initlint.model.program import Program
from initlint.model.source import Span
from initlint.model.survey import SCRIPT, Defined, Place, Survey
from initlint.syntax.parts import parts
from initlint.trace.builders import only_builds
from initlint.trace.classes import find_in_class
from initlint.trace.code import REQUIRED as ASKED
from initlint.trace.code import argument, wrappings
from initlint.trace.events.clones import left_behind
from initlint.trace.facts import program_of
from initlint.trace.frames import Frame, span_of
from initlint.trace.interpreter import MAX_STEPS, SEEN_BEFORE
from initlint.trace.memo import Tally
from initlint.trace.project import Project, is_main_guard
from initlint.trace.stand_ins import only_raises, stand_ins
from initlint.trace.standing import named_value, standing
from initlint.trace.torch_modules import use_machine
from initlint.trace.tree import VOCABULARY_FILE, children, is_module, members, torch_class, walk
from initlint.trace.usage import uses_models
from initlint.trace.values import (
    AltV,
    BoundV,
    ClassV,
    DescriptorV,
    DictV,
    Exhausted,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ModuleScope,
    PartialV,
    Raised,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
)

MAX_OPTIONAL: Final = 8
"""Arguments that a forward is given one by one, where it refuses to run with none and with all of them."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One root after it ran: its facts, None where it built nothing that counts, the classes it built, and their
    bases. `truncated` is the bound that was hit before anything was built."""

    root: str
    program: Program | None
    built: frozenset[Place] = frozenset()
    bases: frozenset[Place] = frozenset()
    truncated: str | None = None


@dataclass(slots=True)
class Root:
    """Something to run: a class, a function, or the main part of a script."""

    name: str
    scope: ModuleScope
    target: ClassV | FunctionV | list[ast.stmt]
    node: ast.AST
    entry: bool = True

    @property
    def span(self) -> Span:
        return span_of(self.scope.file, self.node)

    @property
    def is_script(self) -> bool:
        return isinstance(self.target, list)

    @property
    def plain(self) -> bool:
        """Whether it is given up where a root before it, of the same file, built the like."""
        return isinstance(self.target, FunctionV) and only_builds(self.target.code.node)


class Tracer:
    """Runs the roots of a project's files, one after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.interpreter = project.interpreter
        self._building: dict[int, bool] = {}
        self._builds_seen: set[object] = set()
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
                    called.add(_place(inner))
                if hides and isinstance(value, ClassV) and value.node is not None:
                    named.add(_place(value))
        script = self._script(scope, scope.tree)
        started: set[Place] = set()
        if script is not None and isinstance(script.target, list):
            builders = (self._builder(value, None) for value in self._referred(script.target, scope))
            started.update(_place(builder) for builder in builders if builder is not None)
        functions = list(self._builders(scope))
        return Survey(
            script=script is not None,
            functions=tuple((name, _place(builder)) for name, builder in functions),
            called=tuple(sorted(called)),
            started=tuple(sorted(started)),
            ready=tuple(sorted({_place(builder) for _, builder in functions if _is_ready(builder)})),
            classes=tuple(self._defined(cls, scope) for cls in self._classes(scope)),
            offered=tuple(sorted(_places(self._offered(scope.tree, scope)))),
            named=tuple(sorted(named)),
            closed=uses_models(scope.tree),
            layers=tuple(standing(self.project, scope)),
        )

    def _offered(self, tree: ast.Module, scope: ModuleScope) -> Iterator[ClassV]:
        """The classes of modules that a file gives another name, or keeps in a table, for others to build."""
        others = (node for node in tree.body if isinstance(node, ast.ClassDef))
        bodies = [tree.body, *(node.body for node in others if not self._is_module(scope.names.get(node.name)))]
        bound = [node.value for body in bodies for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
        for value in self._referred([ast.Expr(each) for each in bound if each is not None], scope):
            if self._is_module(value):
                yield value

    def _is_module(self, value: Value) -> TypeGuard[ClassV]:
        """Whether something is a class of modules: by its bases, or, where one is not known, by its `forward`."""
        return isinstance(value, ClassV) and (torch_class(value) is not None or _looks_like_module(value))

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
            if self._is_module(value) and value.module is scope and value.node is not None:
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
        if torch_class(cls) is not None or cls.is_open or not isinstance(cls.node, ast.ClassDef) or _is_enum(cls):
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
                if self._is_module(option) or self._builder(option, None) is not None:
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
            return Defined(_place(cls), cls.qualname)
        body: list[ast.stmt] = [*node.body, *(ast.Expr(each) for each in node.decorator_list)]
        bases: list[ast.stmt] = [ast.Expr(base) for base in node.bases]
        named, derived = (self._other_classes(cls, code, scope) for code in (body, bases))
        return Defined(_place(cls), cls.qualname, named, derived)

    def _other_classes(self, cls: ClassV, code: list[ast.stmt], scope: ModuleScope) -> tuple[Place, ...]:
        named = (value for value in self._referred(code, scope) if isinstance(value, ClassV) and value is not cls)
        return tuple(sorted(_places(named)))

    # -- running --------------------------------------------------------------------------------

    def entries(self, scope: ModuleScope, wanted: Container[str]) -> Iterator[Root]:
        """What is wanted of a file's main part (`SCRIPT`) and of what builds modules in it, to be run at once."""
        self._builds_seen = set()
        script = self._script(scope, scope.tree) if scope.tree is not None and SCRIPT in wanted else None
        if script is not None:
            yield script
        for name, builder in self._builders(scope):
            if name in wanted:
                yield Root(f"{name}()", scope, builder, _definition(builder))

    def classes(self, scope: ModuleScope, chosen: Mapping[int, bool]) -> Iterator[tuple[int, Root]]:
        """The classes on the chosen lines of a file, each with its line; the values say which are entries."""
        for cls in self._classes(scope):
            _, line = _place(cls)
            if line in chosen and cls.node is not None:
                yield line, Root(cls.qualname, scope, cls, cls.node, chosen[line])

    def run(self, root: Root) -> Traced:
        """Build what the root builds, run what it built, and undo what it did to the modules' scopes. What raises on
        its own defaults is given something where they stand for nothing."""
        self.interpreter.known_builds = self._builds_seen if root.plain else None
        try:
            found, refused = self._attempt(root)
            if refused and _empty_defaults(_called(root)):
                given, refused = self._attempt(root, refuses_nothing=True)
                found = found if refused else given
        finally:
            self.interpreter.known_builds = None
        return found

    def _attempt(self, root: Root, *, refuses_nothing: bool = False) -> tuple[Traced, bool]:
        """What a root tells, and whether it, or a model that it built, raised."""
        interpreter = self.interpreter
        heap = interpreter.heap
        interpreter.recorder.reset()
        if isinstance(root.target, list) and root.scope.file in self.project.scripts:
            interpreter.recorder.resume(self.project.scripts[root.scope.file])
        interpreter.steps, interpreter.limit = 0, MAX_STEPS
        interpreter.memo.tally = Tally()
        heap.journal.clear()
        heap.marks.clear()
        position, heap.root_mark = heap.mark()
        heap.epoch = 0
        interpreter.worlds.clear()
        try:
            return self._traced(root, refuses_nothing)
        finally:
            heap.undo(position)
            heap.marks.clear()
            heap.newest_mark = heap.root_mark = 0
            heap.journal.clear()

    def _traced(self, root: Root, refuses_nothing: bool) -> tuple[Traced, bool]:
        interpreter = self.interpreter
        recorder = interpreter.recorder
        truncated: str | None = None
        refused = False
        results: list[Value] = []
        try:
            results = self._construct(root, refuses_nothing)
        except Exhausted as bound:
            truncated = str(bound)
        except Raised as raised:
            truncated, refused = f"{raised.kind} raised", True
        except RecursionError:
            truncated = "recursion"
        if truncated == SEEN_BEFORE:
            return Traced(root.name, None), False
        for module in recorder.built:       # what was not reached, or is not known, may fill them
            if truncated is not None or torch_class(module.cls) is None:
                recorder.escape(module)
        tops = self._tops(recorder.built, results[0] if results and isinstance(root.target, ClassV) else None)
        outputs: list[int] = []
        if truncated is None:
            recorder.begin_forward(tops)
            interpreter.steps = 0
            for top in tops:
                try:
                    outputs.extend(self._tried(top, root))
                except Exhausted as bound:
                    truncated = str(bound)
                    break
                except Raised:
                    refused = True
                    continue
                except RecursionError:
                    truncated = "recursion"
                    break
        built = {instance.cls for instance in recorder.built if isinstance(instance.cls, ClassV)}
        bases = {cls for each in built for cls in each.mro if isinstance(cls, ClassV)}
        program = program_of(recorder, tops, outputs, root.name, root.span, root.entry, truncated)
        if program is not None:
            by_default = self._is_module(root.target) and _has_arguments(root.target)
            program = replace(program, by_default=by_default, for_others=root.plain)
        return Traced(root.name, program, _places(built), _places(bases - built), truncated), refused

    def _construct(self, root: Root, refuses_nothing: bool) -> list[Value]:
        interpreter = self.interpreter
        frame = Frame(root.scope, None, None)
        frame.site = root.node
        if isinstance(root.target, list):
            from initlint.trace.expressions import Compiler
            from initlint.trace.statements import block

            frame.vars = root.scope.names
            block(Compiler(interpreter, None), root.target)(frame)
            return []
        if isinstance(root.target, FunctionV):
            args, kwargs = self._arguments(root.target, refuses_nothing=refuses_nothing)
            return [interpreter.call(root.target, args, kwargs, frame)]
        _, init = find_in_class(root.target, "__init__")
        args, kwargs = [], {}
        if isinstance(init, FunctionV):
            args, kwargs = self._arguments(init, 1, root.target, refuses_nothing=refuses_nothing)
        else:
            base = torch_class(root.target)
            if base is not None and base.spec.signature:
                from initlint.trace.vocabulary.signatures import REQUIRED, Kind, parameters_of

                required = [p for p in parameters_of(base.spec.signature) if p.default is REQUIRED]
                args = [argument(p.name) for p in required if p.kind is Kind.POSITIONAL]
        return [interpreter.call(root.target, args, kwargs, frame)]

    def _arguments(
        self, function: FunctionV, skip: int = 0, built: ClassV | None = None, *, refuses_nothing: bool = False
    ) -> tuple[list[Value], dict[str, Value]]:
        """Arguments for the parameters that have no default, of a function or of the constructor of what is `built`;
        where it `refuses_nothing`, for those too whose default stands for nothing."""
        code = function.code
        required = code.params[skip : len(code.params) - len(function.defaults)]
        named = [name for name in code.kwonly if name not in function.kwdefaults]
        if refuses_nothing:
            named += _empty_defaults(function)
        args: list[Value] = [self._argument(function, name, built) for name in required]
        kwargs: dict[str, Value] = {name: self._argument(function, name, built) for name in named}
        if code.kwarg is not None:
            kwargs[ASKED] = UnknownV("keywords of a root")
        return args, kwargs

    def _argument(self, function: FunctionV, name: str, built: ClassV | None) -> Value:
        """What a root is given for a parameter: a configuration with its defaults where its annotation names the
        class of one, or that of the attribute by its name, else something unknown."""
        for site, annotation, scope in _annotations(function, name, built):
            cls = self._annotated(annotation, scope)
            if cls is not None:
                frame = Frame(function.module, None, None)
                frame.site = site
                try:
                    return self.interpreter.call(cls, [], {}, frame)
                except Raised:
                    break
        return argument(name)

    def _annotated(self, annotation: ast.expr, scope: ModuleScope) -> ClassV | None:
        """The class of plain objects that an annotation names: `Config`, `"Config"`, `Config | None`,
        `Optional[Config]`."""
        match annotation:
            case ast.Constant(value=str(text)):
                try:
                    return self._annotated(ast.parse(text, mode="eval").body, scope)
                except SyntaxError:
                    return None
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self._annotated(left, scope)
            case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
                return self._annotated(inner, scope)
            case ast.Name(id=name):
                known = name in scope.names
                found = self.project.settle(scope.names[name]) if known else self.project.promised(scope, name)
            case ast.Attribute(value=ast.Name(id=home), attr=name) if home in scope.names:
                home_value = self.project.settle(scope.names[home])
                found = self.project.member(home_value, name) if isinstance(home_value, ModuleScope) else None
            case _:
                return None
        plain = isinstance(found, ClassV) and found.node is not None and torch_class(found) is None
        return found if plain and not _is_enum(found) else None

    def _tops(self, built: list[InstanceV], whole: Value) -> list[InstanceV]:
        """The modules that are not part of another. Where `whole` is what the root is about, that alone: what else was
        built on the way and is not part of it is gone."""
        if isinstance(whole, InstanceV) and is_module(whole):
            return [whole]
        inner: set[int] = set()
        for instance in built:
            for _, value in members(instance):
                if type(value) is InstanceV:
                    inner.add(id(value))
                elif type(value) is ListV:
                    inner.update(id(item) for item in value.items)
        gone = left_behind(self.interpreter.recorder.events, built)
        return [
            instance for instance in built
            if id(instance) not in inner and id(instance) not in gone and is_module(instance)
        ]

    def _tried(self, top: InstanceV, root: Root) -> list[int]:
        """Run a module; where it refuses what has to be given alone, with all that it may be given, or one of that."""
        try:
            return self._forward(top, root)
        except Raised:
            _, forward = find_in_class(top.cls, "forward")
            functions = [each for each in wrappings(forward) if isinstance(each, FunctionV)]
            optional = _optional(functions[-1]) if functions else ()
            if not optional:
                raise
            single = [(name,) for name in optional[:MAX_OPTIONAL]] if len(optional) > 1 else []
            for given in (optional, *single, ()):
                self.interpreter.recorder.begin_forward([top])
                self.interpreter.steps = 0
                try:
                    return self._forward(top, root, given)
                except Raised:
                    continue
            raise

    def _forward(self, top: InstanceV, root: Root, given: Sequence[str] = ()) -> list[int]:
        """Run a module on symbolic inputs, some `given` that are none without among them; the nodes it returns."""
        owner, forward = find_in_class(top.cls, "forward")
        frame = Frame(root.scope, None, None)
        frame.site = root.node
        if isinstance(forward, DescriptorV):
            forward = forward.function
        if isinstance(forward, FunctionV) and not only_raises(forward):
            return self._run(top, forward, frame, given)
        torch_own = torch_class(top.cls)
        if torch_own is not None and torch_own.spec.name != "Module" and not isinstance(owner, ClassV):
            return self._returned(top, [self.interpreter.recorder.emit(Role.INPUT, "input", ())], {}, frame)
        outputs: list[int] = []
        for method in stand_ins(top):
            with suppress(Raised):
                outputs.extend(self._run(BoundV(method, top), method, frame))
        applied = {id(node.owner) for node in self.interpreter.recorder.nodes}
        for _, part in children(top):
            if not any(id(each) in applied for _, each in walk(part)):
                with suppress(Raised):      # others run it: what they make of its result is not seen
                    self._forward(part, root)
        return outputs

    def _run(self, callee: Value, function: FunctionV, frame: Frame, given: Sequence[str] = ()) -> list[int]:
        """Call a module, or a method of it, on a symbol for each argument that has no default, where all have one for
        the first that is None without, and for those that are to be `given`."""
        *_, function = (each for each in wrappings(function) if isinstance(each, FunctionV))
        recorder, code = self.interpreter.recorder, function.code
        params = code.params[1:]
        required = params[: len(code.params) - len(function.defaults) - 1]
        if params and not required and function.defaults[-len(params)] is None:
            required = params[:1]
        args: list[Value] = [recorder.emit(Role.INPUT, name, ()) for name in required]
        if code.vararg is not None and not required:
            args.extend(recorder.emit(Role.INPUT, code.vararg, ()) for _ in range(2))
        kwargs: dict[str, Value] = {
            name: recorder.emit(Role.INPUT, name, ()) for name in code.kwonly if name not in function.kwdefaults
        }
        kwargs |= {name: recorder.emit(Role.INPUT, name, ()) for name in given if name not in required}
        if code.kwarg is not None:
            kwargs[ASKED] = UnknownV("keywords of a root")
        return self._returned(callee, args, kwargs, frame)

    def _returned(self, callee: Value, args: list[Value], kwargs: dict[str, Value], frame: Frame) -> list[int]:
        result = self.interpreter.call(callee, args, kwargs, frame)
        return [self.interpreter.recorder.source(tensor) for tensor in _tensors(result)]


def _annotations(
    function: FunctionV, name: str, built: ClassV | None
) -> Iterator[tuple[ast.AST, ast.expr, ModuleScope]]:
    """The annotation of a parameter, or where it has none, those that the class which is `built`, and its bases, give
    an attribute of that name; each with its place and the scope it is read in."""
    given = function.code.node.args
    for each in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        if each.arg == name and each.annotation is not None:
            yield each, each.annotation, function.module
            return
    for owner in built.mro if built is not None else ():
        if isinstance(owner, ClassV) and isinstance(owner.node, ast.ClassDef):
            for node in owner.node.body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                    yield node, node.annotation, owner.module


def _defaults(function: FunctionV) -> Iterator[tuple[str, Value]]:
    """The parameters of a function that have a default, with it."""
    params = function.code.params
    yield from zip(params[len(params) - len(function.defaults) :], function.defaults, strict=True)
    yield from function.kwdefaults.items()


def _called(root: Root) -> Value:
    """The function, or the constructor, that a root calls."""
    return find_in_class(root.target, "__init__")[1] if isinstance(root.target, ClassV) else root.target


def _empty_defaults(function: Value) -> list[str]:
    """The parameters of a function whose default stands for nothing: None, or an empty text or collection."""
    if not isinstance(function, FunctionV):
        return []
    return [name for name, default in _defaults(function) if _is_nothing(default)]


def _is_nothing(value: Value) -> bool:
    if type(value) is ListV:
        return not value.items
    if type(value) is DictV:
        return not value.entries
    return value is None or value in ((), "")


def _optional(function: FunctionV) -> tuple[str, ...]:
    """The positional parameters of a function that are None where they are not given."""
    return tuple(name for name, default in _defaults(function) if default is None and name in function.code.params)


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


def _places(classes: Iterable[ClassV]) -> frozenset[Place]:
    return frozenset(_place(cls) for cls in classes if cls.node is not None)


def _place(definition: ClassV | FunctionV) -> Place:
    if isinstance(definition, FunctionV):
        return definition.code.file, definition.code.node.lineno
    return definition.module.file, definition.node.lineno if definition.node is not None else 0


def _is_ready(builder: ClassV | FunctionV) -> bool:
    """Whether a function can be called with nothing, and gives something back."""
    if not isinstance(builder, FunctionV):
        return False
    code = builder.code
    asks = len(code.params) > len(builder.defaults) or not builder.kwdefaults.keys() >= set(code.kwonly)
    return not asks and _gives_back(code.node)


def _gives_back(function: ast.AST) -> bool:
    return any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(function))


def _looks_like_module(cls: ClassV) -> bool:
    """Whether a class with a base that is not known has a constructor and a `forward` of the program's."""
    return cls.is_open and all(isinstance(find_in_class(cls, name)[1], FunctionV) for name in ("__init__", "forward"))


def _has_arguments(cls: ClassV) -> bool:
    """Whether those who build a class may choose something about it."""
    _, init = find_in_class(cls, "__init__")
    return not isinstance(init, FunctionV) or bool(init.code.params[1:] or init.code.kwonly or init.code.kwarg)


def _is_enum(cls: ClassV) -> bool:
    return any(isinstance(base, ExternalV) and base.name.startswith("enum.") for base in cls.mro)


def _tensors(value: Value, depth: int = 0) -> list[Value]:
    """Every tensor that a returned value holds."""
    if depth > 6:
        return []
    if isinstance(value, TensorV):
        return [value] if value.node is not None else []
    kind = type(value)
    if kind is AltV:
        held = value.options
    elif kind is tuple:
        held = value
    elif kind is ListV:
        held = value.items
    elif kind is InstanceV and not is_module(value):
        held = tuple(value.attrs.values())
    elif hasattr(value, "entries"):
        held = tuple(value.entries.values())
    else:
        return []
    return [found for each in held for found in _tensors(each, depth + 1)]


__all__ = ["VOCABULARY_FILE", "Root", "Tracer", "UnknownV"]
