"""How a row of the function tables is written."""

from __future__ import annotations

from functools import cache

from initlint.model.graph import Role
from initlint.trace.vocabulary.spec import (
    FFT,
    FUNCTIONAL,
    LINALG,
    OPERATOR,
    SPECIAL,
    TENSOR,
    TORCH,
    Extra,
    FunctionSpec,
)

_LETTERS = {
    "F": FUNCTIONAL,
    "T": TORCH,
    "X": TENSOR,
    "S": SPECIAL,
    "L": LINALG,
    "R": FFT,
    "O": OPERATOR,
}


@cache
def surfaces(letters: str) -> frozenset[str]:
    """The surfaces a word such as "FTX" stands for: functional, torch, tensor method."""
    return frozenset(_LETTERS[letter] for letter in letters)


def row(
    role: Role | Extra,
    name: str,
    letters: str,
    signature: str,
    *,
    signals: str = "",
    settings: str = "",
    result: str = "tensor",
    weight: str | None = None,
    added: str | None = None,
    family: str = "",
    pair_when: str | None = None,
    binary: str | None = None,
    activation: bool = False,
    carries: bool = True,
    attribute: bool = False,
    **variants: str,
) -> FunctionSpec:
    """One function. `signals` and `settings` are words apart by blanks; without `signals` the first
    parameter is the signal, unless the function carries none. `variants` are signatures by surface."""
    if signals:
        carried = tuple(signals.split())
    elif carries:
        carried = (signature.split(",", 1)[0].split("=", 1)[0],)
    else:
        carried = ()
    return FunctionSpec(
        name,
        role,
        surfaces(letters),
        carried,
        signature,
        activation=name if activation else None,
        settings=tuple(settings.split()),
        result=result,
        weight=weight,
        added=added,
        family=family,
        pair_when=pair_when,
        binary=binary,
        variants=tuple(variants.items()),
        attribute=attribute,
    )
