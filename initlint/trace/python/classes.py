"""Classes: bases, method resolution order, what kind of class it is, dataclasses, enums and named tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    ExternalV,
    FunctionV,
    InstanceV,
    TorchClassV,
    UnknownV,
    Value,
)
from initlint.trace.program.external import external, external_subclass, is_module_class, is_plain_base
from initlint.trace.vocabulary.spec import HelperSpec

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Interpreter


_NO_LAYER = "no layer"
"""Trait of a class that derives from no other class of modules unseen: `nn.Module`, or a class that derives from it,
stands before each base that is not known. Behind `nn.Module` itself Python refuses a module; behind a module of the
project it would be a second one, which nobody writes without naming it."""


def set_bases(interpreter: Interpreter, cls: ClassV) -> None:
    """Work out the method resolution order; a base that is not known leaves the class open."""
    resolved: list[Value] = []
    below_module, no_layer = False, True
    for base in cls.bases:
        option = _told(base)
        if isinstance(option, AltV):
            known = [each for each in option.options if isinstance(each, ClassV | ExternalV)]
            option = known[0] if known else UnknownV("base class")
        if isinstance(option, BuiltinV) and is_plain_base(ExternalV(option.name)):
            option = ExternalV(option.name)
        if isinstance(option, ClassV | ExternalV):
            resolved.append(option)
        if isinstance(option, ClassV):
            cls.is_open = cls.is_open or option.is_open
            no_layer = no_layer and (not option.is_open or bool(option.traits.get(_NO_LAYER)))
            below_module = below_module or (no_layer and any(type(each) is TorchClassV for each in option.mro))
        elif not isinstance(option, ExternalV) or not is_plain_base(option):
            cls.is_open = True
            no_layer = no_layer and below_module
        elif option.name == "torch.nn.Module":
            below_module = True
    cls.traits[_NO_LAYER] = no_layer
    cls.bases = tuple(resolved)
    cls.mro = _linearise(cls)


def _told(base: Value) -> Value:
    """The class that the vocabulary's source tells of a base class of a package."""
    if isinstance(base, ExternalV) and isinstance(base.spec, HelperSpec) and base.spec.kind == "base":
        from initlint.trace.torch.modules import defined

        return defined(base.spec.name, base.spec.source)
    return base


def _linearise(cls: ClassV) -> tuple[Value, ...]:
    """Python's C3 order; depth first where the bases contradict each other."""
    sequences = [list(base.mro) if isinstance(base, ClassV) else external_mro(base) for base in cls.bases]
    sequences.append(list(cls.bases))
    order: list[Value] = [cls]
    while True:
        sequences = [sequence for sequence in sequences if sequence]
        if not sequences:
            return tuple(order)
        for sequence in sequences:
            head = sequence[0]
            if not any(_among(head, other[1:]) for other in sequences):
                break
        else:
            head = sequences[0][0]
        order.append(head)
        for sequence in sequences:
            if sequence and _is(sequence[0], head):
                del sequence[0]


def external_mro(base: Value) -> list[Value]:
    """A torch class and, after it, nn.Module."""
    if is_module_class(base) and base.name != "torch.nn.Module":
        return [base, external("torch.nn.Module")]
    return [base]


def _is(left: Value, right: Value) -> bool:
    return left is right or (isinstance(left, ExternalV) and isinstance(right, ExternalV) and left.name == right.name)


def _among(value: Value, others: list[Value]) -> bool:
    return any(_is(value, other) for other in others)


def mro_of(cls: Value) -> tuple[Value, ...]:
    """The classes an instance of `cls` is an instance of, most derived first."""
    if isinstance(cls, ClassV):
        return cls.mro or (cls,)
    return tuple(external_mro(cls))


_EVERYWHERE = frozenset({"__init__", "forward", "__call__"})
"""Methods that a class of modules outside the project, of which nothing is known, is taken to have."""


def hides(owner: Value) -> bool:
    """Whether a class outside the project may define whatever classes after it do."""
    return isinstance(owner, ExternalV) and not is_plain_base(owner)


_NOWHERE: tuple[Value, Value] = (None, ABSENT)
_outside: dict[tuple[str, str], tuple[Value, Value]] = {}


def find_in_class(cls: Value, name: str) -> tuple[Value, Value]:
    """(owner, attribute) by method resolution order; (None, ABSENT) where no known class has it."""
    if isinstance(cls, ClassV):
        for owner in cls.mro or (cls,):
            if type(owner) is ClassV:
                found = owner.attrs.get(name, ABSENT)
                if found is not ABSENT:
                    return owner, found
            else:
                inherited = _find_outside(owner, name)
                if inherited is not _NOWHERE:
                    return inherited
                if name in _EVERYWHERE and hides(owner):
                    break
        return _NOWHERE
    return _find_outside(cls, name)


def find_method(instance: InstanceV, name: str) -> Value | None:
    """A method that a class of the program defines, unbound; None where only outside classes may have it."""
    owner, found = find_in_class(instance.cls, name)
    return found if isinstance(owner, ClassV) else None


def metaclass_of(cls: ClassV) -> ClassV | None:
    """The metaclass of the program that a class, or one that it derives from, names."""
    for owner in cls.mro:
        if isinstance(owner, ClassV) and "metaclass" in owner.traits:
            found: ClassV = owner.traits["metaclass"]
            return found
    return None


def meta_method(cls: ClassV, name: str) -> Value | None:
    """A method of the metaclass that the program defines."""
    maker = metaclass_of(cls)
    found = ABSENT if maker is None else find_in_class(maker, name)[1]
    return found if isinstance(found, FunctionV) else None


def patched_method(interpreter: Interpreter, cls: Value, name: str) -> Value:
    """What the program set under a name on an outside class that `cls` is or derives from; ABSENT where it has not,
    or where a class of the program comes first."""
    if interpreter.patched:
        for owner in mro_of(cls):
            if isinstance(owner, ClassV):
                if name in owner.attrs:
                    break
            else:
                found = interpreter.patched.get(f"{owner.name}.{name}", ABSENT)
                if found is not ABSENT:
                    return found
    return ABSENT


def _find_outside(cls: ExternalV, name: str) -> tuple[Value, Value]:
    key = (cls.name, name)
    known = _outside.get(key)
    if known is None:
        known = _NOWHERE
        for owner in external_mro(cls):
            found = attribute_of(owner, name)
            if found is not ABSENT:
                known = (owner, found)
                break
        _outside[key] = known
    return known


def forget_outside() -> None:
    """Attributes of outside classes may be functions of an interpreter that is gone."""
    _outside.clear()


def attribute_of(owner: Value, name: str) -> Value:
    """An attribute that one class itself defines."""
    if isinstance(owner, ClassV):
        return owner.attrs.get(name, ABSENT)
    from initlint.trace.torch.modules import class_attribute

    return class_attribute(owner, name)


def is_subclass(cls: Value, base: Value) -> bool | None:
    """`issubclass(cls, base)`, None where a base of `cls` is not known."""
    if any(_is(each, base) for each in mro_of(cls)):
        return True
    if isinstance(cls, ClassV):
        sealed = cls.traits.get(_NO_LAYER) and any(type(each) is TorchClassV for each in mro_of(base))
        return None if cls.is_open and not sealed else False
    return external_subclass(cls, base)


def kind_of(cls: ClassV) -> str:
    """What a class is to Python: "module", "dataclass-module", "enum", "namedtuple", "dataclass" or "plain"."""
    known: str | None = cls.traits.get("kind")
    if known is None:
        known = cls.traits["kind"] = _kind_of(cls)
    return known


def _kind_of(cls: ClassV) -> str:
    names = {base.name for base in cls.mro if isinstance(base, ExternalV)}
    if any(is_module_class(base) for base in cls.mro) or cls.is_open:
        return "dataclass-module" if cls.traits.get("dataclass") else "module"
    if any(name.startswith("enum.") for name in names):
        return "enum"
    if "typing.NamedTuple" in names:
        return "namedtuple"
    if any(isinstance(base, ClassV) and base.traits.get("dataclass") for base in cls.mro):
        return "dataclass"
    return "plain"


def is_enum(cls: ClassV) -> bool:
    """Whether a class lists the values of an enumeration."""
    return any(isinstance(base, ExternalV) and base.name.startswith("enum.") for base in cls.mro)


def field_names(cls: ClassV) -> list[str]:
    """The annotated fields of a dataclass or named tuple, inherited ones first."""
    names: dict[str, None] = {}
    for owner in reversed(cls.mro):
        if isinstance(owner, ClassV):
            names.update(dict.fromkeys(owner.traits.get("fields", ())))
    return list(names)
