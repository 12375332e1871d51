"""`match` statements."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from torch import nn


class Kind(Enum):
    LINEAR = 1
    CONV = 2


@dataclass
class Layer:
    kind: str
    width: int


class Size(NamedTuple):
    inputs: int
    outputs: int


class Box:
    __match_args__ = ("content",)

    def __init__(self, content):
        self.content = content


def attributes_of_a_module():
    found = 0
    for module in nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 7, bias=False)):
        match module:
            case nn.Linear(in_features=inputs, bias=None):
                found += 100 * inputs
            case nn.Linear(weight=weight):
                found += weight.shape[0]
    return found


def arguments_in_order():
    match Layer("conv", 6):
        case Layer("linear", width):
            return width
        case Layer("conv", width) if width > 5:
            return 10 * width
    return 1


def arguments_by_match_args():
    match Box(9):
        case Box(content):
            return content


def type_of_a_number():
    match 5:
        case str():
            return 1
        case int(number) if number > 3:
            return 10 + number


def a_named_tuple_is_a_sequence():
    match Size(3, 4):
        case [inputs, outputs]:
            return 10 * inputs + outputs


def a_sequence_of_another_length():
    match [1, 2, 3]:
        case [only]:
            return only
        case [first, *_, last]:
            return 10 * first + last


def the_rest_of_a_sequence():
    match (1, [2, 3, 4]):
        case (first, [_, *rest]):
            return first + sum(rest)


def a_text_is_no_sequence():
    match "ab":
        case [_, _]:
            return 1
        case "x" | "ab" as text:
            return 10 * len(text)


def entries_of_a_dict():
    match {"kind": "conv", "width": 5, "stride": 2}:
        case {"kind": "linear", "width": width}:
            return width
        case {"kind": "conv", **rest}:
            return 10 * sum(rest.values())


def either_of_two():
    match (1, 6):
        case (6, other) | (other, 6):
            return 10 + other


def a_member_of_an_enumeration():
    match Kind.CONV:
        case Kind.LINEAR:
            return 1
        case Kind.CONV:
            return 2


def nothing():
    match None:
        case 0:
            return 1
        case None:
            return 2
