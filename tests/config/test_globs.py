"""Path patterns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.config.globs import Glob

YES = [
    ("build", "/p/build"),
    ("build", "/p/deep/build"),
    ("build/", "/p/build"),
    ("*_pb2.py", "/p/a/x_pb2.py"),
    ("legacy/models", "/p/legacy/models"),
    ("tests/*", "/p/tests/a/b.py"),
    ("src/**/old.py", "/p/src/old.py"),
    ("src/**/old.py", "/p/src/a/b/old.py"),
    ("**/old.py", "/p/old.py"),
    ("**/old.py", "/p/a/old.py"),
    ("a?.py", "/p/ab.py"),
    ("[ab].py", "/p/a.py"),
    ("[!ab].py", "/p/c.py"),
    ("*.{py,pyi}", "/p/x.pyi"),
    ("./a.py", "/p/a.py"),
    ("/elsewhere/x.py", "/elsewhere/x.py"),
]
NO = [
    ("build", "/p/builder"),
    ("build", "/p/build/x.py"),
    ("legacy/models", "/p/deep/legacy/models"),
    ("legacy/models", "/q/legacy/models"),
    ("src/**/old.py", "/p/srcold.py"),
    ("src/**/old.py", "/p/src/bold.py"),
    ("**/old.py", "/p/bold.py"),
    ("[ab].py", "/p/c.py"),
    ("[!ab].py", "/p/a.py"),
    ("*.{py,pyi}", "/p/x.pyc"),
    ("a.py", "/p/aXpy"),
]


@pytest.mark.parametrize(("pattern", "path"), YES)
def test_matches(pattern: str, path: str) -> None:
    assert Glob(pattern, "/p").matches(path)


@pytest.mark.parametrize(("pattern", "path"), NO)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not Glob(pattern, "/p").matches(path)


def test_the_base_is_no_pattern() -> None:
    assert Glob("a/b.py", "/p[1]{x}*").matches("/p[1]{x}*/a/b.py")
    assert not Glob("a/b.py", "/p*").matches("/pq/a/b.py")


@given(st.text(alphabet="ab[]!^-{},*?/\\&~|", max_size=12), st.text(max_size=5))
def test_no_pattern_raises(pattern: str, path: str) -> None:
    try:
        Glob(pattern, "/p").matches("/p/" + path)
    except re.error:
        pytest.fail(f"{pattern!r} made a broken expression")
