"""Notebooks: one program over the cells, each cell a document of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.server.editor import Editor, applied, capabilities, editor, span

pytestmark = pytest.mark.asyncio

IMPORTS = "%matplotlib inline\nimport torch.nn as nn\nfrom torch.nn import init"
NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        init.xavier_normal(self.fc.weight)  # \U0001F600

    def forward(self, x):
        return nn.functional.tanh(self.fc(x))"""
USE = "net = Net()\n!ls\ninit.xavier_normal(net.fc.weight)\n"
FORMS = ("# A title", IMPORTS, NET, USE)


def cell(client: Editor, number: int) -> str:
    return client.uri("n.ipynb").replace("file:", "vscode-notebook-cell:") + f"#c{number}"


def opened(client: Editor, texts: tuple[str, ...] = FORMS) -> list[str]:
    """Opens a notebook whose first cell is Markdown; the URIs of its cells."""
    uris = [cell(client, number) for number in range(len(texts))]
    kinds = [lsp.NotebookCellKind.Markup, *[lsp.NotebookCellKind.Code] * (len(texts) - 1)]
    cells = [lsp.NotebookCell(kind=kind, document=uri) for kind, uri in zip(kinds, uris, strict=True)]
    languages = ["markdown", *["python"] * (len(texts) - 1)]
    items = [
        lsp.TextDocumentItem(uri, language, 1, text)
        for uri, language, text in zip(uris, languages, texts, strict=True)
    ]
    notebook = lsp.NotebookDocument(client.uri("n.ipynb"), "jupyter-notebook", 1, cells)
    client.client.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(notebook, items[1:]))
    return uris


def edited(client: Editor, uri: str, version: int, text: str) -> None:
    change = lsp.NotebookDocumentCellContentChanges(
        lsp.VersionedTextDocumentIdentifier(uri=uri, version=version), [lsp.TextDocumentContentChangeWholeDocument(text)]
    )
    client.client.notebook_document_did_change(
        lsp.DidChangeNotebookDocumentParams(
            lsp.VersionedNotebookDocumentIdentifier(version=version, uri=client.uri("n.ipynb")),
            lsp.NotebookDocumentChangeEvent(cells=lsp.NotebookDocumentCellChanges(text_content=[change])),
        )
    )


@pytest.mark.parametrize("pull", [False, True])
async def test_findings_are_pushed_to_their_cells(tmp_path: Path, pull: bool) -> None:
    async with editor(tmp_path, told=capabilities(pull=pull)) as client:
        _, imports, net, use = opened(client)
        (found,) = await client.told(net, 1)
        assert (found.code, found.range.start) == ("INI010", lsp.Position(4, 8))
        assert [(each.code, each.range.start.line) for each in await client.told(use, 1)] == [("INI010", 2)]
        assert list(client.shown[imports].diagnostics) == []
        if pull:
            assert await client.pull(net) == []
        edited(client, net, 2, NET.replace("xavier_normal(", "xavier_normal_("))
        assert await client.told(net, 2) == []
        assert len(client.shown[use].diagnostics) == 1


async def test_fixes_stay_in_their_cells(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        _, _, net, use = opened(client)
        (found,) = await client.told(net, 1)
        actions = await client.actions(net, found.range, [found])
        quick = actions[0].edit
        assert quick is not None
        assert quick.document_changes is not None
        (change,) = quick.document_changes
        assert isinstance(change, lsp.TextDocumentEdit)
        assert change.text_document.uri == net
        assert "xavier_normal_(self" in applied(NET, change.edits)
        (every,) = await client.actions(net, span(0, 0, 0, 0), only=["source.fixAll"])
        assert every.edit is not None
        assert every.edit.document_changes is not None
        texts = {net: NET, use: USE}
        for each in every.edit.document_changes:
            assert isinstance(each, lsp.TextDocumentEdit)
            texts[each.text_document.uri] = applied(texts[each.text_document.uri], each.edits)
        assert texts == {uri: text.replace("xavier_normal(", "xavier_normal_(") for uri, text in [(net, NET), (use, USE)]}


async def test_hints_hovers_and_comments_know_cells(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        _, imports, net, use = opened(client)
        (hint,) = await client.hints(net)
        assert hint.position.line == 3
        assert str(hint.label).startswith("→ Tanh · Xavier ✓")
        assert await client.hints(imports) == []
        assert "Net.fc" in (await client.hover(net, 3, 20) or "")
        actions = await client.actions(use, span(2, 3, 2, 3))
        (disable,) = [action for action in actions if "disable" in action.title]
        assert disable.edit is not None
        assert disable.edit.document_changes is not None
        change = disable.edit.document_changes[0]
        assert isinstance(change, lsp.TextDocumentEdit)
        assert applied(USE, change.edits) == USE.rstrip() + "  # noqa: INI010\n"


async def test_cells_come_and_go(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        _, _, net, use = opened(client)
        await client.told(use, 1, 1)
        name = lsp.VersionedNotebookDocumentIdentifier(version=2, uri=client.uri("n.ipynb"))
        new = cell(client, 9)
        array = lsp.NotebookCellArrayChange(
            start=3, delete_count=1, cells=[lsp.NotebookCell(lsp.NotebookCellKind.Code, new)]
        )
        structure = lsp.NotebookDocumentCellChangeStructure(
            array,
            did_open=[lsp.TextDocumentItem(new, "python", 1, USE.replace("!ls", "%pwd"))],
            did_close=[lsp.TextDocumentIdentifier(use)],
        )
        client.client.notebook_document_did_change(
            lsp.DidChangeNotebookDocumentParams(
                name, lsp.NotebookDocumentChangeEvent(cells=lsp.NotebookDocumentCellChanges(structure))
            )
        )
        assert await client.told(use, count=0) == []
        assert [each.code for each in await client.told(new, 1)] == ["INI010"]
        client.client.notebook_document_did_close(
            lsp.DidCloseNotebookDocumentParams(
                lsp.NotebookDocumentIdentifier(client.uri("n.ipynb")),
                [lsp.TextDocumentIdentifier(uri) for uri in (net, new)],
            )
        )
        assert await client.told(net, count=0) == []
