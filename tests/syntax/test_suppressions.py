"""Comments that silence findings: what they cover, which of them serve, how they are removed."""

from __future__ import annotations

import textwrap

import pytest

from initlint.syntax.edits import apply
from initlint.syntax.source import Source
from initlint.syntax.suppressions import Suppressions, suppressions

RULES = {"INI101": "signal-collapse", "INI102": "signal-explosion", "INI201": "zero-layer"}


def found(text: str) -> Suppressions:
    return suppressions(Source("m.py", textwrap.dedent(text)))


def silenced(text: str, code: str = "INI101") -> set[int]:
    """The lines on which a finding of one line is silenced."""
    text = textwrap.dedent(text)
    lines = range(1, text.count("\n") + 2)
    return {line for line in lines if found(text).matches(code, RULES[code], line, line)}


@pytest.mark.parametrize("comment", [
    "# noqa", "#noqa", "# NOQA", "#  NoQa  ", "# noqa: INI101", "# noqa:INI101", "# noqa : INI101", "# noqa: F401, INI101",
    "# noqa: F401 INI101", "# noqa: INI1", "# noqa: INI", "# noqa: ini101", "# noqa: signal-collapse",
    "# noqa: E501,signal-collapse", "# noqa: INI101 because I say so", "# why # noqa: INI101", "# noqa: INI101 # type: ignore",
    "# type: ignore # noqa", "# initlint: ignore[INI101]", "# initlint:ignore [ signal-collapse ]", "# initlint: ignore",
    "# initlint: ignore[INI201, INI1]", "# initlint: ignore[INI101]  # noqa: F401", "# noqa-like # noqa",
])
def test_comments_that_silence_their_line(comment: str) -> None:
    assert silenced(f"x = 1\ny = 2  {comment}\nz = 3\n") == {2}


@pytest.mark.parametrize("comment", [
    "# noqa: F401", "# noqa:", "# noqa: because", "# noqa: INI201", "# noqa: signal-explosion", "# noqa-ish", "# noqas",
    "# initlint: ignore[]", "# initlint: ignore[INI201]", "# initlint: ignored", "# no qa", "# initlint: enable",
    "# noqa: F401 signal-collapse", "# noqa: INI10x", "# initlint: noqa", "# ruff: noqa",
])
def test_comments_that_do_not(comment: str) -> None:
    assert silenced(f"x = 1\ny = 2  {comment}\nz = 3\n") == set()


def test_strings_are_no_comments() -> None:
    assert silenced("x = '# noqa'\ny = '''\n# noqa\n'''\nz = f'{a}# noqa'\n") == set()
    assert found("x = 1\n").items == ()


def test_any_line_of_a_statement() -> None:
    assert silenced("""\
        a = f(
            1,  # noqa: INI101
            2,
        )
        b = '''
        '''  # noqa
        c = 1 + \\
            2  # noqa
        d = 1
    """) == {1, 2, 3, 4, 5, 6, 7, 8}


def test_a_finding_of_several_lines() -> None:
    text = "class A:\n    x = 1  # noqa: INI101\n    y = 2\n"
    assert found(text).matches("INI101", "signal-collapse", 1, 3)
    assert not found(text).matches("INI101", "signal-collapse", 3, 3)


def test_the_closest_suppression_is_the_used_one() -> None:
    text = "# initlint: file-ignore[INI101]\nx = f(  # noqa: INI101\n    1,  # noqa: INI101\n)\n"
    items = found(text)
    match = items.matches("INI101", "signal-collapse", 3, 3)
    assert match is not None
    assert match.line == 3
    assert [idle.suppression.line for idle in items.unused(RULES)] == [1, 2]


def test_above_a_statement() -> None:
    assert silenced("""\
        a = 0
        # initlint: ignore[INI101]

        # another comment
        b = f(
            1,
        )
        c = 2
    """) == {2, 3, 4, 5, 6, 7}
    assert silenced("x = [\n    # initlint: ignore[INI101]\n    1,\n]\ny\n") == {1, 2, 3, 4}
    assert silenced("# initlint: ignore[INI101]\n@a\n@b(\n)\nclass C:\n    x = 1\n") == {1, 2, 3, 4, 5}
    assert silenced("x\n# initlint: ignore[INI101]\n") == {2}
    assert silenced("# noqa\nx\n") == {1}


def test_blocks() -> None:
    assert silenced("""\
        a
        # initlint: disable[INI101]
        b
        def f():
            c
        # initlint: enable[INI101]
        d
    """) == {2, 3, 4, 5, 6}
    assert silenced("""\
        def f():
            a
            # initlint: disable[INI101]
            b
            if c:
                d

        e
    """) == {3, 4, 5, 6, 7}
    assert silenced("# initlint: disable\na\n# initlint: enable[INI101]\nb\n# initlint: enable\nc\n") == {1, 2, 3, 4, 5}
    assert silenced("# initlint: disable[INI101]\na\n# initlint: enable\nb\n") == {1, 2, 3}
    assert silenced("# initlint: disable[INI101]\n") == {1, 2}


@pytest.mark.parametrize(("comment", "works"), [
    ("# initlint: noqa", True), ("# initlint: noqa: INI101", True), ("# initlint: file-ignore[INI101, INI201]", True),
    ("# initlint: file-ignore", True), ("# flake8: noqa", True), ("# flake8: noqa: INI101", True), ("#INITLINT:NOQA", True),
    ("# initlint: noqa: INI201", False), ("# flake8: noqa: F401", False), ("x = 1  # initlint: noqa", False),
    ("# ruff: noqa", False), ("# initlint: noqa: because", False),
])
def test_whole_files(comment: str, works: bool) -> None:
    assert silenced(f"a\n{comment}\nb") == ({1, 2, 3} if works else set())


def test_unused() -> None:
    items = found("""\
        a  # noqa: INI101, F401, INI201
        b  # initlint: ignore[INI101, signal-explosion]
        c  # noqa
        d  # initlint: ignore
        e  # noqa: F401
        f  # noqa: INI999
        # flake8: noqa: E501
    """)
    assert items.matches("INI101", "signal-collapse", 1, 1)
    assert items.matches("INI102", "signal-explosion", 2, 2)
    idle = [(i.suppression.line, [s.text for s in i.selectors]) for i in items.unused(RULES)]
    assert idle == [(1, ["INI201"]), (2, ["INI101"]), (4, [])]
    ran = {"INI101": "signal-collapse"}         # what did not run may still be needed
    assert [(i.suppression.line, [s.text for s in i.selectors]) for i in items.unused(ran)] == [(2, ["INI101"]), (4, [])]


def test_unknown() -> None:
    items = found("""\
        a  # noqa: INI101, F401, INI999, other-rule
        b  # initlint: ignore[signal-colapse, F401, INI2]
        c  # initlint: disable[INI777]
        d  # noqa: INI8
    """)
    assert [(i.suppression.line, [s.text for s in i.selectors]) for i in items.unknown(RULES)] == [
        (1, ["INI999"]), (2, ["signal-colapse", "F401"]), (4, ["INI8"]), (3, ["INI777"]),
    ]


@pytest.mark.parametrize(("before", "remove", "after"), [
    ("x = 1  # noqa: INI101\ny", (), "x = 1\ny"),
    ("x = 1  # noqa: INI101\r\ny", (), "x = 1\r\ny"),
    ("x = 1  # noqa: INI101", (), "x = 1"),
    ("x = 1\t#noqa:INI101  \ny", (), "x = 1\ny"),
    ("x  # noqa: INI101, F401", ("INI101",), "x  # noqa: F401"),
    ("x  # noqa: F401, INI101", ("INI101",), "x  # noqa: F401"),
    ("x  # noqa: F401,INI101 ,  E501 why", ("INI101",), "x  # noqa: F401 ,  E501 why"),
    ("x  # noqa: INI101 INI102 F401", ("INI101", "INI102"), "x  # noqa: F401"),
    ("x  # noqa: INI101,INI102", ("INI101", "INI102"), "x"),
    ("x  # noqa: INI101 # type: ignore", (), "x  # type: ignore"),
    ("x  # type: ignore # noqa: INI101", (), "x  # type: ignore"),
    ("x  # noqa: INI101 - too small", (), "x  # too small"),
    ("x\n  # initlint: ignore[INI101]\ny", (), "x\ny"),
    ("x\n# initlint: ignore[INI101]", (), "x\n"),
    ("# initlint: disable[INI101, INI201]\nx", ("INI201",), "# initlint: disable[INI101]\nx"),
    ("x  # initlint: ignore[ INI101 , INI201 ]", ("INI101",), "x  # initlint: ignore[ INI201 ]"),
    ("s = 'é'; x  # initlint: ignore", (), "s = 'é'; x"),
])
def test_removal(before: str, remove: tuple[str, ...], after: str) -> None:
    items = suppressions(Source("m.py", before))
    (item,) = items.items
    edit = items.removal(item, [selector for selector in item.selectors if selector.text in remove])
    assert apply(before, [edit]) == after


@pytest.mark.parametrize(("text", "line", "row"), [
    ("x = 1\ny = 2\n", 1, 1),
    ("x = '''\n\n''' + y\nz", 1, 3),
    ("x = '''\n\n''' + '''\n'''\nz", 1, 4),
    ("x = f'''\n{y}\n'''", 2, 3),
    ("x = 1 + \\\n  2 + \\\n  3\n", 1, 3),
    ("f(\n  1,\n)\n", 1, 1),
    ("f(\n  '''\n  ''', 1,\n)\n", 2, 3),
    ("x  # \\\ny", 1, 1),
    ("x = 'a'\n'''b'''\n", 1, 1),
    ("\\", 1, 1),
])
def test_where_a_noqa_has_to_stand(text: str, line: int, row: int) -> None:
    assert found(text).noqa_row(line) == row


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines(newline: str) -> None:
    text = newline.join(["x = 1", "y = f(  # noqa: INI101", "  2)", "# initlint: ignore[INI101]", "z", ""])
    items = suppressions(Source("m.py", text))
    lines = {line for line in range(1, 7) if items.matches("INI101", "signal-collapse", line, line)}
    assert lines == {2, 3, 4, 5}


@pytest.mark.parametrize("text", [
    "# noqa" * 10_000, "x = '" + "# noqa" * 100, "(" * 1000 + "# noqa", "# initlint: disable\n" * 300, "\f# noqa\f", "# noqa\0",
    "x = f'{# noqa", "# initlint: ignore[", "@# noqa: INI", "# initlint: enable\n" * 3,
])
def test_hostile_comments(text: str) -> None:
    items = found(text)
    items.matches("INI101", "signal-collapse", 1, 1)
    assert all(0 <= item.start <= item.end <= item.comment_end <= len(text) for item in items.items)
    assert items.noqa_row(1) >= 1
