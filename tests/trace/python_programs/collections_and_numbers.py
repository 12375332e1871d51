"""Lists, sets, dicts, texts and numbers."""

from __future__ import annotations


def union_of_sets():
    return len({1, 2} | {2, 3})


def intersection_of_sets():
    return len({1, 2} & {2})
