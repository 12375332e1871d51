"""A project's own layers, activations, norms and inits, declared by dotted name."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.config.discovery import Configuration
from initlint.lint import lint
from initlint.session import findings_of

NET = """\
{imports}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = {layer}(64, 64)
        self.norm = {norm}(64)
        self.act = {act}()
        self.fc2 = nn.Linear(64, 10)
        {init}(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.norm(self.fc1(x))))
"""
DECLARED = """\
[vocabulary]
layers = { "acme.ops.EqualLinear" = "Linear" }
activations = { "acme.act.Swish2" = "silu" }
norms = { "acme.norm.FRN" = "batch_norm", "acme.norm.Same" = "Identity" }
inits = { "acme.init.xavier" = "xavier_normal_" }
"""
OWN = """\
import torch.nn as nn


class {name}(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.mystery = mystery(sizes)

    def forward(self, x):
        return mystery(x)
"""
SPELLINGS = {
    "from": (
        "import torch.nn as nn\nfrom acme.ops import EqualLinear\nfrom acme.act import Swish2\n"
        "from acme.norm import FRN, Same\nfrom acme.init import xavier",
        {"layer": "EqualLinear", "norm": "Same", "act": "Swish2", "init": "xavier"},
    ),
    "whole": (
        "import acme\nimport torch.nn as nn",
        {"layer": "acme.ops.EqualLinear", "norm": "acme.norm.Same", "act": "acme.act.Swish2", "init": "acme.init.xavier"},
    ),
}


def codes(folder: Path) -> list[str]:
    configuration = Configuration(cwd=str(folder))
    path = str(folder / "net.py")
    return [finding.code for finding in findings_of(lint([path], configuration.for_files([path])))]


@pytest.fixture(params=SPELLINGS)
def text(request: pytest.FixtureRequest) -> str:
    imports, names = SPELLINGS[request.param]
    return NET.format(imports=imports, **names)


def test_outside_the_project(tmp_path: Path, text: str) -> None:
    (tmp_path / "initlint.toml").write_text("")
    (tmp_path / "net.py").write_text(text)
    assert codes(tmp_path) == []
    (tmp_path / "initlint.toml").write_text(DECLARED)
    assert codes(tmp_path) == ["INI103"]
    (tmp_path / "net.py").write_text(text.replace("Same(", "FRN("))
    assert codes(tmp_path) == []


def test_inside_the_project(tmp_path: Path, text: str) -> None:
    package = tmp_path / "acme"
    package.mkdir()
    (package / "__init__.py").write_text("from . import act, init, norm, ops\n")
    for module, name in (("ops", "EqualLinear"), ("act", "Swish2"), ("norm", "Same")):
        (package / f"{module}.py").write_text(OWN.format(name=name))
    (package / "init.py").write_text("def xavier(w):\n    mystery(w)\n")
    (tmp_path / "initlint.toml").write_text(DECLARED)
    (tmp_path / "net.py").write_text(text)
    assert codes(tmp_path) == ["INI103"]
