"""The fold's laws: SQL equals the oracle, order never matters, increments equal a rebuild."""

from __future__ import annotations

import random
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain import kinds_standing
from fieldkit.domain.fold import fold
from fieldkit.domain.kinds import campaign_id, finding_id, site_id
from fieldkit.domain.packing import doc_digest
from fieldkit.store import inspections, ledger, project, sites
from fieldkit.store.store import Store
from fieldkit_sync.canon import encode
from fieldkit_sync.event import GENESIS, Event, erased, make

DEVICES = ["a" * 32, "b" * 32, "c" * 32]
EPOCH = "0" * 16
CODES = ["D1", "D2", "门3"]
INSPECTIONS = ["1" * 32, "2" * 32]
DOC = {"id": "wuzha-xiaoqu"}
DIGEST = sha256(encode(DOC)).hexdigest()


def put(code: str, **changed: Any) -> dict[str, Any]:
    """A site.put body."""
    body = {
        "code": code,
        "name": code,
        "kind": "door",
        "parent": "",
        "division": "990121101001",
        "grid": "",
        "address": "",
        "floor": "1",
        "registered": 1,
        "over": [],
    }
    return {**body, **changed}


def visit(outcome: str = "met", materials: int = 1, note: str = "") -> dict[str, Any]:
    """A visit.logged body."""
    return {
        "outcome": outcome,
        "materials": materials,
        "app": "none",
        "note": note,
        "day": "2026-11-22",
    }


def answer(item: str, value: str, over: list[str] | None = None, note: str = "") -> dict[str, Any]:
    """An answer.given body."""
    return {"item": item, "value": value, "note": note, "evidence": [], "over": over or []}


def started(site: str) -> dict[str, Any]:
    """An inspection.started body."""
    return {
        "site": site_id(site),
        "checklist": "9" * 64,
        "checklist_id": "wuzha-xiaoqu",
        "checklist_version": "2026.11",
        "mode": "open",
        "nature": "assessment",
        "day": "2026-11-22",
        "seed": 7,
    }


def event(device: str, seq: int, prev: str, ms: int, kind: str, entity: str, body: Any) -> Event:
    """One event of a chain, its stamp from a few possible ones so that ties happen."""
    return make(
        device=device,
        epoch=EPOCH,
        seq=seq,
        prev=prev,
        hlc=f"{ms:012x}0000",
        kind=kind,
        entity=entity,
        division="",
        body=body,
        salt=f"{seq:032x}",
    )


FAMILIES = (
    ("site.put", "site.put", "site.removed", "answer.given"),
    ("answer.given", "answer.given", "answer.given", "site.put"),
    ("visit.logged", "visit.logged", "visit.logged", "visit.withdrawn"),
    ("inspection.started", "inspection.finished", "finding.opened"),
    ("inspection.started", "inspection.rebased", "inspection.rebased", "inspection.finished"),
    ("inspection.started", "inspection.returned", "inspection.finished", "inspection.returned"),
    ("evidence.added", "checklist.put", "from.the_future", "finding.opened"),
    ("finding.opened", "finding.moved", "finding.moved", "finding.moved"),
    ("referral.made", "referral.answered", "referral.answered", "referral.answered"),
    ("campaign.put", "campaign.put", "campaign.put", "site.put"),
    ("assignment.put", "assignment.put", "assignment.put", "assignment.withdrawn"),
    ("standing.figures", "standing.figures", "standing.published", "standing.corrected"),
    ("standing.published", "standing.corrected", "standing.corrected", "standing.figures"),
    ("standing.delisted", "standing.delisted", "standing.carried", "standing.carried"),
)
"""Kinds that meddle with each other; a history speaks of few, so that they meet often."""


def history(seed: int) -> list[Event]:
    """What up to three devices wrote, some of it having seen the others, one perhaps forked.

    From a seed and not drawn choice by choice: Hypothesis keeps such choices small and alike, and
    rules about ties only show where much meets.
    """
    chance = random.Random(seed)
    kinds = [kind for family in chance.sample(FAMILIES, chance.randint(1, 2)) for kind in family]
    codes = chance.sample(CODES, chance.randint(1, 2))
    inspections = chance.sample(INSPECTIONS, chance.randint(1, 2))
    everything: list[Event] = []

    def written(device: str, chain: list[Event]) -> Event:
        seq, prev = len(chain) + 1, chain[-1].hash if chain else GENESIS
        code, inspection = chance.choice(codes), chance.choice(inspections)
        seen = everything + chain
        return _one(chance, (device, seq, prev), chance.choice(kinds), code, inspection, seen)

    for device in DEVICES[: chance.randint(1, 3)]:
        chain: list[Event] = []
        for _step in range(chance.randint(1, 8)):
            chain.append(written(device, chain))
        if chance.random() < 0.5:
            everything.append(written(device, chain[: chance.randrange(len(chain))]))
        everything += chain
    if chance.random() < 0.3:
        place = chance.randrange(len(everything))
        everything[place] = erased(everything[place])
    return everything


def _one(
    chance: random.Random,
    chained: tuple[str, int, str],
    kind: str,
    code: str,
    inspection: str,
    seen: list[Event],
) -> Event:
    ms = chance.randint(1, 3)
    earlier = [e.hash for e in seen] or ["f" * 64]
    over = sorted(set(chance.choices(earlier, k=chance.choice([0, 0, 1, 1, 2]))))
    item, value = chance.choice(["X1", "X2"]), chance.choice(["pass", "p|", "p"])
    note = chance.choice(["", "|", "二"])
    outcomes = ["met", "left", "absent", "away", "refused", "group", "gone"]
    bodies: dict[str, tuple[str, Any]] = {
        "site.put": (
            site_id(code),
            put(
                code,
                name=chance.choice(["甲", "乙", "甲|"]),
                registered=chance.choice([0, 1, None]),
                over=over,
            ),
        ),
        "site.removed": (site_id(code), {"reason": "demolished", "note": "", "over": over}),
        "answer.given": (inspection, answer(item, value, over, note)),
        "visit.logged": (
            site_id(code),
            visit(chance.choice(outcomes), chance.randint(0, 1)),
        ),
        "visit.withdrawn": (site_id(code), {"visit": over[0] if over else "f" * 64}),
        "inspection.started": (inspection, started(code)),
        "inspection.finished": (
            inspection,
            {
                "points": [chance.randint(0, 9), 1],
                "max_points": [9, 1],
                "grade": "met",
                "veto": [],
                "over": over,
            },
        ),
        "inspection.returned": (inspection, {"reason": chance.choice(["照片不清", "漏项"])}),
        "inspection.rebased": (
            inspection,
            {
                "checklist": chance.choice("78") * 64,
                "checklist_id": "wuzha-xiaoqu",
                "checklist_version": chance.choice(["2026.12", "2027.1"]),
                "moved": {"X1": "X2"},
                "over": over,
            },
        ),
        "finding.opened": (
            finding_id(inspection, item),
            {
                "inspection": inspection,
                "item": item,
                "site": site_id(code),
                "text": "问题",
                "criterion": "",
                "severity": "general",
                "due": "2026-11-29",
            },
        ),
        "finding.moved": (
            finding_id(inspection, item),
            {
                "step": chance.choice(["notify", "rectify", "fail", "close", "relapse"]),
                "due": chance.choice(["", "2026-12-01", "2026-12-02"]),
                "note": note,
                "number": chance.choice(["", "甲1", "甲2"]),
                "evidence": [],
                "inspection": chance.choice(["", "8" * 32, "9" * 32]),
                "day": "2026-11-30",
                "over": over,
            },
        ),
        "referral.made": (
            inspection,
            {
                "site": site_id(code),
                "inspection": "",
                "item": item,
                "matter": chance.choice(["vacant", "building"]),
                "facts": "整层封闭",
                "receiver": chance.choice(["police", "market"]),
                "unit": "",
                "number": "",
                "day": "2026-11-20",
            },
        ),
        "referral.answered": (
            inspection,
            {
                "result": chance.choice(["handled", "unfounded", "checking"]),
                "day": "2026-11-22",
                "note": note,
                "number": "",
                "over": over,
            },
        ),
        "campaign.put": (
            campaign_id(code),
            {
                "name": code,
                "first": "2026-11-17",
                "last": chance.choice(["2027-03-31", "2027-04-30"]),
                "phases": chance.choice(
                    [[], [{"name": "宣传发动", "first": "2026-11-17", "last": "2026-12-31"}]]
                ),
                "lists": chance.choice([["wuzha-xiaoqu"], ["wuzha-xiaoqu", "wuzha-qiye"]]),
                "over": over,
            },
        ),
        "assignment.put": (
            inspection,
            {
                "site": site_id(code),
                "checklist": "wuzha-xiaoqu",
                "inspector": chance.choice(["", "检查一组", "a" * 32]),
                "day": "2026-11-20",
                "due": chance.choice(["", "2026-12-01"]),
                "campaign": "",
                "over": over,
            },
        ),
        "assignment.withdrawn": (inspection, {"note": note}),
        **_standing(chance, over),
        "evidence.added": (
            "e" * 32,
            {
                "sha256": "e" * 64,
                "size": chance.randint(1, 9),
                "ext": "jpg",
                "media": "image/jpeg",
            },
        ),
        "checklist.put": (DIGEST[:32], {"digest": DIGEST, "doc": DOC}),
        "from.the_future": ("0" * 32, {"anything": [1, "二"]}),
    }
    entity, body = bodies[kind]
    return event(*chained, ms, kind, entity, body)


def _standing(chance: random.Random, over: list[str]) -> dict[str, tuple[str, Any]]:
    """One of each event of the monthly standing."""
    scope, month = "5" * 32, chance.choice(["2026-10", "2026-11"])
    entity = kinds_standing.month_id(scope, month)
    doc = {
        "format": 1,
        "scope": scope,
        "month": month,
        "window": {"from": "2026-09-26", "to": "2026-10-25"},
        "basis": {},
        "basis_lines": [],
        "rows": [],
        "notes": chance.choice([["一"], ["二"]]),
        "decisions": {},
    }
    issued = {"scope": scope, "month": month, "digest": doc_digest(doc), "doc": doc}
    cases = chance.choice([1, 2, None])
    row = {"unit": "6" * 32, "name": "甲", "cases": cases, "cases_last_year": 1}
    row |= {"population": 9, "more": {}}
    unit = {"scope": scope, "unit": "6" * 32, "name": "甲", "over": over}
    reason = chance.choice(["撤案", "补录"])
    was = {"card": "yellow", "streak": 1, "listing": ""}
    now = {"card": "listed", "streak": 3, "listing": month}
    move = {"month": month, "unit": "6" * 32, "name": "甲", "from": was, "to": now}
    number, state = chance.choice(["1号", "2号"]), chance.choice(["given", "withdrawn"])
    document = {"number": number, "day": "2026-09-20", "state": state, "reason": reason}
    taken = {"month": month, "sources": ["7" * 32], "reason": reason}
    figures = {"scope": scope, "month": month, "rows": [row], "over": over}
    put_right = issued | {"reason": reason, "impact": [move], "over": over}
    return {
        "standing.figures": (entity, figures),
        "standing.published": (entity, issued),
        "standing.corrected": (entity, put_right),
        "standing.delisted": (
            kinds_standing.delisting_id(scope, "6" * 32, number),
            unit | document,
        ),
        "standing.carried": (kinds_standing.carry_id(scope, "6" * 32), unit | taken),
    }


TABLES = project.DIGESTED | {
    table: project.DIGESTED_LATER[table]
    for table in (
        "finding_case",
        "referral",
        "referral_reply",
        "campaign",
        "assignment",
        "returned",
        "standing",
        "standing_issue",
        "standing_word",
    )
}
"""The projections that the oracle knows."""
HISTORIES = st.integers(0, 2**40).map(history)
LAWS = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def rows(store: Store) -> dict[str, set[Any]]:
    """Every projection of a store, as the digest sees it."""
    return {
        table: set(store.db.execute(f"SELECT {columns} FROM {table}"))
        for table, columns in TABLES.items()
    }


def store_in(folder: str) -> Store:
    """An empty store."""
    return Store(Path(folder), "d" * 32, lambda: 1_790_000_000_000)


@LAWS
@given(HISTORIES)
def test_sql_is_the_oracle(events: list[Event]) -> None:
    """Each projection holds exactly the rows that the plain Python fold gives."""
    with tempfile.TemporaryDirectory() as folder:
        store = store_in(folder)
        store.ingest(events)
        expected = fold(events)
        assert rows(store) == {table: expected[table] for table in TABLES}
        store.close()


def test_sql_is_the_oracle_on_the_usual_seeds() -> None:
    """The same for two hundred histories that are the same ones on every run."""
    for seed in range(200):
        with tempfile.TemporaryDirectory() as folder:
            store, events = store_in(folder), history(seed)
            store.ingest(events)
            expected = fold(events)
            assert rows(store) == {t: expected[t] for t in TABLES}, seed
            store.close()


@LAWS
@given(HISTORIES, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(events: list[Event], chance: random.Random) -> None:
    """Any order, split, repetition, or copy without its body: one digest, also after a rebuild."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first, second = store_in(one), store_in(two)
        first.ingest(events)
        shuffled = events + chance.sample(events, len(events) // 2)
        shuffled += [erased(event) for event in chance.sample(events, len(events) // 2)]
        chance.shuffle(shuffled)
        cut = chance.randrange(len(shuffled) + 1)
        for part in (shuffled[:cut], shuffled[cut:]):
            second.ingest(part)
        digest = first.state_digest()
        assert second.state_digest() == digest
        assert second.ingest(events).new == 0
        assert second.state_digest() == digest
        second.rebuild()
        assert second.state_digest() == digest
        assert second.verify() == []
        first.close()
        second.close()


@settings(LAWS, max_examples=8)
@given(HISTORIES)
def test_the_same_text_on_duckdb(events: list[Event]) -> None:
    """The fold files are portable: DuckDB reads the same words and finds the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = store_in(folder)
        store.ingest(events)
        duck = duckdb.connect()
        for table in project.FACT_TABLES:
            info = store.db.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
            types = {"TEXT": "VARCHAR", "INTEGER": "BIGINT"}
            columns = ", ".join(f"{name} {types[kind]}" for name, kind in info)
            duck.execute(f"CREATE TABLE {table} ({columns})")
            marks = ",".join("?" * project.FACT_TABLES[table])
            for row in store.db.execute(f"SELECT * FROM {table}"):
                duck.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        for name, (table, column) in project.FACT_KEYS.items():
            names = f"dirty_{name}({project.keys_of(name)})"
            duck.execute(f"CREATE TABLE {names} AS SELECT DISTINCT {column} FROM {table}")
        for projection in project.PROJECTIONS:
            text = project.fold_text(projection.fold)
            store.db.execute("DELETE FROM temp.dirty_" + projection.dirty)
            table, column = project.FACT_KEYS[projection.dirty]
            store.db.execute(
                f"INSERT INTO temp.dirty_{projection.dirty} SELECT DISTINCT {column} FROM {table}"
            )
            ours = set(store.db.execute(text).fetchall())
            assert set(duck.execute(text).fetchall()) == ours, projection.fold
        duck.close()
        store.close()


def test_a_planted_fault_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The laws can fail: a fold that lets the first answer win is not the oracle's."""
    one = event("a" * 32, 1, "0" * 64, 1, "answer.given", "1" * 32, answer("X1", "pass"))
    two = event("b" * 32, 1, "0" * 64, 2, "answer.given", "1" * 32, answer("X1", "fail"))
    true = project.fold_text
    monkeypatch.setattr(project, "fold_text", lambda name: true(name).replace("hlc DESC", "hlc"))
    store = store_in(str(tmp_path))
    store.ingest([one, two])
    assert rows(store)["answer"] != fold([one, two])["answer"]
    store.close()


def test_a_write_replaces_only_its_own_slot(tmp_path: Path) -> None:
    """Naming another item's answer, or a place's description, in ``over`` takes neither away."""
    place = event("a" * 32, 1, "0" * 64, 1, "site.put", site_id("D1"), put("D1"))
    first = event("a" * 32, 2, place.hash, 1, "answer.given", "1" * 32, answer("X1", "pass"))
    over = sorted([place.hash, first.hash])
    other = answer("X2", "fail", over)
    second = event("b" * 32, 1, "0" * 64, 2, "answer.given", "1" * 32, other)
    removal = {"reason": "demolished", "note": "", "over": over}
    third = event("b" * 32, 2, second.hash, 2, "site.removed", site_id("D1"), removal)
    store = store_in(str(tmp_path))
    store.ingest([place, first, second, third])
    found = sites.get(store.db, site_id("D1"))
    assert found is not None
    assert found.removed
    assert set(inspections.answers(store.db, "1" * 32)) == {"X1", "X2"}
    store.close()


def test_words_that_only_look_alike_conflict(tmp_path: Path) -> None:
    """Value and note are compared one by one, never glued together with a sign between them."""
    one = answer("X1", "a|", note="b")
    two = answer("X1", "a", note="|b")
    store = store_in(str(tmp_path))
    store.ingest(
        [
            event("a" * 32, 1, "0" * 64, 1, "answer.given", "1" * 32, one),
            event("b" * 32, 1, "0" * 64, 2, "answer.given", "1" * 32, two),
        ]
    )
    (conflict,) = ledger.conflicts(store.db)
    assert [value for _device, _hlc, value in conflict.values] == ["a", "a|"]
    store.close()
