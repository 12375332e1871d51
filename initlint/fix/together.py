"""The fixes of many files at once: each file takes its own steps, and all are linted together after every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from initlint.fix.apply import Allowed, Outcome, Refusal, Silences, Steps, fixing
from initlint.fix.verify import new_in
from initlint.model.finding import Finding
from initlint.rules.precedence import precedes
from initlint.syntax.source import Source

Found = Mapping[str, Sequence[Finding]]
Relint = Callable[[Mapping[str, Source]], Found]
"""The findings of all files by path, those given in place of what is on disk. Files that an internal error kept from
being judged are left out."""
Failed = Callable[[str, Exception], None]
"""Told the file whose fixing an internal error ended, and the error."""

MAX_PASSES: Final = 4
"""How often fixes that were refused are tried again because other files changed."""


NOT_JUDGED: Final = "an internal error kept the file from being judged after the fix"


def fix_together(
    sources: Mapping[str, Source],
    found: Found,
    relint: Relint,
    allowed: Allowed,
    silences: Silences = precedes,
    failed: Failed = lambda path, error: None,
) -> dict[str, Outcome]:
    """What the allowed fixes make of each file, by path; only files that change, or in which a fix was refused.

    A pass is over when no file has a step left. Files whose changes bring findings to others are put back. Where a
    fix was refused and another file changed in the same pass, the next pass tries again: what is left in
    the end is what a second run would leave, too. A file whose fixing ends in an internal error stays as the steps
    before left it; the others go on.
    """
    present = {path: list(findings) for path, findings in found.items()}
    return _Files(dict(sources), present, relint, allowed, silences, failed).outcomes()


@dataclass
class _Files:
    sources: dict[str, Source]
    found: dict[str, list[Finding]]
    relint: Relint
    allowed: Allowed
    silences: Silences
    failed: Failed
    broken: set[str] = field(default_factory=set)
    checked: tuple[dict[str, Source], Found] | None = None

    def outcomes(self) -> dict[str, Outcome]:
        originals = dict(self.sources)
        known: dict[str, Outcome] = {}
        for _ in range(MAX_PASSES):
            steps = self._steps()
            changed = {path: outcome for path, outcome in steps.items() if outcome.applied}
            refused = self._accept(sorted(changed), changed)
            kept = {path: outcome for path, outcome in changed.items() if path not in refused}
            for path, outcome in steps.items():
                before = known[path].applied if path in known else ()
                if path in refused:
                    taken_back = tuple(Refusal(finding, refused[path]) for finding in outcome.applied)
                    outcome = replace(outcome, source=self.sources[path], applied=(), refused=taken_back)
                known[path] = replace(outcome, applied=(*before, *outcome.applied))
            again = any(outcome.refused and kept.keys() - {path} for path, outcome in steps.items())
            fresh = kept and any(
                self._is_wanted(finding)
                for path, findings in self.found.items() if path not in steps and path not in self.broken
                for finding in findings
            )
            if not (again or fresh):
                break
        return {
            path: replace(outcome, remaining=tuple(self.found[path]))
            for path, outcome in sorted(known.items())
            if outcome.refused or outcome.source.text != originals[path].text
        }

    def _steps(self) -> dict[str, Outcome]:
        """Lets all files take their steps, each judged with the present steps of the others."""
        done: dict[str, Outcome] = {}
        waiting: dict[str, tuple[Steps, Source]] = {}

        def advance(path: str, steps: Steps, findings: Sequence[Finding] | None) -> None:
            try:
                waiting[path] = steps, next(steps) if findings is None else steps.send(findings)
            except StopIteration as stop:
                done[path] = stop.value
            except Exception as error:
                self.broken.add(path)
                self.failed(path, error)

        for path, findings in sorted(self.found.items()):
            if path in self.sources and path not in self.broken and any(map(self._is_wanted, findings)):
                advance(path, fixing(self.sources[path], findings, self.allowed, silences=self.silences), None)
        while waiting:
            present, waiting = waiting, {}
            found = self._check({
                **{path: outcome.source for path, outcome in done.items()},
                **{path: candidate for path, (_, candidate) in present.items()},
            })
            for path, (steps, _) in present.items():
                if path in found:
                    advance(path, steps, found[path])
                else:
                    self.broken.add(path)
                    refused = (Refusal(each, NOT_JUDGED) for each in self.found[path] if self._is_wanted(each))
                    done[path] = Outcome(self.sources[path], remaining=tuple(self.found[path]), refused=tuple(refused))
        return done

    def _is_wanted(self, finding: Finding) -> bool:
        return finding.fix is not None and self.allowed(finding)

    def _accept(self, paths: Sequence[str], outcomes: Mapping[str, Outcome]) -> dict[str, str]:
        """Takes over the outcomes of these files, or of as many as bring nothing to other files; the others by path,
        with the reason."""
        if not paths:
            return {}
        sources = {**self.sources, **{path: outcomes[path].source for path in paths}}
        found = self._check(sources)
        problem = self._problem(found, paths)
        if not problem:
            self.sources = sources
            self.found = {path: list(findings) for path, findings in found.items()}
            return {}
        if len(paths) == 1:
            return {paths[0]: problem}
        half = len(paths) // 2
        return {**self._accept(paths[:half], outcomes), **self._accept(paths[half:], outcomes)}

    def _problem(self, found: Found, changed: Sequence[str]) -> str:
        """What speaks against these changes: a file that was not judged, or the first new finding in a file that does
        not change itself. "" where nothing does."""
        if self.found.keys() - found.keys():
            return NOT_JUDGED
        for path, findings in found.items():
            if path not in changed:
                came = new_in(self.sources.get(path), self.found.get(path, ()), findings)
                if came:
                    return f"the fix would bring {came[0].code} ({came[0].span.file}, line {came[0].span.line})"
        return ""

    def _check(self, sources: dict[str, Source]) -> Found:
        """Lints all files, these in place of the present ones."""
        wanted = {**self.sources, **sources}
        if self.checked is None or self.checked[0] != wanted:
            self.checked = wanted, self.relint(wanted)
        return self.checked[1]
