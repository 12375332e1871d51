"""The abstract machine: calls, attributes, branches and bounds.

The room `python` turns syntax into closures over this machine, and knows classes, objects and Python's own
functions; `torch` knows what torch does to modules, tensors and parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from initlint.trace.machine.code import certain, may_be_absent, open_up, present
from initlint.trace.machine.frames import BREAK, CONTINUE, NORMAL, RAISE, RETURN, Exit, Frame
from initlint.trace.machine.heap import Heap, Writes, told_apart
from initlint.trace.machine.memo import Memo
from initlint.trace.machine.values import (
    ABSENT,
    OUT_OF_STEPS,
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    ContextV,
    DescriptorV,
    Exhausted,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    MissingV,
    PartialV,
    Raised,
    Store,
    TensorV,
    UnknownV,
    Value,
    alternatives,
    first_yielded,
    is_constant,
    newest_serial,
    options_of,
)
from initlint.trace.machine.worlds import Worlds

if TYPE_CHECKING:
    from initlint.trace.machine.code import Code
    from initlint.trace.program.project import Project

MAX_STEPS: Final = 48_000
"""Statements and calls one root may execute."""
EMPTY_STEPS: Final = 16_000
"""As many, before it has built anything that has a weight."""
FORK_STEPS: Final = 5
"""What a branch point counts for."""
MAX_DEPTH: Final = 48
"""Calls inside calls."""
MAX_RECURSION: Final = 12
"""How often a function may be inside itself."""
MAX_BLIND: Final = 2
"""How often it may be where it builds modules and all that it is given is unknown: nothing tells it when to end. One
that builds none may be so once: there is nothing to see of it further in."""
MAX_GROPES: Final = 100
"""How often, inside one call of it, it may be called with a part that is unknown, and no object whose parts could end
the walk: what walks over something of which nothing is known goes both ways at every fork."""
SEEN_BEFORE: Final = "another root builds the like"
_KEEPING: Final = frozenset({"functools.partial", "dict"})
"""Builtins that pass keywords on which may not be there."""
MAX_UNROLL: Final = 256
"""Iterations of one loop. Of those over more numbers, the first and the last are run."""
FEW_UNROLLED: Final = 4
"""As many, where a root takes more steps than it may."""

Args = Sequence[Value]
Kwargs = dict[str, Value]


MISUSE: Final = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, MemoryError)
"""What a function of the vocabulary ends in where it is called with what it does not expect."""


def _is_method(value: Value) -> bool:
    """A method of an object of the program."""
    return type(value) is BoundV and type(value.receiver) is InstanceV


def _is_blind(given: Args) -> bool:
    """Whether nothing is known of what a function is given, flags aside."""
    return all(type(each) in (UnknownV, bool, type(None)) for each in given) and UnknownV in map(type, given)


def _may_be_unknown(value: Value) -> bool:
    return any(isinstance(option, UnknownV) for option in options_of(value))


def misused(error: Exception) -> UnknownV:
    """The result of a call that nothing can be made of. An error that came up in what was called back is passed on:
    that is no matter of the arguments."""
    trace = error.__traceback__ and error.__traceback__.tb_next
    while trace is not None:
        if trace.tb_frame.f_code is Interpreter.call.__code__:
            raise error
        trace = trace.tb_next
    return UnknownV("a call with arguments that are not understood")


class Truth(Protocol):
    """`bool(value)`: True, False, or None where it is not known."""

    def __call__(self, value: Value) -> bool | None: ...


class GetAttribute(Protocol):
    """`value.name`; `node` is its syntax, for the places of what it creates."""

    def __call__(self, value: Value, name: str, frame: Frame, node: ast.AST | None = None) -> Value: ...


class SetAttribute(Protocol):
    """`value.name = new`."""

    def __call__(
        self, value: Value, name: str, new: Value, frame: Frame, node: ast.AST | None = None
    ) -> None: ...


class Interpreter:
    """Executes one root at a time over a project whose module scopes it shares."""

    def __init__(self, project: Project) -> None:
        from initlint.trace.python import attributes, objects
        from initlint.trace.record.recorder import Recorder
        from initlint.trace.torch.external_calls import call_external

        self.project = project
        self.recorder = Recorder(self)
        self.heap = Heap(self.recorder.either)
        self.memo = Memo(self)
        self.worlds = Worlds()
        self.patched = Store()      # what the program set on what is outside it, by dotted name
        self.steps = 0
        self.known_builds: set[object] | None = None
        self.opened: Mapping[Code, Collection[str]] = {}    # arguments that the root in progress is not told
        self.limit = MAX_STEPS
        self.unrolled = MAX_UNROLL
        self.loop_start = 0         # what is older than this was there before the innermost loop of unknown length
        self.frame: Frame = Frame(project.nowhere, None, None)
        self.truth: Truth = partial(objects.truth, self)
        self.attribute: GetAttribute = partial(attributes.get_attribute, self)
        self.set_attribute: SetAttribute = partial(attributes.set_attribute, self)
        self._instantiate, self._call_instance = objects.instantiate, objects.call_instance
        self._call_external = call_external

    # -- bounds ---------------------------------------------------------------------------------

    def tick(self, amount: int = 1) -> None:
        self.steps += amount
        if self.steps > self.limit:
            self._reach_limit()

    def _reach_limit(self) -> None:
        """Go on where it was only that of a root which has built nothing yet, and has now."""
        if self.limit != EMPTY_STEPS or not self.recorder.has_weights:
            raise Exhausted(OUT_OF_STEPS)
        self.limit = MAX_STEPS

    def within(self, steps: int, call: Callable[[], Value], default: Value) -> Value:
        """What a call gives that takes at most so many steps, else `default`."""
        heap = self.heap
        outer, marks = self.limit, list(heap.marks)
        self.limit = min(outer, self.steps + steps)
        try:
            return call()
        except Exhausted:
            if self.steps > outer:
                raise
            heap.forget_since(marks)
            return default
        finally:
            self.limit = outer

    def announce(self, cls: ClassV, args: Args, kwargs: Kwargs, frame: Frame) -> None:
        """The first module that a root builds: give the root up where another built the like."""
        if self.known_builds is None:
            return
        from initlint.trace.roots.builders import flags, traits

        known, self.known_builds = self.known_builds, None
        found = traits(cls, args, kwargs) | flags(frame)
        if found <= known:
            raise Exhausted(SEEN_BEFORE)
        known |= found

    # -- branches -------------------------------------------------------------------------------

    def fork(
        self, frame: Frame, arms: Sequence[Callable[[], int]], worlds: Sequence[Collection[range]] | None = None, *,
        exclusive: bool = True,
    ) -> int:
        """Execute each arm from the same state, and go on with the join of those that go on. Where arms are not
        `exclusive`, one may go on from the middle of another. `worlds`, once the arms ran, is as for `Heap.merge`.

        Arms that leave the block wait in `frame.exits` for the end of the loop or call.
        """
        heap = self.heap
        self.tick(FORK_STEPS)
        position, token = heap.mark()
        cuts = [token]
        ended: list[tuple[int, Writes, range]] = []
        for arm in arms:
            waiting = len(frame.exits)
            try:
                flow = arm()
            except Raised:
                flow = RAISE
            for exit_ in frame.exits[waiting:]:
                self._rebase(exit_, position)
            writes = heap.writes_since(position)
            heap.undo(position)
            cuts.append(newest_serial())
            if flow != RAISE:
                ended.append((flow, writes, range(cuts[-2], cuts[-1])))
        if exclusive and not self.recorder.running_forward:
            self.worlds.note(cuts)
        going_on = [writes for flow, writes, _ in ended if flow == NORMAL]
        created = [created for flow, _, created in ended if flow == NORMAL] if exclusive else []
        leaving: dict[int, list[Writes]] = {}
        for flow, writes, _ in ended:
            if flow != NORMAL:
                leaving.setdefault(flow, []).append(writes)
        heap.release(token)
        flows = sorted(leaving)
        last = flows.pop() if flows and not going_on else None
        for flow in flows:
            for writes in leaving[flow]:
                exit_position, exit_token = heap.mark()
                frame.exits.append(Exit(flow, writes, exit_position, exit_token))
        if going_on:
            heap.merge(going_on, worlds if len(going_on) == len(arms) else None, created)
            return NORMAL
        if last is not None:
            heap.merge(leaving[last])
            return last
        return RAISE

    def _rebase(self, exit_: Exit, position: int) -> None:
        """Restate an exit's writes relative to an earlier position of the journal."""
        if exit_.position <= position:
            return
        writes = self.heap.writes_between(position, exit_.position)
        writes.update(exit_.writes)
        exit_.writes = writes
        exit_.position = position

    def settle(self, frame: Frame, flows: tuple[int, ...], waiting: int, flow: int) -> int:
        """Join the exits of the given kinds that came up since `waiting` into the present state.

        `flow` is how the present path ended; a path that raised contributes nothing.
        """
        if len(frame.exits) == waiting:
            return flow
        heap = self.heap
        pending = [exit_ for exit_ in frame.exits[waiting:] if exit_.flow in flows]
        if not pending:
            return flow
        frame.exits[waiting:] = [exit_ for exit_ in frame.exits[waiting:] if exit_.flow not in flows]
        alive = flow != RAISE
        for exit_ in reversed(pending):
            present = heap.writes_since(exit_.position)
            locations = {**present, **exit_.writes}
            base = self._values_at(exit_.position, locations)
            for location, (target, key, _) in locations.items():
                left = exit_.writes[location][2] if location in exit_.writes else base[location]
                value = heap.join_at(target, key, [target.get(key, ABSENT), left]) if alive else left
                if value is ABSENT:
                    heap.remove(target, key)
                else:
                    heap.put(target, key, value)
            alive = True
            heap.release(exit_.token)
        return NORMAL if flow == RAISE else flow

    def _values_at(self, position: int, locations: Writes) -> dict[Any, Value]:
        """The value of each location when the journal stood at `position`."""
        earliest: dict[Any, Value] = {}
        for target, key, old in self.heap.journal[position:]:
            earliest.setdefault((id(target), key), old)
        return {
            location: earliest[location] if location in earliest else target.get(key, ABSENT)
            for location, (target, key, _) in locations.items()
        }

    def choose(
        self, thunks: Sequence[Callable[[], Value]], worlds: Sequence[Collection[range]] | None = None
    ) -> Value:
        """The join of several expressions, of which one is evaluated; `worlds` as for `Heap.merge`."""
        heap = self.heap
        self.tick(FORK_STEPS)
        position, token = heap.mark()
        values: list[Value] = []
        branches: list[Writes] = []
        created: list[range] = []
        problem: Raised | None = None
        cuts = [token]
        for thunk in thunks:
            try:
                values.append(thunk())
                branches.append(heap.writes_since(position))
            except Raised as raised:
                problem = raised
            heap.undo(position)
            cuts.append(newest_serial())
            if len(created) < len(values):
                created.append(range(cuts[-2], cuts[-1]))
        heap.release(token)
        if not self.recorder.running_forward:
            self.worlds.note(cuts)
        if not values:
            raise problem or Raised("Exception")
        heap.merge(branches, worlds if len(branches) == len(thunks) else None, created)
        return told_apart(heap.join(values), values, created)

    # -- calls ----------------------------------------------------------------------------------

    def call(self, function: Value, args: Args, kwargs: Kwargs, frame: Frame, node: ast.AST | None = None) -> Value:
        """Call any value. `node` is the call's syntax, for the places of what it creates."""
        if node is not None:
            frame.site = node
        kind = type(function)
        if kind is BoundV:
            return self.call(function.function, [function.receiver, *args], kwargs, frame)
        if kind is FunctionV:
            return self.enter(function, args, kwargs, frame)
        if kind is BuiltinV:
            self.frame = frame
            given = kwargs if function.name in _KEEPING else certain(self, kwargs)
            try:
                return function.fn(self, args, given)
            except MISUSE as error:
                return misused(error)
        if kind is ClassV:
            return self._instantiate(self, function, args, kwargs, frame)
        if kind is PartialV:
            frame.partial, outer = function, frame.partial
            try:
                return self.call(function.function, [*function.args, *args], self._over(function.kwargs, kwargs), frame)
            finally:
                frame.partial = outer
        if kind is AltV:
            options = [option for option in function.options if option is not None and option is not ABSENT]
            if len(options) == 1:
                return self.call(options[0], args, kwargs, frame)
            receivers = [option.receiver.attrs.serial for option in options if _is_method(option)]
            apart = self.worlds.apart(receivers) if len(receivers) == len(options) else None
            worlds = None if apart is None else [(world,) for world in apart]
            doubtful, frame.doubtful = frame.doubtful, frame.doubtful or not receivers
            try:
                return self.choose([partial(self.call, option, args, kwargs, frame) for option in options], worlds)
            finally:
                frame.doubtful = doubtful
        if isinstance(function, ExternalV):
            self.frame = frame
            try:
                return self._call_external(self, function, args, certain(self, kwargs), frame)
            except MISUSE as error:
                return misused(error)
        if kind is InstanceV:
            return self._call_instance(self, function, args, kwargs, frame)
        if kind is DescriptorV:
            return self.call(function.function, args, kwargs, frame)
        if kind is ContextV and args:       # as a decorator: what it manages is not seen
            return args[0]
        if function is None or is_constant(function):
            raise Raised("TypeError", "not callable")
        if isinstance(function, TensorV):
            return self.recorder.unknown_call("tensor called", args, kwargs, frame)
        if kind is MissingV:
            from initlint.trace.events.missing import note_called

            note_called(self.recorder, function, frame)
        reason = function.reason if isinstance(function, UnknownV) else "call of something unknown"
        reads = isinstance(function, UnknownV) and function.reads
        if isinstance(function, UnknownV) and function.holder is not None:
            args = [function.holder, *args]
        return self.recorder.unknown_call(reason, args, kwargs, frame, reads)

    def _over(self, before: Kwargs, kwargs: Kwargs) -> Kwargs:
        """A partial's keywords with those of its call over them."""
        found = {**before, **kwargs}
        for name, value in kwargs.items():
            if name in before and may_be_absent(value):
                found[name] = self.heap.join([present(self, value), before[name]])
        return found

    def enter(self, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
        """Execute a function of the program."""
        self.tick()
        code: Code = function.code
        key = None
        if self.memo.is_tried(code) and code not in self.opened:
            key = self.memo.key(function, args, kwargs)
            if key is not None:
                known = self.memo.find(key)
                if known is not ABSENT:
                    return known
        if frame.depth >= MAX_DEPTH or self._recurs(function, args, kwargs, frame):
            return self.recorder.unknown_call("calls too deep", args, kwargs, frame)
        if key is not None:
            self.memo.begin(key)
        callee = Frame(function.module, function, frame, None, function.closure)
        try:
            result = self._execute(function, args, kwargs, frame, callee)
        except BaseException:
            if key is not None:
                self.memo.give_up(key, code)
            raise
        if key is not None:
            self.memo.end(key, code, result)
        return result

    def _execute(self, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame, callee: Frame) -> Value:
        """Execute a function in a frame made for the call."""
        code: Code = function.code
        callee.no_grad = frame.no_grad or function.no_grad
        self.memo.tally.entered.add(code)
        code.active += 1
        try:
            if not self._takes(function, args, kwargs, callee):
                return self.recorder.unknown_call("a decorator outside the project", args, kwargs, frame)
            if code in self.opened:
                open_up(self, self.opened[code], callee.vars)
            return self.run(code, callee)
        finally:
            code.active -= 1
            self.frame = frame

    def manage(self, context: ContextV, frame: Frame, body: Callable[[Value], int]) -> int:
        """Execute a `with` statement: the generator of its manager, and the body with what that yields, in its place.
        Where the generator may yield or not, the body comes after it."""
        self.tick()
        if frame.depth >= MAX_DEPTH:
            return body(UnknownV("calls too deep"))
        flows: list[int] = []
        marks = len(self.heap.marks)
        is_entered = False
        callee = Frame(context.function.module, context.function, frame, None, context.function.closure)

        def within(given: Value) -> None:
            nonlocal is_entered
            if is_entered or len(self.heap.marks) != marks:
                return
            is_entered = True
            frame.no_grad = frame.no_grad or callee.no_grad
            flows.append(body(given))

        callee.within = within
        yielded = self._execute(context.function, context.args, context.kwargs, frame, callee)
        if is_entered:
            return flows[0] if flows else NORMAL        # the generator took what the body raised
        return body(first_yielded(yielded))

    def _takes(self, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame) -> bool:
        """Fills a call's variables; False where only what a decorator made of the function takes such arguments."""
        try:
            function.code.bind(self, function, args, kwargs, frame)
        except Raised:
            if function.is_wrapped:
                return False
            raise
        return True

    def _recurs(self, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame) -> bool:
        """Whether a function is inside itself so often that its calls would multiply beyond bounds."""
        code: Code = function.code
        if not code.active:
            code.gropes, code.built = 0, len(self.recorder.built)
            return False
        inside = [caller for caller in frame.chain() if caller.function is not None and caller.function.code is code]
        if len(inside) >= MAX_RECURSION:
            return True
        given = (*(args if function.cls is None else args[1:]), *kwargs.values())
        builds = len(self.recorder.built) > code.built
        if len(inside) < (MAX_BLIND if builds else 1) or not any(map(_may_be_unknown, given)):
            return False
        if any(type(each) is InstanceV for each in given):
            return False
        code.gropes += 1
        if code.gropes <= MAX_GROPES:
            return _is_blind(given)
        if builds:
            raise Exhausted("modules inside modules without a known end")
        return True

    def run(self, code: Code, frame: Frame) -> Value:
        """Execute a bound function's body, join its exits, and give what it returns."""
        variables = frame.vars
        problem: Raised | None = None
        body = code.body(self)
        if code.is_generator:
            frame.yields = []
        try:
            flow = body(frame)
        except Raised as raised:
            flow, problem = RAISE, raised
        if flow == NORMAL:
            self.heap.put(variables, "<return>", None)
        if frame.exits:
            flow = self.settle(frame, (RETURN, BREAK, CONTINUE), 0, flow)
        if flow == RAISE:
            raise problem or Raised("Exception")
        if frame.yields is not None:
            return ListV(frame.yields)
        return variables.get("<return>")

    # -- attributes -----------------------------------------------------------------------------

    def each(self, value: Value, operation: Callable[[Value], Value]) -> Value:
        """Apply an operation without side effects to each alternative."""
        if type(value) is not AltV:
            return operation(value)
        results = []
        problem: Raised | None = None
        for option in options_of(value):
            if option is ABSENT:
                continue
            try:
                results.append(operation(option))
            except Raised as raised:
                problem = raised
        if not results:
            raise problem or Raised("Exception")
        return self.heap.join(results) if len(results) > 1 else alternatives(results)
