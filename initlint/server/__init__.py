"""The language server (extra `lsp`): the same road as the command line, over what the editor holds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

SWITCH: Final = 0.0005
"""Seconds that a thread which unpacks a result may keep the event loop waiting, instead of Python's 0.005."""


def serve(config: Sequence[str] = (), *, isolated: bool = False) -> int:
    """Serves one client over standard input and output. 0 where it said goodbye, 1 where it just went away."""
    from initlint.server.folders import CommandLine
    from initlint.server.handlers import create

    server = create(CommandLine(tuple(config), isolated))
    sys.setswitchinterval(SWITCH)
    server.start_io()
    return 0 if server.finished else 1
