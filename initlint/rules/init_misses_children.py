"""
## What it does
Finds initialisation passes over a module that do not reach all the layers they are written for: `self.apply(fn)`
before the last layers are built, or a loop over `children()` where the layers sit deeper.

## Why is this bad?
`apply` and `modules()` walk the module as it is at that moment. A layer that is assigned afterwards, or added by a
subclass whose base class runs the pass in its `__init__`, keeps torch's default: half of the model is initialised one
way, half the other, and nothing says so. `children()` stops at the direct children, so it meets an `nn.Sequential`
and not the layers in it.

## Example
```python
import torch.nn as nn


def init_weights(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.apply(init_weights)
        self.fc2 = nn.Linear(256, 64)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
```

## Use instead
```python
import torch.nn as nn


def init_weights(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 64)
        self.apply(init_weights)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
```

## Fix safety
Unsafe: more layers are initialised. The pass is moved behind the last layer it misses, or `children()` becomes
`modules()`.

## References
- [torch.nn.Module.apply](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.apply)
- [torch.nn.Module.children](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.children)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import MoveStatement, RenameFunction
from initlint.model.events import Pass, Walk
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity, call_subject
from initlint.model.program import Layer, Program
from initlint.model.queries import layer_name, weight_subject
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI402", "init-misses-children", Severity.WARNING, fix=Applicability.UNSAFE)


def check(program: Program) -> Iterator[Finding]:
    weights = {weight_subject(layer): layer for layer in program.layers}
    for event in program.events_of(Pass):
        found = (weights[path] for path in event.missed if path in weights)
        missed = tuple(layer for layer in found if not _has_its_own(program, event, layer))
        if not missed:
            continue
        first = missed[0]
        yield RULE.finding(
            _message(event, missed),
            first.site,
            subjects=frozenset({call_subject(event.call.span), *map(weight_subject, missed)}),
            severity=_severity(program, missed),
            related=(Related(event.call.span, "initialised here"),),
            layer=layer_name(first),
            fix=_fix(event, missed),
        )


def _has_its_own(program: Program, event: Pass, layer: Layer) -> bool:
    """Whether the layer is part of a module below the root of the pass that initialises some of its layers itself:
    there torch's default for the others is the author's choice."""
    holder = layer.full_path.removesuffix(layer.path)
    if event.walk is Walk.CHILDREN or holder.rstrip(".") == event.root:
        return False
    beside = (other for other in program.layers if other.owner == layer.owner and other.full_path.startswith(holder))
    return any(
        written.explicit
        for other in beside
        for parameter in (other.weight, other.bias) if parameter is not None
        for written in parameter.finals
    )


def _message(event: Pass, missed: tuple[Layer, ...]) -> str:
    paths = {layer.path for layer in missed}
    names = these(layer.called for layer in missed)
    keep, are = ("keep", "are") if len(paths) > 1 else ("keeps", "is")
    if event.walk is Walk.CHILDREN:
        return f"`{event.call.short_name}()` does not go deep enough: {names} {keep} torch's default; use `modules()`"
    walked = f"`apply({event.function})`" if event.walk is Walk.APPLY and event.function else "the initialisation"
    return f"{walked} runs before {names} {are} built, which {keep} torch's default"


def _severity(program: Program, missed: tuple[Layer, ...]) -> Severity:
    """A normalisation layer after each of them takes the scale out again."""
    normalised = all(program.followings[layer.index].norms for layer in missed)
    return Severity.NOTE if normalised else Severity.WARNING


def _fix(event: Pass, missed: tuple[Layer, ...]) -> Fix | None:
    if event.walk is Walk.CHILDREN:
        name = "named_modules" if event.call.short_name.startswith("named") else "modules"
        return Fix(f"Use `{name}()`", Applicability.UNSAFE, (RenameFunction(event.call, name),))
    last = missed[-1]
    scopes = {layer.call.scope if layer.call is not None else None for layer in missed}
    if scopes != {event.call.scope} or event.walk not in (Walk.APPLY, Walk.METHOD):
        return None
    move = MoveStatement(event.call.span, last.site, after=True)
    return Fix("Initialise after the last layer is built", Applicability.UNSAFE, (move,))
