"""
## What it does
Finds suppression comments that name a rule initlint does not have.

## Why is this bad?
They suppress nothing, most often because of a typing mistake. In a `noqa` comment only codes that begin with INI are
looked at; the codes of other tools are theirs.

## Fix safety
Safe: a comment changes nothing. The unknown codes are taken out; the rest of the comment stays.

## References
- [ruff, invalid-rule-code](https://docs.astral.sh/ruff/rules/invalid-rule-code/)
"""

from __future__ import annotations

from typing import Final

from initlint.model.change import ReplaceComment
from initlint.model.finding import Applicability, Finding, Fix, Severity
from initlint.model.source import Span
from initlint.rules._words import these
from initlint.rules.rule import Rule

RULE: Final = Rule("INI902", "unknown-suppression", Severity.NOTE, fix=Applicability.SAFE)


def finding(comment: Span, codes: tuple[str, ...], remaining: str, nearest: str | None = None) -> Finding:
    """The finding about the comment at `comment`. `codes` are those of it that name no rule, `remaining` is the comment
    without them, "" where nothing is left; `nearest` is the rule that was probably meant."""
    hint = f"; did you mean `{nearest}`?" if nearest else ""
    return RULE.finding(
        f"there {'are no rules' if len(codes) > 1 else 'is no rule'} {these(codes)}{hint}",
        comment,
        fix=Fix("Remove it", Applicability.SAFE, (ReplaceComment(comment, remaining),)),
    )
