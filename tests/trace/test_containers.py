"""Containers of modules, and objects that hold what models return."""

from __future__ import annotations

import pytest

from tests.trace.programs import after, drawn, every_layer, layers

KEYED = """
class Heads(nn.Module):
    def __init__(self, tasks):
        super().__init__()
        self.heads = nn.ModuleDict()
        for task in tasks:
            {add}
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight)

    def forward(self, x):
        {give}
"""


@pytest.mark.parametrize("add", [
    "self.heads[str(task)] = nn.Linear(8, 8)",
    "self.heads[task] = nn.Linear(8, 8)",
    "self.heads.add_module(task, nn.Linear(8, 8))",
])  # fmt: skip
@pytest.mark.parametrize("give", [
    "return {task: torch.tanh(head(x)) for task, head in self.heads.items()}",
    "return [torch.tanh(head(x)) for head in self.heads.values()]",
    "return torch.tanh(self.heads['main'](x))",
    "return [torch.tanh(self.heads[task](x)) for task in self.heads]",
])  # fmt: skip
def test_parts_whose_names_are_not_known(add: str, give: str) -> None:
    row = layers(KEYED.format(add=add, give=give))["Heads.heads.*"]
    assert drawn(row) == ("orthogonal_",)
    assert after(row) == ("tanh",)


def test_a_name_that_is_not_known_may_be_any() -> None:
    rows = layers(KEYED.format(
        add="self.heads[task] = nn.Linear(8, 8)",
        give="return [torch.tanh(h(x)) if k == 'main' else F.relu(h(x)) for k, h in self.heads.items()]",
    ))
    assert after(rows["Heads.heads.*"]) == ("relu", "tanh")


OUTPUT = """
from collections import OrderedDict

import torch
import torch.nn as nn


class Output(OrderedDict):
    {methods}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        output = Output()
        output["hidden"] = self.fc(x)
        return output
"""


@pytest.mark.parametrize("methods", [
    "pass",
    "def __getitem__(self, key):\n        return dict(self.items())[key]",
    "def __setattr__(self, name, value):\n        super().__setitem__(name, value)",
])  # fmt: skip
def test_what_a_mapping_of_ones_own_holds_is_returned(methods: str) -> None:
    assert after(layers(OUTPUT.format(methods=methods))["Net.fc"]) == ("none",)


HELPER = """
def mlp(inner, depth):
    if depth == 0:
        mods = [nn.Linear(8, 8)]
    else:
        mods = [nn.Linear(8, inner), nn.ReLU()]
        for _ in range(depth - 1):
            mods += [nn.Linear(inner, inner), nn.ReLU()]
        mods.append(nn.Linear(inner, 8))
    return {made}


class Actor(nn.Module):
    def __init__(self, inner, depth):
        super().__init__()
        self.trunk = mlp(inner, depth)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight)

    def forward(self, x):
        return torch.tanh(self.trunk(x))
"""


@pytest.mark.parametrize("made", ["nn.Sequential(*mods)", "nn.Sequential(*mods, nn.Identity())"])
def test_one_of_two_lists_makes_one_of_two_sequences(made: str) -> None:
    lines = HELPER.format(made=made).splitlines()
    found = {row.line: row for row in every_layer(HELPER.format(made=made))}
    shift = min(found) - next(at for at, line in enumerate(lines) if "nn.Linear" in line)
    told = {lines[line - shift].strip(): (after(row), drawn(row)) for line, row in found.items()}
    assert told == {
        "mods = [nn.Linear(8, 8)]": (("tanh",), ("orthogonal_",)),
        "mods = [nn.Linear(8, inner), nn.ReLU()]": (("relu",), ("orthogonal_",)),
        "mods += [nn.Linear(inner, inner), nn.ReLU()]": (("relu",), ("orthogonal_",)),
        "mods.append(nn.Linear(inner, 8))": (("tanh",), ("orthogonal_",)),
    }


COUNTED = """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.first = nn.Linear(8, 8)
        {build}
        for i in range(n):
            {fill}

    def forward(self, x):
        for i in range(self.n):
            x = torch.tanh({apply})
        return x
"""


@pytest.mark.parametrize(("build", "fill", "apply", "name"), [
    ("self.w = nn.ParameterList([nn.Parameter(torch.empty(8, 8)) for _ in range(n)])", "nn.init.orthogonal_(self.w[i])",
     "torch.mm(x, self.w[i])", "w"),
    ("self.ls = nn.ModuleList([nn.Linear(8, 8) for _ in range(n)])", "nn.init.orthogonal_(self.ls[i].weight)",
     "self.ls[i](x)", "ls"),
    ("self.ls = nn.ModuleList()", "self.ls.append(nn.Linear(8, 8)); nn.init.orthogonal_(self.ls[i].weight)",
     "self.ls[i](x)", "ls"),
])  # fmt: skip
def test_a_loop_over_as_many_turns_comes_by_every_element(build: str, fill: str, apply: str, name: str) -> None:
    row = layers(COUNTED.format(build=build, fill=fill, apply=apply))[f"Net.{name}.*"]
    assert drawn(row) == ("orthogonal_",)
    assert after(row) == ("tanh",)


def test_an_index_that_is_not_known_may_be_any_but_the_first() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.ls = nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)])

    def forward(self, x):
        x = F.relu(self.ls[0](x))
        for i in range(1, self.n):
            x = torch.tanh(self.ls[i](x))
        return x
""")
    assert [after(rows[f"Net.ls.{at}"]) for at in range(3)] == [("relu",), ("tanh",), ("tanh",)]
