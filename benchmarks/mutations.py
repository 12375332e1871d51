"""What torn model files do to initlint: `python benchmarks/mutations.py FOLDER… [--files 50] [--tokens 40]`.

Takes Python files that define models from the folders, evenly spread, and lints what becomes of each one when it ends
at every hundredth byte, loses one token, or has two tokens swapped: alone, with every rule, layers and fixes written
out. Each file's mutants run in a process of their own. Prints how many were linted, which of them led to an internal
error or ended the process, the slowest and the peak memory; exits with 1 where anything broke.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import subprocess
import sys
import time
import tokenize
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from initlint.config.discovery import Configuration
from initlint.lint import Unread, lint
from initlint.session import document_for, findings_of, sources_of
from initlint.syntax.source import Source, from_bytes

STEP: Final = 100
"""Bytes between one truncation and the next."""
SLOW: Final = 5.0
"""Seconds of CPU that no file may take."""
HANG: Final = 900
"""Seconds after which the mutants of one file are given up."""


@dataclass(slots=True)
class Tally:
    """What came of many texts: how many were linted, what broke (kind of text, error, traceback), how slow it got."""

    runs: int = 0
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    slowest: float = 0.0
    memory: float = 0.0

    def add(self, other: Tally) -> None:
        self.runs += other.runs
        self.broken += other.broken
        self.slow += other.slow
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)


def mutants(data: bytes, tokens: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Each mutant with a name for it: all truncations, and `tokens` deletions and as many swaps of tokens."""
    for end in range(STEP, len(data), STEP):
        yield f"cut at byte {end}", data[:end]
    text = data.decode("utf-8", "surrogateescape")
    places = _tokens(text)
    if len(places) < 2:
        return
    chance = random.Random(seed)
    for _ in range(tokens):
        start, end = chance.choice(places)
        yield f"without characters {start} to {end}", _bytes(text[:start] + text[end:])
    for _ in range(tokens):
        (start, end), (start2, end2) = sorted(chance.sample(places, 2))
        swapped = text[:start] + text[start2:end2] + text[end:start2] + text[start:end] + text[end2:]
        yield f"with characters {start} to {end} and {start2} to {end2} swapped", _bytes(swapped)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _tokens(text: str) -> list[tuple[int, int]]:
    """Where the tokens of a text stand, as offsets; those before the first error where it has one."""
    lines = [0]
    for line in io.StringIO(text):
        lines.append(lines[-1] + len(line))
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            start, end = lines[token.start[0] - 1] + token.start[1], lines[token.end[0] - 1] + token.end[1]
            if start < end and token.string.strip():
                found.append((start, end))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


SETTINGS: Final = Configuration({"select": ["ALL"], "unsafe_fixes": True, "cache": False}, isolated=True).root


def check(data: bytes, tally: Tally, name: str) -> None:
    """Lints one text as the only file of a project, writes its fixes out, and counts what happens."""
    before = time.process_time()
    try:
        source = from_bytes(data, "model.py")
        report = lint([source if isinstance(source, Source) else Unread("model.py", source)], SETTINGS)
        tally.broken += ((name, crash.error, crash.trace) for crash in report.crashes)
        findings = findings_of(report)
        document_for(
            findings, sources_of(report, findings), SETTINGS,
            failed=lambda crash: tally.broken.append((name, crash.error, crash.trace)),
        )
    except Exception as error:
        tally.broken.append((name, repr(error), traceback.format_exc()))
    seconds = time.process_time() - before
    tally.runs += 1
    tally.slowest = max(tally.slowest, seconds)
    if seconds > SLOW:
        tally.slow.append((seconds, name))


def model_files(folders: Sequence[Path], count: int) -> list[Path]:
    """About `count` of the files that define models, evenly spread over all of them in order."""
    found = [
        path for folder in folders for path in ([folder] if folder.is_file() else sorted(folder.rglob("*.py")))
        if b"nn.Module" in (data := path.read_bytes()) and len(data) < 60_000
    ]
    return found[:: max(1, len(found) // count)][:count] if count else found


def run_file(path: Path, tokens: int) -> Tally:
    tally = Tally()
    for name, data in mutants(path.read_bytes(), tokens, path.name):
        check(data, tally, f"{path} {name}")
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return tally


def _in_child(path: Path, tokens: int) -> Tally:
    command = [sys.executable, __file__, "--one", "--tokens", str(tokens), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    except subprocess.TimeoutExpired:
        return Tally(broken=[(str(path), f"more than {HANG} s for all mutants", "")])
    if done.returncode:
        return Tally(broken=[(str(path), f"the process ended with {done.returncode}", done.stderr[-2000:])])
    data: dict[str, Any] = json.loads(done.stdout)
    return Tally(**data)


def main() -> int:
    parser = argparse.ArgumentParser(description="Lints torn model files.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=50, help="how many files to tear; 0 for all")
    parser.add_argument("--tokens", type=int, default=40, help="deletions, and swaps, of tokens for each file")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        tally = run_file(options.folders[0], options.tokens)
        print(json.dumps({name: getattr(tally, name) for name in Tally.__slots__}))
        return 0
    files = model_files(options.folders, options.files)
    total = Tally()
    with ThreadPoolExecutor(options.jobs) as pool:
        for path, tally in zip(files, pool.map(lambda path: _in_child(path, options.tokens), files), strict=True):
            total.add(tally)
            broken = f", {len(tally.broken)} broken" if tally.broken else ""
            print(f"{path}: {tally.runs} mutants{broken}, {tally.slowest:.2f} s, {tally.memory:.0f} MB", flush=True)
    for trace in sorted({trace for _, _, trace in total.broken}):
        first = next(each for each in total.broken if each[2] == trace)
        print(f"\n{first[0]}: {first[1]}\n{trace}")
    for seconds, name in sorted(total.slow, reverse=True):
        print(f"{seconds:.1f} s: {name}")
    print(
        f"{len(files)} files, {total.runs} mutants: {len(total.broken)} broken, {len(total.slow)} over {SLOW:.0f} s, "
        f"slowest {total.slowest:.2f} s of CPU, peak {total.memory:.0f} MB"
    )
    return 1 if total.broken or total.slow else 0


if __name__ == "__main__":
    sys.exit(main())
