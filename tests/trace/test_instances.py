"""`isinstance` on abstract values, held against Python."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import pytest

from tests.trace.programs import layers

SETTING = """
import enum
import functools
import numbers
import types
import typing
from collections import abc

import torch.nn as nn
import torch.nn.functional as F


class Colour(enum.Enum):
    RED = "red"


class Plain:
    pass


class Sized:
    def __len__(self):
        return 1


def function():
    pass
"""

VALUES = (
    "'a'", "b'a'", "1", "1.5", "True", "None", "(1, 2)", "[1]", "{'a': 1}", "{1}", "str", "function", "lambda: 1",
    "len", "nn.BatchNorm2d", "F.softmax", "range(3)", "slice(1)", "Colour", "Colour.RED", "Plain", "Plain()", "Sized()", "functools.partial(str)",
)  # fmt: skip
TYPES = (
    "abc.Hashable", "abc.Iterable", "abc.Sized", "abc.Container", "abc.Collection", "abc.Sequence", "abc.Mapping",
    "abc.MutableMapping", "abc.MutableSequence", "abc.Set", "abc.Callable", "typing.Hashable", "typing.Iterable",
    "typing.Sequence", "typing.Mapping", "typing.Callable", "numbers.Number", "numbers.Integral", "types.FunctionType",
    "enum.EnumMeta", "enum.Enum", "str", "int", "dict", "list", "(list, tuple)", "type", "functools.partial", "Plain",
)  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_stated_is_so(kind: str) -> None:
    tests = [f"isinstance({value}, {kind})" for value in VALUES]
    built = "".join(f"        self.{name} = nn.Linear(1 if {test} else 2, 8)\n" for name, test in zip(ascii_lowercase, tests, strict=False))
    rows = layers(f"{SETTING}\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{built}")
    names: dict[str, Any] = {}
    exec(SETTING, names)
    stated = {value: rows[f"Net.{name}"].fan_in for name, value in zip(ascii_lowercase, VALUES, strict=False)}
    expected = {value: 1 if eval(test, names) else 2 for value, test in zip(VALUES, tests, strict=True)}
    assert {value: found for value, found in stated.items() if found not in (expected[value], None)} == {}
    unknown = [value for value, found in stated.items() if found is None]
    assert len(unknown) <= 3, unknown
