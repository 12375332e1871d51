"""One finding a cause: of all rules that see one mistake, the one that names the cause most exactly speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from initlint.model.finding import Finding
from initlint.model.program import Program
from initlint.rules.registry import Entry

_ORDER: Final = (
    ("INI001", "INI002", "INI003", "INI004", "INI005", "INI006", "INI007", "INI008", "INI009"),
    ("INI401", "INI402", "INI403", "INI404", "INI405", "INI406", "INI407", "INI408"),
    ("INI202",),
    ("INI201",),
    ("INI203",),
    ("INI204",),
    ("INI205",),
    ("INI501", "INI502", "INI503", "INI504", "INI505", "INI506", "INI507", "INI508"),
    ("INI301", "INI302", "INI303", "INI304", "INI305"),
    ("INI105",),
    ("INI101", "INI102"),
    ("INI103",),
    ("INI104",),
    ("INI106", "INI107", "INI410"),
)
"""Codes from the most to the least exact. Within one step the lower code comes first. Codes that are about something
else than a wrong value (INI010 the name of a function, INI409 equal copies) stand outside and silence nothing."""

_RANK: Final = {code: rank for rank, code in enumerate(code for step in _ORDER for code in step)}


def rank(code: str) -> int | None:
    """The place of a code in the order, 0 the most exact; None for codes outside it."""
    return _RANK.get(code)


def precedes(code: str, other: str) -> bool:
    """Whether a finding of `code` silences those of `other` about the same."""
    first, second = rank(code), rank(other)
    return first is not None and second is not None and first < second


def judge(
    program: Program,
    entries: Iterable[Entry],
    keep: Callable[[Finding], bool] = lambda finding: True,
    failed: Callable[[Entry, Exception], None] | None = None,
) -> list[Finding]:
    """The findings of these rules about one root, each cause told once, sorted by place and code.

    A finding that is not to be kept silences nothing. A rule that raises is told to `failed`, and the others go on.
    """
    ordered = sorted(entries, key=lambda entry: (_RANK.get(entry.rule.code, len(_RANK)), entry.rule.code))
    claimed: set[str] = set()
    kept: list[Finding] = []
    for entry in ordered:
        try:
            found = [finding for finding in entry.run(program, frozenset(claimed)) if keep(finding)]
        except Exception as error:
            if failed is None:
                raise
            failed(entry, error)
            continue
        if entry.rule.code in _RANK:
            found = [finding for finding in found if claimed.isdisjoint(finding.subjects)]
            claimed.update(subject for finding in found for subject in finding.subjects)
        kept += found
    return sorted(kept, key=lambda finding: (finding.span, finding.code, finding.message))

