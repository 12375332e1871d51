"""Arithmetic on sizes that are not known: multiples and powers of one unknown number stay known as such."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from initlint.trace.machine.values import PowerV, SymbolV, UnknownV, Value

UNKNOWN_NUMBER: Final = UnknownV("arithmetic on something unknown")
_FINEST: Final = 10_000
"""The largest denominator of a factor."""

Symbolic = SymbolV | PowerV
_Term = tuple[object, Fraction | float, Fraction]
"""A base, None for a plain number, what it is multiplied by, and its exponent."""
_ONE: Final = Fraction(1)
_NONE: Final = Fraction(0)


def symbolic(operator: type, left: Value, right: Value) -> Value:
    """`left <operator> right`, of which one at least is a multiple or a power of an unknown number."""
    a, b = _term(left), _term(right)
    if a is None or b is None:
        return UNKNOWN_NUMBER
    reason = left.reason if isinstance(left, UnknownV) else right.reason
    try:
        return _result(operator, a, b, reason)
    except (ArithmeticError, ValueError):
        return UNKNOWN_NUMBER


def product(sizes: Iterable[Value]) -> Value:
    """The product of sizes, those that are not known among them."""
    total: Value = 1
    for size in sizes:
        if isinstance(total, int) and isinstance(size, int):
            total *= size
        else:
            total = symbolic(ast.Mult, total, size)
    return total


def _term(value: Value) -> _Term | None:
    if isinstance(value, SymbolV):
        return value.base, value.factor, _ONE
    if isinstance(value, PowerV):
        return value.base, value.factor, value.exponent
    if isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
        return None, value, _NONE
    return None


def _result(operator: type, a: _Term, b: _Term, reason: str) -> Value:
    (base, factor, exponent), (other_base, other, other_exponent) = a, b
    if operator is ast.Pow:
        return _power(a, other, reason) if other_base is None else UNKNOWN_NUMBER
    if None not in (base, other_base) and base is not other_base:
        return UNKNOWN_NUMBER
    either = other_base if base is None else base
    if operator in (ast.Add, ast.Sub) and exponent == other_exponent:
        return _made(either, factor + other if operator is ast.Add else factor - other, exponent, reason)
    if operator is ast.Mult:
        return _made(either, _exact(factor) * _exact(other), exponent + other_exponent, reason)
    if operator is ast.Div:
        return _made(either, _exact(factor) / _exact(other), exponent - other_exponent, reason)
    if operator is ast.FloorDiv and exponent == _ONE:
        quotient = _exact(factor) / _exact(other)
        if other_exponent == _NONE:
            return _made(either, quotient, exponent, reason)
        if other_exponent == _ONE and quotient.denominator == 1:
            return quotient.numerator
    return UNKNOWN_NUMBER


def _power(term: _Term, exponent: Fraction | float, reason: str) -> Value:
    base, factor, own = term
    if base is None or factor <= 0:
        return UNKNOWN_NUMBER
    return _made(base, float(factor) ** float(exponent), own * Fraction(exponent).limit_denominator(_FINEST), reason)


def _exact(factor: Fraction | float) -> Fraction:
    return factor if isinstance(factor, Fraction) else Fraction(factor)


def _made(base: object, factor: Fraction | float, exponent: Fraction, reason: str) -> Value:
    if not factor:
        return 0
    if exponent == _NONE:
        return float(factor)
    if exponent == _ONE:
        near = Fraction(factor).limit_denominator(_FINEST)
        return SymbolV(base, near, reason) if near else UNKNOWN_NUMBER
    return PowerV(base, float(factor), exponent, reason)
