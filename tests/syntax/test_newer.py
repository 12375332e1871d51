"""The converter from LibCST gives what `ast` gives, and what `ast` would give for syntax it cannot read."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from pathlib import Path

import hypothesmith
import libcst
import pytest
from hypothesis import HealthCheck, given, settings

from initlint.syntax.newer import parse_newer
from initlint.syntax.newer.statements import Statements
from initlint.syntax.parse import parse
from initlint.syntax.source import Fault, Source, from_text

LIBRARY = Path(os.__file__).parent
SAMPLE = [*sorted(LIBRARY.glob("*.py"))[::12], *sorted((LIBRARY / "asyncio").glob("*.py"))[::4]]
# One section for each group of nodes, and what a file of plain lines cannot show.
NODES = {
    **{
        section.partition("\n")[0]: section.partition("\n")[2]
        for section in (Path(__file__).parent / "nodes.txt").read_text("utf-8").split("## ")[1:]
    },
    "layout": "\f\nif a:\n\tb\n\tc\n\n\n#\n\\\n\nx = \\\n  1\r\ny = (\r\n 'é')\r\n\n",
    "empty": "",
    "comment": "# only",
}


def converted(text: str) -> ast.Module:
    return Statements(text).module()


def dump(tree: ast.AST, positions: bool = True) -> str:
    """A dump to compare. Before Python 3.12, `ast` knows no true positions inside f-strings; some 3.12 leave
    empty texts in them. Type parameters are dropped by design."""
    for node in ast.walk(tree):
        if getattr(node, "type_params", None):
            setattr(node, "type_params", [])  # noqa: B010 - not a field of every Python's nodes
        if isinstance(node, ast.JoinedStr):
            node.values = [value for value in node.values if not isinstance(value, ast.Constant) or value.value]
    if sys.version_info < (3, 12):
        for string in [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]:
            for node in ast.walk(string):
                if node is not string and isinstance(node, ast.expr):
                    node.lineno = node.col_offset = node.end_lineno = node.end_col_offset = 0
    return ast.dump(tree, include_attributes=positions, indent=1)


def assert_same(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ast.parse(text)
    # Line by line, or a failure would take pytest minutes to explain.
    pairs = zip(dump(converted(text)).split("\n"), dump(expected).split("\n"), strict=True)
    assert next((pair for pair in pairs if pair[0] != pair[1]), None) is None


@pytest.mark.parametrize("name", NODES)
def test_all_kinds_of_nodes(name: str) -> None:
    assert_same(NODES[name])


def test_no_kind_of_node_is_forgotten() -> None:
    newer = {"TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple", "TemplateStr", "Interpolation", "TryStar"}
    abstract = {ast.mod, ast.stmt, ast.expr, ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop,
                ast.excepthandler, ast.pattern, ast.type_ignore, ast.slice, getattr(ast, "type_param", None)}
    kinds = {kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)}
    nodes = {kind for kind in kinds - abstract if kind.__base__ in abstract - {ast.mod}}
    met = {type(node) for text in NODES.values() for node in ast.walk(converted(text))}
    left = {kind.__name__ for kind in nodes - met} - newer
    assert left <= {"TypeIgnore", "Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice", "AugLoad",
                    "AugStore", "Param"}


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_the_standard_library(path: Path) -> None:
    assert_same(path.read_bytes().decode("utf-8"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_node(auto_target=False))
def test_generated_programs(text: str) -> None:
    try:
        libcst.parse_module(text)
        compile(text, "", "exec", ast.PyCF_ONLY_AST)
    except (libcst.ParserSyntaxError, SyntaxError, ValueError):
        return
    assert_same(text)


NEWER = {
    # text, the same in older words at the same places, and the first Python that reads it
    "class parameters": ("class A[T: int, *U, **P](B):\n x = T\n", "class A                 (B):\n x = T\n", (3, 12)),
    "function parameters": ("def f[T](a: T) -> T: return a\n", "def f   (a: T) -> T: return a\n", (3, 12)),
    "parameter defaults": ("class A[T = int]: pass\n", "class A         : pass\n", (3, 13)),
    "quotes in fields": ("f\"{a[\"b\"]} {'\\n'.join(c)}\"\n", "f\"{a['b' ]} {chr(10).j(c)}\"\n", (3, 12)),
    "comments in fields": ("f'''{a # b\n}'''\n", "f'''{a    \n}'''\n", (3, 12)),
    "lines in fields": ("x = f'{\na}'; y\n", "x = f'{a}'; y\n", (3, 12)),
    "templates": ("x = t'{a!r} b'; y\n", "x = f'{a!r} b'; y\n", (3, 14)),
    "starred subscripts": ("a[*b, c]; d\n", "a[(b),c]; d\n", (3, 11)),
    "starred annotations": ("def f(*a: *b): c\n", "def f(*a:  b): c\n", (3, 11)),
    "exception lists": ("try: a\nexcept B, C: d\n", "try: a\nexcept(B, C):d\n", (3, 14)),
    "exception groups": ("try: a\nexcept* B as c:\n  d\n", "try: a\nexcept  B as c:\n  d\n", (3, 11)),
    "aliases": ("type X = int\nx = 1\n", "(    X)= int\nx = 1\n", (3, 12)),
    "alias parameters": ("type X[T]= list[T]\n", "(    X)  = list[T]\n", (3, 12)),
}


def located(tree: ast.AST) -> list[tuple[str, int, int]]:
    """Names and where they stand: what survives any change of the nodes around them."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return sorted((node.id, node.lineno, node.col_offset) for node in names if node.id not in ("chr", "j"))


@pytest.mark.parametrize("name", NEWER)
def test_newer_syntax(name: str) -> None:
    text, older, version = NEWER[name]
    converter = Statements(text)
    tree = converter.module()
    assert converter.newer is (sys.version_info < version)
    if name not in ("quotes in fields", "lines in fields"):
        assert {n: (line, column) for n, line, column in located(tree)}.items() >= {
            n: (line, column) for n, line, column in located(ast.parse(older))
            if sys.version_info >= (3, 12) or not ("fields" in name or name == "templates")
        }.items()
    found = parse(Source("m.py", text))
    assert isinstance(found, ast.Module)
    if sys.version_info < version:
        assert ast.dump(found) == ast.dump(tree)
        assert len(tree.body) == len(ast.parse(older).body)
        compile(ast.fix_missing_locations(tree), "m.py", "exec")


@pytest.mark.parametrize("name", ["class parameters", "function parameters", "parameter defaults", "templates"])
def test_newer_syntax_to_the_letter(name: str) -> None:
    text, older, _ = NEWER[name]
    assert dump(converted(text)) == dump(ast.parse(older))


@pytest.mark.parametrize("text", ["x = = 1", "print 'a'", "class A[T]: x = = 1", "f(a=1, b)", "type X = ("])
def test_what_is_wrong_in_every_python(text: str) -> None:
    found = parse(Source("m.py", text))
    assert isinstance(found, Fault)
    assert parse_newer(Source("m.py", text)) is None


def test_older_syntax_is_not_newer() -> None:
    assert parse_newer(Source("m.py", "def f(x, *y): return f'{x[\"a\"]}'\n")) is None


def test_positions_are_bytes() -> None:
    source = from_text("é = 'é'; type X = ñ\n")
    assert isinstance(source, Source)
    tree = converted(source.text)
    alias = tree.body[1]
    assert (alias.lineno, alias.col_offset, alias.end_col_offset) == (1, 11, 22)
