"""Whether a file also uses the models it defines: builds one, or trains."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from initlint.syntax.parts import parts


def uses_models(tree: ast.Module) -> bool:
    """Whether the file builds one of its own classes when it runs, calls `.backward()` or makes an optimizer.

    A function that returns a model is what libraries are made of, and counts for nothing.
    """
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    if any(_called(call) in classes for call in _script_calls(tree)):
        return True
    return any(map(_trains, _calls(tree)))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _script_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls that run when the file does, those under its main guard and in `main()` among them."""
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            continue
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name != "main":
            continue
        yield from _calls(statement)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls in a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        waiting += parts(node)


def _trains(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr == "backward" and not call.args:
        return True
    parts = ast.unparse(function).split(".")
    return "optim" in parts[:-1] and parts[-1][:1].isupper()


