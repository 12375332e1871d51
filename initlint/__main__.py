"""The program: `initlint`, and `python -m initlint`."""

from __future__ import annotations

import gc

from initlint.cli import main


def program() -> None:
    """Runs one command, and ends the process with its exit code. What it leaves behind goes with the process: to look
    through that for garbage, once more in the end, took a tenth of a run. Commands that last enable the collector."""
    gc.disable()
    code = main()
    gc.freeze()
    raise SystemExit(code)


if __name__ == "__main__":
    program()
