"""Where results go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.cli.console import Console
from initlint.config.errors import ConfigError
from initlint.work.crash import Crash

if TYPE_CHECKING:
    from initlint.lint import Report


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


def tell_about(report: Report, console: Console) -> bool:
    """Says what could not be followed, and which internal errors came up. True where they left nothing of any file."""
    for note in report.notes:
        console.detail(note)
    for crash in report.crashes:
        tell(crash, console)
    return report.lost


def tell(crash: Crash, console: Console) -> None:
    """One line about an internal error, with its traceback where more is to be said."""
    console.warn(crash.text)
    console.detail(crash.trace)


def counted(number: int, word: str, plural: str = "s") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {word}{'' if number == 1 else plural}"
