"""Changes to the arguments of one call.

All that one fix does to a call is gathered first: an argument that comes takes the place of one that goes,
and what stays keeps its text, its comments and its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import libcst as cst

from initlint.fix.document import Document
from initlint.fix.nodes import Piece, Unreadable
from initlint.fix.places import leading_blanks, line_end, line_start
from initlint.model.source import Span
from initlint.syntax.edits import Edit

_KAIMING: Final = ("tensor", "a", "mode", "nonlinearity", "generator")
PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform_": ("tensor", "a", "b", "generator"),
    "normal_": ("tensor", "mean", "std", "generator"),
    "trunc_normal_": ("tensor", "mean", "std", "a", "b", "generator"),
    "constant_": ("tensor", "val"),
    "dirac_": ("tensor", "groups"),
    "xavier_uniform_": ("tensor", "gain", "generator"),
    "xavier_normal_": ("tensor", "gain", "generator"),
    "kaiming_uniform_": _KAIMING,
    "kaiming_normal_": _KAIMING,
    "orthogonal_": ("tensor", "gain", "generator"),
    "sparse_": ("tensor", "sparsity", "std", "generator"),
    "calculate_gain": ("nonlinearity", "param"),
}
"""The parameters of `torch.nn.init` in order: names for what stood in its place behind an argument that goes."""

_DEFAULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "a": ("0", "0.0"), "gain": ("1", "1.0"), "mode": ('"fan_in"',), "nonlinearity": ('"leaky_relu"',),
}
"""What the schemes that scale by fans take without an argument, as it is written."""

_KEYWORD: Final = re.compile(r"(\w+)\s*=(?!=)")
_REST_OF_LINE: Final = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?")
_STRING: Final = re.compile(r"""(["'])[^"'\\\n]*\1""")


@dataclass(slots=True)
class _Slot:
    """One argument as it is and as it will be: `value` and `text` replace its value or all of it, `name`
    makes a positional one a keyword."""

    argument: cst.Arg
    name: str = ""
    value: str | None = None
    text: str | None = None
    removed: bool = False

    @property
    def keyword(self) -> str | None:
        """The name it is passed by, after the change; None for a positional or unpacked one."""
        if self.text is not None:
            match = _KEYWORD.match(self.text)
            return match[1] if match else None
        if self.name:
            return self.name
        return self.argument.keyword.value if self.argument.keyword is not None else None

    @property
    def unpacks(self) -> bool:
        return self.argument.star != ""


class CallChanges:
    """Gathers the changes of one call's arguments, and writes them as edits. Raises Unreadable where the
    call cannot be read, or a change cannot be made to it."""

    def __init__(self, document: Document, span: Span, function: str) -> None:
        piece, node = document.expression(span)
        if not isinstance(node, cst.Call):
            raise Unreadable("not a call")
        self.piece: Piece = piece
        self.node: cst.Call = node
        self._document = document
        self._text = document.text
        self._parameters = PARAMETERS.get(function, ())
        self._slots = [_Slot(argument) for argument in node.args]
        self._added: list[str] = []
        if any(isinstance(argument.value, cst.GeneratorExp) and not argument.value.lpar for argument in node.args):
            raise Unreadable("a bare generator is the only argument a call can have")

    # changes

    def set(self, name: str, value: str, position: int | None, replaces: str | None) -> None:
        present = self._find(name, position)
        other = self._find(replaces, self._position(replaces)) if replaces is not None else None
        if present is not None:
            present.value = self._quoted(value, present.argument.value)
            if other is not None and other is not present:
                self._remove(other)
        elif other is not None:
            other.text = f"{name}={self._quoted(value, other.argument.value)}"
        else:
            self._added.append(f"{name}={self._document.requoted(value)}")

    def remove(self, name: str, position: int | None) -> None:
        slot = self._find(name, position)
        if slot is not None:
            self._remove(slot)

    def name(self, position: int, name: str) -> None:
        slot = self._find(None, position)
        if slot is None:
            raise Unreadable("no such positional argument")
        slot.name = name

    def replace_all(self, arguments: Sequence[str], kept: int, function: str = "") -> None:
        """Makes the arguments after the first `kept` ones `arguments`, leaving alone what says the same. Where the
        `function` that will be called has the parameters of the one that is called now, values keep their places."""
        slots = self._slots[kept:]
        wanted = list(arguments)
        alike = bool(self._parameters) and PARAMETERS.get(function) == self._parameters
        if alike and self._in_their_places(slots, kept, wanted):
            return
        if all(map(self._says, slots, wanted)) and len(wanted) <= len(slots):
            for slot in slots[len(wanted):]:
                slot.removed = True
            return
        for slot in slots:
            keyword = slot.keyword
            same = next((new for new in wanted if keyword and _keyword(new) == keyword), None)
            if same is None:
                slot.removed = True
                continue
            wanted.remove(same)
            if not self._says(slot, same):
                slot.value = self._quoted(same.partition("=")[2].strip(), slot.argument.value)
        if any(_keyword(new) is None for new in wanted) and any(not slot.removed for slot in slots):
            raise Unreadable("positional arguments among keywords")
        self._added += map(self._document.requoted, wanted)

    def _in_their_places(self, slots: Sequence[_Slot], kept: int, arguments: Sequence[str]) -> bool:
        """Gives positional arguments their new values where they stand, if those before them have one, too, or are
        torch's defaults."""
        values = {_keyword(text) or "": text.partition("=")[2].strip() for text in arguments}
        names = [
            slot.keyword or (self._parameters[place] if place < len(self._parameters) else "")
            for place, slot in enumerate(slots, kept)
        ]
        positional = [slot.keyword is None for slot in slots]
        if "" in names or "" in values or any(slot.unpacks for slot in slots) or not any(positional):
            return False
        last = max((place for place, name in enumerate(names) if positional[place] and name in values), default=-1)
        for place, (slot, name) in enumerate(zip(slots, names, strict=True)):
            if place < last and name not in values and not self._is_default(slot, name):
                return False
        for place, (slot, name, in_place) in enumerate(zip(slots, names, positional, strict=True)):
            if name not in values:
                slot.removed = place > last
            elif not self._says(slot, values[name] if in_place else f"{name}={values[name]}"):
                slot.value = self._quoted(values[name], slot.argument.value)
        self._added += [
            self._document.requoted(text) for text in arguments if (_keyword(text) or "") not in names
        ]
        return True

    def _is_default(self, slot: _Slot, name: str) -> bool:
        """Whether an argument says what torch takes without it."""
        start, end = self._extent(slot.argument)
        return self._document.requoted(self._text[start:end], '"') in _DEFAULTS.get(name, ())

    # edits

    def edits(self) -> Iterator[Edit]:
        self._pair()
        self._check()
        for slot in self._slots:
            yield from self._changed(slot)
        yield from self._removals()
        stays = [slot for slot in self._slots if not slot.removed]
        if self._added:
            yield from self._after(stays[-1].argument) if stays else self._first()

    def _pair(self) -> None:
        """Arguments that come take the places of those that go."""
        gone = [slot for slot in self._slots if slot.removed]
        for slot, text in zip(gone, list(self._added), strict=False):
            keyword = _keyword(text) is not None
            behind = self._slots[self._slots.index(slot) + 1:]
            if keyword and any(other.keyword is None and not other.removed for other in behind):
                continue
            slot.removed, slot.text = False, text
            self._added.remove(text)

    def _check(self) -> None:
        """Refuses to write what Python would not read: keywords twice, or before positional arguments."""
        keywords: set[str] = set()
        for slot in self._slots:
            if slot.removed or slot.argument.star == "**":
                continue
            keyword = slot.keyword
            if keyword is None:
                if keywords and not slot.unpacks:
                    raise Unreadable("a positional argument behind keywords")
            elif keyword in keywords:
                raise Unreadable("an argument given twice")
            else:
                keywords.add(keyword)
        if not keywords.isdisjoint(filter(None, map(_keyword, self._added))):
            raise Unreadable("an argument given twice")

    def _changed(self, slot: _Slot) -> Iterator[Edit]:
        if slot.removed:
            return
        argument = slot.argument
        start, end = self._extent(argument)
        first, last = self.piece.start(argument.value), self.piece.end(argument.value)
        if slot.text is not None:
            yield Edit(start, end, slot.text)
        elif slot.name and slot.value is not None:
            yield Edit(start, end, f"{slot.name}={slot.value}")
        elif slot.value is not None:
            yield Edit(first, last, slot.value)
        elif slot.name:
            yield Edit(start, start, f"{slot.name}=")

    def _removals(self) -> Iterator[Edit]:
        """Removes arguments with the commas that part them from their neighbours."""
        index = 0
        while index < len(self._slots):
            stop = index
            while stop < len(self._slots) and self._slots[stop].removed:
                stop += 1
            if stop > index:
                yield from self._removal(index, stop)
            index = stop + 1

    def _removal(self, first: int, stop: int) -> Iterator[Edit]:
        """Removes the arguments from `first` up to `stop`, where others that stay, or none, stand around them."""
        start = self._extent(self._slots[first].argument)[0]
        last = self._slots[stop - 1].argument
        end = self._comma_end(last)
        line = line_start(self._document.source, start)
        whole = not self._text[line:start].strip() and self._rest(end) == line_end(self._document.source, end)
        ends = stop == len(self._slots) and not isinstance(last.comma, cst.Comma)
        if first > 0 and ends:      # the comma before goes with the last argument
            before = self._slots[first - 1].argument
            if whole and self._rest(self._comma_end(before)) < line:
                yield Edit(self._extent(before)[1], self._comma_end(before), "")
            else:
                yield Edit(self._extent(before)[1], end, "")
                return
        if whole:
            previous = self._document.source.line_extent(self._document.source.line_at(line) - 1)[1]
            yield Edit(previous, line_end(self._document.source, end), "")
        elif first > 0 and (stop == len(self._slots) or self._rest(end) == line_end(self._document.source, end)):
            yield Edit(self._comma_end(self._slots[first - 1].argument), end, "")
        else:
            yield Edit(start, self._blanks(end) if stop < len(self._slots) else end, "")

    def _first(self) -> Iterator[Edit]:
        """Arguments for a call that has none."""
        yield Edit(self.opening, self.opening, ", ".join(self._added))

    def _after(self, last: cst.Arg) -> Iterator[Edit]:
        """Arguments behind the last one that stays, each on its line where arguments have lines."""
        source = self._document.source
        start, end = self._extent(last)
        comma = self._comma_end(last) if isinstance(last.comma, cst.Comma) else None
        removed_behind = self._slots[-1].argument is not last
        if not self._has_lines():
            if comma is not None and not removed_behind:
                ahead = self._text[comma:comma + 1]
                yield Edit(comma, comma, " " + ", ".join(self._added) + ("," if ahead in ")\r\n" else ""))
            else:
                yield Edit(end, end, ", " + ", ".join(self._added))
            return
        indent = leading_blanks(self._text[line_start(source, start):start])
        stop = end if comma is None else comma
        lines = f",{source.newline}{indent}".join(self._added)
        rest = self._rest(stop)
        if rest == end or rest < line_end(source, stop):    # no comment, or the closing parenthesis behind it
            yield Edit(end, end, f",{source.newline}{indent}{lines}")
            return
        if comma is None:
            yield Edit(end, end, ",")
        yield Edit(rest, rest, f"{source.newline}{indent}{lines}" + ("," if comma else ""))

    def _has_lines(self) -> bool:
        """Whether each argument has a line for itself (the first may stand behind the parenthesis)."""
        starts = [self._extent(slot.argument)[0] for slot in self._slots]
        own = [not self._text[line_start(self._document.source, start):start].strip() for start in starts]
        return all(own[1:]) and own[-1] and (len(own) > 1 or own[0])

    # what stands where

    def _find(self, name: str | None, position: int | None) -> _Slot | None:
        """The argument passed by `name`, else the one at `position` among those in their place."""
        for slot in self._slots:
            if name is not None and not slot.unpacks and slot.keyword == name:
                return slot
        index = 0
        for slot in self._slots:
            if slot.unpacks or position is None:
                return None
            if slot.argument.keyword is None:
                if index == position:
                    return None if slot.name else slot
                index += 1
        return None

    def _position(self, name: str) -> int | None:
        return self._parameters.index(name) if name in self._parameters else None

    def _remove(self, slot: _Slot) -> None:
        """Removes an argument; those behind it that rely on their place get their names."""
        index = self._slots.index(slot)
        slot.removed = True
        if slot.argument.keyword is not None:
            return
        for place, other in enumerate(self._slots[index + 1:], index + 1):
            if other.argument.star == "*" or (other.keyword is None and place >= len(self._parameters)):
                raise Unreadable("arguments behind it rely on its place")
            if other.keyword is None and not other.removed and not other.unpacks:
                other.name = self._parameters[place]

    def _says(self, slot: _Slot, text: str) -> bool:
        """Whether an argument is `text`, in whatever quotes."""
        start, end = self._extent(slot.argument)
        return self._document.requoted(self._text[start:end], '"') == self._document.requoted(text, '"')

    def _extent(self, argument: cst.Arg) -> tuple[int, int]:
        """The offsets of an argument, its name and its parentheses included and the comma left out."""
        return self.piece.start(argument), self.piece.end(argument)

    def _comma_end(self, argument: cst.Arg) -> int:
        comma = argument.comma
        if not isinstance(comma, cst.Comma):
            return self._extent(argument)[1]
        return self.piece.end(comma.whitespace_before) + 1

    @property
    def opening(self) -> int:
        """The offset behind the opening parenthesis."""
        return self.piece.end(self.node.whitespace_after_func) + 1

    def _blanks(self, offset: int) -> int:
        while self._text[offset:offset + 1] in (" ", "\t", "\f"):
            offset += 1
        return offset

    def _rest(self, offset: int) -> int:
        """Past the blanks and the comment behind an offset."""
        match = _REST_OF_LINE.match(self._text, offset)
        return match.end() if match else offset

    def _quoted(self, value: str, old: cst.BaseExpression) -> str:
        """`value` with the quotes of the string it replaces, else with those of the file."""
        written = self._text[self.piece.start(old):self.piece.end(old)]
        match = _STRING.fullmatch(written)
        return self._document.requoted(value, match[1] if match else "")


def _keyword(text: str) -> str | None:
    match = _KEYWORD.match(text)
    return match[1] if match else None
