"""Who does the work: this process, processes of our own, or any executor that the caller brings."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from typing import Any, Final, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

BATCHES: Final = 8
"""Batches of work for each worker: small enough to even out, large enough to share modules."""

ATTEMPTS: Final = 3
"""How often a file is tried by itself after its batch was lost."""


class Lanes(Executor):
    """Processes that each keep to their share of the files while they have any left, so that what a module's execution
    has cost is paid once.

    A lane whose process has died is opened anew by the next piece of work.
    """

    def __init__(self, number: int) -> None:
        self.number: Final = number
        self._lanes: list[ProcessPoolExecutor | None] = [None] * number
        self._last = -1

    def lane(self, number: int) -> ProcessPoolExecutor:
        pool = self._lanes[number]
        if pool is not None and getattr(pool, "_broken", False):
            pool.shutdown(wait=False)
            pool = None
        if pool is None:
            pool = self._lanes[number] = ProcessPoolExecutor(1, initializer=_die_quietly)
        return pool

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """To each lane in turn."""
        self._last = (self._last + 1) % self.number
        return self.lane(self._last).submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for pool in self._lanes:
            if pool is not None:
                pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _die_quietly() -> None:
    """In a worker: Ctrl-C ends it without a traceback, the parent has the say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Team:
    """Does jobs about files, and gives the results back in order."""

    def __init__(self, executor: Executor | None, weights: dict[str, int]) -> None:
        self._executor = executor
        self._lane_of: dict[str, int] = {}
        if isinstance(executor, Lanes):
            loads = [0] * executor.number
            for path in sorted(weights, key=lambda path: (-weights[path], path)):
                lane = loads.index(min(loads))
                loads[lane] += weights[path]
                self._lane_of[path] = lane

    def run(
        self,
        function: Callable[[Job], list[Result]],
        items: Sequence[tuple[str, Any]],
        job_of: Callable[[Sequence[tuple[str, Any]]], Job],
        lost: Callable[[str, str], Result],
        done: Callable[[int], None] = lambda count: None,
    ) -> list[Result]:
        """The result for each of `items` (a file, and what to do with it), which `job_of` packs into jobs.

        A batch whose worker dies is done again file by file; what then kills every worker it is given is `lost`,
        with the file and a reason.
        """
        if self._executor is None:
            found = []
            for item in items:
                found += function(job_of([item]))
                done(1)
            return found
        results: dict[int, Result] = {}
        for batch, future in self._submitted(function, job_of, items):
            try:
                results.update(zip(batch, future.result(), strict=True))
            except Exception:
                for place in batch:
                    results[place] = self._alone(function, job_of, items, place, lost)
            done(len(batch))
        return [results[place] for place in range(len(items))]

    def _alone(
        self,
        function: Callable[[Job], list[Result]],
        job_of: Callable[[Sequence[tuple[str, Any]]], Job],
        items: Sequence[tuple[str, Any]],
        place: int,
        lost: Callable[[str, str], Result],
    ) -> Result:
        """One item by itself, more than once: a worker may die of what others gave it."""
        reason, lane = "", self._lane_of.get(items[place][0], 0)
        for _ in range(ATTEMPTS):
            try:
                return self._submit(function, job_of, items, [place], lane).result()[0]
            except Exception as error:
                reason = f"{type(error).__name__}: {error}".rstrip(": ")
        return lost(items[place][0], reason)

    def _submitted(
        self,
        function: Callable[[Job], list[Result]],
        job_of: Callable[[Sequence[tuple[str, Any]]], Job],
        items: Sequence[tuple[str, Any]],
    ) -> Iterator[tuple[list[int], Future[list[Result]]]]:
        """The places of items that go together, each with what comes of them. A foreign executor is given all at once,
        lanes of our own one after the other."""
        waiting = self._shares(items)
        if not isinstance(self._executor, Lanes):
            yield from [(batch, self._submit(function, job_of, items, batch, 0)) for batch in waiting[0]]
            return
        running: dict[Future[list[Result]], tuple[list[int], int]] = {}

        def go_on(lane: int) -> None:
            """Begins a lane's next batch, or when it has none the last one of the lane that has most left."""
            batches = waiting[lane] or max(waiting, key=len)
            if batches:
                batch = batches.popleft() if batches is waiting[lane] else batches.pop()
                running[self._submit(function, job_of, items, batch, lane)] = batch, lane

        for lane in sorted(range(len(waiting)), key=lambda lane: not waiting[lane]):     # those with work of their own
            go_on(lane)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                batch, lane = running.pop(future)
                go_on(lane)
                yield batch, future

    def _shares(self, items: Sequence[tuple[str, Any]]) -> list[deque[list[int]]]:
        """Places of items that go together, neighbours, by lane; those of a foreign executor share one."""
        if isinstance(self._executor, Lanes):
            lanes = workers = self._executor.number
        else:
            lanes, workers = 1, getattr(self._executor, "_max_workers", None) or cores()
        size = max(1, -(-len(items) // (workers * BATCHES)))
        shares: list[list[int]] = [[] for _ in range(lanes)]
        for place, (path, _) in enumerate(items):
            shares[self._lane_of.get(path, 0)].append(place)
        return [deque(share[at : at + size] for at in range(0, len(share), size)) for share in shares]

    def _submit(
        self,
        function: Callable[[Job], list[Result]],
        job_of: Callable[[Sequence[tuple[str, Any]]], Job],
        items: Sequence[tuple[str, Any]],
        batch: Sequence[int],
        lane: int,
    ) -> Future[list[Result]]:
        assert self._executor is not None
        job = job_of([items[place] for place in batch])
        try:
            if isinstance(self._executor, Lanes):
                return self._executor.lane(lane).submit(function, job)
            return self._executor.submit(function, job)
        except Exception as error:      # a pool refuses work once it has noticed that a worker died
            refused: Future[list[Result]] = Future()
            refused.set_exception(error)
            return refused
