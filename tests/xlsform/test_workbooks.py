"""Workbooks as they come: old, odd, damaged, hostile. One Problem, or notes; never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from fieldkit.errors import Problem
from fieldkit.library import xlsform
from fieldkit.library.xlsform import guard, sheets

from .forms import NOW, Sheets, at, saved

DATA = Path(__file__).parent / "data"
FORM: Sheets = {"survey": [["type", "name", "label"], ["text", "q", "Q"]]}


def refused(path: Path) -> str:
    """The code of the Problem that a workbook leads to."""
    with pytest.raises(Problem) as caught:
        xlsform.convert(path, NOW)
    assert caught.value.exit_code == 2
    return caught.value.code


def test_an_old_workbook_in_an_old_dialect() -> None:
    found = xlsform.convert(DATA / "dialect.xls", NOW)
    assert at(found.data, "a.text") == "甲"
    assert at(found.data, "b.relevant") == "${a} != ''"
    assert found.data["lists"]["yn"] == [{"id": "1", "title": "Yes"}, {"id": "2", "title": "No"}]
    assert found.not_supported == []


def test_cells_of_every_type_in_an_old_workbook() -> None:
    found = xlsform.convert(DATA / "cells.xls", NOW)
    assert at(found.data, "d.default") == "'2026-11-22'"
    assert at(found.data, "d.text") == "1.5"
    assert at(found.data, "d.required") is True
    assert at(found.data, "n.default") == "3"
    assert at(found.data, "7.text") == "T"


def test_cells_of_every_type(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "default", "required", 5],
        ["integer", 1.0, 2.5, 7, True, None],
        ["date", "d", dt.time(8, 30), dt.date(2026, 1, 2), False, None],
        ["date", "e", "E", dt.datetime(2026, 1, 2), None, dt.timedelta(hours=30)],
    ]
    found = xlsform.convert(saved({"survey": survey}, tmp_path / "f.xlsx"), NOW)
    assert at(found.data, "1.default") == "7"
    assert at(found.data, "1.text") == "2.5"
    assert at(found.data, "1.required") is True
    assert at(found.data, "d.text") == "08:30:00"
    assert at(found.data, "d.default") == "'2026-01-02'"
    assert at(found.data, "e.default") == "'2026-01-02'"
    assert [note.column for note in found.not_supported] == ["5"]


def test_errors_formulas_and_merged_cells(tmp_path: Path) -> None:
    path = saved({"survey": [["type", "name", "label"], *[["text", f"q{n}", "Q"] for n in "abc"]]},
                 tmp_path / "f.xlsx")  # fmt: skip
    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    sheet["C2"] = "=1+1"
    sheet["C3"].value, sheet["C3"].data_type = "#DIV/0!", "e"
    sheet.merge_cells("C4:E6")
    book.save(path)
    found = xlsform.convert(path, NOW)
    said = {(note.row, note.column): note.what for note in found.not_supported}
    assert "公式" in said[2, "label"]
    assert "错误值" in said[3, "label"]
    assert len(said) == 2
    assert [at(found.data, f"{q}.text") for q in ("qa", "qb", "qc")] == ["qa", "qb", "Q"]


def test_sheets_in_any_case_among_others(tmp_path: Path) -> None:
    form: Sheets = {"Notes": [["x"]], " SURVEY ": FORM["survey"], "Sheet3": [["y", "z"]]}
    assert xlsform.convert(saved(form, tmp_path / "f.xlsx"), NOW).items == 1


def test_the_only_sheet_is_the_survey(tmp_path: Path) -> None:
    assert xlsform.convert(saved({"Sheet1": FORM["survey"]}, tmp_path / "f.xlsx"), NOW).items == 1


def test_rows_before_the_headers_and_after_a_great_gap(tmp_path: Path) -> None:
    rows = [[], [], *FORM["survey"], *[[]] * 100, ["text", "far", "Far"]]
    found = xlsform.convert(saved({"survey": rows}, tmp_path / "f.xlsx"), NOW)
    assert found.items == 1
    assert [note.row for note in found.not_supported] == [105]


def test_macros_do_not_matter(tmp_path: Path) -> None:
    path = saved(FORM, tmp_path / "f.xlsx")
    assert xlsform.convert(path.rename(tmp_path / "f.xlsm"), NOW).items == 1


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"a": [["x"]], "b": [["y"]]}, "xlsform-no-survey"),
        ({"survy": [["type"]], "b": [["y"]]}, "xlsform-no-survey"),
        ({"survey": [["name", "label"], ["q", "Q"]]}, "xlsform-no-type"),
        ({"survey": []}, "xlsform-no-type"),
        ({"survey": [["type", "name"]]}, "xlsform-empty"),
        ({"survey": [["type", "name"], ["start", "s"]]}, "xlsform-empty"),
    ],
)
def test_workbooks_without_a_form(form: Sheets, code: str, tmp_path: Path) -> None:
    assert refused(saved(form, tmp_path / "f.xlsx")) == code


def test_what_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    assert refused(path) == "no-file"
    assert refused(tmp_path) == "no-file"
    for raw, code in (
        (b"", "workbook-format"),
        (b"type,name\ntext,q\n", "workbook-format"),
        (b"PK\x03\x04 and no more", "workbook-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, "workbook-broken"),
    ):
        path.write_bytes(raw)
        assert refused(path) == code


def test_every_way_of_cutting_a_workbook_short(tmp_path: Path) -> None:
    whole = saved(FORM, tmp_path / "w.xlsx").read_bytes()
    old = (DATA / "dialect.xls").read_bytes()
    path = tmp_path / "f.xlsx"
    for at_ in range(4, len(whole), len(whole) // 40):
        path.write_bytes(whole[:at_])
        assert refused(path) == "workbook-broken"
    for at_ in range(8, len(old) - 1024, len(old) // 4):
        path.write_bytes(old[:at_])
        assert refused(path) == "workbook-broken"


def rezipped(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return path


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = saved(FORM, tmp_path / "f.xlsx")
    rezipped(path, "xl/worksheets/sheet1.xml", b"<x/>" + b" " * (guard.MAX_BYTES + 1))
    assert path.stat().st_size < 1_000_000
    assert refused(path) == "workbook-large"


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = saved(FORM, tmp_path / "f.xlsx")
    rezipped(path, "xl/worksheets/sheet1.xml", b"<x/>" + b" " * 10_000_000)
    raw = path.read_bytes()
    lie = raw.replace((10_000_004).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lie != raw
    path.write_bytes(lie)
    assert refused(path) == "workbook-broken"


@pytest.mark.parametrize(
    "cells",
    [
        '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>2</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='ZZZZZ99999999'><v>1</v></c></row>",
        '<row r="900000"><c><v>1</v></c><c r="XFD1"><v>1</v></c></row>',
        '<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>',
    ],
)
def test_a_cell_that_is_far_away(cells: str, tmp_path: Path) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    path = rezipped(saved(FORM, tmp_path / "f.xlsx"), "xl/worksheets/sheet1.xml", xml.encode())
    assert refused(path) in ("workbook-sparse", "workbook-broken")


def test_a_format_that_is_far_away_does_no_harm(tmp_path: Path) -> None:
    path = saved(FORM, tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(path)
    book["survey"].row_dimensions[1_000_000].height = 30
    book["survey"].cell(1_000_000, 60).font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert xlsform.convert(path, NOW).items == 1


def test_very_many_columns(tmp_path: Path) -> None:
    rows = [
        [*FORM["survey"][0], *[f"c{n}" for n in range(2000)]],
        [*FORM["survey"][1], *"x" * 2000],
    ]
    found = xlsform.convert(saved({"survey": rows}, tmp_path / "f.xlsx"), NOW)
    assert found.items == 1
    assert len(found.not_supported) < 400


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "workbook-broken"),
        ("xl/worksheets/sheet1.xml", b"\xff\xfe<\x00", "workbook-broken"),
        ("xl/workbook.xml", b"\xff\xfe\x00", "workbook-broken"),
        ("xl/workbook.xml", b"<a/>", "workbook-broken"),
    ],
)
def test_xml_that_is_none(part: str, content: bytes, code: str, tmp_path: Path) -> None:
    assert refused(rezipped(saved(FORM, tmp_path / "f.xlsx"), part, content)) == code


def test_without_the_reader_of_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    path = saved(FORM, tmp_path / "f.xlsx")
    with pytest.raises(Problem, match=r"fieldkit\[office\]") as caught:
        xlsform.convert(path, NOW)
    assert caught.value.code == "office-missing"


def test_only_the_sheets_that_matter_are_read() -> None:
    book = openpyxl.Workbook()
    for title in ("survey", "Survey ", "choices", "other"):
        book.create_sheet(title)
    raw = io.BytesIO()
    book.save(raw)
    names, found = guard.grids(raw.getvalue(), "", sheets.wanted)
    assert names == ["Sheet", "survey", "Survey ", "choices", "other"]
    assert list(found) == ["survey", "choices"]
