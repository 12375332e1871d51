"""The language server (extra `lsp`): the same road as the command line, over what the editor holds."""

from __future__ import annotations

from collections.abc import Sequence


def serve(config: Sequence[str] = (), *, isolated: bool = False) -> int:
    """Serves one client over standard input and output, until it says goodbye or goes away."""
    from initlint.server.folders import CommandLine
    from initlint.server.handlers import create

    create(CommandLine(tuple(config), isolated)).start_io()
    return 0
