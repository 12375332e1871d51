"""The names that tensors have, against torch's own."""

from __future__ import annotations

import torch

from initlint.trace.vocabulary.tensor_names import TENSOR_NAMES


def test_all_names_of_tensors_and_parameters_are_known() -> None:
    assert {*dir(torch.Tensor), *dir(torch.nn.Parameter(torch.zeros(1)))} == TENSOR_NAMES
