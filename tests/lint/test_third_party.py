"""Installed packages whose source is followed where the configuration names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.config.discovery import Configuration
from initlint.lint import lint
from initlint.session import findings_of

NET = """\
import torch.nn as nn
from {package}.heads import Act


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.act = Act()
        self.fc2 = nn.Linear(64, 10)
        nn.init.xavier_normal_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""
ACT = "import torch.nn as nn\n\n\nclass Act(nn.Module):\n    def forward(self, x):\n        return nn.functional.relu(x)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    for package in ("acme", "other"):
        folder = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        (folder / "heads.py").write_text(ACT)
    return tmp_path


def codes(folder: Path, package: str, settings: str) -> list[str]:
    (folder / "initlint.toml").write_text(settings)
    (folder / "net.py").write_text(NET.format(package=package))
    configuration = Configuration(cwd=str(folder))
    path = str(folder / "net.py")
    return [finding.code for finding in findings_of(lint([path], configuration.for_files([path])))]


def test_only_packages_that_are_named_are_followed(project: Path) -> None:
    assert codes(project, "acme", "") == []
    assert codes(project, "acme", 'third-party = ["acme"]\n') == ["INI103"]
    assert codes(project, "other", 'third-party = ["acme"]\n') == []


def test_the_active_environment(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".venv").rename(tmp_path / "elsewhere")
    assert codes(project, "acme", 'third-party = ["acme"]\n') == []
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    assert codes(project, "acme", 'third-party = ["acme"]\n') == ["INI103"]
