"""Path patterns of the configuration: `exclude`, `include`, `per-file-ignores`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern as written, and the directory it is relative to.

    It matches a path by its last part (`build`, `*_pb2.py`) or, joined to `base`, as a whole
    (`legacy/models`, `tests/*`). As in ruff, `*` and `?` cross separators.
    """

    pattern: str
    base: str

    def matches(self, path: str) -> bool:
        """`path` is absolute."""
        name, whole = _expressions(self.pattern, self.base)
        return whole.match(path) is not None or (name is not None and name.match(os.path.basename(path)) is not None)


@lru_cache(maxsize=4096)
def _expressions(pattern: str, base: str) -> tuple[re.Pattern[str] | None, re.Pattern[str]]:
    pattern = pattern.replace(os.sep, "/").rstrip("/") or "/"
    base = base.replace(os.sep, "/")
    absolute = pattern if os.path.isabs(pattern) else f"{_literal(base.rstrip('/'))}/{pattern.removeprefix('./')}"
    return (None if "/" in pattern else re.compile(_translate(pattern)), re.compile(_translate(absolute)))


def _literal(text: str) -> str:
    return re.sub(r"[*?\[\]{}]", lambda found: "[" + found[0] + "]" if found[0] not in "]" else "]", text)


_TOKEN = re.compile(
    r"(?P<between>/\*\*(?=/))|(?P<head>^\*\*/)|(?P<star>\*+)|(?P<any>\?)"
    r"|(?P<set>\[!?\]?[^\]]*\])|(?P<brace>\{[^{}]*\})|(?P<text>.)",
    re.DOTALL,
)


def _translate(pattern: str) -> str:
    """A regular expression for a whole path with `/` separators."""
    parts = []
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        match token.lastgroup:
            case "between":
                parts.append("(?:/.*)?")
            case "head":
                parts.append("(?:.*/)?")
            case "star":
                parts.append(".*")
            case "any":
                parts.append(".")
            case "set":
                parts.append(_character_set(text))
            case "brace":
                parts.append("(?:" + "|".join(_translate(option)[4:-3] for option in text[1:-1].split(",")) + ")")
            case _:
                parts.append(re.escape(text))
    return "(?s:" + "".join(parts) + r")\Z"


def _character_set(text: str) -> str:
    """`[ab]`, `[!ab]`, `[a-z]`; a range that runs backwards stands for itself."""
    inner = re.sub(r"[\\\[&~|^]", r"\\\g<0>", text[1:-1])
    inner = f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    try:
        re.compile(inner)
    except re.error:
        return re.escape(text)
    return inner


class Globs:
    """Several patterns, compiled to one: walks ask about every file and folder."""

    def __init__(self, globs: Iterable[Glob]) -> None:
        pairs = [_expressions(glob.pattern, glob.base) for glob in globs]
        self._names = _any(name for name, _ in pairs if name is not None)
        self._wholes = _any(whole for _, whole in pairs)

    def matches(self, path: str) -> bool:
        """Whether any pattern matches `path` (absolute)."""
        return self._names.match(os.path.basename(path)) is not None or self._wholes.match(path) is not None


def _any(expressions: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    return re.compile("|".join(expression.pattern for expression in expressions) or r"(?!)")
