"""Classes: how they are made, what they make, and what operators do with their objects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum, IntEnum, auto

REGISTRY = {}


class Act(str, Enum):
    RELU = "relu"
    TANH = "tanh"


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Width(Enum):
    SMALL = (16, 2)
    LARGE = (64, 4)

    def __init__(self, channels, groups):
        self.channels = channels
        self.groups = groups

    @property
    def per_group(self):
        return self.channels // self.groups

    @classmethod
    def _missing_(cls, value):
        return cls.LARGE


class Registered(type):
    def __new__(mcs, name, bases, namespace, key=None):
        made = super().__new__(mcs, name, bases, namespace)
        if key is not None:
            REGISTRY[key] = made
        return made

    def __init__(cls, name, bases, namespace, key=None):
        super().__init__(name, bases, namespace)
        cls.named = len(name)

    def __getitem__(cls, index):
        return cls.sizes[index]

    def __iter__(cls):
        return iter(cls.sizes)

    def __len__(cls):
        return 10 * len(cls.sizes)


class Plain(metaclass=Registered, key="plain"):
    sizes = (3, 5)


class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, max(value, 1))


class Config:
    width = Positive()


class Length:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Length(self.value + other.value)

    def __rmul__(self, factor):
        return Length(factor * self.value)

    def __iadd__(self, other):
        self.value += other
        return self

    def __neg__(self):
        return Length(-self.value)

    def __eq__(self, other):
        return isinstance(other, Length) and self.value == other.value

    def __lt__(self, other):
        return self.value < other.value

    def __int__(self):
        return self.value

    def __str__(self):
        return "x" * self.value


def equal_to_its_text():
    return 5 if Act("tanh") == "tanh" and Act.RELU != "tanh" else 4


def a_text_finds_a_member():
    return {Act.RELU: 3, Act.TANH: 7}["tanh"] + {"relu": 10}[Act.RELU]


def a_member_is_a_text():
    return len(Act.TANH.upper()) if isinstance(Act.TANH, str) else 1


def members_in_order():
    return sum(10 ** index * level.value for index, level in enumerate(Level)) + len(Level)


def numbers_with_names():
    return [0, 4, 6][Level.HIGH] + Level.LOW if Level.HIGH > Level.LOW else 1


def members_made_of_several():
    return Width.SMALL.channels + Width((64, 4)).per_group + Width("other").groups


def made_by_a_metaclass():
    return REGISTRY["plain"].sizes[0] + Plain.named


def operators_of_a_metaclass():
    return Plain[1] + sum(Plain) + len(Plain)


def descriptors():
    config = Config()
    config.width = -4
    small = config.width
    config.width = 6
    return 10 * small + config.width


def overloaded_operators():
    total = 2 * (Length(1) + Length(2))
    total += 4
    return (-total).value * -1


def overloaded_comparisons():
    one, two = Length(1), Length(2)
    return sum(2**at for at, each in enumerate([one < two, two > one, one == Length(1), one != two, two < one]) if each)


def conversions():
    return int(Length(4)) + len(str(Length(3))) + len(f"{Length(2)}")


def its_own_new():
    class Single:
        one = None

        def __new__(cls, width):
            if cls.one is None:
                cls.one = super().__new__(cls)
            return cls.one

        def __init__(self, width):
            self.width = width

    first = Single(3)
    Single(8)
    return first.width


def attributes_by_their_dict():
    class Options:
        def __init__(self, **given):
            self.__dict__.update(given)
            vars(self)["depth"] = 2

    options = Options(width=5)
    return options.width + options.depth + len(options.__dict__)


def a_dict_with_attributes():
    class Options(dict):
        __getattr__ = dict.__getitem__
        __setattr__ = dict.__setitem__

    class Named(dict):
        def __init__(self, **given):
            super().__init__(given)
            self.__dict__ = self

    options = Options(width=5)
    options.depth = 3
    return options.width + options["depth"] + Named(width=10).width


def what_a_dict_misses():
    class Counting(dict):
        def __missing__(self, key):
            return len(key)

    return Counting(a=10)["a"] + Counting()["abc"]


def an_iterator_of_its_own():
    class Counter:
        def __init__(self, end):
            self.at, self.end = 0, end

        def __iter__(self):
            return self

        def __next__(self):
            if self.at == self.end:
                raise StopIteration
            self.at += 1
            return self.at

    total = 0
    for number in Counter(4):
        total += number
    return total


def items_of_its_own():
    class Table:
        def __init__(self):
            self.rows = {}

        def __setitem__(self, key, value):
            self.rows[key] = value

        def __delitem__(self, key):
            del self.rows[key]

        def __contains__(self, key):
            return key in self.rows

        def __reversed__(self):
            return iter([7, 1])

    table = Table()
    table["a"], table["b"] = 1, 2
    del table["a"]
    return 10 * len(table.rows) + ("b" in table) + ("a" in table) + next(reversed(table))


def what_its_class_gives_in_brackets():
    class Sized:
        def __class_getitem__(cls, size):
            return 3 * size

    return Sized[4]


def what_can_be_iterated():
    def to_pair(value):
        return tuple(value) if hasattr(value, "__iter__") and not isinstance(value, str) else (value, value)

    return sum(to_pair(3)) + sum(to_pair([4, 5])) + len(to_pair("ab"))


def what_all_classes_and_objects_have():
    class Empty:
        pass

    found = [hasattr(each, name) for each in (Empty, Empty()) for name in ("__name__", "__class__", "__dict__", "a")]
    return sum(2**at for at, has in enumerate(found) if has)


def cooperating_constructors():
    class Sized:
        def __init__(self, size):
            self.size = size

    class Deep(ABC):
        def __init__(self, depth, **others):
            super().__init__(**others)
            self.depth = depth

        @abstractmethod
        def cost(self): ...

    class Net(Deep, Sized):
        def cost(self):
            return self.size * self.depth

    return Net(depth=3, size=4).cost()
