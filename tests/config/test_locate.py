"""Lines of TOML keys, held against what tomllib reads."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.config.locate import key_lines

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} - {()}
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, below in pairs:
        found |= paths(below, (*path, part))
    return found


TEXT = '''\
# a comment with = and [brackets]
title = "one # two"

[tool.initlint]
select = [
    "INI1",      # "INI2"
    'INI3',
]
severity = { INI101 = "note", "quoted key" = "error" }
text = """
not = "a key"
[nor.a.table]
"""
raw = \'\'\'
x = 1\'\'\'
when = 1979-05-27 07:32:00
[tool.initlint."per-file-ignores"]
"tests/*" = ["INI1"]
a.b.c = 1

[[items]]
name = "first"
[items.below]
deep = true
[[items]]
name = "second"
nested = [[1, 2], [3]]
'''


def test_every_key_that_tomllib_reads_has_a_line() -> None:
    lines = key_lines(TEXT)
    assert paths(tomllib.loads(TEXT)) <= set(lines)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("tool", "initlint"), 4),
        (("tool", "initlint", "select"), 5),
        (("tool", "initlint", "select", 0), 6),
        (("tool", "initlint", "select", 1), 7),
        (("tool", "initlint", "severity", "quoted key"), 9),
        (("tool", "initlint", "raw"), 14),
        (("tool", "initlint", "when"), 16),
        (("tool", "initlint", "per-file-ignores", "tests/*", 0), 18),
        (("tool", "initlint", "per-file-ignores", "a", "b", "c"), 19),
        (("items", 0, "below", "deep"), 24),
        (("items", 1, "name"), 26),
        (("items", 1, "nested", 1, 0), 27),
    ],
)
def test_lines(path: tuple[str | int, ...], line: int) -> None:
    assert key_lines(TEXT)[path] == line


def test_escaped_keys() -> None:
    text = '"a\\tb \\u00e9 \\"c\\"" = 1\n\'d\\e\' = 2\n'
    assert set(key_lines(text)) == paths(tomllib.loads(text))


@given(st.text(alphabet="ab.='\"[]{}#,\n\\ 1-", max_size=40))
def test_whatever_tomllib_accepts(text: str) -> None:
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert paths(value) <= set(key_lines(text))
