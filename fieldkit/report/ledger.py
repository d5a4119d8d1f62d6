"""A ledger on paper (台账), A4 across, and as a .csv that a spreadsheet opens safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from fieldkit.report import sheet
from fieldkit.report.cells import guarded
from fieldkit.report.phrases import EMPTY, time_words
from fieldkit.report.sheet import Box, Line, Page, Sheet
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width

_PAGE = Page(297, 210, 20, 12, 16, 12, header=8, footer=6)
_ROOM = 273.0
"""Millimetres between the margins."""
_LEAST, _PAD, _MM = 10.0, 4.5, 2.1
"""The narrowest column, what its borders and margins take, and a terminal cell of text."""

SWEEPS = (13.0, 70.0, 46.0, 38.0, 26.0, 14.0, 26.0, 24.0, 16.0)
"""The widths of the sweep ledger's columns."""


def docx(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    made: datetime,
    *,
    demo: bool,
    foot: Sequence[str] = (),
    widths: Sequence[float] = (),
) -> bytes:
    """The ledger as a .docx file; each sentence of ``foot`` is a line across its end."""
    paper = Sheet(title=title, generated=made, page=_PAGE)
    note = _("内部资料　注意保管")
    paper.head = sheet.paragraph(_("演示数据　{rule}").format(rule=note) if demo else note, "Note")
    paper.foot = sheet.page_of_pages(_("第 "), _(" 页　共 "), _(" 页"))
    paper.paragraph(title, "DocTitle")
    ends = [Line([Box(text, span=len(heads))], 8) for text in foot]
    paper.grid(widths or fitted(heads, rows), [*_lines(heads, rows), *ends])
    paper.paragraph(_("生成时间：{time}").format(time=time_words(made)), "Note")
    return paper.to_bytes()


def fitted(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Column widths in mm that fill the page.

    Short columns get what keeps them on one line (a head may take two), the others share the rest.
    """
    wanted = []
    for i, head in enumerate(heads):
        longest = max([-(-cell_width(head) // 2), *(cell_width(row[i]) for row in rows)])
        wanted.append(max(_LEAST, _PAD + _MM * longest))
    room, widths = _ROOM, dict.fromkeys(range(len(heads)), 0.0)
    for place, i in enumerate(sorted(widths, key=lambda i: wanted[i])):
        widths[i] = min(wanted[i], room / (len(heads) - place))
        room -= widths[i]
    more = _ROOM / sum(widths.values())
    return tuple(round(width * more, 1) for width in widths.values())


def sweep_heads() -> tuple[str, ...]:
    """The columns of the sweep ledger."""
    return (
        _("序号"), _("楼栋"), _("编码"), _("村（社区）"), _("扫楼日期"), _("次数"), _("结果"),
        _("红线项"), _("移交"),
    )  # fmt: skip


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    yield Line([Box(head, style="CellHead") for head in heads], 8, header=True)
    for row in rows:
        yield Line([Box(cell or EMPTY) for cell in row], 8)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The same as UTF-8 with its mark, so that spreadsheets read it as Chinese.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    for row in (heads, *rows):
        lines.writerow([guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
