"""Initialising calls as they stand in the text, whether a root comes by them or not.

Helpers that the project never calls, and calls on modules of which nothing is known, are reached by no root. What
such a call says of itself can be judged all the same: the function it names, and the arguments that are spelled there.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from initlint.model.events import GainCall
from initlint.model.program import InitCall, Origin, Program
from initlint.model.weights import InitEvent
from initlint.trace.machine.code import local_names
from initlint.trace.machine.frames import Frame, span_of
from initlint.trace.machine.values import Exhausted, ExternalV, ModuleScope, Raised, UnknownV, Value
from initlint.trace.program.project import is_main_guard
from initlint.trace.python.expressions import Compiler
from initlint.trace.record.blocks import is_forgiving
from initlint.trace.record.written import tensor_expression
from initlint.trace.roots.standing import named_value
from initlint.trace.torch.calls import bind_arguments, plain_arguments, written_call
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.initializers import INITIALIZERS
from initlint.trace.vocabulary.signatures import parameters_of
from initlint.trace.vocabulary.spec import HelperSpec, InitializerSpec

if TYPE_CHECKING:
    from initlint.syntax.source import Source
    from initlint.trace.program.project import Project

_HOME: Final = "torch.nn.init."
_GAIN: Final = f"{_HOME}calculate_gain"
_TRIES: Final = (ast.Try, getattr(ast, "TryStar", ast.Try))
_MENTION: Final = re.compile(rf"\b(?:{'|'.join(sorted(INITIALIZERS, key=len, reverse=True))}|calculate_gain)\s*\(")
"""A call that may be one of torch.nn.init."""


def spelled(project: Project, scope: ModuleScope, source: Source) -> Iterator[Program]:
    """For each call of torch.nn.init in a file a program that consists of it. Left out is what a `try` guards or is
    expected to raise, and what a test decides that is about nothing of the function's own: it may ask for the version
    of torch."""
    lines = [source.line_at(found.start()) for found in _MENTION.finditer(source.text)]
    if scope.tree is None or not lines:
        return
    reader = _Reader(project, scope)
    for node in scope.tree.body:
        if bisect_left(lines, node.lineno) < bisect_right(lines, node.end_lineno or node.lineno):
            yield from reader.programs(node)


class _Reader:
    """Reads one file."""

    def __init__(self, project: Project, scope: ModuleScope) -> None:
        self.project = project
        self.scope = scope

    def programs(self, statement: ast.stmt) -> Iterator[Program]:
        waiting: list[tuple[ast.AST, Mapping[str, ast.expr | None]]] = [(statement, {})]
        while waiting:
            node, local = waiting.pop()
            if isinstance(node, _TRIES) or is_forgiving(node) or _asks_elsewhere(node, local):
                continue
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                local = {**local, **_own_names(node)}
            found = self._program(node, local) if isinstance(node, ast.Call) else None
            if found is not None:
                yield found
            waiting.extend((child, local) for child in ast.iter_child_nodes(node))

    def _program(self, node: ast.Call, local: Mapping[str, ast.expr | None]) -> Program | None:
        value = named_value(self.project, self.scope, node.func, local)
        name = value.name if isinstance(value, ExternalV) else ""
        spec = lookup(name) if name.startswith(_HOME) else None
        if isinstance(spec, HelperSpec) and spec.kind == "gain":
            call = written_call(self.scope.file, node, name, "")
            given = plain_arguments(self._bound(spec.signature, node, local), "")
            return Program(call.span.file, call.span, events=(GainCall(call, given),), torch=self.project.torch)
        if not isinstance(spec, InitializerSpec):
            return None
        call = written_call(self.scope.file, node, name, "")
        file = call.span.file
        arguments = plain_arguments(self._bound(spec.signature, node, local), spec.tensor)
        tensor = tensor_expression(node, is_method=False)
        written = InitCall(
            call,
            InitEvent(spec.modern or spec.name, call, arguments),
            parameter=tensor.attr if isinstance(tensor, ast.Attribute) else None,
            tensor=None if tensor is None else span_of(file, tensor),
            origins=tuple(self._origins(spec.signature, node, local)),
        )
        return Program(file, call.span, calls=(written,), torch=self.project.torch)

    def _bound(self, signature: str, node: ast.Call, local: Mapping[str, ast.expr | None]) -> dict[str, Value]:
        """The arguments by torch's names; where some are unpacked, all others."""
        if any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords):
            return {}
        positional = [self._value(each, local) for each in node.args]
        return bind_arguments(signature, positional, {str(e.arg): self._value(e.value, local) for e in node.keywords})

    def _value(self, node: ast.expr, local: Mapping[str, ast.expr | None]) -> Value:
        """What an expression is that names nothing but what other packages hold, and numbers of the file."""
        node = _meant(node, local)
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and not self._is_plain(each, local):
                return UnknownV("not the text's to say")
        try:
            frame = Frame(self.scope, None, None)
            frame.site = node
            return Compiler(self.project.interpreter, None).expression(node)(frame)
        except (Raised, Exhausted):
            return UnknownV("not the text's to say")

    def _is_plain(self, node: ast.Name, local: Mapping[str, ast.expr | None]) -> bool:
        found = named_value(self.project, self.scope, node, local)
        return isinstance(found, ExternalV | int | float | str)

    def _origins(self, signature: str, node: ast.Call, local: Mapping[str, ast.expr | None]) -> Iterator[Origin]:
        """What the arguments are called that are names, and which are gains."""
        names = [parameter.name for parameter in parameters_of(signature)]
        given = [*zip(names, node.args, strict=False), *((each.arg, each.value) for each in node.keywords)]
        for name, value in given[1:]:
            if name is None:
                continue
            if isinstance(value, ast.Name | ast.Attribute):
                yield Origin(name, names=(value.id if isinstance(value, ast.Name) else value.attr,))
            value = _meant(value, local)
            if isinstance(value, ast.Call):
                called = named_value(self.project, self.scope, value.func, local)
                if isinstance(called, ExternalV) and called.name == _GAIN:
                    yield Origin(name, gain=True)


def _meant(node: ast.expr, local: Mapping[str, ast.expr | None]) -> ast.expr:
    """The expression that a name of the function stands for, else the expression itself."""
    value = local.get(node.id) if isinstance(node, ast.Name) else None
    return node if value is None else value


def _asks_elsewhere(node: ast.AST, local: Container[str]) -> bool:
    """Whether a branch depends on none of the names of the functions around it."""
    if not isinstance(node, ast.If | ast.IfExp) or (isinstance(node, ast.If) and is_main_guard(node)):
        return False
    return not any(isinstance(each, ast.Name) and each.id in local for each in ast.walk(node.test))


def _own_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> dict[str, ast.expr | None]:
    """The names that a function binds, with what they are bound to where that is one expression."""
    given = function.args
    own = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg) if each]
    if isinstance(function, ast.Lambda):
        return dict.fromkeys(own)
    bound = Counter(own)
    values: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound[node.id] += 1
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
    return {
        name: values.get(name) if bound[name] == 1 else None
        for name in (*own, *local_names(function.body)[0])
    }
