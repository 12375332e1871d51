"""Jupyter notebooks: JSON text to one Python text and back.

The code cells of a notebook run one after another in one namespace, so they are read as one text: each
cell's source and a newline. What is not Python in them is blanked character by character, so that an
offset into this text is an offset into a cell. Edits are spliced into the JSON string that holds the
line they change; every other byte of the file stays.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from initlint.model.pickling import PickledByFields
from initlint.syntax.edits import Edit, apply
from initlint.syntax.scan import Kind, scan
from initlint.syntax.source import Fault, Location

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NEWLINE: Final = re.compile(r"\r\n?|\n")
_NOT_NEWLINE: Final = re.compile(r"[^\r\n]")
_CELL_MAGIC: Final = re.compile(r"\s*%%(\S*)")
_DECODER: Final = json.JSONDecoder()

# Cell magics whose body is Python that runs in the notebook's namespace.
_PYTHON_CELLS: Final = frozenset({"capture", "debug", "prun", "python", "python3", "time", "timeit"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One JSON string: its place in the file, quotes included, and the offsets in the code it spells."""

    json_start: int
    json_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One code cell. `number` counts all cells from 1; `start` and `end` are offsets into the code;
    `json_start` and `json_end` enclose the value of "source", a string or a list of `pieces`."""

    number: int
    start: int
    end: int
    pieces: tuple[Piece, ...]
    json_start: int
    json_end: int


@dataclass(frozen=True)
class Notebook(PickledByFields):
    """A notebook: its JSON text, its code cells, and the code they hold together."""

    json: str
    code: str
    cells: tuple[Cell, ...]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(cell.start for cell in self.cells)

    def cell_at(self, offset: int) -> Cell | None:
        """The cell that holds an offset into the code; its end belongs to it."""
        index = bisect_right(self._starts, offset) - 1
        return self.cells[index] if index >= 0 else None

    def location(self, offset: int) -> Location:
        """Cell, line and column, all from 1, of an offset into the code."""
        cell = self.cell_at(offset)
        if cell is None:
            return Location(1, 1)
        line, start = 1, cell.start
        for match in _NEWLINE.finditer(self.code, cell.start, min(offset, cell.end)):
            line, start = line + 1, match.end()
        return Location(line, min(offset, cell.end) - start + 1, cell.number)

    def offset(self, location: Location) -> int:
        """The offset of a location, held inside its line. Raises KeyError where there is no such code cell."""
        for cell in self.cells:
            if cell.number == location.cell:
                break
        else:
            raise KeyError(location.cell)
        start, end = cell.start, cell.end
        newlines = _NEWLINE.finditer(self.code, cell.start, cell.end)
        for line, match in enumerate(newlines, 1):
            if line == location.line:
                end = match.start()
                break
            start = match.end()
        return min(start + location.column - 1, end)

    def edited(self, edits: Sequence[Edit]) -> Notebook:
        """The notebook after edits of its code. Raises ValueError for an edit across two cells."""
        by_cell: dict[int, list[Edit]] = {}
        for edit in edits:
            cell = self.cell_at(edit.start)
            if cell is None:
                raise ValueError("an edit in a notebook without code")
            by_cell.setdefault(self.cells.index(cell), []).append(_inside(edit, cell))
        spliced = [splice for index, wanted in by_cell.items() for splice in self._splices(self.cells[index], wanted)]
        notebook = read_notebook(apply(self.json, spliced))
        if isinstance(notebook, Fault):
            raise ValueError(notebook.message)
        return notebook

    def _splices(self, cell: Cell, edits: Sequence[Edit]) -> list[Edit]:
        """The edits of the JSON text that make `edits` of one cell."""
        if not cell.pieces:
            lines = _lines(apply("", _shifted(edits, cell.start)))
            return [Edit(cell.json_start, cell.json_end, f"[{', '.join(map(self._dumped, lines))}]")]
        splices = []
        waiting = sorted(edits)
        while waiting:
            wanted = [waiting.pop(0)]
            first, last = _touched(cell.pieces, wanted[0])
            while True:
                while waiting and _touched(cell.pieces, waiting[0])[0] <= last + 1:
                    wanted.append(waiting.pop(0))
                    last = max(last, _touched(cell.pieces, wanted[-1])[1])
                start = cell.pieces[first].start
                text = apply(self._text(start, cell.pieces[last].end), _shifted(wanted, start))
                if not text or text.endswith("\n") or last + 1 == len(cell.pieces):
                    break
                last += 1               # a line that lost its newline goes on in the next string
            splices.append(self._splice(cell, first, last, text))
        return splices

    def _splice(self, cell: Cell, first: int, last: int, text: str) -> Edit:
        """The edit of the JSON text that makes `text` of some strings of a cell."""
        pieces = cell.pieces
        start, end = pieces[first].json_start, pieces[last].json_end
        if self.json[cell.json_start] == '"':
            return Edit(start, end, self._dumped(text))
        if text:
            return Edit(start, end, self._separator(cell).join(map(self._dumped, _lines(text))))
        if last + 1 < len(pieces):
            end = pieces[last + 1].json_start
        elif first:
            start = pieces[first - 1].json_end
        return Edit(start, end, "")

    def _text(self, start: int, end: int) -> str:
        """What the JSON says between two ends of pieces, magics included."""
        return "".join(
            json.loads(self.json[piece.json_start:piece.json_end], strict=False)
            for cell in self.cells if cell.start <= start and end <= cell.end
            for piece in cell.pieces if start <= piece.start and piece.end <= end
        )

    def _separator(self, cell: Cell) -> str:
        """What stands between two lines of the cell's source in the JSON text."""
        if len(cell.pieces) > 1:
            return self.json[cell.pieces[0].json_end:cell.pieces[1].json_start]
        lead = self.json[cell.json_start + 1:cell.pieces[0].json_start]
        return "," + (lead or " ")

    @cached_property
    def _escapes(self) -> bool:
        """Whether the file writes characters beyond ASCII as escapes."""
        return self.json.isascii()

    def _dumped(self, text: str) -> str:
        surrogates = any("\ud800" <= character <= "\udfff" for character in text)
        return json.dumps(text, ensure_ascii=self._escapes or surrogates)


def read_notebook(text: str) -> Notebook | Fault:
    """The notebook that `text` spells. A notebook in another language has no code."""
    try:
        found = _Reader(text)
    except json.JSONDecodeError as error:
        line, column = _position(text, error.pos)
        return Fault(f"is not a notebook: {error.msg}", line, column)
    except RecursionError:
        return Fault("is not a notebook: its JSON is nested too deeply")
    if found.fault is not None:
        message, offset = found.fault
        return Fault(f"is not a notebook: {message}", *_position(text, offset))
    code, cells = [], []
    offset = 0
    for number, source, strings in found.cells if found.language == "python" else ():
        pieces, start = [], offset
        for json_start, json_end, value in strings:
            pieces.append(Piece(json_start, json_end, offset, offset + len(value)))
            offset += len(value)
        code.append(blanked("".join(value for _, _, value in strings)) + "\n")
        cells.append(Cell(number, start, offset, tuple(pieces), *source))
        offset += 1
    return Notebook(text, "".join(code), tuple(cells))


def blanked(cell: str) -> str:
    """The source of a cell with all that is not Python replaced by as many characters that are."""
    magic = _CELL_MAGIC.match(cell)
    if magic:
        if magic[1] not in _PYTHON_CELLS:
            return _NOT_NEWLINE.sub(" ", cell)
        newline = _NEWLINE.search(cell, magic.end())
        end = newline.start() if newline else len(cell)
        return _NOT_NEWLINE.sub(" ", cell[:end]) + blanked_lines(cell[end:])
    return blanked_lines(cell)


def blanked_lines(text: str) -> str:
    """`text` with line magics, shell escapes and help requests blanked."""
    edits: list[Edit] = []
    for token in scan(text, escapes=True):
        start, end = token.start, token.end
        if token.kind is Kind.ESCAPE or (token.kind is Kind.LINE and text[end - 1] == "?"):
            while edits and edits[-1].start >= start:       # an escape inside a line that asks for help
                edits.pop()
            # A name nobody knows keeps an indented block or an assignment whole.
            standing = start == 0 or text[start - 1] in "\r\n"
            blank = _NOT_NEWLINE.sub(" ", text[start:end])
            edits.append(Edit(start, end, blank if standing else "_" + blank[1:]))
    return apply(text, edits)


class _Reader:
    """Walks the JSON of a notebook, decoding values at the speed of `json`, and keeps where the
    sources of code cells stand: (number, (start, end), strings with their places)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.language = "python"
        self.cells: list[tuple[int, tuple[int, int], list[tuple[int, int, str]]]] = []
        self.fault: tuple[str, int] | None = None
        self._count = 0
        self._found = False
        start = self._skip(0)
        if text[start:start + 1] != "{":
            raise json.JSONDecodeError("Expecting an object", text, start)
        end = self._skip(self._object(start, self._top))
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
        if not self._found and self.fault is None:
            self.fault = ("it has no cells", start)

    def _top(self, key: str, start: int) -> int:
        if key == "cells" and self.text[start] == "[":
            self.cells, self._count, self._found = [], 0, True
            return self._array(start, self._cell)
        value, end = self._value(start)
        if key == "nbformat" and isinstance(value, int) and value < 4:
            self.fault = (f"format {value} is older than 4", start)
        if key == "metadata" and isinstance(value, dict):
            for section, name in (("kernelspec", "language"), ("language_info", "name")):
                entry = value.get(section)
                if isinstance(entry, dict) and isinstance(entry.get(name), str):
                    self.language = entry[name].lower()
        return end

    def _cell(self, start: int) -> int:
        self._count += 1
        if self.text[start] != "{":
            raise json.JSONDecodeError("Expecting a cell", self.text, start)
        code = False
        source: tuple[tuple[int, int], list[tuple[int, int, str]]] | None = None

        def member(key: str, start: int) -> int:
            nonlocal code, source
            if key == "source":
                strings: list[tuple[int, int, str]] = []
                end = self._array(start, lambda i: self._string(i, strings)) if self.text[start] == "[" \
                    else self._string(start, strings)
                source = ((start, end), strings)
                return end
            value, end = self._value(start)
            if key == "cell_type":
                code = value == "code"
            if key == "metadata" and isinstance(value, dict):
                editor = value.get("vscode")
                foreign = isinstance(editor, dict) and editor.get("languageId", "python") != "python"
                self._foreign = self._count if foreign else self._foreign
            return end

        end = self._object(start, member)
        if code and source is not None and self._foreign != self._count:
            self.cells.append((self._count, *source))
        return end

    _foreign = 0        # number of the last cell marked as another language

    def _string(self, start: int, strings: list[tuple[int, int, str]]) -> int:
        value, end = self._value(start)
        if not isinstance(value, str):
            raise json.JSONDecodeError("Expecting a string", self.text, start)
        strings.append((start, end, value))
        return end

    def _value(self, start: int) -> tuple[object, int]:
        return _DECODER.raw_decode(self.text, start)

    def _skip(self, index: int) -> int:
        match = _SPACE.match(self.text, index)
        assert match is not None
        return match.end()

    def _object(self, index: int, visit: Callable[[str, int], int]) -> int:
        """Visits each member of the object at `index` with its key and the start of its value, and
        takes the value's end back. Returns the end of the object."""

        def member(start: int) -> int:
            key, end = self._value(start)
            colon = self._skip(end)
            if not isinstance(key, str) or self.text[colon:colon + 1] != ":":
                raise json.JSONDecodeError("Expecting a property", self.text, start)
            value = self._skip(colon + 1)
            if value == len(self.text):
                raise json.JSONDecodeError("Expecting value", self.text, value)
            return visit(key, value)

        return self._array(index, member, "}")

    def _array(self, index: int, visit: Callable[[int], int], close: str = "]") -> int:
        text = self.text
        index = self._skip(index + 1)
        if text[index:index + 1] == close:
            return index + 1
        while True:
            if index == len(text):
                raise json.JSONDecodeError("Expecting value", text, index)
            index = self._skip(visit(index))
            mark = text[index:index + 1]
            if mark == close:
                return index + 1
            if mark != ",":
                raise json.JSONDecodeError(f"Expecting ',' or '{close}'", text, index)
            index = self._skip(index + 1)


def _inside(edit: Edit, cell: Cell) -> Edit:
    """`edit` without the newline that stands between two cells in the code and not in the file."""
    if edit.end <= cell.end:
        return edit
    if edit.end > cell.end + 1:
        raise ValueError("an edit across two cells")
    return Edit(min(edit.start, cell.end), cell.end, edit.content.removesuffix("\n"))


def _shifted(edits: Sequence[Edit], start: int) -> list[Edit]:
    """`edits` with offsets counted from `start`."""
    return [Edit(edit.start - start, edit.end - start, edit.content) for edit in edits]


def _touched(pieces: Sequence[Piece], edit: Edit) -> tuple[int, int]:
    """The first and the last piece that an edit changes. An insertion between two changes the second."""
    starts = [piece.start for piece in pieces]
    first = max(bisect_right(starts, edit.start) - 1, 0)
    last = max(bisect_right(starts, max(edit.end - 1, edit.start)) - 1, first)
    return first, last


def _lines(text: str) -> list[str]:
    """`text` as Jupyter stores it: one string a line, each with its newline."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
