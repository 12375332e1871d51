"""An internal error anywhere is one note; the rest is linted, and the exit code says whether anything was."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from initlint import session
from initlint.cli import main
from initlint.syntax.source import Source
from tests.lint.projects import FILES, write

GOOD = FILES["old.py"]
BAD = GOOD.replace("Net", "Broken")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"bad.py": BAD, "good.py": GOOD})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _mentions_bad(value: Any) -> bool:
    for name in ("path", "file", "root", "name", "span", "call", "module"):
        if _is_bad(getattr(value, name, None)):
            return True
    return _is_bad(value)


def _is_bad(value: Any) -> bool:
    text = value if isinstance(value, str) else getattr(value, "file", "")
    return isinstance(text, str) and (text.endswith("bad.py") or text == "Broken")


def inject(monkeypatch: pytest.MonkeyPatch, target: str, concerned: Callable[..., bool]) -> None:
    """Lets the function `module:name` (or `module:Class.name`) raise where its arguments concern the bad file."""
    module, _, name = target.partition(":")
    owner: Any = importlib.import_module(module)
    *classes, function = name.split(".")
    for each in classes:
        owner = getattr(owner, each)
    original = getattr(owner, function)

    def failing(*args: Any, **kwargs: Any) -> Any:
        if concerned(*args):
            raise ZeroDivisionError("injected")
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, function, failing)


def _any(*args: Any) -> bool:
    return any(map(_mentions_bad, args))


STAGES = {
    "read": "initlint.files.index:read",
    "glance": "initlint.files.index:glance",
    "parse": "initlint.trace.program.project:parse",
    "execute": "initlint.trace.program.project:Project.execute",
    "survey": "initlint.trace.roots.tracer:Tracer.survey",
    "construct": "initlint.trace.roots.running:Runner._construct",
    "forward": "initlint.trace.roots.running:tried",
    "facts": "initlint.trace.roots.running:program_of",
    "rules": "initlint.work.bench:judge",
}


ABOUT_ROOTS = {"construct", "forward", "facts"}
"""Stages that leave what a call spells to be judged."""


@pytest.mark.parametrize("stage", STAGES)
def test_an_error_about_one_file(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, STAGES[stage], _any)
    assert main(["--no-cache", "--isolated", "-j1"]) == 1
    shown = capsys.readouterr()
    assert "good.py:8:9: INI010" in shown.out
    assert ("bad.py:8" in shown.out) is (stage in ABOUT_ROOTS)
    assert shown.err.count("internal error (ZeroDivisionError: injected)") == 1
    assert "Traceback" not in shown.err
    assert main(["--no-cache", "--isolated", "-j1", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_could_be_linted(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, STAGES[stage], lambda *args: True)
    assert main(["--no-cache", "--isolated", "-j1"]) == 2
    assert "internal error (ZeroDivisionError: injected)" in capsys.readouterr().err


def test_an_error_about_the_layers_of_one_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, "initlint.work.bench:sightings", _any)
    assert main(["show", "--no-cache", "--isolated", "-j1"]) == 1
    shown = capsys.readouterr()
    assert "xavier_normal_" in shown.out
    assert shown.err.count("internal error (ZeroDivisionError: injected)") == 1


def test_an_error_fails_a_run_that_finds_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, STAGES["forward"], _any)
    assert main(["--no-cache", "--isolated", "-j1", "--select", "INI104"]) == 1
    assert capsys.readouterr().out == "No findings, but 1 internal error.\n"
    assert main(["--no-cache", "--isolated", "-j1", "--select", "INI104", "--exit-zero"]) == 0


def test_an_error_in_one_rule(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, "initlint.rules.registry:Entry.run", lambda entry, *_: entry.rule.code == "INI103")
    assert main(["--no-cache", "--isolated", "-j1"]) == 1
    shown = capsys.readouterr()
    assert shown.out.count("INI010") == 2
    assert shown.err.count("INI103 on ") == 2


def test_results_with_errors_are_not_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        inject(patched, STAGES["construct"], _any)
        assert main(["--isolated", "-j1"]) == 1
    capsys.readouterr()
    assert main(["--isolated", "-j1"]) == 1
    assert "bad.py:8:9: INI010" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--fix"], ["--diff"], []])
@pytest.mark.parametrize("stage", ["initlint.fix.render:render_files", "initlint.fix.together:fix_together"])
def test_an_error_in_a_fix(
    arguments: list[str], stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, stage, lambda *args: True)
    code = main(["--no-cache", "--isolated", "-j1", *arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    if "together" in stage and arguments:
        assert "internal error" in shown.err
        assert (project / "good.py").read_text() == GOOD
    else:
        assert code == (0 if arguments == ["--fix"] else 1)


FIXING = {
    "chosen": "initlint.fix.apply:_Run._wanted",
    "edited": "initlint.fix.apply:_Run._edited",
    "tidied": "initlint.fix.apply:without_freed_imports",
    "written": "initlint.fix.write:replace_file",
}


@pytest.mark.parametrize("stage", FIXING)
def test_an_error_in_the_fixing_of_one_file(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def concerned(first: Any, *args: Any) -> bool:
        return _mentions_bad(getattr(first, "source", first))

    inject(monkeypatch, FIXING[stage], concerned)
    assert main(["--no-cache", "--isolated", "-j1", "--fix"]) == 1
    shown = capsys.readouterr()
    assert (project / "bad.py").read_text() == BAD
    assert (project / "good.py").read_text() == GOOD.replace("xavier_normal(", "xavier_normal_(")
    assert shown.err.count("internal error (ZeroDivisionError: injected)") == 1


@pytest.mark.parametrize("stage", sorted(STAGES.keys() - {"read"}))
def test_an_error_in_judging_one_fixed_file(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be judged is not fixed: findings that an internal error keeps back are not gone."""
    changed = False
    original = session.run

    def run(inputs: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
        nonlocal changed
        changed = any(isinstance(each, Source) and each.path.endswith("bad.py") for each in inputs)
        return original(inputs, *args, **kwargs)

    monkeypatch.setattr(session, "run", run)
    inject(monkeypatch, STAGES[stage], lambda *args: changed and _any(*args))
    assert main(["--no-cache", "--isolated", "-j1", "--fix"]) == 1
    shown = capsys.readouterr()
    assert (project / "bad.py").read_text() == BAD
    assert (project / "good.py").read_text() == GOOD.replace("xavier_normal(", "xavier_normal_(")
    assert "internal error (ZeroDivisionError: injected)" in shown.err


@pytest.mark.parametrize("stage", ["initlint.report.concise:render", "initlint.session:document_of"])
def test_an_error_in_the_report(
    stage: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inject(monkeypatch, stage, lambda *args: True)
    assert main(["--no-cache", "--isolated", "-j1"]) == 2
    assert "error: internal error (ZeroDivisionError: injected); --verbose shows where" in capsys.readouterr().err
