"""A document as one web page: nothing fetched, no script; prints as an official paper on A4.

Each figure is ``<data id="fk-CODE" class="fk" value="EXACT">said</data>`` (``fk-CODE-2`` where it
is said again); manifest and recipe stand in ``template`` elements, which no browser shows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from html import escape, unescape
from itertools import groupby
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.report import cells, paper_charts, paper_words, web
from fieldkit.report.paper import (
    Blank,
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Form,
    FormRow,
    Paper,
    Para,
    Row,
    Section,
    Table,
    Text,
)
from fieldkit.report.paper_html_style import STYLE
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

MAX_BYTES = 64 * 2**20
_TAGS = {"title": "h1", "h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5"}
_DATA = re.compile(r"<data\s([^<>]{1,4000})>([^<]{0,40000})</data\s*>", re.IGNORECASE)
_ID = re.compile(r'(?:^|\s)id\s*=\s*["\']?fk-([a-z2-7]{8})(?:-([0-9]{1,6}))?(?=["\'\s]|$)')


def render(paper: Paper, *, codes: bool = False) -> bytes:
    """The whole page; with ``codes`` each figure's code stands small behind it."""
    from fieldkit.report import manifest

    page = _Page(codes=codes)
    sections = "\n".join(page.section(one) for one in paper.sections)
    recipe = {"kind": paper.recipe.kind, "options": dict(paper.recipe.options)}
    told = json.dumps(recipe, ensure_ascii=False, sort_keys=True)
    parts = (
        _watermark(paper),
        f'<header class="edge"><span>{web.text(paper_words.notice(paper))}</span>'
        f"<b>{web.text(paper_words.warning(paper))}</b></header>",
        f"<main>\n{sections}\n</main>",
        f'<footer><p class="origin">{web.text(paper_words.origin(paper))}</p></footer>',
        _kept("recipe", told),
        _kept("manifest", manifest.of(paper).decode()),
    )
    return web.page(paper.title, STYLE, "\n".join(part for part in parts if part))


def read(source: Path | bytes) -> tuple[bytes | None, str | None, dict[str, list[str]]]:
    """Manifest, recipe and what now stands where each figure stood, by code.

    Raises Problem ``paper-large`` or ``paper-broken``.
    """
    try:
        raw = source if isinstance(source, bytes) else _bytes(source)
        if len(raw) > MAX_BYTES:
            raise Problem(
                "paper-large",
                _("文件超过 {n} MB").format(n=MAX_BYTES // 2**20),
                mend=_("请核对是不是 fieldkit 出的文件。"),
            )
        page = _uncommented(raw.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            "paper-broken",
            _("这个 .html 文件读不出来"),
            mend=_("请用原来的文件，不要用别的程序另存。"),
        ) from error
    texts: dict[str, list[tuple[int, str]]] = {}
    for found in _DATA.finditer(page):
        named = _ID.search(found.group(1))
        if named is not None:
            code, use = named.groups()
            texts.setdefault(code, []).append((int(use or 1), unescape(found.group(2))))
    kept = _template(page, "manifest")
    said = {code: [text for _use, text in sorted(many)] for code, many in texts.items()}
    return None if kept is None else kept.encode(), _template(page, "recipe"), said


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _uncommented(page: str) -> str:
    """The page without its comments: what stands in one is not said."""
    kept, start = [], 0
    while (begins := page.find("<!--", start)) >= 0:
        kept.append(page[start:begins])
        ends = page.find("-->", begins + 4)
        start = len(page) if ends < 0 else ends + 3
    return "".join([*kept, page[start:]])


def _template(page: str, name: str) -> str | None:
    begins = page.find(f'<template id="fieldkit-{name}">')
    ends = page.find("</template", begins)
    if begins < 0 or ends < 0:
        return None
    return unescape(page[page.index(">", begins) + 1 : ends])


def _kept(name: str, told: str) -> str:
    return f'<template id="fieldkit-{name}">{escape(told)}</template>'


def _watermark(paper: Paper) -> str:
    word = paper_words.watermark(paper)
    return f'<div class="mark" aria-hidden="true">{web.text(word)}</div>' if word else ""


def _lines(said: str) -> str:
    """Text with its line breaks."""
    return "<br>".join(escape(line) for line in shown(said, keep_newlines=True).split("\n"))


class _Page:
    """Counts how often each figure was said."""

    def __init__(self, *, codes: bool) -> None:
        self._codes = codes
        self._uses: Counter[str] = Counter()

    def section(self, one: Section) -> str:
        """One section and what stands in it."""
        inside = "\n".join(self._block(block) for block in one.blocks)
        kind = "wide" if one.wide else "upright"
        return f'<section class="{kind}">\n{inside}\n</section>'

    def _block(self, block: Block) -> str:
        if isinstance(block, Para):
            tag = _TAGS.get(block.style, "p")
            keep = " keep" if block.keep else ""
            return f'<{tag} class="{block.style}{keep}">{self._text(block.text)}</{tag}>'
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Chart):
            return paper_charts.drawn(block)
        if isinstance(block, Form):
            return self._form(block)
        assert isinstance(block, Blank)
        high = f"min-height:{int(block.height)}mm"
        return f'<div class="blank" style="{high}">{_lines(block.label)}</div>'

    def _text(self, said: Text) -> str:
        parts = said if isinstance(said, tuple) else (said,)
        return "".join(
            self._figure(part) if isinstance(part, Figure) else _lines(part) for part in parts
        )

    def _figure(self, one: Figure) -> str:
        self._uses[one.code] += 1
        use = self._uses[one.code]
        name = f"fk-{one.code}" + (f"-{use}" if use > 1 else "")
        code = f'<sup class="fkc">{one.code}</sup>' if self._codes else ""
        exact = escape(shown(one.exact))
        return f'<data id="{name}" class="fk" value="{exact}">{web.text(one.said)}</data>{code}'

    def _table(self, one: Table) -> str:
        unit = f'<span class="unit">{web.text(one.unit)}</span>' if one.unit else ""
        caption = f"<caption>{web.text(one.title)}{unit}</caption>" if one.title or unit else ""
        shares = sum(column.width for column in one.columns) or 1
        widths = "".join(
            f'<col style="width:{column.width * 1000 // shares / 10:.1f}%">'
            for column in one.columns
        )
        rows = "\n".join(self._row(row, one) for row in one.rows)
        notes = "".join(f'<p class="note">{_lines(note)}</p>' for note in one.notes)
        return (
            f"<table>{caption}<colgroup>{widths}</colgroup>{_head(one)}<tbody>\n{rows}\n</tbody>"
            f"</table>{notes}"
        )

    def _form(self, one: Form) -> str:
        shares = sum(one.widths) or 1
        widths = "".join(
            f'<col style="width:{width * 1000 // shares / 10:.1f}%">' for width in one.widths
        )
        heads = "".join(self._form_row(row) for row in one.rows if row.header)
        rows = "\n".join(self._form_row(row) for row in one.rows if not row.header)
        head = f"<thead>{heads}</thead>" if heads else ""
        return (
            f'<table class="form"><colgroup>{widths}</colgroup>{head}'
            f"<tbody>\n{rows}\n</tbody></table>"
        )

    def _form_row(self, row: FormRow) -> str:
        cells = []
        for cell in row.cells:
            tag = "th" if cell.style == "head" else "td"
            span = f' colspan="{cell.span}"' if cell.span > 1 else ""
            kind = f' class="{cell.style}"' if cell.style in ("mid", "band") else ""
            cells.append(f"<{tag}{span}{kind}>{self._text(cell.text)}</{tag}>")
        high = f' style="height:{int(row.height)}mm"' if row.height else ""
        return f"<tr{high}>{''.join(cells)}</tr>"

    def _row(self, row: Row, one: Table) -> str:
        inside = "".join(map(self._cell, row.cells, one.columns))
        return f'<tr class="{row.tone or "row"}">{inside}</tr>'

    def _cell(self, cell: Cell, column: Column) -> str:
        empty = cell is None or cell == ""
        none = empty or cells.plain(cell or "") in (EMPTY, "/")
        inside = EMPTY if cell is None or cell == "" else self._text(cell)
        return f'<td class="{"none" if none else column.kind}">{inside}</td>'


def _head(one: Table) -> str:
    """One row of heads, or two where columns share one."""
    if not any(column.group for column in one.columns):
        heads = "".join(f"<th>{_lines(column.title)}</th>" for column in one.columns)
        return f"<thead><tr>{heads}</tr></thead>"
    upper, lower = [], []
    for group, many in groupby(one.columns, key=lambda column: column.group):
        titles = [column.title for column in many]
        if group:
            upper.append(f'<th colspan="{len(titles)}">{_lines(group)}</th>')
            lower += [f"<th>{_lines(title)}</th>" for title in titles]
        else:
            upper += [f'<th rowspan="2">{_lines(title)}</th>' for title in titles]
    return f"<thead><tr>{''.join(upper)}</tr><tr>{''.join(lower)}</tr></thead>"
