"""The same file gets the same findings whichever files are given: whoever builds a model counts, wherever that stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.config.discovery import Configuration
from initlint.files.paths import find
from initlint.files.surroundings import surroundings
from initlint.lint import lint
from initlint.session import findings_of
from initlint.syntax.source import Source, read

BLOCK = """\
import torch.nn as nn


class Head(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.act = act
        self.fc2 = nn.Linear(64, 10)
        nn.init.xavier_normal_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
"""
MODEL = """\
from block import Head
from acts import make


def build():
    return Head(make())
"""
ACTS = "import torch.nn as nn\n\n\ndef make():\n    return nn.ReLU()\n"
APART = "import torch.nn as nn\n\n\nclass Other(nn.Module):\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "initlint.toml").write_text("")
    for name, text in {"block": BLOCK, "model": MODEL, "acts": ACTS, "apart": APART}.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def found(project: Path, *names: str) -> list[tuple[str, int, str, str]]:
    configuration = Configuration(cwd=str(project))
    given = [str(project / name) for name in names]
    files = find(given, configuration).files
    others = surroundings(files, given, configuration)
    report = lint(files, configuration.for_files((*files, *others)), project=others)
    return [(Path(f.span.file).name, f.span.line, f.code, f.message) for f in findings_of(report)]


def test_what_builds_a_layer_elsewhere_counts_in_files_that_name_no_torch_too(project: Path) -> None:
    whole = found(project, ".")
    assert [(name, line, code) for name, line, code, _ in whole] == [("block.py", 10, "INI103")]
    assert found(project, "block.py") == whole
    assert found(project, "model.py") == []


def test_alone_a_file_is_judged_by_itself(project: Path) -> None:
    (project / "initlint.toml").unlink()
    assert found(project, "block.py") == []


def test_only_what_leads_to_a_file_is_traced(project: Path) -> None:
    (project / "acts.py").write_text(ACTS + "def broken(:\n")
    (project / "apart.py").write_text("import torch\nclass Other(:\n")
    assert found(project, "apart.py")[0][2] == "INI900"
    assert found(project, "model.py") == []


def test_the_text_in_an_editor_is_judged_by_its_project(project: Path) -> None:
    configuration = Configuration(cwd=str(project))
    path = str(project / "block.py")
    source = read(path)
    assert isinstance(source, Source)
    typed = Source(path, source.text.replace("xavier_normal_", "xavier_uniform_"))
    others = surroundings([path], (), configuration)
    findings = findings_of(lint([typed], configuration.for_files(others), project=others))
    assert [finding.code for finding in findings] == ["INI103"]


def test_projects(tmp_path: Path) -> None:
    for folder in ("a", "a/b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "m.py").write_text("import torch\n")
    (tmp_path / "c" / "setup.py").write_text("")
    configuration = Configuration(isolated=True, cwd=str(tmp_path))
    b, c = str(tmp_path / "a/b/m.py"), str(tmp_path / "c/m.py")
    assert surroundings([b], [b], configuration) == ()
    assert surroundings([c], [c], configuration) == (c, str(tmp_path / "c/setup.py"))
    assert surroundings([c], [str(tmp_path)], configuration) == ()
    (tmp_path / "a" / ".git").mkdir()
    assert surroundings([b], [b], configuration) == (b, str(tmp_path / "a/m.py"))
    (tmp_path / ".git").mkdir()
    assert surroundings([c], [c], configuration) == (b, str(tmp_path / "a/m.py"), c, str(tmp_path / "c/setup.py"))


STACK = """\
import torch.nn as nn


class Stack(nn.Module):
    def __init__(self, depth, act):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(128, 128) for _ in range(depth))
        self.act = act
        self.head = nn.Linear(128, 1)

    def forward(self, x):
        for layer in self.layers:
            x = self.act(layer(x))
        return self.head(x)
"""
BUILT = "from stack import Stack\nimport torch.nn as nn\n\n\ndef build():\n    return Stack({}, nn.{}())\n"


@pytest.mark.parametrize(("depth", "act", "offered"), [(9, "ReLU", True), (2, "Tanh", False)])
def test_a_fix_is_offered_where_it_is_right_for_all_who_build_the_layers(
    tmp_path: Path, depth: int, act: str, offered: bool
) -> None:
    """The finding is told of the one that is deep."""
    (tmp_path / "initlint.toml").write_text("")
    (tmp_path / "stack.py").write_text(STACK)
    (tmp_path / "deep.py").write_text(BUILT.format(12, "ReLU"))
    (tmp_path / "other.py").write_text(BUILT.format(depth, act))
    configuration = Configuration({"cache": False}, cwd=str(tmp_path))
    files = find([str(tmp_path)], configuration).files
    (finding,) = findings_of(lint(files, configuration.for_files(files)))
    assert (finding.code, "as built by" in finding.message) == ("INI101", not offered)
    assert (finding.fix is not None) is offered


def test_what_imports_a_file_that_names_torch_and_no_layer_is_not_looked_through(
    project: Path, surveyed: list[str]
) -> None:
    (project / "seeds.py").write_text("import torch\n\n\ndef begin():\n    torch.manual_seed(0)\n")
    (project / "page.py").write_text("from seeds import begin\n\n\ndef show():\n    begin()\n")
    found(project, "seeds.py", "page.py", "model.py", "block.py", "acts.py")
    assert sorted(surveyed) == ["acts", "block", "model", "seeds"]


def test_a_scale_that_another_file_works_out_is_followed_there(project: Path) -> None:
    (project / "scales.py").write_text("def limits(w):\n    limit = w.size(0) ** -0.5\n    return -limit, limit\n")
    (project / "net.py").write_text(
        "import torch.nn as nn\nfrom scales import limits\n\n\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.fc = nn.Linear(8, 400)\n        self.out = nn.Linear(400, 2)\n"
        "        self.fc.weight.data.uniform_(*limits(self.fc.weight))\n\n"
        "    def forward(self, x):\n        return self.out(self.fc(x).relu())\n"
    )
    assert [(name, line, code) for name, line, code, _ in found(project, "net.py", "scales.py")] == [
        ("scales.py", 2, "INI008"),
    ]
