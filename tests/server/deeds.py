"""What the tests have the engine do: functions that its process can import."""

from __future__ import annotations

import os
import signal
import time

from initlint.server.worker import Token

_seen: list[str] = []


def who(token: Token) -> int:
    return os.getpid()


def remember(token: Token, word: str) -> list[str]:
    """All words so far."""
    _seen.append(word)
    return list(_seen)


def chatter(token: Token) -> str:
    print("this must not reach the answers", flush=True)
    os.write(1, b"nor this\n")
    return "done"


def fail(token: Token) -> None:
    raise ZeroDivisionError("nothing left")


def wait(token: Token) -> None:
    """Says that it has begun, and goes on until it is to stop."""
    token.note("begun")
    while True:
        token.check()
        time.sleep(0.01)


def die(token: Token) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def count(token: Token, number: int) -> int:
    for step in range(number):
        token.note(step, number)
    return number
