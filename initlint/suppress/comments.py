"""Findings about suppressions themselves: those that suppress nothing, and those that name no rule."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.config.errors import close_to
from initlint.config.selection import known_selectors
from initlint.config.settings import Settings
from initlint.model.finding import Finding
from initlint.model.source import Span
from initlint.rules import unknown_suppression, unused_suppression
from initlint.rules.registry import rules
from initlint.syntax.suppressions import Idle, Suppressions


def about_comments(comments: Suppressions, settings: Settings, whole: bool) -> Iterator[Finding]:
    """INI901 and INI902 in a file whose other findings have been matched against its `comments`. What is not used
    is only known where the file was linted as a whole."""
    path = comments.source.path
    enabled = settings.enabled(path)
    names = {rule.code: rule.name for rule in rules()}
    ran = {code: names[code] for code in enabled if code in names and not code.startswith("INI9")}
    found = []
    if whole and unused_suppression.RULE.code in enabled:
        for idle in comments.unused(ran):
            found.append(unused_suppression.finding(*_about(comments, idle)))
    if unknown_suppression.RULE.code in enabled:
        for idle in comments.unknown(names):
            span, codes, remaining = _about(comments, idle)
            nearest = next(iter(close_to(codes[0], known_selectors())), None)
            found.append(unknown_suppression.finding(span, codes, remaining, nearest))
    for finding in found:
        if comments.matches(finding.code, finding.name, finding.span.line, finding.span.end_line) is None:
            yield finding


def _about(comments: Suppressions, idle: Idle) -> tuple[Span, tuple[str, ...], str]:
    """The comment that holds a suppression, what of it is idle, and the comment without that."""
    item = idle.suppression
    source = comments.source
    edit = comments.removal(item, idle.selectors)
    remaining = ""
    if edit.start >= item.comment_start:
        text = source.text
        before, after = text[item.comment_start : edit.start], text[edit.end : item.comment_end]
        remaining = f"{before}{edit.content}{after}".strip()
    span = source.span(item.comment_start, item.comment_end)
    return span, tuple(selector.text for selector in idle.selectors), remaining
