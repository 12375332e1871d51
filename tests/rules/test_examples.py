"""The docstring of every rule, held to its word: the Example fires this rule and no other, "Use instead" is silent, and
fixing the Example makes it "Use instead", to the letter."""

from __future__ import annotations

import pytest

from initlint.config.discovery import Configuration
from initlint.lint import lint
from initlint.rules.registry import entries
from initlint.session import findings_of, fix
from initlint.syntax.source import from_text

EXAMPLES = {code: entry for code, entry in entries().items() if entry.code_in("Example")}
FIXED = {code: entry for code, entry in EXAMPLES.items() if entry.rule.fix is not None}


def configuration(code, **settings):
    return Configuration({"extend_select": [code], "cache": False, **settings}, isolated=True).root


def codes(text, code):
    source = from_text(text, "net.py")
    return [finding.code for finding in findings_of(lint([source], configuration(code)))]


@pytest.mark.parametrize("code", EXAMPLES)
def test_example_fires_exactly_this_rule(code):
    assert set(codes(EXAMPLES[code].code_in("Example"), code)) == {code}


@pytest.mark.parametrize("code", EXAMPLES)
def test_use_instead_is_silent(code):
    assert codes(EXAMPLES[code].code_in("Use instead"), code) == []


@pytest.mark.parametrize("code", FIXED)
def test_fixing_the_example_gives_use_instead(code):
    settings = configuration(code, unsafe_fixes=True)
    inputs = [from_text(FIXED[code].code_in("Example"), "net.py")]
    outcomes = fix(inputs, lint(inputs, settings), settings)
    assert [outcome.source.text for outcome in outcomes.values()] == [FIXED[code].code_in("Use instead")]
