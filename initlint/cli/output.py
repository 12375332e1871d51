"""Where results go."""

from __future__ import annotations

from initlint.cli.console import Console
from initlint.config.errors import ConfigError


def write_report(text: str, path: str | None, console: Console) -> None:
    """To the file at `path`, else to standard output. Raises `ConfigError` where the file cannot be written."""
    if path is None:
        console.result(text)
        return
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as handle:
            handle.write(text)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror or error}", path) from None


def counted(number: int, word: str, plural: str = "s") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {word}{'' if number == 1 else plural}"
