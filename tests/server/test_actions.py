"""Code actions, carried out as an editor would."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.server.editor import Editor, applied, capabilities, changed, editor, span

pytestmark = pytest.mark.asyncio

TEXT = """import torch.nn as nn
from torch.nn import init


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)
        init.xavier_normal(self.one.weight)
        init.xavier_normal(self.two.weight)
        init.normal_(self.two.weight, 0.02)

    def forward(self, x):
        return self.two(self.one(x))
"""
FIRST = span(9, 8, 9, 8)
WHOLE = span(0, 0, 20, 0)
SAFE = TEXT.replace("xavier_normal(", "xavier_normal_(")


async def opened(client: Editor, text: str = TEXT) -> tuple[str, list[lsp.Diagnostic]]:
    uri = client.open("m.py", text)
    return uri, await client.told(uri, 1)


async def test_a_safe_fix_is_preferred_and_mends_its_finding_alone(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, diagnostics = await opened(client)
        mine = [each for each in diagnostics if each.range.start.line == 9]
        actions = await client.actions(uri, FIRST, mine, ["quickfix"])
        fix = actions[0]
        assert fix.title == "initlint (INI010): Use `xavier_normal_`"
        assert fix.is_preferred
        assert list(fix.diagnostics or ()) == mine
        assert changed(fix, TEXT) == TEXT.replace("xavier_normal(self.one", "xavier_normal_(self.one")
        assert fix.edit is not None
        assert fix.edit.document_changes is not None
        assert fix.edit.document_changes[0].text_document.version == 1  # type: ignore[union-attr]


async def test_an_unsafe_fix_says_so(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        actions = await client.actions(uri, span(11, 8, 11, 8), only=["quickfix"])
        (fix,) = [action for action in actions if action.title.startswith("initlint (INI006)")]
        assert fix.title.endswith(" (unsafe: changes numbers)")
        assert not fix.is_preferred
        assert changed(fix, TEXT) == TEXT.replace("weight, 0.02", "weight, std=0.02")


async def test_all_of_a_rule_is_worked_out_when_chosen(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        actions = await client.actions(uri, FIRST, only=["quickfix"])
        (every,) = [action for action in actions if action.title == "initlint: fix all INI010 in this file"]
        assert every.edit is None
        assert changed(await client.resolve(every), TEXT) == SAFE


async def test_a_client_that_cannot_ask_again_gets_the_edit_at_once(tmp_path: Path) -> None:
    async with editor(tmp_path, told=capabilities(lazy=False)) as client:
        uri, _ = await opened(client)
        actions = await client.actions(uri, FIRST)
        assert all(action.edit is not None for action in actions)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("source.fixAll", "source.fixAll"), ("source", "source.fixAll.initlint"),
     ("source.fixAll.initlint", "source.fixAll.initlint")],
)  # fmt: skip
async def test_fix_all_takes_safe_fixes(tmp_path: Path, asked: str, answered: str) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        (action,) = await client.actions(uri, WHOLE, only=[asked])
        assert action.kind == answered
        assert changed(action, TEXT) == SAFE


async def test_fix_all_takes_unsafe_fixes_where_the_user_says_so(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"unsafeFixes": True}) as client:
        uri, _ = await opened(client)
        (action,) = await client.actions(uri, WHOLE, only=["source.fixAll"])
        text = changed(action, TEXT)
        assert "std=0.02" in text
        client.change(uri, 2, text)
        assert await client.told(uri, 2) == []


async def test_nothing_is_offered_where_there_is_nothing_to_fix(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", "import torch.nn as nn\n")
        assert await client.actions(uri, WHOLE) == []
        assert await client.actions(uri, span(90, 90, 99, 99)) == []
        assert await client.actions(client.uri("closed.py"), WHOLE) == []


async def test_fix_all_can_be_switched_off(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"fixAll": False, "disableComment": False}) as client:
        uri, _ = await opened(client)
        assert await client.actions(uri, WHOLE, only=["source"]) == []
        assert not any("disable" in action.title for action in await client.actions(uri, WHOLE))


async def test_a_comment_silences_the_finding(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        actions = await client.actions(uri, FIRST, only=["quickfix"])
        (disable,) = [action for action in actions if action.title == "initlint: disable INI010 for this line"]
        text = changed(disable, TEXT)
        assert text.splitlines()[9].endswith("  # noqa: INI010")
        client.change(uri, 2, text)
        assert 9 not in [each.range.start.line for each in await client.told(uri, 2)]


async def test_a_fix_takes_no_account_of_a_text_that_is_gone(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        client.change(uri, 2, "# one more line\n", span(0, 0, 0, 0))
        (action,) = await client.actions(uri, WHOLE, only=["source.fixAll"])
        assert changed(action, "# one more line\n" + TEXT) == "# one more line\n" + SAFE
        assert action.edit is not None
        assert action.edit.document_changes is not None
        assert action.edit.document_changes[0].text_document.version == 2  # type: ignore[union-attr]


async def test_the_command_fixes_all(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri, _ = await opened(client)
        done = await client.client.workspace_execute_command_async(
            lsp.ExecuteCommandParams("initlint.fixAll", arguments=[uri])
        )
        assert done is True
        (asked,) = client.edits
        assert asked.edit.document_changes is not None
        (change,) = asked.edit.document_changes
        assert isinstance(change, lsp.TextDocumentEdit)
        assert applied(TEXT, change.edits) == SAFE


async def test_fixes_that_need_an_import_bring_it(tmp_path: Path) -> None:
    """What the command line writes, the editor writes: the fixed text is Python and clean of the finding."""
    text = TEXT.replace("from torch.nn import init\n", "").replace("init.", "nn.init.")
    async with editor(tmp_path, settings={"unsafeFixes": True}) as client:
        uri, found = await opened(client, text)
        assert found
        (action,) = await client.actions(uri, WHOLE, only=["source.fixAll"])
        fixed = changed(action, text)
        ast.parse(fixed)
        client.change(uri, 2, fixed)
        assert await client.told(uri, 2) == []
