"""The catalogue: every rule module of this package, found by its file and imported when asked for.

Importing this module imports no rule. A rule is a public module of the package that holds
`RULE` (a `Rule`), a docstring in the sections below, and `check(program)`, a pure function
that yields findings about one root. Codes that the engine itself reports (INI9xx: unreadable
files, suppressions) have a module for their documentation and no `check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from typing import Final

import initlint.rules
from initlint.model.finding import Finding
from initlint.model.program import Program
from initlint.rules.rule import Rule

SECTIONS: Final = ("What it does", "Why is this bad?", "Example", "Use instead", "Fix safety", "References")
"""The headings of a rule's docstring, in order. "Fix safety" stands only where there is a fix, "Example" and
"Use instead" only where the code is about a model."""

_MACHINERY: Final = frozenset({"registry", "rule", "precedence"})
_ENGINE_PREFIX: Final = "INI9"
_CODE: Final = re.compile(r"INI\d{3}")
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Check = Callable[..., Iterator[Finding]]


class CatalogueError(Exception):
    """A rule module that breaks the protocol: a mistake in this package, never in what it reads."""


@dataclass(frozen=True)
class Entry:
    """A rule with what its module holds. `check` is None for codes the engine reports itself."""

    rule: Rule
    documentation: str
    check: Check | None

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """The docstring's sections by heading, in order."""
        parts = _HEADING.split(self.documentation)
        return {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}

    @property
    def summary(self) -> str:
        """One line: the first sentence of "What it does"."""
        first = " ".join(self.sections["What it does"].split("\n\n")[0].split())
        return first if first.endswith(".") else first + "."

    def code_in(self, heading: str) -> str:
        """The python source shown in a section, "" where it shows none."""
        found = _FENCE.search(self.sections.get(heading, ""))
        return found.group(1) if found else ""

    def run(self, program: Program, claimed: frozenset[str] = frozenset()) -> Iterator[Finding]:
        """The findings about one root. `claimed`: subjects of findings of rules that come first."""
        if self.check is None:
            return iter(())
        return self.check(program, claimed) if self.rule.heeds_claims else self.check(program)


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """Every rule by code, sorted by code.

    Raises `CatalogueError` for a module that breaks the protocol.
    """
    found: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for info in iter_modules(initlint.rules.__path__):
        if info.name.startswith("_") or info.name in _MACHINERY:
            continue
        entry = _load(info.name)
        rule = entry.rule
        if rule.code in found or rule.name in names:
            raise CatalogueError(f"{info.name}: {rule.code} {rule.name} is taken")
        found[rule.code] = entry
        names[rule.name] = rule.code
    return dict(sorted(found.items()))


def rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code."""
    return tuple(entry.rule for entry in entries().values())


def matching(selector: str) -> tuple[Rule, ...]:
    """The rules a selector addresses: a code, a prefix of codes, a name, or `ALL`. Empty where there is none."""
    if selector == "ALL":
        return rules()
    by_name = tuple(rule for rule in rules() if rule.name == selector)
    if by_name:
        return by_name
    if not selector.startswith("INI"):
        return ()
    return tuple(rule for rule in rules() if rule.code.startswith(selector))


def _load(module_name: str) -> Entry:
    module = import_module(f"{initlint.rules.__name__}.{module_name}")
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise CatalogueError(f"{module_name}: no RULE")
    if not _CODE.fullmatch(rule.code) or not _NAME.fullmatch(rule.name):
        raise CatalogueError(f"{module_name}: malformed code or name {rule.code} {rule.name}")
    if rule.name.replace("-", "_") != module_name:
        raise CatalogueError(f"{module_name}: holds the rule {rule.name}")
    entry = Entry(rule, cleandoc(module.__doc__ or ""), getattr(module, "check", None))
    _assert_documented(module_name, entry)
    return entry


def _assert_documented(module_name: str, entry: Entry) -> None:
    rule, sections = entry.rule, entry.sections
    order = [SECTIONS.index(heading) for heading in sections if heading in SECTIONS]
    if len(order) != len(sections) or order != sorted(set(order)):
        raise CatalogueError(f"{module_name}: sections {list(sections)} are not {list(SECTIONS)} in order")
    wanted = {"What it does", "Why is this bad?", "References"}
    if rule.fix is not None:
        wanted.add("Fix safety")
    if not rule.code.startswith(_ENGINE_PREFIX):
        wanted |= {"Example", "Use instead"}
        if entry.check is None:
            raise CatalogueError(f"{module_name}: no check")
        if not (entry.code_in("Example") and entry.code_in("Use instead")):
            raise CatalogueError(f"{module_name}: Example and Use instead need a python block")
    if wanted - sections.keys():
        raise CatalogueError(f"{module_name}: missing {sorted(wanted - sections.keys())}")
