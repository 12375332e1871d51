"""Comments that silence findings.

`# noqa` and `# noqa: INI101` (on any line of the statement), `# initlint: ignore[INI101]` (the same, or on a
line of its own above), `# initlint: disable[INI101]` up to `# initlint: enable[INI101]` or the end of the block,
and for a whole file `# initlint: noqa`, `# initlint: file-ignore[INI101]`, `# flake8: noqa`. Rules are
named by code, code prefix or name. Codes of other tools are kept, and never reported.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Final

from initlint.syntax.edits import Edit
from initlint.syntax.scan import Kind as TokenKind
from initlint.syntax.scan import Token, scan
from initlint.syntax.source import Source

_MENTION: Final = re.compile(r"noqa|initlint[ \t]*:", re.IGNORECASE)
_NOQA: Final = re.compile(r"#[ \t]*noqa(?![\w-])(?P<list>[ \t]*:[ \t]*)?", re.IGNORECASE)
_FILE_NOQA: Final = re.compile(
    r"#[ \t]*(?P<tool>initlint|flake8)[ \t]*:[ \t]*noqa(?![\w-])(?P<list>[ \t]*:[ \t]*)?", re.IGNORECASE
)
_OURS: Final = re.compile(
    r"#[ \t]*initlint[ \t]*:[ \t]*(?P<verb>file-ignore|ignore|disable|enable)(?![\w-])(?:[ \t]*\[(?P<list>[^\]]*)\])?",
    re.IGNORECASE,
)
_OWN_CODE: Final = re.compile(r"noqa[^\r\n]*\bini")
_CODE: Final = r"(?:INI\d*|[A-Z]+\d+)(?![\w-])"
_NAME: Final = r"[a-z]+(?:-[a-z0-9]+)+(?![\w-])"
_FIRST_CODE: Final = re.compile(rf"{_CODE}|{_NAME}", re.IGNORECASE)
# Names may follow a comma only: after mere blanks they are the words of a reason.
_NEXT_CODE: Final = re.compile(rf"[ \t]*,[ \t]*(?P<any>{_CODE}|{_NAME})|[ \t]+(?P<code>{_CODE})", re.IGNORECASE)
_WORD: Final = re.compile(r"[\w-]+")


class Scope(Enum):
    """How far a suppression reaches."""

    LINE = "line"
    BLOCK = "block"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Selector:
    """One code, code prefix or name, and its place in the text."""

    text: str
    start: int
    end: int

    def selects(self, code: str, name: str) -> bool:
        text = self.text.upper()
        return self.text.lower() == name or (code.startswith(text) and text.startswith("INI"))


@dataclass(frozen=True, slots=True)
class Suppression:
    """One directive. It stands between the offsets `start` and `end`, the comment that holds it between
    `comment_start` and `comment_end`, on line `line`; it covers `first_line` to `last_line`. Without
    selectors it silences everything. `shared` is true of directives that other tools read too."""

    scope: Scope
    selectors: tuple[Selector, ...]
    line: int
    first_line: int
    last_line: int
    start: int
    end: int
    comment_start: int
    comment_end: int
    shared: bool

    def selects(self, code: str, name: str) -> bool:
        return not self.selectors or any(selector.selects(code, name) for selector in self.selectors)

    @property
    def own_selectors(self) -> tuple[Selector, ...]:
        """The selectors that can only mean this tool."""
        if not self.shared:
            return self.selectors
        return tuple(selector for selector in self.selectors if selector.text.upper().startswith("INI"))


@dataclass(frozen=True, slots=True)
class Idle:
    """A suppression, and those of its selectors that serve nothing (none: the suppression as a whole)."""

    suppression: Suppression
    selectors: tuple[Selector, ...]


class Suppressions:
    """The suppressions of one file, and which of them have been used so far."""

    def __init__(self, source: Source, items: tuple[Suppression, ...] = ()) -> None:
        self.source = source
        self.items = items
        self._used: set[Suppression | Selector] = set()
        self._naming: dict[str, _Reach] = {}        # those that name a rule, by its code

    def matches(self, code: str, name: str, start_line: int, end_line: int) -> Suppression | None:
        """The suppression that silences a finding on these lines, marked as used; None where none does.

        The closest wins: on the lines of the finding, on its statement, around it, on the file.
        """
        naming = self._naming.get(code)
        if naming is None:
            naming = self._naming[code] = _Reach(item for item in self.items if item.selects(code, name))
        found = naming.closest(start_line, end_line)
        if found is not None:
            self._used.add(found)
            self._used.update(selector for selector in found.selectors if selector.selects(code, name))
        return found

    def unused(self, rules: Mapping[str, str]) -> tuple[Idle, ...]:
        """What has silenced nothing so far, of the `rules` (names by code) that ran. A plain `# noqa` may
        serve another tool and is never unused."""
        found = []
        chosen = _chosen_of(self.items, rules)
        for item in self.items:
            if not item.selectors:
                if not item.shared and item not in self._used:
                    found.append(Idle(item, ()))
                continue
            idle = [s for s in item.own_selectors if s.text in chosen and s not in self._used]
            if idle:
                found.append(Idle(item, tuple(idle)))
        return tuple(found)

    def unknown(self, rules: Mapping[str, str]) -> tuple[Idle, ...]:
        """What names none of all the `rules` (names by code) there are."""
        chosen = _chosen_of(self.items, rules)
        pairs = ((item, tuple(s for s in item.own_selectors if s.text not in chosen)) for item in self.items)
        return tuple(Idle(item, selectors) for item, selectors in pairs if selectors)

    def removal(self, item: Suppression, selectors: Collection[Selector] = ()) -> Edit:
        """The edit that takes `selectors` out of a suppression, or with none or all of them the whole of it.
        Other tools' codes, other comments and the line's end stay as they are."""
        gone = set(selectors)
        kept = [selector for selector in item.selectors if selector not in gone]
        text = self.source.text
        if selectors and kept:
            first, last = item.selectors[0], item.selectors[-1]
            pieces = [kept[0].text]
            before_each = dict(zip(item.selectors[1:], item.selectors, strict=False))
            for selector in kept[1:]:
                before = before_each[selector]
                pieces += (text[before.end:selector.start], selector.text)
            return Edit(first.start, last.end, "".join(pieces))
        line_start, line_end = self.source.line_extent(item.line)
        rest = text[item.end:item.comment_end].strip(" \t")
        lead = text[line_start:item.start]
        if rest:
            content = rest if rest.startswith("#") else f"# {rest.lstrip(':-– ')}"
            return Edit(item.start, item.comment_end, content)
        if lead.strip(" \t\f"):
            return Edit(line_start + len(lead.rstrip(" \t\f")), item.comment_end, "")
        if item.line < len(self.source.line_starts):
            return Edit(line_start, self.source.line_starts[item.line], "")
        return Edit(line_start, line_end, "")

    def noqa_row(self, line: int) -> int:
        """The line on which a `# noqa` for a finding on `line` has to stand: a comment cannot follow a line
        that ends inside a string or in a backslash."""
        last = len(self.source.line_starts)
        while True:
            _, end = self.source.line_extent(line)
            index = bisect_right(self._strings, end, key=lambda token: token.start) - 1
            if index >= 0 and self._strings[index].start < end < self._strings[index].end:
                line = self.source.line_at(self._strings[index].end)
            elif line < last and self.source.text[end - 1:end] == "\\" and end not in self._comment_ends:
                line += 1
            else:
                return line

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(scan(self.source.text))

    @cached_property
    def _strings(self) -> list[Token]:
        return [token for token in self._tokens if token.kind is TokenKind.STRING]

    @cached_property
    def _comment_ends(self) -> frozenset[int]:
        return frozenset(token.end for token in self._tokens if token.kind is TokenKind.COMMENT)


class _Reach:
    """How far some suppressions reach, by line."""

    def __init__(self, items: Iterable[Suppression]) -> None:
        by_scope: dict[Scope, list[Suppression]] = {scope: [] for scope in Scope}
        for item in items:
            by_scope[item.scope].append(item)
        self._of_lines = by_scope[Scope.LINE]
        self._rows = [item.line for item in self._of_lines]
        self._covers = [_Cover(each) for each in by_scope.values() if each]

    def closest(self, start_line: int, end_line: int) -> Suppression | None:
        """The suppression on these lines, else the first of those that cover any of them."""
        index = bisect_left(self._rows, start_line)
        if index < len(self._rows) and self._rows[index] <= end_line:
            return self._of_lines[index]
        covering = (cover.first(start_line, end_line) for cover in self._covers)
        return next((found for found in covering if found is not None), None)


class _Cover:
    """Which of some suppressions is the first to cover a line."""

    def __init__(self, items: list[Suppression]) -> None:
        self._by_line: dict[int, tuple[int, Suppression]] = {}     # each with its place among the items
        following: dict[int, int] = {}      # behind a covered line, where to look for one that is not
        for place, item in enumerate(items):
            line = _end_of(following, item.first_line)
            while line <= item.last_line:
                self._by_line[line] = place, item
                following[line] = line + 1
                line = _end_of(following, line + 1)

    def first(self, start_line: int, end_line: int) -> Suppression | None:
        """The first item that covers any of these lines."""
        covering = [self._by_line[line] for line in range(start_line, end_line + 1) if line in self._by_line]
        return min(covering, key=lambda found: found[0])[1] if covering else None


def _end_of(following: dict[int, int], line: int) -> int:
    """Where a chain of lines ends; the lines passed are told, so that the next search is short."""
    passed = []
    while line in following:
        passed.append(line)
        line = following[line]
    for each in passed:
        following[each] = line
    return line


def mentions(source: Source) -> bool:
    """Whether a file may hold suppressions."""
    text = source.text.lower()          # far cheaper than a search that ignores case
    return "noqa" in text or "initlint" in text


def mentions_own(source: Source) -> bool:
    """Whether a file may hold suppressions that there is something to say about: other tools' are none of ours."""
    text = source.text.lower()
    return "initlint" in text or _OWN_CODE.search(text) is not None


def suppressions(source: Source) -> Suppressions:
    """The suppressions in the comments of a file."""
    if not mentions(source):
        return Suppressions(source)
    return Suppressions(source, tuple(_Finder(source).find()))


def _chosen_of(items: Iterable[Suppression], rules: Mapping[str, str]) -> set[str]:
    """The texts of selectors that name any of the `rules`."""
    selectors = {selector.text: selector for item in items for selector in item.own_selectors}
    return {
        text for text, selector in selectors.items()
        if any(selector.selects(code, name) for code, name in rules.items())
    }


class _Opened:
    """The blocks that `disable` comments have opened, `items`, in order."""

    def __init__(self) -> None:
        self.items: dict[Suppression, None] = {}
        self._named: dict[frozenset[str], list[Suppression]] = {}
        self._all: list[Suppression] = []

    def add(self, item: Suppression) -> None:
        self.items[item] = None
        self._all.append(item)
        self._named.setdefault(_names(item.selectors), []).append(item)

    def closed(self, selectors: tuple[Selector, ...], line: int) -> Iterator[Suppression]:
        """The innermost block that an `enable` on `line` ends: one that names the same, or any where it names
        nothing."""
        stack = self._named.get(_names(selectors), []) if selectors else self._all
        while stack:
            item = stack.pop()
            if item in self.items and item.last_line >= line:
                del self.items[item]
                yield replace(item, last_line=line)
                return


def _names(selectors: Iterable[Selector]) -> frozenset[str]:
    return frozenset(selector.text.lower() for selector in selectors)


class _Finder:
    """Reads the directives in the comments of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        tokens = list(scan(source.text))
        self.comments = [token for token in tokens if token.kind is TokenKind.COMMENT]
        self.lines: list[tuple[int, int]] = []          # first and last line of each logical line
        self.decorated: set[int] = set()                # those that start with a decorator
        self.indents: list[int] = []
        for token in tokens:
            if token.kind is TokenKind.LINE:
                if source.text[token.start] == "@":
                    self.decorated.add(len(self.lines))
                first = source.line_at(token.start)
                self.lines.append((first, source.line_at(max(token.end - 1, token.start))))
                self.indents.append(self._indent(token.start))

    def find(self) -> Iterator[Suppression]:
        """The suppressions in order of the text."""
        opened = _Opened()
        for comment in self.comments:
            text = self.source.text
            if not _MENTION.search(text, comment.start, comment.end):
                continue
            for match in _NOQA.finditer(text, comment.start, comment.end):
                selectors, end = self._codes(match, comment.end)
                if match["list"] is None or selectors:
                    yield self._made(Scope.LINE, selectors, comment, match.start(), end, shared=True)
            own_line = self._own_line(comment)
            for match in _FILE_NOQA.finditer(text, comment.start, comment.end):
                selectors, end = self._codes(match, comment.end)
                if own_line and (match["list"] is None or selectors):
                    shared = match["tool"].lower() == "flake8"
                    yield self._made(Scope.FILE, selectors, comment, match.start(), end, shared=shared)
            for match in _OURS.finditer(text, comment.start, comment.end):
                words = _WORD.finditer(text, *match.span("list")) if match["list"] is not None else ()
                selectors = tuple(Selector(word.group(), word.start(), word.end()) for word in words)
                verb = match["verb"].lower()
                if match["list"] is not None and not selectors:
                    continue
                if verb == "enable":
                    yield from opened.closed(selectors, self.source.line_at(comment.start))
                    continue
                scope = {"ignore": Scope.LINE, "disable": Scope.BLOCK, "file-ignore": Scope.FILE}[verb]
                found = self._made(scope, selectors, comment, match.start(), match.end(), shared=False)
                if scope is Scope.BLOCK:
                    opened.add(found)
                else:
                    yield found
        yield from opened.items

    def _codes(self, match: re.Match[str], end: int) -> tuple[tuple[Selector, ...], int]:
        """The selectors after the colon of a `noqa`, and where the directive ends."""
        if match["list"] is None:
            return (), match.end()
        text = self.source.text
        found = []
        code = _FIRST_CODE.match(text, match.end(), end)
        if code is None:
            return (), match.end()
        found.append(Selector(code.group(), code.start(), code.end()))
        position = code.end()
        while following := _NEXT_CODE.match(text, position, end):
            group = "any" if following["any"] is not None else "code"
            found.append(Selector(following[group], following.start(group), following.end(group)))
            position = following.end()
        return tuple(found), position

    def _made(
        self, scope: Scope, selectors: tuple[Selector, ...], comment: Token, start: int, end: int, *, shared: bool
    ) -> Suppression:
        line = self.source.line_at(comment.start)
        if scope is Scope.FILE:
            first, last = 1, len(self.source.line_starts)
        elif scope is Scope.BLOCK:
            first, last = line, self._block_end(comment)
        else:
            first, last = self._covered(comment, line, above=not shared)
        return Suppression(scope, selectors, line, first, last, start, end, comment.start, comment.end, shared)

    def _covered(self, comment: Token, line: int, above: bool) -> tuple[int, int]:
        """The lines that a comment on `line` speaks of: its logical line, or the next where it stands alone."""
        index = bisect_right(self.lines, line, key=lambda extent: extent[0]) - 1
        while index > 0 and self.lines[index - 1][1] >= line:       # several statements on one line
            index -= 1
        if index >= 0 and self.lines[index][0] <= line <= self.lines[index][1]:
            return self.lines[index][0], max(line, self.lines[index][1])
        if not (above and self._own_line(comment)):
            return line, line
        first = bisect_left(self.lines, line, key=lambda extent: extent[0])
        if first == len(self.lines):
            return line, line
        last = first
        while last in self.decorated and last + 1 < len(self.lines):
            last += 1
        return line, self.lines[last][1]

    def _block_end(self, comment: Token) -> int:
        """The last line of the block that a comment stands in."""
        line = self.source.line_at(comment.start)
        indent = self._indent(comment.start)
        first = bisect_right(self.lines, line, key=lambda extent: extent[0])
        while first < len(self.lines):
            if self.indents[first] < indent:
                return self.lines[first][0] - 1
            first = self._outer[first]
        return len(self.source.line_starts)

    @cached_property
    def _outer(self) -> list[int]:
        """For each logical line the next that is indented less; behind the last where there is none."""
        found = [len(self.lines)] * len(self.lines)
        waiting: list[int] = []
        for index, width in enumerate(self.indents):
            while waiting and self.indents[waiting[-1]] > width:
                found[waiting.pop()] = index
            waiting.append(index)
        return found

    def _indent(self, offset: int) -> int:
        """The width of the blanks before the first character of the line that holds `offset`."""
        start, end = self.source.line_extent(self.source.line_at(offset))
        line = self.source.text[start:end].lstrip("\f")
        return len((line[:len(line) - len(line.lstrip(" \t"))]).expandtabs(8))

    def _own_line(self, comment: Token) -> bool:
        start = self.source.line_starts[self.source.line_at(comment.start) - 1]
        return not self.source.text[start:comment.start].strip(" \t\f")
