"""The one thread in which what takes long is waited for. The event loop never waits: hover and typing go on while a
model is traced."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

STACK: Final = 256 * 1024 * 1024
"""Address space, not memory: deep traces recurse further than the few hundred KB some systems give a thread."""


class Cancelled(BaseException):
    """Raised inside a job that is to stop: nobody waits for it any more, or it makes room for another. No `Exception`:
    what guards a part of the work against its own mistakes must let it through."""


class Died(Exception):
    """Raised inside a job whose process has ended under it. The job is begun anew, once."""


@dataclass
class Token:
    """Says whether a job is still wanted. `check` is called between roots and between files."""

    _cancelled: threading.Event = field(default_factory=threading.Event)
    _in_the_way: threading.Event = field(default_factory=threading.Event)
    _call: Callable[[], object] | None = None

    @contextmanager
    def calling(self, call: Callable[[], object]) -> Iterator[None]:
        """Calls `call` when the job is to stop, as long as this lasts."""
        self._call = call
        try:
            self.check()
            yield
        finally:
            self._call = None

    def cancel(self) -> None:
        self._cancelled.set()
        self._told()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def make_room(self) -> None:
        """The job is to stop where it is, and to be started anew later."""
        self._in_the_way.set()
        self._told()

    def _told(self) -> None:
        call = self._call
        if call is not None:
            call()

    def note(self, *values: object) -> None:
        """Tells whoever waits for the job how it gets on."""

    def started(self) -> None:
        self._in_the_way.clear()

    def check(self, *_: object) -> None:
        """Raises `Cancelled`. Takes what a progress callback takes."""
        if self._cancelled.is_set() or self._in_the_way.is_set():
            raise Cancelled


@dataclass
class _Job(Generic[T]):
    work: Callable[[Token], T]
    token: Token
    done: asyncio.Future[T]
    later: bool


class Worker:
    """Runs jobs one after the other in order of their coming. Those that can wait come after all others, and make room
    for them."""

    def __init__(self) -> None:
        self._jobs: deque[_Job[Any]] = deque()
        self._later: deque[_Job[Any]] = deque()
        self._ready = threading.Condition()
        self._thread: threading.Thread | None = None
        self._current: _Job[Any] | None = None
        self._stopped = False

    def submit(
        self, work: Callable[[Token], T], token: Token | None = None, *, later: bool = False
    ) -> asyncio.Future[T]:
        """A future with what `work` returns. Cancelling it cancels the job, under way or not."""
        loop = asyncio.get_running_loop()
        job = _Job(work, token or Token(), loop.create_future(), later)
        job.done.add_done_callback(lambda done: job.token.cancel() if done.cancelled() else None)
        with self._ready:
            if self._stopped:
                job.done.cancel()
                return job.done
            (self._later if later else self._jobs).append(job)
            if self._current is not None and self._current.later and not later:
                self._current.token.make_room()
            if self._thread is None:
                self._thread = self._started()
            self._ready.notify()
        return job.done

    def stop(self) -> None:
        """Cancels everything. The thread ends by itself, between two roots at the latest."""
        with self._ready:
            self._stopped = True
            waiting = [*self._jobs, *self._later, *([self._current] if self._current is not None else [])]
            self._jobs.clear()
            self._later.clear()
            self._ready.notify()
        for job in waiting:
            job.token.cancel()

    def _started(self) -> threading.Thread:
        before = threading.stack_size(STACK)
        try:
            thread = threading.Thread(target=self._run, name="initlint", daemon=True)
            thread.start()
        finally:
            threading.stack_size(before)
        return thread

    def _run(self) -> None:
        while True:
            with self._ready:
                while not (self._jobs or self._later or self._stopped):
                    self._ready.wait()
                if self._stopped:
                    return
                job = self._current = (self._jobs or self._later).popleft()
                job.token.started()
            try:
                job.token.check()
                try:
                    result = job.work(job.token)
                except Died:
                    result = job.work(job.token)
            except Cancelled:
                if job.token.cancelled:
                    self._tell(job, job.done.cancel)
                else:
                    self._later.appendleft(job)
            except Exception as error:
                self._tell(job, partial(_settle, job, None, error))
            else:
                self._tell(job, partial(_settle, job, result))
            with self._ready:
                self._current = None

    @staticmethod
    def _tell(job: _Job[Any], action: Callable[[], object]) -> None:
        try:
            job.done.get_loop().call_soon_threadsafe(action)
        except RuntimeError:
            return                          # the loop is closed: nobody waits


def _settle(job: _Job[Any], result: object, error: Exception | None = None) -> None:
    if job.done.done():
        return
    if error is not None:
        job.done.set_exception(error)
    else:
        job.done.set_result(result)
