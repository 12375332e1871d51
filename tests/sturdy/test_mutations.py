"""Torn model files lead to findings or to none, never to an internal error: a few mutants of the files that come with
the tests, and of the model that comes with the program. `benchmarks/mutations.py` takes real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

import initlint
from benchmarks.mutations import Tally, check, model_files, mutants

ROOT = Path(__file__).parents[2]
DEMO = Path(initlint.__file__).parent / "demo" / "model.py"
FILES = [DEMO, *model_files([ROOT / "tests" / "eval"], 12)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_mutants(path: Path) -> None:
    tally = Tally()
    found = list(mutants(path.read_bytes(), 6, path.name))
    assert len(found) > 12
    for name, data in found[:: max(1, len(found) // 24)]:
        check(data, tally, name)
    assert tally.broken == []
    assert tally.runs >= 12
