"""
## What it does
Finds parameters made of `torch.empty` or `torch.Tensor(sizes)` that nothing ever fills.

## Why is this bad?
They hold whatever was in memory: zeros in one run, 1e30 or NaN in the next, and NaN everywhere under
`torch.use_deterministic_algorithms(True)`. Nothing raises; the loss is NaN from the first step, or only on another
machine.

In a file that defines models without using them the parameter may be filled by code elsewhere, so the rule is on only
in files that also build or train the model.

## Example
```python
import torch
import torch.nn as nn


class Bilinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(256, 256))

    def forward(self, query, key):
        return query @ self.weight @ key.transpose(-1, -2)


scorer = Bilinear()
```

## Use instead
```python
import torch
import torch.nn as nn


class Bilinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(256, 256))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, query, key):
        return query @ self.weight @ key.transpose(-1, -2)


scorer = Bilinear()
```

## Fix safety
Unsafe: which values the parameter should have is the author's to say. Matrices get `xavier_uniform_`, which is right
for either order of the axes, vectors ones where they scale a signal and zeros elsewhere.

## References
- [torch.empty](https://docs.pytorch.org/docs/stable/generated/torch.empty.html)
- [openai/CLIP#15](https://github.com/openai/CLIP/issues/15)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import InsertAfter
from initlint.model.events import UnusedDefinition
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.graph import Role
from initlint.model.program import Module, Program
from initlint.model.weights import InitEvent, Parameter
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI403", "uninitialized-parameter", Severity.ERROR, fix=Applicability.UNSAFE, closed_world=True)


def check(program: Program) -> Iterator[Finding]:
    meant = {path for event in program.events_of(UnusedDefinition) for path in event.parameters}
    for module in program.modules:
        for name, parameter in module.parameters.items():
            path = module.path_of(name)
            span = parameter.span or (module.site if module.torch else None)
            if span is None or path in meant or not _is_garbage(parameter):
                continue
            filling = _filling(program, parameter, path)
            yield RULE.finding(
                f"nothing fills {these([path])}: it holds whatever was in memory, 1e30 or NaN too; "
                f"{_advice(filling)}",
                span,
                subjects=frozenset({path}),
                layer=f"{module.kind}.{name}",
                fix=_fix(module, name, parameter, filling),
            )


def _is_garbage(parameter: Parameter) -> bool:
    if not parameter.complete or parameter.loaded or parameter.reparametrized or not parameter.histories:
        return False
    if not parameter.trainable:             # a cache, or what is to be loaded
        return False
    return all(history and all(_is_empty(event) for event in history) for history in parameter.histories)


def _is_empty(event: InitEvent) -> bool:
    """Whether what it leaves came from memory as it was, scaled or not."""
    return event.distribution is not None and event.distribution.kind == "empty" and not event.partial


def _filling(program: Program, parameter: Parameter, path: str) -> str | None:
    """The function that most parameters of such a shape and use want."""
    if parameter.rank is None or parameter.rank > 2:
        return None
    if parameter.rank == 2:
        return "xavier_uniform_"
    return "ones_" if _scales(program, path) else "zeros_"


def _scales(program: Program, path: str) -> bool:
    """Whether a parameter is multiplied with a signal."""
    graph = program.graph
    uses = [index for index, node in enumerate(graph.nodes) if path in node.parameter_names]
    readers = [graph.nodes[reader] for index in uses for reader in graph.consumers[index]]
    return bool(readers) and all(reader.role is Role.PRODUCT for reader in readers)


def _advice(filling: str | None) -> str:
    return "fill it with a function of `nn.init`" if filling is None else f"fill it, with `nn.init.{filling}` say"


def _fix(module: Module, name: str, parameter: Parameter, filling: str | None) -> Fix | None:
    if module.torch or parameter.span is None or filling is None or not name.isidentifier():
        return None
    line = f"{{init}}.{filling}(self.{name})"
    return Fix(f"Fill it with `{filling}`", Applicability.UNSAFE, (InsertAfter(parameter.span, (line,)),))
