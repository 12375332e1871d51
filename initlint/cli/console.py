"""The streams of the process: what is said, how loud, and the line that shows progress."""

from __future__ import annotations

import io
import os
import sys
import time
from typing import Final, TextIO

from initlint.report.style import Style, plain, style_for

QUIET, SILENT, NORMAL, VERBOSE = -1, -2, 0, 1


class Console:
    """Results go to `out`, everything said about the run to `err`."""

    def __init__(self, colour: str = "auto", level: int = NORMAL, out: TextIO | None = None) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")      # a name no encoding can hold is no reason to die
        self.out: Final[TextIO] = out or sys.stdout
        self.err: Final[TextIO] = sys.stderr
        self.colour: Final = colour
        self.level: Final = level

    @property
    def style(self) -> Style:
        return style_for(self.out, self.colour)

    def style_of(self, path: str | None) -> Style:
        """The style of a report that goes to `path`: a file gets no colours unless they are asked for."""
        return self.style if path is None else Style(colour=self.colour == "always")

    def result(self, text: str) -> None:
        if self.level > SILENT and text:
            self.out.write(text)
            self.out.flush()

    def result_bytes(self, data: bytes) -> None:
        """A result whose bytes matter: the text of a file, a patch."""
        if self.level > SILENT:
            self.out.flush()
            buffer = getattr(self.out, "buffer", None)
            if buffer is None:                      # a stream of text only, as in an embedding program
                self.out.write(data.decode("utf-8", "backslashreplace"))
            else:
                buffer.write(data)
            self.out.flush()

    def aside(self) -> Console:
        """This console with results on standard error, where standard output holds something else."""
        return Console(self.colour, self.level, self.err)

    def remark(self, text: str) -> None:
        """A word about the run that is no part of its results."""
        if self.level > QUIET:
            self.err.write(text + "\n")
            self.err.flush()

    def say(self, text: str) -> None:
        """A word about the results, for people: with them on `out`."""
        if self.level > QUIET:
            self.out.write(text + "\n")
            self.out.flush()

    def warn(self, text: str) -> None:
        if self.level > QUIET:
            self._tell("warning", "yellow", text)

    def fail(self, text: str) -> None:
        if self.level > SILENT:
            self._tell("error", "red", text)

    def detail(self, text: str) -> None:
        if self.level >= VERBOSE:
            self.err.write(text + "\n")

    def _tell(self, kind: str, colour: str, text: str) -> None:
        style = style_for(self.err, self.colour)
        self.err.write(f"{style.paint(kind, colour, 'bold')}: {plain(text)}\n")
        self.err.flush()


class Progress:
    """A line on a terminal that says how far a long run is; nothing elsewhere, and nothing in the first second."""

    _DELAY: Final = 1.0
    _PAUSE: Final = 0.1

    def __init__(self, stream: TextIO, *, shown: bool) -> None:
        self._stream = stream
        self._shown = shown and stream.isatty()
        self._next = time.monotonic() + self._DELAY
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + self._PAUSE
            self._drawn = True
            self._stream.write(f"\r{done}/{total} files\x1b[K")
            self._stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def abandon_stdout() -> None:
    """Lets the interpreter end quietly although nobody reads what is left to write."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
