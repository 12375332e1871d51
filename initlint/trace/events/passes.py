"""Walks over the modules or parameters of a model whose bodies initialise what they meet."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from initlint.model.events import Condition, Pass, Walk
from initlint.model.source import Call, Span
from initlint.syntax.names import last_name
from initlint.trace.events.probes import initialises, probed
from initlint.trace.events.scene import Scene
from initlint.trace.events.whatif import writes_of
from initlint.trace.machine.code import Code, Execute
from initlint.trace.machine.frames import Frame, Place, span_of
from initlint.trace.machine.kept import kept
from initlint.trace.machine.values import (
    BoundV,
    ClassV,
    FunctionV,
    InstanceV,
    ParamV,
    PartialV,
    Raised,
    Store,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.python.expressions import Compiler
from initlint.trace.python.statements import assignment, block
from initlint.trace.record.blocks import loops_around, statement_of
from initlint.trace.torch.calls import written_call
from initlint.trace.torch.tree import children, hides_modules, walk

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter
    from initlint.trace.record.recorder import Recorder
    from initlint.trace.torch.init import RawWrite

_CONTAINERS: Final = frozenset({"Sequential", "ModuleList", "ModuleDict"})
_MOST_CANDIDATES: Final = 64
"""Modules a walk missed that its body is run on."""

Loop = ast.For | ast.AsyncFor


@dataclass(slots=True, eq=False)
class WalkNote:
    """A walk that started: what it goes through, and for `apply` the function. `elements` are the values a loop takes,
    (name, module) for `named_modules()`."""

    place: Place
    frame: Frame
    walk: Walk
    root: InstanceV
    method: str
    elements: Sequence[Value]
    order: int
    function: Value = None

    @property
    def met(self) -> list[Value]:
        return [element[1] if isinstance(element, tuple) else element for element in self.elements]

    def told(self, scene: Scene) -> Iterator[Pass]:
        path = scene.paths.get(id(self.root))
        if path is None:
            return
        body = _body(self, scene)
        if body is None:
            return
        written = [write for write in _walks(scene).get(id(self), ()) if not write.refused and not write.copied]
        paths = _paths(scene, [write.target for write in written])
        missed = body.missed(scene, path, paths)
        conditions, known = ((), True) if paths or missed else body.conditions(scene)
        if not (paths or missed or conditions):
            return
        yield Pass(
            _call(self),
            self.walk,
            path,
            tuple(dict.fromkeys(name for value in self.met if (name := _path(scene, value)) is not None)),
            paths,
            missed,
            conditions,
            body.name,
            body.span,
            written[0].event.order if written else self.order,
            known and not _is_open(self.root) and not _may_hold(self.root, conditions),
        )


def note_walk(
    recorder: Recorder, frame: Frame, walk: Walk, method: str, root: InstanceV, elements: Sequence[Value],
    function: Value = None,
) -> None:
    """Note that a walk starts, where it surely does."""
    place = frame.place()
    if recorder.running_forward or frame.doubtful or place is None or not isinstance(place.node, ast.Call):
        return
    recorder.events.append(WalkNote(place, frame, walk, root, method, elements, recorder.order, function))


def _call(note: WalkNote) -> Call:
    assert isinstance(note.place.node, ast.Call)
    return written_call(note.place.file, note.place.node, f"torch.nn.Module.{note.method}", note.place.scope)


def _path(scene: Scene, value: Value) -> str | None:
    if isinstance(value, ParamV):
        found = scene.parameters.get(id(value))
        return None if found is None else found[0]
    return scene.paths.get(id(value))


def _paths(scene: Scene, parameters: Sequence[ParamV | None]) -> tuple[str, ...]:
    found = (scene.parameters.get(id(parameter)) for parameter in parameters if parameter is not None)
    return tuple(dict.fromkeys(each[0] for each in found if each is not None))


def _is_open(root: InstanceV) -> bool:
    return any(
        module.state.get("opaque") or module.state.get("open") or hides_modules(module)
        or (isinstance(module.cls, ClassV) and module.cls.is_open)
        for _, module in walk(root)
    )


def _may_hold(root: InstanceV, conditions: Sequence[Condition]) -> bool:
    """Whether a class below the root builds what a condition asks for, with other arguments than it was given."""
    asked = {name for condition in conditions for name in condition.classes}
    classes = {
        cls: None for _, module in walk(root) for cls in getattr(module.cls, "mro", ()) if isinstance(cls, ClassV)
    }
    return bool(asked) and any(cls.node is not None and asked & _named(cls.node) for cls in classes)


@kept(1024)
def _named(definition: ast.ClassDef) -> frozenset[str]:
    """The names of what a class calls that is not its own, and of what it has for defaults of arguments."""
    found: set[str] = set()
    for node in ast.walk(definition):
        if isinstance(node, ast.Call):
            own = isinstance(node.func, ast.Attribute) and last_name(node.func.value) == "self"
            found.update(() if own else (last_name(node.func),))
        elif isinstance(node, ast.arguments):
            found.update(last_name(each) for each in (*node.defaults, *node.kw_defaults) if each is not None)
    return frozenset(found)


# -- which walk a write belongs to ----------------------------------------------------------------


def _walks(scene: Scene) -> dict[int, list[RawWrite]]:
    """The writes of each walk, by identity of its note, worked out once for a root."""
    found = scene.walks
    if found is not None:
        return found
    found = scene.walks = {}
    starts: dict[tuple[int, int], list[WalkNote]] = {}
    for note in scene.recorder.events:
        if isinstance(note, WalkNote):
            for node in _start(note, scene):
                starts.setdefault((id(note.place.outer), id(node)), []).append(note)
    if not starts:
        return found
    outers = {outer for outer, _ in starts}
    above: dict[int, tuple[list[WalkNote], ...]] = {}

    def walks_above(place: Place | None) -> tuple[list[WalkNote], ...]:
        """The walks that calls in progress are part of, those of each call and its loops together."""
        if place is None:
            return ()
        known = above.get(id(place))
        if known is None:
            known = walks_above(place.outer)
            if id(place.outer) in outers:
                nodes = (place.node, *_loops(place, scene))
                known = (*(starts[at] for node in nodes if (at := (id(place.outer), id(node))) in starts), *known)
            above[id(place)] = known
        return known

    for write in scene.recorder.writes:
        for notes in walks_above(write.place):
            before = [note for note in notes if note.order < write.event.order]
            if before:
                found.setdefault(id(before[-1]), []).append(write)
    return found


def _start(note: WalkNote, scene: Scene) -> list[ast.AST]:
    """What marks the calls below a walk: the call of `apply`, the loop over what is walked."""
    if note.walk is Walk.APPLY:
        return [note.place.node]
    loop = _loop(note, scene)
    return [] if loop is None else [loop]


def _loops(place: Place, scene: Scene) -> Sequence[ast.AST]:
    return loops_around(place, scene.trees)


def _loop(note: WalkNote, scene: Scene) -> Loop | None:
    """The loop whose iterable is the walk."""
    statement = statement_of(note.place, scene.trees)
    return statement if isinstance(statement, ast.For | ast.AsyncFor) and _is_over(statement, note.place.node) else None


@kept(1024)
def _is_over(loop: Loop, node: ast.AST) -> bool:
    """Whether an expression is part of what a loop goes over."""
    return any(each is node for each in ast.walk(loop.iter))


# -- what a walk does to what it meets ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Body:
    """What a walk does to one element: `run` does it, `function` is what is applied, to the module alone where a loop
    does no more than hand it on (`delegates`)."""

    note: WalkNote
    run: Callable[[Value], object]
    name: str
    span: Span | None
    function: FunctionV | None
    loop: Loop | None
    delegates: Value = None

    def missed(self, scene: Scene, root: str, written: tuple[str, ...]) -> tuple[str, ...]:
        """The parameters the walk would have written had it met their modules, which keep their defaults."""
        note = self.note
        if note.walk is Walk.CHILDREN:
            candidates = [] if id(note) in _walks(scene) else _deeper(note, scene, root)
        else:
            candidates = _later(note, scene, root)
        if not candidates or len(candidates) > _MOST_CANDIDATES:
            return ()
        interpreter = scene.recorder.interpreter
        found: list[str] = []
        for candidate in candidates:
            for write in writes_of(interpreter, partial(self.run, candidate)) or ():
                target = write.target
                if target is not None and not write.refused and not write.copied and _is_default(target):
                    found.extend(_paths(scene, [target]))
        return tuple(dict.fromkeys(path for path in found if path not in written))

    def conditions(self, scene: Scene) -> tuple[tuple[Condition, ...], bool]:
        """The tests that decide what is written, and whether all of them are known."""
        probe = None if self.function is None else probed(self.function)
        if probe is None:
            return (), True
        interpreter = scene.recorder.interpreter
        frame = _again(self.note.frame)
        for element in self.note.elements:
            parts = [element] if self.loop is None else _flat(_taken(self.loop, element))
            given = [*self._bound(), *(parts if self.delegates is None else parts[-1:])]
            if writes_of(interpreter, partial(interpreter.call, probe.function, given, {}, frame)) is None:
                return probe.conditions(), False
        return probe.conditions(), probe.known

    def _bound(self) -> list[Value]:
        function = self.note.function if self.delegates is None else self.delegates
        return [function.receiver] if isinstance(function, BoundV) else []


def _body(note: WalkNote, scene: Scene) -> _Body | None:
    """What a walk does, None where it initialises nothing or is not known."""
    interpreter = scene.recorder.interpreter
    if note.walk is Walk.APPLY:
        function = note.function
        while isinstance(function, BoundV | PartialV):
            function = function.function
        if not isinstance(function, FunctionV) or not initialises(function.code.node, function.module):
            return None
        frame = _again(note.frame)
        span = span_of(function.module.file, function.code.node)
        probe = function if isinstance(note.function, FunctionV | BoundV) else None
        return _Body(
            note, lambda element: interpreter.call(note.function, [element], {}, frame), function.name, span, probe,
            None,
        )
    loop = _loop(note, scene)
    if loop is None:
        return None
    delegate = _handed_on(interpreter, loop, note.frame)
    if delegate is None and not any(initialises(statement, note.frame.module) for statement in loop.body):
        return None
    body, target = _compiled(interpreter, loop, note.frame)

    def run(element: Value) -> object:
        inner = _again(note.frame)
        target(inner, _taken(loop, element))
        return body(inner)

    span = span_of(note.place.file, loop)
    if delegate is not None:
        function = delegate.function if isinstance(delegate, BoundV) else delegate
        return _Body(note, run, "", span, function, loop, delegate)
    return _Body(note, run, "", span, _as_function(loop, note.frame), loop)


def _handed_on(interpreter: Interpreter, loop: Loop, frame: Frame) -> Value:
    """The function of the program that a loop calls with each module and no more; None where there is none."""
    statement = loop.body[0]
    call = statement.value if len(loop.body) == 1 and isinstance(statement, ast.Expr) else None
    last = _targets(loop.target)[-1]
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 1 or not isinstance(last, ast.Name):
        return None
    if not isinstance(call.args[0], ast.Name) or call.args[0].id != last.id:
        return None
    local = None if frame.function is None else set(frame.function.code.locals)
    try:
        found = Compiler(interpreter, local).expression(call.func)(_again(frame))
    except Raised:
        return None
    function = found.function if isinstance(found, BoundV) else found
    return found if isinstance(function, FunctionV) and initialises(function.code.node, function.module) else None


def _taken(loop: Loop, element: Value) -> Value:
    """What a loop takes for an element of the walk that it goes over, counted or as it is."""
    counted = isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name) and loop.iter.func.id
    return (UnknownV("count of a loop"), element) if counted == "enumerate" else element


def _flat(value: Value) -> list[Value]:
    return [part for each in value for part in _flat(each)] if isinstance(value, tuple) else [value]


def _targets(target: ast.expr) -> list[ast.expr]:
    """The names that a loop binds, those in nested tuples in their order."""
    return [name for each in target.elts for name in _targets(each)] if isinstance(target, ast.Tuple) else [target]


def _again(frame: Frame) -> Frame:
    """A frame like one that is over, with variables of its own."""
    again = Frame(frame.module, frame.function, None, Store(frame.vars), frame.closure)
    again.caller, again.no_grad, again.site = frame.caller, frame.no_grad, frame.site
    return again


@kept(256)
def _compile(interpreter: object, loop: Loop, local: frozenset[str] | None) -> tuple[Execute, Callable[..., None]]:
    compiler = Compiler(interpreter, None if local is None else set(local))  # type: ignore[arg-type]
    return block(compiler, loop.body), assignment(compiler, loop.target)


def _compiled(interpreter: object, loop: Loop, frame: Frame) -> tuple[Execute, Callable[..., None]]:
    return _compile(interpreter, loop, None if frame.function is None else frozenset(frame.function.code.locals))


def _as_function(loop: Loop, frame: Frame) -> FunctionV | None:
    """The body of a loop as a function of what it takes, closed over the variables around it."""
    targets = _targets(loop.target)
    if not all(isinstance(target, ast.Name) for target in targets):
        return None
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg(target.id) for target in targets if isinstance(target, ast.Name)],
        kwonlyargs=[], kw_defaults=[], defaults=[],
    )
    wrapped: ast.stmt = ast.While(ast.Constant(True), [*loop.body, ast.Break()], [])
    definition = ast.FunctionDef("<loop>", arguments, [wrapped], [])
    ast.copy_location(definition, loop)
    ast.fix_missing_locations(definition)
    made = FunctionV(
        Code(definition, frame.module.file), "<loop>", frame.scope, frame.module, (frame.vars, *frame.closure), (), {}
    )
    made.cls = frame.function.cls if frame.function is not None else None
    return made


# -- what a walk could have met -------------------------------------------------------------------


def _later(note: WalkNote, scene: Scene, root: str) -> list[Value]:
    """What the construction of the root builds below it and the walk did not meet."""
    if note.root.born is None or not _is_during(note.place, note.root):
        return []
    met = {id(value) for value in note.met}
    named = isinstance(next(iter(note.elements), None), tuple)
    found: list[Value] = []
    for path, module in _below(scene, root):
        if module is note.root or not _is_during(module.born, note.root):
            continue
        inner = path[len(root) + 1 :] if root else path
        if note.walk is Walk.PARAMETERS:
            for name, value in module.attrs.items():
                if isinstance(value, ParamV) and id(value) not in met and _is_default(value):
                    found.append((f"{inner}.{name}", value) if named else value)
        elif id(module) not in met and _keeps_defaults(module):
            found.append((inner, module) if named else module)
    return found


def _deeper(note: WalkNote, scene: Scene, root: str) -> list[Value]:
    """The layers that stand in containers below the children a walk met, and not among these."""
    named = isinstance(next(iter(note.elements), None), tuple)
    found: list[Value] = []
    for value in note.met:
        if isinstance(value, InstanceV):
            found.extend(_contained(value))
    return [(scene.paths.get(id(each), ""), each) if named else each for each in found if _keeps_defaults(each)]


def _contained(module: InstanceV) -> Iterator[InstanceV]:
    """The layers that a container of torch's holds, however deep in such containers."""
    if not isinstance(module.cls, TorchClassV) or module.cls.spec.name not in _CONTAINERS:
        return
    for _, child in children(module):
        yield child
        yield from _contained(child)


def _below(scene: Scene, root: str) -> Iterator[tuple[str, InstanceV]]:
    prefix = f"{root}." if root else ""
    return ((path, module) for path, module in scene.modules if path == root or path.startswith(prefix))


def _is_during(place: Place | None, root: InstanceV) -> bool:
    """Whether a call happened inside the construction of a module."""
    return place is not None and any(each is root.born for each in place.chain())


def _keeps_defaults(module: InstanceV) -> bool:
    own = [value for value in module.attrs.values() if isinstance(value, ParamV)]
    return bool(own) and all(map(_is_default, own))


def _is_default(parameter: ParamV) -> bool:
    """Whether nothing but the constructor wrote a parameter, as far as is known for sure: what computes it from others
    may have been filled in its stead."""
    state = parameter.state
    surely = parameter.is_complete and not state.get("loaded") and not state.get("reparametrized")
    return bool(surely) and state["trainable"] is True and all(
        event.function == "default" for history in state["histories"] for event in history
    )

