"""Modules made as copies of another."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from initlint.model.events import Cloned
from initlint.model.source import Call
from initlint.syntax.names import last_name
from initlint.trace.events.scene import Scene
from initlint.trace.machine.frames import Frame, Place
from initlint.trace.machine.values import InstanceV
from initlint.trace.torch.calls import written_call

if TYPE_CHECKING:
    from initlint.trace.record.recorder import Recorder


@dataclass(slots=True)
class CloneNote:
    """Copies of `original` made by one call, or by the constructor of one module."""

    place: Place
    original: InstanceV
    order: int
    copies: list[InstanceV] = field(default_factory=list)

    def told(self, scene: Scene) -> Iterator[Cloned]:
        paths = [scene.paths.get(id(module)) for module in (self.original, *self.copies)]
        held = tuple(dict.fromkeys(path for path in paths if path is not None))
        call = _call(self.place, scene)
        if len(held) > 1 and call is not None:
            yield Cloned(call, held, self.order, paired=len(self.copies) == 1)


def note_clone(recorder: Recorder, original: InstanceV, copy: InstanceV, frame: Frame) -> None:
    """Note that a module was copied."""
    place = frame.place()
    if place is None or recorder.running_forward:
        return
    recorder.order += 1
    last = recorder.events[-1] if recorder.events else None
    if not (isinstance(last, CloneNote) and last.original is original and last.place.node is place.node):
        last = CloneNote(place, original, recorder.order)
        recorder.events.append(last)
    last.copies.append(copy)
    last.order = recorder.order


def left_behind(events: Iterable[object], built: Iterable[InstanceV]) -> set[int]:
    """The modules, by identity, that were only built to be copied: inside the construction of another module, with
    which the names that held them are gone. Where one became part of a module, it is not asked for."""
    constructions = {id(instance.born) for instance in built}
    return {
        id(note.original)
        for note in events
        if isinstance(note, CloneNote) and note.original.born is not None
        and any(id(place) in constructions for place in note.original.born.chain() if place is not note.original.born)
    }


def _call(place: Place, scene: Scene) -> Call | None:
    """The call of the project that copies: `copy.deepcopy(layer)`, `nn.TransformerEncoder(layer, 6)`."""
    for each in place.chain():
        if scene.trees(each.file) is not None and isinstance(each.node, ast.Call):
            dotted = "copy.deepcopy" if each is place else f"torch.nn.{last_name(each.node.func)}"
            return written_call(each.file, each.node, dotted, each.scope)
    return None
