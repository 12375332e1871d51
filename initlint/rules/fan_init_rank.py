"""
## What it does
Finds initialisers that need a matrix or a convolution kernel and are given a tensor of another rank.

## Why is this bad?
Xavier, Kaiming and orthogonal initialisation count the inputs and outputs of a weight, which a vector does not have:
on a bias, or on the scale of a normalisation layer, torch raises `ValueError` while the model is built. `eye_` and
`sparse_` take matrices alone, `dirac_` the kernels of convolutions.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.xavier_uniform_(self.fc.weight)
        nn.init.xavier_uniform_(self.fc.bias)
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.xavier_uniform_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
```

## Fix safety
Safe: the call raises today. Biases are set to zero and the scales of normalisation layers to one, as torch's own
layers and the published models do; `eye_` on a kernel becomes `dirac_`, and the other way round. A call that reaches
vectors among matrices is put under a test of the rank.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html)
- [pytorch#3418](https://github.com/pytorch/pytorch/issues/3418)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from initlint.model.change import ReplaceInit, WrapStatement
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import calls_alike, place_of, subjects_of
from initlint.rules._words import targets
from initlint.rules.rule import Rule

RULE: Final = Rule("INI001", "fan-init-rank", Severity.ERROR, fix=Applicability.SAFE)

_FANS: Final = (2, None, "a tensor of two or more dimensions")
_MATRIX: Final = (2, 2, "a matrix")
_RANKS: Final[Mapping[str, tuple[int, int | None, str]]] = {
    "xavier_uniform_": _FANS,
    "xavier_normal_": _FANS,
    "kaiming_uniform_": _FANS,
    "kaiming_normal_": _FANS,
    "orthogonal_": _FANS,
    "sparse_": _MATRIX,
    "eye_": _MATRIX,
    "dirac_": (3, 5, "the kernel of a convolution"),
}
_COUNTERPART: Final = {"eye_": "dirac_", "dirac_": "eye_"}


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        function = group[0].event.function
        if function not in _RANKS or group[0].guarded:
            continue
        refused = tuple(call for call in group if call.rank is not None and not _accepts(function, call.rank))
        if not refused:
            continue
        ranks = sorted({call.rank for call in refused if call.rank is not None})
        yield RULE.finding(
            f"`{function}` needs {_RANKS[function][2]}, and {targets(refused)} {_being(refused)} "
            f"{' and '.join(f'{rank}-D' for rank in ranks)}: torch raises ValueError here",
            span,
            subjects=subjects_of(refused),
            layer=place_of(program, refused),
            fix=_fix(function, group, refused),
        )


def _accepts(function: str, rank: int) -> bool:
    least, most, _ = _RANKS[function]
    return rank >= least and (most is None or rank <= most)


def _being(refused: tuple[InitCall, ...]) -> str:
    return "are" if len({call.target for call in refused}) > 1 else "is"


def _fix(function: str, group: tuple[InitCall, ...], refused: tuple[InitCall, ...]) -> Fix | None:
    call = refused[0].call
    if len(refused) < len(group):
        tensor = refused[0].tensor
        if tensor is None or any(not _accepts(function, rank) for rank in (2, 3)):
            return None
        guard = WrapStatement(call.span, "if {0}.dim() > 1:", (tensor,))
        return Fix("Skip tensors of fewer than two dimensions", Applicability.SAFE, (guard,))
    instead = {_instead(function, execution) for execution in refused}
    replacement = instead.pop()
    if instead or replacement is None:
        return None
    return Fix(f"Use `{replacement}`", Applicability.SAFE, (ReplaceInit(call, replacement),))


def _instead(function: str, execution: InitCall) -> str | None:
    """What the parameter is commonly set to, None where that is not known."""
    counterpart = _COUNTERPART.get(function)
    if counterpart is not None and execution.rank is not None and _accepts(counterpart, execution.rank):
        return counterpart
    if execution.rank != 1:
        return None
    if execution.parameter == "bias":
        return "zeros_"
    return "ones_" if execution.parameter == "weight" and "Norm" in (execution.module_kind or "") else None
