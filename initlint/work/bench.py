"""The work that any process can do: files of a project in, what their roots tell out, as plain data.

A process keeps the project it works on until it is given another, so that no module is executed twice in it. What
it is told to do names everything by file and line; nothing depends on what was done before, or where.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from initlint.config.settings import Settings
from initlint.layers import sightings
from initlint.model.events import Pass, UnusedDefinition
from initlint.model.finding import Finding, call_subject
from initlint.model.program import Program, left_open
from initlint.model.report import Sighting
from initlint.model.source import Span
from initlint.model.survey import Detour, Others, Place, Survey
from initlint.rules.precedence import judge
from initlint.rules.registry import Entry, entries
from initlint.syntax.source import Fault, Source
from initlint.work.crash import Crash, crash
from initlint.work.garbage import uncollected
from initlint.work.stack import deep

if TYPE_CHECKING:
    from initlint.memory.recall import Recalled, Recollection
    from initlint.trace.machine.values import ModuleScope
    from initlint.trace.program.project import Project
    from initlint.trace.roots.running import Root, Traced
    from initlint.trace.roots.tracer import Tracer

T = TypeVar("T")

MAX_HELD: Final = 5_000_000
"""Characters of a project whose syntax a process holds at a time; each takes some 50 bytes."""
LITTLE_MORE: Final = 1.5
"""A program that is at most so many times as large is held whole."""
MAX_ROOM: Final = 4
"""How many times that may be held where files need so much that it would be dropped after only a `FEW` of them."""
FEW: Final = 4
"""Files that are too few for a project to be begun anew, while there is room."""

Site = tuple[str, int, int, int, int]
"""A span as a plain tuple: there are very many of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one root told.

    `sites` are the layers, init calls, passes and their conditions that it came by. `unused` holds, for each
    definition that it found never to run (by `call_subject`), the init calls inside; `built` are the classes that it
    built, `bases` those that these derive from. `note` says why it was given up, and `spent` that it is a script which
    was so for its size.
    """

    root: str
    findings: tuple[Finding, ...] = ()
    sites: tuple[Site, ...] = ()
    unused: tuple[tuple[str, tuple[Site, ...]], ...] = ()
    sightings: tuple[Sighting, ...] = ()
    built: tuple[Place, ...] = ()
    bases: tuple[Place, ...] = ()
    note: str = ""
    spent: bool = False
    crashes: tuple[Crash, ...] = ()


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a file was found to hold; `fault` says why it could not be read. `spelled` is what each initialising call
    tells by itself that something is wrong with."""

    survey: Survey = field(default_factory=Survey)
    fault: Fault | None = None
    spelled: tuple[Told, ...] = ()
    crashes: tuple[Crash, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do for each of some files.

    `key` stands for the project, its texts and settings: a process that has worked under it goes on with what it
    has. `sources` are the texts that are not on disk, or not as they are there; `recalled` is what roots told before,
    where that is known in this very process. Without `layers` nothing is told of the layers that roots saw. `size` is
    that of the whole program, as `Project.held` counts.
    """

    key: str
    settings: Settings
    sources: tuple[Source, ...] = ()
    recalled: Recalled | None = None
    layers: bool = True
    size: int = 0


@dataclass(frozen=True, slots=True)
class SurveyJob(Job):
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntriesJob(Job):
    """For each file, the names of the functions to run, `SCRIPT` for its main part."""

    wanted: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ClassesJob(Job):
    """For each file, the lines of the classes to run, and what others do with them."""

    chosen: tuple[tuple[str, tuple[tuple[int, Others], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class DetoursJob(Job):
    """For each file, what its roots are to be run again for."""

    detours: tuple[tuple[str, tuple[Detour, ...]], ...] = ()


def survey(job: SurveyJob) -> list[Surveyed]:
    """What each file holds, in order."""
    return _worked(job, lambda bench: [bench.ready().survey(path) for path in job.files])


def run_entries(job: EntriesJob) -> list[tuple[Told, ...]]:
    """What the functions and scripts of each file tell, in order."""
    return _worked(job, lambda bench: [bench.ready().entries(path, names) for path, names in job.wanted])


def run_classes(job: ClassesJob) -> list[tuple[tuple[int, Told], ...]]:
    """What the classes of each file tell, by line, in order."""
    return _worked(job, lambda bench: [bench.ready().classes(path, dict(lines)) for path, lines in job.chosen])


def run_detours(job: DetoursJob) -> list[tuple[Told, ...]]:
    """What the roots of each file tell of layers when they are run again, in order."""
    return _worked(job, lambda bench: [bench.ready().detours(path, detours) for path, detours in job.detours])


@contextmanager
def interruptible(check: Callable[[], None]) -> Iterator[None]:
    """Calls `check` before each root that this thread runs. It may raise what is no `Exception`, to end the work."""
    before = getattr(_watch, "check", None)
    _watch.check = check
    try:
        yield
    finally:
        _watch.check = before


_watch: Final = threading.local()
_lock: Final = threading.Lock()             # an executor may run its work in threads
_benches: Final[dict[str, Bench]] = {}      # at most one: that of the last job


def _bench_for(job: Job) -> Bench:
    if job.key not in _benches:
        _benches.clear()
        _benches[job.key] = Bench(job)
    return _benches[job.key]


def forget() -> None:
    """Lets go of the project that this process worked on."""
    with _lock:
        if _benches:
            from initlint.trace.machine import kept

            _benches.clear()
            kept.forget()


def _worked(job: Job, work: Callable[[Bench], list[T]]) -> list[T]:
    """Work with room for deep traces, and no collection of garbage while trees are built that all stay alive."""
    with _lock, uncollected():
        return deep(lambda: work(_bench_for(job)))


class Bench:
    """One process's hold on a project."""

    def __init__(self, job: Job) -> None:
        self._settings = job.settings
        self._sources = job.sources
        self._recalled = job.recalled
        self._layers = job.layers
        self._held = job.size if MAX_HELD < job.size <= LITTLE_MORE * MAX_HELD else MAX_HELD
        self._sites: dict[Site, Site] = {}      # very many roots come by the same ones
        self._closed: dict[str, bool] = {}
        self._room = 1                          # how many times `_held` may be held
        self._served = 0                        # files since the project was begun
        self._crowded = 0                       # projects in a row that had to go after only a few files

    @cached_property
    def _project(self) -> Project:
        from initlint.trace.program.aliases import aliases
        from initlint.trace.program.project import Project

        settings = self._settings
        followed = dict.fromkeys(settings.third_party, settings.package_folders)
        return Project(
            self._sources, settings.source_roots, aliases(settings.vocabulary), followed, settings.target_version
        )

    @cached_property
    def _tracer(self) -> Tracer:
        from initlint.trace.roots.tracer import Tracer

        return Tracer(self._project)

    @cached_property
    def _recollection(self) -> Recollection | None:
        from initlint.memory.recall import Recollection

        return None if self._recalled is None else Recollection(self._recalled, self._project, self._is_closed)

    def ready(self) -> Bench:
        """The bench, with room for one more file: a project that has grown large is begun anew, and what is still
        needed of it is executed again, with the same result. Where that is so after every few files, and not once for
        one that needs very many others, there is more room. Where results are recalled by it, all of it is kept."""
        project = self.__dict__.get("_project")
        if project is None or self._recalled is not None:
            return self
        self._served += 1
        if project.held <= self._room * self._held:
            return self
        self._crowded = self._crowded + 1 if self._served < FEW else 0
        if self._crowded > 1 and self._room < MAX_ROOM:
            self._room *= 2
            self._crowded = 0
        else:
            from initlint.trace.machine import kept

            for name in ("_project", "_tracer", "_recollection"):
                self.__dict__.pop(name, None)
            self._served = 0
            kept.forget()
            project.close()
            gc.collect()
        return self

    def survey(self, path: str) -> Surveyed:
        try:
            source = self._project.source(path)
            if source is None:
                return Surveyed(fault=Fault("cannot be read"))
            scope = self._project.scope_of(source)
            tracer, memory = self._tracer, self._recollection
            found = None if memory is None else memory.survey(path)
            if found is None:
                found = tracer.survey(scope)
                if memory is not None and scope.tree is not None:
                    memory.keep_survey(path, found)
            else:
                self._project.execute(scope)
            if scope.tree is None:
                from initlint.syntax.parse import parse

                tree = parse(source)
                return Surveyed(fault=tree if isinstance(tree, Fault) else None)
            self._closed[path] = found.closed
            return Surveyed(found, spelled=tuple(self._spelled(scope, source)))
        except Exception as error:
            return Surveyed(crashes=(crash(path, error, path),))

    def _spelled(self, scope: ModuleScope, source: Source) -> Iterator[Told]:
        """What initialising calls tell by themselves."""
        from initlint.trace.roots.spelled import spelled

        for program in spelled(self._project, scope, source):
            crashes: list[Crash] = []
            found = self._findings(program, f"line {program.span.line} of {scope.file}", scope.file, crashes)
            if found or crashes:
                yield Told(program.root, tuple(found), (_site(program.span),), crashes=tuple(crashes))

    def entries(self, path: str, names: Sequence[str]) -> tuple[Told, ...]:
        try:
            roots = list(self._tracer.entries(self._scope(path), names))
        except Exception as error:
            return (Told(path, crashes=(crash(path, error, path),)),)
        return tuple(self._tell(roots))

    def classes(self, path: str, chosen: Mapping[int, Others]) -> tuple[tuple[int, Told], ...]:
        try:
            roots = list(self._tracer.classes(self._scope(path), chosen))
        except Exception as error:
            return ((0, Told(path, crashes=(crash(path, error, path),))),)
        return tuple(zip((line for line, _ in roots), self._tell([root for _, root in roots]), strict=True))

    def detours(self, path: str, detours: Sequence[Detour]) -> tuple[Told, ...]:
        try:
            scope = self._scope(path)
        except Exception as error:
            return (Told(path, crashes=(crash(path, error, path),)),) * len(detours)
        return tuple(self._explored(scope, detour) for detour in detours)

    def _explored(self, scope: ModuleScope, detour: Detour) -> Told:
        """The layers that a root builds on a detour."""
        self._begin_root()
        try:
            traced = self._tracer.explore(scope, detour)
            if traced is None or traced.program is None or traced.program.truncated is not None:
                return Told(detour.root)
            return Told(
                detour.root,
                sightings=sightings(traced.program, lambda file: file in self._project.by_file),
                built=tuple(sorted(traced.built)),
                bases=tuple(sorted(traced.bases)),
            )
        except Exception as error:
            where = f"{detour.root} in {scope.file}"
            return Told(detour.root, crashes=(crash(where, error, scope.file),))

    def _scope(self, path: str) -> ModuleScope:
        source = self._project.source(path)
        assert source is not None, "a file that was surveyed can be read"
        scope = self._project.scope_of(source)
        self._project.execute(scope)
        return scope

    def _tell(self, roots: Sequence[Root]) -> list[Told]:
        """What some roots of a file tell, recalled where it is known."""
        memory = self._recollection
        if memory is None:
            return [self._told(root) for root in roots]
        found = []
        for root, known in zip(roots, memory.find(roots), strict=True):
            told = self._told(root) if known is None else known
            if known is None:
                memory.keep(root, told)
            found.append(told)
        return found

    def _told(self, root: Root) -> Told:
        """What a root tells, an internal error among it."""
        self._begin_root()
        where = f"{root.name} in {root.scope.file}"
        try:
            traced = self._tracer.run(root)
            spent = root.is_script and traced.is_too_large
            if traced.program is None:
                note = _note(where, traced.truncated) if root.is_script else ""
                if traced.truncated is not None:        # what it began to build is for others to show
                    return Told(root.name, note=note, spent=spent)
                return Told(root.name, built=tuple(sorted(traced.built)), bases=tuple(sorted(traced.bases)), note=note)
            return replace(self._judged(traced, traced.program, where, root.scope.file), spent=spent)
        except Exception as error:
            return Told(root.name, crashes=(crash(where, error, root.scope.file),))

    def _begin_root(self) -> None:
        check = getattr(_watch, "check", None)
        if check is not None:
            check()
        gc.collect(0)       # what the root before left behind is young; what stays alive is not looked at again

    def _judged(self, traced: Traced, program: Program, where: str, file: str) -> Told:
        crashes: list[Crash] = []
        found = self._findings(program if program.alone else left_open(program), where, file, crashes)
        return Told(
            root=program.root,
            findings=tuple(found),
            sites=tuple(self._sites.setdefault(site, site) for site in sorted(map(_site, set(_places(program))))),
            unused=tuple(
                (call_subject(event.span), tuple(_site(call.span) for call in event.calls))
                for event in program.events_of(UnusedDefinition)
            ),
            sightings=sightings(program, lambda file: file in self._project.by_file, found) if self._layers else (),
            built=tuple(sorted(traced.built)),
            bases=tuple(sorted(traced.bases)),
            note=_note(where, program.truncated),
            crashes=tuple(crashes),
        )

    def _findings(self, program: Program, where: str, file: str, crashes: list[Crash]) -> list[Finding]:
        """What the rules say about some facts. Those that fail are added to `crashes`."""
        return judge(
            program,
            self._codes.values(),
            self._wanted,
            lambda entry, error: crashes.append(crash(f"{entry.rule.code} on {where}", error, file)),
        )

    @cached_property
    def _codes(self) -> Mapping[str, Entry]:
        """The rules that run on any file."""
        known = entries()
        return {code: known[code] for code in self._settings.codes if code in known}

    def _wanted(self, finding: Finding) -> bool:
        """Whether the rule runs on the file of a finding: some do so unasked only where the file uses its models."""
        chosen = self._settings.enabled(finding.span.file).get(finding.code)
        if chosen is None:
            return False
        return chosen.explicit or not self._codes[finding.code].rule.closed_world or self._is_closed(finding.span.file)

    def _is_closed(self, path: str) -> bool:
        if path not in self._closed:
            self._closed[path] = self.survey(path).survey.closed
        return self._closed[path]


def _site(span: Span) -> Site:
    return span.file, span.line, span.column, span.end_line, span.end_column


def _note(where: str, truncated: str | None) -> str:
    return "" if truncated is None else f"{where}: given up ({truncated})"


def _places(program: Program) -> Iterator[Span]:
    """Where a root came by: what a finding about it may point at."""
    yield from (layer.site for layer in program.layers)
    yield from (layer.tied for layer in program.layers if layer.tied is not None)
    yield from (call.call.span for call in program.calls)
    for event in program.events_of(Pass):
        yield event.call.span
        yield from (condition.span for condition in event.conditions)
