"""What is kept between runs, and what becomes of a cache that is torn, foreign, hostile or not to be written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import initlint
from initlint.files.index import digest_of
from initlint.lint import Report
from initlint.memory.cache import Cache
from initlint.memory.codec import decode, encode
from initlint.model.change import InsertAfter, SetArgument
from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.source import UNKNOWN, Argument, Call, Span
from initlint.work import bench
from tests.lint.projects import linted, told, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    write(folder)
    for path in folder.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    os.utime(folder, ns=(10**18, 10**18))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path / "cache"))


class Traced:
    """Counts the files whose roots are run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[str] = []
        for name in ("survey", "run_entries", "run_classes"):
            monkeypatch.setattr(bench, name, self._counting(getattr(bench, name)))

    def _counting(self, function: object) -> object:
        def count(job: object) -> object:
            tasks = getattr(job, "files", None) or getattr(job, "wanted", None) or getattr(job, "chosen", ())
            self.files += [Path(task if isinstance(task, str) else task[0]).name for task in tasks]
            return function(job)  # type: ignore[operator]

        return count


def test_the_second_run_traces_nothing(project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    first = linted(project, cache)
    assert [code for _, _, code, _ in told(first)] == ["INI103", "INI010", "INI900"]
    traced = Traced(monkeypatch)
    second = linted(project, Cache(cache._top))
    assert (told(second), second.layers, second.notes) == (told(first), first.layers, first.notes)
    assert traced.files == []


def test_a_changed_file_is_traced_with_what_imports_it(
    project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted(project, cache)
    (project / "net.py").write_text("from layers import Block\n\n\ndef build():\n    return Block(48)\n")
    traced = Traced(monkeypatch)
    assert told(linted(project, cache)) == told(linted(project))
    assert set(traced.files[: traced.files.index("layers.py")]) == {"net.py"}


@pytest.mark.parametrize("name", ["layers.py", "net.py", "other.py", "old.py"])
def test_any_change_gives_what_a_run_without_a_cache_gives(project: Path, cache: Cache, name: str) -> None:
    linted(project, cache)
    path = project / name
    path.write_text(path.read_text().replace("nn.ReLU", "nn.Sigmoid").replace("Block(32)", "Block(act=None)") + "y = 2\n")
    assert told(linted(project, cache)) == told(linted(project))
    path.unlink()
    assert told(linted(project, cache)) == told(linted(project))


def test_a_new_file_may_change_what_an_import_means(project: Path, cache: Cache) -> None:
    (project / "net.py").write_text("from layers import Block\nfrom acts import make\n\n\ndef build():\n    return Block(8, make)\n")
    linted(project, cache)
    (project / "acts.py").write_text("import torch.nn as nn\n\n\ndef make():\n    return nn.Tanh()\n")
    assert told(linted(project, cache)) == told(linted(project))


def test_layers_are_kept_apart(project: Path, cache: Cache) -> None:
    findings = linted(project, cache, layers=False)
    assert findings.layers == ()
    assert linted(project, cache).layers == linted(project).layers != ()
    (project / "other.py").write_text((project / "other.py").read_text().replace("nn.ReLU", "nn.Tanh"))
    assert linted(project, cache, layers=False).layers == ()
    assert linted(project, cache).layers == linted(project).layers


def test_parts_without_a_name_are_kept(project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "nameless.py").write_text(
        """
import sys
import torch.nn as nn


class Nameless(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module(sys.argv[1], nn.Linear(8, 8))
        for name in sys.argv[2:]:
            setattr(self, name, nn.Linear(8, 8))

    def forward(self, x):
        for part in self.children():
            x = part(x).relu()
        return x
"""
    )
    assert linted(project, cache).layers
    (project / "other.py").write_text("import torch.nn as nn\nlayer = nn.Linear(2, 2)\n")
    traced = Traced(monkeypatch)
    kept = linted(project, cache).layers
    assert "other.py" in traced.files
    assert "nameless.py" not in traced.files
    assert kept == linted(project).layers


@pytest.mark.parametrize("changed", ["trace/python/statements.py", "rules/zero_layer.py", "memory/cache.py"])
def test_what_other_code_stored_is_not_used(tmp_path: Path, changed: str) -> None:
    """Wherever in the package the other code stands."""
    code = tmp_path / "code"
    shutil.copytree(Path(initlint.__file__).parent, code / "initlint", ignore=shutil.ignore_patterns("__pycache__"))
    folder = "from initlint.memory.cache import Cache; print(Cache('')._folder)"

    def name() -> str:
        run = subprocess.run([sys.executable, "-c", folder], cwd=code, capture_output=True, text=True, check=True)
        return run.stdout

    before = name()
    assert name() == before
    file = code / "initlint" / changed
    file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert name() != before


def test_the_folder(project: Path, cache: Cache) -> None:
    linted(project, cache)
    top = Path(cache._top)
    assert (top / ".gitignore").read_text() == "*\n"
    assert (top / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    files = [path for path in top.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".json", ".TAG", ""}
    for path in files:
        if path.suffix == ".json":
            json.loads(path.read_text().partition("\n")[2])


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"files": 3}', b"\xff\x00", b"[" * 100_000])
def test_a_torn_cache_is_none(project: Path, cache: Cache, damage: bytes) -> None:
    first = told(linted(project, cache))
    for path in Path(cache._top).rglob("*.json"):
        path.write_bytes(damage)
    assert told(linted(project, cache)) == first


def signed(text: str) -> str:
    return f"{digest_of(text)}\n{text}"


@pytest.mark.parametrize(
    ("old", "new"),
    [('"digest"', '"d"'), ("[0]", "false"), ("[0", "[1"), ("true", "[3]"), ('"build()"', "7")],
)
def test_values_of_the_wrong_kind_do_no_harm(
    project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    """Not even where they are well-formed and signed; and what is right takes their place."""
    first = told(linted(project, cache))
    forget_runs(cache)
    for path in sorted(Path(cache._top).rglob("*.json")):
        path.write_text(signed(path.read_text().partition("\n")[2].replace(old, new)))
    assert told(linted(project, cache)) == first
    forget_runs(cache)
    traced = Traced(monkeypatch)
    assert told(linted(project, cache)) == first
    assert traced.files == []


def forget_runs(cache: Cache) -> None:
    for path in Path(cache._top).rglob("runs/*.json"):
        path.unlink()


def test_what_cannot_be_stored_is_an_internal_error(
    project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of that file: it is told of, not done again in silence, and the others are stored."""
    plain = told(linted(project))

    def store(self: Cache, path: str, part: str, data: object) -> None:
        if Path(path).name == "net.py":
            raise TypeError("no data")
        save(self, path, part, data)

    save = Cache.save_unit
    monkeypatch.setattr(Cache, "save_unit", store)
    report = linted(project, cache, layers=False)
    assert told(report) == plain
    assert [(Path(each.file).name, each.error) for each in report.crashes] == [("net.py", "TypeError: no data")]
    monkeypatch.undo()
    traced = Traced(monkeypatch)
    assert told(linted(project, cache, layers=False)) == plain
    assert set(traced.files) == {"net.py"}


def test_an_error_of_the_run_is_not_blamed_on_the_cache(
    project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> object:
        calls.append(1)
        raise TypeError("not the cache")

    calls: list[int] = []
    monkeypatch.setattr("initlint.work.judgement.class_rounds", fail)
    with pytest.raises(TypeError, match="not the cache"):
        linted(project, cache)
    assert calls == [1]


def test_a_flipped_bit_is_seen(project: Path, cache: Cache) -> None:
    first = told(linted(project, cache))
    for path in Path(cache._top).rglob("*.json"):
        path.write_bytes(path.read_bytes().replace(b"INI103", b"INI104"))
    assert told(linted(project, cache)) == first


def test_a_cache_that_cannot_be_written(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert told(linted(project, Cache(str(tmp_path / "file")))) == told(linted(project))


def test_stored_code_is_never_run(project: Path, cache: Cache, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no encoded value"):
        decode([200, "os.system"])
    with pytest.raises(ValueError, match="no encoded value"):
        decode({"__class__": "os.system"})


def test_it_is_bounded(project: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("initlint.memory.cache.MAX_BYTES", 2_000)
    monkeypatch.setattr("initlint.memory.cache.MAX_RUNS", 1)
    linted(project, cache)
    linted(project, cache, layers=False)
    units = list(Path(cache._top).rglob("units/*.json"))
    assert sum(path.stat().st_size for path in units) <= 2_000
    assert len(list(Path(cache._top).rglob("runs/*.json"))) <= 1


def test_runs_at_the_same_time(project: Path, cache: Cache) -> None:
    wanted = told(linted(project))
    found: list[list[tuple[str, int, str, str]]] = []
    threads = [threading.Thread(target=lambda: found.append(told(linted(project, Cache(cache._top))))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4
    assert not list(Path(cache._top).rglob("*.tmp"))


def test_a_run_that_is_killed_leaves_whole_files(project: Path, cache: Cache) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom initlint.memory.cache import Cache\n"
        "from tests.lint.projects import linted\n"
        "replace, left = os.replace, [3]\n"
        "def dying(*names):\n    left[0] -= 1\n    os._exit(9) if left[0] < 0 else replace(*names)\n"
        "os.replace = dying\nlinted(Path(sys.argv[1]), Cache(sys.argv[2]))\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", code, str(project), cache._top], cwd=root, check=False, env={**os.environ}
    )
    assert killed.returncode == 9
    assert told(linted(project, cache)) == told(linted(project))


SPAN = Span("a.py", 1, 2, 3, 4)
CALL = Call("torch.nn.init.normal_", SPAN, SPAN, (Argument(None, UNKNOWN, SPAN), Argument("std", 0.02, SPAN, True)), "f")
FINDING = Finding(
    "INI006", "std-passed-as-mean", Severity.ERROR, "m", SPAN, (Related(SPAN, "r"),),
    Fix("f", Applicability.UNSAFE, (SetArgument(CALL, "std", "0.02"), InsertAfter(SPAN, ("x",)))), "l", frozenset("ba"),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(UNKNOWN)
    | st.sampled_from(Severity) | st.just(FINDING),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner) | st.frozensets(st.text()),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(values)
def test_values_come_back_as_they_were(value: object) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_reports_of_nothing(tmp_path: Path, cache: Cache) -> None:
    assert linted(tmp_path, cache) == Report()
    assert linted(tmp_path, cache) == Report()
