"""How a parameter came by its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from initlint.model.source import Call, Span
from initlint.signal.initializers import Distribution


@dataclass(frozen=True, slots=True)
class InitEvent:
    """One write to a parameter.

    `function` is the short name of what wrote (`kaiming_normal_`, `normal_`, `zeros_`,
    `randn`, `mul_`, ...) or "default" for the layer's own `reset_parameters`.
    `arguments` holds torch's parameter names with defaults filled in, the tensor itself
    left out; a value that is not known is UNKNOWN. `distribution` is what the parameter
    holds *after* the write, None where it cannot be told. `via` lists the calls through
    which the trace came here, outermost first (`self.apply(fn)`, `init_weights(model)`).
    For a partial write `rows` is the stretch of the first axis it covers, as fractions of its size,
    and `part` is what it leaves there.
    """

    function: str
    call: Call | None
    arguments: Mapping[str, object] = field(default_factory=dict)
    distribution: Distribution | None = None
    partial: bool = False
    rescale: bool = False
    order: int = 0
    via: tuple[Span, ...] = ()
    rows: tuple[float, float] | None = None
    part: Distribution | None = None

    @property
    def explicit(self) -> bool:
        return self.function != "default"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a module as the trace left it.

    `shape` has None for sizes that are not known; it is None where not even the rank is.
    `histories` lists every way the parameter may have been written, one tuple of events in
    order of execution for each; `complete` is false where an unknown call may have touched it.
    A state that was loaded, on some path at least, leaves it incomplete as well; `known` is whether all that wrote it
    is known but for such a state, on the paths that load none.
    `restored`: on some path it was loaded once more after others had written to what was loaded first.
    `reparametrized` names the wrapper (`weight_norm`, ...) that recomputes it.
    """

    name: str
    shape: tuple[int | None, ...] | None
    histories: tuple[tuple[InitEvent, ...], ...]
    complete: bool = True
    trainable: bool = True
    reparametrized: str | None = None
    loaded: bool = False
    span: Span | None = None
    known: bool = True
    restored: bool = False

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def finals(self) -> tuple[InitEvent, ...]:
        """The event that leaves the parameter in its final state, one per history."""
        return tuple(history[-1] for history in self.histories if history)

    @property
    def draws(self) -> tuple[InitEvent, ...]:
        """The last event that drew the values (rescaling and partial writes left out), one per history."""
        found = []
        for history in self.histories:
            whole = [event for event in history if not event.rescale and not event.partial]
            if whole:
                found.append(whole[-1])
        return tuple(found)
