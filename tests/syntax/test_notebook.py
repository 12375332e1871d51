"""Notebooks: one text out of the code cells, and edits that leave the rest of the file alone."""

from __future__ import annotations

import ast
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.syntax.edits import Edit
from initlint.syntax.notebook import blanked
from initlint.syntax.parse import parse
from initlint.syntax.source import Fault, Location, Source, from_bytes, from_text


def cell(source: str | list[str], kind: str = "code", **extra: Any) -> dict[str, Any]:
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": "a", "metadata": {}, **code, "source": source, **extra}


def document(*cells: dict[str, Any], language: str = "python") -> dict[str, Any]:
    for number, entry in enumerate(cells):
        entry["id"] = f"cell-{number}"
    metadata = {"language_info": {"name": language}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook(content: object, **style: Any) -> Source:
    text = content if isinstance(content, str) else json.dumps(content, **style)
    found = from_text(text, "n.ipynb")
    assert isinstance(found, Source), found
    assert found.is_notebook
    return found


STYLES: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 4},
    {"indent": "\t", "sort_keys": True},
    {"separators": (",", ":")},
    {},
]
THREE = document(
    cell(["# Title"], "markdown"),
    cell(["import torch\n", "x = 'é'\n", "nn.init.normal_(w)"]),
    cell("y = 1\nz = 2"),
    cell([]),
    cell(["%matplotlib inline\n", "w = 3\n"]),
)


def test_code_cells_make_one_text() -> None:
    found = notebook(THREE)
    assert found.text == "import torch\nx = 'é'\nnn.init.normal_(w)\ny = 1\nz = 2\n\n" + " " * 18 + "\nw = 3\n\n"
    assert isinstance(parse(found), ast.Module)


def test_positions_count_all_cells() -> None:
    found = notebook(THREE)
    places = {"normal_": (3, 9, 2), "y =": (1, 1, 3), "z": (2, 1, 3), "w = 3": (2, 1, 5)}
    for word, place in places.items():
        location = Location(*place)
        offset = found.text.index(word)
        assert found.location(offset) == location
        assert found.notebook is not None
        assert found.notebook.offset(location) == offset
    end = found.text.index("\ny")
    assert found.location(end) == Location(3, 19, 2)


@pytest.mark.parametrize("style", STYLES)
def test_bytes_survive(style: dict[str, Any]) -> None:
    data = (json.dumps(THREE, **style) + "\n").encode()
    found = from_bytes(data, "n.ipynb")
    assert isinstance(found, Source)
    assert found.encode() == data


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("word", ["torch", "normal_", "y", "2", "3"])
def test_an_edit_changes_nothing_else(style: dict[str, Any], word: str) -> None:
    found = notebook(THREE, **style)
    offset = found.text.index(word)
    changed = found.edited([Edit(offset, offset + len(word), "kaiming_ü")])
    before, after = found.encode().decode(), changed.encode().decode()
    expected = "kaiming_\\u00fc" if before.isascii() else "kaiming_ü"
    assert after.replace(expected, word, 1) == before
    assert changed.text == found.text[:offset] + "kaiming_ü" + found.text[offset + len(word):]
    nbformat.validate(nbformat.reads(after, as_version=4))


@pytest.mark.parametrize("style", STYLES)
def test_lines_come_and_go(style: dict[str, Any]) -> None:
    found = notebook(THREE, **style)
    start = found.text.index("x = ")
    grown = found.edited([Edit(start, start, "a = 1\nb = 2\n"), Edit(start - 1, start - 1, " as t")])
    content = json.loads(grown.encode())
    lines = ["import torch as t\n", "a = 1\n", "b = 2\n", "x = 'é'\n", "nn.init.normal_(w)"]
    assert content["cells"][1]["source"] == lines
    assert content["cells"][2:] == THREE["cells"][2:]
    end = found.text.index("nn.init")
    shrunk = json.loads(found.edited([Edit(start, end, "")]).encode())
    assert shrunk["cells"][1]["source"] == ["import torch\n", "nn.init.normal_(w)"]
    joined = json.loads(found.edited([Edit(start - 1, start, "; ")]).encode())
    assert joined["cells"][1]["source"] == ["import torch; x = 'é'\n", "nn.init.normal_(w)"]
    last = found.text.index("\ny = 1")
    gone = json.loads(found.edited([Edit(0, last, "")]).encode())
    assert gone["cells"][1]["source"] == []
    deleted = found.edited([Edit(end, last + 1, "")])           # with the newline that only the text has
    assert json.loads(deleted.encode())["cells"][1]["source"] == ["import torch\n", "x = 'é'\n"]
    filled = found.text.index("\n\n") + 1
    assert json.loads(found.edited([Edit(filled, filled, "q\nr")]).encode())["cells"][3]["source"] == ["q\n", "r"]


def test_untouched_lines_keep_their_spelling() -> None:
    text = '{"cells":[{"cell_type":"code","source":["a = \\"\\u00e9\\/\\"\\n" ,\n"b\\n","c"]}],"nbformat":4}'
    found = notebook(text)
    start = found.text.index("b")
    assert found.edited([Edit(start, start + 1, "d")]).encode().decode() == text.replace('"b\\n"', '"d\\n"')
    assert found.edited([Edit(start, start + 2, "")]).encode().decode() == text.replace('"b\\n",', "")


def test_edits_across_cells_are_refused() -> None:
    found = notebook(THREE)
    with pytest.raises(ValueError, match="across"):
        found.edited([Edit(found.text.index("w)"), found.text.index("z"), "")])
    with pytest.raises(ValueError, match="across"):
        found.edited([Edit(0, len(found.text), "")])
    with pytest.raises(ValueError, match="without code"):
        notebook(document(cell("x", "markdown"))).edited([Edit(0, 0, "x")])


@given(st.lists(st.text("ab\n '\\é%!", max_size=8), max_size=4), st.data())
def test_edits_of_any_cells(sources: list[str], data: st.DataObject) -> None:
    cells = [cell(text.splitlines(keepends=True) if data.draw(st.booleans()) else text) for text in sources]
    style = data.draw(st.sampled_from(STYLES))
    found = notebook(document(*cells), **style)
    assert found.notebook is not None
    if not sources:
        return
    chosen = data.draw(st.sampled_from(found.notebook.cells))
    length = chosen.end - chosen.start
    start = data.draw(st.integers(0, length))
    end = data.draw(st.integers(start, length))
    content = data.draw(st.text("xy\n", max_size=4))
    changed = json.loads(found.edited([Edit(chosen.start + start, chosen.start + end, content)]).encode())
    expected = sources[chosen.number - 1]
    expected = expected[:start] + content + expected[end:]
    assert ["".join(entry["source"]) for entry in changed["cells"]] == [
        expected if number == chosen.number else text for number, text in enumerate(sources, 1)
    ]


@pytest.mark.parametrize("text", [
    "%matplotlib inline", "!pip install torch", "?torch", "torch?", "nn.init??", "x = 1\n%time f()\ny",
    "files = !ls *.py",
    "if a:\n    !ls\n    %cd ..\nelse:\n    b?\n", "for x in y:\n  pass\n", "!echo 'it\n", "pip install x",
    "plt.plot(x);",
    "%%time\nx = 1", "%%capture out\nx = 1", "a = (b\n % c)", "'''\n%no\n!no\n'''",
    "!ls \\\n  -l\nx", "x = %timeit -o f(",
    "\n  \n%%time\ny", "t = a ? b",
])
def test_what_is_not_python_is_blanked_in_place(text: str) -> None:
    found = blanked(text)
    assert len(found) == len(text)
    assert [i for i, c in enumerate(found) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    if "? b" not in text:
        ast.parse(found)


@pytest.mark.parametrize(("text", "kept"), [
    ("x = 1\n%time f()\ny = 2", ["x = 1", "y = 2"]),
    ("%%time\nx = 1", ["x = 1"]),
    ("%%bash\nx = 1", []),
    ("files = !ls", ["files = _"]),
    ("'''\n!no\n'''", ["'''", "!no", "'''"]),
    ("x = 5 %y\n", ["x = 5 %y"]),
    ("plt.plot();", ["plt.plot();"]),
])
def test_what_is_python_stays(text: str, kept: list[str]) -> None:
    assert [line.strip() for line in blanked(text).split("\n") if line.strip()] == kept


def test_other_languages_have_no_code() -> None:
    assert notebook(document(cell("x <- 1"), language="R")).text == ""
    marked = document(cell("x <- 1", metadata={"vscode": {"languageId": "r"}}), cell("y = 1"))
    assert notebook(marked).text == "y = 1\n"


@pytest.mark.parametrize(("text", "message"), [
    ("", "Expecting an object"),
    ("[]", "Expecting an object"),
    ("{}", "it has no cells"),
    ('{"cells": 1}', "it has no cells"),
    ('{"cells": [1]}', "Expecting a cell"),
    ('{"cells": [{"cell_type": "code", "source": [1]}]}', "Expecting a string"),
    ('{"cells": [{"cell_type": "code", "source": "x"', "Expecting ',' or '}'"),
    ('{"cells": []} x', "Extra data"),
    ('{"cells": [', "Expecting value"),
    ('{"cells": []', "Expecting ',' or '}'"),
    ('{"cells"', "Expecting a property"),
    ('{"cells":', "Expecting value"),
    ('{1: 2}', "Expecting a property"),
    ('{"nbformat": 3, "worksheets": []}', "format 3 is older than 4"),
    ('{"a": ' + "[" * 100_000, "nested too deeply"),
])
def test_what_is_no_notebook(text: str, message: str) -> None:
    found = from_text(text, "n.ipynb")
    assert isinstance(found, Fault)
    assert found.message.startswith("is not a notebook: ")
    assert message in found.message


def test_where_a_notebook_is_broken() -> None:
    found = from_text('{\n "cells": [}\n', "n.ipynb")
    assert isinstance(found, Fault)
    assert (found.line, found.column) == (2, 12)


@given(st.data())
def test_damaged_notebooks(data: st.DataObject) -> None:
    text = json.dumps(THREE, indent=1)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    found = from_text(text[:start] + data.draw(st.text('{}[],:"x\\', max_size=3)) + text[end:], "n.ipynb")
    assert isinstance(found, (Source, Fault))
