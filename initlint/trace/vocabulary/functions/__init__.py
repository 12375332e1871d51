"""The functions on tensors: `torch.*`, `torch.nn.functional.*`, tensor methods, operators.

FUNCTIONS is keyed by the short name as it is called; a row's own `name` is the canonical one, so that
`FUNCTIONS["expit"].name` is "sigmoid". Names with a trailing underscore are not listed: where torch has one,
it does the same in place. Factories are in `initializers.FACTORIES`.
"""

from __future__ import annotations

from collections.abc import Mapping

from initlint.model.graph import Role
from initlint.trace.vocabulary.functions import activations, combinations, passes, queries, weighted
from initlint.trace.vocabulary.functions.rows import row, surfaces
from initlint.trace.vocabulary.spec import FunctionSpec

ALIASES: Mapping[str, tuple[str, str]] = {
    "absolute": ("abs", "TX"),
    "arccos": ("acos", "TX"),
    "arccosh": ("acosh", "TX"),
    "arcsin": ("asin", "TX"),
    "arcsinh": ("asinh", "TX"),
    "arctan2": ("atan2", "TX"),
    "arctan": ("atan", "TX"),
    "arctanh": ("atanh", "TX"),
    "clip": ("clamp", "TX"),
    "concat": ("cat", "T"),
    "concatenate": ("cat", "T"),
    "conj_physical": ("conj", "TX"),
    "divide": ("div", "TX"),
    "expit": ("sigmoid", "S"),
    "fix": ("trunc", "TX"),
    "gammaln": ("lgamma", "S"),
    "ger": ("outer", "TX"),
    "greater": ("gt", "TX"),
    "greater_equal": ("ge", "TX"),
    "less": ("lt", "TX"),
    "less_equal": ("le", "TX"),
    "moveaxis": ("movedim", "TX"),
    "multiply": ("mul", "TX"),
    "native_channel_shuffle": ("channel_shuffle", "FT"),
    "ndimension": ("dim", "X"),
    "negative": ("neg", "TX"),
    "nelement": ("numel", "X"),
    "not_equal": ("ne", "TX"),
    "psi": ("digamma", "S"),
    "row_stack": ("vstack", "T"),
    "subtract": ("sub", "TX"),
    "swapaxes": ("transpose", "TX"),
    "swapdims": ("transpose", "TX"),
    "trapz": ("trapezoid", "T"),
    "true_divide": ("div", "TX"),
}
"""Second names of a function: the canonical name, and the letters of the surfaces that have the second one."""

_ALIAS_SIGNATURES: Mapping[str, str] = {
    "swapaxes": "input, axis0, axis1",
    "true_divide": "input, other",
}

OPERATORS: Mapping[str, str] = {
    "Add": "add",
    "Sub": "sub",
    "Mult": "mul",
    "Div": "div",
    "MatMult": "matmul",
    "Pow": "pow",
    "FloorDiv": "floor_divide",
    "Mod": "remainder",
    "BitAnd": "bitwise_and",
    "BitOr": "bitwise_or",
    "BitXor": "bitwise_xor",
    "LShift": "bitwise_left_shift",
    "RShift": "bitwise_right_shift",
    "USub": "neg",
    "UAdd": "positive",
    "Invert": "bitwise_not",
    "Eq": "eq",
    "NotEq": "ne",
    "Lt": "lt",
    "LtE": "le",
    "Gt": "gt",
    "GtE": "ge",
    "Subscript": "getitem",
}
"""What Python's operators on tensors do, by the name of the `ast` class."""

_INDEXING = (
    row(Role.PASS, "getitem", "O", "input, index", family="index"),
    row(Role.EITHER, "setitem", "O", "input, index, value", signals="input value"),
)


def _functions() -> dict[str, FunctionSpec]:
    found: dict[str, FunctionSpec] = {}
    for table in (activations.ROWS, passes.ROWS, combinations.ROWS, weighted.ROWS, queries.ROWS, _INDEXING):
        for spec in table:
            found[spec.name] = spec
    for name, (canonical, letters) in ALIASES.items():
        found[name] = found[canonical]._replace(
            surfaces=surfaces(letters), signature=_ALIAS_SIGNATURES.get(name, found[canonical].signature)
        )
    return found


FUNCTIONS: Mapping[str, FunctionSpec] = _functions()
