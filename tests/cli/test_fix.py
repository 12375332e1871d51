"""`--fix`, `--diff`, `--add-noqa`: what happens to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ALIAS = "from torch.nn import init\ninit.xavier_normal(w)\n"
ALIAS_FIXED = ALIAS.replace("xavier_normal(", "xavier_normal_(")
BOTH = ALIAS + "init.normal_(w, 0.02)\n"
BOTH_SAFE = ALIAS_FIXED + "init.normal_(w, 0.02)\n"
BOTH_FIXED = ALIAS_FIXED + "init.normal_(w, std=0.02)\n"


@pytest.fixture
def file(project: Path) -> Path:
    path = project / "a.py"
    path.write_text(BOTH)
    return path


def test_safe_fixes_only(run: Run, file: Path) -> None:
    found = run("--fix")
    assert found.code == 1
    assert file.read_text() == BOTH_SAFE
    assert found.out.splitlines() == [
        "a.py:3:1: INI006 0.02 is the mean",
        "Found 2 findings (1 fixed, 1 remaining).",
        "1 unsafe fix available with `--fix --unsafe-fixes`.",
    ]


def test_all_fixes(run: Run, file: Path) -> None:
    found = run("--fix", "--unsafe-fixes", "--show-fixes")
    assert found.code == 0
    assert file.read_text() == BOTH_FIXED
    assert found.out == "Found 2 findings (2 fixed, 0 remaining).\n"
    assert found.err.splitlines() == [
        "- a.py:",
        "    1 × INI006 (std-passed-as-mean)",
        "    1 × INI010 (deprecated-init-alias)",
    ]
    assert run("--fix", "--unsafe-fixes").out == "All checks passed!\n"


def test_unsafe_fixes_alone_change_nothing(run: Run, file: Path) -> None:
    found = run("--unsafe-fixes", "-q")
    assert file.read_text() == BOTH
    assert [" [*] " in line for line in found.out.splitlines()] == [True, True]
    assert "unsafe fix" not in run("--no-unsafe-fixes").out


def test_exit_codes_of_fixing(run: Run, file: Path) -> None:
    assert run("--fix", "--exit-non-zero-on-fix", "--unsafe-fixes").code == 1
    assert run("--fix", "--exit-non-zero-on-fix", "--unsafe-fixes").code == 0
    file.write_text(BOTH)
    assert run("--fix", "--exit-zero").code == 0


def test_fix_only(run: Run, file: Path) -> None:
    found = run("--fix-only")
    assert (found.code, found.out) == (0, "Fixed 1 finding.\n")
    assert file.read_text() == BOTH_SAFE


def test_fixes_that_are_taken_back_are_told(run: Run, file: Path) -> None:
    cursed = ALIAS + "init.xavier_normal(cursed)\n"
    file.write_text(cursed)
    found = run("--fix")
    assert file.read_text() == ALIAS_FIXED + "init.xavier_normal(cursed)\n"
    assert "Found 2 findings (1 fixed, 1 remaining)." in found.out
    assert found.err == "1 fix taken back (INI010); `--verbose` shows why.\n"
    told = run("--fix", "--verbose").err.splitlines()
    assert f"{file}:3: INI010 not fixed: the fix would bring INI102 (line 3)" in told
    assert "1 fix taken back (INI010)." in told


def test_diff_changes_nothing(run: Run, file: Path) -> None:
    found = run("--diff")
    assert found.code == 1
    assert file.read_text() == BOTH
    assert found.out == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n from torch.nn import init\n"
        "-init.xavier_normal(w)\n+init.xavier_normal_(w)\n init.normal_(w, 0.02)\n"
    )
    assert found.err == "Would fix 1 finding.\n"
    assert run("--diff", "--exit-zero").code == 0
    assert "\x1b[32m+init.xavier_normal_(w)" in run("--diff", "--color", "always").out
    file.write_text(ALIAS_FIXED)
    clean = run("--diff")
    assert (clean.code, clean.out, clean.err) == (0, "", "No findings would be fixed.\n")


def test_policy_of_the_configuration(run: Run, file: Path, project: Path) -> None:
    (project / "initlint.toml").write_text('unfixable = ["INI010"]\nextend-safe-fixes = ["INI006"]\nfix = true\n')
    assert run().code == 1
    assert file.read_text() == ALIAS + "init.normal_(w, std=0.02)\n"
    file.write_text(BOTH)
    assert run("--no-fix").code == 1
    assert file.read_text() == BOTH


@pytest.mark.parametrize("text", [BOTH, BOTH.replace("\n", "\r\n"), "\ufeff" + BOTH, BOTH.rstrip("\n")])
def test_standard_input(run: Run, project: Path, text: str) -> None:
    found = run("-", "--fix", stdin=text.encode())
    assert found.out == text.replace("xavier_normal(", "xavier_normal_(")
    assert found.code == 1
    assert found.err.splitlines()[0] == "-:3:1: INI006 0.02 is the mean"


def test_standard_input_without_findings_comes_back(run: Run, project: Path) -> None:
    for data in (b"x = 1\r\n", b"def f(:\n"):
        assert run("-", "--fix", stdin=data).out.encode() == data
    assert run("-", "--diff", stdin=ALIAS.encode()).out.startswith("--- a/-\n+++ b/-\n")


def test_standard_input_that_is_excluded_comes_back(run: Run, project: Path) -> None:
    arguments = ("-", "--fix", "--stdin-filename", "venv/a.py", "--force-exclude")
    assert run(*arguments, stdin=ALIAS.encode()).out == ALIAS


def test_a_file_that_cannot_be_written_is_told(run: Run, file: Path) -> None:
    file.chmod(0o444)
    found = run("--fix", "--unsafe-fixes")
    assert found.code == 1
    assert f"error: {file} is read-only" in found.err
    assert "Found 2 findings (1 error, 1 note)." in found.out
    assert file.read_text() == BOTH


def test_notebooks(run: Run, project: Path) -> None:
    lines = ["%time\n", *ALIAS.splitlines(keepends=True)]
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=3)
    (project / "book.ipynb").write_text(text)
    assert run("--fix").code == 0
    assert (project / "book.ipynb").read_text() == text.replace("xavier_normal(", "xavier_normal_(")


def test_add_noqa(run: Run, file: Path) -> None:
    found = run("--add-noqa", "a.py")
    assert (found.code, found.out) == (0, "Added 2 `# noqa` comments.\n")
    assert file.read_text() == (
        "from torch.nn import init\ninit.xavier_normal(w)  # noqa: INI010\ninit.normal_(w, 0.02)  # noqa: INI006\n"
    )
    assert run().code == 0
    file.write_text(ALIAS)
    run("--add-noqa=legacy code")
    assert "  # noqa: INI010 legacy code\n" in file.read_text()


def test_an_interrupt_leaves_files_whole(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import initlint.fix.write

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(initlint.fix.write.os, "replace", interrupt)
    found = run("--fix")
    assert found.code == 130
    assert file.read_text() == BOTH
    assert [path.name for path in file.parent.iterdir()] == ["a.py"]
