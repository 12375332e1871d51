"""Where a class is told to initialise a layer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from initlint.fix.building import SELF, Build, assignment, branch_of, build_of, statements_of
from initlint.fix.chains import Chain, applied_chain, loop_chain
from initlint.fix.document import Document
from initlint.fix.names import Function, receiver_of
from initlint.fix.nodes import Unreadable
from initlint.fix.statements import StatementChanges, template_lines
from initlint.fix.styles import Style, fills, style_for
from initlint.fix.templates import Filled
from initlint.model.change import InitializeLayers
from initlint.model.source import Span
from initlint.syntax.edits import Edit

_LINE_LENGTH: Final = 88
_FEW: Final = 2
_TARGET: Final = "{target}"


def initialize_layers(
    document: Document, changes: Iterable[InitializeLayers], statements: StatementChanges
) -> Iterator[Edit]:
    """Adds the statements to `statements`; the edits are the imports they need. Raises Unreadable where a
    class offers no place."""
    added: dict[ast.ClassDef, _Added] = {}
    for change in changes:
        owner = class_at(document, change)
        methods = {node.name: node for node in owner.body if isinstance(node, Function)}
        build = build_of(methods, change.targets)
        constructor = build.builder
        if build.is_handed_in:
            raise Unreadable("the layers are handed in")
        if build.is_loaded_before and not change.after:
            raise Unreadable("weights are loaded before all layers are there")
        function, method = constructor, None
        if not change.after:
            function = _init_method(build) or constructor
        if function is constructor and not change.after:
            style = style_for(document, owner, constructor)
            if style is not None:
                method = added.setdefault(owner, _Added(owner, constructor, build.end_of(constructor), style))
                method = method if method.constructor is constructor else None
        if build.is_open and not change.kinds:
            raise Unreadable("how many layers there are is not known")
        many = len(build.made) > _FEW or not build.is_counted
        if change.kinds and (many or change.alone) and "self" in change.wholes:
            chain = _chain(document, build, function)
            spot = None if chain is None else _spot_in(chain, function, change)
            if spot is not None:
                yield from _write(document, spot, change, statements)
                continue
            if method is not None and method.takes(change.kinds):
                method.arms[change.kinds] = list(change.statements)
                continue
        if change.kinds and many:
            change, spot = _looped(change, build, function)
            yield from _write_or_add(document, spot, method, change, statements)
            continue
        groups: dict[int, _Spot] = {}
        for target, statement in build.made.items():
            spot = _spot(build, function, statement)
            groups.setdefault(id(spot.after), spot).targets.append(target)
        for spot in groups.values():
            yield from _write_or_add(document, spot, method, change, statements)
    for method in added.values():
        if method.arms or method.lines:
            yield from _write_method(document, method, statements)


@dataclass(slots=True)
class _Added:
    """A method that a class gets, in the style of its file: `arms` are the statements for modules of some kinds where
    it is applied to all of them, `lines` those of a method that is called, behind the statement `end`."""

    owner: ast.ClassDef
    constructor: Function
    end: ast.stmt
    style: Style
    arms: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def takes(self, kinds: Sequence[str]) -> bool:
        """Whether one more arm for these kinds can follow."""
        return bool(self.style.variable) and all(set(kinds).isdisjoint(others) for others in self.arms)

    @property
    def body(self) -> Iterator[str]:
        yield from self.lines
        for index, (kinds, lines) in enumerate(self.arms.items()):
            word = "elif" if index else "if"
            yield f"{word} isinstance({self.style.variable}, {_asked(kinds)}):"
            yield from (f"    {line.replace(_TARGET, self.style.variable)}" for line in lines)


@dataclass(slots=True)
class _Spot:
    """Behind which statement of which function layers are initialised: those of `targets`, or the one that the
    variable of a `chain` stands for, in one of its arms or (where `after` is the chain itself) in a new one."""

    function: Function
    after: ast.stmt
    targets: list[str] = field(default_factory=list)
    chain: Chain | None = None


def _chain(document: Document, build: Build, function: Function) -> Chain | None:
    """The code of the class that asks each of its modules what it is."""
    built = max((statement.end_lineno or 0 for statement in build.statements), default=0)
    functions = {node.name: node for node in document.tree.body if isinstance(node, Function)}
    return loop_chain(function, built if function is build.builder else 0) or applied_chain(
        build.builder, build.methods, functions, document.text, built
    )


def _spot_in(chain: Chain, function: Function, change: InitializeLayers) -> _Spot | None:
    """The place for the kinds of a change in a chain, None where it has none."""
    arm = chain.arm_for(change.kinds)
    if arm is not None:
        return _Spot(function, arm.body[-1], chain=chain)
    return _Spot(function, chain.statement, chain=chain) if chain.takes(change.kinds) else None


def class_at(document: Document, change: InitializeLayers) -> ast.ClassDef:
    """The class that is to initialise its layers. Raises Unreadable."""
    around = _class_around(document, change.owner)
    named = document.classes_named(change.name)
    if around is None or (named and around not in named and not _assigns(around, change.targets)):
        if len(named) == 1:
            return named[0]
        raise Unreadable("no class there")
    return around


def _class_around(document: Document, span: Span) -> ast.ClassDef | None:
    """The innermost class that holds a span."""
    source = document.source
    start, end = source.offsets(span)
    found = None
    for node in document.classes:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        last = source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        if source.line_starts[first - 1] <= start and end <= last:
            found = node
    return found


def _assigns(owner: ast.ClassDef, targets: Sequence[str]) -> bool:
    """Whether methods of a class set all the attributes that `targets` start from."""
    methods = [node for node in owner.body if isinstance(node, Function)]
    return all(any(assignment(method, target) for method in methods) for target in targets)


def _looped(change: InitializeLayers, build: Build, function: Function) -> tuple[InitializeLayers, _Spot]:
    """A change whose loop finds what it goes through, and the place for it: the end of a function, or of the branch
    that alone builds it. Raises Unreadable where several do."""
    branches = [branch_of(build.builder, statement) for statement in build.statements]
    conditional = [branch for branch in branches if branch is not None]
    if not conditional or change.wholes[0] == "self":
        return change, _Spot(function, build.end_of(function))
    if all(branch is conditional[0] for branch in branches):
        return change, _Spot(build.builder, conditional[0][-1])
    if "self" in change.wholes:
        return replace(change, wholes=("self",)), _Spot(function, build.end_of(function))
    raise Unreadable("what holds the layers is not always there")


def _spot(build: Build, function: Function, made: ast.stmt | None) -> _Spot:
    """The end of the branch that builds a layer, or of the function that initialises."""
    branch = None if made is None else branch_of(build.builder, made)
    return _Spot(function, build.end_of(function)) if branch is None else _Spot(build.builder, branch[-1])


def _init_method(build: Build) -> Function | None:
    """The method that the constructor calls on itself, once the layers are there, and that fills weights already."""
    receiver = receiver_of(build.builder)
    for statement in reversed(list(statements_of(build.builder.body))):
        call = statement.value if isinstance(statement, ast.Expr) else None
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute), args=[], keywords=[]):
                method = build.methods.get(attribute)
                late = all(statement.lineno > (one.end_lineno or one.lineno) for one in build.statements)
                if name == receiver and method is not None and late and receiver_of(method) and fills(method):
                    return method
    return None



def _write_or_add(
    document: Document, spot: _Spot, method: _Added | None, change: InitializeLayers, statements: StatementChanges
) -> Iterator[Edit]:
    """Writes at a spot, or where that is the end of a constructor whose class gets a method to be called, into it."""
    if method is None or method.style.variable or spot.after is not method.end:
        yield from _write(document, spot, change, statements)
    else:
        offset = _line_of(document, method.constructor)
        unit = document.place_of(*_extent(document, method.constructor)).unit
        method.lines += _lines(document, spot, change, " " * method.constructor.col_offset + unit, offset)


def _write(
    document: Document, spot: _Spot, change: InitializeLayers, statements: StatementChanges
) -> Iterator[Edit]:
    start, end = _extent(document, spot.after)
    first, _ = _extent(document, spot.function)
    if change.after and not any(
        first <= low and high <= end for low, high in map(document.source.offsets, _here(document, change.after))
    ):
        raise Unreadable("the weights are written elsewhere, or later")
    place = document.place_of(start, end)
    lines = []
    for line in _lines(document, spot, change, place.indent, start):
        filled = Filled(document, line, (), start)
        yield from filled.imports
        lines.append(filled.text)
    statements.insert_after(place, template_lines(lines, place.unit))


def _here(document: Document, spans: Iterable[Span]) -> Iterator[Span]:
    return (span for span in spans if span.file == document.source.path)


def _write_method(document: Document, method: _Added, statements: StatementChanges) -> Iterator[Edit]:
    """A new method behind the constructor, and the statement at its end that makes use of it."""
    constructor, receiver = method.constructor, receiver_of(method.constructor)
    last = document.place_of(*_extent(document, method.end))
    statements.insert_after(last, template_lines([method.style.call(receiver)], last.unit))
    place = document.place_of(*_extent(document, constructor))
    lines = [""] * _gap(document, method.owner, constructor)
    lines.append(method.style.header(receiver))
    for line in method.body:
        filled = Filled(document, line, (), _line_of(document, constructor))
        yield from filled.imports
        lines.append(f"    {filled.text}")
    statements.insert_after(place, template_lines(lines, place.unit))


def _gap(document: Document, owner: ast.ClassDef, constructor: Function) -> int:
    """How many blank lines part a constructor from what follows it in its class, 1 at the end of it and at most."""
    after = owner.body[owner.body.index(constructor) + 1:]
    number = (constructor.end_lineno or constructor.lineno) + 1
    while after and (line := document.source.line(number)).lstrip().startswith("#"):
        if len(line) - len(line.lstrip()) <= constructor.col_offset:
            break
        number += 1
    return int(not after or not document.source.line(number).strip())


def _extent(document: Document, node: ast.stmt) -> tuple[int, int]:
    source = document.source
    start = source.offset(node.lineno, node.col_offset)
    return start, source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)


def _line_of(document: Document, function: Function) -> int:
    """The offset at which the line of a method's `def` starts: there the names of its class's surroundings are read."""
    return document.source.line_starts[function.lineno - 1]


def _lines(document: Document, spot: _Spot, change: InitializeLayers, indent: str, offset: int) -> list[str]:
    """What is written at a spot, as templates; names of variables are chosen for `offset`."""
    receiver = receiver_of(spot.function)
    if spot.targets:
        targets = [re.sub(SELF, receiver, target) for target in spot.targets]
        return _one_by_one(document, change.statements, targets, indent, offset)
    if spot.chain is not None:
        return _in_chain(spot.chain, spot.after, change)
    return _loop(document, change, receiver, offset)


def _one_by_one(
    document: Document, statements: Sequence[str], targets: Sequence[str], indent: str, offset: int
) -> list[str]:
    """One layer gets its statements, several a loop over them."""
    if len(targets) == 1:
        return [statement.replace(_TARGET, targets[0]) for statement in statements]
    name = _variable(document, ("layer", "module", "linear"), offset)
    header = f"for {name} in ({', '.join(targets)}):"
    if len(indent) + len(header) <= _LINE_LENGTH:
        lines = [header]
    else:
        lines = [f"for {name} in (", *(f"    {target}," for target in targets), "):"]
    return lines + [f"    {statement.replace(_TARGET, name)}" for statement in statements]


def _loop(document: Document, change: InitializeLayers, receiver: str, offset: int) -> list[str]:
    """A loop over all modules that picks those of the kinds in question."""
    name = _variable(document, ("module", "m", "layer"), offset)
    return [
        f"for {name} in {re.sub(SELF, receiver, change.wholes[0])}.modules():",
        f"    if isinstance({name}, {_asked(change.kinds)}):",
        *(f"        {statement.replace(_TARGET, name)}" for statement in change.statements),
    ]


def _in_chain(chain: Chain, after: ast.stmt, change: InitializeLayers) -> list[str]:
    """The statements for the module a chain asks about, under a test of their own where they stand behind it."""
    lines = [statement.replace(_TARGET, chain.variable) for statement in change.statements]
    if after is not chain.statement:
        return lines
    return [f"elif isinstance({chain.variable}, {_asked(change.kinds)}):", *(f"    {line}" for line in lines)]


def _asked(kinds: Sequence[str]) -> str:
    """The second argument of `isinstance`."""
    names = [f"{{nn}}.{kind}" for kind in kinds]
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _variable(document: Document, names: Sequence[str], offset: int) -> str:
    """The first of `names` that the function does not speak of."""
    for name in names:
        if not document.names.is_mentioned(name, offset):
            return name
    raise Unreadable("no name is free for a loop's variable")
