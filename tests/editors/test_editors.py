"""Real editors as clients: attach, show, fix, save. Each is skipped where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import initlint

HERE = Path(__file__).parent
MODEL = """from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)
        nn.init.xavier_normal(self.one.weight)
        s = "\U0001F600"; nn.init.xavier_normal(self.two.weight)

    def forward(self, x):
        return self.two(self.one(x))
"""
EDITORS = {
    "nvim": ("nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", str(HERE / "neovim.lua")),
    "emacs": ("emacs", "--batch", "-Q", "-l", str(HERE / "eglot.el")),
}


@pytest.mark.parametrize("name", sorted(EDITORS))
def test_an_editor_shows_fixes_and_saves(name: str, tmp_path: Path) -> None:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    if name == "emacs" and not _has_eglot(program):
        pytest.skip("emacs has no eglot")
    file = tmp_path / "model.py"
    file.write_text(MODEL, encoding="utf-8")
    done = subprocess.run(
        [program, *EDITORS[name][1:]],
        cwd=tmp_path,
        env=os.environ | {
            "INITLINT_FILE": str(file),
            "INITLINT_PYTHON": sys.executable,
            "PYTHONPATH": str(Path(initlint.__file__).parents[1]),
            "HOME": str(tmp_path),
        },
        text=True,
        capture_output=True,
        timeout=110,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert told.count("FOUND") == 2, told
    assert "ACTION initlint: fix all" in told
    assert "CLEARED" in told
    assert file.read_text(encoding="utf-8") == MODEL.replace("xavier_normal(", "xavier_normal_("), told


def _has_eglot(program: str) -> bool:
    script = """(progn (let ((default-directory "/usr/share/emacs/site-lisp/elpa-src/"))
      (when (file-directory-p default-directory) (normal-top-level-add-subdirs-to-load-path)))
      (kill-emacs (if (locate-library "eglot") 0 1)))"""
    return subprocess.run([program, "--batch", "-Q", "--eval", script], capture_output=True).returncode == 0
