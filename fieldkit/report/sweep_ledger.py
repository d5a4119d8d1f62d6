"""The sweep ledger on paper (扫楼台账): each building of a round in a line, A4 across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from fieldkit.report import sheet
from fieldkit.report.phrases import EMPTY, time_words
from fieldkit.report.sheet import Box, Line, Page, Sheet
from fieldkit.text.i18n import _

_PAGE = Page(297, 210, 20, 12, 16, 12, header=8, footer=6)
_WIDTHS = (13.0, 70.0, 46.0, 38.0, 26.0, 14.0, 26.0, 24.0, 16.0)


def docx(
    title: str, rows: Sequence[Sequence[str]], total: str, made: datetime, *, demo: bool
) -> bytes:
    """The ledger as a .docx file; a row has the nine cells of ``heads``."""
    paper = Sheet(title=title, generated=made, page=_PAGE)
    note = _("内部资料　注意保管")
    paper.head = sheet.paragraph(_("演示数据　{rule}").format(rule=note) if demo else note, "Note")
    paper.foot = sheet.page_of_pages(_("第 "), _(" 页　共 "), _(" 页"))
    paper.paragraph(title, "DocTitle")
    paper.grid(_WIDTHS, [*_lines(rows), Line([Box(total, span=len(_WIDTHS))], 8)])
    paper.paragraph(_("生成时间：{time}").format(time=time_words(made)), "Note")
    return paper.to_bytes()


def heads() -> tuple[str, ...]:
    """The columns of the ledger."""
    return (
        _("序号"), _("楼栋"), _("编码"), _("村（社区）"), _("扫楼日期"), _("次数"), _("结果"),
        _("红线项"), _("移交"),
    )  # fmt: skip


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    yield Line([Box(head, style="CellHead") for head in heads()], 8, header=True)
    for row in rows:
        yield Line([Box(cell or EMPTY) for cell in row], 8)
