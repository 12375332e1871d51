"""Results that are kept while a project is worked on. Their arguments hold its syntax, and with it whole modules."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_forget: Final[list[Callable[[], None]]] = []


def kept(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`lru_cache` for functions of the trace that take syntax or what belongs to a project."""

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        found = lru_cache(maxsize=most)(function)
        _forget.append(found.cache_clear)
        return cast("Callable[P, T]", found)

    return keep


def forgotten(clear: Callable[[], None]) -> Callable[[], None]:
    """Marks a function that lets go of what a module keeps of a project: `forget` calls it too."""
    _forget.append(clear)
    return clear


def forget() -> None:
    """Lets go of all that is kept."""
    for each in _forget:
        each()
