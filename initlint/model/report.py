"""The layer report: one row per layer of each class, joined over every root that builds it. A public interface.

`initlint show --format json` prints these rows under schema 1; the names here are the names there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from initlint.model.source import Span


@dataclass(frozen=True, slots=True)
class ActivationRow:
    """What follows a layer. `name` is torch.nn.functional's, "none" where another layer or the output comes first."""

    name: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InitRow:
    """The event that leaves the weight in its final state, for one alternative.

    `gain` is std * sqrt(fan_in), None where it is not known; `line` counts from 1, `file` and `line` are
    None for the layer's own default.
    """

    function: str
    args: Mapping[str, object] = field(default_factory=dict)
    distribution: str | None = None
    gain: float | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ChainRow:
    """Un-normalised layers in a row that end here, the predicted variance factor over them, and that of a gradient on
    its way back."""

    length: int
    factor: float | None
    gradient: float | None = None


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer attribute of one class.

    Positions are those of the constructor call as a finding would point at it: lines and
    columns from 1, columns in characters, the end exclusive. `owner` is the class, qualified inside its
    file, `path` the attribute path inside it, `*` for an index that a loop made. `norm` and
    `norm_before` are () where none is crossed and None where that is not known. `bias` is "none",
    "default", "zero", `{"constant": x}` or another event's function.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    owner: str
    path: str
    kind: str
    activations: tuple[ActivationRow, ...] = ()
    activation_complete: bool = False
    norm: tuple[str, ...] | None = None
    norm_before: tuple[str, ...] | None = None
    residual: bool = False
    inits: tuple[InitRow, ...] = ()
    init_complete: bool = False
    fan_in: int | None = None
    fan_out: int | None = None
    bias: str | Mapping[str, object] | None = None
    roots: tuple[str, ...] = ()
    chain: ChainRow | None = None
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One layer as one root saw it. `inits_alone` is what `inits` are where no root sees the layer
    in another size."""

    owner_file: str
    owner: str
    path: str
    site: Span
    kind: str
    root: str
    entry: bool
    applied: bool
    activations: tuple[ActivationRow, ...]
    activation_complete: bool
    norm: tuple[str, ...] | None
    norm_before: tuple[str, ...] | None
    residual: bool
    inits: tuple[InitRow, ...]
    init_complete: bool
    loaded: bool
    fan_in: int | None
    fan_out: int | None
    bias: str | Mapping[str, object] | None
    chain: ChainRow | None
    verdicts: tuple[str, ...] = ()
    inits_alone: tuple[InitRow, ...] = ()
