"""Which rules run."""

from __future__ import annotations

import pytest

from initlint.config import Selection, Settings
from initlint.config.globs import Glob
from initlint.config.selection import choose, overrides
from initlint.config.settings import PerFileIgnore
from initlint.rules.registry import rules

DEFAULT = {rule.code for rule in rules() if rule.on}
EVERY = {rule.code for rule in rules()}


def chosen(*levels: Selection) -> set[str]:
    return set(choose(levels))


def test_default() -> None:
    assert chosen() == DEFAULT
    assert not any(choose(()).values())


def test_select_replaces_and_extend_adds() -> None:
    assert chosen(Selection(select=("INI001",))) == {"INI001"}
    assert chosen(Selection(extend_select=("ALL",))) == EVERY
    assert chosen(Selection(select=())) == set()


def test_by_name_prefix_and_all() -> None:
    assert chosen(Selection(select=("unknown-nonlinearity",))) == {"INI002"}
    assert chosen(Selection(select=("INI00",))) == {code for code in EVERY if code.startswith("INI00")}
    assert chosen(Selection(select=("ALL",))) == EVERY


def test_the_more_specific_selector_wins() -> None:
    assert chosen(Selection(select=("INI0",), ignore=("INI001",))) == {
        code for code in EVERY if code.startswith("INI0")
    } - {"INI001"}
    assert chosen(Selection(select=("INI001",), ignore=("INI0",))) == {"INI001"}
    assert chosen(Selection(select=("unknown-nonlinearity",), ignore=("INI00",))) == {"INI002"}
    assert chosen(Selection(select=("INI001",), ignore=("INI001",))) == set()


def test_the_command_line_over_the_file() -> None:
    file = Selection(select=("INI0",), ignore=("INI001",))
    assert chosen(file, Selection(select=("INI001",))) == {"INI001"}
    assert chosen(file, Selection(ignore=("INI002",))) == chosen(file) - {"INI002"}
    assert chosen(file, Selection(extend_select=("INI104",))) == chosen(file) | {"INI104"}


def test_ignores_of_a_file_that_selects_nothing_still_hold() -> None:
    file = Selection(ignore=("INI001",))
    assert "INI001" not in chosen(file, Selection(select=("INI0",)))
    assert "INI001" in chosen(file, Selection(select=("INI001",)))
    assert "INI002" in chosen(file, Selection(select=("INI0",)))


def test_what_was_asked_for_is_told_apart() -> None:
    settings = Settings(root="/p", selection=(Selection(extend_select=("INI104",)),))
    enabled = settings.enabled("/p/a.py")
    assert enabled["INI104"].explicit
    assert not enabled["INI001"].explicit


@pytest.mark.parametrize(
    ("negated", "path", "runs"),
    [
        (False, "/p/tests/a.py", False),
        (False, "/p/a.py", True),
        (True, "/p/tests/a.py", True),
        (True, "/p/a.py", False),
    ],
)
def test_per_file_ignores(negated: bool, path: str, runs: bool) -> None:
    ignore = PerFileIgnore(Glob("tests/*", "/p"), negated, ("INI001",))
    settings = Settings(root="/p", per_file_ignores=(ignore,))
    assert ("INI001" in settings.enabled(path)) is runs
    assert "INI002" in settings.enabled(path)


def test_overrides_by_specificity() -> None:
    found = overrides([("INI001", "exact"), ("INI0", "prefix"), ("ALL", "all")])
    assert (found["INI001"], found["INI002"], found["INI104"]) == ("exact", "prefix", "all")
