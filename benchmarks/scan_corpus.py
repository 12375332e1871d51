"""What is found in packages that others wrote: `python benchmarks/scan_corpus.py FOLDER [PACKAGE…]`.

FOLDER is where `pip install --no-deps --target FOLDER …` put the packages. Each is linted with the default rules, and
what is found is held against `corpus.json`, in which every finding has been read and called true or false, with a
reason. Prints, for each package, its files, the definitions given up at a bound, the seconds of CPU and the megabytes
of the largest process so far, and the counts for each rule. Exits with 1 where something is found that nobody has read,
where more than 2 % is false, where what was found is gone, or where there was an internal error. `--write` keeps what
is found, for reading; `--jobs` is the number of processes.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import resource
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

RECORD: Final = Path(__file__).with_name("corpus.json")
MOST_FALSE: Final = 0.02
"""The share of findings that may be false."""


@dataclass(frozen=True, order=True)
class Found:
    """One finding, by what stays the same when nothing about it changes."""

    package: str
    file: str
    line: int
    code: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="default: those of corpus.json")
    parser.add_argument("--jobs", type=int, help="default: all cores")
    parser.add_argument("--write", action="store_true", help="add what is found and not read to corpus.json")
    options = parser.parse_args()
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {"packages": {}, "findings": []}
    packages = options.packages or sorted(record["packages"])
    read = {_key(entry): entry for entry in record["findings"] if entry["package"] in packages}
    messages: dict[Found, str] = {}
    errors = 0
    for package in packages:
        scan = scanned(options.folder, package, options.jobs)
        messages.update(scan.found)
        errors += len(scan.errors)
        record["packages"][package] = {"version": version(options.folder, package)}
        print(f"{package} {record['packages'][package]['version']}: {scan.described()}", flush=True)
        for line in scan.errors:
            print(f"  {line}", flush=True)
    unread = sorted(set(messages) - {key for key, entry in read.items() if entry["verdict"] in ("true", "false")})
    gone = sorted(set(read) - set(messages))
    false = [key for key in messages if read.get(key, {}).get("verdict") == "false"]
    print(table(packages, list(messages)))
    for key in unread:
        print(f"not read: {key.package}/{key.file}:{key.line} {key.code} {messages[key]}")
    for key in gone:
        print(f"no longer found: {key.package}/{key.file}:{key.line} {key.code}")
    print(f"{len(messages)} found, {len(false)} of them false, {len(unread)} not read, {len(gone)} no longer found")
    if options.write:
        kept = [entry for entry in record["findings"] if entry["package"] not in packages]
        for key in sorted(messages):
            before = read.get(key, {"verdict": "", "reason": ""})
            kept.append({**asdict(key), "verdict": before["verdict"], "reason": before["reason"]})
        record["findings"] = sorted(kept, key=_key)
        RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
    return 1 if errors or unread or gone or len(false) > MOST_FALSE * len(messages) else 0


def _key(entry: dict[str, Any]) -> Found:
    return Found(entry["package"], entry["file"], entry["line"], entry["code"])


@dataclass(frozen=True)
class Scan:
    """One package: the findings and their messages, the files read, the definitions whose trace was given up at a
    bound, the lines about internal errors, the seconds of CPU, and the megabytes of the largest process so far."""

    found: dict[Found, str]
    files: int
    given_up: int
    errors: list[str]
    seconds: float
    memory: float

    def described(self) -> str:
        return (
            f"{len(self.found)} findings in {self.files} files, {self.given_up} definitions given up, "
            f"{len(self.errors)} internal errors, {self.seconds:.0f} s of CPU, {self.memory:.0f} MB"
        )


def scanned(folder: Path, package: str, jobs: int | None) -> Scan:
    command = [
        sys.executable, "-m", "initlint", "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json",
        "--verbose", *([] if jobs is None else ["--jobs", str(jobs)]),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([*command, package], cwd=folder, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        Found(package, Path(each["filename"]).relative_to((folder / package).resolve()).as_posix(),
              each["location"]["row"], each["code"]): each["message"]
        for each in json.loads(run.stdout)
    }
    told = run.stderr.splitlines()
    return Scan(
        found,
        files=sum(1 for _ in (folder / package).rglob("*.py")),
        given_up=sum(": given up (" in line for line in told),
        errors=[line for line in told if "internal error" in line],
        seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        memory=after.ru_maxrss / 1024,
    )


def version(folder: Path, package: str) -> str:
    """The installed version of the distribution that a package came with."""
    for each in importlib.metadata.distributions(path=[str(folder)]):
        if any(file.parts[0] == package for file in each.files or ()):
            return each.version
    return "unknown"


def table(packages: list[str], found: list[Found]) -> str:
    """Counts: a row for each package, a column for each rule."""
    counts = Counter((each.package, each.code) for each in found)
    codes = sorted({each.code for each in found})
    width = max(map(len, packages), default=0)
    rows = [" ".join([" " * width, *codes])]
    rows += [
        " ".join([f"{package:{width}}", *(f"{counts[package, code] or '·':>{len(code)}}" for code in codes)])
        for package in packages
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
