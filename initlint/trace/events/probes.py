"""The tests inside a pass that decide what is initialised, and how often they hold."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from initlint.model.events import Condition
from initlint.model.source import Call
from initlint.syntax.names import last_name
from initlint.trace.machine.code import Code
from initlint.trace.machine.frames import span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import BuiltinV, FunctionV, ModuleScope, Store, UnknownV, Value
from initlint.trace.torch.calls import written_call
from initlint.trace.vocabulary.initializers import FILLS, INITIALIZERS

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter

_PROBE: Final = "<probe>"
_MATCHERS: Final = frozenset({"endswith", "startswith", "find", "count", "index", "match", "search", "fullmatch"})
_DEEPEST: Final = 3
"""Functions of the same file that are looked into for initialising calls."""


@dataclass(slots=True)
class _Count:
    test: ast.expr
    considered: int = 0
    taken: int = 0
    unknown: bool = False


@dataclass(slots=True)
class Probed:
    """A copy of a function whose tests count themselves as they are evaluated."""

    function: FunctionV
    counts: list[_Count] = field(default_factory=list)

    def conditions(self) -> tuple[Condition, ...]:
        """What the evaluated tests ask for, and how often they held."""
        file = self.function.module.file
        return tuple(
            Condition(span_of(file, count.test), classes, names, count.considered, count.taken)
            for count in self.counts
            if count.considered
            for classes, names in [_asked(count.test, self.function.code.node)]
        )

    @property
    def known(self) -> bool:
        return not any(count.unknown for count in self.counts)


def probed(function: FunctionV) -> Probed | None:
    """The function with its tests counted, None where none of them decides about an initialising call."""
    definition = copy.deepcopy(function.code.node)
    result = Probed(function)
    module = function.module
    tests = _Tests(result.counts, module)
    if isinstance(definition, ast.Lambda):
        return None
    definition.body = [tests.visit(statement) for statement in definition.body]
    if not result.counts:
        return None
    ast.fix_missing_locations(definition)
    made = FunctionV(
        Code(definition, function.code.file), function.name, function.qualname, module,
        (Store({_PROBE: BuiltinV(_PROBE, _counter(result.counts))}), *function.closure), function.defaults,
        function.kwdefaults,
    )
    made.cls, made.no_grad = function.cls, function.no_grad
    result.function = made
    return result


def _counter(counts: list[_Count]) -> Callable[..., Value]:
    def count(interpreter: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
        entry = counts[args[0]]
        known = interpreter.truth(args[1])
        entry.considered += 1
        entry.taken += known is True
        entry.unknown = entry.unknown or known is None
        return UnknownV("test not known") if known is None else known

    return count


class _Tests(ast.NodeTransformer):
    """Puts a counter around the test of every `if` that an initialising call stands below."""

    def __init__(self, counts: list[_Count], module: ModuleScope) -> None:
        self.counts = counts
        self.module = module

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        if any(initialises(statement, self.module) for statement in node.body):
            self.counts.append(_Count(node.test))
            name = ast.copy_location(ast.Name(_PROBE, ast.Load()), node.test)
            index = ast.copy_location(ast.Constant(len(self.counts) - 1), node.test)
            node.test = ast.copy_location(ast.Call(name, [index, node.test], []), node.test)
        return node


@kept(16384)
def initialises(node: ast.AST, module: ModuleScope, depth: int = 0) -> bool:
    """Whether there is an initialising call below a node, functions of the same file included."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            if _is_init(each, module, depth):
                return True
        elif isinstance(each, ast.Assign) and any(
            isinstance(target, ast.Attribute) and target.attr == "data" for target in each.targets
        ):
            return True
    return False


def initialising_calls(function: FunctionV) -> tuple[Call, ...]:
    """The initialising calls in a function's own body, in order."""
    found = [
        written_call(function.module.file, node, f"torch.nn.init.{last_name(node.func)}", function.qualname)
        for node in ast.walk(function.code.node)
        if isinstance(node, ast.Call) and _is_init(node, function.module, _DEEPEST)
    ]
    return tuple(sorted(found, key=lambda call: call.span))


def _is_init(call: ast.Call, module: ModuleScope, depth: int) -> bool:
    function, name = call.func, last_name(call.func)
    if name in INITIALIZERS or (name in FILLS and isinstance(function, ast.Attribute)):
        return True
    found = module.names.get(name) if isinstance(function, ast.Name) and depth < _DEEPEST else None
    return isinstance(found, FunctionV) and found.module is module and any(
        initialises(statement, module, depth + 1) for statement in _body(found.code.node)
    )


def _body(node: ast.AST) -> list[ast.AST]:
    body = getattr(node, "body", [])
    return body if isinstance(body, list) else [body]


def _asked(test: ast.expr, function: ast.AST) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(classes, names) that a test compares with."""
    classes: list[str] = []
    names: list[str] = []
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            classes.extend(_last_names(node.args[1]) if len(node.args) == 2 else ())
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MATCHERS:
            found = [text for argument in node.args for text in _texts(argument)]
            (classes if _is_class_name(node.func.value, function) else names).extend(found)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            found = [text for side in sides for text in _texts(side)]
            of_class = any(_is_class_name(side, function) for side in sides)
            (classes if of_class else names).extend(found)
            if any(_is_type(side) for side in sides):
                classes.extend(name for side in sides if not _is_type(side) for name in _last_names(side))
    return tuple(dict.fromkeys(classes)), tuple(dict.fromkeys(names))


def _last_names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _last_names(each)
    elif isinstance(node, ast.BinOp):
        yield from _last_names(node.left)
        yield from _last_names(node.right)
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _texts(each)


def _is_type(node: ast.expr) -> bool:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"
    return is_call or (isinstance(node, ast.Attribute) and node.attr == "__class__")


def _is_class_name(node: ast.expr, function: ast.AST) -> bool:
    """Whether an expression is the name of a class: `m.__class__.__name__`, or a variable that holds it."""
    if any(isinstance(each, ast.Attribute) and each.attr in ("__name__", "__class__") for each in ast.walk(node)):
        return True
    if not isinstance(node, ast.Name):
        return False
    return any(
        isinstance(each, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == node.id for target in each.targets)
        and any(isinstance(part, ast.Attribute) and part.attr == "__name__" for part in ast.walk(each.value))
        for each in ast.walk(function)
    )
