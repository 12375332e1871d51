"""The command line: arguments in, exit code out.

0 nothing found (or all of it fixed), 1 findings or an internal error, 2 a mistake in the arguments or the
configuration, 130 stopped by Ctrl-C. Imports here are kept back until they are needed: most of the cost of a short run
is loading code.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False      # what type checkers take it for; `--version` need not pay for the import of typing
if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN, FINDINGS, MISUSE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; never raises on what the user gave."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments in (["--version"], ["-V"], ["version"]):
            from initlint import __version__

            print(f"initlint {__version__}")
            sys.stdout.flush()
            return CLEAN
        from initlint.cli.dispatch import dispatch

        return dispatch(arguments)
    except KeyboardInterrupt:
        from multiprocessing import active_children

        for child in active_children():
            child.terminate()
        return INTERRUPTED
    except BrokenPipeError:
        from initlint.cli.console import abandon_stdout

        abandon_stdout()
        return FINDINGS
