"""Findings: plain data from the rules to the reports, the editor and the fixer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from initlint.model.change import Change
from initlint.model.source import Span


class Severity(Enum):
    """What happens to whoever ships it."""

    ERROR = "error"        # it raises, dies, or is provably not what is written
    WARNING = "warning"    # training is slowed or wasted by a known number
    NOTE = "note"          # a mismatch whose cost here is small


class Applicability(Enum):
    SAFE = "safe"          # raises today, or provably nothing observable changes
    UNSAFE = "unsafe"      # changes numbers


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains the finding."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What to change, stated over calls and statements; `fix.render` turns it into text edits.

    `places` are calls and constructors at which it changes what weights are given: it is right only where every root
    that comes by one of them tells the finding. Where others do, `instead` is what to do, if anything.
    """

    message: str
    applicability: Applicability
    changes: tuple[Change, ...]
    places: tuple[Span, ...] = ()
    instead: Fix | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """`layer` names what it is about for people and baselines. `subjects` are the parameters (dotted
    paths from the root) and calls (`call_subject`) whose mistake it explains: of two findings of
    one root that share a subject, only the one that comes first in `rules.precedence` is told. A
    finding without subjects stands for itself."""

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    layer: str = ""                  # owner and path of the layer, for baselines: "Net.fc1"
    subjects: frozenset[str] = frozenset()


def call_subject(span: Span) -> str:
    """The subject of a finding about the call at `span`."""
    return f"{span.file}:{span.line}:{span.column}"
