"""What roots told from step to step, while fixes are tried out: one step changes little of a large program.

What the roots of a file tell may depend on anything that they can come by, and much of that is imported by everything.
Here only those files count that they did come by: where their texts are what they were, so is what was told. That
is right of nearly all fixes, yet nothing is built on it: whoever rehearses looks once more in the end, without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from initlint.judgement import Unit
    from initlint.model.survey import Place
    from initlint.work import Surveyed, Told

Digest = Callable[[str], str]
"""The digest of a file's text as it is at this step."""


@dataclass(slots=True)
class _Kept:
    """Something that was told, the digests of the files that it speaks of, and that of all its file imports."""

    value: Any
    texts: Mapping[str, str]
    whole: str


@dataclass(slots=True)
class _File:
    surveyed: _Kept | None = None
    entries: dict[tuple[str, ...], _Kept] = field(default_factory=dict)
    classes: dict[tuple[int, bool], _Kept] = field(default_factory=dict)


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
        if known.surveyed is not None and self._holds(known.surveyed, unit, digest):
            unit.surveyed = known.surveyed.value
        unit.entries.update(self._still(known.entries, unit, digest))
        unit.classes.update(self._still(known.classes, unit, digest))
        return True

    def keep(self, path: str, unit: Unit, digest: Digest) -> None:
        """Takes in what the unit of a file holds after a step. Internal errors are not kept."""
        known = self._files.setdefault(path, _File())
        surveyed = unit.surveyed
        if surveyed is not None and (known.surveyed is None or known.surveyed.value is not surveyed):
            texts = {file: digest(file) for file in {path, *_surveyed(surveyed)}}
            known.surveyed = None if surveyed.crashes else _Kept(surveyed, texts, unit.digest)
        _take_in(known.entries, unit.entries, path, unit.digest, digest)
        _take_in(known.classes, unit.classes, path, unit.digest, digest)

    def _still(self, known: Mapping[Any, _Kept], unit: Unit, digest: Digest) -> dict[Any, Any]:
        return {key: each.value for key, each in known.items() if self._holds(each, unit, digest)}

    def _holds(self, kept: _Kept, unit: Unit, digest: Digest) -> bool:
        if kept.whole == unit.digest:
            return True
        holds = all(digest(file) == text for file, text in kept.texts.items())
        self.trusting |= holds
        return holds


def _take_in(
    known: dict[Any, _Kept], groups: Mapping[Any, tuple[Told, ...]], path: str, whole: str, digest: Digest
) -> None:
    for key, group in groups.items():
        if key in known and known[key].value is group:
            continue
        known.pop(key, None)
        if not any(told.crashes for told in group):
            files = {path}.union(*map(_came_by, group))
            known[key] = _Kept(group, {file: digest(file) for file in files}, whole)


def _came_by(told: Told) -> Iterator[str]:
    """The files that a root came by, as far as it speaks of them."""
    sites = [*told.sites, *(site for _, unused in told.unused for site in unused)]
    yield from {site[0] for site in sites}
    yield from _files([*told.built, *told.bases])
    for finding in told.findings:
        yield finding.span.file
        yield from (related.span.file for related in finding.related)


def _surveyed(surveyed: Surveyed) -> Iterator[str]:
    survey = surveyed.survey
    yield from _files(place for _, place in survey.functions)
    for places in (survey.called, survey.started, survey.ready, survey.named, survey.offered):
        yield from _files(places)
    for each in survey.classes:
        yield from _files([each.place, *each.named, *each.bases])


def _files(places: Iterable[Place]) -> set[str]:
    return {file for file, _ in places}
