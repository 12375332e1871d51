"""
## What it does
Finds `kaiming_*` on a transposed convolution whose real number of inputs is more than eight times off the fan torch
counts, with no normalisation behind it.

## Why is this bad?
The weight of a transposed convolution is laid out (in, out, ...), so torch's fan_in counts the outputs; and of the k²
taps only k²/stride² meet an input. From 128 channels to 3 with a 4×4 kernel and stride 2 the output gets a second
moment of 21 instead of 2, and two thirds of a tanh image are saturated; from 512 to 256 with stride 8 it gets 0.06.
Output heads are reported as well.

## Example
```python
import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(128, 3, 4, stride=2, padding=1)
        nn.init.kaiming_normal_(self.up.weight)

    def forward(self, z):
        return torch.tanh(self.up(z))
```

## Use instead
```python
import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(128, 3, 4, stride=2, padding=1)
        nn.init.normal_(self.up.weight, std=(2 * 4 / (128 * 16)) ** 0.5)

    def forward(self, z):
        return torch.tanh(self.up(z))
```

## Fix safety
Unsafe: the weights are drawn from another distribution.

## References
- [torch.nn.ConvTranspose2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html): the layout
  of the weight
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers: fan_in is the number of connections of one response
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from initlint.model.change import ReplaceInit
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Layer, Program
from initlint.model.scale import nominal_s2
from initlint.model.source import Call
from initlint.rules._fans import KAIMING, no_norm_follows, scheme_call, spread
from initlint.rules._layers import constructors, label, right_for_all, subjects
from initlint.rules._runs import number
from initlint.rules._words import these
from initlint.rules.rule import Rule
from initlint.signal.gains import calculate_gain

RULE: Final = Rule("INI504", "conv-transpose-fan", Severity.WARNING, fix=Applicability.UNSAFE)

_LARGEST: Final = 8.0


@dataclass(frozen=True, slots=True)
class _Sizes:
    inputs: int
    outputs: int
    groups: int
    taps: int
    strides: int

    def ratio(self, mode: str) -> float:
        """The variance the weight gets over the one that was asked for."""
        if mode == "fan_out":
            return 1.0 / (self.groups * self.strides)
        return self.inputs / (self.outputs * self.strides)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A layer whose weight gets `ratio` times the variance that was asked for."""

    layer: Layer
    execution: InitCall
    sizes: _Sizes
    ratio: float


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, list[_Wrong]] = {}
    for layer in program.layers:
        if not layer.kind.startswith("ConvTranspose"):
            continue
        decided, sizes = scheme_call(program, layer, KAIMING), _sizes(layer)
        if decided is None or sizes is None or not no_norm_follows(program, layer):
            continue
        mode = decided[1].event.arguments.get("mode")
        ratio = sizes.ratio(mode.lower()) if isinstance(mode, str) else 1.0
        if not 1.0 / _LARGEST <= ratio <= _LARGEST:
            found.setdefault(decided[0], []).append(_Wrong(layer, decided[1], sizes, ratio))
    for call, wrong in found.items():
        yield _finding(program, call, wrong)


def _sizes(layer: Layer) -> _Sizes | None:
    settings = layer.settings
    axes = 0 if layer.weight is None else (layer.weight.rank or 2) - 2
    inputs, outputs, groups = (settings.get(name) for name in ("in_channels", "out_channels", "groups"))
    kernel, stride = spread(settings.get("kernel_size"), axes), spread(settings.get("stride", 1), axes)
    groups = 1 if groups is None else groups
    if not (isinstance(inputs, int) and isinstance(outputs, int) and isinstance(groups, int)):
        return None
    if kernel is None or stride is None or not (inputs and outputs and groups):
        return None
    return _Sizes(inputs, outputs, groups, math.prod(kernel), math.prod(stride))


def _finding(program: Program, call: Call, wrong: list[_Wrong]) -> Finding:
    first, layers = wrong[0], [each.layer for each in wrong]
    function, arguments = _corrected(call, first.sizes, _gain_squared(first.execution))
    advice = f"{function}(weight, {', '.join(arguments)})"
    ratios = {round(each.ratio, 6) for each in wrong}
    ratio = max(ratios, key=lambda each: max(each, 1 / each))
    factor = f"{number(ratio)} times" if ratio > 1 else f"1/{number(1 / ratio)} of"
    fix = None
    if len({each.sizes for each in wrong}) == 1 and right_for_all(program, call, {layer.index for layer in layers}):
        fix = Fix(f"Use `{advice}`", Applicability.UNSAFE, (ReplaceInit(call, function, arguments),), (call.span,))
    gets = "their outputs get" if len({layer.called for layer in layers}) > 1 else "its output gets"
    names = these(layer.called for layer in layers)
    if first.execution.event.arguments.get("mode") == "fan_in":
        why = f"torch takes the fan of {names} from the wrong side of its transposed layout"
    else:
        share = first.sizes.groups * first.sizes.strides
        why = f"torch's fan_out counts all taps and groups of {names}, of which an output meets one in {share}"
    return RULE.finding(
        f"{why}: {gets} {'up to ' if len(ratios) > 1 and ratio > 1 else ''}{factor} the variance asked for; "
        f"use `{advice}`",
        call.span,
        subjects=subjects(layers),
        related=constructors(layers),
        fix=fix,
        layer=label(layers),
    )


def _corrected(call: Call, sizes: _Sizes, gain2: float) -> tuple[str, tuple[str, ...]]:
    """The function that draws from the same family with the variance that was asked for, and its arguments."""
    uniform = "uniform" in call.short_name
    factors = [f"{factor:g}" for factor in (3 if uniform else 1, gain2, sizes.strides) if factor != 1] or ["1"]
    root = f"({' * '.join(factors)} / ({sizes.inputs // sizes.groups} * {sizes.taps})) ** 0.5"
    return ("uniform_", (f"-{root}", root)) if uniform else ("normal_", (f"std={root}",))


def _gain_squared(execution: InitCall) -> float:
    arguments = execution.event.arguments
    family = arguments.get("nonlinearity", "leaky_relu")
    nominal = nominal_s2(execution.event)
    if nominal is not None:
        return round(nominal, 6)
    return round(calculate_gain(family, arguments.get("a", 0.0)) ** 2, 6) if isinstance(family, str) else 2.0
