"""`bisect`, `heapq` and `statistics` on plain numbers."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from initlint.trace.machine.values import ListV, Raised, UnknownV, Value
from initlint.trace.python.library.registry import every_element, library

if TYPE_CHECKING:
    from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs

_BISECT: Final = {"bisect_left": bisect.bisect_left, "bisect_right": bisect.bisect_right, "bisect": bisect.bisect}
_EXTREMES: Final = {"nlargest": heapq.nlargest, "nsmallest": heapq.nsmallest}
_STATISTICS: Final = ("mean", "fmean", "median", "mode", "stdev", "pstdev", "variance", "pvariance")


def _numbers(interpreter: Interpreter, value: Value) -> list[int | float] | None:
    """The elements of an iterable of plain numbers; None where it is anything else."""
    values = every_element(interpreter, value)
    return values if values is not None and all(isinstance(each, int | float) for each in values) else None


def _bisecting(name: str) -> None:
    @library(f"bisect.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        found = _numbers(interpreter, args[0])
        if found is None or kwargs or not all(isinstance(arg, int | float) for arg in args[1:]):
            return UnknownV("a place among things that are not known")
        return _BISECT[name](found, *args[1:])


def _extreme(name: str) -> None:
    @library(f"heapq.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        found = _numbers(interpreter, args[1])
        if found is None or kwargs or len(args) > 2 or not isinstance(args[0], int):
            return UnknownV("the extremes of something unknown")
        return ListV(_EXTREMES[name](args[0], found))


def _statistic(name: str) -> None:
    @library(f"statistics.{name}")
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        import statistics

        found = _numbers(interpreter, args[0])
        if found is None or kwargs or len(args) > 1:
            return UnknownV(f"{name} of something unknown")
        try:
            return getattr(statistics, name)(found)
        except (statistics.StatisticsError, ArithmeticError):
            raise Raised("StatisticsError") from None


def _ordering(name: str, function: Callable[..., Any]) -> None:
    """A function that takes from a list, or puts into it, what keeps its order."""

    @library(name)
    def run(interpreter: Interpreter, args: Args, kwargs: Kwargs) -> Value:
        target = args[0]
        if type(target) is not ListV or target.kind != "list":
            return UnknownV("something unknown that is kept in order")
        found = _numbers(interpreter, target)
        in_loop = target.box.serial < interpreter.loop_start
        if found is None or kwargs or in_loop or not all(isinstance(arg, int | float) for arg in args[1:]):
            interpreter.heap.put(target.box, "items", [UnknownV("an element kept in order")] * len(target.items))
            interpreter.heap.put(target.box, "open", True)
            return UnknownV("an element kept in order")
        try:
            result = function(found, *args[1:])
        except IndexError:
            raise Raised("IndexError") from None
        interpreter.heap.put(target.box, "items", found)
        return result


for _name in _BISECT:
    _bisecting(_name)
for _name in _EXTREMES:
    _extreme(_name)
for _name in _STATISTICS:
    _statistic(_name)
for _name in ("heapify", "heappush", "heappop", "heappushpop", "heapreplace"):
    _ordering(f"heapq.{_name}", getattr(heapq, _name))
for _name in ("insort", "insort_left", "insort_right"):
    _ordering(f"bisect.{_name}", getattr(bisect, _name))
