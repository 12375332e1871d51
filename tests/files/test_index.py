"""Imports read from bytes, and the graph they make."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import initlint
from initlint.files.index import Graph, Index, glance
from initlint.syntax.source import Fault, Source, read

PACKAGE = Path(initlint.__file__).parent
LIBRARY = Path(os.__file__).parent
SAMPLE = [*sorted(PACKAGE.rglob("*.py"))[::9], *sorted(LIBRARY.glob("*.py"))[::12]]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_no_import_is_missed(path: Path) -> None:
    source = read(path)
    assert isinstance(source, Source)
    found = {(level, module, name) for level, module, names in glance(source).imports for name in names or ("",)}
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.Import):
            assert {(0, alias.name, "") for alias in node.names} <= found
        elif isinstance(node, ast.ImportFrom):
            names = (f"{alias.name}:{alias.asname}" if alias.asname else alias.name for alias in node.names)
            assert {(node.level, node.module or "", name) for name in names} <= found


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("import a.b as c, d", [(0, "a.b", ()), (0, "d", ())]),
        ("from . import (a as b,  # why\n  c,\n)", [(1, "", ("a:b", "c"))]),
        ("from ..a \\\n  import b", [(2, "a", ("b",))]),
        ("try: from a import *\nexcept ImportError: import b; import c", [
            (0, "a", ("*",)), (0, "b", ()), (0, "c", ()),
        ]),
        ("important = 'reimport'\n# no import here\n", []),
    ],
)
def test_spellings(text: str, imports: list[tuple[int, str, tuple[str, ...]]]) -> None:
    assert list(glance(Source("a.py", text)).imports) == imports


def write(folder: Path, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {name: str(folder / name) for name in files}


PROJECT = {
    "pkg/__init__.py": "from .layers import Conv\nfrom .zoo import *\n",
    "pkg/layers/__init__.py": "from .conv import Conv as Conv, Pool\n",
    "pkg/layers/conv.py": "import torch\n",
    "pkg/zoo.py": "from .layers import Conv\n",
    "train.py": "import pkg.zoo\n",
    "light.py": "from pkg import Conv\n",
    "whole.py": "from pkg import anything\n",
}


def test_edges(tmp_path: Path) -> None:
    paths = write(tmp_path, PROJECT)
    graph = Graph(paths.values(), Index(), [str(tmp_path)])

    def imported(name: str) -> set[str]:
        return {os.path.relpath(path, tmp_path) for path in graph.imported([paths[name]])} - {name}

    assert imported("light.py") == {"pkg/__init__.py", "pkg/layers/__init__.py", "pkg/layers/conv.py"}
    assert "pkg/zoo.py" in imported("whole.py")
    assert "pkg/zoo.py" in imported("train.py")
    importers = graph.importers([paths["pkg/zoo.py"]])
    assert {os.path.basename(path) for path in importers} == {"zoo.py", "__init__.py", "train.py", "whole.py"}


def test_edges_through_folders_that_are_packages_without_saying_so(tmp_path: Path) -> None:
    paths = write(tmp_path, {
        "pkg/__init__.py": "", "pkg/acts.py": "", "pkg/ops/conv.py": "",
        "pkg/models/rank/__init__.py": "", "pkg/models/rank/net.py": "from ...acts import act\nfrom ...ops import conv\n",
    })
    graph = Graph(paths.values(), Index())
    assert set(graph.edges[paths["pkg/models/rank/net.py"]]) == {paths["pkg/acts.py"], paths["pkg/ops/conv.py"]}


def test_imports_start_from_where_the_script_lies(tmp_path: Path) -> None:
    """A script imports what lies beside it from wherever it is imported: up to a root, and without one while there are
    scripts in the folders above; the closest file of a name counts."""
    paths = write(tmp_path, {
        "utils.py": "", "near/train.py": "import models.net\n", "near/utils.py": "",
        "near/models/net.py": "import utils\n", "far/train.py": "", "far/parts/inner/net.py": "import utils\n",
    })
    near, far = paths["near/models/net.py"], paths["far/parts/inner/net.py"]
    alone = Graph(paths.values(), Index()).edges
    assert (alone[near], alone[far]) == ((paths["near/utils.py"],), ())
    rooted = Graph(paths.values(), Index(), [str(tmp_path)]).edges
    assert (rooted[near], rooted[far]) == ((paths["near/utils.py"],), (paths["utils.py"],))


def test_a_script_imports_what_lies_in_the_sources_of_its_project(tmp_path: Path) -> None:
    files = {"src/pkg/__init__.py": "", "src/pkg/net.py": "", "scripts/deep/train.py": "from pkg.net import Net\n"}
    within = write(tmp_path, {f"one/{name}": text for name, text in files.items()})
    script, net = within["one/scripts/deep/train.py"], within["one/src/pkg/net.py"]
    assert net in Graph(within.values(), Index(), [str(tmp_path)]).edges[script]
    assert not Graph(within.values(), Index()).edges[script]        # `scripts` is no part of anything by its looks
    write(tmp_path, {"one/scripts/tool.py": ""})
    assert net in Graph(within.values(), Index()).edges[script]


def test_a_digest_changes_with_all_that_a_file_reaches_and_with_nothing_else(tmp_path: Path) -> None:
    paths = write(tmp_path, PROJECT)

    def digests() -> dict[str, str]:
        found = Graph(paths.values(), Index(), [str(tmp_path)]).digests()
        return {name: found[path] for name, path in paths.items()}

    before = digests()
    write(tmp_path, {"pkg/zoo.py": "from .layers import Conv\nx = 1\n"})
    after = digests()
    assert {name for name in paths if before[name] != after[name]} == {
        "pkg/__init__.py", "pkg/zoo.py", "train.py", "whole.py",
    }
    write(tmp_path, {"pkg/anything.py": "import torch\n"})
    assert digests()["whole.py"] != after["whole.py"]


def test_stamps_save_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("import torch\n")
    os.utime(path, ns=(10**18, 10**18))
    first = Index()
    assert first[str(path)].torch
    monkeypatch.setattr("initlint.files.index.read", lambda path: pytest.fail("read again"))
    again = Index(first.glances())
    assert again[str(path)] == first[str(path)]
    assert not again.changed


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("import torch\n")
    first = Index()
    assert first[str(path)].stamp == (0, 0, 0)
    path.write_text("import numpy\n"[:13])
    assert not Index(first.glances())[str(path)].torch


def test_faults_are_kept(tmp_path: Path) -> None:
    index = Index()
    assert index[str(tmp_path / "gone.py")].fault == Fault("does not exist")
