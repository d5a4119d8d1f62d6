"""The door form: a building's floors and doors with empty boxes, to be filled in at the door.

No names, no telephone numbers, nothing that was recorded before: paper is lost more easily than a
laptop. Floors run down, doors across, as the screen shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from fieldkit.report import qr, sheet, web
from fieldkit.report.sheet import Box, Line, Page, Sheet
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut

MOST_ACROSS = 8
"""So many doors stand beside each other; boxes of fewer millimetres nobody can write in."""
_WIDE = 273.0
_FLOOR_MM = 15.0
_SHARES = (0.44, 0.28, 0.28)
"""Of a door's width: date, outcome, pieces of material."""
_NAME_MM, _BOX_MM = 4.6, 8.6
_QR_MM = 19.0
_STRUCK = "D9D9D9"
_PAGE = Page(297, 210, 36, 12, 14, 12, header=7, footer=6)
_HTML_ROOM = 210 - 2 * 8 - 30 - 8 - 8
"""Millimetres for floors on a page of the web form: without margins, head, foot and table head."""


class Door(NamedTuple):
    """One door as the form shows it; a struck one is not visited any more."""

    name: str
    struck: bool = False


class Floor(NamedTuple):
    """A floor's label and its doors in their order."""

    label: str
    doors: Sequence[Door]


class Part(NamedTuple):
    """One staircase; without a name where the building has no units."""

    name: str
    floors: Sequence[Floor]


class Form(NamedTuple):
    """All that stands on the form; ``payload`` is what the QR code in the corner says."""

    building: str
    code: str
    payload: str
    parts: Sequence[Part]
    legend: Sequence[tuple[str, str]]
    made: datetime
    demo: bool = False


class _Strip(NamedTuple):
    """One line of doors on paper: as much of a floor as fits across."""

    floor: str
    doors: Sequence[Door]


def _across(part: Part) -> int:
    most = max((len(floor.doors) for floor in part.floors), default=1)
    lines = -(-most // MOST_ACROSS)
    return max(1, -(-most // lines))


def _strips(part: Part) -> Iterator[_Strip]:
    across = _across(part)
    for floor in part.floors:
        for first in range(0, len(floor.doors), across):
            yield _Strip(floor.label, floor.doors[first : first + across])


def _title(form: Form) -> str:
    return _("{building}入户宣传登记表").format(building=form.building)


def _blanks() -> str:
    return _("工作编号：＿＿＿＿＿＿　登记日期：＿＿＿＿年＿＿月＿＿日　录入日期：＿＿月＿＿日")


def _legend(form: Form) -> str:
    told = "　".join(f"{key} {label}" for key, label in form.legend)
    return _("结果码：{told}").format(told=told)


def _rule(form: Form) -> str:
    rule = _("只填日期、结果码和资料份数；不写姓名、电话和其他能认出个人的内容。")
    return _("演示数据　{rule}").format(rule=rule) if form.demo else rule


def _heads() -> tuple[str, str, str]:
    return _("月/日"), _("码"), _("份")


def _fitting(name: str, mm: float) -> str:
    """A door's name, cut where its column ends; nine points are 1.6 mm a cell."""
    cells = int(mm / 1.6)
    return name if cell_width(name) <= cells else f"{cut(name, cells - 1).rstrip()}…"


def docx(form: Form) -> bytes:
    """The form as a .docx file, A4 across, as many pages as the building needs."""
    paper = Sheet(
        title=_title(form),
        generated=form.made,
        page=_PAGE,
        pictures={form.payload: qr.png(form.payload)},
    )
    told = "\n".join((_blanks(), _legend(form), _rule(form)))
    left = sheet.paragraph(
        _("{title}　{code}").format(title=_title(form), code=form.code), "CellHead"
    ) + sheet.paragraph(told, "Note")
    paper.head = _head(left, paper)
    paper.foot = sheet.page_of_pages(_("第 "), _(" 页　共 "), _(" 页")) + sheet.paragraph(
        _("内部资料　注意保管　录入：fieldkit visit enter {code}").format(code=form.code),
        "Furniture",
    )
    for part in form.parts:
        if part.name:
            paper.heading(part.name)
        across = _across(part)
        widths = [_FLOOR_MM, *_columns(across)]
        paper.grid(widths, [_header(part, across), *_lines(part, across)])
    paper.end()
    return paper.to_bytes()


def _columns(across: int) -> list[float]:
    door = (_WIDE - _FLOOR_MM) / across
    return [door * share for _n in range(across) for share in _SHARES]


def _head(left: str, paper: Sheet) -> str:
    """Title, blanks and legend at the left, the code in the right corner, on every page."""
    corner = Line([Box(), Box(picture=next(iter(paper.pictures)), size=_QR_MM)], height=_QR_MM)
    table = sheet.grid([_WIDE - 24, 24], [corner], paper.numbers(), ruled=False)
    empty = sheet.paragraph("", "CellMid")
    # The table's first cell holds one empty paragraph; the words take its place.
    return table.replace(empty, left, 1) + sheet.paragraph("", "Furniture")


def _header(part: Part, across: int) -> Line:
    """The row that is repeated on every page; it says which unit the page belongs to."""
    first = _fitting(part.name or _("楼层"), _FLOOR_MM)
    heads = [
        Box(head, style="Furniture", edge=n == 0)
        for _door in range(across)
        for n, head in enumerate(_heads())
    ]
    return Line([Box(first, style="Furniture"), *heads], height=5, header=True)


def _lines(part: Part, across: int) -> Iterator[Line]:
    room = (_WIDE - _FLOOR_MM) / across
    for floor, doors in _strips(part):
        names, boxes = [], []
        for place in range(across):
            door = doors[place] if place < len(doors) else None
            fill = _STRUCK if door is None or door.struck else ""
            name = "" if door is None else _named(door)
            names.append(Box(_fitting(name, room), 3, "Furniture", fill, edge=True))
            boxes += [Box(style="Furniture", fill=fill, edge=n == 0) for n in range(3)]
        yield Line([Box(floor, merge="start"), *names], _NAME_MM, keep=True)
        yield Line([Box(merge="on"), *boxes], _BOX_MM)


def _named(door: Door) -> str:
    return _("{name}（已核减）").format(name=door.name) if door.struck else door.name


_STYLE = (
    "@page{size:A4 landscape;margin:8mm 12mm}"
    ".page{width:273mm;height:193mm;position:relative;break-after:page;page-break-after:always}"
    ".page:last-child{break-after:auto;page-break-after:auto}"
    "header{height:30mm;display:flex;justify-content:space-between;font-size:9pt;line-height:1.4}"
    f"h1{{margin:0 0 1mm;font-size:13pt;font-weight:normal;{web.HEI}}}p{{margin:0}}"
    "table{width:273mm;border-collapse:collapse;table-layout:fixed;font-size:9pt}"
    "th,td{border:.3mm solid #000;padding:0;text-align:center;font-weight:normal;overflow:hidden}"
    f"thead th{{height:8mm;{web.HEI}}}.n td{{height:{_NAME_MM}mm;border-bottom-width:.1mm}}"
    f".b td{{height:{_BOX_MM}mm}}.x{{background:#ddd}}td.f{{font-size:11pt}}"
    ".n td+td,.b td:nth-child(3n+1){border-left-width:.7mm}"
    "footer{position:absolute;bottom:0;width:100%;text-align:center;font-size:9pt}"
)


def html(form: Form) -> bytes:
    """The form as a web page to print, split into its pages here, each with its own head."""
    pages = [(part, strips) for part in form.parts for strips in _paged(list(_strips(part)))]
    body = "\n".join(
        _page(form, part, strips, number, len(pages))
        for number, (part, strips) in enumerate(pages, 1)
    )
    return web.page(_title(form), _STYLE, body)


def _paged(strips: list[_Strip]) -> Iterator[list[_Strip]]:
    room = int(_HTML_ROOM / (_NAME_MM + _BOX_MM + 0.5))
    for first in range(0, len(strips), room):
        yield strips[first : first + room]


def _page(form: Form, part: Part, strips: list[_Strip], number: int, total: int) -> str:
    across = _across(part)
    columns = "".join(f'<col style="width:{mm:.2f}mm">' for mm in _columns(across))
    heads = "".join(f"<th>{web.text(head)}</th>" for head in _heads()) * across
    rows = "".join(_row(strip, across) for strip in strips)
    told = "".join(f"<p>{web.text(line)}</p>" for line in (_blanks(), _legend(form), _rule(form)))
    title = "　".join(word for word in (_title(form), part.name, form.code) if word)
    page = _("第 {n} 页　共 {total} 页").format(n=number, total=total)
    note = _("内部资料　注意保管　录入：fieldkit visit enter {code}").format(code=form.code)
    return (
        f'<section class="page"><header><div><h1>{web.text(title)}</h1>{told}</div>'
        f"{qr.svg(form.payload, 24)}</header><table><colgroup>"
        f'<col style="width:{_FLOOR_MM:g}mm">{columns}</colgroup><thead><tr>'
        f"<th>{web.text(_('楼层'))}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<footer>{web.text(page)}　{web.text(note)}</footer></section>"
    )


def _row(strip: _Strip, across: int) -> str:
    names, boxes = "", ""
    room = (_WIDE - _FLOOR_MM) / across
    for place in range(across):
        door = strip.doors[place] if place < len(strip.doors) else None
        struck = ' class="x"' if door is None or door.struck else ""
        name = "" if door is None else _fitting(_named(door), room)
        names += f'<td colspan="3"{struck}>{web.text(name)}</td>'
        boxes += f"<td{struck}></td>" * 3
    return (
        f'<tr class="n"><td class="f" rowspan="2">{web.text(strip.floor)}</td>{names}</tr>'
        f'<tr class="b">{boxes}</tr>'
    )
