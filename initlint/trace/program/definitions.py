"""Where the classes and functions of the program are defined."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.model.survey import Place
from initlint.trace.machine.values import ClassV, FunctionV


def places_of(classes: Iterable[ClassV]) -> frozenset[Place]:
    """Where classes of the program are defined."""
    return frozenset(place_of(cls) for cls in classes if cls.node is not None)


def place_of(definition: ClassV | FunctionV) -> Place:
    """Where a class or function is defined."""
    if isinstance(definition, FunctionV):
        return definition.code.file, definition.code.node.lineno
    return definition.module.file, definition.node.lineno if definition.node is not None else 0
