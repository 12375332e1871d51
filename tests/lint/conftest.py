"""What a lint had to do."""

from __future__ import annotations

import pytest

from initlint.trace.roots import Root, Traced, Tracer


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the roots that were run."""
    found: list[str] = []
    run = Tracer.run

    def noting(self: Tracer, root: Root) -> Traced:
        found.append(root.name)
        return run(self, root)

    monkeypatch.setattr(Tracer, "run", noting)
    return found
