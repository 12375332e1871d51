"""Text to tree: always a tree or a fault."""

from __future__ import annotations

import ast
import random
import warnings
from pathlib import Path

import pytest

import initlint.syntax
from initlint.syntax.depth import is_shallow
from initlint.syntax.parse import parse
from initlint.syntax.source import Fault, Source, from_text

OWN = sorted(Path(initlint.syntax.__file__).parent.glob("*s*.py"))


def parsed(text: str) -> ast.Module | Fault:
    source = from_text(text, "m.py")
    assert isinstance(source, Source)
    return parse(source)


@pytest.mark.parametrize("text", [
    "", "\ufeff", "\n", "\f\n", "x = 1\r\ry = 2\r\n\n", "if x:\n\ty\n", "x = 1\f\n", "#", "x = 'é'; y = '😀'",
    "# coding: nonsense\nx = 1\n", "s = '\\d'", "x = 1 is 1", "assert (x, 'y')", "\n" * 100_000 + "x = 1",
])
def test_trees(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = parsed(text)
    assert isinstance(found, ast.Module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ast.parse(text.lstrip("\ufeff"))
    assert ast.dump(found, include_attributes=True) == ast.dump(expected, include_attributes=True)


@pytest.mark.parametrize(("text", "line", "column"), [
    ("x = = 1", 1, 5),
    ("é = 'é'; = 1", 1, 10),
    ("x\n  y\n", 2, 1),
    ("def f(:\n", 1, 7),
    ("x = 1\ny = \0\n", 2, 5),
    ("x = 1\ns = '\ud800'", 2, 6),
    ("x = 'abc", 1, 5),
    ("print 'x'", 1, 1),
    ("match x:\n case " + "(" * 12 + ":\n  pass\n", 2, 19),
])
def test_faults_point_at_the_place(text: str, line: int, column: int) -> None:
    found = parsed(text)
    assert isinstance(found, Fault)
    assert found.line == line
    if "  y" not in text:
        assert found.column == column
    assert found.message
    assert "\n" not in found.message


DEEP = {
    "brackets": "(" * 10_000 + ")" * 10_000, "open": "[" * 10_000,
    "minus": "-" * 100_000 + "1", "not": "not " * 100_000 + "x",
    "plus": "1" + "+1" * 100_000, "attributes": "a" + ".a" * 100_000, "calls": "f" + "()" * 100_000,
    "items": "a" + "[0]" * 100_000, "lambdas": "lambda:" * 100_000 + "1", "ternary": "a if b else " * 50_000 + "c",
    "elif": "if a:\n x\n" + "elif a:\n x\n" * 20_000, "power": "1" + "**1" * 50_000,
    "blocks": "\n".join(" " * depth + "if x:" for depth in range(2_000)), "statements": "x = 1\n" * 100_000,
    "f-strings": "f'{" * 200 + "1" + "}'" * 200, "line": "x = [" + "1, " * 300_000 + "'" + "x" * 1_500_000 + "']",
    "digits": "x = " + "9" * 100_000,
    "patterns": "type X = int\nmatch x:\n case " + "(" * 30 + ":\n  pass\n",
    "newer and deep": "type X = int\nx = " + "(" * 150 + ")" * 150 + " + 1" * 5_000,
    "targets": "x = " * 20_000 + "1",
}


@pytest.mark.parametrize("name", DEEP)
def test_depth_and_length_end_in_a_tree_or_a_fault(name: str) -> None:
    found = parsed(DEEP[name])
    assert isinstance(found, (ast.Module, Fault))
    if name in ("statements", "line"):
        assert isinstance(found, ast.Module)
    if isinstance(found, Fault):
        assert len(found.message) < 200


@pytest.mark.parametrize(("text", "shallow"), [
    ("x = [" + "-1, " * 10_000 + "]", True),
    ("x = " + "(" * 40 + "1" + ")" * 40, True),
    ("x = " + "(" * 61, False),
    ("x = '" + "(" * 100 + "'", True),
    ("x = 1 # " + "(" * 100, True),
    ("x = a" + ".b" * 501, False),
    ("x = " + "lambda a, b: " * 501 + "1", False),
    ("x = " + "f(a, " * 61 + ")" * 61, False),
    ("match x:\n  case ((((((a)))))): pass", True),
    ("match x:\n  case (((((((a))))))): pass", False),
    ("if a: b\n" + "elif a: b\n" * 1001, False),
    ("if a: b\n" + "elif a: b\n" * 999, True),
])
def test_what_libcst_may_read(text: str, shallow: bool) -> None:
    assert is_shallow(text) is shallow


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_damaged_files(path: Path) -> None:
    text = path.read_text("utf-8")
    choose = random.Random(path.name)
    for _ in range(12):
        start = choose.randrange(len(text))
        end = min(start + choose.randrange(1, 40), len(text))
        inserted = choose.choice("()[]{}:'\"\\\0\t")
        for damaged in (text[:start], text[:start] + text[end:], text[:start] + inserted + text[start:]):
            found = parsed(damaged)
            assert isinstance(found, (ast.Module, Fault))
            if isinstance(found, Fault):
                assert 1 <= found.line <= damaged.count("\n") + 2
