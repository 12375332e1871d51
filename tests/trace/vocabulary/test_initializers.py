"""The writers of values against torch: torch.nn.init, in-place fills, factories, and packages in torch's terms."""

from __future__ import annotations

import inspect
import math
import warnings
from typing import Any

import pytest
import torch
import torch.nn as nn

from initlint.model.source import UNKNOWN
from initlint.trace.vocabulary import FACTORIES, FILLS, INITIALIZERS, MODULES
from initlint.trace.vocabulary.formula import evaluate
from initlint.trace.vocabulary.packages import packages
from initlint.trace.vocabulary.signatures import bind, parameters_of
from initlint.trace.vocabulary.spec import Fill, InitializerSpec


def fill(row: Fill, tensor: torch.Tensor, names: dict[str, object]) -> torch.Tensor:
    """Fill `tensor` as `row` says, with torch.nn.init itself."""
    shape = tensor.shape
    known = dict(names)
    if len(shape) > 1:
        known["fan_in"], known["fan_out"] = nn.init._calculate_fan_in_and_fan_out(tensor)
        known["rows"], known["columns"] = shape[-2], shape[-1]
    values = {key: evaluate(value, known) for key, value in row.arguments}
    assert UNKNOWN not in values.values(), row
    result = getattr(nn.init, row.function)(tensor, **values)
    assert isinstance(result, torch.Tensor)
    return result


@pytest.mark.parametrize("name", [name for name, spec in INITIALIZERS.items() if spec.modern is None])
def test_signatures(name: str) -> None:
    real = inspect.signature(getattr(nn.init, name)).parameters.values()
    ours = parameters_of(INITIALIZERS[name].signature)
    assert [p.name for p in ours] == [p.name for p in real]
    assert [p.default for p in ours if isinstance(p.default, (int, float, str))] == [
        p.default for p in real if isinstance(p.default, (int, float, str))
    ]
    assert INITIALIZERS[name].tensor in [p.name for p in ours]


@pytest.mark.parametrize("name", [name for name, spec in INITIALIZERS.items() if spec.modern is not None])
def test_deprecated_names_warn_and_call_the_modern_one(name: str) -> None:
    spec = INITIALIZERS[name]
    given = {"constant": (0.5,), "sparse": (0.1,)}.get(name, ())
    tensor = torch.empty(6, 6, 3) if name == "dirac" else torch.empty(6, 6)
    torch.manual_seed(0)
    with pytest.warns(FutureWarning, match=str(spec.modern)):
        left = getattr(nn.init, name)(tensor.clone(), *given)
    torch.manual_seed(0)
    assert torch.equal(left, getattr(nn.init, str(spec.modern))(tensor.clone(), *given))


def sample(tensor: torch.Tensor) -> tuple[float, float]:
    return float(tensor.double().mean()), float(tensor.double().std())


CALLS: dict[str, tuple[Any, ...]] = {
    "fill_": (0.25,),
    "normal_": (0.5, 2.0),
    "uniform_": (-1.0, 3.0),
    "exponential_": (2.0,),
    "geometric_": (0.3,),
}


@pytest.mark.parametrize("name", [name for name, spec in FILLS.items() if spec.fill is not None])
def test_fills_in_the_terms_of_init(name: str) -> None:
    spec = FILLS[name]
    given = CALLS.get(name, ())
    bound = bind(spec.signature, ("self", *given), {})
    assert bound is not None
    assert spec.fill is not None
    real, ours = torch.empty(200, 300), torch.empty(200, 300)
    getattr(real, name)(*given)
    fill(spec.fill, ours, bound)
    assert sample(real) == pytest.approx(sample(ours), rel=0.03, abs=0.03)


@pytest.mark.parametrize("name", [name for name, spec in FILLS.items() if spec.kind == "draw"])
def test_draws_forget_what_was_there(name: str) -> None:
    left, right = torch.zeros(50), torch.full((50,), 7.0)
    for tensor in (left, right):
        torch.manual_seed(0)
        getattr(tensor, name)(*CALLS.get(name, ()))
    assert torch.equal(left, right)
    assert float(left.std()) > 0


OPERANDS: dict[str, tuple[Any, ...]] = {
    "mul_": (3.0,), "multiply_": (3.0,), "div_": (2.0,), "divide_": (2.0,), "true_divide_": (2.0,), "neg_": (),
    "add_": (3.0,), "sub_": (3.0,),
}


def test_rescales_and_shifts() -> None:
    x = torch.randn(100)
    for name, spec in FILLS.items():
        if spec.kind in ("rescale", "shift"):
            y = getattr(x.clone(), name)(*OPERANDS[name])
            change = y / x if spec.kind == "rescale" else y - x
            torch.testing.assert_close(change, change[:1].expand(100), rtol=1e-3, atol=1e-4)


SIZES: dict[str, tuple[Any, ...]] = {
    "full": ((200, 300), 0.3), "normal": (0.5, 2.0, (200, 300)), "eye": (5,), "full_like": (0.3,),
    "new_full": ((200, 300), 0.3),
}


@pytest.mark.parametrize("name", [name for name, spec in FACTORIES.items() if spec.fill is not None])
def test_factories_in_the_terms_of_init(name: str) -> None:
    spec = FACTORIES[name]
    assert spec.fill is not None
    given: tuple[Any, ...] = SIZES.get(name, () if spec.like else (200, 300))
    proto = torch.empty(200, 300)
    bound = bind(spec.signature, (proto, *given) if spec.like or name.startswith("new_") else given, {})
    assert bound is not None
    if name.startswith("new_"):
        real = getattr(proto, name)(*given)
    else:
        real = getattr(torch, name)(*((proto, *given) if spec.like else given))
    assert spec.size is None or spec.size in bound
    ours = fill(spec.fill, torch.empty(real.shape), bound)
    assert sample(real) == pytest.approx(sample(ours), rel=0.03, abs=0.03)


def test_defaults_are_functions_of_init() -> None:
    for spec in MODULES.values():
        for row in spec.parameters:
            assert row.default.function in INITIALIZERS
            known = {p.name for p in parameters_of(INITIALIZERS[row.default.function].signature)}
            assert {key for key, _ in row.default.arguments} <= known


# -- packages -----------------------------------------------------------------------------------

INIT_ROWS = {dotted: spec for dotted, spec in packages().items() if isinstance(spec, InitializerSpec) and spec.fills}


def test_fills_of_packages_are_calls_of_torch() -> None:
    assert len(INIT_ROWS) > 20
    for dotted, spec in INIT_ROWS.items():
        names = {p.name for p in parameters_of(spec.signature)}
        assert spec.tensor in names, dotted
        for row in (*spec.fills, *([spec.bias] if spec.bias else [])):
            known = {p.name for p in parameters_of(INITIALIZERS[row.function].signature)}
            assert {key for key, _ in row.arguments} <= known, dotted


def measured(dotted: str, *given: object, shape: tuple[int, ...] = (300, 200), **named: object) -> torch.Tensor:
    """What the first fitting fill of a package's function leaves in a weight of `shape`."""
    spec = INIT_ROWS[dotted]
    names = [p.name for p in parameters_of(spec.signature)]
    place = names.index(spec.tensor)
    positional = list(given)
    positional.insert(place, "target")
    bound = bind(spec.signature, positional, named)
    assert bound is not None
    for row in spec.fills:
        if row.when is None or evaluate(row.when, bound):
            torch.manual_seed(0)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                return fill(row, torch.empty(shape), bound)
    raise AssertionError(dotted)


TRUNCATED = 0.8796


@pytest.mark.parametrize(
    ("dotted", "named", "std"),
    [
        ("timm.layers.trunc_normal_", {"std": 0.02}, 0.02),
        ("timm.layers.trunc_normal_tf_", {"std": 0.02}, 0.02 * TRUNCATED),
        ("timm.layers.lecun_normal_", {}, 200**-0.5),
        ("timm.layers.variance_scaling_", {}, 200**-0.5),
        ("timm.layers.variance_scaling_", {"scale": 2.0, "mode": "fan_out"}, (2 / 300) ** 0.5),
        ("timm.layers.variance_scaling_", {"mode": "fan_avg", "distribution": "uniform"}, 250**-0.5),
        ("timm.layers.variance_scaling_", {"distribution": "truncated_normal"}, 200**-0.5),
        ("fvcore.nn.weight_init.c2_xavier_fill", {}, 200**-0.5),
        ("fvcore.nn.weight_init.c2_msra_fill", {}, (2 / 300) ** 0.5),
        ("mmengine.model.kaiming_init", {}, (2 / 300) ** 0.5),
        ("mmengine.model.kaiming_init", {"distribution": "uniform", "mode": "fan_in"}, (2 / 200) ** 0.5),
        ("mmengine.model.xavier_init", {"gain": 2, "distribution": "uniform"}, 2 * (2 / 500) ** 0.5),
        ("mmengine.model.xavier_init", {}, (2 / 500) ** 0.5),
        ("mmengine.model.normal_init", {"std": 0.01}, 0.01),
        ("mmengine.model.caffe2_xavier_init", {}, 200**-0.5),
        ("mmengine.model.uniform_init", {"a": -1, "b": 1}, 3**-0.5),
        ("torch_geometric.nn.inits.glorot", {}, (2 / 500) ** 0.5),
        ("torch_geometric.nn.inits.uniform", {"size": 64}, (1 / 64 / 3) ** 0.5),
        ("torch_geometric.nn.inits.kaiming_uniform", {"fan": 50, "a": math.sqrt(5)}, (1 / 50 / 3) ** 0.5),
        ("transformers.initialization.default_flax_embed_init_", {}, 200**-0.5),
    ],
)
def test_scale_of_package_inits(dotted: str, named: dict[str, object], std: float) -> None:
    spec = INIT_ROWS[dotted]
    before = [p.name for p in parameters_of(spec.signature)]
    given = [named.pop(before[0])] if before[0] != spec.tensor else []
    assert float(measured(dotted, *given, **named).std()) == pytest.approx(std, rel=0.02)


def test_inits_of_transformers_are_torchs() -> None:
    for name, spec in INITIALIZERS.items():
        if spec.modern is None:
            assert packages()[f"transformers.initialization.{name}"] is spec
