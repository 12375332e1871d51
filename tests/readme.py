"""The parts of the README that are generated. `python -m tests.readme` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from initlint.rules.registry import Entry, entries

README = Path(__file__).parents[1] / "README.md"


def rules_table() -> str:
    lines = ["| code | name | severity | default | fix | |", "|---|---|---|---|---|---|"]
    for entry in entries().values():
        rule = entry.rule
        summary = entry.summary.replace("|", "\\|")
        fix = rule.fix.value if rule.fix else ""
        lines.append(f"| {rule.code} | {rule.name} | {rule.severity.value} | {_default(entry)} | {fix} | {summary} |")
    return "\n".join(lines)


def _default(entry: Entry) -> str:
    if entry.rule.on:
        return "on"
    return "closed world¹" if entry.rule.closed_world else "off"


def between(text: str, name: str) -> str:
    """What stands between the two marks of a part."""
    found = re.search(f"<!-- {name}:start -->\n(.*?)<!-- {name}:end -->", text, re.DOTALL)
    assert found is not None, name
    return found[1]


def rules_part() -> str:
    note = "¹ on in files that also use the models they define, off elsewhere."
    return f"{rules_table()}\n\n{note}\n"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    old = between(text, "rules") + "<!-- rules:end"
    README.write_text(text.replace(old, rules_part() + "<!-- rules:end"), encoding="utf-8")


if __name__ == "__main__":
    main()
