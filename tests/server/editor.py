"""An editor, as far as the protocol goes: a client in this process, talking through pipes to a server in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.io_ import StdoutWriter, run_async
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from initlint.server.documents import uri_of
from initlint.server.engine import Engine
from initlint.server.handlers import create

ENGINE = Engine()
"""One process that lints, for all tests: to start one takes longer than most of them."""
WAIT = 20.0
"""Seconds until a test gives up; nothing is measured by it."""


@dataclass
class Editor:
    """The client, and what the server told it. `root` is the workspace's folder."""

    client: LanguageClient
    root: Path
    published: asyncio.Queue[lsp.PublishDiagnosticsParams] = field(default_factory=asyncio.Queue)
    edits: list[lsp.ApplyWorkspaceEditParams] = field(default_factory=list)
    refreshed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    registered: list[lsp.Registration] = field(default_factory=list)
    shown: dict[str, lsp.PublishDiagnosticsParams] = field(default_factory=dict)
    initialized: lsp.InitializeResult = field(init=False)

    def uri(self, name: str) -> str:
        return uri_of(str(self.root / name))

    def write(self, name: str, text: str) -> str:
        """A file on disk; its URI."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self.uri(name)

    def open(self, name: str, text: str, version: int = 1) -> str:
        """Opens a document, which need not be on disk; its URI."""
        uri = name if ":" in name else self.uri(name)
        item = lsp.TextDocumentItem(uri=uri, language_id="python", version=version, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, version: int, text: str, where: lsp.Range | None = None) -> None:
        """Puts `text` in place of a stretch, or of everything."""
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        change = whole if where is None else lsp.TextDocumentContentChangePartial(range=where, text=text)
        name = lsp.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(name, [change]))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    async def told(self, uri: str, version: int | None = None, count: int | None = None) -> list[lsp.Diagnostic]:
        """The next diagnostics of a document: of this version, so many, where that is asked for."""

        def fits(params: lsp.PublishDiagnosticsParams) -> bool:
            return (
                params.uri == uri
                and (version is None or params.version == version)
                and (count is None or len(params.diagnostics) == count)
            )

        while True:
            params = await asyncio.wait_for(self.published.get(), WAIT)
            if fits(params):
                return list(params.diagnostics)

    async def pull(self, uri: str) -> list[lsp.Diagnostic]:
        params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
        report = await self._answer(self.client.text_document_diagnostic_async(params))
        return list(report.items)

    async def actions(
        self, uri: str, where: lsp.Range, diagnostics: Sequence[lsp.Diagnostic] = (), only: Sequence[str] | None = None
    ) -> list[lsp.CodeAction]:
        context = lsp.CodeActionContext(list(diagnostics), only=None if only is None else list(only))
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context)
        return list(await self._answer(self.client.text_document_code_action_async(params)) or ())

    async def resolve(self, action: lsp.CodeAction) -> lsp.CodeAction:
        found: lsp.CodeAction = await self._answer(self.client.code_action_resolve_async(action))
        return found

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        params = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
        found = await self._answer(self.client.text_document_hover_async(params))
        return None if found is None else str(found.contents.value)

    async def hints(self, uri: str, lines: int = 1000) -> list[lsp.InlayHint]:
        params = lsp.InlayHintParams(lsp.TextDocumentIdentifier(uri), span(0, 0, lines, 0))
        return list(await self._answer(self.client.text_document_inlay_hint_async(params)) or ())

    async def lenses(self, uri: str) -> list[lsp.CodeLens]:
        params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
        return list(await self._answer(self.client.text_document_code_lens_async(params)) or ())

    async def configure(self, settings: dict[str, Any]) -> None:
        """The user changes settings."""
        self.client.set_configuration(settings, section="initlint")
        self.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=None))

    def touched(self, name: str, kind: lsp.FileChangeType = lsp.FileChangeType.Changed) -> None:
        """A file changed on disk."""
        event = lsp.FileEvent(self.uri(name), kind)
        self.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))

    async def _answer(self, request: Any) -> Any:
        return await asyncio.wait_for(request, WAIT)


def span(line: int, character: int, end_line: int, end_character: int) -> lsp.Range:
    return lsp.Range(lsp.Position(line, character), lsp.Position(end_line, end_character))


def applied(text: str, edits: Sequence[Any]) -> str:
    """`text` (of characters of one UTF-16 unit) after a client made `edits`."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(position: lsp.Position) -> int:
        return starts[min(position.line, len(starts) - 1)] + position.character

    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        text = text[:offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end):]
    return text


def changed(action: lsp.CodeAction, text: str) -> str:
    """`text` after the client carried out an action on its one document."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    assert isinstance(change, lsp.TextDocumentEdit)
    return applied(text, change.edits)


def capabilities(
    *, pull: bool = False, encodings: Sequence[str] = ("utf-16",), lazy: bool = True, configuration: bool = True
) -> lsp.ClientCapabilities:
    found = client_capabilities("visual-studio-code")
    found.general = found.general or lsp.GeneralClientCapabilities()
    found.general.position_encodings = list(encodings)
    assert found.text_document is not None
    assert found.workspace is not None
    found.text_document.diagnostic = lsp.DiagnosticClientCapabilities() if pull else None
    found.workspace.diagnostics = lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    found.workspace.inlay_hint = lsp.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    found.workspace.configuration = configuration
    found.notebook_document = lsp.NotebookDocumentClientCapabilities(lsp.NotebookDocumentSyncClientCapabilities())
    assert found.text_document.code_action is not None
    found.text_document.code_action.data_support = lazy
    if not lazy:
        found.text_document.code_action.resolve_support = None
    return found


@contextlib.asynccontextmanager
async def editor(
    root: Path,
    *,
    settings: dict[str, Any] | None = None,
    folders: Sequence[Path] | None = None,
    options: Any = None,
    told: lsp.ClientCapabilities | None = None,
) -> AsyncIterator[Editor]:
    """A session from `initialize` to `exit`."""
    client = LanguageClient(converter_factory=default_converter)
    found = Editor(client, root)
    _listen(found)
    if settings is not None:
        client.set_configuration(settings, section="initlint")
    to_server, from_server = os.pipe(), os.pipe()
    with os.fdopen(to_server[0], "rb") as reads, os.fdopen(from_server[1], "wb") as writes:
        thread = threading.Thread(target=create(engine=ENGINE).start_io, args=(reads, writes), daemon=True)
        thread.start()
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        pipe = os.fdopen(from_server[0], "rb")
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        sends = os.fdopen(to_server[1], "wb")
        client.protocol.set_writer(StdoutWriter(sends))
        task = asyncio.create_task(run_async(threading.Event(), reader, client.protocol))  # type: ignore[arg-type]
        spaces = [lsp.WorkspaceFolder(uri_of(str(folder)), folder.name) for folder in folders or (root,)]
        try:
            client.capabilities = told or capabilities()
            params = lsp.InitializeParams(
                capabilities=client.capabilities, workspace_folders=spaces, initialization_options=options
            )
            found.initialized = await asyncio.wait_for(client.initialize_async(params), WAIT)
            client.initialized(lsp.InitializedParams())
            yield found
            await asyncio.wait_for(client.shutdown_async(None), WAIT)
            client.exit(None)
        finally:
            task.cancel()
            with contextlib.suppress(OSError):
                sends.close()
            await asyncio.to_thread(thread.join, WAIT)
            transport.close()
    assert not thread.is_alive()


def _listen(found: Editor) -> None:
    def on_publish(params: lsp.PublishDiagnosticsParams) -> None:
        found.shown[params.uri] = params
        found.published.put_nowait(params)

    def on_apply(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        found.edits.append(params)
        return lsp.ApplyWorkspaceEditResult(applied=True)

    def on_register(params: lsp.RegistrationParams) -> None:
        found.registered.extend(params.registrations)

    def refresh(method: str) -> Any:
        def on_refresh(params: None) -> None:
            found.refreshed.put_nowait(method)

        return on_refresh

    own = {
        lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: on_publish,
        lsp.WORKSPACE_APPLY_EDIT: on_apply,
        lsp.CLIENT_REGISTER_CAPABILITY: on_register,
        lsp.WORKSPACE_DIAGNOSTIC_REFRESH: refresh("diagnostics"),
        lsp.WORKSPACE_INLAY_HINT_REFRESH: refresh("hints"),
        lsp.WORKSPACE_CODE_LENS_REFRESH: refresh("lenses"),
    }
    register_lsp_features(found.client, DEFAULT_CLIENT_FEATURES | own)
