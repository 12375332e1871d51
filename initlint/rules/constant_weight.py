"""
## What it does
Finds constant, non-zero weights where they keep units equal: in two layers in a row, in a hidden layer before layer
or group norm, or in one hidden layer large enough to multiply the signal by more than a hundred.

## Why is this bad?
A layer of equal weights gives every unit the same value. One such layer between random ones heals itself in one step,
because the weights that follow send a different gradient to each unit. Two in a row do not: the gradients are the
same as well, and of 32 units one distinct one is left for ever. A layer norm maps a vector of equal entries to zero.
And a sum of n inputs of one sign, times c, grows like n²c².

## Example
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 32)
        self.fc2 = nn.Linear(32, 10)
        for layer in (self.fc1, self.fc2):
            nn.init.constant_(layer.weight, 0.1)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))
```

## Use instead
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 32)
        self.fc2 = nn.Linear(32, 10)
        for layer in (self.fc1, self.fc2):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))
```

## Fix safety
Unsafe: the weights get random values.

## References
- Goodfellow, Bengio, Courville (2016), Deep Learning, section 8.4: initial parameters need to break symmetry
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.follow import End
from initlint.model.graph import Role
from initlint.model.program import Layer, Program
from initlint.model.scale import settled
from initlint.model.zeros import BiasState, bias_state
from initlint.rules._layers import constructors, label, place, recommended, reinitialize, subjects
from initlint.rules._norms import GROUPED, norms_reading
from initlint.rules._runs import number
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI205", "constant-weight", Severity.WARNING, fix=Applicability.UNSAFE)

_WEIGHTED: Final = ("Linear", "Conv")
_LARGEST: Final = 1e2


def check(program: Program) -> Iterator[Finding]:
    constant = {layer.index: layer for layer in program.layers if _is_constant(layer)}
    told: set[int] = set()
    for layer in constant.values():
        if layer.index in told or not _several_units(layer):
            continue
        row = _row(program, layer, constant)
        if len(row) > 1:
            told.update(each.index for each in row)
            yield _in_a_row(program, row)
    for layer in constant.values():
        if layer.index not in told and program.followings[layer.index].activations and _several_units(layer):
            yield from _alone(program, layer)


def _is_constant(layer: Layer) -> bool:
    weight = layer.weight
    if weight is None or not layer.kind.startswith(_WEIGHTED) or not settled(weight) or _is_depthwise(layer):
        return False
    return all(event.distribution is not None and event.distribution.constant for event in weight.finals)


def _is_depthwise(layer: Layer) -> bool:
    """Averaging and blurring kernels are constant on purpose."""
    groups = layer.settings.get("groups", 1)
    return not isinstance(groups, int) or groups > 1


def _several_units(layer: Layer) -> bool:
    shape = layer.weight.shape if layer.weight is not None else None
    return shape is not None and len(shape) > 1 and shape[0] != 1


def _row(program: Program, first: Layer, constant: Mapping[int, Layer]) -> list[Layer]:
    """A layer and the constant ones that follow it one after the other."""
    row = [first]
    while True:
        following = [constant[index] for index in _next_layers(program, row[-1]) if index in constant]
        if not following or following[0] in row:
            return row
        row.append(following[0])


def _next_layers(program: Program, layer: Layer) -> list[int]:
    """The layers that alone read the output, directly or through the activation."""
    graph = program.graph
    nodes = []
    for end in program.followings[layer.index].ends:
        if end.norms or end.residual or end.joined or end.gated or end.node is None:
            return []
        if end.end is End.LAYER:
            nodes.append(end.node)
        elif end.end is End.ACTIVATION:
            nodes += _readers(program, end.node)
        else:
            return []
    found = [graph.nodes[node].layer for node in nodes if graph.nodes[node].role is Role.LAYER]
    return [index for index in found if index is not None] if len(found) == len(nodes) else []


def _readers(program: Program, index: int) -> list[int]:
    graph, pending = program.graph, [index]
    found: list[int] = []
    while pending:
        for reader in graph.consumers[pending.pop()]:
            (pending if graph.nodes[reader].role is Role.PASS else found).append(reader)
    return found


def _in_a_row(program: Program, row: list[Layer]) -> Finding:
    told_apart = [
        layer for layer in row[:-1]
        if bias_state(layer.bias, layer.bias_absent) in (BiasState.DRAWN, BiasState.UNKNOWN)
    ]
    pair = len(row) == 2
    effect = f"all units of {'the first' if pair else 'each but the last'} stay equal for ever"
    if told_apart:
        effect = f"only the biases tell {'its' if pair else 'their'} units apart"
    return _finding(
        program, row, f"{these(layer.called for layer in row)} in a row have constant weights: {effect}", Severity.ERROR
    )


def _alone(program: Program, layer: Layer) -> Iterator[Finding]:
    norms = norms_reading(program, layer)
    state = bias_state(layer.bias, layer.bias_absent)
    if norms and norms[0].name in GROUPED and state in (BiasState.NOTHING, BiasState.POSITIVE, BiasState.NEGATIVE):
        yield _finding(
            program,
            [layer],
            f"`{layer.called}` has constant weights, so {norms[0].name} sees equal features and gives out zero",
            Severity.WARNING,
        )
        return
    value = layer.weight.finals[0].distribution if layer.weight is not None else None
    if norms or value is None or value.constant is None or not layer.true_fan_in:
        return
    factor = (layer.true_fan_in * value.constant) ** 2
    if factor > _LARGEST:
        yield _finding(
            program,
            [layer],
            f"`{layer.called}` sums its {layer.true_fan_in} inputs with the weight {value.constant:g}: inputs of one "
            f"sign come out {number(factor)} times as strong",
            Severity.WARNING,
        )


def _finding(program: Program, layers: list[Layer], message: str, severity: Severity) -> Finding:
    span = place(layers[0])
    advice = recommended(program, program.followings[layers[0].index])
    return RULE.finding(
        f"{message}; use `{advice.call('weight')}`",
        span,
        severity=severity,
        subjects=subjects(layers),
        related=constructors(layers),
        fix=reinitialize(program, layers, advice, span.file),
        layer=label(layers),
    )
