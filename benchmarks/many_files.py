"""What a run over very many files takes: `python benchmarks/many_files.py [--files 15000] [--jobs 1]`.

Writes a tree of small files that define models and import one another, folders in folders, with symbolic links that
lead round in circles, and runs `initlint check` over a quarter, half and all of it. Prints seconds of CPU and the
largest process for each, and exits with 1 where a run does not end as it should.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
IN_A_FOLDER: Final = 100
DEPTH: Final = 60
"""Folders inside folders."""

MODEL: Final = """\
import torch.nn as nn
from {before} import Net{number} as Before


class Net{index}(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.fc1 = nn.Linear(width, {index} + 1)
        self.fc2 = nn.Linear({index} + 1, width)
        self.act = nn.ReLU()
        nn.init.{init}(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""


def write(folder: Path, count: int) -> None:
    """`count` files, a hundredth of them with a finding; links to the folder above and to itself in every tenth."""
    for index in range(count):
        home = folder / f"part{index // IN_A_FOLDER}"
        if index % IN_A_FOLDER == 0:
            home.mkdir(parents=True)
            if index // IN_A_FOLDER % 10 == 0:
                (home / "above").symlink_to(folder, target_is_directory=True)
                (home / "same").symlink_to(home, target_is_directory=True)
                (home / "nowhere.py").symlink_to(home / "nowhere.py")
        number = max(index - 1, index // IN_A_FOLDER * IN_A_FOLDER)
        init = "xavier_normal" if index % 100 == 0 else "xavier_normal_"
        text = MODEL.format(index=index, number=number, before=f"m{number}", init=init)
        (home / f"m{index}.py").write_text(text)
    deep = folder / "deep"
    for _ in range(DEPTH):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "round").symlink_to(folder / "deep", target_is_directory=True)


def measure(folder: Path, jobs: int) -> tuple[int, int, float, float, float]:
    """Exit code, findings, seconds on the clock and of CPU, and megabytes of the largest process."""
    command = [
        sys.executable, "-m", "initlint", "check", "--isolated", "--no-cache", "--jobs", str(jobs), "--quiet",
        "--output-format", "concise", str(folder),
    ]
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    sys.stderr.write(done.stderr[-2000:])
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout.count("INI010"), time.perf_counter() - start, seconds, after.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description="Lints a tree of very many small files.")
    parser.add_argument("--files", type=int, default=15_000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    failed = False
    for count in (options.files // 4, options.files // 2, options.files):
        with tempfile.TemporaryDirectory(prefix="initlint-many-") as scratch:
            folder = Path(scratch, "tree")
            write(folder, count)
            code, found, clock, seconds, memory = measure(folder, options.jobs)
            expected = (count + 99) // 100
            failed = failed or code != 1 or found != expected
            print(
                f"{count} files: exit code {code}, {found} of {expected} findings, {clock:.1f} s, "
                f"{seconds:.1f} s of CPU, {1000 * seconds / count:.2f} ms a file, {memory:.0f} MB", flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
