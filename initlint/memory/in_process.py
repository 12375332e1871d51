"""A cache that lasts as long as the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.memory.cache import Cache

if TYPE_CHECKING:
    from initlint.files.index import Glance
    from initlint.memory.recall import Recall


class Memory(Cache):
    """Glances at files, kept from one lint to the next. The results of whole runs are not: the texts change between
    them."""

    lasting = False

    def __init__(self, recall: Recall | None = None) -> None:
        super().__init__("")
        self.recall = recall
        self._glances: dict[str, Glance] = {}

    def index(self) -> dict[str, Glance]:
        return self._glances

    def save_index(self, glances: dict[str, Glance]) -> None:
        self._glances = glances

    def run(self, key: str) -> None:
        return None

    def save_run(self, key: str, data: object) -> None:
        return None

    def unit(self, path: str, part: str) -> None:
        return None

    def save_unit(self, path: str, part: str, data: object) -> None:
        return None

    def tidy(self) -> None:
        return None
