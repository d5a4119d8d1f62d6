"""A document as a workbook: a sheet a table, real numbers, totals that follow from their rows.

Each figure's cell has a defined name ``fk_<code>`` (``fk_<code>_2`` where it is said again); a
sheet that nobody sees, ``_fieldkit``, holds the manifest and how figures stand inside sentences.
The same paper gives the same bytes.
"""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.report import cells, paper_words
from fieldkit.report.ooxml import FANGSONG, HEI
from fieldkit.report.paper import Block, Chart, Figure, Form, Paper, Para, Section, Table, Text
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

if TYPE_CHECKING:
    from types import ModuleType

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HIDDEN_SHEET = "_fieldkit"
NAME = "fk_"
MOST_CHARS = 32_767
"""What one cell may hold."""
_CHUNK = 30_000
_SHEET_CHARS = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_PROSE = ("body", "to", "h1", "h2", "h3", "h4")
_LEAST_WIDE = 9
"""So many columns go across the page."""


def writer() -> ModuleType:
    """The library for new workbooks. Raises Problem ``no-xlsxwriter`` where it is not installed."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise Problem(
            "no-xlsxwriter",
            _("没有安装写 .xlsx 的组件"),
            mend=_('运行 pip install "fieldkit[office]"，或改用 .docx、.html、.csv。'),
        ) from error
    module: ModuleType = xlsxwriter
    return module


def render(paper: Paper, *, codes: bool = False) -> bytes:
    """The whole workbook; with ``codes`` names can be seen and a last sheet lists every figure.

    Raises Problem ``no-xlsxwriter``.
    """
    from fieldkit.report import manifest, paper_xlsx_charts, paper_xlsx_sheets

    book = Book(paper, codes=codes)
    prose: list[tuple[Block, Section]] = []
    sheets: list[tuple[Table | Chart, Section, list[Block], list[Block]]] = []
    for section in paper.sections:
        _sort(section, prose, sheets)
    if prose or paper.facts:
        paper_xlsx_sheets.text(book, [block for block, _section in prose], paper.facts)
    for block, section, before, after in sheets:
        if isinstance(block, Table):
            wide = section.wide or len(block.columns) >= _LEAST_WIDE
            paper_xlsx_sheets.table(book, block, before, after, wide=wide)
        else:
            paper_xlsx_charts.chart(book, block)
    return book.finished(manifest.of(paper))


def read(source: Path | bytes) -> tuple[bytes | None, str | None, dict[str, list[str]]]:
    """Manifest, recipe and what now stands where each figure stood, by code.

    Nothing of the file is believed: sizes are bounded, names of parts are looked up and never
    followed. Raises Problem ``paper-broken`` or ``paper-large``.
    """
    from fieldkit.report import paper_xlsx_read

    return paper_xlsx_read.read(source)


def _sort(
    section: Section,
    prose: list[tuple[Block, Section]],
    sheets: list[tuple[Table | Chart, Section, list[Block], list[Block]]],
) -> None:
    """Sentences to the sheet of text; what only frames a table, to the table's own sheet."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    tells = any(
        isinstance(block, Form) or (isinstance(block, Para) and block.style in _PROSE)
        for block in section.blocks
    )
    waiting: list[Block] = []
    last: list[Block] | None = None
    for block in section.blocks:
        if isinstance(block, Table | Chart):
            framed = isinstance(block, Table) and not tells
            after: list[Block] = []
            sheets.append((block, section, waiting if framed else [], after))
            if framed:
                waiting, last = [], after
            elif tells:
                prose.append((block, section))
        elif tells or not tables:
            prose.append((block, section))
        else:
            waiting.append(block)
    if last is not None:
        last.extend(waiting)


class Book:
    """A workbook being written: its formats, its names, and where each figure stands."""

    def __init__(self, paper: Paper, *, codes: bool) -> None:
        self.paper = paper
        self.codes = codes
        self._raw = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = writer().Workbook(self._raw, options)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._taken = {HIDDEN_SHEET, "history"}
        self._uses: Counter[str] = Counter()
        self._within: list[dict[str, list[str]]] = []
        self._index: list[tuple[Figure, str]] = []
        self._sheets: dict[str, str] = {}
        made = paper.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self.book.set_properties(
            {
                "title": shown(paper.title),
                "author": "fieldkit",
                "created": made,
                "comments": paper_words.origin(paper),
            }
        )

    def format(self, **how: Any) -> Format:
        """A format, the same one for the same wishes."""
        whole = {"font_name": FANGSONG, "font_size": 10.5, "valign": "vcenter"} | how
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(whole)
        return self._formats[key]

    def sheet(self, name: str, *, wide: bool = False) -> Worksheet:
        """A new sheet of that name, as far as it can be one, set up to be printed on A4."""
        sheet: Worksheet = self.book.add_worksheet(self._free(name))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=1.1, right=1.02, top=1.46, bottom=1.38)
        if wide:
            sheet.set_landscape()
            sheet.set_margins(left=0.8, right=0.8, top=1.1, bottom=1.02)
        sheet.center_horizontally()
        left, right = (_furniture(word(self.paper)) for word in (_NOTICE, _WARNING))
        red = f"&R&KC00000{right}" if right else ""
        sheet.set_header(f'&L&"{FANGSONG}"&9{left}{red}')
        origin = _furniture(paper_words.origin(self.paper))
        sheet.set_footer(f'&L&"{FANGSONG}"&9{origin}&R&"宋体"&12— &P —')
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, cell: Text, how: Format) -> None:
        """Text into a cell, as text whatever it begins with; its figures are marked."""
        self.text(sheet, row, column, cells.plain(cell), how)
        self.mark(sheet, row, column, cell)

    def text(self, sheet: Worksheet, row: int, column: int, said: str, how: Format) -> None:
        """A string into a cell; cut with a mark where no cell could hold it."""
        clean = shown(said, keep_newlines=True)
        if len(clean) > MOST_CHARS:
            clean = clean[: MOST_CHARS - 8] + _("……（过长）")
        sheet.write_string(row, column, clean, how)

    def mark(self, sheet: Worksheet, row: int, column: int, cell: Text) -> None:
        """Name the cell for each figure in it."""
        found = cells.figures(cell)
        names = [self._name(figure, sheet, row, column) for figure in found]
        if isinstance(cell, tuple) and names and cell != (found[0],):
            self._within.append({"names": names, "between": _between(cell)})

    def _name(self, figure: Figure, sheet: Worksheet, row: int, column: int) -> str:
        self._uses[figure.code] += 1
        use = self._uses[figure.code]
        name = f"{NAME}{figure.code}" + (f"_{use}" if use > 1 else "")
        quoted = sheet.get_name().replace("'", "''")
        place = f"'{quoted}'!{self._absolute(row, column)}"
        self.book.define_name(name, f"={place}")
        if not self.codes:
            # The library has no word for it: name, sheet, range, hidden.
            self.book.defined_names[-1][3] = True
        self._index.append((figure, place))
        return name

    def _absolute(self, row: int, column: int) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))

    def _free(self, name: str) -> str:
        """The name as a sheet may have it, unlike those of the others."""
        clean = shown(name).translate(_FORBIDDEN).strip(" '") or _("表")
        wanted, number = _cut(clean, _SHEET_CHARS).strip(" '"), 1
        while wanted.lower() in self._taken:
            number += 1
            tail = f"-{number}"
            wanted = _cut(clean, _SHEET_CHARS - len(tail)) + tail
        self._taken.add(wanted.lower())
        return wanted

    def finished(self, manifest: bytes) -> bytes:
        """The bytes, with the sheet of codes where it is wanted and the one that nobody sees."""
        if not self.book.worksheets_objs:
            self.sheet(self.paper.title)
        if self.codes:
            self._codes()
        sheet = self.book.add_worksheet(HIDDEN_SHEET)
        sheet.very_hidden()
        for row, (key, value) in enumerate(self._told(manifest)):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, value)
        self.book.close()
        return self._raw.getvalue()

    def _told(self, manifest: bytes) -> Iterator[tuple[str, str]]:
        recipe = self.paper.recipe
        said = {"kind": recipe.kind, "options": dict(recipe.options)}
        yield "recipe", json.dumps(said, ensure_ascii=False, sort_keys=True)
        yield from (("manifest", part) for part in _chunks(b64encode(manifest).decode()))
        for one in self._within:
            text = b64encode(json.dumps(one).encode()).decode()
            yield from (("text" if n == 0 else "more", p) for n, p in enumerate(_chunks(text)))

    def _codes(self) -> None:
        sheet = self.sheet(_("数字编码"))
        head = self.format(font_name=HEI, align="center", border=1)
        body = self.format(border=1, text_wrap=True)
        for column, (word, width) in enumerate(
            ((_("编码"), 12), (_("说的是什么"), 44), (_("数值"), 14), (_("所在"), 24))
        ):
            sheet.set_column(column, column, width)
            self.text(sheet, 0, column, word, head)
        for row, (figure, place) in enumerate(self._index, 1):
            self.text(sheet, row, 0, figure.code, body)
            # A label may name what a paper for people outside does not.
            self.text(sheet, row, 1, "" if self.paper.public else figure.label, body)
            self.text(sheet, row, 2, figure.said, body)
            sheet.write_url(row, 3, f"internal:{place}", body, shown(place.replace("$", "")))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)


_NOTICE, _WARNING = paper_words.notice, paper_words.warning


def _furniture(words: str) -> str:
    """Words in a page's head: an ampersand begins a command there."""
    return words.replace("&", "&&")[:120]


def _cut(text: str, most: int) -> str:
    """As much of a text as so many UTF-16 units hold."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")


def _between(cell: Sequence[str | Figure]) -> list[str]:
    """The words before, between and after the figures of a cell, as they stand in the file."""
    words = [""]
    for part in cell:
        if isinstance(part, Figure):
            words.append("")
        else:
            words[-1] += shown(part, keep_newlines=True)
    return words


def _chunks(text: str) -> Iterator[str]:
    for start in range(0, len(text), _CHUNK):
        yield text[start : start + _CHUNK]
