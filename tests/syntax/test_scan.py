"""Comments, strings and logical lines, held against `tokenize`."""

from __future__ import annotations

import io
import os
import sys
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.syntax.scan import Kind, scan

LIBRARY = Path(os.__file__).parent
SAMPLE = sorted(LIBRARY.glob("*.py"))[::9]


def found(text: str, kind: Kind, escapes: bool = False) -> list[str]:
    return [text[token.start:token.end] for token in scan(text, escapes) if token.kind is kind]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_comments_and_lines_of_the_standard_library(path: Path) -> None:
    text = path.read_text("utf-8").replace("\r\n", "\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    assert found(text, Kind.COMMENT) == [token.string for token in tokens if token.type == tokenize.COMMENT]
    lines: list[tuple[int, int]] = []
    start = last = 0
    for token in tokens:
        if token.type == tokenize.NEWLINE:
            assert start
            lines.append((start, last))
            start = 0
        elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            start = start or token.start[0]
            last = token.end[0]
    ours = [token for token in scan(text) if token.kind is Kind.LINE]
    assert [(text.count("\n", 0, t.start) + 1, text.count("\n", 0, t.end) + 1) for t in ours] == lines
    if sys.version_info < (3, 12):                      # later, f-strings are several tokens
        assert found(text, Kind.STRING) == [token.string for token in tokens if token.type == tokenize.STRING]


@pytest.mark.parametrize("text", [
    "f'{x}'", "f'{{'", "f'{x!r:>{w}}'", "f'{d[\"a\"]}'", "f\"{d[\"a\"]}\"", "f'{f'{f'{1}'}'}'", "f'{x:\">3}'",
    "f'''{\n'#' # comment\n}'''", "rf'\\{x}'", "t'{x}'", "f'{lambda: 1}'", "f'{ {1: 2}[1] }'", "f'{x:%H:%M}'",
    "f'{a[1:2]:{b}}'", "'\\''", "'\\\n'", "'\\\r\n'", "'''\\''''", "b'x'", "Rb'\\'x'", "''", "''' '''", "'''a'b''c'''",
])
def test_a_string_is_one_token(text: str) -> None:
    line = f"a = {text} # end"
    assert found(line, Kind.STRING) == [text]
    assert found(line, Kind.COMMENT)[-1] == "# end"


def test_keywords_are_no_prefixes() -> None:
    assert found("x if'a'else'b'", Kind.STRING) == ["'a'", "'b'"]
    assert found("print(xf'a')", Kind.STRING) == ["'a'"]


@pytest.mark.parametrize(("text", "comments"), [
    ("x = 'open # no\ny # yes", ["# yes"]),
    ("x = '''open # no\ny # no", []),
    ("x = f'{a # no\ny # yes", ["# yes"]),
    ("x = f'{a!r # no'\ny # yes", ["# yes"]),
    ("x = f'''{a\ny # yes\n'''\nz # yes too", ["# yes too"]),
    ("# a\r# b\r\n# c", ["# a", "# b", "# c"]),
    (")))) # yes\n(", ["# yes"]),
])
def test_text_that_no_parser_accepts(text: str, comments: list[str]) -> None:
    assert found(text, Kind.COMMENT) == comments


def test_logical_lines() -> None:
    text = "a = (1, # one\n     2)\nb; c\n\\\nd\n  # only\n'''\n'''  \n@e\n\fdef f(): pass"
    assert found(text, Kind.LINE) == ["a = (1, # one\n     2)", "b; c", "d", "'''\n'''", "@e", "def f(): pass"]


def test_escapes_of_notebooks() -> None:
    text = (
        "!ls 'it\n%time x = (\nx = !ls (\ny = (a\n % b)\nif a:\n    %cd ..\nz == 1\n?int\n/f x\n!a \\\n  b\n"
        "pip install x's\npip = 1\nls -l\n'''\n!no\n'''\nw = 5 %2\nfor x in y: pass\n"
    )
    assert found(text, Kind.ESCAPE, escapes=True) == [
        "!ls 'it", "%time x = (", "!ls (", "%cd ..", "?int", "/f x", "!a \\\n  b", "pip install x's",
    ]
    assert found("!ls\nx = !ls\n", Kind.ESCAPE) == []


@given(st.text(st.sampled_from("ab'\"\\{}()[]#:!%?=f\n\r t"), max_size=60), st.booleans())
def test_any_text_is_scanned_in_order(text: str, escapes: bool) -> None:
    position = 0
    for token in scan(text, escapes):
        assert 0 <= token.start < token.end <= len(text)
        if token.kind is not Kind.LINE:
            assert token.start >= position
            position = token.end


@pytest.mark.parametrize("text", ["f'{" * 300_000, "f'''{" * 200_000, "(" * 1_000_000, "f'{x:" * 200_000])
def test_megabytes_of_open_brackets_and_quotes_end(text: str) -> None:
    assert sum(1 for _ in scan(text)) >= 1
