"""Names that a project's files import from each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from initlint.syntax import parse as parsing
from initlint.syntax.source import Source
from tests.trace.programs import after, project

NET = """
import torch.nn as nn
{imports}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return act(self.fc(x)).sum()
"""
FAST = "import torch.nn.functional as F\n\nact = F.gelu\n"
SLOW = "import torch.nn.functional as F\n\nact = F.relu\n"
BRANCHES = {
    "try:\n    from fast import act\nexcept ImportError:\n    from slow import act": ("gelu",),
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from slow import act\nelse:\n    from fast import act":
        ("gelu",),
    "import os\nif os.environ.get('SLOW'):\n    from slow import act\nelse:\n    from fast import act": ("gelu", "relu"),
    "import os\nif os.environ.get('SLOW'):\n    from slow import act\nelse:\n    act = nn.functional.tanh": ("relu", "tanh"),
}


def test_names_that_are_bound_in_branches(tmp_path: Path) -> None:
    for imports, expected in BRANCHES.items():
        rows = project(tmp_path, {"net.py": NET.format(imports=imports), "fast.py": FAST, "slow.py": SLOW})
        assert after(rows["Net.fc"]) == expected, imports


OFFERS = """
import os
try:
    if os.environ.get("SLOW"):
        from .slow import other
    from .fast import act
except ImportError:
    act = None
"""


def test_what_is_imported_is_read_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers its parts in branches does not cost all of them to whoever wants one."""
    parsed: list[str] = []

    def parse(source: Source, *args: Any) -> Any:
        parsed.append(Path(source.path).name)
        return parsing.parse(source, *args)

    monkeypatch.setattr("initlint.trace.program.project.parse", parse)
    net = NET.format(imports="from pack import act")
    for name, text in {"__init__": OFFERS, "fast": FAST, "slow": SLOW + "other = act\n"}.items():
        (tmp_path / "pack").mkdir(exist_ok=True)
        (tmp_path / "pack" / f"{name}.py").write_text(text)
    rows = project(tmp_path, {"net.py": net})
    assert after(rows["Net.fc"]) == ("gelu",)
    assert sorted(parsed) == ["__init__.py", "fast.py", "net.py"]


LAZY = """
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .acts import *
    from .acts import hidden as shown
else:
    import sys
    sys.modules[__name__] = load(__name__)
"""
ACTS = """
import torch.nn.functional as F

__all__ = ["act"]
act = F.gelu
hidden = F.relu
"""


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from lazy import act", ("gelu",)),
        ("from lazy import shown as act", ("relu",)),
        ("from lazy import hidden as act", None),
        ("import importlib\nact = getattr(importlib.import_module('lazy'), 'act')", ("gelu",)),
        ("import lazy\nact = lazy.shown if hasattr(lazy, 'shown') else nn.functional.tanh", ("relu",)),
        ("import lazy\nact = getattr(lazy, 'hidden', nn.functional.tanh)", ("tanh",)),
    ],
)
def test_names_that_a_package_tells_type_checkers_of(
    tmp_path: Path, imports: str, expected: tuple[str, ...] | None
) -> None:
    rows = project(
        tmp_path, {"net.py": NET.format(imports=imports), "lazy/__init__.py": LAZY, "lazy/acts.py": ACTS}
    )
    assert after(rows["Net.fc"]) == expected


BESIDE = NET.replace("class Net", "from {dots} import act\n\n\nclass Net").replace("{imports}\n", "")


@pytest.mark.parametrize(
    ("path", "dots", "acts"),
    [
        ("pkg/models/rank/net.py", "...acts", "pkg/acts.py"),
        ("pkg/models/rank/net.py", "...ops.acts", "pkg/ops/acts.py"),
        ("pkg/models/rank/net.py", "..acts", "pkg/models/acts.py"),
        ("pkg/models/net.py", "..acts", "pkg/acts.py"),
    ],
)
def test_relative_imports_through_folders_that_are_packages_without_saying_so(
    tmp_path: Path, path: str, dots: str, acts: str
) -> None:
    packages = {"pkg/__init__.py": "", "pkg/ops/__init__.py": "", "pkg/models/rank/__init__.py": ""}
    rows = project(tmp_path, {**packages, path: BESIDE.format(dots=dots), acts: FAST})
    assert after(rows["Net.fc"]) == ("gelu",)


@pytest.mark.parametrize("home", ["", "pkg/models/"])
def test_a_module_of_a_folder_is_imported_by_its_name(tmp_path: Path, home: str) -> None:
    net = NET.format(imports="from . import acts").replace("act(", "acts.act(")
    rows = project(tmp_path, {"pkg/__init__.py": "", f"{home}net.py": net, f"{home}acts.py": FAST})
    assert after(rows["Net.fc"]) == ("gelu",)


def test_names_that_may_be_bound_to_themselves(tmp_path: Path) -> None:
    choice = "import os\nif os.environ.get('SLOW'):\n    from {one} import {name}\nelse:\n    from {other} import {name}\n"
    act = "import torch.nn as nn\nclass Act(nn.Tanh):\n    pass\n"
    rows = project(
        tmp_path,
        {
            "pkg/__init__.py": choice.format(one="pkg", other="pkg.old", name="acts"),
            "pkg/acts.py": act + choice.format(one="pkg.more", other="pkg.old.acts", name="Other"),
            "pkg/more.py": choice.format(one="pkg.acts", other="pkg.more", name="Other"),
            "pkg/old/__init__.py": "",
            "pkg/old/acts.py": act,
            "net.py": """\
import torch.nn as nn
from pkg import acts
from pkg.more import Other


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.act = acts.Act()
        self.other = Other

    def forward(self, x):
        return self.act(self.fc(x))
""",
        },
    )
    assert after(rows["Net.fc"]) == ("tanh",)
