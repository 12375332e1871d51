"""Between the steps of fixes, only what came by a changed file is looked at again; all of it is in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from initlint import session
from initlint.config import Configuration
from initlint.config.settings import Settings
from initlint.lint import Report
from initlint.memory.cache import Cache
from initlint.model.finding import Finding, Severity
from initlint.model.source import Span
from initlint.session import fix, run
from initlint.syntax.source import Source, read

HUB = "from a import A\nfrom b import B\nfrom c import C\n"
MODEL = """import torch.nn as nn
import hub


class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        {init}

    def forward(self, x):
        return self.fc(x)
"""
ALIAS, PLAIN = "nn.init.xavier_normal(self.fc.weight)", "pass"


def settings_for(folder: Path, cache: bool) -> Settings:
    options = {"select": ["ALL"], "unsafe_fixes": True, "cache": cache, "cache_dir": str(folder / "cache")}
    return Configuration(options, isolated=True, cwd=str(folder)).root


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three files with a model each that import each other, of which one calls what has another name today."""
    monkeypatch.chdir(tmp_path)
    texts = {"hub": HUB} | {
        name: MODEL.format(name=name.upper(), init=init) for name, init in (("a", ALIAS), ("b", PLAIN), ("c", PLAIN))
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    return sorted(str(path) for path in tmp_path.glob("*.py"))


@pytest.mark.parametrize("cache", [True, False])
def test_what_a_step_does_not_touch_is_known(
    tmp_path: Path, paths: list[str], traced: list[str], cache: bool
) -> None:
    settings = settings_for(tmp_path, cache)
    report = run(paths, settings)
    assert sorted(traced) == ["A", "B", "C"]
    for _ in range(2):
        traced.clear()
        outcomes = fix(paths, report, settings)
        assert [Path(path).name for path in outcomes] == ["a.py"]
        # the step itself, for which nothing was known without a cache, and the last look at everything
        assert sorted(traced) == sorted(["A", "A", "B", "C"] if cache else ["A", "B", "C"])


def test_what_fixed_files_tell_is_kept_ahead(tmp_path: Path, paths: list[str], traced: list[str]) -> None:
    settings = settings_for(tmp_path, True)
    outcomes = fix(paths, run(paths, settings), settings, ahead=True)
    for path, outcome in outcomes.items():
        Path(path).write_text(outcome.source.text)
    traced.clear()
    assert run(paths, settings, layers=False) == run(paths, settings_for(tmp_path, False), layers=False)
    assert sorted(traced) == ["A", "B", "C"]            # of the run without a cache


def test_trust_that_was_wrong_is_made_good(tmp_path: Path, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The fix brings a finding to B, which shows only where everything is looked at."""
    settings = settings_for(tmp_path, True)
    report = run(paths, settings)
    (other,) = (path for path in paths if Path(path).name == "b.py")
    harm = Finding("INI999", "from-afar", Severity.ERROR, "from afar", Span(other, 1, 0, 1, 6))
    whole: Callable[..., Report] = session.run

    def judged(inputs: Sequence[Any], *args: Any, cache: Cache | None = None, **kwargs: Any) -> Report:
        told = whole(inputs, *args, cache=cache, **kwargs)
        texts = [each.text for each in inputs if isinstance(each, Source)]
        if (cache is not None and cache.rehearsal is not None) or not any("xavier_normal_(" in text for text in texts):
            return told
        files = [replace(file, findings=(harm,)) if file.path == other else file for file in told.files]
        return replace(told, files=tuple(files))

    monkeypatch.setattr(session, "run", judged)
    (outcome,) = fix(paths, report, settings).values()
    assert not outcome.applied
    assert [refusal.reason for refusal in outcome.refused] == [f"the fix would bring INI999 ({other}, line 1)"]


@pytest.mark.parametrize("said", ["otherwise", "less", "again"])
def test_what_does_not_matter_is_not_begun_again(
    said: str, tmp_path: Path, paths: list[str], traced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look says of B `otherwise` what the steps were told, or `less`, or `again` what they no longer were."""
    settings = settings_for(tmp_path, True)
    (other,) = (path for path in paths if Path(path).name == "b.py")
    note = Finding("INI999", "from-afar", Severity.ERROR, "from afar", Span(other, 1, 0, 1, 6))
    whole: Callable[..., Report] = session.run

    def judged(inputs: Sequence[Any], *args: Any, cache: Cache | None = None, **kwargs: Any) -> Report:
        told = whole(inputs, *args, cache=cache, **kwargs)
        is_last = not (cache is not None and cache.rehearsal is not None) and any(
            "xavier_normal_(" in each.text for each in inputs if isinstance(each, Source)
        )
        is_first = cache is None
        findings = (note,) if is_first or (said != "again") != is_last else ()
        if said == "otherwise" and is_last:
            findings = (replace(note, message="from very far"),)
        text = read(other)
        assert isinstance(text, Source)
        files = [
            replace(file, findings=findings, source=text) if file.path == other else file for file in told.files
        ]
        return replace(told, files=tuple(files))

    monkeypatch.setattr(session, "run", judged)
    report = judged(paths, settings)
    traced.clear()
    (outcome,) = fix(paths, report, settings).values()
    assert outcome.applied
    assert not outcome.refused
    assert sorted(traced) == ["A", "A", "B", "C"]           # a step, and one last look


def test_steps_that_are_taken_back_are_known(
    tmp_path: Path, paths: list[str], traced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files are fixed, one of the fixes brings a finding to C: which one is found out without a trace more."""
    b, c = (next(path for path in paths if Path(path).name == name) for name in ("b.py", "c.py"))
    Path(b).write_text(MODEL.format(name="B", init=ALIAS))
    settings = settings_for(tmp_path, False)
    report = run(paths, settings)
    harm = Finding("INI999", "from-afar", Severity.ERROR, "from afar", Span(c, 1, 0, 1, 6))
    whole: Callable[..., Report] = session.run

    def judged(inputs: Sequence[Any], *args: Any, **kwargs: Any) -> Report:
        told = whole(inputs, *args, **kwargs)
        texts = {each.path: each.text for each in inputs if isinstance(each, Source)}
        if "xavier_normal_(" not in texts.get(b, ""):
            return told
        files = [replace(file, findings=(harm,)) if file.path == c else file for file in told.files]
        return replace(told, files=tuple(files))

    monkeypatch.setattr(session, "run", judged)
    traced.clear()
    outcomes = fix(paths, report, settings)
    assert {Path(path).name: bool(outcome.applied) for path, outcome in outcomes.items()} == {"a.py": True, "b.py": False}
    # the step with both fixes, A alone as it was fixed and B as it was, B as it was fixed and A as it was: of each text
    # one look; and the last look at everything
    assert sorted(traced) == sorted(["A", "B", "C", "B", "A", "B", "C"])
