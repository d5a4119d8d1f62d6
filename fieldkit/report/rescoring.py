"""A trial re-scoring on paper: every site with both scores and ranks, A4 across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from fieldkit.report import sheet
from fieldkit.report.phrases import EMPTY, time_words
from fieldkit.report.sheet import Box, Line, Page, Sheet
from fieldkit.text.i18n import _

_PAGE = Page(297, 210, 20, 12, 16, 12, header=8, footer=6)
_WIDTHS = (12.0, 66.0, 36.0, 34.0, 34.0, 24.0, 24.0, 14.0, 29.0)


def docx(
    title: str,
    changes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: str,
    made: datetime,
    *,
    demo: bool,
) -> bytes:
    """The table as a .docx file; ``heads`` and each row have nine cells."""
    paper = Sheet(title=title, generated=made, page=_PAGE)
    note = _("试算　未发布　不作通报依据")
    paper.head = sheet.paragraph(_("演示数据　{rule}").format(rule=note) if demo else note, "Note")
    paper.foot = sheet.page_of_pages(_("第 "), _(" 页　共 "), _(" 页"))
    paper.paragraph(title, "DocTitle")
    for change in changes:
        paper.paragraph(change, "Note")
    paper.grid(_WIDTHS, [*_lines(heads, rows), Line([Box(total, span=len(_WIDTHS))], 8)])
    paper.paragraph(_("生成时间：{time}").format(time=time_words(made)), "Note")
    return paper.to_bytes()


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    yield Line([Box(head, style="CellHead") for head in heads], 8, header=True)
    for row in rows:
        yield Line([Box(cell or EMPTY) for cell in row], 8)
