"""
## What it does
Finds weights of linear maps and convolutions drawn from a distribution without negative values: `uniform_(w)`, whose
range is [0, 1) unless given, and `torch.rand`.

## Why is this bad?
All weights have a mean, and a sum over n inputs adds the means up: at 256 inputs that part is 768 times the random
one. So every unit computes nearly the same thing: after three layers one direction carries all of the variance,
however small the range was.

Weights that are meant to be positive (normalised by softmax, frozen, element by element, or clamped at zero by a method
of the model) are not reported.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 10)
        nn.init.uniform_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 10)
        nn.init.kaiming_uniform_(self.fc1.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))
```

## Fix safety
Unsafe: the weights are drawn from another distribution.

## References
- LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.events import KeptPositive
from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.products import is_mixture
from initlint.model.program import Layer, Program
from initlint.model.scale import is_derived, settled
from initlint.model.source import Call
from initlint.rules._layers import constructors, deciding_call, label, recommended, reinitialize, subjects, weight_text
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI303", "positive-only-weight", Severity.WARNING, fix=Applicability.UNSAFE)

_WEIGHTED: Final = ("Linear", "Conv", "Parameter")
_FEW_INPUTS: Final = 4


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, list[Layer]] = {}
    if any(program.events_of(KeptPositive)):
        return
    for layer in program.layers:
        call = deciding_call(layer)
        if call is not None and layer.kind.startswith(_WEIGHTED) and _is_positive(layer) and _is_used(program, layer):
            found.setdefault(call, []).append(layer)
    for call, layers in found.items():
        yield _finding(program, call, layers)


def _is_positive(layer: Layer) -> bool:
    weight = layer.weight
    if weight is None or not settled(weight) or weight.rank is None or weight.rank < 2 or weight.shape is None:
        return False
    if layer.true_fan_in is not None and layer.true_fan_in < _FEW_INPUTS:
        return False
    if layer.kind == "Parameter" and weight.shape[0] == 1:
        return False
    drawn = [event.distribution for event in weight.finals]
    return all(left is not None and left.random and left.nonnegative for left in drawn)


def _is_used(program: Program, layer: Layer) -> bool:
    graph = program.graph
    starts = graph.applications.get(layer.index, ())
    averaged = all(is_mixture(graph, source) for start in starts for source in graph.nodes[start].inputs)
    return program.followings[layer.index].applied > 0 and not averaged and not is_derived(program, layer)


def _finding(program: Program, call: Call, layers: list[Layer]) -> Finding:
    fans = [layer.true_fan_in for layer in layers if layer.true_fan_in]
    share = f" {3 * max(fans)} times" if fans else " three times the number of inputs times"
    advice = recommended(program, program.followings[layers[0].index])
    names = dict.fromkeys(layer.called for layer in layers)
    advice = type(advice)(advice.function.replace("normal", "uniform"), advice.arguments)
    return RULE.finding(
        f"{these(names)} {'get' if len(names) > 1 else 'gets'} no negative weight: of inputs of one sign the mean part "
        f"of each sum is up to{share} the random one, and all units agree; "
        f"use `{advice.call(weight_text(layers[0]))}`",
        call.span,
        subjects=subjects(layers),
        related=constructors(layers),
        fix=reinitialize(program, layers, advice, call.span.file),
        layer=label(layers),
    )
