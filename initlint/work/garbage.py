"""Python's collector of garbage, where what it would look through all stays alive, or goes with the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected, unless asked for: a run leaves a large project behind, and looking through it once takes
    as long as some of the files in it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
