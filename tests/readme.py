"""The parts of the README that are generated. `python -m tests.readme` writes them anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from initlint.rules.registry import Entry, entries

README = Path(__file__).parents[1] / "README.md"


def rules_table() -> str:
    lines = ["| code | name | severity | default | fix | |", "|---|---|---|---|---|---|"]
    for entry in entries().values():
        rule = entry.rule
        summary = entry.summary.replace("|", "\\|")
        fix = rule.fix.value if rule.fix else ""
        lines.append(f"| {rule.code} | {rule.name} | {rule.severity.value} | {_default(entry)} | {fix} | {summary} |")
    return "\n".join(lines)


def _default(entry: Entry) -> str:
    if not entry.rule.on:
        return "off"
    return "closed world¹" if entry.rule.closed_world else "on"


def between(text: str, name: str) -> str:
    """What stands between the two marks of a part."""
    found = re.search(f"<!-- {name}:start -->\n(.*?)<!-- {name}:end -->", text, re.DOTALL)
    assert found is not None, name
    return found[1]


def rules_part() -> str:
    note = "¹ on in files that also use the models they define, off elsewhere."
    return f"{rules_table()}\n\n{note}\n"


def example_part() -> str:
    """What the commands print about the example: findings, layers, and what the fixes change."""
    source = re.search(r"```python\n(import torch.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert source is not None
    with TemporaryDirectory() as folder:
        Path(folder, "model.py").write_text(source[1], encoding="utf-8")
        found = _output(folder, "check", "model.py")
        layers = _output(folder, "show", "model.py")
        patch = _output(folder, "check", "--diff", "--unsafe-fixes", "model.py")
    hunks = "\n".join(line for line in patch.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return (
        f"```console\n$ initlint model.py\n{found}```\n\n"
        f"`--fix --unsafe-fixes` makes it\n\n```diff\n{hunks}\n```\n\n"
        "and `initlint show` prints what was understood of every layer, right or wrong, as a table or as JSON:\n\n"
        f"```console\n$ initlint show model.py\n{layers}```\n"
    )


def _output(folder: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "initlint", arguments[0], "--isolated", "--no-cache", *arguments[1:]]
    environment = {**os.environ, "PYTHONPATH": str(README.parent), "PYTHONIOENCODING": "utf-8"}
    found = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=False, encoding="utf-8")
    return found.stdout


PARTS = {"rules": rules_part, "example": example_part}


def main() -> None:
    text = README.read_text(encoding="utf-8")
    for name, part in PARTS.items():
        end = f"<!-- {name}:end"
        text = text.replace(between(text, name) + end, part() + end)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
