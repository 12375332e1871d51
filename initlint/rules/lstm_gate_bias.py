"""
## What it does
Finds a positive constant written to the third quarter of an LSTM's bias.

## Why is this bad?
torch orders the gates i, f, g, o, so the forget gate is the second quarter, `bias[H:2*H]`. The third quarter, where
the forget gate stands in the order i, j, f, o of old TensorFlow, is the cell candidate: a constant there does not
help memory. Over twenty steps the gradient keeps about 1e-5 of itself, no more than without such a bias, and 1e-2
with the constant where it belongs. The two biases of torch's LSTM add up, so one of them is enough.

## Example
```python
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.out = nn.Linear(64, 10)
        self.lstm.bias_ih_l0.data[128:192].fill_(1.0)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h)
```

## Use instead
```python
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.out = nn.Linear(64, 10)
        self.lstm.bias_ih_l0.data[64:128].fill_(1.0)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h)
```

## References
- Gers, Schmidhuber, Cummins (2000), Learning to Forget
- Jozefowicz, Zaremba, Sutskever (2015), An Empirical Exploration of Recurrent Network Architectures
- [torch.nn.LSTM](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html): `(b_ii|b_if|b_ig|b_io)`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.finding import Finding, Severity, call_subject
from initlint.model.program import InitCall, Program
from initlint.model.queries import calls_alike, place_of
from initlint.rules._words import targets
from initlint.rules.rule import Rule

RULE: Final = Rule("INI503", "lstm-gate-bias", Severity.WARNING)

_CELLS: Final = frozenset({"LSTM", "LSTMCell"})
_CANDIDATE: Final = (0.5, 0.75)


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        if all(_fills_candidate(execution) for execution in group):
            yield RULE.finding(
                f"this fills the third quarter of {targets(group)}, torch's cell candidate (gates are i, f, g, o); the "
                "forget gate is the second quarter, `bias[H:2*H]`",
                span,
                subjects=frozenset({call_subject(span)}),
                layer=place_of(program, group),
            )


def _fills_candidate(execution: InitCall) -> bool:
    """Whether the write leaves a positive constant in exactly the third quarter of an LSTM's bias."""
    event = execution.event
    if execution.module_kind not in _CELLS or not (execution.parameter or "").startswith("bias"):
        return False
    value = event.part.constant if event.part is not None else None
    near = event.rows is not None and all(
        abs(given - wanted) < 1e-6 for given, wanted in zip(event.rows, _CANDIDATE, strict=True)
    )
    return near and value is not None and value > 0.0
