"""The server: what it knows of its client, and what it tells it without being asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Final

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from initlint import __version__
from initlint.report.document import NAME
from initlint.server.analysis import Analysis, Result
from initlint.server.client import Client
from initlint.server.diagnostics import by_part
from initlint.server.documents import Documents, key_of, uri_of
from initlint.server.engine import Engine
from initlint.server.folders import CommandLine, Folders
from initlint.server.preferences import SECTION, Preferences, preferences
from initlint.server.scan import Scan
from initlint.server.worker import Worker

_log = logging.getLogger(__name__)

_NOTEBOOKS: Final = lsp.NotebookDocumentSyncOptions(
    notebook_selector=[
        lsp.NotebookDocumentFilterWithCells(
            notebook="jupyter-notebook", cells=[lsp.NotebookCellLanguage(language="python")]
        )
    ],
    save=True,
)


class Server(LanguageServer):
    """One client, its documents, and the analysis of them. An `engine` that is given is left running at the end."""

    def __init__(self, command_line: CommandLine, engine: Engine | None = None) -> None:
        super().__init__(
            NAME,
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental,
            notebook_document_sync=_NOTEBOOKS,
            max_workers=2,
        )
        self.client = Client()
        self.worker = Worker()
        self.engine = engine or Engine()
        self._owns_engine = engine is None
        self.folders = Folders(command_line)
        self.initial_settings: object = None
        self.finished = False
        self._pushed_settings: object = None
        self._documents: Documents | None = None
        self._analysis: Analysis | None = None
        self._scan: Scan | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._told: dict[str, tuple[lsp.Diagnostic, ...]] = {}        # what the client shows, by URI
        self._fault_uris: set[str] = set()
        self._layers: dict[str, object] = {}

    # state

    def begin(self, params: lsp.InitializeParams) -> None:
        """The client said who it is."""
        self.client = Client.of(params)
        options = params.initialization_options
        if isinstance(options, dict):
            self.initial_settings = options.get("settings", options.get(SECTION))
        self._documents = Documents(self.workspace)
        self._analysis = Analysis(self._documents, self.folders, self.worker, self.engine, self._on_results)
        self._scan = Scan(self)
        self._set_folders({None: self._read_preferences(self.initial_settings)})

    @property
    def documents(self) -> Documents:
        assert self._documents is not None
        return self._documents

    @property
    def analysis(self) -> Analysis:
        assert self._analysis is not None
        return self._analysis

    @property
    def scan(self) -> Scan:
        assert self._scan is not None
        return self._scan

    def preferences_of(self, uri: str) -> Preferences:
        return self.folders.of(self.documents.key(uri)).preferences

    async def current(self, uri: str) -> Result | None:
        """The result for the document that holds `uri`, as it is now; None where it is not open."""
        return await self.analysis.result(self.documents.key(uri))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs something in the background; what goes wrong in it is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("in the background: %s", error, exc_info=error)

    def finish(self) -> None:
        """The client says goodbye."""
        self.finished = True
        for task in list(self._tasks):
            task.cancel()
        # pygls ends what is under way itself, yet fails where a future takes itself out of what it goes through.
        for ident, future in list(self.protocol._request_futures.items()):
            if ident != self.protocol.msg_id:
                future.cancel()
        if self._analysis is not None:
            self._analysis.stop()
        if self._owns_engine:
            self.engine.stop()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A client's mistake is answered where there is a request to answer; it is no reason to disturb people."""
        _log.warning("%s: %s", getattr(source, "__name__", source), error)

    # configuration

    def _roots(self) -> list[str]:
        roots = [to_fs_path(folder.uri) for folder in self.workspace.folders.values()]
        found = [key_of(uri_of(root)) for root in roots if root]
        if not found and self.workspace.root_path:
            found = [key_of(uri_of(self.workspace.root_path))]
        return found

    def _set_folders(self, told: dict[str | None, Preferences]) -> None:
        self.folders.set(self._roots(), told)

    async def configure(self, pushed: object = None) -> None:
        """Asks the client for its settings (where it cannot be asked: takes what it sent), and judges all anew."""
        if pushed is not None:
            self._pushed_settings = pushed
        roots = self._roots()
        told: dict[str | None, Preferences] = {}
        if self.client.has_configuration:
            items = [lsp.ConfigurationItem(section=SECTION)]
            items += [lsp.ConfigurationItem(scope_uri=uri_of(root), section=SECTION) for root in roots]
            answer: Sequence[object] = ()
            try:
                answer = await self.workspace_configuration_async(lsp.ConfigurationParams(items=items))
            except Exception as error:
                _log.warning("the client does not tell its settings: %s", error)
            for root, raw in zip((None, *roots), answer, strict=False):
                told[root] = self._read_preferences(self.initial_settings if raw is None else raw)
        if not told:
            raw = self._pushed_settings if self._pushed_settings is not None else self.initial_settings
            told[None] = self._read_preferences(raw)
        self.folders.set(roots, told)
        self.reload()

    def _read_preferences(self, raw: object) -> Preferences:
        found, problems = preferences(raw)
        for problem in problems:
            self._log_message(problem)
        return found

    def reload(self) -> None:
        """Reads all configuration files anew and judges everything that is open."""
        self.folders.forget()
        self.analysis.touch()
        for folder in self.folders.all:
            self.spawn(self.analysis.index(folder))
        self.scan.refresh()

    def _log_message(self, message: str) -> None:
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, f"{NAME}: {message}"))

    # telling

    def _on_results(self, results: Iterable[Result]) -> None:
        others = False
        hints = False
        for result in results:
            others |= self._publish(result)
            shown = result.layers, result.report.layers
            hints |= self._layers.get(result.document.key) != shown
            self._layers[result.document.key] = shown
        self._tell_faults()
        if others and self.client.pulls and self.client.refreshes_diagnostics:
            self.workspace_diagnostic_refresh(None)
        if hints and self.client.refreshes_hints:
            self.workspace_inlay_hint_refresh(None)
        if hints and self.client.refreshes_lenses:
            self.workspace_code_lens_refresh(None)

    def _publish(self, result: Result) -> bool:
        """Tells the diagnostics of a document; whether a client that pulls them should do so again."""
        document = result.document
        stale = False
        for uri, diagnostics in self.diagnostics(result).items():
            new = tuple(diagnostics)
            if self.client.pulls and not document.is_notebook:
                stale |= self._told.get(uri) != new
                continue
            part = document.part(uri)
            self._push(uri, new, None if part is None else part.version)
        return stale

    def diagnostics(self, result: Result) -> dict[str, list[lsp.Diagnostic]]:
        """By the URI of each text document of a result's document."""
        return by_part(result.document, result.findings, result.documents)

    def pulled(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> None:
        """The client asked and was told."""
        self._told[uri] = tuple(diagnostics)

    def _push(self, uri: str, diagnostics: tuple[lsp.Diagnostic, ...], version: int | None) -> None:
        self._told[uri] = diagnostics
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, list(diagnostics), version))

    def push_closed(self, uri: str, diagnostics: Iterable[lsp.Diagnostic]) -> None:
        """The diagnostics of a file that is not open."""
        self._push(uri, tuple(diagnostics), None)

    def withdraw(self, uri: str) -> None:
        """The document is closed: nothing is shown for it any more."""
        told = self._told.pop(uri, ())
        if told or not self.client.pulls:
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def _tell_faults(self) -> None:
        """What is wrong with configuration files, in the files themselves."""
        faults = {(fault.file, fault.line or 1, fault.message) for fault in self.folders.faults}
        found: dict[str, list[lsp.Diagnostic]] = {}
        for file, line, message in sorted(faults):
            where = lsp.Range(lsp.Position(line - 1, 0), lsp.Position(line, 0))
            severity = lsp.DiagnosticSeverity.Error
            uri = uri_of(file)
            found.setdefault(uri, []).append(lsp.Diagnostic(where, message, severity, source=NAME))
        for uri in self._fault_uris - found.keys():
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))
        for uri, diagnostics in found.items():
            if uri not in self._fault_uris:
                message = f"{NAME}: {diagnostics[0].message}; the defaults hold until it is mended"
                self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics))
        self._fault_uris = set(found)
