"""
## What it does
Finds the old names of `torch.nn.init` without the trailing underscore: `xavier_uniform`, `kaiming_normal` and nine
more.

## Why is this bad?
They have been deprecated since torch 0.4 and give a `FutureWarning` at each call. They do the same as the functions
with the underscore, which says that the tensor is written in place.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.xavier_uniform(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.xavier_uniform_(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
```

## Fix safety
Safe: the old name calls the new one.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html)
- [pytorch#6093](https://github.com/pytorch/pytorch/issues/6093)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import RenameFunction
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import Program
from initlint.model.queries import place_of, spelled_alike
from initlint.rules.rule import Rule
from initlint.signal.initializers import DEPRECATED

RULE: Final = Rule("INI010", "deprecated-init-alias", Severity.NOTE, fix=Applicability.SAFE)

_INIT: Final = "torch.nn.init."


def check(program: Program) -> Iterator[Finding]:
    for call, group in spelled_alike(program):
        name = DEPRECATED.get(call.short_name)
        if name is None or not call.function.startswith(_INIT):
            continue
        yield RULE.finding(
            f"`{call.short_name}` is deprecated and warns at each call; write `{name}`",
            call.span,
            layer=place_of(program, group),
            fix=Fix(f"Use `{name}`", Applicability.SAFE, (RenameFunction(call, name),)),
        )
