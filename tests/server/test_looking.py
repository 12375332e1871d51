"""Hovers, inlay hints and lenses: what the editor shows where nothing is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.server.lookup import moved
from initlint.syntax.source import Source
from tests.server.editor import WAIT, editor, span

TEXT = """import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.he = nn.Linear(16, 32)
        self.plain = nn.Linear(32, 32)
        self.norm = nn.Linear(32, 32)
        self.bn = nn.BatchNorm1d(32)
        self.out = nn.Linear(32, 4)
        nn.init.kaiming_normal_(self.he.weight)

    def forward(self, x):
        x = F.relu(self.he(x))
        x = F.tanh(self.plain(x))  # noqa: INI107
        x = F.relu(self.bn(self.norm(x)))
        return self.out(x)
"""


@pytest.mark.asyncio
async def test_hints_stand_beside_the_constructors(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        hints = {hint.position.line: hint for hint in await client.hints(uri)}
        assert {line: hint.label for line, hint in hints.items()} == {
            7: "→ ReLU · He ✓",
            8: "→ Tanh · default ×0.13",
            9: "→ batch_norm → ReLU · default",
            11: "→ no activation · default",
        }
        assert hints[7].position.character == len("        self.he = nn.Linear(16, 32)")
        assert [hint.position.line for hint in await client.hints(uri, lines=8)] == [7]


@pytest.mark.asyncio
async def test_hints_and_lenses_can_be_switched_off(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"inlayHints": False, "codeLens": False, "hover": False}) as client:
        uri = client.open("m.py", TEXT)
        await client.told(uri, 1)
        assert await client.hints(uri) == []
        assert await client.lenses(uri) == []
        assert await client.hover(uri, 7, 20) is None


@pytest.mark.asyncio
async def test_a_hover_tells_what_is_known_of_a_layer(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        text = await client.hover(uri, 7, 25)
        assert text is not None
        for part in (
            "**Net.he** · Linear", "fan in 16 · fan out 32", "followed by ReLU", "`kaiming_normal_(", "at line 13",
            "gain 1.41", "signal ×2", "kaiming_normal_(w, nonlinearity='relu')",
        ):  # fmt: skip
            assert part in text
        assert await client.hover(uri, 7, 10) == text              # the name it is bound to
        assert "Net.plain" in (await client.hover(uri, 8, 30) or "")
        assert "Net.he" in (await client.hover(uri, 12, 20) or "")        # the call that initialises it
        assert await client.hover(uri, 0, 3) is None


@pytest.mark.asyncio
async def test_a_hover_on_a_code_tells_the_rule(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        column = TEXT.splitlines()[16].index("INI107")
        text = await client.hover(uri, 16, column + 2)
        assert text is not None
        assert "per-layer-gain" in text
        assert "## What it does" in text
        client.change(uri, 2, "x = 1  # noqa: INI1\n")
        several = await client.hover(uri, 0, 17)
        assert several is not None
        assert "INI101" in several
        assert "INI107" in several


@pytest.mark.asyncio
async def test_a_hover_does_not_wait_for_a_newer_text(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        await client.told(uri, 1)
        client.change(uri, 2, "# more\n" * 3, span(0, 0, 0, 0))
        assert "Net.he" in (await client.hover(uri, 10, 25) or "")


@pytest.mark.asyncio
async def test_a_lens_tells_which_layers_a_call_reaches(tmp_path: Path) -> None:
    async with editor(tmp_path, options={"showPlaces": "initlint.showPlaces"}) as client:
        uri = client.open("m.py", TEXT)
        (lens,) = await client.lenses(uri)
        assert lens.range.start.line == 12
        assert lens.command is not None
        assert lens.command.title == "initialises Net.he"
        assert lens.command.command == "initlint.showPlaces"
        assert lens.command.arguments is not None
        where, _, places = lens.command.arguments
        assert where == uri
        assert len(places) == 1


@pytest.mark.asyncio
async def test_hints_are_asked_for_anew_when_another_file_changes_them(tmp_path: Path) -> None:
    block = "import torch.nn as nn\n\n\nclass Block(nn.Module):\n    def __init__(self, act):\n" \
        "        super().__init__()\n        self.fc = nn.Linear(8, 8)\n        self.act = act()\n\n" \
        "    def forward(self, x):\n        return self.act(self.fc(x))\n"
    main = "import torch.nn as nn\nfrom block import Block\n\n\nclass Net(nn.Module):\n    def __init__(self):\n" \
        "        super().__init__()\n        self.block = Block(nn.Tanh)\n\n    def forward(self, x):\n" \
        "        return self.block(x)\n"
    async with editor(tmp_path) as client:
        uri = client.open("block.py", block)
        other = client.open("main.py", main)
        assert [hint.label for hint in await client.hints(uri)] == ["→ Tanh · default ×0.13"]
        while not client.refreshed.empty():
            client.refreshed.get_nowait()
        client.change(other, 2, main.replace("Tanh", "ReLU"))
        while await asyncio.wait_for(client.refreshed.get(), WAIT) != "hints":
            continue
        assert [hint.label for hint in await client.hints(uri)] == ["→ ReLU · default ×0.17"]


@settings(max_examples=100, deadline=None)
@given(st.text("ab\n", max_size=12), st.text("c\n", max_size=4), st.text("d\n", max_size=4), st.data())
def test_a_place_outside_of_a_change_is_found_again(around: str, old: str, new: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(around)))
    then, now = Source("m.py", around[:at] + old + around[at:]), Source("m.py", around[:at] + new + around[at:])
    for offset in range(len(now.text)):
        place = moved(now, then, offset)
        if "\n" not in old + new and not at <= offset < at + len(new):
            assert place is not None
        if place is not None:
            assert now.text[offset] == then.text[place]
