"""What Python computes, and what the trace makes of the same functions: `python_programs/` holds functions without
arguments that return a number, and the trace is told to build a layer of that size."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

from tests.trace.programs import layers

FOLDER = Path(__file__).parent / "python_programs"
LAYER = """

from torch import nn


class Net(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.layer = nn.Linear(inputs, 1)

    def forward(self, x):
        return self.layer(x)


net = Net({name}())
"""


def programs() -> list[tuple[str, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"tests.trace.python_programs.{path.stem}")
        found += [
            (path.stem, name)
            for name, function in vars(module).items()
            if isinstance(function, FunctionType) and not name.startswith("_") and function.__module__ == module.__name__
            and not inspect.signature(function).parameters
        ]
    return found


@pytest.mark.parametrize(("file", "name"), programs(), ids=lambda part: part)
def test_it_is_the_number_that_python_computes(file: str, name: str) -> None:
    computed = getattr(import_module(f"tests.trace.python_programs.{file}"), name)()
    assert type(computed) is int
    assert computed > 0

    rows = layers((FOLDER / f"{file}.py").read_text() + LAYER.format(name=name))

    assert rows["Net.layer"].fan_in == computed
