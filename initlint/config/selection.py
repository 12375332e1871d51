"""Which rules run: `select`, `ignore` and their kin, by code, prefix, name or `ALL`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from initlint.model.finding import Severity

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Selection:
    """One level of choice: a configuration file, or the command line above it. `select` None leaves what was chosen."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """A rule that runs: at `severity` instead of its own where given, `explicit` where a selector asked for it."""

    severity: Severity | None
    explicit: bool


def choose(levels: Sequence[Selection]) -> dict[str, bool]:
    """The codes that run, sorted, each with whether a selector asked for it.

    Within a level the more specific selector wins, and `ignore` wins among equals. A level with `select`
    replaces everything below it, save that the ignores of a level that selects nothing still hold against
    less specific selectors.
    """
    from initlint.rules.registry import rules

    chosen = {rule.code: False for rule in rules() if rule.on}
    carried: tuple[str, ...] = ()
    for level in levels:
        verdicts = _verdicts(carried, (*(level.select or ()), *level.extend_select), level.ignore)
        if level.select is not None:
            chosen = {}
        for code, wanted in verdicts.items():
            if wanted:
                chosen[code] = True
            else:
                chosen.pop(code, None)
        carried = (*carried, *level.ignore) if level.select is None else ()
    return dict(sorted(chosen.items()))


def _verdicts(carried: Iterable[str], selects: Iterable[str], ignores: Iterable[str]) -> dict[str, bool]:
    """Whether each code that is spoken of runs: by specificity, and among equals in the order of the arguments."""
    ranked = [
        (_specificity(selector), rank, selector)
        for rank, selectors in enumerate((carried, selects, ignores))
        for selector in selectors
    ]
    verdicts = {}
    for _, rank, selector in sorted(ranked):
        for code in codes_of(selector):
            verdicts[code] = rank == 1
    return verdicts


def overrides(pairs: Iterable[tuple[str, Value]]) -> Mapping[str, Value]:
    """By code, the value of the most specific selector; the later one among equals."""
    found: dict[str, Value] = {}
    for selector, value in sorted(pairs, key=lambda pair: _specificity(pair[0])):
        for code in codes_of(selector):
            found[code] = value
    return found


def matching_codes(selectors: Iterable[str]) -> frozenset[str]:
    return frozenset(code for selector in selectors for code in codes_of(selector))


def codes_of(selector: str) -> tuple[str, ...]:
    """The codes a selector addresses, none where it is unknown."""
    from initlint.rules.registry import matching

    return tuple(rule.code for rule in matching(selector))


def known_selectors() -> list[str]:
    """Every full code and name, for suggestions."""
    from initlint.rules.registry import rules

    return ["ALL", *(rule.code for rule in rules()), *(rule.name for rule in rules())]


def _specificity(selector: str) -> int:
    """Names are as exact as codes."""
    if selector == "ALL":
        return 0
    return len(selector) if selector.startswith("INI") else len("INI000")
