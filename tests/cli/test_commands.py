"""The commands beside `check`, and the process itself."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
import sys
import time
from concurrent.futures import Executor
from pathlib import Path

import pytest

import initlint
from initlint.cli.arguments import COMMANDS, SHELLS, parser_of
from initlint.config.options import OPTIONS
from initlint.rules.registry import rules
from tests.cli.conftest import Run


def process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "initlint", *arguments]
    return subprocess.run(command, text=True, capture_output=True, check=False, **options)  # type: ignore[call-overload]


@pytest.mark.parametrize("spelling", ["--version", "-V"])
def test_version(spelling: str, project: Path) -> None:
    found = process(spelling)
    assert (found.returncode, found.stdout) == (0, f"initlint {initlint.__version__}\n")


def test_the_version_loads_next_to_nothing(project: Path) -> None:
    code = "import sys; from initlint.cli import main; main(['--version']); print(sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    loaded = set(re.findall(r"'([\w.]+)'", found.stdout.splitlines()[1]))
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(sorted(sys.modules))"], text=True, capture_output=True, check=True
    )
    assert loaded - set(re.findall(r"'([\w.]+)'", bare.stdout)) == {"__future__", "initlint", "initlint.cli"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str, run: Run) -> None:
    found = run(command, "--help")
    assert found.code == 0
    for action in parser_of(command)._actions:
        assert action.help, action.option_strings
    assert found.out.startswith(f"usage: initlint {command}")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_overview(arguments: list[str], run: Run) -> None:
    found = run(*arguments)
    assert found.code == 0
    if arguments != ["help"]:
        assert all(f"    {command}" in found.out for command in COMMANDS)


def test_rule(run: Run) -> None:
    by_code, by_name = run("rule", "INI010"), run("rule", "deprecated-init-alias")
    assert by_code.out == by_name.out
    head = "# deprecated-init-alias (INI010)\n\nnote · on by default · safe fix\n\n## What it does"
    assert by_code.out.startswith(head)
    unknown = run("rule", "INI09O")
    assert (unknown.code, unknown.out) == (2, "")
    assert "did you mean" in unknown.err
    assert run("rule").code == run("rule", "INI010", "--all").code == 2


def test_all_rules(run: Run) -> None:
    found = json.loads(run("rule", "--all", "--output-format", "json").out)
    assert [entry["code"] for entry in found] == [rule.code for rule in rules()]
    assert all(entry["explanation"] and entry["summary"] for entry in found)
    markdown = run("rule", "--all", "--output-format", "markdown").out
    assert all(f"# {rule.name} ({rule.code})" in markdown for rule in rules())


def test_config(run: Run) -> None:
    assert [line.split()[0] for line in run("config").out.splitlines()] == list(OPTIONS)
    assert run("config", "select").out.startswith("select  rules to run")
    assert "did you mean `select`" in run("config", "selct").err


@pytest.mark.parametrize("shell", SHELLS)
def test_completion(shell: str, run: Run, project: Path) -> None:
    script = run("completion", shell).out
    flags = {flag for command in COMMANDS for action in parser_of(command)._actions for flag in action.option_strings}
    spelled = script.replace("-l ", "--") if shell == "fish" else script
    hidden = {flag for flag in flags if flag.startswith("--no-") and flag != "--no-cache"}
    assert [flag for flag in flags - hidden if flag.startswith("--") and flag not in spelled] == []
    if shell == "bash":
        (project / "script").write_text(script)
        complete = (
            "source ./script\n"
            "try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _initlint; echo ${COMPREPLY[@]}; }\n"
            "try initlint check --output-format sar; try initlint ru; try initlint --fix-o"
        )
        found = subprocess.run(["bash", "-c", complete], text=True, capture_output=True, check=True)
        assert found.stdout.split() == ["sarif", "rule", "--fix-only"]


def test_clean(run: Run, project: Path) -> None:
    cache = project / ".initlint_cache"
    cache.mkdir()
    (cache / "x").write_text("")
    assert run("clean").code == 0
    assert not cache.exists()
    assert run("clean").code == 0
    other = project / "important"
    other.mkdir()
    (other / "thesis.tex").write_text("")
    assert run("clean", "--cache-dir", "important").code == 2
    assert (other / "thesis.tex").exists()


def test_show(run: Run, project: Path) -> None:
    (project / "a.py").write_text("import torch.nn as nn\nfc = nn.Linear(1, 1)\n")
    report = json.loads(run("show", "--format", "json").out)
    assert report["schema"] == 1
    assert report["layers"][0]["file"] == str(project / "a.py")
    assert run("show", "a.py").out.startswith("a.py\n")
    assert run("show", "--format", "xml").code == 2


def test_the_server_says_what_it_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from initlint.cli import server

    monkeypatch.setattr(server, "find_spec", lambda name: None)
    found = run("server", "--stdio")
    assert found.code == 2
    assert "pip install 'initlint[lsp]'" in found.err


def test_nobody_reads_the_output(project: Path) -> None:
    command = f"{sys.executable} -m initlint rule --all | head -n 1"
    found = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], text=True, capture_output=True, check=False)
    assert found.stderr == ""
    assert found.stdout.startswith("# ")


def test_interrupted(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import initlint.session

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (project / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(initlint.session, "lint", interrupt)
    found = run()
    assert (found.code, found.out, found.err) == (130, "", "")


def test_interrupted_with_workers_under_way(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import initlint.session

    def interrupt(*_: object, executor: Executor, **__: object) -> None:
        executor.submit(time.sleep, 600)
        executor.submit(os.getpid).result()          # the workers are up
        raise KeyboardInterrupt

    (project / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(initlint.session, "lint", interrupt)
    found = run("--jobs", "2")
    assert (found.code, found.out, found.err) == (130, "", "")
    for child in multiprocessing.active_children():
        child.join()


def test_names_that_no_encoding_can_hold(project: Path) -> None:
    name = b"\xff.py"
    with open(os.fsencode(project) + b"/" + name, "wb") as handle:
        handle.write(b"x = 1\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(initlint.__file__).parents[1])}
    found = process("--show-files", cwd=project, env=environment)
    assert found.returncode == 0
    assert "\\udcff.py" in found.stdout


def test_demo(project: Path) -> None:
    code = "import sys; from initlint.cli import main; assert main(['demo']) == 0; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert found.stderr == ""
    *shown, torch = found.stdout.splitlines()
    assert torch == "False"
    text = "\n".join(shown)
    assert {"INI006", "INI010", "INI101"} <= set(re.findall(r"INI\d+", text))
    assert "ConvTranspose2d" in text
    assert any(line.startswith("+        init.kaiming_normal_(") for line in shown)


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    body = "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 4)\n"
    body += "        nn.init.normal_(self.fc.weight, 0.02)\n"
    classes = "".join(f"class N{at}(nn.Module):\n{body}" for at in range(200))
    (tmp_path / "m.py").write_text(f"import torch.nn as nn\n\n{classes}")
    command = [sys.executable, "-m", "initlint", "check", "--isolated", "--no-cache", "--output-format", "full", "m.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"I"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
