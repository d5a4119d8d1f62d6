"""The dashboard's numbers against counting by hand, over small histories made up by hypothesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldkit.domain.outcomes import LOGGED, delivers, meets
from fieldkit.domain.rectification import OVER
from fieldkit.errors import Problem
from fieldkit.store import visits as store_visits
from fieldkit.work import (
    Workspace,
    coverage,
    dashboard,
    dashboard_places,
    findings,
    inspecting,
    referring,
    sites,
    sweeps,
    visiting,
)
from fieldkit.work.referring import Slip

TODAY = date(2026, 11, 23)
VILLAGES = ("990100000001", "990100000002")
HEAD = "kind,code,name,parent,division,grid,address,floor,registered"


def register() -> str:
    """Two villages; in each a building of six doors, a third has none; a door on its own."""
    rows = [HEAD]
    for number, code in enumerate(VILLAGES, 1):
        rows.append(f"village,{code},{number}村,,{code},,,,")
        rows.append(f"building,B{number},{number}栋,{code},,,,,")
        rows.append(f"courier,K{number},{number}号网点,{code},,,,,")
        for place in range(6):
            rows.append(
                f"door,D{number}{place},{place}室,B{number},,,,{place // 2 + 1},{place % 2}"
            )
    rows.append("building,B3,3栋,,,,,,")
    rows.append("door,D9,9室,,990100000003,,,,1")
    return "\n".join(rows) + "\n"


@contextmanager
def town() -> Iterator[Workspace]:
    """A home of its own with that register."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "town.csv"
        table.write_text(register(), encoding="utf-8")
        with Workspace.open(Path(folder) / "home") as ws:
            assert sites.import_register(ws, table).rejected == ()
            yield ws


DOORS = [f"D{village}{place}" for village in (1, 2) for place in range(6)] + ["D9"]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("visit"), st.sampled_from(DOORS), st.sampled_from(sorted(LOGGED)),
            st.integers(0, 40),
        ),
        st.tuples(st.just("withdraw"), st.integers(0, 99)),
        st.tuples(st.just("strike"), st.sampled_from(DOORS)),
        st.tuples(st.just("move"), st.sampled_from(DOORS[:-1])),
        st.tuples(st.just("read")),
    ),
    max_size=14,
)  # fmt: skip


def play(ws: Workspace, steps: list[tuple[object, ...]]) -> None:
    """Do what the history says; reading in between must not leave anything behind."""
    logged: list[str] = []
    for what, *of in steps:
        if what == "visit":
            door, outcome, ago = of
            day = (TODAY - timedelta(int(str(ago)))).isoformat()
            visit = visiting.log(ws, str(door), str(outcome), day=day)
            logged.append(visit.id)
        elif what == "withdraw" and logged:
            visiting.withdraw(ws, logged.pop(int(str(of[0])) % len(logged)))
        elif what == "strike":
            sites.remove(ws, str(of[0]), "demolished")
        elif what == "move":
            moved(ws, str(of[0]))
        elif what == "read":
            dashboard.read(ws)


def moved(ws: Workspace, door: str) -> None:
    """Hang a door under the other building."""
    site = sites.find(ws, door)
    here = sites.find(ws, "B1").id
    other = "B2" if site.parent == here else "B1"
    table = ws.home / "moved.csv"
    table.write_text(f"{HEAD}\ndoor,{door},{site.name},{other},,,,{site.floor},1\n", "utf-8")
    assert sites.import_register(ws, table).rejected == ()


@given(STEPS)
@example([("visit", "D11", "met", 9), ("read",), ("strike", "D11")])
@example([("visit", "D11", "met", 9), ("visit", "D11", "met", 2), ("read",), ("move", "D11")])
@example([("visit", "D11", "met", 9), ("read",), ("withdraw", 0)])
@example([("visit", "D9", "met", 3), ("visit", "D10", "met", 3), ("visit", "D11", "left", 30)])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_doors_and_weeks_are_what_counting_gives(steps: list[tuple[object, ...]]) -> None:
    """Coverage as `coverage` has it, visits and first deliveries week by week, and the total."""
    with town() as ws:
        play(ws, steps)
        found = dashboard.read(ws)
        rows = coverage.coverage(ws)
        names = ("code", "name", "doors", "registered", "removed", "visited", "delivered", "met",
                 "revisit", "delivery_rate", "face_to_face_rate")  # fmt: skip
        with_doors = [row for row in found.villages if row.doors]
        assert [[getattr(row, name) for name in names] for row in with_doors] == [
            [getattr(row, name) for name in names] for row in rows
        ]
        visits: Counter[str] = Counter()
        reached: Counter[str] = Counter()
        spoken: Counter[str] = Counter()
        for state in store_visits.door_states(ws.store.db):
            door = state.door
            its = store_visits.of_door(ws.store.db, door.id)
            visits.update(monday(visit.day) for visit in its)
            given = [visit.day for visit in its if delivers(visit.outcome, visit.materials)]
            met = [visit.day for visit in its if meets(visit.outcome)]
            if given and door.registered and not door.removed:
                reached[monday(min(given))] += 1
            if met and not door.removed:
                spoken[monday(min(met))] += 1
        assert {week.monday: week.visits for week in found.weeks if week.visits} == dict(visits)
        for week in found.weeks:
            assert week.delivered == sum(n for day, n in reached.items() if day <= week.monday)
            assert week.met == sum(n for day, n in spoken.items() if day <= week.monday)
        last = found.weeks[-1]
        assert (last.delivered, last.met) == (found.totals.delivered, found.totals.met)
        assert (last.delivery_rate, last.face_to_face_rate) == (
            found.totals.delivery_rate, found.totals.face_to_face_rate,
        )  # fmt: skip
        assert found.totals.doors == sum(row.doors for row in found.villages)


@given(STEPS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_rebuild_changes_no_number(steps: list[tuple[object, ...]]) -> None:
    """The sums follow from the journal alone, and what is read twice is the same."""
    with town() as ws:
        play(ws, steps)
        found = dashboard.read(ws)
        assert dashboard.read(ws) == found
        ws.store.rebuild()
        assert dashboard.read(ws) == found
        assert ws.store.verify() == []


def monday(day: str) -> str:
    """The Monday of a day's week."""
    one = date.fromisoformat(day)
    return (one - timedelta(one.weekday())).isoformat()


SAMPLES = {
    "redline": "pass", "count": "99", "number": "99", "ratio": "99/99", "sample": "99/99",
    "recency": "2026-11-20", "date": "2026-11-20", "external": "met:虚函〔2026〕3号:2026-11-17",
    "text": "已核对",
}  # fmt: skip


def inspected(
    ws: Workspace, site: str, failing: int, checklist: str = "courier-100"
) -> tuple[str, Fraction]:
    """A finished inspection in which so many plain items failed, and what it came to."""
    sheet = inspecting.start(ws, checklist, site)
    plain = [i.id for i in sheet.items if i.type == "check" and not i.critical][:failing]
    for item in sheet.items:
        good = "pass" if item.type == "check" else SAMPLES.get(item.type, "na")
        inspecting.answer(ws, sheet.inspection.id, item.id, "fail" if item.id in plain else good)
    result = inspecting.finish(ws, sheet.inspection.id)[0].score
    assert result.ratio is not None
    return sheet.inspection.id, result.ratio


@given(st.lists(st.tuples(st.sampled_from(("K1", "K2")), st.integers(0, 4)), max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_inspections_and_findings_are_what_counting_gives(plan: list[tuple[str, int]]) -> None:
    """Means are exact; the worst comes first with what failed; weeks and villages add up."""
    with town() as ws:
        made = [(site, inspected(ws, site, failing)) for site, failing in plan]
        done, ratios = [(site, id) for site, (id, _ratio) in made], dict(it for _site, it in made)
        inspecting.start(ws, "courier-100", "K1")
        found = dashboard.read(ws)
        assert found.totals.inspections == len(done)
        assert found.totals.mean == mean(list(ratios.values()))
        assert sum(week.inspections for week in found.weeks) == len(done)
        by_list = {row.checklist: row for row in found.checklists}
        assert set(by_list) == ({"courier-100"} if done else set())
        if done:
            assert by_list["courier-100"].mean == found.totals.mean
            assert by_list["courier-100"].title == "寄递三个100%"
        rows = findings.listing(ws)
        for number, code in enumerate(VILLAGES, 1):
            village = next(row for row in found.villages if row.code == code)
            its = [row for row in rows if row.site and row.site.code == f"K{number}"]
            assert village.findings == sum(row.finding.state not in OVER for row in its)
            assert village.overdue == sum(row.overdue for row in its)
            own = [ratios[id] for site, id in done if site == f"K{number}"]
            assert (village.inspections, village.mean) == (len(own), mean(own))
        latest = dict(done)
        assert {place.code: place.inspection for place in found.worst} == latest
        assert [place.ratio for place in found.worst] == sorted(
            ratios[id] for id in latest.values()
        )
        for place in found.worst:
            its = [row.finding.item for row in rows if row.finding.inspection == place.inspection]
            assert sorted(one.item for one in place.failed) == sorted(its)
        drilled = [place for one in dashboard_places.drill(ws) for place in one.places]
        assert sorted(drilled) == sorted(found.worst)


def mean(values: list[Fraction]) -> Fraction | None:
    """Their exact mean."""
    return sum(values, Fraction()) / len(values) if values else None


def test_sweeps_and_slips(tmp_path: Path) -> None:
    """Buildings swept this month, as the ledger has them; slips until they are answered."""
    with town() as ws:
        inspected(ws, "B1", 1, "building-sweep")
        inspecting.start(ws, "building-sweep", "B2")
        ref = referring.make(ws, "B1", Slip("天台有来源不明的天线", "telecom", "devices"))
        found = dashboard.read(ws)
        ledger = sweeps.ledger(ws, "2026-11").totals
        sums = found.totals
        assert (sums.buildings, sums.swept, sums.sweeps_done, sums.referrals) == (
            ledger.buildings, ledger.swept, ledger.finished, ledger.pending,
        )  # fmt: skip
        assert (sums.buildings, sums.swept, sums.sweeps_done, sums.referrals) == (3, 2, 1, 1)
        referring.answer(ws, ref.referral.id, "handled")
        assert dashboard.read(ws).totals.referrals == 0


def test_within_a_place_only_what_is_below_counts() -> None:
    """A village's dashboard is its row, a building's its doors; of a door there is none."""
    with town() as ws:
        visiting.log(ws, "D11", "met")
        inspected(ws, "K2", 1)
        whole = dashboard.read(ws)
        for code in VILLAGES:
            part = dashboard.read(ws, code)
            row = next(row for row in whole.villages if row.code == code)
            assert part.villages == (row,)
            assert part.totals._replace(code=row.code, name=row.name) == row
        assert dashboard.read(ws, "B1").totals.doors == 6
        assert sum(week.visits for week in dashboard.read(ws, "B2").weeks) == 0
        assert dashboard.read(ws, "B2").worst == ()
        with pytest.raises(Problem) as caught:
            dashboard.read(ws, "D11")
        assert caught.value.code == "door-dashboard"


def test_worst_first_by_each_measure() -> None:
    """Low rates and high counts are worse; a village that a rate does not apply to comes last."""
    with town() as ws:
        visiting.log(ws, "D11", "met")
        inspected(ws, "K1", 2)
        rows = dashboard.read(ws).villages
        first = {m: dashboard.worst_first(rows, m)[0].code for m in dashboard.MEASURES}
        assert first["findings"] == VILLAGES[0]
        assert first["delivered"] != VILLAGES[0]
        assert dashboard.worst_first(rows, "mean")[0].code == VILLAGES[0]
        assert all(len(dashboard.worst_first(rows, m)) == len(rows) for m in dashboard.MEASURES)


def test_a_finding_about_a_door_is_told_of_its_building() -> None:
    """The building's name stands there, neither the door's code nor its number."""
    with town() as ws:
        inspected(ws, "D11", 1)
        (place,) = dashboard.read(ws).worst
        assert place.code == ""
        assert "1栋" in place.name
        assert "D11" not in str(place)
        assert "1室" not in place.name


def test_the_heat_is_the_floors_of_coverage() -> None:
    """A building a line, in its village."""
    with town() as ws:
        visiting.log(ws, "D10", "met")
        visiting.log(ws, "D11", "met")
        strips = dashboard_places.heat(ws, VILLAGES[0])
        assert [(s.code, s.village, s.delivered, s.met) for s in strips] == [
            ("B1", VILLAGES[0], "#00", "#00")
        ]
