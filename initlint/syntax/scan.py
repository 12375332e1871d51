"""Where a text holds comments, strings and logical lines, without parsing it.

A tokenizer that works on text no parser accepts (notebook cells with shell escapes), knows nested
f-strings whatever the running Python, and looks at nothing but what it has to tell apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    COMMENT = "comment"
    STRING = "string"         # prefix, quotes and all
    LINE = "line"             # a logical line that holds code: from its first character to its last
    ESCAPE = "escape"         # notebooks: %magic, !command, ?help, at the start of a line or after "="


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    start: int
    end: int


_NEWLINE: Final = r"(?:\r\n?|\n)"
_STRING: Final = r"(?P<prefix>(?<!\w)[rRbBuUfFtT]{1,2})?(?P<quote>'''|\"\"\"|'|\")"
_CODE: Final = re.compile(
    rf"(?P<comment>\#[^\r\n]*)|{_STRING}|(?P<open>[(\[{{])|(?P<close>[)\]}}])"
    rf"|(?P<joined>\\{_NEWLINE})|(?P<newline>{_NEWLINE})"
)
_CODE_OR_ASSIGNED: Final = re.compile(_CODE.pattern + r"|(?P<assigned>(?<![=!<>])=[ \t]*(?=[%!]))")
_FIELD: Final = re.compile(rf"(?P<comment>\#[^\r\n]*)|{_STRING}|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<colon>:)")
_INDENT: Final = re.compile(r"[ \t\f]*")
_PLAIN_END: Final = {
    "'": re.compile(r"[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'", re.DOTALL),
    '"': re.compile(r'[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''", re.DOTALL),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""', re.DOTALL),
}
_LITERAL: Final = {
    "'": re.compile(r"\\(?:\r\n|.)|\{\{|[{}']|[\r\n]", re.DOTALL),
    '"': re.compile(r'\\(?:\r\n|.)|\{\{|[{}"]|[\r\n]', re.DOTALL),
    "'''": re.compile(r"\\(?:\r\n|.)|\{\{|[{}]|'''", re.DOTALL),
    '"""': re.compile(r'\\(?:\r\n|.)|\{\{|[{}]|"""', re.DOTALL),
}
_MAX_NESTING: Final = 24
"""F-strings inside fields of f-strings; beyond, the string is taken to end at its first quote."""

# What IPython turns into a call where a statement would start. A bare command such as `pip install x`
# counts where what follows it cannot be Python.
_ESCAPE_START: Final = re.compile(
    r"[%!?,;/]|(?:cat|cd|conda|cp|ls|mamba|mkdir|mv|pip|rm|uv)[ \t]+(?!(?:and|or|in|is|if|not|for|else)\b)[\w.~\"']"
)
_ESCAPE_END: Final = re.compile(r"[^\\\r\n]*(?:\\(?:\r\n?|\n|.)?[^\\\r\n]*)*")


class _Unclosed(Exception):
    """A replacement field or f-string does not end."""


def scan(text: str, escapes: bool = False) -> Iterator[Token]:
    """The comments and strings of `text` in order, each logical line after what it holds, and with
    `escapes` the parts of notebook cells that are not Python. Never raises; linear in the text."""
    pattern = _CODE_OR_ASSIGNED if escapes else _CODE
    nested = True               # cleared at the first f-string that does not nest, to stay linear
    depth = position = 0
    first = last = -1           # extent of the logical line so far

    def line() -> Iterator[Token]:
        if first >= 0:
            yield Token(Kind.LINE, first, last)

    at_start = True
    while True:
        if at_start:
            at_start = False
            matched = _INDENT.match(text, position)
            assert matched is not None
            position = matched.end()
            if escapes and _ESCAPE_START.match(text, position):
                end = _escape_end(text, position)
                yield Token(Kind.ESCAPE, position, end)
                position = end
        match = pattern.search(text, position)
        stop = match.start() if match else len(text)
        code = text[position:stop].rstrip(" \t\f") if stop > position else ""
        if code.strip(" \t\f"):
            if first < 0:
                first = position + len(code) - len(code.lstrip(" \t\f"))
            last = position + len(code)
        if match is None:
            yield from line()
            return
        position = match.end()
        found = match.lastgroup
        if found == "comment":
            yield Token(Kind.COMMENT, match.start(), position)
            continue
        if found == "newline":
            if depth == 0:
                yield from line()
                first = last = -1
                at_start = True
            continue
        if found == "joined":
            continue
        if first < 0:
            first = match.start()
        if found == "quote":
            quote = match["quote"]
            end = -1
            if (nested and "f" in (match["prefix"] or "").lower()) or "t" in (match["prefix"] or "").lower():
                try:
                    end = _literal_end(text, position, quote, 0)
                except _Unclosed:
                    nested = False
            if end < 0:
                end = _plain_end(text, position, quote)
            yield Token(Kind.STRING, match.start(), end)
            position = end
        elif found == "open":
            depth += 1
        elif found == "close":
            depth = max(depth - 1, 0)
        elif depth == 0:        # assigned
            end = _escape_end(text, position)
            yield Token(Kind.ESCAPE, position, end)
            position = end
        last = position


def _formatted(prefix: str | None) -> bool:
    """Whether a string with this prefix holds replacement fields."""
    return prefix is not None and not set("fFtT").isdisjoint(prefix)


def _escape_end(text: str, position: int) -> int:
    matched = _ESCAPE_END.match(text, position)
    assert matched is not None
    return matched.end()


def _plain_end(text: str, position: int, quote: str) -> int:
    """The end of a string whose body starts at `position`: past its quote, else the end of the line
    or, between triple quotes, of the text."""
    match = _PLAIN_END[quote].match(text, position)
    if match:
        return match.end()
    if len(quote) == 3:
        return len(text)
    ends = [end for end in (text.find("\n", position), text.find("\r", position)) if end >= 0]
    return min(ends, default=len(text))


def _literal_end(text: str, position: int, quote: str, depth: int, spec: bool = False) -> int:
    """The end of the literal part of an f-string, its fields included: past its quote, or with `spec`
    past the brace that ends the field whose format specification it is."""
    if depth > _MAX_NESTING:
        raise _Unclosed
    pattern = _LITERAL[quote]
    while True:
        match = pattern.search(text, position)
        if match is None:
            raise _Unclosed
        found = match.group()
        position = match.end()
        if found == quote:
            if spec:
                raise _Unclosed
            return position
        if found == "{" or (found == "{{" and spec):
            position = _field_end(text, match.start() + 1, quote, depth)
        elif found == "}":
            if spec:
                return position
        elif found in "\r\n":
            raise _Unclosed


def _field_end(text: str, position: int, quote: str, depth: int) -> int:
    """The end of a replacement field, past its closing brace."""
    brackets = 0
    while True:
        match = _FIELD.search(text, position)
        if match is None:
            raise _Unclosed
        position = match.end()
        found = match.lastgroup
        if found == "quote":
            if _formatted(match["prefix"]):
                position = _literal_end(text, position, match["quote"], depth + 1)
            else:
                position = _plain_end(text, position, match["quote"])
        elif found == "open":
            brackets += 1
        elif found == "close":
            if brackets == 0:
                return position
            brackets -= 1
        elif found == "colon" and brackets == 0:
            return _literal_end(text, position, quote, depth + 1, spec=True)
