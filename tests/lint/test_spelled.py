"""Initialising calls that no root comes by are judged by what they spell."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from initlint.config.discovery import Configuration
from initlint.lint import lint
from initlint.session import findings_of
from initlint.syntax.source import Source, from_text

HEADER = """\
import math
import torch
import torch.nn as nn
from torch.nn import init
from torch.nn.init import kaiming_normal

STD = 0.02
OLD = torch.__version__ < "0.4"
"""
TOLD = {
    "init.xavier_uniform(m.weight)": ["INI010"],
    "kaiming_normal(m.weight)": ["INI010"],
    "torch.nn.init.constant(m.bias, 0)": ["INI010"],
    "init.kaiming_uniform_(m.weight, nonlinearity='gelu')": ["INI002"],
    "init.xavier_normal_(m.weight, gain=init.calculate_gain('swish'))": ["INI002"],
    "init.kaiming_uniform_(m.weight, 'fan_out')": ["INI003"],
    "init.constant_(m.bias)": ["INI003"],
    "init.normal_(m.weight, 0.02)": ["INI006"],
    "init.normal_(m.weight, STD)": ["INI006"],
    "init.normal_(m.weight, config.initializer_range)": ["INI006"],
    "init.kaiming_normal_(m.weight, a=math.sqrt(2))": ["INI009"],
    "init.kaiming_normal_(m.weight, a=init.calculate_gain('relu'))": ["INI009"],
    "gain = init.calculate_gain('relu')\ninit.kaiming_normal_(m.weight, gain)": ["INI009"],
    "std = 0.02\ninit.normal_(m.weight, std)": ["INI006"],
}
SILENT = [
    "init.xavier_uniform_(m.weight)",
    "init.kaiming_uniform_(m.weight, nonlinearity=config.act)",
    "init.kaiming_uniform_(m.weight, a=math.sqrt(5))",
    "init.kaiming_normal_(*config.given)",
    "init.constant_(**config.given)",
    "init.normal_(m.bias, 0.02)",
    "init.normal_(m.weight, config.mean)",
    "center = 0.02\ncenter += config.more\ninit.normal_(m.weight, center)",
    "for center in (0.02, 0.03):\n    init.normal_(m.weight, center)",
    "init.normal_(m.weight, 0.02, STD)",
    "init.normal_(m.weight)",
    "init.zeros_(m.weight)",
    "init.uniform_(m.weight)",
    "m.xavier_uniform(m.weight)",
    "try:\n    init.xavier_uniform(m.weight)\nexcept AttributeError:\n    pass",
    "if hasattr(init, 'xavier_uniform_'):\n    pass\nelse:\n    init.xavier_uniform(m.weight)",
    "if OLD:\n    init.xavier_uniform(m.weight)",
    "(init.xavier_uniform if OLD else init.xavier_uniform_)(m.weight)",
]


def told(text: str) -> list[str]:
    source = from_text(text, "net.py")
    assert isinstance(source, Source)
    return [finding.code for finding in findings_of(lint([source], Configuration({}, isolated=True).root))]


def helper(body: str, header: str = "def start(m, config):") -> str:
    lines = "\n".join(f"    {line}" for line in dedent(body).splitlines())
    return f"{HEADER}\n\n{header}\n{lines}\n"


@pytest.mark.parametrize("call", TOLD)
def test_a_helper_that_nobody_calls(call: str) -> None:
    assert told(helper(call)) == TOLD[call]
    inner = indent(call, "        ")
    assert told(helper(f"for m in m.modules():\n    if isinstance(m, nn.Linear):\n{inner}")) == TOLD[call]


@pytest.mark.parametrize("call", TOLD)
def test_a_call_on_a_module_of_which_nothing_is_known(call: str) -> None:
    used = helper(call) + "\n\ndef main(saved):\n    net = nn.Linear(2, 2)\n    start(saved.load(), saved)\n    return net\n"
    assert told(used) == TOLD[call]


@pytest.mark.parametrize("call", SILENT)
def test_what_a_call_does_not_say_by_itself(call: str) -> None:
    assert told(helper(call)) == []


def test_names_of_a_function_are_its_own() -> None:
    assert told(helper("init.xavier_uniform(m.weight)", "def start(m, init):")) == []
    assert told(helper("from mine import init\ninit.xavier_uniform(m.weight)")) == []
    assert told(helper("def inner(m):\n    init.xavier_uniform(m.weight)\ninner(m)", "def start(m, init):")) == []


def test_what_a_root_comes_by_is_judged_there() -> None:
    # The weight of a norm has one dimension, and may have a mean: the text alone would not say so.
    used = "\n\nnorm = nn.BatchNorm1d(4)\nstart(norm, None)\nnet = nn.Sequential(nn.Linear(4, 4), norm)\n"
    assert told(helper("init.normal_(m.weight, 0.02)") + used) == []


def test_one_finding_for_one_call() -> None:
    used = "\n\nnet = nn.Sequential(nn.Linear(4, 4))\nstart(net[0], None)\n"
    assert told(helper("init.xavier_uniform(m.weight)") + used) == ["INI010"]
