"""How much of a project one process holds."""

from __future__ import annotations

from types import SimpleNamespace

from initlint.config.settings import Settings
from initlint.work.bench import FEW, MAX_HELD, Bench, Job


def served(bench: Bench, held: float, files: int = 1) -> list[bool]:
    """Whether the bench, of which the project holds so many times what it may, begins it anew before each file."""
    found = []
    for _ in range(files):
        begun: list[bool] = []
        project = SimpleNamespace(held=held * MAX_HELD, close=lambda begun=begun: begun.append(True))
        bench.__dict__["_project"] = project
        bench.ready()
        found.append(bool(begun))
    return found


def test_a_large_project_is_begun_anew() -> None:
    bench = Bench(Job("", Settings()))
    assert served(bench, 0.9, FEW) == [False] * FEW
    assert served(bench, 1.1) == [True]
    assert served(bench, 0.9) == [False]


def test_one_file_that_needs_very_many_others_makes_no_room() -> None:
    bench = Bench(Job("", Settings()))
    served(bench, 0.9, FEW)
    served(bench, 1.1)
    assert served(bench, 1.9) == [True]         # after one file
    served(bench, 0.9, FEW)
    assert served(bench, 1.9) == [True]


def test_there_is_more_room_where_all_files_need_it() -> None:
    bench = Bench(Job("", Settings()))
    assert served(bench, 1.9, 4) == [True, False, False, False]
    assert served(bench, 3.9, 5) == [True, True, False, False, False]
    assert served(bench, 9.0, 3) == [True, True, True]
