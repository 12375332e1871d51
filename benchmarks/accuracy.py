"""How many facts about real models are right: the layer report against what live models did.

    python benchmarks/accuracy.py SCORER TRUTH SOURCES [PACKAGE ...]

SCORER is the script that compares one report with one truth file, TRUTH the folder of `<package>.json.gz`, SOURCES the
folder that holds the packages' sources (`pip install --no-deps --target SOURCES ...`). Prints one row for each package.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description="Holds the layer report against what live models did.")
    parser.add_argument("scorer", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args()
    recorded = sorted(path.name.removesuffix(".json.gz") for path in options.truth.glob("*.json.gz"))
    packages = options.packages or recorded
    for count, package in enumerate(packages):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        report = _report(options.sources / package)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows = _score(options.scorer, report, options.truth / f"{package}.json.gz")
        print("\n".join(rows[:2] if count == 0 else rows[1:2]))
        print(f"    {spent:.1f} s of CPU, {time.monotonic() - start:.1f} s in all", file=sys.stderr)
    return 0


def _report(folder: Path) -> bytes:
    command = [sys.executable, "-m", "initlint", "show", "--format", "json", "--isolated", "--no-cache", str(folder)]
    return subprocess.run(command, check=True, capture_output=True, cwd=folder.parent).stdout


def _score(scorer: Path, report: bytes, truth: Path) -> list[str]:
    """The scorer's lines: a heading, and the package's row."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(report)
        file.flush()
        command = [sys.executable, str(scorer), file.name, str(truth)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


if __name__ == "__main__":
    raise SystemExit(main())
