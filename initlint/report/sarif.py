"""SARIF 2.1.0, as GitHub's code scanning and other viewers read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from initlint import __version__
from initlint.model.finding import Severity
from initlint.report.document import NAME, Diagnostic, Document, Region, Repair, posix
from initlint.report.style import Style

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "SRCROOT"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_PROBLEM: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(document: Document, style: Style) -> str:
    codes = sorted({diagnostic.code for diagnostic in document.diagnostics})
    run = {
        "tool": {"driver": {"name": NAME, "semanticVersion": __version__, "rules": _rules(codes)}},
        "automationDetails": {"id": f"{NAME}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {_ROOT: {"uri": Path(document.cwd).as_uri().rstrip("/") + "/"}},
        "results": [_result(document, diagnostic, codes) for diagnostic in document.diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rules(codes: Sequence[str]) -> list[dict[str, Any]]:
    from initlint.rules.registry import entries

    known = entries()
    rules = []
    for code in codes:
        entry = known[code]
        rules.append(
            {
                "id": code,
                "name": "".join(part.capitalize() for part in entry.rule.name.split("-")),
                "shortDescription": {"text": entry.summary},
                "fullDescription": {"text": entry.sections["Why is this bad?"]},
                "help": {"text": entry.documentation, "markdown": entry.documentation},
                "defaultConfiguration": {"level": _LEVELS[entry.rule.severity]},
                "properties": {"tags": ["pytorch", "initialization"], "precision": "high",
                               "problem.severity": _PROBLEM[entry.rule.severity]},
            }
        )
    return rules


def _result(document: Document, diagnostic: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [_location(document, diagnostic.region)],
        "partialFingerprints": {f"{NAME}/v1": diagnostic.fingerprint},
    }
    if diagnostic.notes:
        result["relatedLocations"] = [
            {"id": index, **_location(document, note.region), "message": {"text": note.message}}
            for index, note in enumerate(diagnostic.notes)
        ]
    if diagnostic.repair is not None and diagnostic.region.start.cell is None:
        result["fixes"] = [_fix(document, diagnostic.repair)]
    return result


def _location(document: Document, region: Region) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(document, region.filename)}
    if region.start.cell is None:
        physical["region"] = _region(region)
        source = document.sources.get(region.filename)
        if source is not None:
            physical["region"]["snippet"] = {"text": source.line(region.row).strip()}
    found: dict[str, Any] = {"physicalLocation": physical}
    if region.start.cell is not None:         # lines of a cell are not lines of the file
        found["message"] = {"text": f"cell {region.start.cell}, line {region.start.line}, column {region.start.column}"}
    return found


def _region(region: Region) -> dict[str, Any]:
    return {
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }


def _fix(document: Document, repair: Repair) -> dict[str, Any]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    for replacement in repair.replacements:
        by_file.setdefault(replacement.region.filename, []).append(
            {"deletedRegion": _region(replacement.region), "insertedContent": {"text": replacement.content}}
        )
    return {
        "description": {"text": f"{repair.message} ({repair.applicability.value} fix)"},
        "artifactChanges": [
            {"artifactLocation": _artifact(document, filename), "replacements": replacements}
            for filename, replacements in by_file.items()
        ],
    }


def _artifact(document: Document, filename: str) -> dict[str, str]:
    """A file below the working directory relative to it, another as a whole."""
    relative = document.relative(filename)
    if relative == filename and filename.startswith("/"):
        return {"uri": Path(filename).as_uri()}
    return {"uri": quote(posix(relative), errors="surrogateescape"), "uriBaseId": _ROOT}
