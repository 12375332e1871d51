"""
## What it does
Finds initialisers that overwrite the zero row of an `nn.Embedding` built with `padding_idx`.

## Why is this bad?
`nn.Embedding(n, d, padding_idx=0)` sets row 0 to zero and keeps its gradient at zero. A later `normal_` or
`xavier_uniform_` over the whole table fills that row with random numbers, and as it is never trained it keeps them:
every padding token adds the same noise to sums and means for good.

## Example
```python
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 64, padding_idx=0)
        self.out = nn.Linear(64, 17)
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, tokens):
        return self.out(self.embed(tokens).sum(dim=1))
```

## Use instead
```python
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 64, padding_idx=0)
        self.out = nn.Linear(64, 17)
        nn.init.normal_(self.embed.weight, std=0.02)
        nn.init.zeros_(self.embed.weight[0])

    def forward(self, tokens):
        return self.out(self.embed(tokens).sum(dim=1))
```

## Fix safety
Unsafe: the padding row becomes zero again, which changes what the model computes for padding.

## References
- [torch.nn.Embedding](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html)
- [pytorch#6495](https://github.com/pytorch/pytorch/issues/6495)
- [microsoft/Graphormer#41](https://github.com/microsoft/Graphormer/issues/41)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import InsertAfter
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.program import InitCall, Layer, Program
from initlint.model.queries import calls_alike, place_of, subjects_of
from initlint.model.weights import Parameter
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI408", "padding-row-overwritten", Severity.WARNING, fix=Applicability.UNSAFE)

_TABLES: Final = frozenset({"Embedding", "EmbeddingBag"})
_RANDOM: Final = frozenset(
    {
        "uniform_", "normal_", "trunc_normal_", "xavier_uniform_", "xavier_normal_", "kaiming_uniform_",
        "kaiming_normal_", "orthogonal_", "sparse_", "ones_",
    }
)


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        lost = tuple(execution for execution in group if _is_lost(program, execution))
        layers = [program.layers[execution.layer] for execution in lost if execution.layer is not None]
        if not layers:
            continue
        indices = {layer.settings["padding_idx"] for layer in layers}
        row = f"padding row {indices.pop()}" if len(indices) == 1 else "the padding row"
        yield RULE.finding(
            f"this fills {row} of {these(layer.called for layer in layers)}, which gets no gradient and "
            "so stays filled; zero it again",
            span,
            subjects=subjects_of(lost),
            related=(Related(layers[0].site, "padding_idx is set here"),),
            layer=place_of(program, lost),
            fix=_fix(group, lost, layers),
        )


def _is_lost(program: Program, execution: InitCall) -> bool:
    if execution.layer is None or execution.parameter != "weight" or execution.event.function not in _RANDOM:
        return False
    layer = program.layers[execution.layer]
    index = layer.settings.get("padding_idx")
    if layer.kind not in _TABLES or not isinstance(index, int) or isinstance(index, bool) or layer.weight is None:
        return False
    return not execution.event.partial and _stays(layer.weight, execution.event.order)


def _stays(weight: Parameter, order: int) -> bool:
    """Whether the write of that order is the last one, whichever way the table was written."""
    return weight.complete and bool(weight.histories) and all(
        bool(history) and history[-1].order == order for history in weight.histories
    )


def _fix(group: tuple[InitCall, ...], lost: tuple[InitCall, ...], layers: list[Layer]) -> Fix | None:
    first = lost[0]
    indices = {layer.settings["padding_idx"] for layer in layers}
    own = first.call.scope.rpartition(".")[0] == layers[0].owner and first.call.span.file == layers[0].owner_file
    if len(group) == len(lost) and len(indices) == 1 and first.tensor is not None and (own or first.owner is None):
        lines: tuple[str, ...] = (f"{{init}}.zeros_({{0}}[{indices.pop()}])",)
        parts = (first.tensor,)
    elif first.owner is not None:
        lines = (
            "if getattr({0}, \"padding_idx\", None) is not None:",
            "    {init}.zeros_({0}.weight[{0}.padding_idx])",
        )
        parts = (first.owner,)
    else:
        return None
    return Fix("Zero the padding row again", Applicability.UNSAFE, (InsertAfter(first.call.span, lines, parts),))
