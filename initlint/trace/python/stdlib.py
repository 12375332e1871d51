"""The parts of Python's library that model code builds with."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.events.clones import note_clone
from initlint.trace.machine.code import wrappings
from initlint.trace.machine.limits import search_fits
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
    Raised,
    TensorV,
    UnknownV,
    Value,
)
from initlint.trace.program.external import is_module_class
from initlint.trace.python.classes import find_in_class, set_bases
from initlint.trace.python.containers import get_item
from initlint.trace.python.enums import AUTO
from initlint.trace.python.iteration import elements
from initlint.trace.python.versions import VERSION_FUNCTIONS

if TYPE_CHECKING:
    import re

    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

Function = Callable[["Interpreter", "Args", "Kwargs"], Value]
STDLIB: Final[dict[str, Value]] = {}
MOST_COPIES: Final = 16
"""Copies that are made of one iterator."""


def _library(*names: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        for name in names:
            STDLIB[name] = BuiltinV(name, function)
        return function

    return register


def _elements(interpreter: Interpreter, value: Value) -> tuple[list[Value], bool]:
    found = elements(interpreter, value, interpreter.frame)
    return found.values, not found.complete


@_library("functools.partial", "functools.partialmethod")
def _partial(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return PartialV(args[0], tuple(args[1:]), dict(kwargs), interpreter.frame.place())


@_library("importlib.import_module")
def _import_module(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args else kwargs.get("name")
    package = args[1] if len(args) > 1 else kwargs.get("package")
    if isinstance(name, str) and name.startswith(".") and isinstance(package, str):
        above = package.split(".")
        level = len(name) - len(name.lstrip("."))
        name = ".".join([*above[: len(above) - level + 1], name[level:]]).strip(".")
    if not isinstance(name, str) or not name or name.startswith("."):
        return UnknownV("a module whose name is not known")
    return interpreter.project.module_called(name, interpreter.frame)


@_library("functools.wraps", "functools.update_wrapper")
def _wraps(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) > 1:
        return _mark_wrapper(args[0], args[1])
    inner = args[0] if args else kwargs.get("wrapped")
    return BuiltinV("identity", lambda machine, given, named: _mark_wrapper(given[0], inner) if given else None)


def _mark_wrapper(wrapper: Value, wrapped: Value) -> Value:
    """A wrapper passes for the function it wraps."""
    if isinstance(wrapper, FunctionV) and isinstance(wrapped, FunctionV) and wrapper is not wrapped:
        wrapper.attrs["__wrapped__"] = wrapped
        wrapper.attrs["__name__"] = wrapped.attrs.get("__name__", wrapped.name)
    return wrapper


@_library("functools.lru_cache", "functools.cache", "functools.total_ordering", "contextlib.contextmanager",
          "abc.abstractmethod", "typing.overload", "typing.final", "typing.no_type_check",
          "dataclasses.KW_ONLY", "typing.runtime_checkable", "typing_extensions.override", "typing.override")
def _identity(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], FunctionV | ClassV | BoundV | DescriptorV):
        return args[0]
    return BuiltinV("identity", lambda machine, given, named: given[0] if given else None)


@_library("functools.cached_property")
def _cached(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return DescriptorV("property", args[0])


@_library("functools.singledispatch")
def _singledispatch(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.dispatch import dispatcher

    return dispatcher(interpreter, args[0])


@_library("functools.singledispatchmethod")
def _singledispatchmethod(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("a method chosen by the class of its argument")


@_library("torch.library.custom_op")
def _custom_op(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """An operator of the program's own: what is registered as `space::name` is called as `torch.ops.space.name`."""
    name = args[0] if args else kwargs.get("name")
    function = args[1] if len(args) > 1 else kwargs.get("fn")

    def register(machine: Interpreter, given: Args, options: Kwargs) -> Value:
        if isinstance(name, str):
            machine.heap.put(machine.patched, f"torch.ops.{name.replace('::', '.')}", given[0])
        return given[0]

    return register(interpreter, [function], {}) if function is not None else BuiltinV("custom_op", register)


@_library("functools.reduce")
def _reduce(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[1])
    values = [*args[2:3], *values]
    if is_open or not values:
        return UnknownV("reduce of unknown length")
    frame = interpreter.frame
    total = values[0]
    for value in values[1:]:
        total = interpreter.call(args[0], [total, value], {}, frame)
    return total


@_library("collections.OrderedDict")
def _ordered(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    from initlint.trace.python.builtins import BUILTINS

    return interpreter.call(BUILTINS["dict"], args, kwargs, interpreter.frame)


@_library("collections.defaultdict")
def _defaultdict(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    made = DictV({}, False, args[0] if args else ABSENT)
    if len(args) > 1 and isinstance(args[1], DictV):
        made.entries.update(args[1].entries)
    return made


@_library("collections.deque")
def _deque(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[0]) if args else ([], False)
    return ListV(values, is_open)


@_library("collections.namedtuple")
def _namedtuple(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args and isinstance(args[0], str) else "namedtuple"
    fields = args[1] if len(args) > 1 else kwargs.get("field_names")
    made = ClassV(name, name, interpreter.frame.module, (ExternalV("typing.NamedTuple"),), None)
    if isinstance(fields, str):
        made.traits["fields"] = fields.replace(",", " ").split()
    else:
        values, _ = _elements(interpreter, fields)
        made.traits["fields"] = [value for value in values if isinstance(value, str)]
    set_bases(interpreter, made)
    return made


@_library("types.SimpleNamespace", "argparse.Namespace")
def _namespace(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    made = InstanceV(plain_class(interpreter, "SimpleNamespace", "**" in kwargs))
    made.attrs.update({name: value for name, value in kwargs.items() if not name.startswith("**")})
    return made


def code_object(interpreter: Interpreter, function: FunctionV) -> InstanceV:
    """`function.__code__`: what it says of the parameters. Whatever else it has is unknown."""
    code = function.code
    names = (*code.params, *code.kwonly, *filter(None, (code.vararg, code.kwarg)))
    made = InstanceV(plain_class(interpreter, "code", True))
    made.attrs.update({
        "co_argcount": len(code.params), "co_kwonlyargcount": len(code.kwonly), "co_name": function.name,
        "co_varnames": (*names, *sorted(code.locals.difference(names))),
    })
    return made


@_library("inspect.isclass")
def _is_class(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    given = args[0] if args else kwargs.get("object")
    if isinstance(given, UnknownV | AltV | ExternalV) and not is_module_class(given):
        return UnknownV("class or not")
    return isinstance(given, ClassV | ExternalV)


@_library("inspect.signature")
def _signature(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """The parameters of a function of the program by name, with their defaults; what a receiver fills is left out."""
    found, filled = args[0] if args else kwargs.get("callable"), 0
    if isinstance(found, ClassV):
        found, filled = find_in_class(found, "__init__")[1], 1
    chain = list(wrappings(found, BoundV))
    filled, found = filled + sum(isinstance(each, BoundV) for each in chain), chain[-1]
    if not isinstance(found, FunctionV):
        return UnknownV("signature of something unknown")
    code = found.code
    defaults = dict(zip(code.params[len(code.params) - len(found.defaults) :], found.defaults, strict=True))
    names = (*code.params[filled:], code.vararg, *code.kwonly, code.kwarg)
    parameters: dict[Any, Value] = {}
    for name in filter(None, names):
        made = parameters[name] = InstanceV(plain_class(interpreter, "Parameter", True))
        made.attrs["name"] = name
        if name in defaults or name in found.kwdefaults:
            made.attrs["default"] = defaults.get(name, found.kwdefaults.get(name))
    signature = InstanceV(plain_class(interpreter, "Signature", True))
    signature.attrs["parameters"] = DictV(parameters)
    return signature


@_library("argparse.ArgumentParser")
def _argument_parser(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """A parser whose namespace holds the numbers that a program without arguments runs with. Switches, names and paths
    say what to do, which is for the user to say: they stay unknown."""
    parser = InstanceV(plain_class(interpreter, "ArgumentParser", True))
    namespace = InstanceV(plain_class(interpreter, "Namespace", True))

    def add(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        name = named.get("dest") or next((each for each in given if str(each).startswith("--")), given[0])
        default = named.get("default")
        if isinstance(name, str) and type(default) in (int, float):
            machine.heap.put(namespace.attrs, name.lstrip("-").replace("-", "_"), default)
        return UnknownV("an argument of the program", reads=True)

    parser.attrs["add_argument"] = BuiltinV("add_argument", add)
    parser.attrs["add_argument_group"] = BuiltinV("add_argument_group", lambda *_: parser)
    parser.attrs["add_mutually_exclusive_group"] = BuiltinV("add_mutually_exclusive_group", lambda *_: parser)
    parser.attrs["parse_args"] = BuiltinV("parse_args", lambda *_: namespace)
    parser.attrs["parse_known_args"] = BuiltinV("parse_known_args", lambda *_: (namespace, UnknownV("other arguments")))
    return parser


def plain_class(interpreter: Interpreter, name: str, is_open: bool) -> ClassV:
    """A class of objects of the library's own; `is_open` where they have more than is told of them."""
    made = ClassV(name, name, interpreter.frame.module, (), None)
    made.mro = (made,)
    made.is_open = is_open
    made.traits.update(kind="plain", is_module=False)
    return made


@_library("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass")
def _dataclass(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], ClassV):
        args[0].traits["dataclass"] = True
        return args[0]

    def decorate(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        if given and isinstance(given[0], ClassV):
            given[0].traits["dataclass"] = True
        return given[0] if given else None

    return BuiltinV("dataclass", decorate)


@_library("dataclasses.field", "attr.ib", "attrs.field")
def _field(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return DictV({"<field>": True, **kwargs})


@_library("dataclasses.asdict", "dataclasses.astuple")
def _asdict(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return DictV(dict(args[0].attrs)) if args and isinstance(args[0], InstanceV) else DictV({}, True)


@_library("dataclasses.replace", "copy.replace")
def _replace(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    def one(option: Value) -> Value:
        if not isinstance(option, InstanceV):
            return UnknownV("replace of something unknown")
        made = InstanceV(option.cls)
        made.attrs.update(option.attrs)
        made.attrs.update(kwargs)
        return made

    return interpreter.each(args[0], one) if args else UnknownV("replace of nothing")


@_library("itertools.chain")
def _chain(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_elements(interpreter, arg) for arg in args]
    return ListV([value for values, _ in found for value in values], any(is_open for _, is_open in found))


@_library("itertools.chain.from_iterable")
def _from_iterable(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    outer, is_open = _elements(interpreter, args[0])
    inner = _chain(interpreter, outer, {})
    return ListV(inner.items, is_open or inner.is_open)


@_library("itertools.repeat")
def _repeat(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if len(args) > 1 and isinstance(args[1], int):
        return ListV([args[0]] * min(args[1], 256))
    return ListV([args[0]] * 2, True)


@_library("itertools.count")
def _count(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return ListV(list(range(64)), True)


@_library("itertools.product")
def _product(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_elements(interpreter, arg) for arg in args]
    repeat = kwargs.get("repeat", 1)
    if isinstance(repeat, int) and repeat > 1:
        found = found * min(repeat, 4)
    rows = list(itertools.islice(itertools.product(*(values for values, _ in found)), 256))
    return ListV(rows, any(is_open for _, is_open in found))


@_library("itertools.accumulate")
def _accumulate(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[0])
    if is_open or len(args) > 1 or not all(isinstance(value, int | float) for value in values):
        return ListV([UnknownV("running total")] * len(values), is_open)
    return ListV(list(itertools.accumulate(values)))


@_library("itertools.islice")
def _islice(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[0])
    if all(isinstance(arg, int) or arg is None for arg in args[1:]):
        return ListV(values[slice(*args[1:])], is_open)
    return ListV(values, True)


@_library("itertools.pairwise")
def _pairwise(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[0])
    return ListV([(left, right) for left, right in itertools.pairwise(values)], is_open)


@_library("itertools.zip_longest")
def _zip_longest(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    found = [_elements(interpreter, arg) for arg in args]
    if any(is_open for _, is_open in found):
        return UnknownV("columns of unknown length")
    return ListV(list(itertools.zip_longest(*(values for values, _ in found), fillvalue=kwargs.get("fillvalue"))))


@_library("itertools.starmap")
def _starmap(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    frame = interpreter.frame
    rows, is_open = _elements(interpreter, args[1])
    results: list[Value] = []
    for row in rows:
        given, more = _elements(interpreter, row)
        results.append(UnknownV("arguments not known") if more else interpreter.call(args[0], given, {}, frame))
    return ListV(results, is_open)


@_library("itertools.tee")
def _tee(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    values, is_open = _elements(interpreter, args[0])
    count = args[1] if len(args) > 1 else kwargs.get("n", 2)
    if not isinstance(count, int) or not 0 <= count <= MOST_COPIES:
        return UnknownV("copies of an iterator")
    return tuple([ListV(list(values), is_open, "iterator") for _ in range(count)])


@_library("operator.attrgetter")
def _attrgetter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0]

    def get(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        value = given[0]
        for part in name.split(".") if isinstance(name, str) else []:
            value = machine.attribute(value, part, machine.frame)
        return value

    return BuiltinV("attrgetter", get)


@_library("operator.itemgetter")
def _itemgetter(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    def get(machine: Interpreter, given: Args, named: Kwargs) -> Value:
        return get_item(machine, given[0], args[0])

    return BuiltinV("itemgetter", get)


@_library("copy.deepcopy", "copy.copy")
def _copy(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    seen: dict[int, Value] = {}
    made = clone(interpreter, args[0], seen)
    if isinstance(made, InstanceV) and isinstance(args[0], InstanceV):
        note_clone(interpreter.recorder, args[0], made, interpreter.frame)
        built = interpreter.recorder.built
        built.extend([seen[id(module)] for module in list(built) if id(module) in seen])
    return made


def clone(interpreter: Interpreter, value: Value, seen: dict[int, Value]) -> Value:
    """A deep copy of a value: modules and parameters anew, with the same past."""
    if id(value) in seen:
        return seen[id(value)]
    kind = type(value)
    if kind is InstanceV:
        interpreter.tick(1 + len(value.attrs) // 8)
        made = InstanceV(value.cls)
        seen[id(value)] = made
        made.born = value.born
        made.settings = dict(value.settings)
        made.state.update(value.state)
        made.state["copy"] = value
        for name, attribute in value.attrs.items():
            made.attrs[name] = clone(interpreter, attribute, seen)
        if "defaults" in made.state:
            spec, own = made.state["defaults"]
            made.state["defaults"] = (spec, [(name, clone(interpreter, each, seen)) for name, each in own])
        return made
    if kind is ParamV:
        copied = ParamV(value.shape)
        seen[id(value)] = copied
        copied.facts = value.facts
        copied.state.update(value.state)
        return copied
    if kind is TensorV and value.source is not None:
        taken = seen[id(value)] = TensorV(None, value.shape, None, value.source, "copy")
        return taken
    if kind is ListV:
        listed = seen[id(value)] = ListV([], value.is_open, value.kind)
        listed.box["items"] = [clone(interpreter, item, seen) for item in value.items]
        return listed
    if kind is DictV:
        mapping = seen[id(value)] = DictV({}, value.is_open, value.default)
        mapping.entries.update({key: clone(interpreter, entry, seen) for key, entry in value.entries.items()})
        return mapping
    if kind is tuple:
        seen[id(value)] = tuple([clone(interpreter, item, seen) for item in value])
        return seen[id(value)]
    if kind is AltV:
        seen[id(value)] = AltV(tuple([clone(interpreter, option, seen) for option in value.options]))
        return seen[id(value)]
    return value


def _regular(name: str) -> None:
    """A function of `re` on plain text."""

    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        import re

        if not all(isinstance(arg, str | int) for arg in args) or kwargs or not search_fits(args):
            return UnknownV("search in something unknown")
        try:
            result = getattr(re, name)(*args)
        except (re.error, TypeError, ValueError, OverflowError, RecursionError):
            raise Raised("error") from None
        if isinstance(result, re.Match):
            return _match(result)
        if isinstance(result, list):
            return ListV([item if isinstance(item, str | tuple) else None for item in result])
        return result

    STDLIB[f"re.{name}"] = BuiltinV(f"re.{name}", run)


def _match(found: re.Match[str]) -> Value:
    """A match object, by what is asked of it."""
    made = InstanceV(_MATCH)
    for name in ("group", "groups", "start", "end", "span", "groupdict"):
        method = getattr(found, name)
        made.attrs[name] = BuiltinV(
            name, lambda machine, args, kwargs, method=method: _answer(method, args)
        )
    return made


def _answer(method: Callable[..., object], args: Args) -> Value:
    try:
        result = method(*args)
    except (IndexError, TypeError):
        raise Raised("IndexError") from None
    return DictV(result) if isinstance(result, dict) else result


_MATCH: Final = ExternalV("re.Match")
for _name in ("split", "sub", "findall", "match", "search", "fullmatch"):
    _regular(_name)


@_library("typing.cast")
def _cast(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return args[1] if len(args) > 1 else kwargs.get("val")


@_library("typing.NewType", "typing.TypeVar", "typing.ParamSpec")
def _typing(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("type expression")


@_library("os.environ.get", "os.getenv")
def _variable(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """What its author wrote for when nobody sets it, as with an argument; unknown where that is nothing."""
    written = args[1] if len(args) > 1 else kwargs.get("default")
    return UnknownV("surroundings of the program") if written is None else written


@_library("warnings.warn", "logging.info", "logging.warning", "logging.getLogger", "warnings.filterwarnings")
def _silent(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return UnknownV("surroundings of the program")


@_library("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.onnx.is_in_onnx_export",
          "torch.compiler.is_compiling", "torch.compiler.is_dynamo_compiling", "torch._dynamo.is_compiling",
          "torch.fx._symbolic_trace.is_fx_tracing", "torch.overrides.has_torch_function",
          "torch.overrides.has_torch_function_unary", "torch.overrides.has_torch_function_variadic")
def _plainly_run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return False


@_library("torch.is_tensor")
def _is_tensor(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], TensorV):
        return True
    return UnknownV("is_tensor") if not args or isinstance(args[0], UnknownV | AltV) else False


STDLIB["typing.TYPE_CHECKING"] = False
STDLIB["enum.auto"] = BuiltinV("enum.auto", lambda interpreter, args, kwargs: AUTO)
STDLIB.update(VERSION_FUNCTIONS)
