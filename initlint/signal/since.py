"""Since which version of torch its initialisers can do what. Source: `torch/nn/init.py` of 21 releases from 1.2 to
2.13."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Version = tuple[int, int]

NEWEST: Final[Version] = (2, 13)
"""The version that code is taken to be for where nobody says which."""

FUNCTIONS_SINCE: Final[Mapping[str, Version]] = {"trunc_normal_": (1, 6)}
"""By name; the others are older than 1.2."""

_PARAMETERS_SINCE: Final[Mapping[tuple[str, str], Version]] = {
    ("trunc_normal_", "generator"): (2, 1),
    ("dirac_", "groups"): (1, 5),
}
_GENERATOR: Final[Version] = (2, 2)


def parameter_since(function: str, parameter: str) -> Version | None:
    """The first version of torch whose initialiser takes a parameter that it has now; None where all do."""
    return _PARAMETERS_SINCE.get((function, parameter), _GENERATOR if parameter == "generator" else None)


def spelled(version: Version) -> str:
    return ".".join(map(str, version))
