"""A stand-in for the engine: finds `xavier_normal`, with a safe fix, and `normal_(w, 0.02)`, with an unsafe one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

from initlint.config import Settings
from initlint.files.paths import Unread
from initlint.lint import FileReport, Report
from initlint.model.change import RenameFunction, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.report import LayerRow
from initlint.model.source import Argument, Call, Span
from initlint.syntax.source import Fault, Source, read
from initlint.syntax.suppressions import suppressions


def lint(
    inputs: Sequence[str | Source | Unread],
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    project: Sequence[str] = (),
    cache: object = None,
    layers: bool = True,
) -> Report:
    files = []
    for item in inputs:
        found = read(item) if isinstance(item, str) else item.fault if isinstance(item, Unread) else item
        path = item if isinstance(item, str) else item.path
        enabled = settings.enabled(path)
        if isinstance(found, Fault):
            span = Span(path, found.line, found.column - 1, found.line, found.column - 1)
            fault = Finding("INI900", "syntax-error", Severity.ERROR, found.message, span)
            files.append(FileReport(path, None, (fault,)))
            continue
        comments = suppressions(found)
        findings = [finding for finding in _findings(found) if finding.code in enabled]
        kept = [
            finding
            for finding in findings
            if comments.matches(finding.code, finding.name, finding.span.line, finding.span.end_line) is None
        ]
        files.append(FileReport(path, found, tuple(kept)))
        if progress is not None:
            progress(len(files), len(inputs))
    built = (file.path for file in files if file.source is not None and "nn.Linear" in file.source.text)
    return Report(tuple(files), tuple(LayerRow(path, 2, 6, 2, 21, "Net", "fc", "Linear") for path in built))


def _findings(source: Source) -> Iterator[Finding]:
    for match in re.finditer(r"((?:\w+\.)*)(xavier_normal|normal_)\((\w+)(?:, (0\.02))?\)", source.text):
        span = source.span(*match.span())
        function = source.span(match.start(), match.end(2))
        call = Call(f"torch.nn.init.{match[2]}", span, function, tuple(_arguments(source, match)))
        if match[2] == "xavier_normal":
            fix = Fix("Use `xavier_normal_`", Applicability.SAFE, (RenameFunction(call, "xavier_normal_"),))
            name, message = "deprecated-init-alias", "`xavier_normal` is deprecated"
            yield Finding("INI010", name, Severity.NOTE, message, span, fix=fix, layer="")
        elif match[4]:
            change = SetArgument(call, "std", "0.02", position=None, replaces="mean")
            fix = Fix("Use `std=0.02`", Applicability.UNSAFE, (change,))
            yield Finding("INI006", "std-passed-as-mean", Severity.ERROR, "0.02 is the mean", span, fix=fix)


    for match in re.finditer(r"xavier_normal_\(cursed\)", source.text):
        span, subjects = source.span(*match.span()), frozenset({"cursed"})
        yield Finding("INI102", "signal-explosion", Severity.ERROR, "worse than before", span, subjects=subjects)


def _arguments(source: Source, match: re.Match[str]) -> Iterator[Argument]:
    yield Argument(None, match[3], source.span(*match.span(3)))
    if match[4]:
        yield Argument(None, 0.02, source.span(*match.span(4)), literal=True)
