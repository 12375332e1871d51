"""One file's text, the bytes it came from, and the ways to name a place in it.

Four conventions meet here. `ast` counts lines from 1 and columns in UTF-8 bytes from 0; reports count
lines and columns from 1, columns in characters; edits count characters from the start of the text;
editors count lines from 0 and columns in units of a negotiated encoding. Lines end at LF, CR LF and CR
alone, as in `ast`: form feeds and the line separators of Unicode are ordinary characters.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

from initlint.model.pickling import PickledByFields
from initlint.model.source import Span
from initlint.syntax.edits import Edit, apply

if TYPE_CHECKING:
    from initlint.syntax.notebook import Notebook

MAX_BYTES: Final = 32 * 1024 * 1024
"""Larger files are refused: no person wrote them."""

Units = Literal["utf-8", "utf-16", "utf-32"]

_NEWLINE = re.compile(r"\r\n?|\n")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_UNIT_BYTES: Final[dict[str, tuple[str, int]]] = {
    "utf-8": ("utf-8", 1),
    "utf-16": ("utf-16-le", 2),
    "utf-32": ("utf-32-le", 4),
}
# Codecs that decode to text, yet in which no Python file can be written line by line.
_NOT_FOR_FILES: Final = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read: one line for people, and where (from 1, columns in characters)."""

    message: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place as reports print it: from 1, `column` in characters; `cell` counts all cells of a notebook."""

    line: int
    column: int
    cell: int | None = None


@dataclass(frozen=True)
class Source(PickledByFields):
    """One file.

    `path` is the path as people see it. `text` is what Python would read, with the newlines
    of the file and without its byte order mark; of a notebook, the code cells one after another.
    `raw` holds the file's bytes only where encoding the text does not give them back.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""
    raw: bytes | None = None
    notebook: Notebook | None = None

    @property
    def is_notebook(self) -> bool:
        return self.notebook is not None

    def encode(self) -> bytes:
        """The bytes of the file. Raises UnicodeEncodeError where an edit brought in a character
        that the file's encoding lacks."""
        if self.raw is not None:
            return self.raw
        text = self.text if self.notebook is None else self.notebook.json
        return self.bom + text.encode(self.encoding)

    def edited(self, edits: Sequence[Edit]) -> Source:
        """The file after `edits` (offsets into `text`); of a notebook, spliced into its JSON."""
        if not edits:
            return self
        if self.notebook is None:
            return replace(self, text=apply(self.text, edits), raw=None)
        notebook = self.notebook.edited(edits)
        return replace(self, text=notebook.code, notebook=notebook, raw=None)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line starts; the last line may be empty."""
        if "\r" not in self.text:           # no Python is run for each line: editors ask after each keystroke
            *lines, _ = self.text.split("\n")
            return tuple(accumulate(map((1).__add__, map(len, lines)), initial=0))
        return (0, *(match.end() for match in _NEWLINE.finditer(self.text)))

    @cached_property
    def newline(self) -> str:
        """The first newline of the file, for lines that are added."""
        match = _NEWLINE.search(self.text)
        return match.group() if match else "\n"

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its newline; "" past the end."""
        start, end = self.line_extent(number)
        return self.text[start:end]

    def line_extent(self, number: int) -> tuple[int, int]:
        """The offsets of a line's first character and of its newline (or the end of the text)."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return len(self.text), len(self.text)
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    # `ast` (line from 1, UTF-8 byte column from 0)

    def offset(self, line: int, column: int) -> int:
        """The offset of an `ast` position, held inside the line."""
        start, end = self.line_extent(line)
        if self._ascii:
            return min(start + column, end)
        text = self.text[start:end]
        if text.isascii():
            return min(start + column, end)
        return start + _characters(text, column, "utf-8")

    def point(self, offset: int) -> tuple[int, int]:
        """The `ast` position of an offset."""
        line = self.line_at(offset)
        start = self.line_starts[line - 1]
        if self._ascii:
            return line, offset - start
        return line, len(self.text[start:offset].encode("utf-8", "surrogatepass"))

    def offsets(self, span: Span) -> tuple[int, int]:
        """The offsets of the first character of a span and of the one after its last."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, *self.point(start), *self.point(end))

    def segment(self, span: Span) -> str:
        """The text of a span."""
        start, end = self.offsets(span)
        return self.text[start:end]

    # people (line and character column from 1)

    def line_at(self, offset: int) -> int:
        """The line, counted from 1, that holds an offset. A newline belongs to the line it ends."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and character column of an offset, both from 1."""
        line = self.line_at(offset)
        return line, offset - self.line_starts[line - 1] + 1

    def character_column(self, line: int, column: int) -> int:
        """The character column, from 1, of an `ast` position."""
        return self.offset(line, column) - self.line_starts[min(line, len(self.line_starts)) - 1] + 1

    def location(self, offset: int) -> Location:
        """Where reports say an offset is; in a notebook, line and column of its cell."""
        if self.notebook is not None:
            return self.notebook.location(offset)
        return Location(*self.position(offset))

    # editors (line from 0, columns in units of an encoding)

    def units(self, offset: int, encoding: Units = "utf-16") -> tuple[int, int]:
        """Line and column, both from 0, of an offset as the Language Server Protocol counts them."""
        line = self.line_at(offset)
        start = self.line_starts[line - 1]
        if self._ascii:
            return line - 1, offset - start
        codec, width = _UNIT_BYTES[encoding]
        return line - 1, len(self.text[start:offset].encode(codec, "surrogatepass")) // width

    def from_units(self, line: int, column: int, encoding: Units = "utf-16") -> int:
        """The offset of a position of the Language Server Protocol, held inside the text."""
        start, end = self.line_extent(line + 1)
        if self._ascii:
            return min(start + column, end)
        codec, width = _UNIT_BYTES[encoding]
        return start + _characters(self.text[start:end], column * width, codec)


def read(path: str | os.PathLike[str], display: str | None = None) -> Source | Fault:
    """The file at `path`, shown to people as `display`. Never raises on what it finds there."""
    name = os.fspath(path)
    shown = name if display is None else display
    try:
        status = os.stat(name)
        if stat.S_ISDIR(status.st_mode):
            return Fault("is a directory")
        if not stat.S_ISREG(status.st_mode):
            return Fault("is not a regular file")       # reading a pipe or a device may never end
        if status.st_size > MAX_BYTES:
            return _too_large()
        with open(name, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return Fault(_reason(error))
    except ValueError:
        return Fault("the path holds a NUL character")
    return from_bytes(data, shown)


def from_bytes(data: bytes, path: str = "<stdin>") -> Source | Fault:
    """The source that `data` spells: PEP 263 cookie, byte order mark, else UTF-8. A path that ends
    in `.ipynb` is read as a notebook."""
    if len(data) > MAX_BYTES:
        return _too_large()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Fault("is encoded in UTF-16, which Python does not read")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom):]
    notebook = path.endswith(".ipynb")
    cookie = None if notebook else _cookie(body)
    encoding = "utf-8" if cookie is None else _codec(cookie[0])
    if cookie is not None:
        if encoding is None:
            return Fault(f"unknown encoding {cookie[0]!r}", cookie[1], cookie[2])
        if bom and encoding != "utf-8":
            return Fault(f"declared {cookie[0]!r}, but starts with a UTF-8 byte order mark", cookie[1], cookie[2])
    assert encoding is not None
    if b"\0" in body:
        return Fault("holds a NUL byte", *_place(body, body.index(b"\0")))
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        byte = body[error.start]
        declared = "no other encoding is declared" if cookie is None else f"declared {cookie[0]!r}"
        place = _place(body, error.start)
        if encoding == "utf-8":
            return Fault(f"is not UTF-8 (byte 0x{byte:02x}), and {declared}" if cookie is None
                         else f"is not UTF-8 as declared (byte 0x{byte:02x})", *place)
        return Fault(f"cannot be decoded as {declared} (byte 0x{byte:02x})", *place)
    except (ValueError, LookupError):
        return Fault(f"cannot be decoded as {encoding}")
    if notebook:
        return _notebook(text, path, bom)
    raw = None
    if encoding != "utf-8" and _encoded(text, encoding) != body:
        raw = data
    return Source(path, text, encoding, bom, raw)


def from_text(text: str, path: str = "<string>") -> Source | Fault:
    """The source that an editor or a test holds as text; it encodes as UTF-8."""
    bom = b""
    if text.startswith("\ufeff"):
        text, bom = text[1:], codecs.BOM_UTF8
    if path.endswith(".ipynb"):
        return _notebook(text, path, bom)
    return Source(path, text, bom=bom)


def _notebook(text: str, path: str, bom: bytes) -> Source | Fault:
    from initlint.syntax.notebook import read_notebook  # imports json: only where there is a notebook

    notebook = read_notebook(text)
    if isinstance(notebook, Fault):
        return notebook
    return Source(path, notebook.code, bom=bom, notebook=notebook)


def _characters(text: str, size: int, codec: str) -> int:
    """How many whole characters of `text` fit into its first `size` bytes."""
    data = text.encode(codec, "surrogatepass")[:size]
    for cut in range(4):                  # the bytes of a character cut in two
        try:
            return len(data[:len(data) - cut].decode(codec, "surrogatepass"))
        except UnicodeDecodeError:
            continue
    return 0


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except (ValueError, LookupError):
        return None


def _cookie(body: bytes) -> tuple[str, int, int] | None:
    """The encoding declared on line 1 or 2 (PEP 263), with its line and column."""
    # Splitting the whole file to look at two lines would cost more than decoding it.
    head = body[:8192].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 2)[:2]
    for number, line in enumerate(head, 1):
        match = _COOKIE.match(line)
        if match:
            return match.group(1).decode("ascii"), number, match.start(1) + 1
        if not _BLANK.match(line):
            return None
    return None


def _codec(name: str) -> str | None:
    """The normal name of the codec `name`, None where Python knows none that reads text."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True):
        return None
    found = info.name.replace("-", "_")
    if found in _NOT_FOR_FILES or found.startswith(("utf_16", "utf_32")):
        return None
    return "utf-8" if found in ("utf_8", "utf_8_sig") else info.name


def _place(data: bytes, index: int) -> tuple[int, int]:
    """Line and column from 1 of a byte, in text that may not decode."""
    before = data[:index].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1


def _too_large() -> Fault:
    return Fault(f"is larger than {MAX_BYTES // (1024 * 1024)} MB")


def _reason(error: OSError) -> str:
    known = {
        errno.ENOENT: "does not exist",
        errno.ENOTDIR: "does not exist",
        errno.EACCES: "cannot be read: permission denied",
        errno.EPERM: "cannot be read: permission denied",
        errno.ELOOP: "is a loop of symbolic links",
        errno.EISDIR: "is a directory",
    }
    reason = known.get(error.errno or 0)
    return reason or f"cannot be read: {(error.strerror or type(error).__name__).lower()}"
