"""Which file is which module: dotted names to files and back, by looking at folders alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

PROJECT_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg")
"""Files of which each tells that a package is built from the folder it lies in."""
_SOURCES: Final = "src"
"""The folder of a project in which its packages lie, where they do not lie in the project's own."""
INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


MODULE_WEIGHT: Final = 5_000
"""Characters of syntax that take as much memory as a module without any."""
SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a change surely shows in a time stamp: clocks of file systems are coarse."""


def folder_stamp(folder: str) -> int:
    """When something was last added to a folder or taken from it, in nanoseconds; -1 where there is none."""
    try:
        return os.stat(folder or os.curdir).st_mtime_ns
    except (OSError, ValueError):
        return -1


class Modules:
    """The folders of a file system, each listed once, with `files` that are there even if not (yet) on disk. `stamps`
    tell when each was last changed, 0 where that is too short ago to tell the next change from it."""

    def __init__(self, files: Iterable[str] = ()) -> None:
        self._files: dict[str, set[str]] = {}
        for file in files:
            folder, name = os.path.split(file)
            self._files.setdefault(folder, set()).add(name)
        self._listings: dict[str, frozenset[str]] = {}
        self.stamps: dict[str, int] = {}

    def listing(self, folder: str) -> frozenset[str]:
        """The names in `folder`, none where it cannot be listed."""
        found = self._listings.get(folder)
        if found is None:
            stamp = folder_stamp(folder)
            self.stamps[folder] = stamp if time.time_ns() - stamp > SETTLED else 0
            try:
                found = frozenset(os.listdir(folder or os.curdir))
            except OSError:
                found = frozenset()
            found = self._listings[folder] = found | self._files.get(folder, set())
        return found

    def name_of(self, file: str) -> tuple[str, str]:
        """The dotted name of a file, and the folder that this name starts from."""
        folder, base = os.path.split(os.path.abspath(file))
        stem = base.rpartition(".")[0] or base
        parts = [] if stem == "__init__" else [stem]
        while "__init__.py" in self.listing(folder):
            folder, base = os.path.split(folder)
            parts.append(base)
            if not base:
                break
        return ".".join(reversed(parts)), folder

    def above(self, file: str, level: int) -> tuple[str, list[str]]:
        """What a relative import of so many dots starts from: a folder, and the names of packages below it. Above its
        topmost package a file may go on through folders that hold no `__init__.py`."""
        name, root = self.name_of(file)
        packages = name.split(".") if name else []
        if os.path.basename(file) != "__init__.py":
            packages.pop()
        up = level - 1
        for _ in range(up - len(packages)):
            root = os.path.dirname(root)
        return root, packages[: max(len(packages) - up, 0)]

    def file_of(self, name: str, root: str) -> str | None:
        """The file of the module called `name` in the folder `root`."""
        *folders, last = name.split(".")
        folder = os.path.join(root, *folders)
        for candidate in (os.path.join(folder, last, "__init__.py"), os.path.join(folder, last + ".py")):
            if os.path.basename(candidate) in self.listing(os.path.dirname(candidate)):
                return candidate
        return None

    def starts(self, root: str, roots: Sequence[str]) -> tuple[str, ...]:
        """The folders that absolute imports of a file may start from whose own name starts from `root`, in order: that
        folder, those around it, in any of which the script may lie that imports the file, each with its `src`, and
        `roots`."""
        around = () if root in roots or self.is_installed(root) else self._around(root, roots)
        return tuple(dict.fromkeys([root, *around, *roots]))

    def _around(self, root: str, roots: Sequence[str]) -> Iterator[str]:
        """The folders above one, as far as the one of `roots` that holds it; outside of all, while each is part of a
        project by its looks."""
        inside = any(root.startswith(os.path.join(each, "")) for each in roots)
        folder, below = os.path.dirname(root), root
        while folder != below and (inside or self._is_of_a_project(folder)):
            yield folder
            if _SOURCES in self.listing(folder):
                yield os.path.join(folder, _SOURCES)
            if folder in roots:
                return
            folder, below = os.path.dirname(folder), folder

    def _is_of_a_project(self, folder: str) -> bool:
        names = self.listing(folder)
        return _SOURCES in names or any(name.endswith(".py") or name in PROJECT_FILES for name in names)

    def is_installed(self, root: str) -> bool:
        """Whether `root` is a folder that packages are installed in."""
        return os.path.basename(root) in INSTALLED or any(name.endswith(".dist-info") for name in self.listing(root))
