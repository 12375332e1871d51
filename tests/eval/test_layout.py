"""The eval files keep to their own rules."""

from __future__ import annotations

import re

import pytest

from initlint.rules.registry import rules
from tests.eval.expected import expected, files, selected

KNOWN = {rule.code: rule for rule in rules()}


@pytest.mark.parametrize("path", files("bad"), ids=lambda path: path.stem)
def test_bad(path):
    text = path.read_text()
    compile(text, path.name, "exec")
    codes = {code for _, code in expected(text)}
    assert codes
    assert codes <= KNOWN.keys()
    assert (path.parent.parent / "good" / path.name).exists()
    named = re.match(r"ini\d{3}", path.stem)
    assert named is None or named[0].upper() in codes
    off = {code for code in codes if not KNOWN[code].on}
    assert off <= set(selected(text))


@pytest.mark.parametrize("path", files("good"), ids=lambda path: path.stem)
def test_good(path):
    text = path.read_text()
    compile(text, path.name, "exec")
    assert expected(text) == []


@pytest.mark.parametrize("code", [code for code in KNOWN if re.match(r"INI(0|40)", code)])
def test_the_codes_of_calls_and_of_lost_init_have_examples(code):
    assert any((line, found) for path in files("bad") for line, found in expected(path.read_text()) if found == code)


def test_expectations_are_read():
    assert expected("x = 1\ny = 2  # INI006\nz  # noqa: INI001\nw  # why # INI101 INI103\n") == [
        (2, "INI006"), (4, "INI101"), (4, "INI103"),
    ]
    assert selected("# select: INI409 INI410\n") == ("INI409", "INI410")
    assert selected("import torch\n# select: INI409\n") == ()
