"""
## What it does
Finds attributes that hold a tensor computed from an `nn.Parameter` instead of the parameter itself.

## Why is this bad?
`nn.Parameter(x) * 0.02` is a plain tensor, the result of a multiplication. The module does not register it: it is
missing from `parameters()`, so no optimizer ever trains it, it is missing from `state_dict()`, and `.to(device)`
leaves it behind. The parameter it was computed from is dropped at once. The same holds for `.clone()`, `.view(…)`,
`.half()` and for a move to another device.

## Example
```python
import torch
import torch.nn as nn


class PatchEmbedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(48, 64)
        self.position = nn.Parameter(torch.randn(1, 16, 64)) * 0.02

    def forward(self, x):
        return self.proj(x) + self.position
```

## Use instead
```python
import torch
import torch.nn as nn


class PatchEmbedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(48, 64)
        self.position = nn.Parameter(torch.randn(1, 16, 64) * 0.02)

    def forward(self, x):
        return self.proj(x) + self.position
```

## Fix safety
Unsafe: the tensor becomes a parameter, so it appears in `state_dict()` and is trained.

## References
- [torch.nn.parameter.Parameter](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import WidenCall
from initlint.model.events import LostParameter
from initlint.model.finding import Applicability, Finding, Fix, Severity, call_subject
from initlint.model.program import Program
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI007", "parameter-expression", Severity.ERROR, fix=Applicability.UNSAFE)

_SIGNS: Final = {"mul": "`* …`", "div": "`/ …`", "add": "`+ …`", "sub": "`- …`", "neg": "the minus", "getitem": "`[…]`"}


def check(program: Program) -> Iterator[Finding]:
    for event in program.events_of(LostParameter):
        operation = _SIGNS.get(event.operations[-1], f"`.{event.operations[-1]}()`")
        path = f"{event.module}.{event.name}" if event.module else event.name
        consequence = "the optimizer never sees it and" if event.trainable else "it is not registered and"
        yield RULE.finding(
            f"{operation} turns the `nn.Parameter` into a plain tensor: {consequence} `state_dict()` lacks "
            f"{these([path])}; write the expression inside `nn.Parameter(…)`",
            event.expression,
            subjects=frozenset({call_subject(event.expression), call_subject(event.call.span), path}),
            layer=f"{event.owner}.{event.name}" if event.owner else event.name,
            fix=_fix(event),
        )


def _fix(event: LostParameter) -> Fix | None:
    if event.expression == event.call.span:
        return None
    change = WidenCall(event.call, event.expression)
    return Fix("Move the expression inside `nn.Parameter`", Applicability.UNSAFE, (change,))
