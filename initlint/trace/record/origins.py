"""Where the arguments of initialising calls came from: read backwards from the call, over assignments, arguments and
returns, to the sizes and gains they were computed from.

Numbers carry no history while the trace runs, which keeps it fast. The few calls whose verdict depends on where a
number was taken from are read again here, as text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from initlint.model.program import Origin
from initlint.model.source import Call, Span
from initlint.syntax.names import last_name
from initlint.trace.machine.frames import Place, span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import ClassV, FunctionV
from initlint.trace.record.blocks import TreeOf
from initlint.trace.record.written import tensor_expression
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.signatures import Kind, parameters_of
from initlint.trace.vocabulary.spec import FillSpec, InitializerSpec

_DEEPEST: Final = 16
"""Steps from an argument back to where its value came from."""

_MOST: Final = 32
"""Ends that one argument is followed to."""

_TRANSPARENT: Final = frozenset({"data", "detach"})
"""What is written on the way to a tensor and leaves its axes as they are."""

_MOVES: Final = frozenset({
    "t", "t_", "T", "mT", "H", "mH", "transpose", "transpose_", "swapaxes", "swapdims", "permute", "movedim",
    "moveaxis", "view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze",
})  # fmt: skip
"""What gives a view of a tensor with other axes."""


@dataclass(frozen=True, slots=True)
class _Item:
    """The item of a value that is wanted, and where its number is written, if anywhere."""

    number: int
    index: Span | None = None


@dataclass(frozen=True, slots=True)
class _End:
    """One thing an argument was computed from. `whole`: the read gives all sizes, of which one was taken elsewhere."""

    names: tuple[str, ...]
    axis: int | None = None
    gain: bool = False
    read: ast.expr | None = None
    tensor: ast.expr | None = None
    index: Span | None = None
    file: str = ""
    literal: bool = False
    whole: bool = False


@dataclass(frozen=True, eq=False)
class _Scope:
    """The text a name is looked up in: a function as called by `call` from `caller`, or a module."""

    file: str
    tree: ast.AST
    call: ast.Call | None = None
    caller: _Scope | None = None
    before: tuple[int, int] = (1 << 30, 0)
    cls: ast.ClassDef | None = None


FunctionOf = Callable[[str, ast.expr], FunctionV | None]
"""The function of another module that an expression of a file names, None where it names none."""


def origins_of(
    call: Call, place: Place, rank: int | None, trees: TreeOf, functions: FunctionOf
) -> tuple[Origin, ...]:
    """The origins of the arguments of an executed call whose values are not spelled at the call."""
    node = place.node
    scope = _scope_at(place, trees)
    if not isinstance(node, ast.Call) or scope is None:
        return ()
    reader = _Reader(trees, functions, rank)
    tensor = tensor_expression(node, call.function.startswith("torch.Tensor."))
    written = None if tensor is None else reader.text(tensor, scope) or reader.likeness(tensor, scope)
    found: list[Origin] = []
    for name, value in _arguments(call, node):
        for end in reader.ends(value, scope, written):
            read = None if end.read is None else span_of(end.file, end.read)
            tensor_span = None if end.tensor is None or end.whole else span_of(end.file, end.tensor)
            found.append(Origin(name, end.axis, end.gain, end.names, read, tensor_span, end.index, end.literal))
    return tuple(dict.fromkeys(found))


def _scope_at(place: Place | None, trees: TreeOf) -> _Scope | None:
    """The scopes of the calls in progress at a place."""
    if place is None:
        return None
    before = (getattr(place.node, "lineno", 1), getattr(place.node, "col_offset", 0))
    if place.function is None:
        module = trees(place.file)
        return None if module is None else _Scope(place.file, module, before=before)
    return _called(place.function, place, before, trees)


def _called(function: FunctionV, place: Place, before: tuple[int, int], trees: TreeOf) -> _Scope:
    outer = place.outer
    call = outer.node if outer is not None and isinstance(outer.node, ast.Call) else None
    cls = function.cls.node if isinstance(function.cls, ClassV) else None
    names = {function.name, *([function.cls.name] if function.name == "__init__" and function.cls is not None else [])}
    if call is not None and last_name(call.func) not in names:
        call = None
    caller = _scope_at(outer, trees) if call is not None else None
    return _Scope(place.file, function.code.node, call, caller, before, cls)


def _arguments(call: Call, node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """(torch's name, expression) of each argument after the tensor that is not a constant."""
    spec = lookup(call.function)
    if not isinstance(spec, InitializerSpec | FillSpec):
        return
    names = [each.name for each in parameters_of(spec.signature) if each.kind is Kind.POSITIONAL]
    position = 1 if call.function.startswith("torch.Tensor.") else 0
    for argument in node.args:
        value = argument.value if isinstance(argument, ast.Starred) else argument
        if 0 < position < len(names) and not _is_constant(value):
            yield names[position], value
        position += 1
    for keyword in node.keywords:
        if keyword.arg is not None and not _is_constant(keyword.value):
            yield keyword.arg, keyword.value


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))


class _Reader:
    """Follows one call's arguments. `rank` is that of the tensor written, where known."""

    def __init__(self, trees: TreeOf, functions: FunctionOf, rank: int | None) -> None:
        self.trees = trees
        self.functions = functions
        self.rank = rank

    # -- what a value was computed from ----------------------------------------------------------

    def ends(self, value: ast.expr, scope: _Scope, written: str | None) -> list[_End]:
        found: list[_End] = []
        for end in self._follow(value, scope, written, (), None, True, 0):
            found.append(end)
            if len(found) >= _MOST:
                break
        return found

    def _follow(
        self, node: ast.expr, scope: _Scope, written: str | None, names: tuple[str, ...], element: _Item | None,
        direct: bool, depth: int,
    ) -> Iterator[_End]:
        """The ends of an expression. `element` is the item of the value that is wanted, `direct` whether nothing was
        computed with it since."""
        if depth > _DEEPEST:
            return
        size = self._size(node, scope, element)
        if size is not None:
            if written is not None and size.tensor is not None and self.text(size.tensor, scope) == written:
                yield replace(size, names=names, file=scope.file)
            return
        deeper = depth + 1
        if isinstance(node, ast.Name):
            own = (*names, node.id)
            for bound in self._all_bound(node, scope):
                if bound is None:
                    yield _End(own)
                    continue
                inner, where, item = bound
                wanted = _Item(item) if item is not None else element
                yield from self._follow(inner, where, written, own, wanted, direct, deeper)
        elif isinstance(node, ast.Attribute):
            yield _End((*names, node.attr), literal=direct and _is_number_of(node, scope.cls))
        elif isinstance(node, ast.Tuple | ast.List):
            wanted = None if element is None or element.number >= len(node.elts) else element
            chosen = node.elts if wanted is None else [node.elts[wanted.number]]
            for each in chosen:
                yield from self._follow(each, scope, written, names, None, direct, deeper)
        elif isinstance(node, ast.Call):
            yield from self._follow_call(node, scope, written, names, element, direct, deeper)
        elif isinstance(node, ast.IfExp):
            for each in (node.body, node.orelse):
                yield from self._follow(each, scope, written, names, element, direct, deeper)
        elif isinstance(node, ast.Subscript):
            constant = node.slice.value if isinstance(node.slice, ast.Constant) else None
            taken = _Item(constant, span_of(scope.file, node.slice)) if isinstance(constant, int) else None
            yield from self._follow(node.value, scope, written, names, taken, direct, deeper)
        elif isinstance(node, ast.Constant):
            if direct and isinstance(node.value, int | float):
                yield _End(names, literal=True)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self._follow(child, scope, written, names, None, False, deeper)

    def _follow_call(
        self, node: ast.Call, scope: _Scope, written: str | None, names: tuple[str, ...], element: _Item | None,
        direct: bool, depth: int,
    ) -> Iterator[_End]:
        name = last_name(node.func)
        if name == "calculate_gain":
            yield _End(names, gain=direct)
            return
        found = self._definition(node.func, scope)
        if found is not None:
            file, body, cls = found
            inside = _Scope(file, body, node, scope, cls=cls)
            for each in _returns(body):
                yield from self._follow(each, inside, written, names, element, direct, depth)
            return
        for argument in node.args:
            value = argument.value if isinstance(argument, ast.Starred) else argument
            yield from self._follow(value, scope, written, names, None, direct and name in ("float", "tuple"), depth)

    def _size(self, node: ast.expr, scope: _Scope, element: _Item | None) -> _End | None:
        """A read of the size of some tensor: `w.size(0)`, `w.shape[0]`, `len(w)`, `w.numel()`."""
        if isinstance(node, ast.Subscript):
            shape = _shape_read(node.value)
            if shape is None:
                return None
            return _End((), self._axis(node.slice), False, node, shape, _index(node.slice, scope))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
                return _End((), 0, False, node, node.args[0])
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("numel", "nelement"):
                return _End((), 1, False, node, node.func.value)
            if isinstance(node.func, ast.Attribute) and node.func.attr == "size":
                given = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "dim"), None)
                if given is not None:
                    return _End((), self._axis(given), False, node, node.func.value, _index(given, scope))
        shape = _shape_read(node)
        if shape is None or element is None:
            return None
        return _End((), element.number, False, node, shape, element.index, whole=True)

    def _axis(self, index: ast.expr) -> int | None:
        """The axis an index of a shape selects; of a slice the first one."""
        if isinstance(index, ast.Slice):
            lower = index.lower
            return 0 if lower is None else self._axis(lower)
        if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and self.rank is not None:
            offset = self._axis(index.operand)
            return None if offset is None else self.rank - offset
        number = index.value if isinstance(index, ast.Constant) else None
        return number if isinstance(number, int) else None

    # -- what a name stands for ------------------------------------------------------------------

    def _all_bound(self, name: ast.Name, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope, int | None] | None]:
        """As `_bound`, with what other branches bound it to where it was last bound in one."""
        certain = False
        for each in _last_assignments(scope.tree, name.id, scope.before):
            certain = each.holds_at(scope.before)
            yield each.value, replace(scope, before=(each.value.lineno, each.value.col_offset)), each.item
        if not certain:
            yield self._bound(name, replace(scope, before=(0, 0)))

    def _bound(self, name: ast.Name, scope: _Scope) -> tuple[ast.expr, _Scope, int | None] | None:
        """(expression, the scope it stands in, the item of it) that a name was last bound to."""
        last = next(_last_assignments(scope.tree, name.id, scope.before), None)
        if last is not None:
            return last.value, replace(scope, before=(last.value.lineno, last.value.col_offset)), last.item
        if isinstance(scope.tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found = self._argument(name.id, scope)
            if found is not None:
                return found
            if name.id in {each.arg for each in _parameters(scope.tree)}:
                return None
            module = self.trees(scope.file)
            outside = None if module is None else next(_last_assignments(module, name.id, (1 << 30, 0)), None)
            if outside is not None and module is not None:
                return outside.value, _Scope(scope.file, module, before=(outside.value.lineno, 0)), outside.item
        return None

    def _argument(self, name: str, scope: _Scope) -> tuple[ast.expr, _Scope, int | None] | None:
        """What a parameter was given by the call, else its default."""
        function = scope.tree
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if scope.call is not None and scope.caller is not None:
            offset = 1 if positional[:1] in (["self"], ["cls"]) else 0
            for index, argument in enumerate(scope.call.args):
                if isinstance(argument, ast.Starred):
                    break
                if positional[index + offset : index + offset + 1] == [name]:
                    return argument, scope.caller, None
            for keyword in scope.call.keywords:
                if keyword.arg == name:
                    return keyword.value, scope.caller, None
        default = _default(function, name)
        module = self.trees(scope.file)
        return None if default is None or module is None else (default, _Scope(scope.file, module), None)

    def _definition(
        self, function: ast.expr, scope: _Scope
    ) -> tuple[str, ast.FunctionDef, ast.ClassDef | None] | None:
        """The function that a call enters, with its file: by its name, one of another module too, or a method by
        `self`."""
        module = self.trees(scope.file)
        if module is None:
            return None
        if isinstance(function, ast.Name):
            body, cls = module.body, None
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and scope.cls is not None:
            if function.value.id not in ("self", "cls", scope.cls.name):
                return self._of_another_module(function, scope)
            body, cls = scope.cls.body, scope.cls
        else:
            return self._of_another_module(function, scope)
        name = last_name(function)
        found = next((each for each in body if isinstance(each, ast.FunctionDef) and each.name == name), None)
        return self._of_another_module(function, scope) if found is None else (scope.file, found, cls)

    def _of_another_module(self, function: ast.expr, scope: _Scope) -> tuple[str, ast.FunctionDef, None] | None:
        found = self.functions(scope.file, function)
        return (found.code.file, found.code.node, None) if found is not None and _is_defined(found) else None

    def likeness(self, node: ast.expr, scope: _Scope) -> str | None:
        """As `text`, of the tensor whose shape a new one is made with: `torch.empty(w.size())`."""
        if not isinstance(node, ast.Call) or len(node.args) != 1:
            return None
        given, depth = node.args[0], 0
        while isinstance(given, ast.Name | ast.Starred) and depth < _DEEPEST:
            bound = self._bound(given, scope) if isinstance(given, ast.Name) else (given.value, scope, None)
            if bound is None or bound[2] is not None:
                return None
            (given, scope, _), depth = bound, depth + 1
        like = _shape_read(given)
        return None if like is None else self.text(like, scope)

    def text(self, node: ast.expr, scope: _Scope, depth: int = 0) -> str | None:
        """A tensor's or module's expression with the names it goes by replaced, so that two of the same are equal."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            bound = self._bound(node, scope)
            if bound is not None and bound[2] is None:
                if _moves_axes(bound[0]):
                    return None
                inner = self.text(bound[0], bound[1], depth + 1)
                if inner is not None:
                    return inner
            return f"{node.id}@{id(scope.tree)}" if node.id not in ("self", "cls") else node.id
        if _moves_axes(node):
            return None
        if isinstance(node, ast.Attribute):
            owner = self.text(node.value, scope, depth + 1)
            return owner if owner is None or node.attr in _TRANSPARENT else f"{owner}.{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TRANSPARENT:
            return self.text(node.func.value, scope, depth + 1)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            owner = self.text(node.value, scope, depth + 1)
            return None if owner is None else f"{owner}[{node.slice.value!r}]"
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            owner = self.text(node.value, scope, depth + 1)
            return None if owner is None else f"{owner}[{node.slice.id}@{id(scope.tree)}]"
        return None


def _is_number_of(attribute: ast.Attribute, cls: ast.ClassDef | None) -> bool:
    """Whether an attribute of a class, or of its objects, is given a number in one place of it alone."""
    owner = attribute.value
    if cls is None or not isinstance(owner, ast.Name) or owner.id not in ("self", "cls", cls.name):
        return False
    given = [
        node.value for node in ast.walk(cls) if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if (isinstance(target, ast.Attribute) and target.attr == attribute.attr)
        or (isinstance(target, ast.Name) and target.id == attribute.attr and node in cls.body)
    ]
    return len(given) == 1 and isinstance(given[0], ast.Constant) and isinstance(given[0].value, int | float)


def _is_defined(function: FunctionV) -> bool:
    return isinstance(function.code.node, ast.FunctionDef) and function.cls is None


def _shape_read(node: ast.expr) -> ast.expr | None:
    """The tensor whose whole shape is read: `w.shape`, `w.size()`."""
    if isinstance(node, ast.Attribute) and node.attr == "shape":
        return node.value
    if isinstance(node, ast.Call) and not node.args and not node.keywords and isinstance(node.func, ast.Attribute):
        return node.func.value if node.func.attr == "size" else None
    return None


def _index(node: ast.expr, scope: _Scope) -> Span | None:
    return span_of(scope.file, node) if isinstance(node, ast.Constant) else None


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _default(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str) -> ast.expr | None:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    for argument, default in zip(reversed(positional), reversed(given.defaults), strict=False):
        if argument.arg == name:
            return default
    for argument, value in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if argument.arg == name:
            return value
    return None


def _own_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function or module, without those of the functions and classes inside it."""
    body = getattr(tree, "body", [])
    pending: list[ast.AST] = list(body) if isinstance(body, list) else [body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


@dataclass(frozen=True, slots=True)
class _Assignment:
    """An assignment to a name: the value, the item of it, and the lines of the branches that it stands in."""

    place: tuple[int, int]
    value: ast.expr
    item: int | None
    branches: tuple[range, ...] = ()

    def holds_at(self, place: tuple[int, int]) -> bool:
        """Whether it was surely made, on the way to a place behind it."""
        return all(place[0] in branch for branch in self.branches)


@kept(2048)
def _assignments(tree: ast.AST) -> dict[str, list[_Assignment]]:
    """The assignments to each name of a function or module, in order."""
    found: dict[str, list[_Assignment]] = {}
    branches = [branch for node in _own_nodes(tree) for branch in _branches(node)]
    for node in _own_nodes(tree):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        place = (node.lineno, node.col_offset)
        around = tuple(branch for branch in branches if node.lineno in branch)
        for target in targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(_Assignment(place, value, None, around))
            elif isinstance(target, ast.Tuple | ast.List):
                for index, part in enumerate(target.elts):
                    if isinstance(part, ast.Name):
                        found.setdefault(part.id, []).append(_Assignment(place, value, index, around))
    for made in found.values():
        made.sort(key=lambda each: each.place)
    return found


def _branches(node: ast.AST) -> Iterator[range]:
    """The lines of each branch of a statement that executes one of several."""
    if isinstance(node, ast.If):
        bodies = [node.body, node.orelse]
    elif isinstance(node, ast.Try):
        bodies = [node.body, *(each.body for each in node.handlers), node.orelse]
    elif isinstance(node, ast.Match):
        bodies = [case.body for case in node.cases]
    else:
        return
    yield from (range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1) for body in bodies if body)


def _last_assignments(tree: ast.AST, name: str, before: tuple[int, int]) -> Iterator[_Assignment]:
    """The assignments to a name before a position, the last first, up to one that was surely made."""
    for each in reversed(_assignments(tree).get(name, ())):
        if each.place < before:
            yield each
            if each.holds_at(before):
                return


def _moves_axes(node: ast.expr) -> bool:
    """Whether an expression is a view of a tensor with other axes."""
    function = node.func if isinstance(node, ast.Call) else node
    return isinstance(function, ast.Attribute) and function.attr in _MOVES


def _returns(function: ast.FunctionDef) -> list[ast.expr]:
    found = [node for node in _own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]
    return [node.value for node in sorted(found, key=lambda node: node.lineno) if node.value is not None]
