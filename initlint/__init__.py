"""Reads PyTorch models without running them and says how their weights are initialised, and what is wrong with it."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
