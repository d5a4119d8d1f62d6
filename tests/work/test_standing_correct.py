"""Corrections and months given late: the impact list, new snapshots beside the old, two homes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, journaling, offices, standing
from fieldkit.work.standing import Figures

from .standings import ROSTER, card, figures, give, pair


@pytest.fixture
def office(ws: Workspace) -> Workspace:
    """An office with three published months and one that was left out."""
    offices.init(ws, "澜渡镇联席办（演示）")
    give(ws, {"2026-06": ["檀渡村"]}, publish=True)
    give(ws, {"2026-08": ["檀渡村"]}, publish=True)
    give(ws, {"2026-09": []}, publish=True)
    return ws


def july(*names: str) -> tuple[Figures, ...]:
    """The month that was left out."""
    return figures(pair("2026-07", *names))


def test_a_month_given_late(office: Workspace) -> None:
    """檀渡村 of DOMAIN §1.3: July makes red, August becomes listed; nothing was written to look."""
    before = journaling.count(office)
    seen = standing.impact(office, "2026-07", july("檀渡村"))
    assert journaling.count(office) == before
    assert "8月：檀渡村 黄牌→挂牌整治" in seen.sentences
    assert "7月：檀渡村 无牌→红牌" in seen.sentences
    # What was opened in August is still open in September, without a card.
    assert seen.reissued == ("2026-07", "2026-08", "2026-09")
    assert not seen.done
    done = standing.correct(office, "2026-07", july("檀渡村"), "公安补报7月数据")
    assert done.done
    assert (done.sentences, done.reissued) == (seen.sentences, seen.reissued)
    assert card(office, "2026-07", "檀渡村") == ("red", 2, "")
    assert card(office, "2026-08", "檀渡村") == ("listed", 3, "2026-08")
    assert [row.state for row in standing.months(office)] == [
        "published",
        "corrected",
        "corrected",
        "corrected",
    ]
    assert journaling.verify(office)[1] == []


def test_the_old_snapshot_stays(office: Workspace) -> None:
    """Both versions can be read, each with its digest; the reason and the list are with the new."""
    old = standing.month(office, "2026-08")
    standing.correct(office, "2026-07", july("檀渡村"), "公安补报7月数据")
    first, second = standing.versions(office, "2026-08")
    assert (first.step, first.digest) == ("published", old.digest)
    assert second.step == "corrected"
    assert second.reason == "公安补报7月数据"
    (move,) = second.impact
    assert (move["name"], move["to"]["card"]) == ("檀渡村", "listed")
    assert move["from"] == {"card": "yellow", "streak": 1, "listing": ""}
    assert any("公安补报7月数据" in note for note in standing.month(office, "2026-08").notes)


def test_a_listing_opened_in_error(office: Workspace) -> None:
    """It is closed by the correction of the month that opened it, not deleted."""
    standing.correct(office, "2026-07", july("檀渡村"), "公安补报7月数据")
    assert card(office, "2026-09", "檀渡村") == ("none", 0, "2026-08")
    done = standing.correct(office, "2026-07", july("茶烟村"), "撤案")
    assert "8月：檀渡村 挂牌整治→黄牌" in done.sentences
    assert card(office, "2026-09", "檀渡村") == ("none", 0, "")
    assert len(standing.versions(office, "2026-08")) == 3


def test_a_correction_without_effect_on_cards(office: Workspace) -> None:
    """A population put right is a new snapshot of its month alone."""
    one, *rest = figures(pair("2026-08", "檀渡村"))
    changed = (Figures(one.unit, one.name, one.cases, one.cases_last_year, 1001, {}), *rest)
    done = standing.correct(office, "2026-08", changed, "人口更正")
    assert (done.sentences, done.reissued) == ((), ("2026-08",))
    assert {it.population for it in standing.month(office, "2026-08").lines} == {1000, 1001}


def test_what_cannot_be_corrected(office: Workspace, tmp_path: Path) -> None:
    """A month that is not published, the same figures, no reason, another reading, no office."""
    same = figures(pair("2026-08", "檀渡村"))
    other = figures(("茶烟村", "檐铃社区"))
    own = tmp_path / "own.yaml"
    text = "id: own\ntitle: 口径\nreadings: {ties: dense}\nindicators:\n"
    row = "  - {id: count, title: 发案数, measure: count, weight: 100}\n"
    own.write_text(text + row, "utf-8")
    basis = standing.basis_for(office, own)
    cases = (
        (lambda: standing.correct(office, "2026-10", other, "更正"), "standing-not-published"),
        (lambda: standing.correct(office, "2026-08", same, "更正"), "standing-same"),
        (lambda: standing.correct(office, "2026-08", other, " "), "no-reason"),
        (lambda: standing.correct(office, "2026-08", other, "更正", basis), "standing-basis"),
        (lambda: standing.correct(office, "2026-08", other[:3], "更正"), "standing-few"),
    )
    before = journaling.count(office)
    for wish, code in cases:
        with pytest.raises(Problem) as caught:
            wish()
        assert caught.value.code == code
    with Workspace.open(tmp_path / "laptop") as laptop, pytest.raises(Problem) as caught:
        standing.correct(laptop, "2026-08", other, "更正")
    assert caught.value.code == "not-an-office"
    assert journaling.count(office) == before


def test_a_correction_keeps_the_reading_of_its_month(office: Workspace) -> None:
    """A reading that the office changed since does not reach into what was published."""
    text = "id: standing\ntitle: 口径\nreadings: {missed: skip}\nindicators:\n"
    row = "  - {id: count, title: 发案数, measure: count, weight: 100}\n"
    (office.home / "standing.yaml").write_text(text + row, "utf-8")
    standing.correct(office, "2026-06", figures(("檀渡村", "檐铃社区")), "撤案")
    view = standing.month(office, "2026-06")
    assert [*view.lines[0].ranks] == ["yoy", "per10k", "count"]
    assert card(office, "2026-08", "檀渡村") == ("yellow", 1, "")


def test_a_missed_month_stays_as_it_was_judged(office: Workspace) -> None:
    """July broke the row when August was published; a later reading does not mend it."""
    give(office, {"2026-10": ["檀渡村"]})
    text = "id: standing\ntitle: 口径\nreadings: {missed: skip}\nindicators:\n"
    row = "  - {id: count, title: 发案数, measure: count, weight: 100}\n"
    (office.home / "standing.yaml").write_text(text + row, "utf-8")
    standing.correct(office, "2026-09", figures(pair("2026-09", "檀渡村")), "数据更正")
    assert card(office, "2026-09", "檀渡村")[:2] == ("red", 2)
    assert card(office, "2026-10", "檀渡村")[:2] == ("listed", 3)


def test_a_later_preview_follows_the_correction(office: Workspace) -> None:
    """October, only entered, counts on from what is in force."""
    give(office, {"2026-10": ["檀渡村"]})
    assert card(office, "2026-10", "檀渡村")[:2] == ("yellow", 1)
    standing.correct(office, "2026-09", figures(pair("2026-09", "檀渡村")), "数据更正")
    assert card(office, "2026-10", "檀渡村")[:2] == ("listed", 3)


def test_late_figures_of_a_clerk(office: Workspace, tmp_path: Path) -> None:
    """Who did not know of the publication enters in vain: told, and not counted."""
    with Workspace.open(tmp_path / "clerk") as clerk:
        clerk.store.ingest(list(office.store.events())[:0])
        _same_office(office, clerk)
        standing.enter(clerk, "2026-07", july("檀渡村"))
        standing.enter(clerk, "2026-09", figures(("茶烟村", "檀渡村")))
        events = list(clerk.store.events())
    before = standing.month(office, "2026-09")
    office.store.ingest(events)
    states = {row.month: row.state for row in standing.months(office)}
    assert states["2026-07"] == "late"
    assert standing.month(office, "2026-09").lines == before.lines
    assert card(office, "2026-08", "檀渡村")[:2] == ("yellow", 1)


def _same_office(office: Workspace, other: Workspace) -> None:
    """Two laptops of one office."""
    (other.home / "office").mkdir()
    for path in (office.home / "office").iterdir():
        if path.is_file():
            (other.home / "office" / path.name).write_bytes(path.read_bytes())


def test_two_corrections_at_once(office: Workspace, tmp_path: Path) -> None:
    """The earlier is in force, the month is told to be in dispute, a third one ends it."""
    with Workspace.open(tmp_path / "other") as other:
        _same_office(office, other)
        other.store.ingest(list(office.store.events()))
        standing.correct(other, "2026-09", figures(("茶烟村", "檐铃社区")), "撤案")
        events = list(other.store.events())
    standing.correct(office, "2026-09", figures(("茶烟村", "棹歌村")), "改性")
    office.store.ingest(events)
    view = standing.month(office, "2026-09")
    assert view.contested
    standing.correct(office, "2026-09", figures(("茶烟村", "棹歌村")), "核对后")
    assert not standing.month(office, "2026-09").contested
    assert len(standing.versions(office, "2026-09")) == 4


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_homes_agree_in_any_order_and_after_a_rebuild(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What two laptops of one office did, merged in both orders: one digest, one list of months."""
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("homes")
    with Workspace.open(folder / "a") as a, Workspace.open(folder / "b") as b:
        offices.init(a, "澜渡镇联席办（演示）")
        _same_office(a, b)
        for _step in range(8):
            ws, peer = chance.sample([a, b], 2)
            _do(ws, chance)
            if chance.random() < 0.3:
                peer.store.ingest(list(ws.store.events()))
        ours, theirs = list(a.store.events()), list(b.store.events())
        a.store.ingest(theirs)
        b.store.ingest(ours)
        digest = a.store.state_digest()
        assert b.store.state_digest() == digest
        assert standing.months(a) == standing.months(b)
        assert standing.delistings(a) == standing.delistings(b)
        assert journaling.rebuild(b)[1] == digest
        assert journaling.verify(b)[1] == []


def _do(ws: Workspace, chance: random.Random) -> None:
    month = f"2026-{chance.randint(6, 9):02}"
    told = figures(chance.sample(ROSTER, 2))
    acts = (
        lambda: standing.enter(ws, month, told),
        lambda: standing.enter(ws, month, told),
        lambda: standing.publish(ws, month),
        lambda: standing.correct(ws, month, told, "更正"),
        lambda: standing.delist(ws, told[0].name, "9号", "2026-09-20", "整治到位"),
        lambda: standing.carry(ws, "檀渡村", ["茶烟村"], month, "合并"),
    )
    try:
        chance.choice(acts)()
    except (Problem, Refused):
        return
