"""Python's builtin functions and types, on abstract values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.code import REQUIRED
from initlint.trace.machine.limits import apply, bounded
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    DescriptorV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ParamV,
    PartialV,
    PowerV,
    Raised,
    RangeV,
    SuperV,
    SymbolV,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
    is_constant,
    options_of,
)
from initlint.trace.program.external import public_names
from initlint.trace.python.attributes import has_attribute, names_of
from initlint.trace.python.classes import (
    find_in_class,
    find_method,
    is_subclass,
    kind_of,
    meta_method,
    metaclass_of,
    set_bases,
)
from initlint.trace.python.containers import dict_key, get_item, length, set_of
from initlint.trace.python.enums import members, plain
from initlint.trace.python.instances import instance_of
from initlint.trace.python.library.registry import elements_of
from initlint.trace.python.mappings import is_abstract_mapping, mapping_of
from initlint.trace.python.operators import arithmetic, as_text, binary
from initlint.trace.torch.rows import number_of
from initlint.trace.vocabulary import lookup
from initlint.trace.vocabulary.spec import ModuleSpec

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Function = Callable[["Interpreter", "Args", "Kwargs"], Value]
BUILTINS: Final[dict[str, Value]] = {}


MAX_RANGE: Final = 1 << 62
"""Where `len` of a range ends."""


def _builtin(name: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        BUILTINS[name] = BuiltinV(name, function)
        return function

    return register


def is_pure_test(value: Value) -> bool:
    """Builtins that only look at their arguments."""
    names = ("isinstance", "issubclass", "hasattr", "callable", "bool", "len")
    return isinstance(value, BuiltinV) and value.name in names


@_builtin("len")
def _len(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    value = args[0]
    if type(value) is AltV:
        return interpreter.each(value, lambda option: _len(interpreter, [option], {}))
    if isinstance(value, InstanceV):
        owner, found = find_in_class(value.cls, "__len__")
        if isinstance(owner, ClassV):
            return interpreter.call(found, [value], {}, interpreter.frame)
        value = plain(value)
    if isinstance(value, ClassV):
        own = meta_method(value, "__len__")
        if own is not None:
            return interpreter.call(own, [value], {}, interpreter.frame)
        return len(members(value)) if kind_of(value) == "enum" else UnknownV("length of a class")
    if isinstance(value, TensorV) and value.shape:
        return value.shape[0] if value.shape[0] is not None else UnknownV("length not known")
    return length(value)


@_builtin("range")
def _range(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    numbers = [_fewest(argument) if type(argument) is AltV else argument for argument in args]
    whole = [number for number in numbers if isinstance(number, int)]
    if len(whole) == len(numbers):
        if any(abs(number) >= MAX_RANGE for number in whole):
            return UnknownV("range too long")
        try:
            return range(*whole)
        except (TypeError, ValueError) as problem:
            raise Raised(type(problem).__name__) from None
    if any(isinstance(number, float | str) or number is None for number in numbers):
        raise Raised("TypeError")
    start, stop, step = (0, numbers[0], 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    return RangeV(start, stop, step)


def _fewest(value: AltV) -> Value:
    """The least of several numbers; something unknown where that is one of them and the others make no turn."""
    known = [option for option in value.options if isinstance(option, int)]
    unknown = next((option for option in value.options if isinstance(option, UnknownV)), None)
    if unknown is not None and max(known, default=0) <= 0:
        return unknown
    return min(known, default=value)


@_builtin("enumerate")
def _enumerate(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    first = start if isinstance(start, int) else None
    pairs: list[Value] = []
    for index, value in enumerate(values):
        number = first + index if first is not None and not is_open else UnknownV("position not known")
        if is_open and index == 0 and first is not None:
            number = first
        pairs.append(_optional_pair(interpreter, number, value))
    return ListV(pairs, is_open)


def _optional_pair(interpreter: Interpreter, number: Value, value: Value) -> Value:
    if type(value) is AltV and ABSENT in value.options:
        present = interpreter.heap.join([option for option in value.options if option is not ABSENT])
        return AltV(((number, present), ABSENT))
    return (number, value)


@_builtin("zip")
def _zip(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    columns = [elements_of(interpreter, arg) for arg in args]
    if not columns:
        return ListV([])
    complete = [len(values) for values, is_open in columns if not is_open]
    count = min(complete) if complete else max(len(values) for values, _ in columns)
    rows = []
    for index in range(count):
        row = []
        for values, is_open in columns:
            if index < len(values):
                row.append(values[index])
            elif is_open:
                row.append(values[-1] if values else UnknownV("element not known"))
        rows.append(tuple(row))
    return ListV(rows, not complete)


@_builtin("map")
def _map(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    columns = [elements_of(interpreter, arg) for arg in args[1:]]
    count = min(len(values) for values, _ in columns) if columns else 0
    frame = interpreter.frame
    results = []
    for index in range(count):
        results.append(interpreter.call(args[0], [values[index] for values, _ in columns], {}, frame))
    return ListV(results, any(is_open for _, is_open in columns))


@_builtin("filter")
def _filter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[1])
    frame = interpreter.frame
    kept = []
    for value in values:
        verdict = interpreter.truth(value if args[0] is None else interpreter.call(args[0], [value], {}, frame))
        if verdict is not False:
            kept.append(value if verdict else interpreter.heap.join([value, ABSENT]))
    return ListV(kept, is_open)


@_builtin("reversed")
def _reversed(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    own_method = find_method(args[0], "__reversed__") if type(args[0]) is InstanceV else None
    if own_method is not None:
        return interpreter.call(own_method, [args[0]], {}, interpreter.frame)
    values, is_open = elements_of(interpreter, args[0])
    return ListV(values[::-1], is_open)


@_builtin("sorted")
def _sorted(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    return ListV(ordered(interpreter, values, kwargs), is_open)


def ordered(interpreter: Interpreter, values: list[Value], kwargs: Kwargs) -> list[Value]:
    """`sorted(values, **kwargs)`; as they are where the keys are not known."""
    frame = interpreter.frame
    key = kwargs.get("key")
    keys = [plain(value if key is None else interpreter.call(key, [value], {}, frame)) for value in values]
    if not all(isinstance(each, int | float | str | tuple) for each in keys):
        return list(values)
    try:
        order = sorted(range(len(values)), key=keys.__getitem__, reverse=kwargs.get("reverse") is True)
    except TypeError:
        return list(values)
    return [values[index] for index in order]


def _sequence(kind: str) -> Function:
    def build(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args:
            return () if kind == "tuple" else ListV([], False, kind)
        value = args[0]
        if type(value) is AltV:
            return interpreter.each(value, lambda option: build(interpreter, [option], {}))
        values, is_open = elements_of(interpreter, value)
        if kind == "set":
            return set_of(values, is_open)
        optional = any(type(each) is AltV and ABSENT in each.options for each in values)
        if kind == "tuple" and not is_open and not optional:
            return tuple(values)
        return ListV(values, is_open, kind)

    return build


for _kind in ("list", "tuple", "set", "frozenset"):
    BUILTINS[_kind] = BuiltinV(_kind, _sequence("set" if _kind == "frozenset" else _kind))


@_builtin("dict")
def _dict(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    made = DictV({})
    for arg in args:
        if isinstance(arg, DictV):
            made.entries.update(arg.entries)
            made.box["open"] = made.is_open or arg.is_open
        elif type(arg) is AltV:
            return interpreter.each(arg, lambda option: _dict(interpreter, [option], kwargs))
        elif isinstance(arg, InstanceV) and mapping_of(arg) is not None:
            held = mapping_of(arg) or made
            made.entries.update(held.entries)
            made.box["open"] = made.is_open or held.is_open
        elif isinstance(arg, InstanceV) and is_abstract_mapping(arg.cls):
            made.box["open"] = True
        elif isinstance(arg, InstanceV):
            made.entries.update({key: arg.attrs[key] for key in arg.state.get("items", ()) if key in arg.attrs})
        else:
            values, is_open = elements_of(interpreter, arg)
            for pair in values:
                key = dict_key(pair[0]) if isinstance(pair, tuple) and len(pair) == 2 else ABSENT
                if key is ABSENT:
                    is_open = True
                else:
                    made.entries[key] = pair[1]
            made.box["open"] = made.is_open or is_open
    for name, value in kwargs.items():
        if name == "**":
            made.box["open"] = True
        elif name == REQUIRED:
            made.asked = True
        else:
            made.entries[name] = value
    return made


@_builtin("isinstance")
def _isinstance(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) < 2:
        return UnknownV("isinstance")
    if type(args[0]) is AltV:
        verdicts = {instance_of(interpreter, option, args[1]) for option in args[0].options if option is not ABSENT}
        verdict = verdicts.pop() if len(verdicts) == 1 else None
    else:
        verdict = instance_of(interpreter, args[0], args[1])
    return UnknownV("isinstance not known") if verdict is None else verdict


@_builtin("issubclass")
def _issubclass(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    cls, bases = args[0], args[1] if isinstance(args[1], tuple) else (args[1],)
    verdicts = [is_subclass(cls, base) if isinstance(cls, ClassV | ExternalV) else None for base in bases]
    if True in verdicts:
        return True
    return UnknownV("issubclass not known") if None in verdicts else False


@_builtin("__import__")
def _import(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    wanted = args[3] if len(args) > 3 else kwargs.get("fromlist", ())
    if not isinstance(name, str) or not name or len(args) > 4 or "level" in kwargs:
        return UnknownV("a module whose name is not known")
    whole = isinstance(wanted, tuple | ListV) and length(wanted) == 0
    return interpreter.project.module_called(name.split(".")[0] if whole else name, interpreter.frame)


@_builtin("hasattr")
def _hasattr(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if not isinstance(args[1], str):
        return UnknownV("attribute name not known")
    verdict = has_attribute(interpreter, args[0], args[1])
    return UnknownV("hasattr not known") if verdict is None else verdict


@_builtin("getattr")
def _getattr(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    frame = interpreter.frame
    names = plain(args[1])
    if type(names) is AltV:
        return interpreter.each(names, lambda option: _getattr(interpreter, [args[0], option, *args[2:]], {}))
    if not isinstance(names, str):
        return UnknownV("attribute name not known", holder=args[0] if isinstance(args[0], InstanceV) else None)
    known = has_attribute(interpreter, args[0], names)
    if known is False and len(args) > 2:
        return args[2]
    value = interpreter.attribute(args[0], names, frame)
    if known is None and len(args) > 2:
        return interpreter.heap.join([value, args[2]]) if not isinstance(args[0], ExternalV) else value
    if known is False and not isinstance(args[0], UnknownV):
        raise Raised("AttributeError")
    return value


@_builtin("setattr")
def _setattr(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if isinstance(args[1], str):
        interpreter.set_attribute(args[0], args[1], args[2], interpreter.frame)
    elif isinstance(args[0], InstanceV):
        interpreter.set_attribute(args[0], f"*{len(args[0].attrs)}", args[2], interpreter.frame)
    return None


@_builtin("delattr")
def _delattr(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if isinstance(args[0], InstanceV) and isinstance(args[1], str):
        interpreter.heap.remove(args[0].attrs, args[1])
    return None


@_builtin("callable")
def _callable(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    verdicts: set[bool | None] = set()
    for option in options_of(args[0]):
        if isinstance(option, FunctionV | BoundV | BuiltinV | ClassV | PartialV | ExternalV):
            verdicts.add(True)
        elif isinstance(option, UnknownV | InstanceV):
            verdicts.add(None)
        else:
            verdicts.add(False)
    return verdicts.pop() if len(verdicts) == 1 and None not in verdicts else UnknownV("callable not known")


@_builtin("type")
def _type(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) == 3 and isinstance(args[0], str) and isinstance(args[1], tuple):
        made = ClassV(args[0], args[0], interpreter.frame.module, args[1], None)
        if isinstance(args[2], DictV):
            made.attrs.update(args[2].entries)
        set_bases(interpreter, made)
        return made
    value = args[0]
    if isinstance(value, InstanceV):
        return _class_of(value)
    if isinstance(value, TensorV):
        return interpreter.project.outside("torch.nn.Parameter" if isinstance(value, ParamV) else "torch.Tensor")
    if (is_constant(value) or type(value) is tuple) and type(value).__name__ in BUILTINS:
        return BUILTINS[type(value).__name__]
    if type(value) is ListV:
        return BUILTINS.get(value.kind, UnknownV("type"))
    if type(value) is TorchClassV or (isinstance(value, ClassV) and not value.is_open and kind_of(value) != "enum"):
        made_by = metaclass_of(value) if isinstance(value, ClassV) else None
        return BUILTINS["type"] if made_by is None else made_by
    if type(value) is AltV:
        return interpreter.each(value, lambda option: _type(interpreter, [option], {}))
    return UnknownV("type not known")


def _class_of(instance: InstanceV) -> Value:
    """The class of an object; a lazy layer's first call makes it one of the class it stands for."""
    cls = instance.cls
    later = lookup(f"torch.nn.{cls.spec.base}") if isinstance(cls, TorchClassV) and cls.spec.lazy else None
    return AltV((cls, TorchClassV(f"torch.nn.{later.name}", later))) if isinstance(later, ModuleSpec) else cls


def _reduce(name: str, function: Callable[..., object]) -> None:
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        values = list(args)
        if len(args) == 1 or name == "sum":
            values, is_open = elements_of(interpreter, args[0])
            if is_open:
                return UnknownV(f"{name} of unknown length")
        if name == "sum" and any(isinstance(v, TensorV) for v in values):
            total = values[0]
            site = interpreter.frame.site or ast.Pass()
            for value in values[1:]:
                total = binary(interpreter, ast.Add, total, value, interpreter.frame, site)
            return total
        if name == "sum" and len(args) > 1 and isinstance(args[1], ListV | tuple):
            flat: list[Value] = list(args[1].items if isinstance(args[1], ListV) else args[1])
            for value in values:
                inner, _ = elements_of(interpreter, value)
                flat.extend(inner)
            return ListV(flat)
        if name in ("any", "all"):
            verdicts = [interpreter.truth(value) for value in values]
            settled = name == "any"
            if settled in verdicts:
                return settled
            return UnknownV(f"{name} not known") if None in verdicts else not settled
        if not values and "default" in kwargs:
            return kwargs["default"]
        if name in ("min", "max") and kwargs.get("key") is not None:
            return _chosen_by(interpreter, function, values, kwargs["key"])
        values = [plain(value) for value in values]
        if not all(isinstance(value, int | float | str | tuple) for value in values):
            return UnknownV(f"{name} of something unknown")
        try:
            return bounded(function(values, *args[1:]) if name == "sum" else function(values))
        except (TypeError, ValueError) as problem:
            raise Raised(type(problem).__name__) from None

    BUILTINS[name] = BuiltinV(name, run)


def _chosen_by(
    interpreter: Interpreter, function: Callable[..., Any], values: list[Value], key: Value
) -> Value:
    """`min(values, key=key)`, or `max`."""
    keys = [plain(interpreter.call(key, [value], {}, interpreter.frame)) for value in values]
    if not all(isinstance(each, int | float | str | tuple) for each in keys):
        return UnknownV("chosen by something unknown")
    try:
        return values[function(range(len(values)), key=keys.__getitem__)]
    except (TypeError, ValueError) as problem:
        raise Raised(type(problem).__name__) from None


for _name, _function in (("min", min), ("max", max), ("sum", sum), ("any", any), ("all", all)):
    _reduce(_name, _function)


_TEXTS: Final = frozenset({"str", "repr", "ascii", "format"})
"""Functions that write a value as a text."""


def _as_number(interpreter: Interpreter, value: Value, name: str) -> Value:
    """What an object says it is as a number, where its class is the program's."""
    if type(value) is InstanceV and name != "bool":
        for each in (f"__{name}__", "__index__"):
            own_method = find_method(value, each)
            if own_method is not None:
                return interpreter.call(own_method, [value], {}, interpreter.frame)
    return plain(value)


def _convert(name: str, function: Callable[..., object]) -> None:
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args:
            return function()
        if name in _TEXTS:
            value = as_text(interpreter, args[0], f"__{name}__", list(args[1:]))
            if type(args[0]) is InstanceV:
                return value if isinstance(value, str) else UnknownV("text of an object")
        else:
            value = _as_number(interpreter, args[0], name)
        args = [value, *args[1:]]
        if type(value) is AltV:
            return interpreter.each(value, lambda option: run(interpreter, [option, *args[1:]], kwargs))
        if name == "bool":
            verdict = interpreter.truth(value)
            return UnknownV("truth not known") if verdict is None else verdict
        if isinstance(value, TensorV) and name in ("int", "float", "round", "abs"):
            number = number_of(value)
            if not isinstance(number, UnknownV):
                return run(interpreter, [number, *args[1:]], kwargs)
        if isinstance(value, SymbolV) and name in ("int", "float", "round"):
            return value
        if isinstance(value, PowerV) and name == "float":
            return value
        if isinstance(value, ClassV) and name in ("str", "repr"):
            return f"<class '{value.module.name}.{value.qualname}'>"
        if not all(map(is_constant, args)) or not all(map(is_constant, kwargs.values())):
            if name == "abs" and isinstance(value, TensorV):
                return interpreter.recorder.scaled(value, "abs", interpreter.frame, interpreter.frame.site)  # type: ignore[arg-type]
            return UnknownV(f"{name} of something unknown")
        if isinstance(value, str) and len(value) > 4096:
            return UnknownV("text too long")
        if name == "pow" and len(args) == 2 and not kwargs:
            return arithmetic(ast.Pow, *args)
        try:
            return apply(function, args, kwargs)
        except (TypeError, ValueError, ArithmeticError) as problem:
            raise Raised(type(problem).__name__) from None

    BUILTINS[name] = BuiltinV(name, run)


for _name, _type_ in (
    ("int", int), ("float", float), ("str", str), ("bool", bool), ("abs", abs), ("round", round), ("pow", pow),
    ("divmod", divmod), ("ord", ord), ("chr", chr), ("repr", repr), ("hex", hex), ("bin", bin), ("oct", oct),
    ("bytes", bytes), ("complex", complex), ("ascii", ascii), ("format", format),
):
    _convert(_name, _type_)


@_builtin("iter")
def _iter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = elements_of(interpreter, args[0])
    return ListV(values, is_open, "iterator")


@_builtin("next")
def _next(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    value = args[0]
    if type(value) is ListV:
        if not value.items:
            if len(args) > 1:
                return args[1]
            if value.is_open:
                return UnknownV("element not known")
            raise Raised("StopIteration")
        first = get_item(interpreter, value, 0)
        interpreter.heap.put(value.box, "items", value.items[1:])
        return first
    return UnknownV("next of something unknown")


@_builtin("print")
def _print(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return None


@_builtin("exec")
def _exec(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """Code that is a text may do anything to what was built."""
    for module in interpreter.recorder.built:
        interpreter.recorder.escape(module)
    return None


@_builtin("id")
def _id(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return id(args[0]) if args and not isinstance(args[0], UnknownV | AltV) else UnknownV("id")


@_builtin("slice")
def _slice(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return slice(*args)


@_builtin("vars")
def _vars(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], InstanceV):
        return names_of(args[0])
    return DictV({}, True)


@_builtin("globals")
def _globals(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    interpreter.project.exposed.add(interpreter.frame.module.file)
    names = interpreter.frame.module.names
    return DictV({name: interpreter.project.settle(names[name]) for name in list(names) if name != "<root>"}, True)


@_builtin("dir")
def _dir(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if not args:
        _expose_own(interpreter)
        return ListV([name for name in interpreter.frame.vars if not name.startswith("<")], True)
    if isinstance(args[0], ExternalV):
        return ListV(list(public_names(args[0].name)), True)
    return ListV([], True)


@_builtin("locals")
def _locals(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    _expose_own(interpreter)
    return DictV({name: value for name, value in interpreter.frame.vars.items() if not name.startswith("<")})


def _expose_own(interpreter: Interpreter) -> None:
    """The names of the scope are asked for, which may be the module's own."""
    frame = interpreter.frame
    if frame.vars is frame.module.names:
        interpreter.project.exposed.add(frame.module.file)


@_builtin("super")
def _super(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) == 2 and isinstance(args[0], ClassV):
        return SuperV(args[0], args[1])
    return UnknownV("super() outside a method")


def _descriptor(kind: str) -> Function:
    def wrap(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        if not args:
            return UnknownV(kind)
        return DescriptorV(kind, args[0], args[1] if kind == "property" and len(args) > 1 else ABSENT)

    return wrap


for _kind in ("staticmethod", "classmethod", "property"):
    BUILTINS[_kind] = BuiltinV(_kind, _descriptor(_kind))
for _kind in ("object", "Exception", "ValueError", "TypeError", "RuntimeError", "NotImplementedError", "KeyError",
              "ImportError", "AttributeError", "ModuleNotFoundError", "AssertionError", "IndexError", "StopIteration",
              "DeprecationWarning", "UserWarning", "FutureWarning", "Warning"):
    BUILTINS[_kind] = ExternalV(f"builtins.{_kind}")
BUILTINS["NotImplemented"] = UnknownV("NotImplemented")
BUILTINS["__debug__"] = True
