"""
## What it does
Finds initialisers of a parameter that the layer does not have: the bias of a layer built with `bias=False`, the scale
of a normalisation layer with `affine=False`, the `weight` of an LSTM or of a container, any parameter of a lazy
layer.

## Why is this bad?
It raises while the model is built. A bias that is switched off is `None`, so `nn.init.zeros_(layer.bias)` is an
`AttributeError`; recurrent layers and attention keep their weights under other names (`weight_hh_l0`,
`in_proj_weight`); lazy layers have no shape before the first forward.

## Example
```python
import torch.nn as nn


class ConvBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3, bias=False)
        self.norm = nn.BatchNorm2d(64)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv.bias)

    def forward(self, x):
        return self.norm(self.conv(x)).relu()
```

## Use instead
```python
import torch.nn as nn


class ConvBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3, bias=False)
        self.norm = nn.BatchNorm2d(64)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x):
        return self.norm(self.conv(x)).relu()
```

## Fix safety
Safe: the call raises today. It is deleted where every layer it reaches lacks the parameter and put under an `is not
None` test where only some do. For the weights of a recurrent layer the fix loops over its parameters, which is
unsafe: which of them were meant is a guess.

## References
- [torch.nn.Linear](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)
- [torch.nn.LSTM](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import DeleteStatement, InsertAfter, WrapStatement
from initlint.model.events import Absence, MissingParameter
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity, call_subject
from initlint.model.program import Program
from initlint.model.source import Span
from initlint.rules._words import place_name, these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI004", "init-missing-parameter", Severity.ERROR, fix=Applicability.UNSAFE)

_RECURRENT: Final = frozenset({"LSTM", "GRU", "RNN"})
_ELSEWHERE: Final = {
    "LSTM": "`weight_ih_l0`, `weight_hh_l0`, …",
    "GRU": "`weight_ih_l0`, `weight_hh_l0`, …",
    "RNN": "`weight_ih_l0`, `weight_hh_l0`, …",
    "LSTMCell": "`weight_ih` and `weight_hh`",
    "GRUCell": "`weight_ih` and `weight_hh`",
    "RNNCell": "`weight_ih` and `weight_hh`",
    "MultiheadAttention": "`in_proj_weight` and `out_proj.weight`",
}
_STACKED: Final = ("weight", "bias")
"""What is asked of a recurrent layer that has as many of them as layers and directions."""
_DEPTH: Final = ("num_layers", "bias", "bidirectional")
_SWITCHES: Final = ("bias", "affine", "elementwise_affine")


def check(program: Program) -> Iterator[Finding]:
    found: dict[Span, list[MissingParameter]] = {}
    for event in program.events_of(MissingParameter):
        if not event.guarded:
            found.setdefault(event.call.span, []).append(event)
    reached = {execution.call.span for execution in program.calls if execution.target is not None}
    for span, events in found.items():
        first = events[0]
        yield RULE.finding(
            f"{_what(events)}: `{first.call.short_name}` raises {_exception(first)} here",
            span,
            subjects=frozenset({call_subject(span)}),
            related=_related(first),
            layer=place_name(program, first.module),
            fix=_fix(events, alone=span not in reached),
        )


def _what(events: list[MissingParameter]) -> str:
    first = events[0]
    names = these(event.module or first.kind for event in events)
    many = len({event.module for event in events}) > 1
    if first.absence is Absence.LAZY:
        verb = "have" if many else "has"
        return f"{names} ({first.kind}) {verb} no shape before the first forward, so no `{first.name}` to fill"
    if first.absence is Absence.NONE:
        switch = next((name for name in _SWITCHES if first.settings.get(name) is False), None)
        built = f", built with {switch}=False," if switch else f" ({first.kind})"
        return f"the `{first.name}` of {names}{built} is None"
    verb = "have" if many else "has"
    if first.kind in _RECURRENT and first.name not in _STACKED:
        built = ", ".join(f"{name}={first.settings[name]}" for name in _DEPTH if name in first.settings)
        return f"{names} ({first.kind}, {built}) {verb} no `{first.name}`"
    elsewhere = f"; its weights are {_ELSEWHERE[first.kind]}" if first.kind in _ELSEWHERE else ""
    return f"{names} ({first.kind}) {verb} no `{first.name}`{elsewhere}"


def _exception(event: MissingParameter) -> str:
    if event.absence is not Absence.LAZY:
        return "AttributeError"
    return "RuntimeError" if event.call.short_name.startswith("kaiming") else "ValueError"


def _related(event: MissingParameter) -> tuple[Related, ...]:
    return () if event.site is None else (Related(event.site, f"{event.kind} is built here"),)


def _fix(events: list[MissingParameter], alone: bool) -> Fix | None:
    first = events[0]
    call = first.call
    if first.kind in _RECURRENT and first.owner is not None and alone and first.absence is Absence.ABSENT:
        return _loop(first) if first.name in _STACKED else None
    if any(event.absence is not Absence.NONE for event in events):
        return None
    if alone:
        return Fix("Delete the call", Applicability.SAFE, (DeleteStatement(call.span),))
    if first.target is None:
        return None
    guard = WrapStatement(call.span, "if {0} is not None:", (first.target,))
    return Fix(f"Skip layers without `{first.name}`", Applicability.SAFE, (guard,))


def _loop(event: MissingParameter) -> Fix | None:
    call = event.call
    if event.owner is None or not call.function.startswith("torch.nn.init."):
        return None
    rest = call.arguments[1:]
    if any(argument.name in ("*", "**") for argument in rest):
        return None
    passed = "".join(
        f", {argument.name}={{{index}}}" if argument.name else f", {{{index}}}"
        for index, argument in enumerate(rest, start=1)
    )
    lines = (
        "for name, parameter in {0}.named_parameters():",
        f'    if name.startswith("{event.name}"):',
        f"        {{init}}.{call.short_name}(parameter{passed})",
    )
    parts = (event.owner, *(argument.span for argument in rest))
    changes = (InsertAfter(call.span, lines, parts), DeleteStatement(call.span))
    return Fix("Loop over its parameters", Applicability.UNSAFE, changes)
