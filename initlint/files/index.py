"""The files of a project at a glance: what each imports, and from that, which files can matter to which.

Told from bytes: nothing is parsed. What looks like an import counts as one, in a string too: too many links cost
time, too few would cost findings.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final

from initlint.files.modules import SETTLED, Modules
from initlint.model.reach import reach
from initlint.syntax.prefilter import mentions_nn, mentions_torch
from initlint.syntax.source import Fault, Source, read
from initlint.syntax.suppressions import mentions
from initlint.work.crash import Crash, crash

Stamp = tuple[int, int, int]
"""Time of the last change in nanoseconds, size and inode of a file."""

_IMPORT: Final = re.compile(
    r"[ \t]*(?:from[ \t]+([.\w \t]+?)[ \t\\\r\n]*\bimport\b[ \t]*(\([^)]*\)|(?:\\\r?\n|[^\n;#])*)"
    r"|import[ \t]+((?:\\\r?\n|[^\n;#])+))"
)
_STATEMENT: Final = re.compile(r"[;:]")
_NAME: Final = re.compile(r"([\w.*]+)(?:\s+as\s+(\w+))?")
_COMMENT: Final = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a file without parsing it.

    `digest` is that of its text, `imports` are (level, module, names) as written, `torch` says that it may
    define or build modules, `layers` that others may build modules through it, `comments` that it may hold
    suppressions. `fault` says why it cannot be read.
    """

    digest: str
    imports: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    torch: bool = False
    layers: bool = False
    comments: bool = False
    fault: Fault | None = None
    stamp: Stamp = (0, 0, 0)


def glance(source: Source | Fault, stamp: Stamp = (0, 0, 0)) -> Glance:
    if isinstance(source, Fault):
        return Glance(digest_of("fault", source.message), fault=source, stamp=stamp)
    data = source.text.encode("utf-8", "surrogatepass")
    torch = mentions_torch(data)
    return Glance(
        digest_of(source.encoding, data),
        tuple(dict.fromkeys(_imports(source.text))),
        torch,
        torch and mentions_nn(data),
        mentions(source),
        stamp=stamp,
    )


def digest_of(*parts: str | bytes) -> str:
    """A digest of texts, each counted with its length."""
    found = blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


def _imports(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """(level, module, names) of all that looks like an import; names as `name`, or `name:bound` with an `as`."""
    position = text.find("import")
    while position >= 0:
        line = text.rfind("\n", 0, position) + 1
        while text.endswith(("\\\n", "\\\r\n"), 0, line):
            line = text.rfind("\n", 0, line - 1) + 1
        starts = [line, *(match.end() for match in _STATEMENT.finditer(text, line, position))]
        matches = (_IMPORT.match(text, start) for start in reversed(starts))
        match = next((match for match in matches if match is not None), None)
        if match is not None:
            yield from _read(*match.groups())
        position = text.find("import", position + 1 if match is None else max(match.end(), position + 1))


def _read(source: str | None, names: str, modules: str | None) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    if modules is not None:
        for name in _NAME.finditer(modules.replace("\\", " ")):
            yield 0, name[1], ()
    elif source is not None:
        module = "".join(source.split())
        level = len(module) - len(module.lstrip("."))
        inner = _NAME.finditer(_COMMENT.sub("", names).strip("()").replace("\\", " "))
        yield level, module.lstrip("."), tuple(f"{name[1]}:{name[2]}" if name[2] else name[1] for name in inner)


class Index:
    """Glances at files, each taken once; those of `known` count while the stamp of the file is the same."""

    def __init__(self, known: Mapping[str, Glance] | None = None, sources: Iterable[Source] = ()) -> None:
        self._known = dict(known or {})
        self.changed = False
        self.crashes: list[Crash] = []
        self._glances: dict[str, Glance] = {source.path: self._glance(source.path, source) for source in sources}
        self.in_memory: Final = frozenset(self._glances)

    def __getitem__(self, path: str) -> Glance:
        found = self._glances.get(path)
        if found is None:
            found = self._glances[path] = self._look(path)
        return found

    def _look(self, path: str) -> Glance:
        stamp = _stamp(path)
        known = self._known.get(path)
        if known is not None and stamp is not None and known.stamp == stamp:
            return known
        self.changed = True
        return self._glance(path, None, stamp)

    def _glance(self, path: str, source: Source | None, stamp: Stamp | None = None) -> Glance:
        """A glance at `source`, else at the file on disk, which was last changed at `stamp`."""
        try:
            found = source or read(path)
            if stamp is None or stamp != _stamp(path) or time.time_ns() - stamp[0] < SETTLED:
                stamp = (0, 0, 0)
            return glance(found, stamp)
        except Exception as error:
            self.crashes.append(crash(path, error, path))
            return Glance("", fault=Fault("internal error"))

    def glances(self) -> dict[str, Glance]:
        """Those of files on disk, that may be kept for the next run: of this run and the runs before."""
        fresh = {path: each for path, each in self._glances.items() if path not in self.in_memory}
        return {**self._known, **fresh}


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


SHELL: Final = "\0"
"""Before the path of a package's `__init__.py`: the file for what it passes on by name, not for what it imports."""


class Graph:
    """Which file imports which, over some files and all that they reach.

    A name that a package merely passes on (`from .conv import Conv` in its `__init__.py`) leads to where it comes
    from, and to the package's file as a shell, not to all that the package holds.
    """

    def __init__(
        self,
        paths: Iterable[str],
        index: Index,
        source_roots: Iterable[str] = (),
        followed: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._index = index
        self._modules = Modules(index.in_memory)
        self._roots = tuple(os.path.abspath(root) for root in source_roots)
        self._followed = dict(followed or {})
        self._files: dict[tuple[str, str], str | None] = {}
        self._homes: dict[str, tuple[str, str, bool]] = {}
        self.edges: dict[str, tuple[str, ...]] = {}
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path not in self.edges:
                shell = path.startswith(SHELL)
                self.edges[path] = () if shell else tuple(sorted(set(self._targets(path)) - {path}))
                waiting.extend(self.edges[path])

    @property
    def folders(self) -> dict[str, int]:
        """The folders in which modules were looked for, and when each was last changed."""
        return dict(sorted(self._modules.stamps.items()))

    @property
    def files(self) -> set[str]:
        return {path.removeprefix(SHELL) for path in self.edges}

    def _targets(self, path: str) -> Iterator[str]:
        if path.startswith("<"):
            return
        for level, module, names in self._index[path].imports:
            base, root = self._absolute(path, level, module)
            if not names:
                pieces = base.split(".")
                for count in range(1, len(pieces) + 1):
                    found = self._file(".".join(pieces[:count]), path)
                    if found is not None:
                        yield found
            for name in names:
                yield from self._sources(path, base, root, name.partition(":")[0], set())

    def _sources(
        self, path: str, base: str, root: str | None, name: str, seen: set[tuple[str, str]]
    ) -> Iterator[str]:
        """The files that `from base import name` in `path` needs, where `base` is looked for in `root` if given."""
        found = self._file(base, path, root) if base else None
        inner = self._file(f"{base}.{name}" if base else name, path, root)
        if found is None or (found, name) in seen:
            if inner is not None:
                yield inner
            return
        seen.add((found, name))
        if os.path.basename(found) != "__init__.py":
            yield found
            return
        passed = [
            (level, module, each.partition(":")[0])
            for level, module, names in self._index[found].imports
            for each in names
            if each.rpartition(":")[2] == name
        ]
        if not passed and inner is None:
            yield found
            return
        yield SHELL + found
        if inner is not None:
            yield inner
        for level, module, original in passed:
            further, root = self._absolute(found, level, module)
            yield from self._sources(found, further, root, original, seen)

    def _absolute(self, path: str, level: int, module: str) -> tuple[str, str | None]:
        """The dotted name that an import in `path` means, and the folder it starts from where the import says so."""
        if not level:
            return module, None
        root, packages = self._modules.above(path, level)
        return ".".join([*packages, *([module] if module else [])]), root

    def _home(self, path: str) -> tuple[str, str, bool]:
        """Dotted name of a file, the folder it starts from, and whether packages are installed there."""
        if path not in self._homes:
            name, root = self._modules.name_of(path)
            self._homes[path] = name, root, self._modules.is_installed(root)
        return self._homes[path]

    def _file(self, name: str, path: str, start: str | None = None) -> str | None:
        """The file of the module `name` as imported from `path`, in the folder `start` where given: of installed
        packages, only the file's own."""
        own, root, installed = self._home(path)
        top = name.split(".")[0]
        starts = self._modules.starts(root, self._roots)
        bases = [
            *(starts[1:] if installed and top != own.split(".")[0] else starts), *self._followed.get(top, ()),
        ] if start is None else [start]
        for base in bases:
            key = (base, name)
            if key not in self._files:
                self._files[key] = self._modules.file_of(name, base)
            found = self._files[key]
            if found is not None:
                return found if os.path.isabs(path) else os.path.relpath(found)
        return None

    def importers(self, paths: Iterable[str], most: int | None = None) -> set[str]:
        """The given files and all that import them, through others too; of more than `most`, the closest."""
        reverse: dict[str, list[str]] = {}
        for path, targets in sorted(self.edges.items()):
            for target in targets:
                reverse.setdefault(target, []).append(path)
        starts = list(paths)
        with_shells = [*starts, *(SHELL + path for path in starts)]
        found = reach(with_shells, lambda path: reverse.get(path, ()), most and 2 * most)
        return {path.removeprefix(SHELL) for path in found}

    def imported(self, paths: Iterable[str]) -> set[str]:
        """The given files and all that they import, through others too."""
        return {path.removeprefix(SHELL) for path in reach(paths, lambda path: self.edges.get(path, ()))}

    def digests(self) -> dict[str, str]:
        """For each file, a digest of its text and of all that it imports, through others too."""
        return self._digests[0]

    def digests_of_imports(self) -> dict[str, str | None]:
        """For each file, a digest of all that it imports, through others too; None where the file is among it."""
        return self._digests[1]

    @cached_property
    def _digests(self) -> tuple[dict[str, str], dict[str, str | None]]:
        found: dict[str, str] = {}
        imports: dict[str, str | None] = {}
        for group in _components(self.edges):
            own = sorted(digest_of(path, self._index[path.removeprefix(SHELL)].digest) for path in group)
            members = set(group)
            below = sorted({found[target] for path in group for target in self.edges[path] if target not in members})
            whole = digest_of(*own, "|", *below)
            for path in group:
                found[path] = digest_of(path, whole)
                imports[path] = digest_of(*below) if len(group) == 1 else None
        return found, imports


def _components(edges: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The strongly connected components, each after those it leads to (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for start in sorted(edges):
        if start in order:
            continue
        walk = [(start, iter(edges[start]))]
        order[start] = low[start] = len(order)
        stack.append(start)
        on_stack.add(start)
        while walk:
            node, targets = walk[-1]
            for target in targets:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    walk.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == order[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    yield group
