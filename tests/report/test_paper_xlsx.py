"""A document as a workbook: real numbers, live totals, figures that can be found again."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.report import manifest, paper_xlsx
from fieldkit.report.paper import Para, Row, Section

from .sample_paper import CHARTS, EVIL, paper, rows, table

SOFFICE = shutil.which("soffice")


def opened(raw: bytes, **how: Any) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(raw), **how)


def converted(folder: Path, raw: bytes, kind: str) -> bytes:
    """The workbook saved anew by a real spreadsheet program."""
    folder.mkdir()
    (folder / "p.xlsx").write_bytes(raw)
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(folder / 'lo').as_uri()}", "--headless",
         "--convert-to", kind, "--outdir", str(folder / "out"), str(folder / "p.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return next((folder / "out").iterdir()).read_bytes()


def test_the_same_paper_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in the file."""
    assert paper_xlsx.render(paper()) == paper_xlsx.render(paper())


def test_every_figure_is_found_again() -> None:
    """Manifest and recipe come back; each code leads to what is printed, as often as it is said."""
    one = paper()
    kept, recipe, said = paper_xlsx.read(paper_xlsx.render(one))
    assert kept == manifest.of(one)
    assert recipe is not None
    assert '"coverage"' in recipe
    figures = one.figures()
    assert said.keys() == figures.keys()
    for code, figure in figures.items():
        assert set(said[code]) == {figure.said}, figure.key
    assert len(said[next(c for c, f in figures.items() if f.key == "all/rate")]) == 3


def test_names_and_the_sheet_of_the_manifest_are_hidden() -> None:
    """With codes the names show in the name box, and a sheet lists every figure."""
    book = opened(paper_xlsx.render(paper()))
    assert book["_fieldkit"].sheet_state == "veryHidden"
    assert all(name.hidden for name in book.defined_names.values())
    assert "数字编码" not in book.sheetnames
    shown = opened(paper_xlsx.render(paper(), codes=True))
    assert not any(name.hidden for name in shown.defined_names.values())
    codes = {cell.value for cell in shown["数字编码"]["A"]}
    assert codes >= set(paper().figures())


def test_a_table_has_its_sheet_ready_for_the_printer() -> None:
    """Two rows of heads, repeated and frozen; a print area; across; A4 as wide as the page."""
    sheet = opened(paper_xlsx.render(paper(demo=True)))["覆盖情况"]
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.print_area == "'覆盖情况'!$A$1:$J$12"
    assert {"C4:E4", "A4:A5", "J4:J5"} <= {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.page_setup.fitToHeight == 0
    assert "内部资料" in sheet.oddHeader.left.text
    assert "演示数据" in sheet.oddHeader.right.text
    assert "0123456789abcdef" in sheet.oddFooter.left.text
    assert "&P" in sheet.oddFooter.right.text


def test_numbers_are_numbers_and_rates_are_never_rounded_up() -> None:
    """1249 of 1250 is 99.9%, held as 0.999."""
    sheet = opened(paper_xlsx.render(paper()))["覆盖情况"]
    first = [cell.value for cell in sheet[6]]
    assert first[:5] == [1, "菱歌社区", 1250, 1249, 0.999]
    assert first[5:8] == [3, 4.09, 86.3]
    assert sheet["E6"].number_format == "0.0%"
    assert sheet["F6"].number_format == "+0;-0;+0" or sheet["F6"].number_format.startswith("+0")
    assert sheet["I6"].is_date
    assert sheet["J6"].value == "—"
    assert sheet["J8"].value == "/"


def test_totals_are_alive_and_right_before_anybody_calculates() -> None:
    """Sums, and the rate from the totals of its numbers; cached values are those of the paper."""
    raw = paper_xlsx.render(paper())
    sheet, held = opened(raw)["覆盖情况"], opened(raw, data_only=True)["覆盖情况"]
    assert sheet["C10"].value == "=SUM(C6:C9)"
    assert sheet["E10"].value == '=IF(C10=0,"—",TRUNC(D10*1000/C10)/1000)'
    assert [held[f"{c}10"].value for c in "CDEF"] == [1981, 1694, 0.855, 8]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_spreadsheet_program_changes_nothing_that_can_be_read(tmp_path: Path) -> None:
    """Saved anew as .xlsx by LibreOffice: manifest, recipe and every figure are there."""
    raw = paper_xlsx.render(paper(extra=EVIL[0]))
    assert paper_xlsx.read(converted(tmp_path / "a", raw, "xlsx")) == paper_xlsx.read(raw)


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_changed_number_changes_the_totals_and_is_seen(tmp_path: Path) -> None:
    """Somebody types over a cell: the program sums anew, and reading shows what stands there."""
    book = opened(paper_xlsx.render(paper()))
    book["覆盖情况"]["D6"] = 1
    out = io.BytesIO()
    book.save(out)
    raw = converted(tmp_path / "a", out.getvalue(), "xlsx")
    held = opened(raw, data_only=True)["覆盖情况"]
    assert (held["D10"].value, held["E10"].value) == (446, 0.225)
    said = paper_xlsx.read(raw)[2]
    codes = {figure.key: code for code, figure in paper().figures().items()}
    assert said[codes["p/1/part"]] == ["1"]
    assert said[codes["all/part"]] == ["1694", "446"]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_no_formula_of_anybody_is_calculated(tmp_path: Path) -> None:
    """Texts like formulas are strings, marked to stay strings, and reach a .csv as typed."""
    evil = [Row((*"—" * 9, text)) for text in EVIL]
    one = replace(paper(), sections=(Section([table("坏", evil)]),), facts={})
    raw = paper_xlsx.render(one)
    sheet = opened(raw)["坏"]
    for place in range(len(EVIL)):
        cell = sheet.cell(5 + place, 10)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    text = converted(tmp_path / "a", raw, "csv:Text - txt - csv (StarCalc):44,34,76").decode()
    assert "=1+1" in text
    assert "cmd|" in text


def test_a_sentence_that_was_changed_is_told_whole() -> None:
    """Where the words around a figure are others, nobody guesses which of them is the number."""
    book = opened(paper_xlsx.render(paper()))
    book["正文"]["A4"] = "　　截至11月22日，共发放1700户，发放率85.5%。"
    out = io.BytesIO()
    book.save(out)
    said = paper_xlsx.read(out.getvalue())[2]
    codes = {figure.key: code for code, figure in paper().figures().items()}
    assert "1700" in said[codes["all/part"]]
    book["正文"]["A4"] = "没有数字了"
    out = io.BytesIO()
    book.save(out)
    assert "没有数字了" in paper_xlsx.read(out.getvalue())[2][codes["all/part"]]


def test_charts_are_the_programs_own() -> None:
    """Bars, lines and places as charts, heat as shaded numbers; the numbers beside."""
    book = opened(paper_xlsx.render(paper()))
    for chart in CHARTS:
        sheet = book[chart.title]
        assert len(sheet._charts) == (chart.kind != "heat")
    heat = book["覆盖热度"]
    assert (heat["B3"].value, heat["C3"].value, heat["D3"].value) == (1, 0.999, "—")
    assert [str(area.sqref) for area in heat.conditional_formatting] == ["B3:D4"]
    ranks = book["名次变化"]
    assert [ranks.cell(row, 4).value for row in range(3, 7)] == ["升1", "降1", "平", "新"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=2, max_size=5))
def test_any_name_becomes_a_sheet(names: list[str]) -> None:
    """Forbidden signs, too long, twice the same: every table has a sheet of its own."""
    sections = [Section([table(name)]) for name in names]
    raw = paper_xlsx.render(replace(paper(), sections=sections, facts={}))
    found = opened(raw).sheetnames
    assert len(found) == len(names) + 1
    assert len({name.lower() for name in found}) == len(found)
    assert (
        paper_xlsx.read(raw)[2].keys()
        == replace(paper(), sections=sections, facts={}).figures().keys()
    )


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    """Nothing silently vanishes."""
    one = replace(paper(), sections=(Section([Para("长" * 40_000)]),), facts={})
    value = opened(paper_xlsx.render(one))["正文"]["A1"].value
    assert len(value) <= 32_767
    assert value.endswith("……（过长）")


def test_a_paper_for_people_outside_has_no_internal_head() -> None:
    """And one without anything is still a workbook."""
    sheet = opened(paper_xlsx.render(paper(public=True)))["覆盖情况"]
    assert "内部资料" not in (sheet.oddHeader.left.text or "")
    empty = replace(paper(), sections=(), facts={})
    assert paper_xlsx.read(paper_xlsx.render(empty))[2] == {}


def test_other_files_are_refused_in_words(tmp_path: Path) -> None:
    """No workbook, a broken one, one with a document type; one that is not ours has no manifest."""
    for raw in (b"", b"PK\x03\x04", b"<html>", paper_xlsx.render(paper())[:-40]):
        with pytest.raises(Problem) as told:
            paper_xlsx.read(raw)
        assert told.value.code == "paper-broken"
    with pytest.raises(Problem):
        paper_xlsx.read(tmp_path / "none.xlsx")
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    assert paper_xlsx.read(plain.getvalue()) == (None, None, {})


def test_entities_and_floods_are_not_expanded() -> None:
    """A document type is refused; so is what would unpack to more than any document."""
    raw = rewritten("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "aa">]><sst>&a;</sst>')
    with pytest.raises(Problem) as told:
        paper_xlsx.read(raw)
    assert told.value.code == "paper-broken"
    with pytest.raises(Problem) as told:
        paper_xlsx.read(rewritten("xl/media/flood.bin", b"\0" * (513 * 2**20)))
    assert told.value.code == "paper-large"


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    """Any byte of any part may be another: a Problem at the most."""
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/")]
        name = data.draw(st.sampled_from(names))
        content = bytearray(archive.read(name))
    for _n in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    # Anything but a Problem would end the test.
    with suppress(Problem):
        paper_xlsx.read(rewritten(name, bytes(content)))


def rewritten(part: str, content: bytes) -> bytes:
    """The small workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SMALL)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return out.getvalue()


SMALL = paper_xlsx.render(replace(paper(), sections=(Section([table()]),)))


def test_rows_without_a_total_need_none() -> None:
    """A table of rows alone has no formula."""
    one = replace(table("只有行"), rows=rows()[:-1])
    raw = paper_xlsx.render(replace(paper(), sections=(Section([one]),), facts={}))
    assert not any(
        isinstance(cell.value, str) and cell.value.startswith("=")
        for row in opened(raw)["只有行"].iter_rows() for cell in row
    )  # fmt: skip
