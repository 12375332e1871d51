"""The names that torch's objects have, against torch's own."""

from __future__ import annotations

import torch

from initlint.trace.vocabulary.own_names import MODULE_NAMES, TENSOR_NAMES

CACHED = {"__slotnames__"}
"""What `copyreg` leaves on a class of which an object was copied."""


def test_all_names_of_tensors_and_parameters_are_known() -> None:
    assert {*dir(torch.Tensor), *dir(torch.nn.Parameter(torch.zeros(1)))} - CACHED == TENSOR_NAMES


def test_all_names_of_modules_are_known() -> None:
    assert set(dir(torch.nn.Module)) - CACHED == MODULE_NAMES
