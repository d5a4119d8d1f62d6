"""Referral slips: of premises alone, and followed until the unit has answered."""

from __future__ import annotations

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, inspecting, journaling, referring
from fieldkit.work.referring import Slip

FACTS = "十二层整层封闭，三个月内换了四家租用单位。"


def test_a_slip_waits_until_it_is_answered(town: Workspace) -> None:
    """正在核查 still waits; the last answer counts, its number and day with it."""
    made = referring.make(town, "TF-3", Slip(FACTS, "market", "vacant", number="移〔2026〕3号"))
    ref = made.referral.id
    assert made.referral.pending
    assert referring.answer(town, ref[:6], "checking").referral.pending
    done = referring.answer(town, ref, "handled", note="已约谈产权单位", number="函12号").referral
    assert (done.pending, done.result, done.reply, done.answered) == (
        False,
        "handled",
        "函12号",
        "2026-11-23",
    )
    assert referring.listing(town, pending=True) == []
    assert [row.referral.id for row in referring.listing(town, "TF")] == [ref]
    assert referring.listing(town, "KD1") == []
    assert journaling.verify(town)[1] == []


@pytest.mark.parametrize(
    "facts",
    [
        "住着王先生",
        "电话13800138000",
        "11010519491231002X 在此",
        "卡号6222021234567890128",
    ],
)
def test_a_slip_speaks_of_nobody(town: Workspace, facts: str) -> None:
    """The guard of notes reads facts, names of units and answers; nothing is kept."""
    before = journaling.count(town)
    with pytest.raises(Problem):
        referring.make(town, "TF-3", Slip(facts, "police"))
    with pytest.raises(Problem):
        referring.make(town, "TF-3", Slip(FACTS, "police", unit=facts))
    assert journaling.count(town) == before
    ref = referring.make(town, "TF-3", Slip(FACTS, "police")).referral.id
    with pytest.raises(Problem):
        referring.answer(town, ref, "handled", note=facts)


def test_never_to_a_door(town: Workspace) -> None:
    """A slip goes as far as the building."""
    with pytest.raises(Refused):
        referring.make(town, "TF-3-101", Slip(FACTS, "police"))


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        (Slip("", "police"), "facts-missing"),
        (Slip(FACTS, "army"), "unknown-word"),
        (Slip(FACTS, "police", "gossip"), "unknown-word"),
        (Slip(FACTS, "police", day="2026-11-24"), "bad-day"),
        (Slip(FACTS, "police", day="昨天"), "bad-day"),
        (Slip("长" * 501, "police"), "note-long"),
        (Slip(FACTS, "police", item="SL09"), "item-alone"),
    ],
)
def test_what_is_no_slip(town: Workspace, slip: Slip, code: str) -> None:
    """One sentence each, and nothing written."""
    before = journaling.count(town)
    with pytest.raises(Problem) as caught:
        referring.make(town, "TF-3", slip)
    assert caught.value.code == code
    assert journaling.count(town) == before


def test_an_answer_is_not_older_than_the_slip(town: Workspace) -> None:
    """It can come on the same day, not before; and it says one of four things."""
    ref = referring.make(town, "TF-3", Slip(FACTS, "police", day="2026-11-20")).referral.id
    for result, day, code in (
        ("handled", "2026-11-19", "bad-day"),
        ("arrested", "", "unknown-word"),
    ):
        with pytest.raises(Problem) as caught:
            referring.answer(town, ref, result, day)
        assert caught.value.code == code
    assert referring.answer(town, ref, "unfounded", "2026-11-20").referral.answered == "2026-11-20"


def test_where_it_was_seen(town: Workspace) -> None:
    """A slip may name the inspection and the item; of that place, and an item there is."""
    sheet = inspecting.start(town, "building-sweep", "TF-3")
    ref = sheet.inspection.id
    made = referring.make(town, "TF-3", Slip(FACTS, "police", inspection=ref[:8], item="sl09"))
    assert (made.referral.inspection, made.referral.item) == (ref, "SL09")
    with pytest.raises(Problem) as caught:
        referring.make(town, "KD1", Slip(FACTS, "police", inspection=ref))
    assert caught.value.code == "other-site"
    with pytest.raises(Problem):
        referring.make(town, "TF-3", Slip(FACTS, "police", inspection=ref, item="SL99"))


@pytest.mark.parametrize("ref", ["", "zz", "0" * 32])
def test_unknown_slips(town: Workspace, ref: str) -> None:
    """No slip of that name."""
    with pytest.raises(Problem) as caught:
        referring.find(town, ref)
    assert caught.value.code == "unknown-referral"
