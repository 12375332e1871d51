"""What is wrong with a configuration, and where."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigError(Exception):
    """A configuration that cannot be used. `file` is a path or an option's name, `line` counts from 1."""

    def __init__(self, message: str, file: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}" if place else self.message


def close_to(word: str, known: Iterable[str]) -> list[str]:
    """The known words most like `word`, at most two."""
    from difflib import get_close_matches  # needed after a mistake only

    folded = {name.casefold(): name for name in sorted(set(known))}
    return [folded[match] for match in get_close_matches(word.casefold(), folded, n=2, cutoff=0.6)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean ...?)` with the closest known words, "" where none is close."""
    close = close_to(word, known)
    return f" (did you mean {' or '.join(f'`{name}`' for name in close)}?)" if close else ""
