"""`initlint show`: the layer report."""

from __future__ import annotations

import argparse
import os

from initlint.cli import CLEAN, FINDINGS, MISUSE
from initlint.cli.console import Console, Progress
from initlint.cli.inputs import gather
from initlint.cli.output import tell_about, write_report
from initlint.cli.overrides import configuration_of


def run(arguments: argparse.Namespace, console: Console) -> int:
    inputs = gather(arguments, configuration_of(arguments), console)

    from initlint.report import layers_json, layers_text
    from initlint.report.document import Document
    from initlint.session import run as lint

    with Progress(console.err, shown=console.level >= 0) as progress:
        report = lint(inputs.items, inputs.settings, progress=progress, project=inputs.project)
    if tell_about(report, console):
        return MISUSE
    if arguments.format == "json":
        text = layers_json.render(report.layers)
    else:
        style = console.style_of(arguments.output_file)
        text = layers_text.render(report.layers, Document((), cwd=os.getcwd()), style)
    write_report(text, arguments.output_file, console)
    return FINDINGS if report.crashes else CLEAN
