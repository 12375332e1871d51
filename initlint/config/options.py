"""The options of the configuration: their keys, how each is read and checked, and what `--help` says of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from initlint.config.errors import ConfigError, did_you_mean
from initlint.config.globs import Glob
from initlint.config.locate import Path
from initlint.config.selection import codes_of, known_selectors
from initlint.config.settings import PerFileIgnore, Vocabulary
from initlint.model.finding import Severity

Choice = TypeVar("Choice")

OUTPUT_FORMATS: Final = (
    "full",
    "concise",
    "grouped",
    "json",
    "json-lines",
    "github",
    "gitlab",
    "junit",
    "sarif",
    "rdjson",
    "azure",
    "pylint",
)
SEVERITIES: Final = {severity.value: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Value:
    """A value as TOML gave it, and where it stands."""

    raw: object
    file: str
    base: str                     # folder that relative paths start from
    lines: Mapping[Path, int]
    path: Path = ()

    @property
    def key(self) -> str:
        return str(self.path[-1]) if self.path else ""

    def error(self, message: str) -> ConfigError:
        path = self.path
        while path and path not in self.lines:
            path = path[:-1]
        return ConfigError(message, self.file, self.lines.get(path))

    def wrong(self, expected: str, hint: str = "") -> ConfigError:
        option = ".".join(str(part) for part in self.path if isinstance(part, str)).removeprefix("tool.initlint.")
        return self.error(f"`{option}` must be {expected}, not {self.raw!r}{hint}")

    def boolean(self) -> bool:
        if not isinstance(self.raw, bool):
            raise self.wrong("true or false")
        return self.raw

    def string(self) -> str:
        if not isinstance(self.raw, str):
            raise self.wrong("a string")
        return self.raw

    def natural(self) -> int:
        if isinstance(self.raw, bool) or not isinstance(self.raw, int) or self.raw < 1:
            raise self.wrong("a whole number from 1")
        return self.raw

    def choice(self, known: Mapping[str, Choice]) -> Choice:
        if not isinstance(self.raw, str):
            raise self.wrong(_one_of(known))
        if self.raw not in known:
            raise self.wrong(_one_of(known), did_you_mean(self.raw, known))
        return known[self.raw]

    def items(self) -> Iterator[Value]:
        if not isinstance(self.raw, list):
            raise self.wrong("a list")
        for index, raw in enumerate(self.raw):
            yield self._below(raw, index)

    def table(self) -> Iterator[Value]:
        if not isinstance(self.raw, dict):
            raise self.wrong("a table")
        for key, raw in self.raw.items():
            yield self._below(raw, key)

    def _below(self, raw: object, part: str | int) -> Value:
        return Value(raw, self.file, self.base, self.lines, (*self.path, part))


def _one_of(known: Iterable[str]) -> str:
    return "one of " + ", ".join(f'"{name}"' for name in known)


Reader = Callable[[Value], Any]


def _strings(value: Value) -> tuple[str, ...]:
    return tuple(item.string() for item in value.items())


def _selector(value: Value) -> str:
    selector = value.string()
    if not codes_of(selector):
        raise value.error(f"unknown rule `{selector}`{did_you_mean(selector, known_selectors())}")
    return selector


def _selectors(value: Value) -> tuple[str, ...]:
    return tuple(_selector(item) for item in value.items())


def _globs(value: Value) -> tuple[Glob, ...]:
    return tuple(Glob(item.string(), item.base) for item in value.items())


def _path(value: Value) -> str:
    return os.path.normpath(os.path.join(value.base, os.path.expanduser(os.path.expandvars(value.string()))))


def _paths(value: Value) -> tuple[str, ...]:
    return tuple(_path(item) for item in value.items())


def _per_file_ignores(value: Value) -> tuple[PerFileIgnore, ...]:
    return tuple(
        PerFileIgnore(Glob(entry.key.removeprefix("!"), entry.base), entry.key.startswith("!"), _selectors(entry))
        for entry in value.table()
    )


def _severities(value: Value) -> tuple[tuple[str, Severity], ...]:
    found = []
    for entry in value.table():
        if not codes_of(entry.key):
            raise entry.error(f"unknown rule `{entry.key}`{did_you_mean(entry.key, known_selectors())}")
        found.append((entry.key, _severity(entry)))
    return tuple(found)


def _severity(value: Value) -> Severity:
    return value.choice(SEVERITIES)


def _output_format(value: Value) -> str:
    return value.choice({name: name for name in OUTPUT_FORMATS})


_TORCH: Final = re.compile(r"(\d+)\.(\d+)(?:\.\d+)?")


def _torch_version(value: Value) -> tuple[int, int]:
    found = _TORCH.fullmatch(value.string())
    if found is None:
        raise value.wrong('a version of torch such as "2.13"')
    return int(found[1]), int(found[2])


_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def _dotted(value: Value) -> str:
    if not _DOTTED.fullmatch(value.string()):
        raise value.wrong("a dotted name")
    return value.string()


def _packages(value: Value) -> tuple[str, ...]:
    return tuple(_dotted(item) for item in value.items())


_KINDS: Final = tuple(entry.name for entry in fields(Vocabulary))


def _vocabulary(value: Value) -> Vocabulary:
    kinds: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind in value.table():
        if kind.key not in _KINDS:
            raise kind.error(f"unknown key `vocabulary.{kind.key}`{did_you_mean(kind.key, _KINDS)}")
        pairs = []
        for entry in kind.table():
            if not _DOTTED.fullmatch(entry.key):
                raise entry.error(f'`{entry.key}` must be a dotted name; quote it: "{entry.key or "package.Name"}"')
            pairs.append((entry.key, _dotted(entry)))
        kinds[kind.key] = tuple(sorted(pairs))
    return Vocabulary(**kinds)


def _replace(lower: Any, higher: Any) -> Any:
    return higher


def _append(lower: Any, higher: Any) -> Any:
    return (*lower, *higher)


def _join_vocabularies(lower: Vocabulary, higher: Vocabulary) -> Vocabulary:
    return Vocabulary(
        *(tuple(sorted({**dict(getattr(lower, kind)), **dict(getattr(higher, kind))}.items())) for kind in _KINDS)
    )


@dataclass(frozen=True, slots=True)
class Option:
    """`field` names the setting it fills; `combine` joins the value of a lower level with a higher one's."""

    key: str
    field: str
    read: Reader
    help: str
    combine: Callable[[Any, Any], Any] = _replace


OPTIONS: Final[Mapping[str, Option]] = {
    option.key: option
    for option in (
        Option("select", "select", _selectors, "rules to run: codes, prefixes, names or ALL"),
        Option("ignore", "ignore", _selectors, "rules not to run"),
        Option("extend-select", "extend_select", _selectors, "rules to run besides `select`"),
        Option("per-file-ignores", "per_file_ignores", _per_file_ignores, "rules not to run by path; `!` negates"),
        Option("extend-per-file-ignores", "extend_per_file_ignores", _per_file_ignores, "more of them", _append),
        Option("severity", "severity", _severities, "severity by rule: error, warning or note"),
        Option("fail-on", "fail_on", _severity, "lowest severity that fails the run"),
        Option("fix", "fix", Value.boolean, "apply fixes"),
        Option("fix-only", "fix_only", Value.boolean, "apply fixes and report nothing else"),
        Option("unsafe-fixes", "unsafe_fixes", Value.boolean, "apply fixes that change numbers"),
        Option("show-fixes", "show_fixes", Value.boolean, "list the fixes applied"),
        Option("fixable", "fixable", _selectors, "rules whose fixes may be applied"),
        Option("unfixable", "unfixable", _selectors, "rules whose fixes may not"),
        Option("extend-safe-fixes", "extend_safe_fixes", _selectors, "rules whose fixes count as safe", _append),
        Option("extend-unsafe-fixes", "extend_unsafe_fixes", _selectors, "rules whose fixes count as unsafe", _append),
        Option("exclude", "exclude", _globs, "paths to leave out, instead of the usual ones"),
        Option("extend-exclude", "extend_exclude", _globs, "paths to leave out besides", _append),
        Option("include", "include", _globs, "files to read in folders"),
        Option("extend-include", "extend_include", _globs, "files to read besides", _append),
        Option("respect-gitignore", "respect_gitignore", Value.boolean, "leave out what git ignores"),
        Option("force-exclude", "force_exclude", Value.boolean, "exclude files named on the command line too"),
        Option("src", "src", _paths, "folders that imports start from"),
        Option("target-version", "target_version", _torch_version,
            "the version of torch that the code is for (the newest known where none is given)"),
        Option("third-party", "third_party", _packages, "installed packages whose source is followed"),
        Option("vocabulary", "vocabulary", _vocabulary,
            "your own layers, activations, norms and inits by dotted name",
            _join_vocabularies),
        Option("output-format", "output_format", _output_format, "how findings are printed"),
        Option("cache-dir", "cache_dir", _path, "where results are kept"),
        Option("jobs", "jobs", Value.natural, "processes"),
        Option("baseline", "baseline", _path, "file of findings that are known and not reported"),
        Option("required-version", "required_version", Value.string, "versions of initlint that may read this"),
        Option("extend", "extend", _path, "another configuration to start from"),
    )
}
