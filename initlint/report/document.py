"""What the formats print: findings with every position worked out, free of syntax and of settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import initlint
from initlint.model.finding import Applicability, Severity
from initlint.syntax.source import Location, Source

NAME: Final = "initlint"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a file. `row` and `end_row` are lines of the file's text: of a notebook, of all its
    code cells together, where `start` and `end` count inside one cell. The end is exclusive."""

    filename: str
    start: Location
    end: Location
    row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """Characters of a file and what to put there."""

    region: Region
    content: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A fix as text edits. `applies` says whether the flags of this run let it be applied."""

    message: str
    applicability: Applicability
    replacements: tuple[Replacement, ...]
    applies: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Another place that explains a finding."""

    region: Region
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding ready to be printed. `noqa_row` is the line on which a `# noqa` would silence it,
    `fingerprint` stays the same when lines move."""

    code: str
    name: str
    severity: Severity
    message: str
    region: Region
    noqa_row: int | None = None
    repair: Repair | None = None
    notes: tuple[Note, ...] = ()
    layer: str = ""
    fingerprint: str = ""

    @property
    def url(self) -> str:
        return rule_url(self.name)


@dataclass(frozen=True)
class Document:
    """All of a run. `diagnostics` are in the order they are printed in; `sources` hold the text that
    excerpts are taken from, by file name."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    cwd: str = field(default_factory=os.getcwd)

    def relative(self, filename: str) -> str:
        """`filename` as people read it: relative to the working directory where it lies below it."""
        if not os.path.isabs(filename):
            return filename
        below = os.path.relpath(filename, self.cwd)
        return filename if below.split(os.sep, 1)[0] == os.pardir else below

    def place(self, region: Region) -> str:
        """`path:line:column`, of a notebook `path:cell N:line:column`."""
        start = region.start
        cell = "" if start.cell is None else f"cell {start.cell}:"
        return f"{self.relative(region.filename)}:{cell}{start.line}:{start.column}"

    def by_file(self) -> Sequence[tuple[str, Sequence[Diagnostic]]]:
        found: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.diagnostics:
            found.setdefault(diagnostic.region.filename, []).append(diagnostic)
        return list(found.items())


def rule_url(name: str) -> str:
    """Where the rule `name` is documented: the file that holds it, whose docstring is its page."""
    module = name.replace("-", "_") + ".py"
    return Path(os.path.dirname(os.path.abspath(initlint.__file__)), "rules", module).as_uri()


def posix(path: str) -> str:
    """`path` with the separators of a URI."""
    return path.replace(os.sep, "/")
