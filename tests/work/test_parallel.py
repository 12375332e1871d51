"""Any executor gives what one process gives, whatever happens to its workers."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from initlint.work.team import Lanes, Team
from tests.lint.projects import linted, told, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        folder = tmp_path / name
        folder.mkdir()
        write(folder)
    return tmp_path


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2), lambda: Lanes(2)])
def test_any_executor(project: Path, make: object) -> None:
    serial = linted(project)
    seen: list[tuple[int, int]] = []
    with make() as executor:  # type: ignore[operator]
        report = linted(project, executor=executor, progress=lambda done, total: seen.append((done, total)))
    assert (told(report), report.layers, report.notes) == (told(serial), serial.layers, serial.notes)
    assert len(told(report)) == 9
    assert seen[-1][0] == seen[-1][1]


def _worker(paths: tuple[str, ...]) -> list[int]:
    return [os.getpid() for _ in paths]


def test_a_lane_without_work_helps_the_others() -> None:
    with Lanes(2) as lanes:
        team = Team(lanes, dict.fromkeys("abcdefgh", 1))
        workers = {
            path: team.run(_worker, [(path, None)], lambda batch: tuple(path for path, _ in batch), lambda *_: 0)[0]
            for path in "abcdefgh"
        }
        assert len(set(workers.values())) == 2
        first = [path for path in workers if workers[path] == workers["a"]]
        found = team.run(
            _worker, [(path, None) for path in first], lambda batch: tuple(path for path, _ in batch), lambda *_: 0
        )
        assert set(found) == set(workers.values())


class Killing(Executor):
    """Two processes, of which one dies under the first batches it is given."""

    def __init__(self, times: int) -> None:
        self.pool = Lanes(2)
        self.times = times

    def submit(self, function: object, /, *args: object, **kwargs: object) -> Future[object]:
        self.times -= 1
        if self.times >= 0:
            return self.pool.submit(_die)
        return self.pool.submit(function, *args, **kwargs)  # type: ignore[arg-type]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("times", [1, 2])
def test_a_worker_that_dies(project: Path, times: int) -> None:
    executor = Killing(times)
    report = linted(project, executor=executor)
    executor.pool.shutdown()
    assert told(report) == told(linted(project))
    assert report.crashes == ()


class Refusing(ThreadPoolExecutor):
    """A pool that takes no work for a while, as one does that has just lost a worker."""

    times = 2

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.times -= 1
        if self.times >= 0:
            raise BrokenProcessPool("a worker died")
        return super().submit(function, *args, **kwargs)


def test_a_pool_that_refuses_work(project: Path) -> None:
    with Refusing(2) as executor:
        report = linted(project, executor=executor)
    assert told(report) == told(linted(project))
    assert report.crashes == ()


def test_work_that_kills_every_worker(project: Path) -> None:
    executor = Killing(10_000)
    report = linted(project, executor=executor)
    executor.pool.shutdown()
    assert report.lost
    assert all("BrokenProcessPool" in crash.error for crash in report.crashes)


@pytest.fixture
def client() -> Iterator[object]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


@pytest.mark.timeout(90)
def test_dask_with_a_worker_killed_on_the_way(project: Path, client: object) -> None:
    serial = linted(project)
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed:
            pid = next(iter(client.run(os.getpid).values()))  # type: ignore[attr-defined]
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

    report = linted(project, executor=client.get_executor(), progress=kill_one)  # type: ignore[attr-defined]
    assert killed
    assert (told(report), report.layers) == (told(serial), serial.layers)
    assert report.crashes == ()
