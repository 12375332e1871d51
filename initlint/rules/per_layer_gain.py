"""
## What it does
Finds every hidden layer, torch's default included, whose weight variance is more than a factor of two outside the
range that suits the activation behind it, where no normalisation, skip connection or gate sets the scale.

## Why is this bad?
On its own it hardly is: over half of the well-known models that train well have such layers, and four of them in a
row cost less than a third more steps. What hurts is the product over many layers, which `signal-collapse` and
`signal-explosion` judge. This rule is for those who want each layer's scale to be chosen, and off unless selected.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(256, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 10)

    def forward(self, x):
        return self.out(self.act(self.fc(x)))
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(256, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 10)
        nn.init.kaiming_normal_(self.fc.weight, nonlinearity="relu")

    def forward(self, x):
        return self.out(self.act(self.fc(x)))
```

## Fix safety
Unsafe: the weights are drawn from another distribution.

## References
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import Program
from initlint.model.runs import Member, is_read_by_none
from initlint.model.source import Span
from initlint.rules._layers import (
    activation_at,
    activation_related,
    constructors,
    label,
    place,
    reinitialize_alike,
    subjects,
)
from initlint.rules._runs import JUDGED_TAILS, number
from initlint.rules.rule import Rule
from initlint.signal.propagation import layer_factor

RULE: Final = Rule("INI107", "per-layer-gain", Severity.NOTE, on=False, fix=Applicability.UNSAFE)

_TOLERANCE: Final = 2.0


def check(program: Program) -> Iterator[Finding]:
    told: set[int] = set()
    found: dict[Span, list[tuple[Member, int]]] = {}
    for run in program.runs:
        if run.tail not in JUDGED_TAILS:
            continue
        for member in run.members:
            if member.layer.index not in told and _is_off(member) and not is_read_by_none(program.graph, member.node):
                told.add(member.layer.index)
                found.setdefault(place(member.layer), []).append((member, len(run.members)))
    for span, members in found.items():
        fix = _fix(program, [member for member, _ in members], span)
        yield from (_finding(program, member, length, span, fix) for member, length in members)


def _fix(program: Program, members: Sequence[Member], span: Span) -> Fix | None:
    wanted = [(member.layer, member.nonlinearity.recommendation) for member in members]
    known = [(layer, advice) for layer, advice in wanted if advice is not None]
    return reinitialize_alike(program, known, span.file) if len(known) == len(wanted) else None


def _is_off(member: Member) -> bool:
    """Whether the weight is too wide or too narrow, by itself and in a run."""
    band, step, scale = member.nonlinearity.band, member.step, member.scale
    if band is None or step is None or scale is None:
        return False
    known = [step.s2] if scale.s2 is None else [step.s2, scale.s2]
    return not any(band[0] / _TOLERANCE <= s2 <= band[1] * _TOLERANCE for s2 in known)


def _finding(program: Program, member: Member, length: int, span: Span, fix: Fix | None) -> Finding:
    layer, advice = member.layer, member.nonlinearity.recommendation
    scale = member.scale
    s2 = 0.0 if scale is None else scale.s2 or scale.in_run or 0.0
    remedy = "" if advice is None else f"; `{advice.call('weight')}` fits"
    factor = number(layer_factor(s2, member.nonlinearity))
    return RULE.finding(
        f"`{layer.called}` before {activation_at(program, member.reached, span.file)} has a weight variance of "
        f"{number(s2)}/fan_in: ×{factor} a layer in a run of {length}{remedy}",
        span,
        subjects=subjects([layer]),
        related=(*constructors([layer]), *activation_related(program, member.reached)),
        fix=fix,
        layer=label([layer]),
    )
