"""How the classes of a file give their layers weights: in a method that they apply to all their modules
(`self.apply(self._init_weights)`), or in one that they call (`self.reset_parameters()`).

A class that does not initialise anything yet can do it the way the others do. What must not happen is that a method of
that name stands in for another: one of a base class, of a class derived from it, or one that is called already.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from initlint.fix.document import Document
from initlint.fix.names import Function, receiver_of
from initlint.signal.initializers import describe
from initlint.syntax.names import last_name

_MODULES: Final = frozenset({f"torch.nn.{name}" for name in ("Module", "Sequential", "ModuleList", "ModuleDict")})
"""Bases whose methods are known: none of them fills a tensor."""

_ANY_VALUE: Final = {"val": 0.0, "value": 0.0}


@dataclass(frozen=True, slots=True)
class Style:
    """A method in the manner of a file. `variable` is its argument, the module it is applied to, "" where it has none
    and is called once; `annotation` (": nn.Module") and `returns` (" -> None") are "" where the file has none."""

    name: str
    variable: str = ""
    annotation: str = ""
    returns: str = ""

    def call(self, receiver: str) -> str:
        """The statement of a constructor that makes use of the method."""
        return f"{receiver}.apply({receiver}.{self.name})" if self.variable else f"{receiver}.{self.name}()"

    def header(self, receiver: str) -> str:
        argument = f", {self.variable}{self.annotation}" if self.variable else ""
        return f"def {self.name}({receiver}{argument}){self.returns}:"


def style_for(document: Document, owner: ast.ClassDef, constructor: Function) -> Style | None:
    """The style that most of the other classes of a file follow, None where there is none, where more of them
    initialise their layers in the constructor itself, or where `owner` cannot follow it: it does initialise something,
    or knows of a method of that name, or might."""
    receiver = receiver_of(constructor)
    if not receiver or constructor.decorator_list or fills(constructor) or any(_passes(constructor, receiver)):
        return None
    manners = _manners(document)
    found = [style for other in document.classes if other is not owner for style in manners[other].styles]
    counts = Counter((style.name, bool(style.variable)) for style in found)
    style = max(found, key=lambda style: counts[style.name, bool(style.variable)], default=None)
    at_once = sum(manners[other].at_once for other in document.classes if other is not owner)
    if style is None or counts[style.name, bool(style.variable)] < at_once:
        return None
    family = _family(document, owner)
    return None if family is None or any(_speaks_of(document, each, style.name) for each in family) else style


def fills(node: ast.AST) -> bool:
    """Whether code writes initial values into tensors."""
    return any(isinstance(call, ast.Call) and _is_initialiser(call) for call in ast.walk(node))


def _is_initialiser(call: ast.Call) -> bool:
    name = last_name(call.func)
    return name.endswith("_") and describe(name, _ANY_VALUE) is not None


@dataclass(frozen=True, slots=True)
class _Manner:
    """How one class initialises its layers: in methods, or `at_once` in its constructor."""

    styles: tuple[Style, ...]
    at_once: bool


@lru_cache(maxsize=4)
def _manners(document: Document) -> Mapping[ast.ClassDef, _Manner]:
    """The manner of each class of a file: asked for with each fix that is written into it."""
    return {owner: _Manner(tuple(_styles(document, owner)), _in_constructor(owner)) for owner in document.classes}


def _in_constructor(owner: ast.ClassDef) -> bool:
    return any(isinstance(node, Function) and node.name == "__init__" and fills(node) for node in owner.body)


def _passes(constructor: Function, receiver: str) -> Iterator[ast.expr]:
    """What a constructor applies to all modules of its object."""
    for statement in constructor.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="apply"), args=[applied])):
                if name == receiver:
                    yield applied


def _styles(document: Document, owner: ast.ClassDef) -> Iterator[Style]:
    """The ways in which a class initialises its layers when it is built."""
    methods = {node.name: node for node in owner.body if isinstance(node, Function)}
    constructor = methods.get("__init__")
    receiver = "" if constructor is None else receiver_of(constructor)
    if constructor is None or not receiver:
        return
    functions = {node.name: node for node in document.tree.body if isinstance(node, Function)}
    for applied in _passes(constructor, receiver):
        match applied:
            case ast.Attribute(value=ast.Name(id=holder), attr=name) if holder == receiver and name in methods:
                yield from _style(document, owner, methods[name], name, 1)
            case ast.Name(id=name) if name in functions:
                yield from _style(document, owner, functions[name], f"_{name.lstrip('_')}", 0)
    for statement in constructor.body:
        called = statement.value if isinstance(statement, ast.Expr) else None
        match called:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=holder), attr=name), args=[], keywords=[]):
                if holder == receiver and name in methods:
                    yield from _style(document, owner, methods[name], name, None)


def _style(
    document: Document, owner: ast.ClassDef, function: Function, name: str, position: int | None
) -> Iterator[Style]:
    """The style whose method is like `function`, which gets the module in question at `position`."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    others = (arguments.vararg, arguments.kwarg, *arguments.kwonlyargs, *function.decorator_list)
    if any(others) or len(plain) != (1 if position is None else position + 1) or not fills(function):
        return
    if position != 0 and _builds(function, plain[0].arg):
        return
    returns = _annotation(document, owner, function.returns, " -> ")
    if position is None:
        yield Style(name, returns=returns)
    else:
        module = plain[position]
        yield Style(name, module.arg, _annotation(document, owner, module.annotation, ": "), returns)


def _builds(method: Function, receiver: str) -> bool:
    """Whether a method sets attributes of its object, so that its name is not one of initialisation alone."""
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name) and node.value.id == receiver
        for node in ast.walk(method)
    )


def _annotation(document: Document, owner: ast.ClassDef, node: ast.expr | None, mark: str) -> str:
    """An annotation as it is written; "" where it says nothing at another place."""
    if node is None:
        return ""
    offset = document.source.offset(owner.lineno, owner.col_offset)
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    text = _text(document, node)
    return "" if "\n" in text or any(document.names.is_free(name, offset) for name in names) else mark + text


def _family(document: Document, owner: ast.ClassDef) -> list[ast.ClassDef] | None:
    """A class, those it is derived from and those derived from it; None where a base is not known."""
    found = [owner]
    for each in found:
        for base in each.bases:
            known = [node for node in document.classes if isinstance(base, ast.Name) and node.name == base.id]
            offset = document.source.offset(each.lineno, each.col_offset)
            if len(known) > 1 or (not known and document.names.stands_for(base, offset) not in _MODULES):
                return None
            found += [node for node in known if node not in found]
    below = [owner]
    for each in below:
        below += [
            node for node in document.classes
            if node not in below and any(last_name(base) == each.name for base in node.bases)
        ]
    return found + below


def _speaks_of(document: Document, node: ast.ClassDef, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", _text(document, node)) is not None


def _text(document: Document, node: ast.stmt | ast.expr) -> str:
    source = document.source
    return document.text[
        source.offset(node.lineno, node.col_offset):source.offset(node.end_lineno or 0, node.end_col_offset or 0)
    ]
