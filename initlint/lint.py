"""The one road from sources to findings: the command line, the server, the hook and the library all take it.

A file is judged by all of the project that reaches it, whichever files are asked about: the roots of the files that
import it are traced too. What the roots of a file tell depends on that file, on what it imports and on the settings,
and on nothing else; so it can be told by any process, and kept for the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from initlint.config.settings import Settings
from initlint.files import Unread
from initlint.index import Graph, Index, digest_of
from initlint.model.finding import Finding
from initlint.model.report import LayerRow
from initlint.model.source import Span
from initlint.syntax.source import Fault, Source, read

if TYPE_CHECKING:
    from initlint.cache import Cache
    from initlint.crash import Crash
    from initlint.judgement import Judged

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


@dataclass(frozen=True)
class Scene:
    """The files of a run: those asked about (`own`), and those whose roots are traced (`cast`), in order."""

    settings: Settings
    index: Index
    graph: Graph
    own: tuple[str, ...]
    cast: tuple[str, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    failed: Mapping[str, Fault] = field(default_factory=dict)

    @property
    def in_memory(self) -> bool:
        return bool(self.sources)

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
    scene = _scene(inputs, settings, project, cache)
    key, state = _keys(scene, layers)
    report = _stored(scene, cache, key, state) if cache is not None and not scene.in_memory else None
    if report is None:
        from initlint.judgement import judge_all

        judged = judge_all(scene, executor, progress, cache, layers)
        report = _report(scene, judged)
        if cache is not None and not scene.in_memory and not report.crashes:
            _store(report, cache, key, state)
    if cache is not None:
        if scene.index.changed:
            cache.save_index(scene.index.glances())
        cache.tidy()
    return report


def _scene(inputs: Sequence[Input], settings: Settings, project: Iterable[str], cache: Cache | None) -> Scene:
    sources = {each.path: each for each in inputs if isinstance(each, Source)}
    failed = {each.path: each.fault for each in inputs if isinstance(each, Unread)}
    own = sorted({each if isinstance(each, str) else each.path for each in inputs})
    index = Index(cache.index() if cache is not None else None, sources.values())
    for path in own:
        if path not in failed:
            fault = index[path].fault
            if fault is not None:
                failed[path] = fault
    readable = [path for path in own if path not in failed]
    known = {*readable, *(path for path in project if index[path].fault is None)}
    graph = Graph(sorted(known), index, settings.source_roots)
    builders = graph.importers(path for path in graph.files if index[path].torch)
    cast = sorted(graph.importers(readable) & builders & known)
    return Scene(settings, index, graph, tuple(own), tuple(cast), sources, failed)


# -- results --------------------------------------------------------------------------------


def _keys(scene: Scene, layers: bool) -> tuple[str, str]:
    """What a run asks for, and what its answer depends on."""
    digests = scene.graph.digests()
    key = digest_of(scene.settings.analysis_key, str(layers), *scene.own)
    state = digest_of(
        *(digest_of(path, digests[path]) for path in scene.cast),
        "|",
        *(digest_of(path, scene.index[path].digest) for path in scene.own if path not in scene.failed),
        "|",
        *(f"{path}\0{fault}" for path, fault in sorted(scene.failed.items())),
    )
    return key, state


def _stored(scene: Scene, cache: Cache, key: str, state: str) -> Report | None:
    """The answer of an earlier run to the same question, where nothing has changed since."""
    data = cache.run(key)
    if not isinstance(data, dict) or data.get("state") != state:
        return None
    from initlint.codec import decode

    try:
        found = {path: (tuple(decode(findings)), int(count)) for path, (findings, count) in data["files"].items()}
        files = []
        for path in scene.own:
            findings, count = found.get(path, ((), 0))
            source = read(path) if findings and path not in scene.failed else None
            files.append(FileReport(path, source if isinstance(source, Source) else None, findings, count))
        return Report(tuple(files), decode(data["layers"]), decode(data["notes"]))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _store(report: Report, cache: Cache, key: str, state: str) -> None:
    from initlint.codec import encode

    files = {
        file.path: [encode(file.findings), file.suppressed] for file in report.files if file.findings or file.suppressed
    }
    cache.save_run(
        key, {"state": state, "files": files, "layers": encode(report.layers), "notes": encode(report.notes)}
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
        from initlint.comments import about_comments
        from initlint.syntax.suppressions import suppressions

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


