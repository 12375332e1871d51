"""Findings and layers as text: one format a file, each a pure function from a document to a string."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from initlint.report.document import Document
from initlint.report.style import Style

Render = Callable[[Document, Style], str]

TEXT_FORMATS = frozenset({"full", "concise", "grouped"})
"""Those that people read: they may be followed by a word about the run."""


def renderer(name: str) -> Render:
    """The function that prints a document as the format `name`; only that format is imported."""
    render: Render = import_module(f"initlint.report.{name.replace('-', '_')}").render
    return render
