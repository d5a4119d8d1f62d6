"""The fold's laws: SQL equals the oracle, order never matters, increments equal a rebuild."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain.fold import fold
from fieldkit.domain.kinds import finding_id, site_id
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
    ("evidence.added", "checklist.put", "from.the_future", "finding.opened"),
)
"""Kinds that meddle with each other; a history speaks of few, so that they meet often."""


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """What up to three devices wrote, some of it having seen the others, one perhaps forked."""
    kinds = [kind for family in draw(some(FAMILIES)) for kind in family]
    codes, inspections = draw(some(CODES)), draw(some(INSPECTIONS))
    made = _events(kinds, codes, inspections)
    everything: list[Event] = []
    for device in DEVICES[: draw(st.integers(1, 3))]:
        chain: list[Event] = []
        for _step in range(draw(st.integers(1, 7))):
            seq, prev = len(chain) + 1, chain[-1].hash if chain else GENESIS
            chain.append(draw(made(device, seq, prev, everything + chain)))
        if len(chain) > 1 and draw(st.booleans()):
            seq = draw(st.integers(1, len(chain)))
            prev = chain[seq - 2].hash if seq > 1 else GENESIS
            everything.append(draw(made(device, seq, prev, everything)))
        everything += chain
    return everything


def some(choices: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
    """One or two of these."""
    return st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True)


def _events(
    kinds: list[str], codes: list[str], inspections: list[str]
) -> Callable[..., st.SearchStrategy[Event]]:
    @st.composite
    def made(draw: st.DrawFn, device: str, seq: int, prev: str, seen: list[Event]) -> Event:
        place, inspection = draw(st.sampled_from(codes)), draw(st.sampled_from(inspections))
        return _one(
            draw, (device, seq, prev), draw(st.sampled_from(kinds)), place, inspection, seen
        )

    return made


def _one(
    draw: st.DrawFn,
    chained: tuple[str, int, str],
    kind: str,
    code: str,
    inspection: str,
    seen: list[Event],
) -> Event:
    ms = draw(st.integers(1, 3))
    earlier = [e.hash for e in seen] or ["f" * 64]
    over = sorted(draw(st.sets(st.sampled_from(earlier), max_size=3)))
    item, value = draw(st.sampled_from(["X1", "X2"])), draw(st.sampled_from(["pass", "p|", "p"]))
    note = draw(st.sampled_from(["", "|", "二"]))
    outcomes = ["met", "left", "absent", "away", "refused", "group", "gone"]
    bodies: dict[str, tuple[str, Any]] = {
        "site.put": (
            site_id(code),
            put(
                code,
                name=draw(st.sampled_from(["甲", "乙", "甲|"])),
                registered=draw(st.sampled_from([0, 1, None])),
                over=over,
            ),
        ),
        "site.removed": (site_id(code), {"reason": "demolished", "note": "", "over": over}),
        "answer.given": (inspection, answer(item, value, over, note)),
        "visit.logged": (
            site_id(code),
            visit(draw(st.sampled_from(outcomes)), draw(st.integers(0, 1))),
        ),
        "visit.withdrawn": (site_id(code), {"visit": over[0] if over else "f" * 64}),
        "inspection.started": (inspection, started(code)),
        "inspection.finished": (
            inspection,
            {
                "points": [draw(st.integers(0, 9)), 1],
                "max_points": [9, 1],
                "grade": "met",
                "veto": [],
                "over": [],
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
        "evidence.added": (
            "e" * 32,
            {
                "sha256": "e" * 64,
                "size": draw(st.integers(1, 9)),
                "ext": "jpg",
                "media": "image/jpeg",
            },
        ),
        "checklist.put": (DIGEST[:32], {"digest": DIGEST, "doc": DOC}),
        "from.the_future": ("0" * 32, {"anything": [1, "二"]}),
    }
    entity, body = bodies[kind]
    return event(*chained, ms, kind, entity, body)


LAWS = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def rows(store: Store) -> dict[str, set[Any]]:
    """Every projection of a store, as the digest sees it."""
    return {
        table: set(store.db.execute(f"SELECT {columns} FROM {table}"))
        for table, columns in project.DIGESTED.items()
    }


def store_in(folder: str) -> Store:
    """An empty store."""
    return Store(Path(folder), "d" * 32, lambda: 1_790_000_000_000)


@LAWS
@given(histories())
def test_sql_is_the_oracle(history: list[Event]) -> None:
    """Each projection holds exactly the rows that the plain Python fold gives."""
    with tempfile.TemporaryDirectory() as folder:
        store = store_in(folder)
        store.ingest(history)
        expected = fold(history)
        assert rows(store) == {table: expected[table] for table in project.DIGESTED}
        store.close()


@LAWS
@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(history: list[Event], chance: random.Random) -> None:
    """Any order, split, repetition, or copy without its body: one digest, also after a rebuild."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first, second = store_in(one), store_in(two)
        first.ingest(history)
        shuffled = history + chance.sample(history, len(history) // 2)
        shuffled += [erased(event) for event in chance.sample(history, len(history) // 2)]
        chance.shuffle(shuffled)
        cut = chance.randrange(len(shuffled) + 1)
        for part in (shuffled[:cut], shuffled[cut:]):
            second.ingest(part)
        digest = first.state_digest()
        assert second.state_digest() == digest
        assert second.ingest(history).new == 0
        assert second.state_digest() == digest
        second.rebuild()
        assert second.state_digest() == digest
        assert second.verify() == []
        first.close()
        second.close()


@settings(LAWS, max_examples=8)
@given(histories())
def test_the_same_text_on_duckdb(history: list[Event]) -> None:
    """The fold files are portable: DuckDB reads the same words and finds the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = store_in(folder)
        store.ingest(history)
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
            duck.execute(f"CREATE TABLE dirty_{name} AS SELECT DISTINCT {column} AS k FROM {table}")
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
