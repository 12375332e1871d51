"""What the client asks and says, method by method."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any, Final

from lsprotocol import types as lsp

from initlint.report.document import NAME
from initlint.server import lookup
from initlint.server.actions import KINDS, Wanted, actions, fix_edit
from initlint.server.app import Server
from initlint.server.documents import key_of
from initlint.server.engine import Engine
from initlint.server.folders import CommandLine, is_configuration
from initlint.server.preferences import SECTION

_log = logging.getLogger(__name__)

FIX_ALL_COMMAND: Final = f"{NAME}.fixAll"
SCAN_COMMAND: Final = f"{NAME}.scanWorkspace"
_WATCHED: Final = ("**/pyproject.toml", "**/initlint.toml", "**/.initlint.toml", "**/*.py", "**/*.ipynb")


def create(command_line: CommandLine | None = None, engine: Engine | None = None) -> Server:
    """A server that answers everything it can."""
    server = Server(command_line or CommandLine(), engine)
    _lifecycle(server)
    _documents(server)
    _workspace(server)
    _diagnostics(server)
    _actions(server)
    _looking(server)
    return server


def _lifecycle(server: Server) -> None:
    @server.feature(lsp.INITIALIZE)
    def initialize(ls: Server, params: lsp.InitializeParams) -> None:
        ls.begin(params)

    @server.feature(lsp.INITIALIZED)
    async def initialized(ls: Server, params: lsp.InitializedParams) -> None:
        registrations = []
        if ls.client.watches_files:
            watchers = [lsp.FileSystemWatcher(glob_pattern=pattern) for pattern in _WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            registrations.append(
                lsp.Registration(f"{NAME}-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, register_options=options)
            )
        if ls.client.registers_configuration:
            section = lsp.DidChangeConfigurationRegistrationOptions(section=SECTION)
            registrations.append(
                lsp.Registration(f"{NAME}-settings", lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, register_options=section)
            )
        if registrations:
            ls.spawn(_register(ls, registrations))
        ls.spawn(ls.configure())

    @server.feature(lsp.SHUTDOWN)
    def shutdown(ls: Server, params: None) -> None:
        ls.finish()


async def _register(ls: Server, registrations: list[lsp.Registration]) -> None:
    await ls.client_register_capability_async(lsp.RegistrationParams(registrations))


def _documents(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.scan.opened(params.text_document.uri)
        ls.analysis.touch([ls.documents.changed(params.text_document.uri)])

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.analysis.touch([ls.documents.changed(params.text_document.uri)])

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        key = key_of(params.text_document.uri)
        if is_configuration(key):
            ls.reload()
            return
        result = await ls.current(params.text_document.uri)
        if result is not None:
            for uri, diagnostics in ls.diagnostics(result).items():
                ls.scan.learned(uri, diagnostics)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.analysis.close(ls.documents.changed(uri))
        if not ls.scan.closed(uri):
            ls.withdraw(uri)

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_OPEN)
    async def notebook_open(ls: Server, params: lsp.DidOpenNotebookDocumentParams) -> None:
        ls.analysis.touch([_notebook_changed(ls, params.notebook_document.uri)])

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CHANGE)
    async def notebook_change(ls: Server, params: lsp.DidChangeNotebookDocumentParams) -> None:
        structure = params.change.cells.structure if params.change.cells is not None else None
        for cell in (structure.did_close if structure is not None else None) or ():
            ls.withdraw(cell.uri)
        ls.analysis.touch([_notebook_changed(ls, params.notebook_document.uri)])

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE)
    async def notebook_close(ls: Server, params: lsp.DidCloseNotebookDocumentParams) -> None:
        ls.analysis.close(_notebook_changed(ls, params.notebook_document.uri))
        for cell in params.cell_text_documents:
            ls.withdraw(cell.uri)


def _notebook_changed(ls: Server, uri: str) -> str:
    key = key_of(uri)
    ls.documents.forget(key)
    return key


def _workspace(server: Server) -> None:
    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(ls: Server, params: lsp.DidChangeConfigurationParams) -> None:
        raw = params.settings
        ls.spawn(ls.configure(raw.get(SECTION, raw) if isinstance(raw, dict) else None))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_folders(ls: Server, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        ls.spawn(ls.configure())

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
        paths = [key_of(change.uri) for change in params.changes]
        if any(is_configuration(path) for path in paths):
            ls.reload()
            return
        opened = ls.documents.opened()
        closed = [path for path in paths if path not in opened and os.path.isabs(path)]
        if closed:
            ls.analysis.touch()
            for root in sorted({ls.folders.of(path).root for path in closed}):
                for folder in ls.folders.all:
                    if folder.root == root:
                        ls.spawn(ls.analysis.index(folder))

    @server.command(SCAN_COMMAND)
    async def scan(ls: Server, *_: Any) -> int:
        return await ls.scan.run()


def _diagnostics(server: Server) -> None:
    options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=NAME)

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def pull(ls: Server, params: lsp.DocumentDiagnosticParams) -> lsp.RelatedFullDocumentDiagnosticReport:
        uri = params.text_document.uri
        result = await ls.current(uri)
        if result is None or result.document.is_notebook:
            # clients that pull for files do not pull for cells (or show them twice): those are pushed
            return lsp.RelatedFullDocumentDiagnosticReport(items=[])
        items = ls.diagnostics(result).get(result.document.parts[0].uri, [])
        ls.pulled(uri, items)
        return lsp.RelatedFullDocumentDiagnosticReport(items=items)


def _actions(server: Server) -> None:
    options = lsp.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        result = await ls.current(uri)
        if result is None:
            return []
        told = ls.preferences_of(uri)
        only = params.context.only
        wanted = Wanted(
            uri=uri,
            range=params.range,
            diagnostics=tuple(params.context.diagnostics),
            only=None if only is None else tuple(str(getattr(kind, "value", kind)) for kind in only),
            lazy=ls.client.resolves_edits,
            fix_all=told.fix_all,
            disable_comment=told.disable_comment,
        )
        slim = result.without_layers()
        return await ls.worker.submit(lambda token: ls.engine.run(token, actions, slim, wanted))

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    async def resolve(ls: Server, action: lsp.CodeAction) -> lsp.CodeAction:
        data = action.data
        if action.edit is None and isinstance(data, dict) and isinstance(data.get("uri"), str):
            code = data.get("code")
            action.edit = await _fixed(ls, data["uri"], code if isinstance(code, str) else None)
        return action

    @server.command(FIX_ALL_COMMAND)
    async def fix_all(ls: Server, uri: str) -> bool:
        edit = await _fixed(ls, uri, None)
        if edit is None:
            return False
        params = lsp.ApplyWorkspaceEditParams(edit, label=f"{NAME}: fix all")
        return (await ls.workspace_apply_edit_async(params)).applied


async def _fixed(ls: Server, uri: str, code: str | None) -> lsp.WorkspaceEdit | None:
    """All fixes of a file (of one rule), None where there are none."""
    result = await ls.current(uri)
    if result is None:
        return None
    slim = result.without_layers()
    return await ls.worker.submit(lambda token: ls.engine.run(token, fix_edit, slim, code))


def _looking(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        uri = params.text_document.uri
        document = ls.documents.at(uri)
        if document is None or not ls.preferences_of(uri).hover:
            return None
        # The newest result there is will do: a lint of a large file must not keep anyone waiting.
        result = ls.analysis.last(document.key) or await ls.analysis.result(document.key)
        document = ls.documents.at(uri)
        return None if document is None else lookup.hover(document, result, uri, params.position)

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT, lsp.InlayHintOptions(resolve_provider=False))
    async def inlay_hint(ls: Server, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        uri = params.text_document.uri
        if not ls.preferences_of(uri).inlay_hints:
            return []
        result = await ls.current(uri)
        return [] if result is None else lookup.inlay_hints(result, uri, params.range)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=False))
    async def code_lens(ls: Server, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        uri = params.text_document.uri
        if not ls.preferences_of(uri).code_lens:
            return []
        result = await ls.current(uri)
        if result is None:
            return []
        return await asyncio.to_thread(lookup.lenses, result, uri, ls.client.show_places)
