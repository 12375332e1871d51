"""Statements as closures: each takes a frame and tells how it ended."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from initlint.trace.machine.code import Code, Evaluate, Execute, asked_for
from initlint.trace.machine.frames import BREAK, CONTINUE, NORMAL, RAISE, RETURN, Frame
from initlint.trace.machine.interpreter import MAX_UNROLL
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    ContextV,
    DescriptorV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    Raised,
    Store,
    TensorV,
    UnknownV,
    Value,
)
from initlint.trace.python.classes import find_method
from initlint.trace.python.conditions import Narrow, about_object, condition
from initlint.trace.python.containers import delete_item
from initlint.trace.python.decorators import decorate, disables_grad, set_at_once
from initlint.trace.python.iteration import elements, loop
from initlint.trace.python.library.contexts import swallowed
from initlint.trace.python.operators import augmented, set_item, subscript

if TYPE_CHECKING:
    from initlint.trace.python.expressions import Compiler

Assign = Callable[[Frame, Value], None]

MAX_WAYS_OUT: Final = 8
"""Turns of a `while` that may each have been the last."""


def block(compiler: Compiler, nodes: list[ast.stmt]) -> Execute:
    """Run statements until one leaves the block."""
    steps = [statement(compiler, node) for node in nodes]
    interpreter = compiler.interpreter
    if len(steps) == 1:
        return steps[0]

    def run(frame: Frame) -> int:
        interpreter.tick()
        for step in steps:
            flow = step(frame)
            if flow:
                return flow
        return NORMAL

    return run


def statement(compiler: Compiler, node: ast.stmt) -> Execute:
    build = _STATEMENTS.get(type(node))
    return _nothing if build is None else build(compiler, node)


def _nothing(frame: Frame) -> int:
    return NORMAL


def _expression(compiler: Compiler, node: ast.Expr) -> Execute:
    if isinstance(node.value, ast.Constant):
        return _nothing
    value = compiler.expression(node.value)

    def run(frame: Frame) -> int:
        result = value(frame)
        if type(result) is ExternalV:
            set_at_once(result, frame)
        return NORMAL

    return run


def assignment(compiler: Compiler, target: ast.expr) -> Assign:
    """Stores a value in a target: a name, an attribute, an item, or a pattern of them."""
    interpreter = compiler.interpreter
    if isinstance(target, ast.Name):
        name = target.id
        put = interpreter.heap.put
        if compiler.local is not None and name not in compiler.local:
            return lambda frame, value: put(_outer(frame, name), name, value)
        return lambda frame, value: put(frame.vars, name, value)
    if isinstance(target, ast.Attribute):
        owner = compiler.expression(target.value)
        attr = target.attr
        return lambda frame, value: interpreter.set_attribute(owner(frame), attr, value, frame, target)
    if isinstance(target, ast.Subscript):
        container, index = compiler.expression(target.value), compiler.expression(target.slice)
        return lambda frame, value: set_item(interpreter, container(frame), index(frame), value, frame, target)
    if isinstance(target, ast.Tuple | ast.List):
        return _pattern(compiler, target)
    if isinstance(target, ast.Starred):
        return assignment(compiler, target.value)
    return lambda frame, value: None


def _outer(frame: Frame, name: str) -> Store:
    """The scope a `global` or `nonlocal` name lives in."""
    for scope in frame.closure:
        if name in scope:
            return scope
    return frame.module.names


def _pattern(compiler: Compiler, target: ast.Tuple | ast.List) -> Assign:
    interpreter = compiler.interpreter
    parts = [assignment(compiler, part) for part in target.elts]
    star = next((index for index, part in enumerate(target.elts) if isinstance(part, ast.Starred)), None)
    count = len(parts)

    def unpack(frame: Frame, value: Value) -> None:
        if isinstance(value, TensorV):
            for part in parts:
                part(frame, interpreter.recorder.part(value, frame))
            return
        if type(value) is AltV:
            rows = [option for option in value.options if type(option) is tuple and len(option) == count]
            if rows and star is None:
                others = len(rows) < len(value.options)
                for index, part in enumerate(parts):
                    column = [row[index] for row in rows]
                    part(frame, interpreter.heap.join([*column, UnknownV("unpacked")] if others else column))
                return
        found = elements(interpreter, value, frame)
        values = found.values
        if star is None:
            if len(values) != count:
                if found.complete and not isinstance(value, UnknownV):
                    raise Raised("ValueError", "cannot unpack")
                more = values[-1] if values and isinstance(values[-1], TensorV) else UnknownV("element not known")
                values = (values + [more] * count)[:count]
                if isinstance(value, UnknownV):
                    values = [value] * count
            for part, each in zip(parts, values, strict=True):
                part(frame, each)
            return
        after = count - star - 1
        for part, each in zip(parts[:star], values, strict=False):
            part(frame, each)
        middle = values[star : len(values) - after] if after else values[star:]
        parts[star](frame, ListV(middle, not found.complete))
        for part, each in zip(parts[star + 1 :], values[len(values) - after :], strict=False):
            part(frame, each)

    return unpack


def _assign(compiler: Compiler, node: ast.Assign) -> Execute:
    value = compiler.expression(node.value)
    targets = [assignment(compiler, target) for target in node.targets]
    if len(targets) == 1:
        store = targets[0]

        def run(frame: Frame) -> int:
            store(frame, value(frame))
            return NORMAL

        return run

    def run_all(frame: Frame) -> int:
        result = value(frame)
        for store in targets:
            store(frame, result)
        return NORMAL

    return run_all


def _annotated(compiler: Compiler, node: ast.AnnAssign) -> Execute:
    if node.value is None:
        return _nothing
    value = compiler.expression(node.value)
    store = assignment(compiler, node.target)

    def run(frame: Frame) -> int:
        store(frame, value(frame))
        return NORMAL

    return run


def _augmented(compiler: Compiler, node: ast.AugAssign) -> Execute:
    interpreter = compiler.interpreter
    value = compiler.expression(node.value)
    operator = type(node.op)
    target = node.target
    if isinstance(target, ast.Name):
        load = compiler.expression(ast.copy_location(ast.Name(target.id, ast.Load()), target))
        store = assignment(compiler, target)

        def run_name(frame: Frame) -> int:
            store(frame, augmented(interpreter, operator, load(frame), value(frame), frame, node))
            return NORMAL

        return run_name
    if isinstance(target, ast.Attribute):
        owner, attr = compiler.expression(target.value), target.attr

        def run_attribute(frame: Frame) -> int:
            receiver = owner(frame)
            old = interpreter.attribute(receiver, attr, frame, target)
            new = augmented(interpreter, operator, old, value(frame), frame, node)
            if new is not old:
                interpreter.set_attribute(receiver, attr, new, frame)
            return NORMAL

        return run_attribute
    container, index = compiler.expression(target.value), compiler.expression(target.slice)

    def run_item(frame: Frame) -> int:
        holder, key = container(frame), index(frame)
        old = subscript(interpreter, holder, key, frame, target)
        set_item(
            interpreter, holder, key, augmented(interpreter, operator, old, value(frame), frame, node), frame, target
        )
        return NORMAL

    return run_item


def _return(compiler: Compiler, node: ast.Return) -> Execute:
    value = compiler.optional(node.value)
    put = compiler.interpreter.heap.put

    def run(frame: Frame) -> int:
        put(frame.vars, "<return>", value(frame))
        return RETURN

    return run


def _if(compiler: Compiler, node: ast.If) -> Execute:
    interpreter = compiler.interpreter
    test = condition(compiler, node.test)
    asks_about_object = about_object(compiler, node.test)
    body = block(compiler, node.body)
    orelse = block(compiler, node.orelse) if node.orelse else _nothing

    def run(frame: Frame) -> int:
        known, narrow = test(frame)
        if known is True:
            return body(frame)
        if known is False:
            return orelse(frame)

        worlds: list[list[range]] = [[], []]

        def when(side: bool, then: Execute) -> Callable[[], int]:
            def execute() -> int:
                worlds[side] += narrow(side)        # what does not exist here does only on the other side
                return then(frame)

            return execute

        doubtful, waiting = frame.doubtful, len(frame.exits)
        frame.doubtful = doubtful or asks_about_object(frame)
        try:
            flow = interpreter.fork(frame, [when(True, body), when(False, orelse)], worlds)
        finally:
            frame.doubtful = doubtful or (frame.doubtful and len(frame.exits) > waiting)
        if flow == RAISE:
            raise Raised("Exception", "both branches raise")
        return flow

    return run


def _for(compiler: Compiler, node: ast.For | ast.AsyncFor) -> Execute:
    orelse = block(compiler, node.orelse) if node.orelse else _nothing
    names: dict[str, bool] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            names[inner.id] = names.get(inner.id, False) or isinstance(inner.ctx, ast.Store)
    return loop(
        compiler, assignment(compiler, node.target), compiler.expression(node.iter), block(compiler, node.body), orelse,
        names,
    )


def _while(compiler: Compiler, node: ast.While) -> Execute:
    interpreter = compiler.interpreter
    test = condition(compiler, node.test)
    body = block(compiler, node.body)
    orelse = block(compiler, node.orelse) if node.orelse else _nothing

    def run(frame: Frame) -> int:
        waiting = len(frame.exits)
        flow = NORMAL
        ways_out = 0
        for _ in range(MAX_UNROLL):
            interpreter.tick()
            known, narrow = test(frame)
            if known is False:
                flow = orelse(frame)
                break
            inner = len(frame.exits)
            if known is None:
                flow = interpreter.fork(frame, [partial(_after, narrow, frame), lambda: NORMAL])
            else:
                flow = body(frame)
            if flow == CONTINUE:
                flow = NORMAL
            flow = interpreter.settle(frame, (CONTINUE,), inner, flow)
            ways_out += len(frame.exits) > inner
            if flow != NORMAL or known is None or ways_out == MAX_WAYS_OUT:
                break
        if flow == BREAK:
            flow = NORMAL
        return interpreter.settle(frame, (BREAK,), waiting, flow)

    def _after(narrow: Narrow, frame: Frame) -> int:
        narrow(True)
        return body(frame)

    return run


def _with(compiler: Compiler, node: ast.With | ast.AsyncWith) -> Execute:
    interpreter = compiler.interpreter
    items = [
        (
            compiler.expression(item.context_expr),
            assignment(compiler, item.optional_vars) if item.optional_vars else None,
        )
        for item in node.items
    ]
    body = block(compiler, node.body)

    def run(frame: Frame) -> int:
        before = frame.no_grad
        try:
            return enter(frame, 0)
        finally:
            frame.no_grad = before

    def enter(frame: Frame, index: int) -> int:
        """The rest of the managers, and the body."""
        if index == len(items):
            return body(frame)
        value, _ = items[index]
        manager = value(frame)
        if type(manager) is ContextV:
            return interpreter.manage(manager, frame, partial(stored, frame, index))
        if disables_grad(manager):
            frame.no_grad = True
        try:
            flow = stored(frame, index, interpreter.each(manager, lambda option: _entered(option, frame)))
        except Raised as raised:
            if raised.kind not in swallowed(manager):
                raise
            flow = NORMAL
        interpreter.each(manager, lambda option: _left(option, frame))
        return flow

    def stored(frame: Frame, index: int, given: Value) -> int:
        _, store = items[index]
        if store is not None:
            store(frame, given)
        return enter(frame, index + 1)

    def _entered(manager: Value, frame: Frame) -> Value:
        if type(manager) is ListV and manager.items:    # what a generator yields
            return manager.items[0]
        enter = _special(manager, "__enter__")
        return manager if enter is None else interpreter.call(enter, [manager], {}, frame)

    def _left(manager: Value, frame: Frame) -> Value:
        leave = _special(manager, "__exit__")
        return None if leave is None else interpreter.call(leave, [manager, None, None, None], {}, frame)

    def _special(manager: Value, name: str) -> Value | None:
        return find_method(manager, name) if isinstance(manager, InstanceV) else None

    return run


def _raise(compiler: Compiler, node: ast.Raise) -> Execute:
    target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not isinstance(target, ast.Name):
        return _raise_any
    name, named = target.id, compiler.expression(target)

    def run(frame: Frame) -> int:
        cls = named(frame)
        bases = tuple(base.name.rpartition(".")[2] for base in cls.mro[1:]) if isinstance(cls, ClassV) else ()
        raise Raised(name, bases=bases)

    return run


def _raise_any(frame: Frame) -> int:
    raise Raised("Exception")


def _assert(compiler: Compiler, node: ast.Assert) -> Execute:
    test = condition(compiler, node.test)
    demand = _demand(compiler, node.test)

    def run(frame: Frame) -> int:
        known, narrow = test(frame)
        if known is False and not demand(frame):
            raise Raised("AssertionError")
        narrow(True)
        return NORMAL

    return run


def _demand(compiler: Compiler, test: ast.expr) -> Callable[[Frame], bool]:
    """For `assert "name" in keywords`: whether those are the keywords of a root, which is then given that one."""
    match test:
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In()], comparators=[holder]):
            keywords = compiler.expression(holder)
        case _:
            return lambda frame: False

    def demanded(frame: Frame) -> bool:
        given = keywords(frame)
        if type(given) is not DictV or not given.asked:
            return False
        compiler.interpreter.heap.put(given.entries, name, asked_for(compiler.interpreter, name))
        return True

    return demanded


def _try(compiler: Compiler, node: ast.Try) -> Execute:
    interpreter = compiler.interpreter
    body = block(compiler, [*node.body])
    orelse = block(compiler, node.orelse) if node.orelse else _nothing
    handlers = [(handler, block(compiler, handler.body)) for handler in node.handlers]
    final = block(compiler, node.finalbody) if node.finalbody else _nothing
    risky = _may_raise(compiler, node.body)

    def handled(frame: Frame, raised: Raised) -> int:
        for handler, run_handler in handlers:
            if _catches(handler, raised):
                if handler.name:
                    interpreter.heap.put(frame.vars, handler.name, UnknownV("exception"))
                return run_handler(frame)
        raise raised

    def attempt(frame: Frame) -> int:
        try:
            flow = body(frame)
        except Raised as raised:
            return handled(frame, raised)
        return flow or orelse(frame)

    def tried(frame: Frame) -> int:
        if not risky or not handlers:
            return attempt(frame)
        problem = Raised(risky)
        flow = interpreter.fork(frame, [lambda: attempt(frame), lambda: handled(frame, problem)], exclusive=False)
        if flow == RAISE:
            raise problem
        return flow

    def run(frame: Frame) -> int:
        try:
            flow = tried(frame)
        except Raised:
            ended = final(frame)
            if ended:
                return ended
            raise
        return final(frame) or flow

    return run


def _may_raise(compiler: Compiler, body: list[ast.stmt]) -> str:
    """The exception that a `try` body visibly waits for: the import of a package that may not be there."""
    project = compiler.interpreter.project
    for node in body:
        if isinstance(node, ast.Import) and not all(project.is_certain(alias.name) for alias in node.names):
            return "ImportError"
        if isinstance(node, ast.ImportFrom) and not node.level and not project.is_certain(node.module or ""):
            return "ImportError"
    return ""


def _catches(handler: ast.ExceptHandler, raised: Raised) -> bool:
    if handler.type is None:
        return True
    names = {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)}
    kinds = {raised.kind, *raised.bases, "Exception", "BaseException"}
    for kind in (raised.kind, *raised.bases):
        found = getattr(builtins, kind, None)
        if isinstance(found, type):
            kinds.update(base.__name__ for base in found.__mro__)
    return not names or bool(kinds & names)


def _function(compiler: Compiler, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Execute:
    interpreter = compiler.interpreter
    decorators = [(compiler.expression(decorator), decorator) for decorator in node.decorator_list]
    defaults = [compiler.expression(default) for default in node.args.defaults]
    kwdefaults = [
        (arg.arg, compiler.expression(default))
        for arg, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    ]
    is_function = compiler.local is not None
    codes: dict[str, Code] = {}

    def define(frame: Frame) -> int:
        file = frame.module.file
        if file not in codes:
            codes[file] = Code(node, file)
        scope = frame.scope
        closure: tuple[Store, ...] = (frame.vars, *frame.closure) if is_function else frame.closure
        prefix = frame.vars.get("__qualname__") if not is_function else None
        within = f"{scope}.{node.name}" if scope else node.name
        qualname = f"{prefix}.{node.name}" if isinstance(prefix, str) else within
        value: Value = FunctionV(
            codes[file],
            node.name,
            qualname,
            frame.module,
            closure,
            tuple(default(frame) for default in defaults),
            {name: default(frame) for name, default in kwdefaults},
        )
        for decorator, syntax in reversed(decorators):
            value = _decorate(decorator(frame), value, frame, syntax)
        interpreter.heap.put(frame.vars, node.name, value)
        return NORMAL

    def _decorate(decorator: Value, value: Value, frame: Frame, syntax: ast.expr) -> Value:
        return decorate(interpreter, decorator, value, frame, syntax)

    return define


def _class(compiler: Compiler, node: ast.ClassDef) -> Execute:
    from initlint.trace.python.class_statements import define_class

    return define_class(compiler, node)


def _import(compiler: Compiler, node: ast.Import) -> Execute:
    interpreter = compiler.interpreter

    def run(frame: Frame) -> int:
        for alias in node.names:
            name, value = interpreter.project.import_module(alias.name, frame)
            bound = alias.asname or alias.name.split(".")[0]
            if alias.asname is None and "." in alias.name:
                _, value = interpreter.project.import_module(name.split(".")[0], frame)
            interpreter.heap.put(frame.vars, bound, value)
        return NORMAL

    return run


def _import_from(compiler: Compiler, node: ast.ImportFrom) -> Execute:
    interpreter = compiler.interpreter

    def run(frame: Frame) -> int:
        for alias in node.names:
            if alias.name == "*":
                interpreter.project.import_star(node.module or "", node.level, frame)
                continue
            value = interpreter.project.import_name(node.module or "", node.level, alias.name, frame)
            interpreter.heap.put(frame.vars, alias.asname or alias.name, value)
        return NORMAL

    return run


def _delete(compiler: Compiler, node: ast.Delete) -> Execute:
    interpreter = compiler.interpreter
    removals: list[Callable[[Frame], None]] = []
    for target in node.targets:
        if isinstance(target, ast.Name):
            removals.append(lambda frame, name=target.id: interpreter.heap.remove(frame.vars, name))  # type: ignore[misc]
        elif isinstance(target, ast.Attribute):
            owner, attr = compiler.expression(target.value), target.attr
            removals.append(lambda frame, owner=owner, attr=attr: _delete_attribute(owner(frame), attr))  # type: ignore[misc]
        elif isinstance(target, ast.Subscript):
            container, index = compiler.expression(target.value), compiler.expression(target.slice)
            removals.append(
                lambda frame, container=container, index=index: _delete_item(container(frame), index(frame))  # type: ignore[misc]
            )

    def _delete_attribute(owner: Value, attr: str) -> None:
        attrs = getattr(owner, "attrs", None)
        if isinstance(attrs, Store):
            interpreter.heap.remove(attrs, attr)

    def _delete_item(container: Value, index: Value) -> None:
        delete_item(interpreter, container, index)

    def run(frame: Frame) -> int:
        for remove in removals:
            remove(frame)
        return NORMAL

    return run


def _match(compiler: Compiler, node: ast.Match) -> Execute:
    from initlint.trace.python.patterns import match_statement

    return match_statement(compiler, node)


_STATEMENTS: dict[type, Callable[..., Execute]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Match: _match,
    ast.Break: lambda compiler, node: lambda frame: BREAK,
    ast.Continue: lambda compiler, node: lambda frame: CONTINUE,
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = _try

__all__ = ["ABSENT", "DescriptorV", "Evaluate", "assignment", "block", "statement"]
