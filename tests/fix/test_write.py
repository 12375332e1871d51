"""Nothing is lost: either the old file is there, whole, or the new one, and no third."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from initlint.fix.write import NotWritten, replace_file, write_source
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source, from_bytes, read

OLD = b"old = 1\n"
NEW = b"new = 2\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_bytes(OLD)
    return path


def alone(file: Path) -> bool:
    return [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_it_replaces(file: Path) -> None:
    replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == NEW
    assert alone(file)


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664, 0o4755])
def test_the_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_file(str(file), OLD, NEW)
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_the_time_of_the_change_is_now(file: Path) -> None:
    os.utime(file, (1, 1))
    replace_file(str(file), OLD, NEW)
    assert file.stat().st_mtime > 1


class _Owned:
    """A file's status, with an owner of its own."""

    st_uid, st_gid = 12345, 54321

    def __init__(self, status: os.stat_result) -> None:
        self._status = status

    def __getattr__(self, name: str) -> object:
        return getattr(self._status, name)


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files belong to somebody else, but for those that are made."""
    real = os.stat

    def owned(path: str, **options: bool) -> object:
        status = real(path, **options)
        return status if os.fspath(path).endswith(".tmp") else _Owned(status)

    monkeypatch.setattr(os, "stat", owned)


@pytest.mark.usefixtures("foreign")
def test_the_owner_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(os, "chown", lambda path, uid, gid: asked.append((uid, gid)))
    replace_file(str(file), OLD, NEW)
    assert asked == [(12345, 54321)]
    assert file.read_bytes() == NEW


@pytest.mark.usefixtures("foreign")
def test_an_owner_that_cannot_be_kept_leaves_the_file_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(NotWritten, match="belongs to somebody else"):
        replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == OLD
    assert alone(file)


def test_extended_attributes_stay(file: Path) -> None:
    if not hasattr(os, "setxattr"):
        return
    try:
        os.setxattr(file, "user.note", b"kept")
    except OSError:
        return      # this file system has none
    replace_file(str(file), OLD, NEW)
    assert os.getxattr(file, "user.note") == b"kept"


def test_a_link_is_followed_to_the_file(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "middle.py").symlink_to("../net.py")
    link = folder / "link.py"
    link.symlink_to("middle.py")
    replace_file(str(link), OLD, NEW)
    assert file.read_bytes() == NEW
    assert link.is_symlink()
    assert sorted(entry.name for entry in folder.iterdir()) == ["link.py", "middle.py"]


def test_a_file_that_changed_is_left_alone(file: Path) -> None:
    file.write_bytes(b"other = 3\n")
    with pytest.raises(NotWritten, match="changed on disk"):
        replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == b"other = 3\n"
    assert alone(file)


def test_a_file_that_has_changed_to_the_same_is_done(file: Path) -> None:
    file.write_bytes(NEW)
    inode = file.stat().st_ino
    replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == NEW
    assert file.stat().st_ino == inode


def test_a_file_that_changes_in_the_last_moment_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def change(descriptor: int) -> None:
        real(descriptor)
        file.write_bytes(b"other = 33\n")

    monkeypatch.setattr(os, "fsync", change)
    with pytest.raises(NotWritten, match="changed on disk"):
        replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == b"other = 33\n"
    assert alone(file)


def test_a_read_only_file_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(NotWritten, match="is read-only"):
        replace_file(str(file), OLD, NEW)
    assert file.read_bytes() == OLD
    assert alone(file)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="no such file"):
        replace_file(str(tmp_path / "gone.py"), OLD, NEW)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="not a regular file"):
        replace_file(str(tmp_path), OLD, NEW)


FAULTS: list[tuple[str, Callable[[], BaseException]]] = [
    ("open", lambda: PermissionError(errno.EACCES, "Permission denied")),       # a read-only folder
    ("open", lambda: OSError(errno.EROFS, "Read-only file system")),
    ("fsync", lambda: OSError(errno.ENOSPC, "No space left on device")),
    ("fsync", lambda: OSError(errno.EDQUOT, "Disk quota exceeded")),
    ("utime", lambda: OSError(errno.EIO, "Input/output error")),
    ("replace", lambda: OSError(errno.EACCES, "Permission denied")),
    ("replace", lambda: OSError(errno.EXDEV, "Invalid cross-device link")),
]
INTERRUPTED = ["open", "fsync", "utime", "replace"]


@pytest.mark.parametrize(("function", "error"), FAULTS)
def test_a_fault_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, function: str, error: Callable[[], BaseException]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error()

    monkeypatch.setattr(os, function, fail)
    with pytest.raises(NotWritten, match=f"cannot be written: {str(error()).split('] ')[1].lower()}"):
        replace_file(str(file), OLD, NEW)
    monkeypatch.undo()
    assert file.read_bytes() == OLD
    assert alone(file)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("function", INTERRUPTED)
def test_an_interrupt_leaves_one_whole_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, function: str, after: bool
) -> None:
    real = getattr(os, function)

    def interrupt(*arguments: object, **options: object) -> None:
        if after:
            real(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, function, interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(str(file), OLD, NEW)
    monkeypatch.undo()
    assert file.read_bytes() == (NEW if after and function == "replace" else OLD)
    assert alone(file)


BYTES = {
    "line feeds": b"a = 1\nb = 2\n",
    "no last newline": b"a = 1\nb = 2",
    "carriage returns": b"a = 1\r\nb = 2\r\n",
    "mixed": b"a = 1\r\nb = 2\n# x\rc = 3\n",
    "form feeds": b"a = 1\n\x0c\nb = 2\n",
    "byte order mark": b"\xef\xbb\xbfa = 1\r\nb = 2\n",
    "latin-1": b"# coding: latin-1\na = 1\nb = '\xe9'\n",
    "cp1252": b"# coding: cp1252\na = 1\nb = '\x80'\n",
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_only_the_edited_bytes_change(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    source = read(file)
    assert isinstance(source, Source)
    start = source.text.index("1")
    write_source(str(file), source, source.edited([Edit(start, start + 1, "10")]))
    assert file.read_bytes() == data.replace(b"1", b"10", 1) if b"latin" not in data else data.replace(b"= 1", b"= 10")


def test_a_character_that_the_encoding_lacks(file: Path) -> None:
    file.write_bytes(BYTES["latin-1"])
    source = read(file)
    assert isinstance(source, Source)
    with pytest.raises(NotWritten, match=r"latin-1|iso8859-1"):
        write_source(str(file), source, source.edited([Edit(0, 0, "€")]))
    assert file.read_bytes() == BYTES["latin-1"]


def test_bytes_that_do_not_come_back_are_left_alone(file: Path) -> None:
    data = b"# coding: utf-7\na = '+AGE-'\n"
    source = from_bytes(data, str(file))
    assert isinstance(source, Source)
    assert source.raw == data
    file.write_bytes(data)
    with pytest.raises(NotWritten, match="utf-7"):
        write_source(str(file), source, source.edited([Edit(0, 0, "#\n")]))
    assert file.read_bytes() == data


def test_a_notebook_keeps_every_other_byte(tmp_path: Path) -> None:
    data = (
        b'{"cells": [\n {"cell_type": "code", "metadata" : {},\t"outputs":[], "execution_count": null,\n'
        b'  "source": ["import torch\\n", "x = 1 # \\u00e9"]}\n], "nbformat": 4 , "nbformat_minor": 5, "metadata": {}}'
    )
    path = tmp_path / "net.ipynb"
    path.write_bytes(data)
    source = read(path)
    assert isinstance(source, Source)
    start = source.text.index("1")
    write_source(str(path), source, source.edited([Edit(start, start + 1, "10")]))
    assert path.read_bytes() == data.replace(b"x = 1", b"x = 10")
