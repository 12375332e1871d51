"""What the user set in the editor, under `initlint`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

SECTION: Final = "initlint"
_LISTS: Final = frozenset({"select", "ignore", "extend_select"})
_TEXTS: Final = frozenset({"configuration"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings of one workspace folder. In the editor they are spelled in camelCase.

    `configuration` names a configuration file to read in place of those that lie in the project;
    `select`, `ignore`, `extend_select` and `unsafe_fixes` come before what the files say, where they are set.
    `whole_program`: read the files of the folder that import what is open, so that findings are those of a run
    over the project. `scan_workspace`: show findings of closed files too.
    """

    enable: bool = True
    configuration: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    unsafe_fixes: bool | None = None
    fix_all: bool = True
    disable_comment: bool = True
    hover: bool = True
    inlay_hints: bool = True
    code_lens: bool = True
    whole_program: bool = True
    scan_workspace: bool = False

    @property
    def shows_layers(self) -> bool:
        """Whether anything is shown that is no finding."""
        return self.hover or self.inlay_hints or self.code_lens

    @property
    def overrides(self) -> Mapping[str, Any]:
        """What comes before the configuration files, by field of `Settings`."""
        told = {name: getattr(self, name) for name in ("select", "ignore", "extend_select", "unsafe_fixes")}
        return {name: value for name, value in told.items() if value is not None}


def preferences(raw: object) -> tuple[Preferences, tuple[str, ...]]:
    """Preferences from what a client sent, and what of it could not be used."""
    if raw is None:
        return Preferences(), ()
    if not isinstance(raw, Mapping):
        return Preferences(), (f"`{SECTION}` is no table of settings",)
    values: dict[str, Any] = {}
    problems = []
    for entry in fields(Preferences):
        name = camel(entry.name)
        value = raw.get(name, raw.get(entry.name))
        if value is None:
            continue
        read = _read(entry.name, value)
        if read is None:
            problems.append(f"`{SECTION}.{name}` cannot be {value!r}")
        else:
            values[entry.name] = read
    return Preferences(**values), tuple(problems)


def _read(name: str, value: object) -> object | None:
    if name in _LISTS:
        is_list = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
        return tuple(value) if is_list else None  # type: ignore[arg-type]
    if name in _TEXTS:
        return value if isinstance(value, str) else None
    return value if isinstance(value, bool) else None


def camel(name: str) -> str:
    """`inlay_hints` as editors spell it: `inlayHints`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
