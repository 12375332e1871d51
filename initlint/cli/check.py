"""`initlint check`: findings, and what to do with them."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Iterable
from typing import Final

from initlint.cli import CLEAN, FINDINGS, MISUSE
from initlint.cli.console import Console, Progress
from initlint.cli.inputs import Inputs, gather
from initlint.cli.output import counted, tell, tell_about, write_report
from initlint.cli.overrides import configuration_of
from initlint.cli.settings import render as render_settings
from initlint.config.settings import Settings
from initlint.model.finding import Finding, Severity
from initlint.report import TEXT_FORMATS, renderer
from initlint.report.document import Document

_RANKS: Final = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def run(arguments: argparse.Namespace, console: Console) -> int:
    inputs = gather(arguments, configuration_of(arguments), console)
    if arguments.show_files:
        console.result("".join(f"{path}\n" for path in inputs.paths))
        return CLEAN
    if arguments.show_settings:
        paths = inputs.paths or [os.path.join(inputs.settings.root, "model.py")]
        console.result(render_settings(inputs.settings, paths[0]))
        return CLEAN
    if inputs.settings.fix or arguments.diff:
        gc.enable()             # it lints over and over: what is left behind must go
    return _check(arguments, inputs, console)


def _check(arguments: argparse.Namespace, inputs: Inputs, console: Console) -> int:
    from initlint.cli import adoption, fixing
    from initlint.session import document_for, findings_of, sources_of
    from initlint.session import run as lint

    settings = inputs.settings
    with Progress(console.err, shown=console.level >= 0) as progress:
        report = lint(inputs.items, settings, progress=progress, project=inputs.project, layers=False)
    if tell_about(report, console):
        return MISUSE
    if arguments.diff:
        return fixing.show_diff(arguments, inputs, report, console)
    fixed = fixing.Fixed({}, report)
    if settings.fix:
        fixed = fixing.fix_files(inputs, report, console)
    if inputs.stdin is not None and settings.fix:
        console = console.aside()                  # standard output holds the text
    findings = findings_of(fixed.report)
    sources = sources_of(fixed.report, findings)
    if arguments.write_baseline is not None:
        return adoption.write_baseline(arguments.write_baseline or settings.baseline, findings, sources, console)
    if settings.baseline is not None:
        findings = adoption.new_findings(settings.baseline, findings, sources, console)
    if arguments.add_noqa is not None:
        return adoption.add_noqa(findings, sources, arguments.add_noqa, console)
    document = document_for(
        [] if settings.fix_only else findings, sources, settings, failed=lambda crash: tell(crash, console)
    )
    _print(document, fixed.count, len(report.crashes), arguments, settings, console)
    if settings.show_fixes and fixed.count:
        fixing.list_fixes(fixed.outcomes, {path: document.relative(path) for path in fixed.outcomes}, console)
    failing = fixed.failed or bool(report.crashes) or (not settings.fix_only and _failing(findings, settings))
    if arguments.exit_zero:
        return CLEAN
    return FINDINGS if failing or (arguments.exit_non_zero_on_fix and fixed.count) else CLEAN


def _failing(findings: Iterable[Finding], settings: Settings) -> bool:
    """Whether any finding is severe enough to fail the run."""
    return any(
        _RANKS[finding.severity] >= _RANKS[settings.for_file(finding.span.file).fail_on] for finding in findings
    )


def _print(
    document: Document, fixed: int, crashes: int, arguments: argparse.Namespace, settings: Settings, console: Console
) -> None:
    name = settings.output_format or ("full" if console.out.isatty() else "concise")
    render = renderer(name)
    if arguments.statistics:
        from initlint.report import statistics

        render = statistics.render_json if name == "json" else statistics.render
    write_report(render(document, console.style_of(arguments.output_file)), arguments.output_file, console)
    if name in TEXT_FORMATS or arguments.output_file is not None:
        console.say(_summary(document, fixed, crashes, settings))


def _summary(document: Document, fixed: int, crashes: int, settings: Settings) -> str:
    """How many findings there are, how many were fixed, and how many more could be."""
    count = len(document.diagnostics)
    if settings.fix_only:
        return f"Fixed {counted(fixed, 'finding')}."
    if not count and not fixed:
        return f"No findings, but {counted(crashes, 'internal error')}." if crashes else "All checks passed!"
    total = counted(count + fixed, "finding")
    lines = [f"Found {total} ({fixed} fixed, {count} remaining)." if fixed else f"Found {total} ({_mix(document)})."]
    repairs = [diagnostic.repair for diagnostic in document.diagnostics if diagnostic.repair is not None]
    now = sum(repair.applies for repair in repairs)
    hidden = len(repairs) - now
    if now and not settings.fix:
        lines.append(f"[*] {now} fixable with the `--fix` option.")
    if hidden and settings.unsafe_fixes is None:
        lines.append(f"{counted(hidden, 'unsafe fix', 'es')} available with `--fix --unsafe-fixes`.")
    return "\n".join(lines)


def _mix(document: Document) -> str:
    """`2 errors, 1 note`."""
    parts = []
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
        number = sum(diagnostic.severity is severity for diagnostic in document.diagnostics)
        if number:
            parts.append(counted(number, severity.value))
    return ", ".join(parts)
