"""
## What it does
Finds initialisers of a weight that `weight_norm`, `spectral_norm`, `orthogonal` or another parametrization has taken
over.

## Why is this bad?
Once a layer is wrapped, its `weight` is computed anew from other tensors before each use (`weight_g` and `weight_v`,
or `parametrizations.weight`). What is written into `weight` afterwards is gone at the next forward: the output of the
layer is the same, bit for bit, as if the call were not there. Several well-known vocoders and temporal convolution
nets have shipped this way.

## Example
```python
import torch.nn as nn
from torch.nn.utils import weight_norm


class TemporalBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(64, 64, 3, padding=1)
        self.conv = weight_norm(self.conv)
        self.conv.weight.data.normal_(0, 0.01)

    def forward(self, x):
        return self.conv(x).relu()
```

## Use instead
```python
import torch.nn as nn
from torch.nn.utils import weight_norm


class TemporalBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(64, 64, 3, padding=1)
        self.conv.weight.data.normal_(0, 0.01)
        self.conv = weight_norm(self.conv)

    def forward(self, x):
        return self.conv(x).relu()
```

## Fix safety
Unsafe: the initialisation takes effect. It is moved before the wrapping where both stand in one block and the layer
exists before; with the wrappers of `torch.nn.utils.parametrizations` it becomes an assignment, which they pass on to
their own tensors.

## References
- [torch.nn.utils.parametrizations.weight_norm](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html)
- [jik876/hifi-gan#145](https://github.com/jik876/hifi-gan/issues/145)
- [NVIDIA/DeepLearningExamples#1331](https://github.com/NVIDIA/DeepLearningExamples/issues/1331)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import MoveStatement, ReplaceExpression
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import calls_alike, place_of, subjects_of
from initlint.model.source import Call, Span
from initlint.rules._words import targets
from initlint.rules.rule import Rule

RULE: Final = Rule("INI401", "init-lost-reparametrized", Severity.ERROR, fix=Applicability.UNSAFE)

_PARAMETRIZATIONS: Final = "torch.nn.utils.parametrizations."
_SOURCES: Final = {
    "torch.nn.utils.weight_norm": "`weight_g` and `weight_v`",
    "torch.nn.utils.parametrizations.weight_norm": "`parametrizations.weight.original0` and `original1`",
}
_ASSIGNABLE: Final = frozenset({f"{_PARAMETRIZATIONS}weight_norm", f"{_PARAMETRIZATIONS}spectral_norm"})
"""Wrappers that turn an assigned weight back into their own tensors."""

_INIT: Final = "torch.nn.init."


def check(program: Program) -> Iterator[Finding]:
    for span, group in calls_alike(program):
        lost = tuple(execution for execution in group if execution.recomputed is not None)
        wrapper = lost[0].recomputed if lost else None
        if wrapper is None:
            continue
        source = _SOURCES.get(wrapper.function, "its parametrization")
        yield RULE.finding(
            f"this has no effect: `{wrapper.short_name}` computes {targets(lost)} from {source} before each use; "
            "initialise before wrapping",
            span,
            subjects=subjects_of(lost),
            related=(Related(wrapper.span, "wrapped here"),),
            layer=place_of(program, lost),
            fix=_fix(program, lost, wrapper) if len(lost) == len(group) else None,
        )


def _fix(program: Program, lost: tuple[InitCall, ...], wrapper: Call) -> Fix | None:
    first = lost[0]
    if all(execution.recomputed is not None and execution.recomputed.function in _ASSIGNABLE for execution in lost):
        assignment = _assignment(first)
        if assignment is not None:
            return Fix("Assign the weight", Applicability.UNSAFE, (assignment,))
    layer = program.layers[first.layer] if first.layer is not None else None
    if len(lost) > 1 or layer is None or first.call.scope != wrapper.scope or _holds(wrapper.span, layer.site):
        return None
    move = MoveStatement(first.call.span, wrapper.span, after=False)
    return Fix(f"Initialise before `{wrapper.short_name}`", Applicability.UNSAFE, (move,))


def _assignment(execution: InitCall) -> ReplaceExpression | None:
    """`m.weight = init.normal_(torch.empty_like(m.weight), …)`: the setter inverts the parametrization."""
    call = execution.call
    if not call.function.startswith(_INIT) or execution.owner is None:
        return None
    rest = call.arguments[1:]
    if any(given.name in ("*", "**", "tensor") for given in rest):
        return None
    passed = "".join(
        f", {given.name}={{{index}}}" if given.name else f", {{{index}}}" for index, given in enumerate(rest, start=1)
    )
    weight = f"{{0}}.{execution.parameter}"
    template = f"{weight} = {{init}}.{execution.event.function}({{torch}}.empty_like({weight}){passed})"
    return ReplaceExpression(call.span, template, (execution.owner, *(given.span for given in rest)))


def _holds(outer: Span, inner: Span) -> bool:
    return (
        outer.file == inner.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
