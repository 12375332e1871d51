"""Room for deep calls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

RECURSION: Final = 12_000
"""Python frames that the deepest allowed call of a trace may need."""
ROOM: Final = 400_000
"""Words, twice what so many frames of common size take."""


def deep(call: Callable[[], T]) -> T:
    """Makes a call that goes very deep, and up and down there all the time.

    CPython (3.11 and later) keeps frames in pieces of 16 kB: it maps a new piece for a call that does not fit into the
    last, and unmaps it when that call returns, which a trace does so often that it took a sixth of the time. A piece is
    made as large as its first frame may become, so one frame that could become large gives room to all below it. Only
    what is used of it takes memory.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        return _in_one_piece(call)
    finally:
        sys.setrecursionlimit(limit)


def _in_one_piece(call: Callable[[], T]) -> T:
    return call()


_in_one_piece.__code__ = _in_one_piece.__code__.replace(co_stacksize=ROOM)
