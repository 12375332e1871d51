"""Which stretch of a tensor's first axis an index selects, as fractions of its size."""

from __future__ import annotations

from initlint.trace.machine.values import SymbolV, TensorV, Value

Rows = tuple[float, float]


def rows_of(tensor: TensorV, index: Value) -> Rows | None:
    """The rows that `tensor[index]` covers, None where they are not a known stretch of a known size."""
    if not tensor.shape:
        return None
    size = tensor.shape[0]
    if isinstance(index, tuple) and index:
        if any(each != slice(None, None, None) for each in index[1:]):
            return None
        index = index[0]
    if isinstance(index, slice):
        if index.step not in (None, 1):
            return None
        start = 0.0 if index.start is None else _fraction(index.start, size)
        stop = 1.0 if index.stop is None else _fraction(index.stop, size)
        return None if start is None or stop is None else (start, stop)
    if isinstance(index, int) and not isinstance(index, bool) and isinstance(size, int) and size:
        first = index % size
        return first / size, (first + 1) / size
    return None


def is_all(index: Value) -> bool:
    """Whether an index leaves nothing out: `[:]`, `[...]`."""
    return index is Ellipsis or bool(index == slice(None, None, None))


def pieces(count: int) -> list[Rows]:
    """The rows of each of `count` equal pieces."""
    return [(index / count, (index + 1) / count) for index in range(count)]


def _fraction(value: Value, size: Value) -> float | None:
    if isinstance(value, int) and isinstance(size, int) and size:
        return (value + size if value < 0 else value) / size
    if isinstance(value, SymbolV) and isinstance(size, SymbolV) and value.base is size.base and size.factor:
        ratio = float(value.factor / size.factor)
        return ratio + 1.0 if ratio < 0 else ratio
    if value == 0 and isinstance(value, int):
        return 0.0
    return None
