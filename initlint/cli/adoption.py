"""Old code: findings recorded in a baseline, or silenced by comments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from initlint.cli import CLEAN, MISUSE
from initlint.cli.console import Console
from initlint.cli.output import counted, write_report
from initlint.model.finding import Finding
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
    path = os.path.abspath(path or DEFAULT_NAME)
    write_report(Baseline.of(map(identity(path, sources), findings)).text, path, console)
    console.say(f"Recorded {counted(len(findings), 'finding')} in {path}.")
    return CLEAN


def add_noqa(
    findings: Sequence[Finding], sources: Mapping[str, Source], reason: str, console: Console
) -> int:
    """Writes a `# noqa` beside each finding."""
    from initlint.fix.write import NotWritten, write_source
    from initlint.suppress.noqa import noqa_edits

    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.span.file, []).append(finding)
    code, added = CLEAN, 0
    for path, found in by_file.items():
        source = sources.get(path)
        if source is None:
            continue                    # a file that cannot be read has no line to write on
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
