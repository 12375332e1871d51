"""`--fix` and `--diff`: what fixes change, written to files or shown."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from initlint.cli import CLEAN, FINDINGS
from initlint.cli.console import VERBOSE, Console, Progress
from initlint.cli.inputs import Inputs
from initlint.cli.output import counted, tell
from initlint.lint import Report
from initlint.report.style import Style
from initlint.session import fix, run, with_sources
from initlint.work.crash import crash

if TYPE_CHECKING:
    from initlint.fix.apply import Outcome


@dataclass(frozen=True)
class Fixed:
    """What was written, by path, and the report on what is there now. `failed` says that a file was left alone."""

    outcomes: Mapping[str, Outcome]
    report: Report
    failed: bool = False

    @property
    def count(self) -> int:
        return sum(len(outcome.applied) for outcome in self.outcomes.values())


def fix_files(inputs: Inputs, report: Report, console: Console) -> Fixed:
    """Fixes the files in place; of standard input, prints the fixed text."""
    from initlint.fix.write import NotWritten, write_source

    sources = {file.path: file.source for file in report.files if file.source is not None}
    written, failed = {}, False
    for path, outcome in _outcomes(inputs, report, console, ahead=True).items():
        if outcome.applied and inputs.stdin is None:
            try:
                write_source(path, sources[path], outcome.source)
            except NotWritten as error:
                console.fail(f"{path} {error}")
                failed = True
                continue
            except Exception as error:
                tell(crash(f"writing of {path}", error, path), console)
                failed = True
                continue
        if outcome.applied:
            written[path] = outcome
    if inputs.stdin is not None:
        fixed = next(iter(written.values()), None)
        console.result_bytes(inputs.stdin if fixed is None else fixed.source.encode())
    if written:
        items = with_sources(inputs.items, (outcome.source for outcome in written.values()))
        report = run(items, inputs.settings, project=inputs.project, layers=False)
    return Fixed(written, report, failed)


def show_diff(arguments: argparse.Namespace, inputs: Inputs, report: Report, console: Console) -> int:
    """Prints what fixes would change. 1 where there is anything."""
    from initlint.fix.diff import unified_diff

    sources = {file.path: file.source for file in report.files if file.source is not None}
    count = 0
    for path, outcome in _outcomes(inputs, report, console).items():
        if outcome.applied:
            name = os.path.relpath(path) if os.path.isabs(path) else path
            patch = unified_diff(name, sources[path].encode(), outcome.source.encode())
            console.result_bytes(painted(patch, console.style))
            count += len(outcome.applied)
    console.remark(f"Would fix {counted(count, 'finding')}." if count else "No findings would be fixed.")
    return FINDINGS if count and not arguments.exit_zero else CLEAN


def painted(patch: bytes, style: Style) -> bytes:
    """A patch as it is shown: in colour where there is colour, else as it is."""
    if not style.colour:
        return patch
    lines = []
    for line in patch.decode("utf-8", "surrogateescape").split("\n"):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        lines.append(style.paint(line, colour) if colour else line)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def list_fixes(outcomes: Mapping[str, Outcome], name_of: Mapping[str, str], console: Console) -> None:
    """`--show-fixes`: how often each rule was fixed, by file."""
    for path, outcome in sorted(outcomes.items()):
        console.remark(f"- {name_of.get(path, path)}:")
        counts = Counter((finding.code, finding.name) for finding in outcome.applied)
        for (code, name), number in sorted(counts.items()):
            console.remark(f"    {number} × {code} ({name})")


def _outcomes(inputs: Inputs, report: Report, console: Console, ahead: bool = False) -> Mapping[str, Outcome]:
    with Progress(console.err, shown=console.level >= 0) as progress:
        outcomes = fix(
            inputs.items,
            report,
            inputs.settings,
            progress=progress,
            project=inputs.project,
            failed=lambda crash: tell(crash, console),
            ahead=ahead,
        )
    refused = [(path, refusal) for path, outcome in outcomes.items() for refusal in outcome.refused]
    for path, refusal in refused:
        console.detail(f"{path}:{refusal.finding.span.line}: {refusal.finding.code} not fixed: {refusal.reason}")
    if refused:
        codes = ", ".join(sorted({refusal.finding.code for _, refusal in refused}))
        told = "" if console.level >= VERBOSE else "; `--verbose` shows why"
        console.remark(f"{counted(len(refused), 'fix', 'es')} taken back ({codes}){told}.")
    return outcomes
