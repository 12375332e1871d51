"""Whatever a program does, it costs little, ends in no internal error, and hides nothing of what stands behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sturdy.programs import programs

pytest.importorskip("resource")                  # what the limits are set with: there is none on Windows

ROOT = Path(__file__).parents[2]
PARTS = 12
SECONDS = 20
"""CPU that a program may take: generous, for machines that are slow or have much else to do."""


@pytest.mark.parametrize("part", range(PARTS))
def test_programs(part: int) -> None:
    command = [sys.executable, "-m", "tests.sturdy.child", str(part), str(PARTS), str(SECONDS)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    last = lines[-1]["name"] if lines else "nothing"
    assert done.returncode == 0, f"ended with {done.returncode} in: {last}\n{done.stderr[-2000:]}"
    results = [line for line in lines if "read" in line]
    assert len(results) == len(list(programs(everywhere=False))[part::PARTS])
    assert {result["name"]: result["crashes"][0] for result in results if result["crashes"]} == {}
    assert [result["name"] for result in results if result["read"] and not result["witness"]] == []
