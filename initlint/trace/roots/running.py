"""Running a root: what it builds, and what that does when it is called."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from initlint.model.program import Program
from initlint.model.source import Span
from initlint.model.survey import Others, Place
from initlint.trace.events.clones import left_behind
from initlint.trace.machine.code import Code, argument, wrappings
from initlint.trace.machine.frames import Frame, span_of
from initlint.trace.machine.interpreter import EMPTY_STEPS, FEW_UNROLLED, MAX_STEPS, MAX_UNROLL, SEEN_BEFORE
from initlint.trace.machine.memo import Tally
from initlint.trace.machine.values import (
    TOO_LARGE,
    BoundV,
    ClassV,
    DescriptorV,
    Exhausted,
    FunctionV,
    InstanceV,
    ListV,
    ModuleScope,
    Raised,
    Value,
)
from initlint.trace.program.definitions import places_of
from initlint.trace.program.project import Project
from initlint.trace.python.attributes import get_attribute
from initlint.trace.python.classes import find_in_class
from initlint.trace.python.expressions import Compiler
from initlint.trace.python.statements import block
from initlint.trace.record.facts import program_of
from initlint.trace.roots.builders import only_builds
from initlint.trace.roots.forwards import tried
from initlint.trace.roots.given import arguments_for, empty_defaults, is_configured
from initlint.trace.torch.tree import is_class_of_modules, is_module, members, torch_class, walk
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, parameters_of

NOTHING: Final[Mapping[Code, Collection[str]]] = {}


@dataclass(frozen=True, slots=True)
class Traced:
    """One root after it ran: its facts, None where it built nothing that counts, the classes it built, and their
    bases. `truncated` is the bound that was hit before anything was built."""

    root: str
    program: Program | None
    built: frozenset[Place] = frozenset()
    bases: frozenset[Place] = frozenset()
    truncated: str | None = None

    @property
    def is_too_large(self) -> bool:
        """Whether it was given up for its size."""
        return (self.truncated if self.program is None else self.program.truncated) in TOO_LARGE


@dataclass(slots=True)
class Root:
    """Something to run: a class, a function, or the main part of a script. Of an object of a plain class the `methods`
    are called as well, in order, which no other has called by then. `others` is what other code does with a class."""

    name: str
    scope: ModuleScope
    target: ClassV | FunctionV | list[ast.stmt]
    node: ast.AST
    others: Others = Others.NONE
    methods: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return span_of(self.scope.file, self.node)

    @property
    def is_script(self) -> bool:
        return isinstance(self.target, list)

    @property
    def plain(self) -> bool:
        """Whether it is given up where a root before it, of the same file, built the like."""
        return isinstance(self.target, FunctionV) and only_builds(self.target.code.node)


class Runner:
    """Runs the roots of a project, one after the other. `builds_seen` is what those of the file in progress built that
    are given up where another built the like."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.interpreter = project.interpreter
        self.builds_seen: set[object] = set()

    def run(self, root: Root, opened: Mapping[Code, Collection[str]] = NOTHING) -> Traced:
        """Build what the root builds, run what it built, and undo what it did to the modules' scopes. What raises on
        its own defaults is given something where they stand for nothing. Of the calls of functions that are `opened`,
        some arguments are forgotten."""
        self.interpreter.known_builds = self.builds_seen if root.plain and not opened else None
        self.interpreter.opened = opened
        try:
            found, refused = self._attempt(root)
            if refused and self._lacks_something(root):
                given, refused = self._attempt(root, refuses_nothing=True)
                found = found if refused else given
            if found.truncated in TOO_LARGE:
                found = self._in_outline(root, found)
        finally:
            self.interpreter.known_builds = None
            self.interpreter.opened = NOTHING
        return found

    def _lacks_something(self, root: Root) -> bool:
        """Whether what a root is given may hold defaults that stand for nothing."""
        called = _called(root)
        return bool(empty_defaults(called)) or is_configured(
            self.project, called, root.target if isinstance(root.target, ClassV) else None
        )

    def _in_outline(self, root: Root, whole: Traced) -> Traced:
        """What a root tells that is too long to be run as a whole: of its long loops, the first and the last turns."""
        self.interpreter.unrolled = FEW_UNROLLED
        try:
            outline, refused = self._attempt(root)
        finally:
            self.interpreter.unrolled = MAX_UNROLL
        return whole if refused or outline.truncated is not None else outline

    def _attempt(self, root: Root, *, refuses_nothing: bool = False) -> tuple[Traced, bool]:
        """What a root tells, and whether it, or a model that it built, raised."""
        interpreter = self.interpreter
        heap = interpreter.heap
        interpreter.recorder.reset()
        if isinstance(root.target, list) and root.scope.file in self.project.scripts:
            interpreter.recorder.resume(self.project.scripts[root.scope.file])
        interpreter.steps, interpreter.limit = 0, EMPTY_STEPS
        interpreter.memo.tally = Tally()
        heap.journal.clear()
        heap.marks.clear()
        position, heap.root_mark = heap.mark()
        heap.epoch = 1 if interpreter.opened else 0     # what functions give then is of no use to other roots
        interpreter.worlds.clear()
        try:
            return self._traced(root, refuses_nothing)
        finally:
            heap.undo(position)
            heap.marks.clear()
            heap.newest_mark = heap.root_mark = 0
            heap.journal.clear()

    def _traced(self, root: Root, refuses_nothing: bool) -> tuple[Traced, bool]:
        interpreter = self.interpreter
        recorder = interpreter.recorder
        truncated: str | None = None
        refused = False
        results: list[Value] = []
        try:
            results = self._construct(root, refuses_nothing)
        except Exhausted as bound:
            truncated = str(bound)
        except Raised as raised:
            truncated, refused = f"{raised.kind} raised", True
        except RecursionError:
            truncated = "recursion"
        if truncated == SEEN_BEFORE:
            return Traced(root.name, None), False
        for module in recorder.built:       # what was not reached, or is not known, may fill them
            if truncated is not None or torch_class(module.cls) is None:
                recorder.escape(module)
        tops = self._tops(recorder.built, results[0] if results and isinstance(root.target, ClassV) else None)
        outputs: list[int] = []
        if truncated is None:
            recorder.begin_forward(tops)
            interpreter.steps, interpreter.limit = 0, MAX_STEPS
            for top in tops:
                try:
                    outputs.extend(tried(interpreter, top, _site(root)))
                except Exhausted as bound:
                    truncated = str(bound)
                    break
                except Raised:
                    refused = True
                    continue
                except RecursionError:
                    truncated = "recursion"
                    break
        kept = {id(module) for top in tops for _, module in walk(top)}
        built = {
            instance.cls for instance in recorder.built
            if isinstance(instance.cls, ClassV) and (id(instance) in kept or not is_module(instance))
        }
        bases = {cls for each in built for cls in each.mro if isinstance(cls, ClassV)}
        program = program_of(recorder, tops, outputs, root.name, root.span, root.others is not Others.USE, truncated)
        if program is not None:
            by_default = is_class_of_modules(root.target) and _has_arguments(root.target)
            version = interpreter.project.torch
            alone = root.others is Others.NONE
            program = replace(program, alone=alone, by_default=by_default, for_others=root.plain, torch=version)
        return Traced(root.name, program, places_of(built), places_of(bases - built), truncated), refused

    def _construct(self, root: Root, refuses_nothing: bool) -> list[Value]:
        interpreter = self.interpreter
        frame = _site(root)
        if isinstance(root.target, list):
            frame.vars = root.scope.names
            block(Compiler(interpreter, None), root.target)(frame)
            return []
        if isinstance(root.target, FunctionV):
            args, kwargs = arguments_for(self.project, root.target, refuses_nothing=refuses_nothing)
            return [interpreter.call(root.target, args, kwargs, frame)]
        _, init = find_in_class(root.target, "__init__")
        args, kwargs = [], {}
        if isinstance(init, FunctionV):
            args, kwargs = arguments_for(self.project, init, root.target, refuses_nothing=refuses_nothing)
        else:
            base = torch_class(root.target)
            if base is not None and base.spec.signature:
                required = [p for p in parameters_of(base.spec.signature) if p.default is REQUIRED]
                args = [argument(p.name) for p in required if p.kind is Kind.POSITIONAL]
        whole = interpreter.call(root.target, args, kwargs, frame)
        for name in root.methods:
            self._call_method(whole, name, frame)
        return [whole]

    def _call_method(self, whole: Value, name: str, frame: Frame) -> None:
        """Call a method of an object, or read a property. Where it raises, what it built may be filled in ways that
        were not seen."""
        interpreter = self.interpreter
        cls = whole.cls if isinstance(whole, InstanceV) else None
        if not isinstance(cls, ClassV):
            return
        _, defined = find_in_class(cls, name)
        *_, function = wrappings(defined.function if isinstance(defined, DescriptorV) else defined)
        if not isinstance(function, FunctionV) or interpreter.memo.is_entered(function.code):
            return
        before = len(interpreter.recorder.built)
        try:
            callee = get_attribute(interpreter, whole, name, frame)
            if isinstance(callee, BoundV | FunctionV):
                bound = cls if isinstance(callee, BoundV) else None
                args, kwargs = arguments_for(self.project, function, bound)
                interpreter.call(callee, args, kwargs, frame)
        except Raised:
            for module in interpreter.recorder.built[before:]:
                interpreter.recorder.escape(module)

    def _tops(self, built: list[InstanceV], whole: Value) -> list[InstanceV]:
        """The modules that are not part of another. Where `whole` is what the root is about, that alone: what else was
        built on the way and is not part of it is gone."""
        if isinstance(whole, InstanceV) and is_module(whole):
            return [whole]
        inner: set[int] = set()
        for instance in built:
            for _, value in members(instance):
                if type(value) is InstanceV:
                    inner.add(id(value))
                elif type(value) is ListV:
                    inner.update(id(item) for item in value.items)
        gone = left_behind(self.interpreter.recorder.events, built)
        return [
            instance for instance in built
            if id(instance) not in inner and id(instance) not in gone and is_module(instance)
        ]


def _site(root: Root) -> Frame:
    """Where a root is called from."""
    frame = Frame(root.scope, None, None)
    frame.site = root.node
    return frame


def _called(root: Root) -> Value:
    """The function, or the constructor, that a root calls."""
    return find_in_class(root.target, "__init__")[1] if isinstance(root.target, ClassV) else root.target


def _has_arguments(cls: ClassV) -> bool:
    """Whether those who build a class may choose something about it."""
    _, init = find_in_class(cls, "__init__")
    return not isinstance(init, FunctionV) or bool(init.code.params[1:] or init.code.kwonly or init.code.kwarg)
