"""A month as a sheet to fill in: what is carried over, which cells are at fault, whole towns."""

from __future__ import annotations

import pytest

from fieldkit.domain.kinds_standing import unit_id
from fieldkit.domain.standing.basis import Basis, Indicator
from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, offices, standing, standing_publish, standing_sheet
from fieldkit.work.standing import Figures

from .standings import ROSTER, figures, give

COLUMN = Basis(
    indicators=(
        Indicator("count", "发案数", "count", 60),
        Indicator("cleared", "破案数", "column", 40, column="cleared", better="high"),
    )
)


@pytest.fixture
def office(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An office two days before a month ends."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    offices.init(ws, "澜渡镇联席办（演示）")
    return ws


def test_a_home_that_knows_nothing(office: Workspace) -> None:
    """No units, nothing entered, nothing to correct."""
    found = standing_sheet.sheet(office, "2026-11")
    assert (found.figures, found.carried, found.corrects) == ((), True, False)
    assert standing_sheet.points(office) == []
    with pytest.raises(Problem, match="不是月份"):
        standing_sheet.sheet(office, "2026-13")


def test_what_a_new_month_knows(office: Workspace) -> None:
    """Units and population of the month before, last year's cases of that month."""
    give(office, {"2025-11": ["茶烟村", "檀渡村"], "2026-09": ["茶烟村"]})
    found = standing_sheet.sheet(office, "2026-11")
    assert found.carried
    assert [it.name for it in found.figures] == [*ROSTER]
    assert {it.cases for it in found.figures} == {None}
    assert {it.population for it in found.figures} == {1000}
    last_year = {it.name: it.cases_last_year for it in found.figures}
    assert (last_year["茶烟村"], last_year["菱歌社区"]) == (9, 1)


def test_the_order_of_entering_stays(office: Workspace) -> None:
    """A published month is not in the order of its places, and may only be corrected."""
    give(office, {"2026-09": ["听枫社区", "菱歌社区"]}, publish=True)
    found = standing_sheet.sheet(office, "2026-09")
    assert [it.name for it in found.figures] == [*ROSTER]
    assert (found.carried, found.corrects, found.state) == (False, True, "published")
    assert standing_sheet.sheet(office, "2026-08").corrects
    assert not standing_sheet.sheet(office, "2026-10").corrects


def test_one_more_unit(office: Workspace) -> None:
    """A name once, not twice and not empty."""
    rows = figures(("茶烟村", "檀渡村"))
    grown = standing_sheet.added(office, rows, " 工业园 ")
    assert grown[-1] == Figures(unit_id("工业园"), "工业园", None, None, None, {})
    assert grown[:-1] == rows
    for name in ("茶烟 村", "", "李某13800138000"):
        with pytest.raises(Problem):
            standing_sheet.added(office, rows, name)


def test_cells_at_fault() -> None:
    """Blank and wrong cells by unit and column; what a reading does not ask for may be blank."""
    rows = [
        Figures("a", "甲", None, 1, 100, {"cleared": 1}),
        Figures("b", "乙", -1, None, 0, {}),
        Figures("c", "丙", 1, 1, 100, {"cleared": 0}),
        Figures("d", "丁", 1, 1, 100, {"cleared": 0}),
    ]
    found = standing_sheet.faults(standing_sheet.doubts(COLUMN, rows), rows, COLUMN)
    assert found == {
        ("a", "cases"): "blank",
        ("b", "cases"): "wrong",
        ("b", "cleared"): "blank",
        ("b", "population"): "wrong",
    }
    usual = standing_sheet.faults(standing_sheet.doubts(Basis(), rows), rows, Basis())
    assert usual["b", "cases_last_year"] == "blank"
    assert [name for name, _title in standing_sheet.columns(COLUMN)][-1] == "cleared"


def test_numbers_in_and_out_of_cells() -> None:
    """A field of its own, or one of the others."""
    one = Figures("a", "甲", None, None, None, {})
    for column in ("cases", "cleared"):
        filled = standing_sheet.filled(one, column, 3)
        assert standing_sheet.value(filled, column) == 3
        assert standing_sheet.filled(filled, column, None) == one


def test_whole_towns_month_by_month(office: Workspace) -> None:
    """Sums where every unit has its number; months without figures stand there too."""
    give(office, {"2026-07": ["茶烟村"], "2026-09": ["茶烟村"]}, publish=True)
    gap = [*figures(("茶烟村", "檀渡村"))]
    gap[0] = standing_sheet.filled(gap[0], "cases", None)
    standing.enter(office, "2026-10", gap, draft=True)
    points = standing_sheet.points(office)
    assert [(it.month, it.cases, it.is_whole) for it in points] == [
        ("2026-07", 22, True),
        ("2026-08", None, False),
        ("2026-09", 22, True),
        ("2026-10", None, False),
    ]
    assert [it.month for it in standing_sheet.points(office, "2026-09", 2)] == [
        "2026-08",
        "2026-09",
    ]
    assert standing_sheet.places_before(office, "2026-10").keys() == {unit_id(it) for it in ROSTER}
    assert standing_sheet.places_before(office, "2026-11") == {}


@pytest.mark.parametrize(("day", "first"), [("25", "2026-11"), ("26", "2026-12")])
def test_the_running_month(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, day: str, first: str
) -> None:
    """From the 26th on it is the next one."""
    monkeypatch.setenv("FIELDKIT_NOW", f"2026-11-{day}T09:30:00+08:00")
    months = standing_sheet.askable(office)
    assert months[0] == first
    assert len(months) == standing_sheet.ASKED_MONTHS
    assert standing_sheet.neighbour(first, -1) == months[1]


def test_a_block_of_cells() -> None:
    """As it is copied from a spreadsheet; a word in it changes nothing."""
    rows = figures(("茶烟村", "檀渡村"))
    found = standing_sheet.pasted(rows, Basis(), "5\t1,234\r\n\t６\r\n", (1, 1))
    assert [(it.cases_last_year, it.population) for it in found[:3]] == [
        (1, 1000),
        (5, 1234),
        (None, 6),
    ]
    with pytest.raises(Problem, match="三起"):
        standing_sheet.pasted(rows, Basis(), "三起", (0, 0))
    for place in ((len(rows) - 1, 0), (0, 2)):
        with pytest.raises(Problem, match="放不下"):
            standing_sheet.pasted(rows, Basis(), "1\t2\n3\t4", place)


def test_what_keeps_a_month_from_being_published(office: Workspace) -> None:
    """Said before anything is decided; nothing is written."""
    give(office, {"2026-10": ["茶烟村"], "2026-11": ["茶烟村"]})
    standing_publish.ready(office, "2026-10")
    with pytest.raises(Refused, match="尚未结束"):
        standing_publish.ready(office, "2026-11")
    standing.publish(office, "2026-10")
    with pytest.raises(Refused, match="已经通报"):
        standing_publish.ready(office, "2026-10")
    with pytest.raises(Problem, match="还没有数"):
        standing_publish.ready(office, "2026-12")
