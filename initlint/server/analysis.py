"""Keeps a report on everything that is open, and says when one is new.

A change marks the documents of its program as stale; one lint at a time runs in the worker, over the newest texts,
and is given up as soon as one of them changes again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from initlint.config.errors import ConfigError
from initlint.config.settings import Settings
from initlint.files.paths import Unread, find
from initlint.lint import Input, Report
from initlint.model.finding import Finding
from initlint.model.report import LayerRow
from initlint.server.documents import Document, Documents
from initlint.server.engine import Engine
from initlint.server.folders import Folder, Folders
from initlint.server.linting import Home, program_of, read_project, report_on
from initlint.server.worker import Token, Worker
from initlint.suppress.baseline import identity, read_baseline
from initlint.syntax.source import Source

_log = logging.getLogger(__name__)

SHARE: Final = 0.15
"""How long to wait for the next keystroke, as a share of what the last lint took."""
LONGEST_WAIT: Final = 1.0
"""Seconds."""


@dataclass(frozen=True)
class Result:
    """What is known of one document as it was. `inputs`, `project` and `settings` are those of the lint of its
    program, `documents` its open documents by key, `home` where the engine keeps what it knows of them. `findings` are
    those to show, `layers` those built here."""

    document: Document
    settings: Settings
    inputs: tuple[Input, ...] = ()
    project: tuple[str, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    findings: tuple[Finding, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    home: Home | None = None

    def without_layers(self) -> Result:
        """What fixes are made from: much less to hand to another process."""
        return replace(self, report=Report(), layers=())


@dataclass
class _Project:
    """The files of a folder, as the process that lints is to know them. For the worker's thread."""

    home: Home
    paths: Sequence[str] = ()
    _generation: int = 0

    def read(self, engine: Engine, token: Token) -> bool:
        """Has the files looked at; whether any is new, gone or changed."""
        generation = engine.generation()
        changed = engine.run(token, read_project, self.home, self.paths)
        self._generation = generation
        return changed

    def ensure(self, engine: Engine, token: Token) -> None:
        """Tells a process that has taken the place of another."""
        if self.paths and self._generation != engine.generation():
            self.read(engine, token)


@dataclass(frozen=True)
class _Work:
    """What one lint starts from: the document that changed last, and all that are open in its folder, with the
    numbers of their last changes. `before` is what is known of it, where that may still do."""

    key: str
    folder: Folder
    documents: Mapping[str, Document]
    changes: Mapping[str, int]
    project: _Project
    before: Result | None


class Analysis:
    """Reports on open documents. `told` is called with each new result, `failed` with what went wrong in a lint."""

    def __init__(
        self,
        documents: Documents,
        folders: Folders,
        worker: Worker,
        engine: Engine,
        told: Callable[[Iterable[Result]], None],
    ) -> None:
        self._documents = documents
        self._folders = folders
        self._worker = worker
        self._engine = engine
        self._told = told
        self._results: dict[str, Result] = {}
        self._changes: dict[str, int] = {}
        self._stale: dict[str, bool] = {}               # in order of the last change; whether to lint in any case
        self._projects: dict[Home, _Project] = {}
        self._changed_at = 0.0
        self._took = 0.0
        self._running: tuple[_Work, Token] | None = None
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    # what callers ask

    async def result(self, key: str) -> Result | None:
        """The result for a document as it is now, once there is one; None where it is not open, or closed meanwhile."""
        while True:
            if self._documents.get(key) is None:
                return None
            found = self._results.get(key)
            if found is not None and key not in self._stale:
                return found
            if found is None and key not in self._stale:
                self.touch([key])
            await self._news.wait()

    def last(self, key: str) -> Result | None:
        """The newest result there is, perhaps of an older text."""
        return self._results.get(key)

    def is_current(self, result: Result) -> bool:
        return self._documents.get(result.document.key) is result.document

    # what happens

    def touch(self, keys: Iterable[str] | None = None, *, anyway: bool = True) -> None:
        """These documents (all, where None) changed, were opened, or are to be judged anew: `anyway`, or only where
        other files belong to their program than before."""
        touched = [key for key in (self._documents.opened() if keys is None else keys) if self._documents.get(key)]
        partners = {other for key in touched for other in self._results_with(key)} - set(touched)
        # What is open beside them may be one program with them from now on: that shows when their imports are read.
        folders = {id(self._folders.of(key)) for key in touched}
        beside = [key for key in self._documents.opened() if id(self._folders.of(key)) in folders]
        for key in beside:
            if key not in touched:
                self._mark(key, anyway and key in partners)
        for key in touched:
            self._mark(key, anyway)
        self._changed_at = time.monotonic()
        self._give_up([*beside, *touched])
        self._start()

    def close(self, key: str) -> None:
        """The document is open no more; those that were one program with it are judged by what is on disk."""
        others = [other for other in self._results_with(key) if other != key]
        self._results.pop(key, None)
        self._stale.pop(key, None)
        self._give_up([key])
        if others:
            self.touch(others)
        self._tell_waiting()

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._worker.stop()

    async def index(self, folder: Folder) -> None:
        """Looks at what the files of a folder import, when the worker has nothing else to do."""
        if not folder.preferences.whole_program:
            return
        project = self._projects.setdefault((folder.root, True), _Project((folder.root, True)))
        configuration = folder.configuration

        def work(token: Token) -> bool:
            project.paths = find([folder.root], configuration).files
            return project.read(self._engine, token)

        try:
            if await self._worker.submit(work, later=True):
                self.touch(anyway=False)
        except ConfigError as error:
            _log.warning("%s", error)

    # the work

    def _mark(self, key: str, anyway: bool) -> None:
        self._changes[key] = self._changes.get(key, 0) + 1
        self._stale[key] = self._stale.pop(key, False) or anyway

    def _results_with(self, key: str) -> list[str]:
        return [other for other, result in self._results.items() if key in result.documents]

    def _give_up(self, keys: Iterable[str]) -> None:
        if self._running is not None and any(key in self._running[0].documents for key in keys):
            self._running[1].cancel()

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def _tell_waiting(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _run(self) -> None:
        while self._stale:
            await self._settled()
            work = self._work(next(reversed(self._stale), ""))
            if work is None:
                self._stale.popitem()
                self._tell_waiting()
                continue
            token = Token()
            self._running = work, token
            started = time.monotonic()
            try:
                results = await self._worker.submit(partial(_lint, work, self._engine), token)
            except asyncio.CancelledError:
                if token.cancelled:
                    continue
                raise
            except Exception:
                _log.exception("linting failed")
                results = [Result(work.documents[work.key], Settings(root=work.folder.root))]
            finally:
                self._running = None
            self._took = time.monotonic() - started
            self._keep(work, results)

    async def _settled(self) -> None:
        """Waits until nothing has changed for a moment."""
        wait = min(self._took * SHARE, LONGEST_WAIT)
        while (rest := self._changed_at + wait - time.monotonic()) > 0:
            await asyncio.sleep(rest)

    def _keep(self, work: _Work, results: Iterable[Result]) -> None:
        new = []
        for result in results:
            key = result.document.key
            if self._changes.get(key) == work.changes[key] and self.is_current(result):
                if self._results.get(key) is not result:
                    new.append(result)
                self._results[key] = result
                self._stale.pop(key, None)
        self._told(new)
        self._tell_waiting()

    def _project_of(self, folder: Folder) -> _Project:
        home = folder.root, folder.preferences.whole_program
        return self._projects.setdefault(home, _Project(home))

    def _work(self, key: str) -> _Work | None:
        if self._documents.get(key) is None:
            return None
        folder = self._folders.of(key)
        beside = (other for other in self._documents.opened() if self._folders.of(other) is folder)
        documents = {other: document for other in beside if (document := self._documents.get(other)) is not None}
        changes = {other: self._changes.get(other, 0) for other in documents}
        before = None if self._stale.get(key) else self._results.get(key)
        return _Work(key, folder, documents, changes, self._project_of(folder), before)


def _lint(work: _Work, engine: Engine, token: Token) -> list[Result]:
    """The results for all open documents of the program of one. Runs in the worker."""
    folder, home = work.folder, work.project.home
    work.project.ensure(engine, token)
    settings = folder.settings([*work.documents])
    wanted = {key: document for key, document in work.documents.items() if _is_wanted(key, folder, settings)}
    if work.key not in wanted:
        return [Result(work.documents[work.key], settings)]
    sources = {key: doc.source for key, doc in wanted.items() if isinstance(doc.source, Source)}
    program = engine.run(token, program_of, home, work.key, sources, settings.source_roots)
    documents = {key: wanted[key] for key in program.opened}
    before = work.before
    if before is not None and before.documents == documents and before.project == program.closed:
        return [before]
    settings = folder.settings([*program.opened, *program.closed])
    inputs: list[Input] = [_input(document) for document in documents.values()]
    report = engine.run(token, report_on, home, inputs, settings, program.closed, folder.preferences.shows_layers)
    for each in report.crashes:
        _log.error("%s\n%s", each.text, each.trace)
    by_path = {file.path: file for file in report.files}
    results = []
    for key, document in documents.items():
        findings = new_findings(by_path[key].findings, document.text, settings)
        rows = tuple(row for row in report.layers if row.file == key)
        found = Result(document, settings, tuple(inputs), program.closed, documents, report, findings, rows, home)
        results.append(found)
    return results


def _is_wanted(key: str, folder: Folder, settings: Settings) -> bool:
    return folder.preferences.enable and not settings.for_file(key).leaves_out(key)


def _input(document: Document) -> Input:
    if isinstance(document.source, Source):
        return document.source
    return Unread(document.key, document.source)


def new_findings(findings: Iterable[Finding], source: Source, settings: Settings) -> tuple[Finding, ...]:
    """Those that the baseline does not know, in order of their places."""
    ordered = sorted(findings, key=lambda finding: (finding.span, finding.code, finding.message))
    if settings.baseline is None:
        return tuple(ordered)
    try:
        baseline = read_baseline(settings.baseline)
    except ConfigError as error:
        _log.warning("%s", error)
        return tuple(ordered)
    new, _, _ = baseline.split(ordered, identity(settings.baseline, {source.path: source}))
    return tuple(new)
