"""Which files are one program: what is open, and the files of a folder that build on it.

Who builds a model decides what follows its layers and how they start, so a file is linted together with all that
import it. What it imports itself the trace follows. Imports are read by pattern: most of the time the text under
the cursor is no Python yet.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from initlint.syntax.prefilter import mentions_torch

_FROM = re.compile(r"^[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n;#]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n;#]+)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d]\w*")

MOST_FILES: Final = 64
"""A program of more files is cut down to those next to what is open: diagnostics have to come while typing."""


@dataclass(frozen=True, slots=True)
class Import:
    """A module that a file names: `level` counts the dots in front, `parts` are its names."""

    level: int
    parts: tuple[str, ...]


def imports_of(text: str) -> frozenset[Import]:
    """What a text imports; a name imported from a module may itself be one."""
    return frozenset(_imports(text))


def _imports(text: str) -> Iterator[Import]:
    for dots, module, names in _FROM.findall(text):
        base = tuple(part for part in module.split(".") if part)
        if base or dots:
            yield Import(len(dots), base)
            for entry in names.strip("()").split(","):
                name = _WORD.search(entry)
                if name:
                    yield Import(len(dots), (*base, name[0]))
    for names in _IMPORT.findall(text):
        for entry in names.split(","):
            parts = tuple(entry.split(" as ")[0].strip().split("."))
            if all(part.isidentifier() for part in parts):
                yield Import(0, parts)


@dataclass
class Index:
    """The imports of the closed files of a folder that speak of torch, by path."""

    files: dict[str, frozenset[Import]] = field(default_factory=dict)

    def read(self, paths: Iterable[str], check: Callable[[], None]) -> None:
        """Reads files anew, and forgets those that are gone. `check` is called between them."""
        for path in paths:
            check()
            try:
                with open(path, "rb") as handle:
                    data = handle.read()
            except OSError:
                self.files.pop(path, None)
                continue
            if mentions_torch(data):
                self.files[path] = imports_of(data.decode("utf-8", "replace"))
            else:
                self.files.pop(path, None)


def program_of(
    key: str, opened: Mapping[str, frozenset[Import]], closed: Mapping[str, frozenset[Import]], roots: Iterable[str]
) -> tuple[str, ...]:
    """The files that make one program with the open file `key`, itself among them, sorted.

    `opened` and `closed` are the imports of the files of its folder by path, `roots` the folders that absolute
    imports start from.
    """
    known = {**closed, **opened}
    targets = _Targets(known, tuple(roots))
    importers: dict[str, set[str]] = {}
    imported: dict[str, set[str]] = {}
    for path, imports in known.items():
        for target in targets.of(path, imports):
            importers.setdefault(target, set()).add(path)
            imported.setdefault(path, set()).add(target)
    building = _reached(opened, importers)
    links = {path: (importers.get(path, set()) | imported.get(path, set())) & building for path in building}
    return tuple(sorted(_nearest(key, links)))


def _reached(starts: Iterable[str], links: Mapping[str, set[str]]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for path in links.get(waiting.pop(), ()):
            if path not in found:
                found.add(path)
                waiting.append(path)
    return found


def _nearest(start: str, links: Mapping[str, set[str]]) -> list[str]:
    found = [start]
    seen = {start}
    for path in found:
        for other in sorted(links.get(path, ())):
            if other not in seen and len(found) < MOST_FILES:
                seen.add(other)
                found.append(other)
    return found


class _Targets:
    """Looks up which known file an import names."""

    def __init__(self, paths: Iterable[str], roots: tuple[str, ...]) -> None:
        self._modules: dict[str, str] = {}
        for path in paths:
            stem, extension = os.path.splitext(path)
            if extension == ".py":
                self._modules[stem.removesuffix(os.sep + "__init__")] = path
        self._roots = roots

    def of(self, path: str, imports: Iterable[Import]) -> set[str]:
        found = set()
        for each in imports:
            for base in self._bases(path, each.level):
                target = self._modules.get(os.path.join(base, *each.parts))
                if target is not None and target != path:
                    found.add(target)
                    break
        return found

    def _bases(self, path: str, level: int) -> Iterator[str]:
        """The folders that an import in `path` may start from: those above it, then the roots."""
        folder = os.path.dirname(path)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            yield folder
            return
        while True:
            yield folder
            parent = os.path.dirname(folder)
            if parent == folder:
                break
            folder = parent
        yield from self._roots
