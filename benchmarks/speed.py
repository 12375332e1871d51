"""What linting costs, as ratios to parsing the same files, all measured in one run.

    python benchmarks/speed.py TREE [--runs 5] [--skip-parallel] [--growth SMALL_TREE]

Prints the median of CPU seconds (user and system, children included) of: parsing the files of TREE that mention torch
with `libcst.parse_module` and with `ast.parse`; a cold run in one process and with all cores; a warm run; a run after
one file has changed, the largest one and, once each, every sixteenth; one file from standard input; the start of the
program; and TorchFix and ruff in one process, where they are installed. `--growth` prints besides what a file costs,
and the largest process, where one, two, four and eight copies of a tree lie side by side.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

OTHERS: Final = {
    "torchfix": ("--jobs", "1"),
    "ruff": ("check", "--isolated", "--no-cache", "--exit-zero", "--quiet"),
}
"""Other linters, and how they are run in one process."""


def main() -> int:
    parser = argparse.ArgumentParser(description="What linting costs, as ratios to parsing.")
    parser.add_argument("tree", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--skip-parallel", action="store_true")
    parser.add_argument("--growth", type=Path, metavar="SMALL_TREE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, options.tree.name)
        shutil.copytree(options.tree, tree)
        _measure(tree, Path(scratch, "cache"), options.runs, options.skip_parallel)
    if options.growth is not None:
        _grow(options.growth, options.runs)
    return 0


def _measure(tree: Path, cache: Path, runs: int, skip_parallel: bool) -> None:
    files = [path for path in sorted(tree.rglob("*.py")) if b"torch" in path.read_bytes()]
    whole = _median(runs, lambda: _in_process(_parse_concrete, files))
    print(f"{len(files)} files mention torch; ratios are to `libcst.parse_module` of them ({whole:.2f} s of CPU)")
    _row("ast.parse", _median(runs, lambda: _in_process(_parse_abstract, files)), whole)
    cold = _median(runs, lambda: _lint(tree, "--no-cache", "--jobs", "1"))
    _row("cold, one process", cold, whole)
    if not skip_parallel:
        clock = _median(runs, lambda: _lint(tree, "--no-cache", "--jobs", "1", wall=True))
        cores = _median(runs, lambda: _lint(tree, "--no-cache", wall=True))
        print(f"cold, all cores / one process, on the clock: {cores / clock:.2f}")
    cached = ("--cache-dir", str(cache), "--jobs", "1")
    _lint(tree, *cached)
    _row("warm, nothing changed", _median(runs, lambda: _lint(tree, *cached)), cold, "cold")
    changed = max(files, key=lambda path: path.stat().st_size)

    def touched(path: Path) -> float:
        with path.open("a") as file:
            file.write("\n_changed = True\n")
        return _lint(tree, *cached)

    _row("one file changed, the largest", _median(runs, partial(touched, changed)), cold, "cold")
    others = [touched(path) for path in files[::16]]
    _row(f"one file changed, median of {len(others)}", statistics.median(others), cold, "cold")
    text = changed.read_text()
    _row("that file from standard input", _median(runs, lambda: _run(["check", "--isolated", "-"], text)), whole)
    nothing = _median(runs, lambda: _child([sys.executable, "-c", "pass"]))
    _row("initlint --version", _median(runs, lambda: _run(["--version"])), nothing, "python -c pass")
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    for name, flags in OTHERS.items():
        program = shutil.which(name)
        if program is None:
            print(f"{name}: not installed")
        else:
            command = [program, *flags, str(tree)]
            _row(name, _median(runs, partial(_child, command)), cold, "cold")


def _grow(tree: Path, runs: int) -> None:
    """What a file costs in trees of other sizes; the first is the measure of the others."""
    first = 0.0
    for copies in (1, 2, 4, 8):
        with tempfile.TemporaryDirectory() as scratch:
            for number in range(copies):
                shutil.copytree(tree, Path(scratch, f"copy{number}", tree.name))
            files = sum(1 for _ in Path(scratch).rglob("*.py"))
            cost = _median(runs, partial(_lint, Path(scratch), "--no-cache", "--jobs", "1")) / files
        first = first or cost
        print(f"{files} files: {1000 * cost:.1f} ms of CPU for each, {cost / first:.2f} of the smallest tree")


def _row(name: str, seconds: float, base: float, of: str = "libcst.parse_module") -> None:
    print(f"{name}: {seconds:.2f} s of CPU, {seconds / base:.3f} of {of}")


def _median(runs: int, measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(runs))


def _in_process(parse: Callable[[bytes], object], files: list[Path]) -> float:
    texts = [path.read_bytes() for path in files]
    start = time.process_time()
    for text in texts:
        parse(text)
    return time.process_time() - start


def _parse_concrete(text: bytes) -> object:
    import libcst

    return libcst.parse_module(text)


def _parse_abstract(text: bytes) -> object:
    return ast.parse(text)


def _lint(tree: Path, *flags: str, wall: bool = False) -> float:
    return _run(["check", "--isolated", "--exit-zero", "-q", *flags, str(tree)], wall=wall)


def _run(arguments: list[str], text: str = "", wall: bool = False) -> float:
    return _child([sys.executable, "-m", "initlint", *arguments], text, wall)


def _child(command: list[str], text: str = "", wall: bool = False) -> float:
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=compiled)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if wall:
        return time.monotonic() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
