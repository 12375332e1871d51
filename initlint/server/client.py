"""What the client said it can do, as yes or no."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types as lsp


@dataclass(frozen=True)
class Client:
    """Capabilities that the server asks about, and `show_places`, the client's command for showing locations."""

    pulls: bool = False
    refreshes_diagnostics: bool = False
    refreshes_hints: bool = False
    refreshes_lenses: bool = False
    resolves_edits: bool = False
    has_configuration: bool = False
    watches_files: bool = False
    registers_configuration: bool = False
    shows_progress: bool = False
    show_places: str | None = None

    @classmethod
    def of(cls, params: lsp.InitializeParams) -> Client:
        text = params.capabilities.text_document or lsp.TextDocumentClientCapabilities()
        workspace = params.capabilities.workspace or lsp.WorkspaceClientCapabilities()
        window = params.capabilities.window or lsp.WindowClientCapabilities()
        action = text.code_action
        resolved = action.resolve_support.properties if action is not None and action.resolve_support else ()
        watched, configured = workspace.did_change_watched_files, workspace.did_change_configuration
        options = params.initialization_options
        places = options.get("showPlaces") if isinstance(options, dict) else None
        return cls(
            pulls=text.diagnostic is not None,
            refreshes_diagnostics=bool(workspace.diagnostics and workspace.diagnostics.refresh_support),
            refreshes_hints=bool(workspace.inlay_hint and workspace.inlay_hint.refresh_support),
            refreshes_lenses=bool(workspace.code_lens and workspace.code_lens.refresh_support),
            resolves_edits="edit" in resolved and bool(action and action.data_support),
            has_configuration=bool(workspace.configuration),
            watches_files=bool(watched and watched.dynamic_registration),
            registers_configuration=bool(configured and configured.dynamic_registration),
            shows_progress=bool(window.work_done_progress),
            show_places=places if isinstance(places, str) else None,
        )
