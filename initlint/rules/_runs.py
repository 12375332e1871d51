"""What the rules about runs of layers share: which stretch to judge, and how to say what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from initlint.model.finding import Fix
from initlint.model.program import Program
from initlint.model.runs import Edge, Member, propagation
from initlint.rules._layers import reinitialize
from initlint.signal.activations import Recommendation
from initlint.signal.initializers import describe
from initlint.signal.propagation import Propagation, Step, propagate

JUDGED_TAILS: Final = frozenset({Edge.OUTPUT, Edge.LAYER, Edge.CONCAT})
"""What may follow a run that is judged. A norm or a sum restores the scale, a gate or attention has its own."""


@dataclass(frozen=True)
class Stretch:
    """Layers in a row whose scales are all known, and what they do to a unit signal."""

    members: tuple[Member, ...]
    result: Propagation

    @property
    def forward_per_layer(self) -> float:
        """The factor that one more layer means to the signal, as a geometric mean."""
        moments = self.result.moments
        return float((moments[-1] / moments[0]) ** (1.0 / (len(moments) - 1))) if len(moments) > 1 else moments[0]

    @property
    def backward_per_layer(self) -> float:
        """The same for the gradient."""
        pairs = self.result.length - 1
        return float(self.result.backward_square ** (1.0 / pairs)) if pairs else 1.0

    @property
    def activations(self) -> str:
        """The activations by name: `ReLU`, `ReLU and Tanh`."""
        names = list(dict.fromkeys(member.nonlinearity.display for member in self.members))
        return " and ".join(names) if len(names) < 3 else "mixed"

    @property
    def scheme(self) -> str:
        """How they are initialised, in words."""
        scales = [member.scale for member in self.members if member.scale is not None]
        if all(scale.default for scale in scales):
            return "left at torch's default"
        functions = {event.function for scale in scales for event in scale.events}
        return f"initialised by `{functions.pop()}`" if len(functions) == 1 else "as they are initialised"

    @property
    def advice(self) -> Recommendation | None:
        """The one call that suits all of them, None where there is none or they have it."""
        calls = {member.nonlinearity.recommendation for member in self.members}
        return calls.pop() if len(calls) == 1 else None

    @property
    def advised(self) -> Propagation | None:
        """What the same layers would do, initialised as advised."""
        s2 = None if self.advice is None else _scale_of(self.advice)
        if s2 is None:
            return None
        return propagate([Step(s2, member.nonlinearity) for member in self.members])


def _scale_of(advice: Recommendation) -> float | None:
    """s2 of a recommended call on a square layer."""
    arguments: dict[str, object] = {
        name: text.strip("'") if text.startswith("'") else float(Fraction(text.replace(" ", "")))
        for name, text in advice.arguments
    }
    left = describe(advice.function, arguments, fan_ratio=1.0)
    return None if left is None else left.s2


def judged(
    program: Program, claimed: frozenset[str], shortest: int, factor: Callable[[Propagation], float]
) -> Iterator[Stretch]:
    """The stretches of at least `shortest` layers, one for each first layer: where runs fork, the one with the most
    extreme `factor` (its distance from 1 is what counts)."""
    chosen: dict[int, Stretch] = {}
    for run in program.runs:
        if run.tail not in JUDGED_TAILS:
            continue
        for members in run.stretches(claimed):
            if len(members) < shortest:
                continue
            stretch = Stretch(members, propagation(members))
            first = members[0].layer.index
            known = chosen.get(first)
            if known is None or _distance(factor(stretch.result)) > _distance(factor(known.result)):
                chosen[first] = stretch
    yield from chosen.values()


def _distance(factor: float) -> float:
    return max(factor, 1.0 / factor) if factor > 0.0 else float("inf")


def mend(program: Program, stretch: Stretch, file: str) -> Fix | None:
    """The fix for a stretch: its layers initialised as their activation asks."""
    if stretch.advice is None:
        return None
    return reinitialize(program, [member.layer for member in stretch.members], stretch.advice, file)


def number(factor: float) -> str:
    """A factor as a message shows it: `0.17`, `1.4`, `36`, `8e-07`."""
    if 0.01 <= factor < 0.1:
        return f"{factor:.1g}"
    if 0.1 <= factor < 10:
        return f"{factor:.2g}"
    if 10 <= factor < 1e4:
        return f"{factor:.0f}"
    return f"{factor:.0e}"


def lines(members: Sequence[Member]) -> str:
    """`fc1` to `fc8`; paths from the root where the layers belong to several owners."""
    layers = [member.layer for member in members]
    own = len({(layer.owner_file, layer.owner) for layer in layers}) == 1 and layers[0].path != layers[-1].path
    first, last = ((layer.path if own else layer.full_path) for layer in (layers[0], layers[-1]))
    return f"`{first}`" if first == last else f"`{first}` to `{last}`"
