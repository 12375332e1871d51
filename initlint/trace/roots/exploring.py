"""Ways that no root goes: which arguments of a class's methods decide whether something of it is built.

A model with an option is built by its defaults, and by those who call it; what stands behind an option that nobody
takes is then built by no root. To learn of it, a root is run again, and is not told the arguments that choose.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from initlint.model.survey import Place
from initlint.trace.machine.values import ClassV, FunctionV
from initlint.trace.program.definitions import place_of

if TYPE_CHECKING:
    from initlint.trace.machine.code import Code
    from initlint.trace.program.project import Project


def choices(project: Project, ways: Mapping[Place, Collection[Place]]) -> dict[Code, set[str]]:
    """What decides whether the methods of some classes go ways that lead to classes, and to lines with layers: for each
    method arguments, as `name`, or as `name.attribute` of a configuration."""
    found: dict[Code, set[str]] = {}
    for place, ends in ways.items():
        cls = _class_at(project, place)
        if cls is not None:
            _add_choices(project, cls, frozenset(ends), found)
    return found


def _class_at(project: Project, place: Place) -> ClassV | None:
    file, _ = place
    scope = project.by_file.get(file)
    classes = scope.names.values() if scope is not None else ()
    return next((each for each in classes if isinstance(each, ClassV) and place_of(each) == place), None)


def _add_choices(project: Project, cls: ClassV, ends: frozenset[Place], found: dict[Code, set[str]]) -> None:
    methods = [
        each.code for each in cls.attrs.values()
        if isinstance(each, FunctionV) and isinstance(each.code.node, ast.FunctionDef)
    ]
    origins: dict[str, set[tuple[Code, str]]] = {}
    for code in methods:
        _trace_back(code, origins)
    for code in methods:
        for test, arms in _forks(code.node):
            if any(_leads_to(project, cls, arm, ends) for arm in arms):
                for name in _read(test):
                    for owner, own in _origins(code, name, origins):
                        found.setdefault(owner, set()).add(own)


def _key(code: Code, name: str) -> str:
    """Attributes of the object are the same in all methods, variables are not."""
    receiver, _, attribute = name.partition(".")
    return f".{attribute}" if attribute and receiver == code.params[:1][0] else f"{id(code)} {name}"


def _trace_back(code: Code, origins: dict[str, set[tuple[Code, str]]]) -> None:
    """Which arguments the variables of a method, and the attributes that it sets, are worked out from."""
    if not code.params:
        return
    for name in (*code.params[1:], *code.kwonly):
        origins[_key(code, name)] = {(code, name)}
    for node in ast.walk(code.node):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            sources = {origin for name in _read(node.value) for origin in _origins(code, name, origins)}
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in _read(target):
                    origins.setdefault(_key(code, name), set()).update(sources)


def _origins(
    code: Code, name: str, origins: Mapping[str, Collection[tuple[Code, str]]]
) -> Iterator[tuple[Code, str]]:
    """Where a name that is read comes from; an attribute of an argument is one of a configuration."""
    own, _, attribute = name.partition(".")
    yield from origins.get(_key(code, name), ())
    if attribute and own in (*code.params[1:], *code.kwonly):
        yield code, name


def _read(node: ast.AST) -> set[str]:
    """The variables that code names, with the first attribute of each where one is taken."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            found.add(f"{each.value.id}.{each.attr}")
        elif isinstance(each, ast.Name):
            found.add(each.id)
        else:
            waiting.extend(ast.iter_child_nodes(each))
    return found


def _forks(node: ast.AST) -> Iterator[tuple[ast.expr, list[ast.AST]]]:
    """The tests of a function, each with what it decides about; what is looked up by a key is decided by that."""
    for each in ast.walk(node):
        if isinstance(each, ast.If):
            yield each.test, [*each.body, *each.orelse]
        elif isinstance(each, ast.IfExp):
            yield each.test, [each.body, each.orelse]
        elif isinstance(each, ast.Match):
            yield each.subject, [statement for case in each.cases for statement in case.body]
        elif isinstance(each, ast.Subscript):
            yield each.slice, [each.value]


def _leads_to(project: Project, cls: ClassV, arm: ast.AST, ends: frozenset[Place]) -> bool:
    """Whether code names one of some classes, or stands on one of some lines."""
    file, names = cls.module.file, cls.module.names
    for each in ast.walk(arm):
        if isinstance(each, ast.Call) and (file, each.lineno) in ends:
            return True
        if isinstance(each, ast.Name) and each.id in names:
            value = project.settle(names[each.id])
            if isinstance(value, ClassV) and value.node is not None and place_of(value) in ends:
                return True
    return False
