"""Printed sheets that are no letters: own page, boxes to write in, pictures in cells.

What `docx.Document` does for records, for forms and labels: landscape pages, a page head of one's
own, tables with merged cells and rows of an exact height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from fieldkit.report import ooxml
from fieldkit.report.docx import Document
from fieldkit.text.plain import shown

_TWIPS_PER_MM = 1440 / 25.4
_EMU_PER_MM = 36000
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_EDGE = '<w:left w:val="single" w:sz="14" w:space="0" w:color="000000"/>'
_PNG = '<Default Extension="png" ContentType="image/png"/>'


class Page(NamedTuple):
    """The paper and its margins in mm; ``header`` and ``footer`` count from the paper's edge."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float = 8
    footer: float = 6
    bare: bool = False
    """No head and no foot: they would take room even when they are empty."""

    def xml(self) -> str:
        """The section that says so; the same head and foot on every page."""
        turned = ' w:orient="landscape"' if self.width > self.height else ""
        margins = " ".join(
            f'w:{edge}="{twips(getattr(self, edge))}"'
            for edge in ("top", "right", "bottom", "left", "header", "footer")
        )
        furniture = (
            '<w:headerReference w:type="default" r:id="rId3"/>'
            '<w:headerReference w:type="even" r:id="rId4"/>'
            '<w:footerReference w:type="default" r:id="rId5"/>'
            '<w:footerReference w:type="even" r:id="rId6"/>'
        )
        return (
            f"<w:sectPr>{'' if self.bare else furniture}"
            f'<w:pgSz w:w="{twips(self.width)}" w:h="{twips(self.height)}"{turned}/>'
            f'<w:pgMar {margins} w:gutter="0"/></w:sectPr>'
        )


PORTRAIT = Page(210, 297, 20, 20, 20, 20)


class Box(NamedTuple):
    """One cell; ``merge`` is ``start`` or ``on`` where it runs down over several rows.

    ``picture`` names one of the document's pictures, drawn ``size`` mm wide above the text.
    With ``edge`` its left border is a thick one.
    """

    text: str = ""
    span: int = 1
    style: str = "CellMid"
    fill: str = ""
    merge: str = ""
    picture: str = ""
    size: float = 0
    edge: bool = False


class Line(NamedTuple):
    """One row of a table; ``exact`` rows cut what does not fit instead of growing."""

    boxes: Sequence[Box]
    height: float = 0
    header: bool = False
    keep: bool = False
    exact: bool = False


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * _TWIPS_PER_MM)


@dataclass
class Sheet(Document):
    """A document on its own page; ``head`` and ``foot`` are the XML inside the page furniture."""

    page: Page = PORTRAIT
    head: str = "<w:p/>"
    foot: str = "<w:p/>"
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def grid(self, widths: Sequence[float], lines: Sequence[Line], *, ruled: bool = True) -> None:
        """One table with fixed column widths in mm."""
        self._body.append(grid(widths, lines, self.numbers(), ruled=ruled))

    def end(self) -> None:
        """The paragraph that must follow a last table, too small to need a page of its own."""
        self._body.append(
            '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
            '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
        )

    def heading(self, text: str) -> None:
        """A line over a table that stays with it."""
        self.paragraph(text, "CellBand", keep=True)

    def numbers(self) -> dict[str, int]:
        """The number of each picture, for the drawings that show it."""
        return {name: n for n, name in enumerate(self.pictures, 1)}

    def parts(self) -> dict[str, str | bytes]:
        """The parts of a document, with this page, this furniture and the pictures."""
        found = Document.parts(self)
        text = str(found["word/document.xml"])
        found["word/document.xml"] = text.replace(ooxml.SECTION, self.page.xml())
        head = f"{ooxml.XML}<w:hdr {_NAMESPACES}>{self.head}</w:hdr>"
        foot = f"{ooxml.XML}<w:ftr {_NAMESPACES}>{self.foot}</w:ftr>"
        for number in (1, 2):
            found[f"word/header{number}.xml"] = head
            found[f"word/footer{number}.xml"] = foot
        if self.pictures:
            self._put_pictures(found)
        return found

    def _put_pictures(self, parts: dict[str, str | bytes]) -> None:
        types = str(parts["[Content_Types].xml"])
        parts["[Content_Types].xml"] = types.replace("<Override", f"{_PNG}<Override", 1)
        links = ""
        for name, number in self.numbers().items():
            parts[f"word/media/qr{number}.png"] = self.pictures[name]
            links += (
                f'<Relationship Id="pic{number}" Type="{ooxml.R}/image" '
                f'Target="media/qr{number}.png"/>'
            )
        known = str(parts["word/_rels/document.xml.rels"])
        parts["word/_rels/document.xml.rels"] = known.replace(
            "</Relationships>", f"{links}</Relationships>"
        )
        if "<w:drawing>" in self.head:
            opening = known[: known.index("<Relationship ")]
            for number in (1, 2):
                name = f"word/_rels/header{number}.xml.rels"
                parts[name] = f"{opening}{links}</Relationships>"


_NAMESPACES = ooxml.NAMESPACES


def paragraph(text: str, style: str, *, keep: bool = False, drawing: str = "") -> str:
    """One paragraph; line breaks of the text are kept, control characters come out visible."""
    runs = "<w:r><w:br/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' if part else ""
        for part in shown(text, keep_newlines=True).split("\n")
    )
    held = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}</w:pPr>{drawing}{runs}</w:p>'


def page_of_pages(before: str, between: str, after: str, style: str = "Furniture") -> str:
    """A paragraph such as 第 2 页 共 5 页, counted by the program that prints."""

    def run(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

    def count(name: str) -> str:
        return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    runs = f"{run(before)}{count('PAGE')}{run(between)}{count('NUMPAGES')}{run(after)}"
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def grid(
    widths: Sequence[float], lines: Sequence[Line], numbers: Mapping[str, int], *, ruled: bool
) -> str:
    """The XML of a table."""
    wide = [twips(mm) for mm in widths]
    kind = "single" if ruled else "nil"
    edges = "".join(
        f'<w:{edge} w:val="{kind}" w:sz="{4 if edge.startswith("inside") else 8}" '
        'w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{one}"/>' for one in wide)
    rows = "".join(_line(line, wide, numbers) for line in lines)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
        '<w:left w:w="30" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="30" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _line(line: Line, widths: Sequence[int], numbers: Mapping[str, int]) -> str:
    rule = "exact" if line.exact else "atLeast"
    settings = "<w:cantSplit/>"
    if line.height:
        settings += f'<w:trHeight w:val="{twips(line.height)}" w:hRule="{rule}"/>'
    settings += "<w:tblHeader/>" if line.header else ""
    cells, place = [], 0
    for box in line.boxes:
        width = sum(widths[place : place + box.span])
        place += box.span
        cells.append(_box(box, width, numbers, keep=line.keep or line.header))
    if place != len(widths):
        raise ValueError(f"a row spans {place} of {len(widths)} columns")
    return f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(cells)}</w:tr>"


def _box(box: Box, width: int, numbers: Mapping[str, int], *, keep: bool) -> str:
    span = f'<w:gridSpan w:val="{box.span}"/>' if box.span > 1 else ""
    merge = {"": "", "start": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[box.merge]
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{box.fill}"/>' if box.fill else ""
    edge = f"<w:tcBorders>{_EDGE}</w:tcBorders>" if box.edge else ""
    inside = paragraph(box.text, box.style, keep=keep)
    if box.picture:
        drawn = _drawing(numbers[box.picture], box.picture, box.size)
        # A line of an exact pitch would cut the picture off.
        inside = (
            '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
            f'<w:jc w:val="center"/></w:pPr>{drawn}</w:p>'
        ) + (inside if box.text else "")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{edge}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'
    )


def _drawing(number: int, name: str, size: float) -> str:
    side = round(size * _EMU_PER_MM)
    said = quoteattr(shown(name))
    return (
        "<w:r><w:drawing>"
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{side}" cy="{side}"/>'
        f'<wp:docPr id="{number}" name="QR {number}" descr={said}/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="qr{number}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="pic{number}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{side}" cy="{side}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
