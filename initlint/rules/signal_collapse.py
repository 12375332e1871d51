"""
## What it does
Finds runs of four or more hidden layers, with no normalisation, skip connection or gate between them, whose weights
shrink the signal or its gradient below 1e-4 of what came in. Weights left at torch's default count as well.

## Why is this bad?
torch's default for Linear and Conv layers is not He's initialisation but a sixth of its variance: U(±1/√fan_in), of
variance 1/(3·fan_in). Before a ReLU each such layer keeps a sixth of the signal. Eight of them keep 1e-6, and plain
SGD makes no progress in 2000 steps where He's initialisation needs 430. Below 1e-6 (an error) training does not
start, between 1e-6 and 1e-4 (a warning) it is slowed by a multiple. Adam hides a part of it.

Sigmoid and softplus have a mean that hides the loss of signal; for them the gradient is judged.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for _ in range(10):
            layers += [nn.Linear(256, 256), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.body(x))
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for _ in range(10):
            layers += [nn.Linear(256, 256), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(256, 10)
        for module in self.body.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.body(x))
```

## Fix safety
Unsafe: the weights are drawn from another distribution, which is the point. No fix is offered where a call also
initialises layers that need another scale, or where no scale holds the depth: then add normalisation or skip
connections.

## References
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers
- Schoenholz, Gilmer, Ganguli, Sohl-Dickstein (2017), Deep Information Propagation
- Hanin, Rolnick (2018), How to Start Training
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.program import Program
from initlint.rules._layers import activation_related, constructors, label, place, subjects
from initlint.rules._runs import Stretch, judged, lines, mend, number
from initlint.rules.rule import Rule
from initlint.signal.severity import COLLAPSE_LAYERS, collapse, collapse_factor

RULE: Final = Rule(
    "INI101", "signal-collapse", Severity.WARNING, fix=Applicability.UNSAFE, heeds_claims=True
)

_LEVELS: Final = {"error": Severity.ERROR, "warning": Severity.WARNING}


def check(program: Program, claimed: frozenset[str] = frozenset()) -> Iterator[Finding]:
    for stretch in judged(program, claimed, COLLAPSE_LAYERS, collapse_factor):
        severity = _LEVELS.get(collapse(stretch.result) or "")
        if severity is None:
            continue
        layers = [member.layer for member in stretch.members]
        span = place(layers[0])
        yield RULE.finding(
            _message(stretch),
            span,
            severity=severity,
            subjects=subjects(layers),
            related=(*constructors(layers), *activation_related(program, stretch.members[0].reached)),
            fix=mend(program, stretch, span.file) if _helps(stretch) else None,
            layer=label(layers),
        )


def _message(stretch: Stretch) -> str:
    factor = collapse_factor(stretch.result)
    forward = factor == stretch.result.forward
    what, each = ("signal", stretch.forward_per_layer) if forward else ("gradient", stretch.backward_per_layer)
    return (
        f"{len(stretch.members)} {stretch.activations} layers in a row ({lines(stretch.members)}), {stretch.scheme}, "
        f"keep {number(factor)} of the {what} (×{number(each)} a layer); {_remedy(stretch)}"
    )


def _remedy(stretch: Stretch) -> str:
    if stretch.advice is None or not _helps(stretch):
        return "no initialisation holds that deep: add normalisation or skip connections"
    return f"use `{stretch.advice.call('weight')}`, or add normalisation"


def _helps(stretch: Stretch) -> bool:
    """Whether the advised initialisation keeps the signal over this depth."""
    return stretch.advised is not None and collapse(stretch.advised) not in _LEVELS
