"""Reading back: coverage by its definitions, references, checked bodies, the outcome table."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain import outcomes
from fieldkit.domain.kinds import KINDS, BadBody, accept, site_id
from fieldkit.domain.records import CoverageCounts
from fieldkit.store import sites, visits
from fieldkit.store.store import Draft, Store
from fieldkit.text.width import cell_width
from fieldkit_sync.canon import encode


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path, "d" * 32, lambda: 1_790_000_000_000)


def site(code: str, kind: str = "door", parent: str = "", **more: Any) -> Draft:
    """A place."""
    body = {
        "code": code,
        "name": f"名{code}",
        "kind": kind,
        "parent": site_id(parent) if parent else "",
        "division": "",
        "grid": "",
        "address": "",
        "floor": "",
        "registered": 1 if kind == "door" else None,
        "over": [],
    }
    return Draft("site.put", site_id(code), "", {**body, **more})


def visit(door: str, outcome: str, materials: int = 0) -> Draft:
    """A visit."""
    body = {
        "outcome": outcome,
        "materials": materials,
        "app": "none",
        "note": "",
        "day": "2026-11-22",
    }
    return Draft("visit.logged", site_id(door), "", body)


TOWN = [
    site("990121101001", "village", division="990121101001"),
    site("V1-E", "estate", "990121101001"),
    site("B1", "building", "V1-E"),
    site("U1", "unit", "B1"),
    site("D1", parent="U1"),
    site("D2", parent="U1"),
    site("D3", parent="B1", registered=0),
    site("D4", parent="B1"),
    site("D5", division="990121101001", grid="990121101001001"),
    site("D6", division="990121101202"),
]


def test_coverage_counts_as_defined(store: Store) -> None:
    """Bases and counts as DOMAIN §1.4 words them; the best outcome counts, removals leave."""
    store.append(TOWN)
    store.append([visit("D1", "absent"), visit("D1", "met", 1), visit("D1", "refused")])
    store.append([visit("D2", "met"), visit("D3", "left", 1), visit("D4", "met", 1)])
    gone = {"reason": "demolished", "note": "", "over": []}
    store.append([Draft("site.removed", site_id("D4"), "", gone)])
    by_village = visits.coverage(store.db, "village")
    assert by_village == [
        CoverageCounts("990121101001", "名990121101001", 5, 3, 1, 3, 1, 2, 2),
        CoverageCounts("990121101202", "", 1, 1, 0, 0, 0, 0, 1),
    ]
    (town,) = visits.coverage(store.db, "town")
    assert (town.code, town.doors, town.removed) == ("990121101", 6, 1)
    buildings = visits.coverage(store.db, "building", site_id("V1-E"))
    assert [(row.code, row.doors, row.met) for row in buildings] == [("B1", 4, 2)]
    grids = visits.coverage(store.db, "grid")
    assert [(row.code, row.doors) for row in grids] == [("", 5), ("990121101001001", 1)]


def test_a_ring_of_parents_ends(store: Store) -> None:
    """Places that are each other's parent are read like any other."""
    store.append([site("A", "building", "B"), site("B", "building", "A"), site("D", parent="A")])
    assert [door.code for door in sites.doors(store.db, site_id("B"))] == ["D"]
    assert len(sites.ancestors(store.db, site_id("D"))) <= 16
    assert [row.code for row in visits.coverage(store.db, "village")] == [""]


def test_a_withdrawn_visit_no_longer_counts(store: Store) -> None:
    """The door goes back to what the other visits make of it; the event stays."""
    store.append([site("D1")])
    logged = store.append([visit("D1", "absent"), visit("D1", "met", 1)])
    assert visits.door_states(store.db)[0].best == "met"
    gone = {"visit": logged[1].hash}
    store.append([Draft("visit.withdrawn", site_id("D1"), "", gone)])
    (state,) = visits.door_states(store.db)
    assert (state.best, state.visits, state.met) == ("absent", 1, False)
    assert len(list(store.events())) == 4


def test_references(store: Store) -> None:
    """A code, an id, or a prefix of an id that no code shadows."""
    store.append([site("D1"), site("D2")])
    full = site_id("D1")
    assert [s.code for s in sites.by_ref(store.db, "D1")] == ["D1"]
    assert [s.code for s in sites.by_ref(store.db, full)] == ["D1"]
    assert [s.code for s in sites.by_ref(store.db, full[:6])] == ["D1"]
    assert sites.by_ref(store.db, "%") == []


GOOD = visit("D1", "met", 1).body


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("visit.logged", {**GOOD, "day": "2026-02-30"}, "day"),
        ("visit.logged", {**GOOD, "day": "２０２６-02-03"}, "day"),
        ("visit.logged", {**GOOD, "materials": True}, "materials"),
        ("visit.logged", {**GOOD, "note": "\x1b[2J"}, "note"),
        ("visit.logged", {**GOOD, "who": "张三"}, "who"),
        ("visit.logged", {k: v for k, v in GOOD.items() if k != "app"}, "app"),
        ("visit.logged", {**GOOD, "outcome": "none"}, "outcome"),
        ("site.put", {**site("D1").body, "registered": False}, "registered"),
        ("site.put", {**site("D1").body, "over": ["x"]}, "over"),
        (
            "evidence.added",
            {"sha256": "a" * 64, "size": 1, "ext": "../jpg", "media": "image/jpeg"},
            "ext",
        ),
        ("checklist.put", {"digest": "a" * 64, "doc": {"id": "x"}}, "digest"),
        ("seal", {}, "device"),
    ],
)
def test_bad_bodies(kind: str, body: dict[str, Any], field: str) -> None:
    """Each is refused, naming its field."""
    with pytest.raises(BadBody) as told:
        accept(kind, body)
    assert told.value.field == field


def test_nobody_writes_under_another_name(store: Store) -> None:
    """A place, a checklist or a finding is stored only under the id that follows from its body."""
    with pytest.raises(BadBody, match="entity"):
        store.append([Draft("site.put", site_id("D2"), "", site("D1").body)])
    doc = {"id": "x", "title": "无诈小区"}
    body = {"digest": sha256(encode(doc)).hexdigest(), "doc": doc}
    store.append([Draft("checklist.put", body["digest"][:32], "", body)])
    forged = {**body, "doc": {"id": "y"}}
    with pytest.raises(BadBody, match="digest"):
        store.append([Draft("checklist.put", body["digest"][:32], "", forged)])


def test_unknown_kinds_pass() -> None:
    """A newer version's kind is nobody's fault."""
    accept("inspection.amended", {"anything": 1})
    assert "inspection.amended" not in KINDS


def test_the_outcome_table() -> None:
    """Codes, keys, marks and the precedence of DOMAIN §4.1."""
    table = outcomes.OUTCOMES
    assert len({o.code for o in table}) == len({o.rank for o in table}) == 14
    assert len({o.key for o in table}) == 14
    assert all(len(o.mark) == 1 and cell_width(o.mark) == 2 for o in table)
    told = ["met", "handed", "exhausted", "left", "away", "refused"]
    told += ["callback", "minor", "absent", "vacant", "none"]
    ranks = [outcomes.rank(code, 1 if code == "away" else 0) for code in told]
    assert ranks == sorted(ranks)
    assert outcomes.rank("away", 0) > outcomes.rank("absent", 0)
    assert outcomes.delivers("refused", 1)
    assert not outcomes.delivers("refused", 0)
    assert not outcomes.delivers("absent", 1)
    assert not outcomes.meets("handed")
