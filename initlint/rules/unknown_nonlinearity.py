"""
## What it does
Finds names that `torch.nn.init.calculate_gain` refuses, there or as `nonlinearity` of `kaiming_uniform_` and
`kaiming_normal_`.

## Why is this bad?
torch knows the gain of twelve names: the linear and convolution layers, sigmoid, tanh, relu, leaky_relu and selu. Any
other, `"gelu"` or `"ReLU"` say, raises `ValueError` while the model is built. Nothing is lost by writing `"relu"`:
GELU, SiLU and Mish keep a signal alive at a weight variance of 1.98 to 2.01 over fan_in, and the one of `"relu"` is 2
/ fan_in.

## Example
```python
import torch.nn as nn


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 1024)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(1024, 256)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="gelu")

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Use instead
```python
import torch.nn as nn


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(256, 1024)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(1024, 256)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
```

## Fix safety
Safe: the call raises today. No fix is offered for a name without a close relative among torch's twelve.

## References
- [torch.nn.init.calculate_gain](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain)
- [pytorch#54030](https://github.com/pytorch/pytorch/issues/54030)
- Roberts, Yaida, Hanin (2021), The Principles of Deep Learning Theory, chapter 5
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import Change, RemoveArgument, SetArgument
from initlint.model.events import GainCall
from initlint.model.finding import Applicability, Finding, Fix, Severity, call_subject
from initlint.model.program import Program
from initlint.model.queries import argument_values, place_of, spelled_alike, subjects_of
from initlint.model.source import Call
from initlint.rules.rule import Rule
from initlint.signal.gains import TORCH_GAINS

RULE: Final = Rule("INI002", "unknown-nonlinearity", Severity.ERROR, fix=Applicability.SAFE)

_KAIMING: Final = frozenset({"kaiming_uniform_", "kaiming_normal_"})
_KAIMING_POSITION: Final = 3
_PRELU_SLOPE: Final = 0.25
_CRITICAL: Final = {"gelu": 1.98, "silu": 1.99, "mish": 2.01, "hardswish": 1.97}
"""Weight variance times fan_in at which a deep stack neither kills nor blows up its signal."""

_RELATIVES: Final = {
    "relu": "relu", "relu6": "relu", "gelu": "relu", "silu": "relu", "mish": "relu", "hardswish": "relu", "elu": "relu",
    "celu": "relu", "leakyrelu": "leaky_relu", "lrelu": "leaky_relu", "identity": "linear", "none": "linear",
    "tanh": "tanh", "sigmoid": "sigmoid", "selu": "selu", "linear": "linear", "conv1d": "conv1d", "conv2d": "conv2d",
    "conv3d": "conv3d",
}
_SPELLINGS: Final = {"swish": "silu"}


def check(program: Program) -> Iterator[Finding]:
    for call, group in spelled_alike(program):
        if group[0].event.function not in _KAIMING or group[0].guarded:
            continue
        values = argument_values(group, "nonlinearity")
        if any(refused(value) for value in values):
            name = next(str(value) for value in values if refused(value))
            yield RULE.finding(
                _message(name, "nonlinearity={}"),
                call.span,
                subjects=subjects_of(group),
                layer=place_of(program, group),
                fix=_fix(call, name, _KAIMING_POSITION) if len(values) == 1 else None,
            )
    for event in program.events_of(GainCall):
        given = event.arguments.get("nonlinearity")
        if not event.guarded and isinstance(given, str) and refused(given):
            yield RULE.finding(
                _message(given, "calculate_gain({})"),
                event.call.span,
                subjects=frozenset({call_subject(event.call.span)}),
                fix=_fix(event.call, given, 0),
            )


def refused(name: object) -> bool:
    """Whether torch raises on this nonlinearity."""
    return isinstance(name, str) and name not in TORCH_GAINS


def _canonical(name: str) -> str:
    plain = name.lower().replace("_", "").replace("-", "")
    return _SPELLINGS.get(plain, plain)


def _message(name: str, form: str) -> str:
    plain = _canonical(name)
    head = f"torch has no gain for {name!r} and raises ValueError"
    if plain == "prelu":
        return f"{head}; PReLU starts as a leaky ReLU: write `a={_PRELU_SLOPE}`"
    relative = _RELATIVES.get(plain)
    if relative is None:
        return f"{head}; its names are {', '.join(sorted(TORCH_GAINS))}"
    advice = f"{head}; write `{form.format(repr(relative))}`"
    if plain in _CRITICAL:
        return f"{advice}: {name} wants a weight variance of {_CRITICAL[plain]}/fan_in, and that gives 2"
    return advice


def _fix(call: Call, name: str, position: int) -> Fix | None:
    written = call.argument("nonlinearity", position)
    if written is None or not written.literal:
        return None
    plain = _canonical(name)
    changes: tuple[Change, ...]
    if plain == "prelu" and position == _KAIMING_POSITION:
        slope = SetArgument(call, "a", str(_PRELU_SLOPE), 1)
        changes = (slope, RemoveArgument(call, "nonlinearity", position))
        return Fix(f"Pass PReLU's slope as `a={_PRELU_SLOPE}`", Applicability.SAFE, changes)
    relative = _RELATIVES.get(plain)
    if relative is None:
        return None
    changes = (SetArgument(call, "nonlinearity", repr(relative), position),)
    return Fix(f"Use {relative!r}", Applicability.SAFE, changes)
