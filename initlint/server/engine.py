"""The process that lints: parsing and tracing hold an interpreter's lock, and hovers must not wait for it.

Jobs and answers go through its standard input and output, each a number, a length and a pickle. It ends with the
server, however that ends: by then its input is closed. One that dies is followed by another with the next job.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import IO, Any, Final, TypeVar

from initlint.server.worker import Cancelled, Died, Token
from initlint.work.bench import interruptible

T = TypeVar("T")

IDLE: Final = 1.0
"""Seconds without a job, after which what the last ones left is cleared away: whole programs, that hold themselves."""
LITTER: Final = 24
"""Jobs after which it is cleared away in any case."""
_HEAD: Final = struct.Struct("!QQ")
_START: Final = "import sys; sys.path[:] = {path!r}; from initlint.server.engine import serve; serve()"


class Engine:
    """Runs functions in a process of its own, one at a time; it keeps what they leave there."""

    def __init__(self) -> None:
        self._generation = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._last = 0
        self._turn = threading.Lock()
        self._sending = threading.Lock()
        self._stopped = False

    def run(
        self, token: Token, function: Callable[..., T], *args: object, noted: Callable[..., None] | None = None
    ) -> T:
        """What `function(token, *args)` returns there; the job ends early where `token` says so. `noted` is called
        with what it notes on the way. Raises Cancelled, Died, or RuntimeError for what the function raised."""
        job = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
        with self._turn:
            process = self._running()
            self._last += 1
            number = self._last
            with token.calling(lambda: self._send(process, number, b"")):
                self._send(process, number, job)
                while True:
                    kind, value = self._answer(process, number)
                    if kind == "note" and noted is not None:
                        noted(*value)
                    elif kind == "done":
                        found: T = value
                        return found
                    elif kind == "cancelled":
                        raise Cancelled
                    elif kind == "failed":
                        raise RuntimeError(value)

    def generation(self) -> int:
        """Counts the processes, up to that of the next job: a new one knows nothing of what went before."""
        with self._turn:
            self._running()
            return self._generation

    def stop(self) -> None:
        """Ends the process."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if self._stopped:
            raise Cancelled
        if process is None or process.poll() is not None:
            command = [sys.executable, "-c", _START.format(path=sys.path)]
            process = self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._generation += 1
            if self._stopped:
                process.kill()
        return process

    def _send(self, process: subprocess.Popen[bytes], number: int, payload: bytes) -> None:
        """Nobody reads what is sent to a dead process: that shows where the answer is waited for."""
        assert process.stdin is not None
        with self._sending, contextlib.suppress(OSError, ValueError):
            _write(process.stdin, number, payload)

    def _answer(self, process: subprocess.Popen[bytes], number: int) -> tuple[str, Any]:
        assert process.stdout is not None
        while True:
            found = _read(process.stdout)
            if found is None:
                process.kill()
                process.wait()
                if self._stopped:
                    raise Cancelled
                raise Died("the process that lints has died")
            if found[0] == number:
                kind, value = pickle.loads(found[1])
                return kind, value


def _write(stream: IO[bytes], number: int, payload: bytes) -> None:
    stream.write(_HEAD.pack(number, len(payload)))
    stream.write(payload)
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[int, bytes] | None:
    """The next message; None where there is none, or only a part of one."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    number, length = _HEAD.unpack(head)
    payload = stream.read(length)
    return (number, payload) if len(payload) == length else None


# -- on the other side ------------------------------------------------------------------------------


class _Remote(Token):
    """The token of a job in the process that does it."""

    def __init__(self, number: int, stopped: set[int], answer: Callable[[int, str, object], None]) -> None:
        super().__init__()
        self._number = number
        self._stopped = stopped
        self._answer = answer

    def check(self, *_: object) -> None:
        if self._number in self._stopped:
            raise Cancelled

    def note(self, *values: object) -> None:
        self._answer(self._number, "note", values)


def serve() -> None:
    """Does one job after the other, until its input ends."""
    jobs: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
    stopped: set[int] = set()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)                           # whatever prints must not print into the answers

    def answer(number: int, kind: str, value: object) -> None:
        _write(out, number, pickle.dumps((kind, value), pickle.HIGHEST_PROTOCOL))

    def listen() -> None:
        while (found := _read(sys.stdin.buffer)) is not None:
            if found[1]:
                jobs.put(found)
            else:
                stopped.add(found[0])
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    done = 0
    while True:
        try:
            if done == LITTER:
                raise queue.Empty
            number, payload = jobs.get(timeout=IDLE if done else None)
        except queue.Empty:
            gc.collect()
            done = 0
            continue
        done += 1
        token = _Remote(number, stopped, answer)
        try:
            function, args = pickle.loads(payload)
            with interruptible(token.check):
                token.check()
                result = function(token, *args)
            answer(number, "done", result)
        except Cancelled:
            answer(number, "cancelled", None)
        except Exception:
            answer(number, "failed", traceback.format_exc())
        stopped.discard(number)
