"""
## What it does
Finds layers whose weight is filled with zeros and whose output goes straight into a normalisation, or that are
reparametrised by weight or spectral norm.

## Why is this bad?
A norm divides by the standard deviation of its input, here √eps. So the first gradient is over a hundred times what
it would be, and the first step throws the weight far off: after 300 SGD steps the loss of a small net was 0.7 to 1.1
where random weights gave 0.4 to 0.7. Weight norm and spectral norm divide by the norm of the weight itself: 0/0,
every output is NaN (an error).

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 64)
        self.norm = nn.LayerNorm(64)
        self.fc2 = nn.Linear(64, 10)
        nn.init.zeros_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(F.gelu(self.norm(self.fc1(x))))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(32, 64)
        self.norm = nn.LayerNorm(64)
        self.fc2 = nn.Linear(64, 10)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(F.gelu(self.norm(self.fc1(x))))
```

## Fix safety
Unsafe: the weight gets random values.

## References
- Ioffe, Szegedy (2015), Batch Normalization
- Salimans, Kingma (2016), Weight Normalization
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from initlint.model.finding import Applicability, Finding, Severity
from initlint.model.graph import Node
from initlint.model.program import Layer, Program
from initlint.model.scale import settled
from initlint.model.zeros import BiasState, bias_state, is_zero
from initlint.rules._layers import constructors, label, place, recommended, reinitialize, subjects
from initlint.rules._norms import CENTRING, norms_reading
from initlint.rules._runs import number
from initlint.rules.rule import Rule

RULE: Final = Rule("INI204", "zero-under-norm", Severity.WARNING, fix=Applicability.UNSAFE)

_WEIGHTED: Final = ("Linear", "Conv", "Bilinear")
_DIVIDES_BY_ITSELF: Final = frozenset({"weight_norm", "spectral_norm"})


def check(program: Program) -> Iterator[Finding]:
    for layer in program.layers:
        if layer.kind.startswith(_WEIGHTED) and layer.weight is not None and is_zero(layer.weight):
            if layer.weight.reparametrized in _DIVIDES_BY_ITSELF and settled(layer.weight):
                yield _finding(program, layer, f"{layer.weight.reparametrized} divides it by its norm: 0/0 is NaN",
                               Severity.ERROR)
            elif norm := _norm(program, layer):
                name, eps = norm
                size = f"up to {number(eps**-0.5)} times" if eps else "very much"
                yield _finding(
                    program, layer, f"{name} divides by √eps, so its first gradient is {size} too large",
                    Severity.WARNING,
                )


def _norm(program: Program, layer: Layer) -> tuple[str, float | None] | None:
    """The norm that alone reads the layer's output, where nothing gives that output a spread, with its eps."""
    norms = norms_reading(program, layer)
    names = {norm.name for norm in norms}
    if len(names) != 1:
        return None
    state = bias_state(layer.bias, layer.bias_absent)
    constant = state in (BiasState.NOTHING, BiasState.POSITIVE, BiasState.NEGATIVE)
    centred = names <= CENTRING and state is not BiasState.UNKNOWN
    return (norms[0].name, _smallest_eps(norms)) if constant or centred else None


def _smallest_eps(norms: Sequence[Node]) -> float | None:
    """None where that of one is not known."""
    found = [norm.parameters.get("eps") for norm in norms]
    known = [eps for eps in found if isinstance(eps, float) and eps > 0]
    return min(known) if len(known) == len(found) else None


def _finding(program: Program, layer: Layer, effect: str, severity: Severity) -> Finding:
    span = place(layer)
    advice = recommended(program, program.followings[layer.index])
    return RULE.finding(
        f"`{layer.called}` is all zeros, and {effect}; use `{advice.call('weight')}`",
        span,
        severity=severity,
        subjects=subjects([layer]),
        related=constructors([layer]),
        fix=reinitialize(program, [layer], advice, span.file),
        layer=label([layer]),
    )
