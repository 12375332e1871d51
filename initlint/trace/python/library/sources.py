"""Classes and functions of Python's library as Python source, for the interpreter to read. They give the same values;
what only concerns errors and performance is left out."""

from __future__ import annotations

PARTIAL_METHOD = '''
def partialmethod(function, /, *args, **keywords):
    def method(self, *more, **over):
        return function(self, *args, *more, **{**keywords, **over})
    return method
'''

DISPATCHING_METHOD = '''
def dispatching(choose):
    def method(self, *args, **kwargs):
        return choose(self, *args, **kwargs)
    method.register = choose.register
    return method
'''

COUNTER = '''
class Counter(dict):
    def __init__(self, iterable=(), /, **kwds):
        super().__init__()
        self.update(iterable, **kwds)

    def __getitem__(self, key):
        return self.get(key, 0)

    def _add(self, key, count):
        self[key] = self[key] + count

    def update(self, iterable=(), /, **kwds):
        if hasattr(iterable, "items"):
            for key, count in iterable.items():
                self._add(key, count)
        elif iterable is not None:
            for key in iterable:
                self._add(key, 1)
        for key, count in kwds.items():
            self._add(key, count)

    def subtract(self, iterable=(), /, **kwds):
        if hasattr(iterable, "items"):
            for key, count in iterable.items():
                self._add(key, -count)
        elif iterable is not None:
            for key in iterable:
                self._add(key, -1)
        for key, count in kwds.items():
            self._add(key, -count)

    def most_common(self, n=None):
        ranked = sorted(self.items(), key=lambda pair: pair[1], reverse=True)
        return ranked if n is None else ranked[:n]

    def elements(self):
        return iter([key for key, count in self.items() for _ in range(count)])

    def total(self):
        return sum(self.values())

    def copy(self):
        return Counter(self)

    def __add__(self, other):
        both = Counter()
        for key, count in self.items():
            if count + other[key] > 0:
                both[key] = count + other[key]
        for key, count in other.items():
            if key not in self and count > 0:
                both[key] = count
        return both

    def __sub__(self, other):
        rest = Counter()
        for key, count in self.items():
            if count - other[key] > 0:
                rest[key] = count - other[key]
        for key, count in other.items():
            if key not in self and count < 0:
                rest[key] = -count
        return rest
'''

CHAIN_MAP = '''
from collections.abc import MutableMapping


class ChainMap(MutableMapping):
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def _merged(self):
        found = {}
        for mapping in reversed(self.maps):
            for key, value in mapping.items():
                found[key] = value
        return found

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError

    def get(self, key, default=None):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        return default

    def __contains__(self, key):
        return any([key in mapping for mapping in self.maps])

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        del self.maps[0][key]

    def update(self, other=(), /, **kwargs):
        self.maps[0].update(other, **kwargs)

    def __len__(self):
        return len(self._merged())

    def __iter__(self):
        return iter(self._merged())

    def keys(self):
        return self._merged().keys()

    def values(self):
        return self._merged().values()

    def items(self):
        return self._merged().items()

    def new_child(self, m=None, **kwargs):
        return ChainMap({**({} if m is None else m), **kwargs}, *self.maps)

    @property
    def parents(self):
        return ChainMap(*self.maps[1:])
'''

NULL_CONTEXT = '''
class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass
'''

CLOSING = '''
class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *excinfo):
        self.thing.close()
'''

SUPPRESS = '''
class suppress:
    def __init__(self, *exceptions):
        self.exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, *excinfo):
        pass
'''

EXIT_STACK = '''
class ExitStack:
    def __init__(self):
        self._left = []

    def __enter__(self):
        return self

    def enter_context(self, manager):
        value = manager.__enter__()
        self._left.append(lambda: manager.__exit__(None, None, None))
        return value

    def callback(self, function, /, *args, **kwargs):
        self._left.append(lambda: function(*args, **kwargs))
        return function

    def push(self, leave):
        self._left.append(lambda: leave.__exit__(None, None, None))
        return leave

    def pop_all(self):
        stack = ExitStack()
        stack._left, self._left = self._left, []
        return stack

    def close(self):
        while self._left:
            self._left.pop()()

    def __exit__(self, *excinfo):
        self.close()
'''
