"""numpy's arrays of plain numbers: lists of the kind "array", whose arithmetic is element by element.

An array of several axes is a list of arrays. What becomes of a type that holds fewer numbers than Python's, of the
elements a mask picks and of anything else that is not told here is unknown.
"""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import may_be_absent
from initlint.trace.machine.values import (
    ABSENT,
    BuiltinV,
    ListV,
    UnknownV,
    Value,
    options_of,
)
from initlint.trace.python import containers, methods
from initlint.trace.python.library.registry import elements_of, library
from initlint.trace.python.symbols import Symbolic

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

ARRAY: Final = "array"
MOST_ELEMENTS: Final = 1024
"""Elements of an array that is told one by one."""
MAX_WHOLE: Final = 1 << 53
"""Whole numbers up to this are alike in Python, in 64 bits and in a float."""
_UNKNOWN: Final = UnknownV("an array that is not known")
_ELEMENT: Final = UnknownV("element of an array")
_FLOATS: Final = ("float", "float32", "float64", "double", "single", "float_")
_WHOLES: Final = ("int", "int32", "int64", "int_", "long")
_VIEWS: Final = "views"
_ELEMENTWISE: Final = frozenset({ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow})


def is_array(value: Value) -> bool:
    """Whether a value is an array of numpy's."""
    return type(value) is ListV and bool(value.kind == ARRAY)


def array(items: list[Value], is_open: bool = False) -> ListV:
    """An array of these elements, or rows."""
    return ListV(items, is_open, ARRAY)


# -- making ------------------------------------------------------------------------------------------


def _type_of(value: Value) -> type | None:
    """The type of number that a `dtype` asks for; None for one that is not told."""
    name = value if isinstance(value, str) else getattr(value, "name", "").rpartition(".")[2]
    return float if name in _FLOATS else int if name in _WHOLES else None


def made_of(interpreter: Interpreter, value: Value, dtype: Value = None) -> Value:
    """The array of what a sequence holds; anything else as it is."""
    if not isinstance(value, tuple | range) and not (type(value) is ListV and value.kind in ("list", "tuple", ARRAY)):
        return value
    values, is_open = elements_of(interpreter, value)
    if is_open or any(map(may_be_absent, values)):
        return array(values, True)
    made = _nested(values)
    kinds = {type(each) for each in _flat(made)}
    if dtype is not None:
        wanted = _type_of(dtype)
        return _each(made, lambda each: _UNKNOWN if wanted is None else _as(each, wanted))
    return _each(made, float) if kinds == {int, float} else made


def _nested(values: Sequence[Value]) -> ListV:
    """Lists in a list as the rows of an array."""
    rows = [list(each) if isinstance(each, tuple) else each.items if type(each) is ListV else None for each in values]
    whole = [row for row in rows if row is not None]
    is_even = len({len(row) for row in whole}) == 1 and not any(type(e) is ListV and e.is_open for e in values)
    if len(whole) < len(values) or not is_even:
        return array(list(values))
    return array([_nested(row) for row in whole])


def _each(value: Value, change: Callable[[Value], Value]) -> Value:
    """An array with each of its elements changed."""
    return array([_each(item, change) for item in value.items], value.is_open) if is_array(value) else change(value)


def _flat(value: Value) -> list[Value]:
    """The elements of an array along all its axes."""
    return [each for item in value.items for each in _flat(item)] if is_array(value) else [value]


def _as(value: Value, kind: type) -> Value:
    if type(value) not in (int, float, bool) or (kind is int and not math.isfinite(value)):
        return _ELEMENT
    return _kept(kind(value))


def _kept(value: Value) -> Value:
    """A number that every type holds alike."""
    return _ELEMENT if type(value) is int and abs(value) > MAX_WHOLE else value


def _is_whole(value: ListV) -> bool:
    """Whether an array is open nowhere."""
    return not value.is_open and all(_is_whole(item) for item in value.items if is_array(item))


def shape_of(value: Value) -> tuple[int, ...] | None:
    """The sizes of the axes of an array; () for anything else, None where they are not known."""
    if not is_array(value):
        return ()
    inner = {shape_of(item) for item in value.items}
    if not _is_whole(value) or len(inner) > 1:
        return None
    rows = inner.pop() if inner else ()
    return None if rows is None else (len(value.items), *rows)


@library("numpy.array", "numpy.asarray", "numpy.asanyarray")
def _array(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    given = args[0] if args else kwargs.get("object", kwargs.get("a"))
    dtype = args[1] if len(args) > 1 else kwargs.get("dtype")
    return interpreter.each(given, lambda option: made_of(interpreter, option, dtype))


def _filled(shape: Value, value: Value) -> Value:
    sizes: tuple[Value, ...] = tuple(shape.items) if type(shape) is ListV else (shape,)
    if isinstance(shape, tuple):
        sizes = shape
    if not all(isinstance(size, int) and size >= 0 for size in sizes) or math.prod(sizes) > MOST_ELEMENTS:
        return _UNKNOWN
    made = value
    for size in reversed(sizes):
        made = array([_each(made, _same) for _ in range(size)])
    return made


def _same(value: Value) -> Value:
    return value


def _filling(name: str, number: float) -> None:
    @library(f"numpy.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        dtype = args[1] if len(args) > 1 else kwargs.get("dtype")
        wanted = float if dtype is None else _type_of(dtype)
        return _filled(args[0] if args else kwargs.get("shape"), _ELEMENT if wanted is None else wanted(number))


_filling("zeros", 0.0)
_filling("ones", 1.0)


@library("numpy.full")
def _full(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) != 2 or kwargs or type(args[1]) not in (int, float):
        return _UNKNOWN
    return _filled(args[0], args[1])


@library("numpy.arange")
def _arange(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if kwargs or not args or not all(type(arg) in (int, float) for arg in args):
        return _UNKNOWN
    start, stop, step = (0, args[0], 1) if len(args) == 1 else (args[0], args[1], args[2] if len(args) > 2 else 1)
    count = math.ceil((stop - start) / step) if step else -1
    if not 0 <= count <= MOST_ELEMENTS:
        return array([]) if step and count < 0 else _UNKNOWN
    values = [start + index * step for index in range(count)]
    return array([float(value) for value in values] if any(type(arg) is float for arg in args) else values)


def _spaced(name: str, values: Callable[[float, float, int], list[Any]]) -> None:
    @library(f"numpy.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        given = {**dict(zip(("start", "stop", "num"), args, strict=False)), **kwargs}
        count = given.pop("num", 50)
        if len(args) > 3 or set(given) != {"start", "stop"}:
            return _UNKNOWN
        if not isinstance(count, int) or not 0 <= count <= MOST_ELEMENTS:
            return _UNKNOWN
        ends = list(given.values())
        if not all(type(end) in (int, float) for end in ends):
            return array([_ELEMENT] * count)
        return array(values(float(given["start"]), float(given["stop"]), count))


def _linear(start: float, stop: float, count: int) -> list[float]:
    if count < 2:
        return [start] * count
    step = (stop - start) / (count - 1)
    return [*(index * step + start for index in range(count - 1)), stop]


def _powers(start: float, stop: float, count: int) -> list[Value]:
    return [_power_of_ten(exponent) for exponent in _linear(start, stop, count)]


def _power_of_ten(exponent: float) -> Value:
    """Not told where the last digit, which is the machine's, decides which whole number is below."""
    found = 10.0 ** exponent
    return _ELEMENT if exponent != round(exponent) and math.isclose(found, round(found), rel_tol=1e-9) else found


def _geometric(start: float, stop: float, count: int) -> list[Value]:
    if start <= 0 or stop <= 0:
        return [_ELEMENT] * count
    return [start, *_powers(math.log10(start), math.log10(stop), count)[1:-1], stop][:count]


_spaced("linspace", _linear)
_spaced("logspace", _powers)
_spaced("geomspace", _geometric)


# -- arithmetic --------------------------------------------------------------------------------------


def arithmetic(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    """`left <operator> right` where one of them is an array: element by element, with a number or an equal shape."""
    if operator not in _ELEMENTWISE:
        return _UNKNOWN
    left, right = (made_of(interpreter, side) for side in (left, right))
    shape, other = shape_of(left), shape_of(right)
    if shape is None or other is None or (shape and other and shape != other):
        return _UNKNOWN
    if math.prod(shape or other) > MOST_ELEMENTS:
        return _UNKNOWN
    return _paired(left, right, lambda a, b: _number(interpreter, operator, a, b, frame, node))


def _paired(left: Value, right: Value, combine: Callable[[Value, Value], Value]) -> Value:
    if not is_array(left) and not is_array(right):
        return combine(left, right)
    count = len((left if is_array(left) else right).items)
    columns = [each.items if is_array(each) else [each] * count for each in (left, right)]
    return array([_paired(a, b, combine) for a, b in zip(*columns, strict=True)])


def _number(interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST) -> Value:
    from initlint.trace.python.operators import binary

    sides = (left, right)
    if not all(type(side) in (int, float) or isinstance(side, Symbolic) for side in sides):
        return _ELEMENT
    if any(isinstance(side, Symbolic) for side in sides):
        return binary(interpreter, operator, left, right, frame, node)
    # numpy gives infinities, and refuses whole numbers to negative powers
    if right == 0 and operator in (ast.Div, ast.FloorDiv, ast.Mod):
        return _ELEMENT
    if operator is ast.Pow and (
        (left < 0 and type(right) is float) or (right < 0 and (left == 0 or int is type(left) is type(right)))
    ):
        return _ELEMENT
    return _kept(binary(interpreter, operator, left, right, frame, node))


def change(
    interpreter: Interpreter, operator: type, target: ListV, value: Value, frame: Frame, node: ast.AST
) -> Value:
    """`target <operator>= value`: the array itself changes."""
    found = arithmetic(interpreter, operator, target, value, frame, node)
    items, kinds = target.items, {type(each) for each in _flat(target)}
    _lose_views(interpreter, target)
    if is_array(found) and shape_of(found) == shape_of(target) and {type(each) for each in _flat(found)} <= kinds:
        interpreter.heap.put(target.box, "items", found.items)
    else:
        interpreter.heap.put(target.box, "items", [_each(item, lambda _: _ELEMENT) for item in items])
    return target


def put(interpreter: Interpreter, target: ListV, index: Value, new: Value) -> None:
    """`target[index] = new`: a number of the type that the array holds, or something that is not known."""
    _lose_views(interpreter, target)
    kinds = {type(each) for each in _flat(target)}
    kind = kinds.pop() if len(kinds) == 1 else None
    if isinstance(index, int) and -len(target.items) <= index < len(target.items) and kind in (int, float):
        old = target.items[index]
        told = _as(new, kind) if type(new) in (int, float) else _ELEMENT
        containers.put_item(interpreter, target, index, _each(old, lambda _: told))
        return
    interpreter.heap.put(target.box, "items", [_each(item, lambda _: _ELEMENT) for item in target.items])


def view(interpreter: Interpreter, target: ListV, part: slice) -> Value:
    """`target[part]`: an array of the same numbers, which both know of the other."""
    found = containers.get_item(interpreter, target, part)
    if is_array(found):
        found.box[_VIEWS] = (target,)
        interpreter.heap.put(target.box, _VIEWS, (*_views_of(target), found))
    return found


def _views_of(value: ListV) -> Iterator[ListV]:
    """The arrays that share numbers with one, whichever way was gone."""
    for option in options_of(value.box.get(_VIEWS, ())):
        yield from filter(is_array, option if isinstance(option, tuple) else ())


def _lose_views(interpreter: Interpreter, target: ListV) -> None:
    """An array is written to: those that share numbers with it hold others from now on."""
    waiting, seen = [target], {id(target)}
    while waiting:
        for each in _views_of(waiting.pop()):
            if id(each) not in seen:
                seen.add(id(each))
                waiting.append(each)
                interpreter.heap.put(each.box, "items", [_each(item, lambda _: _ELEMENT) for item in each.items])


# -- what arrays have --------------------------------------------------------------------------------


def _lists(value: Value) -> Value:
    """`array.tolist()`."""
    return ListV([_lists(item) for item in value.items], value.is_open) if is_array(value) else value


def _numbers(value: Value) -> list[Any] | None:
    """The elements of an array along all its axes; None where one is not known."""
    if not is_array(value) or not _is_whole(value):
        return None
    found = _flat(value)
    return found if all(type(each) in (int, float) for each in found) else None


def _mean(values: list[Any]) -> float:
    return math.fsum(values) / len(values)


_REDUCTIONS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "sum": sum, "prod": math.prod, "max": max, "min": min, "mean": _mean,
}


def _reduced(name: str, value: Value, args: Args, kwargs: Kwargs) -> Value:
    """One number made of all the elements of an array."""
    found = _numbers(value)
    if args or kwargs or found is None or (not found and name not in ("sum", "prod")):
        return UnknownV(f"{name} of an array")
    return _kept(_REDUCTIONS[name](found))


def _running(value: Value, args: Args, kwargs: Kwargs) -> Value:
    """`array.cumsum()`."""
    found = _numbers(value)
    return _UNKNOWN if args or kwargs or found is None else array(list(map(_kept, itertools.accumulate(found))))


def _astype(value: Value, args: Args, kwargs: Kwargs) -> Value:
    wanted = _type_of(args[0] if args else kwargs.get("dtype"))
    return _each(value, lambda each: _ELEMENT if wanted is None else _as(each, wanted))


def _item(value: Value, args: Args, kwargs: Kwargs) -> Value:
    found = _flat(value)
    return found[0] if not args and len(found) == 1 and _is_whole(value) else _ELEMENT


_METHODS: Final[dict[str, Callable[[Value, Args, Kwargs], Value]]] = {
    **{name: partial(_reduced, name) for name in _REDUCTIONS},
    "tolist": lambda value, args, kwargs: _lists(value),
    "copy": lambda value, args, kwargs: _each(value, _same),
    "cumsum": _running,
    "astype": _astype,
    "item": _item,
    "flatten": lambda value, args, kwargs: array(_flat(value)) if _is_whole(value) and not args else _UNKNOWN,
}


def _of_array(value: ListV, name: str) -> Value:
    """An attribute of an array."""
    shape = shape_of(value)
    if name in ("shape", "size", "ndim") and shape is not None:
        return shape if name == "shape" else math.prod(shape) if name == "size" else len(shape)
    found = _METHODS.get(name)
    if found is None:
        return UnknownV(f"attribute {name} of an array")
    return BuiltinV(name, lambda interpreter, args, kwargs: found(value, args, kwargs))


methods.KINDS[ARRAY] = _of_array


def applied(interpreter: Interpreter, name: str, function: object, args: Args, kwargs: Kwargs) -> Value:
    """What a function of numpy makes of an array or a sequence, by its name and by the function of numbers or sequences
    that it stands for; ABSENT where that one may be called on what it is given."""
    if name in _REDUCTIONS:
        is_symbolic = is_array(args[0]) and any(isinstance(each, Symbolic) for each in args[0].items)
        is_told = not is_array(args[0]) or (is_symbolic and not args[1:] and not kwargs)
        return ABSENT if is_told else _reduced(name, args[0], args[1:], kwargs)
    if not any(isinstance(arg, tuple | ListV) for arg in args):
        return ABSENT
    if len(args) != 1 or kwargs or not callable(function) or getattr(function, "__module__", "") != "math":
        return _UNKNOWN

    def one(value: Value) -> Value:
        if type(value) not in (int, float):
            return _ELEMENT
        try:
            return float(function(value))
        except (ArithmeticError, ValueError):
            return _ELEMENT

    return _each(made_of(interpreter, args[0]), one)


def _method(name: str) -> None:
    """A function of arrays, or of sequences, that is a method of arrays as well."""

    def one(interpreter: Interpreter, value: Value, args: Args, kwargs: Kwargs) -> Value:
        given = made_of(interpreter, value)
        return _METHODS[name](given, args, kwargs) if is_array(given) else UnknownV(f"{name} of something unknown")

    @library(f"numpy.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        return interpreter.each(args[0], lambda option: one(interpreter, option, args[1:], kwargs))


for _name in ("mean", "cumsum"):
    _method(_name)
