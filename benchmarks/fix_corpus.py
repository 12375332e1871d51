"""What fixes do to real code: `python benchmarks/fix_corpus.py PACKAGE_FOLDER…`.

The Python files of each folder are copied to a scratch folder and fixed there, as by
`initlint --fix --unsafe-fixes --select ALL`. Then every file that compiled before must compile, a second run must
change nothing, and lines may differ only where a fix was reported. Prints the counts; exits with 1 where one
of the three does not hold.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from initlint.config.discovery import Configuration
from initlint.config.settings import Settings
from initlint.fix.apply import Outcome
from initlint.fix.diff import unified_diff
from initlint.fix.document import Document
from initlint.fix.nodes import Unreadable
from initlint.fix.render import render_in
from initlint.fix.write import write_source
from initlint.lint import Report
from initlint.model.finding import Finding
from initlint.session import findings_of, fix, run
from initlint.syntax.source import Source


def settings_with(cache: Path) -> Settings:
    options = {"select": ["ALL"], "unsafe_fixes": True, "cache_dir": str(cache)}
    return Configuration(options, isolated=True).root


@dataclass
class Result:
    """The counts of one folder. `broken`, `unsettled` and `stray` name what must not be."""

    files: int = 0
    findings: int = 0
    fixable: int = 0
    changed: int = 0
    fixed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    added: int = 0
    removed: int = 0
    later: int = 0
    broken: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    patch: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="PACKAGE_FOLDER")
    parser.add_argument("--patch", type=Path, help="write here what changed")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")     # of invalid escapes in what is compiled
    failed, patches = False, []
    for folder in arguments.folders:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            settings = settings_with(Path(scratch) / "cache")
            result = fixed(copied(folder, Path(scratch) / "copy"), settings)
        patches.append(result.patch)
        print_result(folder.name, result, time.monotonic() - started)
        failed = failed or bool(result.broken or result.unsettled or result.stray)
    if arguments.patch is not None:
        arguments.patch.write_text("".join(patches), errors="surrogateescape")
    return 1 if failed else 0


def copied(folder: Path, scratch: Path) -> Path:
    """A copy of the Python files."""
    target = scratch / folder.name
    for path in sorted(folder.rglob("*.py")):
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


def fixed(folder: Path, settings: Settings) -> Result:
    """Fixes the files below a folder, twice, and looks at what became of them."""
    paths = [str(path) for path in sorted(folder.rglob("*.py"))]
    report = run(paths, settings)
    before = {file.path: file.source for file in report.files if file.source is not None}
    result = Result(files=len(paths), findings=len(findings_of(report)))
    result.fixable = sum(1 for finding in findings_of(report) if finding.fix is not None)
    for path, outcome in fix(paths, report, settings, ahead=True).items():
        name = str(Path(path).relative_to(folder.parent))
        result.refused.update(_plain(refusal.reason) for refusal in outcome.refused)
        if outcome.applied:
            _look_at(result, name, before[path], outcome, report)
            write_source(path, before[path], outcome.source)
    for path, outcome in fix(paths, run(paths, settings), settings).items():
        if outcome.applied:
            result.unsettled.append(f"{Path(path).name}: {', '.join(finding.code for finding in outcome.applied)}")
    return result


def _plain(reason: str) -> str:
    return reason.split(" (")[0]


def _look_at(result: Result, name: str, before: Source, outcome: Outcome, report: Report) -> None:
    result.changed += 1
    result.fixed.update(finding.code for finding in outcome.applied)
    if _compiles(before) and not _compiles(outcome.source):
        result.broken.append(name)
    old, new = before.text.splitlines(keepends=True), outcome.source.text.splitlines(keepends=True)
    known = {id(finding) for file in report.files for finding in file.findings}
    first = [finding for finding in outcome.applied if id(finding) in known]
    result.later += len(outcome.applied) - len(first)
    lines = _lines_of(before, first)
    for tag, start, stop, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        result.removed += stop - start
        result.added += high - low
        if len(first) == len(outcome.applied) and lines.isdisjoint(range(start, stop + 2)):
            result.stray.append(f"{name}:{start + 1}")
    result.patch += unified_diff(name, before.encode(), outcome.source.encode()).decode("utf-8", "surrogateescape")


def _compiles(source: Source) -> bool:
    try:
        compile(source.encode(), source.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _lines_of(source: Source, findings: list[Finding]) -> set[int]:
    """The lines (from 1) that the fixes of findings edit, imports that they may free among them."""
    document = Document(source)
    found = set(_import_lines(document))
    for finding in findings:
        edits = render_in(document, finding.fix) if finding.fix is not None else None
        for edit in edits or ():
            found.update(range(source.line_at(edit.start), source.line_at(edit.end) + 1))
    return found


def _import_lines(document: Document) -> Iterator[int]:
    try:
        nodes = document.tree.body
    except Unreadable:
        return
    for node in nodes:
        if type(node).__name__ in ("Import", "ImportFrom"):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def print_result(name: str, result: Result, seconds: float) -> None:
    print(f"{name}: {result.files} files, {result.findings} findings, {result.fixable} with a fix ({seconds:.0f} s)")
    print(f"  fixed {result.fixed.total()} in {result.changed} files: {_counts(result.fixed)}")
    print(f"  of them {result.later} that came to light behind others; lines +{result.added} -{result.removed}")
    print(f"  refused {result.refused.total()}: {_counts(result.refused)}")
    for what, names in (
        ("no longer compile", result.broken), ("change in a second run", result.unsettled), ("stray", result.stray),
    ):
        print(f"  {what}: {len(names)}" + "".join(f"\n    {each}" for each in names))
    sys.stdout.flush()


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key} ×{number}" for key, number in sorted(counts.items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
