"""`initlint clean`: removes the cache."""

from __future__ import annotations

import argparse
import os
import shutil

from initlint.cli import CLEAN, MISUSE
from initlint.cli.console import Console
from initlint.config.discovery import Configuration
from initlint.config.settings import CACHE_NAME


def run(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.cache_dir is not None:
        folders = [os.path.abspath(arguments.cache_dir)]
    else:
        projects = [os.path.abspath(path) for path in arguments.paths or ["."]]
        configuration = Configuration()
        folders = [configuration.for_folder(project).cache_folder for project in projects]
        folders += [os.path.join(project, CACHE_NAME) for project in projects]
    code = CLEAN
    for folder in dict.fromkeys(folders):
        if not os.path.isdir(folder):
            continue
        if not _is_cache(folder):
            console.fail(f"{folder} is no cache of initlint")
            code = MISUSE
            continue
        try:
            shutil.rmtree(folder)
        except OSError as error:
            console.fail(f"{folder} cannot be removed: {error.strerror or error}")
            code = MISUSE
        else:
            console.say(f"removed {folder}")
    return code


def _is_cache(folder: str) -> bool:
    """Whether it is safe to remove: our own name, or the tag that caches carry, or nothing in it."""
    named = os.path.basename(folder) == CACHE_NAME
    return named or os.path.exists(os.path.join(folder, "CACHEDIR.TAG")) or not os.listdir(folder)
