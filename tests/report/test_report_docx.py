"""The writer of office documents: whole, clean, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import docx as reader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.moments import moment_of
from fieldkit.errors import Problem
from fieldkit.report import ooxml
from fieldkit.report.docx import Cell, Document, Row, save_atomically
from fieldkit.report.phrases import (
    clock_words,
    day_words,
    one_decimal,
    score_words,
    time_words,
)

NOW = datetime(2026, 11, 12, 8, 5, tzinfo=UTC)


def _document(text: str = "正文") -> Document:
    document = Document("标题", NOW, "内部资料", "演示数据", "演示数据", "本表由 fieldkit 生成")
    document.paragraph(text, "DocTitle")
    head = Row([Cell("序号", style="CellHead"), Cell("项", style="CellHead")], header=True)
    rows = [Row([Cell(str(n), style="CellMid"), Cell(text)]) for n in range(3)]
    document.table([20, 136], [head, *rows, Row([Cell(text, span=2)])])
    document.paragraph("", "Note")
    return document


def _parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_is_well_formed_and_listed() -> None:
    """Each part parses as XML and every relation points at a part that is there."""
    parts = _parts(_document().to_bytes())
    for raw in parts.values():
        ElementTree.fromstring(raw)
    relations = ElementTree.fromstring(parts["word/_rels/document.xml.rels"])
    assert {f"word/{r.get('Target')}" for r in relations} <= set(parts)


def test_read_back_by_another_program() -> None:
    """An independent reader finds the text, the table, its repeated head and the page size."""
    text = "甲 & 乙 <丙> “引号”"
    found = reader.Document(io.BytesIO(_document(text).to_bytes()))
    assert found.paragraphs[0].text == text
    assert found.paragraphs[0].style.name == "Title"
    (table,) = found.tables
    assert [cell.text for cell in table.rows[1].cells] == ["0", text]
    assert "tblHeader" in table.rows[0]._tr.xml
    assert "tblHeader" not in table.rows[1]._tr.xml
    section = found.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 35, 26]
    for part in (section.header, section.even_page_header):
        assert "演示数据" in part.paragraphs[0].text
    for foot in (section.footer, section.even_page_footer):
        assert "PAGE" in foot.paragraphs[0]._p.xml
        assert "fieldkit" in foot.paragraphs[1].text
    assert found.core_properties.title == "标题"


def test_same_content_same_bytes() -> None:
    """Nothing of the machine or the moment gets into the file."""
    assert _document().to_bytes() == _document().to_bytes()


def test_styles_used_are_defined() -> None:
    """Each style is defined once, with fonts named for Chinese and Latin alike."""
    ids = [style.id for style in ooxml.STYLES]
    assert len(set(ids)) == len(ids)
    styles = _parts(_document().to_bytes())["word/styles.xml"].decode()
    for face in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{face}"' in styles
    assert 'w:eastAsia="zh-CN"' in styles


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_gives_a_readable_file(text: str) -> None:
    """Control characters, lone surrogates and markup in a text never break the file."""
    parts = _parts(_document(text).to_bytes())
    for raw in parts.values():
        ElementTree.fromstring(raw)


def test_rows_must_fill_the_table() -> None:
    """A row that does not span all columns is a mistake of the caller."""
    with pytest.raises(ValueError, match="spans 1 of 2"):
        Document("", NOW).table([20, 136], [Row([Cell("x")])])


def test_long_rows_may_break_and_short_ones_not() -> None:
    """A row longer than a page may be split over pages, a short one stays whole."""
    document = Document("", NOW)
    document.table([156], [Row([Cell("短")]), Row([Cell("长" * 400)])])
    assert _parts(document.to_bytes())["word/document.xml"].count(b"<w:cantSplit/>") == 1


def test_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    """An old file is replaced in one step; a folder that is not there gives one sentence."""
    path = tmp_path / "记录.docx"
    path.write_bytes(b"old")
    _document().save(path)
    assert path.read_bytes() == _document().to_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["记录.docx"]
    for bad in (tmp_path / "没有" / "a.docx", tmp_path):
        with pytest.raises(Problem) as caught:
            save_atomically(bad, b"x")
        assert caught.value.code == "report-write"
        assert "\n" not in caught.value.sentence()
    assert [p.name for p in tmp_path.iterdir()] == ["记录.docx"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Fraction(8625, 100), "86.3"),
        (Fraction(86), "86.0"),
        (Fraction(1, 3), "0.3"),
        (Fraction(-5, 100), "-0.1"),
        (Fraction(-4, 100), "0.0"),
        (Fraction(9995, 100), "100.0"),
    ],
)
def test_one_decimal_rounds_half_up(number: Fraction, words: str) -> None:
    """Scores are written with one decimal, half up."""
    assert one_decimal(number) == words


def test_rounding_never_lifts_over_a_line() -> None:
    """A score just under a grade's line is not printed as the line."""
    assert score_words(Fraction(8996, 100), [90, 80, 0]) == "89.96"
    assert score_words(Fraction(89999, 1000), [90, 80, 0]) == "89.99"
    assert score_words(Fraction(8994, 100), [90, 80, 0]) == "89.9"
    assert score_words(Fraction(90), [90, 80, 0]) == "90.0"


def test_days_and_times() -> None:
    """Days carry no leading zeros; times are China's, also for stamps out of all bounds."""
    assert day_words(datetime(2026, 1, 5).date()) == "2026年1月5日"
    assert time_words(NOW) == "2026年11月12日16时05分"
    assert clock_words(NOW) == "16时05分"
    assert time_words(moment_of(f"{int(NOW.timestamp() * 1000):012x}0000")) == time_words(NOW)
    assert moment_of("f" * 16).year == 9999
