"""
## What it does
Finds initialisation passes whose filter selects nothing: an `isinstance` on a class the model does not contain, or a
name that no parameter has.

## Why is this bad?
The pass runs over the whole model and writes nothing, without a word. `isinstance(m, nn.Conv2d)` in a model of 1-D
convolutions, or `name == "c_proj.weight"` where the names are `h.0.attn.c_proj.weight`, leave torch's default
everywhere; the latter went unnoticed in a well-known library for years.

## Example
```python
import torch.nn as nn


class TemporalNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(16, 64, 3)
        self.conv2 = nn.Conv1d(64, 64, 3)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.conv2(self.conv1(x).relu()).relu()
```

## Use instead
```python
import torch.nn as nn


class TemporalNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(16, 64, 3)
        self.conv2 = nn.Conv1d(64, 64, 3)
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        return self.conv2(self.conv1(x).relu()).relu()
```

## References
- [huggingface/transformers#47458](https://github.com/huggingface/transformers/issues/47458)
- [wzmsltw/BSN-boundary-sensitive-network.pytorch#16](https://github.com/wzmsltw/BSN-boundary-sensitive-network.pytorch/issues/16)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from initlint.model.events import Condition, Pass
from initlint.model.finding import Finding, Related, Severity, call_subject
from initlint.model.program import Layer, Program
from initlint.rules._words import place_name, these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI407", "unmatched-init-filter", Severity.WARNING, unanimous=True)

_SHOWN: Final = 3


def check(program: Program) -> Iterator[Finding]:
    if program.truncated is not None:
        return
    useful = {event.body for event in program.events_of(Pass) if event.written and event.body is not None}
    for event in program.events_of(Pass):
        if event.body in useful:    # the same function or loop initialises another model
            continue
        if event.written or event.missed or not event.complete or not event.conditions or not event.visited:
            continue
        if any(condition.taken or not (condition.classes or condition.names) for condition in event.conditions):
            continue
        if not any(_met(program, event)):   # there is no layer that the pass could have been written for
            continue
        first = event.conditions[0]
        yield RULE.finding(
            _message(program, event, first),
            first.span,
            subjects=frozenset({call_subject(event.call.span), call_subject(first.span)}),
            related=(Related(event.call.span, "the pass starts here"),),
            layer=place_name(program, event.root),
        )


def _met(program: Program, event: Pass) -> Iterator[Layer]:
    """The layers at or below the root of a pass."""
    prefix = f"{event.root}." if event.root else ""
    return (layer for layer in program.layers if layer.full_path == event.root or layer.full_path.startswith(prefix))


def _message(program: Program, event: Pass, condition: Condition) -> str:
    if condition.names:
        near = next(
            (path for path in event.visited for name in condition.names if path.endswith(name) and path != name), None
        )
        hint = f"; the full name is `{near}`, test with `endswith`" if near else ""
        met = f"none of the {len(event.visited)} names met here"
        return f"{met} is {these(condition.names)}{hint}: nothing is initialised"
    layers, wanted = list(_met(program, event)), these(condition.classes)
    if len(layers) == 1 and layers[0].full_path == event.root:
        return f"`{event.root}` is no {wanted} but `{layers[0].kind}`: nothing is initialised"
    kinds = Counter(layer.kind for layer in layers)
    holds = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(_SHOWN))
    return f"`{_name(program, event.root)}` holds no {wanted} but {holds}: nothing is initialised"


def _name(program: Program, path: str) -> str:
    """What people call the module at a path: that path, or its class where it is a model of its own."""
    if path and not path.startswith("<"):
        return path
    module = program.module_at.get(path)
    return program.root if module is None else module.kind
