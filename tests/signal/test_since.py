"""Since when torch can do what, held against the torch that is installed."""

from __future__ import annotations

import inspect

import pytest

from initlint.signal import since

init = pytest.importorskip("torch.nn.init")


def test_the_newest_version_is_the_one_that_is_tested_against():
    import torch

    assert torch.__version__.startswith(f"{since.spelled(since.NEWEST)}.")


@pytest.mark.parametrize("name", since.FUNCTIONS_SINCE)
def test_functions_are_there(name):
    assert callable(getattr(init, name))


@pytest.mark.parametrize(("function", "parameter"), [*since._PARAMETERS_SINCE, ("normal_", "generator")])
def test_parameters_are_taken(function, parameter):
    assert parameter in inspect.signature(getattr(init, function)).parameters
    assert since.parameter_since(function, parameter) <= since.NEWEST


def test_what_all_versions_take():
    assert since.parameter_since("normal_", "std") is None
