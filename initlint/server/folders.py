"""Workspace folders, each with its own preferences and its own configuration files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from initlint.config.discovery import FILE_NAMES, Configuration
from initlint.config.errors import ConfigError
from initlint.config.settings import Settings
from initlint.server.preferences import Preferences


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What the server was started with: `--config` and `--isolated`."""

    config: tuple[str, ...] = ()
    isolated: bool = False


@dataclass
class Folder:
    """One folder. `fault` is what is wrong with its configuration; the defaults hold then."""

    root: str
    preferences: Preferences = field(default_factory=Preferences)
    fault: ConfigError | None = None
    command_line: CommandLine = CommandLine()
    _configuration: Configuration | None = None

    @property
    def configuration(self) -> Configuration:
        if self._configuration is None:
            self._configuration = self._read()
        return self._configuration

    def settings(self, paths: Sequence[str]) -> Settings:
        """The settings of a run over these files (absolute)."""
        try:
            return self.configuration.for_files(paths)
        except ConfigError as error:
            self._fall_back(error)
            return self.configuration.for_files(paths)

    def forget(self) -> None:
        """The configuration files are to be read anew."""
        self._configuration, self.fault = None, None

    def _read(self) -> Configuration:
        named = self.preferences.configuration
        config = self.command_line.config
        if named is not None:
            config = (*config, os.path.join(self.root, os.path.expanduser(named)))
        try:
            return Configuration(
                self.preferences.overrides, config, isolated=self.command_line.isolated, cwd=self.root
            )
        except ConfigError as error:
            return self._fall_back(error)

    def _fall_back(self, error: ConfigError) -> Configuration:
        self.fault = error
        try:
            found = Configuration(self.preferences.overrides, isolated=True, cwd=self.root)
        except ConfigError:
            found = Configuration(isolated=True, cwd=self.root)
        self._configuration = found
        return found


class Folders:
    """The folders of the workspace, and those of files outside all of them."""

    def __init__(self, command_line: CommandLine) -> None:
        self._command_line = command_line
        self._folders: dict[str, Folder] = {}
        self._loose: dict[str, Folder] = {}
        self._default = Preferences()

    def set(self, roots: Iterable[str], preferences: Mapping[str | None, Preferences]) -> None:
        """The workspace's folders (absolute) and their preferences; under None, those that hold elsewhere."""
        self._default = preferences.get(None, Preferences())
        self._folders = {
            root: Folder(root, preferences.get(root, self._default), command_line=self._command_line)
            for root in sorted(set(roots))
        }
        self._loose.clear()

    @property
    def all(self) -> tuple[Folder, ...]:
        return tuple(self._folders.values())

    @property
    def faults(self) -> tuple[ConfigError, ...]:
        folders = [*self._folders.values(), *self._loose.values()]
        return tuple(folder.fault for folder in folders if folder.fault is not None)

    def of(self, path: str) -> Folder:
        """The innermost folder that holds `path`."""
        best = max((root for root in self._folders if _holds(root, path)), key=len, default=None)
        if best is not None:
            return self._folders[best]
        root = os.path.dirname(path) if os.path.isabs(path) else os.path.abspath(os.curdir)
        if root not in self._loose:
            # What no folder holds is linted by itself: nobody asked to read what lies around it.
            alone = replace(self._default, whole_program=False)
            self._loose[root] = Folder(root, alone, command_line=self._command_line)
        return self._loose[root]

    def forget(self) -> None:
        """All configuration files are to be read anew."""
        for folder in (*self._folders.values(), *self._loose.values()):
            folder.forget()


def is_configuration(path: str) -> bool:
    return os.path.basename(path) in FILE_NAMES


def _holds(root: str, path: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
