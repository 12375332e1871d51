"""Tensors computed from an `nn.Parameter` that nothing holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from initlint.model.events import LostParameter
from initlint.syntax.names import last_name
from initlint.trace.events.scene import Scene
from initlint.trace.machine.frames import Place, span_of
from initlint.trace.machine.values import ClassV, InstanceV, ParamV, TensorV
from initlint.trace.record.blocks import statement_of

if TYPE_CHECKING:
    from initlint.trace.record.recorder import RawNode

_OPERATORS: Final = {
    ast.Mult: "mul", ast.Div: "div", ast.Add: "add", ast.Sub: "sub", ast.Pow: "pow", ast.MatMult: "matmul",
}
_MOST_NODES: Final = 16
"""Nodes of the graph that may lie between a parameter and what is computed from it."""


def lost_parameters(scene: Scene) -> Iterator[LostParameter]:
    """What the attributes of the project's modules hold instead of parameters."""
    nodes = scene.recorder.nodes
    for path, module in scene.modules:
        if not isinstance(module.cls, ClassV):
            continue
        for name, value in module.attrs.items():
            if type(value) is TensorV and (value.source is not None or value.node is not None):
                event = _lost(scene, nodes, path, module, name, value)
                if event is not None:
                    yield event


def _lost(
    scene: Scene, nodes: list[RawNode], path: str, module: InstanceV, name: str, tensor: TensorV
) -> LostParameter | None:
    parameter = tensor.source if tensor.source is not None else _behind(nodes, tensor.node)
    if parameter is None or id(parameter) in scene.parameters:
        return None
    place = (parameter.facts or {}).get("born")
    call = (parameter.facts or {}).get("call")
    if not isinstance(place, Place) or call is None:
        return None
    statement = statement_of(place, scene.trees)
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return None
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if not any(isinstance(target, ast.Attribute) and target.attr == name for target in targets):
        return None
    operations = _operations(statement.value, place.node)
    if not operations:
        return None
    owner = module.cls.qualname if isinstance(module.cls, ClassV) else ""
    return LostParameter(
        call, span_of(place.file, statement.value), operations, path, owner, name, bool(parameter.state["trainable"])
    )


def _behind(nodes: list[RawNode], index: int | None) -> ParamV | None:
    """The one parameter that a node of the graph was computed from."""
    found: dict[int, ParamV] = {}
    pending, seen = [index], 0
    while pending and seen < _MOST_NODES:
        current = pending.pop()
        if current is None or current >= len(nodes):
            continue
        seen += 1
        found.update((id(parameter), parameter) for parameter in nodes[current].params)
        pending.extend(nodes[current].inputs)
    return next(iter(found.values())) if len(found) == 1 else None


def _operations(expression: ast.expr, call: ast.AST) -> tuple[str, ...]:
    """What is done to the result of `call` inside an expression, innermost first; () where that is not a chain."""
    found: list[str] = []
    current: ast.expr = expression
    while current is not call:
        step = _inwards(current, call)
        if step is None:
            return ()
        current, operation = step
        found.append(operation)
    return tuple(reversed(found))


def _inwards(node: ast.expr, call: ast.AST) -> tuple[ast.expr, str] | None:
    if isinstance(node, ast.BinOp):
        inner = node.left if _contains(node.left, call) else node.right
        return inner, _OPERATORS.get(type(node.op), "add")
    if isinstance(node, ast.UnaryOp):
        return node.operand, "neg"
    if isinstance(node, ast.Subscript):
        return node.value, "getitem"
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and _contains(node.func.value, call):
            return node.func.value, node.func.attr
        argument = next((argument for argument in node.args if _contains(argument, call)), None)
        name = last_name(node.func)
        return None if argument is None else (argument, name)
    return None


def _contains(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))
