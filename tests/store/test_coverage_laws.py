"""Coverage: the same however visits come together, and a past day's figures stay as they are."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain.kinds import REMOVALS, SUPERSEDED, site_id
from fieldkit.domain.outcomes import LOGGED, REVISIT, delivers, meets, rank
from fieldkit.domain.records import CoverageCounts
from fieldkit.store.asof import as_of
from fieldkit.store.store import Store
from fieldkit.store.visits import coverage
from fieldkit_sync.event import GENESIS, Event, make

DEVICES = ["a" * 32, "b" * 32, "c" * 32]
DAYS = [f"2026-11-{day:02}" for day in range(1, 8)]
VILLAGES = ["990121101001", "990121101002"]
FAST = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def stamp(day: str, minute: int) -> str:
    """A clock stamp at noon of a day in China, and some minutes."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=4, minutes=minute)
    return f"{int(moment.timestamp() * 1000):012x}0000"


class Fleet:
    """Devices that write in the order of days, none having seen the others."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._last: dict[str, tuple[int, str]] = defaultdict(lambda: (0, GENESIS))

    def write(self, device: str, day: str, kind: str, entity: str, body: dict[str, Any]) -> Event:
        """The next event of a device."""
        seq, prev = self._last[device]
        made = make(
            device=device,
            epoch="0" * 16,
            seq=seq + 1,
            prev=prev,
            hlc=stamp(day, seq),
            kind=kind,
            entity=entity,
            division="",
            body=body,
            salt=f"{seq:032x}",
        )
        self._last[device] = (seq + 1, made.hash)
        self.events.append(made)
        return made


def put(code: str, dice: random.Random, **more: Any) -> dict[str, Any]:
    """A door."""
    return {
        "code": code,
        "name": code,
        "kind": "door",
        "parent": "",
        "division": dice.choice(VILLAGES),
        "grid": "",
        "address": "",
        "floor": "1",
        "registered": dice.choice([0, 1, None]),
        "over": [],
        **more,
    }


def history(seed: int) -> list[Event]:
    """Doors come, are visited, withdrawn from, split and struck off, day after day."""
    dice, fleet = random.Random(seed), Fleet()
    doors: list[str] = []
    visits: list[Event] = []
    for day in DAYS:
        for _turn in range(dice.randint(0, 8)):
            device = dice.choice(DEVICES)
            act = dice.choice(["put", "visit", "visit", "visit", "withdraw", "remove", "split"])
            if act == "put" or not doors:
                code = f"D{len(doors)}"
                more = (
                    {"since": dice.choice(DAYS[: DAYS.index(day) + 1])}
                    if dice.random() < 0.5
                    else {}
                )
                fleet.write(device, day, "site.put", site_id(code), put(code, dice, **more))
                doors.append(code)
            elif act == "visit":
                body = {
                    "outcome": dice.choice(LOGGED),
                    "materials": dice.randint(0, 1),
                    "app": "none",
                    "note": "",
                    # Seen on this day or written down from paper a day later.
                    "day": dice.choice(DAYS[: DAYS.index(day) + 1][-2:]),
                }
                visits.append(
                    fleet.write(device, day, "visit.logged", site_id(dice.choice(doors)), body)
                )
            elif act == "withdraw" and visits:
                taken = dice.choice(visits)
                fleet.write(device, day, "visit.withdrawn", taken.entity, {"visit": taken.hash})
            elif act == "remove":
                body = {"reason": dice.choice(REMOVALS), "note": "", "over": [], "on": day}
                fleet.write(device, day, "site.removed", site_id(dice.choice(doors)), body)
            elif act == "split":
                old = dice.choice(doors)
                for number in (1, 2):
                    code = f"{old}-{number}"
                    if code not in doors:
                        body = put(code, dice, since=day, why="拆户", origin=site_id(old))
                        fleet.write(device, day, "site.put", site_id(code), body)
                        doors.append(code)
                gone = {"reason": "split", "note": "", "over": [], "on": day}
                fleet.write(device, day, "site.removed", site_id(old), gone)
    return fleet.events


def day_of(event: Event) -> str:
    """The day from which an event counts."""
    body = event.body or {}
    told = body.get("since") or body.get("on")
    if event.kind == "visit.logged":
        told = body["day"]
    if told:
        return str(told)
    ms = int(event.hlc[:12], 16)
    return (datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=8)).date().isoformat()


def oracle(events: list[Event], day: str) -> dict[str, tuple[int, ...]]:
    """Coverage by village, counted the long way."""
    known = [event for event in events if day_of(event) <= day]
    puts: dict[str, list[Event]] = defaultdict(list)
    reasons: dict[str, set[str]] = defaultdict(set)
    for event in known:
        if event.kind == "site.put":
            puts[event.entity].append(event)
        elif event.kind == "site.removed":
            reasons[event.entity].add((event.body or {})["reason"])
    gone = {(e.body or {})["visit"] for e in known if e.kind == "visit.withdrawn"}
    found: dict[str, list[int]] = {}
    for door, writes in puts.items():
        last = max(writes, key=lambda e: (e.hlc, e.device, e.epoch, e.seq, e.hash)).body or {}
        if reasons[door] and reasons[door] <= set(SUPERSEDED):
            continue
        row = found.setdefault(last["division"], [0] * 7)
        row[0] += 1
        if reasons[door]:
            row[2] += 1
            continue
        made = [
            e.body or {}
            for e in known
            if e.kind == "visit.logged" and e.entity == door and e.hash not in gone
        ]
        reached = any(delivers(b["outcome"], b["materials"]) for b in made)
        best = min(
            (b for b in made), key=lambda b: rank(b["outcome"], b["materials"]), default=None
        )
        row[1] += last["registered"] == 1
        row[3] += bool(made)
        row[4] += last["registered"] == 1 and reached
        row[5] += any(meets(b["outcome"]) for b in made)
        row[6] += (best["outcome"] if best else "none") in REVISIT
    return {code: tuple(row) for code, row in found.items()}


def counts(rows: list[CoverageCounts]) -> dict[str, tuple[int, ...]]:
    """The same of a store's rows."""
    return {
        r.code: (r.doors, r.registered, r.removed, r.visited, r.delivered, r.met, r.revisit)
        for r in rows
    }


def stored(folder: Path, groups: list[list[Event]]) -> Store:
    """A home that took these groups in, one after the other."""
    store = Store(folder, DEVICES[0], lambda: 1_800_000_000_000)
    for group in groups:
        store.ingest(group)
    return store


@FAST
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_any_split_of_any_visits_in_any_order_counts_the_same(seed: int, dice: Any) -> None:
    """Over any number of bundles, merged in any order, some of them twice."""
    events = history(seed)
    shuffled = events[:]
    dice.shuffle(shuffled)
    groups: list[list[Event]] = [[] for _n in range(dice.randint(1, 5))]
    for event in shuffled:
        dice.choice(groups).append(event)
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("one", "many")]
        for place in places:
            place.mkdir()
        whole, parts = stored(places[0], [events]), stored(places[1], [*groups, groups[0]])
        try:
            for by in ("village", "all", "door"):
                assert counts(coverage(whole.db, by)) == counts(coverage(parts.db, by))
            assert counts(coverage(whole.db)) == oracle(events, "9999-12-31")
            assert whole.state_digest() == parts.state_digest()
        finally:
            whole.close()
            parts.close()


@FAST
@given(st.integers(0, 2**32), st.sampled_from(DAYS))
def test_a_past_day_is_not_changed_by_what_happens_later(seed: int, day: str) -> None:
    """The figures of a day are those counted the long way, before and after the later events."""
    events = history(seed)
    early = [event for event in events if day_of(event) <= day]
    late = [event for event in events if day_of(event) > day]
    with tempfile.TemporaryDirectory() as folder:
        store = stored(Path(folder), [early])
        try:
            with as_of(store.db, day) as then:
                before = counts(coverage(then))
            store.ingest(late)
            with as_of(store.db, day) as then:
                assert counts(coverage(then)) == before == oracle(events, day)
        finally:
            store.close()


def test_the_history_has_everything_in_it() -> None:
    """The laws above speak of splits, removals, withdrawals and late notes."""
    events = [event for seed in range(60) for event in history(seed)]
    kinds = {event.kind for event in events}
    assert kinds == {"site.put", "site.removed", "visit.logged", "visit.withdrawn"}
    assert any((e.body or {}).get("reason") == "split" for e in events)
    assert max(len(oracle(history(seed), DAYS[-1])) for seed in range(60)) == len(VILLAGES)
