"""How long a hover takes beside a large file that is being linted and edited.

    python benchmarks/hover.py [--lines 20000] [--seconds 30]

Opens a small file, then a model file of so many lines, and types into a definition in its middle, a character every
300 ms; all the while it hovers over a layer of the small file and one of the large file in turn. Prints the median,
the 99th percentile and the longest time until an answer, while the large file was read for the first time and while
it was edited.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent))

from server import HEAD, Client, model_file

PAUSE: Final = 0.05
"""Seconds from one hover to the next."""
TYPING: Final = 0.3
"""Seconds from one keystroke to the next."""


class Listener(Client):
    """A client whose answers are read as they come. `times` has the time of each answer and first publication."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.times: dict[Any, float] = {}
        self.diagnosed = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        self.wait(self._note)

    def _note(self, message: Any) -> bool:
        if "id" in message and "method" not in message:
            self.times[message["id"]] = time.perf_counter()
        if message.get("method") == "textDocument/publishDiagnostics" and "large" in message["params"]["uri"]:
            self.diagnosed.set()
        return message.get("id") == 2

    def goodbye(self) -> None:
        self.send("shutdown", None, ident=2)
        while 2 not in self.times:
            time.sleep(PAUSE)
        self.send("exit", None)
        self.process.wait(30)


def opened(client: Client, path: Path, text: str) -> None:
    item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
    client.send("textDocument/didOpen", {"textDocument": item})


def layer_line(text: str) -> int:
    """The line, from 0, of the last layer."""
    return text[: text.rindex("nn.Linear")].count("\n")


def measure(lines: int, seconds: float, folder: Path) -> dict[str, list[float]]:
    """Seconds until each hover was answered, by what went on."""
    small, large = folder / "small.py", folder / "large.py"
    texts = {small: model_file(80, 1), large: model_file(lines, 1)}
    client = Listener(folder)
    opened(client, small, texts[small])
    time.sleep(3)
    sent: dict[int, tuple[str, float]] = {}
    places = [(path.as_uri(), layer_line(text)) for path, text in texts.items()]
    opened(client, large, texts[large])
    number, version, typed, end = 10, 1, 0.0, 0.0
    middle = texts[large][: texts[large].index("def __init__", len(texts[large]) // 2)].count("\n") + 1
    while not end or time.perf_counter() < end:
        now = time.perf_counter()
        if not end and client.diagnosed.is_set():
            end = now + seconds
        if end and now - typed > TYPING:
            version, typed = version + 1, now
            where = {"line": middle, "character": 8}
            change = {"range": {"start": where, "end": where}, "text": "pass; " if version == 2 else " "}
            name = {"uri": large.as_uri(), "version": version}
            client.send("textDocument/didChange", {"textDocument": name, "contentChanges": [change]})
        # nothing is known of the large file before its first lint is over: hovers there would only wait for it
        uri, line = places[number % 2 if end else 0]
        number += 1
        sent[number] = "edited" if end else "read", time.perf_counter()
        where = {"line": line, "character": 20}
        client.send("textDocument/hover", {"textDocument": {"uri": uri}, "position": where}, ident=number)
        time.sleep(PAUSE)
    client.goodbye()
    found: dict[str, list[float]] = {"read": [], "edited": []}
    for ident, (phase, started) in sent.items():
        found[phase].append(client.times[ident] - started)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(arguments.lines, arguments.seconds, Path(folder).resolve())
    count = (HEAD + model_file(arguments.lines, 1)).count("\n")
    for phase, times in found.items():
        percentile = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
        told = (1000 * each for each in (statistics.median(times), percentile, max(times)))
        print(f"{count} lines, being {phase}: {len(times)} hovers, median %.0f ms, 99 in 100 within %.0f ms, longest "
              "%.0f ms" % tuple(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
