"""`initlint check`, and what its exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ALIAS = "from torch.nn import init\ninit.xavier_normal(w)\n"
MEAN = "from torch.nn import init\ninit.normal_(w, 0.02)\n"
CLEAN = "x = 1\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


def test_clean(run: Run, project: Path) -> None:
    write(project, a=CLEAN)
    found = run()
    assert (found.code, found.out, found.err) == (0, "All checks passed!\n", "")


def test_findings(run: Run, project: Path) -> None:
    write(project, a=ALIAS, b=MEAN)
    found = run()
    assert found.code == 1
    assert found.out.splitlines() == [
        "a.py:2:1: INI010 [*] `xavier_normal` is deprecated",
        "b.py:2:1: INI006 0.02 is the mean",
        "Found 2 findings (1 error, 1 note).",
        "[*] 1 fixable with the `--fix` option.",
        "1 unsafe fix available with `--fix --unsafe-fixes`.",
    ]


def test_check_is_the_default_and_options_may_stand_anywhere(run: Run, project: Path) -> None:
    write(project, a=ALIAS, b=MEAN)
    assert run("check", "a.py", "-q", "b.py").out == run("-q", "a.py", "b.py").out
    assert len(run("a.py", "--quiet", "b.py").out.splitlines()) == 2


def test_a_folder_named_like_a_command(run: Run, project: Path) -> None:
    (project / "show").mkdir()
    write(project / "show", a=ALIAS)
    assert "INI010" in run("./show").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--exit-zero"], 0),
        (["-e"], 0),
        (["--fail-on", "warning"], 0),
        (["--fail-on", "note"], 1),
        (["--config", 'fail-on = "error"'], 0),
        (["--ignore", "INI010"], 0),
        (["--ignore", "deprecated-init-alias"], 0),
        (["--select", "INI0"], 1),
        (["--select", "INI1"], 0),
        (["--per-file-ignores", "a.py:INI010"], 0),
        (["--per-file-ignores", "!a.py:INI010"], 1),
        (["--select", "INI999"], 2),
        (["--fail-on", "fatal"], 2),
        (["--nonsense"], 2),
        (["--jobs", "none"], 2),
        (["--output-format", "xml"], 2),
        (["--config", "nowhere.toml"], 2),
        (["--output-file", "no/such/folder/x"], 2),
    ],
)
def test_exit_codes(run: Run, project: Path, arguments: list[str], code: int) -> None:
    write(project, a=ALIAS)
    assert run(*arguments).code == code


def test_mistakes_are_one_line(run: Run, project: Path) -> None:
    (project / "initlint.toml").write_text('\nselct = ["INI1"]\n')
    found = run()
    assert found.code == 2
    assert found.err == (
        f"error: {project}/initlint.toml:2: unknown key `selct` (did you mean `select`?)\n"
    )
    assert "did you mean `--select`" in run("--selec", "x").err
    assert "Traceback" not in found.err


def test_files_that_cannot_be_read_are_findings_and_the_others_are_linted(run: Run, project: Path) -> None:
    write(project, a=ALIAS)
    (project / "bad.py").write_bytes(b"\xff")
    found = run("a.py", "bad.py", "missing.py")
    assert found.code == 1
    assert "a.py:2:1: INI010" in found.out
    assert "bad.py:1:1: INI900 is not UTF-8" in found.out
    assert "missing.py:1:1: INI900 does not exist" in found.out


def test_nothing_to_read(run: Run, project: Path) -> None:
    found = run()
    assert found.code == 0
    assert found.err == "warning: no Python files found under the given paths\n"


def test_volume(run: Run, project: Path) -> None:
    write(project, a=ALIAS)
    assert run("-q").out == "a.py:2:1: INI010 [*] `xavier_normal` is deprecated\n"
    silent = run("-s")
    assert (silent.code, silent.out, silent.err) == (1, "", "")
    assert "1 files; configuration: none" in run("-v").err
    assert run("-s", "--nothing").code == 2


def test_output_file_and_format(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, a=ALIAS)
    assert json.loads(run("--output-format", "json").out)[0]["code"] == "INI010"
    assert run("--output-format", "json", "-o", "out.json").out.startswith("Found 1 finding")
    assert json.loads((project / "out.json").read_text())[0]["filename"] == str(project / "a.py")
    monkeypatch.setenv("INITLINT_OUTPUT_FORMAT", "pylint")
    assert run().out == "a.py:2: [INI010] `xavier_normal` is deprecated\n"
    assert run("--output-format", "github").out.startswith("::notice ")


def test_colour_on_demand(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, a=ALIAS)
    assert "\x1b[" not in run().out
    assert "\x1b[" in run("--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run().out
    assert "\x1b[" not in run("--color", "never").out


def test_statistics(run: Run, project: Path) -> None:
    write(project, a=ALIAS + "init.xavier_normal(v)\n", b=MEAN)
    lines = run("--statistics").out.splitlines()
    assert lines[:2] == ["2\tINI010\t[*] deprecated-init-alias", "1\tINI006\t[ ] std-passed-as-mean"]
    counts = json.loads(run("--statistics", "--output-format", "json").out)
    assert [(entry["code"], entry["count"]) for entry in counts] == [("INI010", 2), ("INI006", 1)]


def test_show_files_and_settings(run: Run, project: Path) -> None:
    write(project, a=ALIAS, b=MEAN)
    (project / "initlint.toml").write_text('ignore = ["INI006"]\nseverity = { INI010 = "error" }\n')
    assert run("--show-files").out == f"{project}/a.py\n{project}/b.py\n"
    shown = run("--show-settings", "a.py").out
    assert f'config-file = "{project}/initlint.toml"' in shown
    assert '    "INI010",  # error\n' in shown
    assert "INI006" not in shown


def test_standard_input(run: Run, project: Path) -> None:
    found = run("-", stdin=ALIAS.encode())
    assert (found.code, found.out.splitlines()[0]) == (1, "-:2:1: INI010 [*] `xavier_normal` is deprecated")
    (project / "sub").mkdir()
    (project / "sub" / "initlint.toml").write_text('ignore = ["INI010"]\nexclude = ["no.py"]\nforce-exclude = true\n')
    assert run("-", "--stdin-filename", "sub/a.py", stdin=ALIAS.encode()).code == 0
    assert run("-", "--stdin-filename", "sub/no.py", stdin=MEAN.encode()).code == 0
    assert run("-", "a.py", stdin=b"").code == 2
    assert "INI900" in run("-", stdin=b"\xff").out


def test_baseline(run: Run, project: Path) -> None:
    write(project, a=ALIAS, b=MEAN)
    assert run("--write-baseline=known.json").code == 0
    assert run("--baseline", "known.json").code == 0
    write(project, a="\n\n" + ALIAS + "init.xavier_normal(v)\n")
    found = run("--baseline", "known.json", "-q")
    assert found.code == 1
    assert found.out.splitlines() == ["a.py:5:1: INI010 [*] `xavier_normal` is deprecated"]
    write(project, b=CLEAN)
    assert "stale baseline entry: INI006 in b.py" in run("--baseline", "known.json").err
    assert run("--baseline", "nowhere.json").code == 2


def test_what_cannot_be_read_is_not_lived_with(run: Run, project: Path) -> None:
    write(project, a=ALIAS)
    found = run("a.py", "--write-baseline", "known.json")       # a file name needs `=`: this is one to lint
    assert (found.code, found.out) == (1, f"Recorded 1 finding in {project}/initlint-baseline.json.\n")
    assert found.err == "error: known.json: does not exist\n"
    (project / "b.py").write_bytes(b"import torch\nx = \xff\n")
    found = run("--add-noqa")
    assert (found.code, found.out) == (1, "Added 1 `# noqa` comment.\n")
    assert "error: b.py: " in found.err


def test_the_baseline_of_the_configuration(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "initlint.toml").write_text('baseline = "known.json"\n')
    (project / "known.json").write_text('{"version": 1, "findings": []}')
    (project / "sub").mkdir()
    write(project / "sub", a=ALIAS)
    assert run().code == 1
    assert run("--write-baseline").code == 0
    monkeypatch.chdir(project / "sub")
    assert run().code == 0


def test_two_runs_print_the_same(run: Run, project: Path) -> None:
    write(project, a=ALIAS, b=MEAN, c=ALIAS + MEAN)
    assert run("--output-format", "sarif").out == run("--output-format", "sarif").out
