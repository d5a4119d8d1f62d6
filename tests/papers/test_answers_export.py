"""Every answer of many inspections as one table."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem, Refused
from fieldkit.library.load import load_file
from fieldkit.papers import answers_export as export
from fieldkit.papers.answers_export import Asked
from fieldkit.work import Workspace, blind, inspecting, sites

REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,澜渡社区,,990100000001,,澜渡镇,,
village,V2,枫桥村,,990100000002,,澜渡镇,,
estate,E1,听枫里,V1,,,枫路1号,,
building,E1-3,3栋,E1,,,,,
door,E1-3-101,101室,E1-3,,,,1,1
estate,E2,鹭汀里,V2,,,枫路2号,,
"""
LIST = """id: small
version: "{version}"
title: 小表
target: 小区
boundary: 只看公开处
nature: assessment
site_kinds: [estate, door]
grades:
  - {{id: met, title: 达标, at_least: 90}}
  - {{id: fail, title: 不达标, at_least: 0}}
sources:
  S000: 方案
  实务: 经验
sections:
  - id: s
    title: 一节
    items:
{items}
"""
A1 = "{id: A1, text: 有栏, criterion: 看, type: check, weight: 10, source: [S000], evidence: 照}"
MAY = "required: false, source: [实务], evidence: 照"
A2 = f"{{id: A2, text: 几处, type: count, params: {{unit: 处}}, {MAY}}}"
A3 = f"{{id: A3, text: 情况, type: text, {MAY}}}"
A4 = f"{{id: A4, text: 补充, type: text, {MAY}}}"
REPEAT = f"""{{id: R, text: 几间, type: repeat, {MAY}, params: {{least: 0, most: 20}},
         items: [{{id: B1, text: 有告示, type: check, {MAY}}}]}}"""


def write_list(folder: Path, version: str, *items: str) -> None:
    """The list in that version."""
    folder.mkdir(exist_ok=True)
    lines = "\n".join(f"      - {item}" for item in items)
    (folder / "small.yaml").write_text(LIST.format(version=version, items=lines), "utf-8")


def done(ws: Workspace, site: str, *, finish: bool = True, **answers: str) -> str:
    """An inspection with these answers."""
    ref: str = inspecting.start(ws, "small", site).inspection.id
    for item, typed in answers.items():
        inspecting.answer(ws, ref, item, typed)
    if finish:
        inspecting.finish(ws, ref)
    return ref


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A home with a register and a list, nothing inspected yet."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "lists"))
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    write_list(tmp_path / "lists", "2026.11", A1, A2, A3, REPEAT)
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    with Workspace.open(tmp_path / "home") as opened:
        assert sites.import_register(opened, tmp_path / "r.csv").rejected == ()
        yield opened


def rows(ws: Workspace, folder: Path, asked: Asked = Asked()) -> list[dict[str, str]]:  # noqa: B008
    """The table as a program reads it."""
    out = folder / "t.csv"
    export.export(ws, out, asked)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_an_inspection_a_column_an_item(ws: Workspace, tmp_path: Path) -> None:
    """Values in words, notes beside, score and grade; an open inspection has none."""
    ref = done(ws, "E1", A1="pass", A2="7", A3="门口有栏")
    inspecting.answer(ws, done(ws, "E1", finish=False, A1="fail"), "A1", "fail", "栏内空白")
    first, second = sorted(rows(ws, tmp_path), key=lambda row: row["状态"] != "已办结")
    assert first["检查编号"] == ref
    assert (first["对象编码"], first["对象名称"], first["方式"]) == ("E1", "听枫里", "明察")
    assert (first["检查日期"], first["检查表版本"]) == ("2026-11-23", "2026.11")
    assert (first["得分"], first["应得分"], first["百分制"]) == ("10.0", "10.0", "100.0")
    assert first["等次"] == "达标"
    assert (first["A1 有栏"], first["A2 几处"], first["A3 情况"]) == ("√ 合格", "7", "门口有栏")
    assert (second["A1 有栏"], second["A1 说明"]) == ("× 不合格", "栏内空白")
    assert (second["状态"], second["得分"], second["A2 几处"]) == ("进行中", "", "")
    assert rows(ws, tmp_path, Asked(raw=True))[0]["A1 有栏"] in ("pass", "fail")


def test_a_workbook_holds_the_same(ws: Workspace, tmp_path: Path) -> None:
    """Counts and scores as numbers."""
    done(ws, "E1", A1="pass", A2="7", A3="门口有栏")
    table = rows(ws, tmp_path)
    export.export(ws, tmp_path / "t.xlsx", Asked())
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    heads, first = sheet.iter_rows(values_only=True)
    assert list(heads) == list(table[0])
    found = dict(zip(map(str, heads), first, strict=True))
    assert (found["A2 几处"], found["得分"], found["佐证数"]) == (7, 10, 0)
    assert {key: str(value or "") for key, value in found.items() if type(value) is str} == {
        key: value for key, value in table[0].items() if type(found[key]) is str
    }


def test_formulas_become_text(ws: Workspace, tmp_path: Path) -> None:
    """An answer and a note that begin like one, in both kinds of file."""
    ref = done(ws, "E2", finish=False, A1="pass", A3="@SUM(A1)")
    inspecting.answer(ws, ref, "A1", "fail", "=1+1")
    row = rows(ws, tmp_path)[0]
    assert row["A1 说明"] == "'=1+1"
    assert row["A3 情况"] == "'@SUM(A1)"
    export.export(ws, tmp_path / "t.xlsx", Asked())
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    found = [cell for cell in sheet[2] if cell.value in ("=1+1", "@SUM(A1)")]
    assert [cell.data_type for cell in found] == ["s", "s"]


def test_a_repeat_stays_in_its_column(ws: Workspace, tmp_path: Path) -> None:
    """What was answered for each of its things stands in one cell, in their order."""
    answers = {f"R[{n}].B1": "fail" if n == 10 else "pass" for n in range(1, 12)}
    ref = inspecting.start(ws, "small", "E1").inspection.id
    for item, typed in {"A1": "pass", "R": "11", **answers}.items():
        inspecting.answer(ws, ref, item, typed)
    row = rows(ws, tmp_path)[0]
    assert row["R 几间"] == "11"
    parts = row["B1 有告示"].split("；")
    assert [part.split()[0] for part in parts] == [f"R[{n}]" for n in range(1, 12)]
    assert parts[9] == "R[10] × 不合格"


def test_every_version_of_a_list_is_met(ws: Workspace, tmp_path: Path) -> None:
    """The newest orders the columns; what only an older one asked comes where it stood."""
    done(ws, "E1", A1="pass", A2="7")
    write_list(tmp_path / "lists", "2026.12", A1, A4, A3)
    done(ws, "E1", A1="pass", A4="补了")
    found = rows(ws, tmp_path)
    names = [head.split()[0] for head in found[0] if head[0] in "ABR" and "说明" not in head]
    assert names == ["A1", "A2", "A4", "A3", "R", "B1"]
    assert {(row["检查表版本"], row["A2 几处"], row["A4 补充"]) for row in found} == {
        ("2026.11", "7", ""),
        ("2026.12", "", "补了"),
    }


@settings(max_examples=50, deadline=None)
@given(st.lists(st.permutations("ABCDEF").map(lambda p: p[:4]), min_size=1, max_size=4))
def test_the_order_of_the_newest_stands(versions: list[list[str]]) -> None:
    """Whatever the versions: each item once, those of the newest in its order."""
    order = [item.id for item in export.merged([listed(names) for names in versions])]
    assert sorted(order) == sorted({name for names in versions for name in names})
    assert [name for name in order if name in versions[0]] == list(versions[0])


def listed(names: list[str]) -> Checklist:
    """A list of these items."""
    item = {
        "text": "x", "type": "check", "criterion": "", "evidence": "", "weight": 0,
        "critical": False, "mode": "both", "required": True, "source": [], "params": {},
        "partial": "threshold", "phrases": [],
    }  # fmt: skip
    return Checklist.from_doc(
        {
            "v": 1, "id": "x", "version": "1", "title": "x", "title_en": "", "target": "x",
            "boundary": "", "nature": "supervision", "site_kinds": ["estate"],
            "critical_effect": "", "grades": [], "sources": {},
            "sections": [{"id": "s", "title": "s",
                          "items": [{"id": name, **item} for name in names]}],
        }
    )  # fmt: skip


def test_days_and_places_narrow_it(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From and to count themselves; a place counts with all below; by day, then by id."""
    for day, site in (("25", "E2"), ("23", "E1"), ("24", "E1")):
        monkeypatch.setenv("FIELDKIT_NOW", f"2026-11-{day}T09:30:00+08:00")
        done(ws, site, A1="pass")

    def days(**asked: Any) -> list[str]:
        return [row["检查日期"][-2:] for row in rows(ws, tmp_path, Asked(**asked))]

    assert days() == ["23", "24", "25"]
    assert days(since="2026-11-24") == ["24", "25"]
    assert days(since="2026年11月24日", until="2026.11.24") == ["24"]
    assert days(within="V1") == ["23", "24"]
    assert days(within="V2", checklist="small") == ["25"]
    with pytest.raises(Refused) as told:
        days(since="2027-01-01")
    assert told.value.code == "nothing-found"
    for wrong in ({"since": "soon"}, {"within": "nowhere"}, {"checklist": "none"}):
        with pytest.raises(Problem):
            days(**wrong)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "lists", "r.csv", "t.csv"]


def test_for_people_outside_it_says_less(ws: Workspace, tmp_path: Path) -> None:
    """No notes, no evidence, no free words, no door: the building that it is in."""
    ref = done(ws, "E1-3-101", finish=False, A1="pass", A2="7", A3="本户说法")
    inspecting.answer(ws, ref, "A1", "fail", "栏内空白")
    row = rows(ws, tmp_path, Asked(public=True))[0]
    assert (row["对象编码"], row["对象名称"]) == ("E1-3", "3栋")
    assert row["A2 几处"] == "7"
    assert not any("说明" in head or "佐证" in head or "A3" in head for head in row)
    text = (tmp_path / "t.csv").read_text("utf-8")
    assert not any(words in text for words in ("101", "栏内空白", "本户说法"))


def test_the_other_record_of_an_open_pair_is_left_out(ws: Workspace, tmp_path: Path) -> None:
    """Until both are sealed nothing of it is seen, not even that it passed."""
    blind.begin(ws, "small", "E1", "枫叶1")
    with Workspace.open(tmp_path / "other") as other:
        other.store.ingest(ws.store.events())
        mine = blind.begin(other, "small", "E1", "枫叶1").inspection.id
        inspecting.answer(other, mine, "A1", "pass")
        ws.store.ingest(other.store.events())
    told = export.export(ws, tmp_path / "t.csv", Asked())
    assert (told.rows, told.hidden) == (1, 1)
    assert mine not in (tmp_path / "t.csv").read_text("utf-8")


def test_texts_about_persons_are_held_back(ws: Workspace, tmp_path: Path) -> None:
    """What another device wrote and nobody has looked at stands as held, also in a big table."""
    ref = done(ws, "E1", finish=False, A1="pass")
    ws.store.db.execute(
        "UPDATE answer SET note = ?, value = ? WHERE inspection = ?",
        ("张某某 13800138000", "身份证 11010519491231002X", ref),
    )
    row = rows(ws, tmp_path)[0]
    assert row["A1 说明"] == "〔待审〕"
    assert row["A1 有栏"] == "〔待审〕"


def test_what_was_released_once_is_held_elsewhere(ws: Workspace, tmp_path: Path) -> None:
    """A review speaks of one answer: the same words in another one stay held."""
    first, second = (done(ws, "E1", finish=False, A1="pass") for _n in range(2))
    db = ws.store.db
    db.execute("UPDATE answer SET value = '身份证 11010519491231002X'")
    (event,) = db.execute("SELECT event FROM answer WHERE inspection = ?", (first,)).fetchone()
    names = [row[1] for row in db.execute("PRAGMA table_info(f_review)")]
    known = {"event": event, "slot": "value", "verdict": "release", "seq": 1}
    db.execute(
        f"INSERT INTO f_review VALUES ({','.join('?' * len(names))})",
        [known.get(name, "x") for name in names],
    )
    told = {row["检查编号"]: row["A1 有栏"] for row in rows(ws, tmp_path)}
    assert told == {first: "身份证 11010519491231002X", second: "〔待审〕"}


def test_lists_are_not_mixed(ws: Workspace, tmp_path: Path) -> None:
    """Two lists have other columns: the sentence names both and how to choose."""
    done(ws, "E1", A1="pass")
    inspecting.start(ws, "wuzha-xiaoqu", "E1")
    with pytest.raises(Problem) as told:
        export.export(ws, tmp_path / "t.csv", Asked())
    assert told.value.code == "several-checklists"
    assert "small（1）" in told.value.what
    assert not (tmp_path / "t.csv").exists()
    assert len(rows(ws, tmp_path, Asked(checklist="small"))) == 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_interrupted_export_leaves_nothing(
    ws: Workspace, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while rows are written: no file, no part of one, and the home goes on."""
    for _n in range(3):
        done(ws, "E1", A1="pass")
    monkeypatch.setattr(export, "_STEP", 2)

    def stop(rows: int, _of: int) -> None:
        assert rows == 2
        assert [one for one in tmp_path.iterdir() if one.suffix == ".part"]
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        export.export(ws, tmp_path / f"t.{suffix}", Asked(), stop)
    assert sorted(tmp_path.iterdir()) == before
    done(ws, "E1", A1="fail")


def test_rows_are_read_at_one_moment(ws: Workspace, tmp_path: Path) -> None:
    """What another program writes meanwhile is not in it."""
    for _n in range(2):
        done(ws, "E1", A1="pass")
    seen: list[int] = []

    def meanwhile(rows: int, _of: int) -> None:
        if not seen:
            with sqlite3.connect(ws.store.path) as db:
                db.execute("UPDATE answer SET value = 'fail'")
        seen.append(rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_STEP", 1)
        export.export(ws, tmp_path / "t.csv", Asked(raw=True), meanwhile)
    assert seen == [1, 2, 2]
    assert "fail" not in (tmp_path / "t.csv").read_text("utf-8")


def test_the_list_of_these_tests_is_sound(ws: Workspace, tmp_path: Path) -> None:
    """Or the tests above would look at another."""
    assert load_file(tmp_path / "lists" / "small.yaml").id == "small"
