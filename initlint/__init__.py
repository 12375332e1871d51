"""Reads PyTorch models without running them and says how their weights are initialised, and what is wrong with it.

`lint_paths`, `lint_source` and `show_layers` are the library; the rest of the names are what they take and give.
"""

from __future__ import annotations

TYPE_CHECKING = False      # what type checkers take it for; importing typing would double the cost of `--version`
if TYPE_CHECKING:
    from initlint.api import lint_paths, lint_source, show_layers
    from initlint.config import ConfigError, Configuration, Settings
    from initlint.model.report import LayerRow
    from initlint.report.document import Diagnostic

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "Configuration",
    "Diagnostic",
    "LayerRow",
    "Settings",
    "__version__",
    "lint_paths",
    "lint_source",
    "show_layers",
]

_HOMES = {
    "ConfigError": "initlint.config",
    "Configuration": "initlint.config",
    "Diagnostic": "initlint.report.document",
    "LayerRow": "initlint.model.report",
    "Settings": "initlint.config",
    "lint_paths": "initlint.api",
    "lint_source": "initlint.api",
    "show_layers": "initlint.api",
}


def __getattr__(name: str) -> object:
    """Imports what is asked for: `initlint --version` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_HOMES[name]), name)
    return found
