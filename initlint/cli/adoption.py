"""Old code: findings recorded in a baseline, or silenced by comments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from initlint.cli import CLEAN, FINDINGS, MISUSE
from initlint.cli.console import Console
from initlint.cli.output import counted, write_report
from initlint.model.finding import Finding
from initlint.rules.syntax_error import RULE as UNREAD
from initlint.suppress.baseline import DEFAULT_NAME, Baseline, identity, read_baseline
from initlint.syntax.source import Source


def new_findings(
    path: str, findings: Sequence[Finding], sources: Mapping[str, Source], console: Console
) -> list[Finding]:
    """The findings that the baseline at `path` does not know. Warns of what it knows and is gone."""
    new, old, stale = read_baseline(path).split(findings, identity(path, sources))
    console.detail(f"{counted(len(old), 'finding')} of the baseline not reported")
    for key, number in stale.items():
        about = ", ".join(part for part in (key.file, key.scope, key.layer) if part)
        console.warn(f"stale baseline entry: {key.rule} in {about}" + (f" (x{number})" if number > 1 else ""))
    if stale:
        console.warn(f"{path} holds findings that are gone; write it anew with --write-baseline")
    return new


def write_baseline(
    path: str | None, findings: Sequence[Finding], sources: Mapping[str, Source], console: Console
) -> int:
    """Records the findings. A file that cannot be read is none to live with: it is told of, and fails the run."""
    path = os.path.abspath(path or DEFAULT_NAME)
    known, unread = _parted(findings, console)
    write_report(Baseline.of(map(identity(path, sources), known)).text, path, console)
    console.say(f"Recorded {counted(len(known), 'finding')} in {path}.")
    return FINDINGS if unread else CLEAN


def add_noqa(
    findings: Sequence[Finding], sources: Mapping[str, Source], reason: str, console: Console
) -> int:
    """Writes a `# noqa` beside each finding. A file that cannot be read has no line to write on: it is told of, and
    fails the run."""
    from initlint.fix.write import NotWritten, write_source
    from initlint.suppress.noqa import noqa_edits

    known, unread = _parted(findings, console)
    by_file: dict[str, list[Finding]] = {}
    for finding in known:
        by_file.setdefault(finding.span.file, []).append(finding)
    code, added = FINDINGS if unread else CLEAN, 0
    for path, found in by_file.items():
        source = sources[path]
        edits = noqa_edits(source, found, reason)
        try:
            write_source(path, source, source.edited(edits))
        except NotWritten as error:
            console.fail(f"{path} {error}")
            code = MISUSE
        else:
            added += len(edits)
    console.say(f"Added {counted(added, '`# noqa` comment')}.")
    return code


def _parted(findings: Sequence[Finding], console: Console) -> tuple[list[Finding], list[Finding]]:
    """The findings about code, and those about files that cannot be read, which are told."""
    unread = [finding for finding in findings if finding.code == UNREAD.code]
    for finding in unread:
        console.fail(f"{os.path.relpath(finding.span.file)}: {finding.message}")
    return [finding for finding in findings if finding.code != UNREAD.code], unread
