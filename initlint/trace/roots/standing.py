"""Layers as they stand in the text of classes, whether any root builds them or not.

What stands behind an argument that no caller gives is built by no root. It is a layer of its class all the same, of
which nothing else is known.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from initlint.model.graph import Role
from initlint.model.survey import Standing
from initlint.trace.machine.code import local_names
from initlint.trace.machine.frames import span_of
from initlint.trace.machine.values import ClassV, ExternalV, ModuleScope, TorchClassV, Value
from initlint.trace.torch.tree import torch_class

if TYPE_CHECKING:
    from initlint.trace.program.project import Project


def standing(project: Project, scope: ModuleScope) -> Iterator[Standing]:
    """The calls in methods of a file's own modules that construct a layer."""
    for cls in scope.names.values():
        if not isinstance(cls, ClassV) or cls.module is not scope or cls.node is None:
            continue
        if torch_class(cls) is None and not cls.is_open:
            continue
        for method in cls.node.body:
            if isinstance(method, ast.FunctionDef):
                yield from _in_method(project, scope, cls, method)


def _in_method(project: Project, scope: ModuleScope, cls: ClassV, method: ast.FunctionDef) -> Iterator[Standing]:
    given = method.args
    local = local_names(method.body)[0] | {each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    kinds = [
        (node, kind)
        for node in ast.walk(method)
        if isinstance(node, ast.Call)
        and (kind := _layer_kind(named_value(project, scope, node.func, local))) is not None
    ]
    targets = _attributes(method) if kinds else {}
    for node, kind in kinds:
        yield Standing(cls.qualname, targets.get(id(node), "*"), kind, span_of(scope.file, node))


def _attributes(method: ast.FunctionDef) -> dict[int, str]:
    """The path of each call that stands in what an attribute of the object is set to."""
    found: dict[int, str] = {}
    receiver = method.args.args[0].arg if method.args.args else ""
    for node in ast.walk(method):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == receiver:
                for inner in ast.walk(node.value):
                    found[id(inner)] = target.attr if inner is node.value else f"{target.attr}.*"
    return found


def named_value(project: Project, scope: ModuleScope, node: ast.expr, local: Container[str] = ()) -> Value:
    """What a dotted name of the module stands for; None for anything else."""
    if isinstance(node, ast.Name):
        return project.settle(scope.names[node.id]) if node.id in scope.names and node.id not in local else None
    if isinstance(node, ast.Attribute):
        home = named_value(project, scope, node.value, local)
        if isinstance(home, ModuleScope):
            return project.member(home, node.attr)
        if isinstance(home, ExternalV) and not isinstance(home, TorchClassV):
            return project.outside(f"{home.name}.{node.attr}")
    return None


def _layer_kind(value: Value) -> str | None:
    """The name of the torch class where a value is the class of a layer."""
    found = torch_class(value) if isinstance(value, ClassV | TorchClassV) else None
    return found.spec.name if found is not None and found.spec.role is Role.LAYER else None
