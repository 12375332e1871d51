"""Keeps a report on everything that is open, and says when one is new.

A change marks the documents of its program as stale; one lint at a time runs in the worker, over the newest texts,
and is given up as soon as one of them changes again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from initlint.baseline import identity, read_baseline
from initlint.config.errors import ConfigError
from initlint.config.settings import Settings
from initlint.files import Unread, find
from initlint.lint import Input, Report, lint
from initlint.model.finding import Finding
from initlint.model.report import LayerRow
from initlint.server.documents import Document, Documents
from initlint.server.folders import Folder, Folders
from initlint.server.programs import Import, Index, imports_of, program_of
from initlint.server.worker import Token, Worker
from initlint.syntax.source import Source

_log = logging.getLogger(__name__)

SHARE: Final = 0.15
"""How long to wait for the next keystroke, as a share of what the last lint took."""
LONGEST_WAIT: Final = 1.0
"""Seconds."""


@dataclass(frozen=True)
class Result:
    """What is known of one document as it was. `inputs` and `settings` are those of the lint of its program,
    `documents` its open documents by key. `findings` are those to show, `layers` those built in the document."""

    document: Document
    settings: Settings
    inputs: tuple[Input, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    findings: tuple[Finding, ...] = ()
    layers: tuple[LayerRow, ...] = ()


@dataclass(frozen=True)
class _Program:
    """What one lint reads: open documents with the number of their last change, and closed files."""

    folder: Folder
    documents: Mapping[str, Document]
    changes: Mapping[str, int]
    closed: tuple[str, ...]


class Analysis:
    """Reports on open documents. `told` is called with each new result, `failed` with what went wrong in a lint."""

    def __init__(
        self,
        documents: Documents,
        folders: Folders,
        worker: Worker,
        told: Callable[[Iterable[Result]], None],
    ) -> None:
        self._documents = documents
        self._folders = folders
        self._worker = worker
        self._told = told
        self._results: dict[str, Result] = {}
        self._changes: dict[str, int] = {}
        self._stale: dict[str, None] = {}               # in order of the last change
        self._imports: dict[str, tuple[Document, frozenset[Import]]] = {}
        self._indices: dict[str, Index] = {}
        self._changed_at = 0.0
        self._took = 0.0
        self._running: tuple[_Program, Token] | None = None
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

    def touch(self, keys: Iterable[str] | None = None) -> None:
        """These documents (all, where None) changed, were opened, or are to be judged anew."""
        touched = [key for key in (self._documents.opened() if keys is None else keys) if self._documents.get(key)]
        others = () if keys is None else (other for key in touched for other in self._members(key))
        marked = [*(other for other in others if self._documents.get(other)), *touched]
        for key in marked:
            self._mark(key)
        self._changed_at = time.monotonic()
        self._give_up(marked)
        self._start()

    def close(self, key: str) -> None:
        """The document is open no more; those that were one program with it are judged by what is on disk."""
        others = [other for other in self._results_with(key) if other != key]
        self._results.pop(key, None)
        self._stale.pop(key, None)
        self._imports.pop(key, None)
        self._give_up([key])
        if others:
            self.touch(others)
        self._tell_waiting()

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._worker.stop()

    async def index(self, folder: Folder) -> None:
        """Reads what the files of a folder import, when the worker has nothing else to do."""
        if not folder.preferences.whole_program:
            return
        known = self._indices.get(folder.root, Index())
        configuration = folder.configuration

        def work(token: Token) -> Index:
            found = Index(dict(known.files))
            paths = find([folder.root], configuration).files
            for gone in found.files.keys() - set(paths):
                del found.files[gone]
            found.read(paths, token.check)
            return found

        try:
            index = await self._worker.submit(work, later=True)
        except asyncio.CancelledError:
            raise
        except ConfigError as error:
            _log.warning("%s", error)
            return
        if index.files != known.files:
            self._indices[folder.root] = index
            self.touch()

    # the work

    def _mark(self, key: str) -> None:
        self._changes[key] = self._changes.get(key, 0) + 1
        self._stale.pop(key, None)
        self._stale[key] = None

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
            program = self._program(next(reversed(self._stale), ""))
            if program is None:
                self._stale.popitem()
                self._tell_waiting()
                continue
            token = Token()
            self._running = program, token
            started = time.monotonic()
            try:
                results = await self._worker.submit(partial(_lint, program), token)
            except asyncio.CancelledError:
                if token.cancelled:
                    continue
                raise
            except Exception:
                _log.exception("linting failed")
                settings = Settings(root=program.folder.root)
                results = [Result(document, settings) for document in program.documents.values()]
            finally:
                self._running = None
            self._took = time.monotonic() - started
            self._keep(program, results)

    async def _settled(self) -> None:
        """Waits until nothing has changed for a moment."""
        wait = min(self._took * SHARE, LONGEST_WAIT)
        while (rest := self._changed_at + wait - time.monotonic()) > 0:
            await asyncio.sleep(rest)

    def _keep(self, program: _Program, results: Iterable[Result]) -> None:
        new = []
        for result in results:
            key = result.document.key
            if self._changes.get(key) == program.changes[key] and self.is_current(result):
                self._results[key] = result
                self._stale.pop(key, None)
                new.append(result)
        self._told(new)
        self._tell_waiting()

    # programs

    def _imported(self, key: str) -> frozenset[Import]:
        document = self._documents.get(key)
        if document is None:
            return frozenset()
        known = self._imports.get(key)
        if known is None or known[0] is not document:
            known = self._imports[key] = document, imports_of(document.text.text)
        return known[1]

    def _members(self, key: str) -> tuple[str, ...]:
        """The files of the program of an open document."""
        folder = self._folders.of(key)
        beside = (other for other in self._documents.opened() if self._folders.of(other) is folder)
        opened = {other: self._imported(other) for other in beside}
        if key not in opened:
            return (key,)
        index = self._indices.get(folder.root, Index())
        return program_of(key, opened, index.files, folder.settings([key]).source_roots)

    def _program(self, key: str) -> _Program | None:
        if self._documents.get(key) is None:
            return None
        documents, closed = {}, []
        for path in self._members(key):
            document = self._documents.get(path)
            if document is None:
                closed.append(path)
            else:
                documents[path] = document
        changes = {path: self._changes.get(path, 0) for path in documents}
        return _Program(self._folders.of(key), documents, changes, tuple(closed))


def _lint(program: _Program, token: Token) -> list[Result]:
    """The results for all open documents of a program. Runs in the worker."""
    folder = program.folder
    settings = folder.settings([*program.documents, *program.closed])
    wanted = {key: doc for key, doc in program.documents.items() if _is_wanted(key, folder, settings)}
    if not wanted:
        return [Result(document, settings) for document in program.documents.values()]
    inputs: list[Input] = [_input(document) for document in program.documents.values()]
    inputs += program.closed
    report = lint(inputs, settings, progress=token.check)
    token.check()
    by_path = {file.path: file for file in report.files}
    results = []
    for key, document in program.documents.items():
        if key not in wanted or key not in by_path:
            results.append(Result(document, settings))
            continue
        findings = new_findings(by_path[key].findings, document.text, settings)
        layers = tuple(row for row in report.layers if row.file == key)
        results.append(Result(document, settings, tuple(inputs), program.documents, report, findings, layers))
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
