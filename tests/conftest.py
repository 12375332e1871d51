"""What a lint had to do."""

from __future__ import annotations

from typing import Any

import pytest

from initlint.trace.roots.tracer import Tracer


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the roots that were run."""
    return _noted(monkeypatch, "run")


@pytest.fixture
def surveyed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the modules that were looked through."""
    return _noted(monkeypatch, "survey")


def _noted(monkeypatch: pytest.MonkeyPatch, method: str) -> list[str]:
    """The names of what a method of the tracer is given from now on."""
    found: list[str] = []
    original = getattr(Tracer, method)

    def noting(self: Tracer, given: Any) -> Any:
        found.append(given.name)
        return original(self, given)

    monkeypatch.setattr(Tracer, method, noting)
    return found
