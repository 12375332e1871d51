"""
## What it does
Finds a stack of matrices (three or more dimensions, multiplied by `bmm`, a batched `matmul` or `einsum`) that is
initialised as a whole with Xavier, `kaiming_*` or `orthogonal_`.

## Why is this bad?
torch takes every dimension behind the second for a convolution's kernel, so the stack's own sizes multiply into the
fans. Eight experts of 512 by 2048 get weights of 1/415 of the variance that Xavier gives each of them alone.

## Example
```python
import torch
import torch.nn as nn


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(8, 512, 2048))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x):
        return torch.bmm(x, self.weight)
```

## Use instead
```python
import torch
import torch.nn as nn


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(8, 512, 2048))
        for matrix in self.weight:
            nn.init.xavier_uniform_(matrix)

    def forward(self, x):
        return torch.bmm(x, self.weight)
```

## Fix safety
Unsafe: the weights are drawn from a wider distribution.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html): how fans are computed from a shape
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from initlint.model.change import Change, ReplaceExpression, SetArgument, WrapStatement
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Layer, Program
from initlint.model.source import Call
from initlint.rules._fans import KAIMING, XAVIER, scheme_call
from initlint.rules._layers import constructors, label, subjects
from initlint.rules._words import times
from initlint.rules.rule import Rule

RULE: Final = Rule("INI507", "stacked-parameter-fan", Severity.WARNING, fix=Applicability.UNSAFE)

_FAN_BASED: Final = KAIMING | XAVIER | {"orthogonal_"}
_STACKED: Final = frozenset({"bmm", "einsum"})
_ROWS: Final = 1
_OTHER_MODE: Final[Mapping[object, str]] = {"fan_in": "fan_out", "fan_out": "fan_in"}


def check(program: Program) -> Iterator[Finding]:
    told: set[str] = set()
    for layer in program.layers:
        if layer.kind != "Parameter" or layer.full_path in told or not _is_stack(layer):
            continue
        decided = scheme_call(program, layer, _FAN_BASED)
        if decided is not None:
            told.add(layer.full_path)
            yield _finding(layer, *decided)


def _is_stack(layer: Layer) -> bool:
    shape, batch = layer.weight.shape if layer.weight is not None else None, layer.settings.get("batch_axes")
    if shape is None or len(shape) < 3 or shape[0] == 1:
        return False
    return layer.settings.get("use") in _STACKED and isinstance(batch, int) and batch >= 1


def _finding(layer: Layer, call: Call, execution: InitCall) -> Finding:
    factor = _factor(layer, execution)
    effect = "" if factor is None else f": the variance is {times(factor)} too {'small' if factor < 1 else 'large'}"
    return RULE.finding(
        f"`{layer.called}` is a stack of matrices, but `{execution.event.function}` takes it for one kernel{effect}; "
        "initialise each matrix in a loop",
        call.span,
        subjects=subjects([layer]),
        related=constructors([layer]),
        fix=_fix(layer, call, execution),
        layer=label([layer]),
    )


def _factor(layer: Layer, execution: InitCall) -> float | None:
    """The variance over the one that Xavier gives each matrix, None for other schemes and sizes that are not known."""
    shape = layer.weight.shape if layer.weight is not None else None
    if shape is None or len(shape) != 3 or execution.event.function not in XAVIER:
        return None
    sizes = [size for size in shape if size is not None]
    if len(sizes) < 3 or not math.prod(sizes):
        return None
    stack, rows, columns = sizes
    return (rows + columns) / (rows * columns + stack * columns)


def _fix(layer: Layer, call: Call, execution: InitCall) -> Fix | None:
    """The statement in a loop over the first axis, on each of its matrices."""
    shape = layer.weight.shape if layer.weight is not None else None
    if execution.tensor is None or shape is None or len(shape) != 3 or call.function.startswith("torch.Tensor."):
        return None
    changes: list[Change] = [
        WrapStatement(call.span, "for matrix in {0}:", (execution.tensor,)),
        ReplaceExpression(execution.tensor, "matrix"),
    ]
    if execution.event.function in KAIMING:
        axis, mode = layer.settings.get("fan_axis"), execution.event.arguments.get("mode")
        written = call.argument("mode", 2)
        if axis is None or mode not in _OTHER_MODE or (written is not None and not written.literal):
            return None
        if axis == _ROWS:       # torch takes a matrix for (outputs, inputs)
            changes.append(SetArgument(call, "mode", repr(_OTHER_MODE[mode]), 2))
    return Fix("Initialise each matrix", Applicability.UNSAFE, tuple(changes))
