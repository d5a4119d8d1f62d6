"""The monthly standing by keys that an input method leaves: entering, looking, publishing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key, Paste

from fieldkit.domain.kinds import site_id
from fieldkit.text.width import cell_width
from fieldkit.tui.screens.standing_entry import StandingEntryScreen
from fieldkit.tui.screens.standing_month import StandingMonthScreen
from fieldkit.tui.screens.standings import StandingsScreen
from fieldkit.work import journaling, standing, standing_sheet
from fieldkit.work.workspace import Workspace

from .standing_hand import (
    TOWN,
    changed,
    code,
    example,
    figures,
    make,
    months,
    numbers,
    settled,
    table,
)

Golden = Callable[[str, list[str]], None]
SIZES = [(80, 24), (120, 40)]
STEADY = {f"2026-{n:02}": TOWN for n in (8, 9, 10)}
"""Three months with the same last places: the third lists them."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two days before the running month ends."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:42:07+08:00")
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)


@pytest.mark.asyncio
async def test_a_month_from_nothing_to_its_places(tmp_path: Path) -> None:
    """Typed cell by cell, a wrong number seen at once and mended, kept, ranked, not published."""
    home = make(tmp_path, {})
    async with months(home) as hand:
        assert "还没有录过数。按 F6" in hand.text
        before = journaling.count(hand.screen.ws)
        await hand.press("f6", "1")
        assert isinstance(hand.screen, StandingEntryScreen)
        for name, told in TOWN.items():
            people = "0" if name == "棹歌村" else str(told[2])
            await numbers(hand, str(told[0]), str(told[1]), people)
        assert "人口数不是正整数：棹歌村" in hand.text
        assert "按 F4" in hand.text
        assert any(line.split()[:2] == ["错", "棹歌村"] for line in hand.lines)
        await hand.press("f9")
        assert "有 1 格没填或不对" in hand.text
        assert journaling.count(hand.screen.ws) == before
        await hand.press("f4", *"7350")
        assert "9 个单位都齐了，按 F9 保存" in hand.text
        assert any(line.split() == ["合计", "40", "39", "97770"] for line in hand.lines)
        await hand.press("f9")
        assert isinstance(hand.screen, StandingsScreen)
        assert journaling.count(hand.screen.ws) == before + 1
        assert standing_sheet.sheet(hand.screen.ws, "2026-11").figures == figures()
        assert "2026年11月的数已存" in hand.text
        assert "已存 10:42:07" in hand.text
        assert "发案   40" in hand.text
        assert "黄牌 3" in hand.text
        await hand.press("enter")
        first = next(line for line in hand.lines if "杏坞村" in line)
        assert first.split() == ["1", "-", "-", "杏坞村", "0", "0", "0.00", "99.2", "-"]
        last = next(line for line in hand.lines if "檐铃社区" in line)
        assert last.split() == [*"9--", "檐铃社区", "9", "+3", "5.97", "92.6", "黄牌", "1"]
        await hand.press("f9")
        assert "本期尚未结束（截止2026年11月25日）" in hand.text
        assert standing.month(hand.screen.ws, "2026-11").state == "entered"


@pytest.mark.asyncio
async def test_a_cell_takes_what_is_typed(tmp_path: Path) -> None:
    """The first digit replaces, Space empties, Backspace takes one; full-width digits count."""
    home = make(tmp_path, {"2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("f4")
        screen: Any = hand.screen

        def cell() -> int | None:
            return standing_sheet.value(screen._figures[0], "cases")

        assert cell() == 9
        await hand.press("1", "2")
        assert cell() == 12
        await hand.pilot.press("backspace")
        assert cell() == 1
        await hand.press("space")
        assert cell() is None
        assert "缺少1个单位的本期数：听枫社区" in hand.text
        for sign in "３０":
            hand.app.post_message(Key(sign, sign))
            await hand.pilot.pause()
        assert cell() == 30
        await hand.press("right", "left", *"1234567890")
        assert cell() == 123456789
        assert "最多 9 位数" in hand.text
        await hand.pilot.press("tab")
        await hand.press("down", "up", "7")
        assert standing_sheet.value(screen._figures[0], "cases_last_year") == 7


@pytest.mark.asyncio
async def test_leaving_asks_once(tmp_path: Path) -> None:
    """What was typed is not lost by one key, and nothing is written by two."""
    home = make(tmp_path, {"2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("f4", "f2")
        assert isinstance(hand.screen, StandingsScreen)
        before = journaling.count(hand.screen.ws)
        await hand.press("f4", "5", "f2")
        assert "还没保存" in hand.text
        assert isinstance(hand.screen, StandingEntryScreen)
        await hand.press("f2")
        assert isinstance(hand.screen, StandingsScreen)
        assert journaling.count(hand.screen.ws) == before


@pytest.mark.asyncio
async def test_a_draft_has_gaps(tmp_path: Path) -> None:
    """F9 twice keeps what there is; the list and the month say that it is not whole."""
    home = make(tmp_path, {})
    async with months(home) as hand:
        await hand.press("f6", "2", "4", "f9", "f9")
        assert "先存了草稿" in hand.text
        assert "数没录全" in hand.text
        await hand.press("enter")
        assert "还不能排名" in hand.text
        assert "缺少9个单位的人口数" in hand.text
        assert "f9" in hand.offered
        await hand.press("f9")
        assert standing.months(hand.screen.ws)[0].state == "entered"
        await hand.press("f4")
        assert "[       缺]" in hand.text


@pytest.mark.asyncio
async def test_a_table_is_read_and_then_kept(tmp_path: Path) -> None:
    """The figures of a file are looked at first; a fault says row and column."""
    home, path = make(tmp_path, {}), example(tmp_path)
    async with months(home) as hand:
        await hand.press("f7", "1")
        await settled(hand)
        await hand.type(str(path))
        await hand.press("enter")
        await settled(hand)
        assert isinstance(hand.screen, StandingEntryScreen)
        assert "读入 9 个单位，还没保存" in hand.text
        assert standing.months(hand.screen.ws) == []
        await hand.press("f2")
        assert "还没保存" in hand.text
        await hand.press("f9")
        assert standing_sheet.sheet(hand.screen.ws, "2026-11").figures == figures()
        table(tmp_path, ["听枫社区,9起,12,21340"])
        await hand.press("f4", "f7")
        await settled(hand)
        await hand.type(str(path))
        await hand.press("enter")
        await settled(hand)
        assert "cases.csv:2:本期" in hand.text
        assert "9起" in hand.text
        assert tuple(hand.screen._figures) == figures()  # type: ignore[attr-defined]


@pytest.mark.asyncio
async def test_units_come_and_go(tmp_path: Path) -> None:
    """One more by name, a slip of a name asked about, one left out of this month."""
    home = make(tmp_path, {"2026-10": {name: TOWN[name] for name in [*TOWN][:8]}})
    async with months(home) as hand:
        await hand.press("f4", "f6")
        await hand.type("苇度村")
        await hand.press("enter")
        assert "是不是“苇渡村”" in hand.text
        await hand.type("苇渡村")
        await hand.press("enter")
        await numbers(hand, "4", "8", "9860")
        await hand.press("f6", "f2", "f9")
        assert standing_sheet.sheet(hand.screen.ws, "2026-10").figures == figures()
        await hand.press("f4", "f8")
        assert "去掉了听枫社区" in hand.text
        await hand.press("f9")
        kept = standing_sheet.sheet(hand.screen.ws, "2026-10").figures
        assert [it.name for it in kept] == [*TOWN][1:]


@pytest.mark.asyncio
async def test_a_new_month_knows_the_old_ones(tmp_path: Path) -> None:
    """Units in the order of the month before, its population, last year's cases of that month."""
    names = [*TOWN]
    home = make(tmp_path, {"2025-11": changed(听枫社区=11), "2026-10": TOWN})
    async with months(home) as hand:
        assert "缺数：2025年12月" in hand.text
        await hand.press("f6", "1")
        found = hand.screen._figures  # type: ignore[attr-defined]
        assert [it.name for it in found] == names
        assert [it.population for it in found] == [told[2] for told in TOWN.values()]
        assert [it.cases_last_year for it in found][:2] == [11, 7]
        assert {it.cases for it in found} == {None}
        assert "请核对" in hand.text
        await hand.press("f2")
        assert isinstance(hand.screen, StandingsScreen)


@pytest.mark.asyncio
async def test_a_block_is_pasted(tmp_path: Path) -> None:
    """Cells of a spreadsheet from the cursor on; one that does not fit changes nothing."""
    home = make(tmp_path, {})
    block = "\r\n".join(f"{a}\t{b}\t{c:,}" for a, b, c in TOWN.values()) + "\r\n"
    async with months(home) as hand:
        await hand.press("f6", "1", "down")
        hand.app.post_message(Paste(block))
        await settled(hand)
        assert "9 行 3 列" in hand.text
        assert standing_sheet.value(hand.screen._figures[1], "cases") is None  # type: ignore[attr-defined]
        await hand.press("up")
        hand.app.post_message(Paste(block))
        await settled(hand)
        await hand.press("f9")
        assert standing_sheet.sheet(hand.screen.ws, "2026-11").figures == figures()


@pytest.mark.asyncio
async def test_a_month_is_published_after_it_was_read_again(tmp_path: Path) -> None:
    """F9 shows what will be frozen; F9 there does it; then only correcting is left."""
    home = make(tmp_path, {"2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("1", "f9")
        assert "黄牌：檀渡村、茶烟村、檐铃社区" in hand.text
        await hand.press("f2")
        assert standing.month(hand.screen.ws, "2026-10").state == "entered"
        await hand.press("f9", "f9")
        assert "2026年10月已通报" in hand.text
        assert standing.month(hand.screen.ws, "2026-10").state == "published"
        assert "f9" not in hand.offered
        await hand.pilot.press("f9")
        assert "要改按 F4，走更正" in hand.text
        await hand.press("f2")
        assert hand.lines[4].split()[:2] == ["1", "报"]


def only_zeros() -> dict[str, tuple[int | None, int | None, int | None]]:
    """No cases at all; two villages had none last year either, which puts them last."""
    quiet = ("霜桥村", "杏坞村")
    return {name: (0, int(name not in quiet), told[2]) for name, told in TOWN.items()}


@pytest.mark.asyncio
async def test_what_only_the_office_can_decide(tmp_path: Path) -> None:
    """Each unit without a case is asked about; a decision wants a reason; both are frozen."""
    home = make(tmp_path, {"2026-10": only_zeros()})
    async with months(home) as hand:
        await hand.press("1")
        assert "本期零发案而列后两名" in hand.text
        await hand.press("f9")
        assert "要办公室决定：霜桥村" in hand.lines[0]
        await hand.press("1")
        assert "要办公室决定：杏坞村" in hand.lines[0]
        await hand.press("2")
        assert "杏坞村零发案，不亮牌" in hand.text
        await hand.press("f9")
        assert "先写明理由" in hand.text
        await hand.type("杏坞村连续三年零发案")
        await hand.press("f9")
        view = standing.month(hand.screen.ws, "2026-10")
        assert view.state == "published"
        cards = {line.name: line.card for line in view.lines}
        assert (cards["霜桥村"], cards["杏坞村"]) == ("yellow", "none")
        assert view.issue is not None
        assert view.issue.doc["decisions"]["reason"] == "杏坞村连续三年零发案"


READINGS = """id: standing
title: 本镇的口径
readings: {yoy: rate, zero_base: ask, boundary: ask}
indicators:
  - {id: yoy, title: 刑事发案同比数, measure: yoy, weight: 40}
  - {id: per10k, title: 万人均刑事发案数, measure: per10k, weight: 30, decimals: 2}
  - {id: count, title: 刑事发案数, measure: count, weight: 30}
"""


@pytest.mark.asyncio
async def test_a_rate_over_nothing_is_decided_before_it_is_ranked(tmp_path: Path) -> None:
    """Enter asks; the ranking follows the choice; F2 leaves it open."""
    home = make(tmp_path, {})
    (home / "standing.yaml").write_text(READINGS, "utf-8")
    with Workspace.open(home) as ws:
        standing.enter(ws, "2026-10", figures(), draft=True)
    async with months(home) as hand:
        await hand.press("1")
        assert "还不能排名" in hand.text
        assert "霜桥村上年同期为零" in hand.text
        await hand.press("enter", "f2")
        assert "还不能排名" in hand.text
        await hand.press("enter", "1")
        assert "还不能排名" not in hand.text
        row = next(line for line in hand.lines if "霜桥村" in line).split()
        assert row[0] == "5"
        assert row[-2] == "96.2"
        await hand.press("f9", "f9")
        assert "先写明理由" in hand.text


@pytest.mark.asyncio
async def test_a_published_month_is_corrected(tmp_path: Path) -> None:
    """What would move is shown before, a reason is asked for, the first snapshot stays."""
    home = make(tmp_path, STEADY, [*STEADY])
    async with months(home) as hand:
        await hand.press("3", "f4")
        assert "更正：2026年8月" in hand.lines[0]
        assert "先看影响清单" in hand.text
        await hand.press("down", "down", "0", "f9")
        assert "影响清单" in hand.text
        assert "檐铃社区 黄牌→无牌" in hand.text
        await hand.press("f9")
        assert "先写明理由" in hand.text
        assert standing.month(hand.screen.ws, "2026-08").state == "published"
        await hand.type("一起撤案")
        await hand.press("f9")
        assert isinstance(hand.screen, StandingMonthScreen)
        assert "2026年8月已更正" in hand.text
        ws = hand.screen.ws
        assert [it.step for it in standing.versions(ws, "2026-08")] == ["published", "corrected"]
        assert standing.month(ws, "2026-08").lines[0].name == "檐铃社区"


@pytest.mark.asyncio
async def test_a_month_that_was_missed_is_given_late(tmp_path: Path) -> None:
    """After a later one was published it goes as a correction, from the list by one key."""
    home = make(tmp_path, {"2026-08": TOWN, "2026-10": TOWN}, ["2026-08", "2026-10"])
    async with months(home) as hand:
        assert "缺数：2026年9月" in hand.text
        await hand.press("2")
        assert "更正：2026年9月" in hand.lines[0]
        for told in TOWN.values():
            await numbers(hand, str(told[0]), str(told[1]), str(told[2]))
        await hand.press("f9")
        assert "10月：茶烟村 黄牌→挂牌整治" in hand.text
        await hand.type("补录")
        await hand.press("f9")
        ws = hand.screen.ws
        assert [row.state for row in standing.months(ws)] == ["published", "corrected", "corrected"]


@pytest.mark.asyncio
async def test_a_unit_is_taken_off_the_list(tmp_path: Path) -> None:
    """By a document with number, day and reason; only listed units are offered."""
    home = make(tmp_path, STEADY, [*STEADY])
    async with months(home) as hand:
        await hand.press("3")
        assert "f8" not in hand.offered
        await hand.press("right", "right")
        assert "挂牌整治" in hand.text
        await hand.press("f8")
        await hand.type("2")
        await hand.press("enter")
        await hand.type("澜反诈办〔2026〕9号")
        await hand.press("enter")
        await hand.type("2026-11-20")
        await hand.press("enter")
        await hand.type("整治到位")
        await hand.press("enter", "f9")
        (word,) = standing.delistings(hand.screen.ws)
        assert (word.name, word.unit) == ("茶烟村", site_id(code("茶烟村")))
        assert "茶烟村：摘牌已记下" in hand.text


@pytest.mark.asyncio
async def test_months_side_by_side(tmp_path: Path) -> None:
    """Left and right turn the months; last month's place, a word for the change, the bars."""
    home = make(tmp_path, {"2026-09": TOWN, "2026-10": changed(听枫社区=2, 杏坞村=6)})
    async with months(home, (120, 40)) as hand:
        await hand.press("1")
        rows = {line.split()[3]: line.split()[:3] for line in hand.lines[5:14]}
        assert rows["听枫社区"] == ["1", "6", "升5"]
        assert rows["杏坞村"][2].startswith("降")
        assert rows["霜桥村"][2] == "升1"
        bars = [line.split() for line in hand.lines if "同期 39" in line]
        assert [row[2] for row in bars] == ["40", "39"]
        await hand.press("left")
        assert "2026年9月" in hand.lines[0]
        await hand.press("left")
        assert "没有更早的了" in hand.text
        await hand.press("right", "right")
        assert "没有更晚的了" in hand.text


@pytest.mark.asyncio
async def test_the_page_goes_on_by_sections(tmp_path: Path) -> None:
    """F7 puts the next heading on top: the bars, the notes, the readings; then the places again."""
    home = make(tmp_path, {"2026-09": TOWN, "2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("1", "f7")
        assert hand.lines[4].strip() == "要办的事"
        await hand.press("f7")
        assert "全镇发案" in hand.lines[4]
        assert sum("同期 39" in line for line in hand.lines) == 2
        await hand.press("f7", "f7")
        assert hand.lines[4].strip() == "口径"
        while "名次" not in hand.lines[4]:
            await hand.press("f7")


@pytest.mark.asyncio
async def test_a_cell_is_clicked(tmp_path: Path) -> None:
    """The pointer puts the cursor; the next digit begins the number anew."""
    home = make(tmp_path, {"2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("f4", "1")
        row = next(n for n, line in enumerate(hand.lines) if "霜桥村" in line)
        before = hand.lines[row].partition("6210")[0]
        await hand.pilot.click(offset=(cell_width(before), row))
        await hand.press("5")
        kept = hand.screen._figures[3]  # type: ignore[attr-defined]
        assert (kept.name, kept.population) == ("霜桥村", 5)


@pytest.mark.asyncio
async def test_the_circular_is_written(tmp_path: Path) -> None:
    """F6 puts it among the documents of the home and says where."""
    home = make(tmp_path, {"2026-10": TOWN}, ["2026-10"])
    async with months(home) as hand:
        await hand.press("1", "f6")
        assert "文书已存" in hand.text
    (path,) = (home / "documents").iterdir()
    assert path.suffix == ".docx"
    assert "2026-10" in path.name


@pytest.mark.asyncio
async def test_a_device_is_told_who_publishes(tmp_path: Path) -> None:
    """Everybody may look; publishing is the office's."""
    with Workspace.open(tmp_path / "device") as ws:
        standing.enter(ws, "2026-10", figures())
    async with months(tmp_path / "device") as hand:
        await hand.press("1", "f9")
        assert isinstance(hand.screen, StandingMonthScreen)
        assert "办公室" in "".join(hand.lines[-4:-2])


@pytest.mark.asyncio
async def test_the_office_leads_there(tmp_path: Path) -> None:
    """A row of the desk, and the palette by the first letters of its name."""
    home = make(tmp_path, {"2026-10": TOWN})
    async with months(home) as hand:
        await hand.press("f2")
        await hand.press(hand.number_of("办公室"))
        await settled(hand)
        await hand.press(hand.number_of("红黄牌"))
        assert isinstance(hand.screen, StandingsScreen)
        await hand.press("f2", "f2", "f1")
        await settled(hand)
        await hand.type("红黄牌")
        await settled(hand)
        await hand.press("enter")
        await settled(hand)
        assert isinstance(hand.screen, StandingsScreen)


@pytest.mark.asyncio
async def test_other_figures_have_their_columns(tmp_path: Path) -> None:
    """A reading with more columns asks for them; what has no room lies to the right."""
    extra = "".join(
        f"  - {{id: x{n}, title: 第{n}项工作完成数, measure: column, column: x{n}, weight: 10}}\n"
        for n in range(6)
    )
    head = READINGS.partition("indicators:\n")[0].replace("yoy: rate, zero_base: ask, ", "")
    count = "  - {id: count, title: 发案数, measure: count, weight: 40}\n"
    home = make(tmp_path, {})
    (home / "standing.yaml").write_text(f"{head}indicators:\n{count}{extra}", "utf-8")
    async with months(home) as hand:
        await hand.press("f6", "1", *["right"] * 8)
        assert "第5项工作完成" in hand.text
        assert "左" in hand.lines[4]
        await hand.press("8")
        assert hand.screen._figures[0].more == {"x5": 8}  # type: ignore[attr-defined]
        await hand.press("space")
        assert hand.screen._figures[0].more == {}  # type: ignore[attr-defined]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(46, 20), (80, 24), (120, 40)])
async def test_every_screen_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    """Nothing is wider than the terminal, and marks need no Chinese where there is none."""
    home = make(tmp_path, STEADY | {"2026-11": only_zeros()}, [*STEADY])
    async with months(home, size) as hand:
        for keys in (["1"], ["enter"], ["1"], ["2"], ["pagedown"], ["f2"], ["f4"], ["down", "3"]):
            for key in keys:
                await hand.pilot.press(key)
            await settled(hand)
            assert hand.text.strip()


@pytest.mark.asyncio
async def test_signs_where_there_is_no_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The marks of months and rows are signs of one cell then."""
    home = make(tmp_path, {"2026-10": TOWN}, ["2026-10"])
    monkeypatch.setenv("FIELDKIT_ASCII", "1")
    async with months(home) as hand:
        assert hand.lines[4].split()[:2] == ["1", "+"]
        await hand.press("f4", "space")
        assert any(line.split()[0] == "?" for line in hand.lines[5:14] if line.split())


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_screens_look_as_kept(
    tmp_path: Path,
    size: tuple[int, int],
    language: str,
    golden: Golden,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list, a sheet with a gap, places with the months' bars, what is read before F9."""

    def keep(name: str) -> None:
        before = "" if language == "zh" else f"{language}-"
        golden(f"{before}{name}-{size[0]}x{size[1]}", hand.lines)

    monkeypatch.setenv("FIELDKIT_LANG", language)
    told = {"2026-07": TOWN, "2026-09": changed(檐铃社区=3, 菱歌社区=30), "2026-10": TOWN}
    home = make(tmp_path, told, ["2026-07", "2026-09"])
    async with months(home, size) as hand:
        keep("standings")
        await hand.press("f6", "1", "8", "enter", "enter", "enter", "1", "2")
        keep("standing-entry")
        await hand.press("f2", "f2", "1")
        keep("standing-month")
        await hand.press("f9")
        keep("standing-confirm")
