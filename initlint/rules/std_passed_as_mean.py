"""
## What it does
Finds `normal_` and `trunc_normal_` called with one small number and no `std`.

## Why is this bad?
The first number is the mean. `nn.init.normal_(w, 0.02)` draws from N(0.02, 1): the standard deviation is left at 1,
fifty times what was meant. A linear layer of 768 inputs then multiplies the variance of its input by 768 instead of
0.31; a small GPT starts at a loss of 37 where it should start at ln(vocabulary), about 7.

## Example
```python
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(768, 2304)
        nn.init.normal_(self.qkv.weight, 0.02)
        nn.init.zeros_(self.qkv.bias)

    def forward(self, x):
        return self.qkv(x).chunk(3, dim=-1)
```

## Use instead
```python
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(768, 2304)
        nn.init.normal_(self.qkv.weight, std=0.02)
        nn.init.zeros_(self.qkv.bias)

    def forward(self, x):
        return self.qkv(x).chunk(3, dim=-1)
```

## Fix safety
Unsafe: naming the number `std` changes what is drawn. That is the point of it.

## References
- [torch.nn.init.normal_](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from initlint.model.change import NameArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import argument_values, calls_alike, place_of, subjects_of
from initlint.model.source import UNKNOWN, Call
from initlint.rules.rule import Rule
from initlint.signal.gains import number

RULE: Final = Rule("INI006", "std-passed-as-mean", Severity.ERROR, fix=Applicability.UNSAFE)

_NORMAL: Final = frozenset({"normal_", "trunc_normal_"})
_CUT: Final = {"trunc_normal_": " between -2 and 2"}
"""What a function leaves of the normal distribution where it is told nothing else."""
_METHOD: Final = "torch.Tensor."
_DEVIATION: Final = re.compile(r"(?:^|_)(?:std|stddev|sigma|(?:init|initializer)_range)$")
"""Names of standard deviations."""
_LARGEST: Final = 0.5
"""Above this a number is no usual standard deviation of a weight, and may be a mean."""


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        function, call = group[0].event.function, group[0].call
        if function not in _NORMAL:
            continue
        matrices = tuple(execution for execution in group if _is_matrix(execution))
        meant = _meant(matrices) if _is_alone(call) else None
        if meant is None:
            continue
        shown = meant.removeprefix("-")
        fix = Fix(f"Write `std={shown}`", Applicability.UNSAFE, (NameArgument(call, _position(call), "std"),))
        yield RULE.finding(
            f"the first number of `{function}` is the mean: this draws N({meant}, 1){_CUT.get(function, '')}"
            f"{_effect(program, matrices)}; "
            f"write `std={shown}`",
            span,
            subjects=subjects_of(matrices),
            layer=place_of(program, matrices),
            fix=fix if shown == meant else None,
        )


def _is_matrix(execution: InitCall) -> bool:
    """Whether what is written may have two dimensions or more: a vector may well have a mean."""
    return execution.parameter != "bias" if execution.rank is None else execution.rank > 1


def _meant(group: tuple[InitCall, ...]) -> str | None:
    """What stands in the place of the mean and is a deviation: a small number, or one of which only the name is known.
    """
    means = argument_values(group, "mean") if group else ()
    value = number(means[0]) if len(means) == 1 else None
    if value is not None:
        return f"{value:g}" if 0 < abs(value) <= _LARGEST else None
    if not means or not all(mean is UNKNOWN or 0 < (number(mean) or 0) <= _LARGEST for mean in means):
        return None
    names = [origin.names[-1] for origin in group[0].origins if origin.argument == "mean" and origin.names]
    return names[0] if len(names) == 1 and _DEVIATION.search(names[0]) else None


def _position(call: Call) -> int:
    """Where the mean stands among the arguments: after the tensor, or first in a method."""
    return 0 if call.function.startswith(_METHOD) else 1


def _is_alone(call: Call) -> bool:
    """Whether the mean is passed by position, and nothing but the tensor and a generator stands beside it."""
    by_position = len(tuple(call.positional())) == _position(call) + 1
    return by_position and all(given.name in (None, "generator") for given in call.arguments)


def _effect(program: Program, matrices: tuple[InitCall, ...]) -> str:
    """What a unit deviation does to the first layer it reaches whose fan_in is known."""
    for execution in matrices:
        layer = program.layers[execution.layer] if execution.layer is not None else None
        drawn = execution.event.distribution
        variance = drawn.second_moment if drawn is not None else None
        if layer is not None and layer.true_fan_in and layer.kind != "Embedding" and variance is not None:
            return f", which multiplies the variance through `{layer.called}` by {round(layer.true_fan_in * variance)}"
    return ", of standard deviation 1"
