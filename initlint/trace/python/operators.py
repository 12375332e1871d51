"""Operators and subscripts on abstract values."""

from __future__ import annotations

import ast
import operator as python
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.limits import (
    MAX_BITS,
    MAX_TEXT,
    TOO_LARGE,
    TOO_LONG,
    bounded,
    percent_fits,
    power_fits,
    spec_fits,
)
from initlint.trace.machine.values import (
    ABSENT,
    MAX_ITEMS,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    InstanceV,
    ListV,
    Raised,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
    all_constant,
    is_constant,
    options_of,
)
from initlint.trace.machine.versions import VersionV
from initlint.trace.python.classes import find_method
from initlint.trace.python.containers import UNKNOWN_ITEM, add_lists, contains, extend_list, get_item, put_item
from initlint.trace.python.enums import plain, written
from initlint.trace.python.equality import equal, identical
from initlint.trace.python.instances import PYTHON_TYPES
from initlint.trace.python.items import class_item, container_items, instance_item, set_instance_item
from initlint.trace.python.iteration import elements
from initlint.trace.python.library import arrays
from initlint.trace.python.library.arrays import is_array
from initlint.trace.python.methods import method
from initlint.trace.python.symbols import UNKNOWN_NUMBER, Symbolic, symbolic
from initlint.trace.python.versions import compare_external

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Interpreter

_BINARY: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Add: python.add,
    ast.Sub: python.sub,
    ast.Mult: python.mul,
    ast.Div: python.truediv,
    ast.FloorDiv: python.floordiv,
    ast.Mod: python.mod,
    ast.Pow: python.pow,
    ast.LShift: python.lshift,
    ast.RShift: python.rshift,
    ast.BitOr: python.or_,
    ast.BitXor: python.xor,
    ast.BitAnd: python.and_,
}
_DUNDER: Final[dict[type, str]] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitOr: "or",
    ast.BitAnd: "and",
    ast.BitXor: "xor",
}
_OF_SETS: Final[dict[type, str]] = {
    ast.BitOr: "union", ast.BitAnd: "intersection", ast.Sub: "difference", ast.BitXor: "symmetric_difference",
}
_BY_FUNCTION: Final[dict[object, type]] = {
    **{function: kind for kind, function in _BINARY.items()},
    python.concat: ast.Add,
    python.iadd: ast.Add,
    python.iconcat: ast.Add,
    python.imul: ast.Mult,
    python.ipow: ast.Pow,
    python.ilshift: ast.LShift,
}
_COMPARE: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Eq: python.eq,
    ast.NotEq: python.ne,
    ast.Lt: python.lt,
    ast.LtE: python.le,
    ast.Gt: python.gt,
    ast.GtE: python.ge,
}
_ORDER: Final[dict[type, tuple[str, str, str]]] = {
    ast.Lt: ("__lt__", "__gt__", "__ge__"),
    ast.LtE: ("__le__", "__ge__", "__gt__"),
    ast.Gt: ("__gt__", "__lt__", "__le__"),
    ast.GtE: ("__ge__", "__le__", "__lt__"),
}
"""The methods of an order: of the left operand, of the right one, and the one that says the contrary."""
_REFLECTED: Final = {name: reflected for name, reflected, _ in _ORDER.values()}
UNKNOWN_TRUTH: Final = UnknownV("comparison of something unknown")


def binary(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    """`left <operator> right`."""
    lk, rk = type(left), type(right)
    if lk in (int, float) and rk in (int, float):
        return arithmetic(operator, left, right)
    if lk is AltV or rk is AltV:
        return _distribute(interpreter, operator, left, right, frame, node)
    if isinstance(left, TensorV) or isinstance(right, TensorV):
        return interpreter.recorder.operator(operator, left, right, frame, node)
    if is_constant(left) and is_constant(right):
        return arithmetic(operator, left, right)
    if lk is str and rk is tuple and operator is ast.Mod:
        parts = tuple(map(written, right))
        return arithmetic(operator, left, parts) if all_constant(parts) else UnknownV("text with unknown parts")
    if is_array(left) or is_array(right):
        return arrays.arithmetic(interpreter, operator, left, right, frame, node)
    if lk is ListV and rk is ListV and operator is ast.Add:
        return add_lists(left, right)
    if lk is tuple and rk is tuple and operator is ast.Add:
        return left + right if len(left) + len(right) <= MAX_ITEMS else UnknownV("sequence too long")
    if operator is ast.Add and (lk in (ListV, tuple)) and (rk in (ListV, tuple)):
        if "tuple" in (getattr(left, "kind", ""), getattr(right, "kind", "")) and tuple in (lk, rk):
            return ListV([*_items_of(left), *_items_of(right)], True, "tuple")
        raise Raised("TypeError", "cannot add")
    if operator is ast.Mult and lk in (ListV, tuple):
        return _repeat(left, right)
    if operator is ast.Mult and rk in (ListV, tuple):
        return _repeat(right, left)
    if lk is ListV and left.kind == "set":
        combine = _OF_SETS.get(operator)
        return UNKNOWN_NUMBER if combine is None else interpreter.call(method(left, combine), [right], {}, frame)
    if lk is DictV and rk is DictV and operator is ast.BitOr:
        return DictV({**left.entries, **right.entries}, left.is_open or right.is_open)
    if operator is ast.BitOr and _is_union(left) and _is_union(right):
        return (*_classes(left), *_classes(right))
    if isinstance(left, Symbolic) or isinstance(right, Symbolic):
        return symbolic(operator, left, right)
    if lk is InstanceV or rk is InstanceV:
        found = _overloaded(interpreter, operator, left, right, frame)
        if found is not ABSENT:
            return found
        if plain(left) is not left or plain(right) is not right:
            return binary(interpreter, operator, plain(left), plain(right), frame, node)
    if (lk is ListV or rk is ListV) and operator is ast.Add:
        return ListV([*left.items, UNKNOWN_ITEM] if lk is ListV else [UNKNOWN_ITEM, *right.items], True)
    if left is None or right is None:
        if isinstance(left, UnknownV) or isinstance(right, UnknownV):
            return UNKNOWN_NUMBER
        if operator is ast.BitOr:
            return UnknownV("type expression")
        raise Raised("TypeError", "arithmetic on None")
    return UNKNOWN_NUMBER


def _is_union(value: Value) -> bool:
    """A class of modules, of the program or of Python, or `A | B` of such."""
    return all(
        isinstance(each, ClassV | TorchClassV) or (isinstance(each, BuiltinV) and each.name in PYTHON_TYPES)
        for each in _classes(value)
    )


def _classes(value: Value) -> tuple[Value, ...]:
    return value if type(value) is tuple and value else (value,)


def arithmetic(operator: type, left: Any, right: Any) -> Value:
    """Python's own operator on constants, within bounds."""
    function = _BINARY.get(operator)
    if function is None:
        raise Raised("TypeError", "unsupported operands")
    if isinstance(left, str | bytes) or isinstance(right, str | bytes):
        text, other = (left, right) if isinstance(left, str | bytes) else (right, left)
        size = len(other) if isinstance(other, str | bytes) else 0
        if operator is ast.Mult and (not isinstance(other, int) or len(text) * other > MAX_TEXT):
            return TOO_LONG
        if operator is ast.Add and len(text) + size > MAX_TEXT:
            return TOO_LONG
        if operator is ast.Mod and isinstance(left, str | bytes):
            if isinstance(left, str) and not isinstance(right, str | int | float | tuple):
                return UnknownV("text with unknown parts")
            if not percent_fits(left, right):
                return TOO_LONG
    elif (operator is ast.Pow and not power_fits(left, right)) or (
        operator is ast.LShift and isinstance(right, int) and right > MAX_BITS
    ):
        return TOO_LARGE
    try:
        return bounded(function(left, right))
    except (ArithmeticError, TypeError, ValueError) as problem:
        raise Raised(type(problem).__name__) from None


def _items_of(sequence: Value) -> list[Value]:
    items: list[Value] = list(sequence) if type(sequence) is tuple else sequence.items
    return items


def operator_of(function: object) -> type | None:
    """The operator that a function of the module `operator` stands for."""
    return _BY_FUNCTION.get(function) if callable(function) else None


def _repeat(sequence: Value, count: Value) -> Value:
    items = _items_of(sequence)
    if isinstance(count, int):
        if len(items) * max(count, 0) > MAX_ITEMS:
            return UnknownV("sequence too long")
        repeated = items * count
        return tuple(repeated) if type(sequence) is tuple else ListV(repeated, sequence.is_open)
    return ListV(items * 2, True, "tuple" if type(sequence) is tuple else "list")


def _distribute(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    lefts = [option for option in options_of(left) if option is not ABSENT]
    rights = [option for option in options_of(right) if option is not ABSENT]
    if len(lefts) * len(rights) > 16:
        return UNKNOWN_NUMBER
    results = []
    problem: Raised | None = None
    for each_left in lefts:
        for each_right in rights:
            try:
                results.append(binary(interpreter, operator, each_left, each_right, frame, node))
            except Raised as raised:
                problem = raised
    if not results:
        raise problem or Raised("TypeError")
    return interpreter.heap.join(results)


def _overloaded(interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame) -> Value:
    name = _DUNDER.get(operator)
    if name is None:
        return ABSENT
    for receiver, other, prefix in ((left, right, "__"), (right, left, "__r")):
        if isinstance(receiver, InstanceV):
            method = find_method(receiver, f"{prefix}{name}__")
            if method is not None:
                return interpreter.call(method, [receiver, other], {}, frame)
    if operator is ast.Add and isinstance(left, InstanceV):
        items = container_items(left)
        others = container_items(right) if isinstance(right, InstanceV) else getattr(right, "items", None)
        if items is not None and isinstance(others, list):
            return interpreter.call(left.cls, [ListV([*items, *others])], {}, frame)
    return ABSENT


def augmented(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    """`left <operator>= right`: lists and parameters change in place."""
    if is_array(left) and not isinstance(right, TensorV):
        return arrays.change(interpreter, operator, left, right, frame, node)
    if is_array(right):
        return binary(interpreter, operator, left, right, frame, node)
    if operator is ast.Add and type(left) is ListV and (own := method(left, "__iadd__")) is not ABSENT:
        return interpreter.call(own, [right], {}, frame)
    if operator is ast.Add and type(left) is ListV:
        found = elements(interpreter, right, frame)
        extend_list(interpreter, left, found.values, found.complete)
        return left
    if type(left) is ListV and left.kind == "set" and operator in _OF_SETS:
        made = binary(interpreter, operator, left, right, frame, node)
        if type(made) is not ListV:
            return made
        interpreter.heap.put(left.box, "items", made.items)
        interpreter.heap.put(left.box, "open", made.is_open)
        return left
    if operator is ast.BitOr and type(left) is DictV and type(right) is DictV:
        for key, value in right.entries.items():
            interpreter.heap.put(left.entries, key, value)
        return left
    if operator is ast.Add and isinstance(left, InstanceV) and container_items(left) is not None:
        extend = interpreter.attribute(left, "extend", frame)
        interpreter.call(extend, [right], {}, frame)
        return left
    if isinstance(left, TensorV):
        return interpreter.recorder.operator(operator, left, right, frame, node, inplace=True)
    if type(left) is InstanceV and operator in _DUNDER:
        own_method = find_method(left, f"__i{_DUNDER[operator]}__")
        if own_method is not None:
            return interpreter.call(own_method, [left, right], {}, frame)
    return binary(interpreter, operator, left, right, frame, node)


def negate(interpreter: Interpreter, operator: type, value: Value, frame: Frame, node: ast.AST) -> Value:
    """`-value`, `+value`, `~value`."""
    if type(value) in (int, float, bool):
        if operator is ast.USub:
            return -value
        if operator is ast.UAdd:
            return +value
        return ~value if isinstance(value, int) else UNKNOWN_NUMBER
    if isinstance(value, TensorV):
        return interpreter.recorder.scaled(value, "neg", frame, node)
    if isinstance(value, Symbolic) and operator is ast.USub:
        return symbolic(ast.Mult, value, -1)
    if type(value) is AltV:
        return interpreter.each(value, lambda option: negate(interpreter, operator, option, frame, node))
    if type(value) is InstanceV:
        own_method = find_method(value, _SIGNS[operator]) if operator in _SIGNS else None
        if own_method is not None:
            return interpreter.call(own_method, [value], {}, frame)
    return UNKNOWN_NUMBER


_SIGNS: Final = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}


def compare(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    """`left <operator> right`: True, False, a tensor, or unknown."""
    if type(left) is AltV or type(right) is AltV:
        return _compare_each(interpreter, operator, left, right, frame, node)
    if operator in (ast.Is, ast.IsNot):
        verdict = identical(left, right)
        if verdict is None:
            return UNKNOWN_TRUTH
        return verdict if operator is ast.Is else not verdict
    if operator in (ast.In, ast.NotIn):
        found = contains(interpreter, right, left)
        if found is None:
            return UNKNOWN_TRUTH
        return found if operator is ast.In else not found
    if isinstance(left, TensorV) or isinstance(right, TensorV):
        return interpreter.recorder.comparison(operator, left, right)
    if is_array(left) or is_array(right):
        return UNKNOWN_TRUTH
    if operator in (ast.Eq, ast.NotEq):
        verdict = equal(left, right)
        if verdict is None:
            verdict = _equal_objects(interpreter, left, right, frame)
        if verdict is None:
            return UNKNOWN_TRUTH
        return verdict if operator is ast.Eq else not verdict
    if type(left) is ListV and type(right) is ListV and left.kind == right.kind == "set":
        return _compare_sets(interpreter, operator, left, right, frame)
    if type(left) is InstanceV or type(right) is InstanceV:
        left, right = plain(left), plain(right)
        verdict = _ordered_objects(interpreter, operator, left, right, frame)
        if verdict is not None:
            return verdict
    if is_constant(left) and is_constant(right):
        try:
            return bool(_COMPARE[operator](left, right))
        except TypeError:
            raise Raised("TypeError") from None
    if isinstance(left, tuple | VersionV) and type(right) is tuple and all(map(is_constant, (*left, *right))):
        try:
            return bool(_COMPARE[operator](left, right))
        except TypeError:
            return UNKNOWN_TRUTH
    if isinstance(left, ExternalV):
        verdict = compare_external(operator, left, right)
        return UNKNOWN_TRUTH if verdict is None else verdict
    return UNKNOWN_TRUTH


def _compare_sets(interpreter: Interpreter, operator: type, left: ListV, right: ListV, frame: Frame) -> Value:
    """`left <= right` and its kin: whether one holds the other."""
    small, large = (left, right) if operator in (ast.Lt, ast.LtE) else (right, left)
    if operator in (ast.Lt, ast.Gt):
        verdict = equal(left, right)
        if verdict is not False:
            return UNKNOWN_TRUTH if verdict is None else False
    return interpreter.call(method(small, "issubset"), [large], {}, frame)


def _equal_objects(interpreter: Interpreter, left: Value, right: Value, frame: Frame) -> bool | None:
    """`left == right` where the class of one of them says what that is."""
    for receiver, other in ((left, right), (right, left)):
        method = find_method(receiver, "__eq__") if type(receiver) is InstanceV else None
        if method is not None:
            return interpreter.truth(interpreter.call(method, [receiver, other], {}, frame))
    return None


def _ordered_objects(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame
) -> bool | None:
    """`left < right` and its kin by the methods of their classes; what `functools.total_ordering` adds is told from
    what is there."""
    name, reflected, opposite = _ORDER[operator]
    for receiver, other, wanted, side in (
        (left, right, name, True), (right, left, reflected, True), (left, right, opposite, False),
        (right, left, _REFLECTED[opposite], False),
    ):
        method = find_method(receiver, wanted) if type(receiver) is InstanceV else None
        if method is not None:
            verdict = interpreter.truth(interpreter.call(method, [receiver, other], {}, frame))
            return None if verdict is None else verdict is side
    return None


def _compare_each(
    interpreter: Interpreter, operator: type, left: Value, right: Value, frame: Frame, node: ast.AST
) -> Value:
    verdicts = set()
    for each_left in options_of(left):
        for each_right in options_of(right):
            if each_left is ABSENT or each_right is ABSENT:
                continue
            try:
                verdict = compare(interpreter, operator, each_left, each_right, frame, node)
            except Raised:
                continue
            verdicts.add(verdict if isinstance(verdict, bool) else None)
    if len(verdicts) == 1:
        (verdict,) = verdicts
        return UNKNOWN_TRUTH if verdict is None else verdict
    return UNKNOWN_TRUTH


def subscript(interpreter: Interpreter, value: Value, index: Value, frame: Frame, node: ast.AST) -> Value:
    """`value[index]`."""
    kind = type(value)
    if kind is AltV:
        return interpreter.each(value, lambda option: subscript(interpreter, option, index, frame, node))
    if isinstance(value, TensorV):
        return interpreter.recorder.indexed(value, index, frame, node)
    if type(index) is AltV:
        return interpreter.each(index, lambda option: subscript(interpreter, value, option, frame, node))
    if kind is InstanceV:
        return instance_item(interpreter, value, index, frame)
    if type(index) is InstanceV and kind is not DictV:
        index = plain(index)
    if isinstance(value, ClassV | ExternalV):
        return class_item(interpreter, value, index, frame)
    if is_array(value) and type(index) is slice:
        return arrays.view(interpreter, value, index)
    return get_item(interpreter, value, index)


def set_item(
    interpreter: Interpreter, value: Value, index: Value, new: Value, frame: Frame, node: ast.AST
) -> None:
    """`value[index] = new`."""
    for option in options_of(value):
        if isinstance(option, TensorV):
            interpreter.recorder.assign_item(option, index, new, frame, node)
        elif isinstance(option, InstanceV):
            set_instance_item(interpreter, option, index, new, frame)
        elif is_array(option):
            arrays.put(interpreter, option, index, new)
        else:
            put_item(interpreter, option, index, new)


def as_text(interpreter: Interpreter, value: Value, name: str, args: list[Value]) -> Value:
    """What a value is when it is made a text: what its class says in `__str__` and its kin, where that is the
    program's."""
    if type(value) is InstanceV:
        others = () if name == "__repr__" else ("__str__", "__repr__")
        for each in (name, *others):
            own_method = find_method(value, each)
            if own_method is not None:
                given = args if each == name else []
                return interpreter.call(own_method, [value, *given], {}, interpreter.frame)
    return written(value)


def to_text(interpreter: Interpreter, value: Value, spec: Value) -> Value:
    """What an f-string puts for a value."""
    value = as_text(interpreter, value, "__format__", [spec])
    if (isinstance(value, str | int | float | bool) or value is None) and isinstance(spec, str):
        if not spec_fits(spec):
            return TOO_LONG
        try:
            return format(value, spec)
        except (ValueError, TypeError):
            return UnknownV("format not known")
    return UnknownV("text of something unknown")

