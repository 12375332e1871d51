"""
## What it does
Finds a two-dimensional `nn.Parameter` used as `x @ W`, laid out (in, out), that is initialised with torch's fan_in,
or with `1 / math.sqrt(W.size(1))`.

## Why is this bad?
torch reads a weight as (out, in), as `F.linear` does, so for `x @ W` its fan_in is the number of outputs. A graph
layer from 1433 features to 16 gets a second moment of 180 instead of 2, one from 16 to 1433 gets 0.02. Xavier is
symmetric and not concerned.

## Example
```python
import torch
import torch.nn as nn


class GraphLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1433, 16))
        nn.init.kaiming_uniform_(self.weight, nonlinearity="relu")

    def forward(self, x):
        return torch.relu(x @ self.weight)
```

## Use instead
```python
import torch
import torch.nn as nn


class GraphLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1433, 16))
        nn.init.kaiming_uniform_(self.weight.t(), nonlinearity="relu")

    def forward(self, x):
        return torch.relu(x @ self.weight)
```

## Fix safety
Unsafe: the weights are drawn from another distribution.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html): the note on transposed weights, "pass w.T"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import ReplaceExpression
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Layer, Program
from initlint.model.source import Call
from initlint.rules._fans import KAIMING, scheme_call
from initlint.rules._layers import constructors, label, subjects
from initlint.rules._words import times
from initlint.rules.rule import Rule

RULE: Final = Rule("INI506", "parameter-layout-fan", Severity.WARNING, fix=Applicability.UNSAFE)

_BY_HAND: Final = frozenset({"uniform_", "normal_"})
_OUTPUTS: Final = 1
_PRODUCTS: Final = frozenset({"matmul", "einsum", "linear"})


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, tuple[list[Layer], InitCall]] = {}
    used: dict[str, list[Layer]] = {}
    for layer in program.layers:
        if layer.kind == "Parameter":
            used.setdefault(layer.full_path, []).append(layer)
    for layers in used.values():
        layer = layers[0]
        if all(_is_right_operand(one) for one in layers):
            decided = scheme_call(program, layer, KAIMING | _BY_HAND)
            if decided is not None and not decided[1].turned and _reads_outputs(decided[1]):
                found.setdefault(decided[0], ([], decided[1]))[0].append(layer)
    for call, (wrong, execution) in found.items():
        yield _finding(wrong, call, execution)


def _is_right_operand(layer: Layer) -> bool:
    """Whether the parameter is (in, out) with two sizes that differ."""
    settings, weight = layer.settings, layer.weight
    matrix = weight is not None and weight.rank == 2
    product = settings.get("use") in _PRODUCTS and settings.get("derived") is not True
    return matrix and product and settings.get("fan_axis") == 0 and settings.get("square") is False


def _reads_outputs(execution: InitCall) -> bool:
    """Whether the scale is made from the second size: by torch's fan_in, or written out."""
    event = execution.event
    if event.function in KAIMING:
        mode = event.arguments.get("mode")
        return isinstance(mode, str) and mode.lower() == "fan_in"
    return any(origin.axis == _OUTPUTS for origin in execution.origins) and not any(
        origin.axis not in (None, _OUTPUTS) for origin in execution.origins
    )


def _finding(layers: list[Layer], call: Call, execution: InitCall) -> Finding:
    layer = layers[0]
    factor = ""
    ratios = [one.true_fan_in / one.fan_in for one in layers if one.true_fan_in and one.fan_in]
    if ratios:
        ratio = max(ratios, key=lambda each: max(each, 1.0 / each))
        most = "up to " if len({round(each, 3) for each in ratios}) > 1 else ""
        factor = f": the variance is {most}{times(ratio)} too {'large' if ratio > 1 else 'small'}"
    by_hand = execution.event.function in _BY_HAND
    remedy = "take `size(0)`" if by_hand else "pass the transpose, `weight.t()`"
    fix = None
    if by_hand:
        fix = _count_inputs(execution, call.span.file)
    elif execution.tensor is not None and not call.function.startswith("torch.Tensor."):
        change = ReplaceExpression(execution.tensor, "{0}.t()", (execution.tensor,))
        fix = Fix("Pass the transpose", Applicability.UNSAFE, (change,))
    name = layer.path.rsplit(".", 1)[-1]
    return RULE.finding(
        f"`{layer.called}` is used as `x @ {name}`, so its inputs are on axis 0, but the scale is "
        f"taken from axis 1{factor}; {remedy}",
        call.span,
        subjects=subjects(layers),
        related=constructors([layer]),
        fix=fix,
        layer=label([layer]),
    )


def _count_inputs(execution: InitCall, file: str) -> Fix | None:
    """The other axis, where the scale is worked out from one read of a size in the same file."""
    indices = {origin.index for origin in execution.origins if origin.axis == _OUTPUTS}
    index = indices.pop() if len(indices) == 1 else None
    if index is None or index.file != file:
        return None
    return Fix("Count the inputs", Applicability.UNSAFE, (ReplaceExpression(index, "0"),))
