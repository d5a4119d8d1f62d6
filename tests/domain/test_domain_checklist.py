"""Checklists as data: one normalised form, one digest, strangers' lists read strictly."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.records import Answer, Inspection, Site
from fieldkit.domain.scoring import score
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.library.load import catalogue
from fieldkit_sync.canon import decode, encode

SHIPPED = {checklist.id: checklist for checklist in catalogue(None)}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_checklist_doc_round_trip(name: str) -> None:
    """Through an event's bytes and back nothing changes, the digest least of all."""
    whole = SHIPPED[name]
    again = Checklist.from_doc(decode(encode(whole.to_doc())))
    assert again.to_doc() == whole.to_doc()
    assert again.digest == whole.digest
    assert len(whole.digest) == 64
    assert len(encode(whole.to_doc())) < 200_000


def broken(path: list[Any], value: Any) -> dict[str, Any]:
    """A good list with one thing replaced."""
    doc: dict[str, Any] = copy.deepcopy(SHIPPED["courier-100"].to_doc())
    part: Any = doc
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return doc


ITEM = ["sections", 0, "items", 0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["v"], 3),
        (["v"], True),
        (["id"], "../x"),
        (["extra"], 1),
        (["title"], "\x1b[31m"),
        (["title"], "长" * 5000),
        (["nature"], "enforcement"),
        (["sections"], []),
        (["sections"], "x"),
        (["sources"], {"S000": 1}),
        (["grades", 0, "at_least"], 101),
        ([*ITEM, "weight"], -1),
        ([*ITEM, "weight"], True),
        ([*ITEM, "type"], "repeat"),
        ([*ITEM, "type"], ["check"]),
        ([*ITEM, "id"], "KD02"),
        ([*ITEM, "mode"], "night"),
        ([*ITEM, "params"], {"options": [[[[[1]]]]]}),
        ([*ITEM, "params"], {"at_least": 10**12}),
        ([*ITEM, "critical"], "yes"),
        ([*ITEM, "note"], ""),
    ],
)
def test_checklist_refuses_strangers(path: list[Any], value: Any) -> None:
    """A list from elsewhere is read as it would have been written here, or not at all."""
    with pytest.raises(Problem) as caught:
        Checklist.from_doc(broken(path, value))
    assert caught.value.code == "bad-checklist"


def sheet(answers: dict[str, str], mode: str = "open") -> Sheet:
    """A sheet of the courier list."""
    whole = SHIPPED["courier-100"]
    known = Inspection(
        "i" * 32, "s" * 32, whole.digest, whole.id, whole.version, mode, "joint", "2026-11-22",
        "open", "0" * 16, None, "d" * 32, "7",
    )  # fmt: skip
    site = Site("s" * 32, "K1", "雁书（演示）", "courier", "", "", "", "", "", None)
    from datetime import date

    kept = {n: Answer(known.id, n, v, "", (), "0" * 16, "", "") for n, v in answers.items()}
    return Sheet(known, whole, site, kept, score(whole, mode, date(2026, 11, 22), answers))


def test_sheet_walks_the_open_items() -> None:
    """Forward, round the end, and to nothing once all is answered."""
    fresh = sheet({"KD01": "none", "KD02": "3/3"})
    assert fresh.next_open(None) == "KD03"
    assert fresh.next_open("KD22") == "KD03"
    assert fresh.next_open("KD03") == "KD05"
    assert fresh.progress == (2, 20)
    assert fresh.section_progress("acceptance") == (1, 5)
    assert [item.id for item in fresh.failed] == ["KD01"]
    assert fresh.value("KD02") == "3/3"
    assert fresh.value("KD03") is None
    done = sheet(dict.fromkeys((i.id for i in fresh.items), "na"))
    assert (done.next_open(None), done.progress) == (None, (20, 20))


def test_sheet_of_a_covert_visit() -> None:
    """Sections without items of the mode are left out; unreadable answers stay open."""
    covert = sheet({"KD04": "pass", "KD05": "nonsense"}, "covert")
    assert {item.mode for item in covert.items} == {"covert", "both"}
    assert all(section.items for section in covert.sections)
    assert covert.next_open("KD04") == "KD05"
