"""The clock: always forward, tolerant of wrong laptops, never dragged along."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync import clock
from fieldkit_sync.errors import Refusal

YEAR = 365 * clock.DAY_MS
NOW = 1_790_000_000_000
stamps = st.builds(
    clock.pack, st.integers(NOW - 10 * YEAR, NOW + 10 * YEAR), st.integers(0, clock.MAX_COUNTER)
)
walls = st.integers(NOW - 10 * YEAR, NOW + 10 * YEAR)


@given(st.integers(0, clock.MAX_MS), st.integers(0, clock.MAX_COUNTER))
@settings(max_examples=50)
def test_stamps_survive_packing(ms: int, counter: int) -> None:
    """unpack(pack(x)) is x."""
    assert clock.unpack(clock.pack(ms, counter)) == (ms, counter)


@given(st.lists(stamps, min_size=2, max_size=6))
@settings(max_examples=50)
def test_stamps_sort_as_text(found: list[str]) -> None:
    """Text order is time order."""
    assert sorted(found) == sorted(found, key=clock.unpack)


@given(st.lists(walls, min_size=1, max_size=20))
@settings(max_examples=50)
def test_ticks_only_go_forward(times: list[int]) -> None:
    """However the wall clock jumps, each stamp is greater than the one before."""
    last = None
    for wall in times:
        fresh = clock.tick(last, wall)
        assert last is None or fresh > last
        assert clock.unpack(fresh)[0] >= wall
        last = fresh


def test_a_full_counter_moves_to_the_next_millisecond() -> None:
    """65,536 events in one millisecond are not the end."""
    assert clock.tick(clock.pack(NOW, clock.MAX_COUNTER), NOW) == clock.pack(NOW + 1, 0)


@given(st.none() | stamps, stamps, walls)
@settings(max_examples=50)
def test_foreign_stamps_never_pull_beyond_a_day(last, seen: str, wall: int) -> None:
    """The clock never goes back, and never beyond wall + 24 h on account of others."""
    after = clock.observe(last, seen, wall)
    if after != last:
        assert after == seen
        assert last is None or after > last
        assert clock.unpack(after)[0] <= wall + clock.DAY_MS


@given(st.none() | stamps, st.lists(stamps, max_size=6), walls)
@settings(max_examples=50)
def test_observing_is_independent_of_order(last, seen: list[str], wall: int) -> None:
    """A batch moves the clock to the same place in any order."""
    ends = set()
    for order in (seen, seen[::-1], sorted(seen)):
        now = last
        for stamp in order:
            now = clock.observe(now, stamp, wall)
        ends.add(now)
    assert len(ends) == 1


@pytest.mark.parametrize("text", ["", "0" * 15, "0" * 17, "G" * 16, "A" * 16, "0" * 15 + "\n"])
def test_malformed_stamps_are_refused(text: str) -> None:
    """A stamp has one form."""
    with pytest.raises(Refusal) as no:
        clock.unpack(text)
    assert no.value.code == "bad-clock"


def test_epochs_sort_by_time_and_differ_between_clones() -> None:
    """Clones that begin in one millisecond do not share an epoch (most of the time)."""
    assert clock.new_epoch(NOW) < clock.new_epoch(NOW + 1)
    assert len({clock.new_epoch(NOW) for _ in range(50)}) > 40
