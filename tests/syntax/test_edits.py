"""Edits: order, overlap, application."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.syntax.edits import Edit, OverlapError, apply, ordered

TEXT = "0123456789"
OFFSETS = st.integers(0, 10)
EDITS = st.builds(lambda a, b, c: Edit(min(a, b), max(a, b), c), OFFSETS, OFFSETS, st.text("xy", max_size=2))


def test_edits_refer_to_the_text_before_any_of_them() -> None:
    assert apply(TEXT, [Edit(8, 9, "eight"), Edit(0, 2, ""), Edit(5, 5, "|")]) == "234|567eight9"


def test_no_edits_no_change() -> None:
    assert apply(TEXT, []) == TEXT


@pytest.mark.parametrize(("one", "other", "overlap"), [
    (Edit(0, 3, "a"), Edit(3, 5, "b"), False),
    (Edit(0, 3, "a"), Edit(2, 5, "b"), True),
    (Edit(0, 5, "a"), Edit(1, 2, "b"), True),
    (Edit(3, 3, "a"), Edit(3, 3, "b"), True),
    (Edit(3, 3, "a"), Edit(3, 3, "a"), False),
    (Edit(3, 3, "a"), Edit(3, 5, "b"), False),
    (Edit(3, 5, "a"), Edit(5, 5, "b"), False),
    (Edit(3, 5, "a"), Edit(4, 4, "b"), True),
    (Edit(3, 5, "a"), Edit(3, 5, "b"), True),
    (Edit(3, 5, "a"), Edit(3, 6, "a"), True),
])
def test_overlap(one: Edit, other: Edit, overlap: bool) -> None:
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap
    if overlap:
        with pytest.raises(OverlapError):
            ordered([one, other])
    else:
        assert len(ordered([one, other])) == len({one, other})


def test_an_insertion_goes_before_what_replaces_the_text_behind_it() -> None:
    assert apply(TEXT, [Edit(3, 5, "b"), Edit(3, 3, "a")]) == "012ab56789"


@given(st.lists(EDITS, max_size=5))
def test_neighbours_tell_all_overlaps(edits: list[Edit]) -> None:
    apart = all(not a.overlaps(b) for a in edits for b in edits)
    try:
        found = ordered(edits)
    except OverlapError:
        assert not apart
    else:
        assert apart
        kept = len(TEXT) - sum(edit.end - edit.start for edit in found)
        assert len(apply(TEXT, edits)) == kept + sum(len(edit.content) for edit in found)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 2)])
def test_impossible_edits(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="an edit from"):
        Edit(start, end, "")


def test_edits_past_the_end() -> None:
    with pytest.raises(ValueError, match="10 characters"):
        apply(TEXT, [Edit(9, 11, "")])
