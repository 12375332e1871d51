"""What holds for every layout: what an edit is not about stays, byte by byte and node by node."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from initlint.fix.render import render
from initlint.model.change import (
    Change,
    DeleteStatement,
    InsertAfter,
    MoveStatement,
    NameArgument,
    RemoveArgument,
    ReplaceInit,
    SetArgument,
    WrapStatement,
)
from initlint.model.source import Span
from initlint.syntax.edits import apply
from initlint.syntax.scan import Kind, scan
from initlint.syntax.source import Source, from_text
from tests.fix.marks import call_at, fix

NAMES = ("tensor", "a", "mode", "nonlinearity")
VALUES = ("w", "0.2", "'fan_in'", '"relu"', "f(x, y)", "[1, 2]", "(a + b)", "x[0]", "-1", "lambda: 0", "'é#,'")


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call of kaiming_normal_ in some layout: blanks, comments, lines, trailing commas."""
    gap = st.sampled_from(["", " ", "\n    ", "  # why, not\n  ", "\n", "\t", " \\\n "])
    positional = draw(st.integers(0, 4))
    keywords = draw(st.permutations(NAMES[positional:]))[: draw(st.integers(0, 4 - positional))]
    arguments = [draw(st.sampled_from(VALUES)) for _ in range(positional)]
    arguments += [
        f"{name}{draw(st.sampled_from(['=', ' = ']))}{draw(st.sampled_from(VALUES))}" for name in keywords
    ]
    text = f"kaiming_normal_({draw(gap)}"
    for index, argument in enumerate(arguments):
        last = index == len(arguments) - 1
        comma = "," if not last or draw(st.booleans()) else ""
        text += f"{argument}{draw(gap)}{comma}{draw(gap)}"
    return text + ")"


LINES = (
    "x = 1", "f(a, b)", "f(\n    a,\n\n    b,  # b\n)", "x = '''\n  s\n'''", "y = 2; z = 3", "pass  # nothing", "a; b; c;",
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Lines of a block, with blocks inside, comments and blank lines."""
    found: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        found += draw(st.sampled_from([[], [""], ["# note"], ["", "# far", ""]]))
        kind = draw(st.integers(0, 5 if depth < 2 else 2))
        if kind <= 2:
            found += draw(st.sampled_from(LINES)).split("\n")
            continue
        head = draw(st.sampled_from(["if x:", "for p in q:  # each", "with a(\n    b\n):", "def g(self):", "class C:"]))
        if kind == 3 and "\n" not in head and "#" not in head:
            found.append(f"{head} {draw(st.sampled_from(['a', 'a; b', 'f(a); g(b);']))}")
            continue
        unit = draw(st.sampled_from(["    ", "  "]))
        inside = _indented(draw(blocks(depth + 1)), unit)
        found += [*head.split("\n"), *inside]
        if head == "if x:" and draw(st.booleans()):
            found += ["else:", *inside]
    return found


def _indented(lines: list[str], unit: str) -> list[str]:
    """`lines` one level deeper; what stands inside a string stays."""
    text = "\n".join(lines)
    strings = [(token.start, token.end) for token in scan(text) if token.kind is Kind.STRING]
    found, offset = [], 0
    for line in lines:
        inside = any(start < offset < end for start, end in strings)
        found.append(line if inside or not line else unit + line)
        offset += len(line) + 1
    return found


texts = blocks().map("\n".join)


def source_of(text: str) -> Source:
    source = from_text(text)
    assert isinstance(source, Source)
    return source


def span_of(source: Source, node: ast.AST) -> Span:
    assert isinstance(node, (ast.stmt, ast.expr))
    return Span(source.path, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def statements(tree: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def rendered(source: Source, *changes: Change) -> str | None:
    edits = render(source, fix(*changes))
    return None if edits is None else apply(source.text, edits)


def arguments_of(text: str) -> dict[str, str]:
    """A call's arguments by torch's names, as Python binds them."""
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    found = {name: ast.dump(value) for name, value in zip(NAMES, node.args, strict=False)}
    return found | {keyword.arg or "": ast.dump(keyword.value) for keyword in node.keywords}


ON_ARGUMENTS: list[tuple[Callable[..., Change], Callable[[dict[str, str]], dict[str, str]]]] = [
    (lambda call: SetArgument(call, "mode", "'fan_out'", 2), lambda old: old | {"mode": "Constant(value='fan_out')"}),
    (lambda call: SetArgument(call, "a", "0", 1), lambda old: old | {"a": "Constant(value=0)"}),
    (lambda call: RemoveArgument(call, "a", 1), lambda old: {name: old[name] for name in old if name != "a"}),
    (lambda call: RemoveArgument(call, "nonlinearity", 3),
     lambda old: {name: old[name] for name in old if name != "nonlinearity"}),
    (lambda call: SetArgument(call, "a", "0", 1, replaces="nonlinearity"),
     lambda old: {name: old[name] for name in old if name != "nonlinearity"} | {"a": "Constant(value=0)"}),
    (lambda call: NameArgument(call, 3, "nonlinearity"), lambda old: old),
]


@settings(max_examples=150, deadline=None)
@given(calls(), st.sampled_from(ON_ARGUMENTS))
def test_arguments(
    text: str, change: tuple[Callable[..., Change], Callable[[dict[str, str]], dict[str, str]]]
) -> None:
    source = source_of(text)
    make, expected = change
    before = arguments_of(text)
    after = rendered(source, make(call_at(source, span_of(source, ast.parse(text, mode="eval").body))))
    assert arguments_of(text if after is None else after) == expected(before) or (
        after is None and make is ON_ARGUMENTS[-1][0]
    )


@settings(max_examples=100, deadline=None)
@given(calls())
def test_replaced_calls(text: str) -> None:
    source = source_of(f"import torch\n{text}")
    node = ast.parse(source.text).body[1]
    assert isinstance(node, ast.Expr)
    call = call_at(source, span_of(source, node.value))
    after = rendered(source, ReplaceInit(call, "kaiming_uniform_", ("mode='fan_in'", "nonlinearity='relu'")))
    if call.arguments and call.arguments[0].name in (None, "tensor"):
        assert after is not None
        found = arguments_of(after.removeprefix("import torch\n"))
        assert found == {
            "tensor": arguments_of(text)["tensor"], "mode": "Constant(value='fan_in')",
            "nonlinearity": "Constant(value='relu')",
        }


class _Without(ast.NodeTransformer):
    """A tree without some statements, `pass` where a block would be empty."""

    def __init__(self, gone: list[ast.stmt]) -> None:
        self._gone = gone

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("body", "orelse"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body:
                left = [self.visit(statement) for statement in body if statement not in self._gone]
                setattr(node, name, left if left or isinstance(node, ast.Module) else [ast.Pass()])
        return node


@settings(max_examples=150, deadline=None)
@given(texts, st.data())
def test_deleted_statements(text: str, data: st.DataObject) -> None:
    source, tree = source_of(text), ast.parse(text)
    chosen = data.draw(st.sets(st.sampled_from(range(len(statements(tree)))), max_size=3))
    gone = [statements(tree)[index] for index in sorted(chosen)]
    gone = [node for node in gone if not any(node is not outer and node in statements(outer) for outer in gone)]
    after = rendered(source, *(DeleteStatement(span_of(source, node)) for node in gone))
    if gone:
        assert after is not None
        assert ast.dump(ast.parse(after)) == ast.dump(_Without(gone).visit(tree))


@settings(max_examples=150, deadline=None)
@given(texts, st.data(), st.sampled_from([("new()",), ("for p in q:", "    new(p)"), ("one()", "two()")]))
def test_inserted_statements(text: str, data: st.DataObject, lines: tuple[str, ...]) -> None:
    source, tree = source_of(text), ast.parse(text)
    node = data.draw(st.sampled_from(statements(tree)))
    after = rendered(source, InsertAfter(span_of(source, node), lines))
    assert after is not None
    for parent in ast.walk(tree):
        for body in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(body, list) and node in body:
                body[body.index(node) + 1:body.index(node) + 1] = ast.parse("\n".join(lines)).body
                break
    assert ast.dump(ast.parse(after)) == ast.dump(tree)
    assert comments(after) == comments(text)


@settings(max_examples=150, deadline=None)
@given(texts, st.data())
def test_wrapped_statements(text: str, data: st.DataObject) -> None:
    source, tree = source_of(text), ast.parse(text)
    node = data.draw(st.sampled_from(statements(tree)))
    after = rendered(source, WrapStatement(span_of(source, node), "while z:"))
    assert after is not None
    for parent in ast.walk(tree):
        for body in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(body, list) and node in body:
                body[body.index(node)] = ast.While(ast.Name("z", ast.Load()), [node], [])
                break
        else:
            continue
        break
    assert ast.dump(ast.parse(after)) == ast.dump(tree)
    assert comments(after) == comments(text)


@settings(max_examples=150, deadline=None)
@given(texts, st.data(), st.booleans())
def test_moved_statements(text: str, data: st.DataObject, behind: bool) -> None:
    source, tree = source_of(text), ast.parse(text)
    node, anchor = data.draw(st.sampled_from(statements(tree))), data.draw(st.sampled_from(statements(tree)))
    after = rendered(source, MoveStatement(span_of(source, node), span_of(source, anchor), behind))
    if anchor in statements(node) or node in statements(anchor):
        assert after is None
        return
    assert after is not None
    assert sorted(comments(after)) == sorted(comments(text))
    _body_of(tree, anchor).insert(_body_of(tree, anchor).index(anchor) + behind, MARK)
    moved = _Without([node]).visit(tree)
    _body_of(moved, MARK)[_body_of(moved, MARK).index(MARK)] = node
    assert ast.dump(ast.parse(after)) == ast.dump(moved)


MARK = ast.Pass()
"""Stands where a statement will be."""


def _body_of(tree: ast.AST, statement: ast.stmt) -> list[ast.stmt]:
    """The block that holds a statement."""
    for parent in ast.walk(tree):
        for body in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(body, list) and statement in body:
                return body
    raise AssertionError("not in the tree")


@settings(max_examples=100, deadline=None)
@given(texts, st.data())
def test_fixes_that_do_not_overlap_can_be_made_in_any_order(text: str, data: st.DataObject) -> None:
    source, tree = source_of(text), ast.parse(text)
    nodes = [data.draw(st.sampled_from(statements(tree))) for _ in range(2)]
    found = [render(source, fix(InsertAfter(span_of(source, node), ("new()",)))) for node in nodes]
    assert None not in found
    first, second = (edits or () for edits in found)
    if not any(one.overlaps(other) for one in first for other in second):
        texts = {apply(text, order) for order in itertools.permutations((*first, *second))}
        assert len(texts) == 1
        ast.parse(texts.pop())


@settings(max_examples=100, deadline=None)
@given(texts, st.data(), st.sampled_from(["\r\n", "\r"]), st.booleans())
def test_newlines_form_feeds_and_marks_stay(text: str, data: st.DataObject, newline: str, mark: bool) -> None:
    text = f"# first\n{text}"       # which stays, so that the last statement has a line before it in both
    plain = source_of(text)
    index = data.draw(st.sampled_from(range(len(statements(ast.parse(text))))))
    change = data.draw(
        st.sampled_from(
            [
                lambda span: InsertAfter(span, ("for p in q:", "    new(p)")),
                lambda span: WrapStatement(span, "while z:"),
                DeleteStatement,
            ]
        )
    )
    expected = rendered(plain, change(span_of(plain, statements(ast.parse(text))[index])))
    assert expected is not None
    assume(expected)        # without a line end, the last statement takes that of the line above with it
    other = source_of(("\ufeff" if mark else "") + "\x0c\n".replace("\n", newline) + text.replace("\n", newline))
    node = statements(ast.parse(other.text))[index]
    edits = render(other, fix(change(span_of(other, node))))
    assert edits is not None
    wanted = ("\x0c\n" + expected).replace("\n", newline).encode()
    assert other.edited(edits).encode() == (b"\xef\xbb\xbf" if mark else b"") + wanted


def comments(text: str) -> list[str]:
    return [text[token.start:token.end] for token in scan(text) if token.kind is Kind.COMMENT]
