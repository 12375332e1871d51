"""Calls of `torch.nn.init.calculate_gain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from initlint.model.events import GainCall
from initlint.model.source import Call
from initlint.trace.events.scene import Scene
from initlint.trace.machine.frames import Place
from initlint.trace.record.blocks import is_guarded


@dataclass(frozen=True, slots=True)
class GainNote:
    """A call that looks a gain up."""

    place: Place | None
    call: Call
    arguments: Mapping[str, object]

    def told(self, scene: Scene) -> Iterator[GainCall]:
        yield GainCall(self.call, self.arguments, is_guarded(self.place, scene.trees, scene.guarded))
