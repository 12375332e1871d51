"""Feeds the text layers what no one would write: `python benchmarks/fuzz.py [LAYER…] [--runs 100000] [--seconds 60]`.

Needs atheris (`pip install atheris`). Each layer is driven in a process of its own, from the files of `tests/eval`
on, by what new lines of code its inputs reach. Prints how many inputs each layer was given; exits with 1 where one
raised what it should not, or broke a promise: a text that does not come back as it was, tokens that overlap.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TIMEOUT: Final = 20
"""Seconds that one input may take."""

CONFIGURATION: Final = b"""\
[tool.initlint]
extend = "base.toml"
select = ["ALL", "INI1"]
ignore = ["signal-collapse"]
line-length = 100
exclude = ["**/build/*.py", "[a-z]?{a,b}"]
per-file-ignores = { "tests/**" = ["INI101"] }
required-version = ">=0.1"
[tool.initlint.vocabulary]
aliases = { "mine.Linear" = "torch.nn.Linear" }
[tool.initlint.severity]
INI101 = "note"
"""


def _targets() -> dict[str, Callable[[bytes], None]]:
    from initlint.config.discovery import Configuration
    from initlint.config.errors import ConfigError
    from initlint.config.globs import Glob
    from initlint.config.locate import key_lines
    from initlint.files.index import glance
    from initlint.suppress.comments import about_comments
    from initlint.syntax.parse import parse
    from initlint.syntax.scan import scan
    from initlint.syntax.source import Source, from_bytes
    from initlint.syntax.suppressions import suppressions

    plain = Configuration({"select": ["ALL"]}, isolated=True).root
    scratch = Path(tempfile.mkdtemp(prefix="initlint-fuzz-"), "initlint.toml")

    def text_of(data: bytes) -> Source | None:
        found = from_bytes(data)
        return found if isinstance(found, Source) else None

    def source(data: bytes) -> None:
        found = text_of(data)
        assert found is None or found.encode() == data

    def notebook(data: bytes) -> None:
        found = from_bytes(data, "model.ipynb")
        assert not isinstance(found, Source) or found.encode() == data

    def tokens(data: bytes) -> None:
        found = text_of(data)
        end = 0
        for token in scan(found.text) if found is not None else ():
            assert token.start <= token.end <= len(found.text)
            assert token.kind.name == "LINE" or token.start >= end
            end = end if token.kind.name == "LINE" else token.end

    def comments(data: bytes) -> None:
        found = text_of(data)
        if found is not None:
            there = suppressions(found)
            for item in there.items:
                found.edited([there.removal(item, item.selectors[:1])])
            about_comments(there, plain, True)
            there.noqa_row(1)

    def glances(data: bytes) -> None:
        glance(from_bytes(data))

    def trees(data: bytes) -> None:
        found = text_of(data)
        if found is not None:
            parse(found)

    def configuration(data: bytes) -> None:
        scratch.write_bytes(data)
        try:
            settings = Configuration(config=[str(scratch)]).root
            settings.enabled("model.py")
        except ConfigError:
            return
        key_lines(scratch.read_text("utf-8"))

    def globs(data: bytes) -> None:
        pattern, _, path = data.decode("utf-8", "replace").partition("\n")
        with suppress(ConfigError):
            Glob(pattern, "/").matches("/" + path)

    return {
        "source": source, "notebook": notebook, "tokens": tokens, "comments": comments, "glances": glances,
        "trees": trees, "configuration": configuration, "globs": globs,
    }


LAYERS: Final = ("source", "notebook", "tokens", "comments", "glances", "trees", "configuration", "globs")


def _seeds(folder: Path) -> None:
    texts = [path.read_bytes()[:1500] for path in sorted((ROOT / "tests" / "eval").rglob("*.py"))[::8]]
    texts += [CONFIGURATION, b"**/a[b-c]/{d,e}?.py\na/b/c.py", b"# initlint: disable[INI1]\nx = 1  # noqa: INI101, E5"]
    texts.append("# -*- coding: latin-1 -*-\nx = 'é'  # initlint: ignore[INI1]\n".encode("latin-1"))
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%time x\n", "import torch"]}
    book = {"cells": [cell, {**cell, "source": "!ls\nx = 1"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    texts.append(json.dumps(book, indent=1).encode())
    for index, text in enumerate(texts):
        (folder / f"{index:03}").write_bytes(text)


def _drive(layer: str, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["initlint"]):
        target = _targets()[layer]
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description="Feeds the text layers what no one would write.")
    parser.add_argument("layers", nargs="*", default=LAYERS)
    parser.add_argument("--runs", type=int, default=100_000, help="inputs for each layer")
    parser.add_argument("--seconds", type=int, default=60, help="at most so long for each layer")
    parser.add_argument("--drive", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.drive:
        _drive(options.drive, [*rest, *options.layers])
        return 0
    failed = False
    for layer in options.layers:
        with tempfile.TemporaryDirectory(prefix="initlint-fuzz-") as scratch:
            seeds = Path(scratch, "seeds")
            seeds.mkdir()
            _seeds(seeds)
            command = [
                sys.executable, __file__, "--drive", layer, f"-runs={options.runs}",
                f"-max_total_time={options.seconds}", f"-timeout={TIMEOUT}", "-max_len=3000", "-seed=1",
                f"-artifact_prefix={scratch}{os.sep}", str(seeds),
            ]
            surroundings = {**os.environ, "TMPDIR": scratch, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(command, capture_output=True, check=False, env=surroundings)
            output = (done.stdout + done.stderr).decode("utf-8", "replace")
            runs = re.findall(r"Done (\d+) runs|^#(\d+)", output, re.MULTILINE)
            count = max((int(a or b) for a, b in runs), default=0)
            print(f"{layer}: {count} inputs, {'failed' if done.returncode else 'nothing found'}", flush=True)
            if done.returncode:
                failed = True
                print(output[-3000:])
                for path in sorted(Path(scratch).glob("*-*")):
                    print(repr(path.read_bytes()) if path.is_file() else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
