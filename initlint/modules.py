"""Which file is which module: dotted names to files and back, by looking at folders alone."""

from __future__ import annotations

import os
from typing import Final

INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


class Modules:
    """The folders of a file system, each listed once."""

    def __init__(self) -> None:
        self._listings: dict[str, frozenset[str]] = {}

    def listing(self, folder: str) -> frozenset[str]:
        """The names in `folder`, none where it cannot be listed."""
        found = self._listings.get(folder)
        if found is None:
            try:
                found = frozenset(os.listdir(folder or os.curdir))
            except OSError:
                found = frozenset()
            self._listings[folder] = found
        return found

    def name_of(self, file: str) -> tuple[str, str]:
        """The dotted name of a file, and the folder that this name starts from."""
        folder, base = os.path.split(os.path.abspath(file))
        stem = base.rpartition(".")[0] or base
        parts = [] if stem == "__init__" else [stem]
        while "__init__.py" in self.listing(folder):
            folder, base = os.path.split(folder)
            parts.append(base)
            if not base:
                break
        return ".".join(reversed(parts)), folder

    def file_of(self, name: str, root: str) -> str | None:
        """The file of the module called `name` in the folder `root`."""
        *folders, last = name.split(".")
        folder = os.path.join(root, *folders)
        for candidate in (os.path.join(folder, last, "__init__.py"), os.path.join(folder, last + ".py")):
            if os.path.basename(candidate) in self.listing(os.path.dirname(candidate)):
                return candidate
        return None

    def is_installed(self, root: str) -> bool:
        """Whether `root` is a folder that packages are installed in."""
        return os.path.basename(root) in INSTALLED or any(name.endswith(".dist-info") for name in self.listing(root))
