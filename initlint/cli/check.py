"""`initlint check`: findings, and what to do with them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from initlint.baseline import DEFAULT_NAME, Baseline, Known, Scopes, known, read_baseline
from initlint.cli import CLEAN, FINDINGS
from initlint.cli.console import Console, Progress
from initlint.cli.inputs import Inputs, gather
from initlint.cli.output import write_report
from initlint.cli.overrides import configuration_of
from initlint.cli.settings import render as render_settings
from initlint.config.settings import Settings
from initlint.model.finding import Finding, Severity
from initlint.report import TEXT_FORMATS, renderer
from initlint.report.document import Document
from initlint.syntax.source import Source

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
    return _report(arguments, console, inputs)


def _report(arguments: argparse.Namespace, console: Console, inputs: Inputs) -> int:
    from initlint.session import document_for, findings_of, sources_of
    from initlint.session import run as lint

    settings = inputs.settings
    with Progress(console.err, shown=console.level >= 0) as progress:
        report = lint(inputs.items, settings, progress=progress)
    for note in report.notes:
        console.detail(note)
    findings = findings_of(report)
    sources = sources_of(report, findings)
    if arguments.write_baseline is not None:
        return _write_baseline(arguments.write_baseline or settings.baseline, findings, sources, console)
    if settings.baseline is not None:
        findings = _unknown(settings.baseline, findings, sources, console)
    document = document_for(findings, sources, settings)
    _print(document, arguments, settings, console)
    return CLEAN if arguments.exit_zero or not _failing(findings, settings) else FINDINGS


def _failing(findings: Iterable[Finding], settings: Settings) -> bool:
    """Whether any finding is severe enough to fail the run."""
    return any(
        _RANKS[finding.severity] >= _RANKS[settings.for_file(finding.span.file).fail_on] for finding in findings
    )


def _print(document: Document, arguments: argparse.Namespace, settings: Settings, console: Console) -> None:
    name = settings.output_format or ("full" if console.out.isatty() else "concise")
    style = console.style_of(arguments.output_file)
    render = renderer(name)
    if arguments.statistics:
        from initlint.report import statistics

        render = statistics.render_json if name == "json" else statistics.render
    write_report(render(document, style), arguments.output_file, console)
    if name in TEXT_FORMATS or arguments.output_file is not None:
        console.say(_summary(document, settings))


def _summary(document: Document, settings: Settings) -> str:
    """How many findings there are, and how many of them could be fixed."""
    count = len(document.diagnostics)
    if not count:
        return "All checks passed!"
    parts = []
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
        number = sum(diagnostic.severity is severity for diagnostic in document.diagnostics)
        if number:
            parts.append(_counted(number, severity.value))
    lines = [f"Found {_counted(count, 'finding')} ({', '.join(parts)})."]
    repairs = [diagnostic.repair for diagnostic in document.diagnostics if diagnostic.repair is not None]
    now = sum(repair.applies for repair in repairs)
    hidden = len(repairs) - now
    if now:
        lines.append(f"[*] {now} fixable with the `--fix` option.")
    if hidden and settings.unsafe_fixes is None:
        lines.append(f"{_counted(hidden, 'unsafe fix', 'es')} available with `--fix --unsafe-fixes`.")
    return "\n".join(lines)


def _counted(number: int, word: str, plural: str = "s") -> str:
    return f"{number} {word}{'' if number == 1 else plural}"


def _unknown(
    path: str, findings: Sequence[Finding], sources: Mapping[str, Source], console: Console
) -> list[Finding]:
    """The findings that the baseline does not know."""
    identity = _identity(path, sources)
    new, old, stale = read_baseline(path).split(findings, identity)
    console.detail(f"{_counted(len(old), 'finding')} of the baseline not reported")
    for key, number in stale.items():
        about = ", ".join(part for part in (key.file, key.scope, key.layer) if part)
        console.warn(f"stale baseline entry: {key.rule} in {about}" + (f" (x{number})" if number > 1 else ""))
    if stale:
        console.warn(f"{path} holds findings that are gone; write it anew with --write-baseline")
    return new


def _write_baseline(
    path: str | None, findings: Sequence[Finding], sources: Mapping[str, Source], console: Console
) -> int:
    path = os.path.abspath(path or DEFAULT_NAME)
    identity = _identity(path, sources)
    write_report(Baseline.of(map(identity, findings)).text, path, console)
    console.say(f"Recorded {_counted(len(findings), 'finding')} in {path}.")
    return CLEAN


def _identity(path: str, sources: Mapping[str, Source]) -> Callable[[Finding], Known]:
    """Files are named relative to the folder of the baseline, wherever the command runs."""
    scopes = Scopes(sources)
    root = os.path.dirname(os.path.abspath(path))
    return lambda finding: known(finding, scopes(finding.span), root)
