"""Of very many files only some are held at a time, and links that lead round in circles are followed once."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from benchmarks.many_files import write
from initlint.files.modules import MODULE_WEIGHT
from initlint.trace.program.project import Project
from initlint.work import bench
from tests.lint.projects import linted, told


def test_the_project_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 130)
    whole = linted(tmp_path)
    held: list[int] = []
    forget = bench.forget

    def counted() -> None:
        gc.collect()
        held.append(sum(isinstance(each, Project) for each in gc.get_objects()))
        forget()

    monkeypatch.setattr(bench, "MAX_HELD", 20 * MODULE_WEIGHT)
    monkeypatch.setattr(bench, "forget", counted)
    report = linted(tmp_path)
    assert (told(report), report.layers, report.notes) == (told(whole), whole.layers, whole.notes)
    assert [file for file, _, code, _ in told(report) if code == "INI010"] == ["m0.py", "m100.py"]
    assert len(report.files) == 131                      # with a link that leads nowhere, which cannot be read
    assert held == [1]


def test_files_that_need_more_than_is_held_share_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that import each other, all of them needed for any: the project is not begun anew for each."""
    for number in range(40):
        (tmp_path / f"m{number}.py").write_text(
            f"import torch.nn as nn\nimport m{(number + 1) % 40}\n\n\ndef make{number}():\n"
            f"    return m{(number + 1) % 40}.make{(number + 1) % 40}()\n"
        )
    begun: list[Project] = []
    begin = Project.__init__

    def counted(self: Project, *args: Any, **kwargs: Any) -> None:
        begun.append(self)
        begin(self, *args, **kwargs)

    monkeypatch.setattr(Project, "__init__", counted)
    monkeypatch.setattr(bench, "MAX_HELD", 20 * MODULE_WEIGHT)
    linted(tmp_path)
    assert len(begun) <= 3
