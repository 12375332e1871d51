"""Python's library, and numpy on plain numbers."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import heapq
import itertools
import json
import math
import operator
import os.path
import re
import statistics
import string
import types
import typing
from bisect import bisect_left, bisect_right, insort
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple
from dataclasses import KW_ONLY, InitVar, dataclass, field
from pathlib import Path

import numpy as np

# -- itertools ---------------------------------------------------------------------------------------


def combinations_of_two():
    return sum(a * b for a, b in itertools.combinations([2, 3, 4], 2))


def combinations_with_replacement():
    return len(list(itertools.combinations_with_replacement("abc", 2)))


def permutations_of_two():
    return len(list(itertools.permutations([1, 2, 3, 4], 2))) + list(itertools.permutations([1, 2, 3]))[-1][0]


def product_repeated():
    return sum(a + b for a, b in itertools.product([1, 2], repeat=2))


def groups_of_equal_neighbours():
    return sum(key * len(list(group)) for key, group in itertools.groupby([2, 2, 5, 2]))


def groups_by_a_key():
    words = ["ab", "cd", "efg", "hij", "k"]
    sizes = [(size, list(group)) for size, group in itertools.groupby(words, key=len)]
    return sum(size * 10 + len(group) for size, group in sizes)


def while_a_condition_holds():
    values = [1, 2, 9, 3]
    taken = list(itertools.takewhile(lambda v: v < 5, values))
    dropped = list(itertools.dropwhile(lambda v: v < 5, values))
    return sum(taken) * 100 + sum(dropped)


def taken_while_counting():
    return sum(itertools.takewhile(lambda v: v < 20, itertools.count(10, 3)))


def counting_with_next():
    counter = itertools.count(3)
    next(counter)
    next(counter)
    return next(counter)


def counting_in_steps():
    counter = itertools.count(10, 5)
    return next(counter) + next(counter) + next(counter)


def counting_beside_a_list():
    return sum(number * value for number, value in zip(itertools.count(1), [5, 6, 7]))


def cycling_with_next():
    sizes = itertools.cycle([3, 5])
    return next(sizes) * 100 + next(sizes) * 10 + next(sizes)


def cycling_beside_a_range():
    return sum(size * index for index, size in zip(range(5), itertools.cycle([1, 10])))


def filtered_and_compressed():
    odd = list(itertools.filterfalse(lambda v: v % 2 == 0, [1, 2, 3, 4]))
    return sum(odd) * 10 + sum(itertools.compress([7, 8, 9], [True, False, 1]))


def slice_of_an_endless_iterator():
    return sum(itertools.islice(itertools.count(2), 1, 8, 3))


def slices_of_one_iterator():
    values = iter([1, 2, 3, 4, 5])
    first = list(itertools.islice(values, 2))
    second = list(itertools.islice(values, 2))
    return sum(first) * 100 + sum(second)


def accumulated_products():
    return list(itertools.accumulate([2, 3, 4], operator.mul))[-1]


def accumulated_from_a_start():
    return sum(itertools.accumulate([1, 2], initial=10))


def chained_lists():
    return len(list(itertools.chain([1], (2, 3), "ab"))) + sum(itertools.chain.from_iterable([[1, 2], [3]]))


def repeated_value():
    return sum(itertools.repeat(4, 3)) + len(list(zip(itertools.repeat(1), "abc")))


def longest_zip():
    return sum(a + b for a, b in itertools.zip_longest([1, 2, 3], [10], fillvalue=5))


def star_map():
    return sum(itertools.starmap(pow, [(2, 3), (3, 2)]))


def pairs_and_copies():
    left, right = itertools.tee([1, 2, 3])
    return sum(b - a for a, b in itertools.pairwise([1, 4, 9])) + sum(left) + sum(right)


def batches_where_python_has_them():
    if not hasattr(itertools, "batched"):
        return 15
    return sum(len(batch) * index for index, batch in enumerate(itertools.batched("abcdefgh", 3), 1))


# -- operator and functools --------------------------------------------------------------------------


def several_items():
    first, last = operator.itemgetter(0, -1)([4, 5, 6])
    return first * 10 + last + operator.itemgetter("a")({"a": 3})


def sorted_by_an_item():
    return sorted([("a", 3), ("b", 1)], key=operator.itemgetter(1))[0][1] + 7


def attributes_of_attributes():
    inner = types.SimpleNamespace(size=4, depth=2)
    outer = types.SimpleNamespace(inner=inner, width=9)
    size, width = operator.attrgetter("inner.size", "width")(outer)
    return size * 10 + width + operator.attrgetter("inner.depth")(outer)


def called_methods():
    return operator.methodcaller("count", "a")("banana") + len(operator.methodcaller("split", "-", maxsplit=1)("a-b-c"))


def partial_of_a_method():
    class Block:
        base = 10

        def scaled(self, factor, extra, plus=0):
            return self.base * factor + extra + plus

        triple = functools.partialmethod(scaled, 3, plus=100)

    return Block().triple(4)


def method_chosen_by_class():
    class Sizes:
        scale = 2

        @functools.singledispatchmethod
        def of(self, value):
            return 1

        @of.register
        def _(self, value: int):
            return value * self.scale

        @of.register(str)
        def _(self, value):
            return len(value) * self.scale

    sizes = Sizes()
    return sizes.of(7) * 100 + sizes.of("abc") * 10 + sizes.of(None)


def parts_of_a_partial():
    part = functools.partial(max, 3, 5, default=7)
    return len(part.args) * 100 + part.keywords["default"] * 10 + part.func(1, 2)


def partial_of_a_partial():
    part = functools.partial(functools.partial(lambda a, b, c: a * 100 + b * 10 + c, 1), 2)
    return part(3) + len(part.args)


def reduced_from_a_start():
    return functools.reduce(lambda total, value: total * 2 + value, [1, 2, 3], 10)


def reduced_nothing():
    return functools.reduce(operator.add, [], 6)


def cached_property_of_an_object():
    class Block:
        width = 3

        @functools.cached_property
        def hidden(self):
            return self.width * 4

    block = Block()
    return block.hidden + block.hidden


def cached_property_runs_once():
    class Block:
        runs = 0

        @functools.cached_property
        def hidden(self):
            self.runs += 1
            return self.runs

    block = Block()
    return block.hidden * 10 + block.hidden + block.runs


# -- collections -------------------------------------------------------------------------------------


def counted_letters():
    counts = Counter("banana")
    return counts["a"] * 100 + counts["n"] * 10 + counts["z"] + len(counts)


def counter_that_grows():
    counts = Counter()
    counts["a"] += 2
    counts["a"] += 3
    counts.update(["b", "a"])
    counts.update({"b": 4})
    return counts["a"] * 10 + counts["b"]


def most_common_letters():
    (letter, count), *_ = Counter("abbccc").most_common(2)
    return count * 10 + len(letter) + len(Counter("abbccc").most_common())


def elements_of_a_counter():
    counts = Counter(a=2, b=3)
    return len(list(counts.elements())) * 10 + counts.total() + sum(counts.values())


def keys_of_a_counter():
    counts = Counter([3, 5, 3])
    return sum(counts) * 10 + (2 if 5 in counts else 1) + (7 if 4 in counts else 0)


def bounded_deque():
    last = deque(maxlen=2)
    for value in (1, 2, 3):
        last.append(value)
    return len(last) * 100 + last[0] * 10 + last[1]


def bounded_deque_from_a_list():
    last = deque([1, 2, 3, 4], 3)
    last.appendleft(9)
    return sum(last) * 10 + last.maxlen


def bounded_deque_extended():
    last = deque([1, 2], maxlen=3)
    last.extend([3, 4, 5])
    last += [6]
    last.extendleft([7])
    return last[0] * 100 + last[1] * 10 + last[2]


def turned_deque():
    turned = deque([1, 2, 3, 4])
    turned.rotate(1)
    first = turned[0]
    turned.rotate(-2)
    return first * 10 + turned[0]


def both_ends_of_a_deque():
    both = deque([2, 3])
    both.extendleft([5, 7])
    both.append(4)
    return both.popleft() * 100 + both.pop() * 10 + len(both)


def moved_to_the_end():
    order = OrderedDict(a=1, b=2, c=3)
    order.move_to_end("a")
    order.move_to_end("c", last=False)
    return int("".join(str(value) for value in order.values()))


def first_and_last_item():
    order = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
    _, first = order.popitem(last=False)
    _, last = order.popitem()
    return first * 100 + last * 10 + len(order)


def chained_dicts():
    own, shared = {"a": 1}, {"a": 5, "b": 7}
    chain = ChainMap(own, shared)
    chain["c"] = 3
    return chain["a"] * 100 + chain["b"] * 10 + own["c"] + len(shared) + chain.get("z", 4)


def sizes_of_chained_dicts():
    chain = ChainMap({"a": 1}, {"a": 5, "b": 7}).new_child({"d": 2})
    return len(chain) * 100 + sum(chain.values()) + (3 if "b" in chain else 1) + len(chain.maps)


def default_dict_of_lists():
    groups = defaultdict(list)
    for index, name in enumerate("abab"):
        groups[name].append(index)
    return sum(groups["b"]) * 10 + len(groups) + defaultdict(int, a=4)["a"]


def named_tuple_of_text():
    Point = namedtuple("Point", "x, y, z")
    point = Point(1, y=2, z=3)
    x, y, z = point
    return x * 100 + y * 10 + z + point[1] + point[-1] + len(Point._fields)


def named_tuple_with_defaults():
    Point = namedtuple("Point", ["x", "y", "z"], defaults=[5, 6])
    return Point(1).y * 10 + Point(1).z + Point(1, 2).y


def named_tuple_changed():
    Point = namedtuple("Point", "x y")
    point = Point._make([3, 4])
    other = point._replace(y=9)
    return other.y * 100 + point.y * 10 + other._asdict()["x"]


def typed_named_tuple():
    class Size(typing.NamedTuple):
        height: int
        width: int = 7

    size = Size._make([2, 7])._replace(height=3)
    return size.height * 10 + size.width + len(size._fields) + sum(size._asdict().values())


def equal_named_tuples():
    Point = namedtuple("Point", "x y")
    return 8 if Point(1, 2) == Point(1, 2) and Point(1, 2) != Point(2, 1) else 3


def named_tuple_beside_a_tuple():
    Point = namedtuple("Point", "x y")
    return 8 if Point(1, 2) == (1, 2) and Point(1, 2) != (1, 3) else 3


def counter_as_a_dict():
    counts = Counter("aab")
    del counts["b"]
    return sum(dict(counts).values()) * 10 + (4 if isinstance(counts, dict) else 3) + counts["b"]


def own_kind_of_dict():
    class Settings(UserDict):
        def total(self):
            return sum(self.data.values())

    settings = Settings({"a": 4})
    settings["b"] = 5
    return settings.total() * 10 + settings["a"] + len(settings)


def dict_that_sets_items_itself():
    class Doubled(UserDict):
        def __setitem__(self, key, value):
            super().__setitem__(key, value * 2)

    doubled = Doubled(a=1)
    doubled["b"] = 2
    return doubled["a"] * 10 + doubled["b"]


def read_only_dict():
    inner = {"a": 3}
    view = types.MappingProxyType(inner)
    inner["b"] = 4
    return view["a"] * 10 + view["b"] + len(view)


# -- dataclasses -------------------------------------------------------------------------------------


@dataclass
class _Inner:
    width: int = 3
    names: list = field(default_factory=lambda: [1, 2])


@dataclass
class _Outer:
    depth: int
    inner: _Inner = field(default_factory=_Inner)


def fields_of_a_dataclass():
    found = dataclasses.fields(_Inner)
    return found[0].default * 10 + len(found) + len(found[1].name)


def fields_by_name():
    outer = _Outer(2)
    return sum(len(each.name) for each in dataclasses.fields(outer)) * 10 + len(_Outer.__dataclass_fields__)


def dataclass_as_a_tuple():
    depth, (width, names) = dataclasses.astuple(_Outer(4))
    return depth * 100 + width * 10 + len(names)


def dataclass_as_a_dict():
    told = dataclasses.asdict(_Outer(4))
    told["inner"]["names"].append(3)
    return told["depth"] * 100 + told["inner"]["width"] * 10 + len(told["inner"]["names"])


def dataclass_replaced():
    before = _Outer(4)
    after = dataclasses.replace(before, depth=6)
    return after.depth * 100 + before.depth * 10 + after.inner.width


def equal_dataclasses():
    return (_Inner() == _Inner()) * 4 + (_Inner(1) != _Inner(2)) * 2 + (_Inner(1) == _Inner(2)) + (_Inner(5) != 3)


def unequal_without_a_written_eq():
    @dataclass(eq=False)
    class Part:
        size: int

    return 6 if Part(1) != Part(1) else 2


def for_the_constructor_alone():
    @dataclass
    class Part:
        size: int
        scale: InitVar[int] = 3
        hidden: int = 0

        def __post_init__(self, scale):
            self.hidden = self.size * scale

    return Part(4).hidden * 100 + Part(4, 5).hidden + len(dataclasses.fields(Part))


def names_of_the_class():
    @dataclass
    class Part:
        registry: typing.ClassVar[int] = 8
        size: int = 1

    return Part(5).size * 10 + Part.registry + len(dataclasses.fields(Part))


def field_that_is_worked_out():
    @dataclass
    class Part:
        size: int
        area: int = field(init=False)
        scale: int = 2

        def __post_init__(self):
            self.area = self.size * self.size

    return Part(4, 3).area * 10 + Part(4, 3).scale


def keywords_only_from_here():
    @dataclass
    class Part:
        first: int
        _: KW_ONLY
        second: int = 2
        third: int = 3

    part = Part(5, third=7)
    return part.first * 100 + part.second * 10 + part.third


def keywords_only_in_the_base():
    @dataclass(kw_only=True)
    class Base:
        name: int = 4

    @dataclass
    class Part(Base):
        size: int = field(kw_only=True, default=6)
        depth: int = 1

    part = Part(9)
    return part.depth * 100 + part.size * 10 + part.name


def fields_of_base_and_part():
    @dataclass
    class Base:
        width: int = 1
        depth: int = 2

    @dataclass
    class Part(Base):
        width: int = 5
        heads: int = 3

    part = Part(7, 8)
    return part.width * 100 + part.depth * 10 + part.heads


# -- contextlib --------------------------------------------------------------------------------------


def null_context_with_a_value():
    with contextlib.nullcontext(4) as size:
        return size * 2


def stack_of_contexts():
    left = []

    class Scope:
        def __init__(self, size):
            self.size = size

        def __enter__(self):
            return self.size

        def __exit__(self, *given):
            left.append(self.size)

    with contextlib.ExitStack() as stack:
        sizes = [stack.enter_context(Scope(size)) for size in (2, 3)]
        before = len(left)
    return sum(sizes) * 100 + left[0] * 10 + len(left) + before


def suppressed_error():
    size = 3
    with contextlib.suppress(KeyError, ValueError):
        size = 5
        size = {}["a"]
    return size


def closed_at_the_end():
    class Resource:
        size = 4

        def close(self):
            self.size = 6

    with contextlib.closing(Resource()) as resource:
        before = resource.size
    return before * 10 + resource.size


def yielded_by_a_manager():
    @contextlib.contextmanager
    def scaled(size):
        try:
            yield size * 3
        finally:
            size = 0

    with scaled(4) as size:
        return size


# -- texts -------------------------------------------------------------------------------------------


def compiled_pattern():
    pattern = re.compile(r"(?P<name>[a-z]+)(?P<size>\d+)")
    found = pattern.match("conv64_3")
    return int(found["size"]) + int(found.group("size")) + len(found.group(1, 2)) + len(found[1]) + found.end()


def searches_with_a_pattern():
    pattern = re.compile(r"\d+")
    found = pattern.search("ab12cd345")
    return int(found[0]) + len(pattern.findall("ab12cd345")) + len(pattern.sub("", "ab12cd345"))


def no_match():
    return 3 if re.compile("x").match("abc") is None and not re.fullmatch("ab", "abc") else 4


def split_and_iterated():
    parts = re.compile(",").split("1,2,3")
    return sum(int(part) for part in parts) * 10 + sum(int(m.group()) for m in re.finditer(r"\d", "a4b5"))


def flags_of_a_pattern():
    flags = re.IGNORECASE | re.M
    return len(re.findall("^a", "A\na\nb", flags)) * 10 + len(re.compile("A", re.I).findall("aAa"))


def escaped_pattern():
    return len(re.findall(re.escape("."), "a.b.c")) + len(re.escape("a.b"))


def groups_by_name():
    return int(re.match(r"(?P<a>\d)(?P<b>\d)", "47").groupdict()["b"])


def numbers_in_json():
    told = json.loads('{"width": 12, "layers": [1, 2, {"depth": 4}], "deep": null}')
    return told["width"] * 10 + told["layers"][2]["depth"] + len(told["layers"])


def text_of_json():
    return len(json.dumps({"a": [1, 2, None], "b": True}))


def parts_of_a_path():
    path = os.path.join("models", "vit", "b16.pt")
    stem, end = os.path.splitext(os.path.basename(path))
    return len(path) * 100 + len(stem) * 10 + len(end) + len(os.path.dirname(path))


def path_objects():
    path = Path("models") / "vit" / "b16.tar.gz"
    return len(path.stem) * 100 + len(path.name) * 10 + len(path.suffix) + len(path.parent.name)


def letters_and_digits():
    return string.ascii_lowercase.index("d") * 10 + len(string.digits) + len(string.ascii_letters)


# -- numbers -----------------------------------------------------------------------------------------


def places_in_a_sorted_list():
    sizes = [1, 3, 3, 7]
    return bisect_left(sizes, 3) * 10 + bisect_right(sizes, 3)


def largest_and_smallest():
    sizes = [4, 9, 1, 7]
    return sum(heapq.nlargest(2, sizes)) * 10 + heapq.nsmallest(1, sizes)[0]


def kept_in_order():
    heap, sizes = [5, 4, 9], [1, 7]
    heapq.heapify(heap)
    heapq.heappush(heap, 2)
    insort(sizes, 3)
    return heapq.heappop(heap) * 100 + heap[0] * 10 + sizes[1]


def means():
    return statistics.mean([2, 4, 6]) * 10 + statistics.median([1, 5, 3])


def functions_of_math():
    whole = math.comb(5, 2) + math.perm(4, 2) + math.gcd(12, 18, 8) + math.lcm(4, 6) + math.factorial(4)
    whole += math.isqrt(17) + math.trunc(3.9) + int(math.copysign(3, -1)) + int(math.dist([0, 0], [3, 4]))
    whole += int(math.hypot(3, 4)) + int(math.log2(8)) + int(math.fsum([0.5, 0.5])) + int(math.fmod(7, 4))
    return whole + int(math.degrees(math.pi)) + (1 if math.isclose(0.1 + 0.2, 0.3) else 0) + math.prod([2, 3], start=4)


def shallow_copy():
    outer = [[1], 2]
    copied = copy.copy(outer)
    copied[0].append(3)
    copied.append(4)
    return len(outer) * 10 + len(outer[0])


def deep_copy():
    outer = {"a": [1], "b": 2}
    copied = copy.deepcopy(outer)
    copied["a"].append(3)
    copied["c"] = 5
    return len(outer) * 10 + len(outer["a"])


def copied_object():
    class Config:
        def __init__(self):
            self.sizes = [1]
            self.width = 4

    config = Config()
    other = copy.copy(config)
    other.width = 6
    other.sizes.append(2)
    return config.width * 100 + other.width * 10 + len(config.sizes)


# -- numpy -------------------------------------------------------------------------------------------


def array_times_a_number():
    doubled = np.array([2, 3]) * 2
    return int(doubled[0] * 10 + doubled[1] + len(doubled))


def arithmetic_of_arrays():
    left, right = np.array([7, 9]), np.array([2, 3])
    found = [*(left + right), *(left - right), *(left // right), *(left % right), *(right ** 2), *(10 - left)]
    return int(sum(found)) + int((left / right)[1])


def array_with_rows():
    table = np.array([[1, 2, 3], [4, 5, 6]])
    return int(table.shape[0] * 100 + table.size * 10 + (table + 1)[1][2] + table.sum())


def array_as_a_list():
    return len(np.array([1, 2]).tolist() * 2) + sum(np.array([[1, 2], [3, 4]]).tolist()[1])


def reductions_of_an_array():
    sizes = np.array([2, 3, 4])
    return int(sizes.sum() + sizes.prod() + sizes.max() * 10 + sizes.min() + sizes.mean())


def reductions_of_a_list():
    return int(np.sum([1, 2]) + np.prod((2, 3)) * 10 + np.max([4, 9]) + np.min([4, 9]) + np.cumsum([1, 2, 3])[-1])


def array_of_another_type():
    halves = np.array([2.5, 3.5]).astype(int)
    return int(halves[0]) * 10 + int(halves.sum()) + int(np.array([1, 2.5])[1] * 2)


def made_arrays():
    made = [np.arange(4), np.arange(2, 8, 3), np.zeros(3), np.ones((2, 3)), np.linspace(0, 8, 5)]
    return int(sum(each.sum() for each in made)) + len(made[-1]) + made[3].size


def spaced_arrays():
    return int(np.logspace(0, 2, 3).sum()) + int(np.geomspace(1, 1000, 4)[-1]) + int(np.geomspace(2, 5, 3)[1] * 10)


def array_changed_in_place():
    sizes = np.array([1, 2])
    other = sizes
    sizes += 3
    sizes *= 2
    sizes[0] = 5.9
    return int(other[0]) * 100 + int(other[1])


def list_plus_an_array():
    both = [1, 2]
    both += np.array([10, 20])
    return int(both.sum())


def function_of_a_list():
    return int(np.sqrt([4, 9])[1])


def values_of_an_array():
    total = 1
    for size in np.array([2, 3]) * 5:
        total *= int(size)
    return total


def function_of_an_array():
    return int(np.sqrt(np.array([4, 9])).sum()) + int(np.floor(np.array([2.5]))[0])
