"""Configuration: `[tool.initlint]` and the command line, read into `Settings`."""

from initlint.config.discovery import Configuration
from initlint.config.errors import ConfigError
from initlint.config.selection import Selected, Selection
from initlint.config.settings import PerFileIgnore, Settings, Vocabulary

__all__ = ["ConfigError", "Configuration", "PerFileIgnore", "Selected", "Selection", "Settings", "Vocabulary"]
