"""
## What it does
Finds explicit initialisation made for another activation than the one that follows: Xavier or `orthogonal_` without a
gain, `kaiming_*` with the nonlinearity of another family, or `gain=calculate_gain(...)` of another family, before
ReLU and its kin (LeakyReLU, ELU, GELU, SiLU, Mish, Hardswish ...) where no normalisation, skip connection, attention
or gate sets the scale anew.

## Why is this bad?
Xavier keeps the variance of a signal that passes straight through, as it nearly does through tanh around zero. A ReLU
drops half of it, so each layer passes on half of what it got. In a shallow net that costs little: up to about ten
layers SGD needs at most a fifth more steps. Twenty such layers do not train. The message tells the factor a layer and
over this run; below 1e-2 it is a warning.

The other way round is no mistake: He's initialisation before tanh trains as fast as Xavier's up to some twenty
layers, and is not reported. Neither are output heads, layers under normalisation, or scales written out by hand.

## Example
```python
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 10)
        nn.init.xavier_uniform_(self.fc1.weight)
        nn.init.kaiming_uniform_(self.fc2.weight, nonlinearity="relu")

    def forward(self, x):
        return self.out(self.act(self.fc2(self.act(self.fc1(x)))))
```

## Use instead
```python
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 256)
        self.fc2 = nn.Linear(256, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 10)
        nn.init.kaiming_uniform_(self.fc1.weight, nonlinearity="relu")
        nn.init.kaiming_uniform_(self.fc2.weight, nonlinearity="relu")

    def forward(self, x):
        return self.out(self.act(self.fc2(self.act(self.fc1(x)))))
```

## Fix safety
Unsafe: the weights are drawn from a wider or narrower distribution. Uniform stays uniform, normal stays normal, and
the mode is kept. A call that also reaches layers with another activation is left as it is.

## References
- Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural networks
- He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers
- Roberts, Yaida, Hanin (2021), The Principles of Deep Learning Theory: the critical variance of GELU and SiLU is He's
  within 2 %
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from initlint.model.change import SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Layer, Program
from initlint.model.queries import argument_values, executions
from initlint.model.runs import Edge, Member, Run, propagation
from initlint.model.source import Call
from initlint.rules._layers import (
    activation_at,
    activation_related,
    constructors,
    deciding_call,
    label,
    reinitialize,
    right_for_all,
    subjects,
)
from initlint.rules._runs import JUDGED_TAILS, number
from initlint.rules._words import these
from initlint.rules.rule import Rule
from initlint.signal.activations import Recommendation
from initlint.signal.gains import number as plain_number
from initlint.signal.moments import gain
from initlint.signal.propagation import layer_factor
from initlint.signal.severity import COLLAPSE, collapse_factor

RULE: Final = Rule(
    "INI103", "activation-mismatch", Severity.NOTE, fix=Applicability.UNSAFE, heeds_claims=True
)

_GAINS: Final = frozenset({"xavier_uniform_", "xavier_normal_", "orthogonal_"})
_KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
_RECTIFIERS: Final = frozenset({"relu", "leaky_relu"})
_STARTS: Final = frozenset({Edge.INPUT, Edge.LAYER, Edge.CONCAT})
_CLOSE: Final = 0.334
"""How far s2 may be from the one asked for: Xavier from 2n to n units is a third off, and that is little."""
_NOTICED: Final = COLLAPSE[-1][0]


@dataclass(frozen=True)
class _Mismatch:
    """A layer, what all such layers of its run come to, and the geometric mean for each. `severe`: the run as
    a whole, whatever else is in it, loses a measurable part."""

    member: Member
    per_layer: float
    layers: int
    over_run: float
    severe: bool


def check(program: Program, claimed: frozenset[str] = frozenset()) -> Iterator[Finding]:
    by_span = executions(program)
    found: dict[tuple[Call, str], dict[int, _Mismatch]] = {}
    for run in program.runs:
        if run.start not in _STARTS or run.tail not in JUDGED_TAILS:
            continue
        wrong = [
            (member, (call, _written(call, own)))
            for member in run.members
            if member.subject not in claimed
            and (call := deciding_call(member.layer)) is not None
            and _is_mismatched(member, call, own := _on(member.layer, by_span.get(call.span, ())))
        ]
        for member, scheme in wrong:
            mismatch = _measure(run, member, [other for other, _ in wrong], claimed)
            known = found.setdefault(scheme, {}).get(member.layer.index)
            if known is None or known.layers < mismatch.layers:
                found[scheme][member.layer.index] = mismatch
    for (call, written), by_layer in found.items():
        yield _finding(program, call, written, list(by_layer.values()))


def _on(layer: Layer, group: tuple[InitCall, ...]) -> tuple[InitCall, ...]:
    """The executions of a call that reached a layer: on others its arguments may be right."""
    return tuple(execution for execution in group if execution.layer == layer.index)


def _is_mismatched(member: Member, call: Call, group: tuple[InitCall, ...]) -> bool:
    """Whether a rectifier's layer got a scheme of another family, and a scale that does not happen to fit, by its shape
    where that is known, else as if it were square."""
    scale = member.scale
    if not group or member.nonlinearity.family != "relu" or scale is None or scale.in_run is None:
        return False
    if len({each.event.function for each in group}) > 1:
        return False
    s2 = scale.in_run if scale.s2 is None else scale.s2
    fits = abs(s2 / gain(member.nonlinearity) ** 2 - 1.0) <= _CLOSE
    return not fits and _made_for_others(call, group)


def _made_for_others(call: Call, group: tuple[InitCall, ...]) -> bool:
    """Whether the scheme as written is that of another family than the rectifiers'."""
    function = group[0].event.function
    if function in _KAIMING:
        families = argument_values(group, "nonlinearity")
        slopes = argument_values(group, "a")
        named = all(isinstance(family, str) and family not in _RECTIFIERS for family in families)
        return named and len(slopes) == 1
    if function not in _GAINS:
        return False
    gains = argument_values(group, "gain")
    if call.argument("gain", 1) is None:
        return len(gains) == 1 and gains[0] == 1
    computed = all(any(origin.argument == "gain" and origin.gain for origin in one.origins) for one in group)
    values = [plain_number(value) for value in gains]
    return computed and all(value is not None and not _rectifying(value) for value in values)


def _rectifying(value: float) -> bool:
    """Whether a gain is that of a rectifier: √2, or below with a slope."""
    return 1.0 < value <= 2**0.5 + 1e-9


def _over(members: list[Member]) -> float:
    """What layers do to the signal together: by their shapes where all are known, else as if they were square."""
    scales = [member.scale for member in members if member.scale is not None]
    exact = [scale.s2 for scale in scales]
    sizes = exact if all(exact) else [scale.in_run for scale in scales]
    return math.prod(layer_factor(s2 or 0.0, member.nonlinearity) for s2, member in zip(sizes, members, strict=True))


def _measure(run: Run, member: Member, wrong: list[Member], claimed: frozenset[str]) -> _Mismatch:
    stretch = next((members for members in run.stretches(claimed) if member in members), (member,))
    alike = [other for other in wrong if other in stretch]
    severe = collapse_factor(propagation(stretch)) < _NOTICED
    over_run = _over(alike)
    return _Mismatch(member, over_run ** (1.0 / len(alike)), len(alike), over_run, severe)


def _finding(program: Program, call: Call, written: str, mismatches: list[_Mismatch]) -> Finding:
    layers = [mismatch.member.layer for mismatch in mismatches]
    worst = max(mismatches, key=lambda mismatch: (mismatch.severe, mismatch.layers))
    advice = mismatches[0].member.nonlinearity.recommendation
    same = advice is not None and all(one.member.nonlinearity.recommendation == advice for one in mismatches)
    factor = f"keeps {number(worst.per_layer)} of the signal a layer" if worst.per_layer < 1 else (
        f"multiplies the signal by {number(worst.per_layer)} a layer"
    )
    depth = "little in a single layer" if worst.layers == 1 else (
        f"{number(worst.over_run)} over {worst.layers} in a row"
    )
    after = activation_at(program, mismatches[0].member.reached, call.span.file)
    fix = None
    if advice is not None and same:
        fix = _fix(program, call, mismatches, advice)
    return RULE.finding(
        f"{written} before {after} {factor} ({depth}) at {these(layer.called for layer in layers)}; "
        f"{_instead(call, mismatches)}",
        call.span,
        severity=Severity.WARNING if worst.severe else Severity.NOTE,
        subjects=subjects(layers),
        related=(*constructors(layers), *activation_related(program, mismatches[0].member.reached)),
        fix=fix,
        layer=label(layers),
    )


def _written(call: Call, group: tuple[InitCall, ...]) -> str:
    function = group[0].event.function
    if function in _KAIMING:
        return f"`{function}` for {argument_values(group, 'nonlinearity')[0]!r}"
    value = plain_number(argument_values(group, "gain")[0])
    return f"`{function}`" if call.argument("gain", 1) is None else f"`{function}` with gain {number(value or 0.0)}"


def _instead(call: Call, mismatches: list[_Mismatch]) -> str:
    advice = mismatches[0].member.nonlinearity.recommendation
    if call.short_name == "orthogonal_":
        return f"use `gain={_gain_text(mismatches)}`"
    if advice is None:
        return "use the gain of the activation that follows"
    function = advice.function.replace("normal", "uniform") if "uniform" in call.short_name else advice.function
    return f"use `{function}({', '.join(('weight', *advice.texts))})`"


def _gain_text(mismatches: list[_Mismatch]) -> str:
    """He's gain as source text, with the slope where there is one."""
    slope = mismatches[0].member.nonlinearity.slope
    return "2**0.5" if not slope or abs(slope) < 0.05 else f"(2 / (1 + {slope:g}**2)) ** 0.5"


def _fix(program: Program, call: Call, mismatches: list[_Mismatch], advice: Recommendation) -> Fix | None:
    """The advised call; an orthogonal weight stays orthogonal and gets its gain."""
    layers = [mismatch.member.layer for mismatch in mismatches]
    if call.short_name != "orthogonal_":
        return reinitialize(program, layers, advice, call.span.file)
    if not right_for_all(program, call, {layer.index for layer in layers}):
        return None
    text = _gain_text(mismatches)
    return Fix(f"Use `gain={text}`", Applicability.UNSAFE, (SetArgument(call, "gain", text, 1),), (call.span,))
