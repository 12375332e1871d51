"""Init code that runs over all modules of an object and asks of each what it is, `if isinstance(m, …): … elif …`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from initlint.fix.names import Function, receiver_of
from initlint.syntax.names import last_name

_PASSES = ("modules", "named_modules")


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain of tests. `variable` names the module that is asked, `statement` is the whole `if`."""

    variable: str
    statement: ast.If

    @property
    def arms(self) -> Iterator[ast.If]:
        arm = self.statement
        while True:
            yield arm
            match arm.orelse:
                case [ast.If() as arm]:
                    pass
                case _:
                    return

    def arm_for(self, kinds: Sequence[str]) -> ast.If | None:
        """The arm that holds for modules of just these kinds."""
        return next((arm for arm in self.arms if set(self._asked(arm)) == set(kinds)), None)

    def takes(self, kinds: Sequence[str]) -> bool:
        """Whether one more arm for these kinds can follow: no arm asks for one of them, or takes all that is left."""
        asked = [self._asked(arm) for arm in self.arms]
        *_, last = self.arms
        return not last.orelse and all(names and set(names).isdisjoint(kinds) for names in asked)

    def _asked(self, arm: ast.If) -> tuple[str, ...]:
        """The classes an arm tests for, () where its test is of another form."""
        match arm.test:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), asked]) if name == self.variable:
                classes = asked.elts if isinstance(asked, ast.Tuple) else [asked]
                names = tuple(_class_name(each) for each in classes)
                return names if all(names) else ()
        return ()


def _class_name(node: ast.expr) -> str:
    """The last part of a class's name; "" for what may be a base of many."""
    name = last_name(node)
    return "" if name.startswith("_") or name == "Module" else name


def loop_chain(function: Function, after: int) -> Chain | None:
    """The chain in a loop over the modules of the object itself that stands in a method, below line `after`."""
    for statement in reversed(function.body):
        match statement:
            case ast.For(target=target, iter=ast.Call(func=ast.Attribute(value=ast.Name(id=name)) as called, args=[])):
                variable = target.elts[-1] if isinstance(target, ast.Tuple) else target
                if called.attr in _PASSES and name == receiver_of(function) and statement.lineno > after:
                    return _chain(statement.body, variable.id) if isinstance(variable, ast.Name) else None
    return None


def applied_chain(
    constructor: Function, methods: Mapping[str, Function], functions: Mapping[str, Function], text: str, after: int
) -> Chain | None:
    """The chain in the method, or the function that nothing else uses, that a constructor applies to all modules of its
    object below line `after`."""
    receiver = receiver_of(constructor)
    for statement in reversed(constructor.body):
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="apply"), args=[applied])):
                if name != receiver or statement.lineno <= after:
                    continue
                match applied:
                    case ast.Attribute(value=ast.Name(id=holder), attr=method) if holder == receiver:
                        return _of_argument(methods.get(method), 1)
                    case ast.Name(id=used) if len(re.findall(rf"\b{re.escape(used)}\b", text)) == 2:
                        return _of_argument(functions.get(used), 0)
    return None


def _of_argument(function: Function | None, position: int) -> Chain | None:
    """The chain that a function's body is, about its argument."""
    arguments = [] if function is None else [*function.args.posonlyargs, *function.args.args]
    if function is None or len(arguments) != position + 1 or function.decorator_list:
        return None
    return _chain(function.body, arguments[position].arg)


def _chain(body: Sequence[ast.stmt], variable: str) -> Chain | None:
    match body:
        case [ast.If() as statement] | [ast.Expr(value=ast.Constant()), ast.If() as statement]:
            return Chain(variable, statement)
    return None
