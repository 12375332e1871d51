"""How several rules call things in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from initlint.model.program import InitCall, Program
from initlint.model.queries import layer_name

_NUMBER: Final = re.compile(r"^<\d+>(?:\.|$)")


def in_model(path: str) -> str:
    """A path from a root without the number of the model among those that the root builds."""
    return _NUMBER.sub("", path)


def these(names: Iterable[str], shown: int = 2) -> str:
    """`fc1.bias`; `fc1.bias` and `fc2.bias`; `fc1.bias`, `fc2.bias` and 3 more. Repeats are dropped, order is kept."""
    distinct = list(dict.fromkeys(map(in_model, names)))
    quoted = [f"`{name}`" for name in distinct]
    if len(quoted) > shown + 1:
        return f"{', '.join(quoted[:shown])} and {len(quoted) - shown} more"
    if len(quoted) > 1:
        return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    return "".join(quoted)


def targets(group: Iterable[InitCall]) -> str:
    """The parameters the executions wrote, as in `these`; "the tensor" where none is known."""
    return these(call.target for call in group if call.target) or "the tensor"


def times(ratio: float) -> str:
    """A factor without its direction: `12×`, `1.5×`, `×` of 1/12 is `12×` as well."""
    factor = ratio if ratio >= 1 else 1 / ratio
    return f"{factor:.0f}×" if factor >= 10 else f"{factor:.2g}×"


def place_name(program: Program, module: str) -> str:
    """The name of a module for people and baselines: `Net.fc1` for a layer, else its path from the root."""
    layer = next((layer for layer in program.layers if layer.full_path == module), None)
    if layer is not None:
        return layer_name(layer)
    return f"{program.root}.{module}" if module else program.root
