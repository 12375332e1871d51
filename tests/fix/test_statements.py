"""Changes to whole statements: on lines of their own, behind semicolons and colons, in every kind of block."""

from __future__ import annotations

import pytest

from initlint.model.change import DeleteStatement, InsertAfter, MoveStatement, ReplaceComment, WrapStatement
from tests.fix.marks import Marked, dedent

DELETED = [
    ("a\n«b»\nc\n", "a\nc\n"),
    ("«a»", ""),
    ("a\n«b»", "a"),
    ("a\r\n«b»\r\nc\r\n", "a\r\nc\r\n"),
    ("a\r\n«b»", "a"),
    ("a\n«b»  # why\nc\n", "a\nc\n"),
    ("a\n# above\n«b»\nc\n", "a\n# above\nc\n"),
    ("a\n\n«b»\n\nc\n", "a\n\nc\n"),
    ("a\n\n«b»\nc\n", "a\n\nc\n"),
    ("a\n«f(\n  b,\n)»\nc\n", "a\nc\n"),
    ("f(«b»)\n", None),
    ("a = «b()»\n", None),
    ("a = 1; «b»; c\n", "a = 1; c\n"),
    ("«a»; b\n", "b\n"),
    ("a; «b»  # c\n", "a  # c\n"),
    ("a; «b»;\n", "a\n"),
    ("a ; «b» ; c\n", "a ; c\n"),
    ("if x:\n    «a»\n", "if x:\n    pass\n"),
    ("if x:\n    «a»  # why\n", "if x:\n    pass  # why\n"),
    ("if x: «a»\n", "if x: pass\n"),
    ("if x: «a»; b\n", "if x: b\n"),
    ("if x: a; «b»;  # c\n", "if x: a  # c\n"),
    ("if x:\n    a\nelse:\n    «b»\n", "if x:\n    a\nelse:\n    pass\n"),
    ("if x: a\nelif y: «b»\nelse: c\n", "if x: a\nelif y: pass\nelse: c\n"),
    ("try:\n    «a»\nexcept E:\n    b\n", "try:\n    pass\nexcept E:\n    b\n"),
    ("try:\n    a\nexcept E:\n    «b»\nfinally:\n    c\n", "try:\n    a\nexcept E:\n    pass\nfinally:\n    c\n"),
    ("with x:\n    a\n    «b»\nc\n", "with x:\n    a\nc\n"),
    ("while x:\n\t«a»\n\tb\n", "while x:\n\tb\n"),
    ("match x:\n    case 1:\n        «a»\n", "match x:\n    case 1:\n        pass\n"),
    ("class A:\n    def f(self):\n        x\n        «y»\n\n    def g(self): ...\n",
     "class A:\n    def f(self):\n        x\n\n    def g(self): ...\n"),
    ("«for x in y:\n    a»\nb\n", "b\n"),
    ("@d\n«def f(): ...»\nb\n", "b\n"),
    ("if x:\n    a\n    «for x in y:\n        a»\n", "if x:\n    a\n"),
    ("a\n\x0c\n«b»\nc\n", "a\n\x0c\nc\n"),
    ("class A:\n\x0c\n    x = 1\n    «y»\n", "class A:\n\x0c\n    x = 1\n"),
    ("«x = '''\n  '''»\nb\n", "b\n"),
    ("# only a «comment»\nb\n", None),
]


@pytest.mark.parametrize(("before", "after"), DELETED)
def test_delete(before: str, after: str | None) -> None:
    marked = Marked(before)
    assert marked.render(DeleteStatement(marked.spans[0])) == after


def test_deleting_all_of_a_block_leaves_one_pass() -> None:
    marked = Marked("def f():\n    «a»\n    «b»; «c»\nd\n")
    assert marked.render(*map(DeleteStatement, marked.spans)) == "def f():\n    pass\nd\n"


def test_deleting_most_of_a_block_leaves_the_rest() -> None:
    marked = Marked("def f():\n    «a»\n    b; «c»\nd\n")
    assert marked.render(*map(DeleteStatement, marked.spans)) == "def f():\n    b\nd\n"


INSERTED = [
    ("«a»\nb\n", ("x",), "a\nx\nb\n"),
    ("«a»", ("x",), "a\nx"),
    ("«a»\r\nb\r\n", ("x", "y"), "a\r\nx\r\ny\r\nb\r\n"),
    ("«a»  # c\nb\n", ("x",), "a  # c\nx\nb\n"),
    ("a; «b»\n", ("x",), "a; b; x\n"),
    ("«a»; b\n", ("x",), "a; x; b\n"),
    ("«a»; b\n", ("if x:", "    y"), "a\nif x:\n    y\nb\n"),
    ("if z: «a»\n", ("x",), "if z: a; x\n"),
    ("if z: «a»  # c\n", ("if x:", "    y"), "if z:\n    a\n    if x:\n        y  # c\n"),
    ("if z: «a»; b\n", ("if x:", "    y"), "if z:\n    a\n    if x:\n        y\n    b\n"),
    ("if z:\n    «a»\nb\n", ("x",), "if z:\n    a\n    x\nb\n"),
    ("if z:\n\t«a»\nb\n", ("for x in y:", "    x"), "if z:\n\ta\n\tfor x in y:\n\t\tx\nb\n"),
    ("if z:\n  «a»\nb\n", ("for x in y:", "    x"), "if z:\n  a\n  for x in y:\n    x\nb\n"),
    ("«if z:\n    a»\n    # of the block\n\n# of the file\nb\n", ("x",), "if z:\n    a\n    # of the block\nx\n\n# of the file\nb\n"),
    ("f(\n    «a»,\n    b,\n)\nc\n", ("x",), "f(\n    a,\n    b,\n)\nx\nc\n"),
    ("f(a, «b»)\n", ("g({0})",), "f(a, b)\ng(b)\n"),
    ("f(a, «b + c»)\n", ("d = {0} * 2", "{0}.e()"), "f(a, b + c)\nd = (b + c) * 2\n(b + c).e()\n"),
    ("«a»\n", ('x = {{0: "{1}"}}',), None),
]


@pytest.mark.parametrize(("before", "lines", "after"), INSERTED)
def test_insert_after(before: str, lines: tuple[str, ...], after: str | None) -> None:
    marked = Marked(before)
    assert marked.render(InsertAfter(marked.spans[0], lines, tuple(marked.spans))) == after


def test_a_statement_gives_way_to_others() -> None:
    marked = Marked("if z:\n    «nn.init.normal_(«r».weight, std=0.1)»  # all\nb\n")
    loop = ("for name, p in {0}.named_parameters():", "    if name:", "        f(p)")
    changes = (InsertAfter(marked.spans[0], loop, (marked.spans[1],)), DeleteStatement(marked.spans[0]))
    expected = "if z:\n    for name, p in r.named_parameters():\n        if name:\n            f(p)\nb\n"
    assert marked.render(*changes) == expected


WRAPPED = [
    ("«f(«p»)»\n", "if {0}.dim() > 1:", "if p.dim() > 1:\n    f(p)\n"),
    ("for p in q:\n  «f(«p»)»  # c\n", "if {0}.dim() > 1:", "for p in q:\n  if p.dim() > 1:\n    f(p)  # c\n"),
    ("for p in q: «f(«p»)»\n", "if {0}.dim() > 1:", "for p in q:\n    if p.dim() > 1:\n        f(p)\n"),
    ("a; «f(«p»)»; b\n", "if {0}.dim() > 1:", "a\nif p.dim() > 1:\n    f(p)\nb\n"),
    ("«f(\n    «p»,\n)»\nb\n", "if {0} is not None:", "if p is not None:\n    f(\n        p,\n    )\nb\n"),
    ("«f('''\n  x\n''',\n«p»)»\n", "if {0}:", "if p:\n    f('''\n  x\n''',\n    p)\n"),
    ("# above\n«for x in «p»:\n    # in\n\n    y»\nb\n", "with {0}:", "# above\nwith p:\n    for x in p:\n        # in\n\n        y\nb\n"),
    ("import torch\n«f(«p»)»\n", "with {torch}.no_grad():", "import torch\nwith torch.no_grad():\n    f(p)\n"),
    ("from torch import no_grad\n«f(«p»)»\n", "with {torch}.no_grad():", "from torch import no_grad\nwith no_grad():\n    f(p)\n"),
    ("if a:\r\n\t«f(«p»)»\r\n", "if {0}:", "if a:\r\n\tif p:\r\n\t\tf(p)\r\n"),
]


@pytest.mark.parametrize(("before", "header", "after"), WRAPPED)
def test_wrap(before: str, header: str, after: str) -> None:
    marked = Marked(before)
    assert marked.render(WrapStatement(marked.spans[0], header, tuple(marked.spans[1:]))) == after


MOVED = [      # the first mark moves, the second is where to
    ("«a»\nb\n«c»\nd\n", True, "b\nc\na\nd\n"),
    ("a\n«b»\n«c»", True, "a\nc\nb"),
    ("«a»  # with a\nb\n«c»\n", True, "b\nc\na  # with a\n"),
    ("# of a\n# too\n«a»\nb\n«c»\n", True, "b\nc\n# of a\n# too\na\n"),
    ("# far\n\n«a»\nb\n«c»\n", True, "# far\n\nb\nc\na\n"),
    ("if x:\n    «a»\n«b»\n", True, "if x:\n    pass\nb\na\n"),
    ("«a»\nif x:\n    «b»\n", True, "if x:\n    b\n    a\n"),
    ("«for x in y:\n    a\n    '''\n  s'''»\nif x:\n    «b»\n", True, "if x:\n    b\n    for x in y:\n        a\n        '''\n  s'''\n"),
    ("a; «b»; c\n«d»\n", True, "a; c\nd\nb\n"),
    ("«a»\nb; «c»; d\n", True, "b; c; a; d\n"),
    ("«a»\nif x: «b»\n", True, "if x: b; a\n"),
    ("def f():\n    «a»\n    b\n    «c»\nd\n", True, "def f():\n    b\n    c\n    a\nd\n"),
    ("«f(\n    a)»\nwith x:\n\t«b»\n", True, "with x:\n\tb\n\tf(\n\t    a)\n"),
    ("if x:\n    «a»\n    «b»\n", True, "if x:\n    b\n    a\n"),
    ("«a»\n«for x in y:\n    b»\nc\n", True, "for x in y:\n    b\na\nc\n"),
]
MOVED_BEFORE = [
    ("a\nb\n# of c\nc\n", 2, 0, "# of c\nc\na\nb\n"),
    ("# of a\na\nb\n", 1, 0, "b\n# of a\na\n"),
    ("if x:\n    a\nb", 1, 0, None),
]


@pytest.mark.parametrize(("before", "after_anchor", "after"), MOVED)
def test_move(before: str, after_anchor: bool, after: str) -> None:
    marked = Marked(before)
    assert marked.render(MoveStatement(marked.spans[0], marked.spans[1], after_anchor)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("«a»\nb\n# of c\n«c»\n", "# of c\nc\na\nb\n"),
        ("# of a\n«a»\n«b»\n", "b\n# of a\na\n"),
        ("if x:\n    «a»\n«b»", "if x:\n    b\n    a"),
        ("if x: «a»\n«b»\n", "if x: b; a\n"),
        ("«a»; b\n«c»\n", "c; a; b\n"),
    ],
)
def test_move_before(before: str, after: str) -> None:
    marked = Marked(before)
    assert marked.render(MoveStatement(marked.spans[1], marked.spans[0], after=False)) == after


def test_a_statement_cannot_move_into_itself() -> None:
    marked = Marked("«for x in y:\n    «a»»\n")
    assert marked.render(MoveStatement(marked.spans[0], marked.spans[1])) is None
    assert marked.render(MoveStatement(marked.spans[1], marked.spans[0])) is None


COMMENTS = [
    ("x = 1  «# noqa: INI101»\n", "", "x = 1\n"),
    ("x = 1  «# noqa: INI101» # more\n", "", "x = 1 # more\n"),
    ("x = 1  «# noqa: INI101, E501»\n", "# noqa: E501", "x = 1  # noqa: E501\n"),
    ("a\n    «# initlint: ignore»\nb\n", "", "a\nb\n"),
    ("a\n«# initlint: ignore»", "", "a\n"),
    ("«# a»", "", ""),
]


@pytest.mark.parametrize(("before", "text", "after"), COMMENTS)
def test_comment(before: str, text: str, after: str) -> None:
    marked = Marked(before)
    assert marked.render(ReplaceComment(marked.spans[0], text)) == after


def test_lines_inside_strings_are_not_indented() -> None:
    marked = Marked(dedent('''
        class A:
            «x = f"""
          {a}
        """»
        '''))
    assert marked.render(WrapStatement(marked.spans[0], "if y:")) == dedent('''
        class A:
            if y:
                x = f"""
          {a}
        """
        ''')


@pytest.mark.parametrize("inside", ["lambda m: f(«m».bias)", "[f(«m») for m in x]", "{f(«m»): 1 for m in x}"])
def test_names_of_a_lambda_or_comprehension_stay_in_it(inside: str) -> None:
    marked = Marked(f"«net.apply({inside})»\n")
    whole, part = marked.spans
    assert marked.render(WrapStatement(whole, "if {0} is not None:", (part,))) is None
    assert marked.render(InsertAfter(whole, ("g({0})",), (part,))) is None
    assert marked.render(WrapStatement(whole, "if x:")) is not None
