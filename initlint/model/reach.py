"""What can be reached by going from one thing to the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def reach(starts: Iterable[T], following: Callable[[T], Iterable[T]], most: int | None = None) -> set[T]:
    """The starts and all that can be reached from them, or the `most` that take the fewest steps."""
    found = dict.fromkeys(starts)
    waiting = list(found)
    for each in waiting:
        for further in following(each):
            if further not in found and (most is None or len(found) < most):
                found[further] = None
                waiting.append(further)
    return set(found)
