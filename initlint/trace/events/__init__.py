"""What else happened while a root ran: noted raw where it happens, told as facts once the root is over.

A note is made only where something of its kind happens (a read of None, a write in place, a walk over modules), so
that a trace in which nothing does pays nothing. What a note needs beside the objects at hand (the statement around a
call, what would catch an exception, what other modules there are) is worked out when the root is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from initlint.model.events import Event
from initlint.trace.events.scene import Scene


class Note(Protocol):
    """Something that happened, with the objects it happened to."""

    def told(self, scene: Scene) -> Iterable[Event]:
        """The facts in it: none where it happened to nothing that the finished model holds."""


def told(notes: Iterable[Note | Event], scene: Scene) -> list[Event]:
    """The events of a root that is over, in order."""
    from initlint.trace.events.kept_positive import kept_positive
    from initlint.trace.events.lost import lost_parameters
    from initlint.trace.events.unused import unused_definitions

    found: list[Event] = []
    for note in notes:
        if isinstance(note, Event):
            found.append(note)
        else:
            found.extend(note.told(scene))
    found.extend(kept_positive(scene))
    found.extend(lost_parameters(scene))
    found.extend(unused_definitions(scene))
    return found
