"""What people read: full, concise, grouped, pylint, statistics."""

from __future__ import annotations

import re

import pytest

from initlint.model.finding import Severity
from initlint.report import TEXT_FORMATS, renderer
from initlint.report.document import Document
from initlint.report.style import Style, plain, style_for
from tests.report import samples

PLAIN = Style()
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]")


def test_concise() -> None:
    assert renderer("concise")(samples.easy(), PLAIN) == (
        "models/net.py:8:20: INI010 [*] `xavier_uniform` is deprecated\n"
    )


def test_concise_without_a_fix_that_applies() -> None:
    net = samples.source(samples.TEXT, samples.PATH)
    unsafe = [samples.finding(net, fix=samples.UNSAFE)]
    assert " [*] " not in renderer("concise")(samples.document(unsafe, [net]), PLAIN)
    assert " [*] " in renderer("concise")(samples.document(unsafe, [net], unsafe_fixes=True), PLAIN)


def test_full() -> None:
    assert renderer("full")(samples.easy(), PLAIN) == (
        "INI010 [*] warning: `xavier_uniform` is deprecated\n"
        " --> models/net.py:8:20\n"
        "  |\n"
        "6 |         super().__init__()\n"
        "7 |         self.fc = nn.Linear(4, 4)  # é 漢 😀\n"
        '8 |         s = "é漢😀"; nn.init.xavier_uniform(self.fc.weight)\n'
        "  |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  |\n"
        "note: the layer is built here\n"
        " ::: models/net.py:7:19\n"
        "  |\n"
        "7 |         self.fc = nn.Linear(4, 4)  # é 漢 😀\n"
        "  |                   ---------------\n"
        "  |\n"
        "help: Use `xavier_uniform_`\n"
        "\n"
    )


def test_full_says_that_a_fix_is_unsafe() -> None:
    net = samples.source(samples.TEXT, samples.PATH)
    text = renderer("full")(samples.document([samples.finding(net, fix=samples.UNSAFE)], [net]), PLAIN)
    assert text.endswith("help: Use `kaiming_uniform_` (unsafe fix)\n\n")


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_full_fits_the_terminal_and_keeps_the_place_in_sight(width: int) -> None:
    text = "x = 1; " * 40 + "nn.init.xavier_uniform(w)" + "; y = 2" * 40 + "\n"
    net = samples.source(text, samples.PATH)
    shown = renderer("full")(samples.document([samples.finding(net)], [net]), Style(width=width))
    frame = [line for line in shown.splitlines() if "|" in line]
    assert max(map(len, frame)) <= width
    code, marks = frame[1], frame[2]
    start = marks.index("^")
    assert code[start:].startswith("nn.init.xavier"[: marks.count("^")])


def test_a_region_of_many_lines_is_cut_in_the_middle() -> None:
    text = "nn.init.xavier_uniform(\n" + "    1,\n" * 30 + ")\n"
    net = samples.source(text, samples.PATH)
    shown = renderer("full")(samples.document([samples.finding(net)], [net]), PLAIN).splitlines()
    assert shown.count("...") == 1
    assert len(shown) < 25


def test_wide_characters_and_tabs_keep_the_mark_in_place() -> None:
    net = samples.source('\ts = "漢字"; nn.init.xavier_uniform(w)\n', samples.PATH)
    lines = renderer("full")(samples.document([samples.finding(net)], [net]), PLAIN).splitlines()
    code, marks = lines[3], lines[4]
    columns = sum(2 if character in "漢字" else 1 for character in code[: code.index("nn.")])
    assert marks.index("^") == columns


def test_grouped() -> None:
    assert renderer("grouped")(samples.easy(), PLAIN) == (
        "models/net.py:\n  8:20 INI010 [*] `xavier_uniform` is deprecated\n"
    )


def test_pylint() -> None:
    assert renderer("pylint")(samples.easy(), PLAIN) == "models/net.py:8: [INI010] `xavier_uniform` is deprecated\n"


def test_statistics() -> None:
    from initlint.report import statistics

    document = samples.hostile()
    assert statistics.render(document, PLAIN).splitlines()[0] == "2\tINI010\t[-] deprecated-init-alias"
    assert statistics.render(Document(()), PLAIN) == ""
    assert '"count": 2' in statistics.render_json(document, PLAIN)


def test_notebooks_name_the_cell() -> None:
    document = samples.notebook()
    assert renderer("concise")(document, PLAIN).startswith("book.ipynb:cell 2:2:1: INI010")
    full = renderer("full")(document, PLAIN)
    assert "--> book.ipynb:cell 2:2:1" in full
    assert "2 | nn.init.xavier_uniform(w)" in full


@pytest.mark.parametrize("name", ["full", "concise", "grouped", "pylint"])
def test_nothing_in_a_file_acts_on_the_terminal(name: str) -> None:
    text = renderer(name)(samples.hostile(), PLAIN)
    assert not CONTROL.search(text)
    if name in ("concise", "pylint"):
        assert len(text.splitlines()) == 2


def test_text_formats_are_formats() -> None:
    assert all(renderer(name)(Document(()), PLAIN) == "" for name in TEXT_FORMATS)


def test_colour_and_links() -> None:
    text = renderer("full")(samples.easy(), Style(colour=True, links=True, width=80))
    assert "\x1b[1;33mINI010\x1b[0m" in text
    assert "\x1b]8;;file://" in text
    assert "deprecated_init_alias.py\x1b\\" in text
    stripped = re.sub(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", text)
    assert stripped == renderer("full")(samples.easy(), Style(width=80))


class Stream:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "choice", "environment", "colour"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (False, "auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, "auto", {"TERM": "dumb"}, False),
        (True, "never", {"FORCE_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
    ],
)
def test_when_colours_are_used(terminal: bool, choice: str, environment: dict[str, str], colour: bool) -> None:
    assert style_for(Stream(terminal), choice, environment).colour is colour


def test_links_only_where_the_terminal_says_so() -> None:
    assert style_for(Stream(True), "auto", {"TERM": "xterm-kitty"}).links
    assert style_for(Stream(True), "auto", {"VTE_VERSION": "6003"}).links
    assert not style_for(Stream(True), "auto", {"TERM": "xterm"}).links
    assert not style_for(Stream(False), "always", {"TERM": "xterm-kitty"}).links


def test_severities_have_colours() -> None:
    painted = {Style(colour=True).severity("x", severity) for severity in Severity}
    assert len(painted) == len(Severity)


def test_plain_spells_out_control_characters() -> None:
    assert plain("a\n\x1b[31m\u202e\udc80é") == "a\\n\\x1b[31m\\u202e\\udc80é"
