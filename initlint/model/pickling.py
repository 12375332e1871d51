"""How dataclasses with cached properties go from one process to another."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class PickledByFields:
    """A dataclass of which a pickle holds the fields alone.

    What cached properties keep beside them is found again on the other side. Another thread may add to it while
    pickle goes through the instance's dictionary, which fails.
    """

    def __getstate__(self: DataclassInstance) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
