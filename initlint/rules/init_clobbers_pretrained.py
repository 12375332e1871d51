"""
## What it does
Finds initialisation passes that run over weights loaded just before.

## Why is this bad?
`self.apply(init_weights)` at the end of a constructor reaches every layer, the pretrained ones too: the weights that
took a download and someone's GPU weeks are replaced by random numbers. Nothing raises, and the model trains as if
from scratch.

## Example
```python
import torch
import torch.nn as nn


def init_weights(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(64, 64)
        self.backbone.load_state_dict(torch.load("backbone.pt"))
        self.head = nn.Linear(64, 10)
        self.apply(init_weights)

    def forward(self, x):
        return self.head(self.backbone(x).relu())
```

## Use instead
```python
import torch
import torch.nn as nn


def init_weights(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)
        self.apply(init_weights)
        self.backbone.load_state_dict(torch.load("backbone.pt"))

    def forward(self, x):
        return self.head(self.backbone(x).relu())
```

## Fix safety
Unsafe: the loaded weights stay. The statement that loads is moved behind the initialisation where both stand in one
function.

## References
- [open-mmlab/mmpretrain#318](https://github.com/open-mmlab/mmpretrain/pull/318)
- [huggingface/transformers#38061](https://github.com/huggingface/transformers/pull/38061)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from initlint.model.change import MoveStatement
from initlint.model.events import Pass
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity, call_subject
from initlint.model.program import Program
from initlint.model.source import Call
from initlint.model.weights import InitEvent, Parameter
from initlint.rules._words import in_model, place_name
from initlint.rules.rule import Rule

RULE: Final = Rule("INI405", "init-clobbers-pretrained", Severity.WARNING, fix=Applicability.UNSAFE)

_LOAD: Final = "load"
_SEPARATE_LOADS: Final = frozenset({"load_state_dict", "load_model"})
"""Calls that load into a module that is already built: such a statement can be moved."""


def check(program: Program) -> Iterator[Finding]:
    loads = _loads(program)
    for event in program.events_of(Pass):
        clobbered = tuple(path for path in event.written if path in loads and loads[path].lost)
        if not clobbered:
            continue
        load = loads[clobbered[0]].event
        together = [path for path, other in loads.items() if other.event.call == load.call]
        if _is_inside(event.root, _common(together)):
            continue
        place = in_model(_common(list(clobbered)).partition(".<")[0])
        yield RULE.finding(
            f"this initialises {_counted(clobbered)} of "
            f"{f'`{place}`' if place else 'the model'} that {_origin(load)} just loaded: their values are lost; "
            "load afterwards, or apply it to the new layers only",
            event.call.span,
            subjects=frozenset({call_subject(event.call.span), *clobbered}),
            related=() if load.call is None else (Related(load.call.span, "loaded here"),),
            layer=place_name(program, event.root),
            fix=_fix(event, load.call),
        )


@dataclass(frozen=True, slots=True)
class _Load:
    """The last load of a parameter, and whether a later whole write replaces what it brought."""

    event: InitEvent
    lost: bool


def _loads(program: Program) -> dict[str, _Load]:
    """By path, the parameters that are loaded whichever way the program runs."""
    loads = {path: _load(parameter) for path, parameter in program.parameters.items()}
    return {path: load for path, load in loads.items() if load is not None}


def _load(parameter: Parameter) -> _Load | None:
    last: InitEvent | None = None
    lost = bool(parameter.histories) and not parameter.restored
    for history in parameter.histories:
        whole = [event for event in history if not event.partial and not event.rescale]
        last = next((event for event in reversed(whole) if event.function == _LOAD), None)
        if last is None:
            return None
        lost = lost and whole[-1] is not last
    return None if last is None else _Load(last, lost)


def _common(paths: list[str]) -> str:
    """The innermost module that holds all the parameters."""
    split = [path.split(".")[:-1] for path in paths]
    common = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return ".".join(common)


def _counted(paths: tuple[str, ...]) -> str:
    """How many parameters, where all of them are known: of a model built elsewhere only kinds of layers are."""
    if any("<" in path for path in paths):
        return "parameters"
    return f"{len(paths)} parameter{'s' if len(paths) > 1 else ''}"


def _is_inside(root: str, loaded: str) -> bool:
    """Whether a pass starts strictly inside what was loaded: a deliberate fresh start of some of its layers."""
    return root != loaded and (root.startswith(f"{loaded}.") if loaded else bool(root))


def _origin(load: InitEvent) -> str:
    return f"`{load.call.short_name}`" if load.call is not None else "a checkpoint"


def _fix(event: Pass, load: Call | None) -> Fix | None:
    if load is None or load.short_name not in _SEPARATE_LOADS or load.scope != event.call.scope:
        return None
    move = MoveStatement(load.span, event.call.span, after=True)
    return Fix("Load after initialising", Applicability.UNSAFE, (move,))
