"""
## What it does
Reports files that cannot be read as Python, or as a notebook.

## Why is this bad?
Nothing in such a file is checked, so it must not pass for clean. Files written for a newer Python than the one that
runs initlint are read all the same.

## References
- [The Python language reference](https://docs.python.org/3/reference/index.html)
- [nbformat](https://nbformat.readthedocs.io/en/latest/format_description.html)
"""

from __future__ import annotations

from typing import Final

from initlint.model.finding import Finding, Severity
from initlint.model.source import Span
from initlint.rules.rule import Rule

RULE: Final = Rule("INI900", "syntax-error", Severity.ERROR)


def finding(span: Span, reason: str) -> Finding:
    """The finding about a file that could not be read at `span`, for a reason in the parser's words."""
    return RULE.finding(f"cannot read this file: {reason}", span)
