"""From the parsed command line to the command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from initlint.cli import MISUSE
from initlint.cli.arguments import parse
from initlint.cli.console import NORMAL, QUIET, SILENT, VERBOSE, Console
from initlint.config.errors import ConfigError
from initlint.work.crash import crash


def dispatch(argv: Sequence[str]) -> int:
    """Runs the command that `argv` names."""
    try:
        arguments = parse(argv)
    except SystemExit as stop:                  # argparse has printed its help or its complaint
        return stop.code if isinstance(stop.code, int) else MISUSE
    console = Console(arguments.color, _level(arguments))
    command = import_module(f"initlint.cli.{arguments.command}")
    try:
        code: int = command.run(arguments, console)
    except ConfigError as error:
        console.fail(str(error))
        return MISUSE
    except BrokenPipeError:                     # `initlint | head`: whoever reads has read enough
        raise
    except Exception as error:
        found = crash("initlint", error)
        console.fail(f"internal error ({found.error}); --verbose shows where")
        console.detail(found.trace)
        return MISUSE
    return code


def _level(arguments: argparse.Namespace) -> int:
    if arguments.silent:
        return SILENT
    if arguments.quiet:
        return QUIET
    return VERBOSE if arguments.verbose else NORMAL


