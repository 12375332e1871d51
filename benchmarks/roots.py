"""What the roots of a tree cost, and which of them tell something new: `python benchmarks/roots.py TREE`.

A root is what is run as a model of its own: a function, a script or a class. Prints the seconds of CPU of all of them,
of those that told of a layer, of those that told what none before them had, and of the cheapest found that tell all
there is: what a choice that knew everything beforehand would still cost. The last two with and without the numbers
(gains), which depend on sizes. Each also as a ratio to `libcst.parse_module` of the files that mention torch.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import initlint
from initlint.config import Configuration
from initlint.model.report import Sighting
from initlint.work.bench import Told, interruptible


@dataclass(frozen=True, slots=True)
class Cost:
    """What a root told, and the seconds of CPU that it took."""

    told: Told
    seconds: float


class Watch(Executor):
    """Runs all work at once, in this process, and times each root."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        stamps: list[float] = []
        with interruptible(lambda: stamps.append(time.process_time())):
            result = fn(*args, **kwargs)
        stamps.append(time.process_time())
        told = list(_told(result))
        if len(told) == len(stamps) - 1:
            for each, (start, end) in zip(told, pairwise(stamps), strict=True):
                self.costs.append(Cost(each, end - start))
        future: Future[Any] = Future()
        future.set_result(result)
        return future


def _told(result: Any) -> Iterator[Told]:
    """What a piece of work tells, root by root."""
    if isinstance(result, Told):
        yield result
    elif isinstance(result, list | tuple):
        for each in result:
            yield from _told(each)


def _facts(sightings: Iterable[Sighting], numbers: bool) -> set[object]:
    """What is told of layers, those of one attribute taken together."""
    found: set[object] = set()
    for each in sightings:
        layer = each.owner_file, each.owner, re.sub(r"\d+", "*", each.path), each.site.line
        found.add(layer)
        found.update((layer, "activation", activation.name) for activation in each.activations)
        found.update((layer, "init", init.function) for init in each.inits)
        if numbers:
            found.update((layer, "gain", round(init.gain, 3)) for init in each.inits if init.gain is not None)
    return found


def _new(costs: Sequence[tuple[Cost, set[object]]]) -> list[Cost]:
    """The roots that tell what none before them told."""
    seen: set[object] = set()
    found = []
    for cost, facts in costs:
        if not facts <= seen:
            found.append(cost)
            seen |= facts
    return found


def _cheapest(costs: Sequence[tuple[Cost, set[object]]]) -> list[Cost]:
    """Roots that tell everything, always the one next that tells most for its seconds."""
    rest = [each for each in costs if each[1]]
    missing = set[object]().union(*(facts for _, facts in rest))
    found = []
    while missing:
        best = max(rest, key=lambda each: len(each[1] & missing) / max(each[0].seconds, 1e-6))
        found.append(best[0])
        missing -= best[1]
        rest.remove(best)
    return found


def _parsing(tree: Path) -> float:
    import libcst

    texts = [path.read_text() for path in sorted(tree.rglob("*.py")) if b"torch" in path.read_bytes()]
    start = time.process_time()
    for text in texts:
        libcst.parse_module(text)
    return time.process_time() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    options = parser.parse_args()
    parsing = _parsing(options.tree)
    watch = Watch()
    configuration = Configuration({"cache": False}, isolated=True)
    initlint.show_layers([options.tree], configuration=configuration, executor=watch)
    print(f"libcst.parse_module: {parsing:.1f} s of CPU; ratios are to it")
    _row("all roots", watch.costs, parsing)
    _row("that told of a layer", [cost for cost in watch.costs if cost.told.sightings], parsing)
    for numbers in (True, False):
        costs = [(cost, _facts(cost.told.sightings, numbers)) for cost in watch.costs]
        what = "" if numbers else ", gains aside"
        _row(f"that told something new{what}", _new(costs), parsing)
        _row(f"the cheapest that tell all{what}", _cheapest(costs), parsing)
    return 0


def _row(what: str, costs: Sequence[Cost], parsing: float) -> None:
    seconds = sum(cost.seconds for cost in costs)
    print(f"{what:45} {len(costs):6} roots {seconds:8.1f} s {seconds / parsing:6.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
