"""Signatures of functions against torch's own: `inspect` for those in Python, the type stubs for those in C++."""

from __future__ import annotations

import ast
import inspect
import types
from functools import cache
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from initlint.trace.vocabulary import FACTORIES, FILLS, FUNCTIONS
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, SignatureParameter, parameters_of
from initlint.trace.vocabulary.spec import FFT, FUNCTIONAL, LINALG, SPECIAL, TENSOR, TORCH, Extra

STUBS = Path(torch.__file__).parent / "_C"

# In Python, but only to choose between kernels, with `*args` for a signature.
DISPATCHED = {
    "max_pool1d", "max_pool2d", "max_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d",
    "fractional_max_pool2d", "fractional_max_pool3d", "einsum", "atleast_1d", "atleast_2d", "atleast_3d", "to",
    "block_diag", "meshgrid", "tensordot", "trapezoid", "broadcast_shapes",
}

Overload = list[SignatureParameter]


def overloads(tree: ast.AST, name: str) -> list[Overload]:
    """What a stub says of `name`, `self` called input; aliases of old argument orders left out."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            text = ast.unparse(node.args)
            plain = ast.parse(f"def f({text}): ...").body[0]
            assert isinstance(plain, ast.FunctionDef)
            for argument in ast.walk(plain.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
            arguments = plain.args
            arguments.defaults = [_simple(value) for value in arguments.defaults]
            arguments.kw_defaults = [None if value is None else _simple(value) for value in arguments.kw_defaults]
            parameters = list(parameters_of(ast.unparse(arguments)))
            renamed = [p._replace(name="input") if p.name == "self" else p for p in parameters]
            if renamed and renamed[0].name in ("beta", "cls"):
                continue
            found.append(renamed)
    return found


def _simple(value: ast.expr) -> ast.expr:
    try:
        ast.literal_eval(value)
    except ValueError:
        return ast.Constant(None)
    return ast.Constant(None) if isinstance(value, ast.Constant) and value.value is ... else value


@cache
def stub(surface: str) -> ast.AST:
    if surface == TENSOR:
        module = ast.parse((STUBS / "__init__.pyi").read_text())
        return next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "TensorBase")
    file = "_nn.pyi" if surface == FUNCTIONAL else "_VariableFunctions.pyi"
    return ast.parse((STUBS / file).read_text())


def fits(ours: list[SignatureParameter], theirs: Overload) -> str | None:
    """Why our signature cannot stand for an overload of torch's, None where it can.

    What an overload lacks we may have with a default; every argument it requires we must take; the order of
    positional arguments they share is the same.
    """
    names = [p.name for p in ours]
    variadic = any(p.kind is Kind.ARGUMENTS for p in ours)
    needed = {p.name for p in theirs if p.default is REQUIRED and p.kind is Kind.POSITIONAL}
    if not variadic and not needed <= set(names):
        return f"lacks {needed - set(names)}"
    known = {p.name for p in theirs}
    extra = [p.name for p in ours if p.name not in known and p.default is REQUIRED]
    if extra:
        return f"requires {extra}"
    positional = [p.name for p in theirs if p.kind is Kind.POSITIONAL]
    shared = [p.name for p in ours if p.kind is Kind.POSITIONAL and p.name in positional]
    if shared != [name for name in positional if name in shared]:
        return f"order {shared}"
    defaults = {p.name: p.default for p in theirs}
    for parameter in ours:
        default = defaults.get(parameter.name, REQUIRED)
        if parameter.name in defaults and REQUIRED not in (default, parameter.default) and default is not None:
            empty = default == () and parameter.default in (None, ())
            if parameter.default != default and not empty:
                return f"{parameter.name}={parameter.default!r} is {default!r}"
    return None


def invented(ours: list[SignatureParameter], theirs: list[Overload]) -> set[str]:
    """Names no overload has."""
    known = {p.name for overload in theirs for p in overload}
    return {p.name for p in ours if p.kind in (Kind.POSITIONAL, Kind.KEYWORD)} - known


def signatures() -> list[tuple[str, str, str]]:
    rows = []
    for name, spec in FUNCTIONS.items():
        for surface in sorted(spec.surfaces & {TORCH, TENSOR, FUNCTIONAL, SPECIAL, LINALG, FFT}):
            if not (spec.attribute and surface == TENSOR):
                rows.append((surface, name, spec.signature_on(surface)))
    rows += [(surface, name, spec.signature) for name, spec in FACTORIES.items() for surface in sorted(spec.surfaces)]
    rows += [(TENSOR, name, spec.signature) for name, spec in FILLS.items()]
    return rows


HOMES = {
    FUNCTIONAL: F, TORCH: torch, TENSOR: torch.Tensor, SPECIAL: torch.special, LINALG: torch.linalg, FFT: torch.fft,
}


def declared(surface: str, name: str) -> list[Overload]:
    """torch's signatures of a function, none where it has no more than a docstring."""
    value = getattr(HOMES[surface], name)
    if name in DISPATCHED or isinstance(value, type):
        return []
    if isinstance(value, types.FunctionType):
        parameters = []
        for p in inspect.signature(value).parameters.values():
            kind = {p.VAR_POSITIONAL: Kind.ARGUMENTS, p.VAR_KEYWORD: Kind.KEYWORDS, p.KEYWORD_ONLY: Kind.KEYWORD}.get(
                p.kind, Kind.POSITIONAL
            )
            default = REQUIRED if p.default is p.empty else p.default
            plain = default if isinstance(default, (int, float, str, bool, tuple)) or default is REQUIRED else None
            parameters.append(SignatureParameter("input" if p.name == "self" else p.name, plain, kind))
        return [parameters]
    if surface in (TORCH, TENSOR, FUNCTIONAL):
        return overloads(stub(surface), name) or (overloads(stub(TORCH), name) if surface == FUNCTIONAL else [])
    return []


def test_signatures_can_be_read() -> None:
    for surface, name, signature in signatures():
        assert parameters_of(signature) or signature == "", (surface, name)


def as_method(signature: str, signals: tuple[str, ...]) -> list[SignatureParameter]:
    """The tensor in the place of the first signal comes first, as `input`."""
    ours = list(parameters_of(signature))
    taken = next((p for p in ours if p.name in signals), ours[0] if ours else None)
    if taken is None:
        return ours
    return [taken._replace(name="input", default=REQUIRED), *(p for p in ours if p is not taken)]


def test_signatures_are_torchs() -> None:
    wrong = {}
    checked = 0
    for surface, name, signature in signatures():
        theirs = declared(surface, name)
        if not theirs:
            continue
        ours = list(parameters_of(signature))
        spec = FUNCTIONS.get(name)
        if surface == TENSOR and spec is not None:
            ours = as_method(signature, spec.signals)
        if spec is not None and spec.role in (Extra.QUERY, Extra.EFFECT) and len(ours) < 2:
            continue
        checked += 1
        problems = [fits(ours, overload) for overload in theirs]
        if None not in problems:
            wrong[surface, name] = (signature, problems)
        elif invented(ours, theirs) - {"requires_grad", "size", "stable", "correction", "unbiased"}:
            wrong[surface, name] = (signature, [f"invents {invented(ours, theirs)}"])
    assert checked > 700
    assert wrong == {}


@pytest.mark.parametrize("name", ["relu", "softmax", "max", "view"])
def test_a_wrong_signature_is_noticed(name: str) -> None:
    theirs = declared(TENSOR, name)
    assert all(fits(list(parameters_of("input, nonsense")), overload) for overload in theirs)


def test_signals_and_settings_are_parameters() -> None:
    for name, spec in FUNCTIONS.items():
        for surface in spec.surfaces:
            names = {p.name for p in parameters_of(spec.signature_on(surface))}
            if spec.signals:
                assert any(signal.lstrip("*") in names for signal in spec.signals), (name, surface)
        names = {p.name for p in parameters_of(spec.signature)}
        assert {signal.lstrip("*") for signal in spec.signals} & names or not spec.signals, name
        assert set(spec.settings) <= names, name
        if spec.weight is not None:
            assert spec.weight.lstrip("*") in names, name
        if spec.pair_when is not None:
            assert spec.pair_when in names, name
        if spec.binary is not None:
            assert len(FUNCTIONS[spec.binary].signals) == 2, name
