"""torch's module classes: construction, forward, and what they have."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from initlint.model.graph import Role
from initlint.model.source import UNKNOWN
from initlint.model.weights import InitEvent
from initlint.signal.defaults import default
from initlint.signal.distribution import Distribution, fans
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.kept import forgotten
from initlint.trace.machine.values import (
    ABSENT,
    TOO_MANY,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    Exhausted,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    ModuleScope,
    ParamV,
    SymbolV,
    TensorV,
    TorchClassV,
    UnknownV,
    Value,
    options_of,
)
from initlint.trace.program.external import MODULE_BASES, external
from initlint.trace.python.classes import find_in_class, forget_outside, patched_method
from initlint.trace.python.containers import key_value
from initlint.trace.python.iteration import elements
from initlint.trace.torch.calls import call_at
from initlint.trace.torch.init import write
from initlint.trace.torch.spreads import fan_ratio, known_shape
from initlint.trace.torch.tensors import plain
from initlint.trace.torch.tree import (
    MAPPINGS,
    SEQUENCES,
    VOCABULARY_FILE,
    container_kind,
    is_module,
    members,
    torch_class,
)
from initlint.trace.torch.wrapped import KEEPS_WRITES
from initlint.trace.vocabulary.formula import BuiltParameter, built_parameters, evaluate
from initlint.trace.vocabulary.initializers import FILLS
from initlint.trace.vocabulary.modules import MODULES
from initlint.trace.vocabulary.signatures import REQUIRED, Kind, Reference, parameters_of
from initlint.trace.vocabulary.spec import Extra, ModuleSpec

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs



# -- construction -----------------------------------------------------------------------------


MAX_BUILT: Final = 2_500
"""Modules that one root, or one module's own body, may build. The largest of timm build 1,500."""


def construct(interpreter: Interpreter, cls: TorchClassV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`nn.Linear(...)`."""
    if not isinstance(cls.spec, ModuleSpec):
        return interpreter.recorder.unknown_call(f"{cls.name} is not followed", args, kwargs, frame)
    if cls.spec.role is Extra.WRAPPER and args and cls.spec.name == "DataParallel":
        instance = InstanceV(cls)
        instance.attrs["module"] = args[0]
        return instance
    instance = InstanceV(cls)
    instance.born = frame.place()
    if len(interpreter.recorder.built) >= MAX_BUILT:
        raise Exhausted(TOO_MANY)
    interpreter.recorder.built.append(instance)
    _, init = find_in_class(cls, "__init__")
    interpreter.call(init, [instance, *args], kwargs, frame)
    return instance


def bound_settings(spec: ModuleSpec, args: Args, kwargs: Kwargs) -> dict[str, Value]:
    """Constructor arguments by name, defaults filled in, leniently."""
    bound: dict[str, Value] = {}
    positional = list(args)
    is_open = "**" in kwargs
    for parameter in parameters_of(spec.signature):
        if parameter.kind is Kind.ARGUMENTS:
            bound[parameter.name] = tuple(positional)
            positional = []
        elif parameter.kind is Kind.POSITIONAL and positional:
            bound[parameter.name] = positional.pop(0)
        elif parameter.name in kwargs:
            bound[parameter.name] = kwargs[parameter.name]
        elif parameter.kind is Kind.KEYWORDS:
            continue
        elif is_open or parameter.default is REQUIRED:
            bound[parameter.name] = UnknownV("argument not known")
        elif isinstance(parameter.default, Reference):
            name = parameter.default.name
            bound[parameter.name] = external(name.replace("F.", "torch.nn.functional.", 1))
        else:
            bound[parameter.name] = parameter.default
    return bound


def as_stored(instance: InstanceV, name: str, value: Value) -> Value:
    """A constructor's argument as torch keeps it: `kernel_size=3` of a Conv2d is read back as (3, 3)."""
    cls = torch_class(instance.cls)
    spec = cls.spec if cls is not None else None
    if not isinstance(spec, ModuleSpec) or name not in spec.per_axis:
        return value
    if type(value) is AltV:
        return AltV(tuple(as_stored(instance, name, option) for option in value.options))
    number = isinstance(value, int) or (isinstance(value, SymbolV) and not value.is_argument)
    return (value,) * spec.axes if number else value


def initialise(interpreter: Interpreter, instance: InstanceV, cls: TorchClassV, args: Args, kwargs: Kwargs) -> None:
    """`nn.<Class>.__init__(self, ...)`."""
    spec: ModuleSpec = cls.spec
    frame = interpreter.frame
    if spec.role is Extra.CONTAINER:
        fill_container(interpreter, instance, spec.name, args, kwargs, frame)
        return
    if spec.role is Extra.BASE or spec.role is Extra.WRAPPER:
        return
    settings = _sized(spec, bound_settings(spec, args, kwargs))
    instance.settings.update(settings)
    _make_parameters(interpreter, instance, spec, settings, frame)
    for name in spec.buffers:
        instance.attrs[name] = TensorV(None, (settings.get("num_features"),))
    for sub in spec.submodules:
        names = {key: _formula_value(value) for key, value in settings.items()}
        inner = {key: _symbolic(formula, settings, evaluate(formula, names)) for key, formula in sub.arguments}
        child = InstanceV(external(f"torch.nn.{sub.kind}"))
        child.born = None
        initialise(interpreter, child, external(f"torch.nn.{sub.kind}"), [], inner)
        interpreter.heap.put(instance.attrs, sub.name, child)
        for name, _ in sub.fills:
            parameter = child.attrs.get(name)
            if isinstance(parameter, ParamV):
                event = InitEvent("default", None, {}, default(spec.name, f"{sub.name}.{name}", shape=(None,)))
                parameter.state["histories"] = ((event,),)


def _sized(spec: ModuleSpec, settings: dict[str, Value]) -> dict[str, Value]:
    """Settings in which a size that is not known is a number of its own: what hangs on it may be known all the same."""
    if UnknownV not in map(type, settings.values()):
        return settings
    sizes = {_size_in(entry) for row in spec.parameters for entry in row.shape}
    return {
        name: SymbolV(object(), Fraction(1), value.reason) if type(value) is UnknownV and name in sizes else value
        for name, value in settings.items()
    }


def _size_in(entry: str) -> str:
    """The argument that a size is a multiple of, or a part of: `4 * hidden_size`, `in_channels // groups`."""
    return entry.rpartition(" * ")[2].partition(" ")[0]


def _formula_value(value: Value) -> object:
    return plain(value)


def _symbolic(formula: str, settings: dict[str, Value], value: object) -> Value:
    """A formula that is just a name keeps a symbolic size."""
    if formula in settings:
        return settings[formula]
    return UnknownV("argument not known") if value is UNKNOWN else value


def _make_parameters(
    interpreter: Interpreter, instance: InstanceV, spec: ModuleSpec, settings: dict[str, Value], frame: Frame
) -> None:
    made: list[tuple[str, ParamV]] = []
    for row in _rows(spec, settings):
        if row.present is False:
            interpreter.heap.put(instance.attrs, row.name, None)
            continue
        shape = _with_symbols(spec, row.name, row.shape, settings)
        parameter = ParamV(None if spec.lazy else shape)
        parameter.facts = {"lazy": True} if spec.lazy else None
        if row.present is None:
            interpreter.heap.put(instance.attrs, row.name, AltV((parameter, None)))
        else:
            interpreter.heap.put(instance.attrs, row.name, parameter)
        made.append((row.name, parameter))
    instance.state["defaults"] = (spec, made)
    own_reset = _own_method(interpreter, instance, "reset_parameters")
    if own_reset is not None and made:
        for _, parameter in made:
            parameter.state["histories"] = ((InitEvent("empty", None, {}, Distribution("empty")),),)
        interpreter.call(own_reset, [instance], {}, frame)
    else:
        reset(interpreter, instance)


_built: dict[tuple[object, ...], tuple[BuiltParameter, ...]] = {}


def _rows(spec: ModuleSpec, settings: dict[str, Value]) -> tuple[BuiltParameter, ...]:
    """What the constructor makes; the same for the same plain arguments."""
    if not spec.parameters:
        return ()
    known = {name: _formula_value(value) for name, value in settings.items()}
    try:
        key = (spec.name, *known.items())
        found = _built.get(key)
    except TypeError:
        return built_parameters(spec, known)
    if found is None:
        found = _built[key] = built_parameters(spec, known)
    return found


def _own_method(interpreter: Interpreter, instance: InstanceV, name: str) -> FunctionV | None:
    """A method that the program defines: in a class of its own, or set on torch's."""
    set_on = patched_method(interpreter, instance.cls, name)
    if isinstance(set_on, FunctionV):
        return set_on
    owner, found = find_in_class(instance.cls, name)
    return found if isinstance(owner, ClassV) and isinstance(found, FunctionV) else None


def _with_symbols(
    spec: ModuleSpec, name: str, shape: tuple[int | None, ...] | None, settings: dict[str, Value]
) -> tuple[Value, ...] | None:
    """Put symbolic sizes where the shape of a weight is a plain argument."""
    if shape is None or None not in shape:
        return shape
    row = next((row for row in spec.parameters if row.name.partition("{")[0] == name[: len(row.name.partition("{")[0])]
                and (row.repeat or row.name == name)), None)
    if row is None or len(shape) < len(row.shape) - 1:
        return shape
    found: list[Value] = list(shape)
    for index, entry in enumerate(row.shape):
        if index >= len(found) or found[index] is not None or entry.startswith("*"):
            continue
        times, _, factor_of = entry.rpartition(" * ")
        if isinstance(settings.get(factor_of), SymbolV) and (not times or times.isdigit()):
            found[index] = settings[factor_of].scaled(Fraction(int(times or 1))) if times else settings[factor_of]
        elif entry.endswith("// groups") and isinstance(settings.get(entry.split()[0]), SymbolV):
            groups = settings.get("groups")
            symbol = settings[entry.split()[0]]
            if isinstance(groups, int) and groups:
                found[index] = symbol.scaled(Fraction(1, groups))
            elif isinstance(groups, SymbolV) and groups.base is symbol.base:
                ratio = symbol.factor / groups.factor
                found[index] = ratio.numerator if ratio.denominator == 1 else None
    return tuple(found)


def clear_padding(interpreter: Interpreter, instance: InstanceV) -> None:
    """`_fill_padding_idx_with_zero()`: torch's own way to zero the padding row of an embedding again."""
    for weight in options_of(instance.attrs.get("weight")):
        if isinstance(weight, ParamV) and instance.settings.get("padding_idx") is not None:
            row = TensorV(None, None, None, weight, "partial")
            row.detached = True     # torch does it under no_grad
            interpreter.recorder.fill(row, "zero_", FILLS["zero_"], [], {}, interpreter.frame)


def reset(interpreter: Interpreter, instance: InstanceV) -> None:
    """`reset_parameters()`: the default of torch's own class."""
    found = instance.state.get("defaults")
    if found is None:
        return
    spec, made = found
    weight = next((parameter for name, parameter in made if name == "weight"), None)
    recorder = interpreter.recorder
    for name, parameter in made:
        shape = known_shape(parameter.shape)
        ratio = fan_ratio(parameter.shape)
        fan_in: int | None = None
        if name == "bias" and weight is not None and weight.shape is not None and len(weight.shape) >= 2:
            fan_in = fans(known_shape(weight.shape) or ())[0]
        history = _default_history(
            spec.name, name, fan_in, shape, ratio, _number(instance, "hidden_size"),
            _number(instance, "in1_features"), _number(instance, "init"),
        )
        if parameter.state["histories"] == ((),):
            parameter.state["histories"] = (history,)
        else:
            write(recorder, parameter, history[0])


@lru_cache(maxsize=8192)
def _default_history(
    kind: str, name: str, fan_in: int | None, shape: tuple[int | None, ...] | None, ratio: float | None,
    hidden_size: float | None, in1_features: float | None, init: float | None,
) -> tuple[InitEvent, ...]:
    """The history of a parameter that only its own module has written."""
    distribution = _default(kind, name, fan_in, shape, ratio, hidden_size, in1_features, init)
    return (InitEvent("default", None, {}, distribution),)


def _number(instance: InstanceV, name: str) -> float | None:
    value = instance.settings.get(name)
    return value if isinstance(value, int | float) else None


@lru_cache(maxsize=8192)
def _default(
    kind: str, name: str, fan_in: int | None, shape: tuple[int | None, ...] | None, ratio: float | None,
    hidden_size: float | None, in1_features: float | None, init: float | None,
) -> Distribution | None:
    given = {"hidden_size": hidden_size, "in1_features": in1_features, "init": init}
    settings = {key: value for key, value in given.items() if value is not None}
    base_kind = kind.removeprefix("Lazy").replace("NonDynamicallyQuantizableLinear", "Linear")
    if fan_in is None and shape is not None and len(shape) >= 2:
        fan_in = fans(shape)[0]
    try:
        return default(base_kind, name, fan_in, shape=shape, fan_ratio=ratio, settings=settings)
    except (ValueError, ArithmeticError):
        return None


# -- containers -------------------------------------------------------------------------------


def fill_container(
    interpreter: Interpreter, instance: InstanceV, kind: str, args: Args, kwargs: Kwargs, frame: Frame
) -> None:
    """`nn.Sequential(*modules)`, `nn.ModuleList(iterable)`, `nn.ModuleDict(mapping)`."""
    from initlint.trace.torch.methods import update_items

    first = args[0] if args else next(iter(kwargs.values()), None)
    if kind == "Sequential":
        if len(args) == 1 and isinstance(first, DictV):
            for key, value in first.entries.items():
                add_item(interpreter, instance, str(key_value(key)), value)
            return
        for value in args:
            append_item(interpreter, instance, value)
        return
    if first is None:
        return
    if kind in MAPPINGS:
        for option in options_of(first):
            if isinstance(option, DictV):
                for key, value in option.entries.items():
                    add_item(interpreter, instance, str(key), value)
            elif isinstance(option, ListV):
                for pair in option.items:
                    if isinstance(pair, tuple) and len(pair) == 2:
                        add_item(interpreter, instance, str(pair[0]), pair[1])
            elif isinstance(option, InstanceV):
                update_items(interpreter, instance, [option], {})
        return
    found = elements(interpreter, first, frame)
    for value in found.values:
        append_item(interpreter, instance, value)
    if not found.complete:
        interpreter.heap.put(instance.state, "open", True)


def add_item(interpreter: Interpreter, instance: InstanceV, name: str, value: Value) -> None:
    heap = interpreter.heap
    items = instance.state.get("items", ())
    if name not in items:
        heap.put(instance.state, "items", (*items, name))
    heap.put(instance.attrs, name, value)


class Nameless(str):
    """Stands for the name of a part that is not known."""

    __slots__ = ()


def nameless(instance: InstanceV) -> Nameless:
    """A name for one more part of a module, of which the name is not known."""
    return next(Nameless(number) for number in count() if str(number) not in instance.attrs)


def shown_key(name: str) -> Value:
    """What a program reads that asks for the name of a part."""
    return UnknownV("name of a part") if type(name) is Nameless else name


def registered(interpreter: Interpreter, instance: InstanceV, name: str, value: Value) -> None:
    """`instance.name = value`: the modules among the attributes of a container are its elements too."""
    items = instance.state.get("items", ())
    if name not in items and any(map(is_module, options_of(value))) and container_kind(instance) is not None:
        interpreter.heap.put(instance.state, "items", (*items, name))


def append_item(interpreter: Interpreter, instance: InstanceV, value: Value) -> None:
    if isinstance(value, TensorV) and not isinstance(value, ParamV):
        value = interpreter.recorder.parameter([value], {}, interpreter.frame)
    add_item(interpreter, instance, str(len(instance.state.get("items", ()))), value)


def rebuild(interpreter: Interpreter, instance: InstanceV, items: list[Value], frame: Frame) -> Value:
    """A slice of a container is a container of its class."""
    is_torch = isinstance(instance.cls, TorchClassV)
    made = InstanceV(instance.cls if is_torch else torch_class(instance.cls) or instance.cls)
    made.born = instance.born
    keys = list(instance.state.get("items", ()))
    for value in items:
        key = next((k for k in keys if instance.attrs.get(k) is value), None)
        if key is not None and container_kind(instance) == "Sequential":
            add_item(interpreter, made, key, value)
        else:
            append_item(interpreter, made, value)
    return made


# -- forward ----------------------------------------------------------------------------------


def forward(interpreter: Interpreter, instance: InstanceV, cls: TorchClassV, args: Args, kwargs: Kwargs) -> Value:
    """What torch's own `forward` does to the signal."""
    spec: ModuleSpec = cls.spec
    frame = interpreter.frame
    recorder = interpreter.recorder
    role = spec.role
    if role is Extra.CONTAINER:
        return run_sequence(interpreter, instance, args, kwargs, frame)
    if role is Extra.WRAPPER:
        inner = instance.attrs.get("module", ABSENT)
        return interpreter.call(inner, args, kwargs, frame) if inner is not ABSENT else UnknownV("wrapped module")
    if not isinstance(role, Role):
        return recorder.unknown_call(f"{spec.name} is not followed", args, kwargs, frame)
    values = list(args) or list(kwargs.values())[:1]
    if role is Role.ATTENTION:
        return _attention(interpreter, instance, spec, args, kwargs, frame)
    if spec.lazy and not recorder.running_forward:
        _materialise(instance)
    count = 2 if role in (Role.LOSS, Role.MATMUL) or spec.name == "Bilinear" else 1
    if spec.name == "Identity":
        return values[0] if values else None
    inputs = [recorder.source(value, frame) for value in values[:count]]
    settings = {key: _formula_value(instance.settings.get(key, UNKNOWN)) for key in spec.settings}
    settings.update(spec.fixed)
    if role is Role.ACTIVATION:
        name = spec.activation or spec.function
        return recorder.emit(role, name, inputs, frame, owner=instance, settings=settings)
    weight = instance.attrs.get("weight") if role in (Role.LAYER, Role.EMBEDDING) else None
    if role is Role.RECURRENT:
        weight = instance.attrs.get("weight_ih_l0", instance.attrs.get("weight_ih"))
    if type(weight) is AltV:
        weight = next((option for option in weight.options if isinstance(option, ParamV)), None)
    made = recorder.emit(
        role,
        spec.function or spec.name.lower(),
        inputs,
        frame,
        owner=instance,
        settings=settings,
        weight=weight if isinstance(weight, ParamV) else None,
    )
    return (made, made) if spec.result == "pair" else made


def _materialise(instance: InstanceV) -> None:
    """The first call of a lazy module gives its parameters their shapes."""
    for _, value in members(instance):
        if isinstance(value, ParamV):
            value.facts = None


def _attention(
    interpreter: Interpreter, instance: InstanceV, spec: ModuleSpec, args: Args, kwargs: Kwargs, frame: Frame
) -> Value:
    recorder = interpreter.recorder
    named = {**dict(zip(("query", "key", "value"), args, strict=False)), **kwargs}
    signals = [named[name] for name in ("query", "key", "value") if name in named]
    inputs = [recorder.source(value, frame) for value in signals]
    made = recorder.emit(Role.ATTENTION, spec.function, inputs, frame, owner=instance)
    projection = instance.attrs.get("out_proj")
    if isinstance(projection, InstanceV):
        made = interpreter.call(projection, [made], {}, frame)
    return (made, TensorV(None))


def _itself(value: Value) -> Value:
    return value


def run_sequence(interpreter: Interpreter, instance: InstanceV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`Sequential.forward`: each module on what the one before gave."""
    from initlint.trace.python.items import container_items

    interpreter.tick()
    value = args[0] if args else next(iter(kwargs.values()), None)
    for item in container_items(instance) or []:
        if type(item) is AltV and ABSENT in item.options:
            present = interpreter.heap.join([option for option in item.options if option is not ABSENT])
            value = interpreter.choose(
                [partial(interpreter.call, present, [value], {}, frame), partial(_itself, value)]
            )
        else:
            value = interpreter.call(item, [value], {}, frame)
    return value


# -- what classes have ------------------------------------------------------------------------


TRAINING: Final = UnknownV("training or evaluation")
"""`module.training`, once a module is made: it begins as true."""
_CLASS_ATTRIBUTES: Final[dict[str, Value]] = {"training": TRAINING, "dump_patches": False}


def class_attribute(owner: ExternalV, name: str) -> Value:
    """An attribute of one class outside the project; ABSENT where it has none that matters."""
    if isinstance(owner, TorchClassV) and isinstance(owner.spec, ModuleSpec):
        return _torch_attribute(owner, name)
    if owner.name in MODULE_BASES:
        return _torch_attribute(_base(), name)
    return ABSENT


@cache
def _base() -> TorchClassV:
    return TorchClassV("torch.nn.Module", MODULES["Module"])


_attributes: dict[tuple[str, str], Value] = {}


def _torch_attribute(owner: TorchClassV, name: str) -> Value:
    key = (owner.name, name)
    found = _attributes.get(key)
    if found is None:
        found = _attributes[key] = _make_attribute(owner, name)
    return found


def _make_attribute(owner: TorchClassV, name: str) -> Value:
    from initlint.trace.torch.methods import (
        MAPPING_METHODS,
        METHODS,
        SEQUENCE_METHODS,
        Implementation,
        as_method,
    )

    spec: ModuleSpec = owner.spec
    if spec.source:
        composite = composite_class(spec)
        if composite is not None and name in composite.attrs and name != "__qualname__":
            return composite.attrs[name]
    if name == "__init__":
        return BuiltinV("__init__", lambda machine, args, kwargs: initialise(machine, args[0], owner, args[1:], kwargs))
    if name == "forward" and spec.role is not Extra.BASE:
        if spec.role is Extra.CONTAINER and spec.name != "Sequential":
            return ABSENT
        return BuiltinV("forward", lambda machine, args, kwargs: forward(machine, args[0], owner, args[1:], kwargs))
    if name in ("reset_parameters", "_reset_parameters") and spec.parameters:
        return BuiltinV(name, lambda machine, args, kwargs: reset(machine, args[0]))
    if name == "_fill_padding_idx_with_zero" and spec.role is Role.EMBEDDING:
        return BuiltinV(name, lambda machine, args, kwargs: clear_padding(machine, args[0]))
    tables: list[dict[str, Implementation]] = [METHODS] if spec.role is Extra.BASE else []
    if spec.name in SEQUENCES:
        tables.append(SEQUENCE_METHODS)
    if spec.name in MAPPINGS:
        tables.append(MAPPING_METHODS)
    for table in tables:
        if name in table:
            return as_method(name, table[name])
    if spec.role is Extra.BASE and name in _CLASS_ATTRIBUTES:
        return _CLASS_ATTRIBUTES[name]
    return ABSENT


_defined: dict[tuple[str, str], Value] = {}
_machine: list[Any] = []


def composite_class(spec: ModuleSpec) -> ClassV | None:
    """The class that the vocabulary's source of a composite defines."""
    found = defined(spec.name, spec.source)
    return found if isinstance(found, ClassV) else None


def use_machine(interpreter: Interpreter) -> None:
    """The interpreter whose scopes the vocabulary's own sources are defined in."""
    leave_machine()
    _machine.append(interpreter)


@forgotten
def leave_machine() -> None:
    """Lets go of the interpreter, and of all that was defined in its scopes."""
    _machine.clear()
    _defined.clear()
    _attributes.clear()
    forget_outside()


def defined(name: str, source: str) -> Value:
    """What the vocabulary's own source defines under `name`: a class or a function."""
    key = (name, source)
    if key not in _defined:
        _defined[key] = UnknownV(f"{name} is being defined")
        _defined[key] = _define(_machine[0], name, source)
    return _defined[key]


def _define(interpreter: Interpreter, name: str, source: str) -> Value:
    import ast

    from initlint.trace.python.expressions import Compiler
    from initlint.trace.python.statements import statement

    scope = ModuleScope("<vocabulary>", VOCABULARY_FILE, "")
    for bound, dotted in (("torch", "torch"), ("nn", "torch.nn"), ("F", "torch.nn.functional"), ("copy", "copy"),
                          ("math", "math")):
        scope.names[bound] = external(dotted)
    scope.status = "done"
    frame = Frame(scope, None, None, scope.names)
    heap = interpreter.heap
    saved = heap.marks, heap.newest_mark, heap.journal
    heap.marks, heap.newest_mark, heap.journal = [], 0, []
    try:
        for node in ast.parse(source).body:
            statement(Compiler(interpreter, None), node)(frame)
    finally:
        heap.marks, heap.newest_mark, heap.journal = saved
    found = next((value for key, value in reversed(scope.names.items()) if key == name), None)
    if found is None:
        found = next(value for value in reversed(scope.names.values()) if isinstance(value, ClassV | FunctionV))
    if isinstance(found, ClassV):
        found.traits["vocabulary"] = True
    return found


def reparametrize(interpreter: Interpreter, function: str, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
    """`weight_norm(module)` and its kin: the parameter is computed from others from now on."""
    name = args[1] if len(args) > 1 else kwargs.get("name", kwargs.get("tensor_name", "weight"))
    for option in options_of(args[0] if args else kwargs.get("module")):
        if not isinstance(option, InstanceV):
            continue
        for parameter in options_of(option.attrs.get(name if isinstance(name, str) else "weight")):
            if isinstance(parameter, ParamV):
                interpreter.heap.put(parameter.state, "reparametrized", function)
                if function not in KEEPS_WRITES:
                    interpreter.heap.put(parameter.state, "wrapper", call_at(frame, function))
    return args[0] if args else kwargs.get("module")
