"""The one road from sources to findings: the command line, the server, the hook and the library all take it.

A file is judged by all of the project that reaches it, whichever files are asked about: the roots of the files that
import it are traced too. What the roots of a file tell depends on that file, on what it imports and on the settings,
and on nothing else; so it can be told by any process, and kept for the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from initlint.config.settings import Settings
from initlint.files.index import Graph, Index, digest_of
from initlint.files.modules import folder_stamp
from initlint.files.paths import Unread
from initlint.model.finding import Finding
from initlint.model.report import LayerRow
from initlint.model.source import Span
from initlint.syntax.source import Fault, Source, read

if TYPE_CHECKING:
    from initlint.memory.cache import Cache
    from initlint.work.crash import Crash
    from initlint.work.judgement import Judged

Input = str | Source | Unread


@dataclass(frozen=True, slots=True)
class FileReport:
    """One linted file. `source` is there where something was found in it, None where it could not be read;
    `suppressed` counts silenced findings."""

    path: str
    source: Source | None
    findings: tuple[Finding, ...] = ()
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All files in order of their paths, the layers of their models, notes on what could not be followed, and
    internal errors; `lost` says that these left nothing of any file."""

    files: tuple[FileReport, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    notes: tuple[str, ...] = ()
    crashes: tuple[Crash, ...] = ()
    lost: bool = False


class Scene:
    """The files of a run: those asked about (`own`), those that belong to the same program (`known`), and those whose
    roots are traced (`cast`), each in order. `failed` says why files asked about cannot be read."""

    def __init__(self, inputs: Sequence[Input], settings: Settings, project: Iterable[str], index: Index) -> None:
        self.settings: Final = settings
        self.index: Final = index
        self.sources: Final = {each.path: each for each in inputs if isinstance(each, Source)}
        self.failed: Final = {each.path: each.fault for each in inputs if isinstance(each, Unread)}
        self.own: Final = tuple(sorted({each if isinstance(each, str) else each.path for each in inputs}))
        for path in self.own:
            fault = None if path in self.failed else index[path].fault
            if fault is not None:
                self.failed[path] = fault
        others = (path for path in project if index[path].fault is None)
        self.known: Final = tuple(sorted({*(path for path in self.own if path not in self.failed), *others}))

    @cached_property
    def graph(self) -> Graph:
        settings = self.settings
        followed = dict.fromkeys(settings.third_party, settings.package_folders)
        return Graph(self.known, self.index, settings.source_roots, followed)

    @cached_property
    def cast(self) -> tuple[str, ...]:
        """What may define or build modules, and what imports the layers of such files: many a project imports one that
        does no more than name torch nearly everywhere."""
        index, files = self.index, self.graph.files
        builders = self.graph.importers(path for path in files if index[path].layers)
        builders.update(path for path in files if index[path].torch)
        asked = self.graph.importers(path for path in self.own if path not in self.failed)
        return tuple(sorted(asked & builders & set(self.known)))

    def source(self, path: str) -> Source | Fault:
        return self.sources[path] if path in self.sources else read(path)


def lint(
    inputs: Sequence[Input],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    project: Iterable[str] = (),
    cache: Cache | None = None,
    layers: bool = True,
) -> Report:
    """Trace the models of all inputs as one program, and judge them.

    `project` are further files of the same program: they are not reported on, but what they build counts. Without
    `layers` the report holds none, which saves time.
    """
    scene = Scene(inputs, settings, project, Index(cache.index() if cache is not None else None, _texts(inputs)))
    key = digest_of(settings.analysis_key, str(layers), *scene.own)
    # what is not on disk is not worth keeping, and a rehearsal asks what each file told
    kept = cache if not scene.sources and (cache is None or cache.rehearsal is None) else None
    report = None if kept is None else _stored(scene, kept, key)
    if report is None:
        report = _judged(scene, executor, progress, cache, layers)
        if kept is not None and not report.crashes:
            _store(scene, report, kept, key)
    if cache is not None:
        if scene.index.changed:
            cache.save_index(scene.index.glances())
        cache.tidy()
    return report


def _judged(
    scene: Scene,
    executor: Executor | None,
    progress: Callable[[int, int], None] | None,
    cache: Cache | None,
    layers: bool,
) -> Report:
    """The report of a run that no earlier one answers, with the help of what those told of single files."""
    from initlint.work.judgement import Judgement

    judgement = Judgement(scene, executor, progress, cache, layers)
    try:
        report = _report(scene, judgement.judged())
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        if not judgement.relies:
            raise
        # what is stored is not what it says it is
        judgement = Judgement(scene, executor, progress, cache, layers, distrusted=True)
        report = _report(scene, judgement.judged())
    return replace(report, crashes=(*report.crashes, *judgement.keep()))


def _texts(inputs: Iterable[Input]) -> list[Source]:
    return [each for each in inputs if isinstance(each, Source)]


# -- results of earlier runs -----------------------------------------------------------------


def _state(scene: Scene) -> str:
    """What the answer of a run depends on, as a digest: the texts of all files that it may look at."""
    digests = scene.graph.digests()
    return digest_of(
        *(digest_of(path, digests[path]) for path in scene.cast),
        "|",
        *(digest_of(path, scene.index[path].digest) for path in scene.own if path not in scene.failed),
        "|",
        *(f"{path}\0{fault}" for path, fault in sorted(scene.failed.items())),
    )


def _stored(scene: Scene, cache: Cache, key: str) -> Report | None:
    """The answer of an earlier run to the same question, where nothing has changed since."""
    data = cache.run(key)
    if not isinstance(data, dict):
        return None
    from initlint.memory.codec import decode

    try:
        same = _is_untouched(scene, data)
        if not same and data["state"] != _state(scene):
            return None
        found = {path: (tuple(decode(findings)), int(count)) for path, (findings, count) in data["files"].items()}
        files = []
        for path in scene.own:
            findings, count = found.get(path, ((), 0))
            source = read(path) if findings and path not in scene.failed else None
            files.append(FileReport(path, source if isinstance(source, Source) else None, findings, count))
        report = Report(tuple(files), decode(data["layers"]), decode(data["notes"]))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
    if not same:
        _store(scene, report, cache, key)
    return report


def _is_untouched(scene: Scene, data: dict[str, Any]) -> bool:
    """Whether each file that the answer came from is as it was, and so is each folder in which modules were looked
    for: then no import can lead elsewhere, and none need be followed to know that nothing has changed."""
    return (
        data["known"] == digest_of(*scene.known)
        and data["failed"] == repr(sorted(scene.failed.items()))
        and all(scene.index[path].digest == digest for path, digest in data["seen"].items())
        and all(stamp and folder_stamp(folder) == stamp for folder, stamp in data["folders"].items())
    )


def _store(scene: Scene, report: Report, cache: Cache, key: str) -> None:
    from initlint.memory.codec import encode

    files = {
        file.path: [encode(file.findings), file.suppressed] for file in report.files if file.findings or file.suppressed
    }
    cache.save_run(
        key,
        {
            "state": _state(scene),
            "known": digest_of(*scene.known),
            "failed": repr(sorted(scene.failed.items())),
            "seen": {path: scene.index[path].digest for path in sorted({*scene.graph.files, *scene.known})},
            "folders": scene.graph.folders,
            "files": files,
            "layers": encode(report.layers),
            "notes": encode(report.notes),
        },
    )


def _report(scene: Scene, judged: Judged) -> Report:
    from initlint.rules import syntax_error

    files = []
    for path in scene.own:
        fault = scene.failed.get(path) or judged.faults.get(path)
        if fault is not None:
            at = Span(path, fault.line, max(fault.column - 1, 0), fault.line, max(fault.column - 1, 0))
            source = scene.source(path) if path not in scene.failed else None
            found = (_weighed(syntax_error.finding(at, fault.message), scene.settings),)
            files.append(FileReport(path, source if isinstance(source, Source) else None, found))
        else:
            files.append(_file_report(scene, path, judged.findings.get(path, []), not judged.crashes))
    crashes = (*scene.index.crashes, *judged.crashes)
    lost = judged.lost or (bool(crashes) and not scene.cast)
    return Report(tuple(files), judged.layers(scene), judged.notes, crashes, lost)


def _file_report(scene: Scene, path: str, findings: list[Finding], whole: bool) -> FileReport:
    """The findings in a file that no comment silences, and those about the comments; `whole` where all rules ran."""
    commented = scene.index[path].comments
    if not findings and not commented:
        return FileReport(path, None)
    source = scene.source(path)
    if not isinstance(source, Source):
        return FileReport(path, None)
    count = 0
    if commented:
        from initlint.suppress.comments import about_comments
        from initlint.syntax.suppressions import mentions_own, suppressions

        if not findings and not mentions_own(source):
            return FileReport(path, None)
        comments = suppressions(source)
        kept = [f for f in findings if comments.matches(f.code, f.name, f.span.line, f.span.end_line) is None]
        count = len(findings) - len(kept)
        findings = sorted(
            [*kept, *about_comments(comments, scene.settings, whole)], key=lambda f: (f.span, f.code, f.message)
        )
    weighed = tuple(_weighed(finding, scene.settings) for finding in findings)
    return FileReport(path, source if weighed else None, weighed, count)


def _weighed(finding: Finding, settings: Settings) -> Finding:
    """A finding at the severity that the settings give its rule."""
    selected = settings.enabled(finding.span.file).get(finding.code)
    if selected is None or selected.severity is None:
        return finding
    return replace(finding, severity=selected.severity)


