"""From paths to files, on real folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from initlint.config import Configuration
from initlint.files.paths import find

FILES = [
    "a.py",
    "stubs.pyi",
    "notebook.ipynb",
    "README.md",
    "pkg/b.py",
    "pkg/c_pb2.py",
    "build.py/inner.py",
    ".venv/lib.py",
    "node_modules/x.py",
    "pkg/site-packages/y.py",
    "out/gen.py",
    "out/keep.py",
    "out/deep/gen.py",
]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    root = tmp_path / "project"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n")
    return root


def names(root: Path, *paths: str, **options: object) -> list[str]:
    configuration = Configuration(options, cwd=str(root))
    found = find(paths or ["."], configuration, cwd=str(root))
    return [os.path.relpath(file, root) for file in found.files]


def test_a_folder(tree: Path) -> None:
    expected = ["a.py", "build.py/inner.py", "notebook.ipynb", "out/deep/gen.py", "out/gen.py", "out/keep.py"]
    assert names(tree) == [*expected, "pkg/b.py", "pkg/c_pb2.py"]


def test_named_files_are_taken_whatever_they_are(tree: Path) -> None:
    named = ["stubs.pyi", "README.md", ".venv/lib.py"]
    assert names(tree, *named) == sorted(named)


def test_named_twice_and_by_several_spellings(tree: Path) -> None:
    assert names(tree, "pkg", "./pkg/b.py", "pkg/../pkg/b.py") == ["pkg/b.py", "pkg/c_pb2.py"]


def test_an_excluded_folder_that_is_named_is_walked(tree: Path) -> None:
    assert names(tree, ".venv") == [".venv/lib.py"]
    assert names(tree, "pkg/site-packages") == ["pkg/site-packages/y.py"]


def test_force_exclude(tree: Path) -> None:
    assert names(tree, ".venv/lib.py", "node_modules", "a.py", force_exclude=True) == ["a.py"]


def test_patterns_of_the_closest_configuration(tree: Path) -> None:
    (tree / "initlint.toml").write_text('extend-exclude = ["out", "*_pb2.py"]\n')
    (tree / "pkg" / "initlint.toml").write_text('extend-exclude = ["b.py"]\n')
    assert names(tree) == ["a.py", "build.py/inner.py", "notebook.ipynb", "pkg/c_pb2.py"]


def test_exclude_replaces_the_usual_patterns(tree: Path) -> None:
    (tree / "initlint.toml").write_text('exclude = ["pkg", "out", "build.py"]\ninclude = ["*.py"]\n')
    assert names(tree) == [".venv/lib.py", "a.py", "node_modules/x.py"]


def test_gitignore_holds_for_what_is_below_it(tree: Path) -> None:
    (tree / ".gitignore").write_text("# generated\ngen.py\n/a.py\n[z-a]\n")
    (tree / "out" / "deep" / ".gitignore").write_text("!gen.py\n")
    kept = ["build.py/inner.py", "notebook.ipynb", "out/deep/gen.py", "out/keep.py", "pkg/b.py", "pkg/c_pb2.py"]
    assert names(tree) == kept
    assert "out/gen.py" in names(tree, respect_gitignore=False)


def test_dot_ignore_has_the_last_word(tree: Path) -> None:
    (tree / ".gitignore").write_text("out/\n")
    (tree / ".ignore").write_text("!out/\npkg\n")
    out = ["out/deep/gen.py", "out/gen.py", "out/keep.py"]
    assert names(tree) == ["a.py", "build.py/inner.py", "notebook.ipynb", *out]


def test_ignore_files_above_hold_inside_a_repository_only(tree: Path) -> None:
    (tree / ".gitignore").write_text("gen.py\n")
    assert names(tree, "out") == ["out/deep/gen.py", "out/gen.py", "out/keep.py"]
    (tree / ".git" / "info").mkdir(parents=True)
    (tree / ".git" / "info" / "exclude").write_text("keep.py\n")
    assert names(tree, "out") == []


def test_an_ignored_folder_that_is_named_is_walked(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text(".venv/\nout\n")
    assert names(tree, ".venv") == [".venv/lib.py"]
    assert names(tree, "out/deep") == ["out/deep/gen.py"]


def test_same_files_as_git(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.py\n!a.py\n!keep.py\n/out/deep/\n**/site-packages\n")
    (tree / "pkg" / ".gitignore").write_text("!*.py\nc_*\n")
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    command = ["git", "ls-files", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=tree, check=True, text=True, capture_output=True).stdout.split()
    ours = [name for name in names(tree, exclude=()) if name.endswith(".py")]
    assert ours == sorted(listed)


def test_the_global_ignore_file_of_git(tree: Path) -> None:
    home = tree.parent / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = ~/ignored\n")
    (home / "ignored").write_text("pkg\n")
    (tree / ".git").mkdir()
    assert not any(name.startswith("pkg") for name in names(tree))


def test_a_missing_path_is_left_to_the_reader(tree: Path) -> None:
    assert names(tree, "nowhere.py", "a.py") == ["a.py", "nowhere.py"]


def test_links(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "linked.py").write_text("x = 1\n")
    (tree / "folder").symlink_to(outside)
    (tree / "up").symlink_to(tree)
    (tree / "link.py").symlink_to(outside / "linked.py")
    (tree / "loop.py").symlink_to(tree / "loop.py")
    (tree / "dangling.py").symlink_to(tree / "nothing.py")
    (tree / "dir.py").symlink_to(outside)
    found = names(tree)
    assert {"link.py", "loop.py", "dangling.py"} <= set(found)
    assert not any(name.startswith(("folder", "up", "dir.py")) for name in found)


def test_pipes_are_not_read(tree: Path) -> None:
    os.mkfifo(tree / "pipe.py")
    (tree / "to_pipe.py").symlink_to(tree / "pipe.py")
    assert not {"pipe.py", "to_pipe.py"} & set(names(tree))


def test_an_unreadable_folder_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("pkg"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find(["."], Configuration(cwd=str(tree)), cwd=str(tree))
    assert [(unread.path, unread.fault.message) for unread in found.unread] == [
        (str(tree / "pkg"), "cannot be read: permission denied")
    ]
    assert str(tree / "a.py") in found.files


def test_folders_deeper_than_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = sys.getrecursionlimit() + 100
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    try:
        found = find([str(tmp_path)], Configuration(cwd=str(tmp_path)))
    finally:
        for _ in range(depth):                  # pytest's own cleaning would not get that deep
            os.chdir("..")
            os.rmdir("d")
    assert found.files == ()
