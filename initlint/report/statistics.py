"""How many findings each rule has."""

from __future__ import annotations

import json
from collections import Counter

from initlint.report.document import Document
from initlint.report.style import Style


def render(document: Document, style: Style) -> str:
    """A line a rule, the most frequent first: count, code, `[*]` where all can be fixed, name."""
    rows = _rows(document)
    width = len(str(rows[0][0])) if rows else 0
    anything = any(fixable for _, _, _, fixable in rows)
    lines = []
    for count, code, name, fixable in rows:
        mark = f"[{style.paint('*' if fixable == count else '-', 'cyan')}]" if fixable else "[ ]"
        lines.append(f"{style.paint(f'{count:>{width}}', 'bold')}\t{code}\t" + (f"{mark} " if anything else "") + name)
    if anything:
        lines.append("[*] all can be fixed by this run's flags, [-] some")
    return "".join(f"{line}\n" for line in lines)


def render_json(document: Document, style: Style) -> str:
    entries = [
        {"code": code, "name": name, "count": count, "fixable": fixable == count, "fixable_count": fixable}
        for count, code, name, fixable in _rows(document)
    ]
    return json.dumps(entries, indent=2) + "\n"


def _rows(document: Document) -> list[tuple[int, str, str, int]]:
    """(count, code, name, how many can be fixed by this run's flags)."""
    counts: Counter[tuple[str, str]] = Counter()
    fixable: Counter[tuple[str, str]] = Counter()
    for diagnostic in document.diagnostics:
        key = (diagnostic.code, diagnostic.name)
        counts[key] += 1
        fixable[key] += diagnostic.repair is not None and diagnostic.repair.applies
    return sorted(((count, *key, fixable[key]) for key, count in counts.items()), key=lambda row: (-row[0], row[1]))
