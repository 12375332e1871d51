"""What roots told from step to step, while fixes are tried out: one step changes little of a large program.

What the roots of a file tell may depend on anything that they can come by, and much of that is imported by everything.
Here only those files count that they did come by: where their texts are what they were, so is what was told. That
is right of nearly all fixes, yet nothing is built on it: whoever rehearses looks once more in the end, without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from initlint.model.survey import Place
    from initlint.work.bench import Surveyed, Told
    from initlint.work.judgement import Unit

MAX_KEPT: Final = 3
"""Answers to one question that are kept: steps that are taken back, and half of them taken again, ask for a few by
turns."""

Digest = Callable[[str], str]
"""The digest of a file's text as it is at this step."""


@dataclass(slots=True)
class _Kept:
    """Something that was told, the digests of the files that it speaks of, and that of all its file imports."""

    value: Any
    texts: Mapping[str, str]
    whole: str


Answers = list[_Kept]
"""What was told in answer to one question, the newest first."""


@dataclass(slots=True)
class _File:
    surveyed: Answers = field(default_factory=list)
    entries: dict[tuple[str, ...], Answers] = field(default_factory=lambda: defaultdict(list))
    classes: dict[tuple[int, bool], Answers] = field(default_factory=lambda: defaultdict(list))


class Rehearsal:
    """For one program. `trusting` says whether anything was taken for known although something changed that the file
    imports."""

    def __init__(self) -> None:
        self.trusting = False
        self._files: dict[str, _File] = {}

    def fill(self, path: str, unit: Unit, digest: Digest) -> bool:
        """Gives a unit back what its file told, as far as that may still do; False for a file that never told
        anything."""
        known = self._files.get(path)
        if known is None:
            return False
        surveyed = self._still(known.surveyed, unit, digest)
        if surveyed is not None:
            unit.surveyed = surveyed.value
        self._fill(unit.entries, known.entries, unit, digest)
        self._fill(unit.classes, known.classes, unit, digest)
        return True

    def _fill(self, told: dict[Any, Any], known: Mapping[Any, Answers], unit: Unit, digest: Digest) -> None:
        for key, answers in known.items():
            kept = self._still(answers, unit, digest)
            if kept is not None:
                told[key] = kept.value

    def keep(self, path: str, unit: Unit, digest: Digest) -> None:
        """Takes in what the unit of a file holds after a step. Internal errors are not kept."""
        known = self._files.setdefault(path, _File())
        surveyed = unit.surveyed
        if surveyed is not None and not surveyed.crashes:
            _take_in(known.surveyed, surveyed, path, unit.digest, digest, _surveyed)
        _keep(known.entries, unit.entries, path, unit.digest, digest)
        _keep(known.classes, unit.classes, path, unit.digest, digest)

    def _still(self, answers: Answers, unit: Unit, digest: Digest) -> _Kept | None:
        """The answer that is sure to be right, else one that came by nothing that is other than it was."""
        for kept in answers:
            if kept.whole == unit.digest:
                return kept
        for kept in answers:
            if all(digest(file) == text for file, text in kept.texts.items()):
                self.trusting = True
                return kept
        return None


def _keep(
    known: Mapping[Any, Answers], groups: Mapping[Any, tuple[Told, ...]], path: str, whole: str, digest: Digest
) -> None:
    for key, group in groups.items():
        if not any(told.crashes for told in group):
            _take_in(known[key], group, path, whole, digest, _came_by)


def _take_in(
    answers: Answers, told: Any, path: str, whole: str, digest: Digest, came_by: Callable[[Any], Iterable[str]]
) -> None:
    """Puts what was told first among the answers."""
    known = next((kept for kept in answers if kept.value is told), None)
    if known is None:
        known = _Kept(told, {file: digest(file) for file in {path, *came_by(told)}}, whole)
    else:
        answers.remove(known)
    answers.insert(0, known)
    del answers[MAX_KEPT:]


def _came_by(group: Iterable[Told]) -> Iterator[str]:
    """The files that roots came by, as far as they speak of them."""
    for told in group:
        sites = [*told.sites, *(site for _, unused in told.unused for site in unused)]
        yield from {site[0] for site in sites}
        yield from _files([*told.built, *told.bases])
        for finding in told.findings:
            yield finding.span.file
            yield from (related.span.file for related in finding.related)


def _surveyed(surveyed: Surveyed) -> Iterator[str]:
    survey = surveyed.survey
    yield from _files(place for each in survey.functions for place in (each.place, *each.uses))
    for places in (survey.called, survey.started, survey.ready, survey.named, survey.kept, survey.offered):
        yield from _files(places)
    for each in survey.classes:
        yield from _files([each.place, *each.named, *each.bases])


def _files(places: Iterable[Place]) -> set[str]:
    return {file for file, _ in places}
