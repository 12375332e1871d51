"""Outlines: what a module imports, defines and uses."""

from __future__ import annotations

import ast
import os
import pickle
from pathlib import Path

import pytest

from initlint.syntax.outline import Definition, Import, Outline, Place, Statement, outline
from initlint.syntax.parse import parse
from initlint.syntax.source import Source

LIBRARY = Path(os.__file__).parent
SAMPLE = sorted(LIBRARY.glob("*.py"))[::20]


def outlined(text: str) -> Outline:
    source = Source("m.py", text)
    tree = parse(source)
    assert isinstance(tree, ast.Module)
    return outline(source, tree)


def test_imports() -> None:
    found = outlined("""\
import torch
import torch.nn as nn, math
from .layers import conv as c, norm
from ... import models
from torch.nn import *
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from a import b
else:
    import e
if torch.cuda:
    import d
    try:
        import dd
    except ImportError: pass
try:
    import f
except ImportError:
    f = None
    import g
with x:
    import h
def fn():
    import i
    if x:
        def inner():
            from .j import k
class A:
    import l
    def m(self):
        try:
            import n
        finally:
            pass
""")
    assert [(i.bound, i.target, i.level, i.place, i.scope) for i in found.imports] == [
        ("torch", "torch", 0, Place.MODULE, ""),
        ("nn", "torch.nn", 0, Place.MODULE, ""),
        ("math", "math", 0, Place.MODULE, ""),
        ("c", "layers.conv", 1, Place.MODULE, ""),
        ("norm", "layers.norm", 1, Place.MODULE, ""),
        ("models", "models", 3, Place.MODULE, ""),
        ("*", "torch.nn.*", 0, Place.MODULE, ""),
        ("TYPE_CHECKING", "typing.TYPE_CHECKING", 0, Place.MODULE, ""),
        ("b", "a.b", 0, Place.TYPE_CHECKING, ""),
        ("e", "e", 0, Place.MODULE, ""),
        ("d", "d", 0, Place.CONDITIONAL, ""),
        ("dd", "dd", 0, Place.CONDITIONAL, ""),
        ("f", "f", 0, Place.TRY, ""),
        ("g", "g", 0, Place.TRY, ""),
        ("h", "h", 0, Place.MODULE, ""),
        ("i", "i", 0, Place.FUNCTION, "fn"),
        ("k", "j.k", 1, Place.FUNCTION, "fn.inner"),
        ("l", "l", 0, Place.CLASS, "A"),
        ("n", "n", 0, Place.FUNCTION, "A.m"),
    ]
    assert found.imports[3] == Import("layers", "conv", "c", 1, Place.MODULE, "", 3)


def test_dotted_imports_bind_the_package() -> None:
    found = outlined("import torch.nn.init\n").imports[0]
    assert (found.module, found.name, found.bound, found.target) == ("torch.nn.init", None, "torch", "torch")


def test_definitions() -> None:
    found = outlined("""\
@register(
    'x')
@a.b
class Net(nn.Module, Base[int], metaclass=M):
    def __init__(self):
        self.fc = Linear()

    if x:
        @staticmethod
        def f(): pass
    class Inner(Other): pass
async def g(x=default): return helper(x)
if flag:
    def h(): pass
""")
    net, g, h = found.definitions
    assert (net.name, net.line, net.end_line, net.is_class) == ("Net", 1, 11, True)
    assert net.bases == ("nn.Module", "Base[int]")
    assert net.decorators == ("register(\n    'x')", "a.b")
    assert net.names >= {"nn", "Module", "Linear", "self", "register", "Other"}
    assert "helper" not in net.names
    assert [m.qualified_name for m in net.members] == ["Net.__init__", "Net.f", "Net.Inner"]
    assert net.members[1] == Definition("f", "Net.f", False, 9, 10, (), ("staticmethod",))
    assert net.members[2].bases == ("Other",)
    assert (g.name, g.is_class, g.names >= {"helper", "default"}) == ("g", False, True)
    assert (h.name, h.line) == ("h", 14)


def test_statements_and_bindings() -> None:
    found = outlined("""\
'''doc'''
model = Net()
a, (b, *c) = d = e
x: int = 1
model.apply(init)
for i in range(3): total += i
with open(p) as q:
    r = 1
if __name__ == '__main__':
    main()
def model(): pass
import e
""")
    assert [(s.line, s.end_line, s.binds) for s in found.statements] == [
        (1, 1, ()), (2, 2, ("model",)), (3, 3, ("a", "b", "c", "d")), (4, 4, ("x",)), (5, 5, ()),
        (6, 6, ("i",)), (6, 6, ("total",)), (7, 7, ("q",)), (8, 8, ("r",)), (9, 9, ()), (10, 10, ()),
    ]
    assert found.statements[4].names == {"model", "apply", "init"}
    assert isinstance(found.bindings["model"], Definition)
    assert isinstance(found.bindings["c"], Statement)
    assert isinstance(found.bindings["e"], Import)
    assert found.names >= {"Net", "main", "__name__"}


def test_names_are_read_where_columns_are_bytes() -> None:
    found = outlined("x = 'é😀'; y = f(\n  ñ)\nclass A(é[ñ], B): z\n")
    assert found.statements[1].names >= {"f", "ñ"}
    assert found.definitions[0].bases == ("é[ñ]", "B")


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_no_name_is_missed(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    tree = ast.parse(text)
    found = outlined(text)
    assert pickle.loads(pickle.dumps(found)) == found
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert used <= found.names
    assert sorted(i.line for i in found.imports) == sorted(node.lineno for node in imported for _ in node.names)


def test_an_empty_module() -> None:
    assert outlined("") == Outline((), (), ())
