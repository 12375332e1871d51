"""Comments about findings, the files in which a rule runs unasked, and severities that are configured."""

from __future__ import annotations

import pytest

from initlint.config.discovery import Configuration
from initlint.fix.render import render
from initlint.lint import lint
from initlint.model.finding import Finding, Severity
from initlint.session import findings_of
from initlint.syntax.source import Source, from_text

NET = """\
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_normal(self.fc.weight){comment}

    def forward(self, x):
        return self.fc(x)
"""


def source_of(text: str) -> Source:
    source = from_text(text, "net.py")
    assert isinstance(source, Source)
    return source


def found(text: str, **overrides: object) -> list[Finding]:
    settings = Configuration({"cache": False, **overrides}, isolated=True).root
    return findings_of(lint([source_of(text)], settings))


COMMENTS = [
    ("", ["INI010"], None),
    ("  # noqa", [], None),
    ("  # noqa: INI010", [], None),
    ("  # noqa: E501", ["INI010"], None),
    ("  # noqa: INI010, INI201", ["INI901"], "  # noqa: INI010"),
    ("  # noqa: E501, INI201", ["INI010", "INI901"], "  # noqa: E501"),
    ("  # noqa: INI201", ["INI010", "INI901"], ""),
    ("  # noqa: INI106", ["INI010"], None),                      # a rule that does not run may be needed
    ("  # initlint: ignore[INI2] why", ["INI010", "INI901"], "  # why"),
    ("  # noqa: INI999", ["INI010", "INI902"], ""),
    ("  # initlint: ignore[deprecated-init-alais]", ["INI010", "INI902"], ""),
    ("  # noqa: INI010, INI999", ["INI902"], "  # noqa: INI010"),
    ("  # noqa: INI201  # noqa: INI901", ["INI010"], None),
]


@pytest.mark.parametrize(("comment", "codes", "left"), COMMENTS, ids=[comment.strip() or "none" for comment, *_ in COMMENTS])
def test_comments(comment: str, codes: list[str], left: str | None) -> None:
    text = NET.format(comment=comment)
    findings = found(text)
    assert [finding.code for finding in findings] == codes
    about = [finding for finding in findings if finding.code in ("INI901", "INI902")]
    if left is not None:
        (finding,) = about
        assert finding.fix is not None
        source = source_of(text)
        edits = render(source, finding.fix)
        assert edits is not None
        assert source.edited(edits).text == NET.format(comment=left)


def test_the_rule_that_was_meant_is_named() -> None:
    (finding,) = found(NET.format(comment="  # initlint: ignore[deprecated-init-alais]"), select=("INI902",))
    assert "did you mean `deprecated-init-alias`" in finding.message


def test_files_without_models_have_comments_too() -> None:
    assert [finding.code for finding in found("x = 1  # noqa: INI101\n")] == ["INI901"]


EMPTY = """\
import torch
import torch.nn as nn


class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(8, 8))

    def forward(self, x):
        return x @ self.weight
"""


def test_rules_of_a_closed_world() -> None:
    assert found(EMPTY) == []
    assert [finding.code for finding in found(EMPTY, extend_select=("INI403",))] == ["INI403"]
    assert [finding.code for finding in found(EMPTY + "\n\nmodel = Scores()\n")] == ["INI403"]
    assert found(EMPTY + "\n\ndef scores():\n    return Scores()\n") == []


def test_what_a_rule_of_a_closed_world_does_not_tell_it_does_not_silence() -> None:
    scaled = EMPTY.replace("torch.empty(8, 8)", "torch.randn(256, 256)")
    assert [finding.code for finding in found(scaled)] == ["INI301"]


def test_severities() -> None:
    (finding,) = found(NET.format(comment=""), severity=(("INI0", Severity.ERROR),))
    assert finding.severity is Severity.ERROR


SHARED = """\
import torch.nn as nn


def init(model):
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        init(self)

    def forward(self, x):
        return self.fc(x)
"""
DEEP = """

class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3)
        init(self)

    def forward(self, x):
        return self.conv(x).relu()
"""


def test_a_filter_that_selects_something_for_another_root() -> None:
    assert [finding.code for finding in found(SHARED)] == ["INI407"]
    assert found(SHARED + DEEP) == []
