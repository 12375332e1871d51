"""Findings that are known and left for later: a file that says which, so that only new ones are reported.

A finding is known by its rule, its file, the class or function it stands in, and the layer it is about: moved
lines change nothing. Several alike are counted.
"""

from __future__ import annotations

import ast
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from initlint.config.errors import ConfigError
from initlint.model.finding import Finding
from initlint.model.source import Span
from initlint.syntax.parse import parse
from initlint.syntax.source import Source

DEFAULT_NAME: Final = "initlint-baseline.json"
VERSION: Final = 1
_FIELDS: Final = ("rule", "file", "scope", "layer")


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """What stays the same of a finding while its file is worked on. `file` is relative to the project, with `/`;
    `scope` is the qualified name of the class or function the finding stands in, `layer` the layer it is about."""

    rule: str
    file: str
    scope: str
    layer: str

    def __str__(self) -> str:
        return "\0".join((self.rule, self.file, self.scope, self.layer))


class Scopes:
    """The qualified names of the classes and functions of files, by place. Files are parsed when asked for."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._bodies: dict[str, tuple[tuple[int, int, str], ...]] = {}

    def __call__(self, span: Span) -> str:
        """The innermost definition around the start of `span`, "" at module level."""
        if span.file not in self._bodies:
            source = self._sources.get(span.file)
            tree = parse(source) if source is not None else None
            self._bodies[span.file] = tuple(_bodies(tree)) if isinstance(tree, ast.Module) else ()
        around = (name for start, end, name in self._bodies[span.file] if start <= span.line <= end)
        return max(around, key=len, default="")


def _bodies(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """First line, last line and qualified name of each definition, decorators included."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, name = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                qualified = f"{name}.{child.name}" if name else child.name
                first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                yield first, child.end_lineno or child.lineno, qualified
                waiting.append((child, qualified))
            elif isinstance(child, ast.stmt):
                waiting.append((child, name))


def known(finding: Finding, scope: str, root: str) -> Known:
    """The identity of a finding in a project at `root`."""
    path = os.path.relpath(finding.span.file, root) if os.path.isabs(finding.span.file) else finding.span.file
    return Known(finding.code, path.replace(os.sep, "/"), scope, finding.layer)


def identity(baseline: str, sources: Mapping[str, Source]) -> Callable[[Finding], Known]:
    """How the file `baseline` names findings: files relative to its folder, wherever a command runs."""
    scopes = Scopes(sources)
    root = os.path.dirname(os.path.abspath(baseline))
    return lambda finding: known(finding, scopes(finding.span), root)


@dataclass(frozen=True)
class Baseline:
    """How many findings of each identity are known."""

    counts: Mapping[Known, int]

    @classmethod
    def of(cls, found: Iterable[Known]) -> Baseline:
        return cls(Counter(found))

    def split(
        self, findings: Iterable[Finding], identity: Callable[[Finding], Known]
    ) -> tuple[list[Finding], list[Finding], Mapping[Known, int]]:
        """The new findings, the known ones, and what is recorded and no longer there.

        Of more findings of one identity than are recorded, the first are taken to be the known ones.
        """
        left = Counter(self.counts)
        new: list[Finding] = []
        old: list[Finding] = []
        for finding in findings:
            key = identity(finding)
            if left[key] > 0:
                left[key] -= 1
                old.append(finding)
            else:
                new.append(finding)
        return new, old, {key: count for key, count in sorted(left.items()) if count > 0}

    @cached_property
    def text(self) -> str:
        """The file: one entry a line, sorted, so that version control shows and merges changes well."""
        entries = [
            json.dumps(
                {name: getattr(key, name) for name in _FIELDS} | ({"count": count} if count > 1 else {}),
                ensure_ascii=True,
            )
            for key, count in sorted(self.counts.items())
            if count > 0
        ]
        body = ",\n    ".join(entries)
        inner = f"\n    {body}\n  " if entries else ""
        return f'{{\n  "version": {VERSION},\n  "findings": [{inner}]\n}}\n'


def read_baseline(path: str) -> Baseline:
    """Raises `ConfigError` where the file is not a baseline."""
    try:
        with open(path, encoding="utf-8") as handle:
            data = json.load(handle)
    except OSError as error:
        raise ConfigError(f"the baseline cannot be read: {error.strerror or error}", path) from None
    except ValueError as error:
        raise ConfigError(f"the baseline is not JSON: {error}", path) from None
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("findings"), list):
        raise ConfigError("is no baseline of this version; write it anew with --write-baseline", path)
    return Baseline(dict(_entries(data["findings"], path)))


def _entries(findings: Sequence[Any], path: str) -> Iterator[tuple[Known, int]]:
    for entry in findings:
        fields = [entry.get(name) for name in _FIELDS] if isinstance(entry, dict) else [None]
        count = entry.get("count", 1) if isinstance(entry, dict) else None
        if not all(isinstance(value, str) for value in fields) or not isinstance(count, int):
            raise ConfigError(f"the baseline holds an entry that is none: {json.dumps(entry)[:80]}", path)
        yield Known(*fields), count
