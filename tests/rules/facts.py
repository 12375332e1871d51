"""Executions of initialising calls and events, written down as the source lines they come from."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from initlint.model.program import InitCall, Layer, Module, Program
from initlint.model.source import UNKNOWN, Argument, Call, Span
from initlint.model.weights import InitEvent, Parameter
from initlint.signal.initializers import DEPRECATED, describe

FILE = "net.py"
_PREFIXES = {
    "nn.init": "torch.nn.init",
    "init": "torch.nn.init",
    "nn": "torch.nn",
    "torch": "torch",
    "utils": "torch.nn.utils",
    "parametrizations": "torch.nn.utils.parametrizations",
    "copy": "copy",
    "self": "net.Net",
    "model": "net.Net",
}
_DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "normal_": {"mean": 0.0, "std": 1.0},
    "trunc_normal_": {"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0},
    "uniform_": {"a": 0.0, "b": 1.0},
    "constant_": {},
    "dirac_": {"groups": 1},
    "xavier_uniform_": {"gain": 1.0},
    "xavier_normal_": {"gain": 1.0},
    "orthogonal_": {"gain": 1},
    "kaiming_uniform_": {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "kaiming_normal_": {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "calculate_gain": {"nonlinearity": UNKNOWN, "param": None},
    "sparse_": {"sparsity": UNKNOWN, "std": 0.01},
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(defaults) for name, defaults in _DEFAULTS.items()},
    "constant_": ("val",),
}


def span_of(node: ast.expr | ast.stmt, line: int) -> Span:
    return Span(FILE, line, node.col_offset, line, node.end_col_offset or 0)


def call(source: str, line: int = 10, scope: str = "Net.__init__") -> Call:
    """The call that a line of source is, with the values its literals and arithmetic have."""
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, (ast.Attribute, ast.Name))
    if isinstance(node.func, ast.Name):
        function = node.func.id
    else:
        owner = ast.unparse(node.func.value)
        function = f"{_PREFIXES.get(owner, 'torch.Tensor')}.{node.func.attr}"
    arguments = [
        Argument("*", UNKNOWN, span_of(given, line)) if isinstance(given, ast.Starred)
        else Argument(None, *_value(given, line))
        for given in node.args
    ]
    arguments += [Argument(given.arg or "**", *_value(given.value, line)) for given in node.keywords]
    return Call(function, span_of(node, line), span_of(node.func, line), tuple(arguments), scope)


def _value(node: ast.expr, line: int) -> tuple[object, Span, bool]:
    place = span_of(node, line)
    try:
        return ast.literal_eval(node), place, True
    except ValueError:
        pass
    try:
        return eval(ast.unparse(node), {"math": math}), place, False
    except (NameError, AttributeError):
        return UNKNOWN, place, False


def event(written: Call) -> InitEvent:
    """What a call of an init function or a fill would leave, its arguments bound to torch's names."""
    name = DEPRECATED.get(written.short_name, written.short_name)
    bound = dict(_DEFAULTS.get(name, {}))
    positional = list(written.positional())
    if written.function.startswith("torch.nn.init.") and name != "calculate_gain":
        positional = positional[1:]
    bound.update({key: given.value for key, given in zip(_NAMES.get(name, ()), positional, strict=False)})
    bound.update({given.name: given.value for given in written.arguments if given.name in _NAMES.get(name, ())})
    return InitEvent(name, written, bound, describe(name, bound), order=written.span.line)


def execution(
    source: str,
    target: str | None = None,
    *,
    line: int = 10,
    kind: str | None = "Linear",
    rank: int | None = 2,
    scope: str = "Net.__init__",
    **changes: Any,
) -> InitCall:
    """One execution of the call that `source` is, on the parameter `target`."""
    written = call(source, line, scope)
    first = written.arguments[0].span if written.arguments else None
    tensor = first if written.function.startswith("torch.nn.init.") else _receiver(source, line)
    return InitCall(
        written,
        event(written),
        target,
        module_kind=kind,
        parameter=target.rsplit(".", 1)[-1] if target else None,
        rank=rank,
        **{"tensor": tensor, **changes},
    )


def _receiver(source: str, line: int) -> Span | None:
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.Call)
    return span_of(node.func.value, line) if isinstance(node.func, ast.Attribute) else None


def place(source: str, part: str, line: int = 10) -> Span:
    """Where `part` stands in a line of source."""
    column = source.index(part)
    return Span(FILE, line, column, line, column + len(part))


def layer(
    index: int,
    path: str,
    kind: str = "Linear",
    *,
    fan_in: int | None = None,
    shape: tuple[int | None, ...] | None = None,
    history: tuple[InitEvent, ...] = (),
    settings: Mapping[str, object] | None = None,
    line: int | None = None,
    scope: str = "Net.__init__",
) -> Layer:
    """A layer built on line 2 + index by a call in `scope`."""
    where = 2 + index if line is None else line
    site = Span(FILE, where, 8, where, 40)
    histories = (history or (InitEvent("default", None),),)
    built = Call(f"torch.nn.{kind}", site, site, (), scope)
    weight = Parameter("weight", shape, histories)
    return Layer(
        index, kind, "Net", FILE, path, path, site, built, settings or {}, weight, None, None, fan_in=fan_in,
        true_fan_in=fan_in,
    )


def module(path: str, kind: str, *, torch: bool = True, line: int = 5, **parameters: Parameter) -> Module:
    return Module(path, kind, torch, Span(FILE, line, 8, line, 40), parameters)


def program(*calls: InitCall, **facts: Any) -> Program:
    return Program("Net", Span(FILE, 1, 0, 99, 0), calls=calls, **facts)
