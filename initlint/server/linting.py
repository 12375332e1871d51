"""What the process that lints is asked to do; it keeps what it knows of each folder from one job to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from initlint.config.settings import Settings
from initlint.lint import Input, Report, lint
from initlint.memory.cache import Cache
from initlint.memory.in_process import Memory
from initlint.server.programs import Program, Programs
from initlint.server.worker import Token
from initlint.syntax.source import Source

MOST_FOLDERS: Final = 16
"""Folders of which something is kept, the last asked about."""

Home = tuple[str, bool]
"""The root of a folder, and whether all its files count."""

_homes: Final[dict[Home, Programs]] = {}


def _programs(home: Home) -> Programs:
    found = _homes.pop(home) if home in _homes else Programs()
    _homes[home] = found
    for old in list(_homes)[:-MOST_FOLDERS]:
        del _homes[old]
    return found


def memory_of(home: Home) -> Memory:
    """What is kept from one lint to the next."""
    return _programs(home).memory


def read_project(token: Token, home: Home, paths: Sequence[str]) -> bool:
    """Looks at the files of a folder; whether any is new, gone or changed."""
    return _programs(home).read(paths, token.check)


def program_of(
    token: Token, home: Home, key: str, sources: Mapping[str, Source], roots: tuple[str, ...]
) -> Program:
    """As `Programs.of`."""
    return _programs(home).of(key, sources, roots)


def report_on(
    token: Token, home: Home, inputs: Sequence[Input], settings: Settings, project: Sequence[str], layers: bool
) -> Report:
    """Lints a program, with the help of what was told of it before."""
    return lint(inputs, settings, project=project, cache=memory_of(home), layers=layers)


def scan(token: Token, inputs: Sequence[Input], settings: Settings) -> Report:
    """Lints all files of a folder; notes how far it is."""

    def step(done: int, total: int) -> None:
        token.check()
        token.note(done, total)

    cache = Cache(settings.cache_folder) if settings.cache else None
    return lint(inputs, settings, progress=step, cache=cache, layers=False)
