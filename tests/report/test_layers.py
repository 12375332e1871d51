"""The layer report, for programs and for people."""

from __future__ import annotations

import json

from initlint.model.report import ActivationRow, ChainRow, InitRow, LayerRow
from initlint.model.source import UNKNOWN
from initlint.report import layers_json, layers_text
from initlint.report.document import Document
from initlint.report.style import Style

FIELDS = [
    "file", "line", "column", "end_line", "end_column", "class", "path", "kind", "activations", "activation_complete",
    "norm", "norm_before", "residual", "inits", "init_complete", "fan_in", "fan_out", "bias", "roots", "chain",
    "verdicts",
]
FULL = LayerRow(
    "/p/net.py", 7, 19, 7, 34, "Net", "fc1", "Linear",
    activations=(ActivationRow("leaky_relu", {"negative_slope": 0.2}),),
    activation_complete=True,
    norm=("batch_norm",),
    norm_before=(),
    residual=True,
    inits=(InitRow("xavier_uniform_", {"gain": 1.0, "other": UNKNOWN}, "uniform", 0.71, "/p/net.py", 9),),
    init_complete=True,
    fan_in=784,
    fan_out=256,
    bias={"constant": 0.1},
    roots=("Net", "main() at train.py:12"),
    chain=ChainRow(3, 0.125),
    verdicts=("INI103",),
)
BARE = LayerRow("/p/net.py", 8, 1, 8, 9, "Net", "fc2", "Linear", inits=(InitRow("default", gain=float("nan")),))


def test_schema_1() -> None:
    report = json.loads(layers_json.render([FULL, BARE]))
    assert report["schema"] == 1
    assert [list(row) for row in report["layers"]] == [FIELDS, FIELDS]
    full, bare = report["layers"]
    assert full["class"] == "Net"
    assert full["activations"] == [{"name": "leaky_relu", "params": {"negative_slope": 0.2}}]
    assert full["inits"] == [
        {"function": "xavier_uniform_", "args": {"gain": 1.0, "other": None}, "distribution": "uniform", "gain": 0.71,
         "file": "/p/net.py", "line": 9}
    ]
    assert full["bias"] == {"constant": 0.1}
    assert full["chain"] == {"length": 3, "factor": 0.125, "gradient": None}
    assert bare["norm"] is None
    assert bare["inits"][0]["gain"] is None
    assert bare["chain"] is None


def test_table() -> None:
    text = layers_text.render([FULL, BARE], Document((), cwd="/p"), Style())
    lines = text.splitlines()
    assert lines[0] == "net.py"
    assert lines[2] == "Net"
    layer = "7 fc1 Linear 784 batch_norm → + → leaky_relu(negative_slope=0.2)"
    assert " ".join(lines[3].split()) == f"{layer} xavier_uniform_(gain=1.0) :9 0.71 constant 0.1 INI103"
    assert "default | ?" in lines[4]


def test_table_without_layers() -> None:
    assert layers_text.render([], Document(()), Style()) == ""
    assert json.loads(layers_json.render([])) == {"schema": 1, "layers": []}


def test_names_cannot_act_on_the_terminal() -> None:
    row = LayerRow("/p/\x1b[31m.py", 1, 1, 1, 2, "Net\x1b", "a\nb", "Linear")
    assert "\x1b" not in layers_text.render([row], Document((), cwd="/p"), Style())
