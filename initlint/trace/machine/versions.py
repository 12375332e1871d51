"""Versions of packages."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, Final

_RELEASE: Final = re.compile(r"\s*v?(\d+(?:\.\d+)*)")


class VersionV(str):
    """A version: text that is compared number by number with texts and tuples, as `torch.__version__` is."""

    __slots__ = ()

    @property
    def release(self) -> tuple[int, ...]:
        """(2, 1, 0) of "2.1.0+cpu"; () where the text starts with no number."""
        return _release(self)

    def __lt__(self, other: object) -> bool:
        return self._is(operator.lt, other)

    def __le__(self, other: object) -> bool:
        return self._is(operator.le, other)

    def __gt__(self, other: object) -> bool:
        return self._is(operator.gt, other)

    def __ge__(self, other: object) -> bool:
        return self._is(operator.ge, other)

    def _is(self, relation: Callable[[Any, Any], bool], other: object) -> bool:
        """Raises TypeError for what is no version."""
        theirs = other if isinstance(other, tuple) else _release(other) if isinstance(other, str) else ()
        if not self.release or not theirs:
            raise TypeError
        return relation(_plain(self.release), _plain(theirs))


def _release(text: str) -> tuple[int, ...]:
    found = _RELEASE.match(text)
    return tuple(map(int, found[1].split("."))) if found else ()


def _plain(release: tuple[object, ...]) -> tuple[object, ...]:
    """2.1 is 2.1.0."""
    while release and release[-1] == 0:
        release = release[:-1]
    return release
