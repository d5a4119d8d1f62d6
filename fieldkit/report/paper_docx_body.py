"""The blocks of a paper as WordprocessingML: paragraphs, tables, charts, each figure bookmarked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from fieldkit.report import paper_chart_words, paper_docx_title
from fieldkit.report.ooxml import FANGSONG, HEI, KAI, Style
from fieldkit.report.paper import (
    Blank,
    Block,
    Chart,
    Column,
    Figure,
    Form,
    FormRow,
    Number,
    Para,
    Row,
    Section,
    Table,
    Text,
)
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

UPRIGHT_MM, ACROSS_MM = 156, 225
"""The width of the type area, upright and across."""
_TWIPS_PER_MM = 1440 / 25.4
_MANY_COLUMNS, _VERY_MANY = 9, 15
_BAR_PARTS = 24
_LONG_ROW = 150
_SHORT = 4


MORE_STYLES = (
    Style("Body", "Body Text", FANGSONG, 32, 579, first=200, spacing=-5),
    Style("To", "To", FANGSONG, 32, 579, "left", spacing=-5),
    Style("Level1", "Level 1", HEI, 32, 579, "left", first=200, spacing=-5, outline=1, keep=True),
    Style("Level2", "Level 2", KAI, 32, 579, "left", first=200, spacing=-5, outline=2, keep=True),
    Style("Level3", "Level 3", FANGSONG, 32, 579, first=200, spacing=-5, keep=True),
    Style("Level4", "Level 4", FANGSONG, 32, 579, first=200, spacing=-5),
    Style("Sign", "Sign", FANGSONG, 32, 579, "right", spacing=-5, keep=True),
    Style("Annex", "Annex", HEI, 32, 579, "left", spacing=-5, keep=True),
    Style("TableTitle", "Table title", HEI, 28, 480, "center", before=120, after=40, keep=True),
    Style("Unit", "Unit", FANGSONG, 21, 310, "right", keep=True),
    Style("CellRight", "Cell right", FANGSONG, 21, 310, "right"),
    Style("Small", "Cell small", FANGSONG, 18, 260, "left"),
    Style("SmallMid", "Cell small centred", FANGSONG, 18, 260, "center"),
    Style("SmallRight", "Cell small right", FANGSONG, 18, 260, "right"),
    Style("SmallHead", "Cell small head", HEI, 18, 260, "center"),
    Style("Tiny", "Cell tiny", FANGSONG, 15, 220, "left"),
    Style("TinyMid", "Cell tiny centred", FANGSONG, 15, 220, "center"),
    Style("TinyRight", "Cell tiny right", FANGSONG, 15, 220, "right"),
    Style("TinyHead", "Cell tiny head", HEI, 15, 220, "center"),
)
_PARAGRAPHS = {
    "body": "Body", "to": "To", "h1": "Level1", "h2": "Level2", "h3": "Level3", "h4": "Level4",
    "title": "DocTitle", "subtitle": "Subtitle", "annex": "Annex", "note": "Note",
    "sign": "Sign", "left": "Normal", "line": "Line", "part": "Head1",
}  # fmt: skip
_BOXES = {
    "": ("Cell", ""), "mid": ("CellMid", ""), "head": ("CellHead", "F2F2F2"),
    "band": ("CellBand", ""),
}  # fmt: skip
_SIGN_INDENT = '<w:ind w:rightChars="400" w:right="1280"/>'


class Body:
    """Writes blocks; numbers bookmarks and charts over the whole document."""

    def __init__(self, *, codes: bool = False, charts: int = 0) -> None:
        self._codes = codes
        self._uses: Counter[str] = Counter()
        self._ids = 0
        self._chart_number = charts
        self.charts: dict[int, str] = {}
        """Parts of line charts by their numbers, from the one after ``charts``."""

    def section(self, section: Section) -> str:
        """Everything in a section, without the mark of its end."""
        width = ACROSS_MM if section.wide else UPRIGHT_MM
        return "".join(self.block(block, width) for block in section.blocks)

    def block(self, block: Block, width: int) -> str:
        """One block on a page whose type area is so many mm wide."""
        if isinstance(block, Para):
            return self._para(block)
        if isinstance(block, Table):
            return self.table(block, width)
        if isinstance(block, Blank):
            return self._blank(block, width)
        if isinstance(block, Form):
            return self._form(block, width)
        return self._chart(block, width)

    def _para(self, block: Para) -> str:
        style = _PARAGRAPHS[block.style]
        text = block.text
        if block.style == "title" and isinstance(text, str):
            text = "\n".join(paper_docx_title.lines(text))
        return self.paragraph(text, style, keep=block.keep, sign=block.style == "sign")

    def paragraph(self, text: Text, style: str, *, keep: bool = False, sign: bool = False) -> str:
        """One paragraph in a named style."""
        held = "<w:keepNext/>" if keep else ""
        indent = _SIGN_INDENT if sign else ""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}{indent}</w:pPr>{self.runs(text)}</w:p>'
        )

    def runs(self, text: Text) -> str:
        """The runs of a text, its figures each in a bookmark of their code."""
        parts = text if isinstance(text, tuple) else (text,)
        return "".join(
            self._figure(part) if isinstance(part, Figure) else _run(part) for part in parts
        )

    def _figure(self, figure: Figure) -> str:
        self._uses[figure.code] += 1
        self._ids += 1
        use = self._uses[figure.code]
        name = f"fk_{figure.code}" + (f"_{use}" if use > 1 else "")
        marked = (
            f'<w:bookmarkStart w:id="{self._ids}" w:name="{name}"/>{_run(figure.said)}'
            f'<w:bookmarkEnd w:id="{self._ids}"/>'
        )
        if self._codes:
            marked += _run(figure.code, '<w:vertAlign w:val="superscript"/><w:sz w:val="14"/>')
        return marked

    def table(self, table: Table, width: int) -> str:
        """Title, unit, the table with its two rows of heads, notes."""
        size = "Tiny" if len(table.columns) > _VERY_MANY else (
            "Small" if len(table.columns) > _MANY_COLUMNS else "Cell"
        )  # fmt: skip
        parts = [self.paragraph(table.title, "TableTitle", keep=True)] if table.title else []
        if table.unit:
            parts.append(self.paragraph(table.unit, "Unit", keep=True))
        widths = _widths([column.width for column in table.columns], width)
        rows = [*_heads(table.columns, widths, size), *self._rows(table, widths, size)]
        parts.append(grid(widths, rows))
        parts += [self.paragraph(_("注：{note}").format(note=note), "Note") for note in table.notes]
        return "".join(parts)

    def _rows(self, table: Table, widths: Sequence[int], size: str) -> Iterator[str]:
        short = [_is_short(table, n) for n in range(len(table.columns))]
        for row in table.rows:
            cells = [
                self._cell(column, row, n, widths[n], size, short=short[n])
                for n, column in enumerate(table.columns)
            ]
            longest = max((len(_plain(cell)) for cell in row.cells if cell), default=0)
            whole = "<w:cantSplit/>" if longest <= _LONG_ROW else ""
            yield f"<w:tr><w:trPr>{whole}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, column: Column, row: Row, n: int, width: int, size: str, *, short: bool) -> str:
        cell = row.cells[n]
        said = EMPTY if cell is None else cell
        if row.tone:
            side = "Mid" if column.kind == "text" else "Right"
        elif column.kind == "text":
            side = "Mid" if cell is None or short else ""
        else:
            middle = column.kind == "day" or column.id == "n" or cell is None
            side = "Mid" if middle else "Right"
        fill = "F2F2F2" if row.tone else ""
        return cell_xml(self.paragraph(said, size + side), width, fill=fill)

    def _blank(self, block: Blank, width: int) -> str:
        widths = _widths([40, width - 40], width)
        cells = [
            cell_xml(self.paragraph(block.label, "CellMid"), widths[0]),
            cell_xml(self.paragraph("", "Cell"), widths[1]),
        ]
        height = round(block.height * _TWIPS_PER_MM)
        high = f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>'
        row = f"<w:tr><w:trPr>{high}</w:trPr>{''.join(cells)}</w:tr>"
        # Word would join two tables that follow each other.
        return grid(widths, [row]) + '<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr></w:p>'

    def _form(self, form: Form, width: int) -> str:
        widths = _widths(form.widths, width)
        return grid(widths, [self._form_row(row, widths) for row in form.rows])

    def _form_row(self, row: FormRow, widths: Sequence[int]) -> str:
        # A row taller than a page must be allowed to break, or programs disagree about it.
        longest = max((len(_plain(cell.text)) for cell in row.cells), default=0)
        settings = "<w:cantSplit/>" if longest <= _LONG_ROW else ""
        if row.height:
            height = round(row.height * _TWIPS_PER_MM)
            settings += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>'
        settings += "<w:tblHeader/>" if row.header else ""
        cells, at = [], 0
        for cell in row.cells:
            style, fill = _BOXES[cell.style]
            inside = self.paragraph(cell.text, style, keep=row.keep or row.header)
            wide = sum(widths[at : at + cell.span])
            cells.append(cell_xml(inside, wide, span=cell.span, fill=fill))
            at += cell.span
        return f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(cells)}</w:tr>"

    def _chart(self, chart: Chart, width: int) -> str:
        from fieldkit.report import paper_docx_chart

        title = self.paragraph(chart.title, "TableTitle", keep=True)
        if chart.kind == "lines":
            self._chart_number += 1
            self.charts[self._chart_number] = paper_docx_chart.part(chart)
            drawn = paper_docx_chart.frame(self._chart_number, chart.title, width)
            return f"{title}{drawn}"
        made = {"heat": self._heat, "ranks": self._ranks, "bars": self._bars}[chart.kind]
        after = '<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr></w:p>'
        return f"{title}{made(chart, width)}{after}"

    def _heat(self, chart: Chart, width: int) -> str:
        widths = _widths([30, *([12] * len(chart.labels))], width)
        size = "Tiny" if len(chart.labels) > _VERY_MANY else "Small"
        head = ["", *chart.labels]
        rows = [self._plain_row(head, widths, f"{size}Head", header=True)]
        for one in chart.series:
            cells = [cell_xml(self.paragraph(one.name, size), widths[0])]
            for n, value in enumerate(one.values, 1):
                said = paper_chart_words.said(chart, value)
                fill = _shade(value)
                cells.append(cell_xml(self.paragraph(said, f"{size}Mid"), widths[n], fill=fill))
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
        return grid(widths, rows)

    def _ranks(self, chart: Chart, width: int) -> str:
        before, now = chart.series[0], chart.series[1]
        widths = _widths([40, 20, 20, 20], width)
        head = ["", before.name, now.name, _("变化")]
        rows = [self._plain_row(head, widths, "CellHead", header=True)]
        pairs = zip(chart.labels, before.values, now.values, strict=True)
        for name, old, new in pairs:
            said = [paper_chart_words.said(chart, value) for value in (old, new)]
            rows.append(
                self._plain_row([name, *said, paper_chart_words.moved(old, new)], widths, "CellMid")
            )
        return grid(widths, rows)

    def _bars(self, chart: Chart, width: int) -> str:
        """A row a bar: its label, a shaded stretch, its number."""
        widths = _widths([44, *([4] * _BAR_PARTS), 24], width)
        values = [value for one in chart.series for value in one.values if value is not None]
        most = max([Fraction(value) for value in values], default=Fraction(1))
        if chart.percent:
            most = Fraction(1)
        rows = []
        for n, label in enumerate(chart.labels):
            for place, one in enumerate(chart.series):
                value = one.values[n]
                parts = int(Fraction(value or 0) * _BAR_PARTS / most) if most > 0 else 0
                parts = min(max(parts, 0), _BAR_PARTS)
                name = label if len(chart.series) == 1 else f"{label}　{one.name}"
                fill = ("595959", "A6A6A6", "D0D0D0")[place % 3]
                cells = [cell_xml(self.paragraph(name, "Small"), widths[0])]
                if parts:
                    cells.append(self._stretch(widths[1 : 1 + parts], fill))
                if parts < _BAR_PARTS:
                    cells.append(self._stretch(widths[1 + parts : -1], ""))
                said = paper_chart_words.said(chart, value)
                cells.append(cell_xml(self.paragraph(said, "SmallRight"), widths[-1]))
                rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
        return grid(widths, rows, inside=False)

    def _stretch(self, widths: Sequence[int], fill: str) -> str:
        return cell_xml(self.paragraph("", "Small"), sum(widths), span=len(widths), fill=fill)

    def _plain_row(
        self, texts: Sequence[str], widths: Sequence[int], style: str, *, header: bool = False
    ) -> str:
        cells = [
            cell_xml(self.paragraph(text, style), width)
            for text, width in zip(texts, widths, strict=True)
        ]
        head = "<w:tblHeader/>" if header else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def grid(widths: Sequence[int], rows: Iterable[str], *, inside: bool = True) -> str:
    """One table with fixed column widths in twips."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(
        f'<w:{edge} w:val="{"single" if inside or not edge.startswith("inside") else "nil"}" '
        f'w:sz="{4 if edge.startswith("inside") else 8}" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/>'
        '<w:left w:w="40" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def cell_xml(inside: str, width: int, *, span: int = 1, fill: str = "", merge: str = "") -> str:
    """One cell; ``merge`` is ``restart`` or ``continue`` of a run of cells down."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{down}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'
    )


def _heads(columns: Sequence[Column], widths: Sequence[int], size: str) -> list[str]:
    """One row of heads, or two where neighbours share one above theirs."""
    style = f"{size}Head"
    if not any(column.group for column in columns):
        cells = [
            cell_xml(_head(column.title, style), width)
            for column, width in zip(columns, widths, strict=True)
        ]
        return [_head_row(cells)]
    above, below = [], []
    n = 0
    while n < len(columns):
        group = columns[n].group
        end = n + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        if not group:
            above.append(cell_xml(_head(columns[n].title, style), widths[n], merge="restart"))
            below.append(cell_xml(_head("", style), widths[n], merge="continue"))
        else:
            above.append(cell_xml(_head(group, style), sum(widths[n:end]), span=end - n))
            below += [cell_xml(_head(columns[i].title, style), widths[i]) for i in range(n, end)]
        n = end
    return [_head_row(above), _head_row(below)]


def _head(text: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:keepNext/></w:pPr>{_run(text)}</w:p>'


def _head_row(cells: Sequence[str]) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _run(text: str, extra: str = "") -> str:
    clean = shown(text, keep_newlines=True)
    look = f"<w:rPr>{extra}</w:rPr>" if extra else ""
    lines = (
        f'<w:r>{look}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>' if line else ""
        for line in clean.split("\n")
    )
    return "<w:r><w:br/></w:r>".join(lines)


def _plain(text: Text) -> str:
    parts = text if isinstance(text, tuple) else (text,)
    return "".join(part.said if isinstance(part, Figure) else part for part in parts)


def _is_short(table: Table, n: int) -> bool:
    """Whether a column holds words of a few characters alone: those stand in the middle."""
    said = (row.cells[n] for row in table.rows if not row.tone)
    return all(len(_plain(cell)) <= _SHORT for cell in said if cell)


def _widths(shares: Sequence[int], width_mm: int) -> list[int]:
    """Columns that fill the page, in twips."""
    whole, total = round(width_mm * _TWIPS_PER_MM), sum(shares)
    found = [whole * share // total for share in shares]
    found[-1] += whole - sum(found)
    return found


def _shade(value: Number | None) -> str:
    """Darker grey for more; never so dark that black text cannot be read on it."""
    if value is None:
        return ""
    share = min(max(Fraction(value), Fraction(0)), Fraction(1))
    level = 255 - int(share * 105)
    return f"{level:02X}" * 3
