"""Attributes: `value.name`, `super().name`, `value.name = new`, `hasattr(value, name)`."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import TYPE_CHECKING, Final

from initlint.trace.events.missing import absent, of_none
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BoundV,
    BuiltinV,
    ClassV,
    ContextV,
    DescriptorV,
    DictV,
    ExternalV,
    FunctionV,
    InstanceV,
    ListV,
    MissingV,
    ModuleScope,
    ParamV,
    PartialV,
    Raised,
    SuperV,
    TensorV,
    UnknownV,
    Value,
    first_yielded,
    is_constant,
    mark_of,
)
from initlint.trace.machine.versions import VersionV
from initlint.trace.program.external import external_attribute, external_has, is_module_class
from initlint.trace.python.classes import (
    attribute_of,
    find_in_class,
    find_method,
    hides,
    kind_of,
    mro_of,
    patched_method,
)
from initlint.trace.python.construction import make
from initlint.trace.python.enums import enum_member, enum_members, plain
from initlint.trace.python.generated import generated_method, has_generated_init
from initlint.trace.python.instances import python_type
from initlint.trace.python.library import LIBRARY, records
from initlint.trace.python.library.functions import CACHED, kept_result
from initlint.trace.python.library.looking import code_object
from initlint.trace.python.mappings import inherited, is_mapping, mapping_of
from initlint.trace.python.methods import method, type_method
from initlint.trace.python.versions import version_attribute
from initlint.trace.torch import training
from initlint.trace.torch.modules import TRAINING, as_stored, registered
from initlint.trace.torch.registries import is_kept, kept_by_module
from initlint.trace.torch.tree import is_module
from initlint.trace.torch.wrapped import is_added_by_wrapper
from initlint.trace.vocabulary.own_names import MODULE_NAMES, TENSOR_NAMES

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_PAIR: Final = ("values", "indices")
"""What torch calls the parts of the pairs that `max`, `topk` and `sort` give."""


_HANDED_ON: Final = frozenset({
    "apply", "children", "load_state_dict", "module", "modules", "named_children", "named_modules", "named_parameters",
    "parameters", "state_dict",
})  # fmt: skip
"""What a wrapper of a model that is not followed has of the model it was given, where it reads that alone."""


def get_attribute(
    interpreter: Interpreter, value: Value, name: str, frame: Frame, node: ast.AST | None = None
) -> Value:
    """`value.name`."""
    kind = type(value)
    if kind is InstanceV:
        return instance_attribute(interpreter, value, name, frame)
    if kind is ModuleScope:
        return interpreter.project.member(value, name)
    if isinstance(value, TensorV):
        return interpreter.recorder.tensor_attribute(value, name, frame, node)
    if isinstance(value, ExternalV):
        found = interpreter.patched.get(f"{value.name}.{name}", ABSENT) if interpreter.patched else ABSENT
        if found is not ABSENT:
            return found
        if value.name == "builtins.object" and name in _OF_OBJECTS:
            return _OF_OBJECTS[name]
        if value.spec is None and name != "__name__":
            return interpreter.project.outside(f"{value.name}.{name}")
        return external_attribute(value, name)
    if kind is ClassV:
        return class_attribute(interpreter, value, name)
    if kind is AltV:
        options = [option for option in value.options if option is not ABSENT and option is not None]
        if not options:
            raise Raised("AttributeError")
        return interpreter.each(
            AltV(tuple(options)), lambda option: get_attribute(interpreter, option, name, frame, node)
        )
    if kind is SuperV:
        return super_attribute(interpreter, value, name, frame)
    if kind is tuple and len(value) == len(_PAIR) and name in _PAIR:
        return value[_PAIR.index(name)]
    found = method(value, name)
    if found is ABSENT and kind is VersionV:
        found = version_attribute(value, name)
    if found is not ABSENT:
        return found
    if kind is FunctionV:
        if name in value.attrs:
            return value.attrs[name]
        if name in ("__name__", "__qualname__"):
            return value.name if name == "__name__" else value.qualname
        if name == "__module__":
            return _module_name(value.module)
        if name == "__code__":
            return code_object(interpreter, value)
        return UnknownV(f"attribute {name} of a function")
    if kind is BuiltinV:
        if name in ("__name__", "__qualname__"):
            return value.name.rpartition(".")[2]
        found = LIBRARY.get(f"{value.name}.{name}", ABSENT)
        return type_method(value.name, name) if found is ABSENT else found
    if kind is PartialV:
        if name == "func":
            return value.function
        if name == "keywords":
            return DictV(dict(value.kwargs))
        if name == "args":
            return value.args
    if kind is BoundV:
        if name == "__self__":
            return value.receiver
        return get_attribute(interpreter, value.function, name, frame, node)
    if kind is ContextV and name in ("__enter__", "__exit__"):
        return BuiltinV(name, lambda machine, args, kwargs: _by_hand(machine, value, name))
    if kind is slice:
        return getattr(value, name, UnknownV("slice"))
    if kind is DescriptorV and value.kind == "property" and name in ("getter", "setter", "deleter"):
        return BuiltinV(name, lambda machine, args, kwargs: _property(value, name, args[0]))
    if name == "__class__":
        return UnknownV("class")
    if value is None:
        return of_none(interpreter, name, frame, node)
    if isinstance(value, UnknownV):
        if name in training.BACKWARD:
            training.begin(interpreter.recorder)
        if value.reads and value.holder is not None and name in _HANDED_ON:
            return value.holder if name == "module" else get_attribute(interpreter, value.holder, name, frame, node)
        return value if kind is MissingV else UnknownV(value.reason, value.reads)
    return UnknownV(f"attribute {name}")


def _by_hand(interpreter: Interpreter, context: ContextV, name: str) -> Value:
    """`context.__enter__()` outside a `with` statement: all that the generator does, and what it yields first."""
    if name == "__exit__":
        return None
    return first_yielded(interpreter.call(context.function, context.args, context.kwargs, interpreter.frame))


def _property(before: DescriptorV, part: str, function: Value) -> DescriptorV:
    """`@name.setter`: the property that a part is added to."""
    getter = function if part == "getter" else before.function
    return DescriptorV("property", getter, function if part == "setter" else before.setter)


def instance_attribute(interpreter: Interpreter, instance: InstanceV, name: str, frame: Frame) -> Value:
    """An attribute of an object: its own, else its class's, bound."""
    value = instance.attrs.get(name, ABSENT)
    if value is not ABSENT:
        if type(value) is AltV and ABSENT in value.options:
            rest = tuple(option for option in value.options if option is not ABSENT)
            value = rest[0] if len(rest) == 1 else AltV(rest)
        return value
    if name in instance.settings:
        return as_stored(instance, name, instance.settings[name])
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return names_of(instance)
    found = patched_method(interpreter, instance.cls, name)
    if found is not ABSENT:
        return bind(interpreter, found, instance, instance.cls, frame)
    _, found = find_in_class(instance.cls, name)
    if found is TRAINING and _is_being_made(instance, frame):
        return True
    if found is not ABSENT:
        return bind(interpreter, found, instance, instance.cls, frame)
    held = inherited(instance, name)
    if held is ABSENT and instance.state.get("named"):
        names = mapping_of(instance)
        held = ABSENT if names is None else names.entries.get(name, ABSENT)
    if held is not ABSENT:
        return held
    held = records.of_instance(interpreter, instance, name)
    if held is ABSENT:
        held = method(plain(instance), name)
    if held is not ABSENT:
        return held
    held = kept_by_module(interpreter, instance, name)
    if held is not ABSENT:
        return held
    own_getter = find_method(instance, "__getattr__")
    if own_getter is not None:
        return interpreter.call(own_getter, [instance, name], {}, frame)
    return absent(instance, name)


def names_of(instance: InstanceV) -> DictV:
    """`vars(instance)`."""
    found = DictV(dict(instance.attrs))
    found.fields = instance
    return found


def _is_being_made(instance: InstanceV, frame: Frame) -> bool:
    """Whether the constructor of an object is in progress."""
    return any(
        caller.function is not None and caller.function.name == "__init__" and bool(caller.function.code.params)
        and caller.vars.get(caller.function.code.params[0]) is instance
        for caller in frame.chain()
    )


def bind(interpreter: Interpreter, found: Value, instance: InstanceV, cls: Value, frame: Frame) -> Value:
    """What a class attribute becomes when read from an instance."""
    kind = type(found)
    if kind is FunctionV or kind is BuiltinV:
        return BoundV(found, instance)
    if kind is DescriptorV:
        if found.kind == "staticmethod":
            return found.function
        if found.kind == "classmethod":
            return BoundV(found.function, cls)
        if found.kind == CACHED:
            return kept_result(interpreter, found.function, instance)
        return interpreter.call(found.function, [instance], {}, frame)
    if kind is InstanceV:
        getter = find_method(found, "__get__")
        return found if getter is None else interpreter.call(getter, [found, instance, cls], {}, frame)
    if kind is AltV:
        options = [option for option in found.options if option is not ABSENT]
        return interpreter.heap.join([bind(interpreter, option, instance, cls, frame) for option in options])
    return interpreter.project.settle(found)


def _module_name(scope: ModuleScope) -> Value:
    """The `__module__` of what a module defines; what comes from the vocabulary, or has no name any more, has none."""
    return scope.names.get("__name__", UnknownV("the name of a module"))


def class_attribute(interpreter: Interpreter, cls: ClassV, name: str) -> Value:
    """`cls.name`."""
    _, found = find_in_class(cls, name)
    if found is ABSENT:
        if name == "apply" and any(isinstance(base, ExternalV) and base.name == AUTOGRAD for base in cls.mro):
            return BuiltinV("apply", lambda machine, args, kwargs: _apply_autograd(machine, cls, args, kwargs))
        if name == "__name__":
            return cls.name
        if name == "__qualname__":
            return cls.qualname
        if name == "__module__":
            return _module_name(cls.module)
        told = records.of_class(interpreter, cls, name)
        if told is not ABSENT:
            return told
        if name == "__annotations__" and cls.node is not None:
            return DictV({field: UnknownV("annotation") for field in cls.traits.get("fields", ())})
        if name in ("__mro__", "__bases__"):
            return tuple(mro_of(cls)) if name == "__mro__" else cls.bases
        if name == "__dict__":
            return DictV(own_names(cls))
        if name == "__members__":
            return DictV({key: enum_member(cls, key, value) for key, value in enum_members(cls).items()})
        return UnknownV(f"{cls!r} has no known {name}")
    if isinstance(found, DescriptorV):
        if found.kind == "classmethod":
            return BoundV(found.function, cls)
        return found.function
    if kind_of(cls) == "enum" and not name.startswith("_") and not isinstance(found, FunctionV | DescriptorV | ClassV):
        return enum_member(cls, name, interpreter.project.settle(found))
    return interpreter.project.settle(found)


def own_names(cls: ClassV) -> dict[str, Value]:
    """What a class itself binds, with the `__init__` that its decorator wrote."""
    names = dict(cls.attrs)
    if has_generated_init(cls):
        names["__init__"] = UnknownV("an __init__ that a decorator wrote")
    return names


AUTOGRAD = "torch.autograd.Function"


def _apply_autograd(interpreter: Interpreter, cls: ClassV, args: Args, kwargs: Kwargs) -> Value:
    """`Function.apply(*args)`: its forward, which is given a context unless `setup_context` is."""
    forward = class_attribute(interpreter, cls, "forward")
    separate = find_in_class(cls, "setup_context")[1] is not ABSENT
    context: list[Value] = [] if separate else [UnknownV("context of an autograd function")]
    return interpreter.call(forward, [*context, *args], kwargs, interpreter.frame)


def super_attribute(interpreter: Interpreter, value: SuperV, name: str, frame: Frame) -> Value:
    """`super().name`."""
    receiver = value.receiver
    cls = receiver.cls if isinstance(receiver, InstanceV) else receiver
    order = mro_of(cls) if isinstance(cls, ClassV | ExternalV) else mro_of(value.cls)
    passed = False
    for owner in order:
        if passed:
            if name == "__init__" and isinstance(receiver, InstanceV) and has_generated_init(owner):
                return generated_method(receiver, owner)
            found = attribute_of(owner, name)
            if found is ABSENT and name in ("__init__", "forward") and hides(owner):
                break
            if found is not ABSENT:
                if isinstance(receiver, InstanceV):
                    return bind(interpreter, found, receiver, cls, frame)
                return BoundV(found.function, cls) if isinstance(found, DescriptorV) else found
        elif owner is value.cls:
            passed = True
    if isinstance(receiver, InstanceV):
        held = inherited(receiver, name)
        if held is not ABSENT:
            return held
    if isinstance(cls, ClassV) and cls.is_open:
        if name == "__init__" and isinstance(receiver, InstanceV):
            return BuiltinV(
                "__init__",
                lambda machine, args, kwargs: machine.recorder.opaque_base(receiver, args, kwargs, machine.frame),
            )
        return UnknownV(
            f"{name} of a base class outside the project",
            holder=receiver if isinstance(receiver, InstanceV) else None,
        )
    if name == "__setattr__" and isinstance(receiver, InstanceV):
        return BuiltinV(name, lambda machine, args, kwargs: put_attribute(machine, [receiver, *args], kwargs))
    if name == "__new__":
        return BuiltinV(name, make)
    if name in ("__init__", "__init_subclass__", "__setattr__"):
        return BuiltinV(name, lambda machine, args, kwargs: None)
    return UnknownV(f"super() has no known {name}")


def put_attribute(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    """`object.__setattr__(instance, name, new)`, for objects that are not modules."""
    if len(args) == 3 and isinstance(args[0], InstanceV) and isinstance(args[1], str) and not is_module(args[0]):
        interpreter.heap.put(args[0].attrs, args[1], args[2])
    return None


_OF_OBJECTS: Final = {
    "__new__": BuiltinV("object.__new__", make),
    "__setattr__": BuiltinV("object.__setattr__", put_attribute),
}


def _setter(instance: InstanceV, name: str) -> Value | None:
    """What the class of an object has to take a new value of an attribute: a property's setter, a descriptor, or the
    `__setattr__` of a mapping. Any other is taken to set what it is given, as nearly all do."""
    _, found = find_in_class(instance.cls, name)
    if isinstance(found, DescriptorV) and found.kind == "property" and found.setter is not ABSENT:
        return BoundV(found.setter, instance)
    if type(found) is InstanceV:
        setter = find_method(found, "__set__")
        if setter is not None:
            return PartialV(setter, (found, instance), {})
    if is_mapping(instance.cls):
        setter = find_method(instance, "__setattr__")
        if setter is not None:
            return PartialV(setter, (instance, name), {})
    return None


def _put_names(interpreter: Interpreter, instance: InstanceV, names: Value) -> None:
    """`instance.__dict__ = names`; a mapping that is its own names has its entries as attributes from then on."""
    if names is instance and mapping_of(instance) is not None:
        interpreter.heap.put(instance.state, "named", True)
    elif type(names) is DictV and not is_module(instance):
        for name, value in names.entries.items():
            if isinstance(name, str):
                interpreter.heap.put(instance.attrs, name, value)


def set_attribute(
    interpreter: Interpreter, value: Value, name: str, new: Value, frame: Frame, node: ast.AST | None = None
) -> None:
    """`value.name = new`."""
    kind = type(value)
    heap = interpreter.heap
    if kind is InstanceV:
        setter = _setter(value, name)
        if setter is not None:
            interpreter.call(setter, [new], {}, frame)
            return
        if name == "__dict__" and type(new) in (DictV, InstanceV):
            _put_names(interpreter, value, new)
            return
        if interpreter.recorder.attribute_set(value, name, new, frame, node):
            heap.put(value.attrs, name, new)
            if type(new) in (InstanceV, AltV):
                registered(interpreter, value, name, new)
    elif kind in (ClassV, FunctionV):
        heap.put(value.attrs, name, new)
    elif kind is ModuleScope:
        heap.put(value.names, name, new)
    elif isinstance(value, ExternalV):
        heap.put(interpreter.patched, f"{value.name}.{name}", new)
    elif isinstance(value, TensorV):
        interpreter.recorder.tensor_attribute_set(value, name, new, frame)
    elif kind is AltV:
        able = [option for option in value.options if option is not ABSENT and not is_constant(option)]
        if len(able) == 1:          # the others have no attributes that can be set: Python would raise
            set_attribute(interpreter, able[0], name, new, frame, node)
            return
        for option in able:
            if isinstance(option, InstanceV):
                joined = heap.join([option.attrs.get(name, ABSENT), new])
                heap.put(option.attrs, name, joined)


def has_attribute(interpreter: Interpreter, value: Value, name: str) -> bool | None:
    """`hasattr(value, name)`, None where it is not known."""
    if isinstance(value, InstanceV):
        found = value.attrs.get(name, ABSENT)
        if type(found) is AltV and ABSENT in found.options:
            return None
        if found is not ABSENT or name in value.settings:
            return True
        _, found = find_in_class(value.cls, name)
        if found is not ABSENT:
            return True
        if patched_method(interpreter, value.cls, name) is not ABSENT or is_kept(value, name):
            return True
        if _defines(object, name) or name == "__dict__":
            return True
        is_open = isinstance(value.cls, ClassV) and value.cls.is_open
        if is_open or (isinstance(value.cls, ExternalV) and not _has_known_attributes(value.cls)):
            return None
        return is_added_by_wrapper(value, name)
    if isinstance(value, ClassV):
        _, found = find_in_class(value, name)
        return True if found is not ABSENT or _defines(type, name) else None if value.is_open else False
    if isinstance(value, FunctionV):
        return name in value.attrs or _defines(FunctionType, name)
    if isinstance(value, ModuleScope):
        return interpreter.project.has(value, name)
    if isinstance(value, ListV | DictV | tuple | str | int | float) or value is None:
        own = python_type(value)
        return method(value, name) is not ABSENT or (own is not None and _defines(own, name))
    if isinstance(value, TensorV):
        if name in TENSOR_NAMES:
            return True
        if not isinstance(value, ParamV):
            return None
        mark = value.state.get(mark_of(name), ABSENT)
        return None if type(mark) is AltV and ABSENT in mark.options else mark is not ABSENT
    if isinstance(value, AltV):
        verdicts = {has_attribute(interpreter, option, name) for option in value.options if option is not ABSENT}
        return verdicts.pop() if len(verdicts) == 1 else None
    if isinstance(value, ExternalV):
        if f"{value.name}.{name}" in interpreter.patched:
            return True
        return name in MODULE_NAMES if value.name == "torch.nn.Module" else external_has(value, name)
    return None


def _defines(cls: type, name: str) -> bool:
    """Whether objects of one of Python's types have an attribute."""
    return any(name in vars(base) for base in cls.__mro__)


def _has_known_attributes(cls: ExternalV) -> bool:
    return is_module_class(cls)
