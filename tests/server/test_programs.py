"""Several files are one program: what is open with what is not, unsaved with saved."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from initlint.server.programs import MOST_FILES, Programs
from initlint.syntax.source import Source
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
    opened: dict[str, str], closed: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    def at(path: str) -> str:
        return path.replace("/p/", f"{tmp_path}/")

    for path, text in {**closed, **opened}.items():
        Path(at(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(at(path)).write_text(text, encoding="utf-8")
    programs = Programs()
    assert programs.read(map(at, {**closed, **opened}), lambda: None)
    sources = {at(path): Source(at(path), text) for path, text in opened.items()}
    found = programs.of(at(next(iter(opened))), sources, (str(tmp_path), f"{tmp_path}/src"))
    assert [*found.opened, *found.closed] == sorted(found.opened) + sorted(found.closed)
    assert sorted([*found.opened, *found.closed]) == [at(path) for path in expected]
    assert set(found.opened) <= sources.keys()
    assert not programs.read(map(at, {**closed, **opened}), lambda: None)


def test_a_program_that_is_too_large_keeps_what_is_close(tmp_path: Path) -> None:
    names = [f"m{number:03}" for number in range(100)]
    for before, name in zip(["", *names], names, strict=False):
        (tmp_path / f"{name}.py").write_text(f"import torch\nimport {before or 'os'}\n", encoding="utf-8")
    programs = Programs()
    programs.read((str(tmp_path / f"{name}.py") for name in names), lambda: None)
    first = str(tmp_path / "m000.py")
    found = programs.of(first, {first: Source(first, "import torch\nimport os\n")}, (str(tmp_path),))
    assert found.opened == (first,)
    assert found.closed[:2] == (str(tmp_path / "m001.py"), str(tmp_path / "m002.py"))
    assert len(found.closed) <= MOST_FILES
