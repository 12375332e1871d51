"""What a run was asked to do: plain data, the same for the command line, the server and the hook."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from glob import escape, glob
from hashlib import sha256
from typing import Final

from initlint.config.globs import Glob, Globs
from initlint.config.selection import Selected, Selection, choose, matching_codes, overrides
from initlint.model.finding import Applicability, Severity
from initlint.model.pickling import PickledByFields
from initlint.signal.since import NEWEST, Version

DEFAULT_EXCLUDE: Final = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".initlint_cache",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)
DEFAULT_INCLUDE: Final = ("*.py", "*.ipynb")
CACHE_NAME: Final = ".initlint_cache"


@dataclass(frozen=True, slots=True)
class PerFileIgnore:
    """Rules left out in the files that match, or in all others where `negated`."""

    glob: Glob
    negated: bool
    selectors: tuple[str, ...]

    def applies(self, path: str) -> bool:
        return self.glob.matches(path) != self.negated


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A project's own names for what torch has, as (dotted name, torch's name) pairs.

    `layers`: ("acme.ops.EqualLinear", "Linear"). `activations`: ("acme.act.Swish2", "silu").
    `norms`: ("acme.norm.FilterResponseNorm", "batch_norm"). `inits`: ("acme.init.he_", "kaiming_normal_").
    """

    layers: tuple[tuple[str, str], ...] = ()
    activations: tuple[tuple[str, str], ...] = ()
    norms: tuple[tuple[str, str], ...] = ()
    inits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Settings(PickledByFields):
    """Everything a run can be told. Paths are absolute.

    The settings of a run hold, in `nested`, those of the folders below it that have a
    configuration of their own; `for_file` picks the closest.
    """

    root: str = field(default_factory=os.getcwd)
    config_file: str | None = None

    selection: tuple[Selection, ...] = ()
    per_file_ignores: tuple[PerFileIgnore, ...] = ()
    extend_per_file_ignores: tuple[PerFileIgnore, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    fail_on: Severity = Severity.NOTE

    fix: bool = False
    fix_only: bool = False
    unsafe_fixes: bool | None = None          # None: not applied, but hinted at
    show_fixes: bool = False
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()

    exclude: tuple[Glob, ...] | None = None          # None: DEFAULT_EXCLUDE
    extend_exclude: tuple[Glob, ...] = ()
    include: tuple[Glob, ...] | None = None          # None: DEFAULT_INCLUDE
    extend_include: tuple[Glob, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False

    src: tuple[str, ...] | None = None               # None: the root and its `src`
    target_version: Version = NEWEST      # of torch
    third_party: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    output_format: str | None = None
    cache: bool = True
    cache_dir: str | None = None
    jobs: int | None = None
    baseline: str | None = None

    nested: tuple[tuple[str, Settings], ...] = ()

    def for_file(self, path: str) -> Settings:
        """The settings of the closest configuration above `path` (absolute)."""
        best, length = self, len(self.root) if _inside(path, self.root) else -1
        for folder, settings in self.nested:
            if _inside(path, folder) and len(folder) > length:
                best, length = settings, len(folder)
        return best

    def enabled(self, path: str) -> Mapping[str, Selected]:
        """The rules that run on the file `path` (absolute), by code, in order.

        A rule that is not `explicit` runs by default only: one that needs a closed world then asks for it.
        """
        settings = self.for_file(path)
        ignores = [ignore for ignore in settings._ignores if ignore.applies(path)]
        if not ignores:
            return settings._chosen
        left_out = matching_codes(selector for ignore in ignores for selector in ignore.selectors)
        return {code: choice for code, choice in settings._chosen.items() if code not in left_out}

    @cached_property
    def codes(self) -> frozenset[str]:
        """The rules that run on any file at all."""
        return frozenset(self._chosen).union(*(settings._chosen for _, settings in self.nested))

    def applicability(self, code: str, stated: Applicability) -> Applicability | None:
        """The risk of a fix of rule `code` as this configuration sees it; None where it is not to be offered."""
        if code not in self._fixable:
            return None
        return self._promoted.get(code, stated)

    @property
    def source_roots(self) -> tuple[str, ...]:
        """Folders that absolute imports start from, in order."""
        return (self.root, os.path.join(self.root, "src")) if self.src is None else self.src

    @cached_property
    def package_folders(self) -> tuple[str, ...]:
        """Where the packages named in `third_party` may be installed: the environment that is active, those of the
        project, and the one that runs this. None where no package is named."""
        if not self.third_party:
            return ()
        active = os.environ.get("VIRTUAL_ENV")
        prefixes = (active, os.path.join(self.root, ".venv"), os.path.join(self.root, "venv"), sys.prefix)
        found = []
        for prefix in filter(None, prefixes):
            found += sorted(glob(os.path.join(escape(prefix), "lib*", "python*", "site-packages")))
            found += sorted(glob(os.path.join(escape(prefix), "Lib", "site-packages")))
        return tuple(dict.fromkeys(found))

    @property
    def cache_folder(self) -> str:
        return self.cache_dir or os.path.join(self.root, CACHE_NAME)

    def excludes(self, path: str) -> bool:
        """Whether a file or folder is left out by name; what lies in an excluded folder is the caller's business."""
        return self._exclude_globs.matches(path)

    def leaves_out(self, path: str) -> bool:
        """Whether `path` or a folder above it, up to the root, is excluded."""
        while True:
            if self.excludes(path):
                return True
            parent = os.path.dirname(path)
            if parent in (path, self.root):
                return False
            path = parent

    def includes(self, path: str) -> bool:
        return self._include_globs.matches(path)

    @cached_property
    def analysis_key(self) -> str:
        """A digest of all that can change which findings a file gets."""
        told = {name: getattr(self, name) for name in _ANALYSIS_FIELDS}
        below = [(folder, settings.analysis_key) for folder, settings in self.nested]
        return sha256(repr((told, below)).encode()).hexdigest()

    @property
    def _ignores(self) -> tuple[PerFileIgnore, ...]:
        return self.per_file_ignores + self.extend_per_file_ignores

    @cached_property
    def _chosen(self) -> Mapping[str, Selected]:
        severities = overrides(self.severity)
        return {
            code: Selected(severities.get(code), explicit)
            for code, explicit in choose(self.selection).items()
        }

    @cached_property
    def _fixable(self) -> frozenset[str]:
        return frozenset(choose((Selection(select=self.fixable, ignore=self.unfixable),)))

    @cached_property
    def _promoted(self) -> Mapping[str, Applicability]:
        levels = [(selector, Applicability.SAFE) for selector in self.extend_safe_fixes]
        return overrides((*levels, *((selector, Applicability.UNSAFE) for selector in self.extend_unsafe_fixes)))

    @cached_property
    def _exclude_globs(self) -> Globs:
        own = self.exclude if self.exclude is not None else tuple(Glob(name, self.root) for name in DEFAULT_EXCLUDE)
        return Globs(own + self.extend_exclude)

    @cached_property
    def _include_globs(self) -> Globs:
        own = self.include if self.include is not None else tuple(Glob(name, self.root) for name in DEFAULT_INCLUDE)
        return Globs(own + self.extend_include)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


_ANALYSIS_FIELDS: Final = (
    "root",
    "selection",
    "per_file_ignores",
    "extend_per_file_ignores",
    "severity",
    "src",
    "target_version",
    "third_party",
    "vocabulary",
)
