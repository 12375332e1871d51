"""Bytes to text and back, and the four ways to name a place."""

from __future__ import annotations

import ast
import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.model.source import Span
from initlint.syntax.edits import Edit
from initlint.syntax.source import MAX_BYTES, Fault, Location, Source, from_bytes, from_text, read

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(CHARACTERS | st.sampled_from("\r\n\f\v\x85\u2028é😀"))


def source(text: str) -> Source:
    found = from_text(text, "m.py")
    assert isinstance(found, Source)
    return found


@given(TEXTS)
def test_bytes_survive_decoding(text: str) -> None:
    data = text.encode()
    found = from_bytes(data)
    if isinstance(found, Source):
        assert found.encode() == data


@pytest.mark.parametrize("data", [
    b"",
    codecs.BOM_UTF8,
    codecs.BOM_UTF8 + b"x = 1\r\n",
    "# -*- coding: latin-1 -*-\ns = 'é'\n".encode("latin-1"),
    "#!/bin/python\n# vim: set fileencoding=cp1252 :\ns = '–'\n".encode("cp1252"),
    "# coding: shift_jis\ns = 'テ'\n".encode("shift_jis"),
    b"# coding: utf-7\ns = '+AGE-'\n",             # another spelling of "a"
    b"# coding: utf-8-sig\nx = 1",
    b"\f\n\r\r\n\n\r",
    "s = 'é\u2028\x85\v'".encode(),
])
def test_encodings_give_the_same_bytes_back(data: bytes) -> None:
    found = from_bytes(data)
    assert isinstance(found, Source)
    assert found.encode() == data
    if data:
        ast.parse(data)


def test_edits_use_the_encoding_of_the_file() -> None:
    found = from_bytes("# coding: latin-1\ns = 'é'\n".encode("latin-1"))
    assert isinstance(found, Source)
    changed = found.edited([Edit(found.text.index("é"), found.text.index("é") + 1, "üx")])
    assert changed.encode() == "# coding: latin-1\ns = 'üx'\n".encode("latin-1")
    with pytest.raises(UnicodeEncodeError):
        found.edited([Edit(0, 0, "# 😀\n")]).encode()


@pytest.mark.parametrize(("data", "message", "line", "column"), [
    (b"x = 1\ny = 'caf\xe9'\n", "is not UTF-8 (byte 0xe9), and no other encoding is declared", 2, 9),
    (b"# coding: utf-8\r\ny = '\xff'", "is not UTF-8 as declared (byte 0xff)", 2, 6),
    (b"# coding: ascii\n'\xc3\xa9'", "cannot be decoded as declared 'ascii' (byte 0xc3)", 2, 2),
    (b"x\r\ry = 1 # coding: nonsense", "", 0, 0),
    (b"# coding: nonsense\n", "unknown encoding 'nonsense'", 1, 11),
    (b"\n# coding: rot13\n", "unknown encoding 'rot13'", 2, 11),
    (b"# coding: utf-16\n", "unknown encoding 'utf-16'", 1, 11),
    (codecs.BOM_UTF8 + b"# coding: latin-1\n", "declared 'latin-1', but starts with a UTF-8 byte order mark", 1, 11),
    (b"a\nbc\0d", "holds a NUL byte", 2, 3),
    ("x = 1\n".encode("utf-16"), "is encoded in UTF-16, which Python does not read", 1, 1),
])
def test_faults_say_what_and_where(data: bytes, message: str, line: int, column: int) -> None:
    found = from_bytes(data)
    if message:
        assert found == Fault(message, line, column)
    else:
        assert isinstance(found, Source)


def test_a_cookie_counts_on_the_first_two_lines_only() -> None:
    assert isinstance(from_bytes(b"x = 1\n# coding: nonsense\n"), Source)
    assert isinstance(from_bytes(b"\n\n# coding: nonsense\n"), Source)
    assert isinstance(from_bytes(b"#\r# coding: nonsense\n"), Fault)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "x.py").mkdir()
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    big = tmp_path / "big.py"
    with big.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert read(tmp_path / "x.py") == Fault("is a directory")
    assert read(tmp_path / "none.py") == Fault("does not exist")
    assert read(tmp_path / "loop.py") == Fault("is a loop of symbolic links")
    assert read(tmp_path / "pipe.py") == Fault("is not a regular file")
    assert read(big) == Fault(f"is larger than {MAX_BYTES // 2**20} MB")
    assert read("a\0b") == Fault("the path holds a NUL character")
    assert isinstance(from_bytes(b" " * (MAX_BYTES + 1)), Fault)


def test_a_file_is_read_whole_and_shown_by_its_display_name(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_bytes(b"x = 1\r\n")
    found = read(path, "src/m.py")
    assert isinstance(found, Source)
    assert (found.path, found.text, found.newline) == ("src/m.py", "x = 1\r\n", "\r\n")


@given(TEXTS)
def test_lines_are_those_of_the_compiler(text: str) -> None:
    # A number on every line tells where the compiler thinks the line is.
    pieces = text.replace("\\", "").splitlines(keepends=True)
    code = "".join("1" + piece.lstrip("\n\r")[-1:] if piece[-1:] in "\r\n" else "" for piece in pieces) + "1"
    tree = ast.parse(code)
    found = source(code)
    assert len(found.line_starts) == max(node.lineno for node in tree.body)
    for node in tree.body:
        assert found.text[found.offset(node.lineno, node.col_offset)] == "1"


@given(TEXTS, st.data())
def test_offsets_and_points_are_inverse(text: str, data: st.DataObject) -> None:
    found = source(text)
    text = found.text
    offset = data.draw(st.integers(0, len(text)))
    line, column = found.position(offset)
    assert found.line_starts[line - 1] + column - 1 == offset
    if text[offset - 1:offset + 1] != "\r\n":          # between the two there is no place
        assert found.offset(*found.point(offset)) == min(offset, found.line_extent(line)[1])
        for encoding in ("utf-8", "utf-16", "utf-32"):
            assert found.from_units(*found.units(offset, encoding), encoding) == min(offset, found.line_extent(line)[1])


def test_columns_in_every_convention() -> None:
    found = source("a = 1\ns = 'é😀'; nn\n")
    offset = found.text.index("nn")
    assert found.point(offset) == (2, 14)
    assert found.position(offset) == (2, 11)
    assert found.character_column(2, 14) == 11
    assert found.units(offset) == (1, 11)
    assert found.units(offset, "utf-8") == (1, 14)
    assert found.units(offset, "utf-32") == (1, 10)
    assert found.location(offset) == Location(2, 11)
    span = found.span(offset, offset + 2)
    assert span == Span("m.py", 2, 14, 2, 16)
    assert found.segment(span) == "nn"


def test_form_feeds_and_unicode_separators_do_not_end_lines() -> None:
    found = source("x = 1\f\v\x1c\x85\u2028y\nz")
    assert len(found.line_starts) == 2
    assert found.line(1).endswith("y")
    assert found.position(found.text.index("z")) == (2, 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_positions_past_the_end_are_held_inside(newline: str) -> None:
    found = source(f"ab{newline}cd{newline}")
    assert found.offset(1, 99) == 2
    assert found.from_units(0, 99) == 2
    assert found.offset(99, 0) == len(found.text)
    assert found.from_units(99, 3) == len(found.text)
    assert found.line(99) == ""
    assert found.line_at(2 + len(newline)) == 2
    assert found.line_at(2) == 1


def test_a_byte_order_mark_is_no_column() -> None:
    found = from_text("\ufeffx = 1\n", "m.py")
    assert isinstance(found, Source)
    assert (found.text, found.encode()) == ("x = 1\n", codecs.BOM_UTF8 + b"x = 1\n")


def test_halves_of_surrogate_pairs_have_columns() -> None:
    found = source("s = '\ud800'; x")
    assert found.offset(*found.point(9)) == 9
    assert found.from_units(*found.units(9)) == 9


def test_one_line_of_two_megabytes() -> None:
    found = source("x = '" + "é" * 1_000_000 + "'; y\n")
    offset = found.text.index("y")
    assert found.offset(*found.point(offset)) == offset
    assert found.position(offset) == (1, offset + 1)
