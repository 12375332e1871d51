"""Fixes in several files: linted together, judged by themselves and by what they bring to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from initlint.fix.apply import Outcome
from initlint.fix.together import fix_together
from initlint.model.finding import Finding, Severity
from initlint.model.source import Span
from initlint.syntax.source import Source, from_text
from tests.fix.toy import HEAD, lint, silences

Cross = Callable[[Mapping[str, str]], Sequence[str]]
"""The files in which one more finding is told, given all texts."""


class Project:
    """Files with a linter that can look at all of them, and counts how often it did."""

    def __init__(self, texts: Mapping[str, str], cross: Cross = lambda texts: ()) -> None:
        self.cross, self.looks = cross, 0
        self.sources: dict[str, Source] = {}
        for path, text in texts.items():
            source = from_text(text, path)
            assert isinstance(source, Source)
            self.sources[path] = source

    def lint(self, sources: Mapping[str, Source]) -> dict[str, list[Finding]]:
        self.looks += 1
        found = {path: lint(source) for path, source in sources.items()}
        for path in self.cross({path: source.text for path, source in sources.items()}):
            found[path].append(Finding("T099", "cross", Severity.NOTE, "from afar", Span(path, 1, 0, 1, 0)))
        return found

    def fix(self) -> dict[str, Outcome]:
        found = self.lint(self.sources)
        self.looks = 0
        return fix_together(self.sources, found, self.lint, lambda finding: True, silences)


ALIAS = HEAD + "nn.init.xavier_normal(a)\n"
FIXED = HEAD + "nn.init.xavier_normal_(a)\n"


def test_files_without_fixes_are_not_told() -> None:
    project = Project({"a.py": "x = 1\n", "b.py": ALIAS})
    outcomes = project.fix()
    assert {path: outcome.source.text for path, outcome in outcomes.items()} == {"b.py": FIXED}
    assert outcomes["b.py"].remaining == ()


def test_all_files_are_linted_at_once() -> None:
    project = Project({f"{index}.py": ALIAS for index in range(9)})
    assert [outcome.source.text for outcome in project.fix().values()] == [FIXED] * 9
    assert project.looks == 1


def test_a_change_that_harms_another_file_is_put_back() -> None:
    project = Project(
        {"a.py": ALIAS, "b.py": "x = 1\n", "c.py": ALIAS},
        lambda texts: ["b.py"] if texts["c.py"] == FIXED else [],
    )
    outcomes = project.fix()
    assert outcomes["a.py"].source.text == FIXED
    assert outcomes["c.py"].source.text == ALIAS
    assert outcomes["c.py"].applied == ()
    assert [refusal.reason for refusal in outcomes["c.py"].refused] == ["the fix would bring T099 (b.py, line 1)"]


def test_what_another_file_stood_in_the_way_of_is_tried_again() -> None:
    """A's change brings a finding to itself for as long as B is as it was."""
    project = Project(
        {"a.py": ALIAS, "b.py": HEAD + "nn.init.mask(x)\n"},
        lambda texts: ["a.py"] if texts["a.py"] == FIXED and "clean" not in texts["b.py"] else [],
    )
    outcomes = project.fix()
    assert outcomes["a.py"].source.text == FIXED
    assert outcomes["b.py"].source.text == HEAD + "nn.init.clean(x)\n"
    assert [finding.code for finding in outcomes["b.py"].applied] == ["T017", "T018"]


def test_a_second_run_changes_nothing() -> None:
    project = Project({"a.py": ALIAS + "nn.init.worsen(b)\ndrop()\n", "b.py": HEAD + "nn.init.ping(x)\n"})
    outcomes = project.fix()
    project.sources.update({path: outcome.source for path, outcome in outcomes.items()})
    assert all(not outcome.applied for outcome in project.fix().values())
