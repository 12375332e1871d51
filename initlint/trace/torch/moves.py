"""Moves of a tensor to another dtype or device: which give a new tensor, and which may give back the very same."""

from __future__ import annotations

from typing import Final

from initlint.trace.machine.values import ExternalV, ParamV, Value

CASTS: Final = frozenset(
    {"to", "type", "cpu", "cuda", "float", "double", "half", "bfloat16", "int", "long", "short", "bool", "char", "byte"}
)
_SAME: Final = frozenset({"float", "cpu"})
"""What a parameter of float32 on the cpu gives itself back for."""

_FLOAT: Final = frozenset({"torch.float", "torch.float32", "torch.FloatTensor"})
_ACCELERATORS: Final = ("cuda", "mps", "xpu")


def is_new(name: str, parameter: ParamV, bound: dict[str, Value]) -> bool:
    """Whether a cast surely makes a new tensor of a parameter that was built as torch builds them by default."""
    if not _is_ordinary(parameter):
        return False
    if name not in ("to", "type"):
        return name not in _SAME
    given = [*(bound.get("args") or ()), *(bound.get(key) for key in ("device", "dtype"))]
    return any(_is_other(value) for value in given)


def _is_other(value: Value) -> bool:
    if isinstance(value, str):
        return value.startswith(_ACCELERATORS)
    return isinstance(value, ExternalV) and value.name.startswith("torch.") and value.name not in _FLOAT


def _is_ordinary(parameter: ParamV) -> bool:
    calls = [event.call for history in parameter.state["histories"] for event in history[:1]]
    return not any(
        argument.name in ("device", "dtype", "**") for call in calls if call is not None for argument in call.arguments
    )
