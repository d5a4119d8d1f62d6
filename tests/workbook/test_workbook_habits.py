"""What clerks and their programs do to a workbook, and what is said about what they broke."""

from __future__ import annotations

import datetime
import io
import struct
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from fieldkit.errors import Problem
from fieldkit.library.workbook import book as book_module
from fieldkit.library.workbook.read import ReadBack, read_workbook
from fieldkit.library.workbook.write import write_workbook

DATA: dict[str, Any] = {
    "id": "small", "version": "2026.10", "title": "小表", "nature": "joint",
    "site_kinds": ["door"], "grades": [{"id": "met", "title": "达标", "at_least": 0}],
    "sources": {"S1": "依据一", "S2": "依据二"},
    "sections": [{"id": "s", "title": "节", "items": [
        {"id": "5", "text": "问一", "type": "ratio", "weight": 5, "critical": True, "mode": "open",
         "required": False, "params": {"at_least": 90, "unit": "份"}, "source": ["S1 一", "S2"],
         "phrases": ["甲", "乙"], "translations": {"en": {"text": "One"}}},
        {"id": "q2", "text": "问二", "type": "choice", "source": ["S1"],
         "params": {"options": [{"id": "1", "title": "有"}, {"id": "2", "title": "无"}]}},
        {"id": "g", "text": "组", "type": "group", "items": [
            {"id": "q3", "text": "问三", "type": "text", "relevant": "${q2} = '1'"}]},
    ]}],
}  # fmt: skip
Change = Callable[[Any], None]


def changed(tmp_path: Path, change: Change) -> ReadBack:
    """The list after somebody has changed its workbook."""
    path = tmp_path / "small.xlsx"
    write_workbook(DATA, path)
    found = openpyxl.load_workbook(path)
    change(found)
    found.save(path)
    return read_workbook(path)


def at(sheet: Any, key: str) -> int:
    """The number of the column of a key."""
    return next(c.column for c in sheet[1] if str(c.value).split(" ")[-1] == key)


def put(key: str, row: int, value: Any, shape: str = "", sheet: str = "检查表") -> Change:
    """Type a value into a cell."""

    def change(found: Any) -> None:
        cell = found[sheet].cell(row, at(found[sheet], key))
        cell.value = value
        cell.number_format = shape or "General"

    return change


def head(name: str, value: Any) -> Change:
    """Type a value beside a name of the sheet 表头."""

    def change(found: Any) -> None:
        row = next(row for row in found["表头"].iter_rows() if str(row[0].value).startswith(name))
        row[1].value = value
        row[1].number_format = "General"

    return change


def rename(sheet: str, key: str, name: str) -> Change:
    """Write another header."""
    return lambda found: setattr(found[sheet].cell(1, at(found[sheet], key)), "value", name)


def shuffle(found: Any) -> None:
    """Every column in the opposite order, with an empty one between."""
    for sheet in (found["检查表"], found["选项"]):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        sheet.delete_cols(1, sheet.max_column)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(reversed(row)):
                sheet.cell(number, 2 * place + 1).value = value


def drop_empty(found: Any) -> None:
    """Delete every column without content."""
    for sheet in (found["检查表"], found["选项"]):
        for column in range(sheet.max_column, 0, -1):
            if all(sheet.cell(row, column).value is None for row in range(2, sheet.max_row + 1)):
                sheet.delete_cols(column)


def spread(found: Any) -> None:
    """Empty rows between, a title above, blanks that look like nothing, hidden rows."""
    for sheet in (found["检查表"], found["选项"], found["依据"], found["等次"]):
        sheet.insert_rows(3, 4)
        sheet.cell(4, 2).value = " 　 "
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1).value = "某某镇检查表"
        sheet.row_dimensions[sheet.max_row].hidden = True
    found["表头"].insert_rows(4)


def rich(found: Any) -> None:
    """Part of a text in bold."""
    bold = TextBlock(InlineFont(b=True), "问")
    found["检查表"].cell(3, at(found["检查表"], "text")).value = CellRichText(bold, "一")


SAME: dict[str, Change] = {
    "nothing": lambda found: None,
    "shuffled": shuffle,
    "empty columns deleted": drop_empty,
    "rows spread": spread,
    "rich text": rich,
    "id as number": put("id", 3, 5),
    "id as float": put("id", 3, 5.0),
    "full-width id": put("id", 3, "５"),
    "weight as text": put("weight", 3, " ５ "),
    "weight 5.0": put("weight", 3, "5.0"),
    "percent cell": put("at_least", 3, 0.9, "0%"),
    "percent text": put("at_least", 3, "90％"),
    "true as TRUE": put("critical", 3, True),
    "true as a tick": put("critical", 3, "√"),
    "true as a number": put("critical", 3, 1),
    "false as text": put("required", 3, "FALSE"),
    "type by its Chinese half": put("type", 3, "比例"),
    "type by its key": put("type", 3, "Ratio "),
    "mode by its Chinese half": put("mode", 3, "明察"),
    "clauses in one line": put("source", 3, "S1 一；S2"),
    "line breaks of Windows": put("phrases", 3, "甲\r\n乙\r\n"),
    "line breaks of old files": put("phrases", 3, "甲_x000D_\n乙"),
    "blanks at the edges": put("text", 3, " 问一　\n"),
    "option id as number": put("id", 2, 1, sheet="选项"),
    "owner by number": put("code", 2, "S1 ", sheet="依据"),
    "version as number": head("版本", 2026.1),
    "kinds by name": head("适用类别", "户"),
    "nature by name": head("活动性质", "协同检查"),
    "key of a header only": rename("检查表", "text", "text"),
    "Chinese of a header only": rename("检查表", "text", " 内容"),
    "Chinese half changed": rename("检查表", "weight", "分数（满分100） weight"),
    "key half changed": rename("检查表", "weight", "分值 score"),
    "full-width header": rename("检查表", "text:en", "内容(EN)".replace("EN", "en")),
    "option header": rename("选项", "title", "选项"),
    "sheet name with blanks": lambda found: setattr(found["选项"], "title", " 选项 "),
    "another sheet": lambda found: found.create_sheet("草稿").append(["随便", "写写"]),
    "words sheet deleted": lambda found: found.remove(found["词表"]),
    "style far below": lambda found: setattr(found["检查表"].cell(4000, 3), "value", None),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_a_habit_changes_nothing(change: Change, tmp_path: Path) -> None:
    """Another way of writing the same is read as the same, without a note."""
    back = changed(tmp_path, change)
    assert back.not_supported == []
    assert back.data == DATA
    assert back.items == 3


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(found: Any) -> None:
        for one in changes:
            one(found)

    return change


FAULTS: dict[str, tuple[Change, str, str]] = {
    "formula": (put("text", 3, "=1+1"), "检查表!C3", "公式"),
    "error value": (put("text", 3, "#N/A"), "检查表!C3", "错误值"),
    "date": (put("id", 3, datetime.date(2026, 11, 22), "yyyy-mm-dd"), "检查表!B3", "日期"),
    "no whole number": (put("weight", 3, 5.5), "检查表!D3", "整数"),
    "no number": (put("weight", 3, "五"), "检查表!D3", "整数"),
    "no truth": (put("critical", 3, "也许"), "检查表!E3", "是"),
    "no type": (put("type", 3, None), "检查表!A3", "题型"),
    "unknown type": (put("type", 3, "打分"), "检查表!A3", "可用"),
    "no id": (put("id", 3, None), "检查表!B3", "编号"),
    "id twice": (put("id", 4, "5"), "检查表!B4", "已经用过"),
    "hidden character": (put("text", 3, "问\u200b一"), "检查表!C3", "200B"),
    "kept aside by hand": (
        both(rename("检查表", "evidence", "其他"), put("其他", 3, "改了")),
        "检查表!I3",
        "程序",
    ),
    "unknown column": (
        both(rename("检查表", "evidence", "备注"), put("备注", 3, "改了")),
        "检查表!I3",
        "不认识",
    ),
    "column twice": (rename("检查表", "evidence", "分值"), "检查表!I1", "两列"),
    "group not closed": (lambda f: f["检查表"].delete_rows(7), "检查表!A5", "组结束"),
    "stray end": (put("type", 3, "组结束"), "检查表!A3", "前面没有"),
    "wrong end": (put("id", 7, "q2"), "检查表!B7", "应结束"),
    "no section": (lambda f: f["检查表"].delete_rows(2), "检查表!A2", "节"),
    "not for a section": (put("weight", 2, 5), "检查表!D2", "不能填"),
    "unknown owner": (put("item", 2, "q9", sheet="选项"), "选项!A2", "q9"),
    "no owner": (put("item", 2, None, sheet="选项"), "选项!D2", "所属"),
    "two owners": (put("list", 2, "towns", sheet="选项"), "选项!B2", "只能写一个"),
    "extra column of options": (
        both(rename("选项", "file", "县"), put("县", 2, "甲", sheet="选项")),
        "选项!C2",
        "名单",
    ),
    "source without title": (put("title", 2, None, sheet="依据"), "依据!A2", "缺代号"),
    "source twice": (put("code", 3, "S1", sheet="依据"), "依据!A3", "已经有了"),
    "no id of the list": (head("编号", None), "表头!B2", "编号"),
    "unknown nature": (head("活动性质", "突击检查"), "表头!B9", "可用"),
    "no head": (lambda f: f.remove(f["表头"]), "表头!A1", "没有工作表"),
    "no header": (lambda f: f["检查表"].delete_rows(1), "检查表!A1", "表头"),
}


@pytest.mark.parametrize(("change", "place", "says"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_note_with_its_cell(
    change: Change, place: str, says: str, tmp_path: Path
) -> None:
    """Sheet, row and column; one sentence that ends with the mend; the rest is read."""
    back = changed(tmp_path, change)
    notes = {f"{n.sheet}!{n.column}{n.row}": n.what for n in back.not_supported}
    assert place in notes
    assert says in notes[place]
    assert all("；" in what and what.endswith("。") for what in notes.values())
    assert back.yaml.startswith("# yaml-language-server")


def test_a_file_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    """Old, foreign, cut, empty and missing files: a sentence each, never a traceback."""
    good = tmp_path / "good.xlsx"
    write_workbook(DATA, good)
    raw = good.read_bytes()
    cases = {
        "xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "workbook-xls"),
        "empty": (b"", "workbook-damaged"),
        "text": (b"id,text\n", "workbook-damaged"),
        "cut": (raw[: len(raw) // 2], "workbook-damaged"),
        "zip": (_zip({"a.txt": b"x"}), "workbook-damaged"),
    }
    for name, (content, code) in cases.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        with pytest.raises(Problem) as caught:
            read_workbook(path)
        assert caught.value.code == code, name
    with pytest.raises(Problem) as caught:
        read_workbook(tmp_path / "nowhere.xlsx")
    assert caught.value.code == "workbook-unreadable"
    with pytest.raises(Problem) as caught:
        read_workbook(tmp_path)
    assert caught.value.code == "workbook-unreadable"


def test_another_workbook_is_named(tmp_path: Path) -> None:
    """A workbook without the sheet of items."""
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(Problem) as caught:
        read_workbook(tmp_path / "other.xlsx")
    assert caught.value.code == "no-checklist-sheet"


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """Sizes are what the archive declares, and what it holds is cut at that."""
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(_zip({"xl/worksheets/sheet1.xml": bytes(65 * 1024 * 1024)}))
    assert path.stat().st_size < 1024 * 1024
    started = time.monotonic()
    with pytest.raises(Problem) as caught:
        read_workbook(path)
    assert caught.value.code == "workbook-large"
    assert time.monotonic() - started < 2


def test_a_row_number_out_of_this_world_ends(tmp_path: Path) -> None:
    """A cell in row one thousand million does not keep anybody waiting."""
    path = tmp_path / "far.xlsx"
    write_workbook(DATA, path)
    far = b'<row r="999999999"><c r="A999999999" t="n"><v>1</v></c></row></sheetData>'
    _replace(path, "xl/worksheets/sheet1.xml", b"</sheetData>", far)
    started = time.monotonic()
    back = read_workbook(path)
    assert back.data == DATA
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("seed", range(60))
def test_damage_is_a_sentence(seed: int, tmp_path: Path) -> None:
    """A byte changed in any part, with the checksums mended: a Problem or a reading."""
    path = tmp_path / "small.xlsx"
    write_workbook(DATA, path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[seed % len(parts)]
    whole = bytearray(parts[name])
    for step in range(1 + seed % 3):
        place = (seed * 7919 + step * 104729) % len(whole)
        whole[place] = struct.pack("B", (whole[place] + 1 + seed) % 256)[0]
    parts[name] = bytes(whole)
    path.write_bytes(_zip(parts))
    with suppress(Problem):
        read_workbook(path)


def test_more_notes_than_anybody_reads_are_left_out(tmp_path: Path) -> None:
    """A wrong column filled to the bottom does not make a book of its own."""

    def change(found: Any) -> None:
        for row in range(100, 100 + 2 * book_module.MAX_NOTES):
            found["检查表"].cell(row, 1).value = "打分"

    assert len(changed(tmp_path, change).not_supported) == book_module.MAX_NOTES


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _replace(path: Path, name: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = parts[name].replace(old, new)
    path.write_bytes(_zip(parts))
