"""Deep calls find room, and going up and down costs no memory maps."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

import pytest

from initlint.work.stack import RECURSION, deep

CALLS = 300


def climb(depth: int, at_top: Callable[[], None]) -> None:
    if depth:
        climb(depth - 1, at_top)
    else:
        at_top()


def up_and_down() -> None:
    for _ in range(CALLS):
        climb(1, lambda: None)


def page_faults_at_all_depths() -> int:
    """At one of these depths, calls go over the edge of a piece of CPython's stack and back."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for depth in range(200):
        climb(depth, up_and_down)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_it_passes_results_and_errors_on() -> None:
    assert deep(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        deep(lambda: 1 // 0)


def test_calls_may_be_as_deep_as_a_trace_goes() -> None:
    limit = sys.getrecursionlimit()
    assert limit < RECURSION // 2
    reached = []
    deep(lambda: climb(RECURSION // 2, lambda: reached.append(True)))
    assert reached == [True]
    assert sys.getrecursionlimit() == limit


@pytest.mark.skipif(sys.version_info < (3, 11), reason="frames are objects of their own there")
def test_pieces_of_the_stack_are_not_mapped_again_and_again() -> None:
    assert deep(page_faults_at_all_depths) < CALLS < page_faults_at_all_depths()
