"""Settings: the editor's, those of each folder's files, and that a change of either takes hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from initlint.server.preferences import Preferences, preferences
from tests.server.editor import capabilities, editor
from tests.server.test_actions import TEXT

IGNORE = '[tool.initlint]\nignore = ["INI010"]\n'


@pytest.mark.asyncio
async def test_the_editor_s_settings_take_hold_at_once(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        assert {each.code for each in await client.told(uri, 1)} == {"INI010", "INI006"}
        await client.configure({"ignore": ["INI010"]})
        assert {each.code for each in await client.told(uri, 1, 1)} == {"INI006"}
        await client.configure({"select": ["deprecated-init-alias"]})
        assert {each.code for each in await client.told(uri, 1, 2)} == {"INI010"}
        await client.configure({"enable": False})
        assert await client.told(uri, 1, 0) == []


@pytest.mark.asyncio
async def test_a_configuration_file_is_read_anew_when_it_changes(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        assert len(await client.told(uri, 1)) == 3
        watched = [each for each in client.registered if each.method == lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        assert len(watched) == 1
        client.write("pyproject.toml", IGNORE)
        client.touched("pyproject.toml", lsp.FileChangeType.Created)
        assert {each.code for each in await client.told(uri, 1, 1)} == {"INI006"}
        # and by being saved, where nobody watches
        saved = client.write("pyproject.toml", "")
        client.save(saved)
        assert len(await client.told(uri, 1, 3)) == 3


@pytest.mark.asyncio
async def test_a_broken_configuration_is_shown_where_it_is_broken(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        await client.told(uri, 1)
        file = client.write("pyproject.toml", '[tool.initlint]\nselekt = ["INI010"]\n')
        client.touched("pyproject.toml")
        (fault,) = await client.told(file, count=1)
        assert fault.range.start.line == 1
        assert "did you mean `select`" in fault.message
        client.write("pyproject.toml", IGNORE)
        client.touched("pyproject.toml")
        assert await client.told(file, count=0) == []
        assert len(client.shown[uri].diagnostics) == 1


@pytest.mark.asyncio
async def test_each_folder_has_its_own_configuration(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (second / "initlint.toml").write_text('ignore = ["INI010"]\n', encoding="utf-8")
    async with editor(tmp_path, folders=[first]) as client:
        one = client.open("first/m.py", TEXT)
        assert len(await client.told(one, 1)) == 3
        two = client.open("second/m.py", TEXT)
        assert len(await client.told(two, 1)) == 1             # a file outside has the settings of its place
        added = lsp.WorkspaceFoldersChangeEvent(added=[lsp.WorkspaceFolder(client.uri("second"), "second")], removed=[])
        client.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(added))
        assert len(await client.told(two, 1)) == 1
        assert len(client.shown[one].diagnostics) == 3


@pytest.mark.asyncio
@pytest.mark.parametrize("options", [{"settings": {"ignore": ["INI010"]}}, {"initlint": {"ignore": ["INI010"]}}])
async def test_a_client_that_cannot_be_asked_says_it_at_the_start(tmp_path: Path, options: object) -> None:
    async with editor(tmp_path, options=options, told=capabilities(configuration=False)) as client:
        uri = client.open("m.py", TEXT)
        assert {each.code for each in await client.told(uri, 1)} == {"INI006"}
        settings = {"initlint": {"ignore": []}}
        client.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings=settings))
        assert len(await client.told(uri, 1, 3)) == 3


@pytest.mark.asyncio
async def test_the_workspace_is_scanned_where_the_user_says_so(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"scanWorkspace": True}) as client:
        closed = client.write("a.py", TEXT)
        assert len(await client.told(closed, count=3)) == 3
        assert client.client.progress_reports
        client.open("a.py", TEXT.replace("xavier_normal(", "xavier_normal_("))
        assert len(await client.told(closed, 1)) == 1
        client.close(closed)
        assert len(await client.told(closed, count=3)) == 3
        await client.configure({"scanWorkspace": False})
        assert await client.told(closed, count=0) == []


@pytest.mark.asyncio
async def test_a_scan_can_be_asked_for(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        client.write("a.py", TEXT)
        client.write("b.py", "import torch\n")
        uri = client.open("c.py", TEXT)
        await client.told(uri, 1, 3)
        found = await client.client.workspace_execute_command_async(lsp.ExecuteCommandParams("initlint.scanWorkspace"))
        assert found == 3


def test_preferences_that_cannot_be_are_named_and_left_out() -> None:
    found, problems = preferences({"enable": "yes", "select": "INI1", "inlayHints": False, "foreign": 1, "ignore": []})
    assert found == Preferences(inlay_hints=False, ignore=())
    assert problems == ("`initlint.enable` cannot be 'yes'", "`initlint.select` cannot be 'INI1'")
    assert preferences([1]) == (Preferences(), ("`initlint` is no table of settings",))
    assert preferences(None) == (Preferences(), ())
