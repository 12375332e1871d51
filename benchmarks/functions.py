"""In which functions of the linted code the time goes: `python benchmarks/functions.py TREE`.

Prints, for the dearest functions of the programs under TREE, the seconds that their own statements took in a cold run
in one process (what they call not counted), how often they were called, and how often they were executed for it: calls
that only compute are remembered. A function that takes far more than its code looks like is a loop or a walk of which
the trace does not know the end.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

from initlint.cli import main as initlint
from initlint.trace.machine.code import Code
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.interpreter import Args, Interpreter, Kwargs
from initlint.trace.machine.values import FunctionV, Value

Function = tuple[str, str]
"""The name of a function and its file."""


class Watched:
    """Counts what interpreters do."""

    def __init__(self) -> None:
        self.calls: Counter[Function] = Counter()
        self.executed: Counter[Function] = Counter()
        self.seconds: Counter[Function] = Counter()
        self._inner = [0.0]         # seconds of what the calls in progress have called, innermost last

    def watching(self) -> AbstractContextManager[object]:
        """Counts as long as it is entered."""
        enter, run = Interpreter.enter, Interpreter.run

        def entered(machine: Interpreter, function: FunctionV, args: Args, kwargs: Kwargs, frame: Frame) -> Value:
            self.calls[function.qualname, function.module.file] += 1
            return enter(machine, function, args, kwargs, frame)

        def executed(machine: Interpreter, code: Code, frame: Frame) -> Value:
            assert frame.function is not None
            key = frame.function.qualname, code.file
            self.executed[key] += 1
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return run(machine, code, frame)
            finally:
                whole = time.process_time() - start
                self.seconds[key] += whole - self._inner.pop()
                self._inner[-1] += whole

        return patch.multiple(Interpreter, enter=entered, run=executed)


def main() -> int:
    parser = argparse.ArgumentParser(description="In which functions of the linted code the time goes.")
    parser.add_argument("tree", type=Path)
    parser.add_argument("--top", type=int, default=30)
    options = parser.parse_args()
    watched = Watched()
    gc.disable()
    start = time.process_time()
    with watched.watching():
        initlint(["check", "--isolated", "--no-cache", "--jobs", "1", "--exit-zero", "--silent", str(options.tree)])
    print(f"{time.process_time() - start:.1f} s of CPU, {sum(watched.seconds.values()):.1f} s of it in functions")
    print("seconds   calls  executed  function")
    for (name, file), seconds in watched.seconds.most_common(options.top):
        key = name, file
        print(f"{seconds:7.2f}  {watched.calls[key]:6}    {watched.executed[key]:6}  {name} ({file})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
