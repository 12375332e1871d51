"""initlint as a library, as a plugin of flake8, and its comments."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import initlint
import initlint.session
from initlint.model.finding import Finding, Severity
from initlint.suppress.noqa import noqa_edits
from initlint.syntax.source import Source, from_text
from tests.cli import engine

MEAN = """\
import torch.nn as nn
from torch.nn import init


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        init.normal_(self.fc.weight, 0.02)

    def forward(self, x):
        return self.fc(x)
"""


def test_lint_paths(project: Path) -> None:
    (project / "net.py").write_text(MEAN)
    (found,) = initlint.lint_paths([project])
    assert (found.code, found.severity) == ("INI006", Severity.ERROR)
    assert found.region.filename == str(project / "net.py")
    assert (found.region.start.line, found.region.start.column) == (9, 9)
    assert found.repair is not None
    assert pickle.loads(pickle.dumps(found)) == found


def test_lint_source(project: Path) -> None:
    (found,) = initlint.lint_source(MEAN)
    assert (found.code, found.region.filename) == ("INI006", "<string>")
    (project / "initlint.toml").write_text('ignore = ["INI006"]\n')
    assert initlint.lint_source(MEAN, "net.py") == ()
    (broken,) = initlint.lint_source("import torch\ndef f(:\n")
    assert broken.code == "INI900"


def test_lint_notebook() -> None:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": MEAN}]
    book = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (found,) = initlint.lint_source(book, "<book>.ipynb")
    assert (found.region.start.cell, found.region.start.line) == (1, 9)


def test_show_layers(project: Path) -> None:
    (project / "net.py").write_text(MEAN)
    (row,) = initlint.show_layers(["net.py"])
    assert (row.owner, row.path, row.kind, row.line) == ("Net", "fc", "Linear", 8)


def test_configuration_errors_are_raised(project: Path) -> None:
    (project / "initlint.toml").write_text("nothing = 1\n")
    with pytest.raises(initlint.ConfigError, match="unknown key"):
        initlint.lint_paths(["."])


def test_an_executor_of_the_callers_choice_is_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Executor | None] = []

    def record(inputs: object, settings: object, *, executor: Executor | None, **others: object) -> object:
        given.append(executor)
        return engine.Report(())

    monkeypatch.setattr(initlint.session, "lint", record)
    with ThreadPoolExecutor(1) as pool:
        initlint.lint_paths(["."], executor=pool)
        assert given == [pool]


def test_names_of_the_package() -> None:
    assert all(getattr(initlint, name) is not None for name in initlint.__all__)
    with pytest.raises(AttributeError, match="no attribute 'lint_path'"):
        _ = initlint.lint_path


def test_flake8(project: Path) -> None:
    silenced = MEAN.replace("Net", "Other").replace("0.02)", "0.02)  # noqa: INI006")
    (project / "net.py").write_text(MEAN + "\n\n" + silenced)
    if not entry_points(group="flake8.extension", name="INI"):        # not installed: run from its folder
        (project / ".flake8").write_text("[flake8:local-plugins]\nextension =\n    INI = initlint.flake8:Plugin\n")
    command = [sys.executable, "-m", "flake8", "--select", "INI", "net.py"]
    found = subprocess.run(command, text=True, capture_output=True, check=False, env={**os.environ})
    assert found.stderr == ""
    assert [line.split(" ")[:2] for line in found.stdout.splitlines()] == [["net.py:9:9:", "INI006"]]


def noqa(text: str, piece: str, code: str = "INI006", reason: str = "") -> str:
    source = from_text(text, "/a.py")
    assert isinstance(source, Source)
    start = text.index(piece)
    finding = Finding(code, "x", Severity.NOTE, "", source.span(start, start + len(piece)))
    return source.edited(noqa_edits(source, [finding], reason)).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(x)\n", "f(x)  # noqa: INI006\n"),
        ("f(x)", "f(x)  # noqa: INI006"),
        ("f(x)   \r\ny\r\n", "f(x)  # noqa: INI006\r\ny\r\n"),
        ("f(x)  # why\n", "f(x)  # why  # noqa: INI006\n"),
        ("f(x)  # noqa: E501\n", "f(x)  # noqa: E501, INI006\n"),
        ("f(x)  # noqa: E501 long\n", "f(x)  # noqa: E501, INI006 long\n"),
        ("f(x) + '''\n'''\n", "f(x) + '''\n'''  # noqa: INI006\n"),
        ("f(x) + \\\n    1\n", "f(x) + \\\n    1  # noqa: INI006\n"),
    ],
)
def test_noqa(before: str, after: str) -> None:
    assert noqa(before, "f(x)") == after


def test_noqa_with_a_reason() -> None:
    assert noqa("f(x)\n", "f(x)", reason="next year") == "f(x)  # noqa: INI006 next year\n"


def test_noqa_joins_codes_of_one_line() -> None:
    source = from_text("f(x)\n", "/a.py")
    assert isinstance(source, Source)
    findings = [Finding(code, "x", Severity.NOTE, "", source.span(0, 4)) for code in ("INI010", "INI006", "INI006")]
    assert source.edited(noqa_edits(source, findings)).text == "f(x)  # noqa: INI006, INI010\n"
