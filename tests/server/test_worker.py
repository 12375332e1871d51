"""The worker: order, cancelling, making room, and the end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from initlint.config import Configuration
from initlint.lint import lint
from initlint.server.worker import Cancelled, Token, Worker
from initlint.syntax.source import Source
from initlint.work.bench import interruptible


@pytest.mark.asyncio
async def test_jobs_run_in_order_off_the_event_loop() -> None:
    worker = Worker()
    seen: list[int] = []
    jobs = [worker.submit(lambda token, number=number: seen.append(number)) for number in range(5)]  # type: ignore[misc]
    await asyncio.gather(*jobs)
    assert seen == list(range(5))
    assert await worker.submit(lambda token: threading.current_thread().name) == "initlint"
    worker.stop()


@pytest.mark.asyncio
async def test_what_a_job_raises_comes_back() -> None:
    worker = Worker()
    with pytest.raises(ZeroDivisionError):
        await worker.submit(lambda token: 1 // 0)
    assert await worker.submit(lambda token: 1) == 1
    worker.stop()


@pytest.mark.asyncio
async def test_a_job_under_way_is_given_up() -> None:
    worker, begun, token = Worker(), threading.Event(), Token()

    def endless(token: Token) -> None:
        begun.set()
        while True:
            token.check()

    job = worker.submit(endless, token)
    await asyncio.to_thread(begun.wait)
    token.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert await worker.submit(lambda token: 1) == 1
    worker.stop()


@pytest.mark.asyncio
async def test_a_job_that_nobody_waits_for_is_not_begun() -> None:
    worker, hold, seen = Worker(), threading.Event(), list[str]()
    first = worker.submit(lambda token: hold.wait())
    second = worker.submit(lambda token: seen.append("second"))
    second.cancel()
    await asyncio.sleep(0)
    hold.set()
    await first
    await worker.submit(lambda token: None)
    assert seen == []
    worker.stop()


@pytest.mark.asyncio
async def test_a_job_that_can_wait_makes_room_and_is_begun_anew() -> None:
    worker, begun, seen = Worker(), threading.Event(), list[str]()
    rest = [False]

    def patient(token: Token) -> str:
        seen.append("begun")
        begun.set()
        while not rest[0]:
            token.check()
        return "done"

    def urgent(token: Token) -> None:
        seen.append("urgent")
        rest[0] = True

    job = worker.submit(patient, later=True)
    await asyncio.to_thread(begun.wait)
    await worker.submit(urgent)
    assert await job == "done"
    assert seen == ["begun", "urgent", "begun"]
    worker.stop()


@pytest.mark.asyncio
async def test_stopping_ends_everything() -> None:
    worker, begun = Worker(), threading.Event()

    def endless(token: Token) -> None:
        begun.set()
        while True:
            token.check()

    job = worker.submit(endless)
    await asyncio.to_thread(begun.wait)
    worker.stop()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert worker.submit(lambda token: 1).cancelled()


@pytest.mark.asyncio
async def test_deep_recursion_has_room() -> None:
    def deep(number: int) -> int:
        return 0 if number == 0 else 1 + max([deep(number - 1)], key=lambda found: found)

    def work(token: Token) -> int:
        return deep(300)

    worker = Worker()
    assert await worker.submit(work) == 300
    worker.stop()


def test_a_lint_ends_between_two_roots() -> None:
    classes = "\n\n".join(
        f"class Net{number}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(8, 8)\n        nn.init.xavier_normal(self.fc.weight)\n"
        for number in range(9)
    )
    source, settings = Source("m.py", "import torch.nn as nn\n\n\n" + classes), Configuration(isolated=True).root
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise Cancelled

    with interruptible(check), pytest.raises(Cancelled):
        lint([source], settings)
    assert asked == 3
    # nothing is left behind: the next lint is whole
    (report,) = lint([source], settings).files
    assert len(report.findings) == 9
