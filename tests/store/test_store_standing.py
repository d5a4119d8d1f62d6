"""Events of the monthly standing: what a body may be, which issue is in force, what conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain import kinds_standing
from fieldkit.domain.kinds import BadBody, accept
from fieldkit.domain.packing import doc_digest
from fieldkit.store import standing
from fieldkit.store.store import Store
from fieldkit_sync.event import GENESIS, Event, make

SCOPE, UNIT = "5" * 32, "6" * 32
MONTH = "2026-11"
ENTITY = kinds_standing.month_id(SCOPE, MONTH)
ROW: dict[str, Any] = {
    "unit": UNIT,
    "name": "茶烟村",
    "cases": 3,
    "cases_last_year": 1,
    "population": 4905,
}
ROW |= {"population": 4905, "more": {}}
RESULT: dict[str, Any] = {
    "ranks": {"count": 1},
    "scores": {"count": [100, 1]},
    "total": [100, 1],
    "place": 1,
    "bottom": False,
    "card": "none",
    "streak": 0,
    "listing": "",
}


def figures(cases: int, over: tuple[str, ...] = ()) -> dict[str, Any]:
    """A month's figures."""
    return {"scope": SCOPE, "month": MONTH, "rows": [ROW | {"cases": cases}], "over": [*over]}


def issued(word: str) -> dict[str, Any]:
    """A published month."""
    doc = {
        "format": 1,
        "scope": SCOPE,
        "month": MONTH,
        "window": {"from": "2026-10-26", "to": "2026-11-25"},
        "basis": {},
        "basis_lines": [],
        "rows": [ROW | RESULT],
        "notes": [word],
        "decisions": {},
        "from a later program": word,
    }
    return {"scope": SCOPE, "month": MONTH, "digest": doc_digest(doc), "doc": doc}


def corrected(word: str, over: tuple[str, ...]) -> dict[str, Any]:
    """A corrected month."""
    return issued(word) | {"reason": "撤案", "impact": [], "over": [*over]}


def delisted(**changed: Any) -> dict[str, Any]:
    """A delisting."""
    body = {"scope": SCOPE, "unit": UNIT, "name": "茶烟村", "number": "1号", "day": "2026-09-20"}
    return body | {"state": "given", "reason": "整治到位", "over": []} | changed


def event(device: str, ms: int, kind: str, body: dict[str, Any]) -> Event:
    """The one event of a device."""
    return make(
        device=device * 32,
        epoch="0" * 16,
        seq=1,
        prev=GENESIS,
        hlc=f"{ms:012x}0000",
        kind=kind,
        entity=kinds_standing.entity_of(kind, body),
        division="",
        body=body,
        salt="0" * 32,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(tmp_path, "d" * 32, lambda: 1_790_000_000_000)
    yield opened
    opened.close()


def test_a_month_is_one_entity_of_its_office() -> None:
    """The same month of two offices is two months; golden ids, which no release may change."""
    assert ENTITY == "e073a539caacb58f1c1e642c07f93b0a"
    assert kinds_standing.month_id("7" * 32, MONTH) != ENTITY
    assert kinds_standing.unit_id("茶烟村") == "d9079cae1efd56daf2c912afce9ea4d5"


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("standing.figures", {"month": "2026-13"}, "month"),
        ("standing.figures", {"month": "1999-12"}, "month"),
        ("standing.figures", {"rows": [ROW | {"cases": -1}]}, "rows"),
        ("standing.figures", {"rows": [ROW | {"cases": 1.5}]}, "rows"),
        ("standing.figures", {"rows": [ROW | {"cases": True}]}, "rows"),
        ("standing.figures", {"rows": [ROW | {"more": 1}]}, "rows"),
        ("standing.figures", {"rows": [ROW] * 601}, "rows"),
        ("standing.figures", {"scope": "镇"}, "scope"),
        ("standing.published", {"digest": "0" * 64}, "digest"),
        ("standing.published", {"month": "2026-10"}, "doc"),
        ("standing.published", {"doc": {"a": 1}, "digest": doc_digest({"a": 1})}, "doc"),
        ("standing.published", {"reason": "x"}, "reason"),
        ("standing.corrected", {"reason": ""}, "reason"),
        ("standing.corrected", {"impact": [{"month": MONTH}]}, "impact"),
        ("standing.delisted", {"number": ""}, "number"),
        ("standing.delisted", {"state": "perhaps"}, "state"),
    ],
)
def test_what_a_body_may_not_be(kind: str, changed: dict[str, Any], field: str) -> None:
    """The first field that is wrong is named."""
    bodies = {
        "standing.figures": figures(3),
        "standing.published": issued("a"),
        "standing.corrected": corrected("a", ()),
        "standing.delisted": delisted(),
    }
    accept(kind, bodies[kind], kinds_standing.entity_of(kind, bodies[kind]))
    with pytest.raises(BadBody) as caught:
        accept(kind, bodies[kind] | changed)
    assert caught.value.field == field


def test_a_month_cannot_be_put_under_another() -> None:
    """The entity follows from office and month, of a delisting from unit and document."""
    for kind, body in (("standing.figures", figures(3)), ("standing.delisted", delisted())):
        with pytest.raises(BadBody):
            accept(kind, body, "0" * 32)


def test_two_clerks_that_did_not_know_of_each_other(store: Store) -> None:
    """The later figures count meanwhile; both are shown until one knows of the other."""
    one = event("a", 1, "standing.figures", figures(3))
    two = event("b", 2, "standing.figures", figures(4))
    store.ingest([one, two])
    (given,) = standing.given(store.db, [SCOPE])
    assert given.rows[0]["cases"] == 4
    assert standing.contested(store.db)["standing"] == {ENTITY}
    over = tuple(standing.heads(store.db, "standing", ENTITY))
    assert over == tuple(sorted((one.hash, two.hash)))
    store.ingest([event("c", 3, "standing.figures", figures(5, over))])
    assert standing.contested(store.db)["standing"] == set()
    assert standing.given(store.db, ["7" * 32]) == []


def test_the_first_publication_is_in_force_until_it_is_corrected(store: Store) -> None:
    """A second one changes nothing and is told; a correction over both ends it; all stay."""
    first = event("b", 1, "standing.published", issued("甲"))
    second = event("a", 2, "standing.published", issued("乙"))
    store.ingest([second])
    store.ingest([first])
    (found,) = standing.issues(store.db, [SCOPE])
    assert (found.step, found.doc["notes"]) == ("published", ["甲"])
    assert standing.contested(store.db)["standing_issue"] == {ENTITY}
    over = tuple(standing.heads(store.db, "standing_issue", ENTITY))
    store.ingest([event("c", 3, "standing.corrected", corrected("丙", over))])
    (found,) = standing.issues(store.db, [SCOPE])
    assert (found.step, found.reason, found.doc["notes"]) == ("corrected", "撤案", ["丙"])
    assert standing.contested(store.db)["standing_issue"] == set()
    said = [one.doc["notes"][0] for one in standing.versions(store.db, ENTITY)]
    assert said == ["甲", "乙", "丙"]


def test_what_speaks_of_a_person_is_held_back(store: Store) -> None:
    """The reason of a delisting that came from elsewhere is looked at before it is shown."""
    body = delisted(reason="联系13800138000")
    store.ingest([event("a", 1, "standing.delisted", body)])
    (word,) = standing.words(store.db, "delisted", [SCOPE])
    assert word.reason == "〔待审〕"
    assert word.number == "1号"


def test_a_delisting_told_again_is_the_same_one(store: Store) -> None:
    """The same unit and document: the word that knows of the other counts."""
    one = event("a", 5, "standing.delisted", delisted())
    store.ingest([one])
    again = delisted(state="withdrawn", over=[one.hash])
    store.ingest([event("b", 2, "standing.delisted", again)])
    (word,) = standing.words(store.db, "delisted", [SCOPE])
    assert word.state == "withdrawn"


def test_a_home_of_the_version_before_draws_what_it_only_kept(tmp_path: Path) -> None:
    """An earlier program kept the lines of these events; the migration makes facts of them."""
    events = [event("a", 1, "standing.figures", figures(3))]
    events.append(event("b", 1, "standing.published", issued("甲")))
    events.append(event("c", 1, "standing.delisted", delisted()))
    old = Store(tmp_path, "d" * 32, lambda: 1_790_000_000_000)
    old.ingest(events)
    digest = old.state_digest()
    for table in ("standing", "standing_issue", "standing_word"):
        old.db.execute(f"DROP TABLE {table}")
        old.db.execute(f"DROP TABLE f_{table}")
    old.db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm013%'")
    old.db.execute("PRAGMA user_version=12")
    old.close()
    new = Store(tmp_path, "d" * 32, lambda: 1_790_000_000_000)
    assert new.state_digest() == digest
    assert [given.month for given in standing.given(new.db, [SCOPE])] == [MONTH]
    new.close()
