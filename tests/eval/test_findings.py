"""Every file of `bad` gets the findings it expects, at the lines it expects them, and every file of `good` none."""

from __future__ import annotations

import pytest

from initlint.config.discovery import Configuration
from initlint.lint import lint
from initlint.session import findings_of
from initlint.syntax.source import from_text
from tests.eval.expected import expected, files, selected


def found(path):
    text = path.read_text()
    settings = Configuration({"extend_select": list(selected(text)), "cache": False}, isolated=True).root
    findings = findings_of(lint([from_text(text, path.name)], settings))
    return sorted({(finding.span.line, finding.code) for finding in findings})


@pytest.mark.parametrize("path", files("bad"), ids=lambda path: path.stem)
def test_bad(path):
    assert found(path) == expected(path.read_text())


@pytest.mark.parametrize("path", files("good"), ids=lambda path: path.stem)
def test_good(path):
    assert found(path) == []
