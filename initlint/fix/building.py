"""Which method of a class builds its layers, and in which statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from initlint.fix.names import Function, receiver_of
from initlint.fix.nodes import Unreadable
from initlint.model.reach import reach
from initlint.syntax.names import attributes_of, last_name

SELF: Final = re.compile(r"^self\b")
"""What the targets of a change start with, whatever a method calls its object."""
_LOAD: Final = "load_state_dict"
_LOADS: Final = re.compile(r"_*load")
"""What functions that load weights into an object are called, which they are given."""
_WEIGHTS: Final = ("weight", "bias")
_ADDING: Final = ("append", "extend", "insert", "add_module", "register_module")
_BRANCHES: Final = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)


@dataclass(frozen=True, slots=True)
class Build:
    """How a class builds some layers: the method that does, and in it the statement for each of them by target, None
    for those that are built elsewhere."""

    methods: Mapping[str, Function]
    builder: Function
    made: Mapping[str, ast.stmt | None]

    @property
    def statements(self) -> list[ast.stmt]:
        return [statement for statement in self.made.values() if statement is not None]

    @property
    def is_counted(self) -> bool:
        """Whether each statement spells out what it builds, and nothing is added to it in a loop."""
        return all(map(_is_spelled_out, self.made.values())) and not any(
            next(_growing(self.builder, _root(self.builder, target)), None) for target in self.made
        )

    @property
    def is_open(self) -> bool:
        """Whether it takes running the code to know how many layers there are."""
        loops: list[ast.AST] = [
            loop for target in self.made for loop in _growing(self.builder, _root(self.builder, target))
        ]
        loops += [
            node for statement in self.statements for node in ast.walk(statement) if isinstance(node, ast.comprehension)
        ]
        return not all(isinstance(loop, (ast.For, ast.comprehension)) and _is_literal(loop.iter) for loop in loops)

    @property
    def is_handed_in(self) -> bool:
        """Whether the builder only keeps what it is given."""
        arguments = self.builder.args
        given = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        values = [_value(statement) for statement in self.statements]
        return any(isinstance(value, ast.Name) and value.id in given for value in values)

    @property
    def is_loaded_before(self) -> bool:
        """Whether weights are loaded before the last layer is there."""
        loads = [each.lineno for each in self.builder.body if _loads(each, self.builder, self.methods)]
        return any(line < statement.lineno for line in loads for statement in self.statements)

    def end_of(self, function: Function) -> ast.stmt:
        """The statement to go on after: the last, a `return` at the end aside, or the last before weights are loaded,
        or those of the layers are used once these are built. Raises Unreadable."""
        body = function.body
        weights = {f"{_spelled(function, target)}.{name}" for target in self.made for name in _WEIGHTS}
        built = max((each.end_lineno or each.lineno for each in self.statements), default=0)
        ends = [
            index for index, statement in enumerate(body)
            if _loads(statement, function, self.methods)
            or (function is self.builder and built and statement.lineno > built and _calls_on(statement, weights))
        ]
        end = ends[0] if ends else len(body) - isinstance(body[-1], ast.Return)
        if end == 0:
            raise Unreadable("nothing in front of the return, or of what loads weights")
        return body[end - 1]


def build_of(methods: Mapping[str, Function], targets: Sequence[str]) -> Build:
    """How a class with these methods builds the layers `targets`. Raises Unreadable."""
    builder = _builder(methods, targets)
    return Build(methods, builder, {target: assignment(builder, target) for target in targets})


def _builder(methods: Mapping[str, Function], targets: Sequence[str]) -> Function:
    """The method behind which the layers `targets` are there: the constructor, or one that others call, as Lightning
    calls `configure_model`. Raises Unreadable where there is none, or several."""
    constructor = methods.get("__init__")
    if constructor is not None and any(assignment(constructor, target) for target in targets):
        return constructor
    called = _called("__init__", methods)
    builders = [
        method for name, method in methods.items()
        if name not in called and any(assignment(method, target) for target in targets)
    ]
    if len(builders) == 1 and all(assignment(builders[0], target) for target in targets):
        return builders[0]
    if builders:
        raise Unreadable("several methods build the layers")
    if constructor is None:
        raise Unreadable("the class has no constructor of its own")
    return constructor


def _loads(statement: ast.stmt, function: Function, methods: Mapping[str, Function]) -> bool:
    """Whether a statement may load weights into the object itself, by a method of the class too."""
    receiver = receiver_of(function)
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call):
            continue
        name = last_name(node.func)
        if name == _LOAD or (_LOADS.match(name) and any(_is_named(given, receiver) for given in node.args)):
            return True
        own = isinstance(node.func, ast.Attribute) and _is_named(node.func.value, receiver)
        if own and name not in methods and _LOADS.match(name):
            return True
        if own and any(_LOAD in ast.dump(methods[called]) for called in _called(name, methods)):
            return True
    return False


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _called(start: str, methods: Mapping[str, Function]) -> set[str]:
    """The names of a method and of those that it may call."""

    def used(name: str) -> Iterator[str]:
        return (each for each in attributes_of(receiver_of(methods[name]), methods[name]) if each in methods)

    return reach([start] if start in methods else [], used)


def assignment(method: Function, target: str) -> ast.stmt | None:
    """The statement of a method that builds the layer `target`, None where it is built elsewhere: `self.layer = None`
    builds nothing."""
    spelled = _root(method, target)
    for node in statements_of(method.body):
        targets: Sequence[ast.expr] = ()
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_nothing(node.value):
            continue
        if isinstance(node, ast.Assign):
            targets = [part for whole in node.targets for part in getattr(whole, "elts", [whole])]
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            targets = [node.target]
        if any(ast.unparse(part) == spelled for part in targets):
            return node
    return None


def _root(method: Function, target: str) -> str:
    """The attribute of the object that a target starts from, as a method spells it."""
    root = ast.parse(_spelled(method, target), mode="eval").body
    while isinstance(root, (ast.Subscript, ast.Attribute)) and not (
        isinstance(root, ast.Attribute) and isinstance(root.value, ast.Name)
    ):
        root = root.value
    return ast.unparse(root)


def _spelled(method: Function, target: str) -> str:
    return SELF.sub(receiver_of(method) or "self", target)


def _value(statement: ast.stmt) -> ast.expr | None:
    return statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None


def _growing(function: Function, root: str) -> Iterator[ast.For | ast.While]:
    """The loops that add to what an attribute holds."""
    for loop in ast.walk(function):
        if isinstance(loop, (ast.For, ast.While)) and any(_adds(node, root) for node in ast.walk(loop)):
            yield loop


def _adds(node: ast.AST, root: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=grown, attr=name)):
            return name in _ADDING and ast.unparse(grown) == root
        case ast.AugAssign(target=grown):
            return ast.unparse(grown) == root
    return False


def _is_literal(iterable: ast.expr) -> bool:
    """Whether an expression says by itself how often a loop over it turns."""
    if isinstance(iterable, ast.Call):
        return last_name(iterable.func) == "range" and all(isinstance(each, ast.Constant) for each in iterable.args)
    return isinstance(iterable, (ast.List, ast.Tuple, ast.Constant))


def _calls_on(statement: ast.stmt, names: set[str]) -> bool:
    """Whether a statement calls something on, or with, one of these attributes; one that ties them calls nothing."""
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    parts = (node for call in calls for node in ast.walk(call))
    return any(isinstance(node, ast.Attribute) and ast.unparse(node) in names for node in parts)


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _is_spelled_out(made: ast.stmt | None) -> bool:
    """Whether what a statement builds is spelled out in it."""
    return made is not None and not any(
        isinstance(node, (ast.Starred, ast.comprehension, ast.For, ast.While)) for node in ast.walk(made)
    )


def branch_of(function: Function, made: ast.stmt) -> list[ast.stmt] | None:
    """The body of the innermost branch that `made` stands in, None where it always runs."""
    found = None
    body: list[ast.stmt] = function.body
    while made not in body:
        for statement in body:
            inner = next((inner for inner in _bodies(statement) if made in statements_of(inner)), None)
            if inner is not None:
                found = inner if isinstance(statement, _BRANCHES) else found
                body = inner
                break
    return found


def statements_of(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements below, those of nested functions and classes left out."""
    for statement in body:
        yield statement
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for inner in _bodies(statement):
                yield from statements_of(inner)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(statement, name, None)
        if inner:
            yield inner
    for arm in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield arm.body
