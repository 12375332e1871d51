"""
## What it does
Finds two factors of one product that are both zero when training starts: both matrices of a low-rank update, a gate
or norm scale of zero on a branch whose last layer is zero too, two layers of zeros in a row, both halves of a gated
unit, queries and keys.

## Why is this bad?
The gradient of each factor is proportional to the other, so both are exactly zero at every step: nothing in the
branch ever moves. One zero factor is enough to start a branch at nothing, and it learns.

## Example
```python
import torch.nn as nn


class LoRALinear(nn.Module):
    def __init__(self, features=64, rank=8):
        super().__init__()
        self.base = nn.Linear(features, features)
        self.down = nn.Linear(features, rank, bias=False)
        self.up = nn.Linear(rank, features, bias=False)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.base(x) + self.up(self.down(x))
```

## Use instead
```python
import torch.nn as nn


class LoRALinear(nn.Module):
    def __init__(self, features=64, rank=8):
        super().__init__()
        self.base = nn.Linear(features, features)
        self.down = nn.Linear(features, rank, bias=False)
        self.up = nn.Linear(rank, features, bias=False)
        nn.init.kaiming_uniform_(self.down.weight, a=5**0.5)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.base(x) + self.up(self.down(x))
```

## References
- Hu et al. (2021), LoRA: Low-Rank Adaptation of Large Language Models
- Bachlechner et al. (2020), ReZero is All You Need: one zero, not two
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.finding import Finding, Related, Severity, call_subject
from initlint.model.program import Program
from initlint.model.source import Span
from initlint.model.zeros import DeadProduct, Factor, Pair, dead_products
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI202", "double-zero", Severity.ERROR)

_HOW: Final = {
    Pair.CHAIN: "follow one another",
    Pair.PRODUCT: "are multiplied",
    Pair.ATTENTION: "make the attention logits",
}


def check(program: Program) -> Iterator[Finding]:
    told: set[frozenset[str]] = set()
    for found in dead_products(program):
        kept = _kept(program, found)
        span = _place(kept) or _place(found.second) or _place(found.first)
        pair = frozenset({found.first.path, found.second.path})
        if span is not None and pair not in told:
            told.add(pair)
            yield _finding(found, kept, span)


def _kept(program: Program, found: DeadProduct) -> Factor:
    """The factor that is not to be zero: the layer before the scale of a norm, else the first of a chain."""
    layers = [factor for factor in (found.first, found.second) if not _is_scale(program, factor)]
    if len(layers) == 1:
        return layers[0]
    return found.first if found.kind is Pair.CHAIN else found.second


def _is_scale(program: Program, factor: Factor) -> bool:
    """Whether a factor is the weight of one of torch's norms."""
    module = program.module_at.get(factor.path.rpartition(".")[0])
    return factor.layer is None and module is not None and module.torch


def _place(factor: Factor) -> Span | None:
    """The write that zeroed a factor, else where its owner is built."""
    return factor.event.call.span if factor.event.call is not None else factor.site


def _finding(found: DeadProduct, kept: Factor, span: Span) -> Finding:
    first, second = found.first, found.second
    stuck = found.kind is Pair.ATTENTION
    effect = (
        "attention stays uniform for ever" if stuck else "the gradient of each is zero while the other is, so for ever"
    )
    rest = first if kept is second else second
    other = _place(rest)
    related = () if other is None or other == span else (Related(other, f"{these([rest.path])} is zero too"),)
    joined = () if found.span is None else (Related(found.span, "they meet here"),)
    return RULE.finding(
        f"{these([first.path, second.path])} both start at zero and {_HOW[found.kind]}: {effect}; "
        f"give {these([kept.path])} random values",
        span,
        severity=Severity.WARNING if stuck else Severity.ERROR,
        subjects=_subjects(first) | _subjects(second),
        related=(*related, *joined),
        layer=_name(second),
    )


def _subjects(factor: Factor) -> frozenset[str]:
    call = factor.event.call
    return frozenset({factor.path} | ({call_subject(call.span)} if call is not None else set()))


def _name(factor: Factor) -> str:
    layer = factor.layer
    return factor.path if layer is None else f"{layer.owner}.{layer.path}" if layer.owner else layer.path
