"""Whether a text is shallow enough for LibCST.

LibCST's parser recurses in native code: a thousand nested brackets or a chain of a few thousand operators
end the process, and a handful of nested, broken patterns take it minutes. CPython's own parser refuses
the first and never sees the second, so this is asked before LibCST reads what CPython did not.
"""

from __future__ import annotations

import re
from typing import Final

from initlint.syntax.scan import Kind, scan

MAX_BRACKETS: Final = 60
MAX_PATTERN_BRACKETS: Final = 6
MAX_CHAIN: Final = 500
MAX_ELIF: Final = 1000

_MARK: Final = re.compile(r"[(\[{]|[)\]}]|,|lambda\b|[-+~*/%@&|^<>=.:!]+|\b(?:not|await|if|else|and|or|in|is)\b")
_CASE: Final = re.compile(r"case\b")
_ELIF: Final = re.compile(r"^[ \t\f]*elif\b", re.MULTILINE)


def is_shallow(text: str) -> bool:
    """Whether no expression or pattern in `text` nests deeper than a person would write."""
    if len(_ELIF.findall(text)) > MAX_ELIF:
        return False
    holes: list[tuple[int, int]] = []       # strings and comments inside the line at hand
    for token in scan(text):
        if token.kind is not Kind.LINE:
            holes.append((token.start, token.end))
            continue
        if not _line_is_shallow(text, token.start, token.end, holes):
            return False
        holes = []
    return True


def _line_is_shallow(text: str, start: int, end: int, holes: list[tuple[int, int]]) -> bool:
    brackets = chain = lambdas = 0
    limit = MAX_PATTERN_BRACKETS if _CASE.match(text, start) else MAX_BRACKETS
    position = start
    for hole_start, hole_end in [*holes, (end, end)]:
        for match in _MARK.finditer(text, position, max(position, min(hole_start, end))):
            mark = match.group()
            if mark in "([{":
                brackets += 1
                chain += 1
            elif mark in ")]}":
                brackets -= 1
            elif mark == ",":
                chain = 0
            elif mark == "lambda":
                lambdas += 1
            else:
                chain += len(mark)
            if brackets > limit or chain + lambdas > MAX_CHAIN:
                return False
        position = max(position, hole_end)
    return True
