"""The record of an inspection as a paper: both forms, what they say and what they must not."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx as reader
import pytest

from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.domain.records import Answer, Finding, Inspection, Site
from fieldkit.domain.scoring import score
from fieldkit.domain.sheet import Sheet
from fieldkit.report import inspection as report
from fieldkit.report import ooxml, rendering

NOW = datetime(2026, 11, 12, 8, 5, tzinfo=UTC)
DAY = "2026-11-12"
GOOD = {
    "check": "pass",
    "redline": "pass",
    "external": "met:澜派函〔2026〕12号:2026-11-10",
    "recency": "2026-11-02",
    "sample": "10/10",
    "ratio": "100/100",
    "count": "999",
    "number": "1",
    "date": "2026-11-01",
}
PHOTO = "ab" * 32


EFFECTS = {
    "wuzha-xiaoqu": ("无诈小区", "assessment", "ineligible"),
    "courier-100": ("寄递三个100%", "joint", "fail_target"),
    "building-sweep": ("扫楼", "supervision", "refer"),
}


def _item(item_id: str, section: str, text: str, kind: str, **more: Any) -> Item:
    given = {"criterion": "有", "source": ("S003 一", "PIPL 5"), "weight": 10, **more}
    return Item(id=item_id, section=section, text=text, type=kind, **given)


def _checklist(checklist_id: str) -> Checklist:
    title, nature, effect = EFFECTS[checklist_id]
    first = (
        _item("T01", "s1", "派出所书面反馈无案件", "external", weight=0, critical=True),
        _item("T02", "s1", "逐件验视", "check", critical=True),
    )
    second = (
        _item("T03", "s2", "宣传栏内容在更新", "recency", params={"max_days": 31}),
        _item("T04", "s2", "门厅张贴", "sample", params={"draw": 10, "at_least": 90}),
        _item("T05", "s2", "资料发放率", "ratio", params={"at_least": 100}, partial="linear"),
        _item("T06", "s2", "公示栏可见", "check"),
        _item("T07", "s2", "物业台账", "check", mode="open"),
        _item("T08", "s2", "窗口告知", "check", mode="covert"),
    )
    return Checklist(
        id=checklist_id,
        version="2026.11",
        title=title,
        title_en="",
        target="",
        boundary="",
        nature=nature,
        site_kinds=("estate",),
        critical_effect=effect,
        grades=(
            Grade("met", "达标", 90),
            Grade("rectify", "限期整改", 80),
            Grade("fail", "不达标", 0),
        ),
        sections=(Section("s1", "结论", first), Section("s2", "现场", second)),
        sources={"S003": "惠东桥政〔2021〕44号", "PIPL": "个人信息保护法", "W16": "不用的"},
    )


def _good(item: Item) -> str:
    return GOOD.get(item.type, "na")


def _sheet(
    checklist_id: str = "wuzha-xiaoqu",
    mode: str = "open",
    fail: tuple[str, ...] = (),
    state: str = "finished",
    note: str = "",
) -> Sheet:
    checklist = _checklist(checklist_id)
    answers = {}
    for item in checklist.for_mode(mode):
        value = "fail" if item.id in fail else _good(item)
        proof = (PHOTO,) if item.id in fail else ()
        said = note if item.id in fail else ""
        answers[item.id] = Answer("1" * 32, item.id, value, said, proof, "0" * 16, "d" * 32, "")
    stamp = f"{int(NOW.timestamp() * 1000):012x}0000"
    held = Inspection(
        id="3f2a9c01" * 4,
        site="5" * 32,
        checklist=checklist.digest,
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        mode=mode,
        nature=checklist.nature,
        day=DAY,
        state=state,
        started_hlc=stamp,
        finished_hlc=stamp if state == "finished" else None,
        device="d" * 32,
        seed="0" * 32,
    )
    site = Site(
        id="5" * 32,
        code="LT-0001",
        name="鹭汀花园（演示）",
        kind="estate",
        parent="",
        division="990121101001",
        grid="",
        address="澜渡镇鹭汀路6号",
        floor="",
        registered=None,
    )
    values = {item: answer.value for item, answer in answers.items()}
    result = score(checklist, mode, date.fromisoformat(DAY), values)
    return Sheet(held, checklist, site, answers, result)


def _written(sheet: Sheet, path: Path, **more: object) -> str:
    given: dict[str, object] = {
        "devices": ["J-03"],
        "generated": NOW,
        "digest": "ab12" * 16,
        "demo": True,
    }
    paper = report.paper(sheet, **{**given, **more})  # type: ignore[arg-type]
    path.write_bytes(rendering.render(paper, ".docx"))
    return _text(path)


def _text(path: Path) -> str:
    return "\n".join(_lines(path))


def _lines(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            root = ElementTree.fromstring(archive.read(name))
            for paragraph in root.iter(f"{{{ooxml.W}}}p"):
                yield "".join(paragraph.itertext())


def _first_check(sheet: Sheet, *, critical: bool) -> str:
    kinds = ("check", "redline")
    items = [i for i in sheet.checklist.for_mode(sheet.inspection.mode) if i.type in kinds]
    return next(item.id for item in items if item.critical is critical)


def test_open_form(tmp_path: Path) -> None:
    """明察: the unit's fields, the person accompanying, two inspectors, the refusal note."""
    text = _written(_sheet(), tmp_path / "a.docx")
    for words in (
        "无诈小区检查记录表",
        "（明察）",
        "编号：3f2a9c01",
        "鹭汀花园（演示）",
        "创建评估",
        "统一社会信用代码",
        "陪同人职务",
        "检查人（编号）2",
        "被查单位陪同人签字",
        "□有异议：",
        "拒签",
        "图例：√ 合格　× 不合格　△ 未见　／ 不适用",
        "2026年11月12日16时05分",
        "数据指纹ab12ab12ab12ab12",
        "本次检查未发现不合格项。",
    ):
        assert words in text, words
    assert "组长审核" not in text
    assert "观察方式" not in text


def test_covert_form(tmp_path: Path) -> None:
    """暗访: observation fields and the leader's review, no signature of the inspected unit."""
    text = _written(_sheet("courier-100", "covert"), tmp_path / "a.docx")
    for words in ("暗访记录表", "观察时间段", "观察位置", "□自备件试寄", "离场后", "组长审核"):
        assert words in text, words
    for words in ("被查单位意见", "陪同人", "拒签", "被查单位陪同人签字"):
        assert words not in text, words


@pytest.mark.parametrize("checklist_id", ["wuzha-xiaoqu", "courier-100", "building-sweep"])
@pytest.mark.parametrize("mode", ["open", "covert"])
def test_never_dressed_as_enforcement(checklist_id: str, mode: str, tmp_path: Path) -> None:
    """No form bears an enforcement document's title, and each says it is none (W15, W24)."""
    text = _written(_sheet(checklist_id, mode), tmp_path / "a.docx")
    assert "现场检查笔录" not in text
    assert "处罚决定" not in text
    assert "不是行政执法文书" in text


def test_each_item_stands_once_in_order(tmp_path: Path) -> None:
    """The body has every item of the mode once, numbered from 1, under a repeated head."""
    sheet = _sheet()
    _written(sheet, tmp_path / "a.docx")
    table = reader.Document(str(tmp_path / "a.docx")).tables[1]
    assert "tblHeader" in table.rows[0]._tr.xml
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    items = [row for row in rows if row[0].isdigit()]
    assert [row[0] for row in items] == [str(n + 1) for n in range(len(sheet.items))]
    for row, item in zip(items, sheet.items, strict=True):
        assert item.id in row[1]
        assert item.text in row[1]
        assert ("★" in row[1]) is item.critical


def test_measured_values_read_as_papers_write_them(tmp_path: Path) -> None:
    """Samples say both numbers and days are written out without leading zeros."""
    sheet = _sheet()
    _written(sheet, tmp_path / "a.docx")
    table = reader.Document(str(tmp_path / "a.docx")).tables[1]
    found = {row.cells[1].text.split("　")[0].lstrip("★"): row.cells for row in table.rows[1:]}
    assert found["T03"][3].text == "2026年11月2日"
    assert found["T04"][3].text == "抽10合格10"
    assert "〔2026〕12号" in found["T01"][3].text
    assert "2026年11月10日" in found["T01"][3].text
    assert [found["T02"][i].text for i in (2, 3, 4, 5)] == ["√", "—", "—", "—"]


def test_failed_item_becomes_a_finding(tmp_path: Path) -> None:
    """A failed item shows its mark, note, evidence number, and a finding due in seven days."""
    failed = _first_check(_sheet(), critical=False)
    sheet = _sheet(fail=(failed,), note="东门宣传栏内容为去年第三季度。")
    text = _written(sheet, tmp_path / "a.docx")
    tables = reader.Document(str(tmp_path / "a.docx")).tables
    row = next(r for r in tables[1].rows if failed in r.cells[1].text)
    assert [row.cells[2].text, row.cells[5].text] == ["×", "证1"]
    assert row.cells[4].text == "东门宣传栏内容为去年第三季度。"
    (finding,) = [[c.text for c in r.cells] for r in tables[3].rows[1:]]
    assert finding[1] == failed
    assert "东门宣传栏" in finding[2]
    assert finding[4:] == ["一般", "2026年11月19日"]
    assert PHOTO[:16] in text
    assert "分得0.0分" in text


def test_veto_is_named_with_its_reason(tmp_path: Path) -> None:
    """A failed critical item overrides the score, is named, and is due in three days."""
    failed = _first_check(_sheet("courier-100"), critical=True)
    sheet = _sheet("courier-100", fail=(failed,))
    text = _written(sheet, tmp_path / "a.docx")
    assert sheet.score.grade_title in text
    assert f"★{failed}" in text
    assert "三个100%" in text
    assert "2026年11月15日" in text
    assert "报告进展" in text


def test_recorded_findings_and_numbers_win(tmp_path: Path) -> None:
    """Due days and evidence numbers that were given are printed, not computed ones."""
    failed = _first_check(_sheet(), critical=False)
    sheet = _sheet(fail=(failed,))
    found = Finding(
        id="f" * 32,
        inspection=sheet.inspection.id,
        item=failed,
        site="5" * 32,
        text="",
        criterion="",
        severity="general",
        due="2026-12-01",
        state="found",
        hlc="0" * 16,
        device="d" * 32,
    )
    numbers = {PHOTO: "照片07"}
    text = _written(sheet, tmp_path / "a.docx", findings=[found], evidence_numbers=numbers)
    assert "2026年12月1日" in text
    assert "2026年11月19日" not in text
    assert "照片07" in text
    assert "证1" not in text


def test_draft_says_so(tmp_path: Path) -> None:
    """The record of an unfinished inspection is marked as a draft and its grade as provisional."""
    text = _written(_sheet(state="open"), tmp_path / "a.docx")
    assert "草稿" in text
    assert "暂计" in text


def test_demo_is_marked_on_every_page_and_real_is_not(tmp_path: Path) -> None:
    """Demo data carry the mark in both page headers; a real record carries none."""
    assert _written(_sheet(), tmp_path / "a.docx").count("演示数据　不作任何依据") == 2
    real = _sheet()
    real = real._replace(site=real.site._replace(name="某小区"))
    text = _written(real, tmp_path / "b.docx", demo=False)
    assert "演示数据" not in text
    with zipfile.ZipFile(tmp_path / "b.docx") as archive:
        assert b"Watermark" not in archive.read("word/header1.xml")


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    """Escapes, markup and formulas in notes and names are printed, never acted on."""
    failed = _first_check(_sheet(), critical=False)
    sheet = _sheet(fail=(failed,), note="=1+1 <w:p/> & \x1b[2J\u202e第二行")
    sheet = sheet._replace(site=sheet.site._replace(name="]]><\x00>"))
    text = _written(sheet, tmp_path / "a.docx")
    assert "=1+1 <w:p/> & <U+001B>[2J<U+202E>第二行" in text
    assert "]]><<U+0000>>" in text


def test_same_record_same_bytes(tmp_path: Path) -> None:
    """Writing the same record twice gives the same file."""
    for name in ("a.docx", "b.docx"):
        _written(_sheet(), tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
