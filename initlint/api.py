"""initlint as a library."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Executor

from initlint.config.discovery import Configuration
from initlint.config.settings import Settings
from initlint.files.paths import Unread, find
from initlint.files.surroundings import surroundings
from initlint.lint import Input, Report
from initlint.model.report import LayerRow
from initlint.report.document import Diagnostic
from initlint.session import document_for, findings_of, run, sources_of
from initlint.syntax.source import Source, from_text

Paths = Iterable[str | os.PathLike[str]]


def lint_paths(
    paths: Paths, *, configuration: Configuration | None = None, executor: Executor | None = None
) -> tuple[Diagnostic, ...]:
    """The findings in files and folders, sorted by file and place.

    Without a `configuration` the files that the command line would read are read. `executor` may be any
    `concurrent.futures.Executor`; without one, the configuration's number of processes is started. A file that
    cannot be read is a finding (INI900). Raises `ConfigError` for a configuration that cannot be used.
    """
    report, settings = _run(paths, configuration or Configuration(), executor, False)
    findings = findings_of(report)
    return document_for(findings, sources_of(report, findings), settings).diagnostics


def lint_source(
    text: str, filename: str = "<string>", *, configuration: Configuration | None = None
) -> tuple[Diagnostic, ...]:
    """The findings in one text; a `filename` that ends in `.ipynb` makes it a notebook.

    The settings are those of `filename`'s place. The text is judged with what it imports, not with what imports it.
    Raises `ConfigError`.
    """
    configuration = configuration or Configuration()
    path = filename if filename.startswith("<") else os.path.abspath(filename)
    settings = configuration.for_files([] if filename.startswith("<") else [path])
    source = from_text(text, path)
    report = run([source if isinstance(source, Source) else Unread(path, source)], settings, layers=False)
    findings = findings_of(report)
    return document_for(findings, sources_of(report, findings), settings).diagnostics


def show_layers(
    paths: Paths, *, configuration: Configuration | None = None, executor: Executor | None = None
) -> tuple[LayerRow, ...]:
    """The layers of the models in files and folders, sorted by file and place. Raises `ConfigError`."""
    report, _ = _run(paths, configuration or Configuration(), executor, True)
    return report.layers


def _run(
    paths: Paths, configuration: Configuration, executor: Executor | None, layers: bool
) -> tuple[Report, Settings]:
    given = [os.fspath(path) for path in paths]
    found = find(given, configuration)
    project = surroundings(found.files, given, configuration)
    settings = configuration.for_files((*found.files, *project))
    inputs: list[Input] = [*found.files, *found.unread]
    return run(inputs, settings, executor=executor, project=project, layers=layers), settings
