"""Lints programs one after the other under limits: `python -m tests.sturdy.child [PART OF [SECONDS]]`, all of them
everywhere where no part is named.

Prints the name of each program before it is linted and what came of it after, as JSON. A program that takes more CPU
than allowed ends the process (by SIGVTALRM, in native code too); one that takes more memory fails.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time

from initlint.config.discovery import Configuration
from initlint.files.paths import Unread
from initlint.lint import lint
from initlint.session import findings_of
from initlint.syntax.source import Source, from_text
from tests.sturdy.programs import programs

SECONDS = 5.0
"""CPU for one file, where nothing else is said."""
MEMORY = 1 << 30
"""Bytes of address space for the process."""

SETTINGS = Configuration({"select": ["ALL"], "cache": False}, isolated=True).root


def run(name: str, text: str) -> dict[str, object]:
    """What came of a program: tracebacks of internal errors, whether it could be read, and whether the finding of the
    witness is there."""
    start = time.process_time()
    source = from_text(text, "model.py")
    report = lint([source if isinstance(source, Source) else Unread("model.py", source)], SETTINGS)
    codes = {finding.code for finding in findings_of(report)}
    return {
        "name": name,
        "crashes": [crash.trace for crash in report.crashes],
        "read": "INI900" not in codes,
        "witness": "INI010" in codes,
        "seconds": round(time.process_time() - start, 2),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main(part: int = 0, of: int = 0, seconds: float = SECONDS) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, text in list(programs(everywhere=not of).items())[part :: of or 1]:
        print(json.dumps({"name": name}), flush=True)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        found = run(name, text)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *map(float, sys.argv[3:]))
