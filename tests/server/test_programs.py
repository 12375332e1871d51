"""Several files are one program: what is open with what is not, unsaved with saved."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from initlint.server.programs import Import, imports_of, program_of
from tests.server.editor import WAIT, capabilities, editor

INITS = """from torch import nn


def start(m):
    if isinstance(m, nn.Embedding):
        nn.init.normal_(m.weight, std=0.02)
"""
MODEL = """from torch import nn

from inits import start


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(8, 8, padding_idx=0)
        self.apply(start)

    def forward(self, x):
        return self.table(x)
"""
PLAIN = MODEL.replace(", padding_idx=0", "")


@pytest.mark.asyncio
async def test_unsaved_buffers_are_one_program(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        inits = client.open("inits.py", INITS)
        assert await client.told(inits, 1) == []
        model = client.open("model.py", MODEL)
        (found,) = await client.told(inits, 1, 1)
        assert found.code == "INI408"
        assert [place.location.uri for place in found.related_information or ()] == [model]
        # a change of one refreshes the other
        client.change(model, 2, PLAIN)
        assert await client.told(inits, 1, 0) == []
        client.change(model, 3, MODEL)
        await client.told(inits, 1, 1)
        client.close(model)
        assert await client.told(inits, 1, 0) == []


@pytest.mark.asyncio
async def test_a_closed_file_that_builds_the_model_counts(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        client.write("model.py", MODEL)
        inits = client.open("inits.py", INITS)
        (found,) = await client.told(inits, 1, 1)
        assert found.code == "INI408"
        # changed on disk
        client.write("model.py", PLAIN)
        client.touched("model.py")
        assert await client.told(inits, 1, 0) == []


@pytest.mark.asyncio
async def test_only_what_is_open_is_read_where_the_user_says_so(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"wholeProgram": False}) as client:
        client.write("model.py", MODEL)
        inits = client.open("inits.py", INITS)
        assert await client.told(inits, 1) == []


@pytest.mark.asyncio
async def test_a_client_that_pulls_is_asked_to_pull_again(tmp_path: Path) -> None:
    async with editor(tmp_path, told=capabilities(pull=True)) as client:
        inits = client.open("inits.py", INITS)
        assert await client.pull(inits) == []
        while not client.refreshed.empty():
            client.refreshed.get_nowait()
        client.open("model.py", MODEL)
        while await asyncio.wait_for(client.refreshed.get(), WAIT) != "diagnostics":
            continue
        assert [each.code for each in await client.pull(inits)] == ["INI408"]


def test_imports_are_read_from_text_that_is_no_python() -> None:
    text = "import a.b as c, d\nfrom . import e, f as g\nfrom ..h.i import (\n    j,\n    k,\n)\n"
    text += "  from l import *\ndef broken(:\n"
    assert imports_of(text) == {
        Import(0, ("a", "b")), Import(0, ("d",)), Import(1, ()), Import(1, ("e",)), Import(1, ("f",)),
        Import(2, ("h", "i")), Import(2, ("h", "i", "j")), Import(2, ("h", "i", "k")), Import(0, ("l",)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [
        ({"/p/a.py": "", "/p/b.py": ""}, {}, ["/p/a.py"]),
        ({"/p/a.py": "import b", "/p/b.py": ""}, {}, ["/p/a.py", "/p/b.py"]),
        # those that import it, and those that import them; not what they import besides
        (
            {"/p/a.py": ""},
            {"/p/b.py": "import a, c", "/p/c.py": "", "/p/d.py": "from b import x"},
            ["/p/a.py", "/p/b.py", "/p/d.py"],
        ),
        ({"/p/q/a.py": ""}, {"/p/main.py": "from q.a import Net"}, ["/p/main.py", "/p/q/a.py"]),
        ({"/p/q/a.py": ""}, {"/p/q/b.py": "from .a import Net", "/p/r/b.py": "from .a import Net"},
         ["/p/q/a.py", "/p/q/b.py"]),
        ({"/p/src/a.py": ""}, {"/p/tests/t.py": "import a"}, ["/p/src/a.py", "/p/tests/t.py"]),
        ({"/p/q/__init__.py": ""}, {"/p/b.py": "from q import x"}, ["/p/b.py", "/p/q/__init__.py"]),
        # two open files that a closed one brings together
        ({"/p/a.py": "", "/p/c.py": ""}, {"/p/b.py": "import a, c"}, ["/p/a.py", "/p/b.py", "/p/c.py"]),
    ],
)  # fmt: skip
def test_a_program_is_what_builds_on_the_open_file(
    opened: dict[str, str], closed: dict[str, str], expected: list[str]
) -> None:
    first = next(iter(opened))
    found = program_of(
        first,
        {path: imports_of(text) for path, text in opened.items()},
        {path: imports_of(text) for path, text in closed.items()},
        ["/p", "/p/src"],
    )
    assert list(found) == expected
