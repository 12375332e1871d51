"""Every public name of torch is in one table or left out with a reason, and the tables name nothing torch lacks."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from initlint.trace.vocabulary import (
    FACTORIES,
    FILLS,
    FUNCTIONS,
    INITIALIZERS,
    LEFT_OUT,
    MODULES,
    lookup,
)
from initlint.trace.vocabulary.packages import packages
from initlint.trace.vocabulary.spec import FFT, FUNCTIONAL, LINALG, OPERATOR, PREFIXES, SPECIAL, TENSOR, TORCH

HOMES: dict[str, object] = {
    FUNCTIONAL: F,
    TORCH: torch,
    TENSOR: torch.Tensor,
    SPECIAL: torch.special,
    LINALG: torch.linalg,
    FFT: torch.fft,
}


FAMILIES: dict[str, type[nn.Module]] = {
    "conv": nn.modules.conv._ConvNd,
    "batch_norm": nn.modules.batchnorm._BatchNorm,
    "instance_norm": nn.modules.instancenorm._InstanceNorm,
    "dropout": nn.modules.dropout._DropoutNd,
}


def operations(surface: str) -> Iterator[str]:
    """Public functions of a home, and the attributes of a tensor."""
    home = HOMES[surface]
    for name in dir(home):
        if name.startswith("_"):
            continue
        value = getattr(home, name)
        if isinstance(value, (types.ModuleType, type)) or (surface != TENSOR and not callable(value)):
            continue
        if getattr(value, "__module__", None) in ("typing", "collections.abc"):
            continue
        yield name


def left_out(name: str) -> bool:
    """A function left out takes its in-place spelling along."""
    return name in LEFT_OUT or name.removesuffix("_") in LEFT_OUT


@pytest.mark.parametrize("surface", list(HOMES))
def test_every_public_function_is_classified(surface: str) -> None:
    missing = [
        name
        for name in operations(surface)
        if lookup(f"{PREFIXES[surface]}.{name}") is None and not left_out(name)
    ]
    assert missing == []


@pytest.mark.parametrize("surface", list(HOMES))
def test_nothing_is_both_classified_and_left_out(surface: str) -> None:
    both = [name for name in operations(surface) if lookup(f"{PREFIXES[surface]}.{name}") and name in LEFT_OUT]
    assert both == []


def test_functions_are_where_their_surfaces_say() -> None:
    for name, spec in FUNCTIONS.items():
        for surface in spec.surfaces - {OPERATOR}:
            assert hasattr(HOMES[surface], name), (surface, name)
    for name, factory in FACTORIES.items():
        for surface in factory.surfaces:
            assert hasattr(HOMES[surface], name), (surface, name)


def test_functions_lack_no_surface() -> None:
    for name, spec in FUNCTIONS.items():
        found = {surface for surface in HOMES if name in operations(surface)}
        assert found == spec.surfaces - {OPERATOR}, name


def test_tables_do_not_overlap() -> None:
    assert not FUNCTIONS.keys() & FACTORIES.keys()
    assert not FUNCTIONS.keys() & FILLS.keys()
    assert not (FUNCTIONS.keys() | FACTORIES.keys() | FILLS.keys() | MODULES.keys()) & LEFT_OUT.keys()


def test_attributes_are_those_of_tensors() -> None:
    for name, spec in FUNCTIONS.items():
        if TENSOR in spec.surfaces:
            assert spec.attribute == (not callable(getattr(torch.Tensor, name))), name


def test_fills_are_methods_of_tensors() -> None:
    assert [name for name in FILLS if not callable(getattr(torch.Tensor, name, None))] == []


def test_left_out_names_exist() -> None:
    homes = [*HOMES.values(), nn]
    assert [name for name in LEFT_OUT if not any(hasattr(home, name) for home in homes)] == []


def test_every_public_class_of_nn_is_classified() -> None:
    classes = [name for name, value in vars(nn).items() if inspect.isclass(value) and not name.startswith("_")]
    assert len(classes) > 150
    assert [name for name in classes if name not in MODULES and name not in LEFT_OUT] == []
    functions = [name for name, value in vars(nn).items() if inspect.isfunction(value) and not name.startswith("_")]
    assert [name for name in functions if name not in LEFT_OUT] == []


def test_modules_exist_and_inherit_as_said() -> None:
    for name, spec in MODULES.items():
        cls = getattr(nn, name, None) or getattr(nn.modules.linear, name)
        bases = {base.__name__ for base in cls.__mro__[1:]}
        assert spec.base in bases or name == "Module", name
        for family, parent in FAMILIES.items():
            assert (spec.family == family) == issubclass(cls, parent) or name.startswith("Lazy"), name


def test_every_public_function_of_init_is_classified() -> None:
    functions = [
        name for name, value in vars(nn.init).items() if inspect.isfunction(value) and not name.startswith("_")
    ]
    assert sorted(functions) == sorted([*INITIALIZERS, "calculate_gain"])


def test_torch_helpers_exist() -> None:
    import torch.amp
    import torch.ao.nn.quantized
    import torch.ao.quantization
    import torch.cuda.amp
    import torch.nn.attention.flex_attention
    import torch.nn.utils.parametrizations
    import torch.nn.utils.parametrize
    import torch.profiler
    import torch.utils.checkpoint

    for dotted in packages():
        if not dotted.startswith("torch."):
            continue
        value: object = torch
        for part in dotted.split(".")[1:]:
            value = getattr(value, part)
