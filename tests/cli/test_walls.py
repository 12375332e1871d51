"""What may import what, and who may print."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import initlint

PACKAGE = Path(initlint.__file__).parent
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "demo" not in path.relative_to(PACKAGE).parts]


def imports(path: Path, *, at_once: bool = False) -> Iterator[str]:
    """The modules that a file imports, or only those that it does as soon as it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.parametrize(
    ("package", "rooms"),
    [("torch", {"probe"}), ("pygls", {"server"}), ("lsprotocol", {"server"}), ("numpy", set()), ("flake8", set())],
)
def test_heavy_packages_stay_in_their_rooms(package: str, rooms: set[str]) -> None:
    users = {room(path) for path in MODULES if any(name.split(".")[0] == package for name in imports(path))}
    assert users <= rooms


@pytest.mark.parametrize(
    ("owner", "allowed"),
    [
        ("signal", {"signal"}),
        ("model", {"model", "signal"}),
        ("rules", {"rules", "model", "signal"}),
        ("syntax", {"syntax", "model"}),
    ],
)
def test_rooms_know_only_what_lies_below_them(owner: str, allowed: set[str]) -> None:
    for path in MODULES:
        if room(path) == owner:
            known = {name.split(".")[1] for name in imports(path) if name.startswith("initlint.")}
            assert known <= allowed, path


@pytest.mark.parametrize(
    ("owner", "allowed"),
    [
        ("vocabulary", {"vocabulary"}),
        ("machine", {"machine"}),
        ("program", {"program", "python", "machine", "vocabulary", "events"}),
        ("torch", {"torch", "python", "program", "machine", "vocabulary", "events", "record"}),
        ("python", {"python", "torch", "program", "machine", "vocabulary", "events", "record"}),
        ("record", {"record", "torch", "machine", "vocabulary", "events"}),
    ],
)
def test_rooms_of_the_trace_are_loaded_from_below(owner: str, allowed: set[str]) -> None:
    """Python calls torch's functions and these call Python's, so only what is imported at once has an order."""
    paths = [path for path in MODULES if path.relative_to(PACKAGE).parts[:2] == ("trace", owner)]
    assert paths
    for path in paths:
        known = {name.split(".")[2] for name in imports(path, at_once=True) if name.startswith("initlint.trace.")}
        assert known <= allowed, path


def test_only_the_command_line_prints() -> None:
    for path in MODULES:
        if room(path) == "cli":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        streams = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"stdout", "stderr"}
        assert "print" not in names, path
        assert room(path) == "server" or not streams, path


@pytest.mark.parametrize("arguments", [["check", "clean.py"], ["show", "clean.py"], ["rule", "--all"], ["config"]])
def test_a_run_without_fixes_loads_no_libcst(arguments: list[str], project: Path) -> None:
    (project / "clean.py").write_text("import torch.nn as nn\n\n\nclass Net(nn.Module):\n    pass\n")
    code = f"import sys; from initlint.cli import main; main({arguments!r}); print(*sys.modules, file=sys.stderr)"
    found = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True, env=os.environ)
    loaded = {name.split(".")[0] for name in found.stderr.split()}
    assert "initlint" in loaded
    assert not loaded & {"libcst", "torch", "pygls", "numpy", "pathspec"}
