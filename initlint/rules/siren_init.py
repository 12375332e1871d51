"""
## What it does
Finds two or more layers before `torch.sin(w0 * ...)` with w0 of 10 or more whose weights are left at torch's default.

## Why is this bad?
A sine network needs hidden weights in U(±√(6 / fan_in) / w0), and U(±1 / fan_in) in the first layer, to keep the
phases spread and the slopes in bounds. The default is twelve times wider at w0 = 30, so the phases wrap around many
times and neighbouring inputs have nothing to do with one another: after 300 steps of Adam on a smooth curve the error
between the samples is 0.3 where SIREN's initialisation has 3e-6.

## Example
```python
import torch
import torch.nn as nn


class Siren(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        x = torch.sin(30 * self.fc1(x))
        x = torch.sin(30 * self.fc2(x))
        x = torch.sin(30 * self.fc3(x))
        return self.out(x)
```

## Use instead
```python
import torch
import torch.nn as nn


class Siren(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 1)
        nn.init.uniform_(self.fc1.weight, -1 / 2, 1 / 2)
        nn.init.uniform_(self.fc2.weight, -(6 / 64) ** 0.5 / 30, (6 / 64) ** 0.5 / 30)
        nn.init.uniform_(self.fc3.weight, -(6 / 64) ** 0.5 / 30, (6 / 64) ** 0.5 / 30)

    def forward(self, x):
        x = torch.sin(30 * self.fc1(x))
        x = torch.sin(30 * self.fc2(x))
        x = torch.sin(30 * self.fc3(x))
        return self.out(x)
```

## Fix safety
Unsafe: the weights are drawn from another distribution. Where one class makes all the layers (with `is_first` or the
like) no fix is offered.

## References
- Sitzmann, Martel, Bergman, Lindell, Wetzstein (2020), Implicit Neural Representations with Periodic Activation
  Functions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import InitializeLayers
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.follow import End, end_settings
from initlint.model.products import multiplier
from initlint.model.program import Layer, Program
from initlint.model.scale import settled
from initlint.rules._layers import constructors, expression, label, subjects
from initlint.rules._words import these
from initlint.rules.rule import Rule
from initlint.signal.gains import number

RULE: Final = Rule("INI502", "siren-init", Severity.WARNING, fix=Applicability.UNSAFE)

_SMALLEST_W0: Final = 10.0
_FEWEST: Final = 2


def check(program: Program) -> Iterator[Finding]:
    order = {layer: nodes[0] for layer, nodes in program.graph.applications.items()}
    sines: list[tuple[Layer, float]] = []
    for layer in sorted(program.layers, key=lambda layer: order.get(layer.index, 0)):
        frequency = _frequency(program, layer)
        if frequency is not None and frequency >= _SMALLEST_W0 and layer.kind == "Linear":
            sines.append((layer, frequency))
    left = [(layer, frequency) for layer, frequency in sines if _is_default(layer)]
    if len(left) >= _FEWEST:
        yield _finding(left, first=sines[0][0])


def _frequency(program: Program, layer: Layer) -> float | None:
    """w0 where all of the layer's output goes through sin(w0 · output)."""
    reached = program.followings[layer.index].sole
    if reached is None or reached.end is not End.ACTIVATION or reached.name != "sin":
        return None
    frequency = number(end_settings(program, reached).get("w0", 1.0))
    for index in reached.altered:
        factor = multiplier(program.graph.nodes[index])
        if factor is None or frequency is None:
            return None
        frequency *= factor
    return frequency


def _is_default(layer: Layer) -> bool:
    weight = layer.weight
    return weight is not None and settled(weight) and not any(event.explicit for event in weight.finals)


def _finding(left: list[tuple[Layer, float]], first: Layer) -> Finding:
    layers = [layer for layer, _ in left]
    frequencies = {frequency for _, frequency in left}
    frequency = f"{left[0][1]:g}" if len(frequencies) == 1 else "w0"
    feed = "feed" if len({layer.called for layer in layers}) > 1 else "feeds"
    return RULE.finding(
        f"{these(layer.called for layer in layers)} {feed} sin({frequency} · x) with torch's default weights: draw the "
        f"first from U(±1/fan_in), the others from U(±√(6/fan_in)/{frequency})",
        layers[0].site,
        subjects=subjects(layers),
        related=constructors(layers[1:]),
        fix=_fix(left, first),
        layer=label(layers),
    )


def _fix(left: list[tuple[Layer, float]], first: Layer) -> Fix | None:
    owners = {(layer.owner_file, layer.owner) for layer, _ in left}
    if len(owners) > 1 or len({layer.site for layer, _ in left}) < len(left) or not left[0][0].owner:
        return None
    changes = []
    for layer, frequency in left:
        given = None if layer.call is None else layer.call.argument("in_features", 0)
        inputs = layer.true_fan_in if given is not None and given.literal else "{target}.in_features"
        bound = f"1 / {inputs}" if layer is first else f"(6 / {inputs}) ** 0.5 / {frequency:g}"
        statement = f"{{init}}.uniform_({{target}}.weight, -{bound}, {bound})"
        changes.append(InitializeLayers(layer.site, (expression(layer),), (statement,), name=layer.owner))
    return Fix(
        "Draw the weights as SIREN does", Applicability.UNSAFE, tuple(changes), tuple(layer.site for layer, _ in left)
    )
