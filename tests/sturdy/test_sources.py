"""Any program that Python reads gives a result: sources that hypothesmith and a grammar of model code make up."""

from __future__ import annotations

import hypothesmith
import libcst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.mutations import Tally, check
from tests.sturdy.programs import HEAD

MANY = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def lint(text: str) -> None:
    tally = Tally()
    check(text.encode("utf-8", "surrogatepass"), tally, "made up")
    assert tally.broken == []


@MANY
@given(hypothesmith.from_grammar(auto_target=False))
def test_any_program(text: str) -> None:
    lint(HEAD + text)


@settings(MANY, max_examples=8)
@given(hypothesmith.from_node(libcst.Module, auto_target=False))
def test_any_tree(text: str) -> None:
    lint(text + "\n" + HEAD)


NAMES = st.sampled_from(["a", "b", "self", "self.a", "self.net", "x", "nn", "torch", "Net", "f", "super()"])
ATOMS = st.one_of(
    NAMES,
    st.sampled_from(["0", "1", "-1", "8", "1e400", "'a'", "None", "True", "...", "[]", "{}", "()", "torch.x", "*a", "**b"]),
    st.sampled_from([
        "nn.Linear", "nn.Conv2d", "nn.Sequential", "nn.ModuleList", "nn.Parameter", "nn.ReLU", "nn.init.normal_",
        "nn.init.xavier_normal", "nn.init.kaiming_uniform_", "nn.init.zeros_", "torch.zeros", "torch.randn", "torch.cat",
        "nn.LSTM", "nn.Embedding", "nn.LayerNorm", "nn.MultiheadAttention", "range", "len", "isinstance", "getattr",
        "setattr", "list", "dict", "zip", "enumerate", "map", "type", "property", "partial",
    ]),
)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, max_size=3).map(", ".join)
    plain = inner.map(lambda text: text.lstrip("*") or "a")
    return st.one_of(
        st.builds("{}({})".format, plain, several),
        st.builds("{}.{}".format, plain, st.sampled_from(["weight", "data", "bias", "apply", "modules", "append", "a", "T"])),
        st.builds("({} {} {})".format, plain, st.sampled_from(["+", "*", "**", "%", "or", "and", "in", "is", "<", "@"]), plain),
        st.builds("{}[{}]".format, plain, st.one_of(plain, st.builds("{}:{}".format, plain, plain))),
        st.builds("[{} for a in {} if {}]".format, plain, plain, plain),
        st.builds("({} if {} else {})".format, plain, plain, plain),
        st.builds("(lambda a, *b, **c: {})".format, plain),
        st.builds("[{}]".format, several),
        st.builds("({},)".format, plain),
        st.builds("f'{{{}}}'".format, plain.filter(lambda text: "'" not in text and "{" not in text)),
        st.builds("(a := {})".format, plain),
    )


EXPRESSIONS = st.recursive(ATOMS, _compound, max_leaves=6).map(lambda text: text.lstrip("*") or "a")


def _block(lines: list[str]) -> str:
    return "".join("    " + line + "\n" for text in lines for line in text.splitlines()) or "    pass\n"


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, min_size=1, max_size=3).map(_block)
    return st.one_of(
        st.builds("if {}:\n{}else:\n{}".format, EXPRESSIONS, block, block),
        st.builds("for a in {}:\n{}".format, EXPRESSIONS, block),
        st.builds("while {}:\n{}".format, EXPRESSIONS, block),
        st.builds("with {} as b:\n{}".format, EXPRESSIONS, block),
        st.builds("try:\n{}except {}:\n{}finally:\n{}".format, block, EXPRESSIONS, block, block),
        st.builds("def f(self, a=1, *b, **c):\n{}".format, block),
        st.builds("@{}\ndef forward(self, x):\n{}".format, EXPRESSIONS, block),
        st.builds("def __init__(self):\n    super().__init__()\n{}".format, block),
        st.builds("class Net({}):\n{}".format, st.sampled_from(["nn.Module", "Net", "a", "nn.Linear", "nn.Sequential"]), block),
        st.builds("match {}:\n    case [a, *b]:\n        pass\n    case nn.Linear(weight=a) | {{'a': a}}:\n{}".format,
                  EXPRESSIONS, block.map(lambda text: _block([text]))),
    )


STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS,
        st.builds("{} = {}".format, st.sampled_from(["a", "self.a", "self.net", "a, b", "a[0]", "Net.a", "nn.a", "*a, b"]), EXPRESSIONS),
        st.builds("{} += {}".format, st.sampled_from(["a", "self.a", "a[0]"]), EXPRESSIONS),
        st.builds("return {}".format, EXPRESSIONS),
        st.builds("yield {}".format, EXPRESSIONS),
        st.builds("raise {}".format, EXPRESSIONS),
        st.builds("assert {}".format, EXPRESSIONS),
        st.sampled_from(["break", "continue", "pass", "global a", "del a", "from a import *", "import a.b as c"]),
    ),
    _nested,
    max_leaves=12,
)


@settings(MANY, max_examples=100)
@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_any_model_code(statements: list[str]) -> None:
    """Not all of it is Python: what is not must be a finding."""
    lint(HEAD + "from functools import partial\n" + "\n".join(statements) + "\nNet()\nf(1)\n")


@pytest.mark.parametrize("text", ["", "\n", "#", "\\", "\f", "x", "'", "\ufeff", "import torch"])
def test_hardly_any_text(text: str) -> None:
    lint(text)
