"""Distributions that take logits, held against torch."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.distributions
from torch.overrides import TorchFunctionMode

from initlint.trace.vocabulary.distributions import LOGITS
from tests.trace.programs import after, layers

TAKE_LOGITS = {
    name: list(inspect.signature(kind.__init__).parameters)[1:]
    for name, kind in vars(torch.distributions).items()
    if isinstance(kind, type) and "logits" in inspect.signature(kind.__init__).parameters
}
FIRST = {"total_count": "3", "temperature": "torch.tensor(0.5)"}


class Called(TorchFunctionMode):
    """The names of the functions of torch that are called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.add(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))


def written(name: str, logits: str) -> str:
    """A call that gives nothing but what has to be given."""
    first = TAKE_LOGITS[name][0]
    return f"torch.distributions.{name}({FIRST[first] + ', ' if first in FIRST else ''}{logits})"


def test_all_are_known() -> None:
    assert {name: parameters.index("logits") for name, parameters in TAKE_LOGITS.items()} == {
        name: spec.position for name, spec in LOGITS.items()
    }


@pytest.mark.parametrize("name", LOGITS)
def test_samples_need_probabilities(name: str) -> None:
    with Called() as called:
        made = eval(written(name, "logits=torch.randn(2, 4)"), {"torch": torch})
        _ = made.probs
    assert {"softmax", "sigmoid"} & called.names == {LOGITS[name].activation}


@pytest.mark.parametrize("name", LOGITS)
def test_logits_end_as_they_are_or_as_probabilities(name: str) -> None:
    given = {"total_count": "3", "temperature": "0.5"}.get(TAKE_LOGITS[name][0])
    calls = [written(name, "logits=self.fc(x)")]
    calls.append(f"torch.distributions.{name}({given + ', ' if given else ''}None, self.fc(x))")
    for call in calls:
        (row,) = layers(
            f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return {call}
"""
        ).values()
        assert {activation.name for activation in row.activations} == {"none", LOGITS[name].activation}
        assert row.activation_complete
        assert after(row) is not None
