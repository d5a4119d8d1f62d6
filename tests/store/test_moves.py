"""Steps of findings in the store: the one that counts decides, whatever arrives first."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.kinds import BadBody, accept, finding_id
from fieldkit.store import findings, ledger, project
from fieldkit.store.store import Store
from fieldkit_sync.event import GENESIS, Event, make

INSPECTION, AGAIN = "1" * 32, "2" * 32
FINDING = finding_id(INSPECTION, "X1")
OPENED = {
    "inspection": INSPECTION,
    "item": "X1",
    "site": "3" * 32,
    "text": "问题",
    "criterion": "",
    "severity": "general",
    "due": "2026-11-29",
}


def body(step: str, over: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """A finding.moved body."""
    told = {"due": "", "note": "", "number": "", "evidence": [], "inspection": ""}
    return {"step": step, **told, "day": "2026-11-24", "over": over or [], **more}


def event(device: str, seq: int, ms: int, kind: str, told: dict[str, Any]) -> Event:
    """One event; chains are not what these tests are about."""
    return make(
        device=device * 32,
        epoch="0" * 16,
        seq=seq,
        prev=GENESIS if seq == 1 else "f" * 64,
        hlc=f"{ms:012x}0000",
        kind=kind,
        entity=FINDING,
        division="",
        body=told,
        salt=f"{seq:032x}",
    )


def moved(device: str, seq: int, ms: int, *words: Any, **more: Any) -> Event:
    """A step."""
    return event(device, seq, ms, "finding.moved", body(*words, **more))


FOUND = event("a", 1, 1, "finding.opened", OPENED)


def store_in(folder: Path, *events: Event) -> Store:
    """A store with these events."""
    folder.mkdir(exist_ok=True)
    store = Store(folder, "d" * 32, lambda: 1_790_000_000_000)
    store.ingest(events)
    return store


def test_the_latest_step_says_state_and_due(tmp_path: Path) -> None:
    """An empty day leaves the one it was opened with; the row of the finding stays one."""
    one = moved("a", 2, 2, "notify", number="整〔2026〕7号", due="2026-12-01")
    two = moved("a", 3, 3, "progress", [one.hash], due="")
    store = store_in(tmp_path, FOUND, one)
    (finding,) = findings.all(store.db)
    assert (finding.state, finding.due) == ("notified", "2026-12-01")
    store.ingest([two])
    (finding,) = findings.all(store.db)
    assert (finding.state, finding.due) == ("rectifying", "2026-11-29")
    assert findings.case(store.db, FINDING).number == "整〔2026〕7号"
    assert [move.step for move in findings.moves(store.db, FINDING)] == ["notify", "progress"]
    assert findings.heads(store.db, FINDING) == [two.hash]
    store.close()


def test_a_replaced_step_counts_no_more_however_late_its_clock(tmp_path: Path) -> None:
    """What was seen and gone beyond cannot win by a fast clock."""
    fast = moved("a", 2, 9000, "rectify")
    next_ = moved("b", 1, 2, "close", [fast.hash])
    store = store_in(tmp_path, FOUND, fast, next_)
    finding = findings.get(store.db, FINDING)
    assert finding is not None
    assert finding.state == "closed"
    assert not findings.contested(store.db, FINDING)
    store.close()


def test_two_laptops_at_once_is_a_conflict_that_the_next_step_ends(tmp_path: Path) -> None:
    """The later one counts, both are kept and shown, and a step over both settles it."""
    one, two = moved("a", 2, 5, "rectify"), moved("b", 1, 4, "withdraw", note="误记")
    store = store_in(tmp_path, FOUND, one, two)
    finding = findings.get(store.db, FINDING)
    assert finding is not None
    assert finding.state == "reported"
    (conflict,) = ledger.conflicts(store.db)
    assert (conflict.kind, conflict.entity) == ("finding", FINDING)
    assert [value for _device, _hlc, value in conflict.values] == ["rectify", "withdraw"]
    store.ingest([moved("b", 2, 6, "close", sorted([one.hash, two.hash]))])
    assert ledger.conflicts(store.db) == []
    assert not findings.contested(store.db, FINDING)
    store.close()


def test_the_same_step_twice_is_no_conflict(tmp_path: Path) -> None:
    """Two laptops that say the same agree."""
    store = store_in(tmp_path, FOUND, moved("a", 2, 5, "rectify"), moved("b", 1, 4, "rectify"))
    assert ledger.conflicts(store.db) == []
    store.close()


def test_one_failed_second_look_is_one_round(tmp_path: Path) -> None:
    """However many laptops finish a re-inspection; another one begins another round."""
    steps = [
        moved("a", 2, 5, "fail", inspection=AGAIN),
        moved("b", 1, 6, "fail", inspection=AGAIN, note="x"),
        moved("b", 2, 7, "fail", inspection="4" * 32),
        moved("b", 3, 8, "relapse"),
    ]
    store = store_in(tmp_path, FOUND)
    seen = []
    for step in steps:
        store.ingest([step])
        seen.append(findings.case(store.db, FINDING).rounds)
    assert seen == [2, 2, 3, 4]
    store.close()


def test_any_order_of_arrival_is_one_digest(tmp_path: Path) -> None:
    """All orders of five events, one by one: the same rows and the same digest."""
    one = moved("a", 2, 2, "notify", number="7")
    two = moved("b", 1, 3, "rectify")
    three = moved("b", 2, 4, "fail", [two.hash], inspection=AGAIN, due="2026-12-24")
    four = moved("c", 1, 4, "close", [one.hash])
    every = [FOUND, one, two, three, four]
    digests = set()
    orders = random.Random(5).sample(list(permutations(every)), 30)
    for number, order in enumerate([tuple(every), *orders]):
        store = store_in(tmp_path / str(number))
        for it in order:
            store.ingest([it])
        digests.add(store.state_digest())
        assert store.verify() == []
        store.close()
    assert len(digests) == 1


def test_steps_without_their_finding_show_nothing_yet(tmp_path: Path) -> None:
    """A step that came before its finding waits; a rebuild agrees."""
    store = store_in(tmp_path, moved("a", 2, 2, "notify"), moved("b", 1, 3, "rectify"))
    assert findings.all(store.db) == []
    assert findings.cases(store.db) == {}
    assert ledger.conflicts(store.db) == []
    assert store.verify() == []
    store.ingest([FOUND])
    assert [finding.state for finding in findings.all(store.db)] == ["reported"]
    store.close()


def test_without_steps_the_digest_is_that_of_before(tmp_path: Path) -> None:
    """The tables that came with the loop add nothing where nothing was moved."""
    store = store_in(tmp_path, FOUND)
    known = dict(project.DIGESTED_LATER)
    before = store.state_digest()
    project.DIGESTED_LATER.clear()
    try:
        assert store.state_digest() == before
    finally:
        project.DIGESTED_LATER.update(known)
    assert [finding.state for finding in findings.all(store.db)] == ["found"]
    store.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "fly"},
        {"due": "soon"},
        {"note": "字" * 501},
        {"number": "a\x1bb"},
        {"inspection": "x"},
        {"evidence": ["x"]},
        {"day": ""},
    ],
)
def test_a_body_is_checked(wrong: dict[str, Any]) -> None:
    """Unknown steps, days, ids and steering characters do not come in."""
    accept("finding.moved", body("notify"))
    with pytest.raises(BadBody):
        accept("finding.moved", {**body("notify"), **wrong})
