"""Functions and methods that initialise, and that nothing in the program ever runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from initlint.model.events import UnusedDefinition
from initlint.model.source import Span
from initlint.syntax.names import last_name
from initlint.trace.events.probes import initialising_calls
from initlint.trace.events.scene import Scene
from initlint.trace.events.whatif import writes_of
from initlint.trace.machine.frames import Frame, span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import ClassV, DescriptorV, ExternalV, FunctionV, InstanceV, ModuleScope
from initlint.trace.vocabulary.initializers import FILLS, INITIALIZERS

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.program.project import Project

_HOOKS: Final = frozenset({"forward", "setup"})
"""Methods that frameworks call."""
_PLAIN_DECORATORS: Final = frozenset({"staticmethod", "classmethod"})

_FRESH: Final = frozenset({"draw", "constant"})
"""Kinds of fills that start a tensor anew; code that only rescales or copies may be there to run while training."""


@dataclass(slots=True)
class Names:
    """What a file mentions: names it uses, patterns of those that it works out, and names that stand alone as a
    statement, with their places."""

    used: set[str] = field(default_factory=set)
    computed: list[re.Pattern[str]] = field(default_factory=list)
    alone: dict[str, Span] = field(default_factory=dict)


def unused_definitions(scene: Scene) -> Iterator[UnusedDefinition]:
    """What the files of a root's classes, and those that build them, define and nothing calls."""
    project = scene.recorder.interpreter.project
    told: set[int] = set()
    files: dict[str, ModuleScope] = {}
    for _, module in scene.modules:
        site = scene.site(module)
        if site is not None and site.file in project.by_file:
            files.setdefault(site.file, project.by_file[site.file])
        for cls in getattr(module.cls, "mro", ()):
            if not isinstance(cls, ClassV) or scene.trees(cls.module.file) is None:
                continue
            files[cls.module.file] = cls.module
            if cls.is_open or any(type(base) is ExternalV for base in cls.mro):
                continue
            for attribute in cls.attrs.values():
                function = attribute.function if isinstance(attribute, DescriptorV) else attribute
                if isinstance(function, FunctionV) and function.cls is cls and id(function) not in told:
                    told.add(id(function))
                    yield from _method(scene, project, module, function)
    for name in sorted(files):
        for function in list(files[name].names.values()):
            own = isinstance(function, FunctionV) and function.module is files[name] and function.cls is None
            if own and _may_be_unused(project.interpreter, function):
                yield from _unused(project, function, ())


def _method(scene: Scene, project: Project, module: InstanceV, function: FunctionV) -> Iterator[UnusedDefinition]:
    interpreter = scene.recorder.interpreter
    if not _may_be_unused(interpreter, function):
        return
    frame = Frame(function.module, None, None)
    frame.site = function.code.node
    paths: list[str] = []
    if len(function.code.params) - len(function.defaults) == 1:
        for write in writes_of(interpreter, partial(interpreter.call, function, [module], {}, frame)) or ():
            found = scene.parameters.get(id(write.target)) if write.target is not None else None
            if found is not None and not write.refused and not write.copied:
                paths.append(found[0])
    yield from _unused(project, function, tuple(dict.fromkeys(paths)))


def _unused(project: Project, function: FunctionV, paths: tuple[str, ...]) -> Iterator[UnusedDefinition]:
    mention: Span | None = None
    for file, scope in project.by_file.items():
        if scope.tree is None:
            continue
        source = project.source(file)
        if source is None or not (_mentions(source.text, function.name) or "getattr" in source.text):
            continue
        names = _names(scope.tree, file)
        if function.name in names.used or any(pattern.fullmatch(function.name) for pattern in names.computed):
            return
        mention = mention or names.alone.get(function.name)
    node = function.code.node
    yield UnusedDefinition(
        function.qualname, _name_span(function.module.file, node), initialising_calls(function), paths, mention
    )


def _may_be_unused(interpreter: Interpreter, function: FunctionV) -> bool:
    """Whether a function has never been entered, is no hook, and initialises something."""
    node = function.code.node
    return not interpreter.memo.is_entered(function.code) and isinstance(node, ast.FunctionDef) and initialises(node)


def initialises(node: ast.FunctionDef) -> bool:
    """Whether a function is there for its caller to initialise something: no hook, handed to nobody."""
    if node.name in _HOOKS or node.name.startswith(("__", "test_")):
        return False
    return not _is_registered(node) and _initialises(node)


def _is_registered(node: ast.FunctionDef) -> bool:
    """Whether a decorator may hand the function to someone."""
    return any(
        "no_grad" not in ast.unparse(decorator)
        and not (isinstance(decorator, ast.Name) and decorator.id in _PLAIN_DECORATORS)
        for decorator in node.decorator_list
    )


@kept(4096)
def _initialises(node: ast.FunctionDef) -> bool:
    """Whether the body itself calls an initialiser, on something that it did not just make."""
    made = {
        target.id
        for each in ast.walk(node) if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call)
        for target in each.targets if isinstance(target, ast.Name)
    }
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            function = each.func
            name = last_name(function)
            is_fill = isinstance(function, ast.Attribute) and name in FILLS and FILLS[name].kind in _FRESH
            if (is_fill or name in INITIALIZERS) and name.endswith("_") and not _is_on_what_is_made(function, made):
                return True
    return False


def _is_on_what_is_made(function: ast.expr, made: set[str]) -> bool:
    """Whether a method is called on the result of a call, or on a name for one."""
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    while isinstance(owner, ast.Attribute | ast.Subscript):
        owner = owner.value
    return not isinstance(owner, ast.Name) or owner.id in made


def _name_span(file: str, node: ast.FunctionDef) -> Span:
    start = span_of(file, node)
    column = start.column + len("def ")
    return Span(file, start.line, column, start.line, column + len(node.name.encode()))


@lru_cache(maxsize=65536)
def _mentions(text: str, name: str) -> bool:
    """Whether a text has a name elsewhere than where it is defined; cheap, and right about most files."""
    return re.search(rf"(?<!def )\b{re.escape(name)}\b", text) is not None


@kept(1024)
def _names(tree: ast.Module, file: str) -> Names:
    return names_in(tree.body, file)


def names_in(body: Iterable[ast.stmt], file: str) -> Names:
    """What some statements mention."""
    found = Names()
    nodes = [node for statement in body for node in ast.walk(statement)]
    alone = set()
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute | ast.Name):
            found.alone.setdefault(last_name(node.value), span_of(file, node))
            alone.add(id(node.value))
    for node in nodes:
        if isinstance(node, ast.Attribute):
            if id(node) not in alone:
                found.used.add(node.attr)
        elif isinstance(node, ast.Name):
            if id(node) not in alone:
                found.used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.used.add(node.value)
        elif isinstance(node, ast.Call) and last_name(node.func) == "getattr" and len(node.args) > 1:
            pattern = _pattern(node.args[1])
            if pattern is not None:
                found.computed.append(re.compile(pattern))
        elif isinstance(node, ast.ImportFrom):
            found.used.update(alias.name for alias in node.names)
    return found


def _pattern(node: ast.expr) -> str | None:
    """What names an expression may give, as a regular expression: `f"init_{kind}"`, `"init_" + kind`; None for one that
    is spelled out."""
    match node:
        case ast.Constant(value=str()):
            return None
        case ast.JoinedStr(values=values):
            texts = (re.escape(str(each.value)) if isinstance(each, ast.Constant) else ".*" for each in values)
            return "".join(texts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return "".join(
                re.escape(str(each.value)) if isinstance(each, ast.Constant) else _pattern(each) or ".*"
                for each in (left, right)
            )
    return ".*"
