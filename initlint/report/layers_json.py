"""The layer report for programs: schema 1."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from initlint.model.report import LayerRow
from initlint.model.source import UNKNOWN

SCHEMA: Final = 1
_SPELLED: Final = {"owner": "class"}


def render(layers: Iterable[LayerRow]) -> str:
    rows = [row(layer) for layer in layers]
    return json.dumps({"schema": SCHEMA, "layers": rows}, indent=1, allow_nan=False) + "\n"


def row(layer: LayerRow) -> dict[str, Any]:
    return {_SPELLED.get(entry.name, entry.name): _json(getattr(layer, entry.name)) for entry in fields(layer)}


def _json(value: object) -> Any:
    """`value` as JSON has it: what is not known and what is no number there is null."""
    if value is None or value is UNKNOWN or isinstance(value, (bool, int, str)):
        return None if value is UNKNOWN else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _json(entry) for key, entry in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, Sequence):
        return [_json(entry) for entry in value]
    if is_dataclass(value):
        return {entry.name: _json(getattr(value, entry.name)) for entry in fields(value)}
    return str(value)
