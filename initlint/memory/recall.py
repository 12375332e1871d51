"""What roots told, kept from lint to lint in one process: an edit leaves most definitions of a file as they were.

What a root tells depends on what it can come by. That is told from the text, in doubt too much of it: its own
statement at module level, those that bind a name that occurs in it, and so on, all those that do more than bind
names when the module runs, all that the file imports, and the settings. Where those are what they were, in the same
order, the root tells what it told, with its lines moved. What cannot be told from the text is not kept at all: roots
of a file that is part of a circle of imports, whose code asks for modules by names that it works out, or whose
initialisers depend on who else calls them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from initlint.files.index import digest_of
from initlint.model.moved import Mover

if TYPE_CHECKING:
    from initlint.model.survey import Survey
    from initlint.trace.machine.values import Value
    from initlint.trace.program.pieces import Piece, Placed
    from initlint.trace.program.project import Project
    from initlint.trace.roots.running import Root
    from initlint.work.bench import Told

TURNS: Final = 3
"""Lints of a file that do not ask for what a root told, until it is forgotten."""
MAX_FILES: Final = 256
MAX_PIECES: Final = 50_000


@dataclass(slots=True)
class Kept:
    """What a root told. `lines` are the first lines of the pieces that it could come by; `asked` are names that the
    files under trace have to use somewhere, or initialisers of what it imports would count as never called."""

    told: Told
    lines: tuple[int, ...]
    asked: frozenset[str]
    turn: int = 0


@dataclass(slots=True)
class _File:
    """`survey` is what the file was found to hold when it had the digest beside it."""

    turn: int = 0
    kept: dict[str, Kept] = field(default_factory=dict)
    survey: tuple[str, Survey] | None = None


class Recall:
    """What is kept, by file and by all that it depends on. For one thread at a time."""

    def __init__(self) -> None:
        self.pieces: Final[dict[str, Piece]] = {}
        self._files: Final[dict[str, _File]] = {}

    def find(self, file: str, key: str) -> Kept | None:
        of_file = self._files.get(file)
        found = None if of_file is None else of_file.kept.get(key)
        if of_file is not None and found is not None:
            found.turn = of_file.turn
        return found

    def keep(self, file: str, key: str, kept: Kept) -> None:
        of_file = self._files.setdefault(file, _File())
        kept.turn = of_file.turn
        of_file.kept[key] = kept

    def survey(self, file: str, digest: str) -> Survey | None:
        of_file = self._files.get(file)
        found = None if of_file is None else of_file.survey
        return found[1] if found is not None and found[0] == digest else None

    def keep_survey(self, file: str, digest: str, survey: Survey) -> None:
        self._files.setdefault(file, _File()).survey = digest, survey

    def settle(self, files: Sequence[str]) -> None:
        """A lint of these files is over: what the last few did not need is forgotten."""
        for file in files:
            of_file = self._files.pop(file, None)
            if of_file is not None:
                of_file.turn += 1
                oldest = of_file.turn - TURNS
                of_file.kept = {key: kept for key, kept in of_file.kept.items() if kept.turn >= oldest}
                self._files[file] = of_file         # the last to be forgotten
        for file in list(self._files)[: max(0, len(self._files) - MAX_FILES)]:
            del self._files[file]
        if len(self.pieces) > MAX_PIECES:
            self.pieces.clear()


@dataclass(frozen=True)
class Recalled:
    """What may be recalled in one lint. `digests` are those of each file under trace and all that it imports, with the
    settings; `imports` of what it imports alone, None for a file that imports itself through others; `key` is that of
    the settings."""

    recall: Recall
    key: str
    digests: Mapping[str, str]
    imports: Mapping[str, str | None]

    def settle(self) -> None:
        self.recall.settle(tuple(self.imports))


class Recollection:
    """Finds and keeps what the roots of a project told. `is_closed` as in `Survey`."""

    def __init__(self, recalled: Recalled, project: Project, is_closed: Callable[[str], bool]) -> None:
        self._recall = recalled.recall
        self._key = recalled.key
        self._digests = recalled.digests
        self._imports = recalled.imports
        self._project = project
        self._is_closed = is_closed
        self._outlines: dict[str, _Outline | None] = {}
        self._keys: dict[int, tuple[str, tuple[int, ...]]] = {}
        self._unmet: dict[str, frozenset[str]] = {}

    def survey(self, file: str) -> Survey | None:
        """What a file holds, where neither it nor anything that it imports has changed."""
        return self._recall.survey(file, self._digests.get(file, ""))

    def keep_survey(self, file: str, survey: Survey) -> None:
        if file in self._digests:
            self._recall.keep_survey(file, self._digests[file], survey)

    def find(self, roots: Sequence[Root]) -> list[Told | None]:
        """What each of some roots told, None where that is not known. The roots of a file that are given up where
        another builds the like depend on all before them: they are found together, or not at all."""
        found: list[Told | None] = []
        before = ""
        self._keys.clear()
        for root in roots:
            key = self._key_of(root, before)
            found.append(None if key is None else self._found(root.scope.file, *key))
            if root.plain:
                before = "" if key is None else key[0]
        if any(told is None and root.plain for root, told in zip(roots, found, strict=True)):
            return [None if root.plain else told for root, told in zip(roots, found, strict=True)]
        return found

    def keep(self, root: Root, told: Told) -> None:
        """Keeps what a root told that `find` did not know."""
        key = self._keys.pop(id(root), None)
        file = root.scope.file
        outline = self._outline(file)
        if key is None or outline is None or told.crashes or told.note or told.unused or self._is_exposed(file):
            return
        missing = self._missing()
        if not missing <= self._used or not self._all_used:
            return
        digest, members = key
        places = [outline.places[index] for index in members]
        kept = Kept(told, tuple(place.first for place in places), missing)
        if _moved(told, file, places, kept.lines) is not None:
            self._recall.keep(file, digest, kept)

    def _found(self, file: str, digest: str, members: tuple[int, ...]) -> Told | None:
        kept = self._recall.find(file, digest)
        outline = self._outline(file)
        if kept is None or outline is None or not kept.asked <= self._used or not self._all_used:
            return None
        places = [outline.places[index] for index in members]
        lines = tuple(place.first for place in places)
        if lines != kept.lines:
            before = [
                replace(place, first=first, last=first + place.last - place.first)
                for place, first in zip(places, kept.lines, strict=True)
            ]
            told = _moved(kept.told, file, before, lines)
            if told is None:
                return None
            kept.told, kept.lines = told, lines
        return kept.told

    # -- what a root depends on -----------------------------------------------------------------

    def _key_of(self, root: Root, before: str) -> tuple[str, tuple[int, ...]] | None:
        """A digest of all that a root depends on, and the places of the pieces among it."""
        file = root.scope.file
        outline = None if self._is_exposed(file) else self._outline(file)
        if outline is None:
            return None
        members = outline.script if root.is_script else outline.reached(root.span.line)
        own = bisect_right([outline.places[index].first for index in members], root.span.line)
        digest = digest_of(
            self._key, self._imports[file] or "", str(self._is_closed(file)), root.name, str(root.others), str(own),
            before if root.plain else "", *(outline.places[index].piece.digest for index in members),
        )
        self._keys[id(root)] = digest, members
        return digest, members

    def _is_exposed(self, file: str) -> bool:
        """Whether code has had hold of all names of a file at once."""
        return file in self._project.exposed

    def _outline(self, file: str) -> _Outline | None:
        if file not in self._outlines:
            self._outlines[file] = self._outlined(file) if self._imports.get(file) is not None else None
        return self._outlines[file]

    def _outlined(self, file: str) -> _Outline | None:
        scope = self._project.by_file.get(file)
        if scope is None or scope.tree is None or scope.open_names:
            return None
        return _Outline(self._pieces(file), scope.names)

    def _pieces(self, file: str) -> tuple[Placed, ...]:
        from initlint.trace.program.pieces import cut

        source, tree = self._project.source(file), self._project.tree(file)
        return cut(source, tree, self._recall.pieces) if source is not None and tree is not None else ()

    # -- functions that nothing calls -----------------------------------------------------------

    @cached_property
    def _cast(self) -> list[Piece]:
        return [place.piece for file in self._imports for place in self._pieces(file)]

    @cached_property
    def _used(self) -> frozenset[str]:
        """The names that the files under trace use."""
        return frozenset[str]().union(*(piece.used for piece in self._cast))

    @cached_property
    def _all_used(self) -> bool:
        """Whether no initialiser of the files under trace may count as one that nothing calls: whether it does could
        then depend on what other roots do."""
        return all(piece.initialisers <= self._used for piece in self._cast)

    def _missing(self) -> frozenset[str]:
        """The initialisers of imported files that these files do not use themselves."""
        found = set[str]()
        for file in list(self._project.by_file):
            if file not in self._imports:
                found |= self._unused_in(file)
        return frozenset(found)

    def _unused_in(self, file: str) -> frozenset[str]:
        if file not in self._unmet:
            pieces = [place.piece for place in self._pieces(file)]
            used = frozenset[str]().union(*(piece.used for piece in pieces))
            self._unmet[file] = frozenset[str]().union(*(piece.initialisers for piece in pieces)) - used
        return self._unmet[file]


class _Outline:
    """The pieces of a file, and which of them lead to which. `names` are what the module's names stand for."""

    def __init__(self, places: tuple[Placed, ...], names: Mapping[str, Value]) -> None:
        self.places: Final = places
        self._firsts: Final = [place.first for place in places]
        self._names: Final = names
        self._binding: Final[dict[str, list[int]]] = {}
        for index, place in enumerate(places):
            for name in place.piece.binds:
                self._binding.setdefault(name, []).append(index)
        self._known: Final[dict[int, tuple[int, ...]]] = {}
        self._always: Final = self._reached(
            index for index, place in enumerate(places) if self._matters(place.piece)
        )

    @cached_property
    def script(self) -> tuple[int, ...]:
        """What the file comes by when it is run."""
        own = (index for index, place in enumerate(self.places) if place.piece.runs or not index)
        return tuple(sorted(self._reached(own) | self._always))

    def reached(self, line: int) -> tuple[int, ...]:
        """What the piece on a line can come by, itself among it."""
        start = bisect_right(self._firsts, line) - 1
        found = self._known.get(start)
        if found is None:
            found = self._known[start] = tuple(sorted(self._reached([start]) | self._always))
        return found

    def _reached(self, starts: Iterable[int]) -> set[int]:
        found = set(starts)
        waiting = list(found)
        seen = set[str]()
        while waiting:
            for name in self.places[waiting.pop()].piece.names - seen:
                seen.add(name)
                for index in self._binding.get(name, ()):
                    if index not in found:
                        found.add(index)
                        waiting.append(index)
        return found

    def _matters(self, piece: Piece) -> bool:
        """Whether running a piece may do something to what other pieces bind."""
        from initlint.trace.program.pieces import is_apart, is_readable

        return (
            piece.acts
            or not all(is_readable(self._names.get(name)) for name in piece.reads)
            or not all(is_apart(self._names.get(name)) for name in piece.works_with)
        )


def _moved(told: Told, file: str, places: Sequence[Placed], lines: Sequence[int]) -> Told | None:
    """What a root told with these pieces moved to other first lines; None where it speaks of more than them."""
    firsts = [place.first for place in places]

    def line_of(line: int) -> int:
        index = bisect_right(firsts, line) - 1
        if index < 0 or line > places[index].last:
            raise LookupError(line)
        return lines[index] + line - firsts[index]

    mover = Mover(file, line_of)
    try:
        return replace(
            told,
            findings=mover.moved(told.findings),
            sites=tuple(
                (path, mover.line(path, line), column, mover.line(path, end_line), end_column)
                for path, line, column, end_line, end_column in told.sites
            ),
            sightings=mover.moved(told.sightings),
            built=tuple((path, mover.line(path, line)) for path, line in told.built),
            bases=tuple((path, mover.line(path, line)) for path, line in told.bases),
        )
    except LookupError:
        return None
