"""The monthly standing at work: months, cards, streaks over months, publishing, freezing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, journaling, offices, settling, standing
from fieldkit.work.standing import Figures

from .standings import card, figures, give

TEA = {
    "2026-04": ["茶烟村"],
    "2026-05": ["茶烟村", "檐铃社区"],
    "2026-06": ["茶烟村"],
    "2026-07": ["茶烟村", "檐铃社区"],
    "2026-08": ["檐铃社区"],
    "2026-09": [],
    "2026-10": ["茶烟村"],
}
"""The worked sequences of DOMAIN §1.3 for two units."""


@pytest.fixture
def office(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An office in the middle of November."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    offices.init(ws, "澜渡镇联席办（演示）")
    return ws


@pytest.mark.parametrize("publish", [False, True])
def test_the_worked_sequences(office: Workspace, publish: bool) -> None:
    """Cards as in DOMAIN §1.3, whether the months before were published or only entered."""
    give(office, {month: TEA[month] for month in sorted(TEA)[:5]}, publish=publish)
    standing.delist(office, "茶烟村", "澜反诈办〔2026〕9号", "2026-09-20", "整治到位")
    give(office, {month: TEA[month] for month in sorted(TEA)[5:]}, publish=publish)
    tea = [card(office, month, "茶烟村") for month in sorted(TEA)]
    assert [it[:2] for it in tea] == [
        ("yellow", 1),
        ("red", 2),
        ("listed", 3),
        ("listed", 4),
        ("none", 0),
        ("none", 0),
        ("yellow", 1),
    ]
    assert [it[2] for it in tea[2:5]] == ["2026-06"] * 3
    assert tea[6][2] == ""
    eaves = [card(office, month, "檐铃社区")[:2] for month in sorted(TEA)]
    assert [it[0] for it in eaves] == ["none", "yellow", "none", "yellow", "red", "none", "none"]


def test_the_row_of_months(office: Workspace) -> None:
    """Every month from first to last with its state, the one without figures too."""
    give(office, {"2026-06": ["檀渡村"]}, publish=True)
    give(office, {"2026-08": ["檀渡村"]}, publish=True)
    give(office, {"2026-09": ["茶烟村", "檐铃社区"]})
    rows = standing.months(office)
    assert [(row.month, row.state) for row in rows] == [
        ("2026-06", "published"),
        ("2026-07", "missing"),
        ("2026-08", "published"),
        ("2026-09", "entered"),
    ]
    assert rows[3].cards == {"yellow": ("檐铃社区", "茶烟村")}
    assert len(rows[0].digest) == 64
    assert rows[3].digest == ""
    assert card(office, "2026-08", "檀渡村")[:2] == ("yellow", 1)
    assert any("2026年7月" in note for note in standing.month(office, "2026-08").notes)


def test_the_last_six_months(office: Workspace) -> None:
    """Units by months for the annex; the published months as they were published."""
    give(office, TEA)
    rows = {row.name: row for row in standing.history(office, 6, "2026-10")}
    states = rows["茶烟村"].months
    assert [*states] == [f"2026-{n:02}" for n in range(5, 11)]
    assert [it.card if it else None for it in states.values()][:2] == ["red", "listed"]
    empty = standing.history(office, 6, "2026-03")
    assert empty == []


def test_entering_again_replaces(office: Workspace) -> None:
    """The same figures write nothing; others replace what was there."""
    give(office, {"2026-10": ["茶烟村"]})
    before = journaling.count(office)
    give(office, {"2026-10": ["茶烟村"]})
    assert journaling.count(office) == before
    standing.enter(office, "2026-10", figures(("檐铃社区", "檀渡村")))
    assert journaling.count(office) == before + 1
    assert card(office, "2026-10", "茶烟村")[0] == "none"


def test_a_published_month_does_not_change(office: Workspace) -> None:
    """Neither figures nor another publication; the digest is over all that was published."""
    give(office, {"2026-10": ["茶烟村", "檐铃社区"]}, publish=True)
    view = standing.month(office, "2026-10")
    assert view.frozen
    for wish in (
        lambda: standing.enter(office, "2026-10", figures(("檀渡村", "檐铃社区"))),
        lambda: standing.publish(office, "2026-10"),
    ):
        with pytest.raises(Refused) as caught:
            wish()
        assert caught.value.code == "standing-published"
        assert "standing-correct" in caught.value.sentence()
    assert standing.month(office, "2026-10") == view
    (home := office.home / "standing.yaml").write_text(OWN, "utf-8")
    assert standing.basis_for(office).ties == "dense"
    assert standing.month(office, "2026-10") == view
    home.unlink()


OWN = """id: standing
title: 本镇的口径
readings:
  ties: dense
  missed: skip
indicators:
  - {id: yoy, title: 同比数, measure: yoy, weight: 50}
  - {id: count, title: 发案数, measure: count, weight: 50}
"""


def test_the_readings_of_a_home(office: Workspace) -> None:
    """Weights, indicators and readings are data; every month says which were used."""
    (office.home / "standing.yaml").write_text(OWN, "utf-8")
    give(office, {"2026-08": ["檀渡村"], "2026-10": ["檀渡村"]})
    view = standing.month(office, "2026-10")
    assert [*view.lines[0].ranks] == ["yoy", "count"]
    assert any("1,2,2,3" in line for line in view.basis)
    assert card(office, "2026-10", "檀渡村")[:2] == ("red", 2)
    assert any("不计入" in note for note in view.notes)


def test_an_unfinished_month_is_only_shown(office: Workspace) -> None:
    """On its last day a window has not ended."""
    give(office, {"2026-11": ["茶烟村"]})
    view = standing.month(office, "2026-11")
    assert not view.ended
    assert any("不能通报" in note for note in view.notes)
    with pytest.raises(Refused) as caught:
        standing.publish(office, "2026-11")
    assert caught.value.code == "standing-unfinished"


@pytest.mark.parametrize(
    ("now", "ended"), [("2026-11-25T23:59", False), ("2026-11-26T00:01", True)]
)
def test_the_last_day(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, now: str, ended: bool
) -> None:
    """The 25th belongs to the month, in China's time."""
    give(office, {"2026-11": ["茶烟村"]})
    monkeypatch.setenv("FIELDKIT_NOW", f"{now}:00+08:00")
    assert standing.month(office, "2026-11").ended is ended


def test_months_are_published_in_order(office: Workspace) -> None:
    """Not past one that is entered; one without figures does not hold up the others."""
    give(office, {"2026-08": ["茶烟村"], "2026-10": ["茶烟村"]})
    with pytest.raises(Refused, match="2026年8月"):
        standing.publish(office, "2026-10")
    standing.publish(office, "2026-08")
    assert standing.publish(office, "2026-10").state == "published"
    with pytest.raises(Refused) as caught:
        standing.enter(office, "2026-09", figures(("茶烟村", "檀渡村")))
    assert caught.value.code == "standing-late"


def test_only_an_office_publishes(ws: Workspace) -> None:
    """A laptop may enter and look."""
    give(ws, {"2026-10": ["茶烟村"]})
    with pytest.raises(Problem) as caught:
        standing.publish(ws, "2026-10")
    assert caught.value.code == "not-an-office"


def test_what_was_entered_before_there_was_an_office(ws: Workspace) -> None:
    """It stays, and is published under the name that it has."""
    give(ws, {"2026-09": ["茶烟村"], "2026-10": ["茶烟村"]})
    offices.init(ws, "澜渡镇联席办（演示）")
    assert card(ws, "2026-10", "茶烟村")[:2] == ("red", 2)
    give(ws, {"2026-10": ["檀渡村", "檐铃社区"]})
    assert [row.month for row in standing.months(ws)] == ["2026-09", "2026-10"]
    standing.publish(ws, "2026-09")
    assert standing.publish(ws, "2026-10").frozen


ZERO = tuple(
    Figures(str(n) * 32, name, cases, last, 1000, {})
    for n, (name, cases, last) in enumerate(
        # No case, but it had fewer last year still: two come in front by other indicators.
        [("甲村", 5, 30), ("乙村", 6, 40), ("丙村", 0, 0), ("丁村", 9, 1)]
    )
)


def test_a_unit_without_a_case_is_confirmed(office: Workspace, tmp_path: Path) -> None:
    """D7: shown with the card it would have; published only when somebody said so, and why."""
    path = tmp_path / "yoy.yaml"
    only = "indicators:\n  - {id: yoy, title: 同比数, measure: yoy, weight: 100}\n"
    path.write_text(f"id: yoy\ntitle: 同比\nreadings: {{}}\n{only}", "utf-8")
    basis = standing.basis_for(office, path)
    standing.enter(office, "2026-10", ZERO, basis)
    view = standing.month(office, "2026-10", basis)
    (doubt,) = view.doubts
    assert (doubt.code, doubt.units) == ("zero-cases", ("2" * 32,))
    assert {it.name: it.card for it in view.lines}["丙村"] == "yellow"
    assert standing.check(office, ZERO, basis) == (doubt,)
    with pytest.raises(Refused) as caught:
        standing.publish(office, "2026-10", basis)
    assert "--confirm" in caught.value.sentence()
    told = standing.decisions(office, "2026-10", spare=["丙村"])
    with pytest.raises(Problem) as missing:
        standing.publish(office, "2026-10", basis, told)
    assert missing.value.code == "no-reason"
    view = standing.publish(office, "2026-10", basis, told, "联席会议议定")
    assert {it.name: it.card for it in view.lines}["丙村"] == "none"
    assert view.issue is not None
    assert view.issue.doc["decisions"]["spared"] == ["2" * 32]
    assert view.issue.doc["decisions"]["reason"] == "联席会议议定"


@pytest.mark.parametrize(
    ("chosen", "confirm", "code"),
    [
        ({"zero-base": "perhaps"}, [], "bad-decision"),
        ({"ties": "dense"}, [], "bad-decision"),
        ({}, ["无名村"], "unknown-unit"),
    ],
)
def test_decisions_that_are_none(
    office: Workspace, chosen: dict[str, str], confirm: list[str], code: str
) -> None:
    """An unknown word is told, with those that there are."""
    give(office, {"2026-10": ["茶烟村"]})
    with pytest.raises(Problem) as caught:
        standing.decisions(office, "2026-10", chosen, confirm)
    assert caught.value.code == code


def test_figures_that_cannot_be_ranked(office: Workspace) -> None:
    """One sentence, nothing written; a draft may have gaps and is not ranked."""
    gap = (*figures(("茶烟村", "檀渡村"))[:5], Figures("f" * 32, "霜桥村", 1, None, 6210, {}))
    before = journaling.count(office)
    with pytest.raises(Problem, match="缺少1个单位的上年同期数：霜桥村"):
        standing.enter(office, "2026-10", gap)
    assert journaling.count(office) == before
    standing.enter(office, "2026-10", gap, draft=True)
    with pytest.raises(Problem, match="霜桥村"):
        standing.month(office, "2026-10")
    assert standing.months(office)[0].cards == {}


@pytest.mark.parametrize("word", ["2026-13", "2026", "十一月", "1999-01", "2026-11-01", ""])
def test_what_is_no_month(ws: Workspace, word: str) -> None:
    """Told as such."""
    with pytest.raises(Problem) as caught:
        standing.month(ws, word)
    assert caught.value.code == "bad-month"


def test_two_clerks_at_once(office: Workspace, tmp_path: Path) -> None:
    """Both entries are kept and told; nothing is published before one is chosen."""
    with Workspace.open(tmp_path / "other") as other:
        other.store.ingest(list(office.store.events()))
        (other.home / "office").mkdir()
        for path in (office.home / "office").iterdir():
            if path.is_file():
                (other.home / "office" / path.name).write_bytes(path.read_bytes())
        standing.enter(other, "2026-10", figures(("檀渡村", "檐铃社区")))
        events = list(other.store.events())
    give(office, {"2026-10": ["茶烟村"]})
    office.store.ingest(events)
    assert standing.month(office, "2026-10").contested
    with pytest.raises(Refused) as caught:
        standing.publish(office, "2026-10")
    assert caught.value.code == "standing-contested"
    (dispute,) = settling.listing(office)
    assert "茶烟村 9/1/1000" in dispute.told[0].value + dispute.told[1].value
    settling.choose(office, dispute.ref, 1)
    assert settling.count(office) == 0
    assert standing.publish(office, "2026-10").frozen
    assert journaling.verify(office)[1] == []


def test_another_offices_month_is_not_ours(office: Workspace, tmp_path: Path) -> None:
    """A county holds the months of all its towns; each is ranked for itself."""
    with Workspace.open(tmp_path / "town") as town:
        offices.init(town, "邻镇联席办（演示）")
        give(town, {"2026-10": ["茶烟村"]}, publish=True)
        events = list(town.store.events())
    office.store.ingest(events)
    assert standing.months(office) == []
    give(office, {"2026-10": ["檀渡村"]})
    assert not standing.month(office, "2026-10").contested
    assert settling.listing(office) == []


def test_a_unit_made_of_others(office: Workspace) -> None:
    """It begins at nothing, and goes on with their streak where the office says so."""
    give(office, {"2026-09": ["檀渡村", "茶烟村"]})
    merged = ("听枫社区", "菱歌社区", "檐铃社区", "棹歌村", "茶烟新村")
    standing.enter(office, "2026-10", figures(("茶烟新村", "棹歌村"), merged))
    assert card(office, "2026-10", "茶烟新村")[:2] == ("yellow", 1)
    word = standing.carry(office, "茶烟新村", ["檀渡村", "茶烟村"], "2026-10", "两村合并")
    assert card(office, "2026-10", "茶烟新村")[:2] == ("red", 2)
    assert standing.carried(office) == [word]
    assert any("党委书记" in todo for todo in standing.month(office, "2026-10").todos)
    with pytest.raises(Problem):
        standing.carry(office, "茶烟新村", ["茶烟新村"], "2026-10", "两村合并")
    with pytest.raises(Problem) as caught:
        standing.carry(office, "茶烟新村", ["茶烟村"], "2026-10", "")
    assert caught.value.code == "no-reason"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ref": "无名村"}, "unknown-unit"),
        ({"number": " "}, "no-document"),
        ({"day": "2026-12-01"}, "bad-day"),
        ({"day": "昨天"}, "bad-day"),
        ({"reason": ""}, "no-reason"),
        ({"reason": "电话13800138000"}, "personal-data"),
    ],
)
def test_a_delisting_that_is_none(office: Workspace, changed: dict[str, str], code: str) -> None:
    """Unit, document, day and reason are looked at; nothing is written."""
    give(office, {"2026-09": ["茶烟村"]})
    told = {"ref": "茶烟村", "number": "9号", "day": "2026-09-20", "reason": "整治到位"} | changed
    with pytest.raises(Problem) as caught:
        standing.delist(office, **told)
    assert caught.value.code == code
    assert standing.delistings(office) == []


def test_a_delisting_entered_in_error(office: Workspace) -> None:
    """Taken back by the same document; the listing is open again."""
    give(office, {month: TEA[month] for month in sorted(TEA)[:6]})
    told = ("茶烟村", "9号", "2026-08-20", "整治到位")
    standing.delist(office, *told)
    assert card(office, "2026-09", "茶烟村")[2] == ""
    standing.delist(office, *told, withdraw=True)
    assert card(office, "2026-09", "茶烟村")[2] == "2026-06"
    (word,) = standing.delistings(office)
    assert word.state == "withdrawn"
