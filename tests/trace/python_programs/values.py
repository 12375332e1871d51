"""Sets, dicts, texts, functions, loops and exceptions."""

from __future__ import annotations

from contextlib import contextmanager
from types import MethodType

MADE = [lambda number=number: number + 1 for number in range(3)]
SCHEMES = [1]


@contextmanager
def _scheme(number):
    SCHEMES.append(number)
    try:
        yield 10 * number
    finally:
        SCHEMES.pop()


@contextmanager
def _quiet():
    try:
        yield
    except KeyError:
        SCHEMES[0] = 5


class _Error(ValueError):
    pass


def functions_that_a_loop_made():
    return 100 * MADE[2]() + MADE[0]()


def a_set_holds_each_once():
    return len({number % 2 for number in range(5)}) + 10 * len({1, 2}) + 100 * len(set("aab") | {"a", "c"})


def operators_of_sets():
    small, large = {1, 2}, {2, 3, 4}
    small |= {5}
    return len(small & large) + 10 * len(large - small) + 100 * len(small ^ large)


def comparisons_of_sets():
    return 1 + ({1, 2} == {2, 1}) + 2 * ({1} <= {1, 2}) + 4 * ({1, 2} < {1, 2}) + 8 * {1}.isdisjoint({2})


def a_set_takes_and_gives():
    found = {1}
    found.add(1)
    found.update([2, 2])
    found.discard(1)
    return 10 * len(found) + (2 in found)


def keys_as_a_set():
    return len({"a": 1, "b": 2}.keys() & {"b", "c"}) + 10 * len({"a": 1}.keys() | {"c"})


def equal_dicts():
    return 1 + ({"a": 1, "b": 2} == {"b": 2, "a": 1}) + 2 * ({"a": 1} == {"a": 2}) + 4 * ({"a": 1} != {})


def the_last_item_of_a_dict():
    given = {"a": 1, "b": 5}
    key, value = given.popitem()
    return value + len(given) + (key == "b")


def keys_with_one_value():
    return sum(dict.fromkeys("abc", 4).values())


def methods_by_their_type():
    return len(list(map(str.upper, ["a", "b"]))) + len("".join(map(str.strip, [" ab ", "c"])))


def the_largest_by_a_key():
    return max([3, -7, 5], key=abs) * -1 + min(5, 6, key=lambda number: -number)


def written_with_percent():
    return len("layer%d.%s" % (12, "weight"))  # noqa: UP031


def written_with_a_format():
    return len(f"{'a':>4}|{3.14159:.2f}|{7:03d}|{'x'!r}")


def a_union_of_types():
    return sum(isinstance(each, int | float) for each in [1, "a", 2.5]) + 1


def caught_by_its_base():
    try:
        raise _Error("too wide")
    except ValueError:
        return 3


def not_caught_by_another():
    found = 1
    try:
        try:
            raise _Error
        except KeyError:
            found = 5
        finally:
            found += 1
    except Exception:
        return found * 10
    return found


def what_a_manager_sets_holds_in_the_body():
    before = SCHEMES[-1]
    with _scheme(3) as given, _scheme(4):
        inside = SCHEMES[-1]
    return 1000 * before + 100 * inside + given + SCHEMES[-1]


def a_body_that_returns():
    def inner():
        with _scheme(6):
            for number in range(5):
                if number == 2:
                    return SCHEMES[-1] + number
        return 1

    return inner() + 100 * len(SCHEMES)


def an_exception_that_a_manager_takes():
    with _quiet():
        {}["missing"]
    taken = SCHEMES[0]
    SCHEMES[0] = 1
    return taken


def a_function_made_a_method():
    class Holder:
        width = 3

    holder = Holder()
    holder.scaled = MethodType(lambda self, factor: factor * self.width, holder)
    return holder.scaled(4)
