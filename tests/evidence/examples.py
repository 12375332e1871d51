"""The examples of the rules' docstrings, executed: what is proved is what the documentation shows."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch

from initlint.rules.registry import entries


@cache
def _code(code: str, heading: str) -> Any:
    return compile(entries()[code].code_in(heading), f"{code} {heading}", "exec")


def _run(code: str, heading: str, seed: int) -> dict[str, Any]:
    torch.manual_seed(seed)
    names: dict[str, Any] = {"__name__": code}
    exec(_code(code, heading), names)
    return names


def example(code: str, seed: int = 0) -> dict[str, Any]:
    """The names the Example of rule `code` defines."""
    return _run(code, "Example", seed)


def instead(code: str, seed: int = 0) -> dict[str, Any]:
    """The names the "Use instead" of rule `code` defines."""
    return _run(code, "Use instead", seed)


def built(names: dict[str, Any], kind: str, seed: int = 0) -> Any:
    """The model of class `kind`, built under a seed."""
    torch.manual_seed(seed)
    return names[kind]()


def moment(tensor: torch.Tensor) -> float:
    """The mean square of the entries."""
    return float(tensor.detach().double().pow(2).mean())
