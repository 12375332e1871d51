"""What the trace does not tell of Python's library and of numpy: a number that is not known, never another one."""

from __future__ import annotations

import pytest

from tests.trace.programs import layers

PROGRAM = """
import heapq
import itertools
import json
import re
from collections import deque
from types import SimpleNamespace

import numpy as np
from torch import nn


class Net(nn.Module):
    def __init__(self, given):
        super().__init__()
        {text}
        self.layer = nn.Linear(size, 1)

    def forward(self, x):
        return self.layer(x)
"""
UNKNOWN = [
    "size = int(np.array([1, 5, 9])[np.array([1, 5, 9]) > 3].sum())",
    "sizes = np.array([1, 2, 3]); part = sizes[1:]; part[0] = 9; size = int(sizes[1])",
    "sizes = np.array([1, 2, 3]); part = sizes[1:]; sizes += 4; size = int(part[0])",
    "size = int((np.array([200], dtype=np.uint8) + np.array([100], dtype=np.uint8))[0])",
    "size = int(np.geomspace(1, 8, 4)[1])",
    "size = int((np.array([1, 2]) / 0)[0])",
    "size = 3 if np.array([0]) else 4",
    "size = int(np.array([[1, 2], [3, 4]]).sum(axis=0)[1])",
    "size = int((np.array([1, 2]) * given)[0])",
    "size = sum(itertools.islice(itertools.count(), 200))",
    "size = len(list(itertools.takewhile(given, [1, 2, 3])))",
    "size = len(list(itertools.combinations(given, 2)))",
    "last = deque(given, maxlen=2); last.append(3); size = len(last)",
    "last = deque([1], maxlen=given); last.append(3); size = len(last)",
    "heap = [3, given]; heapq.heapify(heap); size = heap[0]",
    "size = 3 if SimpleNamespace(a=1) == SimpleNamespace(a=1) else 4",
    "size = len(json.dumps([given]))",
    "size = re.compile('b').search('abab', given).start()",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_it_is_not_told(text: str) -> None:
    assert layers(PROGRAM.format(text=text))["Net.layer"].fan_in is None


def test_an_element_that_may_not_be_there_is_no_element_of_a_full_deque() -> None:
    rows = layers(PROGRAM.format(text="""last = deque(maxlen=2)
        last.append(5)
        if given:
            last.append(6)
        last.append(7)
        size = last[0]"""))

    assert rows["Net.layer"].fan_in is None
