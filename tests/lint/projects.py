"""Small projects with findings in several files, told by roots in others."""

from __future__ import annotations

from pathlib import Path

from initlint.config.discovery import Configuration
from initlint.files.paths import find
from initlint.lint import Report, lint
from initlint.memory.cache import Cache

LAYERS = """\
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width=64, act=nn.ReLU):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, width)
        self.act = act()
        nn.init.xavier_normal_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Lonely(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Block(act=nn.Tanh)

    def forward(self, x):
        return self.inner(x)
"""
FILES = {
    "layers.py": LAYERS,
    "net.py": "from layers import Block\n\n\ndef build():\n    return Block(32)\n",
    "other.py": "import torch.nn as nn\nfrom layers import Block\n\n\ndef gelu():\n    return Block(16, nn.GELU)\n",
    "old.py": "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
              "        self.fc = nn.Linear(8, 8)\n        nn.init.xavier_normal(self.fc.weight)\n\n"
              "    def forward(self, x):\n        return self.fc(x)\n",
    "plain.py": "x = 1\n",
    "torn.py": "import torch\ndef f(:\n",
}


def write(folder: Path, files: dict[str, str] = FILES) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)


def linted(folder: Path, cache: Cache | None = None, **others: object) -> Report:
    configuration = Configuration(isolated=True, cwd=str(folder))
    files = find([str(folder)], configuration).files
    return lint(files, configuration.for_files(files), cache=cache, **others)  # type: ignore[arg-type]


def told(report: Report) -> list[tuple[str, int, str, str]]:
    return [
        (Path(file.path).name, finding.span.line, finding.code, finding.message)
        for file in report.files for finding in file.findings
    ]
