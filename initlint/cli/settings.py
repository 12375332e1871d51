"""`--show-settings`: what the configuration amounts to for a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from initlint.config.globs import Glob
from initlint.config.settings import DEFAULT_EXCLUDE, DEFAULT_INCLUDE, PerFileIgnore, Settings, Vocabulary
from initlint.model.finding import Severity

_ASIDE: Final = frozenset({"nested", "selection"})


def render(settings: Settings, path: str) -> str:
    """The settings for the file `path`, one a line, and the rules that run on it."""
    own = settings.for_file(path)
    lines = [f"# {path}"]
    for entry in fields(own):
        if entry.name not in _ASIDE:
            lines.append(f"{entry.name.replace('_', '-')} = {_spelled(_effective(own, entry.name))}")
    lines.append("rules = [")
    for code, selected in settings.enabled(path).items():
        severity = f"  # {selected.severity.value}" if selected.severity else ""
        lines.append(f'    "{code}",{severity}')
    return "\n".join([*lines, "]"]) + "\n"


def _effective(settings: Settings, name: str) -> Any:
    value = getattr(settings, name)
    if value is not None:
        return value
    return {
        "exclude": DEFAULT_EXCLUDE,
        "include": DEFAULT_INCLUDE,
        "src": settings.source_roots,
        "cache_dir": settings.cache_folder,
    }.get(name)


def _spelled(value: Any) -> str:
    """As TOML has it; "" stands for what is not set."""
    if isinstance(value, Severity):
        return json.dumps(value.value)
    if isinstance(value, Glob):
        return json.dumps(value.pattern)
    if isinstance(value, Vocabulary):
        return "{ " + ", ".join(_table(value)) + " }"
    if isinstance(value, tuple):
        if value and isinstance(value[0], PerFileIgnore):
            pairs = (f'"{"!" * item.negated}{item.glob.pattern}" = {_spelled(item.selectors)}' for item in value)
            return "{ " + ", ".join(pairs) + " }"
        if value and isinstance(value[0], tuple):
            return "{ " + ", ".join(f"{json.dumps(key)} = {_spelled(item)}" for key, item in value) + " }"
        return "[" + ", ".join(map(_spelled, value)) + "]"
    return json.dumps("" if value is None else value)


def _table(vocabulary: Vocabulary) -> Iterator[str]:
    for entry in fields(vocabulary):
        pairs = getattr(vocabulary, entry.name)
        if pairs:
            yield f"{entry.name} = {_spelled(pairs)}"
