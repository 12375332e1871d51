"""
## What it does
Finds `kaiming_*` without the slope `a` before a LeakyReLU or PReLU of slope 0.2 or more.

## Why is this bad?
He's gain for a leaky rectifier is √(2 / (1 + a²)). Without `a` each layer multiplies the signal by 1 + a²: 1.04 at a
slope of 0.2, which is 3.2 over thirty layers. That is little, so this rule is off unless selected.

## Example
```python
import torch.nn as nn


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(128, 128)
        self.act = nn.LeakyReLU(0.2)
        self.out = nn.Linear(128, 1)
        nn.init.kaiming_normal_(self.fc.weight)

    def forward(self, x):
        return self.out(self.act(self.fc(x)))
```

## Use instead
```python
import torch.nn as nn


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(128, 128)
        self.act = nn.LeakyReLU(0.2)
        self.out = nn.Linear(128, 1)
        nn.init.kaiming_normal_(self.fc.weight, a=0.2)

    def forward(self, x):
        return self.out(self.act(self.fc(x)))
```

## Fix safety
Unsafe: the weights are drawn a little narrower.

## References
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, equation 15
- [torch.nn.init.calculate_gain](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import Change, RemoveArgument, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import argument_values, calls_alike, place_of
from initlint.model.source import Call
from initlint.rules._layers import constructors, nonlinearity_of, subjects
from initlint.rules.rule import Rule

RULE: Final = Rule("INI106", "leaky-slope-missing", Severity.NOTE, on=False, fix=Applicability.UNSAFE)

_KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
_SMALLEST: Final = 0.2


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        if group[0].event.function not in _KAIMING or argument_values(group, "a") not in ((0,), (0.0,)):
            continue
        families = argument_values(group, "nonlinearity")
        slopes = {_slope(program, execution) for execution in group}
        if not all(family in ("relu", "leaky_relu") for family in families) or len(slopes) != 1:
            continue
        slope = slopes.pop()
        if slope is None:
            continue
        layers = [program.layers[execution.layer] for execution in group if execution.layer is not None]
        yield RULE.finding(
            f"a rectifier of slope {slope:g} follows, and `a` is not given: ×{1 + slope * slope:.3g} a layer; "
            f"write `a={slope:g}`",
            span,
            subjects=subjects(layers),
            related=constructors(layers),
            layer=place_of(program, group),
            fix=_fix(group[0].call, slope, families),
        )


def _slope(program: Program, execution: InitCall) -> float | None:
    """The slope of the rectifier behind the layer, None where it is small, or something else sets the scale."""
    if execution.layer is None:
        return None
    following = program.followings[execution.layer]
    nonlinearity = nonlinearity_of(program, following.sole) if following.sole is not None else None
    slope = None if nonlinearity is None else nonlinearity.slope
    return slope if slope is not None and slope >= _SMALLEST and following.plain else None


def _fix(call: Call, slope: float, families: tuple[object, ...]) -> Fix:
    changes: list[Change] = [SetArgument(call, "a", f"{slope:g}", 1)]
    if "relu" in families:
        changes.append(RemoveArgument(call, "nonlinearity", 3))
    return Fix(f"Write `a={slope:g}`", Applicability.UNSAFE, tuple(changes), (call.span,))
