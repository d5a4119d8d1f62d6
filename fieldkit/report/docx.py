"""A small writer of .docx files: paragraphs and tables, the same bytes for the same content."""

from __future__ import annotations

import io
import os
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from fieldkit.errors import Problem
from fieldkit.report import ooxml
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

_TWIPS_PER_MM = 1440 / 25.4
_LONG_ROW = 150


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: text (newlines are kept), columns it spans, style, shade."""

    text: str = ""
    span: int = 1
    style: str = "Cell"
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row; ``header`` rows repeat on every page, ``height_mm`` is a least height."""

    cells: Sequence[Cell]
    header: bool = False
    height_mm: int = 0
    keep: bool = False


@dataclass(slots=True)
class Document:
    """A document being written. Text is cleaned here: no control character reaches the file."""

    title: str
    generated: datetime
    header_left: str = ""
    header_right: str = ""
    watermark: str = ""
    origin: str = ""
    _body: list[str] = field(default_factory=list)

    def paragraph(self, text: str, style: str = "Normal", *, keep: bool = False) -> None:
        """One paragraph in a named style (``ooxml.STYLES``); ``keep`` holds it to the next."""
        self._body.append(_paragraph(text, style, keep=keep))

    def table(self, widths_mm: Sequence[int], rows: Sequence[Row]) -> None:
        """One table with fixed column widths in mm."""
        widths = [round(mm * _TWIPS_PER_MM) for mm in widths_mm]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="{4 if edge.startswith("inside") else 8}" '
            'w:space="0" w:color="000000"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f"<w:tblBorders>{edges}</w:tblBorders>"
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/>'
            '<w:left w:w="60" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
            '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_row(row, widths) for row in rows)}</w:tbl>"
        )

    def to_bytes(self) -> bytes:
        """The whole file; equal content gives equal bytes on every machine."""
        return packed(self.parts())

    def parts(self) -> dict[str, str | bytes]:
        """The files inside the file, by name."""
        text = f"{ooxml.XML}<w:document {ooxml.NAMESPACES}><w:body>"
        text += "".join(self._body) + f"{ooxml.SECTION}</w:body></w:document>"
        header = ooxml.header_part(
            shown(self.header_left), shown(self.header_right), shown(self.watermark)
        )
        return {
            "[Content_Types].xml": ooxml.CONTENT_TYPES,
            "_rels/.rels": ooxml.ROOT_RELATIONS,
            "docProps/core.xml": self._core(),
            "word/document.xml": text,
            "word/_rels/document.xml.rels": ooxml.RELATIONS,
            "word/styles.xml": ooxml.styles_part(),
            "word/settings.xml": ooxml.SETTINGS,
            "word/fontTable.xml": ooxml.font_table_part(),
            "word/header1.xml": header,
            "word/header2.xml": header,
            "word/footer1.xml": ooxml.footer_part(shown(self.origin), odd=True),
            "word/footer2.xml": ooxml.footer_part(shown(self.origin), odd=False),
        }

    def save(self, path: Path) -> None:
        """Write the file in one step: whole or not at all. Raises ``Problem``."""
        save_atomically(path, self.to_bytes())

    def _core(self) -> str:
        made = self.generated.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f'{ooxml.XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
            '2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(shown(self.title))}</dc:title><dc:creator>fieldkit</dc:creator>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
            "</cp:coreProperties>"
        )


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as one file, without a trace of the machine or the moment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content.encode() if isinstance(content, str) else content)
    return out.getvalue()


def save_atomically(path: Path, raw: bytes) -> None:
    """Put the bytes under the name through a neighbour file. Raises ``Problem``."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            part.unlink()
        raise Problem(
            "report-write",
            _("文件无法写入：{why}").format(why=getattr(error, "strerror", None) or str(error)),
            where=shown(str(path)),
            mend=_("请检查文件夹是否存在、文件是否已被其他程序打开、磁盘是否已满。"),
        ) from error


def _paragraph(text: str, style: str, *, keep: bool = False) -> str:
    clean = shown(text, keep_newlines=True)
    runs = "<w:r><w:br/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r>' if line else ""
        for line in clean.split("\n")
    )
    held = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}</w:pPr>{runs}</w:p>'


def _row(row: Row, widths: Sequence[int]) -> str:
    # A row taller than a page must be allowed to break, or programs disagree about it.
    whole = max((len(cell.text) for cell in row.cells), default=0) <= _LONG_ROW
    height = round(row.height_mm * _TWIPS_PER_MM)
    settings = "<w:cantSplit/>" if whole else ""
    settings += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    settings += "<w:tblHeader/>" if row.header else ""
    cells, at = [], 0
    for cell in row.cells:
        width = sum(widths[at : at + cell.span])
        at += cell.span
        cells.append(_cell(cell, width, keep=row.keep or row.header))
    if at != len(widths):
        raise ValueError(f"a row spans {at} of {len(widths)} columns")
    return f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, *, keep: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(cell.text, cell.style, keep=keep)}</w:tc>"
    )
