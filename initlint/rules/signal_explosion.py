"""
## What it does
Finds runs of two or more hidden layers, with no normalisation, skip connection or gate between them, whose weights
blow the signal or its gradient up to more than 100 times what came in.

## Why is this bad?
The scales of the weights multiply layer by layer. Ten ReLU layers with twice He's variance turn a unit signal into
one of 1e3: the first steps are spent undoing it, or the loss is NaN. Above 100 (a warning) training is slowed by a
multiple, above 1e5 (an error) it mostly diverges. For tanh and other bounded activations the gradient is judged,
since the signal cannot grow.

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
        for module in self.body:
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.15)

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
        for module in self.body:
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.head(self.body(x))
```

## Fix safety
Unsafe: the weights are drawn from another distribution, which is the point.

## References
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers
- Poole, Lahiri, Raghu, Sohl-Dickstein, Ganguli (2016), Exponential expressivity in deep neural networks through
  transient chaos
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
from initlint.signal.severity import EXPLOSION_LAYERS, explosion, explosion_factor

RULE: Final = Rule(
    "INI102", "signal-explosion", Severity.WARNING, fix=Applicability.UNSAFE, heeds_claims=True
)

_LEVELS: Final = {"error": Severity.ERROR, "warning": Severity.WARNING}


def check(program: Program, claimed: frozenset[str] = frozenset()) -> Iterator[Finding]:
    for stretch in judged(program, claimed, EXPLOSION_LAYERS, explosion_factor):
        severity = _LEVELS.get(explosion(stretch.result) or "")
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
    factor = explosion_factor(stretch.result)
    backward = min(stretch.result.backward, stretch.result.backward_square)
    what, each = "gradient", stretch.backward_per_layer
    if factor != backward:
        what, factor, each = "signal", stretch.result.forward, stretch.forward_per_layer
    advice = stretch.advice
    remedy = f"use `{advice.call('weight')}`" if advice is not None and _helps(stretch) else "add normalisation"
    return (
        f"{len(stretch.members)} {stretch.activations} layers in a row ({lines(stretch.members)}), {stretch.scheme}, "
        f"multiply the {what} by {number(factor)} (×{number(each)} a layer); {remedy}"
    )


def _helps(stretch: Stretch) -> bool:
    """Whether the advised initialisation holds the signal over this depth."""
    return stretch.advised is not None and explosion(stretch.advised) not in _LEVELS
