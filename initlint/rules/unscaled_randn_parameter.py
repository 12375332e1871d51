"""
## What it does
Finds `nn.Parameter(torch.randn(...))` used as the weight of a linear map, a convolution or a matrix product, with
nothing that scales it.

## Why is this bad?
Each output sums fan_in inputs with weights of variance one, so its variance is fan_in: 512 inputs, 512 times the
variance. Dividing by √fan_in keeps it.

Positional and class tokens, queries, gates and other parameters that are added or multiplied element by element are
not weights in this sense, and are not reported; nor are those the forward pass scales or normalises, queries that stand
on the left of a product, and rows that are averaged with the weights of a softmax.

## Example
```python
import torch
import torch.nn as nn


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(512, 256))

    def forward(self, x):
        return torch.relu(x @ self.weight)
```

## Use instead
```python
import math

import torch
import torch.nn as nn


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(512, 256) / math.sqrt(512))

    def forward(self, x):
        return torch.relu(x @ self.weight)
```

## Fix safety
Unsafe: the weights start smaller.

## References
- LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import ReplaceExpression
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.follow import End
from initlint.model.products import SOFTMAX, is_mixture
from initlint.model.program import Layer, Program
from initlint.model.scale import settled
from initlint.model.source import Call
from initlint.rules._layers import label, subjects
from initlint.rules._scaled import is_scaled
from initlint.rules.rule import Rule

RULE: Final = Rule("INI301", "unscaled-randn-parameter", Severity.WARNING, fix=Applicability.UNSAFE)

_FEWEST_INPUTS: Final = 32


def check(program: Program) -> Iterator[Finding]:
    told = set()
    for layer in program.layers:
        call = _draw(layer)
        if call is None or call.span in told or not _is_weight(layer) or is_scaled(program, layer):
            continue
        if _asks(program, layer) or _is_averaged(program, layer):
            continue
        told.add(call.span)
        yield _finding(layer, call)


def _draw(layer: Layer) -> Call | None:
    """The draw from N(0, 1), inside the call that makes the parameter, that alone made its values: `torch.randn(...)`,
    `torch.empty(...).normal_()`."""
    weight = layer.weight
    if layer.kind != "Parameter" or weight is None or not settled(weight) or len(weight.finals) != 1:
        return None
    event = weight.finals[0]
    call, drawn = event.call, event.distribution
    if call is None or drawn is None or drawn.kind != "normal" or drawn.std != 1.0 or drawn.mean != 0.0:
        return None
    return call if event.function == "randn" or layer.site.contains(call.span) else None


def _is_weight(layer: Layer) -> bool:
    shape = layer.weight.shape if layer.weight is not None else None
    if shape is None or len(shape) < 2 or shape[0] == 1:
        return False
    if layer.true_fan_in is None:  # an einsum over a size that is not known may well mix a handful of heads
        return layer.settings.get("use") != "einsum" or layer.settings.get("features") is True
    return layer.true_fan_in >= _FEWEST_INPUTS


def _asks(program: Program, layer: Layer) -> bool:
    """Whether the parameter is what signals are compared with, to weigh them: a query, on the left of a product whose
    result no activation takes but a softmax."""
    first = layer.settings.get("weight_first") is True
    return first and all(
        end.end is not End.ACTIVATION or end.name in SOFTMAX for end in program.followings[layer.index].ends
    )


def _is_averaged(program: Program, layer: Layer) -> bool:
    """Whether the rows of the parameter are averaged with the weights of a softmax, which makes nothing larger."""
    graph = program.graph
    starts = graph.applications.get(layer.index, ())
    return bool(starts) and all(
        is_mixture(graph, source) for start in starts for source in graph.nodes[start].inputs
    )


def _finding(layer: Layer, call: Call) -> Finding:
    factor = f"by {layer.true_fan_in}" if layer.true_fan_in else "by the number of inputs"
    divisor = f"math.sqrt({layer.true_fan_in or 'fan_in'})"
    return RULE.finding(
        f"`{layer.called}` is drawn from N(0, 1) and used as a weight: it multiplies the variance {factor}; divide by "
        f"`{divisor}`",
        call.span,
        subjects=subjects([layer]),
        fix=_fix(layer, call),
        layer=label([layer]),
    )


def _fix(layer: Layer, call: Call) -> Fix | None:
    """The draw divided by the root of the sizes it is summed over, as they are written in the call."""
    summed, sizes = layer.settings.get("summed"), list(call.positional()) if call.short_name == "randn" else []
    rank = 0 if layer.weight is None else layer.weight.rank or 0
    if isinstance(summed, tuple) and summed and len(sizes) == len(call.arguments) == rank:
        product = " * ".join(f"{{{number}}}" for number in range(1, len(summed) + 1))
        spans = tuple(sizes[axis].span for axis in summed)
        change = ReplaceExpression(call.span, f"{{0}} / {{math}}.sqrt({product})", (call.span, *spans))
    elif layer.true_fan_in:
        change = ReplaceExpression(call.span, f"{{0}} / {{math}}.sqrt({layer.true_fan_in})", (call.span,))
    else:
        return None
    return Fix("Divide by the root of fan_in", Applicability.UNSAFE, (change,))
