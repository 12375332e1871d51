"""
## What it does
Finds hidden linear and convolution layers whose weight is left at torch's default.

## Why is this bad?
It is a policy, not a mistake: the rule is off unless selected. torch's default, U(±1/sqrt(fan_in)), was kept for
compatibility. Its weight variance is 1/3 over fan_in, six times below He's; shallow and normalised nets train well with
it. Projects that want the choice to be visible for each layer can ask for it here; where it is known to hurt, INI101
says so without being asked.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(256, 10)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Fix safety
Unsafe: other numbers are drawn. The fix takes the initialiser that fits the activation behind the layer.

## References
- [pytorch#18182](https://github.com/pytorch/pytorch/issues/18182)
- [pytorch#57109](https://github.com/pytorch/pytorch/issues/57109)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.follow import End, Reached
from initlint.model.program import Layer, Program
from initlint.model.queries import layer_name, weight_subject
from initlint.model.runs import is_head
from initlint.model.source import Span
from initlint.rules._layers import (
    activation_at,
    activation_related,
    nonlinearity_of,
    recommended,
    reinitialize_alike,
)
from initlint.rules.rule import Rule
from initlint.signal.activations import Recommendation

RULE: Final = Rule("INI410", "missing-init", Severity.NOTE, on=False, fix=Applicability.UNSAFE)

_KINDS: Final = frozenset(
    {
        "Linear", "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
    }
)


def check(program: Program) -> Iterator[Finding]:
    found: dict[Span, list[tuple[Layer, Recommendation]]] = {}
    for layer in program.layers:
        following = program.followings[layer.index]
        if layer.kind not in _KINDS or not _is_default(layer) or not following.complete:
            continue
        if all(_is_output(program, reached) for reached in following.ends):
            continue
        found.setdefault(layer.site, []).append((layer, recommended(program, following)))
    for site, wanted in found.items():
        fix = reinitialize_alike(program, wanted, site.file)
        for layer, advice in wanted:
            yield _finding(program, layer, advice, fix)


def _is_output(program: Program, reached: Reached) -> bool:
    """Whether a layer's signal ends here: nothing follows, or the activation of an output head."""
    if reached.end is not End.ACTIVATION or reached.node is None:
        return reached.end in (End.OUTPUT, End.UNUSED)
    nonlinearity = nonlinearity_of(program, reached)
    return nonlinearity is not None and is_head(program.graph, nonlinearity, reached.node)


def _finding(program: Program, layer: Layer, advice: Recommendation, fix: Fix | None) -> Finding:
    sole = program.followings[layer.index].sole
    before = "" if sole is None else f" before {activation_at(program, sole, layer.site.file)}"
    return RULE.finding(
        f"the weight of `{layer.called}`{before} is left at torch's default; `{advice.call('weight')}` fits",
        layer.site,
        subjects=frozenset({weight_subject(layer)}),
        related=() if sole is None else activation_related(program, sole),
        layer=layer_name(layer),
        fix=fix,
    )


def _is_default(layer: Layer) -> bool:
    weight = layer.weight
    if weight is None or not weight.complete or weight.loaded or not weight.trainable or not weight.finals:
        return False
    return not any(event.explicit for event in weight.finals)
