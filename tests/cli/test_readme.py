"""What the README promises."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from initlint.cli.arguments import COMMANDS, parser_of
from initlint.config import Configuration
from tests.readme import PARTS, README, between

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent


@pytest.mark.parametrize("name", PARTS)
def test_generated_parts_are_up_to_date(name: str) -> None:
    assert between(TEXT, name) == PARTS[name](), "run `python -m tests.readme`"


def test_the_first_two_commands_are_those_of_the_continuous_integration() -> None:
    first, second = re.findall(r"```console\n(python3 -m venv [^\n]*)\n```", TEXT)
    assert first.endswith("&& initlint demo")
    assert second.endswith('pip install -e ".[dev]" && pytest')
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


def test_every_flag_exists() -> None:
    known = {flag for command in COMMANDS for action in parser_of(command)._actions for flag in action.option_strings}
    code = " ".join(re.findall(r"`[^`\n]+`|```console\n.*?```", TEXT, re.DOTALL))
    mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", code))
    assert mentioned - known == set()
    assert len(mentioned) > 8


def test_the_configuration_shown_is_valid(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(\[tool\.initlint\].*?)```", TEXT, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(block)
    settings = Configuration(cwd=str(tmp_path)).root
    assert settings.target_version == (2, 4)
    assert settings.vocabulary.activations == (("acme.act.Swish2", "silu"),)


def test_the_hooks_name_commands_that_exist() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text()
    for entry in re.findall(r"entry: initlint (\w+) (.*)", hooks):
        flags = {flag for action in parser_of(entry[0])._actions for flag in action.option_strings}
        assert set(entry[1].split()) <= flags
    assert re.findall(r"- id: (\S+)", hooks) == ["initlint", "initlint-fix"]


def test_the_package_metadata() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {re.split(r"[<>=;\[]", name)[0] for name in project["dependencies"]} == {"libcst", "pathspec", "tomli"}
    assert "torch==2.13.0" in project["optional-dependencies"]["dev"]
    assert project["scripts"] == {"initlint": "initlint.__main__:program"}
