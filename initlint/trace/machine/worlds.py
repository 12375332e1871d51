"""Which objects exist only where others do not: those that different arms of one branch created."""

from __future__ import annotations

from collections.abc import Sequence


class Worlds:
    """The branches of a root whose arms created something, each by the serial numbers at which its arms begin, and
    that at which the last one ends. Serial numbers grow with creation: see `values.Store`."""

    def __init__(self) -> None:
        self._branches: list[Sequence[int]] = []

    def note(self, cuts: Sequence[int]) -> None:
        """A branch has been executed, arm after arm."""
        if cuts[-1] - cuts[0] >= len(cuts):     # the cuts themselves take a number each
            self._branches.append(cuts)

    def clear(self) -> None:
        self._branches.clear()

    def apart(self, serials: Sequence[int]) -> list[range] | None:
        """For each of some objects the serial numbers of what can only exist where it does; None where two of them
        may exist at once."""
        found = []
        for mine in serials:
            low, high = 0, 0
            for other in serials:
                if other == mine:
                    continue
                arm = self._arm(mine, other)
                if arm is None:
                    return None
                low, high = (max(low, arm[0]), min(high, arm[1])) if high else arm
            found.append(range(low, high))
        return found

    def _arm(self, mine: int, other: int) -> tuple[int, int] | None:
        """Where the arm that created one object begins and ends, in the branch that created another in another arm."""
        for cuts in self._branches:
            if not cuts[0] <= mine < cuts[-1] or not cuts[0] <= other < cuts[-1]:
                continue
            low = max(cut for cut in cuts if cut <= mine)
            high = min(cut for cut in cuts if cut > mine)
            if not low <= other < high:
                return low, high
        return None
