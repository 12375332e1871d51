"""Diffs are applied with git itself."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from initlint.fix.diff import unified_diff

LONG = b"".join(b"line %d\n" % number for number in range(40))


def applied(folder: Path, path: str, before: bytes, patch: bytes) -> bytes:
    git = shutil.which("git")
    assert git is not None
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)
    subprocess.run([git, "init", "-q"], cwd=folder, check=True)
    subprocess.run(
        [git, "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=patch, check=True
    )
    return file.read_bytes()


CASES = {
    "one line": (b"a\nb\nc\n", b"a\nB\nc\n"),
    "far apart": (LONG, LONG.replace(b"line 3\n", b"three\n").replace(b"line 33\n", b"")),
    "added at the end": (LONG, LONG + b"more\n"),
    "added at the start": (LONG, b"import x\n" + LONG),
    "no newline at the end": (b"a\nb", b"a\nB"),
    "newline lost": (b"a\nb\n", b"a\nb"),
    "newline gained": (b"a\nb", b"a\nb\n"),
    "from nothing": (b"", b"a\n"),
    "to nothing": (b"a\n", b""),
    "carriage returns": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n"),
    "mixed": (b"a\r\nb\nc\rd\n", b"a\r\nB\nc\rd\n"),
    "carriage returns alone": (b"a\rb\rc\r", b"a\rB\rc\r"),
    "byte order mark": (b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfA\nb\n"),
    "latin-1": (b"# coding: latin-1\n\xe9\nb\n", b"# coding: latin-1\n\xe9\nB\n"),
    "form feed": (b"a\n\x0c\nb\n", b"a\n\x0c\nB\n"),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_git_applies_it(tmp_path: Path, before: bytes, after: bytes) -> None:
    assert applied(tmp_path, "net.py", before, unified_diff("net.py", before, after)) == after


@pytest.mark.parametrize("path", ["a/b/net.py", "my net.py", 'a"b.py', "a\\b.py", "tab\there.py", "netz-ä.py", "été/ß x.py"])
def test_file_names(tmp_path: Path, path: str) -> None:
    before, after = CASES["one line"]
    assert applied(tmp_path, path, before, unified_diff(path, before, after)) == after


def test_equal_files_have_no_diff() -> None:
    assert unified_diff("net.py", LONG, LONG) == b""


def test_what_it_looks_like() -> None:
    assert unified_diff("net.py", b"a\nb\nc\nd\ne\nf\n", b"a\nb\nc\nd\nE\nf") == (
        b"--- a/net.py\n+++ b/net.py\n@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n-f\n+E\n+f\n\\ No newline at end of file\n"
    )


def test_random_changes(tmp_path: Path) -> None:
    chance = random.Random(1)
    for number in range(8):
        old = [b"%d\n" % chance.randrange(5) for _ in range(chance.randrange(30))]
        new = [line for line in old if chance.random() > 0.2]
        for _ in range(3):
            new.insert(chance.randrange(len(new) + 1), b"new\n")
        folder = tmp_path / str(number)
        folder.mkdir()
        before, after = b"".join(old), b"".join(new)
        assert applied(folder, "f.py", before, unified_diff("f.py", before, after)) == after
