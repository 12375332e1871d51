"""What stands behind options that no root takes: roots are run again, on ways that none of them went."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.config.settings import Settings
from initlint.lint import lint
from initlint.memory.cache import Cache
from initlint.model.report import LayerRow
from initlint.syntax.source import Source, from_text
from tests.trace.programs import IMPORTS, after, drawn, layers

GATE = """
class Gate(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.fc = nn.Linear(dim, 8)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        return self.out(torch.tanh(self.fc(x)))


class Config:
    def __init__(self, gated=False):
        self.gated = gated


"""
NET = """
class Net(nn.Module):
    def __init__(self, {argument}):
        super().__init__()
        {choice}
        self.apply(self._init)

    def _init(self, m):
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        return F.relu(self.fc(x))
"""
OPTIONS = {
    "a flag": ("gated=False", "self.fc = Gate() if gated else nn.Linear(8, 8)"),
    "a flag that is kept": ("gated=False", "self.g = gated; self.fc = Gate() if self.g else nn.Linear(8, 8)"),
    "a name": ("kind='plain'", "self.fc = Gate() if kind == 'gate' else nn.Linear(8, 8)"),
    "nothing": ("dim=None", "self.fc = nn.Linear(8, 8) if dim is None else Gate(dim)"),
    "a table": ("kind='plain'", "self.fc = {'plain': nn.Linear(8, 8), 'gate': Gate()}[kind]"),
    "a variable": ("kind='plain'", "gated = kind != 'plain'; self.fc = Gate() if gated else nn.Linear(8, 8)"),
    "a configuration": ("config: Config", "self.fc = Gate() if config.gated else nn.Linear(8, 8)"),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_parts_behind_an_option(option: str) -> None:
    argument, choice = OPTIONS[option]
    rows = layers(GATE + NET.format(argument=argument, choice=choice))
    assert after(rows["Gate.fc"]) == ("tanh",)
    assert after(rows["Gate.out"]) == ("relu",)
    assert drawn(rows["Gate.fc"]) == drawn(rows["Gate.out"]) == ("kaiming_normal_",)


def test_layers_behind_an_option_stand_where_they_would_be_built() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self, kind="a"):
        super().__init__()
        self.kind = kind
        if kind == "a":
            self.fc = nn.Linear(8, 8)
        elif kind == "b":
            self.att = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))

    def forward(self, x):
        if self.kind == "a":
            return torch.tanh(self.fc(x))
        return torch.sigmoid(self.att(x))
""")
    assert after(rows["Net.fc"]) == ("tanh",)
    assert after(rows["Net.att.0"]) == ("relu",)
    assert after(rows["Net.att.2"]) == ("sigmoid",)
    assert drawn(rows["Net.att.2"]) == ("default",)
    assert "Net.att.*" not in rows


def test_an_option_of_a_part_is_taken_where_the_part_is_built() -> None:
    rows = layers("""
class Block(nn.Module):
    def __init__(self, act, skip=False):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.skip = nn.Linear(8, 8) if skip else nn.Identity()
        self.act = act

    def forward(self, x):
        return self.act(self.skip(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(nn.GELU())
        nn.init.orthogonal_(self.block.fc.weight)
        if isinstance(self.block.skip, nn.Linear):
            nn.init.zeros_(self.block.skip.weight)

    def forward(self, x):
        return self.block(x)
""")
    assert after(rows["Block.skip"]) == ("gelu",)
    assert drawn(rows["Block.skip"]) == ("zeros_",)


BASE = """
class Encoder(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(8, dim)

    def forward(self, x):
        return {act}(self.fc(x))


class Small(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(8, dim)

    def forward(self, x):
        return torch.tanh(self.fc(x))


class Flow(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.encoder = Encoder(dim)

    def forward(self, x):
        return self.encoder(x)


class SmallFlow(Flow):
    def __init__(self, dim=8):
        super().__init__(dim)
        self.encoder = Small(dim)
"""


def test_a_base_that_alone_builds_something_is_run_by_itself() -> None:
    rows = layers(BASE.format(act="F.relu"))
    assert after(rows["Encoder.fc"]) == ("relu",)
    assert drawn(rows["Encoder.fc"]) == ("default",)
    assert after(rows["Small.fc"]) == ("tanh",)


def test_what_is_known_without_is_not_told_again() -> None:
    """Forgotten arguments would add ways that nobody goes."""
    rows = layers(GATE + """
class Net(nn.Module):
    def __init__(self, gated=False):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = Gate() if gated else nn.ReLU()
        if gated:
            nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return self.act(self.fc(x))
""")
    assert after(rows["Net.fc"]) == ("relu",)
    assert drawn(rows["Net.fc"]) == ("default",)
    assert after(rows["Gate.fc"]) == ("tanh",)


def test_what_is_learned_on_the_way_is_kept(tmp_path: Path) -> None:
    text = IMPORTS + GATE + NET.format(argument=OPTIONS["a flag"][0], choice=OPTIONS["a flag"][1])
    source = from_text(text, str(tmp_path / "net.py"))
    assert isinstance(source, Source)

    def told() -> tuple[LayerRow, ...]:
        return lint([source], Settings(), cache=Cache(str(tmp_path / "cache"))).layers

    first = told()
    assert told() == first
    assert [after(row) for row in first if row.owner == "Gate"] == [("tanh",), ("relu",)]


GIVEN = """
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))

    def forward(self, x, at):
        return self.net(x[at])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.head, self.context = nn.Linear(8, 8), Head(), nn.Linear(8, 8)

    def forward(self, x, at=None, context=None):
        h = torch.tanh(self.encoder(x))
        if context is not None:
            h = F.relu(h * torch.sigmoid(self.context(context)))
            return self.encoder(h)
        return h, (self.head(h, at) if at is not None else None)
"""


def test_parts_that_only_an_optional_input_reaches() -> None:
    """What becomes of the others is known from the run without."""
    rows = layers(GIVEN)
    assert after(rows["Net.context"]) == ("sigmoid",)
    assert after(rows["Head.net.0"]) == ("relu",)
    assert after(rows["Net.encoder"]) == ("tanh",)
