"""Signatures, formulas and lookups, each on its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from initlint.model.graph import Role
from initlint.model.source import UNKNOWN
from initlint.trace.vocabulary import FILLS, FUNCTIONS, MODULES, lookup
from initlint.trace.vocabulary.formula import built_parameters, evaluate
from initlint.trace.vocabulary.functions import ALIASES, OPERATORS
from initlint.trace.vocabulary.packages import packages
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, Reference, bind, parameters_of
from initlint.trace.vocabulary.spec import (
    FillSpec,
    FunctionSpec,
    HelperSpec,
    InitializerSpec,
    ModuleSpec,
)


def test_parameters_of_a_signature() -> None:
    found = parameters_of("a, b=-1.5, c=(0, 1), *rest, d, e=None, f=F.relu, **more")
    assert [(p.name, p.default, p.kind) for p in found] == [
        ("a", REQUIRED, Kind.POSITIONAL),
        ("b", -1.5, Kind.POSITIONAL),
        ("c", (0, 1), Kind.POSITIONAL),
        ("rest", (), Kind.ARGUMENTS),
        ("d", REQUIRED, Kind.KEYWORD),
        ("e", None, Kind.KEYWORD),
        ("f", Reference("F.relu"), Kind.KEYWORD),
        ("more", {}, Kind.KEYWORDS),
    ]
    assert parameters_of("") == ()


@pytest.mark.parametrize(
    ("signature", "given", "named", "expected"),
    [
        ("a, b=2", (1,), {}, {"a": 1, "b": 2}),
        ("a, b=2", (), {"b": 3, "a": 1}, {"a": 1, "b": 3}),
        ("a, *rest, c=0", (1, 2, 3), {"c": 4}, {"a": 1, "rest": (2, 3), "c": 4}),
        ("a, **more", (1,), {"z": 2}, {"a": 1, "more": {"z": 2}}),
        ("a, *, b", (1,), {"b": 2}, {"a": 1, "b": 2}),
        ("a, b=2", (1, 2, 3), {}, None),
        ("a, b=2", (), {}, None),
        ("a", (1,), {"a": 2}, None),
        ("a", (1,), {"z": 2}, None),
        ("a, *, b", (1, 2), {}, None),
    ],
)
def test_bind(
    signature: str, given: tuple[int, ...], named: dict[str, int], expected: dict[str, object] | None
) -> None:
    assert bind(signature, given, named) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("2 * n + 1", 7),
        ("n // 2", 1),
        ("-(n ** -1)", -1 / 3),
        ("n if flag else 0", 3),
        ("kind == 'a'", True),
        ("nothing is None", True),
        ("nothing in (None, n)", True),
        ("not flag", False),
        ("flag and n", 3),
        ("missing", UNKNOWN),
        ("missing * 2", UNKNOWN),
        ("missing and flag", UNKNOWN),
        ("missing and off", False),
        ("missing or flag", True),
        ("missing or off", UNKNOWN),
        ("off or n", 3),
        ("missing or n", UNKNOWN),
        ("n / zero", UNKNOWN),
        ("kind * 2", UNKNOWN),
        (0.5, 0.5),
    ],
)
def test_evaluate(formula: float | str, expected: object) -> None:
    names = {"n": 3, "flag": True, "off": False, "kind": "a", "nothing": None, "zero": 0}
    assert evaluate(formula, names) == expected


def test_evaluate_refuses_what_is_no_formula() -> None:
    assert evaluate("f(n)", {"n": 1}) is UNKNOWN


def test_unknown_arguments_leave_what_is_known() -> None:
    conv = MODULES["Conv2d"]
    bound = bind(conv.signature, (UNKNOWN, 8, UNKNOWN), {"bias": UNKNOWN})
    assert bound is not None
    weight, bias = built_parameters(conv, bound)
    assert (weight.shape, weight.present) == ((8, None, None, None), True)
    assert (bias.shape, bias.present) == ((8,), None)


def test_unknown_shapes_have_no_rank() -> None:
    norm = MODULES["LayerNorm"]
    bound = bind(norm.signature, (UNKNOWN,), {})
    assert bound is not None
    assert [row.shape for row in built_parameters(norm, bound)] == [None, None]


def test_unknown_depth_lists_the_first_layer() -> None:
    lstm = MODULES["LSTM"]
    bound = bind(lstm.signature, (3, 4), {"num_layers": UNKNOWN, "bidirectional": UNKNOWN})
    assert bound is not None
    names = [row.name for row in built_parameters(lstm, bound) if row.present]
    assert names == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]


@pytest.mark.parametrize(
    ("dotted", "kind", "name"),
    [
        ("torch.nn.Linear", ModuleSpec, "Linear"),
        ("torch.nn.modules.linear.Linear", ModuleSpec, "Linear"),
        ("torch.nn.modules.Linear", ModuleSpec, "Linear"),
        ("torch.nn.functional.relu", FunctionSpec, "relu"),
        ("torch.relu", FunctionSpec, "relu"),
        ("torch.special.expit", FunctionSpec, "sigmoid"),
        ("torch.functional.einsum", FunctionSpec, "einsum"),
        ("torch.Tensor.swapaxes", FunctionSpec, "transpose"),
        ("torch.Tensor.uniform_", FillSpec, "uniform_"),
        ("torch.nn.init.xavier_uniform", InitializerSpec, "xavier_uniform"),
        ("torch.utils.checkpoint.checkpoint", HelperSpec, "checkpoint"),
        ("timm.models.layers.DropPath", ModuleSpec, "DropPath"),
        ("timm.layers.drop.DropPath", ModuleSpec, "DropPath"),
        ("timm.models.layers.weight_init.trunc_normal_", InitializerSpec, "trunc_normal_"),
        ("mmcv.cnn.utils.weight_init.kaiming_init", InitializerSpec, "kaiming_init"),
        ("einops.layers.torch.Rearrange", ModuleSpec, "Rearrange"),
        ("transformers.PreTrainedModel", HelperSpec, "PreTrainedModel"),
    ],
)
def test_lookup(dotted: str, kind: type, name: str) -> None:
    found = lookup(dotted)
    assert type(found) is kind
    assert found.name == name


@pytest.mark.parametrize(
    "dotted",
    ["torch", "Linear", "torch.nn.functional.zeros", "torch.Tensor.linear", "torch.nn.Nothing", "numpy.nothing",
     "torch.nn.functional.view_", "mypackage.relu", "torch.Tensor.resize_", "timm.layers.Nothing"],
)
def test_lookup_of_what_is_not_there(dotted: str) -> None:
    assert lookup(dotted) is None


def test_in_place_spellings() -> None:
    found = lookup("torch.Tensor.relu_")
    assert isinstance(found, FunctionSpec)
    assert found.inplace
    assert found == FUNCTIONS["relu"]._replace(inplace=True)
    assert not FUNCTIONS["relu"].inplace
    both = lookup("torch.Tensor.mul_")
    assert isinstance(both, FunctionSpec)
    assert FILLS["mul_"].kind == "rescale"


def test_aliases_differ_from_what_they_stand_for() -> None:
    for name, (canonical, _) in ALIASES.items():
        assert name != canonical
        assert FUNCTIONS[name].role is FUNCTIONS[canonical].role
        assert FUNCTIONS[name].name == canonical


def test_operators_are_functions() -> None:
    import ast

    for node, name in OPERATORS.items():
        assert hasattr(ast, node)
        assert name in FUNCTIONS
    assert FUNCTIONS[OPERATORS["Add"]].role is Role.SUM
    assert FUNCTIONS[OPERATORS["MatMult"]].role is Role.MATMUL


def test_tables_of_activations_name_classes() -> None:
    tables = [spec for spec in packages().values() if isinstance(spec, HelperSpec) and spec.kind in ("table", "choose")]
    assert len(tables) == 4
    for spec in tables:
        assert isinstance(spec.value, dict)
        for name, dotted in spec.value.items():
            found = lookup(dotted)
            assert isinstance(found, ModuleSpec), (spec.name, name)
            assert found.role in (Role.ACTIVATION, Role.PASS)


def test_helpers_say_what_their_kind_needs() -> None:
    for dotted, spec in packages().items():
        if not isinstance(spec, HelperSpec):
            continue
        names = {p.name for p in parameters_of(spec.signature)}
        for argument in (spec.calls, spec.returns if spec.kind in ("identity", "reparametrize") else None):
            assert argument is None or argument in names, dotted
        assert (spec.kind == "pure") == (spec.implementation is not None), dotted
        assert (spec.kind in ("source", "base")) == bool(spec.source), dotted
        if spec.implementation is not None:
            module, _, name = spec.implementation.rpartition(".")
            assert callable(getattr(__import__(module), name)), dotted


def test_reading_the_tables_needs_no_torch() -> None:
    code = (
        "import sys; from initlint.trace.vocabulary import lookup; lookup('timm.layers.DropPath');"
        "print(sorted({'torch', 'numpy', 'libcst'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
