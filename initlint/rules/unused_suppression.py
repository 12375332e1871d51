"""
## What it does
Finds suppression comments that suppress nothing.

## Why is this bad?
The mistake they excused is gone, and the next one on that line would be hidden by them. Codes of rules that are not
selected in this run are left alone, and so are codes of other tools.

## Fix safety
Safe: a comment changes nothing. Only the codes that suppress nothing are taken out; the rest of the comment stays.

## References
- [ruff, unused-noqa](https://docs.astral.sh/ruff/rules/unused-noqa/)
"""

from __future__ import annotations

from typing import Final

from initlint.model.change import ReplaceComment
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.source import Span
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI901", "unused-suppression", Severity.NOTE, fix=Applicability.SAFE)


def finding(comment: Span, codes: tuple[str, ...], remaining: str) -> Finding:
    """The finding about the comment at `comment`. `codes` are those of it that suppress nothing, () for one that names
    none; `remaining` is the comment without them, "" where nothing is left."""
    what = f"{these(codes)} {'are' if len(codes) > 1 else 'is'} not found here" if codes else "there is no finding here"
    return RULE.finding(
        f"{what}: the suppression has no use",
        comment,
        fix=Fix("Remove it", Applicability.SAFE, (ReplaceComment(comment, remaining),)),
    )
