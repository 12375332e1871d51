"""Distributions of torch that take logits: what turns these into probabilities, where those are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LogitsSpec:
    """`activation` is applied to the argument `logits`, at `position`, by some methods (a sample needs probabilities)
    and not by others (a log-probability may not)."""

    activation: str
    position: int = 1


LOGITS: Final[Mapping[str, LogitsSpec]] = {
    "Bernoulli": LogitsSpec("sigmoid"),
    "Binomial": LogitsSpec("sigmoid", 2),
    "Categorical": LogitsSpec("softmax"),
    "ContinuousBernoulli": LogitsSpec("sigmoid"),
    "Geometric": LogitsSpec("sigmoid"),
    "Multinomial": LogitsSpec("softmax", 2),
    "NegativeBinomial": LogitsSpec("sigmoid", 2),
    "OneHotCategorical": LogitsSpec("softmax"),
    "OneHotCategoricalStraightThrough": LogitsSpec("softmax"),
    "RelaxedBernoulli": LogitsSpec("sigmoid", 2),
    "RelaxedOneHotCategorical": LogitsSpec("softmax", 2),
}
"""By name, of `torch.distributions`."""
