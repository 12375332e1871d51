"""The process that lints: another one, that keeps what it knows, stops when it is told to, and ends with the server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from initlint.server.engine import Engine
from initlint.server.worker import Cancelled, Died, Token
from tests.server import deeds
from tests.server.editor import ENGINE, WAIT, editor
from tests.server.test_programs import INITS, MODEL, PLAIN


@pytest.fixture
def engine() -> Iterator[Engine]:
    found = Engine()
    yield found
    found.stop()


def test_one_other_process_does_all(engine: Engine) -> None:
    process = engine.run(Token(), deeds.who)
    assert process != os.getpid()
    assert engine.run(Token(), deeds.remember, "one") == ["one"]
    assert engine.run(Token(), deeds.chatter) == "done"
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nothing left"):
        engine.run(Token(), deeds.fail)
    assert engine.run(Token(), deeds.remember, "two") == ["one", "two"]
    assert engine.run(Token(), deeds.who) == process


def test_a_job_tells_how_it_gets_on(engine: Engine) -> None:
    found: list[tuple[int, int]] = []
    assert engine.run(Token(), deeds.count, 3, noted=lambda *step: found.append(step)) == 3
    assert found == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("stop", [Token.cancel, Token.make_room])
def test_a_job_stops_when_it_is_not_wanted_any_more(engine: Engine, stop: Callable[[Token], None]) -> None:
    process, token = engine.run(Token(), deeds.who), Token()
    with pytest.raises(Cancelled):
        engine.run(token, deeds.wait, noted=lambda _: stop(token))
    with pytest.raises(Cancelled):
        engine.run(token, deeds.who)                            # not begun at all
    assert engine.run(Token(), deeds.who) == process


def test_a_process_that_dies_is_followed_by_another(engine: Engine) -> None:
    first = engine.run(Token(), deeds.who)
    with pytest.raises(Died):
        engine.run(Token(), deeds.die)
    second = engine.run(Token(), deeds.who)
    assert second != first
    assert engine.generation() == 2
    os.kill(second, signal.SIGKILL)                             # between two jobs
    with contextlib.suppress(Died):                             # it may show at once, or only when it does not answer
        engine.run(Token(), deeds.who)
    assert engine.run(Token(), deeds.who) not in (first, second)


def test_stopping_ends_the_job_and_the_process(engine: Engine) -> None:
    process = engine.run(Token(), deeds.who)
    with pytest.raises(Cancelled):
        engine.run(Token(), deeds.wait, noted=lambda _: threading.Thread(target=engine.stop).start())
    with pytest.raises(Cancelled):
        engine.run(Token(), deeds.who)
    assert is_gone(process)


@pytest.mark.asyncio
async def test_nothing_is_missed_after_the_process_was_killed(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        client.write("model.py", MODEL)
        inits = client.open("inits.py", INITS)
        await client.told(inits, 1, 1)                          # told by a file that is not open
        os.kill(ENGINE.run(Token(), deeds.who), signal.SIGKILL)
        client.change(inits, 2, INITS + "\n\n# more\n")
        (found,) = await client.told(inits, 2)
        assert found.code == "INI408"
        client.write("model.py", PLAIN)
        client.touched("model.py")
        assert await client.told(inits, 2, 0) == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs to see who started whom")
@pytest.mark.parametrize("end", ["exit", "killed"])
def test_no_process_is_left_behind(tmp_path: Path, end: str) -> None:
    from benchmarks.server import Client, model_file

    text, path = model_file(60, 1), tmp_path / "model.py"
    client = Client(tmp_path)
    item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
    client.send("textDocument/didOpen", {"textDocument": item})
    client.diagnostics(1)
    (process,) = children(client.process)
    os.kill(process, 0)                                         # it is there
    if end == "exit":
        client.close()
    else:
        client.process.kill()
        client.process.wait(WAIT)
    assert is_gone(process)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def is_gone(process: int) -> bool:
    """Whether a process ends within the time that tests may take."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if sys.platform == "linux" and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
