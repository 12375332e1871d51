"""Many fixes at once: chosen so that none overlap, applied together, checked, and again until nothing changes.

A fix counts as done where the file can still be read, its findings are gone and no new ones came. What fails
is taken back and named; what overlapped waits for the next round.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from initlint.fix.document import Document
from initlint.fix.insertion import class_at
from initlint.fix.nodes import Unreadable
from initlint.fix.render import render_in
from initlint.fix.tidy import without_freed_imports
from initlint.fix.verify import Difference, compare
from initlint.model.change import InitializeLayers
from initlint.model.finding import Finding, Fix
from initlint.rules.precedence import precedes
from initlint.syntax.edits import Edit, OverlapError
from initlint.syntax.parse import parse
from initlint.syntax.source import Fault, Source

Relint = Callable[[Source], Sequence[Finding]]
"""The findings of a source that is not on disk (yet), suppressed ones left out."""

Allowed = Callable[[Finding], bool]
"""Whether the fix of a finding may be applied in this run."""

Silences = Callable[[str, str], bool]
"""Whether a finding of the one code keeps quiet those of the other about the same."""

MAX_CHECKS: Final = 100
"""How often one file is linted anew; beyond, what is left stays unfixed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fix that was taken back, and why: "INI103 (line 12): the fix would bring INI102"."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A source after its fixes: what was fixed, in order, what is found in it now, and what was taken back."""

    source: Source
    applied: tuple[Finding, ...] = ()
    remaining: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()


Steps = Generator[Source, Sequence[Finding], Outcome]


@dataclass(frozen=True, slots=True)
class _Unit:
    """Findings that one fix settles, and its edits."""

    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]


def fix_source(
    source: Source,
    findings: Sequence[Finding],
    relint: Relint,
    allowed: Allowed,
    max_checks: int = MAX_CHECKS,
    silences: Silences = precedes,
) -> Outcome:
    """Applies the allowed fixes of `findings` that lie in `source`, and those of what comes to light behind them."""
    steps = fixing(source, findings, allowed, max_checks, silences)
    try:
        candidate = next(steps)
        while True:
            candidate = steps.send(relint(candidate))
    except StopIteration as stop:
        outcome: Outcome = stop.value
        return outcome


def fixing(
    source: Source,
    findings: Sequence[Finding],
    allowed: Allowed,
    max_checks: int = MAX_CHECKS,
    silences: Silences = precedes,
) -> Steps:
    """As `fix_source`, step by step: gives out each source to be linted anew, takes in what is found in it."""
    return _Run(source, list(findings), allowed, max_checks, silences).steps()


@dataclass
class _Run:
    source: Source
    found: list[Finding]
    allowed: Allowed
    checks_left: int
    silences: Silences
    applied: list[Finding] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    cured: set[tuple[str, str]] = field(default_factory=set)

    def steps(self) -> Steps:
        original = self.source
        self.seen.add(original.text)
        while self.checks_left > 0:
            batch = self._batch()
            if not batch:
                break
            yield from self._settle(batch)
        if self.applied:
            yield from self._tidy(original)
        return Outcome(self.source, tuple(self.applied), tuple(self.found), tuple(self.refused))

    # what is applied together

    def _batch(self) -> list[_Unit]:
        """Fixes that do not overlap: of two that do, the one whose finding stands first."""
        document = Document(self.source)
        taken = _Taken()
        batch = []
        for findings, fix in self._wanted(document):
            edits = render_in(document, fix)
            if edits is not None and taken.take(edits):
                batch.append(_Unit(findings, edits))
        return batch

    def _wanted(self, document: Document) -> list[tuple[tuple[Finding, ...], Fix]]:
        """The fixes to try, by place and code; layers of one class that get the same are put together."""
        tried = {id(refusal.finding) for refusal in self.refused}
        found: list[tuple[tuple[Finding, ...], Fix]] = []
        places: dict[object, int] = {}
        for finding in sorted(self.found, key=lambda finding: (finding.span, finding.code, finding.message)):
            if finding.fix is None or id(finding) in tried or not self.allowed(finding):
                continue
            key = _class_key(document, finding.fix)
            place = len(found) if key is None else places.setdefault(key, len(found))
            if place == len(found):
                found.append(((finding,), finding.fix))
            else:
                others, fix = found[place]
                found[place] = ((*others, finding), _joined(fix, finding.fix))
        return found

    # trying

    def _settle(self, batch: list[_Unit]) -> Generator[Source, Sequence[Finding], None]:
        """Applies all of `batch`, or as much of its first part as holds; what fails by itself is refused."""
        while batch and self.checks_left > 0:
            candidate = self._edited(batch)
            if isinstance(candidate, str):
                problem = candidate
            else:
                self.checks_left -= 1
                found = list((yield candidate))
                findings = [finding for unit in batch for finding in unit.findings]
                change = compare(self.source, self.found, candidate, found, findings, _edits(batch))
                problem = self._problem(change, findings)
                lasting = [unit for unit in batch if any(finding in change.lasting for finding in unit.findings)]
                if lasting:
                    for unit in lasting:
                        self._refuse(unit, "the fix does not settle it")
                    batch = [unit for unit in batch if unit not in lasting]
                    continue
                if not problem:
                    self._accept(candidate, found, findings, change)
                    return
            if len(batch) == 1:
                self._refuse(batch[0], problem)
                return
            batch = batch[:len(batch) // 2]

    def _edited(self, batch: Sequence[_Unit]) -> Source | str:
        """The source with these fixes, or what speaks against it."""
        try:
            candidate = self.source.edited(_edits(batch))
        except (OverlapError, ValueError):
            return "the fix cannot be written into the file"
        if isinstance(parse(candidate), Fault):
            return "the file could not be read as Python after the fix"
        if candidate.text in self.seen:
            return "the fix goes round in a circle"
        return candidate

    def _problem(self, change: Difference, fixed: Sequence[Finding]) -> str:
        """Why a change is not for the better, "" where it is.

        A finding that a cured one had kept quiet (they share a subject, and it comes later in the order of codes) may
        come to light, unless it was cured before: then two fixes would undo each other.
        """
        for finding in change.came:
            again = any((finding.code, subject) in self.cured for subject in finding.subjects)
            behind = any(self._kept_quiet(finding, other) for other in fixed)
            if again or not (behind or (not finding.subjects and finding in change.touched)):
                return f"the fix would bring {finding.code} (line {finding.span.line})"
        return ""

    def _kept_quiet(self, finding: Finding, other: Finding) -> bool:
        """Whether `finding` was there all along, behind `other`."""
        return not finding.subjects.isdisjoint(other.subjects) and self.silences(other.code, finding.code)

    def _accept(self, source: Source, found: list[Finding], fixed: Sequence[Finding], change: Difference) -> None:
        self.source, self.found = source, found
        self.applied += fixed
        self.seen.add(source.text)
        self.cured |= {(finding.code, subject) for finding in fixed for subject in finding.subjects}
        self.refused = [
            replace(refusal, finding=change.now.get(id(refusal.finding), refusal.finding)) for refusal in self.refused
        ]

    def _refuse(self, unit: _Unit, reason: str) -> None:
        self.refused += (Refusal(finding, reason) for finding in unit.findings)

    def _tidy(self, original: Source) -> Generator[Source, Sequence[Finding], None]:
        """Takes out imports that the fixes left without use, where nothing else changes by it."""
        tidied = without_freed_imports(original, self.source)
        if tidied is None or self.checks_left <= 0 or isinstance(parse(tidied[0]), Fault):
            return
        source, edits = tidied
        found = list((yield source))
        change = compare(self.source, self.found, source, found, (), edits)
        if not change.came:
            self.source, self.found = source, found


class _Taken:
    """The edits chosen so far, in order."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def take(self, edits: Iterable[Edit]) -> bool:
        """Adds `edits` unless one of them gets in the way of those that are there."""
        wanted = list(edits)
        if any(self._clashes(edit) for edit in wanted):
            return False
        for edit in wanted:
            insort(self._edits, edit)
        return True

    def _clashes(self, edit: Edit) -> bool:
        index = bisect_left(self._edits, edit)
        for step in (-1, 1):
            at = index - 1 if step < 0 else index
            while 0 <= at < len(self._edits):
                other = self._edits[at]
                if edit.overlaps(other) and not _both_add_lines(edit, other):
                    return True
                if other.end < edit.start or other.start > edit.end:
                    break
                at += step
        return False


def _both_add_lines(edit: Edit, other: Edit) -> bool:
    """Whether two insertions at one place are whole lines of one block, which can follow one another."""
    return all(
        each.start == each.end and (each.content.startswith(("\n", "\r")) or each.content.endswith(("\n", "\r")))
        for each in (edit, other)
    ) and (
        edit.content.startswith(("\n", "\r")) == other.content.startswith(("\n", "\r"))
        and len({*_indents(edit.content), *_indents(other.content)}) == 1
    )


def _indents(lines: str) -> tuple[str, str]:
    """The blanks before the first of some lines, and the fewest before any."""
    found = [line[: len(line) - len(line.lstrip())] for line in lines.splitlines() if line.strip()]
    return (found[0], min(found, key=len)) if found else ("", "")


def _edits(batch: Iterable[_Unit]) -> list[Edit]:
    """The edits of all units, lines added at one place put together in order of their findings."""
    added: dict[int, list[str]] = {}
    others: set[Edit] = set()
    for edit in (edit for unit in batch for edit in unit.edits):
        if edit.start != edit.end:
            others.add(edit)
        elif edit.content not in added.setdefault(edit.start, []):
            added[edit.start].append(edit.content)
    return sorted(others | {Edit(offset, offset, "".join(contents)) for offset, contents in added.items()})


def _class_key(document: Document, fix: Fix) -> object:
    """What two fixes have in common that one loop can do; None for fixes of other kinds."""
    match fix.changes:
        case (InitializeLayers() as change,) if change.owner.file == document.source.path:
            try:
                owner = class_at(document, change)
                return fix.message, owner.lineno, change.statements, change.kinds, change.wholes, change.after
            except Unreadable:
                return None
    return None


def _joined(fix: Fix, other: Fix) -> Fix:
    """One fix for the layers of both."""
    match fix.changes, other.changes:
        case (InitializeLayers() as first,), (InitializeLayers() as second,):
            targets = tuple(dict.fromkeys((*first.targets, *second.targets)))
            return replace(fix, changes=(replace(first, targets=targets),))
    return fix
