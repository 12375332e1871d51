"""Which files are one program: what is open, and the files of a folder that build on it.

Who builds a model decides what follows its layers and how they start, so a file is linted together with all that
import it. What it imports itself the trace follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from initlint.files.index import Glance, Graph, Index
from initlint.memory.in_process import Memory
from initlint.memory.recall import Recall
from initlint.syntax.source import Source

MOST_FILES: Final = 64
"""A program of more files is cut down to those next to what is open: diagnostics have to come while typing."""


@dataclass(frozen=True, slots=True)
class Program:
    """Open and closed files that are linted together, each sorted."""

    opened: tuple[str, ...]
    closed: tuple[str, ...] = ()


class Programs:
    """The programs of one folder. For the worker's thread alone: it reads files."""

    def __init__(self) -> None:
        self.memory: Final = Memory(Recall())
        self.project: tuple[str, ...] = ()
        self._state: object = None
        self._found: dict[str, Program] = {}

    def read(self, project: Iterable[str], check: Callable[[], None]) -> bool:
        """Looks at the files of the folder; whether any is new, gone or changed. `check` is called between them."""
        paths = tuple(sorted(project))
        index = Index(self.memory.index())
        before = {path: self.memory.index().get(path) for path in self.project}
        after = {}
        for path in paths:
            check()
            after[path] = index[path]
        self.memory.save_index(index.glances())
        self.project = paths
        self._state = None
        return _told(before) != _told(after)

    def of(self, key: str, sources: Mapping[str, Source], roots: tuple[str, ...]) -> Program:
        """The program of the open file `key`. `sources` are all open files of the folder by path, `roots` the folders
        that absolute imports start from."""
        index = Index(self.memory.index(), sources.values())
        seen = sorted((path, index[path].imports, index[path].torch, index[path].layers) for path in sources)
        state = roots, tuple(seen)
        if state != self._state:
            self._found = self._programs(sources, index, roots)
            self.memory.save_index(index.glances())
            self._state = state
        return self._found.get(key, Program((key,)))

    def _programs(self, sources: Mapping[str, Source], index: Index, roots: tuple[str, ...]) -> dict[str, Program]:
        """Open files belong together where the same file builds on both."""
        graph = Graph({*sources, *self.project}, index, roots)
        groups: list[tuple[set[str], set[str]]] = []         # open files, and what builds on them
        for path in sorted(sources):
            builders = graph.importers([path], MOST_FILES)
            joined = [group for group in groups if group[1] & builders]
            groups = [group for group in groups if not group[1] & builders]
            opened = {path}.union(*(group[0] for group in joined))
            groups.append((opened, builders.union(*(group[1] for group in joined))))
        known = set(self.project)
        found = {}
        for opened, builders in groups:
            closed = (builders & known) - sources.keys()
            program = Program(tuple(sorted(opened)), tuple(sorted(closed)[:MOST_FILES]))
            found.update(dict.fromkeys(opened, program))
        return found


def _told(glances: Mapping[str, Glance | None]) -> dict[str, str]:
    """What a change of which makes a lint tell something else."""
    return {path: glance.digest for path, glance in glances.items() if glance is not None}
