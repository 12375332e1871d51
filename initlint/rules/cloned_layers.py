"""
## What it does
Finds layers that start as exact copies of one another: `copy.deepcopy` of a layer, `nn.TransformerEncoder(layer, n)`.

## Why is this bad?
The copies hold the same numbers, so a stack of them starts as one layer applied again and again. They drift apart in
training, as each sits at another depth; what is lost is small and not measured for every model, so the rule is off
unless selected. Initialising every matrix after copying, as `nn.Transformer` does, makes them independent.

## Example
```python
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4, 128)
        self.layers = nn.TransformerEncoder(layer, 6)

    def forward(self, x):
        return self.layers(x)
```

## Use instead
```python
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4, 128)
        self.layers = nn.TransformerEncoder(layer, 6)
        for parameter in self.layers.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(self, x):
        return self.layers(x)
```

## References
- [pytorch#86274](https://github.com/pytorch/pytorch/issues/86274)
- [pytorch#72253](https://github.com/pytorch/pytorch/issues/72253)
- [harvardnlp/annotated-transformer#9](https://github.com/harvardnlp/annotated-transformer/issues/9)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.events import Cloned
from initlint.model.finding import Finding, Severity, call_subject
from initlint.model.program import Program
from initlint.model.weights import Parameter
from initlint.rules._words import place_name, these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI409", "cloned-layers", Severity.NOTE, on=False)


def check(program: Program) -> Iterator[Finding]:
    for event in program.events_of(Cloned):
        if event.paired:        # a target network, an average of the weights: meant to start the same
            continue
        same = [path for path in event.copies if _keeps_a_matrix(program, path, event.order)]
        if len(same) < 2:
            continue
        yield RULE.finding(
            f"{these(same)} start with the same numbers; initialise them after copying to make them differ",
            event.call.span,
            subjects=frozenset({call_subject(event.call.span)}),
            layer=place_name(program, same[0]),
        )


def _keeps_a_matrix(program: Program, path: str, order: int) -> bool:
    """Whether a trainable matrix below `path` still holds what it was copied with."""
    return any(
        _is_kept(parameter, order)
        for module in program.modules
        if module.path == path or module.path.startswith(f"{path}.")
        for parameter in module.parameters.values()
    )


def _is_kept(parameter: Parameter, order: int) -> bool:
    if not parameter.trainable or not parameter.complete or parameter.loaded:
        return False
    matrix = parameter.rank is not None and parameter.rank > 1
    return matrix and bool(parameter.draws) and all(draw.order < order for draw in parameter.draws)
