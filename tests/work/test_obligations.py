"""Obligations: what each place owes until a day, what fulfils it, and whom it is asked of."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import pytest

from fieldkit.errors import Problem
from fieldkit.store.store import Draft
from fieldkit.work import Workspace, boards, campaigns, obligations, sites
from fieldkit.work.obligations import Obligation

COMPANIES = (
    "kind,code,name,parent,division,grid,address,floor,registered\n"
    "village,9901,澜渡社区,,990121101001,,,,\n"
    "company,Q10,十号厂,9901,,,,,\n"
    "company,Q2,二号厂,9901,,,,,\n"
    "school,X1,一小,9901,,,,,\n"
    "courier,K1,快递点,9901,,,,,\n"
)


@pytest.fixture
def firms(ws: Workspace, tmp_path: Path) -> Workspace:
    """Two companies, a school and a courier's outlet."""
    path = tmp_path / "firms.csv"
    path.write_text(COMPANIES, encoding="utf-8")
    assert sites.import_register(ws, path).rejected == ()
    return ws


def inspected(
    ws: Workspace, code: str, checklist: str, day: str, *, mode: str = "open", finished: bool = True
) -> str:
    """An inspection of that day in the journal."""
    id = token_hex(16)
    started = {
        "site": sites.find(ws, code).id,
        "checklist": "9" * 64,
        "checklist_id": checklist,
        "checklist_version": "2026.11",
        "mode": mode,
        "nature": "guidance",
        "day": day,
        "seed": 1,
    }
    ended = {"points": [9, 1], "max_points": [10, 1], "grade": "met", "veto": [], "over": []}
    drafts = [Draft("inspection.started", id, "", started)]
    drafts += [Draft("inspection.finished", id, "", ended)] if finished else []
    ws.store.append(drafts)
    return id


def months(rows: list[Obligation]) -> dict[str, str]:
    """State by period."""
    return {row.period: row.state for row in rows}


def firm(ws: Workspace, at: str | None = None, code: str = "Q2") -> list[Obligation]:
    """What a company owes of the list for companies."""
    return obligations.listing(ws, at, code, "wuzha-qiye")


def test_the_year_month_by_month(firms: Workspace) -> None:
    """Past months are overdue, this one is due, one with a finished inspection is done."""
    inspected(firms, "Q2", "wuzha-qiye", "2026-09-30")
    inspected(firms, "Q2", "wuzha-qiye", "2026-08-10", finished=False)
    inspected(firms, "Q2", "courier-100", "2026-07-10")
    inspected(firms, "Q2", "wuzha-qiye", "2026-06-10", mode="reinspection")
    found = months(firm(firms))
    assert list(found) == [f"2026-{n:02}" for n in range(1, 12)]
    assert [name for name, state in found.items() if state == "done"] == ["2026-09"]
    assert [name for name, state in found.items() if state == "due"] == ["2026-11"]
    assert list(found.values()).count("overdue") == 9


def test_at_another_day_only_what_was_known_then_counts(firms: Workspace) -> None:
    """An inspection after the day is not yet there; the next day makes a month overdue."""
    inspected(firms, "Q2", "wuzha-qiye", "2026-10-20")
    assert months(firm(firms, "2026-10-19"))["2026-10"] == "due"
    assert months(firm(firms, "2026-10-20"))["2026-10"] == "done"
    assert months(firm(firms, "2026-11-30"))["2026-11"] == "due"
    assert months(firm(firms, "2026-12-01"))["2026-11"] == "overdue"
    assert set(months(firm(firms, "2027-01-05"))) == {"2027-01"}


def test_a_list_is_owed_by_its_kinds_alone(firms: Workspace) -> None:
    """In natural order of codes; each at the list's usual cadence, lists without one never."""
    found = obligations.listing(firms)
    codes = [row.site.code for row in found]
    assert codes.index("Q2") < codes.index("Q10")
    assert {row.site.code for row in found if row.checklist == "wuzha-xiaoyuan"} == {"X1"}
    assert {row.cadence for row in found if row.checklist == "wuzha-xiaoyuan"} == {"school-term"}
    assert "K1" not in codes


def test_a_staircase_is_no_unit(town: Workspace) -> None:
    """The list for member units is not owed by 1单元; the building is swept."""
    found = obligations.listing(town)
    assert {(row.site.code, row.checklist) for row in found if row.site.code.startswith("TF")} == {
        ("TF", "wuzha-xiaoqu"),
        ("TF-3", "building-sweep"),
    }
    assert next(row.name for row in found if row.site.code == "TF-3") == "听枫里 3栋"


def test_holidays_put_the_due_day_off(firms: Workspace) -> None:
    """What is done on the days won counts for the month before."""
    (firms.home / "holidays.txt").write_text("2026-10-31\n2026-11-01\n", encoding="utf-8")
    assert months(firm(firms, "2026-11-02"))["2026-10"] == "due"
    assert months(firm(firms, "2026-11-03"))["2026-10"] == "overdue"
    inspected(firms, "Q2", "wuzha-qiye", "2026-11-02")
    found = months(firm(firms, "2026-11-03"))
    assert (found["2026-10"], found["2026-11"]) == ("done", "due")


def test_december_may_still_be_due_in_january(firms: Workspace) -> None:
    """A holiday at the end of the year does not make the month vanish."""
    (firms.home / "holidays.txt").write_text("2026-12-31\n2027-01-01\n", encoding="utf-8")
    assert months(firm(firms, "2027-01-02")) == {"2026-12": "due", "2027-01": "due"}


def test_the_offices_own_cadences(firms: Workspace) -> None:
    """A file of the home says otherwise, list by list; none takes a list out."""
    (firms.home / "cadences.txt").write_text(
        "# 本镇\nwuzha-qiye statistical-month\nfinance-business none\ncourier-100 quarterly\n"
        "term 03-01 09-01\n",
        encoding="utf-8",
    )
    rows = obligations.listing(firms)
    assert {row.cadence for row in rows if row.checklist == "wuzha-qiye"} == {"statistical-month"}
    assert not any(row.checklist == "finance-business" for row in rows)
    assert {row.period for row in rows if row.checklist == "courier-100"} == {
        f"2026-Q{n}" for n in range(1, 5)
    }
    at = {row.period: row.first for row in rows if row.checklist == "wuzha-xiaoyuan"}
    assert at["2025-2026-2"] == "2026-03-01"
    # The statistical month of November ends on the 25th.
    assert months(firm(firms, "2026-11-26"))["2026-11"] == "overdue"
    assert months(firm(firms, "2026-11-26"))["2026-12"] == "due"


@pytest.mark.parametrize(
    "text", ["wuzha-qiye daily", "wuzha-qiye", "term 09-01", "term 13-01 09-01", "term 09-01 02-01"]
)
def test_a_calendar_that_cannot_be_read_is_told_with_its_line(firms: Workspace, text: str) -> None:
    """Nothing is reckoned by half a calendar."""
    (firms.home / "cadences.txt").write_text(f"\n{text}\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        obligations.listing(firms)
    assert (caught.value.code, caught.value.where) == ("bad-cadences", "cadences.txt:2")


def test_a_campaign_is_owed_once(firms: Workspace) -> None:
    """From its first day, whole even where it began last year; done by one visit in its days."""
    campaigns.put(firms, "三百行动", "2026-11-01", "2027-01-15", lists=["courier-100"])
    assert obligations.listing(firms, "2026-10-31", "K1") == []
    (row,) = obligations.listing(firms, "2026-11-01", "K1")
    assert (row.cadence, row.period, row.due, row.state) == (
        "campaign", "三百行动", "2027-01-15", "due"
    )  # fmt: skip
    inspected(firms, "K1", "courier-100", "2026-10-31")
    assert obligations.listing(firms, None, "K1")[0].state == "due"
    inspected(firms, "K1", "courier-100", "2026-11-20")
    assert obligations.listing(firms, "2027-02-01", "K1")[0].done == "2026-11-20"
    assert obligations.listing(firms, "2028-01-01", "K1") == []


def test_merge_the_visits_at_a_firm(firms: Workspace) -> None:
    """Whoever was there with whatever list in 30 days; only at kinds that the rule protects."""
    inspected(firms, "Q2", "finance-business", "2026-10-24")
    inspected(firms, "X1", "personal-info", "2026-11-20")
    row = firm(firms)[-1]
    assert "2026-10-24" in obligations.hint_words(row)
    assert "finance-business" in obligations.hint_words(row)
    assert obligations.hint_words(firm(firms, "2026-11-24")[-1]) == ""
    assert {obligations.hint_words(one) for one in obligations.listing(firms, None, "X1")} == {""}
    inspected(firms, "Q2", "wuzha-qiye", "2026-11-02")
    assert obligations.hint_words(firm(firms)[-1]) == ""


def test_struck_off_owes_nothing_after_its_day(firms: Workspace) -> None:
    """What was overdue before stays; the month in which it went is not asked any more."""
    sites.remove(firms, "Q2", "missing", on="2026-10-15")
    found = months(firm(firms))
    assert max(found) == "2026-09"
    assert set(found.values()) == {"overdue"}
    assert months(firm(firms, code="Q10"))["2026-11"] == "due"


def test_what_came_later_owes_from_then_on(
    firms: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register as it was begun owes the year; a firm that came in December, from December."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-10T09:00:00+08:00")
    path = tmp_path / "later.csv"
    path.write_text(COMPANIES.splitlines()[0] + "\ncompany,Q3,三号厂,9901,,,,,\n", encoding="utf-8")
    sites.import_register(firms, path)
    assert months(firm(firms, code="Q3")) == {"2026-12": "due"}
    assert len(firm(firms, code="Q2")) == 12


def test_states_places_and_days_that_are_none(firms: Workspace) -> None:
    """Each is told by its own code."""
    assert {row.state for row in obligations.listing(firms, state="overdue")} == {"overdue"}
    for code, words in {
        "unknown-state": {"state": "late"},
        "unknown-site": {"within": "ZZ"},
        "unknown-checklist": {"checklist": "zz"},
        "bad-day": {"at": "昨天"},
    }.items():
        with pytest.raises(Problem) as caught:
            obligations.listing(firms, **words)
        assert caught.value.code == code
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        with pytest.raises(Problem):
            obligations.listing(firms, day)


def test_boards_hold_every_obligation_once(firms: Workspace) -> None:
    """A board for each list, the one with most overdue first; campaigns stand behind the year."""
    campaigns.put(firms, "冬季", "2026-11-01", "2026-11-30", lists=["wuzha-qiye"])
    inspected(firms, "Q2", "wuzha-qiye", "2026-03-05")
    made = boards.boards(firms)
    assert made[0].checklist.id == "wuzha-qiye"
    assert [boards.heading(one) for one in made[0].columns] == [
        *(f"{n}月" for n in range(1, 12)), "冬季"
    ]  # fmt: skip
    assert [line.site.code for line in made[0].lines] == ["Q2", "Q10"]
    cells = [cell for board in made for line in board.lines for cell in line.cells if cell]
    assert sorted(map(repr, cells)) == sorted(map(repr, obligations.listing(firms)))
    assert made[0].counts["done"] == 1
