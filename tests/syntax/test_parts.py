from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from initlint.syntax.parts import parts

LIBRARY = sorted(Path(os.__file__).parent.glob("*.py"))[::25]
IDLE = ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
def test_parts_are_the_children_that_hold_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        assert parts(node) == [child for child in ast.iter_child_nodes(node) if not isinstance(child, IDLE)]
