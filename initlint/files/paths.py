"""Paths on the command line to the files they stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from initlint.config.settings import Settings
from initlint.syntax.source import Fault

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_EXCLUDES_FILE: Final = re.compile(r"^\s*excludesfile\s*=\s*\"?([^\"\n]+?)\"?\s*$", re.MULTILINE | re.IGNORECASE)
IGNORE_FILES: Final = (".ignore", ".gitignore")      # the first has the last word


class SettingsByFolder(Protocol):
    """What the walk asks of a configuration."""

    def for_folder(self, folder: str) -> Settings: ...


@dataclass(frozen=True, slots=True)
class Unread:
    """A path that cannot be read, and why."""

    path: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Found:
    """Absolute paths, sorted, none twice."""

    files: tuple[str, ...]
    unread: tuple[Unread, ...] = ()


def find(paths: Iterable[str], configuration: SettingsByFolder, *, cwd: str | None = None) -> Found:
    """The files that `paths` stand for.

    A file named by itself is always taken, even one that is not there, so that whoever reads it can say so
    (only `force_exclude` leaves it out); in folders the
    patterns of the closest configuration and the ignore files decide. Links to folders are not
    followed, so no walk runs in circles. Paths keep the links they were written with.
    """
    cwd = cwd or os.getcwd()
    files: set[str] = set()
    unread: dict[str, Fault] = {}
    for path in dict.fromkeys(os.path.abspath(os.path.join(cwd, path)) for path in paths):
        settings = configuration.for_folder(os.path.dirname(path))
        if settings.force_exclude and settings.leaves_out(path):
            continue
        if os.path.isdir(path):
            walk = _Walk(configuration, files, unread)
            walk.folder(path, _ancestral_rules(path) if settings.respect_gitignore else None)
        else:
            files.add(path)
    return Found(tuple(sorted(files)), tuple(Unread(path, fault) for path, fault in sorted(unread.items())))


@dataclass(frozen=True, slots=True)
class _Rules:
    """The ignore files of one folder, above them those of the folders that hold it."""

    folder: str
    specs: tuple[GitIgnoreSpec, ...]
    above: _Rules | None

    def ignores(self, path: str, is_folder: bool) -> bool:
        """The closest file with an opinion decides."""
        level: _Rules | None = self
        while level is not None:
            relative = os.path.relpath(path, level.folder).replace(os.sep, "/") + ("/" if is_folder else "")
            for spec in level.specs:
                verdict = spec.check_file(relative).include
                if verdict is not None:
                    return verdict
            level = level.above
        return False


class _Walk:
    def __init__(self, configuration: SettingsByFolder, files: set[str], unread: dict[str, Fault]) -> None:
        self._configuration = configuration
        self._files = files
        self._unread = unread

    def folder(self, top: str, rules: _Rules | None) -> None:
        """Adds the files below `top`. Iterative: folders may be nested deeper than Python's stack."""
        waiting = [(top, rules)]
        while waiting:
            folder, above = waiting.pop()
            settings = self._configuration.for_folder(folder)
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                self._unread[folder] = Fault(f"cannot be read: {(error.strerror or type(error).__name__).lower()}")
                continue
            own = _rules_in(folder, {entry.name for entry in entries}, above) if settings.respect_gitignore else above
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if not is_folder and not self._readable(entry, settings):
                    continue
                if settings.excludes(entry.path) or (
                    settings.respect_gitignore and own is not None and own.ignores(entry.path, is_folder)
                ):
                    continue
                if is_folder:
                    waiting.append((entry.path, own))
                else:
                    self._files.add(entry.path)

    @staticmethod
    def _readable(entry: os.DirEntry[str], settings: Settings) -> bool:
        """A file to read, by its name and its kind: no pipe, no device, no link to a folder."""
        if not settings.includes(entry.path):
            return False
        if entry.is_symlink():
            return os.path.isfile(entry.path) or not os.path.exists(entry.path)      # a broken link is worth a word
        return entry.is_file()


def _rules_in(folder: str, names: Iterable[str], above: _Rules | None) -> _Rules | None:
    paths = [os.path.join(folder, name) for name in IGNORE_FILES if name in names]
    if ".git" in names:
        paths.append(os.path.join(folder, ".git", "info", "exclude"))
        paths += _global_ignore_files()
    specs = tuple(spec for spec in map(_spec, paths) if spec is not None)
    return _Rules(folder, specs, above) if specs else above


def _ancestral_rules(folder: str) -> _Rules | None:
    """The rules of the folders above `folder`, up to the repository's top; none outside a repository.

    A folder that they ignore was named on purpose: then they do not hold inside.
    """
    if os.path.exists(os.path.join(folder, ".git")):
        return None
    chain = []
    parent = os.path.dirname(folder)
    while True:
        chain.append(parent)
        if os.path.exists(os.path.join(parent, ".git")):
            break
        if os.path.dirname(parent) == parent:
            return None
        parent = os.path.dirname(parent)
    rules: _Rules | None = None
    for above in reversed(chain):
        names = [name for name in (*IGNORE_FILES, ".git") if os.path.exists(os.path.join(above, name))]
        rules = _rules_in(above, names, rules)
    return None if rules is not None and rules.ignores(folder, True) else rules


def _spec(path: str) -> GitIgnoreSpec | None:
    """The patterns of an ignore file, None where it has none or cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as handle:
            lines = [line for line in handle.read().splitlines() if line.strip() and not line.startswith("#")]
    except OSError:
        return None
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(_valid(lines))


def _valid(lines: Iterable[str]) -> Iterator[str]:
    """Leaves out patterns that git would not understand either."""
    from pathspec import GitIgnoreSpec

    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        yield line


def _global_ignore_files() -> list[str]:
    """git's `core.excludesFile`, or its default place."""
    home = os.path.expanduser("~")
    folder = os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "git")
    for config in (os.path.join(home, ".gitconfig"), os.path.join(folder, "config")):
        try:
            with open(config, encoding="utf-8", errors="replace") as handle:
                found = _EXCLUDES_FILE.search(handle.read())
        except OSError:
            continue
        if found:
            return [os.path.expanduser(found[1])]
    return [os.path.join(folder, "ignore")]


