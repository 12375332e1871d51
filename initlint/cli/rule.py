"""`initlint rule`: the documentation of the rules."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from initlint.cli import CLEAN
from initlint.cli.console import Console
from initlint.config.errors import ConfigError, did_you_mean
from initlint.config.selection import known_selectors
from initlint.report.document import rule_url
from initlint.report.style import Style

if TYPE_CHECKING:
    from initlint.rules.registry import Entry


def run(arguments: argparse.Namespace, console: Console) -> int:
    chosen = _chosen(arguments.rule, arguments.all)
    match arguments.output_format:
        case "json":
            objects = [_object(entry) for entry in chosen]
            console.result(json.dumps(objects if arguments.all else objects[0], indent=2) + "\n")
        case "markdown":
            console.result("\n".join(markdown(entry) for entry in chosen))
        case _:
            console.result("\n".join(_text(entry, console.style) for entry in chosen))
    return CLEAN


def _chosen(selector: str | None, everything: bool) -> Sequence[Entry]:
    from initlint.rules.registry import entries

    if everything == (selector is not None):
        raise ConfigError("name one rule, or use --all", "rule")
    known = entries()
    if everything:
        return list(known.values())
    found = [entry for entry in known.values() if selector in (entry.rule.code, entry.rule.name)]
    if not found:
        raise ConfigError(f"unknown rule `{selector}`{did_you_mean(str(selector), known_selectors())}", "rule")
    return found


def facts(entry: Entry) -> str:
    """Severity, whether it is on, and what its fix may change, in words."""
    rule = entry.rule
    on = "off unless selected"
    if rule.on:
        on = "on in files that also use the models they define" if rule.closed_world else "on by default"
    fix = "no fix" if rule.fix is None else f"{rule.fix.value} fix"
    return f"{rule.severity.value} · {on} · {fix}"


def markdown(entry: Entry) -> str:
    return f"# {entry.rule.name} ({entry.rule.code})\n\n{facts(entry)}\n\n{entry.documentation.strip()}\n"


def _text(entry: Entry, style: Style) -> str:
    """The same page; on a terminal its headings stand out."""
    lines = []
    for line in markdown(entry).splitlines():
        heading = line.startswith("#")
        lines.append(style.paint(line, "bold") if heading else line)
    return "\n".join(lines) + "\n"


def _object(entry: Entry) -> dict[str, Any]:
    rule = entry.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": entry.summary,
        "severity": rule.severity.value,
        "default": rule.on,
        "closed_world": rule.closed_world,
        "fix": None if rule.fix is None else rule.fix.value,
        "explanation": entry.documentation,
        "sections": dict(entry.sections),
        "url": rule_url(rule.name),
    }
