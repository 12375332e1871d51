"""`initlint demo`: findings, layers and fixes on a model that comes with the package."""

from __future__ import annotations

import argparse
import os
from typing import Final

import initlint
from initlint.cli import CLEAN
from initlint.cli.console import Console
from initlint.cli.fixing import painted
from initlint.config.discovery import Configuration

FOLDER: Final = os.path.join(os.path.dirname(os.path.abspath(initlint.__file__)), "demo")


def run(arguments: argparse.Namespace, console: Console) -> int:
    from initlint.fix.diff import unified_diff
    from initlint.report import full, layers_text
    from initlint.session import document_for, findings_of, fix, sources_of
    from initlint.session import run as lint

    path = os.path.join(FOLDER, "model.py")
    settings = Configuration({"unsafe_fixes": True, "cache": False}, isolated=True, cwd=FOLDER).root
    report = lint([path], settings)
    findings = findings_of(report)
    document = document_for(findings, sources_of(report, findings), settings, cwd=FOLDER)
    _heading(console, f"What `initlint check` finds in {path}")
    console.result(full.render(document, console.style))
    _heading(console, "What `initlint show` knows of its layers")
    console.result(layers_text.render(report.layers, document, console.style))
    _heading(console, "What `initlint check --fix --unsafe-fixes` would change")
    for file in report.files:
        outcome = fix([path], report, settings).get(file.path)
        if outcome is not None and file.source is not None:
            patch = unified_diff(document.relative(file.path), file.source.encode(), outcome.source.encode())
            console.result_bytes(painted(patch, console.style))
    return CLEAN


def _heading(console: Console, text: str) -> None:
    console.result(f"\n{console.style.paint(f'── {text}', 'bold')}\n\n")
