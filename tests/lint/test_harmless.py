"""What is read is never executed, imported or written: a run under an audit hook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOSTILE = """\
import os
import torch.nn as nn
from helper import boom

os.system("touch executed")
open("written", "w").write("x")
exec("open('executed', 'w')")


class Meta(type):
    def __new__(mcs, *args):
        os.system("touch executed")
        return super().__new__(mcs, *args)


class Net(nn.Module):
    os.system("touch executed")

    def __init__(self, path=os.environ.get("HOME")):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.xavier_normal(self.fc.weight)
        __import__("helper").boom()

    def forward(self, x):
        return self.fc(x)


if __name__ == "__main__":
    Net()
"""
RUN = """\
import os, sys
tree = os.path.realpath(sys.argv[1])
bad = []


def hook(event, args):
    if event == "import" and args[0] in ("net", "helper", "torch"):
        bad.append((event, args[0]))
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen", "socket.connect"):
        bad.append((event, args))
    elif event == "compile" and isinstance(args[1], str) and args[1].startswith(tree):
        bad.append((event, args[1]))
    elif event == "exec" and tree in args[0].co_filename:
        bad.append((event, args[0].co_filename))
    elif event == "open" and isinstance(args[0], str):
        path, mode, flags = args
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
        if writes and os.path.realpath(path).startswith(tree):
            bad.append((event, path))


sys.addaudithook(hook)
from initlint.cli import main
code = main(["--isolated", "-j1", *sys.argv[2:]])
assert not bad, bad
assert code == 1, code
"""


def test_nothing_that_is_read_is_run_or_written(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "net.py").write_text(HOSTILE)
    (tree / "helper.py").write_text("import os\nos.system('touch executed')\n\n\ndef boom():\n    os.system('x')\n")
    (tree / "torch.py").write_text("raise SystemExit\n")
    script = tmp_path / "run.py"
    script.write_text(RUN)
    root = Path(__file__).parents[2]
    command = [sys.executable, str(script), str(tree), str(tree), "--cache-dir", str(tmp_path / "cache")]
    found = subprocess.run(
        command, cwd=tmp_path, text=True, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert found.returncode == 0, found.stderr
    assert "INI010" in found.stdout
    assert sorted(path.name for path in tree.iterdir()) == ["helper.py", "net.py", "torch.py"]
