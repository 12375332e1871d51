"""Puts a fixed file in the place of the old one, so that either the old or the new one is there, whole.

The new bytes go into a file beside the old one, which takes over its owner, mode and other attributes and then
its name. Whatever goes wrong before that leaves the old file as it was and no other behind.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import suppress

from initlint.syntax.source import Source


class NotWritten(Exception):
    """A file was left alone; the message says why, after its name: "is read-only"."""


def write_source(path: str, before: Source, after: Source) -> None:
    """Writes `after` to `path`, of which `before` was read. Raises NotWritten; the file is then as it was."""
    if before.raw is not None:
        # Decoding lost something: to write the text would change bytes that no fix is about.
        raise NotWritten(f"does not come back the same from {before.encoding}, so nothing in it is changed")
    try:
        data = after.encode()
    except UnicodeEncodeError as error:
        character = error.object[error.start:error.end]
        raise NotWritten(f"is encoded in {after.encoding}, which has no {character!r}") from error
    replace_file(path, before.encode(), data)


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Makes the file at `path`, or the one its symbolic links lead to, hold `after` where it still holds `before`.

    Raises NotWritten where it does not, is read-only, or cannot be replaced with all its attributes.
    """
    try:
        target = os.path.realpath(path)
        status = os.stat(target)
        if not stat.S_ISREG(status.st_mode):
            raise NotWritten("is not a regular file")
        with open(target, "rb") as stream:
            current = stream.read()
        if current == after:
            return      # written under another of its names, or by somebody who wanted the same
        if current != before:
            raise NotWritten("has changed on disk since it was read")
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise NotWritten("is read-only")
        _replace(target, status, after)
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or type(error).__name__).lower()}") from error


def _replace(target: str, status: os.stat_result, data: bytes) -> None:
    # Named before it is made: an interrupt at any point finds it, or finds nothing.
    beside = os.path.join(os.path.dirname(target), f".initlint-{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _take_over(target, status, beside)
        now = os.stat(target)
        if (now.st_ino, now.st_size, now.st_mtime_ns) != (status.st_ino, status.st_size, status.st_mtime_ns):
            raise NotWritten("has changed on disk since it was read")
        os.replace(beside, target)
    except FileExistsError:
        raise       # somebody else's file of that name
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _take_over(target: str, status: os.stat_result, beside: str) -> None:
    """Gives the new file the old one's owner, mode and extended attributes (access lists among them)."""
    mine = os.stat(beside)
    if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.chown(beside, status.st_uid, status.st_gid)
        except PermissionError as error:
            raise NotWritten("belongs to somebody else, and a new file could not be given to them") from error
    shutil.copystat(target, beside)
    os.utime(beside)        # copied with the rest, and the file has just changed
