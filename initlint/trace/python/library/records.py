"""`dataclasses` (and attrs) and named tuples: their fields, how objects of them are filled, compared and told."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from initlint.trace.machine.code import REQUIRED, UNPACKED, may_be_absent, present
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    BuiltinV,
    ClassV,
    DictV,
    ExternalV,
    InstanceV,
    ListV,
    UnknownV,
    Value,
)
from initlint.trace.program.external import external
from initlint.trace.python.classes import field_names, find_in_class, kind_of, set_bases
from initlint.trace.python.equality import equal, identical
from initlint.trace.python.library.copies import clone
from initlint.trace.python.library.registry import elements_of, every_element, library, plain_class
from initlint.trace.python.mappings import is_mapping

if TYPE_CHECKING:
    from initlint.trace.machine.frames import Frame
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs


class Field(NamedTuple):
    """A field of a dataclass or named tuple. One that is not `stored` is passed on to `__post_init__` alone."""

    name: str
    default: Value = ABSENT
    factory: Value = ABSENT
    init: bool = True
    kw_only: bool = False
    compare: bool = True
    stored: bool = True


_MARK: Final = "<field>"
_OWN: Final = "own fields"


# -- dataclasses -------------------------------------------------------------------------------------


@library("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass")
def _dataclass(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], ClassV):
        return _make(args[0], kwargs)
    return BuiltinV("dataclass", lambda machine, given, named: _make(given[0], kwargs) if given else None)


@library("dataclasses.field", "attr.ib", "attrs.field")
def _field(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return DictV({_MARK: True, **kwargs})


def _make(cls: Value, options: Kwargs) -> Value:
    """What the decorator does with a class: its fields are told, and its names hold their defaults."""
    if isinstance(cls, ClassV):
        fields = _declared(cls, options.get("kw_only") is True)
        cls.traits.update({"dataclass": True, "eq": options.get("eq", True) is True, _OWN: fields})
        cls.traits["fields"] = [field.name for field in fields if field.stored]
        cls.traits.pop("kind", None)
        for field in fields:
            if _is_told(cls.attrs.get(field.name)):
                if field.default is ABSENT:
                    del cls.attrs[field.name]
                else:
                    cls.attrs[field.name] = field.default
    return cls


def _is_told(value: Value) -> bool:
    """What `field(...)` gives."""
    return type(value) is DictV and _MARK in value.entries


def _declared(cls: ClassV, kw_only: bool) -> list[Field]:
    """The fields that the body of a class declares."""
    if cls.node is None:
        return [Field(name, cls.attrs.get(name, ABSENT)) for name in cls.traits.get("fields", ())]
    found: dict[str, Field] = {}
    for node in cls.node.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        marker, name = _marker(node.annotation), node.target.id
        if marker == "KW_ONLY":
            kw_only = True
        elif marker != "ClassVar":
            found[name] = _one(name, cls.attrs.get(name, ABSENT), kw_only, marker != "InitVar")
    return list(found.values())


def _marker(annotation: ast.expr) -> str:
    """The last name of an annotation, without what stands in its brackets."""
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return str(text).partition("[")[0].strip().rpartition(".")[2]


def _one(name: str, value: Value, kw_only: bool, stored: bool) -> Field:
    if not _is_told(value):
        return Field(name, value, kw_only=kw_only, stored=stored)
    told = value.entries
    return Field(
        name,
        told.get("default", ABSENT),
        told.get("default_factory", told.get("factory", ABSENT)),
        told.get("init", True) is not False,
        kw_only if told.get("kw_only", ABSENT) is ABSENT else told["kw_only"] is True,
        told.get("compare", True) is not False,
        stored,
    )


def fields_of(cls: ClassV) -> list[Field]:
    """All fields of a dataclass or named tuple in order, inherited ones first, those that are not stored among them."""
    found: dict[str, Field] = {}
    for owner in reversed(cls.mro):
        if not isinstance(owner, ClassV):
            continue
        own: list[Field] | None = owner.traits.get(_OWN)
        if own is None and (kind_of(cls) == "namedtuple" or (owner.node and owner.node.decorator_list)):
            own = [_one(name, find_in_class(cls, name)[1], False, True) for name in owner.traits.get("fields", ())]
        found.update({field.name: field for field in own or ()})
    return list(found.values())


def fill(
    interpreter: Interpreter, instance: InstanceV, cls: ClassV, args: Args, kwargs: Kwargs, frame: Frame
) -> list[Value]:
    """The `__init__` that a dataclass or named tuple generates; gives what it hands to `__post_init__`."""
    fields = fields_of(cls)
    names = {field.name for field in fields}
    given = dict(zip([field.name for field in fields if field.init and not field.kw_only], args, strict=False))
    for name, value in kwargs.items():
        if name not in (UNPACKED, REQUIRED) and (name in names or not may_be_absent(value)):
            given[name] = value
    handed: list[Value] = []
    for field in fields:
        value = given.pop(field.name, ABSENT)
        if value is ABSENT or may_be_absent(value):
            default = _default(interpreter, field, frame)
            if UNPACKED in kwargs and field.init:
                default = interpreter.heap.join([default, UnknownV(f"field {field.name} may have been given")])
            value = default if value is ABSENT else interpreter.heap.join([present(interpreter, value), default])
        if not field.stored:
            handed.append(value)
        elif value is not ABSENT:
            instance.attrs[field.name] = value
    instance.attrs.update(given)
    return handed


def _default(interpreter: Interpreter, field: Field, frame: Frame) -> Value:
    """What a field holds where nothing is passed for it; ABSENT where that leaves it unset."""
    if field.factory is not ABSENT:
        return interpreter.call(field.factory, [], {}, frame)
    if field.default is ABSENT and field.init:
        return UnknownV(f"field {field.name} has no known value")
    return field.default


@library("dataclasses.fields")
def _fields(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    cls = args[0].cls if isinstance(args[0], InstanceV) else args[0]
    if not isinstance(cls, ClassV) or cls.is_open:
        return UnknownV("the fields of something unknown")
    return tuple([_field_object(interpreter, field) for field in fields_of(cls) if field.stored])


def _field_object(interpreter: Interpreter, field: Field) -> InstanceV:
    made = InstanceV(plain_class(interpreter, "Field", True))
    missing = external("dataclasses.MISSING")
    made.attrs.update({
        "name": field.name, "init": field.init, "kw_only": field.kw_only, "compare": field.compare,
        "default": missing if field.default is ABSENT else field.default,
        "default_factory": missing if field.factory is ABSENT else field.factory,
    })
    return made


@library("dataclasses.is_dataclass")
def _is_dataclass(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    cls = args[0].cls if isinstance(args[0], InstanceV) else args[0]
    if not isinstance(cls, ClassV) or cls.is_open:
        return UnknownV("a dataclass or not")
    return _is_data(cls)


def _is_data(cls: ClassV) -> bool:
    return any(isinstance(owner, ClassV) and owner.traits.get("dataclass") for owner in cls.mro)


@library("dataclasses.asdict")
def _asdict(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if kwargs or not isinstance(args[0], InstanceV) or not _is_record(args[0]):
        return DictV({}, True)
    return _told(interpreter, args[0], DictV)


@library("dataclasses.astuple")
def _astuple(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    if kwargs or not isinstance(args[0], InstanceV) or not _is_record(args[0]):
        return UnknownV("the fields of something unknown")
    return _told(interpreter, args[0], lambda entries: tuple(entries.values()))


def _is_record(value: Value) -> bool:
    return type(value) is InstanceV and isinstance(value.cls, ClassV) and _is_data(value.cls)


def _told(interpreter: Interpreter, value: Value, record: Callable[[dict[str, Value]], Value], depth: int = 0) -> Value:
    """A value with all dataclasses in it as dicts, or as tuples."""
    if depth > 8:
        return UnknownV("fields in fields")
    if _is_record(value):
        return record({
            name: _told(interpreter, value.attrs.get(name, UnknownV(f"field {name}")), record, depth + 1)
            for name in field_names(value.cls)
        })
    if type(value) is ListV:
        return ListV([_told(interpreter, each, record, depth + 1) for each in value.items], value.is_open, value.kind)
    if type(value) is DictV:
        entries = {key: _told(interpreter, each, record, depth + 1) for key, each in value.entries.items()}
        return DictV(entries, value.is_open, value.default)
    if isinstance(value, tuple):
        return tuple([_told(interpreter, each, record, depth + 1) for each in value])
    return clone(interpreter, value, {})


@library("dataclasses.replace", "copy.replace")
def _replace(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    return interpreter.each(args[0], lambda option: _replaced(interpreter, option, kwargs))


def _replaced(interpreter: Interpreter, value: Value, changes: Kwargs) -> Value:
    if type(value) is not InstanceV or not isinstance(value.cls, ClassV):
        return UnknownV("replace of something unknown")
    names = [field.name for field in fields_of(value.cls) if field.init and field.stored]
    kept = {name: value.attrs[name] for name in names if name in value.attrs}
    return interpreter.call(value.cls, [], {**kept, **changes}, interpreter.frame)


# -- named tuples ------------------------------------------------------------------------------------


@library("collections.namedtuple")
def _namedtuple(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
    name = args[0] if args and isinstance(args[0], str) else "namedtuple"
    fields = args[1] if len(args) > 1 else kwargs.get("field_names")
    made = ClassV(name, name, interpreter.frame.module, (ExternalV("typing.NamedTuple"),), None)
    if isinstance(fields, str):
        made.traits["fields"] = fields.replace(",", " ").split()
    else:
        values, _ = elements_of(interpreter, fields)
        made.traits["fields"] = [value for value in values if isinstance(value, str)]
    set_bases(interpreter, made)
    _set_defaults(made, every_element(interpreter, kwargs.get("defaults") or ()))
    return made


def _set_defaults(cls: ClassV, defaults: Sequence[Value] | None) -> None:
    """The last fields of a named tuple have these defaults."""
    names: list[str] = cls.traits["fields"]
    if defaults is None:
        defaults = [UnknownV("a default that is not known")] * len(names)
    cls.attrs.update(zip(names[len(names) - len(defaults) :], defaults, strict=False))


def of_class(interpreter: Interpreter, cls: ClassV, name: str) -> Value:
    """What dataclasses and named tuples have without writing it; ABSENT for anything else."""
    if name == "__dataclass_fields__" and _is_data(cls) and not cls.is_open:
        return DictV({field.name: _field_object(interpreter, field) for field in fields_of(cls) if field.stored})
    if name not in ("_fields", "_make", "_field_defaults") or kind_of(cls) != "namedtuple":
        return ABSENT
    if name == "_fields":
        return tuple(field_names(cls))
    if name == "_field_defaults":
        return DictV({field.name: field.default for field in fields_of(cls) if field.default is not ABSENT})
    return BuiltinV(name, lambda machine, args, kwargs: _make_from(machine, cls, args[0]))


def _make_from(interpreter: Interpreter, cls: ClassV, values: Value) -> Value:
    found = every_element(interpreter, values)
    if found is None:
        return UnknownV("a named tuple of something unknown")
    return interpreter.call(cls, found, {}, interpreter.frame)


def of_instance(interpreter: Interpreter, instance: InstanceV, name: str) -> Value:
    """A method that named tuples have without writing it, or what their class has; ABSENT for anything else."""
    cls = instance.cls
    if not isinstance(cls, ClassV):
        return ABSENT
    if name not in ("_replace", "_asdict") or kind_of(cls) != "namedtuple":
        return of_class(interpreter, cls, name)
    if name == "_replace":
        return BuiltinV(name, lambda machine, args, kwargs: _replaced(machine, instance, kwargs))
    return BuiltinV(name, lambda machine, args, kwargs: DictV({
        field: instance.attrs.get(field, UnknownV(f"field {field}")) for field in field_names(cls)
    }))


# -- equality ----------------------------------------------------------------------------------------


def equal_records(left: Value, right: Value) -> bool | None:
    """`left == right` where one is an object; not known where it is of a class that says itself what it is equal to."""
    if left is right or AltV in (type(left), type(right)):
        return identical(left, right)
    classes = [each.cls for each in (left, right) if type(each) is InstanceV and isinstance(each.cls, ClassV)]
    if any(_says_itself(cls) for cls in classes):
        return None
    rows = [_row(left), _row(right)]
    if None not in rows:
        return _all_equal(rows[0] or (), rows[1] or ())
    owner = left.cls if type(left) is InstanceV else None
    if len(classes) < 2 or owner is not right.cls or not _is_compared(owner):
        return identical(left, right)
    names = [field.name for field in fields_of(owner) if field.stored and field.compare]
    if not all(name in each.attrs for name in names for each in (left, right)):
        return None
    return _all_equal([left.attrs[name] for name in names], [right.attrs[name] for name in names])


_COMPARED: Final = frozenset({"list", "tuple", "set", "str", "int", "float"})
"""Types of Python whose objects are equal by what they hold."""


def _says_itself(cls: ClassV) -> bool:
    """Whether a class has an `__eq__` that is not told: the program's, that of a dict, or one of the library."""
    is_library = cls.node is None and kind_of(cls) == "plain"
    is_value = any(isinstance(base, ExternalV) and base.name in _COMPARED for base in cls.mro)
    return is_library or is_value or is_mapping(cls) or find_in_class(cls, "__eq__")[1] is not ABSENT


def _row(value: Value) -> Sequence[Value] | None:
    """What a named tuple or a tuple holds; None for anything else."""
    if isinstance(value, tuple):
        return value
    is_named = type(value) is InstanceV and isinstance(value.cls, ClassV) and kind_of(value.cls) == "namedtuple"
    return list(value.attrs.values()) if is_named else None


def is_by_value(value: Value) -> bool:
    """Whether another object may be equal to this one, and find what a dict holds under it."""
    cls = value.cls
    return isinstance(cls, ClassV) and (kind_of(cls) == "namedtuple" or _is_compared(cls))


def _is_compared(cls: Value) -> bool:
    """Whether the decorator of the nearest dataclass wrote an `__eq__`."""
    return next((bool(owner.traits.get("eq")) for owner in cls.mro
                 if isinstance(owner, ClassV) and owner.traits.get("dataclass")), False)


def _all_equal(left: Sequence[Value], right: Sequence[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    pairs = zip(left, right, strict=True)
    verdicts = {None if AltV in (type(a), type(b)) else equal(a, b) for a, b in pairs}
    return False if False in verdicts else None if None in verdicts else True
