"""
## What it does
Finds explicit scales (`normal_(w, std=...)`, `uniform_`, `torch.randn(...) * 0.001`) that leave hidden layers, with
no normalisation and outside residual branches, far too small: two or more in a row with a weight variance below 0.02
/ fan_in, or one below 0.005 / fan_in.

## Why is this bad?
A standard deviation says nothing without the fan_in it is summed over. 0.001 at 256 inputs keeps 0.00013 of the
signal; five such layers keep 1e-20. A std of 0.02 suits transformers, whose norms and residual sums carry the signal,
not a plain stack.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, 10)
        nn.init.normal_(self.fc1.weight, std=0.001)
        nn.init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, 10)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))
```

## Fix safety
Unsafe: the weights are drawn from a wider distribution.

## References
- LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, section 2.2: a std of 0.01 in deep nets
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.program import Program
from initlint.model.runs import Member
from initlint.model.source import Call
from initlint.rules._layers import (
    SCHEMES,
    activation_at,
    activation_related,
    constructors,
    deciding_call,
    label,
    recommended,
    reinitialize,
    subjects,
    weight_text,
)
from initlint.rules._runs import JUDGED_TAILS, number
from initlint.rules._words import these
from initlint.rules.rule import Rule
from initlint.signal.propagation import layer_factor

RULE: Final = Rule("INI305", "vanishing-scale", Severity.WARNING, fix=Applicability.UNSAFE)

_DRAWN_BY_HAND: Final = frozenset({"normal", "truncated_normal", "uniform"})
_IN_A_ROW: Final = 0.02
_ALONE: Final = 0.005


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, dict[int, Member]] = {}
    for run in program.runs:
        if run.tail not in JUDGED_TAILS:
            continue
        for small, group in groupby(run.members, lambda member: _s2(member) < _IN_A_ROW):
            members = list(group)
            for member in members if small else ():
                call = deciding_call(member.layer)
                if call is not None and (len(members) > 1 or _s2(member) < _ALONE):
                    found.setdefault(call, {})[member.layer.index] = member
    for call, by_layer in found.items():
        yield _finding(program, call, list(by_layer.values()))


def _s2(member: Member) -> float:
    """fan_in·E[w²] of a scale written by hand, infinite for all others."""
    scale = member.scale
    if scale is None or scale.s2 is None or not scale.explicit:
        return float("inf")
    for event in scale.events:
        drawn = event.distribution is not None and event.distribution.kind in _DRAWN_BY_HAND
        if not drawn or (event.function.startswith(SCHEMES) and not event.rescale):
            return float("inf")
    return scale.s2


def _finding(program: Program, call: Call, members: list[Member]) -> Finding:
    layers = [member.layer for member in members]
    worst = min(members, key=_s2)
    factor = number(layer_factor(_s2(worst), worst.nonlinearity))
    after = activation_at(program, worst.reached, call.span.file)
    advice = recommended(program, worst.following)
    share = f"as little as {factor} of the signal each" if len(layers) > 1 else f"{factor} of the signal"
    return RULE.finding(
        f"this scale lets {these(layer.called for layer in layers)} before {after} keep {share}; "
        f"use `{advice.call(weight_text(worst.layer))}`",
        call.span,
        subjects=subjects(layers),
        related=(*constructors(layers), *activation_related(program, worst.reached)),
        fix=reinitialize(program, layers, advice, call.span.file),
        layer=label(layers),
    )
