"""How long diagnostics take to come after an edit, against linting the text once.

    python benchmarks/server.py [--lines 1000] [--edits 30]

Opens a model file of so many lines in a server of its own process, edits it, and waits for the diagnostics of each
version; between two edits, the same text is linted once in this process. Prints the medians and their ratio. A ratio
survives a busy machine, milliseconds do not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, Final

from initlint.config import Configuration
from initlint.lint import lint
from initlint.syntax.source import Source

HEAD: Final = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
BLOCK: Final = '''

class Block{n}(nn.Module):
    """Two convolutions and a skip connection."""

    def __init__(self, width={width}, act=nn.ReLU):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.act = act(inplace=True)

    def forward(self, x):
        out = self.act(self.bn1(self.conv1(x)))
        return self.act(x + self.bn2(self.conv2(out)))


class Net{n}(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, {width}, 3)
        self.blocks = nn.Sequential(*[Block{n}() for _ in range(4)])
        self.fc1 = nn.Linear({width}, 64)
        self.fc2 = nn.Linear(64, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        nn.init.xavier_normal(self.fc1.weight)

    def forward(self, x):
        x = self.blocks(F.relu(self.stem(x))).mean((2, 3))
        return self.fc2(torch.tanh(self.fc1(x)))
'''


def model_file(lines: int, edit: int) -> str:
    """A file of about so many lines; the classes in its middle differ from edit to edit."""
    size = BLOCK.count("\n")
    count = max(lines // size, 1)
    return HEAD + "".join(BLOCK.format(n=n, width=16 + (edit if n == count // 2 else 0)) for n in range(count))


class Client:
    """The few messages that the measurement needs."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "initlint", "server", "--isolated"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in: IO[bytes] = self.process.stdin
        self._out: IO[bytes] = self.process.stdout
        self.send("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}, ident=1)
        self.wait(lambda message: message.get("id") == 1)
        self.send("initialized", {})

    def send(self, method: str, params: Any, ident: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if ident is None else {"id": ident})
        body = json.dumps(message).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._in.flush()

    def wait(self, fits: Any) -> None:
        while True:
            length = 0
            while (line := self._out.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if fits(json.loads(self._out.read(length))):
                return

    def diagnostics(self, version: int) -> None:
        self.wait(lambda message: message.get("params", {}).get("version") == version)

    def close(self) -> None:
        self.send("shutdown", None, ident=2)
        self.wait(lambda message: message.get("id") == 2)
        self.send("exit", None)
        self.process.wait(30)


def measure(lines: int, edits: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds from an edit to its diagnostics, and of linting the same text once, for each edit."""
    path = folder / "model.py"
    settings = Configuration(isolated=True, cwd=str(folder)).root
    client = Client(folder)
    item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": model_file(lines, 1)}
    client.send("textDocument/didOpen", {"textDocument": item})
    client.diagnostics(1)
    lint([Source(str(path), model_file(lines, 0))], settings)
    served, linted = [], []
    for version in range(2, edits + 2):
        text = model_file(lines, version)
        started = time.perf_counter()
        change = {"textDocument": {"uri": path.as_uri(), "version": version}, "contentChanges": [{"text": text}]}
        client.send("textDocument/didChange", change)
        client.diagnostics(version)
        served.append(time.perf_counter() - started)
        started = time.perf_counter()
        lint([Source(str(path), text)], settings)
        linted.append(time.perf_counter() - started)
    client.close()
    return served, linted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        served, linted = measure(arguments.lines, arguments.edits, Path(folder).resolve())
    told, once = statistics.median(served), statistics.median(linted)
    ratio = statistics.median(one / other for one, other in zip(served, linted, strict=True))
    count = model_file(arguments.lines, 0).count("\n")
    print(f"{count} lines, {len(served)} edits: diagnostics after {1000 * told:.0f} ms, one lint {1000 * once:.0f} ms, "
          f"median ratio {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
