"""Which axes of a parameter are summed over, against the values that torch computes."""

from __future__ import annotations

import pytest
import torch

from initlint.trace.torch.contractions import contraction


@pytest.mark.parametrize(("equation", "shape", "summed"), [
    ("nc,cd->nd", (5, 7), (0,)),
    ("ncp,pcd->nd", (4, 5, 7), (0, 1)),
    ("bnc,ndc->bnd", (3, 5, 7), (2,)),
    ("nd,d->nd", (7,), ()),
])
def test_einsum(equation: str, shape: tuple[int, ...], summed: tuple[int, ...]) -> None:
    used = contraction("einsum", {"equation": equation, "operand": 1}, len(shape))
    assert used.summed == summed
    letters = equation.partition("->")[0].split(",")
    sizes = dict(zip(letters[1], shape, strict=True))
    other = torch.ones([sizes.get(letter, 2) for letter in letters[0]])
    count = 1
    for axis in summed:
        count *= shape[axis]
    assert torch.einsum(equation, other, torch.ones(shape)).unique().tolist() == [count]
