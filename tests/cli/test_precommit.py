"""The hooks, driven by real commits through pre-commit from a clone of this project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD = "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
BAD += "        self.fc = nn.Linear(3, 3)\n        nn.init.xavier_normal(self.fc.weight)\n"
GOOD = BAD.replace("xavier_normal(", "xavier_normal_(")
PARTS = ("initlint", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@dataclass(frozen=True)
class Repository:
    """A repository of a user, with its own home, git configuration and store of hooks."""

    path: Path
    environment: Mapping[str, str]

    def run(self, *command: str | Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
        found = subprocess.run(
            list(map(str, command)), cwd=self.path, env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )
        assert not ok or found.returncode == 0, found.stdout
        return found

    def commit(self, ok: bool = True) -> subprocess.CompletedProcess[str]:
        self.run("git", "add", "-A")
        return self.run("git", "commit", "-m", "change", ok=ok)

    def use(self, hook: str) -> None:
        hooks = self.path.parent / "hooks"
        revision = self.run("git", "-C", hooks, "rev-parse", "HEAD").stdout.strip()
        text = f"repos:\n- repo: {hooks.as_uri()}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n"
        (self.path / ".pre-commit-config.yaml").write_text(text)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    root = tmp_path_factory.mktemp("precommit")
    dropped = ("GIT_", "PRE_COMMIT", "VIRTUAL_ENV", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | {
        "HOME": str(root),
        "PRE_COMMIT_HOME": str(root / "store"),
        "GIT_CONFIG_GLOBAL": str(root / "gitconfig"),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    (root / "gitconfig").write_text("[user]\n\tname = t\n\temail = t@example.com\n[init]\n\tdefaultBranch = main\n")
    hooks = Repository(root / "hooks", environment)
    hooks.path.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, hooks.path / part)
    hooks.run("git", "init", "-q")
    hooks.commit()
    user = Repository(root / "user", environment)
    user.path.mkdir()
    user.run("git", "init", "-q")
    user.use("initlint")
    user.commit()
    user.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    return user


def test_the_manifest_is_valid(repository: Repository) -> None:
    repository.run(sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")


def test_a_commit_is_stopped_until_it_is_right(repository: Repository) -> None:
    repository.use("initlint")
    (repository.path / "net.py").write_text(BAD)
    stopped = repository.commit(ok=False)
    assert stopped.returncode == 1
    assert "net.py:8:9: INI010" in stopped.stdout
    assert (repository.path / "net.py").read_text() == BAD
    (repository.path / "net.py").write_text(GOOD)
    repository.commit()


def test_the_fixing_hook_mends_the_file_and_asks_to_look(repository: Repository) -> None:
    repository.use("initlint-fix")
    (repository.path / "other.py").write_text(BAD)
    stopped = repository.commit(ok=False)
    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stdout
    assert (repository.path / "other.py").read_text() == GOOD
    repository.commit()


def test_what_is_excluded_and_what_is_no_python_passes(repository: Repository) -> None:
    repository.use("initlint")
    (repository.path / "initlint.toml").write_text('extend-exclude = ["generated"]\n')
    (repository.path / "generated").mkdir()
    (repository.path / "generated" / "net.py").write_text(BAD)
    (repository.path / "notes.txt").write_text(BAD)
    repository.commit()
