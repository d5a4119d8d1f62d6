"""Tables of any length into .csv and .xlsx files, row by row, in memory that does not grow.

A cell is prepared once (guarded, escaped) and may be used in as many rows as there are; so a table
of millions of answers costs little more than the bare writing of it.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from xml.sax.saxutils import escape, quoteattr

from fieldkit.errors import Problem
from fieldkit.report.cells import guarded, is_formula
from fieldkit.report.ooxml import FANGSONG, HEI, XML, R
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARS = 32_767
"""What one sheet and one cell of a workbook may hold."""
_SHARED = 50_000
_SHORT = 64
"""Texts that stand in the table of texts: so many, so long. All others stand in their cells."""
_FULL = 200
"""Rows that are held before they are written."""
_LEVEL = 1
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
_HEX = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD, _QUOTED = ' s="1"', ' s="2"'
"""Styles: of heads; of a text that stays one when somebody edits it."""


class Sink(Protocol):
    """Something that takes rows of prepared cells; an empty cell is an empty text."""

    def cell(self, text: str) -> str:
        """A text as a cell of this file: never a formula, control characters visible."""

    def number(self, text: str) -> str:
        """A number as a cell of this file; what is none is text."""

    def row(self, cells: Sequence[str]) -> None:
        """One more row."""

    def close(self) -> None:
        """Write what is left."""


@contextmanager
def atomically(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when it is whole; whatever happens before, nothing is left.

    Raises Problem ``report-write`` where the system refuses.
    """
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except (OSError, ValueError) as error:
        raise Problem(
            "report-write",
            _("文件无法写入：{why}").format(why=getattr(error, "strerror", None) or str(error)),
            where=shown(str(path)),
            mend=_("请检查文件夹是否存在、文件是否已被其他程序打开、磁盘是否已满。"),
        ) from error
    finally:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)


class Csv:
    """UTF-8 with its mark, CRLF."""

    def __init__(self, file: BinaryIO, heads: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
        self._rows = csv.writer(self._text, lineterminator="\r\n")
        self.row([self.cell(head) for head in heads])

    def cell(self, text: str) -> str:
        """The guarded text."""
        return guarded(text)

    def number(self, text: str) -> str:
        """The same: a signed number needs no guard."""
        return guarded(text)

    def row(self, cells: Sequence[str]) -> None:
        """One more row."""
        self._rows.writerow(cells)

    def close(self) -> None:
        """Write what is left; the file itself stays open."""
        self._text.flush()
        self._text.detach()


class Xlsx:
    """Sheets of a workbook, one after the other as they fill up; each with its frozen heads.

    Raises Problem ``too-many-columns``.
    """

    def __init__(self, file: BinaryIO, heads: Sequence[str], title: str, most: int = 0) -> None:
        if len(heads) > MOST_COLUMNS:
            raise Problem(
                "too-many-columns",
                _("有 {n} 列，.xlsx 一张表最多 {most} 列。").format(
                    n=len(heads), most=MOST_COLUMNS
                ),
                mend=_("改写成 .csv，或分检查表导出。"),
            )
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._title, self._most = title, most or MOST_ROWS
        self._known: dict[str, int] = {}
        self._before = [f'<c r="{_letters(n)}' for n in range(len(heads))]
        self._heads = [self._made(head, _HEAD) for head in heads]
        self._sheets = 0
        self._begin()

    def cell(self, text: str) -> str:
        """The text as an index into the table of texts, or whole."""
        return self._made(text, _QUOTED if is_formula(text) else "") if text else ""

    def _made(self, text: str, style: str) -> str:
        clean = shown(text, keep_newlines=True)
        if len(clean) > MOST_CHARS:
            clean = clean[: MOST_CHARS - 8] + _("……（过长）")
        place = self._known.get(clean)
        if place is None and len(clean) <= _SHORT and len(self._known) < _SHARED:
            place = self._known[clean] = len(self._known)
        if place is not None:
            return f'"{style} t="s"><v>{place}</v></c>'
        return f'"{style} t="inlineStr"><is>{_text(clean)}</is></c>'

    def number(self, text: str) -> str:
        """A real number where it is one that a spreadsheet can hold."""
        digits = sum(char.isdigit() for char in text)
        if _NUMBER.fullmatch(text) is None or digits > 15:
            return self.cell(text)
        return f'"><v>{text}</v></c>'

    def row(self, cells: Sequence[str]) -> None:
        """One more row, on the next sheet where this one is full."""
        if self._number == self._most:
            self._end()
            self._begin()
        self._put(cells)

    def _put(self, cells: Sequence[str]) -> None:
        self._number += 1
        n = str(self._number)
        found = [
            before + n + cell for before, cell in zip(self._before, cells, strict=True) if cell
        ]
        self._waiting.append(f'<row r="{n}">{"".join(found)}</row>')
        if len(self._waiting) >= _FULL:
            self._flush()

    def _flush(self) -> None:
        self._part.write("".join(self._waiting).encode())
        self._waiting.clear()

    def _begin(self) -> None:
        self._sheets += 1
        self._number = 0
        self._waiting: list[str] = []
        self._part = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._part.write(
            f'{XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>'.encode()
        )
        self._put(self._heads)

    def _end(self) -> None:
        self._flush()
        self._part.write(b"</sheetData></worksheet>")
        self._part.close()

    def close(self) -> None:
        """Write the last sheet, the table of texts and what holds them together."""
        self._end()
        with self._zip.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'{XML}<sst xmlns="{_MAIN}">'.encode())
            for text in self._known:
                part.write(f"<si>{_text(text)}</si>".encode())
            part.write(b"</sst>")
        for name, content in self._frame().items():
            with self._zip.open(name, "w") as part:
                part.write((XML + content).encode())
        self._zip.close()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        with suppress(OSError, ValueError):
            self._part.close()
        with suppress(OSError, ValueError):
            self._zip.close()

    def _frame(self) -> dict[str, str]:
        numbers = range(1, self._sheets + 1)
        names = [self._title if n == 1 else f"{self._title}-{n}" for n in numbers]
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, names, strict=True)
        )
        office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        package = "http://schemas.openxmlformats.org/package/2006"
        linked = f'<Relationships xmlns="{package}/relationships">'
        parts = [(f"worksheets/sheet{n}.xml", "worksheet") for n in numbers]
        parts += [("styles.xml", "styles"), ("sharedStrings.xml", "sharedStrings")]
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{R}/{kind}" Target="{target}"/>'
            for n, (target, kind) in enumerate(parts, 1)
        )
        types = "".join(
            f'<Override PartName="/xl/{target}" ContentType="{office}.{kind}+xml"/>'
            for target, kind in parts
        )
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{R}"><sheets>{sheets}</sheets>'
            "</workbook>",
            "xl/styles.xml": _STYLES,
            "xl/_rels/workbook.xml.rels": f"{linked}{links}</Relationships>",
            "_rels/.rels": f'{linked}<Relationship Id="rId1" Type="{R}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
            '+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
            f'PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>{types}</Types>',
        }


def _letters(column: int) -> str:
    """The letters of a column, from 0."""
    found, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _text(clean: str) -> str:
    return f'<t xml:space="preserve">{escape(_HEX.sub("_x005F_x", clean))}</t>'


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>'
    f'<name val="{FANGSONG}"/></font><font><sz val="11"/><name val="{HEI}"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf fontId="1" applyFont="1"/><xf quotePrefix="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
