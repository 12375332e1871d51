"""
## What it does
Finds a slope `a` given to `kaiming_uniform_` or `kaiming_normal_` beside a `nonlinearity` that does not read it.

## Why is this bad?
`a` is the negative slope of a leaky ReLU. With any other `nonlinearity` torch drops it without a word:
`kaiming_normal_(w, a=0.2, nonlinearity='relu')` draws a variance of 2 / fan_in, not the 1.92 / fan_in that a slope of
0.2 asks for. The difference is small, 1.04 a layer at a slope of 0.2, but the call does not do what it says.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.out = nn.Linear(256, 1)
        nn.init.kaiming_normal_(self.hidden.weight, a=0.2, nonlinearity="relu")

    def forward(self, x):
        return self.out(F.leaky_relu(self.hidden(x), 0.2))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.out = nn.Linear(256, 1)
        nn.init.kaiming_normal_(self.hidden.weight, a=0.2, nonlinearity="leaky_relu")

    def forward(self, x):
        return self.out(F.leaky_relu(self.hidden(x), 0.2))
```

## Fix safety
Unsafe: before a leaky ReLU the fix names that nonlinearity, which changes the numbers drawn. Elsewhere it removes
`a`, which changes none, but only the author knows which of the two arguments was meant.

## References
- [torch.nn.init.calculate_gain](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain)
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, equation 15
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import Change, RemoveArgument, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import argument_values, place_of, spelled_alike, subjects_of
from initlint.model.source import Call
from initlint.rules._layers import nonlinearity_of
from initlint.rules.rule import Rule
from initlint.signal.gains import number

RULE: Final = Rule("INI104", "ignored-slope", Severity.NOTE, fix=Applicability.UNSAFE)

_KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
_HEEDS_SLOPE: Final = "leaky_relu"


def check(program: Program) -> Iterator[Finding]:
    for call, group in spelled_alike(program):
        if group[0].event.function not in _KAIMING:
            continue
        slopes = [number(slope) for slope in argument_values(group, "a")]
        families = argument_values(group, "nonlinearity")
        written = [call.argument("nonlinearity", 3), call.argument("a", 1)]
        unpacked = any(argument.name == "**" for argument in call.arguments)
        if (not all(written) and not unpacked) or (written[0] is not None and not written[0].literal):
            continue
        if not all(isinstance(family, str) and family != _HEEDS_SLOPE for family in families) or not all(slopes):
            continue
        leaky = _leaky_slopes(program, group)
        yield RULE.finding(
            f"`a={slopes[0]:.3g}` is ignored: beside `nonlinearity={families[0]!r}` torch reads no slope; "
            + ("name `nonlinearity='leaky_relu'`" if leaky else "drop it, or name `nonlinearity='leaky_relu'`"),
            call.span,
            subjects=subjects_of(group),
            layer=place_of(program, group),
            fix=None if unpacked else _fix(call, leaky=leaky),
        )


def _leaky_slopes(program: Program, group: tuple[InitCall, ...]) -> bool:
    """Whether a leaky rectifier follows every layer the call reached, so that a slope was meant."""
    for execution in group:
        reached = None if execution.layer is None else program.followings[execution.layer].sole
        nonlinearity = None if reached is None else nonlinearity_of(program, reached)
        if nonlinearity is None or not nonlinearity.slope:
            return False
    return True


def _fix(call: Call, *, leaky: bool) -> Fix:
    change: Change = RemoveArgument(call, "a", 1)
    if leaky:
        change = SetArgument(call, "nonlinearity", "'leaky_relu'", 3)
    message = "Use `nonlinearity='leaky_relu'`" if leaky else "Remove `a`"
    return Fix(message, Applicability.UNSAFE, (change,), (call.span,) if leaky else ())
