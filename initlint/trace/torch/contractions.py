"""How a parameter enters a contraction: which of its axes are summed over, and which only count matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from initlint.trace.machine.values import SymbolV, Value

_PRODUCTS: Final = frozenset({"matmul", "mm", "bmm", "addmm", "baddbmm"})
_LINEAR: Final = "linear"


_KERNELS: Final = frozenset({"conv1d", "conv2d", "conv3d"})


@dataclass(frozen=True, slots=True)
class Contraction:
    """`use` is "matmul", "bmm" (over a stack of matrices), "einsum", "linear" or torch's own name; `summed` the axes of
    the parameter that are summed over, none where they are not known; `batch_axes` how many axes are a stack.
    `features`: the sum goes over the last axis of what the parameter is multiplied with."""

    use: str
    summed: tuple[int, ...] = ()
    batch_axes: int = 0
    features: bool = False

    @property
    def is_understood(self) -> bool:
        """Whether the axes that are summed over are known, or what torch takes for the fan of such a parameter is
        right: that of a convolution's."""
        return bool(self.summed) or self.use not in (*_PRODUCTS, "einsum", _LINEAR)

    @property
    def fan_axis(self) -> int | None:
        """The one axis that is summed over."""
        return self.summed[0] if len(self.summed) == 1 else None


def contraction(name: str, settings: Mapping[str, object], rank: int | None) -> Contraction:
    """How the operation `name` uses a parameter of `rank` dimensions."""
    if name == "einsum":
        return _einsum(settings.get("equation"), settings.get("operand"), rank)
    if name == _LINEAR:
        if settings.get("turned") is None:
            return Contraction(_LINEAR, (1,) if rank == 2 else ())      # what is computed from a matrix keeps its axes
        return Contraction(_LINEAR, () if rank is None else (rank - 2 if settings["turned"] else rank - 1,))
    if name in _KERNELS and rank is not None:
        return Contraction(name, tuple(range(1, rank)))
    if name not in _PRODUCTS or rank is None or rank < 2:
        return Contraction(name)
    use = "bmm" if rank > 2 else "matmul"
    if settings.get("turned") is None:
        return Contraction(use)
    last = bool(settings.get("weight_first")) is not settings.get("turned")
    return Contraction(use, (rank - 1 if last else rank - 2,), rank - 2)


def _einsum(equation: object, operand: object, rank: int | None) -> Contraction:
    if not isinstance(equation, str) or not isinstance(operand, int) or "->" not in equation:
        return Contraction("einsum")
    inputs, _, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if operand >= len(terms) or "." in terms[operand] or len(terms[operand]) != rank:
        return Contraction("einsum")
    beside = [term for index, term in enumerate(terms) if index != operand]
    own, others = terms[operand], "".join(beside)
    summed = tuple(index for index, letter in enumerate(own) if letter in others and letter not in output)
    stacked = sum(letter in others and letter in output for letter in own)
    if not stacked and len(own) > 2 and summed == (1,) and own[0] in output:     # one matrix for each head
        stacked = 1
    features = len(summed) == 1 and len(beside) == 1 and beside[0].endswith(own[summed[0]])
    return Contraction("einsum", summed, stacked, features)


def is_square(shape: Sequence[Value] | None) -> bool | None:
    """Whether a matrix is square; two sizes given by different arguments count as different."""
    if shape is None or len(shape) != 2:
        return None
    rows, columns = shape
    if isinstance(rows, SymbolV) and isinstance(columns, SymbolV):
        return bool(rows.base is columns.base and rows.factor == columns.factor)
    if isinstance(rows, int) and isinstance(columns, int):
        return rows == columns
    return False if isinstance(rows, int | SymbolV) and isinstance(columns, int | SymbolV) else None
