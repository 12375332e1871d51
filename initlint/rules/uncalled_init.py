"""
## What it does
Finds functions and methods that initialise weights and that the program never calls.

## Why is this bad?
The model trains with torch's default instead of what is written, and the file reads as if it did not. The usual slips
are a forgotten `self.apply(self._init_weights)` and forgotten parentheses: `self.init_weights` alone names the method
and runs nothing.

In a file that defines models without using them the caller may be elsewhere, so the rule is on only in files that
also build or train the model.

## Example
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)
        self.init_weights

    def init_weights(self):
        nn.init.xavier_uniform_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(self.fc1(x).tanh())


optimizer = torch.optim.SGD(Net().parameters(), lr=0.1)
```

## Use instead
```python
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)
        self.init_weights()

    def init_weights(self):
        nn.init.xavier_uniform_(self.fc1.weight)
        nn.init.zeros_(self.fc1.bias)

    def forward(self, x):
        return self.fc2(self.fc1(x).tanh())


optimizer = torch.optim.SGD(Net().parameters(), lr=0.1)
```

## References
- [lavi135246/pytorch-Learning-to-See-in-the-Dark#17](https://github.com/lavi135246/pytorch-Learning-to-See-in-the-Dark/issues/17)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.events import UnusedDefinition
from initlint.model.finding import Finding, Related, Severity, call_subject
from initlint.model.program import Program
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI406", "uncalled-init", Severity.WARNING, closed_world=True)


def check(program: Program) -> Iterator[Finding]:
    initialised = any(call.layer is not None for call in program.calls)
    for event in program.events_of(UnusedDefinition):
        # of several functions for any model a program takes one
        if not event.calls or (initialised and not event.parameters):
            continue
        name = event.name.rsplit(".", 1)[-1]
        what = these(event.parameters) if event.parameters else "weights"
        if event.mention is not None:
            message = f"`{name}` is named here and not called: {what} keep torch's default; add the parentheses"
        else:
            message = f"nothing calls `{name}`, which was to initialise {what}: torch's default stays"
        yield RULE.finding(
            message,
            event.mention or event.span,
            subjects=frozenset({call_subject(event.span), *event.parameters}),
            related=(Related(event.span, "defined here"),) if event.mention is not None else (),
            layer=event.name,
        )
