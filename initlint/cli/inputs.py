"""What a command is to read: files found below the paths, or standard input."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from initlint.cli.console import Console
from initlint.config.discovery import Configuration
from initlint.config.errors import ConfigError
from initlint.config.settings import Settings
from initlint.files.paths import Unread, find
from initlint.files.surroundings import surroundings
from initlint.syntax.source import Source, from_bytes

STDIN = "-"


@dataclass(frozen=True)
class Inputs:
    """`stdin` holds the bytes that came from standard input, where they did; `project` are the files that the
    `items` are judged together with."""

    items: Sequence[str | Source | Unread]
    settings: Settings
    stdin: bytes | None = None
    project: Sequence[str] = ()

    @property
    def paths(self) -> list[str]:
        return [item if isinstance(item, str) else item.path for item in self.items]


def gather(arguments: argparse.Namespace, configuration: Configuration, console: Console) -> Inputs:
    paths = arguments.paths or ["."]
    if STDIN in paths:
        if len(paths) > 1:
            raise ConfigError("standard input cannot be mixed with other paths", STDIN)
        return _standard_input(arguments.stdin_filename, configuration)
    found = find(paths, configuration)
    project = surroundings(found.files, paths, configuration)
    settings = configuration.for_files((*found.files, *project))
    inputs = Inputs((*found.files, *found.unread), settings, project=project)
    if not inputs.items:
        console.warn("no Python files found under the given paths")
    console.detail(f"{len(found.files)} files; configuration: {inputs.settings.config_file or 'none'}")
    return inputs


def _standard_input(name: str | None, configuration: Configuration) -> Inputs:
    data = sys.stdin.buffer.read()
    path = os.path.abspath(name) if name else STDIN
    project = surroundings([path] if name else [], (), configuration)
    settings = configuration.for_files([path, *project] if name else [])
    own = settings.for_file(path)
    if name and own.force_exclude and own.leaves_out(path):
        return Inputs((), settings, data)
    source = from_bytes(data, path)
    item = source if isinstance(source, Source) else Unread(path, source)
    return Inputs((item,), settings, data, project)
