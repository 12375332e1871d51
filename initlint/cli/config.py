"""`initlint config`: the options of the configuration."""

from __future__ import annotations

import argparse

from initlint.cli import CLEAN
from initlint.cli.console import Console
from initlint.config.errors import ConfigError, did_you_mean
from initlint.config.options import OPTIONS


def run(arguments: argparse.Namespace, console: Console) -> int:
    key = arguments.option
    if key is not None and key not in OPTIONS:
        raise ConfigError(f"unknown key `{key}`{did_you_mean(key, OPTIONS)}", "config")
    shown = OPTIONS.values() if key is None else [OPTIONS[key]]
    width = max(len(option.key) for option in shown)
    console.result("".join(f"{option.key:<{width}}  {option.help}\n" for option in shown))
    return CLEAN
