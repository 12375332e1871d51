"""Facts and findings as JSON and back. Data only: what is read can make values of the classes below, and nothing else.

A list is one of: `[0, ...]` a tuple, `[1, ...]` a frozenset, `[2, key, value, ...]` a dict, `[3]` UNKNOWN,
`[n, ...]` a dataclass by its fields or an enum by its value. Anything else stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, Final

from initlint.model import change, finding, report, source
from initlint.model.survey import Builder, Defined, Standing, Survey
from initlint.syntax.source import Fault

_TUPLE, _SET, _DICT, _UNKNOWN, _FIRST = 0, 1, 2, 3, 8
_CLASSES: Final[tuple[type[Any], ...]] = (
    source.Span,
    source.Argument,
    source.Call,
    finding.Severity,
    finding.Applicability,
    finding.Related,
    finding.Fix,
    finding.Finding,
    change.SetArgument,
    change.RemoveArgument,
    change.NameArgument,
    change.ReplaceInit,
    change.RenameFunction,
    change.DeleteStatement,
    change.ReplaceExpression,
    change.WidenCall,
    change.InsertAfter,
    change.WrapStatement,
    change.ReplaceComment,
    change.InitializeLayers,
    change.MoveStatement,
    report.ActivationRow,
    report.InitRow,
    report.ChainRow,
    report.LayerRow,
    report.Sighting,
    Survey,
    Fault,
    Standing,
    Defined,
    Builder,
)
_TAGS: Final = {cls: _FIRST + place for place, cls in enumerate(_CLASSES)}
_FIELDS: Final = {cls: tuple(each.name for each in fields(cls)) for cls in _CLASSES if not issubclass(cls, Enum)}


def encode(value: Any) -> Any:
    """`value` as JSON has it. Raises `TypeError` for what is none of the classes."""
    if value is None or type(value) in _PLAIN:
        return value
    cls = type(value)
    if cls is tuple or cls is list:
        return [_TUPLE, *map(encode, value)]
    if cls is frozenset:
        return [_SET, *map(encode, sorted(value))]
    if isinstance(value, Mapping):
        return [_DICT, *(encode(part) for item in value.items() for part in item)]
    if value is source.UNKNOWN:
        return [_UNKNOWN]
    tag = _TAGS.get(cls)
    if tag is None:
        raise TypeError(f"{cls.__name__} is not data")
    if isinstance(value, Enum):
        return [tag, value.value]
    return [tag, *(encode(getattr(value, name)) for name in _FIELDS[cls])]


_PLAIN: Final = frozenset({bool, int, float, str})


def decode(data: Any) -> Any:
    """What `encode` made `data` of. Raises `ValueError` or `TypeError` for anything else."""
    if type(data) is not list:
        if isinstance(data, dict):
            raise ValueError("no encoded value")
        return data
    if not data or type(data[0]) is not int:
        raise ValueError("no encoded value")
    tag, parts = data[0], [decode(part) for part in data[1:]]
    if tag >= _FIRST:
        make: Callable[..., Any] = _CLASSES[tag - _FIRST] if tag - _FIRST < len(_CLASSES) else _unheard
        return make(*parts)
    match tag:
        case 0:
            return tuple(parts)
        case 1:
            return frozenset(parts)
        case 2:
            return dict(zip(parts[::2], parts[1::2], strict=True))
        case 3:
            return source.UNKNOWN
    raise ValueError("no encoded value")


def _unheard(*parts: object) -> Any:
    raise ValueError("no encoded value")
