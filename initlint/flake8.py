"""initlint as a plugin of flake8: its findings under the codes INI001 to INI999."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from initlint import __version__


class Plugin:
    """One file, as flake8 hands it over. flake8 itself sees to `# noqa` and to `--select`."""

    name = "initlint"
    version = __version__

    def __init__(self, tree: object, lines: Sequence[str], filename: str = "stdin") -> None:
        self._text = "".join(lines)
        self._filename = filename

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """(line from 1, column from 0, message, type)."""
        from initlint.api import lint_source

        named = self._filename not in ("stdin", "-", "(none)")
        for found in lint_source(self._text, self._filename if named else "<stdin>"):
            start = found.region.start
            yield start.line, start.column - 1, f"{found.code} {found.message}", type(self)
