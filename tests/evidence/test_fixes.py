"""The eval files, fixed: torch builds what raised, the harm can no longer be measured, and safe fixes change no number."""

from __future__ import annotations

import ast
import math
import re
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest
import torch

from initlint.config.discovery import Configuration
from initlint.fix.apply import Outcome
from initlint.fix.render import render
from initlint.lint import lint
from initlint.model.finding import Finding
from initlint.session import findings_of, fix
from initlint.syntax.source import Source, from_text
from tests.eval.expected import files, selected
from tests.evidence.measure import measured, models, text_of

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:FutureWarning")

BAD = pytest.mark.parametrize("path", files("bad"), ids=lambda path: path.stem)
QUIET = (1e-3, 1e2)
"""What a run may keep of a signal. Below, torch's zero padding and narrow layers take their part of it."""

NOT_HERE = {"ini006_pretrained_model", "ini007_moved_and_viewed", "ini301_dictionary", "ini405_apply_after_load"}
"""Models that ask for a GPU, a checkpoint, a package that is not there, or a dictionary of inputs."""


@cache
def fixed(path: Path, unsafe: bool = True) -> tuple[list[Finding], Outcome | None]:
    """The findings of a file, and what their fixes make of it."""
    text = text_of(path)
    options = {"unsafe_fixes": unsafe, "extend_select": list(selected(text)), "cache": False}
    settings = Configuration(options, isolated=True).root
    source = from_text(text, path.name)
    assert isinstance(source, Source)
    report = lint([source], settings)
    return findings_of(report), fix([source], report, settings).get(path.name)


def codes(outcome: Outcome) -> set[str]:
    return {finding.code for finding in outcome.applied}


@BAD
def test_a_fix_that_is_offered_can_be_made(path: Path) -> None:
    findings, outcome = fixed(path)
    source = from_text(text_of(path), path.name)
    assert isinstance(source, Source)
    offered = [finding for finding in findings if finding.fix is not None and render(source, finding.fix) is not None]
    refused = () if outcome is None else outcome.refused
    assert [(refusal.finding.code, refusal.reason) for refusal in refused] == []
    assert len(offered) <= (0 if outcome is None else len(outcome.applied))


@BAD
def test_a_second_run_changes_nothing(path: Path) -> None:
    _, outcome = fixed(path)
    if outcome is not None:
        text = outcome.source.text
        settings = Configuration(
            {"unsafe_fixes": True, "extend_select": list(selected(text)), "cache": False}, isolated=True
        ).root
        assert fix([outcome.source], lint([outcome.source], settings), settings) == {}


@BAD
def test_statements_on_other_lines_stay(path: Path) -> None:
    _, outcome = fixed(path)
    if outcome is not None:
        before, after = text_of(path), outcome.source.text
        pairs = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_matching_blocks()
        old = {first + index for first, _, size in pairs for index in range(size)}
        new = {second + index for _, second, size in pairs for index in range(size)}
        assert sorted(statements(before, old)) == sorted(statements(after, new))


def statements(text: str, lines: set[int]) -> list[tuple[str, ...]]:
    """The statements that stand, header for header, on lines that are all among `lines` (from 0), below those around
    them."""
    own = text.splitlines()

    def below(node: ast.AST, around: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = []
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt):
                found += below(child, around) if isinstance(child, (ast.excepthandler, ast.match_case)) else []
                continue
            body = getattr(child, "body", None)
            last = body[0].lineno - 1 if body else child.end_lineno or child.lineno
            numbers = range(child.lineno - 1, max(last, child.lineno))
            head = [own[number] for number in numbers]
            kept = lines.issuperset(numbers)
            spelled = ("\n".join(head) if body else ast.dump(child),)
            if kept:
                found.append((*around, *spelled))
            found += below(child, (*around, *spelled) if kept else around)
        return found

    return below(ast.parse(text), ())


@BAD
def test_the_fixed_model_is_built_and_lives(path: Path) -> None:
    """What raised is built, what comes out is a number, and every weight that takes part gets a gradient."""
    _, outcome = fixed(path)
    if outcome is None or path.stem in NOT_HERE:
        return
    if any(re.match("INI00[1-5]", finding.code) for finding in outcome.remaining):
        return      # what no fix was offered for still raises
    for model in models(outcome.source.text, path.stem).values():
        found = measured(model)
        if found is not None and "INI301" not in codes(outcome):
            assert found.out == found.out
            if "INI508" not in codes(outcome):      # a branch that starts at zero wakes up a step later
                # the bias of a difference cancels
                assert [name for name in found.dead if not name.endswith("bias")] == []


def having(*wanted: str) -> pytest.MarkDecorator:
    """The files whose names begin with these codes."""
    chosen = [path for path in files("bad") if path.stem.split("_")[0].upper() in wanted]
    return pytest.mark.parametrize("path", chosen, ids=lambda path: path.stem)


@having("INI101", "INI102", "INI305")
def test_runs_keep_the_signal(path: Path) -> None:
    _, outcome = fixed(path)
    if outcome is None or path.stem in UNMEASURED:
        return
    pairs = 0
    after = models(outcome.source.text, path.stem)
    for name, model in models(text_of(path), path.stem).items():
        old, new = measured(model), measured(after[name])
        if old is not None and new is not None and old.kept is not None and new.kept is not None:
            pairs += not QUIET[0] <= old.kept <= QUIET[1]
            assert QUIET[0] <= new.kept <= QUIET[1], name
    assert pairs, "the harm was not there to begin with"


UNMEASURED = {"ini101_hidden_sizes", "ini101_nerf_without_skip", "ini101_vgg_config"}
"""Models whose inputs have shapes that no layer tells."""


def named(*beginnings: str) -> pytest.MarkDecorator:
    chosen = [path for path in files("bad") if path.stem.startswith(beginnings)]
    return pytest.mark.parametrize("path", chosen, ids=lambda path: path.stem)


@named("ini101_file_", "ini103_shared_")
def test_what_is_missing_is_written_as_by_hand(path: Path) -> None:
    """In the style of the file, and beside code that others use."""
    _, outcome = fixed(path)
    assert outcome is not None
    written = (path.parent.parent / "good" / path.name).read_text()
    assert re.sub(r"  # INI\d+", "", outcome.source.text) == written


@named("ini101_file_", "ini103_shared_function")
def test_layers_that_no_finding_is_about_keep_their_numbers(path: Path) -> None:
    """All classes but the one that is fixed draw the same, and of it what is no weight."""
    _, outcome = fixed(path)
    assert outcome is not None
    after = models(outcome.source.text, path.stem)
    changed = set()
    for name, model in models(text_of(path), path.stem).items():
        old, new = model.state_dict(), after[name].state_dict()
        changed |= {(name, key.rsplit(".", 1)[-1]) for key in old if not torch.equal(old[key], new[key])}
    assert [kind for _, kind in changed] == ["weight"]


@having("INI201", "INI203", "INI204")
def test_dead_layers_come_alive(path: Path) -> None:
    _, outcome = fixed(path)
    assert outcome is not None
    dead = [found.dead for model in models(text_of(path), path.stem).values() if (found := measured(model)) is not None]
    assert any(dead) or path.stem == "ini201_default_bias"      # where only half of the units are dead


@having("INI302", "INI303", "INI504", "INI505")
def test_signals_come_nearer_to_a_usual_scale(path: Path) -> None:
    """What is kept, or where no more is kept than before what comes out, lies nearer to 1, or within a factor of 20."""
    _, outcome = fixed(path)
    if outcome is not None:
        after = models(outcome.source.text, path.stem)
        for name, model in models(text_of(path), path.stem).items():
            old, new = measured(model), measured(after[name])
            if old is not None and new is not None:
                before, now = (old.kept, new.kept) if _differ(old.kept, new.kept) else (old.out, new.out)
                assert before
                assert now
                assert abs(math.log(now)) < max(1.01 * abs(math.log(before)), math.log(20)), name


def _differ(old: float | None, new: float | None) -> bool:
    return bool(old and new) and abs(math.log(old / new)) > 0.1


@having("INI007")
def test_expressions_become_parameters(path: Path) -> None:
    _, outcome = fixed(path)
    assert outcome is not None
    if path.stem not in NOT_HERE:
        (old,), (new,) = (models(text, path.stem).values() for text in (text_of(path), outcome.source.text))
        assert {name for name, _ in old.named_parameters()} < {name for name, _ in new.named_parameters()}


@having("INI408")
def test_padding_rows_are_zero_again(path: Path) -> None:
    _, outcome = fixed(path)
    assert outcome is not None
    for text, zero in ((text_of(path), False), (outcome.source.text, True)):
        rows = [
            module.weight[module.padding_idx] for model in models(text, path.stem).values()
            for module in model.modules() if getattr(module, "padding_idx", None) is not None
        ]
        assert rows
        assert all(bool((row == 0).all()) is zero for row in rows)


@BAD
def test_safe_fixes_change_no_number(path: Path) -> None:
    _, outcome = fixed(path, unsafe=False)
    if outcome is None:
        return
    try:
        before = models(text_of(path), path.stem)
    except (ValueError, TypeError, AttributeError, RuntimeError):
        return      # it raises today
    after = models(outcome.source.text, path.stem)
    assert before.keys() == after.keys()
    for name, model in before.items():
        old, new = model.state_dict(), after[name].state_dict()
        assert old.keys() == new.keys()
        assert all(torch.equal(old[key], new[key]) for key in old)
