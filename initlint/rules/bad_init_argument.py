"""
## What it does
Finds arguments that an initialiser cannot take: a `mode` that is neither `"fan_in"` nor `"fan_out"`, a string or a
bool in the slot of the slope `a` or of `gain`, a value that is missing, an argument it does not have (or not yet, in
the torch of `target-version`: `generator` came with 2.2), a negative spread.

## Why is this bad?
Nearly all of them raise while the model is built. The usual slip is positional: the second parameter of
`kaiming_normal_` is the slope `a`, so `kaiming_normal_(w, "fan_out")` asks for a slope of "fan_out". With
`nonlinearity="relu"` beside it torch does not even look at `a`: the string is dropped and the mode stays fan_in.

## Example
```python
import torch.nn as nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        nn.init.kaiming_normal_(self.conv.weight, "fan_out")

    def forward(self, x):
        return self.conv(x).relu()
```

## Use instead
```python
import torch.nn as nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out")

    def forward(self, x):
        return self.conv(x).relu()
```

## Fix safety
Safe where the call raises today. Where torch ignores the string, naming the argument changes the numbers drawn, so
that fix is unsafe.

## References
- [torch.nn.init.kaiming_normal_](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from initlint.model.change import Change, NameArgument, ReplaceExpression, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.program import InitCall, Program
from initlint.model.queries import place_of, spelled_alike, subjects_of
from initlint.model.source import UNKNOWN, Argument, Call
from initlint.rules.rule import Rule
from initlint.rules.unknown_nonlinearity import refused
from initlint.signal.gains import TORCH_GAINS, number
from initlint.signal.since import FUNCTIONS_SINCE, Version, parameter_since, spelled

RULE: Final = Rule("INI003", "bad-init-argument", Severity.ERROR, fix=Applicability.UNSAFE)

_KAIMING: Final = ("a", "mode", "nonlinearity", "generator")
_SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform_": ("a", "b", "generator"),
    "normal_": ("mean", "std", "generator"),
    "trunc_normal_": ("mean", "std", "a", "b", "generator"),
    "constant_": ("val",),
    "ones_": (),
    "zeros_": (),
    "eye_": (),
    "dirac_": ("groups",),
    "xavier_uniform_": ("gain", "generator"),
    "xavier_normal_": ("gain", "generator"),
    "kaiming_uniform_": _KAIMING,
    "kaiming_normal_": _KAIMING,
    "orthogonal_": ("gain", "generator"),
    "sparse_": ("sparsity", "std", "generator"),
}
"""What torch's initialisers take after the tensor."""

_REQUIRED: Final = {"constant_": "val", "sparse_": "sparsity"}
_MODES: Final = frozenset({"fan_in", "fan_out"})
_HEEDS_SLOPE: Final = "leaky_relu"
_INIT: Final = "torch.nn.init."


@dataclass(frozen=True, slots=True)
class _Fault:
    message: str
    fix: Fix | None = None


def check(program: Program) -> Iterator[Finding]:
    for call, group in spelled_alike(program):
        function = group[0].event.function
        if function not in _SIGNATURES or not call.function.startswith(_INIT) or group[0].guarded:
            continue
        faults = [(_fault(function, execution, program.torch), execution) for execution in group]
        wrong = tuple(execution for fault, execution in faults if fault is not None)
        told = {fault.message: fault for fault, _ in faults if fault is not None}
        if not told or (len(told) > 1 and len(wrong) < len(group)):
            continue
        fault = next(iter(told.values()))
        yield RULE.finding(
            fault.message,
            call.span,
            subjects=subjects_of(wrong),
            layer=place_of(program, wrong),
            fix=fault.fix if len(told) == 1 and len(wrong) == len(group) else None,
        )


def _too_new(function: str, call: Call, torch: Version) -> _Fault | None:
    """What a call asks of a torch that the code is not for."""
    asked = [(f"`{function}` is there", FUNCTIONS_SINCE.get(function), "AttributeError")]
    for given in call.arguments:
        if given.name is not None:
            asked.append((f"`{function}` takes `{given.name}`", parameter_since(function, given.name), "TypeError"))
    for what, since, error in asked:
        if since is not None and torch < since:
            return _Fault(f"{what} since torch {spelled(since)}: with {spelled(torch)} it raises {error}")
    return None


def _fault(function: str, execution: InitCall, torch: Version) -> _Fault | None:
    call, values = execution.call.spelled, execution.event.arguments
    too_new = _too_new(function, call, torch)
    if too_new is not None:
        return too_new
    names = _SIGNATURES[function]
    strange = next((given.name for given in call.arguments if _is_strange(given, names)), None)
    if strange is not None:
        takes = ", ".join(f"`{name}`" for name in names if name != "generator") or "nothing but the tensor"
        return _Fault(f"`{function}` has no `{strange}` and raises TypeError; it takes {takes}")
    missing = _REQUIRED.get(function)
    if missing is not None and missing not in values and not _unpacks(call):
        return _Fault(f"`{function}` needs `{missing}` and raises TypeError without it")
    for judge in (_slope, _mode, _gain, _spread):
        found = judge(function, call, values)
        if found is not None:
            return found
    return None


def _is_strange(given: Argument, names: tuple[str, ...]) -> bool:
    return given.name is not None and given.name not in ("tensor", "*", "**") and given.name not in names


def _unpacks(call: Call) -> bool:
    return any(given.name in ("*", "**") for given in call.arguments)


def _slope(function: str, call: Call, values: Mapping[str, object]) -> _Fault | None:
    slope, family = values.get("a"), values.get("nonlinearity")
    if not function.startswith("kaiming") or not isinstance(slope, (str, bool)) or family is UNKNOWN:
        return None
    if refused(family):      # `kaiming_normal_(w, "relu", "fan_in", "ReLU")`: that comes first
        return None
    shown = repr(slope)
    meant = {"mode": slope in _MODES, "nonlinearity": slope in TORCH_GAINS}
    advice = next((f"; write `{name}={shown}`" for name, fits in meant.items() if fits), "")
    if family == _HEEDS_SLOPE:
        message = f"the second parameter of `{function}` is the slope `a`: {shown} there raises ValueError{advice}"
        return _Fault(message, _name_strings(call, Applicability.SAFE))
    message = f"{shown} lands in the slope `a`, which `nonlinearity={family!r}` makes torch ignore{advice}"
    return _Fault(message, _name_strings(call, Applicability.UNSAFE))


def _name_strings(call: Call, applicability: Applicability) -> Fix | None:
    """Each string after the tensor under the name of the parameter it was meant for."""
    changes: list[Change] = []
    taken = {given.name for given in call.arguments}
    for position, given in enumerate(call.positional()):
        if position == 0:
            continue
        name = _meant(given.value) or (None if changes else _KAIMING[position - 1])
        if name is None or name in taken:
            return None
        taken.add(name)
        if changes or name != _KAIMING[position - 1]:
            changes.append(NameArgument(call, position, name))
    slope = call.argument("a")
    if slope is not None:
        name = _meant(slope.value)
        if name is None or name in taken or not slope.literal:
            return None
        changes.append(SetArgument(call, name, repr(slope.value), replaces="a"))
    return Fix("Name the argument", applicability, tuple(changes)) if changes else None


def _meant(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return "mode" if value in _MODES else "nonlinearity" if value in TORCH_GAINS else None


def _mode(function: str, call: Call, values: Mapping[str, object]) -> _Fault | None:
    if not function.startswith("kaiming") or "mode" not in values:
        return None
    mode = values["mode"]
    if mode is UNKNOWN or (isinstance(mode, str) and mode.lower() in _MODES):
        return None
    message = f"`mode={mode!r}` raises: it is 'fan_in', which keeps the signal, or 'fan_out', which keeps the gradient"
    wanted = next((name for name in sorted(_MODES) if isinstance(mode, str) and _letters(mode) == _letters(name)), None)
    written = call.argument("mode", 2)
    if wanted is None or written is None or not written.literal:
        return _Fault(message)
    change = SetArgument(call, "mode", repr(wanted), 2)
    return _Fault(message, Fix(f"Use {wanted!r}", Applicability.SAFE, (change,)))


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _gain(function: str, call: Call, values: Mapping[str, object]) -> _Fault | None:
    gain = values.get("gain", 1.0)
    if gain is UNKNOWN:
        return None
    if isinstance(gain, str) or gain is None:
        written = call.argument("gain", 1)
        message = f"the gain of `{function}` is a number: {gain!r} raises TypeError"
        if gain not in TORCH_GAINS or written is None:
            return _Fault(message)
        change = ReplaceExpression(written.span, "{init}.calculate_gain({0})", (written.span,))
        fix = Fix("Look the gain up", Applicability.SAFE, (change,))
        return _Fault(f"{message}; write `calculate_gain({gain!r})`", fix)
    known = number(gain)
    if known is not None and known < 0 and function.startswith("xavier"):
        return _Fault(f"a gain of {known:g} asks `{function}` for a negative spread and raises RuntimeError")
    return None


def _spread(function: str, call: Call, values: Mapping[str, object]) -> _Fault | None:
    value = values.get("val", 0.0)
    if value is None or isinstance(value, str):
        return _Fault(f"`constant_` fills with a number: {value!r} raises TypeError")
    deviation = number(values.get("std"))
    if function == "normal_" and deviation is not None and deviation < 0:
        return _Fault(f"a standard deviation of {deviation:g} raises RuntimeError")
    low, high = number(values.get("a")), number(values.get("b"))
    if function == "uniform_" and low is not None and high is not None and low > high:
        return _Fault(f"`uniform_` draws from `a` up to `b`: {low:g} to {high:g} raises RuntimeError")
    return None
