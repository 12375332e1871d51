"""How text is shown to people: colours, links, widths, and names that must not act on a terminal."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from initlint.model.finding import Severity

DEFAULT_WIDTH: Final = 100
TAB: Final = 4

_COLOURS: Final = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36", "bold": "1", "dim": "2"}
_BY_SEVERITY: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Stream(Protocol):
    def isatty(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Style:
    """`width` is that of the terminal, 0 where lines must not be cut."""

    colour: bool = False
    links: bool = False
    width: int = 0

    def paint(self, text: str, *colours: str) -> str:
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_COLOURS[colour] for colour in colours)}m{text}\x1b[0m"

    def severity(self, text: str, severity: Severity) -> str:
        return self.paint(text, "bold", _BY_SEVERITY[severity])

    def link(self, text: str, url: str) -> str:
        """`text` as an OSC 8 hyperlink."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text


def style_for(stream: Stream, choice: str = "auto", environment: Mapping[str, str] = os.environ) -> Style:
    """The style for `stream`. `choice` is "auto", "always" or "never"; NO_COLOR and FORCE_COLOR have
    their say only where it is "auto". Anything but a terminal gets plain, uncut text."""
    terminal = stream.isatty()
    if choice == "auto":
        capable = terminal and environment.get("TERM") != "dumb"
        forced = environment.get("FORCE_COLOR", "") not in ("", "0")
        colour = not environment.get("NO_COLOR") and (forced or capable)
    else:
        colour = choice == "always"
    width = shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns if terminal else 0
    return Style(colour, colour and terminal and _knows_links(environment), width)


def _knows_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal says that it shows OSC 8 links."""
    if environment.get("TERM_PROGRAM") in {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"}:
        return True
    if environment.get("VTE_VERSION", "").isdigit():
        return int(environment["VTE_VERSION"]) >= 5000
    known = {"xterm-kitty", "alacritty", "foot", "xterm-ghostty"}
    return environment.get("TERM") in known or bool(environment.get("WT_SESSION") or environment.get("KONSOLE_VERSION"))


def plain(text: str) -> str:
    """`text` with everything that could act on a terminal or break a line spelled out (`\\x1b`, `\\n`)."""
    return _CONTROL.sub(lambda found: _spelled(found[0]), text)


def _spelled(character: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    code = ord(character)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def shown(character: str) -> str:
    """A character of an excerpt as it is drawn: one that could act on a terminal is a `\N{REPLACEMENT CHARACTER}`."""
    if character == "\t":
        return " " * TAB
    return "\N{REPLACEMENT CHARACTER}" if _CONTROL.match(character) else character


def width_of(character: str) -> int:
    """The columns of a terminal that a character takes once `shown`."""
    if character == "\t":
        return TAB
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
