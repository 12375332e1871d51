"""What the options of the command line say about the settings, checked as the configuration file would be."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any, Final

from initlint.cli.arguments import split
from initlint.config.discovery import Configuration
from initlint.config.errors import ConfigError
from initlint.config.options import OPTIONS, Value

_LISTS: Final = (
    "select", "extend-select", "fixable", "unfixable", "exclude", "extend-exclude",
)
_PLAIN: Final = (
    "fix", "fix-only", "unsafe-fixes", "show-fixes", "respect-gitignore", "force-exclude",
    "output-format", "fail-on", "target-version", "cache-dir", "baseline",
)
_ENVIRONMENT: Final = {"output_format": "INITLINT_OUTPUT_FORMAT", "cache_dir": "INITLINT_CACHE_DIR"}


def configuration_of(arguments: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Configuration:
    """The configuration as the arguments would have it. Raises `ConfigError`."""
    return Configuration(
        overrides(arguments, environment), getattr(arguments, "config", None) or (), isolated=arguments.isolated
    )


def overrides(arguments: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that were given, by field."""
    given = dict(vars(arguments))
    for name, variable in _ENVIRONMENT.items():
        if given.get(name) is None and environment.get(variable):
            given[name] = environment[variable]
    values: dict[str, Any] = {}
    for key in _LISTS:
        _read(values, key, split(given.get(key.replace("-", "_"))))
    ignores = [*(split(given.get("ignore")) or ()), *(split(given.get("extend_ignore")) or ())]
    _read(values, "ignore", ignores or None)
    for key in _PLAIN:
        _read(values, key, given.get(key.replace("-", "_")))
    if given.get("jobs") is not None:
        _read(values, "jobs", int(given["jobs"]) if given["jobs"].isdigit() else given["jobs"])
    if given.get("per_file_ignores"):
        _read(values, "extend-per-file-ignores", _pairs(split(given["per_file_ignores"]) or []))
    if given.get("no_cache") or environment.get("INITLINT_NO_CACHE", "") not in ("", "0", "false"):
        values["cache"] = False
    if given.get("fix_only") or given.get("diff"):
        values["fix"] = True
    return values


def _read(values: dict[str, Any], key: str, raw: object) -> None:
    if raw is not None:
        option = OPTIONS[key]
        values[option.field] = option.read(Value(raw, f"--{key}", os.getcwd(), {}, (key,)))


def _pairs(texts: list[str]) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for text in texts:
        pattern, colon, rule = text.rpartition(":")
        if not colon:
            raise ConfigError(f"`{text}` is not PATTERN:RULE", "--per-file-ignores")
        pairs.setdefault(pattern, []).append(rule)
    return pairs
