"""Which file is read, what it may say, and how mistakes are told."""

from __future__ import annotations

import pickle
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from initlint.config import ConfigError, Configuration, Settings, Vocabulary
from initlint.config.options import OPTIONS
from initlint.config.settings import _ANALYSIS_FIELDS
from initlint.model.finding import Applicability, Severity


@pytest.fixture(autouse=True)
def no_user_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def configured(folder: Path, **options: Any) -> Configuration:
    return Configuration(cwd=str(folder), **options)


def test_without_a_file(tmp_path: Path) -> None:
    settings = configured(tmp_path).root
    assert settings.config_file is None
    assert settings.root == str(tmp_path)
    assert settings.fail_on is Severity.NOTE


@pytest.mark.parametrize("name", ["pyproject.toml", "initlint.toml", ".initlint.toml"])
def test_names(tmp_path: Path, name: str) -> None:
    table = "[tool.initlint]\n" if name == "pyproject.toml" else ""
    file = write(tmp_path / name, f'{table}fail-on = "error"\n')
    settings = configured(tmp_path).root
    assert (settings.config_file, settings.fail_on) == (str(file), Severity.ERROR)


def test_the_hidden_file_comes_first_and_nothing_is_merged(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", 'fail-on = "error"\njobs = 3\n')
    write(tmp_path / ".initlint.toml", "jobs = 4\n")
    settings = configured(tmp_path).root
    assert (settings.jobs, settings.fail_on) == (4, Severity.NOTE)


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.initlint]\njobs = 3\n")
    write(tmp_path / "sub" / "pyproject.toml", "[tool.other]\nx = 1\n")
    assert configured(tmp_path / "sub").root.jobs == 3


def test_the_closest_file_wins_for_each_file(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", 'ignore = ["INI001"]\n')
    write(tmp_path / "sub" / "initlint.toml", 'ignore = ["INI002"]\n')
    files = [str(tmp_path / "a.py"), str(tmp_path / "sub" / "deep" / "b.py"), str(tmp_path / "subway" / "c.py")]
    settings = configured(tmp_path).for_files(files)
    ran = [set(settings.enabled(file)) & {"INI001", "INI002"} for file in files]
    assert ran == [{"INI002"}, {"INI001"}, {"INI002"}]


def test_a_file_above_does_not_reach_into_the_folder_of_the_run(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", "jobs = 1\n")
    write(tmp_path / "sub" / "initlint.toml", "jobs = 2\n")
    settings = configured(tmp_path / "sub").for_files([str(tmp_path / "a.py"), str(tmp_path / "sub" / "b.py")])
    assert settings.for_file(str(tmp_path / "a.py")).jobs == 1
    assert settings.for_file(str(tmp_path / "sub" / "b.py")).jobs == 2


def test_settings_survive_pickling(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", 'exclude = ["a/*"]\nseverity = { INI001 = "note" }\n')
    settings = configured(tmp_path).for_files([str(tmp_path / "x.py")])
    settings.enabled(str(tmp_path / "x.py"))
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_extend(tmp_path: Path) -> None:
    base = 'select = ["INI0"]\nextend-exclude = ["old"]\njobs = 2\nvocabulary.activations = { "a.B" = "relu" }\n'
    write(tmp_path / "base" / "initlint.toml", base)
    text = 'extend = "../base/initlint.toml"\nextend-select = ["INI104"]\nextend-exclude = ["new"]\n'
    text += 'vocabulary.activations = { "a.C" = "gelu" }\n'
    write(tmp_path / "project" / "initlint.toml", text)
    settings = configured(tmp_path / "project").root
    codes = set(settings.enabled(str(tmp_path / "x.py")))
    assert "INI104" in codes
    assert {code[:4] for code in codes - {"INI104"}} == {"INI0"}
    assert settings.jobs == 2
    assert settings.excludes(str(tmp_path / "base" / "old"))
    assert settings.excludes(str(tmp_path / "project" / "new"))
    assert settings.vocabulary.activations == (("a.B", "relu"), ("a.C", "gelu"))


def test_extend_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", 'extend = "initlint.toml"\n')
    write(tmp_path / "initlint.toml", '\nextend = "a.toml"\n')
    with pytest.raises(ConfigError, match=r"a\.toml:1: `extend` goes in circles"):
        configured(tmp_path)


def test_a_user_file_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    write(tmp_path / "home" / "initlint" / "initlint.toml", 'jobs = 7\nexclude = ["x"]\n')
    (tmp_path / "project").mkdir()
    settings = configured(tmp_path / "project").root
    assert (settings.jobs, settings.root) == (7, str(tmp_path / "project"))


def test_isolated(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", "jobs = 3\n")
    assert configured(tmp_path, isolated=True).root.jobs is None


def test_a_named_file_is_the_only_one(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", "jobs = 3\n")
    write(tmp_path / "sub" / "initlint.toml", "jobs = 4\n")
    write(tmp_path / "other.toml", "jobs = 5\n")
    configuration = configured(tmp_path, config=["other.toml"])
    assert configuration.root.jobs == 5
    assert configuration.for_folder(str(tmp_path / "sub")).jobs == 5


def test_inline_options_win_over_files_and_flags_over_them(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", 'jobs = 3\nfail-on = "note"\n')
    inline = ["jobs = 4", 'fail-on = "warning"']
    settings = configured(tmp_path, config=inline, overrides={"jobs": 5}).root
    assert (settings.jobs, settings.fail_on) == (5, Severity.WARNING)


BAD = [
    ("selct = []\n", 1, "unknown key `selct` (did you mean `select`"),
    ("\n\nselect = 'INI1'\n", 3, "`select` must be a list, not 'INI1'"),
    ('select = [\n  "INI001",\n  "unknown-nonlinearty",\n]\n', 3, "(did you mean `unknown-nonlinearity`"),
    ('fail-on = "eror"\n', 1, "must be one of \"error\", \"warning\", \"note\", not 'eror' (did you mean `error`"),
    ("jobs = 0\n", 1, "`jobs` must be a whole number from 1, not 0"),
    ("jobs = true\n", 1, "must be a whole number"),
    ("fix = 1\n", 1, "must be true or false"),
    ('severity = { INI001 = "high" }\n', 1, "`severity.INI001` must be one of"),
    ('[severity]\nINI001 = "note"\nINI999 = "note"\n', 3, "unknown rule `INI999`"),
    ('[per-file-ignores]\n"a.py" = ["INI001"]\n"b.py" = ["nonsense"]\n', 3, "unknown rule `nonsense`"),
    ('target-version = "two"\n', 1, 'a version of torch such as "2.13"'),
    ('[vocabulary]\nactivation = {}\n', 2, "did you mean `activations`"),
    ('[vocabulary.layers]\n"not dotted!" = "Linear"\n', 2, "must be a dotted name"),
    ('[vocabulary.layers]\n"a.B" = "Lin ear"\n', 2, "must be a dotted name"),
    ('required-version = ">=99"\n', 1, "initlint >=99 is required, this is"),
    ('required-version = "new"\n', 1, "must be versions such as"),
    ('extend = "nowhere.toml"\n', 1, "`extend` names no file"),
    ("x = \n", 1, "not TOML"),
    ("jobs = 1\nfix = yes\n", 2, "not TOML"),
]


@pytest.mark.parametrize(("text", "line", "message"), BAD)
@pytest.mark.parametrize("table", [False, True])
def test_mistakes_are_told_with_file_and_line(
    tmp_path: Path, text: str, line: int, message: str, table: bool
) -> None:
    name = "pyproject.toml" if table else "initlint.toml"
    if table and "not TOML" not in message:
        text = "[tool.initlint]\n" + text.replace("\n[", "\n[tool.initlint.")
        text = text.replace("[tool.initlint]\n[", "[tool.initlint]\n[tool.initlint.", 1)
        line += 1
    write(tmp_path / name, text)
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path)
    assert (caught.value.file, caught.value.line) == (str(tmp_path / name), line)
    assert message in caught.value.message


def test_mistakes_of_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="neither a file nor a line"):
        configured(tmp_path, config=["nothing"])
    with pytest.raises(ConfigError, match=r"--config:1: unknown key `job` \(did you mean `jobs`"):
        configured(tmp_path, config=["job = 1"])


def test_fix_policy(tmp_path: Path) -> None:
    text = 'unfixable = ["INI002"]\nextend-safe-fixes = ["INI104"]\nextend-unsafe-fixes = ["INI00"]\n'
    write(tmp_path / "initlint.toml", text)
    settings = configured(tmp_path).root
    assert settings.applicability("INI002", Applicability.SAFE) is None
    assert settings.applicability("INI104", Applicability.UNSAFE) is Applicability.SAFE
    assert settings.applicability("INI001", Applicability.SAFE) is Applicability.UNSAFE
    assert settings.applicability("INI010", Applicability.SAFE) is Applicability.SAFE


def test_vocabulary(tmp_path: Path) -> None:
    write(tmp_path / "initlint.toml", '[vocabulary]\ninits = { "b.he_" = "kaiming_normal_", "a.x_" = "zeros_" }\n')
    inits = (("a.x_", "zeros_"), ("b.he_", "kaiming_normal_"))
    assert configured(tmp_path).root.vocabulary == Vocabulary(inits=inits)


def test_every_option_fills_a_setting() -> None:
    names = {entry.name for entry in fields(Settings)}
    beside = {"select", "ignore", "extend_select", "extend", "required_version"}
    assert {option.field for option in OPTIONS.values()} - names == beside


def test_the_analysis_key_follows_what_changes_findings() -> None:
    plain = Settings(root="/p")
    assert {entry.name for entry in fields(Settings)} >= set(_ANALYSIS_FIELDS)
    assert Settings(root="/p", jobs=4).analysis_key == plain.analysis_key
    assert Settings(root="/p", target_version=(2, 0)).analysis_key != plain.analysis_key
    assert Settings(root="/p", nested=(("/p/a", Settings(root="/p/a")),)).analysis_key != plain.analysis_key
