"""Where each key of a TOML text stands: `tomllib` tells values, an error message needs the line."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]*")


def key_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of every key and array element of a TOML text that `tomllib` accepts.

    A path is made of keys and, inside arrays, indices: `("tool", "initlint", "select", 0)`.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._line, self._counted = 1, 0

    def document(self) -> None:
        table: Path = ()
        arrays: dict[Path, int] = {}
        while self._blank() < len(self.text):
            if self.text[self.at] == "[":
                double = self.text.startswith("[[", self.at)
                line = self._here()
                self.at += 2 if double else 1
                table = self._within(self._dotted(), arrays)
                if double:
                    arrays[table] = arrays.get(table, -1) + 1
                    table = (*table, arrays[table])
                self._mark(table, line)
                self.at = self.text.index("]", self.at) + (2 if double else 1)
            else:
                self._pair(table)

    def _within(self, path: Path, arrays: Mapping[Path, int]) -> Path:
        """`path` with the index of the last element put in after each array of tables it passes through."""
        found: Path = ()
        line = self._here()
        for depth, part in enumerate(path):
            found = (*found, part)
            self._mark(found, line)
            if depth < len(path) - 1 and found in arrays:
                found = (*found, arrays[found])
        return found

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for part in self._dotted():
            path = (*path, part)
            self._mark(path, line)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self.at = self._skip(_SPACE)
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.at += 1
            index = 0
            while self.text[self._blank()] != "]":
                self._mark((*path, index), self._here())
                self._value((*path, index))
                index += 1
                self._comma()
            self.at += 1
        elif opening == "{":
            self.at += 1
            while self.text[self._blank()] != "}":
                self._pair(path)
                self._comma()
            self.at += 1
        else:
            string = _STRING.match(self.text, self.at)
            self.at = string.end() if string else self._skip(_SCALAR)

    def _comma(self) -> None:
        if self.text[self._blank()] == ",":
            self.at += 1

    def _dotted(self) -> Path:
        parts: list[str] = []
        while True:
            self.at = self._skip(_SPACE)
            found = _KEY.match(self.text, self.at)
            if found is None:
                return tuple(parts)
            parts.append(_key(found[0]))
            self.at = found.end()
            self.at = self._skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return tuple(parts)
            self.at += 1

    def _mark(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _blank(self) -> int:
        self.at = self._skip(_BLANK)
        return self.at

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        return found.end() if found else self.at


def _key(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    if written.startswith('"'):
        return re.sub(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", _unescaped, written[1:-1])
    return written


def _unescaped(found: re.Match[str]) -> str:
    escape = found[0]
    if len(escape) > 2:
        return chr(int(escape[2:], 16))
    return {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}.get(escape[1], escape[1])
