"""The program: `initlint`, and `python -m initlint`."""

from __future__ import annotations

import gc
from typing import NoReturn

from initlint.cli import main


def program() -> NoReturn:
    """Runs one command, and ends the process with its exit code. All that is left goes with the process, unsearched:
    looking through it for garbage in the end took a tenth of a run."""
    code = main()
    gc.freeze()
    raise SystemExit(code)


if __name__ == "__main__":
    program()
