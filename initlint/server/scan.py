"""The findings of files that are not open: the whole workspace linted in the background, with progress."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from lsprotocol import types as lsp

from initlint.files.paths import find
from initlint.lint import Input
from initlint.report.document import NAME
from initlint.server import linting
from initlint.server.analysis import Result, new_findings
from initlint.server.diagnostics import by_part
from initlint.server.documents import Document, Part, uri_of
from initlint.server.engine import Engine
from initlint.server.folders import Folder
from initlint.server.worker import Token
from initlint.session import with_sources
from initlint.syntax.source import Source, Units

if TYPE_CHECKING:
    from initlint.server.app import Server

_log = logging.getLogger(__name__)

_STEP: Final = 1
"""Per cent of progress that are worth a message."""


class Scan:
    """Scans of the workspace, one at a time. A new one takes the place of one under way."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._found: dict[str, list[lsp.Diagnostic]] = {}           # by URI
        self._task: asyncio.Task[int] | None = None

    def refresh(self) -> None:
        """Scans the folders whose preferences say so; forgets the others."""
        wanted = [folder for folder in self._server.folders.all if folder.preferences.scan_workspace]
        if wanted or self._found:
            self._server.spawn(self._replace(wanted))

    async def run(self, token: lsp.ProgressToken | None = None) -> int:
        """Scans all folders now; the number of findings in files that are not open."""
        return await self._replace(list(self._server.folders.all), token)

    def opened(self, uri: str) -> None:
        """The document is open: what it holds is told by its own result."""
        if self._server.client.pulls and uri in self._found:
            self._server.withdraw(uri)

    def closed(self, uri: str) -> bool:
        """Tells the findings of a closed file again; whether there is anything to tell."""
        found = self._found.get(uri)
        if found is None:
            return False
        self._server.push_closed(uri, found)
        return True

    def learned(self, uri: str, diagnostics: list[lsp.Diagnostic]) -> None:
        """What is open and saved is what is on disk."""
        if uri in self._found:
            self._found[uri] = diagnostics

    async def _replace(self, folders: list[Folder], token: lsp.ProgressToken | None = None) -> int:
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._all(folders, token))
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._task is not None and self._task.cancelled():
                return 0
            raise

    async def _all(self, folders: list[Folder], token: lsp.ProgressToken | None) -> int:
        found: dict[str, list[lsp.Diagnostic]] = {}
        for folder in folders:
            progress = _Progress(self._server, folder, token)
            await progress.begin()
            try:
                found |= await self._folder(folder, progress)
            finally:
                progress.end()
        opened = set(self._server.documents.opened().values())
        for uri in self._found.keys() - found.keys() - opened:
            self._server.withdraw(uri)
        self._found = found
        for uri, diagnostics in found.items():
            if uri not in opened:
                self._server.push_closed(uri, diagnostics)
        return sum(len(diagnostics) for uri, diagnostics in found.items() if uri not in opened)

    async def _folder(self, folder: Folder, progress: _Progress) -> dict[str, list[lsp.Diagnostic]]:
        documents = self._server.documents
        opened = [document for key in documents.opened() if (document := documents.get(key)) is not None]
        units = documents.units

        def work(token: Token) -> dict[str, list[lsp.Diagnostic]]:
            return _scanned(self._server.engine, token, folder, opened, units, progress.report)

        future = self._server.worker.submit(work, later=True)
        progress.cancels(future)
        return await future


def _scanned(
    engine: Engine,
    token: Token,
    folder: Folder,
    opened: list[Document],
    units: Units,
    step: Callable[[int, int], None],
) -> dict[str, list[lsp.Diagnostic]]:
    """The diagnostics of all files of a folder that have any, by URI. Runs in the worker."""
    paths = find([folder.root], folder.configuration).files
    settings = folder.settings(paths)
    sources = [document.source for document in opened if isinstance(document.source, Source)]
    inputs: list[Input] = with_sources(paths, sources)
    report = engine.run(token, linting.scan, inputs, settings, noted=step)
    documents = {document.key: document for document in opened}
    found = {}
    for file in report.files:
        source = file.source
        if source is None or source.is_notebook or not file.findings:
            continue                    # an editor shows the findings of a notebook in its cells, once it is open
        document = documents.get(file.path) or _on_disk(source, units)
        findings = new_findings(file.findings, source, settings)
        result = Result(document, settings, documents=documents, findings=findings)
        found.update(by_part(document, result.findings, documents))
    return found


def _on_disk(source: Source, units: Units) -> Document:
    uri = uri_of(source.path)
    return Document(source.path, uri, None, source, (Part(uri, None, source),), units)


class _Progress:
    """The progress bar of one folder, where the client has one. `report` may be called from the worker."""

    def __init__(self, server: Server, folder: Folder, token: lsp.ProgressToken | None) -> None:
        self._server = server
        self._folder = folder
        self._token = token
        self._loop = asyncio.get_running_loop()
        self._last = 0

    async def begin(self) -> None:
        progress = self._server.work_done_progress
        if self._token is None and self._server.client.shows_progress:
            token = str(uuid.uuid4())
            try:
                await progress.create_async(token)
            except Exception as error:
                _log.warning("no progress bar: %s", error)
                return
            self._token = token
        if self._token is not None:
            title = f"{NAME}: {self._folder.root}"
            progress.begin(self._token, lsp.WorkDoneProgressBegin(title, cancellable=True, percentage=0))

    def cancels(self, future: asyncio.Future[dict[str, list[lsp.Diagnostic]]]) -> None:
        """The client's button cancels `future`."""
        if self._token is None:
            return
        wanted = self._server.work_done_progress.tokens.get(self._token)
        if wanted is not None:
            wanted.add_done_callback(lambda done: future.cancel() if done.cancelled() else None)

    def report(self, done: int, total: int) -> None:
        share = 100 * done // total if total else 0
        if self._token is not None and share >= self._last + _STEP:
            self._last = share
            self._loop.call_soon_threadsafe(self._tell, done, total, share)

    def _tell(self, done: int, total: int, share: int) -> None:
        if self._token is not None:
            value = lsp.WorkDoneProgressReport(message=f"{done} of {total} files", percentage=share)
            self._server.work_done_progress.report(self._token, value)

    def end(self) -> None:
        if self._token is not None:
            self._server.work_done_progress.end(self._token, lsp.WorkDoneProgressEnd())
            self._server.work_done_progress.tokens.pop(self._token, None)
            self._token = None
