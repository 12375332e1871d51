"""
## What it does
Finds gains passed to `kaiming_uniform_` and `kaiming_normal_` as `a`.

## Why is this bad?
`a` is the negative slope of a leaky ReLU, and the gain falls as it grows: sqrt(2 / (1 + a²)). `a=math.sqrt(2)` asks
for a leaky ReLU of slope 1.41 and gives a gain of 0.82 where 1.41 was meant, a third of the variance. A gain belongs
into `gain` of the Xavier functions; kaiming works it out from `nonlinearity`.

Not meant are `a=math.sqrt(5)`, torch's own default for linear layers and convolutions, and `a=1`, a gain of 1.

## Example
```python
import math

import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(128, 512)
        self.fc2 = nn.Linear(512, 784)
        nn.init.kaiming_normal_(self.fc1.weight, a=math.sqrt(2))

    def forward(self, z):
        return self.fc2(self.fc1(z).relu()).tanh()
```

## Use instead
```python
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(128, 512)
        self.fc2 = nn.Linear(512, 784)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

    def forward(self, z):
        return self.fc2(self.fc1(z).relu()).tanh()
```

## Fix safety
Unsafe: other numbers are drawn. The fix names the nonlinearity whose gain was passed, or the slope that gives it.

## References
- [torch.nn.init.calculate_gain](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain)
- [gapeng000/PyTorch-progressive_growing_of_gans#29](https://github.com/gapeng000/PyTorch-progressive_growing_of_gans/issues/29)
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, equation 15
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from initlint.model.change import Change, RemoveArgument, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import argument_values, place_of, spelled_alike, subjects_of
from initlint.model.source import Call
from initlint.rules.rule import Rule
from initlint.signal.gains import TORCH_GAINS, calculate_gain, number

RULE: Final = Rule("INI009", "gain-as-slope", Severity.ERROR, fix=Applicability.UNSAFE)

_KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
_HEEDS_SLOPE: Final = "leaky_relu"
_HARMLESS: Final = (0.0, 1.0, math.sqrt(5))
"""`a=0` is a ReLU, `a=1` a gain of 1, `a=sqrt(5)` what torch's own layers pass."""

_OWNERS: Final = {"relu": TORCH_GAINS["relu"], "tanh": TORCH_GAINS["tanh"]}
"""Nonlinearities by gains that no one writes down for anything else: sqrt(2) and 5/3."""


def check(program: Program) -> Iterator[Finding]:
    for call, group in spelled_alike(program):
        wrong = tuple(execution for execution in group if _is_gain(execution))
        slopes = argument_values(wrong, "a")
        if not slopes:
            continue
        slope = number(slopes[0])
        assert slope is not None, "a gain is a number"
        meant = _meant(call, slope)
        advice = f"write {meant.written}" if meant is not None else "a gain goes to `gain` of `xavier_*_`"
        fix = None
        if meant is not None and len(slopes) == 1 and len(wrong) == len(group):
            fix = Fix(f"Write {meant.written}", Applicability.UNSAFE, meant.changes)
        yield RULE.finding(
            f"`a` is a negative slope, not a gain: {slope:.3g} there gives a gain of "
            f"{calculate_gain(_HEEDS_SLOPE, slope):.2g}; {advice}",
            call.span,
            subjects=subjects_of(wrong),
            layer=place_of(program, wrong),
            fix=fix,
        )


def _is_gain(execution: InitCall) -> bool:
    event = execution.event
    slope = number(event.arguments.get("a"))
    if event.function not in _KAIMING or event.arguments.get("nonlinearity") != _HEEDS_SLOPE or slope is None:
        return False
    if any(_close(slope, harmless) for harmless in _HARMLESS):
        return False
    origins = [origin for origin in execution.origins if origin.argument == "a" and not origin.literal]
    named = any(origin.gain or any("gain" in name.lower() for name in origin.names) for origin in origins)
    return named or _owner(slope) is not None


def _owner(slope: float) -> str | None:
    """The nonlinearity whose gain the number is."""
    return next((name for name, gain in _OWNERS.items() if _close(slope, gain)), None)


def _close(one: float, other: float) -> bool:
    """Equal to the digits people type: 1.414, 1.67."""
    return math.isclose(one, other, rel_tol=2e-3)


@dataclass(frozen=True, slots=True)
class _Meant:
    written: str
    changes: tuple[Change, ...]


def _meant(call: Call, gain: float) -> _Meant | None:
    """What gives the gain that was passed: the nonlinearity it belongs to, or the slope it was worked out from."""
    owner = _owner(gain)
    if owner is not None:
        changes = (RemoveArgument(call, "a", 1), SetArgument(call, "nonlinearity", repr(owner), 3))
        return _Meant(f"`nonlinearity={owner!r}`", changes)
    if 1 < gain < TORCH_GAINS["relu"]:
        slope = f"{math.sqrt(2 / gain**2 - 1):.3g}"
        if math.isclose(calculate_gain(_HEEDS_SLOPE, float(slope)), gain, rel_tol=1e-6):
            return _Meant(f"`a={slope}`", (SetArgument(call, "a", slope, 1),))
    return None
