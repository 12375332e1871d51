"""Modules that exist only on one of several ways: what is done to them is done where they are."""

from __future__ import annotations

import textwrap

import pytest

from tests.trace.programs import after, drawn, layers

CLASS = """
class Net(nn.Module):
    def __init__(self, flag):
        super().__init__()
{body}

    def fill(self, m, gain=1.0):
        if isinstance(m, nn.Linear):
            nn.init.orthogonal_(m.weight, gain=gain)

    def forward(self, x):
        return x
"""
EITHER = """
if flag:
    self.head = nn.Linear(8, 4)
else:
    self.head = nn.Sequential(nn.Linear(8, 2), nn.ReLU())
"""
NESTED = """
if flag > 2:
    self.head = nn.Linear(8, 4)
elif flag > 1:
    self.head = nn.Sequential(nn.Linear(8, 2), nn.ReLU())
else:
    self.head = nn.Linear(8, 1, bias=False)
"""


def found(body: str) -> set[tuple[str, ...] | None]:
    rows = layers(CLASS.format(body=textwrap.indent(body, " " * 8)))
    return {drawn(row) for name, row in rows.items() if name != "Net.other"}


@pytest.mark.parametrize("built", [
    EITHER, NESTED, "self.head = nn.Linear(8, 4) if flag else nn.Sequential(nn.Linear(8, 2), nn.ReLU())",
])
@pytest.mark.parametrize("done", [
    "self.head.apply(self.fill)",
    "for part in (nn.Flatten(), self.head):\n    part.apply(self.fill)",
    "self.other = nn.Linear(2, 2)\n"
    "gains = {self.other: 2.0, self.head: 0.5}\n"
    "for part, gain in gains.items():\n    part.apply(functools.partial(self.fill, gain=gain))",
])  # fmt: skip
def test_each_is_reached_where_it_exists(built: str, done: str) -> None:
    assert found(f"{built}\n{done}") == {("orthogonal_",)}


@pytest.mark.parametrize("body", [
    "self.a, self.b = nn.Linear(8, 4), nn.Linear(8, 2)\nchosen = self.a if flag else self.b\nchosen.apply(self.fill)",
    f"{EITHER}\nif flag:\n    self.head.apply(self.fill)",
])  # fmt: skip
def test_what_exists_beside_the_other_may_be_left_out(body: str) -> None:
    assert found(body) == {("default", "orthogonal_")}


def test_what_was_built_before_an_error_stays() -> None:
    body = (
        "try:\n    self.a = self.c = nn.Linear(8, 4)\n    import kernels\n"
        "except ImportError:\n    self.b = self.c = nn.Linear(8, 2)\nself.c.apply(self.fill)"
    )
    rows = layers(CLASS.format(body=textwrap.indent(body, " " * 8)))
    assert drawn(rows["Net.a"]) != ("orthogonal_",)


@pytest.mark.parametrize("name", ["items", "histories", "complete", "trainable", "loaded", "trained", "open"])
def test_no_name_of_a_program_means_anything_to_the_trace(name: str) -> None:
    rows = layers(f"""
class Net(nn.Module):
    def __init__(self, flag):
        super().__init__()
        {name} = nn.Linear(8, 4)
        if flag:
            {name} = nn.Conv1d(8, 4, 1)
        self.fc = {name}

    def forward(self, query, {name}):
        if query.size(0) == {name}.size(0):
            {name} = {name}.expand(2, -1, -1)
        return self.fc(query * {name}).relu()
""")
    assert after(rows["Net.fc"]) == ("relu",)
