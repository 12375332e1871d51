"""The rest of the program that some files belong to: who builds their models may stand anywhere in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from initlint.config.discovery import Configuration
from initlint.files.modules import PROJECT_FILES
from initlint.files.paths import find

_REPOSITORY: Final = ".git"


def surroundings(files: Iterable[str], given: Iterable[str], configuration: Configuration) -> tuple[str, ...]:
    """The files (absolute) of the projects that `files` lie in, none where the paths that were `given` cover them.

    A project is what a repository holds, else what lies below a configuration of ours or of a package. A file
    outside of any has no surroundings.
    """
    covered = {os.path.abspath(path) for path in given}
    roots: dict[str, str | None] = {}
    for folder in {os.path.dirname(path) for path in files if os.path.isabs(path)}:
        roots[folder] = _root(folder, configuration)
    wanted = sorted({root for root in roots.values() if root is not None and not _is_below(root, covered)})
    outermost = [root for root in wanted if not _is_below(os.path.dirname(root), set(wanted))]
    return find(outermost, configuration).files if outermost else ()


def _root(folder: str, configuration: Configuration) -> str | None:
    """The folder of the project that `folder` is part of."""
    above = list(_ancestors(folder))
    for marker in above:
        if os.path.exists(os.path.join(marker, _REPOSITORY)):
            return marker
    settings = configuration.for_folder(folder)
    if settings.config_file is not None and settings.root in above:
        return settings.root
    for marker in above:
        if any(os.path.exists(os.path.join(marker, name)) for name in PROJECT_FILES):
            return marker
    return None


def _ancestors(folder: str) -> Iterable[str]:
    """`folder` and the folders above it, the closest first."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _is_below(path: str, folders: set[str]) -> bool:
    """Whether `path` is one of `folders` or lies in one."""
    return any(each in folders for each in _ancestors(path))
