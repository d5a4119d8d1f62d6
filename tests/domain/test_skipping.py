"""Why an item is not asked: every item is either asked or told of, with the right reason."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.presenting import present
from fieldkit.domain.skipping import skipped

from .random_lists import ANSWERS, flat, item, lists, paths

DAY = "2026-11-22"


def told(whole: Checklist, answers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Items that are left out, and what decides it."""
    return {one.item.id: one.because for one in skipped(whole, "open", DAY, answers)}


def test_the_condition_and_the_answers_it_looks_at() -> None:
    """A chain tells the outermost condition that fails, not the one nearest to the item."""
    whole = flat(
        item("A", "count"),
        item("B", "count", relevant="${A} > 3"),
        item("C", "count", relevant="${B} > 1 and ${A} < 9"),
    )
    assert told(whole, {"A": "1"}) == {"B": ("A",), "C": ("B", "A")}
    assert told(whole, {"A": "5"}) == {"C": ("B", "A")}
    assert told(whole, {"A": "5", "B": "2"}) == {}


def test_items_of_a_group_are_left_out_by_the_group() -> None:
    """Whoever reads the reason learns what to change."""
    whole = flat(
        item("A", "check"),
        item("G", "group", relevant="${A} = 'fail'"),
        item("H", "count", parent="G", relevant="${A} != ''"),
    )
    assert told(whole, {"A": "pass"}) == {"G": ("A",), "H": ("A",)}
    found = skipped(whole, "open", DAY, {"A": "pass"})
    assert {one.condition for one in found} == {"${A} = 'fail'"}


def test_a_plain_list_leaves_nothing_out() -> None:
    """Nothing to explain where nothing depends on anything."""
    assert told(flat(item("A", "count"), item("B", "check")), {}) == {}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_asked_and_left_out_are_all(data: Any) -> None:
    """Each item of the visit is asked, or told of with a reason: none of both, none of neither."""
    whole = data.draw(lists())
    answers = data.draw(st.dictionaries(paths(whole), st.sampled_from(ANSWERS), max_size=8))
    here = {it.id.rpartition("].")[2] for it in present(whole, "open", DAY, answers).items}
    out = set(told(whole, answers))
    every = {it.id for it in whole.for_mode("open")}
    assert not here & out
    assert here | out == every
