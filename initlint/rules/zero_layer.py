"""
## What it does
Finds hidden layers whose weight is filled with zeros before an activation whose derivative at zero is zero: ReLU,
ReLU6, hard and soft shrinkage, squared ReLU, `abs` and the like. Normalisation in between changes nothing.

## Why is this bad?
The output is zero, the activation's slope there is zero, so the gradient of the weight, of the bias and of every
layer below is exactly zero, and what comes out feeds zeros to the layer above. It stays so for ever. With torch's
default bias about half of the units have a positive bias and wake up; the others never move, hence a warning. With a
positive bias all of them do.

Zeros are right, and not reported, at the end of a residual branch, in an output head, in one factor of a product
(LoRA's B, a gate), and before activations that have a slope at zero (LeakyReLU, GELU, SiLU, tanh).

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 64)
        self.fc2 = nn.Linear(64, 10)
        self.act = nn.ReLU()
        nn.init.zeros_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 64)
        self.fc2 = nn.Linear(64, 10)
        self.act = nn.ReLU()
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Fix safety
Unsafe: the weight gets random values.

## References
- Goodfellow, Bengio, Courville (2016), Deep Learning, section 8.4
- Zhang, Dauphin, Ma (2019), Fixup Initialization: where zeros belong
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.follow import End, Following, Reached
from initlint.model.program import Layer, Program
from initlint.model.zeros import BiasState, activation_beyond_products, bias_state, is_zero
from initlint.rules._layers import (
    activation_at,
    activation_related,
    constructors,
    label,
    nonlinearity_of,
    place,
    recommended,
    reinitialize,
    subjects,
)
from initlint.rules._norms import CENTRING, norms_shift
from initlint.rules.rule import Rule

RULE: Final = Rule("INI201", "zero-layer", Severity.ERROR, fix=Applicability.UNSAFE)

_WEIGHTED: Final = ("Linear", "Conv", "Bilinear", "Parameter")

def check(program: Program) -> Iterator[Finding]:
    for layer in program.layers:
        if not layer.kind.startswith(_WEIGHTED) or not is_zero(layer.weight):
            continue
        following = program.followings[layer.index]
        severity = _severity(program, layer, following)
        beyond = activation_beyond_products(program, layer) if severity is None else None
        if beyond is not None and _is_dead(program, beyond):
            following, severity = replace(following, ends=(beyond,)), Severity.ERROR
        if severity is not None:
            yield _finding(program, layer, following, severity)


def _severity(program: Program, layer: Layer, following: Following) -> Severity | None:
    """How dead the layer is, None where it is not, or not known to be."""
    if not following.complete or following.skipped or not all(_is_dead(program, end) for end in following.ends):
        return None
    if norms_shift(program, layer):
        return None
    state = bias_state(layer.bias, layer.bias_absent)
    centred = all(end.norms and end.norms[0] in CENTRING for end in following.ends)
    if state in (BiasState.NOTHING, BiasState.NEGATIVE) or (centred and state is not BiasState.UNKNOWN):
        return Severity.ERROR
    return Severity.WARNING if state is BiasState.DRAWN else None


def _is_dead(program: Program, end: Reached) -> bool:
    nonlinearity = nonlinearity_of(program, end) if end.end is End.ACTIVATION else None
    mixed = end.residual or end.gated or end.joined or end.altered
    return nonlinearity is not None and nonlinearity.dead_at_zero and not mixed


def _finding(program: Program, layer: Layer, following: Following, severity: Severity) -> Finding:
    span, end = place(layer), following.ends[0]
    branch = " in its branch" if layer.index in program.branch_layers else ""
    effect = (
        f"its gradient and that of everything below{branch} is exactly zero, for ever"
        if severity is Severity.ERROR
        else "only the units whose bias was drawn positive, about half, ever learn"
    )
    advice = recommended(program, following)
    return RULE.finding(
        f"`{layer.called}` is all zeros before {activation_at(program, end, span.file)}: {effect}; "
        f"use `{advice.call('weight')}`",
        span,
        severity=severity,
        subjects=subjects([layer]),
        related=(*constructors([layer]), *activation_related(program, end)),
        fix=reinitialize(program, [layer], advice, span.file),
        layer=label([layer]),
    )
