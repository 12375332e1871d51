"""Internal errors as data: one note each, and the rest goes on."""

from __future__ import annotations

import traceback
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Crash:
    """Where an internal error came up, in words, what it was, and its traceback; `file` is the one that was worked on,
    "" where it is not known."""

    where: str
    error: str
    trace: str = ""
    file: str = ""

    @property
    def text(self) -> str:
        return f"{self.where}: internal error ({self.error}); the rest was linted"


def crash(where: str, error: BaseException, file: str = "") -> Crash:
    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    return Crash(where, " ".join(reason.split()), "".join(traceback.format_exception(error)), file)
