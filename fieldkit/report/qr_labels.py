"""Sheets of labels with QR codes, three across and eight down on A4 (70 by 37 mm each)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from fieldkit.report import qr, web
from fieldkit.report.sheet import Box, Line, Page, Sheet
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut

ACROSS, DOWN = 3, 8
WIDE, HIGH = 70, 37
_HIGH_DOCX = 36.9
"""A hair less than the label: eight rows and the last, empty paragraph must fit on one page."""
_QR_MM = 23
_NAME_CELLS, _CODE_CELLS = 38, 40


class Label(NamedTuple):
    """One label: what its code says, and the two lines below it. Of a place, never of a person."""

    payload: str
    name: str
    code: str


def docx(labels: Sequence[Label], made: datetime) -> bytes:
    """The sheets as a .docx file."""
    pictures = {label.payload: qr.png(label.payload) for label in labels}
    sheet = Sheet(
        title=_("二维码标签"),
        generated=made,
        page=Page(210, 297, 0.5, 0, 0, 0, header=0, footer=0, bare=True),
        pictures=pictures,
    )
    lines = [
        Line([_box(label) for label in row], height=_HIGH_DOCX, exact=True) for row in _rows(labels)
    ]
    sheet.grid([WIDE] * ACROSS, lines, ruled=False)
    sheet.end()
    return sheet.to_bytes()


def _box(label: Label | None) -> Box:
    if label is None:
        return Box(style="Furniture")
    text = f"{_line(label.name, _NAME_CELLS)}\n{_line(label.code, _CODE_CELLS)}"
    return Box(text, style="Furniture", picture=label.payload, size=_QR_MM)


def _rows(labels: Sequence[Label]) -> Iterator[list[Label | None]]:
    for first in range(0, len(labels), ACROSS):
        row: list[Label | None] = list(labels[first : first + ACROSS])
        yield row + [None] * (ACROSS - len(row))


def _line(text: str, cells: int) -> str:
    return text if cell_width(text) <= cells else f"{cut(text, cells - 1).rstrip()}…"


_STYLE = (
    f"@page{{size:A4 portrait;margin:0}}.sheet{{width:210mm;height:{DOWN * HIGH}mm;"
    f"display:grid;grid-template-columns:repeat({ACROSS},{WIDE}mm);"
    f"grid-auto-rows:{HIGH}mm;break-after:page;page-break-after:always;overflow:hidden}}"
    ".sheet:last-child{break-after:auto;page-break-after:auto}"
    ".label{display:flex;flex-direction:column;align-items:center;justify-content:center;"
    "overflow:hidden;padding:0 2mm;text-align:center;line-height:1.25;font-size:9pt}"
    f".label b{{font-weight:normal;{web.HEI}}}.label span{{font-family:monospace}}"
)


def html(labels: Sequence[Label]) -> bytes:
    """The sheets as a web page to print at 100 %."""
    sheets = []
    for first in range(0, len(labels), ACROSS * DOWN):
        drawn = "".join(_drawn(label) for label in labels[first : first + ACROSS * DOWN])
        sheets.append(f'<div class="sheet">{drawn}</div>')
    return web.page(_("二维码标签"), _STYLE, "\n".join(sheets))


def _drawn(label: Label) -> str:
    return (
        f'<div class="label">{qr.svg(label.payload, _QR_MM)}'
        f"<b>{web.text(_line(label.name, _NAME_CELLS))}</b>"
        f"<span>{web.text(_line(label.code, _CODE_CELLS))}</span></div>"
    )
