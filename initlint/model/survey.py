"""What the files of a project hold that may be traced, and in which order."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from initlint.model.reach import reach
from initlint.model.source import Span

SCRIPT: Final = ""
"""Stands for the main part of a file among the names of its functions."""

Place = tuple[str, int]
"""Where a function or class is defined: its file and the line of its name. The same in every process."""


class Others(IntEnum):
    """What code does with a class that nothing was seen to build."""

    NONE = 0    # nothing: it stands as written
    KEEP = 1    # keeps it for someone to build, who may initialise it
    USE = 2     # names it in a class or function of its own: what follows its output is not known either


@dataclass(frozen=True, slots=True)
class Standing:
    """A layer as it stands in the text of a class: its torch class, the class and path it would be found under (a
    star where that is not the text's to say), and the call."""

    owner: str
    path: str
    kind: str
    site: Span


@dataclass(frozen=True, slots=True)
class Defined:
    """A class of modules with its qualified name, the classes that its body names, and those that it derives from by
    name."""

    place: Place
    name: str = ""
    named: tuple[Place, ...] = ()
    bases: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Builder:
    """A function that builds modules, or a class of `plain` objects that does, with the classes of modules and the
    other builders that its code names."""

    name: str
    place: Place
    uses: tuple[Place, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What one file holds that may be a root.

    `script` is true where its main part builds modules. `functions` build modules, or are classes of plain objects that
    do; `called` are such functions and classes, of any file, that this file's own code refers to, `started` those that
    its main part does, and `ready` those functions that need no arguments and give back what they build. `classes` are
    the modules it defines, in order; `named` are the classes that the code of its functions names, and of its classes
    whose base is not known; `kept` those that any of its code but such classes could build; `offered` are those of any
    file that it gives another name, or keeps in a table. `closed` is true of a file that also uses the models it
    defines. `layers` stand in its classes.
    """

    script: bool = False
    functions: tuple[Builder, ...] = ()
    called: tuple[Place, ...] = ()
    started: tuple[Place, ...] = ()
    ready: tuple[Place, ...] = ()
    classes: tuple[Defined, ...] = ()
    named: tuple[Place, ...] = ()
    kept: tuple[Place, ...] = ()
    offered: tuple[Place, ...] = ()
    closed: bool = False
    layers: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Detour:
    """A root that is run again and goes ways that no root went: the one called `root` of the functions `names` of a
    file and its main part, or the class on a `line` of it. `ways` are, by class, what these ways lead to: classes, and
    lines with layers."""

    root: str
    names: tuple[str, ...] = ()
    line: int = 0
    entry: bool = True
    ways: tuple[tuple[Place, tuple[Place, ...]], ...] = ()


def idle_builders(surveys: Iterable[Survey], left: Container[Place], built: Container[Place]) -> set[Place]:
    """Of the builders `left` that nothing has run, those that lead to a class which nothing has `built`: the outermost,
    since what they call may initialise. What built some of its classes had its chance, and so had a function that
    those lead to which were run."""
    found = tuple(surveys)
    functions = {each.place: each for survey in found for each in survey.functions}
    uses = {place: set(each.uses) for place, each in functions.items()}
    leading: set[Place] = set()
    reached = {each.place for survey in found for each in survey.classes if each.place not in built}
    while reached:
        leading |= (new := {place for place, used in uses.items() if place not in leading and used & reached})
        reached = new
    tried = reach((place for place in uses if place not in left), lambda place: uses.get(place, ()))
    waiting = {
        place for place in leading
        if place in left and (functions[place].plain or place not in tried)
        and not any(used in built for used in uses[place])
    }
    inner = set[Place]().union(*(uses[place] - {place} for place in waiting))
    return (waiting - inner) or waiting


def class_rounds(
    surveys: Iterable[Survey], built: Iterable[Place], bases: Iterable[Place]
) -> Generator[dict[Place, Others], tuple[set[Place], set[Place]], None]:
    """The classes to run, a round at a time: those that nothing has built, outermost first, each with what others do
    with it. Send the classes that the last round built, and their bases; those of one round do not
    depend on each other. What was built as a base only is run where it is offered as it is.
    """
    found = tuple(surveys)
    offered = {place for survey in found for place in survey.offered}
    parts = {each.place: {*each.named, *each.bases} - {each.place} for survey in found for each in survey.classes}
    named = named_by_others(found)
    kept = {place for survey in found for place in survey.kept}
    seen = {*built, *(place for place in bases if place not in offered)}
    waiting = parts
    while waiting := {place: inner for place, inner in waiting.items() if place not in seen}:
        hidden = set[Place]().union(*waiting.values())
        ready = [place for place in waiting if place not in hidden] or [min(waiting)]
        seen.update(ready)
        built, bases = yield {
            place: Others.USE if place in named else Others.KEEP if place in kept else Others.NONE for place in ready
        }
        seen |= built | (bases - offered)


def named_by_others(surveys: Iterable[Survey]) -> set[Place]:
    """The classes that functions and other classes name, which may initialise them."""
    found: set[Place] = set()
    for survey in surveys:
        found.update(survey.named)
        found.update(place for each in survey.classes for place in each.named if place != each.place)
    return found


Built = tuple[Iterable[Place], Iterable[Place]]
"""The classes that a root built, and their bases, whose code ran as well."""


def unseen_parts(surveys: Iterable[Survey], told: Iterable[Built]) -> set[tuple[str, str]]:
    """The classes that a class names and that no root built together with it, and all that those name in turn, by file
    and qualified name: where an argument that no root gave chooses them, what they are part of may initialise them."""
    classes = {each.place: each for survey in surveys for each in survey.classes}
    together = _together(told)
    waiting = [part for each in classes.values() for part in _left_out(each, together)]
    found = set[Place]()
    while waiting:
        part = waiting.pop()
        if part not in found and part in classes:
            found.add(part)
            waiting.extend(classes[part].named)
    return {(place[0], classes[place].name) for place in found}


def untaken(
    surveys: Iterable[Survey], told: Iterable[Built], built: Container[Place]
) -> dict[Place, tuple[Place, ...]]:
    """For each class that some root ran, the classes that it names and no root built together with it, and the lines of
    those of its layers that are not among what was `built`."""
    together = _together(told)
    found: dict[Place, tuple[Place, ...]] = {}
    for survey in surveys:
        for each in survey.classes:
            if each.place in together:
                layers = {(layer.site.file, layer.site.line) for layer in survey.layers if layer.owner == each.name}
                missing = {*_left_out(each, together), *(line for line in layers if line not in built)}
                if missing:
                    found[each.place] = tuple(sorted(missing))
    return found


def _together(told: Iterable[Built]) -> dict[Place, set[Place]]:
    """For each class, those that roots built which ran its code."""
    found: dict[Place, set[Place]] = {}
    for built, bases in told:
        for place in (*built, *bases):
            found.setdefault(place, set()).update(built)
    return found


def _left_out(defined: Defined, together: Mapping[Place, Container[Place]]) -> Iterator[Place]:
    """The classes that a class names and that nothing built together with it."""
    seen = together.get(defined.place, ())
    return (part for part in defined.named if part != defined.place and part not in seen)
