"""What the files of `bad` and `good` expect.

A line that a finding points at ends in a comment of codes, `# INI006` or `# INI006 INI103`; every other line expects
none. A first line `# select: INI409` adds rules that are off by default. Each file of `bad` has a twin of
the same name in `good`: as like it as can be, and right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
_CODES = re.compile(r"#\s*(INI\d{3}(?:[ ,]+INI\d{3})*)\s*$")
_SELECT = re.compile(r"# select: (INI\d{3}(?:[ ,]+INI\d{3})*)\s*$")


def files(kind: str) -> list[Path]:
    """The files of "bad" or "good", sorted."""
    return sorted((HERE / kind).glob("*.py"))


def expected(text: str) -> list[tuple[int, str]]:
    """The (line, code) pairs a file expects, sorted."""
    return sorted(_expected(text))


def _expected(text: str) -> Iterator[tuple[int, str]]:
    for line, content in enumerate(text.splitlines(), start=1):
        found = _CODES.search(content)
        if found is not None:
            yield from ((line, code) for code in re.findall(r"INI\d{3}", found[1]))


def selected(text: str) -> tuple[str, ...]:
    """The codes the first line adds to the default selection."""
    found = _SELECT.match(text.split("\n", 1)[0])
    return tuple(re.findall(r"INI\d{3}", found[1])) if found is not None else ()
