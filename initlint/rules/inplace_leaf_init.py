"""
## What it does
Finds parameters that are written in place while autograd watches, and tensors assigned to the name of a parameter.

## Why is this bad?
A parameter is a leaf that requires grad: `self.fc.weight.normal_()` outside `torch.no_grad()` raises `RuntimeError`
while the model is built, and `self.fc.weight = torch.randn(10, 784)` raises `TypeError`, as only an `nn.Parameter`
may replace one. The functions of `torch.nn.init` switch autograd off themselves.

## Example
```python
import torch.nn as nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        self.fc.weight.normal_(0, 0.01)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return self.fc(x)
```

## Use instead
```python
import torch.nn as nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.normal_(self.fc.weight, 0, 0.01)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return self.fc(x)
```

## Fix safety
Safe: the statement raises today. Fills become the function of `torch.nn.init` of that name, other writes are put
under `torch.no_grad()`, an assigned tensor is wrapped in `nn.Parameter`.

## References
- [torch.nn.init](https://docs.pytorch.org/docs/stable/nn.init.html)
- [Locally disabling gradients](https://docs.pytorch.org/docs/stable/notes/autograd.html#locally-disable-grad-doc)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from initlint.model.change import Change, ReplaceExpression, WrapStatement
from initlint.model.events import LeafWrite, TensorAssigned
from initlint.model.finding import Applicability, Finding, Fix, Severity, call_subject
from initlint.model.program import Program
from initlint.rules._words import place_name, these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI005", "inplace-leaf-init", Severity.ERROR, fix=Applicability.SAFE)

_FILLS: Final = {"normal_": "normal_", "uniform_": "uniform_", "zero_": "zeros_", "fill_": "constant_"}
_OPERATORS: Final = {"__setitem__": "[…] =", "__iadd__": "+=", "__isub__": "-=", "__imul__": "*=", "__itruediv__": "/="}


def check(program: Program) -> Iterator[Finding]:
    told = set()
    for write in program.events_of(LeafWrite):
        if write.guarded or write.span in told:
            continue
        told.add(write.span)
        changes, advice = _change(write)
        path = _path(write.module, write.name)
        action = f"`{_OPERATORS[write.function]}`" if write.function in _OPERATORS else f"`{write.function}`"
        yield RULE.finding(
            f"{action} writes {_part(write)}{these([path])} in place while autograd watches it: "
            f"this raises RuntimeError; {advice}",
            write.span,
            subjects=frozenset({call_subject(write.span), path}),
            layer=place_name(program, write.module),
            fix=Fix(advice[0].upper() + advice[1:], Applicability.SAFE, (changes,)),
        )
    for assigned in program.events_of(TensorAssigned):
        if assigned.guarded or assigned.span in told:
            continue
        told.add(assigned.span)
        path = _path(assigned.module, assigned.name)
        wrap = ReplaceExpression(assigned.value, "{nn}.Parameter({0})", (assigned.value,))
        yield RULE.finding(
            f"{these([path])} is a parameter and takes no plain tensor: this raises "
            "TypeError; wrap it in `nn.Parameter`, or fill the weight with `nn.init`",
            assigned.span,
            subjects=frozenset({call_subject(assigned.span), path}),
            layer=place_name(program, assigned.module),
            fix=Fix("Wrap it in `nn.Parameter`", Applicability.SAFE, (wrap,)),
        )


def _path(module: str, name: str) -> str:
    return f"{module}.{name}" if module else name


def _part(write: LeafWrite) -> str:
    return "part of " if write.view else ""


def _change(write: LeafWrite) -> tuple[Change, str]:
    call = write.call
    if call is None or write.function not in _FILLS or any(given.name in ("*", "**") for given in call.arguments):
        return WrapStatement(write.span, "with {torch}.no_grad():"), "do it under `torch.no_grad()`"
    function = _FILLS[write.function]
    passed = "".join(
        f", {_keyword(function, given.name)}={{{index}}}" if given.name else f", {{{index}}}"
        for index, given in enumerate(call.arguments, start=1)
    )
    template = f"{{init}}.{function}({{0}}{passed})"
    parts = (write.target, *(given.span for given in call.arguments))
    return ReplaceExpression(call.span, template, parts), f"use `nn.init.{function}`"


def _keyword(function: str, name: str) -> str:
    """torch.nn.init's name for a keyword of the tensor method (`from`, `to` and `value` differ)."""
    if function == "uniform_":
        return {"from": "a", "to": "b"}.get(name, name)
    return "val" if function == "constant_" and name == "value" else name
