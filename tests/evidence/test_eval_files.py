"""The eval files of calls that raise do raise when torch builds their models, and their twins do not."""

from __future__ import annotations

import ast
import re
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest
import torch.nn as nn

from initlint.trace.roots.builders import only_builds
from tests.eval.expected import files

RAISING = re.compile(r"ini00[1-5]_")
IGNORED = "ini003_ignored_mode"      # torch drops the string without a word


def built(path: Path) -> list[nn.Module]:
    """The modules that a file builds, its classes and the functions that only build, where they need no arguments."""
    tree = ast.parse(path.read_text())
    builders = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and only_builds(node)}
    names: dict[str, Any] = {"__name__": path.stem}
    exec(compile(tree, path.name, "exec"), names)
    makers = [
        value for name, value in names.items()
        if name in builders
        or (isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == path.stem)
    ]
    made = [maker() for maker in makers if not any(map(is_required, signature(maker).parameters.values()))]
    return [value for value in [*names.values(), *made] if isinstance(value, nn.Module)]


def is_required(parameter: Parameter) -> bool:
    return parameter.default is Parameter.empty and parameter.kind not in (
        Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD,
    )


def raising(kind: str) -> list[Path]:
    return [path for path in files(kind) if RAISING.match(path.stem) and path.stem != IGNORED]


@pytest.mark.parametrize("path", raising("bad"), ids=lambda path: path.stem)
def test_raises(path):
    with pytest.raises((ValueError, TypeError, AttributeError, RuntimeError)):
        built(path)


@pytest.mark.parametrize("path", raising("good"), ids=lambda path: path.stem)
def test_builds(path):
    assert built(path)
