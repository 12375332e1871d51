"""Unified diffs in the form that `git apply` and `patch` read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

_CONTEXT: Final = 3
_NO_NEWLINE: Final = b"\n\\ No newline at end of file\n"
_QUOTED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def unified_diff(path: str, before: bytes, after: bytes) -> bytes:
    """What turns the file `path` (relative to where the diff will be applied) from `before` into `after`; b""
    where they are equal.

    Bytes, because a patch fits only a file in the same encoding. Lines end at line feeds alone, as in git: a
    carriage return before one belongs to the line.
    """
    if before == after:
        return b""
    old, new = _lines(before), _lines(after)
    header = f"--- {_named('a', path)}\n+++ {_named('b', path)}\n".encode("utf-8", "surrogateescape")
    return header + b"".join(_hunks(old, new))


def _hunks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[bytes]:
    # Fixes are few and far between: what is equal at both ends need not be compared line by line.
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    skipped = max(same - _CONTEXT, 0)
    matcher = SequenceMatcher(None, old[skipped:], new[skipped:])
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield (
            f"@@ -{_range(first[1] + skipped, last[2] + skipped)} +{_range(first[3] + skipped, last[4] + skipped)} @@\n"
        ).encode()
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from _marked(b" ", old[skipped + old_start:skipped + old_end])
                continue
            yield from _marked(b"-", old[skipped + old_start:skipped + old_end])
            yield from _marked(b"+", new[skipped + new_start:skipped + new_end])


def _marked(mark: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + (line if line.endswith(b"\n") else line + _NO_NEWLINE)


def _range(start: int, end: int) -> str:
    """Lines from 1; of an empty stretch, the line before it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _named(side: str, path: str) -> str:
    """A file name as git writes it: quoted where it must be, with a tab after one that holds blanks."""
    name = f"{side}/{path}"
    if _QUOTED.search(name):
        escaped = _QUOTED.sub(lambda match: _ESCAPES.get(match[0], f"\\{ord(match[0]):03o}"), name)
        return f'"{escaped}"'
    return f"{name}\t" if " " in name else name
