"""Many fixes at once, and what becomes of those that do harm."""

from __future__ import annotations

import itertools
import random

import pytest

from initlint.fix.apply import fix_source
from initlint.fix.tidy import without_freed_imports
from initlint.model.change import InitializeLayers
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.source import Span
from initlint.syntax.edits import Edit
from initlint.syntax.source import Source, from_text
from tests.fix.toy import HEAD, lint, run, silences


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_all_fixes_of_a_file_are_applied_together() -> None:
    outcome = run(HEAD + "nn.init.xavier_normal(a)\nf(1)\nnn.init.xavier_normal(b)\ndrop()\n")
    assert outcome.source.text == HEAD + "nn.init.xavier_normal_(a)\nf(1)\nnn.init.xavier_normal_(b)\n"
    assert codes(outcome.applied) == ["T010", "T010", "T011"]
    assert not outcome.remaining
    assert not outcome.refused


def test_one_look_settles_what_does_not_overlap() -> None:
    looks = []

    def look(source: Source) -> list[Finding]:
        looks.append(source.text)
        return lint(source)

    source = from_text(HEAD + "nn.init.xavier_normal(a)\n" * 40)
    assert isinstance(source, Source)
    outcome = fix_source(source, lint(source), look, lambda finding: True)
    assert len(outcome.applied) == 40
    assert len(looks) == 1


def test_what_overlaps_waits_for_the_next_round() -> None:
    outcome = run(HEAD + "drop(nn.init.xavier_normal(a))\nnn.b\n")
    assert outcome.source.text == HEAD + "nn.b\n"
    assert codes(outcome.applied) == ["T011"]
    inner = run(HEAD + "nn.init.mask(nn.init.root(a))\n")
    assert inner.source.text == HEAD + "nn.init.clean(nn.init.zeros_(a))\n"


def test_two_deletions_that_empty_a_block_leave_pass() -> None:
    outcome = run("if x:\n    drop(1)\n    drop(2)\n")
    assert outcome.source.text == "if x:\n    pass\n"
    assert codes(outcome.applied) == ["T011", "T011"]


def test_neighbours_with_one_code_are_not_taken_for_each_other() -> None:
    outcome = run("a\ndrop(1)\ndrop(2)\ndrop(3)\nb\n")
    assert outcome.source.text == "a\nb\n"
    assert not outcome.refused


def test_a_fix_that_brings_another_finding_is_taken_back() -> None:
    outcome = run(HEAD + "nn.init.xavier_normal(a)\nnn.init.worsen()\nnn.init.xavier_normal(b)\n")
    assert outcome.source.text == HEAD + "nn.init.xavier_normal_(a)\nnn.init.worse()\nnn.init.xavier_normal_(b)\n"


def test_a_fix_that_brings_another_finding_elsewhere_is_taken_back() -> None:
    text = HEAD + "nn.init.xavier_normal(a)\nnn.init.worsen(b)\nnn.init.xavier_normal(c)\n"
    source = from_text(text)
    assert isinstance(source, Source)

    def look(source: Source) -> list[Finding]:
        found = lint(source)
        if "worse(" in source.text:
            first = found[0] if found else lint(from_text("worse()"))[0]      # type: ignore[arg-type]
            return [Finding("T099", "toy", first.severity, "came", Span(source.path, 1, 0, 1, 6)), *found]
        return found

    outcome = fix_source(source, lint(source), look, lambda finding: True)
    assert outcome.source.text == HEAD + "nn.init.xavier_normal_(a)\nnn.init.worsen(b)\nnn.init.xavier_normal_(c)\n"
    assert [(refusal.finding.code, refusal.reason) for refusal in outcome.refused] == [
        ("T012", "the fix would bring T099 (line 1)")
    ]
    assert codes(outcome.remaining) == ["T012"]


def test_a_fix_that_does_not_settle_its_finding_is_taken_back() -> None:
    outcome = run(HEAD + "nn.init.stubborn(a)\nnn.init.xavier_normal(b)\n")
    assert outcome.source.text == HEAD + "nn.init.stubborn(a)\nnn.init.xavier_normal_(b)\n"
    assert [(refusal.finding.code, refusal.reason) for refusal in outcome.refused] == [
        ("T014", "the fix does not settle it")
    ]


def test_fixes_that_undo_each_other_come_to_rest() -> None:
    outcome = run(HEAD + "nn.init.ping(a)\n")
    assert outcome.source.text == HEAD + "nn.init.pong(a)\n"
    assert codes(outcome.applied) == ["T015"]
    assert codes(outcome.remaining) == ["T016"]
    assert outcome.refused[0].finding is outcome.remaining[0]


def test_what_the_cured_finding_hid_is_fixed_in_turn() -> None:
    outcome = run(HEAD + "nn.init.mask(a)\n")
    assert outcome.source.text == HEAD + "nn.init.clean(a)\n"
    assert codes(outcome.applied) == ["T017", "T018"]


def test_only_allowed_fixes_are_applied() -> None:
    outcome = run(HEAD + "nn.init.xavier_normal(a)\ndrop()\n", allowed=lambda finding: finding.code == "T010")
    assert outcome.source.text == HEAD + "nn.init.xavier_normal_(a)\ndrop()\n"
    assert codes(outcome.remaining) == ["T011"]


def test_the_number_of_looks_is_bounded() -> None:
    source = from_text(HEAD + "nn.init.mask(a)\n")
    assert isinstance(source, Source)
    assert fix_source(source, lint(source), lint, lambda finding: True, 0).source is source
    outcome = fix_source(source, lint(source), lint, lambda finding: True, 1, silences)
    assert outcome.source.text == HEAD + "nn.init.masked(a)\n"


def test_layers_of_one_class_share_a_loop() -> None:
    built = ["class A:", "    def __init__(self):", "        self.a = layer(a)", "        self.b = layer(b)"]
    loop = ["        for layer in (self.a, self.b):", "            nn.init.ones_(layer.weight)"]
    other = ["class B:", "    def __init__(self):", "        self.c = layer(c)"]
    ones = ["        nn.init.ones_(self.c.weight)"]
    outcome = run(HEAD + "\n".join([*built, *other]))
    loop = [line.replace("layer", "module") for line in loop]       # the constructor speaks of `layer`
    assert outcome.source.text == HEAD + "\n".join([*built, *loop, *other, *ones])
    assert codes(outcome.applied) == ["T019", "T019", "T019"]
    assert not outcome.remaining


def test_nothing_to_fix_is_the_same_source() -> None:
    outcome = run("f(1)\n")
    assert outcome.source.text == "f(1)\n"
    assert outcome.applied == ()


def test_fixing_twice_is_fixing_once() -> None:
    once = run(HEAD + "nn.init.mask(a); drop(); nn.init.stubborn(b)\nif x: drop()\n")
    twice = run(once.source.text)
    assert twice.source.text == once.source.text
    assert not twice.applied


def test_the_order_of_findings_does_not_matter() -> None:
    text = HEAD + "nn.init.xavier_normal(a)\nif x:\n    drop(nn.init.xavier_normal(b))\n    drop()\nnn.init.mask(c)\n"
    source = from_text(text)
    assert isinstance(source, Source)
    found = lint(source)
    shuffle = random.Random(0)
    results = set()
    for _ in range(6):
        shuffle.shuffle(found)
        results.add(fix_source(source, found, lint, lambda finding: True).source.text)
    assert len(results) == 1


FREED = [
    ("from torch.nn.init import xavier_normal\nxavier_normal(a)\n", "from torch.nn.init import xavier_normal_\nxavier_normal_(a)\n"),
    ("from torch.nn.init import ones_, xavier_normal\nones_(xavier_normal(a))\nxavier_normal(b)\n",
     "from torch.nn.init import ones_, xavier_normal_\nones_(xavier_normal_(a))\nxavier_normal_(b)\n"),
    ("from torch.nn.init import xavier_normal\nxavier_normal(a)\n__all__ = ['xavier_normal']\n",
     "from torch.nn.init import xavier_normal, xavier_normal_\nxavier_normal_(a)\n__all__ = ['xavier_normal']\n"),
    ("from torch.nn.init import xavier_normal  # noqa\nxavier_normal(a)\n",
     "from torch.nn.init import xavier_normal, xavier_normal_  # noqa\nxavier_normal_(a)\n"),
    ("import torch.nn as nn\nimport math\ndrop(math.pi)\nnn.x\n", "import torch.nn as nn\nnn.x\n"),
    ("import math\nimport torch.nn as nn\ndrop(1)\nnn.x\n", "import math\nimport torch.nn as nn\nnn.x\n"),
    ("import os\ndrop(os.x)\n", "import os\n"),
]


@pytest.mark.parametrize(("before", "after"), FREED)
def test_imports_left_without_use_go(before: str, after: str) -> None:
    assert run(before).source.text == after


def test_a_package_keeps_its_imports() -> None:
    before = "from torch.nn.init import xavier_normal\nxavier_normal(a)\n"
    after = "from torch.nn.init import xavier_normal, xavier_normal_\nxavier_normal_(a)\n"
    assert run(before, "net/__init__.py").source.text == after


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", [True, False])
def test_newlines_and_the_end_of_the_file_stay(newline: str, end: bool) -> None:
    lines = ["import torch.nn as nn", "\x0c", "if x:", "    drop()", "nn.init.mask(a)  # é", "drop()"]
    text = newline.join(lines) + (newline if end else "")
    wanted = [*lines[:3], "    pass", "nn.init.clean(a)  # é"]
    assert run("\ufeff" + text).source.encode() == ("\ufeff" + newline.join(wanted) + (newline if end else "")).encode()


def test_every_subset_of_allowed_fixes_leaves_the_rest_alone() -> None:
    lines = ["nn.init.xavier_normal(a)", "nn.init.worse(b)", "drop()", "nn.init.masked(c)"]
    fixed = {"T010": "nn.init.xavier_normal_(a)", "T011": None, "T018": "nn.init.clean(c)"}
    own = {"T010": 0, "T011": 2, "T018": 3}
    for size in range(4):
        for chosen in itertools.combinations(fixed, size):
            outcome = run(HEAD + "\n".join(lines) + "\n", allowed=lambda finding, chosen=chosen: finding.code in chosen)
            wanted = list(lines)
            for code in chosen:
                wanted[own[code]] = fixed[code] or ""
            assert outcome.source.text == HEAD + "".join(f"{line}\n" for line in wanted if line)


def test_a_finding_that_would_have_been_told_first_is_no_discovery() -> None:
    source = from_text(HEAD + "nn.init.mask(a)\n")
    assert isinstance(source, Source)
    outcome = fix_source(source, lint(source), lint, lambda finding: True, silences=lambda code, other: False)
    assert outcome.source is source
    assert [refusal.reason for refusal in outcome.refused] == ["the fix would bring T018 (line 2)"]


def test_a_first_import_goes_with_the_blank_line_below_it() -> None:
    source = from_text("import math\n\nimport torch.nn as nn\nnn.init.xavier_normal(a, math.sqrt(2))\n")
    assert isinstance(source, Source)
    after = source.edited([Edit(source.text.index("math.sqrt"), source.text.index("))") + 1, "1")])
    tidied = without_freed_imports(source, after)
    assert tidied is not None
    assert tidied[0].text == "import torch.nn as nn\nnn.init.xavier_normal(a, 1)\n"


STYLED = """import torch.nn as nn


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        self.apply(self._init_weights)

    def _init_weights(self, m):
        if isinstance(m, nn.Conv2d):
            nn.init.zeros_(m.bias)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1)
        self.b = nn.Conv1d(1, 1, 1)
        self.c = nn.Bilinear(1, 1, 1)
"""


def test_a_method_that_is_added_and_lines_in_front_of_it_do_not_run_together() -> None:
    """The lines belong to the constructor, though both are added at its end."""
    wanted = {"a": ("Linear",), "b": (), "c": ("Bilinear",)}

    def look(source: Source) -> list[Finding]:
        found = []
        for name, kinds in wanted.items():
            made = f"self.{name} ="
            offset = source.text.index(made)
            done = f"ones_(self.{name}." in source.text or bool(kinds and f"m, nn.{kinds[0]})" in source.text)
            if not done:
                span = source.span(offset, offset + len(made))
                change = InitializeLayers(span, (f"self.{name}",), ("{init}.ones_({target}.weight)",), kinds, alone=True)
                fix = Fix(name, Applicability.SAFE, (change,))
                found.append(Finding("T001", "toy", Severity.NOTE, name, span, fix=fix, subjects=frozenset({name})))
        return found

    source = from_text(STYLED, "net.py")
    assert isinstance(source, Source)
    outcome = fix_source(source, look(source), look, lambda finding: True)
    assert not outcome.refused
    assert not outcome.remaining
    assert outcome.source.text == STYLED + """\
        self.apply(self._init_weights)
        nn.init.ones_(self.b.weight)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)
        elif isinstance(m, nn.Bilinear):
            nn.init.ones_(m.weight)
"""
