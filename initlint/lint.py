"""The one road from sources to findings: the command line, the server, the hook and the library all take it."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from initlint.config.settings import Settings
from initlint.files import Unread
from initlint.layers import Place, Sighting, join, sightings
from initlint.model.finding import Finding
from initlint.model.program import Program
from initlint.model.report import LayerRow
from initlint.model.source import Span
from initlint.rules import syntax_error
from initlint.rules.precedence import judge
from initlint.rules.registry import Entry, entries
from initlint.syntax.parse import parse
from initlint.syntax.prefilter import mentions_torch
from initlint.syntax.source import Fault, Source, read
from initlint.syntax.suppressions import suppressions

Input = str | Source | Unread
RECURSION: Final = 12_000
"""Python frames that the deepest allowed call of the trace may need."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One linted file. `source` is None where it could not be read; `suppressed` counts silenced findings."""

    path: str
    source: Source | None
    findings: tuple[Finding, ...] = ()
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All files in order of their paths, the layers of their models, and notes on what could not be followed."""

    files: tuple[FileReport, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    """What the roots traced so far told."""

    findings: dict[tuple[str, Span], list[tuple[str, Finding]]] = field(default_factory=dict)
    sightings: list[Sighting] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    roots_at: dict[Span, set[str]] = field(default_factory=dict)


def lint(
    inputs: Sequence[Input],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Trace the models of all inputs as one program, and judge them."""
    sources, unread = _read(inputs)
    with _undisturbed():
        seen, faults = _trace(sources, settings, progress)
    return _report(sources, [*unread, *faults], seen, settings)


def _read(inputs: Sequence[Input]) -> tuple[list[Source], list[Unread]]:
    sources: list[Source] = []
    unread: list[Unread] = []
    for each in inputs:
        found = read(each) if isinstance(each, str) else each
        if isinstance(found, Fault):
            unread.append(Unread(str(each), found))
        elif isinstance(found, Unread):
            unread.append(found)
        else:
            sources.append(found)
    return sources, unread


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Room for deep traces, and no collection of garbage while trees are built that all stay alive."""
    limit = sys.getrecursionlimit()
    collecting = gc.isenabled()
    sys.setrecursionlimit(max(limit, RECURSION))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _trace(
    sources: list[Source], settings: Settings, progress: Callable[[int, int], None] | None
) -> tuple[_Seen, list[Unread]]:
    from initlint.trace.project import Project
    from initlint.trace.roots import Tracer

    seen = _Seen()
    faults: list[Unread] = []
    project = Project(sources, settings.source_roots)
    scopes = []
    trees: dict[str, ast.Module] = {}
    for source in sources:
        if not mentions_torch(source.text.encode("utf-8", "surrogatepass")):
            tree = None
        else:
            tree = parse(source)
            if isinstance(tree, Fault):
                faults.append(Unread(source.path, tree))
                continue
            trees[source.path] = tree
            scopes.append(project.scope_of(source))
    tracer = Tracer(project)
    own = {source.path for source in sources}
    chosen = {source.path: _entries(settings, source.path, trees.get(source.path)) for source in sources}
    for done, program in enumerate(tracer.programs(scopes), 1):
        if progress is not None:
            progress(min(done, len(scopes)), len(scopes))
        _judge(program, own, chosen, seen)
    return seen, faults


def _entries(settings: Settings, path: str, tree: ast.Module | None) -> dict[str, Entry]:
    """The rules that run on a file; those that need a closed world only where it uses the models it defines."""
    from initlint.trace.usage import uses_models

    known = entries()
    chosen = {code: (known[code], choice) for code, choice in settings.enabled(path).items() if code in known}
    asks = any(entry.rule.closed_world and not choice.explicit for entry, choice in chosen.values())
    is_closed = asks and tree is not None and uses_models(tree)
    return {
        code: entry for code, (entry, choice) in chosen.items()
        if is_closed or choice.explicit or not entry.rule.closed_world
    }


def _judge(program: Program, own: set[str], chosen: dict[str, dict[str, Entry]], seen: _Seen) -> None:
    if program.truncated:
        seen.notes.append(f"{program.root}: given up at a bound ({program.truncated})")
    codes = {code: entry for each in chosen.values() for code, entry in each.items()}
    for finding in judge(program, codes.values()):
        if finding.span.file in own and finding.code in chosen[finding.span.file]:
            seen.findings.setdefault((finding.code, finding.span), []).append((program.root, finding))
    for layer in program.layers:
        seen.roots_at.setdefault(layer.site, set()).add(program.root)
    for call in program.calls:
        seen.roots_at.setdefault(call.call.span, set()).add(program.root)
    seen.sightings.extend(sightings(program, lambda file: file in own))


def _joined(seen: _Seen) -> Iterator[Finding]:
    """A finding for each place: told plainly where every root agrees, with the roots named where not."""
    for (_, span), told in sorted(seen.findings.items(), key=lambda item: (item[0][1], item[0][0])):
        roots = sorted({root for root, _ in told})
        finding = told[0][1]
        others = seen.roots_at.get(span, set()) - set(roots)
        if others:
            names = ", ".join(roots[:3]) + (f" and {len(roots) - 3} more" if len(roots) > 3 else "")
            finding = replace(finding, message=f"{finding.message} (as built by {names})")
        yield finding


def _report(sources: list[Source], unread: list[Unread], seen: _Seen, settings: Settings) -> Report:
    by_file: dict[str, list[Finding]] = {source.path: [] for source in sources}
    for finding in _joined(seen):
        by_file[finding.span.file].append(finding)
    files = []
    failed = {each.path: each for each in unread}
    for source in sources:
        if source.path in failed:
            continue
        kept, silenced = _suppress(source, by_file[source.path])
        files.append(FileReport(source.path, source, tuple(kept), silenced))
    readable = {source.path: source for source in sources}
    for path, each in failed.items():
        fault = each.fault
        span = Span(path, fault.line, max(fault.column - 1, 0), fault.line, max(fault.column - 1, 0))
        files.append(FileReport(path, readable.get(path), (syntax_error.finding(span, fault.message),)))
    layers = join(seen.sightings, {}, lambda file: _place(readable[file]))
    return Report(tuple(sorted(files, key=lambda file: file.path)), layers, tuple(sorted(set(seen.notes))))


def _suppress(source: Source, findings: list[Finding]) -> tuple[list[Finding], int]:
    if not findings:
        return [], 0
    comments = suppressions(source)
    kept = [f for f in findings if comments.matches(f.code, f.name, f.span.line, f.span.end_line) is None]
    return kept, len(findings) - len(kept)


def _place(source: Source) -> Place:
    def place(span: Span) -> tuple[int, int, int, int]:
        return (
            span.line,
            source.character_column(span.line, span.column),
            span.end_line,
            source.character_column(span.end_line, span.end_column),
        )

    return place
