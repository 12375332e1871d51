"""From configuration files and the command line to `Settings`: the closest file wins, only `extend` merges."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from initlint import __version__
from initlint.config.errors import ConfigError, did_you_mean
from initlint.config.locate import key_lines
from initlint.config.options import OPTIONS, Value
from initlint.config.selection import Selection
from initlint.config.settings import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAMES: Final = (".initlint.toml", "initlint.toml", "pyproject.toml")
_NOT_SETTINGS: Final = frozenset({"select", "ignore", "extend_select", "required_version", "extend"})


@dataclass(frozen=True, slots=True)
class Level:
    """What one configuration file, or the command line, says: values by field of `Settings`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None


class Configuration:
    """Settings by folder.

    `overrides` are values from the command line by field; `config` holds files or `key = value`
    lines; with `isolated` no file is looked for. Raises `ConfigError`.
    """

    def __init__(
        self,
        overrides: Mapping[str, Any] | None = None,
        config: Sequence[str] = (),
        *,
        isolated: bool = False,
        cwd: str | None = None,
    ) -> None:
        self._cwd = cwd or os.getcwd()
        self._levels: dict[str, tuple[Level, ...]] = {}
        self._closest: dict[str, str | None] = {}
        self._settings: dict[str, Settings] = {}
        file, inline = self._split(config)
        self._above = (*inline, Level(overrides or {}))
        self._search = not isolated and file is None
        if isolated and file is not None:
            raise ConfigError("--isolated reads no configuration, --config names a file", "--config")
        found = (self._file_above(self._cwd) or _user_file()) if self._search else file
        lower = self._read(found) if found else ()
        root = os.path.dirname(found) if found and self._search and found != _user_file() else self._cwd
        self.root: Final = _settle((*lower, *self._above), root, found)

    def for_folder(self, folder: str) -> Settings:
        """The settings for what lies directly in `folder` (absolute)."""
        file = self._file_above(folder) if self._search else None
        if file is None or file == self.root.config_file:
            return self.root
        if file not in self._settings:
            self._settings[file] = _settle((*self._read(file), *self._above), os.path.dirname(file), file)
        return self._settings[file]

    def for_files(self, paths: Iterable[str]) -> Settings:
        """The settings of a run over these files (absolute), with those of folders that have their own nested."""
        closest = {self.for_folder(folder).root: self.for_folder(folder) for folder in map(os.path.dirname, paths)}
        closest.pop(self.root.root, None)
        return replace(self.root, nested=tuple(sorted(closest.items(), key=lambda pair: pair[0])))

    def _split(self, config: Sequence[str]) -> tuple[str | None, tuple[Level, ...]]:
        file: str | None = None
        inline = []
        for text in config:
            path = os.path.join(self._cwd, os.path.expanduser(text))
            if os.path.isfile(path):
                if file is not None:
                    raise ConfigError("only one configuration file can be named", "--config")
                file = os.path.normpath(path)
            elif "=" in text:
                inline.append(Level(_read_table(text, "--config", self._cwd, ())))
            else:
                raise ConfigError(f"`{text}` is neither a file nor a line such as `select = [\"INI1\"]`", "--config")
        return file, tuple(inline)

    def _file_above(self, folder: str) -> str | None:
        """The closest configuration file in `folder` or above it."""
        passed = []
        found = None
        while folder not in self._closest:
            passed.append(folder)
            found = _file_in(folder)
            parent = os.path.dirname(folder)
            if found is not None or parent == folder:
                break
            folder = parent
        found = self._closest.get(folder, found)
        self._closest.update(dict.fromkeys(passed, found))
        return found

    def _read(self, file: str, trail: tuple[str, ...] = ()) -> tuple[Level, ...]:
        """The levels of a file, those it extends first."""
        if file not in self._levels:
            text = _text(file)
            table = ("tool", "initlint") if os.path.basename(file) == "pyproject.toml" else ()
            values = _read_table(text, file, os.path.dirname(file), table)
            base = values.get("extend")
            lower: tuple[Level, ...] = ()
            if base is not None:
                lines = key_lines(text)
                if base in (*trail, file):
                    raise ConfigError(f"`extend` goes in circles through {base}", file, lines.get((*table, "extend")))
                if not os.path.isfile(base):
                    raise ConfigError(f"`extend` names no file: {base}", file, lines.get((*table, "extend")))
                lower = self._read(base, (*trail, file))
            self._levels[file] = (*lower, Level(values, file))
        return self._levels[file]


def _user_file() -> str | None:
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return _file_in(os.path.join(home, "initlint"))


def _file_in(folder: str) -> str | None:
    candidates = (os.path.join(folder, name) for name in FILE_NAMES)
    return next((path for path in candidates if _configures(path)), None)


def _configures(path: str) -> bool:
    """Whether there is such a file; a pyproject.toml without our table does not count."""
    if not os.path.isfile(path):
        return False
    return os.path.basename(path) != "pyproject.toml" or "initlint" in _parse(_text(path), path).get("tool", {})


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8", newline="") as handle:
            return handle.read()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", file) from None
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8", file) from None


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        message = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise ConfigError(f"not TOML: {message}", file, int(place[1]) if place else None) from None


def _read_table(text: str, file: str, base: str, table: tuple[str, ...]) -> dict[str, Any]:
    """The options of the table, checked, by field of `Settings`."""
    raw: Any = _parse(text, file)
    for part in table:
        raw = raw.get(part, {})
    whole = Value(raw, file, base, key_lines(text), table)
    values: dict[str, Any] = {}
    entries = {entry.key: entry for entry in whole.table()}
    for key, entry in entries.items():
        if key not in OPTIONS:
            raise entry.error(f"unknown key `{key}`{did_you_mean(key, OPTIONS)}")
    for key, option in OPTIONS.items():
        if key in entries:
            value = option.read(entries[key])
            if key == "required-version":
                _require(entries[key])
            values[option.field] = value
    return values


_ORDER: Final = {"==": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}


def _require(value: Value) -> None:
    """Raises where this version is not among those that the value allows (`>=0.1,<0.3`, `0.1.0`)."""
    for clause in value.string().split(","):
        found = re.fullmatch(r"\s*(==|!=|>=|<=|>|<)?\s*(\d+(?:\.\d+)*)\s*", clause)
        if found is None:
            raise value.wrong('versions such as ">=0.1,<0.3"')
        if not _ORDER[found[1] or "=="](_release(__version__), _release(found[2])):
            raise value.error(f"initlint {value.raw} is required, this is {__version__}")


def _release(version: str) -> tuple[int, ...]:
    """Trailing zeros do not count."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:3]]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _settle(levels: Iterable[Level], root: str, file: str | None) -> Settings:
    """Settings from levels, the lowest first."""
    by_field = {option.field: option for option in OPTIONS.values()}
    blank = Settings()
    values: dict[str, Any] = {"root": root, "config_file": file}
    selection = []
    for level in levels:
        said = level.values
        selection.append(Selection(said.get("select"), said.get("ignore", ()), said.get("extend_select", ())))
        for name, value in said.items():
            if name not in _NOT_SETTINGS:
                combine = by_field[name].combine if name in by_field else None
                lower = values.get(name, getattr(blank, name))
                values[name] = combine(lower, value) if combine else value
    told = tuple(level for level in selection if level != Selection())
    return Settings(**values, selection=told)
