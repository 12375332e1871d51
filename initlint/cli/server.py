"""`initlint server`: starts the language server."""

from __future__ import annotations

import argparse
import gc
from importlib import import_module
from importlib.util import find_spec

from initlint.cli import MISUSE
from initlint.cli.console import Console


def run(arguments: argparse.Namespace, console: Console) -> int:
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        console.fail("the language server needs more packages: pip install 'initlint[lsp]'")
        return MISUSE
    gc.enable()                 # it runs on and on
    serve = import_module("initlint.server").serve
    code: int = serve(arguments.config or (), isolated=arguments.isolated)
    return code
