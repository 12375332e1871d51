"""What crosses to another process: the fields alone, whatever another thread works out meanwhile."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from initlint.config.settings import Settings
from initlint.server.documents import Document
from initlint.syntax.notebook import Notebook
from initlint.syntax.source import Source


class Meanwhile(str):
    """A text in the pickling of which something else happens, as it may in another thread."""

    happens: Callable[[], object]

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        self.happens()
        return str, (str(self),)


@pytest.mark.parametrize(("make", "look"), [
    (lambda text: Source(text, "a\nb"), lambda source: source.line_starts),
    (lambda text: Notebook(text, "", ()), lambda notebook: notebook.cell_at(0)),
    (lambda text: Document(text, "", 1, Source("m.py", ""), (), "utf-16"), lambda document: document.part_at(0)),
    (lambda text: Settings(root=text), lambda settings: settings.enabled("/m.py")),
], ids=["source", "notebook", "document", "settings"])  # fmt: skip
def test_what_is_found_out_meanwhile(make: Callable[[str], Any], look: Callable[[Any], object]) -> None:
    text = Meanwhile("/folder")
    made = make(text)
    text.happens = lambda: look(made)
    before = set(vars(made))
    found = pickle.loads(pickle.dumps(made))
    assert set(vars(made)) > before         # it did happen
    assert set(vars(found)) == before
    assert found == made
    look(found)


def test_nothing_else_is_held_back(tmp_path: Path) -> None:
    source = Source(str(tmp_path), "x = 1", "latin-1", b"", b"raw")
    assert pickle.loads(pickle.dumps(source)) == source
