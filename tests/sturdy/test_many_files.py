"""Of very many files only some are held at a time, and links that lead round in circles are followed once."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from benchmarks.many_files import write
from initlint import work
from initlint.trace.project import MODULE_WEIGHT, Project
from tests.lint.projects import linted, told


def test_the_project_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 130)
    whole = linted(tmp_path)
    held: list[int] = []
    forget = work.forget

    def counted() -> None:
        gc.collect()
        held.append(sum(isinstance(each, Project) for each in gc.get_objects()))
        forget()

    monkeypatch.setattr(work, "MAX_HELD", 20 * MODULE_WEIGHT)
    monkeypatch.setattr(work, "forget", counted)
    report = linted(tmp_path)
    assert (told(report), report.layers, report.notes) == (told(whole), whole.layers, whole.notes)
    assert [file for file, _, code, _ in told(report) if code == "INI010"] == ["m0.py", "m100.py"]
    assert len(report.files) == 131                      # with a link that leads nowhere, which cannot be read
    assert held == [1]
