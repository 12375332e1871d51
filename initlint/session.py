"""One run over the road: paths and a configuration in, a report and a document out. Prints nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from initlint.config.settings import Settings
from initlint.fix.verify import key_of, new_in
from initlint.lint import Input, Report, lint
from initlint.memory.cache import Cache
from initlint.memory.in_process import Memory
from initlint.memory.rehearsal import Rehearsal
from initlint.model.finding import Applicability, Finding
from initlint.report.diagnose import document_of
from initlint.report.document import Document
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source, read
from initlint.work.crash import Crash, crash
from initlint.work.team import Lanes, cores

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from initlint.fix.apply import Outcome
    from initlint.fix.document import Document as FixDocument

FEW_FILES: Final = 24
"""Up to so many files, starting processes costs more than it saves."""


def run(
    inputs: Sequence[Input],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    project: Sequence[str] = (),
    layers: bool = True,
    cache: Cache | None = None,
) -> Report:
    """Lints `inputs`. Without an executor, in as many processes as the settings say; with another cache than they say,
    where one is given. `project` and `layers` as in `lint`."""
    if cache is None and settings.cache:
        cache = Cache(settings.cache_folder)
    with nullcontext(executor) if executor is not None else _processes(settings, len(inputs)) as pool:
        return lint(
            inputs, settings, executor=pool, progress=progress, project=project, cache=cache, layers=layers
        )


@contextmanager
def _processes(settings: Settings, count: int) -> Iterator[Executor | None]:
    number = settings.jobs or (1 if count <= FEW_FILES else cores())
    if number == 1:
        yield None
        return
    pool = Lanes(number)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)      # whoever is interrupted does not wait for what is under way
        raise
    pool.shutdown()


def findings_of(report: Report) -> list[Finding]:
    """All findings, sorted by file and place."""
    found = [finding for file in report.files for finding in file.findings]
    return sorted(found, key=lambda finding: (finding.span, finding.code, finding.message))


def sources_of(report: Report, findings: Sequence[Finding]) -> dict[str, Source]:
    """The texts that the findings speak of by path, those of files that were not linted read anew."""
    sources = {file.source.path: file.source for file in report.files if file.source is not None}
    for finding in findings:
        for span in (finding.span, *(related.span for related in finding.related)):
            if span.file not in sources and os.path.isabs(span.file):
                found = read(span.file)
                if isinstance(found, Source):
                    sources[span.file] = found
    return sources


def document_for(
    findings: Sequence[Finding],
    sources: Mapping[str, Source],
    settings: Settings,
    *,
    cwd: str | None = None,
    failed: Callable[[Crash], None] = lambda crash: None,
) -> Document:
    """`findings` ready to be printed, fixes written out; an internal error in one leaves that fix out, and is told to
    `failed`."""
    known = dict(sources)
    documents: dict[str, FixDocument | None] = {}

    def edits(finding: Finding) -> Mapping[str, Sequence[Edit]]:
        from initlint.fix.document import Document as FixDocument
        from initlint.fix.render import render_files

        def document(path: str) -> FixDocument | None:
            if path not in documents:
                source = known.get(path) or read(path)
                documents[path] = FixDocument(source) if isinstance(source, Source) else None
                if isinstance(source, Source):
                    known[path] = source
            return documents[path]

        if finding.fix is None:
            return {}
        try:
            return render_files(finding.fix, document)
        except Exception as error:
            failed(crash(f"fix of {finding.code} at {finding.span.file}:{finding.span.line}", error))
            return {}

    return document_of(findings, known, settings, edits, cwd=cwd or os.getcwd())


def fix(
    inputs: Sequence[Input],
    report: Report,
    settings: Settings,
    *,
    progress: Callable[[int, int], None] | None = None,
    project: Sequence[str] = (),
    failed: Callable[[Crash], None] = lambda crash: None,
    ahead: bool = False,
) -> dict[str, Outcome]:
    """What the fixes that the settings allow make of each file, by path; only files that change, or in which one was
    refused. After each step all files are linted anew as one program, so that no fix leaves a finding behind in what
    it was judged by. Internal errors are told to `failed`: a file in whose fixing one comes up stays as it was.
    `ahead` says that the fixed files are to be written: what they tell is kept in the cache before they are."""
    try:
        return _Trial(inputs, report, settings, progress, project, failed, ahead).outcomes()
    except Exception as error:
        failed(crash("fixes", error))
        return {}


class _Trial:
    """Fixes, tried out on the texts in memory."""

    def __init__(
        self, inputs: Sequence[Input], report: Report, settings: Settings,
        progress: Callable[[int, int], None] | None, project: Sequence[str], failed: Callable[[Crash], None],
        ahead: bool,
    ) -> None:
        self._inputs, self._settings, self._progress, self._project = inputs, settings, progress, project
        self._failed = failed
        self._ahead = ahead
        self._sources = {file.path: file.source for file in report.files if file.source is not None}
        self._found = {file.path: file.findings for file in report.files}
        self._known_crashes = {crash.where for crash in report.crashes}

    def outcomes(self) -> dict[str, Outcome]:
        """Steps that look only at what they surely touch, and a look at everything in the end. Where that tells
        what the steps should have known, all is begun again, and everything is looked at after every step."""
        if not any(_is_allowed(self._settings, finding) for group in self._found.values() for finding in group):
            return {}
        steps = self._cache() or Memory()
        steps.rehearsal = Rehearsal()
        if steps.lasting:
            self._relint({}, steps)             # what earlier runs kept, before the first change makes it useless
        outcomes = self._fixed(steps)
        changed = {path: outcome.source for path, outcome in outcomes.items() if outcome.applied}
        if not changed or not steps.rehearsal.trusting:
            return outcomes
        expected, found = self._relint(changed, steps), self._relint(changed, self._cache(self._ahead))
        if not self._is_foreseen(expected, found, {**self._sources, **changed}):
            return self._fixed(self._cache())
        return {
            path: replace(outcome, remaining=tuple(found.get(path, outcome.remaining)))
            for path, outcome in outcomes.items()
        }

    def _is_foreseen(
        self, expected: Mapping[str, Sequence[Finding]], found: Mapping[str, Sequence[Finding]],
        sources: Mapping[str, Source],
    ) -> bool:
        """Whether nothing was found beyond what the steps were judged by but what the first run had found as well, and
        has no fix to make. Roots that are given up at a bound may tell a little more, or less, of the same code."""
        if expected.keys() != found.keys():
            return False
        for path, findings in found.items():
            if findings == expected[path]:
                continue
            before = {key_of(finding) for finding in self._found.get(path, ())}
            for finding in new_in(sources.get(path), expected[path], findings):
                if key_of(finding) not in before or _is_allowed(self._settings, finding):
                    return False
        return True

    def _fixed(self, cache: Cache | None) -> dict[str, Outcome]:
        from initlint.fix.together import fix_together

        return fix_together(
            self._sources,
            self._found,
            lambda candidates: self._relint(candidates, cache),
            lambda finding: _is_allowed(self._settings, finding),
            failed=lambda path, error: self._failed(crash(f"fixes of {path}", error, path)),
        )

    def _relint(self, candidates: Mapping[str, Source], cache: Cache | None) -> Mapping[str, Sequence[Finding]]:
        changed = {path: source for path, source in candidates.items() if source is not self._sources[path]}
        linted = run(
            with_sources(self._inputs, changed.values()), self._settings,
            progress=self._progress, project=self._project, layers=False, cache=cache,
        )
        broken: set[str] = set()
        for each in linted.crashes:
            if each.where not in self._known_crashes:
                self._failed(each)
                broken.update([each.file] if each.file in changed else changed)
        return {file.path: file.findings for file in linted.files if file.path not in broken}

    def _cache(self, ahead: bool = False) -> Cache | None:
        found = Cache(self._settings.cache_folder) if self._settings.cache else None
        if found is not None:
            found.ahead = ahead
        return found


def with_sources(inputs: Sequence[Input], sources: Iterable[Source]) -> list[Input]:
    """`inputs` with these texts in place of those of the same path."""
    known = {source.path: source for source in sources}
    return [known.get(item if isinstance(item, str) else item.path, item) for item in inputs]


def _is_allowed(settings: Settings, finding: Finding) -> bool:
    """Whether the fix of a finding may be applied in this run."""
    if finding.fix is None:
        return False
    own = settings.for_file(finding.span.file)
    level = own.applicability(finding.code, finding.fix.applicability)
    return level is Applicability.SAFE or (level is Applicability.UNSAFE and bool(own.unsafe_fixes))
