"""Signatures as text, read on demand."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Final, NamedTuple, TypeVar

Value = TypeVar("Value")


class Required(Enum):
    """The default of a parameter that has none."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED


class Kind(Enum):
    POSITIONAL = "positional"      # by place or by name
    KEYWORD = "keyword"            # by name alone
    ARGUMENTS = "*"
    KEYWORDS = "**"


class Reference(NamedTuple):
    """A default that is a name, such as `F.relu`."""

    name: str


class SignatureParameter(NamedTuple):
    name: str
    default: object
    kind: Kind


@cache
def parameters_of(signature: str) -> tuple[SignatureParameter, ...]:
    """The parameters that `signature` ("input, dim=-1, *, dtype=None") spells, in order."""
    function = ast.parse(f"def function({signature}): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    found = []
    missing = len(arguments.args) - len(arguments.defaults)
    for index, argument in enumerate(arguments.args):
        default = REQUIRED if index < missing else _literal(arguments.defaults[index - missing])
        found.append(SignatureParameter(argument.arg, default, Kind.POSITIONAL))
    if arguments.vararg is not None:
        found.append(SignatureParameter(arguments.vararg.arg, (), Kind.ARGUMENTS))
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        default = REQUIRED if value is None else _literal(value)
        found.append(SignatureParameter(argument.arg, default, Kind.KEYWORD))
    if arguments.kwarg is not None:
        found.append(SignatureParameter(arguments.kwarg.arg, {}, Kind.KEYWORDS))
    return tuple(found)


def _literal(node: ast.expr) -> object:
    if isinstance(node, (ast.Name, ast.Attribute)):
        return Reference(ast.unparse(node))
    return ast.literal_eval(node)


def bind(
    signature: str, positional: Sequence[Value], keywords: Mapping[str, Value]
) -> dict[str, object] | None:
    """The arguments of a call by parameter name, defaults filled in; None where the call does not fit.

    What `*args` catches is a tuple, what `**kwargs` catches a dict.
    """
    bound: dict[str, object] = {}
    rest = list(positional)
    named = dict(keywords)
    catch_all: str | None = None
    for name, default, kind in parameters_of(signature):
        if kind is Kind.ARGUMENTS:
            bound[name] = tuple(rest)
            rest = []
        elif kind is Kind.KEYWORDS:
            catch_all = name
        elif kind is Kind.POSITIONAL and rest:
            if name in named:
                return None
            bound[name] = rest.pop(0)
        elif name in named:
            bound[name] = named.pop(name)
        elif default is REQUIRED:
            return None
        else:
            bound[name] = default
    if catch_all is not None:
        bound[catch_all] = named
        named = {}
    return None if rest or named else bound
