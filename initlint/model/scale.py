"""The scale that construction leaves a layer's weight with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from initlint.model.program import Layer, Program
from initlint.model.weights import InitEvent, Parameter
from initlint.signal.distribution import Distribution
from initlint.signal.gains import calculate_gain, number

_SAME: Final = 1.02
"""Alternatives whose s2 differ by less than this factor are one."""

_KEEPS_SCALE: Final = (None, "weight_norm")
"""Reparametrisations under which the weight enters with the scale it was given."""


@dataclass(frozen=True, slots=True)
class Scale:
    """`s2` is fan_in·E[w²] with the inputs that really add up. `nominal` is what the scheme gives a square layer:
    Xavier, fan_out and orthogonal depend on the shape, but over a run of layers that cancels out, and the
    shape is often not known. `events` are the writes that decide, one for each alternative."""

    s2: float | None
    nominal: float | None
    events: tuple[InitEvent, ...]

    @property
    def in_run(self) -> float | None:
        """The s2 to compound over a run: without what shapes do to one layer and undo in the next."""
        return self.s2 if self.nominal is None else self.nominal

    @property
    def explicit(self) -> bool:
        return all(event.explicit for event in self.events)

    @property
    def default(self) -> bool:
        return not any(event.explicit for event in self.events)


def weight_scale(program: Program, layer: Layer) -> Scale | None:
    """The scale of a layer's weight, None where it is not known, not random, or not what training starts from."""
    weight = layer.weight
    if weight is None or not settled(weight) or weight.reparametrized not in _KEEPS_SCALE:
        return None
    if is_derived(program, layer):
        return None
    finals = weight.finals
    if not all(event.distribution is not None and event.distribution.random for event in finals):
        return None
    exact = _agreed([_exact(layer, event.distribution) for event in finals])
    uneven = (layer.kind == "Parameter" and weight.rank != 2) or layer.settings.get("groups", 1) != 1
    nominal = None if uneven else _agreed([nominal_s2(event) for event in finals])
    return None if exact is None and nominal is None else Scale(exact, nominal, finals)


def is_derived(program: Program, layer: Layer) -> bool:
    """Whether the forward pass computes the weight from the parameter: scaled, normalised, masked."""
    nodes = program.graph.applications.get(layer.index, ())
    return layer.settings.get("derived") is True or any(
        program.graph.nodes[node].parameters.get("derived") is True for node in nodes
    )


def settled(parameter: Parameter) -> bool:
    """Whether everything that wrote the parameter is known and training starts from it."""
    return bool(parameter.finals) and parameter.complete and parameter.trainable and not parameter.loaded


def fan_ratio(layer: Layer) -> float | None:
    """fan_out / fan_in, None where it is not known."""
    if layer.fan_ratio is not None:
        return layer.fan_ratio
    return layer.fan_out / layer.fan_in if layer.fan_in and layer.fan_out is not None else None


def nominal_s2(event: InitEvent) -> float | None:
    """gain² of a scheme whose s2 depends on the shape of the weight, None for all others."""
    arguments = event.arguments
    if event.function in ("xavier_uniform_", "xavier_normal_", "orthogonal_"):
        gain = number(arguments.get("gain", 1.0))
        return None if gain is None else gain * gain
    if event.function in ("kaiming_uniform_", "kaiming_normal_") and arguments.get("mode") == "fan_out":
        family = arguments.get("nonlinearity", "leaky_relu")
        try:
            return calculate_gain(family, arguments.get("a", 0.0)) ** 2 if isinstance(family, str) else None
        except ValueError:
            return None
    return None


def _exact(layer: Layer, distribution: Distribution | None) -> float | None:
    if distribution is None or distribution.s2 is None:
        return None
    swapped = layer.kind.startswith("ConvTranspose") or layer.kind == "Parameter"
    counted = distribution.fan_in or layer.fan_in        # of what was written, which may be the transpose
    if layer.true_fan_in is None or not counted:
        return None if swapped else distribution.s2
    return distribution.s2 * layer.true_fan_in / counted


def _agreed(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    low, high = min(known), max(known)
    return known[0] if high <= _SAME * low else None
