"""
## What it does
Finds Linear and Conv weights drawn from a normal distribution with a standard deviation of 0.5 or more.

Where the number of inputs is not known, it takes 0.85 or more: 0.5 is right for a layer of eight inputs.

## Why is this bad?
A sum over fan_in inputs with unit weights has a variance of fan_in: a layer of 512 inputs multiplies the signal's
variance by 512, and the initial loss of a 1000-way head is 50 instead of 6.9. Under batch norm the output is the
same, but the effective learning rate is divided by fan_in: after 300 steps a ten-layer net was at a loss of 2.11
instead of 1.40.

Embeddings, whose rows are looked up and not summed, are not reported, nor are the logits of a Gumbel softmax, nor
weights that the forward pass scales at run time (equalised learning rate).

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(512, 512)
        self.fc2 = nn.Linear(512, 10)
        nn.init.normal_(self.fc1.weight)

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
        self.fc1 = nn.Linear(512, 512)
        self.fc2 = nn.Linear(512, 10)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))
```

## Fix safety
Unsafe: the weights are drawn from a narrower distribution.

## References
- LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.program import Layer, Program
from initlint.model.queries import executions
from initlint.model.scale import settled
from initlint.model.source import Call
from initlint.rules._layers import SCHEMES, constructors, deciding_call, label, recommended, reinitialize, subjects
from initlint.rules._runs import number
from initlint.rules._scaled import is_scaled
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI302", "unit-normal-init", Severity.WARNING, fix=Applicability.UNSAFE)

_WEIGHTED: Final = ("Linear", "Conv")
_NORMAL: Final = frozenset({"normal", "truncated_normal"})
_SMALLEST_STD: Final = 0.5
_UNIT_STD: Final = 0.85
"""What counts where the number of inputs is not known: a unit normal, truncated at two standard deviations or not. A
smaller one may well be right for few inputs."""
_SMALLEST_FAN: Final = 16
_SCALE_FREE: Final = "spectral_norm"


def check(program: Program) -> Iterator[Finding]:
    found: dict[Call, list[Layer]] = {}
    for layer in program.layers:
        call = deciding_call(layer)
        if call is None or not layer.kind.startswith(_WEIGHTED) or not _is_unit_normal(layer):
            continue
        if program.followings[layer.index].applied and not is_scaled(program, layer) and not _draws(program, layer):
            found.setdefault(call, []).append(layer)
    for call, layers in found.items():
        if not _is_computed(program, call, layers) or _is_one_for_all(layers):
            yield _finding(program, call, layers)


def _is_unit_normal(layer: Layer) -> bool:
    weight = layer.weight
    if weight is None or not settled(weight) or weight.reparametrized == _SCALE_FREE:
        return False
    if layer.true_fan_in is not None and layer.true_fan_in < _SMALLEST_FAN:
        return False
    smallest = _UNIT_STD if layer.true_fan_in is None else _SMALLEST_STD
    return all(
        event.distribution is not None
        and event.distribution.kind in _NORMAL
        and event.distribution.std is not None
        and event.distribution.std >= smallest
        and not event.function.startswith(SCHEMES)
        for event in weight.finals
    )


def _is_computed(program: Program, call: Call, layers: list[Layer]) -> bool:
    """Whether the deviation is worked out, most likely from the size of the layer: a scheme of its own."""
    written = [argument for argument in call.arguments if argument.name in (None, "std")]
    if not written or written[-1].literal or len(written) <= _arguments_before(call):
        return False
    chosen = {layer.index for layer in layers}
    origins = [
        [origin.literal for origin in execution.origins if origin.argument == "std"]
        for execution in executions(program).get(call.span, ()) if execution.layer in chosen
    ]
    return not all(found and all(found) for found in origins)


def _is_one_for_all(layers: list[Layer]) -> bool:
    """Whether layers that differ in both fans get one deviation, which then comes from neither."""
    inputs = {layer.true_fan_in for layer in layers} - {None}
    outputs = {layer.fan_out for layer in layers} - {None}
    deviations = {
        event.distribution.std
        for layer in layers
        if layer.weight is not None
        for event in layer.weight.finals
        if event.distribution is not None
    }
    return len(inputs) > 1 and len(outputs) > 1 and len(deviations) == 1


def _arguments_before(call: Call) -> int:
    """How many arguments stand before the deviation: the tensor of a function, and the mean."""
    named = any(argument.name == "std" for argument in call.arguments)
    return (0 if call.function.startswith("torch.Tensor.") else 1) + (0 if named else 1)


def _draws(program: Program, layer: Layer) -> bool:
    """Whether the output are the logits of a random choice, which wide logits make varied (vector quantisation)."""
    return any(end.name == "gumbel_softmax" for end in program.followings[layer.index].activations)


def _finding(program: Program, call: Call, layers: list[Layer]) -> Finding:
    std = max(
        event.distribution.std or 0.0
        for layer in layers
        if layer.weight is not None
        for event in layer.weight.finals
        if event.distribution is not None
    )
    fans = [layer.true_fan_in for layer in layers if layer.true_fan_in]
    most = "up to " if len(set(fans)) > 1 else ""
    factor = f"by {most}{number(max(fans) * std * std)}" if fans else "by its number of inputs"
    advice = recommended(program, program.followings[layers[0].index])
    return RULE.finding(
        f"a standard deviation of {number(std)} makes {these(layer.called for layer in layers)} multiply the variance "
        f"{factor}; use `{advice.call('weight')}`",
        call.span,
        subjects=subjects(layers),
        related=constructors(layers),
        fix=reinitialize(program, layers, advice, call.span.file),
        layer=label(layers),
    )
