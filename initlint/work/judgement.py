"""What all roots of a run tell, put together.

First the functions and scripts that build models, then the classes that none of them built, round by round. What is
stored of an earlier run is taken from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from initlint.files.index import digest_of
from initlint.files.modules import MODULE_WEIGHT
from initlint.layers import Place as Positions
from initlint.layers import beyond, join, news, unbuilt
from initlint.lint import Scene
from initlint.memory.codec import decode, encode
from initlint.memory.recall import Recalled
from initlint.model.finding import Finding, Fix
from initlint.model.report import LayerRow, Sighting
from initlint.model.source import Span
from initlint.model.survey import (
    SCRIPT,
    Detour,
    Others,
    Place,
    Survey,
    class_rounds,
    idle_builders,
    named_by_others,
    unseen_parts,
    untaken,
)
from initlint.rules.registry import rules
from initlint.syntax.source import Fault, Source
from initlint.work import bench
from initlint.work.bench import ClassesJob, DetoursJob, EntriesJob, Job, Site, Surveyed, SurveyJob, Told
from initlint.work.crash import Crash, crash
from initlint.work.team import Team

if TYPE_CHECKING:
    from initlint.memory.cache import Cache

Progress = Callable[[int, int], None]
Root = tuple[str, str]
"""The name of a root and its file: many files have a `main`."""


@dataclass(slots=True)
class Unit:
    """One file of the cast: what it holds, and what its roots told. `entries` are by what was to be run together,
    `classes` by line and what others do with it, `detours` by a digest of each."""

    digest: str
    surveyed: Surveyed | None = None
    entries: dict[tuple[str, ...], tuple[Told, ...]] = field(default_factory=dict)
    classes: dict[tuple[int, Others], tuple[Told, ...]] = field(default_factory=dict)
    detours: dict[tuple[str], tuple[Told, ...]] = field(default_factory=dict)
    fresh: bool = False

    @property
    def survey(self) -> Survey:
        return Survey() if self.surveyed is None else self.surveyed.survey

    @property
    def told(self) -> tuple[Told, ...]:
        return tuple(each for group in (self.entries, self.classes) for found in group.values() for each in found)


@dataclass(frozen=True)
class Judged:
    """All that was told: findings by file, joined over roots, and why files could not be read. `lost` says that
    internal errors left nothing of any file."""

    findings: dict[str, list[Finding]]
    faults: dict[str, Fault]
    notes: tuple[str, ...]
    crashes: tuple[Crash, ...]
    sightings: tuple[Sighting, ...]
    lost: bool = False

    def layers(self, scene: Scene) -> tuple[LayerRow, ...]:
        """The rows of the layers in the files asked about."""
        own = set(scene.own)
        placed: dict[str, Positions] = {}

        def place(path: str) -> Positions:
            if path not in placed:
                placed[path] = _place(scene.source(path))
            return placed[path]

        return join((each for each in self.sightings if each.owner_file in own and each.site.file in own), place)


class Judgement:
    """One run. With a cache, units that it has are taken from there, unless it is `distrusted`, and `keep` stores the
    others; `relies` says whether any was. Without `layers` nothing is told of the layers."""

    def __init__(
        self, scene: Scene, executor: Executor | None, progress: Progress | None, cache: Cache | None, layers: bool,
        *, distrusted: bool = False,
    ) -> None:
        self.scene = scene
        self.cache = cache
        self.layers = layers
        self.distrusted = distrusted
        self.relies = False
        self.rehearsal = None if cache is None else cache.rehearsal
        # what roots told in this process may be asked for their layers later
        self.tells_layers = layers or (cache is not None and cache.recall is not None)
        self.progress = progress
        digests = scene.graph.digests()
        analysis = scene.settings.analysis_key
        self.units = {path: Unit(digest_of(analysis, digests[path])) for path in scene.cast}
        self.key = digest_of(analysis, str(self.tells_layers), *(digest_of(path, digests[path]) for path in scene.cast))
        self.recalled = None
        if cache is not None and cache.recall is not None and executor is None:
            imports = scene.graph.digests_of_imports()
            digests_of_units = {path: unit.digest for path, unit in self.units.items()}
            self.recalled = Recalled(
                cache.recall, analysis, digests_of_units, {path: imports[path] for path in scene.cast}
            )
        self.size = sum(scene.index[path].stamp[1] + MODULE_WEIGHT for path in scene.graph.files)
        self.team = Team(executor, {path: max(1, scene.index[path].stamp[1]) for path in scene.cast})
        self.finished = 0

    def judged(self) -> Judged:
        if self.cache is not None:
            for path, unit in self.units.items():
                if self.rehearsal is None or not self.rehearsal.fill(path, unit, self._digest):
                    self._load(self.cache, path, unit)
        try:
            self._survey()
            told = self._entries()
            told += self._classes(told)
            explored = self._explored(told) if self.layers else []
        finally:
            bench.forget()
        if self.rehearsal is not None:
            for path, unit in self.units.items():
                self.rehearsal.keep(path, unit, self._digest)
        if self.recalled is not None:
            self.recalled.settle()
        return self._joined(told, explored)

    def _digest(self, path: str) -> str:
        return self.scene.index[path].digest

    # -- doing ------------------------------------------------------------------------------------------------------

    def _run(
        self, function: Callable[[Any], list[Any]], kind: type[Job], name: str, items: list[tuple[str, Any]],
        lost: Callable[[str, str], Any], count: bool = False,
    ) -> list[Any]:
        def job(batch: Sequence[tuple[str, Any]]) -> Job:
            tasks = tuple(path for path, _ in batch) if name == "files" else tuple(batch)
            sources = tuple(self.scene.sources.values())
            return kind(
                self.key, self.scene.settings, sources, self.recalled, self.tells_layers, self.size, **{name: tasks}
            )

        def done(number: int) -> None:
            self.finished += number if count else 0
            if self.progress is not None:
                self.progress(self.finished, len(self.units))

        return self.team.run(function, items, job, lost, done) if items else []

    def _survey(self) -> None:
        missing = [path for path, unit in self.units.items() if unit.surveyed is None]
        found = self._run(
            bench.survey, SurveyJob, "files", [(path, None) for path in missing],
            lambda path, why: Surveyed(crashes=(Crash(path, why, file=path),)),
        )
        for path, surveyed in zip(missing, found, strict=True):
            self.units[path].surveyed = surveyed
            self.units[path].fresh = True

    def _entries(self) -> list[Told]:
        """What scripts tell, and functions that no other code calls. What those call that were given up, and could
        be called by anyone, is then run by itself; what a script calls that came to nothing at all, in any case. At
        last what leads to classes that nothing has built by then: who calls it was not run, or did not. What a script
        calls, and nothing else, is not tried again where it was too large."""
        surveys = {path: unit.survey for path, unit in self.units.items()}
        called = {place for survey in surveys.values() for place in survey.called}
        left = called.union(*(survey.started for survey in surveys.values()))
        wanted = {
            path: ((SCRIPT,) if survey.script else ())
            + tuple(each.name for each in survey.functions if each.place not in left)
            for path, survey in surveys.items()
        }
        ready = {place for survey in surveys.values() for place in survey.ready}
        told: list[Told] = []
        while True:
            found = self._entry_round({path: names for path, names in wanted.items() if names})
            told += (each for group in found.values() for each in group)
            left -= {
                place for path, group in found.items() if any(each.spent for each in group)
                for place in surveys[path].started if len(surveys[path].started) == 1
            }
            given_up = [path for path, group in found.items() if any(each.note for each in group)]
            empty = [path for path in given_up if any(each.note and not each.sites for each in found[path])]
            freed = {place for path in given_up for place in (*surveys[path].called, *surveys[path].started)} & ready
            freed |= {place for path in empty for place in surveys[path].started} - called
            freed &= left
            if not freed:
                built = {place for each in told for place in each.built}
                freed = idle_builders(surveys.values(), left, built)
            if not freed:
                return told
            left -= freed
            wanted = {
                path: tuple(each.name for each in survey.functions if each.place in freed)
                for path, survey in surveys.items()
            }

    def _entry_round(self, wanted: dict[str, tuple[str, ...]]) -> dict[str, tuple[Told, ...]]:
        items = [(path, names) for path, names in wanted.items() if names not in self.units[path].entries]
        self.finished = len(self.units) - len(items)
        found = self._run(
            bench.run_entries, EntriesJob, "wanted", items,
            lambda path, why: (Told(path, crashes=(Crash(path, why, file=path),)),), count=True,
        )
        for (path, names), told in zip(items, found, strict=True):
            self.units[path].entries[names] = told
            self.units[path].fresh = True
        return {path: self.units[path].entries[names] for path, names in wanted.items()}

    def _classes(self, told: Iterable[Told]) -> list[Told]:
        found: list[Told] = []
        rounds = class_rounds(
            (unit.survey for unit in self.units.values()),
            [place for each in told for place in each.built],
            [place for each in told for place in each.bases],
        )
        built: tuple[set[Place], set[Place]] | None = None
        while True:
            try:
                chosen = next(rounds) if built is None else rounds.send(built)
            except StopIteration:
                return found
            built = set(), set()
            for each in self._round(chosen):
                found.append(each)
                built[0].update(each.built)
                built[1].update(each.bases)

    def _round(self, chosen: dict[Place, Others]) -> Iterator[Told]:
        missing: dict[str, list[tuple[int, Others]]] = {}
        for (path, line), others in sorted(chosen.items()):
            if (line, others) not in self.units[path].classes:
                missing.setdefault(path, []).append((line, others))
        items = [(path, tuple(lines)) for path, lines in missing.items()]
        results = self._run(
            bench.run_classes, ClassesJob, "chosen", items,
            lambda path, why: ((0, Told(path, crashes=(Crash(path, why, file=path),))),),
        )
        for (path, lines), pairs in zip(items, results, strict=True):
            unit = self.units[path]
            unit.fresh = True
            for line, others in lines:
                unit.classes[line, others] = tuple(told for at, told in pairs if at == line)
            yield from (told for at, told in pairs if at == 0)
        for (path, line), others in sorted(chosen.items()):
            yield from self.units[path].classes[line, others]

    def _explored(self, told: Sequence[Told]) -> list[Told]:
        """What roots tell of layers that are run again, on ways that none of them went."""
        wanted = {path: found for path, found in self._detours(told).items() if found}
        items = []
        for path, detours in wanted.items():
            missing = tuple(each for each in detours if _key(each) not in self.units[path].detours)
            if missing:
                items.append((path, missing))
        results = self._run(
            bench.run_detours, DetoursJob, "detours", items,
            lambda path, why: (Told(path, crashes=(Crash(path, why, file=path),)),),
        )
        for (path, missing), group in zip(items, results, strict=True):
            unit = self.units[path]
            unit.fresh = True
            for detour, each in zip(missing, group, strict=False):
                unit.detours[_key(detour)] = (each,)
        return [
            each for path, detours in wanted.items() for detour in detours
            for each in self.units[path].detours.get(_key(detour), ())
        ]

    def _detours(self, told: Sequence[Told]) -> dict[str, list[Detour]]:
        """For each file the roots to run again: for each class that has ways which no root went, the smallest that
        builds it, or the class itself where it was only ever the base of others."""
        surveys = {path: unit.survey for path, unit in self.units.items()}
        built = {(sighting.site.file, sighting.site.line) for each in told for sighting in each.sightings}
        ways = untaken(surveys.values(), ((each.built, each.bases) for each in told), built)
        found: dict[str, list[Detour]] = {path: [] for path in surveys}
        for path, detour, each in self._whole_roots():
            own = tuple((place, ways.pop(place)) for place in each.built if place in ways)
            if own:
                found[path].append(replace(detour, ways=own))
        named = named_by_others(surveys.values())
        for path, survey in surveys.items():
            for defined in survey.classes:
                if defined.place in ways:
                    entry = defined.place not in named
                    found[path].append(Detour(defined.name, line=defined.place[1], entry=entry))
        return found

    def _whole_roots(self) -> list[tuple[str, Detour, Told]]:
        """The roots that ran to their end, as what to run again: those that say all of what they build first, the
        smaller before the larger."""
        found = [
            (path, detour, each)
            for path, unit in self.units.items()
            for detours in (
                [(Detour(each.root, names), each) for names, group in unit.entries.items() for each in group],
                [
                    (Detour(each.root, (), line, others is not Others.USE), each)
                    for (line, others), group in unit.classes.items() for each in group
                ],
            )
            for detour, each in detours
            if not each.note
        ]
        return sorted(found, key=lambda each: (not each[1].entry, len(each[2].sites), each[0], each[1].root))

    # -- joining ----------------------------------------------------------------------------------------------------

    def _joined(self, told: list[Told], explored: Sequence[Told]) -> Judged:
        own = set(self.scene.own)
        home = {id(each): path for path, unit in self.units.items() for each in unit.told}
        reached = {site for each in told for site in each.sites}
        for path, unit in self.units.items():
            spelled = unit.surveyed.spelled if unit.surveyed is not None else ()
            home.update((id(each), path) for each in spelled)
            told += (each for each in spelled if reached.isdisjoint(each.sites))
        at: dict[tuple[str, Site], list[tuple[Root, Finding]]] = {}
        for each in told:
            for finding in each.findings:
                if finding.span.file in own:
                    root = each.root, home[id(each)]
                    at.setdefault((finding.code, _site(finding.span)), []).append((root, finding))
        calls = {site for each in told for _, sites in each.unused for site in sites}
        unanimous = {rule.code for rule in rules() if rule.unanimous}
        explained = {
            (code, site): [_site(related.span) for _, finding in group for related in finding.related]
            for (code, site), group in at.items() if code in unanimous
        }
        wanted = {site for _, site in at} | calls | {site for sites in explained.values() for site in sites}
        for group in at.values():
            wanted.update(_site(span) for _, finding in group for fix in _ways(finding) for span in fix.places)
        roots: dict[Site, set[Root]] = {}
        for each in told:
            for site in wanted.intersection(each.sites):
                roots.setdefault(site, set()).add((each.root, home[id(each)]))
        ran = {subject for each in told for subject, sites in each.unused if any(site in roots for site in sites)}
        findings: dict[str, list[Finding]] = {}
        for (code, site), group in at.items():
            passed = set[Root]().union(*(roots.get(each, ()) for each in (site, *explained.get((code, site), ()))))
            agreed = _agreed(group, passed, code in unanimous, ran)
            if agreed is not None:
                agreed = replace(agreed, fix=_agreed_fix(group, agreed, roots))
                findings.setdefault(agreed.span.file, []).append(agreed)
        for found in findings.values():
            found.sort(key=lambda finding: (finding.span, finding.code, finding.message))
        crashes = [crash for unit in self.units.values() for crash in (unit.surveyed or Surveyed()).crashes]
        crashes += [crash for each in (*told, *explored) for crash in each.crashes]
        return Judged(
            findings,
            {path: unit.surveyed.fault for path, unit in self.units.items() if unit.surveyed and unit.surveyed.fault},
            tuple(sorted({each.note for each in told if each.note})),
            tuple(sorted(set(crashes))),
            self._sighted(told, explored) if self.layers else (),
            bool(crashes) and all(_is_lost(unit) for unit in self.units.values()),
        )

    def _sighted(self, told: list[Told], explored: Sequence[Told]) -> tuple[Sighting, ...]:
        """The layers that roots built, and those that stand in the text and no root built."""
        whole = [sighting for each in told if not each.note for sighting in each.sightings]
        found = whole + news([sighting for each in told if each.note for sighting in each.sightings], whole)
        learned = beyond([sighting for each in explored for sighting in each.sightings], found)
        built = {(sighting.site.file, sighting.site.line) for sighting in (*found, *learned)}
        found += [
            unbuilt(layer)
            for unit in self.units.values()
            for layer in unit.survey.layers
            if (layer.site.file, layer.site.line) not in built
        ]
        return (*self._in_parts(found, told), *self._in_parts(learned, [*told, *explored]))

    def _in_parts(self, found: Iterable[Sighting], told: Iterable[Told]) -> Iterator[Sighting]:
        """Layers as roots saw them, without saying that all inits are known of parts that others may choose."""
        ran = ((each.built, each.bases) for each in told)
        parts = unseen_parts((unit.survey for unit in self.units.values()), ran)
        for each in found:
            yield replace(each, init_complete=False) if (each.owner_file, each.owner) in parts else each

    # -- keeping ----------------------------------------------------------------------------------------------------

    def _load(self, cache: Cache, path: str, unit: Unit) -> None:
        if self.distrusted:
            return
        layers = cache.unit(path, "layers") if self.layers else None
        if layers is not None or not self.layers:
            self.relies |= _fill(unit, cache.unit(path, "told"), layers)

    def keep(self) -> tuple[Crash, ...]:
        """Stores the units that are new. One that cannot be stored is an internal error, and the others are."""
        if self.cache is None or self.rehearsal is not None or not self.cache.lasting:
            return ()
        crashes = []
        volatile = set() if self.cache.ahead else self.scene.graph.importers(self.scene.sources)
        for path, unit in self.units.items():
            if not unit.fresh or path in volatile or _crashed(unit):
                continue
            try:
                self.cache.save_unit(path, "told", _stored(unit, path))
                if self.layers:
                    self.cache.save_unit(path, "layers", _stored_layers(unit))
            except Exception as error:
                crashes.append(crash(f"storing what {path} told", error, path))
        return tuple(crashes)


def _key(detour: Detour) -> tuple[str]:
    return (digest_of(repr(detour)),)


def _is_lost(unit: Unit) -> bool:
    """Whether an internal error left nothing of a file."""
    surveyed = unit.surveyed or Surveyed()
    return bool(surveyed.crashes) or (bool(unit.told) and all(each.crashes and not each.sites for each in unit.told))


def _agreed(group: list[tuple[Root, Finding]], passed: set[Root], unanimous: bool, ran: set[str]) -> Finding | None:
    """One finding for all roots that tell it: plainly where every root that came by does, with its roots named where
    not. A rule that needs them all is then silent."""
    telling = {root for root, _ in group}
    finding = min((finding for _, finding in group), key=lambda finding: finding.message)
    if not finding.subjects.isdisjoint(ran):
        return None
    if passed - telling:
        if unanimous:
            return None
        roots = sorted({name for name, _ in telling})
        names = ", ".join(roots[:3]) + (f" and {len(roots) - 3} more" if len(roots) > 3 else "")
        finding = replace(finding, message=f"{finding.message} (as built by {names})")
    return finding


def _ways(finding: Finding) -> Iterator[Fix]:
    """The fix of a finding, and what to do instead."""
    fix = finding.fix
    while fix is not None:
        yield fix
        fix = fix.instead


def _agreed_fix(group: list[tuple[Root, Finding]], agreed: Finding, roots: Mapping[Site, set[Root]]) -> Fix | None:
    """The first way to mend a finding that is right for all roots that come by the places it changes."""
    telling = {root for root, _ in group}
    for fix in _ways(agreed):
        if not fix.places:
            return fix
        if any(finding.fix is None or finding.fix.message != fix.message for _, finding in group):
            return None
        if all(roots.get(_site(span), telling) <= telling for span in fix.places):
            return fix
    return None


def _site(span: Span) -> Site:
    return span.file, span.line, span.column, span.end_line, span.end_column


def _place(source: Source | Fault) -> Positions:
    def place(span: Span) -> tuple[int, int, int, int]:
        if isinstance(source, Fault):
            return span.line, span.column + 1, span.end_line, span.end_column + 1
        return (
            span.line,
            source.character_column(span.line, span.column),
            span.end_line,
            source.character_column(span.end_line, span.end_column),
        )

    return place


# -- units as JSON --------------------------------------------------------------------------------


def _crashed(unit: Unit) -> bool:
    surveyed = unit.surveyed or Surveyed()
    return bool(surveyed.crashes) or any(each.crashes for each in (*surveyed.spelled, *unit.told))


def _stored(unit: Unit, path: str) -> dict[str, Any]:
    surveyed = unit.surveyed or Surveyed()
    return {
        "digest": unit.digest,
        "path": path,
        "survey": encode(surveyed.survey),
        "fault": encode(surveyed.fault),
        "spelled": [_told_data(told) for told in surveyed.spelled],
        "entries": _grouped(unit.entries, _told_data),
        "classes": _grouped(unit.classes, _told_data),
        "detours": _grouped(unit.detours, _told_data),
    }


def _stored_layers(unit: Unit) -> dict[str, Any]:
    return {
        "digest": unit.digest,
        "entries": _grouped(unit.entries, lambda told: encode(told.sightings)),
        "classes": _grouped(unit.classes, lambda told: encode(told.sightings)),
        "detours": _grouped(unit.detours, lambda told: encode(told.sightings)),
    }


def _grouped(groups: Mapping[Any, Iterable[Told]], data: Callable[[Told], Any]) -> list[Any]:
    return [[key, [data(told) for told in found]] for key, found in groups.items()]


def _told_groups(groups: Any, layers: Any) -> dict[tuple[Any, ...], tuple[Told, ...]]:
    """What `_grouped` made of what was told, with the sightings that `layers`, where asked for, has in the same order.
    """
    seen = {tuple(key): [decode(each) for each in found] for key, found in layers or ()}
    return {
        tuple(key): tuple(
            _told(each, seen[tuple(key)][place] if layers is not None else ()) for place, each in enumerate(found)
        )
        for key, found in groups
    }


def _told_data(told: Told) -> list[Any]:
    """Sites file by file, one number after the other: they are nearly all there is."""
    sites: dict[str, list[int]] = {}
    for file, *numbers in told.sites:
        sites.setdefault(file, []).extend(numbers)
    built, bases = encode(told.built), encode(told.bases)
    return [told.root, encode(told.findings), sites, encode(told.unused), built, bases, told.note, told.spent]


def _told(data: Any, sightings: tuple[Sighting, ...]) -> Told:
    root, findings, sites, unused, built, bases, note, spent = data
    flat = [
        (file, *four) for file, numbers in sites.items() for four in zip(*(iter(numbers),) * 4, strict=True)
    ]
    return Told(
        str(root), decode(findings), tuple(flat), decode(unused), sightings, tuple(decode(built)), tuple(decode(bases)),
        str(note), bool(spent),
    )


def _fill(unit: Unit, data: Any, layers: Any) -> bool:
    """Fills a unit with what is stored of it, where that is of the same texts and whole; whether it is."""
    try:
        if data["digest"] != unit.digest or (layers is not None and layers["digest"] != unit.digest):
            return False
        spelled = tuple(_told(each, ()) for each in data["spelled"])
        surveyed = Surveyed(decode(data["survey"]), decode(data["fault"]), spelled)
        entries, classes, detours = (
            _told_groups(data[name], layers[name] if layers is not None else None)
            for name in ("entries", "classes", "detours")
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        return False
    if not isinstance(surveyed.survey, Survey):
        return False
    unit.surveyed, unit.entries, unit.classes, unit.detours = surveyed, entries, classes, detours
    return True



