"""
## What it does
Finds initialisations that nothing ever sees: of a copy of a parameter, and fills that the next statements overwrite.

## Why is this bad?
`clone()`, `cpu()` from another device and casts to another dtype return a new tensor; filling that leaves the
parameter as it was. A fill that is overwritten whole before anything reads it is dead code, and often a slip of copy
and paste: the second line was to name another layer, which now keeps its default.

## Example
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)
        nn.init.zeros_(self.fc1.bias)
        nn.init.constant_(self.fc1.bias, 0.1)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
```

## Use instead
```python
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)
        nn.init.constant_(self.fc1.bias, 0.1)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
```

## Fix safety
Safe where the overwritten fill draws no random numbers: deleting it changes nothing. Deleting a random one leaves the
parameter alone and shifts the random stream of everything that follows, so that is unsafe. There is no fix for a
copy.

## References
- [torch.Tensor.clone](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.clone.html)
- [kazuto1011/deeplab-pytorch#44](https://github.com/kazuto1011/deeplab-pytorch/issues/44)
- [haofeixu/cs231n#1](https://github.com/haofeixu/cs231n/issues/1)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from initlint.model.change import DeleteStatement
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import calls_alike, place_of, subjects_of
from initlint.rules._words import targets, these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI404", "init-discarded", Severity.WARNING, fix=Applicability.UNSAFE)

_CONSTANT: Final = frozenset({"zeros_", "ones_", "constant_", "eye_", "dirac_", "zero_", "fill_"})


def check(program: Program) -> Iterator[Finding]:
    overwritten = _overwritten(program)
    for span, group in calls_alike(program):
        copied = tuple(execution for execution in group if execution.copy_of is not None)
        if copied and len(copied) == len(group):
            names = these(execution.copy_of for execution in copied if execution.copy_of is not None)
            yield RULE.finding(
                f"this fills a copy that nothing reads: {names} {'stay' if len(copied) > 1 else 'stays'} as before; "
                "write to the parameter itself",
                span,
                subjects=subjects_of(group),
                layer=place_of(program, group),
            )
            continue
        second = overwritten.get(id(group[0]))
        if second is None or any(id(execution) not in overwritten for execution in group):
            continue
        applicability = Applicability.SAFE if group[0].event.function in _CONSTANT else Applicability.UNSAFE
        yield RULE.finding(
            f"`{second.event.function}` on line {second.call.span.line} overwrites {targets(group)} before anything "
            "reads it: this has no effect, or was to name another parameter",
            span,
            subjects=subjects_of(group),
            related=(Related(second.call.span, "overwritten here"),),
            layer=place_of(program, group),
            fix=Fix("Delete the dead call", applicability, (DeleteStatement(span),)),
        )


def _overwritten(program: Program) -> Mapping[int, InitCall]:
    """The executions whose whole effect the next write undoes, further down in the same block; by identity."""
    found: dict[int, InitCall] = {}
    last: dict[str, InitCall] = {}
    for execution in program.calls:
        if execution.target is None:
            continue
        first = last.get(execution.target)
        if first is not None and _is_dead(first, execution):
            found[id(first)] = execution
        last[execution.target] = execution
    return found


def _is_dead(first: InitCall, second: InitCall) -> bool:
    return (
        _is_fill(first)
        and _is_fill(second)
        and (first.several or not second.several)
        and not first.read
        and first.block is not None
        and first.block == second.block
        and first.event.via == second.event.via
        and first.call.span < second.call.span
    )


def _is_fill(execution: InitCall) -> bool:
    """A write in place of the whole tensor that does not depend on what was there."""
    event = execution.event
    return event.function.endswith("_") and not event.partial and not event.rescale
