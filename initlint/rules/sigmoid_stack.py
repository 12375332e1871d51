"""
## What it does
Finds three or more hidden layers in a row before sigmoid (or hardsigmoid) whose weight variance is at most 4 /
fan_in, as torch's default, Xavier's and He's are.

## Why is this bad?
Xavier's derivation takes the activation for a straight line of slope 1. A sigmoid has slope 1/4 at best, so with gain
1 each layer passes back a twentieth of the gradient (E σ'² = 0.045). After 300 SGD steps three such layers are still
where they began (loss 2.30), with gain 4 they are at 1.21; five never leave the start within 2000 steps.

Sigmoids that gate another signal or make the output are not meant.

## Example
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 10)
        for layer in (self.fc1, self.fc2, self.fc3):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, x):
        x = torch.sigmoid(self.fc1(x))
        x = torch.sigmoid(self.fc2(x))
        x = torch.sigmoid(self.fc3(x))
        return self.out(x)
```

## Use instead
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 10)
        for layer in (self.fc1, self.fc2, self.fc3):
            nn.init.xavier_uniform_(layer.weight, gain=4)

    def forward(self, x):
        x = torch.sigmoid(self.fc1(x))
        x = torch.sigmoid(self.fc2(x))
        x = torch.sigmoid(self.fc3(x))
        return self.out(x)
```

## Fix safety
Unsafe: the weights get 16 times the variance. Tanh, ReLU or normalisation instead of the sigmoid may serve better.

## References
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
- Kumar (2017), On weight initialization in deep neural networks
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

RULE: Final = Rule("INI105", "sigmoid-stack", Severity.WARNING, fix=Applicability.UNSAFE, heeds_claims=True)

_SHORTEST: Final = 3
_LARGEST_S2: Final = 4.0


def check(program: Program, claimed: frozenset[str] = frozenset()) -> Iterator[Finding]:
    told: set[int] = set()
    for run in program.runs:
        if run.tail not in JUDGED_TAILS:
            continue
        for members in run.stretches(claimed):
            for weak, stack in groupby(members, _is_weak):
                stretch = tuple(stack)
                if weak and len(stretch) >= _SHORTEST and stretch[0].layer.index not in told:
                    told.add(stretch[0].layer.index)
                    yield _finding(program, Stretch(stretch, propagation(stretch)))


def _is_weak(member: Member) -> bool:
    return member.nonlinearity.family == "sigmoid" and member.step is not None and member.step.s2 <= _LARGEST_S2 + 1e-9


def _finding(program: Program, stretch: Stretch) -> Finding:
    layers = [member.layer for member in stretch.members]
    span = place(layers[0])
    advice = stretch.members[0].nonlinearity.recommendation
    call = "" if advice is None else f"use `{advice.call('weight')}`, or "
    left, each = number(stretch.result.backward_square), number(stretch.backward_per_layer)
    return RULE.finding(
        f"{len(layers)} {stretch.activations} layers in a row ({lines(stretch.members)}), {stretch.scheme}, pass back "
        f"{left} of the gradient (×{each} a layer: sigmoid's slope is 1/4 at best); {call}another activation",
        span,
        subjects=subjects(layers),
        related=(*constructors(layers), *activation_related(program, stretch.members[0].reached)),
        fix=None if advice is None else reinitialize(program, layers, advice, span.file),
        layer=label(layers),
    )
