"""What a root is given: a configuration where an annotation names its class, else something unknown."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from initlint.trace.machine.code import REQUIRED as ASKED
from initlint.trace.machine.code import argument
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.values import (
    ClassV,
    DictV,
    FunctionV,
    InstanceV,
    ListV,
    ModuleScope,
    Raised,
    UnknownV,
    Value,
)
from initlint.trace.program.project import Project
from initlint.trace.python.classes import is_enum
from initlint.trace.torch.tree import torch_class


def arguments_for(
    project: Project, function: FunctionV, built: ClassV | None = None, *, refuses_nothing: bool = False
) -> tuple[list[Value], dict[str, Value]]:
    """Arguments for the parameters that have no default, of a function or of the constructor of what is `built`;
    where it `refuses_nothing`, for those too whose default stands for nothing."""
    code = function.code
    required = code.params[built is not None : len(code.params) - len(function.defaults)]
    named = [name for name in code.kwonly if name not in function.kwdefaults]
    if refuses_nothing:
        named += empty_defaults(function)
    args: list[Value] = [_argument(project, function, name, built, refuses_nothing) for name in required]
    kwargs: dict[str, Value] = {name: _argument(project, function, name, built, refuses_nothing) for name in named}
    if code.kwarg is not None:
        kwargs[ASKED] = UnknownV("keywords of a root")
    return args, kwargs


def _argument(
    project: Project, function: FunctionV, name: str, built: ClassV | None, refuses_nothing: bool
) -> Value:
    """What a root is given for a parameter: a configuration with its defaults where its annotation names the
    class of one, or that of the attribute by its name, else something unknown."""
    for site, annotation, scope in _annotations(function, name, built):
        cls = _annotated(project, annotation, scope)
        if cls is not None:
            frame = Frame(function.module, None, None)
            frame.site = site
            try:
                made = project.interpreter.call(cls, [], {}, frame)
            except Raised:
                break
            if refuses_nothing and isinstance(made, InstanceV):
                for key in [key for key, value in made.attrs.items() if _is_nothing(value)]:
                    project.interpreter.heap.put(made.attrs, key, argument(key))
            return made
    return argument(name)


def _annotated(project: Project, annotation: ast.expr, scope: ModuleScope) -> ClassV | None:
    """The class of plain objects that an annotation names: `Config`, `"Config"`, `Config | None`,
    `Optional[Config]`."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _annotated(project, ast.parse(text, mode="eval").body, scope)
            except SyntaxError:
                return None
        case ast.BinOp(left=left, op=ast.BitOr()):
            return _annotated(project, left, scope)
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return _annotated(project, inner, scope)
        case ast.Name(id=name):
            known = name in scope.names
            found = project.settle(scope.names[name]) if known else project.promised(scope, name)
        case ast.Attribute(value=ast.Name(id=home), attr=name) if home in scope.names:
            home_value = project.settle(scope.names[home])
            found = project.member(home_value, name) if isinstance(home_value, ModuleScope) else None
        case _:
            return None
    plain = isinstance(found, ClassV) and found.node is not None and torch_class(found) is None
    return found if plain and not is_enum(found) else None


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


def defaults_of(function: FunctionV) -> Iterator[tuple[str, Value]]:
    """The parameters of a function that have a default, with it."""
    params = function.code.params
    yield from zip(params[len(params) - len(function.defaults) :], function.defaults, strict=True)
    yield from function.kwdefaults.items()


def empty_defaults(function: Value) -> list[str]:
    """The parameters of a function whose default stands for nothing: None, or an empty text or collection."""
    if not isinstance(function, FunctionV):
        return []
    return [name for name, default in defaults_of(function) if _is_nothing(default)]


def is_configured(project: Project, function: Value, built: ClassV | None) -> bool:
    """Whether a root is given a configuration, with what its own defaults are."""
    return isinstance(function, FunctionV) and any(
        _annotated(project, annotation, scope) is not None
        for name in function.code.params[: len(function.code.params) - len(function.defaults)]
        for _, annotation, scope in _annotations(function, name, built)
    )


def _is_nothing(value: Value) -> bool:
    if type(value) is ListV:
        return not value.items
    if type(value) is DictV:
        return not value.entries
    return value is None or value in ((), "")
