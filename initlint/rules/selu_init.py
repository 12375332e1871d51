"""
## What it does
Finds runs of four or more SELU layers initialised with a rectifier's gain.

## Why is this bad?
SELU keeps unit variance by itself, but only with weights of variance 1 / fan_in. With He's 2 / fan_in the signal
grows to a fixed point far outside: after thirty layers its second moment is 268 instead of 1, and the gradient 6000
times too large. torch's gain for 'selu' is 3/4, which is not the paper's: it shrinks the signal to 0.03 over the same
depth. `nonlinearity='linear'` is the one that fits.

## Example
```python
import torch.nn as nn


class SelfNormalizing(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for _ in range(8):
            layers += [nn.Linear(256, 256), nn.SELU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(256, 10)
        for module in self.body:
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.body(x))
```

## Use instead
```python
import torch.nn as nn


class SelfNormalizing(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for _ in range(8):
            layers += [nn.Linear(256, 256), nn.SELU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(256, 10)
        for module in self.body:
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="linear")

    def forward(self, x):
        return self.head(self.body(x))
```

## Fix safety
Unsafe: the weights are drawn from a narrower distribution.

## References
- Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-Normalizing Neural Networks
- [torch.nn.init.calculate_gain](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain): the
  warning on SELU
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.program import Program
from initlint.model.runs import Member, propagation
from initlint.rules._layers import activation_related, constructors, label, place, reinitialize, subjects
from initlint.rules._runs import JUDGED_TAILS, Stretch, lines, number
from initlint.rules.rule import Rule

RULE: Final = Rule("INI501", "selu-init", Severity.WARNING, fix=Applicability.UNSAFE)

_SHORTEST: Final = 4
_RECTIFIER_S2: Final = (1.5, 2.5)
_SCHEMES: Final = ("kaiming", "xavier", "orthogonal")


def check(program: Program) -> Iterator[Finding]:
    told: set[int] = set()
    for run in program.runs:
        if run.tail not in JUDGED_TAILS:
            continue
        for wrong, group in groupby(run.members, _has_rectifier_gain):
            members = tuple(group)
            if wrong and len(members) >= _SHORTEST and members[0].layer.index not in told:
                told.add(members[0].layer.index)
                yield _finding(program, Stretch(members, propagation(members)))


def _has_rectifier_gain(member: Member) -> bool:
    scale = member.scale
    if member.nonlinearity.family != "selu" or scale is None or scale.in_run is None or not scale.explicit:
        return False
    scheme = all(event.function.startswith(_SCHEMES) for event in scale.events)
    return scheme and _RECTIFIER_S2[0] <= scale.in_run <= _RECTIFIER_S2[1]


def _finding(program: Program, stretch: Stretch) -> Finding:
    layers = [member.layer for member in stretch.members]
    span = place(layers[0])
    advice = stretch.members[0].nonlinearity.recommendation
    grown, back = number(stretch.result.forward), number(stretch.result.backward_square)
    return RULE.finding(
        f"{len(layers)} SELU layers in a row ({lines(stretch.members)}) with a rectifier's gain: the signal grows to "
        f"{grown}, the gradient by {back}; SELU needs gain 1: `nonlinearity='linear'`",
        span,
        subjects=subjects(layers),
        related=(*constructors(layers), *activation_related(program, stretch.members[0].reached)),
        fix=None if advice is None else reinitialize(program, layers, advice, span.file),
        layer=label(layers),
    )
