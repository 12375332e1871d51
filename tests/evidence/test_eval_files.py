"""The eval files of calls that raise do raise when torch builds their models, and their twins do not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch.nn as nn

from tests.eval.expected import files

RAISING = re.compile(r"ini00[1-5]_")
IGNORED = "ini003_ignored_mode"      # torch drops the string without a word


def built(path: Path) -> list[nn.Module]:
    names: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_text(), path.name, "exec"), names)
    return [value for value in names.values() if isinstance(value, nn.Module)] + [
        kind() for kind in names.values()
        if isinstance(kind, type) and issubclass(kind, nn.Module) and kind.__module__ == path.stem
    ]


def raising(kind: str) -> list[Path]:
    return [path for path in files(kind) if RAISING.match(path.stem) and path.stem != IGNORED]


@pytest.mark.parametrize("path", raising("bad"), ids=lambda path: path.stem)
def test_raises(path):
    with pytest.raises((ValueError, TypeError, AttributeError, RuntimeError)):
        built(path)


@pytest.mark.parametrize("path", raising("good"), ids=lambda path: path.stem)
def test_builds(path):
    assert built(path)
