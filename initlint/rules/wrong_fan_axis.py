"""
## What it does
Finds bounds and deviations that are computed from the first axis of the very weight they initialise.

## Why is this bad?
The weight of a linear layer is stored as (out, in) and that of a convolution as (out, in, *kernel): `weight.size(0)`
counts outputs. A bound of 1/sqrt(size(0)) is off by in/out in variance. `Linear(33, 400)` multiplies the variance of
its input by 0.028 where 1/sqrt(fan_in) gives 0.33, twelve times less. In a net of three layers that is hardly felt;
it compounds with every further layer.

## Example
```python
import math

import torch.nn as nn


def hidden_bound(layer):
    fan_in = layer.weight.size(0)
    return 1 / math.sqrt(fan_in)


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(33, 400)
        self.fc2 = nn.Linear(400, 4)
        bound = hidden_bound(self.fc1)
        nn.init.uniform_(self.fc1.weight, -bound, bound)

    def forward(self, state):
        return self.fc2(self.fc1(state).relu()).tanh()
```

## Use instead
```python
import math

import torch.nn as nn


def hidden_bound(layer):
    fan_in = layer.weight.size(1)
    return 1 / math.sqrt(fan_in)


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(33, 400)
        self.fc2 = nn.Linear(400, 4)
        bound = hidden_bound(self.fc1)
        nn.init.uniform_(self.fc1.weight, -bound, bound)

    def forward(self, state):
        return self.fc2(self.fc1(state).relu()).tanh()
```

## Fix safety
Unsafe: other numbers are drawn. Where the weight may belong to a convolution the fix asks torch for the fan_in.

## References
- [udacity/deep-reinforcement-learning#14](https://github.com/udacity/deep-reinforcement-learning/issues/14)
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from initlint.model.change import Change, ReplaceExpression
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.follow import End
from initlint.model.program import InitCall, Layer, Origin, Program
from initlint.model.queries import calls_alike, place_of, subjects_of
from initlint.model.source import Span
from initlint.rules._words import times
from initlint.rules.rule import Rule

RULE: Final = Rule("INI008", "wrong-fan-axis", Severity.ERROR, fix=Applicability.UNSAFE)

_SCALES: Final = frozenset({"a", "b", "from", "from_", "to", "std"})
_DRAWS: Final = frozenset({"uniform_", "normal_", "trunc_normal_"})
_KERNELS: Final = {"Linear": 0, "Conv1d": 1, "Conv2d": 2, "Conv3d": 3}


def check(program: Program) -> Iterator[Finding]:
    for read, draws in _draws_by_read(program).items():
        wrong = tuple(execution for _, group in draws for execution in group if _is_wrong(program, execution))
        layer = _layer(program, wrong[0])
        assert layer is not None, "a wrong fan is that of a layer"
        yield RULE.finding(
            _message(layer),
            read,
            subjects=subjects_of(wrong),
            related=tuple(Related(span, "what is drawn with it") for span, _ in draws if span != read),
            layer=place_of(program, wrong),
            fix=_agreed_fix(program, draws),
        )


def _draws_by_read(program: Program) -> dict[Span, list[tuple[Span, tuple[InitCall, ...]]]]:
    """The draws that follow a wrong fan, by where that is read."""
    found: dict[Span, list[tuple[Span, tuple[InitCall, ...]]]] = {}
    for span, group in calls_alike(program):
        wrong = next((each for each in group if each.event.function in _DRAWS and _is_wrong(program, each)), None)
        origin = _first_axis(wrong) if wrong is not None else None
        if origin is not None:
            found.setdefault(origin.span or span, []).append((span, group))
    return found


def _layer(program: Program, execution: InitCall) -> Layer | None:
    return None if execution.layer is None else program.layers[execution.layer]


def _first_axis(execution: InitCall) -> Origin | None:
    """The read of the first axis, where the scale depends on no other size of the weight but those of its kernel, and
    no name on the way says that outputs were meant. With its kernel's the first axis is a fan that many mean: there a
    name has to say that it is the inputs'."""
    reads = [origin for origin in execution.origins if origin.axis is not None and origin.argument in _SCALES]
    names = {name.lower() for origin in reads for name in origin.names}
    first = next((origin for origin in reads if origin.axis == 0), None)
    if first is None or any(origin.axis == 1 for origin in reads) or any("out" in name for name in names):
        return None
    alone = all(origin.axis == 0 for origin in reads)
    return first if alone or any("in" in name.split("_") for name in names) else None


def _is_product(execution: InitCall) -> bool:
    return any(origin.axis not in (None, 0) for origin in execution.origins)


def _is_wrong(program: Program, execution: InitCall) -> bool:
    layer = _layer(program, execution)
    if layer is None or execution.parameter != "weight" or layer.kind not in _KERNELS or _first_axis(execution) is None:
        return False
    return not _is_head(program, layer) and (layer.fan_in is None or layer.fan_in != _outputs(layer))


def _is_head(program: Program, layer: Layer) -> bool:
    """Whether the output of the layer is the model's: there the scale is the author's choice."""
    ends = program.followings[layer.index].ends
    return bool(ends) and all(reached.end is End.OUTPUT for reached in ends)


def _outputs(layer: Layer) -> int | None:
    return layer.weight.shape[0] if layer.weight is not None and layer.weight.shape else None


def _message(layer: Layer) -> str:
    axis = "`size(1)`" if layer.kind == "Linear" else "`size(1)` times the kernel"
    outputs = _outputs(layer)
    if outputs is None or layer.fan_in is None:
        return f"the first axis of `{layer.called}.weight` counts its outputs; its fan_in is {axis}"
    size = "large" if layer.fan_in > outputs else "small"
    return (
        f"the first axis of `{layer.called}.weight` counts its {outputs} outputs, its fan_in is {layer.fan_in} "
        f"({axis}): the variance comes out {times(layer.fan_in / outputs)} too {size}; that is little in a shallow net "
        "and compounds with depth"
    )


def _agreed_fix(program: Program, draws: Sequence[tuple[Span, tuple[InitCall, ...]]]) -> Fix | None:
    """The fix that is right for all that is drawn with the fan."""
    fixes = {_fix(program, group) for _, group in draws}
    return fixes.pop() if len(fixes) == 1 else None


def _fix(program: Program, group: tuple[InitCall, ...]) -> Fix | None:
    origin = next(origin for each in group if _is_wrong(program, each) and (origin := _first_axis(each)) is not None)
    layers = [_layer(program, execution) for execution in group]
    if any(layer is None or layer.kind not in _KERNELS for layer in layers) or any(map(_is_product, group)):
        return None
    change: Change
    if origin.index is not None and origin.span is not None and origin.index.file != origin.span.file:
        return None
    if origin.index is not None and all(layer is not None and layer.kind == "Linear" for layer in layers):
        change = ReplaceExpression(origin.index, "1")
    elif origin.span is not None and origin.tensor is not None:
        change = ReplaceExpression(origin.span, "{init}._calculate_fan_in_and_fan_out({0})[0]", (origin.tensor,))
    else:
        return None
    return Fix("Count the inputs", Applicability.UNSAFE, (change,))
