"""
## What it does
Finds `kaiming_*(mode='fan_out')` and Xavier on grouped and depthwise convolutions with no normalisation between them
and the activation behind them.

## Why is this bad?
torch counts the outputs of all groups, though each input reaches one group only. So the variance is divided by the
number of groups: a depthwise convolution of 128 channels gets 0.016 / fan_in instead of 2 / fan_in. Batch norm hides
it, as it does in MobileNet; without a norm the signal is lost. fan_in is counted right.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.dw = nn.Conv2d(128, 128, 3, padding=1, groups=128)
        self.pw = nn.Conv2d(128, 10, 1)
        nn.init.kaiming_normal_(self.dw.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.pw(F.relu(self.dw(x)))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.dw = nn.Conv2d(128, 128, 3, padding=1, groups=128)
        self.pw = nn.Conv2d(128, 10, 1)
        nn.init.kaiming_normal_(self.dw.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, x):
        return self.pw(F.relu(self.dw(x)))
```

## Fix safety
Unsafe: the weights are drawn from a wider distribution.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html): fans are computed from the shape of the weight
  alone
- Howard et al. (2017), MobileNets: depthwise convolutions under batch norm
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import Change, ReplaceInit, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.follow import follow_node
from initlint.model.program import Layer, Program
from initlint.model.source import Call
from initlint.rules._fans import KAIMING, XAVIER, no_norm_follows, scheme_call
from initlint.rules._layers import (
    constructors,
    drawn_like,
    label,
    nonlinearity_of,
    recommended,
    right_for_all,
    subjects,
)
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI505", "grouped-fan-out", Severity.WARNING, fix=Applicability.UNSAFE)
_DECIDING: Final = frozenset({"softmax", "sigmoid", "hardsigmoid"})


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, list[Layer]] = {}
    for layer in program.layers:
        groups = layer.settings.get("groups", 1)
        if not layer.kind.startswith("Conv") or "Transpose" in layer.kind or not isinstance(groups, int) or groups < 2:
            continue
        decided = scheme_call(program, layer, KAIMING | XAVIER)
        if decided is None or not no_norm_follows(program, layer) or not _meets_activation(program, layer):
            continue
        mode = decided[1].event.arguments.get("mode")
        if decided[1].event.function in XAVIER or (isinstance(mode, str) and mode.lower() == "fan_out"):
            found.setdefault(decided[0], []).append(layer)
    for call, layers in found.items():
        yield _finding(program, call, layers)


def _meets_activation(program: Program, layer: Layer) -> bool:
    """Whether an activation takes the signal, and no norm what a rectifier makes of it: a layer straight behind may
    have the normalisation behind itself, and what decides a share or a gate is no signal to be kept."""
    reached = program.followings[layer.index].sole
    if reached is None or reached.name in _DECIDING:
        return False
    nonlinearity = nonlinearity_of(program, reached)
    rectifies = nonlinearity is not None and nonlinearity.family == "relu"
    return not (rectifies and reached.node is not None and _is_normalised(program, reached.node))


def _is_normalised(program: Program, index: int) -> bool:
    """Whether norms alone take what is at a node: behind a rectifier they undo a scale all the same."""
    ends = follow_node(program, index).ends
    return bool(ends) and all(end.norms for end in ends)


def _factor(layer: Layer, *, xavier: bool) -> float:
    """The variance with the fan_out of one group over the one that torch gives."""
    inputs, outputs, groups = (layer.settings.get(name) for name in ("in_channels", "out_channels", "groups"))
    assert isinstance(groups, int), "only layers of several groups are found"
    if not xavier:
        return groups
    if not isinstance(inputs, int) or not isinstance(outputs, int):
        return (groups + 1) / 2
    return (inputs + groups * outputs) / (inputs + outputs)


def _finding(program: Program, call: Call, layers: list[Layer]) -> Finding:
    xavier = call.short_name in XAVIER
    factors = [_factor(layer, xavier=xavier) for layer in layers]
    smaller = f"{'up to ' if len(set(factors)) > 1 else ''}{max(factors):.3g}"
    advice = drawn_like(recommended(program, program.followings[layers[0].index]), call.short_name)
    remedy = f"use `{advice.call('weight')}`" if xavier else "use `mode='fan_in'`"
    change: Change = SetArgument(call, "mode", "'fan_in'", 2)
    if xavier:
        change = ReplaceInit(call, advice.function, advice.texts)
    fix = None
    if right_for_all(program, call, {layer.index for layer in layers}):
        fix = Fix(remedy[0].upper() + remedy[1:], Applicability.UNSAFE, (change,), (call.span,))
    return RULE.finding(
        f"torch's fan_out counts all groups of {these(layer.called for layer in layers)}: the variance is {smaller} "
        f"times smaller than asked for; {remedy}",
        call.span,
        subjects=subjects(layers),
        related=constructors(layers),
        fix=fix,
        layer=label(layers),
    )
