"""Diagnostics, pushed and pulled: where they stand, what they carry, and that none is ever of an older text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.server.editor import capabilities, editor, span

pytestmark = pytest.mark.asyncio

BAD = """from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_normal(self.fc.weight)
"""
ASTRAL = BAD.replace("        nn.init", "        s = '\U0001F600'; nn.init")
CALL = 7           # the line of the call, from 0
END = 29           # the column at which the name of the function ends


async def test_what_the_server_says_it_can_do(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        told = client.initialized.capabilities
        assert isinstance(told.text_document_sync, lsp.TextDocumentSyncOptions)
        assert told.text_document_sync.change == lsp.TextDocumentSyncKind.Incremental
        assert told.workspace is not None
        assert told.workspace.workspace_folders is not None
        assert told.workspace.workspace_folders.supported
        assert told.notebook_document_sync is not None
        assert told.execute_command_provider is not None
        assert {"initlint.fixAll", "initlint.scanWorkspace"} <= set(told.execute_command_provider.commands)
        assert client.initialized.server_info is not None
        assert client.initialized.server_info.name == "initlint"


async def test_a_finding_is_pushed_and_goes_with_the_edit_that_mends_it(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", BAD)
        (found,) = await client.told(uri, 1)
        assert (found.code, found.source) == ("INI010", "initlint")
        assert found.range.start.line == CALL
        assert found.code_description is not None
        assert found.code_description.href.endswith("deprecated_init_alias.py")
        assert list(found.tags or ()) == [lsp.DiagnosticTag.Deprecated]
        client.change(uri, 2, "_", span(CALL, END, CALL, END))
        assert await client.told(uri, 2) == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 20), ("utf-16", 18), ("utf-32", 17)])
async def test_columns_count_in_the_units_agreed_on(tmp_path: Path, encoding: str, column: int) -> None:
    async with editor(tmp_path, told=capabilities(encodings=[encoding])) as client:
        assert client.initialized.capabilities.position_encoding == encoding
        uri = client.open("m.py", ASTRAL)
        (found,) = await client.told(uri, 1)
        assert found.range.start == lsp.Position(CALL, column)
        # and back: the insertion lands where the client meant it
        client.change(uri, 2, "_", lsp.Range(*[lsp.Position(CALL, column + len("nn.init.xavier_normal"))] * 2))
        assert await client.told(uri, 2) == []


@pytest.mark.parametrize("character", ["\f", "\u2028", "\x85", "\x1c", "\v"])
async def test_lines_end_where_the_protocol_says(tmp_path: Path, character: str) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", f"# a{character}b\n{BAD}")
        await client.told(uri, 1, 1)
        client.change(uri, 2, "_", span(CALL + 1, END, CALL + 1, END))
        assert await client.told(uri, 2) == []


async def test_a_syntax_error_is_a_finding_and_goes(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", BAD + "def (\n")
        (found,) = await client.told(uri, 1)
        assert found.code == "INI900"
        assert found.severity == lsp.DiagnosticSeverity.Error
        client.change(uri, 2, BAD)
        assert [each.code for each in await client.told(uri, 2)] == ["INI010"]


async def test_only_the_newest_text_is_told_of(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", BAD)
        for version in range(2, 30):
            client.change(uri, version, f"# {version}\n" if version % 2 else BAD)
        await client.told(uri, 29, 0)
        versions = [params.version for params in list(client.shown.values()) if params.uri == uri]
        assert versions == [29]


async def test_closing_clears(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", BAD)
        await client.told(uri, 1, 1)
        client.close(uri)
        assert await client.told(uri, count=0) == []


async def test_pulled_diagnostics_are_not_pushed(tmp_path: Path) -> None:
    async with editor(tmp_path, told=capabilities(pull=True)) as client:
        uri = client.open("m.py", BAD)
        assert [each.code for each in await client.pull(uri)] == ["INI010"]
        client.change(uri, 2, "_", span(CALL, END, CALL, END))
        assert await client.pull(uri) == []
        assert uri not in client.shown
        assert await client.pull(client.uri("unknown.py")) == []


async def test_files_of_other_languages_and_excluded_ones_are_left_alone(tmp_path: Path) -> None:
    async with editor(tmp_path, told=capabilities(pull=True)) as client:
        uri = client.open("node_modules/m.py", BAD)
        assert await client.pull(uri) == []
        item = lsp.TextDocumentItem(client.uri("m.txt"), "plaintext", 1, BAD)
        client.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        assert await client.pull(item.uri) == []


async def test_untitled_documents_are_linted_by_themselves(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("untitled:Untitled-1", BAD)
        assert [each.code for each in await client.told(uri, 1)] == ["INI010"]
