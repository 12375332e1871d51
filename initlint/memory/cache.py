"""What earlier runs found, in a folder of JSON files.

Nothing in it is ever executed, and what cannot be used, because it is torn, foreign or of another version, counts as
not there. `index.json` holds what is known of each file at a glance, `runs/` the results of whole runs, `units/` what
the roots of single files told. Each is replaced as a whole, so that runs at the same time, or ended in the middle,
leave whole files.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import initlint
from initlint.files.index import Glance, digest_of
from initlint.syntax.source import Fault

if TYPE_CHECKING:
    from initlint.memory.recall import Recall
    from initlint.memory.rehearsal import Rehearsal

MAX_VERSIONS: Final = 4
"""Folders of other versions that are kept beside the present one."""
MAX_BYTES: Final = 256 * 1024 * 1024
"""What the units may take on disk; beyond, those not used for the longest time go."""
MAX_RUNS: Final = 32
_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of initlint and can be removed.\n"
)


class Cache:
    """One folder of stored results. Reading and writing never raise: a cache that does not work saves nothing.

    `recall` is what roots told earlier in this process, where that is kept; `rehearsal` what they told at the steps
    before, while fixes are tried out. `lasting` says whether anything is kept for other processes, `ahead` whether
    that goes for texts that are not on disk yet.
    """

    recall: Recall | None = None
    rehearsal: Rehearsal | None = None
    lasting = True
    ahead = False

    def __init__(self, folder: str) -> None:
        self._top = folder
        self._folder = os.path.join(folder, f"{initlint.__version__}-{_fingerprint()}")
        self._wrote_units = False

    # files

    def index(self) -> dict[str, Glance]:
        data = self._read("index.json")
        try:
            return {path: _glance(entry) for path, entry in data["files"].items()}
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            return {}

    def save_index(self, glances: dict[str, Glance]) -> None:
        stored = {path: _stored(glance) for path, glance in sorted(glances.items()) if glance.stamp[0]}
        self._write("index.json", {"files": stored})

    # results

    def run(self, key: str) -> Any:
        return self._read(os.path.join("runs", f"{key}.json"), touch=True)

    def save_run(self, key: str, data: Any) -> None:
        self._write(os.path.join("runs", f"{key}.json"), data)
        self._trim("runs", MAX_RUNS, MAX_BYTES)

    def unit(self, path: str, part: str) -> Any:
        return self._read(os.path.join("units", f"{digest_of(path)}.{part}.json"), touch=True)

    def save_unit(self, path: str, part: str, data: Any) -> None:
        self._write(os.path.join("units", f"{digest_of(path)}.{part}.json"), data)
        self._wrote_units = True

    def tidy(self) -> None:
        """Removes what is too much, and what other versions left."""
        if self._wrote_units:
            self._trim("units", None, MAX_BYTES)
            versions = sorted(self._stored(self._top), reverse=True)
            folders = [path for _, _, path in versions if os.path.isdir(path) and path != self._folder]
            for path in folders[MAX_VERSIONS:]:
                shutil.rmtree(path, ignore_errors=True)

    # the folder

    def _read(self, name: str, *, touch: bool = False) -> Any:
        path = os.path.join(self._folder, name)
        try:
            with open(path, "rb") as handle:
                digest, _, text = handle.read().partition(b"\n")
            if digest != digest_of(text).encode():
                raise ValueError("torn")
            data = json.loads(text)
            if touch:
                os.utime(path)
        except (OSError, ValueError, RecursionError):
            return None if touch else {}
        return data

    def _write(self, name: str, data: Any) -> None:
        path = os.path.join(self._folder, name)
        folder = os.path.dirname(path)
        temporary = None
        try:
            text = json.dumps(data, separators=(",", ":"))
            self._prepare(folder)
            with tempfile.NamedTemporaryFile(
                "w", encoding="ascii", dir=folder, prefix=".", suffix=".tmp", delete=False
            ) as handle:
                temporary = handle.name
                handle.write(f"{digest_of(text)}\n{text}")
            os.replace(temporary, path)
        except (OSError, ValueError, TypeError, RecursionError):
            if temporary is not None:
                _remove(temporary)

    def _prepare(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        os.makedirs(folder, exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            path = os.path.join(self._top, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="ascii") as handle:
                    handle.write(text)

    def _trim(self, name: str, count: int | None, size: int) -> None:
        """Removes the files used least recently where there are too many, or too much of them."""
        found = sorted(self._stored(os.path.join(self._folder, name)), reverse=True)
        kept = 0
        for place, (_, length, path) in enumerate(found):
            kept += length
            if kept > size or (count is not None and place >= count):
                _remove(path)

    @staticmethod
    def _stored(folder: str) -> Iterator[tuple[float, int, str]]:
        try:
            with os.scandir(folder) as scan:
                for entry in scan:
                    status = entry.stat(follow_symlinks=False)
                    yield status.st_mtime, status.st_size, entry.path
        except OSError:
            return


@cache
def _fingerprint() -> str:
    """Of the code that runs, all of the package: what another one stored may mean something else."""
    top = os.path.dirname(os.path.abspath(initlint.__file__))
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))
            found.append(f"{folder[len(top):]}/{name} {status.st_size} {status.st_mtime_ns}")
    return digest_of(*found)[:12]


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _stored(glance: Glance) -> list[Any]:
    fault = None if glance.fault is None else [glance.fault.message, glance.fault.line, glance.fault.column]
    imports = [[level, module, *names] for level, module, names in glance.imports]
    return [*glance.stamp, glance.digest, int(glance.torch), int(glance.layers), int(glance.comments), imports, fault]


def _glance(data: Any) -> Glance:
    modified, size, inode, digest, torch, layers, comments, imports, fault = data
    if not (isinstance(modified, int) and isinstance(digest, str)):
        raise TypeError("no glance")
    return Glance(
        digest,
        tuple((int(level), str(module), tuple(map(str, names))) for level, module, *names in imports),
        bool(torch),
        bool(layers),
        bool(comments),
        Fault(str(fault[0]), int(fault[1]), int(fault[2])) if fault else None,
        (modified, size, inode),
    )
