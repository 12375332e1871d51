"""
## What it does
Finds normalisation layers whose weight is filled with zeros, with no bias, right before a ReLU and without a skip
connection in between.

## Why is this bad?
The norm's output is zero, and so is ReLU's slope there: the scale, the bias and everything below get a gradient of
exactly zero, and stay as they are. A zero scale belongs on the last norm of a residual branch, where the sum comes
before the activation; there it learns, and is not reported.

## Example
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.bn = nn.BatchNorm2d(16)
        self.fc = nn.Linear(16, 10)
        nn.init.zeros_(self.bn.weight)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        return self.fc(x.mean((2, 3)))
```

## Use instead
```python
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.bn = nn.BatchNorm2d(16)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        return self.fc(x.mean((2, 3)))
```

## Fix safety
Unsafe: without the statement the scale starts at one.

## References
- Goyal et al. (2017), Accurate, Large Minibatch SGD: the zero scale on the last norm of a residual block
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import DeleteStatement
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity, call_subject
from initlint.model.follow import End, follow_node
from initlint.model.graph import Role
from initlint.model.program import InitCall, Module, Program
from initlint.model.queries import executions
from initlint.model.source import Call
from initlint.model.zeros import is_zero
from initlint.rules._layers import activation_at, activation_related, nonlinearity_of
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI203", "zero-norm-scale", Severity.ERROR, fix=Applicability.UNSAFE)


def check(program: Program) -> Iterator[Finding]:
    dead: dict[Call, dict[str, int]] = {}
    for index, node in enumerate(program.graph.nodes):
        module = program.module_at.get(node.module) if node.role is Role.NORM and node.module else None
        call = None if module is None else _zeroing_call(module)
        if module is not None and call is not None and _is_dead(program, index, module):
            dead.setdefault(call, {})[module.path] = index
    by_span = executions(program)
    for call, norms in dead.items():
        yield _finding(program, call, norms, by_span.get(call.span, ()))


def _zeroing_call(module: Module) -> Call | None:
    """The call that leaves the norm's weight at zero, None where it is not zero or the bias is not."""
    weight, bias = module.parameters.get("weight"), module.parameters.get("bias")
    if weight is None or not is_zero(weight) or (bias is not None and not is_zero(bias)):
        return None
    calls = {event.call for event in weight.finals}
    return calls.pop() if len(calls) == 1 else None


def _is_dead(program: Program, index: int, module: Module) -> bool:
    """Whether all of the norm's output goes into activations without a slope at zero, nothing added on the way."""
    applied = sum(node.role is Role.NORM and node.module == module.path for node in program.graph.nodes)
    following = follow_node(program, index)
    if applied != 1 or not following.complete or following.skipped:
        return False
    for end in following.ends:
        nonlinearity = nonlinearity_of(program, end) if end.end is End.ACTIVATION else None
        mixed = end.residual or end.joined or end.gated or end.norms
        if nonlinearity is None or not nonlinearity.dead_at_zero or mixed:
            return False
    return True


def _finding(program: Program, call: Call, norms: dict[str, int], group: tuple[InitCall, ...]) -> Finding:
    paths = list(norms)
    end = follow_node(program, norms[paths[0]]).ends[0]
    sites = dict.fromkeys(program.module_at[path].site for path in paths[:3])
    only = {execution.target for execution in group} <= {f"{path}.weight" for path in paths}
    fix = Fix("Leave the scale at one", Applicability.UNSAFE, (DeleteStatement(call.span),)) if only else None
    return RULE.finding(
        f"the scale of {these(paths)} is zero right before {activation_at(program, end, call.span.file)}, with no skip "
        "around it: neither it nor anything below ever gets a gradient; leave it at one",
        call.span,
        subjects=frozenset({call_subject(call.span), *(f"{path}.weight" for path in paths)}),
        related=(
            *(Related(site, "the norm is built here") for site in sites if site is not None),
            *activation_related(program, end),
        ),
        fix=fix,
        layer=paths[0],
    )
